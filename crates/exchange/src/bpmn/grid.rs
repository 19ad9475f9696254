//! Which column and row each block stands in.
//!
//! A block's column is the longest way to it, so that a case goes from left to right; what goes
//! back does not count. A row belongs to one lane, and a block stands in the row of what leads to
//! it where that is free.

use std::collections::{BTreeMap, BTreeSet};

/// A link between two blocks, by their numbers.
pub(super) type Link = (usize, usize);

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cell {
    pub(super) column: usize,
    pub(super) row: usize,
}

/// Where all blocks stand.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) cells: BTreeMap<usize, Cell>,
    pub(super) columns: usize,
    /// The lane of each row.
    pub(super) rows: Vec<usize>,
}

impl Grid {
    /// Places blocks, each given by its lane, in a number of lanes.
    pub(super) fn of(lanes: usize, blocks: &[usize], links: &[Link]) -> Self {
        let walk = Walk::of(blocks.len(), links);
        let columns = columns(blocks.len(), &walk);
        let seats = seats(blocks, &columns, &walk.forward);
        let mut grid = Self::default();
        for lane in 0..lanes {
            let mine = |block: &usize| blocks.get(*block) == Some(&lane);
            let first = grid.rows.len();
            let own: Vec<(&usize, &usize)> = seats.iter().filter(|(b, _)| mine(b)).collect();
            let depth = own.iter().map(|(_, seat)| **seat + 1).max().unwrap_or(1);
            grid.rows.extend(std::iter::repeat_n(lane, depth));
            for (block, seat) in own {
                let column = columns.get(block).copied().unwrap_or_default();
                grid.columns = grid.columns.max(column + 1);
                grid.cells.insert(*block, Cell { column, row: first + seat });
            }
        }
        grid
    }

    /// Whether no block stands in a row in these columns.
    pub(super) fn clear(&self, row: usize, mut columns: std::ops::Range<usize>) -> bool {
        let taken = |column| self.cells.values().any(|cell| *cell == Cell { column, row });
        !columns.any(taken)
    }
}

/// The links that lead on rather than back, and the blocks in an order that follows them.
#[derive(Default)]
struct Walk {
    out: BTreeMap<usize, Vec<usize>>,
    open: BTreeSet<usize>,
    seen: BTreeSet<usize>,
    left: Vec<usize>,
    forward: Vec<Link>,
}

impl Walk {
    fn of(blocks: usize, links: &[Link]) -> Self {
        let mut walk = Self::default();
        for (from, to) in links {
            walk.out.entry(*from).or_default().push(*to);
        }
        for block in 0..blocks {
            walk.visit(block);
        }
        walk.left.reverse();
        walk
    }

    fn visit(&mut self, block: usize) {
        if !self.seen.insert(block) {
            return;
        }
        self.open.insert(block);
        for next in self.out.get(&block).cloned().unwrap_or_default() {
            if !self.open.contains(&next) {
                self.forward.push((block, next));
                self.visit(next);
            }
        }
        self.open.remove(&block);
        self.left.push(block);
    }
}

fn columns(blocks: usize, walk: &Walk) -> BTreeMap<usize, usize> {
    let mut columns: BTreeMap<usize, usize> = (0..blocks).map(|block| (block, 0)).collect();
    for block in &walk.left {
        let column = columns.get(block).copied().unwrap_or_default();
        for (_, to) in walk.forward.iter().filter(|(from, _)| from == block) {
            let at = columns.entry(*to).or_default();
            *at = (*at).max(column + 1);
        }
    }
    columns
}

/// Which row of its lane each block stands in.
fn seats(
    blocks: &[usize],
    columns: &BTreeMap<usize, usize>,
    forward: &[Link],
) -> BTreeMap<usize, usize> {
    let mut order: Vec<(usize, usize, usize)> = columns
        .iter()
        .filter_map(|(block, column)| Some((*column, *block, *blocks.get(*block)?)))
        .collect();
    order.sort_unstable();
    let mut seats = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (column, block, lane) in order {
        let before = forward.iter().filter(|(_, to)| *to == block).map(|(from, _)| from);
        let mut beside = before.filter(|from| blocks.get(**from) == Some(&lane));
        let wished = beside.find_map(|from| seats.get(from)).copied().unwrap_or(0_usize);
        let free = |seat: &usize| !taken.contains(&(lane, column, *seat));
        let seat = (0..=blocks.len()).filter(free).min_by_key(|seat| seat.abs_diff(wished));
        let seat = seat.unwrap_or_default();
        taken.insert((lane, column, seat));
        seats.insert(block, seat);
    }
    seats
}
