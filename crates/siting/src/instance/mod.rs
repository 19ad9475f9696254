//! Instances as the literature keeps them, and tables of a city: read or refused, line by line.
//!
//! Whatever the bytes are, the answer is an instance or what is wrong with it, at most
//! [`FAULTS_MAX`] faults at once.

mod cap;
mod cpmp;
pub mod csv;
mod orlib;
mod tsplib;
mod words;

pub use cap::cap;
pub use cpmp::{Capacitated, pmedcap, sjc};
pub use orlib::{Network, pmed};
pub use tsplib::tsplib;

use crate::capacity::Facilities;
use crate::costs::Plane;
use crate::fault::Fault;

/// The most faults told at once.
pub const FAULTS_MAX: usize = 100;

/// What was read.
#[derive(Debug, Clone)]
pub enum Instance {
    /// A network whose points are customers and sites, and how many sites are wanted.
    Network(Network),
    /// Points in the plane that are customers and sites.
    Plane(Plane),
    /// Sites with a capacity and a fixed cost, and customers with a demand.
    Facilities(Facilities),
    /// Points that are customers with a demand and sites with a capacity, and how many are wanted.
    Capacitated(Capacitated),
}

/// How an instance is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OR-Library's pmed: "n m p", then edges "i j cost".
    Pmed,
    /// TSPLIB's points.
    Tsplib,
    /// OR-Library's cap: "m n", "capacity fixed" for each site, then customers.
    Cap,
    /// OR-Library's pmedcap: "number best", "n p capacity", then "i x y demand".
    Pmedcap,
    /// Lorena and Senne's SJC: "n p", then "x y capacity demand".
    Sjc,
}

impl Format {
    /// The format by how the first two lines look; none where they look like nothing known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let mut lines = words::lines(bytes);
        let (_, first) = lines.next()?;
        if first.iter().any(|word| !number_like(word)) {
            return tsplib::looks(bytes).then_some(Self::Tsplib);
        }
        let second = lines.next().map_or(0, |(_, words)| words.len());
        match (first.len(), second) {
            (3, _) => Some(Self::Pmed),
            (2, 2) => Some(Self::Cap),
            (2, 3) => Some(Self::Pmedcap),
            (2, 4) => Some(Self::Sjc),
            _ => None,
        }
    }
}

fn number_like(word: &&[u8]) -> bool {
    word.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte))
}

impl Instance {
    /// An instance in whichever format it is, with the capacity of each site where the text leaves
    /// it open.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, as far as it was read.
    pub fn read(bytes: &[u8], capacity: Option<f64>) -> Result<Self, Vec<Fault>> {
        if words::lines(bytes).next().is_none() {
            return Err(vec![Fault::Empty]);
        }
        match Format::of(bytes).ok_or_else(|| vec![Fault::UnknownFormat])? {
            Format::Pmed => pmed(bytes).map(Self::Network),
            Format::Tsplib => tsplib(bytes).map(Self::Plane),
            Format::Cap => cap(bytes, capacity).map(Self::Facilities),
            Format::Pmedcap => pmedcap(bytes).map(Self::Capacitated),
            Format::Sjc => sjc(bytes).map(Self::Capacitated),
        }
    }
}

/// So many sites can be chosen among so many.
///
/// # Errors
///
/// Where none is wanted, or more than there are.
pub fn wanted(wanted: usize, sites: usize) -> Result<(), Fault> {
    match wanted {
        0 => Err(Fault::NoneWanted),
        _ if wanted > sites => Err(Fault::TooMany { wanted, sites }),
        _ => Ok(()),
    }
}
