"""Writes the streets of an invented town, as PBF and as XML. Nothing of it is from OpenStreetMap:
the town, its streets and their places are made up here, so the data is ours.

    python3 -m venv .venv && .venv/bin/pip install osmium
    .venv/bin/python town.py

Six streets from south to north (x = 0..5) and six from west to east (y = 0..5), 200 metres apart,
cross at points 1 + x + 10 y. Around that grid stands what a reader can get wrong.
"""

import os

import osmium
from osmium.osm.mutable import Node, Relation, Way

WEST, SOUTH = 100.0, 30.0
# Some 200 metres at this latitude.
EAST_STEP, NORTH_STEP = 0.002077, 0.001799

nodes, ways, relations = {}, [], []


def node(number, x, y, **tags):
    place = (round(WEST + x * EAST_STEP, 7), round(SOUTH + y * NORTH_STEP, 7))
    nodes[number] = Node(id=number, location=place, tags=tags)
    return number


def way(number, points, **tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    ways.append(Way(id=number, nodes=points, tags=tags))


def rule(number, kind, start, via, end, **tags):
    members = [("w", start, "from"), ("n", via, "via"), ("w", end, "to")]
    tags = {"type": "restriction", "restriction": kind, **tags}
    relations.append(Relation(id=number, members=members, tags=tags))


def at(x, y):
    return 1 + x + 10 * y


for y in range(6):
    for x in range(6):
        node(at(x, y), x, y)

# From west to east.
kinds = [
    {"highway": "residential", "name": "南街"},
    {"highway": "primary", "maxspeed": "60", "name": "一环路"},
    {"highway": "residential", "oneway": "yes"},
    {"highway": "residential", "oneway": "-1"},
    {"highway": "secondary", "maxspeed__forward": "50", "maxspeed__backward": "30"},
    {"highway": "residential", "maxspeed": "20 mph"},
]
for y, tags in enumerate(kinds):
    # A rule of turning needs ways that end where it holds.
    parts = [(100, range(0, 2)), (106, range(1, 6))] if y == 1 else [(100, range(6))]
    for number, part in parts:
        way(number + y, [at(x, y) for x in part], **tags)
# From south to north.
kinds = [
    {"highway": "residential"},
    {"highway": "tertiary"},
    {"highway": "living_street"},
    {"highway": "residential", "access": "private"},
    {"highway": "trunk", "sidewalk": "both"},
    {"highway": "residential"},
]
for x, tags in enumerate(kinds):
    cut = {1: 1, 2: 4}.get(x)
    parts = [(110, range(6))] if cut is None else [(110, range(cut + 1)), (116, range(cut, 6))]
    for number, part in parts:
        way(number + x, [at(x, y) for y in part], **tags)

# A roundabout north of the town, drawn against the clock, with a street to it and one beyond.
for number, (x, y) in zip((71, 72, 73, 74), ((1, 6.6), (1.4, 7), (1, 7.4), (0.6, 7))):
    node(number, x, y)
node(75, 1, 8)
way(120, [71, 72, 73, 74, 71], highway="tertiary", junction="roundabout")
way(121, [at(1, 5), 71], highway="tertiary")
way(122, [73, 75], highway="tertiary")

# A motorway along the west, a link to it, and a footpath that runs beside it.
node(80, -2, 0)
node(81, -2, 5)
node(82, -1.9, 2.5)
node(83, -1.9, 4)
way(130, [80, 81], highway="motorway")
way(131, [81, at(0, 5)], highway="motorway_link", oneway="yes")
way(132, [at(0, 0), 80], highway="motorway_link", oneway="yes")
way(133, [at(0, 3), 82, 83], highway="footway")

# A park in the middle of a block, with steps; a bollard on the street beside it.
node(90, 0.5, 0.5)
node(91, 0.5, 1.3)
way(140, [at(0, 0), 90, at(1, 1)], highway="path")
way(141, [90, 91], highway="steps")
node(92, 2.5, 5.5, barrier="bollard")
way(142, [at(2, 5), 92, at(3, 5)], highway="service")
node(93, 4.5, 5.5, barrier="gate", access="private")
way(143, [at(4, 5), 93, at(5, 5)], highway="service")

# A cycleway, one on which people walk, a street that is being built, and an outline.
node(94, 6, 0)
node(95, 6, 1)
way(150, [at(5, 0), 94], highway="cycleway")
way(151, [at(5, 1), 95], highway="cycleway", foot="designated")
way(152, [94, 95], highway="construction")
way(153, [94, 95, at(5, 1), 94], building="yes")

# An island of streets, and a street that leads out of the extract.
node(96, 9, 9)
node(97, 9.5, 9)
way(160, [96, 97], highway="residential")
way(161, [at(5, 5), 999, 998], highway="residential")

# Nobody turns left from the ring road into the second street, and on the third street one goes
# straight on at the ring road; buses may do otherwise. The third does not hold for cars. What
# goes by way of a street, or between ways that do not end there, is not read.
rule(200, "no_left_turn", 101, at(1, 1), 117)
rule(201, "only_straight_on", 112, at(2, 4), 118, **{"except": "psv"})
rule(202, "no_right_turn", 104, at(4, 4), 114, **{"except": "motorcar"})
rule(204, "no_left_turn", 104, at(5, 4), 115)
relations.append(
    Relation(
        id=203,
        members=[("w", 100, "from"), ("w", 110, "via"), ("w", 101, "to")],
        tags={"type": "restriction", "restriction": "no_u_turn"},
    )
)

here = os.path.dirname(os.path.abspath(__file__))
for name, kind in {
    "town.osm": "osm",
    "town.osm.pbf": "pbf",
    "town.plain.osm.pbf": "pbf,pbf_compression=none,pbf_dense_nodes=false",
    "town.dense.osm.pbf": "pbf,pbf_compression=none",
}.items():
    path = os.path.join(here, name)
    if os.path.exists(path):
        os.remove(path)
    writer = osmium.SimpleWriter(osmium.io.File(path, kind))
    for number in sorted(nodes):
        writer.add_node(nodes[number])
    for own in sorted(ways, key=lambda own: own.id):
        writer.add_way(own)
    for own in sorted(relations, key=lambda own: own.id):
        writer.add_relation(own)
    writer.close()
