"""Verifies a draft of a layout plan from its published survey and its own published text.

usage: python3 verify_draft.py SURVEY DRAFT

It needs Python 3.6 or later and nothing else, and no solver. Both files are texts in UTF-8: one thing
a line, its words set apart by tabs. It counts everything again in whole numbers: money, places, who is
served, the value of the draft, and from the prices of its proof the bound that no plan beats. It ends
with 0 where all is as the draft says; otherwise it says what is wrong and ends with 1.
用已公布的调查底数和规划草案重新核算资金、床位、服务去向、数值以及由价格证明的界限；不需要求解器。
"""

import hashlib
import re
import sys
from bisect import bisect_left

ONE, FINE = 10 ** 9, 10 ** 6
PRICE_MAX, MONEY_MAX = 10 ** 15, 10 ** 18
COUNT_MAX, COST_MAX, REACH_MAX = 10 ** 7, 10 ** 13, 10 ** 6
NAME = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
POINT = re.compile(r"(-?)([0-9]{1,3})\.([0-9]{6}), (-?)([0-9]{1,3})\.([0-9]{6})")


def refuse_unless(holds, why):
    if not holds:
        sys.exit(why)


def whole(text, low=0, high=2 ** 64 - 1):
    refuse_unless(re.fullmatch("0|-?[1-9][0-9]*", text), "`%s` is no whole number" % text)
    refuse_unless(low <= int(text) <= high, "the number %s is beyond its bounds" % text)
    return int(text)


def rows_of(text, head, what):
    refuse_unless(text.startswith(head + "\n") and text.endswith("\n"), "this is not " + what)
    return [row.split("\t") for row in text.split("\n")[1:-1]]


def rising(keys, what):
    refuse_unless(all(a < b for a, b in zip(keys, keys[1:])), "`%s` out of order" % what)


def kinds(rows, order):
    """The lines of each kind, which stand in the order of the kinds, each with so many words."""
    counts = dict(order)
    refuse_unless(all(row[0] in counts for row in rows), "a line of no known kind")
    refuse_unless(all(len(row) - 1 == counts[row[0]] for row in rows), "a line is not whole")
    places = [[kind for kind, _ in order].index(row[0]) for row in rows]
    refuse_unless(places == sorted(places), "the lines are not in their one order")
    return {kind: [row[1:] for row in rows if row[0] == kind] for kind, _ in order}


def one(found, kind):
    refuse_unless(len(found[kind]) == 1, "`%s` does not stand there once" % kind)
    return found[kind][0]


# How far it is: as `base::Point` measures, all divisions towards zero.


def over(number, by):
    return abs(number) // abs(by) * (1 if (number < 0) == (by < 0) else -1)


def cosine(millionths):
    angle = over(millionths * 17453293, 10 ** 6)
    square = over(angle * angle, ONE)
    total = last = ONE
    for divisor in (2, 12, 30, 56, 90, 132):
        last = over(-over(square * last, ONE), divisor)
        total += last
    return total


def root(number):
    guess = int(number ** 0.5)
    while guess * guess > number:
        guess -= 1
    while (guess + 1) * (guess + 1) <= number:
        guess += 1
    return guess


def metres(a, b):
    def across(turn):
        return over(turn * 1000 * 111195, 10 ** 6)

    north, turn = across(b[1] - a[1]), b[0] - a[0]
    if abs(turn) > 180 * 10 ** 6:
        turn -= 360 * 10 ** 6 if turn > 0 else -360 * 10 ** 6
    middle = over(a[1] + b[1], 2)
    east = over(across(turn) * cosine(middle), ONE)
    return root(north * north + east * east) // 1000


def point(text):
    found = POINT.fullmatch(text)
    refuse_unless(found, "`%s` is no place" % text)
    parts = found.groups()
    east, north = [int(sign + degrees + rest) for sign, degrees, rest in (parts[:3], parts[3:])]
    refuse_unless(abs(east) <= 180 * 10 ** 6 and abs(north) <= 90 * 10 ** 6, "`%s` is no place" % text)
    return east, north


class Survey:
    def __init__(self, text):
        rows = rows_of(text, "layout survey 1", "a frozen survey")
        # Courses follow their site, so that both are taken as one kind of line.
        order = [("name", 1), ("on", 1), ("from", 1), ("norm", 1)]
        refuse_unless(len(rows) > 5 and rows[4][0] == "travel", "`travel` does not stand there once")
        found = kinds(rows[:4], order)
        self.norm = whole(one(found, "norm")[0], 1, 1000)
        for kind in ("name", "on", "from"):
            one(found, kind)
        self.travel(rows[4][1:])
        rest = rows[5:]
        at, last = [], None
        for row in rest:
            kinds_of_rest = {"area": 0, "site": 1, "course": 1, "way": 2, "refused": 3, "standard": 4, "has": 4}
            at.append(kinds_of_rest.get(row[0], -1))
            if row[0] in ("site", "standard"):
                last = row[1]
            refuse_unless(row[0] not in ("course", "has") or row[1] == last, "a line does not follow its own")
        refuse_unless(-1 not in at and at == sorted(at), "the lines are not in their one order")
        self.take_areas([row[1:] for row in rest if row[0] == "area"])
        self.take_sites([row[1:] for row in rest if row[0] == "site"])
        self.take_courses([row[1:] for row in rest if row[0] == "course"])
        self.take_ways([row[1:] for row in rest if row[0] == "way"])
        refused = [row[1:] for row in rest if row[0] == "refused"]
        refuse_unless(all(len(row) == 4 for row in refused), "a line is not whole")
        rising([(row[0], row[2]) for row in refused], "refused")
        refuse_unless(not {row[0] for row in refused} & set(self.sites), "a site is refused")
        self.take_standards([row for row in rest if row[0] in ("standard", "has")])

    def travel(self, words):
        refuse_unless(len(words) == 4 and words[0] in ("straight", "table"), "`travel` is none")
        self.table = words[0] == "table"
        self.detour = 1000 if self.table else whole(words[1], 1000, 10000)
        whole(words[2], 1, 10000)
        self.reach = whole(words[3], 1, REACH_MAX)

    def take_areas(self, rows):
        refuse_unless(rows and all(len(row) == 4 for row in rows), "no areas, or one is not whole")
        self.areas, self.needs, self.at = [], [], []
        for key, place, people, need in rows:
            wanted = -(-whole(people, 0, COUNT_MAX) * self.norm // 1000)
            refuse_unless(str(wanted) == need, "the need of `%s` does not follow from the norm" % key)
            self.areas.append(key)
            self.needs.append(wanted)
            self.at.append(point(place))
        rising(self.areas, "area")

    def take_sites(self, rows):
        refuse_unless(all(len(row) == 3 for row in rows), "a line is not whole")
        self.sites = [row[0] for row in rows]
        self.places = [whole(row[2], 0, COUNT_MAX) for row in rows]
        self.site_at = [point(row[1]) for row in rows]
        rising(self.sites, "site")

    def take_courses(self, rows):
        refuse_unless(all(len(row) == 4 and NAME.fullmatch(row[1]) for row in rows), "a course is none")
        rising([(row[0], row[1]) for row in rows], "course")
        self.courses = {}
        for site, name, places, cost in rows:
            own = self.courses.setdefault(site, {})
            own[name] = (whole(places, 0, COUNT_MAX), whole(cost, -COST_MAX, COST_MAX))

    def take_ways(self, rows):
        """For each site, by number, the areas within reach with their metres."""
        self.ways = [{} for _ in self.sites]
        if self.table:
            refuse_unless(all(len(row) == 3 for row in rows), "a line is not whole")
            areas = {key: at for at, key in enumerate(self.areas)}
            sites = {key: at for at, key in enumerate(self.sites)}
            rising([(row[0], row[1]) for row in rows], "way")
            for area, site, far in rows:
                refuse_unless(area in areas and site in sites, "a way of an unknown area or site")
                self.ways[sites[site]][areas[area]] = whole(far, 0, self.reach)
            return
        refuse_unless(not rows, "ways stand beside straight travel")
        band = ((self.reach + 1) * 1000 // self.detour + 2) * 10 ** 6 // 111195 + 1
        south = sorted((at[1], number) for number, at in enumerate(self.at))
        for site, place in enumerate(self.site_at):
            for north, area in south[bisect_left(south, (place[1] - band, 0)):]:
                if north > place[1] + band:
                    break
                far = metres(self.at[area], place) * self.detour // 1000
                if far <= self.reach:
                    self.ways[site][area] = far


    def take_standards(self, rows):
        """What areas should have and have: no draft rests on it, but it is written in one way only."""
        refuse_unless(all(len(row) == 4 for row in rows), "a line is not whole")
        standards = [row[1:] for row in rows if row[0] == "standard"]
        has = [row[1:] for row in rows if row[0] == "has"]
        known = all(NAME.fullmatch(name) and each in ("thousand", "area") for name, each, _ in standards)
        refuse_unless(known and {area for _, area, _ in has} <= set(self.areas), "a standard is none")
        for rows, low in ((standards, 0), (has, 1)):
            rising([row[:-1] if low else row[0] for row in rows], "standard")
            for row in rows:
                whole(row[-1], low, COUNT_MAX)


class Draft:
    def __init__(self, text):
        rows = rows_of(text, "layout draft 1", "a draft of a layout plan")
        proof = ("split", "case", "ceiling", "price", "money", "lift")
        first = next((at for at, row in enumerate(rows) if row[0] in proof), len(rows))
        order = [("survey", 1), ("goal", 1), ("reach", 1), ("phase", 2), ("until", 1), ("floor", 2)]
        order += [("forced", 2), ("barred", 1), ("seed", 1), ("rounds", 1), ("value", 1), ("bound", 1)]
        order += [("pick", 3), ("served", 4)]
        found = kinds(rows[:first], order)
        self.survey = one(found, "survey")[0]
        self.goal = one(found, "goal")[0]
        refuse_unless(self.goal in ("most", "near", "least"), "the goal is none")
        self.reach = whole(one(found, "reach")[0], 1)
        self.years = [whole(row[0], 0, 65535) for row in found["phase"]]
        self.budgets = [whole(row[1], 0, COST_MAX) for row in found["phase"]]
        self.until = whole(one(found, "until")[0], 0, 65535)
        refuse_unless(self.years and self.until - self.years[0] <= 100, "the years are none")
        rising(self.years + [self.until], "phase")
        floor, how = one(found, "floor")
        self.floor, self.worst = whole(floor, 0, 1000), how == "highest"
        refuse_unless(how in ("given", "highest"), "the floor is none")
        self.forced, self.barred = dict(found["forced"]), {row[0] for row in found["barred"]}
        rising([row[0] for row in found["forced"]], "forced")
        rising([row[0] for row in found["barred"]], "barred")
        refuse_unless(not self.barred & set(self.forced), "a site is forced and barred")
        whole(one(found, "seed")[0])
        whole(one(found, "rounds")[0])
        self.value = whole(one(found, "value")[0], -(2 ** 63), 2 ** 63 - 1)
        self.bound = whole(one(found, "bound")[0], -(2 ** 63), 2 ** 63 - 1)
        self.picks, self.served = found["pick"], found["served"]
        rising([row[0] for row in self.picks], "pick")
        rising([(int(whole(row[0])), row[1], row[2]) for row in self.served], "served")
        self.take_proof(rows[first:])

    def take_proof(self, rows):
        self.tree, self.ceiling, self.above, prices, sets = [], None, [], [], 0
        tree = self.tree
        for row in rows:
            if row[0] in ("split", "case"):
                refuse_unless(not prices and len(row) == (4 if row[0] == "split" else 3), "a case is not whole")
                tree.append(row)
                # A case names a set of prices that was named before, or the next.
                sets = max(sets, whole(row[2], 0, sets) + 1) if row[0] == "case" else sets
            elif row[0] == "ceiling":
                refuse_unless(self.ceiling is None and not prices and len(row) == 2, "a ceiling out of place")
                self.ceiling, tree = whole(row[1], 0, 1000), self.above
            else:
                prices.append(row)
        refuse_unless((self.ceiling is not None) == self.worst, "a ceiling without its demand")
        self.prices = [{"price": {}, "money": {}, "lift": {}} for _ in range(sets)]
        for kind, number, *key in prices:
            refuse_unless(kind in ("price", "money", "lift"), "a line of no known kind")
            refuse_unless(len(key) == (3 if kind == "price" else 2), "a price is not whole")
            own = self.prices[whole(number, 0, sets - 1)][kind]
            refuse_unless(tuple(key[:-1]) not in own, "a price comes twice")
            own[tuple(key[:-1])] = whole(key[-1], 1, MONEY_MAX if kind == "money" else PRICE_MAX)


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


class Model:
    """A survey under the terms of a draft with a floor."""

    def __init__(self, survey, draft, floor):
        self.survey, self.draft, self.least = survey, draft, draft.goal == "least"
        self.floors = [-(-need * floor // 1000) for need in survey.needs]
        self.needs = self.floors if self.least else survey.needs
        self.phases = len(draft.years)
        ends = draft.years[1:] + [draft.until]
        self.lengths = [0 if self.least else b - a for a, b in zip(draft.years, ends)]
        self.money = [sum(draft.budgets[: at + 1]) for at in range(self.phases)]
        self.counted = [at for at in range(self.phases) if not self.least or at == self.phases - 1]
        self.ways = []
        for own in survey.ways:
            near = [(area, far) for area, far in sorted(own.items()) if far <= draft.reach]
            self.ways.append({area: self.count(far) for area, far in near})
        self.choices = [self.choices_of(at) for at in range(len(survey.sites))]
        step = 0
        if self.least:
            for own in self.choices:
                for choice in own:
                    step = gcd(step, abs(choice[4]))
        else:
            for length in self.lengths:
                step = gcd(step, length)
            step *= 1000 if draft.goal == "most" else 1
        self.step = max(step, 1)

    def count(self, far):
        nearer = 1000 * (self.draft.reach - far) // self.draft.reach if self.draft.goal == "near" else 0
        return 1000 + nearer

    def choices_of(self, site):
        """Course, phase, places before, places after, cost."""
        key, now = self.survey.sites[site], self.survey.places[site]
        forced = self.draft.forced.get(key)
        found = [] if forced else [(None, 0, now, now, 0)]
        if key not in self.draft.barred:
            for name, (places, cost) in sorted(self.survey.courses.get(key, {}).items()):
                if forced in (None, name):
                    found += [(name, phase, now, places, cost) for phase in range(self.phases)]
        return found

    def worth(self, prices, counting):
        """What prices come to: what hangs on no site, and each choice of each site."""
        years, areas = self.draft.years, self.survey.areas
        numbers = {key: at for at, key in enumerate(areas)}
        for year, area in prices["price"]:
            refuse_unless(whole(year) in years and area in numbers, "a price of nothing known")
        refuse_unless(all(area in numbers for (area,) in prices["lift"]), "a price of nothing known")
        refuse_unless(all(whole(year) in years for (year,) in prices["money"]), "a price of nothing known")
        money = [prices["money"].get((str(year),), 0) for year in years]
        lifts = [prices["lift"].get((area,), 0) for area in areas]
        places = [[prices["price"].get((str(year), area), 0) for area in areas] for year in years]
        base = sum(price * much for price, much in zip(money, self.money))
        base -= FINE * sum(price * floor for price, floor in zip(lifts, self.floors))
        needs = self.needs if counting else self.floors
        for phase in self.counted:
            base += FINE * sum(price * need for price, need in zip(places[phase], needs))
        own = ONE if counting and self.least else 0
        worth = []
        for site, choices in enumerate(self.choices):
            sums = [-(sum(money[choice[1]:]) + own) * choice[4] for choice in choices]
            for phase in self.counted:
                years_ = self.lengths[phase] * ONE if counting else 0
                last = phase == self.phases - 1
                pays = [
                    (FINE * ((lifts[area] if last else 0) - places[phase][area]) + years_ * value, needs[area])
                    for area, value in self.ways[site].items()
                ]
                pays = sorted((pay for pay in pays if pay[0] > 0), reverse=True)
                for at, choice in enumerate(choices):
                    left = choice[3] if choice[0] is not None and phase >= choice[1] else choice[2]
                    for profit, many in pays:
                        sums[at] += profit * min(left, many)
                        left -= min(left, many)
            worth.append(sums)
        return base, worth

    def walk(self, tree, sets):
        """The worst of the cases; none where all are impossible."""
        numbers = {key: at for at, key in enumerate(self.survey.sites)}
        reckoned, steps, left, worst, more = {}, [], {}, None, True
        for row in tree:
            refuse_unless(more, "the proof goes on after its last case")
            if row[0] == "split":
                refuse_unless(row[1] in numbers, "the proof splits an unknown site")
                site, before = numbers[row[1]], left.get(numbers[row[1]])
                refuse_unless(row[2] == "-" or row[2] in self.survey.courses.get(row[1], {}), "an unknown course")
                refuse_unless(row[3] == "-" or whole(row[3]) in self.draft.years, "an unknown year")
                refuse_unless(row[2] != "-" or row[3] == "-", "what stays as it is has no year")
                had = before if before is not None else list(range(len(self.choices[site])))
                parts = [[], []]
                for at in had:
                    name, phase = self.choices[site][at][:2]
                    so = name == (None if row[2] == "-" else row[2])
                    so = so and row[3] in ("-", str(self.draft.years[phase]))
                    parts[0 if so else 1].append(at)
                left[site] = parts[0]
                steps.append([site, before, parts[1]])
                continue
            refuse_unless(row[1] in ("bound", "impossible"), "a case of no known kind")
            key = (row[1] == "bound", whole(row[2]))
            if key not in reckoned:
                base, worth = self.worth(sets[key[1]], key[0])
                reckoned[key] = worth, base + sum(max(own) for own in worth)
            worth, total = reckoned[key]
            empty = any(not own for own in left.values())
            if not empty:
                total += sum(max(worth[site][at] for at in own) - max(worth[site]) for site, own in left.items())
            if key[0] and not empty:
                worst = total if worst is None else max(worst, total)
            refuse_unless(key[0] or empty or total < 0, "a case is said to be impossible and is not")
            more = False
            while steps and not more:
                site, before, second = steps[-1]
                if second is not None:
                    left[site], steps[-1][2], more = second, None, True
                else:
                    left[site] = before
                    if before is None:
                        del left[site]
                    steps.pop()
        refuse_unless(not more, "the proof ends before its last case")
        return worst


def count(model):
    """The value of the draft, everything it does counted again."""
    survey, draft = model.survey, model.draft
    areas = {key: at for at, key in enumerate(survey.areas)}
    sites = {key: at for at, key in enumerate(survey.sites)}
    chosen = {}
    for site, course, year in draft.picks:
        refuse_unless(site in sites and course in survey.courses.get(site, {}), "an unknown pick")
        refuse_unless(site not in draft.barred, "`%s` must stay as it is" % site)
        refuse_unless(draft.forced.get(site, course) == course, "`%s` is not used as it must be" % site)
        refuse_unless(whole(year) in draft.years, "a pick in a year that is no phase")
        chosen[site] = (draft.years.index(int(year)),) + survey.courses[site][course]
    refuse_unless(all(site in chosen for site in draft.forced), "a site is not used as it must be")
    for phase in range(model.phases):
        spent = sum(cost for own, _, cost in chosen.values() if own <= phase)
        refuse_unless(spent <= model.money[phase], "too much is spent up to %s" % draft.years[phase])
    value, by_area, by_site = 0, {}, {}
    for year, area, site, places in draft.served:
        refuse_unless(area in areas and site in sites and int(year) in draft.years, "served is nothing known")
        refuse_unless(areas[area] in model.ways[sites[site]], "`%s` is out of reach of `%s`" % (area, site))
        phase, many = draft.years.index(int(year)), whole(places, 1)
        by_area[phase, area] = by_area.get((phase, area), 0) + many
        by_site[phase, site] = by_site.get((phase, site), 0) + many
        value += many * model.lengths[phase] * model.ways[sites[site]][areas[area]]
    for (phase, area), many in by_area.items():
        need = model.needs[areas[area]] if phase in model.counted else 0
        refuse_unless(many <= need, "more of `%s` are served than count" % area)
    for (phase, site), many in by_site.items():
        own = chosen.get(site)
        there = own[1] if own and own[0] <= phase else survey.places[sites[site]]
        refuse_unless(many <= there, "`%s` serves more than it has places" % site)
    for area, floor in zip(survey.areas, model.floors):
        refuse_unless(by_area.get((model.phases - 1, area), 0) >= floor, "`%s` is below the floor" % area)
    return sum(own[2] for own in chosen.values()) if model.least else value


def main(survey_file, draft_file):
    with open(survey_file, encoding="utf-8", newline="") as file:
        survey_text = file.read()
    with open(draft_file, encoding="utf-8", newline="") as file:
        draft_text = file.read()
    survey, draft = Survey(survey_text), Draft(draft_text)
    digest = hashlib.sha256(survey_text.encode("utf-8")).hexdigest()
    refuse_unless(draft.survey == digest, "the draft is of another survey")
    refuse_unless(draft.reach <= survey.reach, "the reach is farther than was surveyed")
    for site, course in draft.forced.items():
        refuse_unless(course in survey.courses.get(site, {}), "an unknown site is forced")
    refuse_unless(draft.barred <= set(survey.sites), "an unknown site is barred")
    model = Model(survey, draft, draft.floor)
    value = count(model)
    refuse_unless(value == draft.value, "the value comes to %d" % value)
    worst = model.walk(draft.tree, draft.prices)
    refuse_unless(worst is not None, "the proof leaves no plan")
    bound = worst // ONE // model.step * model.step * (-1 if model.least else 1)
    refuse_unless(bound == draft.bound, "the bound comes to %d" % bound)
    if draft.ceiling is not None and draft.ceiling < 1000:
        refuse_unless(draft.ceiling >= draft.floor, "the ceiling is below the floor")
        above = Model(survey, draft, draft.ceiling + 1).walk(draft.above, draft.prices)
        refuse_unless(above is None, "a floor above the ceiling is not excluded")
    elif draft.ceiling is not None:
        refuse_unless(not draft.above, "a ceiling of all needs no proof")
    print("all is as the draft says; the digest of its survey: %s" % digest)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
