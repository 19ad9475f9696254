//! How well people reach what there is: places where people are, places that supply something, and
//! the times between them, of which only those short enough need to be given.
//!
//! Every measure answers with one number for each place of people, in the order given. Limits of
//! time are inclusive. Sums are made in a fixed order, so the same input gives the same bytes.

mod floating;
mod measure;
mod raam;
mod travel;

pub use floating::{Decay, balanced, three_stage, two_stage, within};
pub use measure::{Measure, Settings, Steps};
pub use raam::{Raam, raam};
pub use travel::{Among, average, choices, mean_time, nearest};

use crate::fault::Fault;

/// The times between places of people and places of supply, as three lists side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ways {
    /// The place of people, by its number.
    pub from: Vec<u32>,
    /// The place of supply, by its number.
    pub to: Vec<u32>,
    /// The time, in the unit that limits are given in.
    pub time: Vec<f64>,
}

/// Places of people, places of supply and the times between them, place of people by place of
/// people, and for each by place of supply.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    people: Vec<f64>,
    supply: Vec<f64>,
    /// Where the ways of each place of people begin, and at last where they end.
    starts: Vec<usize>,
    to: Vec<u32>,
    time: Vec<f64>,
}

impl Reach {
    /// Those places with those ways between them, in any order.
    ///
    /// # Errors
    ///
    /// Where a number is negative or not finite, a place is not there, the lists of ways are not
    /// equally long, or a way comes twice. Lines are numbers of entries, from 1.
    pub fn new(people: Vec<f64>, supply: Vec<f64>, ways: Ways) -> Result<Self, Fault> {
        check(&people, Fault::NegativeDemand)?;
        check(&supply, Fault::NegativeSupply)?;
        check(&ways.time, Fault::NegativeCost)?;
        for other in [ways.from.len(), ways.to.len()] {
            if other != ways.time.len() {
                return Err(Fault::Lengths(ways.time.len(), other));
            }
        }
        listed(&ways.from, people.len())?;
        listed(&ways.to, supply.len())?;
        let ways = sorted(ways, people.len(), supply.len());
        once(&ways)?;
        let starts = starts(&ways.from, people.len());
        Ok(Self { people, supply, starts, to: ways.to, time: ways.time })
    }

    /// How many people are at each place.
    pub fn people(&self) -> &[f64] {
        &self.people
    }

    /// What each place supplies.
    pub fn supply(&self) -> &[f64] {
        &self.supply
    }

    /// How many ways there are.
    pub fn ways(&self) -> usize {
        self.to.len()
    }

    /// Places of supply and times from a place of people, by place of supply.
    pub fn from(&self, place: usize) -> (&[u32], &[f64]) {
        let own = self.starts[place]..self.starts[place + 1];
        (&self.to[own.clone()], &self.time[own])
    }

    /// For each place of people, what its ways come to.
    fn each<T>(&self, of: impl Fn(&[u32], &[f64]) -> T) -> Vec<T> {
        let places = 0..self.people.len();
        let each = places.map(|place| {
            let (to, time) = self.from(place);
            of(to, time)
        });
        each.collect()
    }
}

fn check(numbers: &[f64], negative: fn(usize) -> Fault) -> Result<(), Fault> {
    let wrong = numbers.iter().position(|number| !(number.is_finite() && *number >= 0.0));
    let Some(at) = wrong else { return Ok(()) };
    let number = numbers[at];
    if number.is_finite() {
        return Err(negative(at + 1));
    }
    Err(Fault::NotANumber(at + 1, number.to_string()))
}

fn listed(places: &[u32], count: usize) -> Result<(), Fault> {
    let unknown = places.iter().position(|place| *place as usize >= count);
    unknown.map_or(Ok(()), |at| Err(Fault::Unknown(at + 1, places[at].to_string())))
}

/// The same ways in order; as they are where they are in order.
fn sorted(ways: Ways, people: usize, supply: usize) -> Ways {
    let keys = || ways.from.iter().zip(&ways.to);
    if keys().is_sorted() {
        return ways;
    }
    // By the lesser key first, and then, keeping that order, by the greater.
    let by_supply = by(&ways, &ways.to, supply);
    by(&by_supply, &by_supply.from, people)
}

/// The ways in the order of keys, those of the same key in the order they were in.
fn by(ways: &Ways, keys: &[u32], count: usize) -> Ways {
    let (mut next, length) = (starts(keys, count), keys.len());
    let mut sorted = Ways { from: vec![0; length], to: vec![0; length], time: vec![0.0; length] };
    for (old, key) in keys.iter().enumerate() {
        let new = next[*key as usize];
        next[*key as usize] += 1;
        sorted.from[new] = ways.from[old];
        sorted.to[new] = ways.to[old];
        sorted.time[new] = ways.time[old];
    }
    sorted
}

/// Where each key begins once keys are in order, and at last where they end.
fn starts(keys: &[u32], count: usize) -> Vec<usize> {
    let mut starts = vec![0; count + 1];
    for key in keys {
        starts[*key as usize + 1] += 1;
    }
    for key in 0..count {
        starts[key + 1] += starts[key];
    }
    starts
}

fn once(ways: &Ways) -> Result<(), Fault> {
    let pairs = ways.from.windows(2).zip(ways.to.windows(2));
    for (from, to) in pairs {
        if from[0] == from[1] && to[0] == to[1] {
            return Err(Fault::WayTwice(from[0].to_string(), to[0].to_string()));
        }
    }
    Ok(())
}

/// A limit of time must be above zero; it may be without end.
fn limit(time: f64) -> Result<(), Fault> {
    if time > 0.0 { Ok(()) } else { Err(Fault::NoTime(time)) }
}
