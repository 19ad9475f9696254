//! Who is covered by which site: the fewest sites that cover everybody ([`set_cover`]), and the
//! sites that cover the most people where there are only so many ([`max_cover`]).
//!
//! A site covers a customer within its radius, or it does not. Reading order: the lists
//! (`sparse`), what is left to decide once everything obvious is decided (`merged`), good answers
//! (`heuristic`), bounds by prices (`prices`) and by a linear program (`relaxed`) with cuts
//! (`odd`), branching (`branch`), how these go together (`exact`), and covering all (`whole`).

mod branch;
mod exact;
mod heuristic;
mod merged;
mod odd;
mod prices;
mod relaxed;
mod sparse;
mod whole;

pub use exact::max_cover;
pub use whole::set_cover;
pub(crate) use whole::{Enough, enough};

use crate::{Costs, FAR};
use sparse::Lists;

/// For each customer the sites that cover it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covers {
    sites: usize,
    by: Lists,
}

impl Covers {
    /// For each customer the sites that cover it, in any order; none where one is not below
    /// `sites`.
    pub fn new(sites: usize, by: impl IntoIterator<Item = Vec<u32>>) -> Option<Self> {
        let by = Lists::new(by);
        let known = |list: &[u32]| list.last().is_none_or(|last| (*last as usize) < sites);
        let sound = by.iter().all(known);
        sound.then_some(Self { sites, by })
    }

    /// Every site covers the customers it serves at this cost or less.
    pub fn within(costs: &dyn Costs, radius: u32) -> Self {
        let sites = costs.sites();
        let near = |cost: u32| cost != FAR && cost <= radius;
        let of = |customer: usize| {
            let numbered =
                (0..sites).zip(0..).filter(move |(at, _)| near(costs.cost(customer, *at)));
            numbered.map(|(_, site)| site)
        };
        Self { sites, by: Lists::new((0..costs.customers()).map(of)) }
    }

    /// How many customers there are.
    pub fn customers(&self) -> usize {
        self.by.len()
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// The sites that cover a customer, in order.
    pub fn by(&self, customer: usize) -> &[u32] {
        self.by.of(customer)
    }
}
