//! Any drawing is laid out so that it can be read, not only those of the packs there are.

use fastrand::Rng;

use super::{
    area::{Area, Point},
    block::{Block, Flow, Kind, Node},
    draw::{Drawing, Lane},
    layout::{Sheet, lay_out},
};

/// Some drawing: blocks in lanes, each led to from one before it, and some flows besides.
fn some(rng: &mut Rng) -> Drawing {
    let lanes = rng.usize(1..5);
    let blocks: Vec<Block> =
        (0..rng.usize(2..14)).map(|number| block(rng, number, lanes)).collect();
    let mut flows = Vec::new();
    for to in 1..blocks.len() {
        flows.push((rng.usize(0..to), to));
    }
    for _ in 0..rng.usize(0..blocks.len()) {
        flows.push((rng.usize(0..blocks.len()), rng.usize(0..blocks.len())));
    }
    let flows = (0..).zip(flows).map(|(number, (from, to))| flow(rng, number, &blocks[from], to));
    let lane =
        |number: usize| Lane { id: format!("lane.{number}"), name: "L".into(), says: vec![] };
    Drawing {
        name: "some".to_owned(),
        pack: "town".to_owned(),
        title: "Some".to_owned(),
        says: Vec::new(),
        lanes: (0..lanes).map(lane).collect(),
        flows: flows.collect(),
        blocks,
    }
}

fn block(rng: &mut Rng, number: usize, lanes: usize) -> Block {
    let node = |id: String, kind| Node::new(id, String::new(), kind, Vec::new());
    let id = format!("step.{number}");
    let mut block = Block::task(rng.usize(0..lanes), node(id.clone(), Kind::User));
    let kind = rng.usize(0..4);
    if kind == 3 {
        let gateway = node(id, Kind::Exclusive);
        return Block::gateway(block.lane, gateway);
    }
    for timer in 0..if kind == 1 { 0 } else { rng.usize(0..4) } {
        let kind = Kind::Raised { on: id.clone() };
        let raised = Node { name: name(rng), ..node(format!("raised.{number}.{timer}"), kind) };
        block = block.with_boundary(raised);
        if rng.usize(0..3) == 0 {
            let kind = Kind::End { last: false };
            let end = Node { name: name(rng), ..node(format!("ended.{number}.{timer}"), kind) };
            block = block.with_end_below(end);
        }
    }
    match kind {
        0 => block.then(node(format!("choice.{number}"), Kind::Exclusive)),
        1 => block.noted(format!("note.{number}"), "A note".to_owned(), Vec::new()),
        _ => block,
    }
}

fn name(rng: &mut Rng) -> String {
    ["", "short", "a name of some length, which takes two lines"][rng.usize(0..3)].to_owned()
}

/// A flow from a node of a block that flows may leave.
fn flow(rng: &mut Rng, number: usize, from: &Block, to: usize) -> Flow {
    let gateway = from.nodes.iter().any(|node| node.kind == Kind::Exclusive);
    let may = from.nodes.iter().filter(|node| {
        let ended = || from.inner.iter().any(|flow| flow.from == node.id);
        match node.kind {
            Kind::End { .. } => false,
            Kind::User => !gateway,
            _ => !ended(),
        }
    });
    let from = rng.choice(may.collect::<Vec<_>>()).unwrap();
    Flow::new(format!("flow.{number}"), name(rng), &from.id, &format!("step.{to}"))
}

/// What is wrong with a layout.
fn faults(sheet: &Sheet) -> Vec<String> {
    let blocks = || sheet.drawing.blocks.iter();
    let nodes = || blocks().flat_map(|block| &block.nodes);
    let places: Vec<(&str, Area)> = nodes()
        .map(|node| (node.id.as_str(), node.area))
        .chain(blocks().filter_map(|b| b.note.as_ref()).map(|note| (note.id.as_str(), note.area)))
        .collect();
    let host = |id: &str| nodes().find(|node| node.id == id).and_then(|node| node.kind.on());
    let mut faults = Vec::new();
    for (number, (one, area)) in places.iter().enumerate() {
        let others = places[number + 1..].iter().filter(|(_, other)| meets(*area, *other));
        let others = others.filter(|(other, _)| host(one) != Some(*other));
        let free = others.filter(|(other, _)| host(other) != Some(*one));
        faults.extend(free.map(|(other, _)| format!("{one} covers {other}")));
    }
    let flows = || sheet.drawing.flows.iter().chain(blocks().flat_map(|block| &block.inner));
    for (number, flow) in flows().enumerate() {
        for part in parts(flow) {
            let crossed = places.iter().filter(|(_, area)| meets(part, *area));
            faults.extend(crossed.map(|(id, _)| format!("{} runs through {id}", flow.id)));
        }
        let others = flows().skip(number + 1).filter(|other| !akin(flow, other));
        let upon = others.filter(|other| lie_upon(flow, other));
        faults.extend(upon.map(|other| format!("{} lies upon {}", flow.id, other.id)));
    }
    let named = nodes().filter_map(|node| Some((node.id.as_str(), node.label?)));
    let flowing = flows().filter_map(|flow| Some((flow.id.as_str(), flow.label?)));
    let labels: Vec<(&str, Area)> = named.chain(flowing).collect();
    for (number, (one, area)) in labels.iter().enumerate() {
        let others = places.iter().chain(&labels[number + 1..]);
        let covered = others.filter(|(_, other)| meets(*area, *other)).map(|(id, _)| *id);
        let crossed = flows().filter(|flow| parts(flow).iter().any(|part| meets(*part, *area)));
        let covered = covered.chain(crossed.map(|flow| flow.id.as_str()));
        faults.extend(covered.map(|other| format!("the name of {one} covers {other}")));
    }
    faults
}

/// Whether two flows leave or enter one node.
fn akin(one: &Flow, other: &Flow) -> bool {
    one.from == other.from || one.to == other.to
}

/// The parts of a line as areas that are empty one way.
fn parts(flow: &Flow) -> Vec<Area> {
    let part = |ends: &[Point]| {
        let ([x, far], [y, low]) = ([ends[0].x, ends[1].x], [ends[0].y, ends[1].y]);
        assert!(x == far || y == low, "{} is askew", flow.id);
        Area { x: x.min(far), y: y.min(low), width: (x - far).abs(), height: (y - low).abs() }
    };
    flow.way.windows(2).map(part).collect()
}

fn meets(one: Area, other: Area) -> bool {
    one.x < other.right()
        && other.x < one.right()
        && one.y < other.bottom()
        && other.y < one.bottom()
}

fn lie_upon(one: &Flow, other: &Flow) -> bool {
    let thick = |area: Area| match area.height {
        0 => Area { height: 1, ..area },
        _ => Area { width: 1, ..area },
    };
    let same_way = |a: Area, b: Area| (a.height == 0) == (b.height == 0);
    let (mine, theirs) = (parts(one), parts(other));
    mine.iter().any(|a| theirs.iter().any(|b| same_way(*a, *b) && meets(thick(*a), thick(*b))))
}

#[test]
fn any_drawing_can_be_read() {
    for seed in 0..3000 {
        let sheet = lay_out(some(&mut Rng::with_seed(seed)));
        assert_eq!(faults(&sheet), Vec::<String>::new(), "seed {seed}");
    }
}
