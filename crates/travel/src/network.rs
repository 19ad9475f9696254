//! The network: streets between the points that matter, where streets meet or end, each with its
//! length and the time it takes in either direction.

use std::io::{BufRead, BufReader, Read};

use base::Point;
use sha2::{Digest, Sha256};

use crate::extract::{Extract, Turn};
use crate::fault::Fault;
use crate::mode::{Assumed, Mode, Pace};
use crate::turns::{self, CarriedOut, Rule, index};
use crate::{pbf, xml};

/// The longest street between two points that matter, in millimetres and in milliseconds: a
/// thousand kilometres, and eleven days.
const STREET_MAX: u64 = 1_000_000_000;
/// No point yet.
const NONE: u32 = u32::MAX;

/// A street between two points that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Street {
    /// The way it is part of.
    pub(crate) way: i64,
    /// Its first corner.
    pub(crate) first: u32,
    /// Its last corner.
    pub(crate) last: u32,
    /// The point it begins at.
    pub(crate) from: u32,
    /// The point it ends at.
    pub(crate) to: u32,
    /// Millimetres.
    pub(crate) length: u64,
    /// Milliseconds as it is drawn, where it may be used so.
    pub(crate) ahead: Option<u32>,
    /// Milliseconds against it.
    pub(crate) back: Option<u32>,
    /// Whether a place can lie on it.
    pub(crate) stops: bool,
    /// The part of the network it belongs to.
    pub(crate) part: u32,
}

/// A corner of a street, or one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corner {
    pub(crate) at: Point,
    /// Millimetres from the street's beginning.
    pub(crate) along: u64,
}

/// A street in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arc {
    pub(crate) tail: u32,
    pub(crate) street: u32,
    pub(crate) back: bool,
    pub(crate) head: u32,
}

/// Streets that hang together, whatever their directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many points matter in it.
    pub points: u32,
    /// How many streets lie between them.
    pub streets: u32,
    /// How long these are together, in metres.
    pub metres: u64,
    /// One of the points.
    pub at: Point,
}

/// What an extract says and the network does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Points of ways that the extract does not have: it cuts ways at its edge.
    pub points: u32,
    /// Rules of turning that lead by way of another way, that are between ways which do not end at
    /// their point, or that say nothing known.
    pub turns: u32,
}

/// Streets for one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    mode: Mode,
    assumed: Assumed,
    /// Where each point lies.
    pub(crate) nodes: Vec<Point>,
    pub(crate) streets: Vec<Street>,
    pub(crate) corners: Vec<Corner>,
    /// By where they begin.
    pub(crate) arcs: Vec<Arc>,
    /// Points with those added for rules of turning, in order.
    copies: Vec<(u32, u32)>,
    parts: Vec<Part>,
    left_out: LeftOut,
}

impl Network {
    /// Reads an extract, PBF or XML: which of the two its first byte tells.
    ///
    /// # Errors
    /// What is wrong with the extract (1671 to 1679) or with what is assumed (1680). Whatever the
    /// bytes are, they are read or refused.
    pub fn read(bytes: impl Read, mode: Mode, assumed: &Assumed) -> Result<Self, Fault> {
        assumed.sound()?;
        let mut bytes = BufReader::new(bytes);
        let begun = bytes.fill_buf().map_err(|cause| Fault::NoBytes(cause.to_string()))?;
        let mut extract = Extract::new(mode, *assumed);
        let written = begun.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begun).trim_ascii_start();
        if written.starts_with(b"<") {
            xml::read(bytes, &mut extract)?;
        } else {
            pbf::read(bytes, &mut extract)?;
        }
        Plan::new(extract.in_order()?).network(mode, assumed)
    }

    /// How one travels on it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What was assumed.
    pub fn assumed(&self) -> Assumed {
        self.assumed
    }

    /// How many points matter: where streets meet or end, and once more for each street from which
    /// a turn is forbidden.
    pub fn points(&self) -> usize {
        self.nodes.len()
    }

    /// How many streets there are between them.
    pub fn streets(&self) -> usize {
        self.streets.len()
    }

    /// How many there are counted by their directions.
    pub fn arcs(&self) -> usize {
        self.arcs.len()
    }

    /// The parts that do not hang together, the one with the most points first.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What was left out.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// A point with those that stand for it where a turn is forbidden.
    pub(crate) fn alike(&self, node: u32) -> impl Iterator<Item = u32> {
        let from = self.copies.partition_point(|own| own.0 < node);
        let copies = self.copies.iter().skip(from).take_while(move |own| own.0 == node);
        std::iter::once(node).chain(copies.map(|own| own.1))
    }

    /// The SHA-256 of the network with what is assumed: the same for the same streets, from
    /// whichever kind of file and in whichever order.
    pub fn digest(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        let Assumed { walk_metres_a_minute, street_metres_max, part_points_min } = self.assumed;
        sum.update(format!(
            "streets 1 {} {walk_metres_a_minute} {street_metres_max} {part_points_min} {} {} {}\n",
            self.mode.word(),
            self.nodes.len(),
            self.streets.len(),
            self.arcs.len(),
        ));
        for own in &self.nodes {
            sum.update(own.longitude().to_be_bytes());
            sum.update(own.latitude().to_be_bytes());
        }
        for own in &self.streets {
            sum.update(own.way.to_be_bytes());
            sum.update(
                [own.first, own.last, own.from, own.to, own.part].map(u32::to_be_bytes).concat(),
            );
            sum.update(own.length.to_be_bytes());
            let times = [own.ahead, own.back].map(|own| own.unwrap_or(u32::MAX).to_be_bytes());
            sum.update(times.concat());
            sum.update([u8::from(own.stops)]);
        }
        for own in &self.corners {
            sum.update(own.at.longitude().to_be_bytes());
            sum.update(own.at.latitude().to_be_bytes());
        }
        for own in &self.arcs {
            sum.update([own.tail, own.street, own.head].map(u32::to_be_bytes).concat());
            sum.update([u8::from(own.back)]);
        }
        sum.finalize().into()
    }
}

/// A network while it is made.
struct Plan {
    extract: Extract,
    /// How often each point of the extract is used: where it is more than once, streets meet.
    uses: Vec<u8>,
    /// The number of each point of the extract in the network.
    numbers: Vec<u32>,
    nodes: Vec<Point>,
    streets: Vec<Street>,
    corners: Vec<Corner>,
    arcs: Vec<Arc>,
    left_out: LeftOut,
}

impl Plan {
    fn new(extract: Extract) -> Self {
        let count = extract.spots.len();
        let left_out = LeftOut { points: 0, turns: extract.turns_left_out };
        let (nodes, streets, corners, arcs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (uses, numbers) = (vec![0; count], vec![NONE; count]);
        Self { extract, uses, numbers, nodes, streets, corners, arcs, left_out }
    }

    fn network(mut self, mode: Mode, assumed: &Assumed) -> Result<Network, Fault> {
        let chains = self.chains();
        self.count(&chains);
        for (way, chain) in &chains {
            self.cut(*way, chain)?;
        }
        if self.arcs.is_empty() {
            return Err(Fault::NoStreets(mode));
        }
        let rules = self.rules();
        let arcs = std::mem::take(&mut self.arcs);
        let nodes = u32::try_from(self.nodes.len()).map_err(|_| Fault::TooLarge)?;
        let carried_out = turns::carried_out(&self.streets, arcs, &rules, nodes);
        let CarriedOut { mut arcs, added, unclear } = carried_out;
        self.left_out.turns = self.left_out.turns.saturating_add(unclear);
        let places = added.iter().filter_map(|own| self.nodes.get(index(*own)).copied());
        let places: Vec<Point> = places.collect();
        self.nodes.extend(places);
        arcs.sort_unstable();
        let parts = parts(&mut self.streets, &arcs, &added, &self.nodes);
        let least = assumed.part_points_min;
        for street in &mut self.streets {
            let points = parts.get(index(street.part)).map_or(0, |own| own.points);
            street.stops &= points >= least;
        }
        let mut copies: Vec<(u32, u32)> = added.into_iter().zip(nodes..).collect();
        copies.sort_unstable();
        let Self { nodes, streets, corners, left_out, .. } = self;
        let assumed = *assumed;
        Ok(Network { mode, assumed, nodes, streets, corners, arcs, copies, parts, left_out })
    }

    /// The points along each way, cut where the extract has none.
    fn chains(&mut self) -> Vec<(usize, Vec<u32>)> {
        let mut chains = Vec::new();
        let mut missing = 0_u32;
        for (number, way) in self.extract.ways.iter().enumerate() {
            let mut chain: Vec<u32> = Vec::new();
            for id in &way.spots {
                let found = self.extract.find(*id).and_then(|own| u32::try_from(own).ok());
                match found {
                    Some(own) if chain.last() != Some(&own) => chain.push(own),
                    Some(_) => {}
                    None => {
                        missing = missing.saturating_add(1);
                        chains.push((number, std::mem::take(&mut chain)));
                    }
                }
            }
            chains.push((number, chain));
        }
        self.left_out.points = missing;
        chains.retain(|(_, chain)| chain.len() > 1);
        chains
    }

    fn count(&mut self, chains: &[(usize, Vec<u32>)]) {
        let mut used = |own: u32| {
            if let Some(uses) = self.uses.get_mut(index(own)) {
                *uses = uses.saturating_add(1);
            }
        };
        for (_, chain) in chains {
            chain.iter().for_each(|own| used(*own));
            // Its ends matter whether or not anything else begins there.
            chain.first().into_iter().chain(chain.last()).for_each(|own| used(*own));
        }
        for turn in &self.extract.turns {
            if let Some(own) = self.extract.find(turn.spot).and_then(|own| self.uses.get_mut(own)) {
                *own = own.saturating_add(2);
            }
        }
    }

    /// Cuts a way into streets at the points that matter.
    fn cut(&mut self, way: usize, chain: &[u32]) -> Result<(), Fault> {
        let mut piece: Vec<u32> = Vec::new();
        for spot in chain {
            piece.push(*spot);
            let matters = self.uses.get(index(*spot)).is_some_and(|own| *own > 1);
            let stopped = self.extract.spots.get(index(*spot)).is_some_and(|own| own.stopped);
            if piece.len() > 1 && (matters || stopped) {
                self.street(way, &piece)?;
                piece = vec![*spot];
            }
        }
        Ok(())
    }

    fn street(&mut self, way: usize, piece: &[u32]) -> Result<(), Fault> {
        let (Some(way), [from, .., to]) = (self.extract.ways.get(way), piece) else {
            return Ok(());
        };
        let (id, used) = (way.id, way.used);
        let number = u32::try_from(self.streets.len()).map_err(|_| Fault::TooLarge)?;
        let (from, to) = (self.node(*from)?, self.node(*to)?);
        let first = u32::try_from(self.corners.len()).map_err(|_| Fault::TooLarge)?;
        let mut along = 0_u64;
        let mut last: Option<Point> = None;
        for own in piece.iter().filter_map(|own| self.extract.spots.get(index(*own))) {
            along += last.map_or(0, |last| last.millimetres_to(own.at));
            last = Some(own.at);
            self.corners.push(Corner { at: own.at, along });
        }
        let slowest = [used.ahead, used.back].into_iter().flatten();
        let longest = slowest.map(|own| own.milliseconds(along)).max().unwrap_or_default();
        if along > STREET_MAX || longest > STREET_MAX || self.corners.len() >= index(NONE) {
            return Err(Fault::TooLarge);
        }
        let time = |own: Pace| u32::try_from(own.milliseconds(along)).ok();
        let (ahead, back) = (used.ahead.and_then(time), used.back.and_then(time));
        let last = u32::try_from(self.corners.len() - 1).map_err(|_| Fault::TooLarge)?;
        let stops = used.stops;
        let (way, length, part) = (id, along, 0);
        let street = Street { way, first, last, from, to, length, ahead, back, stops, part };
        self.streets.push(street);
        if ahead.is_some() {
            self.arcs.push(Arc { tail: from, street: number, back: false, head: to });
        }
        if back.is_some() {
            self.arcs.push(Arc { tail: to, street: number, back: true, head: from });
        }
        Ok(())
    }

    /// The point of the network; where nobody gets past, each street has its own.
    fn node(&mut self, spot: u32) -> Result<u32, Fault> {
        let next = u32::try_from(self.nodes.len()).map_err(|_| Fault::TooLarge)?;
        let Some(own) = self.extract.spots.get(index(spot)) else { return Err(Fault::TooLarge) };
        let number = self.numbers.get_mut(index(spot)).ok_or(Fault::TooLarge)?;
        if *number != NONE && !own.stopped {
            return Ok(*number);
        }
        *number = next;
        self.nodes.push(own.at);
        Ok(next)
    }

    /// The rules of turning whose ways and points are there.
    fn rules(&mut self) -> Vec<Rule> {
        let rule = |turn: &Turn| {
            let spot = self.extract.find(turn.spot)?;
            let stopped = self.extract.spots.get(spot)?.stopped;
            let node = *self.numbers.get(spot)?;
            let there = node != NONE && !stopped;
            there.then_some(Rule { node, from: turn.from, to: turn.to, only: turn.only })
        };
        self.extract.turns.iter().filter_map(rule).collect()
    }
}

/// Which streets hang together: tells each its part, and counts the parts.
fn parts(streets: &mut [Street], arcs: &[Arc], added: &[u32], nodes: &[Point]) -> Vec<Part> {
    let mut groups = Groups((0..).take(nodes.len()).collect());
    for arc in arcs {
        groups.join(arc.tail, arc.head);
    }
    let first = u32::try_from(nodes.len() - added.len().min(nodes.len())).unwrap_or(NONE);
    for (own, other) in (first..).zip(added) {
        groups.join(own, *other);
    }
    let roots: Vec<u32> = (0..).take(nodes.len()).map(|own| groups.root(own)).collect();
    let mut counts = vec![0_u32; nodes.len()];
    for root in &roots {
        if let Some(own) = counts.get_mut(index(*root)) {
            *own += 1;
        }
    }
    let mut order: Vec<u32> = (0..).take(nodes.len()).collect();
    let count = |own: u32| counts.get(index(own)).copied().unwrap_or_default();
    order.retain(|own| count(*own) > 0);
    order.sort_by_key(|own| (std::cmp::Reverse(count(*own)), *own));
    let mut numbers = vec![NONE; nodes.len()];
    let mut parts = Vec::new();
    for (root, number) in order.iter().zip(0..) {
        let place = numbers.get_mut(index(*root)).zip(nodes.get(index(*root)));
        let Some((own, at)) = place else { continue };
        *own = number;
        parts.push(Part { points: count(*root), streets: 0, metres: 0, at: *at });
    }
    let mut lengths = vec![0_u64; parts.len()];
    for arc in arcs {
        let root = roots.get(index(arc.tail)).copied().unwrap_or(NONE);
        let part = numbers.get(index(root)).copied().unwrap_or(NONE);
        if let Some(street) = streets.get_mut(index(arc.street)) {
            street.part = part;
        }
    }
    for street in streets.iter() {
        if let Some(own) = parts.get_mut(index(street.part)) {
            own.streets += 1;
        }
        if let Some(own) = lengths.get_mut(index(street.part)) {
            *own += street.length;
        }
    }
    for (part, length) in parts.iter_mut().zip(lengths) {
        part.metres = length / 1_000;
    }
    parts
}

/// Points that hang together, each with a step towards the least of its group.
struct Groups(Vec<u32>);

impl Groups {
    fn root(&mut self, mut own: u32) -> u32 {
        loop {
            let up = self.0.get(index(own)).copied().unwrap_or(own);
            if up == own {
                return own;
            }
            let over = self.0.get(index(up)).copied().unwrap_or(up);
            if let Some(step) = self.0.get_mut(index(own)) {
                *step = over;
            }
            own = over;
        }
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(own) = self.0.get_mut(index(one.max(other))) {
            *own = one.min(other);
        }
    }
}
