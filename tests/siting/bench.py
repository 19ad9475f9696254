"""Holds `yiyang siting` against what is published and against published software, in one run.

usage: python bench.py YIYANG FOLDER [PART…]

FOLDER has the instances of the literature with `best_known.csv`; where it is absent, only stand-ins
are measured, which are made from a seed and marked so. Seconds are those of the processor, of the
command and all it starts. Parts: median center cover capacity access.
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


def run(words):
    """What a command printed, with its seconds of processor and its most memory in MB."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen([str(word) for word in words], stdout=said)
        _, status, used = os.wait4(child.pid, 0)
        said.seek(0)
        text = said.read().decode()
    if status:
        return None, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    return json.loads(text), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        known = folder / "best_known.csv"
        rows = csv.DictReader(known.open()) if known.exists() else []
        self.known = {(row["file"], row["problem"], row["p"]): row["value"] for row in rows}

    def solve(self, problem, form, file, *more):
        words = [self.program, "siting", "solve", "--problem", problem, "--format", form]
        return run([*words, *more, file])

    def tell(self, what, found, bar, theirs=None):
        answer, seconds, memory = found
        if answer is None:
            print(f"{what:44} failed after {seconds:.2f} s")
            return seconds
        known = self.known.get((what.split()[0], answer["problem"], what.split("p=")[-1]))
        line = f"{what:44} {answer['value']:>14} gap {100 * answer['gap']:.4f} % "
        line += f"{seconds:8.2f} s {memory:7.0f} MB  bar: {bar}"
        if known is not None:
            line += f"  known {known}"
        if theirs is not None:
            _, other, their_memory = theirs
            line += f"  theirs {other:.1f} s {their_memory:.0f} MB: 1/{other / max(seconds, 0.01):.0f}"
        print(line, flush=True)
        return seconds

    def theirs(self, *words):
        return run([sys.executable, HERE / "theirs.py", *words])

    def median(self):
        pmed = sorted((self.folder / "orlib-pmed").glob("pmed*.txt"), key=lambda own: len(own.name))
        proved = sum(
            self.tell(f"{file.name}", self.solve("p-median", "orlib", file), "sum 60 s for forty")
            for file in pmed
        )
        print(f"{'all pmed files here':44} {proved:.1f} s for {len(pmed)}")
        for file in pmed:
            self.tell(file.name, self.solve("p-median", "orlib", file, "--heuristic"), "1 s, optimal")
        last = self.folder / "orlib-pmed" / "pmed40.txt"
        if last.exists():
            other = self.theirs("p-median", last, 90)
            self.tell("pmed40.txt", self.solve("p-median", "orlib", last), "1/50, memory 1/15", other)
        for name, p, limit in [("rl1304", 0, 600), ("pcb3038", 100, 100)]:
            file = self.folder / "tsplib" / f"{name}.tsp"
            wanted = [p] if p else [5, 10, 20, 50, 100, 200, 300, 400, 500]
            for p in wanted if file.exists() else []:
                more = ["-p", p, "--time-limit", limit]
                bar = "sum 78 s, proved" if name == "rl1304" else "0.05 % in 100 s"
                self.tell(f"{file.name} p={p}", self.solve("p-median", "tsplib", file, *more), bar)
        with standing_in(13509, 1) as file:
            more = ["-p", 300, "--time-limit", 300, "--heuristic"]
            self.tell("stand-in of 13,509 p=300", self.solve("p-median", "csv", file, *more), "0.2 %")

    def center(self):
        files = sorted((self.folder / "orlib-pmed").glob("pmed*.txt"))
        seconds = [self.tell(f.name, self.solve("p-center", "orlib", f), "sum 30 s") for f in files]
        print(f"{'all p-centers here':44} {sum(seconds):.1f} s for {len(files)}")

    def cover(self):
        folder = self.folder / "mclp-seeded"
        people, sites = folder / "demand.csv", folder / "candidates.csv"
        for radius, p, by, bar in [(2000, 20, "spopt", "1/15"), (2000, 60, "highs", "1/4")]:
            if people.exists():
                other = self.theirs("mclp", people, sites, radius, p, by)
                more = ["--candidates", sites, "--radius", radius, "-p", p]
                self.tell(f"3,000 x 1,000 p={p}", self.solve("mclp", "csv", people, *more), bar, other)
        with standing_in(7535, 2) as people, standing_in(3000, 3) as sites:
            other = self.theirs("mclp", people, sites, 1000, 300, "highs")
            more = ["--candidates", sites, "--radius", 1000, "-p", 300]
            found = self.solve("mclp", "csv", people, *more)
            self.tell("stand-in city 7,535 x 3,000 p=300", found, "proved in 1/3 of HiGHS", other)

    def capacity(self):
        for file in sorted((self.folder / "orlib-cap").glob("cap[0-9]*.txt")):
            self.tell(file.name, self.solve("cflp", "orlib", file), "1 s, proved")
        for room in [5000, 6000, 7000, 8000]:
            file = self.folder / "orlib-cap" / "capb.txt"
            if file.exists():
                other = self.theirs("cflp", file, str(room))
                found = self.solve("cflp", "orlib", file, "--capacity", room)
                self.tell(f"capb.txt of {room}", found, "0.01 % in 1/5 of HiGHS", other)
        for file in sorted((self.folder / "cpmp").glob("pmedcap*.txt")):
            self.tell(file.name, self.solve("cpmp", "orlib", file), "5 s, proved")

    def access(self):
        with city() as (supply, demand, cost):
            ours = [self.program, "siting", "access", "--supply", supply, "--demand", demand]
            found, seconds, memory = run([*ours, "--cost", cost])
            theirs, other, their_memory = self.theirs("access", supply, demand, cost)
            worst = max(apart(found["measures"][name], theirs[name]) for name in theirs)
            print(
                f"stand-in 7,535 x 1,500, {found['ways']:,} ways: {seconds:.2f} s {memory:.0f} MB, "
                f"PySAL {other:.1f} s {their_memory:.0f} MB: 1/{other / seconds:.0f} (bar 1/20), "
                f"apart by {worst:.1e} at most"
            )


def apart(ours, theirs):
    """The largest difference of two lists, as a part of the larger."""
    pairs = [(one or 0.0, other or 0.0) for one, other in zip(ours, theirs)]
    return max(abs(one - other) / max(abs(one), abs(other), 1e-300) for one, other in pairs)


class standing_in:
    """Places around towns, made from a seed, as a table in a file of its own."""

    def __init__(self, many, seed):
        chance = random.Random(seed)
        towns = [(chance.uniform(0, 60000), chance.uniform(0, 60000)) for _ in range(40)]
        self.file = tempfile.NamedTemporaryFile("w", suffix=".csv")
        self.file.write("id,x_m,y_m,weight\n")
        for place in range(many):
            x, y = chance.choice(towns)
            x, y = chance.gauss(x, 3000), chance.gauss(y, 3000)
            weight = 1 if many == 13509 else chance.randint(20, 900)
            self.file.write(f"{place},{x:.1f},{y:.1f},{weight}\n")
        self.file.flush()

    def __enter__(self):
        return Path(self.file.name)

    def __exit__(self, *_):
        self.file.close()


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
    for part in parts or ["median", "center", "cover", "capacity", "access"]:
        print(f"\n== {part}")
        getattr(bench, part)()
