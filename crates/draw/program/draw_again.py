"""Draws again from published lists and a published draw, and says whether it comes to the same.

usage: python3 draw_again.py LISTS DRAW

It needs Python 3.6 or later and nothing else. Both files are texts in UTF-8: one thing a line, its
words set apart by tabs. It ends with 0 where the draw is right, otherwise it says what is wrong
and ends with 1. 用已公布的名单和抽取结果重新抽取，核对是否一致。
"""

import hashlib
import hmac
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8"))


def lines(text, head):
    rows = text.split("\n")
    if rows[0] != head or rows[-1] != "":
        sys.exit("not a text that begins with `%s`" % head)
    return [row.split("\t") for row in rows[1:-1]]


def of_kind(rows, kind):
    return [row[1:] for row in rows if row[0] == kind]


def drawn_again(lists_text, seeds):
    rows = lines(lists_text, "draw lists 1")
    name = of_kind(rows, "name")[0][0]
    pledges = dict(of_kind(rows, "pledge"))
    if sorted(pledges) != sorted(seeds):
        sys.exit("the seeds told are not those of all who pledged")
    for by, seed in seeds.items():
        if sha256("draw pledge 1\t%s\t%s\t%s" % (name, by, seed)).hexdigest() != pledges[by]:
            sys.exit("the seed of %s is not what it pledged" % by)

    digest = sha256(lists_text).hexdigest()
    told = "".join("\t%s\t%s" % (by, seeds[by]) for by in sorted(seeds))
    key = sha256("draw seed 1\t" + digest + told).digest()

    def ticket(*words):
        return hmac.new(key, "\t".join(words).encode("utf-8"), hashlib.sha256).hexdigest()

    objects = of_kind(rows, "object")
    chosen = []
    for kind, share in of_kind(rows, "share"):
        tickets = sorted((ticket("object", key_), key_) for key_, own in objects if own == kind)
        parts = int(share.replace(".", ""))
        count = -(-len(tickets) * parts // 10000)
        chosen += [(number, object_, kind) for number, object_ in tickets[:count]]

    conflicts = {(row[0], row[1]) for row in of_kind(rows, "conflict")}
    officers, sent = of_kind(rows, "officer"), {}
    out = ["draw 1", "name\t" + name, "lists\t" + digest]
    out += ["seed\t%s\t%s" % (by, seeds[by]) for by in sorted(seeds)]
    for _, object_, kind in sorted(chosen):
        out.append("drawn\t%s\t%s" % (object_, kind))
        for office, wanted in of_kind(rows, "crew"):
            able = [
                (sent.get(officer, 0), ticket("officer", object_, officer), officer)
                for officer, own in officers
                if own == office and (officer, object_) not in conflicts
            ]
            for _, _, officer in sorted(able)[: int(wanted)]:
                sent[officer] = sent.get(officer, 0) + 1
                out.append("sent\t%s\t%s\t%s" % (object_, office, officer))
    return "".join(line + "\n" for line in out)


def main(lists_file, draw_file):
    with open(lists_file, encoding="utf-8", newline="") as file:
        lists_text = file.read()
    with open(draw_file, encoding="utf-8", newline="") as file:
        draw_text = file.read()
    seeds = dict(of_kind(lines(draw_text, "draw 1"), "seed"))
    if drawn_again(lists_text, seeds) != draw_text:
        sys.exit("drawn again, it is another draw")
    print("drawn again, it is the same draw")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
