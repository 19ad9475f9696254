"""Draws again from published lists and a published draw, and says whether it comes to the same.

usage: python3 draw_again.py LISTS DRAW

It needs Python 3.6 or later and nothing else. Both files are texts in UTF-8: one thing a line, its
words set apart by tabs. It prints the digest of the lists, to be compared with the one that was made
public before the seeds were, and ends with 0 where the draw is right; otherwise it says what is
wrong and ends with 1. 用已公布的名单和抽取结果重新抽取，核对是否一致；打印的摘要须与种子公开之前公布的相同。
"""

import hashlib
import hmac
import re
import sys

# The kinds of lines of the lists in their order, with the words of each and how many of them, from
# the first, are its key.
KINDS = [
    ("name", 1, 0),
    ("frozen", 1, 0),
    ("from", 1, 0),
    ("share", 2, 1),
    ("crew", 2, 1),
    ("pledge", 2, 1),
    ("object", 2, 1),
    ("officer", 2, 1),
    ("conflict", 3, 2),
]
BYTES = re.compile("[0-9a-f]{64}")


def sha256(text):
    return hashlib.sha256(text.encode("utf-8"))


def refuse_unless(holds, why):
    if not holds:
        sys.exit(why)


def read_lists(text):
    """The lines of each kind; only a text in its one order is taken, in which nothing comes twice."""
    refuse_unless(text.startswith("draw lists 1\n") and text.endswith("\n"), "these are not frozen lists")
    rows = [row.split("\t") for row in text.split("\n")[1:-1]]
    lists, again = {}, ["draw lists 1"]
    for kind, words, key in KINDS:
        own = [row[1:] for row in rows if row[0] == kind]
        refuse_unless(all(len(row) == words for row in own), "a line of the kind `%s` is not whole" % kind)
        keys = [row[:key] for row in own]
        refuse_unless(key or len(own) == 1, "`%s` does not stand there once" % kind)
        refuse_unless(all(a < b for a, b in zip(keys, keys[1:])) or not key, "`%s` out of order" % kind)
        again += ["\t".join([kind] + row) for row in own]
        lists[kind] = own
    refuse_unless("\n".join(again) + "\n" == text, "the lists are not written in their one order")
    return lists


def check_lists(lists):
    """What keeps lists from being frozen."""
    pledges, crews = dict(lists["pledge"]), dict(lists["crew"])
    refuse_unless(len(set(pledges.values())) >= 2, "fewer than two pledges")
    refuse_unless(len(set(pledges.values())) == len(pledges), "two pledges are the same")
    refuse_unless(all(BYTES.fullmatch(own) for own in pledges.values()), "a pledge is none")
    refuse_unless(set(crews) <= set(pledges), "a department sends officers and has pledged nothing")
    refuse_unless(all(re.fullmatch("[1-9][0-9]*", own) for own in crews.values()), "a crew is none")
    shares = dict(lists["share"])
    written = re.compile(r"(100\.00|[1-9]?[0-9]\.[0-9]{2})")
    refuse_unless(all(written.fullmatch(own) for own in shares.values()), "a share is none")
    refuse_unless(all(kind in shares for _, kind in lists["object"]), "a class has no share")
    officers, objects = dict(lists["officer"]), dict(lists["object"])
    refuse_unless(all(own in crews for own in officers.values()), "an officer is of no department")
    known = all(row[0] in officers and row[1] in objects for row in lists["conflict"])
    refuse_unless(known, "a conflict names somebody who is not listed")


def able(lists, object_, office):
    """The officers of a department who may inspect an object."""
    against = {row[0] for row in lists["conflict"] if row[1] == object_}
    return [own for own, of in lists["officer"] if of == office and own not in against]


def drawn_again(lists_text, seeds):
    lists = read_lists(lists_text)
    check_lists(lists)
    name, pledges = lists["name"][0][0], dict(lists["pledge"])
    refuse_unless(sorted(pledges) == sorted(seeds), "the seeds told are not those of all who pledged")
    for by, seed in seeds.items():
        pledge = sha256("draw pledge 1\t%s\t%s\t%s" % (name, by, seed)).hexdigest()
        refuse_unless(BYTES.fullmatch(seed) and pledge == pledges[by], "the seed of %s is not what it pledged" % by)

    digest = sha256(lists_text).hexdigest()
    told = "".join("\t%s\t%s" % (by, seeds[by]) for by in sorted(seeds))
    key = sha256("draw seed 1\t" + digest + told).digest()

    def ticket(*words):
        return hmac.new(key, "\t".join(words).encode("utf-8"), hashlib.sha256).hexdigest()

    chosen = []
    for kind, share in lists["share"]:
        own = [object_ for object_, of in lists["object"] if of == kind]
        count = -(-len(own) * int(share.replace(".", "")) // 10000)
        tickets = sorted((ticket("object", object_), object_) for object_ in own)
        chosen += [(number, object_, kind) for number, object_ in tickets[:count]]

    sent = {}
    out = ["draw 1", "name\t" + name, "lists\t" + digest]
    out += ["seed\t%s\t%s" % (by, seeds[by]) for by in sorted(seeds)]
    for _, object_, kind in sorted(chosen):
        out.append("drawn\t%s\t%s" % (object_, kind))
        for office, wanted in lists["crew"]:
            free = [(sent.get(own, 0), ticket("officer", object_, own), own) for own in able(lists, object_, office)]
            refuse_unless(len(free) >= int(wanted), "for `%s` there are too few officers" % object_)
            for _, _, officer in sorted(free)[: int(wanted)]:
                sent[officer] = sent.get(officer, 0) + 1
                out.append("sent\t%s\t%s\t%s" % (object_, office, officer))
    return digest, "".join(line + "\n" for line in out)


def main(lists_file, draw_file):
    with open(lists_file, encoding="utf-8", newline="") as file:
        lists_text = file.read()
    with open(draw_file, encoding="utf-8", newline="") as file:
        draw_text = file.read()
    refuse_unless(draw_text.startswith("draw 1\n"), "this is not a published draw")
    told = [row.split("\t") for row in draw_text.split("\n") if row.startswith("seed\t")]
    refuse_unless(all(len(row) == 3 for row in told), "a seed is not told as seeds are")
    digest, again = drawn_again(lists_text, {row[1]: row[2] for row in told})
    refuse_unless(again == draw_text, "drawn again, it is another draw")
    print("drawn again, it is the same draw; the digest of its lists: %s" % digest)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
