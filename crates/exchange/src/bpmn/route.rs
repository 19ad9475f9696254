//! Which way each flow takes between the blocks.
//!
//! Blocks stand in a grid. Before each column there is a channel for lines that go up and down,
//! above and below each row a corridor for lines that go across. A line leaves a block to the right
//! into the channel, or from an event on a task's lower edge into the corridor below, or, when it
//! goes back, from the top into the corridor above; it enters a block from the left. So no line
//! crosses a block, and lines that run side by side each have a track of their own; only what
//! leaves one block together, or enters one block together, shares a track.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{Cell, Grid};

/// Where a line leaves its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Right,
    /// From an event on the lower edge.
    Below,
}

/// A flow between two blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) exit: Exit,
    /// The height of its label; none when it has no name.
    pub(super) label: i32,
}

/// The way of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Along the row.
    Straight,
    /// Along its own row, then to the row of the target in the target's channel.
    Late,
    /// To the row of the target in its own channel, then along that row.
    Early,
    /// Along a corridor.
    Across { leaves: Leaves, corridor: usize, track: usize },
}

/// How a line comes to its corridor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    Right,
    Top,
    Bottom,
}

/// The ways of all lines, and the tracks they need.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) ways: Vec<Way>,
    /// Of each channel the blocks that lines leave by a track of it, from left to right.
    pub(super) leaving: BTreeMap<usize, Vec<usize>>,
    /// Of each channel the blocks that lines enter by a track of it, from left to right.
    pub(super) entering: BTreeMap<usize, Vec<usize>>,
    /// Of each corridor the height of each track, from the top.
    pub(super) corridors: BTreeMap<usize, Vec<i32>>,
    /// The channels in which a label stands, and the height of the tallest label of each row.
    pub(super) labelled: BTreeSet<usize>,
    pub(super) label_of_row: BTreeMap<usize, i32>,
}

/// The height of a track without a label, and the room around one.
const TRACK: i32 = 12;

/// The corridor above a row, in the same lane.
pub(super) fn above(row: usize) -> usize {
    2 * row
}

/// The corridor below a row, in the same lane.
pub(super) fn below(row: usize) -> usize {
    2 * row + 1
}

/// Finds a way for every line.
pub(super) fn route(grid: &Grid, wires: &[Wire]) -> Routes {
    let mut search = Search {
        grid,
        wires,
        runs: BTreeMap::new(),
        spans: BTreeMap::new(),
        left_of: BTreeSet::new(),
    };
    let mut routes = Routes::default();
    let mut named: BTreeSet<Cell> = BTreeSet::new();
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for wire in wires {
        let (from, to) = (search.cell(wire.from), search.cell(wire.to));
        let alone = pairs.insert((wire.from, wire.to));
        let along = if alone { search.along(wire, from, to) } else { None };
        let along = along.filter(|way| {
            let row = if *way == Way::Early { to.row } else { from.row };
            wire.label == 0 || named.insert(Cell { column: from.column, row })
        });
        let way = along.unwrap_or_else(|| search.across(wire, from, to, &mut routes));
        search.keep(wire, way, from, to);
        routes.keep(wire, way, from, to);
    }
    routes.order(&search.left_of);
    routes
}

struct Search<'g> {
    grid: &'g Grid,
    wires: &'g [Wire],
    /// Whose line runs through a free cell: the block that all such lines come from or go to.
    runs: BTreeMap<Cell, usize>,
    /// What is taken of each track of each corridor.
    spans: BTreeMap<(usize, usize), Vec<(usize, usize)>>,
    /// Of which two blocks of a column the first must have its track left of the second's: a line
    /// that comes along the row of another block would otherwise lie upon that block's own lines.
    left_of: BTreeSet<(usize, usize)>,
}

impl Search<'_> {
    fn cell(&self, block: usize) -> Cell {
        self.grid.cells.get(&block).copied().unwrap_or_default()
    }

    /// The way along a row, where there is one with nothing in it.
    fn along(&mut self, wire: &Wire, from: Cell, to: Cell) -> Option<Way> {
        if wire.exit == Exit::Below || to.column <= from.column {
            return None;
        }
        let free = |row, until, block| {
            let mut columns = from.column + 1..until;
            let own = |column| self.runs.get(&Cell { column, row }).is_none_or(|b| *b == block);
            self.grid.clear(row, columns.clone()) && columns.all(own)
        };
        if from.row == to.row {
            return free(from.row, to.column, wire.to).then_some(Way::Straight);
        }
        let leaving = self.wires.iter().filter(|w| w.from == wire.from && w.exit == Exit::Right);
        if leaving.count() == 1 && free(from.row, to.column + 1, wire.from) {
            return Some(Way::Late);
        }
        let early = free(to.row, to.column, wire.to) && self.yields(wire.from, from, to);
        early.then_some(Way::Early)
    }

    /// Gives way to the lines of the block whose row a line comes along; false when that block
    /// must itself give way.
    fn yields(&mut self, block: usize, from: Cell, to: Cell) -> bool {
        let beside = Cell { column: from.column, row: to.row };
        let other = self.grid.cells.iter().find(|(_, cell)| **cell == beside);
        let Some(other) = other.map(|(other, _)| *other) else { return true };
        let mut left = BTreeSet::from([block]);
        while !left.contains(&other) {
            let more = self.left_of.iter().filter(|(l, r)| left.contains(l) && !left.contains(r));
            let more: Vec<usize> = more.map(|(_, right)| *right).collect();
            if more.is_empty() {
                self.left_of.insert((other, block));
                return true;
            }
            left.extend(more);
        }
        false
    }

    /// The way along a corridor: the one at the target's row that is nearer.
    fn across(&mut self, wire: &Wire, from: Cell, to: Cell, routes: &mut Routes) -> Way {
        let back = to.column <= from.column;
        let (leaves, corridor) = match wire.exit {
            Exit::Below => (Leaves::Bottom, below(from.row)),
            Exit::Right if back => (Leaves::Top, above(from.row)),
            Exit::Right if to.row < from.row => (Leaves::Right, below(to.row)),
            Exit::Right => (Leaves::Right, above(to.row)),
        };
        let start = if leaves == Leaves::Right { 2 * from.column + 2 } else { 2 * from.column + 1 };
        let end = 2 * to.column;
        let track = self.track(corridor, start.min(end), start.max(end));
        let heights = routes.corridors.entry(corridor).or_default();
        heights.resize(heights.len().max(track + 1), TRACK);
        if let Some(height) = heights.get_mut(track) {
            *height = (*height).max(TRACK + wire.label);
        }
        Way::Across { leaves, corridor, track }
    }

    /// The first track of a corridor that is free from one place to another.
    fn track(&mut self, corridor: usize, left: usize, right: usize) -> usize {
        let mut track = 0;
        loop {
            let taken = self.spans.entry((corridor, track)).or_default();
            if taken.iter().all(|(from, to)| right < *from || *to < left) {
                taken.push((left, right));
                return track;
            }
            track += 1;
        }
    }

    /// Marks the free cells that a line runs through.
    fn keep(&mut self, wire: &Wire, way: Way, from: Cell, to: Cell) {
        let (row, until, block) = match way {
            Way::Straight | Way::Early => (to.row, to.column, wire.to),
            Way::Late => (from.row, to.column + 1, wire.from),
            Way::Across { .. } => return,
        };
        for column in from.column + 1..until {
            self.runs.insert(Cell { column, row }, block);
        }
    }
}

impl Routes {
    /// Notes which tracks and labels a line needs.
    fn keep(&mut self, wire: &Wire, way: Way, from: Cell, to: Cell) {
        let leaves = matches!(way, Way::Early | Way::Across { leaves: Leaves::Right, .. });
        let enters = matches!(way, Way::Late | Way::Across { .. });
        if leaves {
            add(self.leaving.entry(from.column + 1).or_default(), wire.from);
        }
        if enters {
            add(self.entering.entry(to.column).or_default(), wire.to);
        }
        if wire.label > 0 && wire.exit == Exit::Right {
            self.labelled.insert(from.column + 1);
        }
        if !matches!(way, Way::Across { .. }) {
            let row = if way == Way::Early { to.row } else { from.row };
            let tallest = self.label_of_row.entry(row).or_default();
            *tallest = (*tallest).max(wire.label);
        }
        self.ways.push(way);
    }

    /// Orders the tracks on which lines leave.
    fn order(&mut self, left_of: &BTreeSet<(usize, usize)>) {
        for blocks in self.leaving.values_mut() {
            let mut rest = std::mem::take(blocks);
            while !rest.is_empty() {
                let free = |block: &usize| !rest.iter().any(|b| left_of.contains(&(*b, *block)));
                let first = rest.iter().position(free).unwrap_or_default();
                blocks.push(rest.remove(first));
            }
        }
    }
}

fn add(blocks: &mut Vec<usize>, block: usize) {
    if !blocks.contains(&block) {
        blocks.push(block);
    }
}
