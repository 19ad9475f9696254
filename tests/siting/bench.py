"""Holds `yiyang siting` against what is published and against published software, in one run.

usage: python bench.py YIYANG FOLDER [PART…]

FOLDER has the instances of the literature with `best_known.csv`; where it is absent, only stand-ins
are measured, which are made from a seed and marked so. Seconds are those of the processor, of the
command and all it starts, Python's own start of theirs included. Each line with a bar ends in
`holds` or `FALLS SHORT`. Parts: median heuristic large center cover capacity access.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROVED = 1e-9


def run(words):
    """What a command printed last, with its seconds of processor and its most memory in MB."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen([str(word) for word in words], stdout=said)
        _, status, used = os.wait4(child.pid, 0)
        said.seek(0)
        text = said.read().decode()
    seconds, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    # Some software greets before it answers.
    answer = None if status else json.loads(text[text.index("{") :])
    return Run(answer, seconds, memory)


class Run:
    def __init__(self, answer, seconds, memory):
        self.answer, self.seconds, self.memory = answer, seconds, memory

    @property
    def gap(self):
        return self.answer["gap"] if self.answer else 1.0

    @property
    def value(self):
        return self.answer["value"] if self.answer else None

    def near(self, known, part):
        """Whether the value is at most that part worse than the known one, of a least cost."""
        return self.value is not None and self.value <= float(known) * (1 + part) + 1e-6


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder, self.short = program, folder, []
        known = folder / "best_known.csv"
        rows = list(csv.DictReader(known.open())) if known.exists() else []
        self.known = {(row["file"], row["problem"], row["p"]): row["value"] for row in rows}

    def solve(self, problem, form, file, *more):
        words = [self.program, "siting", "solve", "--problem", problem, "--format", form]
        return run([*words, *more, file])

    def theirs(self, *words):
        return run([sys.executable, HERE / "theirs.py", *words])

    def tell(self, what, own, bar=None, holds=None, theirs=None, known=None):
        """A line of what was measured, against a bar where there is one."""
        value = "failed" if own.value is None else f"{own.value:,}"
        gap = "proved" if own.gap <= PROVED else f"gap {100 * own.gap:.3f} %"
        line = f"{what:36} {value:>16} {gap:12} {own.seconds:8.2f} s {own.memory:6.0f} MB"
        if known is not None:
            line += f"  known {known}"
        if theirs is not None:
            line += f"  theirs {theirs.value:,} {theirs.seconds:.2f} s {theirs.memory:.0f} MB:"
            line += f" 1/{theirs.seconds / max(own.seconds, 0.001):.1f}"
        self.line(line, bar, holds)

    def line(self, line, bar, holds):
        if bar is not None:
            line += f"  [{bar}: {'holds' if holds else 'FALLS SHORT'}]"
            if not holds:
                self.short.append(line)
        print(line, flush=True)

    def pmed(self):
        found = (self.folder / "orlib-pmed").glob("pmed*.txt")
        return sorted(found, key=lambda own: int(own.stem.removeprefix("pmed")))

    def of_pmed(self, file, problem):
        rows = [own for key, own in self.known.items() if key[:2] == (file.name, problem)]
        return rows[0]

    def all_proved(self, problem, seconds):
        runs = []
        for file in self.pmed():
            own, known = self.solve(problem, "orlib", file), self.of_pmed(file, problem)
            self.tell(f"{problem} {file.name}", own, known=known)
            runs.append(own.gap <= PROVED and own.value == float(known))
            seconds -= own.seconds
        self.line(f"all {len(runs)}", f"proved, {seconds:.1f} s left", all(runs) and seconds >= 0)

    def median(self):
        # Twenty and one of the forty are here: half of the seconds, then.
        self.all_proved("p-median", 30)
        last = self.folder / "orlib-pmed" / "pmed40.txt"
        if last.exists():
            own, other = self.solve("p-median", "orlib", last), self.theirs("p-median", last, 90)
            holds = own.seconds * 50 <= other.seconds and own.memory * 15 <= other.memory
            self.tell("pmed40 beside spopt", own, "1/50, memory 1/15", holds, other)
        file, seconds, proved = self.folder / "tsplib" / "rl1304.tsp", 0, []
        for p in self.tsplib(file):
            own = self.solve("p-median", "tsplib", file, "-p", p, "--time-limit", 600)
            self.tell(f"rl1304 p={p}", own, known=self.known[file.name, "p-median", p])
            seconds += own.seconds
            proved.append(own.gap <= PROVED)
        self.line(f"rl1304, all {len(proved)}: {seconds:.1f} s", "proved in 78 s", all(proved) and seconds <= 78)

    def tsplib(self, file):
        """The numbers of sites for which something is known."""
        ps = [p for name, problem, p in self.known if name == file.name and problem == "p-median"]
        return sorted(ps, key=int) if file.exists() else []

    def heuristic(self):
        for file in self.pmed():
            own = self.solve("p-median", "orlib", file, "--heuristic")
            known = self.of_pmed(file, "p-median")
            holds = own.seconds <= 1 and own.value == float(known)
            self.tell(f"heuristic {file.name}", own, "optimal in 1 s", holds, known=known)
        for file in sorted((self.folder / "tsplib").glob("*.tsp")):
            for p in self.tsplib(file):
                more = ["-p", p, "--heuristic", "--time-limit", 60]
                own, known = self.solve("p-median", "tsplib", file, *more), self.known[file.name, "p-median", p]
                off = 100 * (own.value / float(known) - 1)
                bar, holds = "0.1 % in 60 s", off <= 0.1 and own.seconds <= 60
                self.tell(f"heuristic {file.stem} p={p} {off:+.3f} %", own, bar, holds, known=known)

    def large(self):
        file = self.folder / "tsplib" / "pcb3038.tsp"
        if file.exists():
            own = self.solve("p-median", "tsplib", file, "-p", 100, "--time-limit", 98)
            holds = own.gap <= 0.0005 and own.seconds <= 100
            self.tell("pcb3038 p=100", own, "0.05 % in 100 s", holds, known=351500)
        with Towns(5) as towns:
            file = towns.places(13509, weighted=False)
            more = ["-p", 300, "--heuristic", "--time-limit"]
            long = self.solve("p-median", "csv", file, *more, 1500)
            own = self.solve("p-median", "csv", file, *more, 295)
            self.tell("stand-in of 13,509 p=300, long", long)
            bar = "0.2 % of the long run in 300 s"
            holds = own.near(long.value, 0.002) and own.seconds <= 300
            self.tell("stand-in of 13,509 p=300", own, bar, holds)

    def center(self):
        self.all_proved("p-center", 15)

    def cover(self):
        folder = self.folder / "mclp-seeded"
        people, sites = folder / "demand.csv", folder / "candidates.csv"
        for radius, p, by, part in [(2000, 20, "spopt", 15), (1000, 60, "highs", 4)]:
            if people.exists():
                other = self.theirs("mclp", people, sites, radius, p, by)
                more = ["--candidates", sites, "--radius", radius, "-p", p]
                own = self.solve("mclp", "csv", people, *more)
                holds = own.gap <= PROVED and own.seconds * part <= other.seconds
                self.tell(f"3,000 x 1,000 within {radius} p={p} ({by})", own, f"1/{part}", holds, other)
        for seed in [2, 3]:
            with Towns(seed) as towns:
                self.city(towns.places(7535), towns.places(3000, weighted=False), seed)

    def city(self, people, sites, seed):
        what = f"stand-in city {seed} within 1000 p=300"
        more = ["--candidates", sites, "--radius", 1000, "-p", 300]
        own = self.solve("mclp", "csv", people, *more)
        other = self.theirs("mclp", people, sites, 1000, 300, "highs")
        holds = own.gap <= PROVED and own.seconds * 3 <= other.seconds
        self.tell(what, own, "proved in 1/3 of HiGHS", holds, other)
        other = self.theirs("mclp", people, sites, 1000, 300, "spopt")
        holds = own.gap <= 0.001 and own.seconds * 10 <= other.seconds
        self.tell(what, own, "0.1 % in 1/10 of spopt", holds, other)

    def capacity(self):
        for file in sorted((self.folder / "orlib-cap").glob("cap[0-9]*.txt")):
            own, known = self.solve("cflp", "orlib", file), self.known[file.name, "CFLP", ""]
            holds = own.gap <= PROVED and own.near(known, 1e-6) and own.seconds <= 1
            self.tell(file.name, own, "proved in 1 s", holds, known=known)
        for room in [5000, 6000, 7000, 8000]:
            file = self.folder / "orlib-cap" / "capb.txt"
            if file.exists():
                other = self.theirs("cflp", file, str(room))
                own = self.solve("cflp", "orlib", file, "--capacity", room)
                holds = own.gap <= 0.0001 and own.seconds * 5 <= other.seconds
                known = self.known[file.name, f"CFLP capacity={room}", ""]
                self.tell(f"capb of {room}", own, "0.01 % in 1/5 of HiGHS", holds, other, known)
        for file in sorted((self.folder / "cpmp").glob("*")):
            p = [key for key in self.known if key[0] == file.name][0]
            written, known = "orlib", self.known[p]
            own = self.solve("cpmp", written, file, "--time-limit", 120)
            bar, holds = None, None
            if file.name.startswith("pmedcap"):
                bar, holds = "proved in 5 s", own.gap <= PROVED and own.near(known, 0) and own.seconds <= 5
            self.tell(file.name, own, bar, holds, known=known)

    def access(self):
        with city() as (supply, demand, cost):
            words = [self.program, "siting", "access", "--supply", supply, "--demand", demand]
            own, other = run([*words, "--cost", cost]), self.theirs("access", supply, demand, cost)
            found = own.answer["measures"]
            worst = max(apart(found[name], other.answer[name]) for name in other.answer)
            line = f"stand-in 7,535 x 1,500, {own.answer['ways']:,} ways: {own.seconds:.2f} s {own.memory:.0f} MB, "
            line += f"PySAL access {other.seconds:.1f} s {other.memory:.0f} MB: 1/{other.seconds / own.seconds:.0f}, "
            line += f"apart by {worst:.1e} at most"
            self.line(line, "1/20, equal to 1e-9", worst <= 1e-9 and own.seconds * 20 <= other.seconds)


def apart(ours, theirs):
    """The largest difference of two lists, as a part of the larger."""
    pairs = [(one or 0.0, other or 0.0) for one, other in zip(ours, theirs, strict=True)]
    return max(abs(one - other) / max(abs(one), abs(other), 1e-300) for one, other in pairs)


class Towns:
    """A city made from a seed: people and sites lie around the same forty towns, some dense and some
    spread out, and the weights of people are log-normal, as in the seeded files of the folder."""

    def __init__(self, seed):
        self.chance, self.folder = random.Random(seed), tempfile.TemporaryDirectory()
        even = self.chance.uniform
        self.towns = [(even(0, 60000), even(0, 60000), even(600, 4000)) for _ in range(40)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def places(self, many, weighted=True):
        """So many places as a table in a file."""
        path = Path(self.folder.name) / f"{many}.csv"
        with path.open("w") as file:
            file.write("id,x_m,y_m,weight\n")
            for place in range(many):
                x, y, wide = self.chance.choice(self.towns)
                x, y = self.chance.gauss(x, wide), self.chance.gauss(y, wide)
                weight = int(self.chance.lognormvariate(6.02, 0.6)) if weighted else 1
                file.write(f"{place},{x:.3f},{y:.3f},{weight}\n")
        return path


class city:
    """Supply, people and 4.65 million ways, made from a seed, as three tables."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        chance, folder = random.Random(4), Path(self.folder.name)
        names = [folder / f"{own}.csv" for own in ("supply", "demand", "cost")]
        with names[0].open("w") as file:
            file.write("id,beds\n")
            file.writelines(f"{1000000 + own},{chance.randint(10, 300)}\n" for own in range(1500))
        with names[1].open("w") as file:
            file.write("id,pop\n")
            file.writelines(f"{own},{chance.randint(100, 5000)}\n" for own in range(7535))
        with names[2].open("w") as file:
            file.write("origin,dest,cost\n")
            for place in range(7535):
                near = chance.sample(range(1500), 617)
                ways = (f"{place},{1000000 + own},{chance.uniform(1, 60):.2f}\n" for own in near)
                file.writelines(ways)
        return names

    def __exit__(self, *_):
        self.folder.cleanup()


if __name__ == "__main__":
    program, folder, *parts = sys.argv[1:]
    bench = Bench(Path(program), Path(folder))
    for part in parts or ["median", "heuristic", "large", "center", "cover", "capacity", "access"]:
        print(f"\n== {part}")
        getattr(bench, part)()
    print(f"\nbars that fall short: {len(bench.short)}", *bench.short, sep="\n")
