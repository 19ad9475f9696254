//! Least distances and times between many places, by customizable contraction hierarchies
//! (Dibbelt, Strasser and Wagner, *Customizable Contraction Hierarchies*, 2016): points are put in
//! an order once for a network, and what is measured is put in afterwards. The crate `cch` does
//! both; what it tells is held against a slow search in the tests.
//!
//! Distances are added up in decimetres and told in metres, begun ones whole, so that what is told
//! is within a number of metres exactly if the way is. Ways of more than 200,000 kilometres or 24
//! days count as none.

use std::{num::NonZero, sync, thread};

use base::Point;
use cch::{Cch, INF_WEIGHT, Metric, graph::Graph};

use crate::fault::Fault;
use crate::network::{Arc, Network, Street};
use crate::place::{Snapped, part};
use crate::snap::{Pieces, Put};
use crate::sweep::{Costs, LANES, Sweep};
use crate::turns::index;
use crate::ways::{Standing, Ways};

/// What is to be least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Metres, those between a place and its street counted.
    Metres,
    /// Milliseconds, those walked between a place and its street counted.
    Time,
}

/// Tells ways on a network.
#[derive(Debug)]
pub struct Router<'a> {
    pub(crate) network: &'a Network,
    pub(crate) measure: Measure,
    shared: sync::Arc<Shared>,
    metric: Metric,
}

/// What does not depend on what is measured.
#[derive(Debug)]
struct Shared {
    pieces: Pieces,
    cch: Cch,
    /// The arcs by their streets and directions: where those of each begin in `of_streets`.
    firsts: Vec<u32>,
    of_streets: Vec<u32>,
}

/// A point of the network from which a place is reached, or that is reached from it, at a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) node: u32,
    pub(crate) cost: u32,
    /// The direction along the place's street, against it or not; none where the place lies there.
    pub(crate) along: Option<bool>,
}

impl<'a> Router<'a> {
    /// Puts the points of a network in order, and the measure in.
    pub fn new(network: &'a Network, measure: Measure) -> Self {
        let pieces = Pieces::new(network);
        let graph = graph(network);
        let cch = Cch::build(&graph, &order(network));
        let (firsts, of_streets) = by_street(network);
        let shared = Shared { pieces, cch, firsts, of_streets };
        Self::of(network, measure, sync::Arc::new(shared))
    }

    /// The same network with another measure; the points stay in their order, so it is quick.
    pub fn with(&self, measure: Measure) -> Self {
        Self::of(self.network, measure, sync::Arc::clone(&self.shared))
    }

    fn of(network: &'a Network, measure: Measure, shared: sync::Arc<Shared>) -> Self {
        let costs: Vec<u32> = network.arcs.iter().map(|arc| cost(network, measure, arc)).collect();
        let metric = shared.cch.customize(&costs);
        Self { network, measure, shared, metric }
    }

    /// What the least way from each start to each end costs, where it costs no more than that:
    /// metres or milliseconds, inclusive.
    ///
    /// # Errors
    /// [`Fault::NoPlaces`] where either list is empty. Places that lie on no street are told in the
    /// answer.
    pub fn table(&self, from: &[Point], to: &[Point], within: u32) -> Result<Ways, Fault> {
        if from.is_empty() || to.is_empty() {
            return Err(Fault::NoPlaces);
        }
        let put = |places: &[Point]| places.iter().map(|own| self.put(*own)).collect::<Vec<Put>>();
        let (starts, ends) = (put(from), put(to));
        let targets = Targets::new(self, &ends);
        let limit = match self.measure {
            Measure::Metres => u64::from(within) * 10,
            Measure::Time => u64::from(within),
        };
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let each = starts.len().div_ceil(workers).max(1);
        let told: Vec<Vec<Row>> = thread::scope(|scope| {
            let chunks = starts.chunks(each);
            let work: Vec<_> =
                chunks.map(|chunk| scope.spawn(|| self.rows(chunk, &targets, limit))).collect();
            let done = work.into_iter().map(thread::ScopedJoinHandle::join);
            done.map(|own| own.unwrap_or_else(|fell| std::panic::resume_unwind(fell))).collect()
        });
        let (rows, none): (Vec<_>, Vec<_>) =
            told.into_iter().flatten().map(|own| (own.near, own.no_way)).unzip();
        let no_way = none.into_iter().zip(0..);
        let no_way = no_way.flat_map(|(ends, from)| ends.into_iter().map(move |to| (from, to)));
        Ok(Ways {
            from: starts.iter().map(|own| self.standing(own)).collect(),
            to: ends.iter().map(|own| self.standing(own)).collect(),
            rows,
            no_way: no_way.collect(),
            street_metres_max: self.network.assumed().street_metres_max,
        })
    }

    fn rows(&self, starts: &[Put], targets: &Targets, limit: u64) -> Vec<Row> {
        let sweep = Sweep::new(&self.shared.cch, &self.metric, &targets.nodes);
        let mut slate = sweep.slate();
        let mut told = Vec::with_capacity(starts.len());
        for starts in starts.chunks(LANES) {
            let exits = |own: &Put| match own {
                Put::On(place) => {
                    self.exits(place).iter().map(|own| (own.node, own.cost)).collect()
                }
                Put::Far | Put::Outside => Vec::new(),
            };
            let exits: Vec<Vec<(u32, u32)>> = starts.iter().map(exits).collect();
            let costs = sweep.costs(&exits, &mut slate);
            let rows = starts.iter().enumerate().map(|(lane, start)| match start {
                Put::On(place) => self.row(place, lane, &costs, targets, limit),
                Put::Far | Put::Outside => Row::default(),
            });
            told.extend(rows);
        }
        told
    }

    fn row(
        &self,
        start: &Snapped,
        lane: usize,
        costs: &[Costs],
        targets: &Targets,
        limit: u64,
    ) -> Row {
        let part = self.part_of(start);
        let mut row = Row::default();
        for (target, number) in targets.places.iter().zip(0..) {
            let Some(Target { place, entries }) = target else { continue };
            let by_points = entries.iter().filter_map(|(node, cost)| {
                let there = *costs.get(index(*node))?.get(lane)?;
                (there < INF_WEIGHT).then(|| u64::from(there) + u64::from(*cost))
            });
            let least = by_points.chain(self.direct(start, place).map(u64::from)).min();
            match least {
                Some(cost) => {
                    let cost = cost + self.walked(start.off) + self.walked(place.off);
                    if cost <= limit {
                        row.near.push((number, self.told(cost)));
                    }
                }
                None if self.part_of(place) == part => row.no_way.push(number),
                None => {}
            }
        }
        row
    }

    pub(crate) fn put(&self, place: Point) -> Put {
        let metres = self.network.assumed().street_metres_max;
        self.shared.pieces.put(self.network, place, metres)
    }

    pub(crate) fn part_of(&self, place: &Snapped) -> u32 {
        self.street(place.street).map_or(u32::MAX, |own| own.part)
    }

    fn standing(&self, put: &Put) -> Standing {
        match put {
            Put::On(own) => {
                let metres = u32::try_from(own.off.div_ceil(1_000)).unwrap_or(u32::MAX);
                Standing::On { metres, part: self.part_of(own) }
            }
            Put::Far => Standing::Far,
            Put::Outside => Standing::Outside,
        }
    }

    pub(crate) fn street(&self, number: u32) -> Option<&'a Street> {
        self.network.streets.get(index(number))
    }

    /// What the way between a place and its street costs.
    pub(crate) fn walked(&self, millimetres: u64) -> u64 {
        match self.measure {
            Measure::Metres => (millimetres + 50) / 100,
            Measure::Time => self.network.assumed().walk_pace().milliseconds(millimetres),
        }
    }

    /// What is counted, as it is told.
    pub(crate) fn told(&self, cost: u64) -> u32 {
        let told = match self.measure {
            Measure::Metres => cost.div_ceil(10),
            Measure::Time => cost,
        };
        u32::try_from(told).unwrap_or(u32::MAX)
    }

    /// The points that are reached from a place along its street, or at which it lies.
    pub(crate) fn exits(&self, place: &Snapped) -> Vec<End> {
        let exit = |back: bool| {
            let arc = self.arcs_of(place.street, back).next()?;
            let (before, rest) = self.halves(place, back)?;
            Some(End { node: arc.head, cost: if back { before } else { rest }, along: Some(back) })
        };
        let along = [false, true].into_iter().filter_map(exit);
        along.chain(self.at(place).map(|node| End { node, cost: 0, along: None })).collect()
    }

    /// The points from which a place is reached along its street, or at which it lies.
    pub(crate) fn entries(&self, place: &Snapped) -> Vec<End> {
        let entries = |back: bool| {
            let halves = self.halves(place, back);
            let cost = halves.map(|(before, rest)| if back { rest } else { before });
            let arcs = self.arcs_of(place.street, back);
            arcs.filter_map(move |arc| Some(End { node: arc.tail, cost: cost?, along: Some(back) }))
        };
        let along = [false, true].into_iter().flat_map(entries);
        let at = self.at(place).flat_map(|own| self.network.alike(own));
        along.chain(at.map(|node| End { node, cost: 0, along: None })).collect()
    }

    /// The points of the network at which a place lies: all streets there are open to it, and not
    /// only the one it was put on.
    fn at(&self, place: &Snapped) -> impl Iterator<Item = u32> + use<> {
        let street = self.street(place.street);
        let from = street.filter(|_| place.along == 0).map(|own| own.from);
        let to = street.filter(|own| place.along == own.length).map(|own| own.to);
        from.into_iter().chain(to)
    }

    /// What the way along one street costs, where both places lie on it.
    pub(crate) fn direct(&self, from: &Snapped, to: &Snapped) -> Option<u32> {
        if from.street != to.street {
            return None;
        }
        let way = |back: bool| {
            let (first, second) = if back { (to, from) } else { (from, to) };
            let costs = self.halves(first, back)?.0..=self.halves(second, back)?.0;
            (first.along <= second.along).then(|| costs.end() - costs.start())
        };
        [way(false), way(true)].into_iter().flatten().min()
    }

    /// What the street costs before a place and behind it, in that direction; none where it may not
    /// be used so.
    fn halves(&self, place: &Snapped, back: bool) -> Option<(u32, u32)> {
        let arc = self.arcs_of(place.street, back).next()?;
        let whole = cost(self.network, self.measure, arc);
        let before = part(whole, place.along, self.street(place.street)?.length);
        Some((before, whole - before))
    }

    fn arcs_of(&self, street: u32, back: bool) -> impl Iterator<Item = &'a Arc> {
        let place = 2 * index(street) + usize::from(back);
        let first = |own: usize| self.shared.firsts.get(own).copied().map_or(0, index);
        let numbers = self.shared.of_streets.get(first(place)..first(place + 1));
        let network = self.network;
        numbers.unwrap_or_default().iter().filter_map(move |own| network.arcs.get(index(*own)))
    }

    /// The points of the least way between two of the network; none where no way leads.
    pub(crate) fn nodes_between(&self, from: u32, to: u32) -> Vec<u32> {
        let (view, metric) = (self.shared.cch.view(), self.metric.view());
        cch::node_path(&view, &metric, from, to).unwrap_or_default()
    }

    /// What it costs from each of these points to each of those, row by row.
    pub(crate) fn costs(&self, from: &[u32], to: &[u32]) -> Vec<u32> {
        cch::distance_matrix(&self.shared.cch.view(), &self.metric.view(), from, to)
    }
}

/// What is told of one start.
#[derive(Debug, Default)]
struct Row {
    near: Vec<(u32, u32)>,
    no_way: Vec<u32>,
}

/// The ends with the points from which they are reached.
struct Targets {
    /// The points, each once, in order.
    nodes: Vec<u32>,
    /// The ends that lie on a street.
    places: Vec<Option<Target>>,
}

/// An end on a street.
struct Target {
    place: Snapped,
    /// Where its points stand among those of all ends, and what it costs from there.
    entries: Vec<(u32, u32)>,
}

impl Targets {
    fn new(router: &Router<'_>, ends: &[Put]) -> Self {
        let entries = |put: &Put| match put {
            Put::On(place) => Some((*place, router.entries(place))),
            Put::Far | Put::Outside => None,
        };
        let places: Vec<Option<(Snapped, Vec<End>)>> = ends.iter().map(entries).collect();
        let reached = places.iter().flatten().flat_map(|(_, own)| own.iter().map(|own| own.node));
        let mut nodes: Vec<u32> = reached.collect();
        nodes.sort_unstable();
        nodes.dedup();
        let stand = |own: &End| {
            let found = nodes.binary_search(&own.node).ok()?;
            Some((u32::try_from(found).ok()?, own.cost))
        };
        let target = |(place, entries): (Snapped, Vec<End>)| Target {
            place,
            entries: entries.iter().filter_map(stand).collect(),
        };
        let places = places.into_iter().map(|own| own.map(target)).collect();
        Self { nodes, places }
    }
}

/// What an arc costs, never nothing: a way through no street at all would have no end.
pub(crate) fn cost(network: &Network, measure: Measure, arc: &Arc) -> u32 {
    let Some(street) = network.streets.get(index(arc.street)) else { return INF_WEIGHT };
    let cost = match measure {
        Measure::Metres => u32::try_from((street.length + 50) / 100).unwrap_or(INF_WEIGHT),
        Measure::Time if arc.back => street.back.unwrap_or(INF_WEIGHT),
        Measure::Time => street.ahead.unwrap_or(INF_WEIGHT),
    };
    cost.max(1)
}

fn graph(network: &Network) -> Graph {
    let mut first_out = vec![0_u32; network.nodes.len() + 1];
    for arc in &network.arcs {
        if let Some(own) = first_out.get_mut(index(arc.tail) + 1) {
            *own += 1;
        }
    }
    let mut sum = 0;
    for own in &mut first_out {
        sum += *own;
        *own = sum;
    }
    let head = network.arcs.iter().map(|own| own.head).collect();
    Graph { first_out, head, weight: vec![1; network.arcs.len()] }
}

/// The order in which points are taken out, by cuts across the map.
#[expect(clippy::cast_precision_loss, reason = "where to cut need not be exact")]
fn order(network: &Network) -> Vec<u32> {
    let least = |of: fn(Point) -> i64| network.nodes.iter().map(|own| of(*own)).min();
    let from = (least(Point::longitude).unwrap_or(0), least(Point::latitude).unwrap_or(0));
    let longitudes = network.nodes.iter().map(|own| (own.longitude() - from.0) as f32);
    let latitudes = network.nodes.iter().map(|own| (own.latitude() - from.1) as f32);
    let (longitudes, latitudes): (Vec<f32>, Vec<f32>) = (longitudes.collect(), latitudes.collect());
    let tails: Vec<u32> = network.arcs.iter().map(|own| own.tail).collect();
    let heads: Vec<u32> = network.arcs.iter().map(|own| own.head).collect();
    let nodes = u32::try_from(network.nodes.len()).unwrap_or(u32::MAX);
    cch::inertial_order(nodes, &tails, &heads, &latitudes, &longitudes)
}

/// The arcs by their streets and directions.
fn by_street(network: &Network) -> (Vec<u32>, Vec<u32>) {
    let place = |own: &Arc| 2 * index(own.street) + usize::from(own.back);
    let mut order: Vec<u32> = (0..).take(network.arcs.len()).collect();
    let arc = |own: &u32| network.arcs.get(index(*own));
    order.sort_by_key(|own| (arc(own).map(place), *own));
    let mut firsts = vec![0_u32; 2 * network.streets.len() + 1];
    for own in &network.arcs {
        if let Some(count) = firsts.get_mut(place(own) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for own in &mut firsts {
        sum += *own;
        *own = sum;
    }
    (firsts, order)
}
