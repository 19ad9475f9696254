#!/usr/bin/env python3
"""usage: scripts/old-register.py ROWS DIVISIONS.csv > OUT.csv

An invented old register of medical institutions, to measure `yiyang ledger takeover` with: every
name, address and credit code is made up. Of a hundred rows one is bad, in five ways by turns (a
credit code that fails its check, an unknown division, no date, a name left out, doubts that are
grave); of a thousand one has the credit code of an earlier row.
"""
import csv
import sys

DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
ORGANISATION = [3, 7, 9, 10, 5, 8, 4, 2]
WIDE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def credit_code(number):
    """A code of an invented division (9001) with both check characters (GB 32100, GB 11714)."""
    body = f"MA{number:06d}"
    rest = 11 - sum(WIDE.index(c) * w for c, w in zip(body, ORGANISATION)) % 11
    check = {10: "X", 11: "0"}.get(rest, str(rest))
    code = "91900101" + body + check
    return code + DIGITS[-sum(DIGITS.index(c) * w for c, w in zip(code, WEIGHTS)) % 31]


def row(number, places):
    """The row of that number, counted from nought, as it would be were nothing wrong with it."""
    clinic = number % 3 != 0
    return {
        "takeover.source": "registration-system",
        "takeover.source-name": "机构清单（虚构）.csv",
        "takeover.source-row": number + 2,
        "takeover.doubt": "slight" if number % 7 == 0 else "none",
        "takeover.doubts": "地址缺门牌号，按档案补" if number % 7 == 0 else "",
        "old-institution.name": f"第{number + 1}{'诊所' if clinic else '医院'}（虚构）",
        "old-institution.kind": "clinic" if clinic else "general-hospital",
        "old-institution.level": "" if clinic else "second",
        "old-institution.ownership": "for-profit" if clinic else "non-profit",
        "old-institution.division": places[number % len(places)],
        "old-institution.address": f"示例路 {number + 1} 号（虚构）",
        "old-institution.scope": "03;04",
        "old-institution.beds": "" if clinic else 120,
        "old-institution.credit-code": credit_code(number),
        "old-institution.filed-on": "2018-04-01" if clinic else "",
        "old-institution.licensed-on": "" if clinic else "2005-06-01",
    }


def spoilt(number, row):
    """The row with what is wrong with it, if it is one of those."""
    ways = [
        {"old-institution.credit-code": row["old-institution.credit-code"][:-1] + "I"},
        {"old-institution.division": "999999001"},
        {"old-institution.filed-on": "", "old-institution.licensed-on": ""},
        {"old-institution.name": ""},
        {"takeover.doubt": "grave", "takeover.doubts": "许可证号与另一机构相同"},
    ]
    if number % 100 == 50:
        return row | ways[number // 100 % len(ways)]
    if number % 1000 == 999:
        return row | {"old-institution.credit-code": credit_code(number - 500)}
    return row


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[0])
    with open(sys.argv[2], encoding="utf-8") as divisions:
        places = [line[0] for line in csv.reader(divisions) if len(line[0]) == 9]
    writer = None
    for number in range(int(sys.argv[1])):
        line = spoilt(number, row(number, places))
        if writer is None:
            writer = csv.DictWriter(sys.stdout, line, lineterminator="\n")
            writer.writeheader()
        writer.writerow(line)


main()
