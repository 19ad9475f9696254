"""What published software makes of an instance: prints JSON with its value.

usage: python theirs.py p-median FILE P | mclp DEMAND CANDIDATES RADIUS P spopt|highs
                        | cflp FILE CAPACITY | access SUPPLY DEMAND COST
"""

import heapq
import json
import sys

import numpy


def shortest(file):
    """The table of shortest paths of a network of OR-Library; a later edge replaces an earlier one."""
    words = iter(open(file).read().split())
    points, edges, _ = (int(next(words)) for _ in range(3))
    lengths = {}
    for _ in range(edges):
        one, other, length = (int(next(words)) for _ in range(3))
        lengths[min(one, other) - 1, max(one, other) - 1] = length
    near = [[] for _ in range(points)]
    for (one, other), length in lengths.items():
        near[one].append((other, length))
        near[other].append((one, length))
    table = numpy.empty((points, points))
    for start in range(points):
        best, queue = {start: 0}, [(0, start)]
        while queue:
            length, point = heapq.heappop(queue)
            if length > best[point]:
                continue
            for other, step in near[point]:
                if length + step < best.get(other, 1 << 60):
                    best[other] = length + step
                    heapq.heappush(queue, (length + step, other))
        table[start] = [best[point] for point in range(points)]
    return table


def solver():
    import pulp

    return pulp.HiGHS(msg=False, threads=1)


def p_median(file, p):
    from spopt.locate import PMedian

    table = shortest(file)
    weights = numpy.ones(len(table))
    model = PMedian.from_cost_matrix(table, weights, p_facilities=int(p))
    model.solve(solver())
    return {"value": model.problem.objective.value()}


def places(file, columns):
    import pandas

    return pandas.read_csv(file)[columns].to_numpy()


def mclp(demand, candidates, radius, p, by):
    people, sites = places(demand, ["x_m", "y_m"]), places(candidates, ["x_m", "y_m"])
    weights = places(demand, ["weight"])[:, 0]
    table = numpy.sqrt(((people[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2))
    if by == "spopt":
        from spopt.locate import MCLP

        model = MCLP.from_cost_matrix(
            table, weights, service_radius=float(radius), p_facilities=int(p)
        )
        model.solve(solver())
        return {"value": model.problem.objective.value()}
    return highs_cover(table <= float(radius), weights, int(p))


def highs_cover(near, weights, p):
    import highspy

    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    sites = [model.addBinary() for _ in range(near.shape[1])]
    people = [model.addVariable(0, 1) for _ in range(near.shape[0])]
    for person, row in zip(people, near):
        model.addConstr(person <= sum(sites[site] for site in numpy.flatnonzero(row)))
    model.addConstr(sum(sites) <= p)
    model.maximize(sum(float(own) * person for own, person in zip(weights, people)))
    return {"value": model.getObjectiveValue()}


def cflp(file, capacity):
    import highspy

    words = open(file).read().replace("capacity", capacity).split()
    numbers = iter(float(word) for word in words)
    many, customers = int(next(numbers)), int(next(numbers))
    sites = [(next(numbers), next(numbers)) for _ in range(many)]
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    opened = [model.addBinary(obj=fixed) for _, fixed in sites]
    load = [[] for _ in sites]
    for _ in range(customers):
        demand = next(numbers)
        parts = [model.addVariable(0, 1, obj=next(numbers)) for _ in sites]
        model.addConstr(sum(parts) == 1)
        for part, site, own in zip(parts, opened, load):
            model.addConstr(part <= site)
            own.append(demand * part)
    for (room, _), site, own in zip(sites, opened, load):
        model.addConstr(sum(own) <= room * site)
    model.run()
    return {"value": model.getObjectiveValue()}


def access(supply, demand, cost):
    import pandas
    from access import Access, weights

    frames = [pandas.read_csv(file) for file in (demand, supply, cost)]
    own = Access(
        demand_df=frames[0], demand_index="id", demand_value="pop",
        supply_df=frames[1], supply_index="id", supply_value="beds",
        cost_df=frames[2], cost_origin="origin", cost_dest="dest", cost_name="cost",
    )
    own.weighted_catchment(name="within", max_cost=30)
    own.two_stage_fca(name="2sfca", max_cost=30)
    own.enhanced_two_stage_fca(
        name="e2sfca", weight_fn=weights.step_fn({10: 1, 20: 0.68, 30: 0.22}), max_cost=30
    )
    own.three_stage_fca(name="3sfca")
    own.two_stage_fca(name="g2sfca", weight_fn=weights.gaussian(20), max_cost=60)
    own.raam(name="raam", tau=60)
    table = own.access_df
    return {name: table[f"{name}_beds"].tolist() for name in ("2sfca", "e2sfca", "3sfca", "raam")}


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    print(json.dumps(globals()[name.replace("-", "_")](*rest)))
