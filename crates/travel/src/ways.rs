//! What is told of many places: how far each lies from each, as far as was asked, and why some are
//! not told. Nothing that cannot be reached looks like something that is merely far.

use crate::fault::{Fault, Given};

/// How a place stands to the streets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It lies on a street.
    On {
        /// Metres to the street, begun ones whole.
        metres: u32,
        /// The part of the network, by its place among [`crate::Network::parts`].
        part: u32,
    },
    /// It lies farther from any street than is assumed.
    Far,
    /// It lies outside of the area of the extract.
    Outside,
}

/// How one place lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// So many metres, or milliseconds.
    Within(u32),
    /// There is a way, and it is longer than was asked for.
    Beyond,
    /// Streets are one way, and none leads there.
    NoWay,
    /// Their streets do not hang together.
    Apart,
    /// One of them lies on no street.
    OffStreet,
    /// There is no such place.
    Unknown,
}

/// Ways from many places to many, with what they cost where that is within what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    pub(crate) from: Vec<Standing>,
    pub(crate) to: Vec<Standing>,
    /// For each start its ends within reach, in order, with what the way costs.
    pub(crate) rows: Vec<Vec<(u32, u32)>>,
    /// Pairs on streets that hang together, between which no way leads; in order.
    pub(crate) no_way: Vec<(u32, u32)>,
    /// How many metres a place may lie from a street.
    pub(crate) street_metres_max: u32,
}

impl Ways {
    /// The starts, in the order in which they were given.
    pub fn from(&self) -> &[Standing] {
        &self.from
    }

    /// The ends, in the order in which they were given.
    pub fn to(&self) -> &[Standing] {
        &self.to
    }

    /// The ends within reach of a start, counted from 0 and in order, each with what the way costs:
    /// metres, begun ones whole, or milliseconds.
    pub fn row(&self, from: usize) -> &[(u32, u32)] {
        self.rows.get(from).map(Vec::as_slice).unwrap_or_default()
    }

    /// All ways within reach: start, end and cost, in that order.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32, u32)> {
        let rows = (0..).zip(&self.rows);
        rows.flat_map(|(from, row)| row.iter().map(move |(to, cost)| (from, *to, *cost)))
    }

    /// Pairs between which no way leads though their streets hang together.
    pub fn no_way(&self) -> &[(u32, u32)] {
        &self.no_way
    }

    /// How one place lies to another, counted from 0.
    pub fn between(&self, from: usize, to: usize) -> Between {
        let (Some(start), Some(end)) = (self.from.get(from), self.to.get(to)) else {
            return Between::Unknown;
        };
        let (Standing::On { part, .. }, Standing::On { part: other, .. }) = (start, end) else {
            return Between::OffStreet;
        };
        let number = |own: usize| u32::try_from(own).unwrap_or(u32::MAX);
        let row = self.row(from);
        match row.binary_search_by_key(&number(to), |own| own.0) {
            Ok(found) => row.get(found).map_or(Between::Unknown, |own| Between::Within(own.1)),
            Err(_) if part != other => Between::Apart,
            Err(_) if self.no_way.binary_search(&(number(from), number(to))).is_ok() => {
                Between::NoWay
            }
            Err(_) => Between::Beyond,
        }
    }

    /// What somebody must know who reads the costs: places that could not be put on a street, that
    /// lie on streets apart from the largest part, and pairs without a way.
    pub fn faults(&self) -> Vec<Fault> {
        let metres = self.street_metres_max;
        let which = |meant: fn(&Standing) -> bool| {
            let starts = self.from.iter().zip(1..).filter(move |(own, _)| meant(own));
            let ends = self.to.iter().zip(1..).filter(move |(own, _)| meant(own));
            let starts = starts.map(|(_, number)| Given::From(number));
            starts.chain(ends.map(|(_, number)| Given::To(number))).collect::<Vec<_>>()
        };
        let outside = which(|own| *own == Standing::Outside);
        let far = which(|own| *own == Standing::Far);
        let apart = which(|own| matches!(own, Standing::On { part, .. } if *part > 0));
        let mut faults = Vec::new();
        if !outside.is_empty() {
            faults.push(Fault::Outside(outside));
        }
        if !far.is_empty() {
            faults.push(Fault::FarFromStreets { places: far, metres });
        }
        if !apart.is_empty() {
            faults.push(Fault::Apart(apart));
        }
        let given = |own: u32| usize::try_from(own).unwrap_or(usize::MAX).saturating_add(1);
        faults.extend(self.no_way.first().map(|(from, to)| Fault::NoWay {
            from: Given::From(given(*from)),
            to: Given::To(given(*to)),
            pairs: self.no_way.len(),
        }));
        faults
    }
}
