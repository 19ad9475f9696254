//! From the grid to pixels: how wide columns and channels are, how high rows and corridors, and
//! where each line bends.

use std::collections::BTreeMap;

use super::{
    area::{self, Area, LINE, Point, label, lines},
    block::{Block, Flow, Node},
    draw::{Drawing, Lane},
    grid::{Cell, Grid},
    route::{Exit, Leaves, Routes, Way, Wire, above, below, route},
};

/// A drawing with a place for everything.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) drawing: Drawing,
    pub(super) pool: Area,
    pub(super) lanes: Vec<(Lane, Area)>,
}

/// The strip at the left of a pool or a lane in which its name stands.
const STRIP: i32 = 30;
const TRACK: i32 = 12;
const MARGIN: i32 = 16;
/// The width of a label in a channel, and along a corridor.
const LABEL: i32 = 92;
const LABEL_ACROSS: i32 = 116;
/// The room between a line and its label.
const NEAR: i32 = 4;

/// Gives everything its place.
pub(super) fn lay_out(mut drawing: Drawing) -> Sheet {
    let owners = owners(&drawing.blocks);
    let wires = wires(&drawing, &owners);
    let lanes: Vec<usize> = drawing.blocks.iter().map(|block| block.lane).collect();
    let links: Vec<(usize, usize)> = wires.iter().map(|wire| (wire.from, wire.to)).collect();
    let grid = Grid::of(drawing.lanes.len(), &lanes, &links);
    let routes = route(&grid, &wires);
    make_room(&mut drawing, &routes);
    let (across, down) = (Across::of(&drawing, &grid, &routes), Down::of(&drawing, &grid, &routes));
    let lay = Lay { grid: &grid, routes: &routes, across: &across, down: &down };
    lay.out(drawing, &wires)
}

/// The block of each node.
fn owners(blocks: &[Block]) -> BTreeMap<String, (usize, Exit)> {
    let nodes = (0..).zip(blocks).flat_map(|(number, block)| {
        block.nodes.iter().map(move |node| {
            let edge = node.kind.on().is_some();
            (node.id.clone(), (number, if edge { Exit::Below } else { Exit::Right }))
        })
    });
    nodes.collect()
}

fn wires(drawing: &Drawing, owners: &BTreeMap<String, (usize, Exit)>) -> Vec<Wire> {
    let wire = |flow: &Flow| {
        let (from, exit) = *owners.get(&flow.from)?;
        let (to, _) = *owners.get(&flow.to)?;
        let within = if exit == Exit::Right { LABEL } else { LABEL_ACROSS };
        let label = if flow.name.is_empty() { 0 } else { lines(&flow.name, within) * LINE + 2 };
        Some(Wire { from, to, exit, label })
    };
    drawing.flows.iter().filter_map(wire).collect()
}

/// Makes blocks wider at the left where a line goes back whose label would stand out of its block.
fn make_room(drawing: &mut Drawing, routes: &Routes) {
    let Drawing { blocks, flows, .. } = drawing;
    for (flow, way) in flows.iter().zip(&routes.ways).filter(|(flow, _)| !flow.name.is_empty()) {
        if !matches!(way, Way::Across { leaves: Leaves::Top, .. }) {
            continue;
        }
        let of = |node: &&Node| node.id == flow.from;
        let from = blocks.iter_mut().find_map(|block| {
            let middle = block.nodes.iter().find(of)?.area.middle();
            Some((block, LABEL + NEAR - middle.x))
        });
        if let Some((block, missing)) = from.filter(|(_, missing)| *missing > 0) {
            *block = block.clone().wider(missing);
        }
    }
}

/// What stands where from left to right.
struct Across {
    /// The left edge of each channel; the last is that of the right margin.
    channels: Vec<i32>,
    columns: Vec<(i32, i32)>,
}

impl Across {
    fn of(drawing: &Drawing, grid: &Grid, routes: &Routes) -> Self {
        let mut across = Self { channels: Vec::new(), columns: Vec::new() };
        let mut x = 2 * STRIP;
        for column in 0..grid.columns {
            across.channels.push(x);
            x = Self::entering(routes, column, x) + MARGIN;
            x += TRACK * tracks(&routes.entering, column);
            let blocks = (0..).zip(&drawing.blocks);
            let mine = blocks.filter(|(number, _)| {
                grid.cells.get(number).is_some_and(|cell| cell.column == column)
            });
            let width = mine.map(|(_, block)| block.width).max().unwrap_or_default();
            across.columns.push((x, width));
            x += width;
        }
        across.channels.push(x + MARGIN);
        across
    }

    /// Where the labels of a channel begin that begins at `x`.
    fn labels(routes: &Routes, channel: usize, x: i32) -> i32 {
        x + MARGIN + TRACK * tracks(&routes.leaving, channel)
    }

    /// Where the tracks for entering begin in a channel that begins at `x`.
    fn entering(routes: &Routes, channel: usize, x: i32) -> i32 {
        let labels = if routes.labelled.contains(&channel) { LABEL + 8 } else { 0 };
        Self::labels(routes, channel, x) + labels
    }

    fn channel(&self, channel: usize) -> i32 {
        self.channels.get(channel).copied().unwrap_or_default()
    }
}

fn tracks(of: &BTreeMap<usize, Vec<usize>>, channel: usize) -> i32 {
    of.get(&channel).map_or(0, |blocks| blocks.iter().map(|_| 1).sum())
}

/// What stands where from the top down.
struct Down {
    /// The upper edge of each corridor.
    corridors: Vec<i32>,
    /// The centre line of each row.
    rows: Vec<i32>,
    /// The upper edge and the height of each lane.
    lanes: Vec<(i32, i32)>,
}

impl Down {
    fn of(drawing: &Drawing, grid: &Grid, routes: &Routes) -> Self {
        let mut down = Self { corridors: Vec::new(), rows: Vec::new(), lanes: Vec::new() };
        let mut y = 0;
        for (number, lane) in drawing.lanes.iter().enumerate() {
            let top = y;
            for row in (0..).zip(&grid.rows).filter(|(_, of)| **of == number).map(|(row, _)| row) {
                let (up, under) = reach(drawing, grid, routes, row);
                down.corridors.push(y);
                y += corridor(routes, above(row)) + up;
                down.rows.push(y);
                y += under;
                down.corridors.push(y);
                y += corridor(routes, below(row));
            }
            y = y.max(top + heading(&lane.name));
            down.lanes.push((top, y - top));
        }
        down
    }

    fn row(&self, row: usize) -> i32 {
        self.rows.get(row).copied().unwrap_or_default()
    }
}

/// The height that the name of a lane takes: a long one is folded, and two lines fit the strip.
fn heading(name: &str) -> i32 {
    let width = area::width(name);
    if width <= 240 { width + MARGIN } else { width * 3 / 5 + MARGIN }
}

/// How far the blocks and labels of a row reach above its centre line, and below.
fn reach(drawing: &Drawing, grid: &Grid, routes: &Routes, row: usize) -> (i32, i32) {
    let blocks = (0..).zip(&drawing.blocks);
    let mine = blocks.filter(|(number, _)| grid.cells.get(number).is_some_and(|c| c.row == row));
    let (ups, downs): (Vec<i32>, Vec<i32>) = mine.map(|(_, b)| (b.up, b.down)).unzip();
    let label = routes.label_of_row.get(&row).copied().unwrap_or_default();
    let up = ups.into_iter().max().unwrap_or_default().max(label);
    (up, downs.into_iter().max().unwrap_or_default() + MARGIN / 2)
}

fn corridor(routes: &Routes, corridor: usize) -> i32 {
    let heights = routes.corridors.get(&corridor).into_iter().flatten();
    MARGIN / 2 + heights.sum::<i32>()
}

struct Lay<'l> {
    grid: &'l Grid,
    routes: &'l Routes,
    across: &'l Across,
    down: &'l Down,
}

impl Lay<'_> {
    fn out(&self, mut drawing: Drawing, wires: &[Wire]) -> Sheet {
        let blocks = (0..).zip(std::mem::take(&mut drawing.blocks));
        drawing.blocks = blocks.map(|(number, block)| self.block(number, block)).collect();
        let flows = std::mem::take(&mut drawing.flows).into_iter();
        let ways = wires.iter().zip(&self.routes.ways);
        drawing.flows = flows
            .zip(ways)
            .map(|(flow, (wire, way))| self.flow(flow, *wire, *way, &drawing.blocks))
            .collect();
        let right = self.across.channel(self.grid.columns);
        let height = self.down.lanes.iter().map(|(_, height)| height).sum();
        let pool = Area { x: 0, y: 0, width: right, height };
        let places = self.down.lanes.iter().map(|(y, height)| Area {
            x: STRIP,
            y: *y,
            width: right - STRIP,
            height: *height,
        });
        let lanes = drawing.lanes.clone().into_iter().zip(places).collect();
        Sheet { drawing, pool, lanes }
    }

    fn block(&self, number: usize, block: Block) -> Block {
        let cell = self.cell(number);
        let (x, width) = self.across.columns.get(cell.column).copied().unwrap_or_default();
        let by = Point { x: x + (width - block.width) / 2, y: self.down.row(cell.row) };
        block.moved(by)
    }

    fn cell(&self, number: usize) -> Cell {
        self.grid.cells.get(&number).copied().unwrap_or_default()
    }

    fn flow(&self, flow: Flow, wire: Wire, way: Way, blocks: &[Block]) -> Flow {
        let node = |id: &str| {
            let nodes = blocks.iter().flat_map(|block| &block.nodes);
            nodes.filter(|node| node.id == id).map(|node| node.area).next().unwrap_or_default()
        };
        let ends = (node(&flow.from), node(&flow.to));
        let (way, label) = self.line(&flow.name, wire, way, ends);
        let label = Some(label).filter(|_| !flow.name.is_empty());
        Flow { way, label, ..flow }
    }

    /// The points of a line, and the room for its label.
    fn line(&self, name: &str, wire: Wire, way: Way, ends: (Area, Area)) -> (Vec<Point>, Area) {
        let (from, to) = ends;
        let (start, end) = (from.middle(), Point { x: to.x, y: to.middle().y });
        let right = Point { x: from.right(), ..start };
        let beside = |y: i32| {
            let high = lines(name, LABEL) * LINE + 2;
            label(name, Point { x: self.labels(wire) + NEAR, y: y - high }, LABEL)
        };
        let (bus, merge) = (self.bus(wire), self.merge(wire));
        let bend = |x: i32| vec![right, Point { x, y: right.y }, Point { x, y: end.y }, end];
        match way {
            Way::Straight => (vec![right, end], beside(right.y)),
            Way::Late => (bend(merge), beside(right.y)),
            Way::Early => (bend(bus), beside(end.y)),
            Way::Across { leaves, corridor, track } => {
                let y = self.track(corridor, track);
                let (first, x) = match leaves {
                    Leaves::Right => (vec![right], bus),
                    Leaves::Top => (vec![Point { x: start.x, y: from.y }], start.x),
                    Leaves::Bottom => (vec![Point { x: start.x, y: from.bottom() }], start.x),
                };
                let turn =
                    if leaves == Leaves::Right { vec![Point { x, y: right.y }] } else { vec![] };
                let last =
                    [Point { x, y }, Point { x: merge, y }, Point { x: merge, y: end.y }, end];
                let way = [first, turn, last.to_vec()].concat();
                (way, self.label_across(name, wire, leaves, x, y))
            }
        }
    }

    /// A label above its line in a corridor, beside the place where the line comes in.
    fn label_across(&self, name: &str, wire: Wire, leaves: Leaves, x: i32, y: i32) -> Area {
        let within = if leaves == Leaves::Bottom { LABEL_ACROSS } else { LABEL };
        let high = lines(name, within) * LINE + 2;
        let room = label(name, Point { x: 0, y: y - high }, within);
        let x = match leaves {
            Leaves::Right => self.labels(wire) + NEAR,
            Leaves::Top => x - room.width - NEAR,
            Leaves::Bottom => x + NEAR,
        };
        Area { x, ..room }
    }

    /// Where the labels of lines begin that leave a block to the right.
    fn labels(&self, wire: Wire) -> i32 {
        let column = self.cell(wire.from).column + 1;
        Across::labels(self.routes, column, self.across.channel(column))
    }

    /// The track on which lines leave a block.
    fn bus(&self, wire: Wire) -> i32 {
        let channel = self.cell(wire.from).column + 1;
        let first = self.across.channel(channel) + MARGIN;
        first + TRACK * place(&self.routes.leaving, channel, wire.from)
    }

    /// The track on which lines enter a block.
    fn merge(&self, wire: Wire) -> i32 {
        let channel = self.cell(wire.to).column;
        let first = Across::entering(self.routes, channel, self.across.channel(channel));
        first + TRACK * place(&self.routes.entering, channel, wire.to)
    }

    /// The line of a track of a corridor: at its lower edge, with the label above.
    fn track(&self, corridor: usize, track: usize) -> i32 {
        let top = self.down.corridors.get(corridor).copied().unwrap_or_default();
        let heights = self.routes.corridors.get(&corridor).into_iter().flatten();
        top + heights.take(track + 1).sum::<i32>()
    }
}

fn place(of: &BTreeMap<usize, Vec<usize>>, channel: usize, block: usize) -> i32 {
    let blocks = of.get(&channel).into_iter().flatten();
    blocks.take_while(|other| **other != block).map(|_| 1).sum()
}
