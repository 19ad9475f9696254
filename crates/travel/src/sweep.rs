//! What many starts cost to many ends, some starts at a time.
//!
//! In a hierarchy the least way from any point goes up and then down. So each start looks up
//! through the points above it, and then one sweep goes down through all points above any end. The
//! sweep reads each arc once for [`LANES`] starts (as in Delling, Goldberg and Werneck, *Faster
//! Batched Shortest Paths in Road Networks*, 2011); the query of the crate `cch` reads it once for
//! each point that a start leads to.

use std::{cmp::Reverse, collections::BinaryHeap};

use cch::{Cch, INF_WEIGHT, Metric};

use crate::turns::index;

/// How many starts are swept together.
pub(crate) const LANES: usize = 16;
/// Whoever has nobody above.
const ROOT: u32 = u32::MAX;

/// What each of some starts costs to a point.
pub(crate) type Costs = [u32; LANES];

/// The points above any end.
#[derive(Debug)]
pub(crate) struct Sweep<'a> {
    cch: &'a Cch,
    metric: &'a Metric,
    /// The highest first.
    above: Vec<u32>,
    ends: Vec<u32>,
}

/// What is known of each point while starts are swept: nothing, between two sweeps.
#[derive(Debug)]
pub(crate) struct Slate(Vec<Costs>);

impl<'a> Sweep<'a> {
    /// A sweep to points of the network.
    pub(crate) fn new(cch: &'a Cch, metric: &'a Metric, ends: &[u32]) -> Self {
        let rank = |own: &u32| cch.rank.get(index(*own)).copied();
        let ends: Vec<u32> = ends.iter().filter_map(rank).collect();
        let mut above = all_above(cch, &ends);
        above.reverse();
        Self { cch, metric, above, ends }
    }

    pub(crate) fn slate(&self) -> Slate {
        Slate(vec![[INF_WEIGHT; LANES]; self.cch.node_count()])
    }

    /// What each start costs to each end, [`INF_WEIGHT`] where no way leads. A start is what some
    /// points cost from it; no more than [`LANES`] are looked at.
    pub(crate) fn costs(&self, starts: &[Vec<(u32, u32)>], slate: &mut Slate) -> Vec<Costs> {
        let mut touched = Vec::new();
        for (lane, start) in starts.iter().take(LANES).enumerate() {
            touched.extend(self.up(lane, start, slate));
        }
        for point in &self.above {
            self.down(*point, slate);
        }
        let known = |own: &u32| slate.0.get(index(*own)).copied();
        let told = self.ends.iter().map(|own| known(own).unwrap_or([INF_WEIGHT; LANES])).collect();
        for point in touched.iter().chain(&self.above) {
            if let Some(own) = slate.0.get_mut(index(*point)) {
                *own = [INF_WEIGHT; LANES];
            }
        }
        told
    }

    /// Looks up from a start; tells which points it came to.
    fn up(&self, lane: usize, start: &[(u32, u32)], slate: &mut Slate) -> Vec<u32> {
        let ranked = |own: &(u32, u32)| Some((*self.cch.rank.get(index(own.0))?, own.1));
        let begun: Vec<(u32, u32)> = start.iter().filter_map(ranked).collect();
        for (point, cost) in &begun {
            slate.lower(*point, lane, *cost);
        }
        let points: Vec<u32> = begun.iter().map(|own| own.0).collect();
        let above = all_above(self.cch, &points);
        for point in &above {
            let own = slate.0.get(index(*point)).and_then(|own| own.get(lane));
            let Some(own) = own.filter(|own| **own < INF_WEIGHT).copied() else { continue };
            for (head, weight) in self.arcs(*point, &self.metric.forward) {
                // Neither is more than `INF_WEIGHT`, half of what fits.
                slate.lower(*head, lane, own.wrapping_add(*weight));
            }
        }
        above
    }

    /// Takes what the points above say of the ways down to a point.
    fn down(&self, point: u32, slate: &mut Slate) {
        let Some(mut best) = slate.0.get(index(point)).copied() else { return };
        for (head, weight) in self.arcs(point, &self.metric.backward) {
            let Some(above) = slate.0.get(index(*head)) else { continue };
            for (best, cost) in best.iter_mut().zip(above) {
                *best = (*best).min(cost.wrapping_add(*weight));
            }
        }
        if let Some(own) = slate.0.get_mut(index(point)) {
            *own = best;
        }
    }

    /// The points right above another with what the arcs cost.
    fn arcs<'b>(
        &'b self,
        point: u32,
        weights: &'b [u32],
    ) -> impl Iterator<Item = (&'b u32, &'b u32)> {
        let first = |own: usize| self.cch.up_first_out.get(own).copied().map_or(0, index);
        let arcs = first(index(point))..first(index(point) + 1);
        let heads = self.cch.up_head.get(arcs.clone()).unwrap_or_default();
        heads.iter().zip(weights.get(arcs).unwrap_or_default())
    }
}

impl Slate {
    fn lower(&mut self, point: u32, lane: usize, cost: u32) {
        if let Some(own) = self.0.get_mut(index(point)).and_then(|own| own.get_mut(lane)) {
            *own = (*own).min(cost);
        }
    }
}

/// Points with all above them, the lowest first.
fn all_above(cch: &Cch, points: &[u32]) -> Vec<u32> {
    let mut heap: BinaryHeap<Reverse<u32>> = points.iter().copied().map(Reverse).collect();
    let mut above: Vec<u32> = Vec::new();
    // Whoever is above has a higher number, so whoever comes twice does so one after the other.
    while let Some(Reverse(point)) = heap.pop() {
        if above.last() == Some(&point) {
            continue;
        }
        above.push(point);
        let parent = cch.elimination_tree_parent.get(index(point)).copied();
        heap.extend(parent.filter(|own| *own != ROOT).map(Reverse));
    }
    above
}
