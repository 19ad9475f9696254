//! One way from a place to another, with the points that it leads through.

use base::Point;

use crate::fault::{Fault, Given};
use crate::network::{Arc, Street};
use crate::place::{Snapped, part};
use crate::router::{End, Router, cost};
use crate::snap::Put;
use crate::turns::index;

/// A way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What it costs in what is measured: metres, begun ones whole, or milliseconds. It is what
    /// [`Router::table`] tells.
    pub cost: u32,
    /// Its length in metres, begun ones whole, with what is walked to the street and from it.
    pub metres: u32,
    /// How long it takes, in milliseconds, with the same.
    pub milliseconds: u64,
    /// The points along the streets, from where the first is reached to where the last is left.
    pub points: Vec<Point>,
}

/// A stretch of a street: between which millimetres, in which direction.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    street: u32,
    from: u64,
    to: u64,
    back: bool,
}

impl Router<'_> {
    /// The least way from a place to another.
    ///
    /// # Errors
    /// Why there is none: a place lies on no street (1682, 1683), their streets do not hang
    /// together (1684), or none leads there (1685).
    pub fn route(&self, from: Point, to: Point) -> Result<Route, Fault> {
        let start = self.on_street(from, Given::From(1))?;
        let end = self.on_street(to, Given::To(1))?;
        let straight = self.direct(&start, &end).map(u64::from);
        let ways = self.least_ends(&start, &end);
        let (least, stretches) = match (straight, ways) {
            (None, None) => return Err(self.none(&start, &end)),
            (Some(cost), None) => (cost, vec![self.along(&start, &end)]),
            (Some(cost), Some((least, ..))) if cost <= least => {
                (cost, vec![self.along(&start, &end)])
            }
            (_, Some((least, exit, entry))) => (least, self.through(&start, &end, exit, entry)),
        };
        let walked = self.walked(start.off) + self.walked(end.off);
        Ok(self.drawn(&start, &end, &stretches, self.told(least + walked)))
    }

    fn on_street(&self, place: Point, given: Given) -> Result<Snapped, Fault> {
        match self.put(place) {
            Put::On(own) => Ok(own),
            Put::Outside => Err(Fault::Outside(vec![given])),
            Put::Far => {
                let metres = self.network.assumed().street_metres_max;
                Err(Fault::FarFromStreets { places: vec![given], metres })
            }
        }
    }

    fn none(&self, start: &Snapped, end: &Snapped) -> Fault {
        let (from, to) = (Given::From(1), Given::To(1));
        let parts = [(from, self.part_of(start)), (to, self.part_of(end))];
        let apart = parts.into_iter().filter(|(_, part)| *part > 0).map(|(given, _)| given);
        match parts {
            [(_, one), (_, other)] if one != other => Fault::Apart(apart.collect()),
            _ => Fault::NoWay { from, to, pairs: 1 },
        }
    }

    /// By which points the least way leaves the first street and comes to the last.
    fn least_ends(&self, start: &Snapped, end: &Snapped) -> Option<(u64, End, End)> {
        let (exits, entries) = (self.exits(start), self.entries(end));
        let nodes = |ends: &[End]| ends.iter().map(|own| own.node).collect::<Vec<u32>>();
        let costs = self.costs(&nodes(&exits), &nodes(&entries));
        let pairs = exits.iter().flat_map(|exit| entries.iter().map(move |entry| (exit, entry)));
        let there = pairs.zip(costs).filter(|(_, cost)| *cost < cch::INF_WEIGHT);
        let whole = there.map(|((exit, entry), cost)| {
            (u64::from(exit.cost) + u64::from(cost) + u64::from(entry.cost), *exit, *entry)
        });
        whole.min_by_key(|own| own.0)
    }

    /// The way along one street.
    fn along(&self, start: &Snapped, end: &Snapped) -> Stretch {
        let ahead = self.street(start.street).is_some_and(|own| own.ahead.is_some());
        let back = start.along > end.along || start.along == end.along && !ahead;
        Stretch { street: start.street, from: start.along, to: end.along, back }
    }

    /// The way through the network.
    fn through(&self, start: &Snapped, end: &Snapped, exit: End, entry: End) -> Vec<Stretch> {
        let length = |street: u32| self.street(street).map_or(0, |own| own.length);
        let whole = |street: u32, back: bool| {
            let (from, to) = if back { (length(street), 0) } else { (0, length(street)) };
            Stretch { street, from, to, back }
        };
        let leave = |back: bool| Stretch { from: start.along, ..whole(start.street, back) };
        let come = |back: bool| Stretch { to: end.along, ..whole(end.street, back) };
        let nodes = self.nodes_between(exit.node, entry.node);
        let arcs = nodes.windows(2).filter_map(|own| match own {
            [tail, head] => self.least_arc(*tail, *head),
            _ => None,
        });
        let between = arcs.map(|own| whole(own.street, own.back));
        let first = exit.along.map(leave).into_iter();
        first.chain(between).chain(entry.along.map(come)).collect()
    }

    /// The arc that costs least between two points, the first of several.
    fn least_arc(&self, tail: u32, head: u32) -> Option<Arc> {
        let arcs = &self.network.arcs;
        let from = arcs.partition_point(|own| own.tail < tail);
        let arcs = arcs.iter().skip(from).take_while(|own| own.tail == tail);
        let ours = arcs.filter(|own| own.head == head);
        ours.min_by_key(|own| cost(self.network, self.measure, own)).copied()
    }

    fn drawn(&self, start: &Snapped, end: &Snapped, way: &[Stretch], cost: u32) -> Route {
        let mut points = vec![start.at];
        let walk = self.network.assumed().walk_pace();
        let mut length = start.off + end.off;
        let mut milliseconds = walk.milliseconds(start.off) + walk.milliseconds(end.off);
        for own in way {
            let Some(street) = self.street(own.street) else { continue };
            length += own.from.abs_diff(own.to);
            milliseconds += time(street, own);
            points.extend(self.corners(street, own));
        }
        points.push(end.at);
        points.dedup();
        let metres = u32::try_from(length.div_ceil(1_000)).unwrap_or(u32::MAX);
        Route { cost, metres, milliseconds, points }
    }

    /// The corners of a stretch, in the direction of the way.
    fn corners(&self, street: &Street, own: &Stretch) -> Vec<Point> {
        let corners = self.network.corners.get(index(street.first)..=index(street.last));
        let within = own.from.min(own.to)..=own.from.max(own.to);
        let corners = corners.unwrap_or_default().iter();
        let corners = corners.filter(|corner| within.contains(&corner.along));
        let mut points: Vec<Point> = corners.map(|corner| corner.at).collect();
        if own.back {
            points.reverse();
        }
        points
    }
}

/// How long a stretch takes.
fn time(street: &Street, own: &Stretch) -> u64 {
    let whole = if own.back { street.back } else { street.ahead };
    let until = |along: u64| u64::from(part(whole.unwrap_or_default(), along, street.length));
    until(own.from).abs_diff(until(own.to))
}
