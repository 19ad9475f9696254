//! Points that are customers with a demand and sites with a capacity, of which so many are wanted:
//! OR-Library's pmedcap, and the SJC instances of Lorena and Senne.
//!
//! "Capacitated clustering problems by hybrid simulated annealing and tabu search", I. H. Osman and
//! N. Christofides, 1994; "A column generation approach to capacitated p-median problems", L. A. N.
//! Lorena and E. L. F. Senne, 2004.

use super::wanted;
use super::words::{Faults, coordinate, count, lines, number, place, text, whole};
use crate::capacity::Medians;
use crate::fault::Fault;

/// Points that are customers and sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacitated {
    /// Where they are.
    pub points: Vec<(f64, f64)>,
    /// How much each demands.
    pub demand: Vec<u64>,
    /// How much each can serve where it is a site.
    pub capacity: Vec<u64>,
    /// How many sites are wanted.
    pub wanted: usize,
    /// Whether the cost is the floor of the distance, and not the distance itself.
    pub floor: bool,
    /// The value its makers know.
    pub known: Option<f64>,
}

impl Capacitated {
    /// What it costs to serve a customer from a site.
    pub fn cost(&self, customer: usize, site: usize) -> f64 {
        let ((x, y), (u, v)) = (self.points[customer], self.points[site]);
        let apart = ((x - u) * (x - u) + (y - v) * (y - v)).sqrt();
        if self.floor { apart.floor() } else { apart }
    }

    /// What is to be decided.
    pub fn medians(&self) -> Medians {
        let many = self.points.len();
        let row = |customer: usize| (0..many).map(move |site| self.cost(customer, site));
        Medians {
            p: self.wanted,
            capacity: self.capacity.clone(),
            demand: self.demand.clone(),
            costs: (0..many).flat_map(row).collect(),
        }
    }

    fn empty(wanted: usize, floor: bool, known: Option<f64>) -> Self {
        let (points, demand, capacity) = (Vec::new(), Vec::new(), Vec::new());
        Self { points, demand, capacity, wanted, floor, known }
    }
}

/// "number best", "n p capacity", then "i x y demand" for each point.
///
/// # Errors
///
/// All that is wrong with it.
pub fn pmedcap(bytes: &[u8]) -> Result<Capacitated, Vec<Fault>> {
    let one = |fault| vec![fault];
    let mut lines = lines(bytes);
    let (line, first) = lines.next().ok_or_else(|| one(Fault::Empty))?;
    let [_, known] = first[..] else { return Err(one(Fault::NotALine(line))) };
    let known = number(line, known).map_err(one)?;
    let (line, second) = lines.next().ok_or_else(|| one(Fault::NotALine(line)))?;
    let [points, sites, capacity] = second[..] else { return Err(one(Fault::NotALine(line))) };
    let (said, sites) = (count(line, points).map_err(one)?, count(line, sites).map_err(one)?);
    let capacity = whole(line, capacity, Fault::NegativeCapacity).map_err(one)?;
    let mut read = Capacitated::empty(sites, true, Some(known));
    let mut next = 0;
    let point = |line: usize, words: &[&[u8]], read: &mut Capacitated| {
        next += 1;
        let [at, x, y, demand] = words else { return Err(Fault::NotALine(line)) };
        if place(line, at, said)? + 1 != next {
            return Err(Fault::Unknown(line, text(at)));
        }
        add(read, line, [x, y], demand, capacity)
    };
    all(lines, said, &mut read, point)?;
    Ok(read)
}

/// "n p", then "x y capacity demand" for each point.
///
/// # Errors
///
/// All that is wrong with it.
pub fn sjc(bytes: &[u8]) -> Result<Capacitated, Vec<Fault>> {
    let one = |fault| vec![fault];
    let mut lines = lines(bytes);
    let (line, first) = lines.next().ok_or_else(|| one(Fault::Empty))?;
    let [points, sites] = first[..] else { return Err(one(Fault::NotALine(line))) };
    let (said, sites) = (count(line, points).map_err(one)?, count(line, sites).map_err(one)?);
    let mut read = Capacitated::empty(sites, false, None);
    let point = |line: usize, words: &[&[u8]], read: &mut Capacitated| {
        let [x, y, capacity, demand] = words else { return Err(Fault::NotALine(line)) };
        let capacity = whole(line, capacity, Fault::NegativeCapacity)?;
        add(read, line, [x, y], demand, capacity)
    };
    all(lines, said, &mut read, point)?;
    Ok(read)
}

fn add(
    read: &mut Capacitated,
    line: usize,
    [x, y]: [&[u8]; 2],
    demand: &[u8],
    capacity: u64,
) -> Result<(), Fault> {
    let (x, y) = (coordinate(line, x)?, coordinate(line, y)?);
    let demand = whole(line, demand, Fault::NegativeDemand)?;
    read.points.push((x, y));
    read.demand.push(demand);
    read.capacity.push(capacity);
    Ok(())
}

/// Reads all points: as many as were said, of which as many as are wanted can be chosen.
fn all<'a>(
    lines: impl Iterator<Item = (usize, Vec<&'a [u8]>)>,
    said: usize,
    read: &mut Capacitated,
    mut point: impl FnMut(usize, &[&[u8]], &mut Capacitated) -> Result<(), Fault>,
) -> Result<(), Vec<Fault>> {
    let (mut faults, mut found) = (Faults::default(), 0_usize);
    if said == 0 {
        return Err(vec![Fault::Empty]);
    }
    faults.note(wanted(read.wanted, said));
    for (line, words) in lines {
        found += 1;
        faults.note(point(line, &words, read));
        if faults.full() {
            break;
        }
    }
    if found != said && !faults.full() {
        faults.note::<()>(Err(Fault::WrongCount { said: said as u64, found: found as u64 }));
    }
    faults.or(|| ())
}
