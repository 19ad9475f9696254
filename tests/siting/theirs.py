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


def highs():
    import highspy

    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    return model


def solved(costs, whole, rows, low, high):
    """What HiGHS makes of a least-cost model of variables in 0 to 1, handed over in one piece: a
    model that is put together term by term would spend its seconds in Python."""
    import highspy

    model, rows = highs(), rows.tocsr()
    columns = highspy.HighsLp()
    columns.num_col_, columns.num_row_ = rows.shape[1], rows.shape[0]
    columns.col_cost_ = costs
    columns.col_lower_, columns.col_upper_ = numpy.zeros(len(costs)), numpy.ones(len(costs))
    columns.row_lower_, columns.row_upper_ = low, high
    columns.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    columns.a_matrix_.start_, columns.a_matrix_.index_ = rows.indptr, rows.indices
    columns.a_matrix_.value_ = rows.data
    kinds = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
    columns.integrality_ = [kinds[own] for own in whole]
    model.passModel(columns)
    model.run()
    return model.getObjectiveValue()


def highs_cover(near, weights, p):
    from scipy import sparse

    people, sites = near.shape
    # A person is covered by no more than the open sites near by; p of them are opened.
    cover = sparse.hstack([sparse.csr_matrix(-near.astype(float)), sparse.identity(people)])
    count = sparse.hstack([numpy.ones((1, sites)), sparse.csr_matrix((1, people))])
    costs = numpy.concatenate([numpy.zeros(sites), -weights])
    whole = [1] * sites + [0] * people
    low, high = numpy.full(people + 1, -numpy.inf), numpy.zeros(people + 1)
    high[-1] = p
    return {"value": -solved(costs, whole, sparse.vstack([cover, count]), low, high)}


def cflp(file, capacity):
    from scipy import sparse

    words = open(file).read().replace("capacity", capacity).split()
    numbers = iter(float(word) for word in words)
    many, customers = int(next(numbers)), int(next(numbers))
    sites = numpy.array([(next(numbers), next(numbers)) for _ in range(many)])
    demand, ways = numpy.empty(customers), numpy.empty((customers, many))
    for customer in range(customers):
        demand[customer] = next(numbers)
        ways[customer] = [next(numbers) for _ in range(many)]
    parts = customers * many
    # Each customer is served whole, by open sites only, each within its room.
    served = sparse.kron(sparse.identity(customers), numpy.ones((1, many)))
    by_open = -sparse.kron(numpy.ones((customers, 1)), sparse.identity(many))
    load = sparse.kron(demand[None, :], sparse.identity(many))
    rows = sparse.vstack([
        sparse.hstack([sparse.csr_matrix((customers, many)), served]),
        sparse.hstack([by_open, sparse.identity(parts)]),
        sparse.hstack([-sparse.diags(sites[:, 0]), load]),
    ])
    costs = numpy.concatenate([sites[:, 1], ways.ravel()])
    low = numpy.concatenate([numpy.ones(customers), numpy.full(parts + many, -numpy.inf)])
    high = numpy.concatenate([numpy.ones(customers), numpy.zeros(parts + many)])
    return {"value": solved(costs, [1] * many + [0] * parts, rows, low, high)}


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
