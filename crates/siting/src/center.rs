//! Sites of which none is far from anybody: the largest cost that any customer has is least.
//!
//! Some distance that occurs is the answer, so it is halved among them; whether so many sites can
//! cover everybody within a distance is a question of covering (E. Minieka, "The m-center
//! problem", 1970).

use crate::cover::{Covers, Enough, enough};
use crate::{Answer, Costs, FAR, Stop, Unfit};

/// The `p` sites with the least largest cost. `told` hears every better answer and bound.
///
/// # Errors
///
/// [`Unfit`], where `p` is 0 or above the sites, a customer has no way to any site, `p` sites
/// cannot serve everybody, or it was stopped before any such sites were found.
pub fn center(
    costs: &dyn Costs,
    p: usize,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
    match () {
        () if p == 0 => return Err(Unfit::NoSites),
        () if p > costs.sites() => {
            return Err(Unfit::TooMany { wanted: p, sites: costs.sites() });
        }
        () => {}
    }
    let (steps, least) = distances(costs)?;
    let mut search = Search { costs, p, stop, steps: &steps, low: least, best: None };
    let none = |stop: &Stop| if stop.now() { Unfit::Late } else { Unfit::Unmet };
    if !search.start() {
        return Err(none(stop));
    }
    while let Some(answer) = search.answer() {
        told(&answer);
        if answer.proved() || !search.halve() {
            return Ok(answer);
        }
    }
    Err(none(stop))
}

/// All distances that occur, ascending, and the place of the first within which everybody has a
/// site.
fn distances(costs: &dyn Costs) -> Result<(Vec<u32>, usize), Unfit> {
    let mut steps: Vec<u32> = Vec::new();
    let mut least = 0;
    for (customer, number) in (0..costs.customers()).zip(0..) {
        let own = (0..costs.sites()).map(|site| costs.cost(customer, site));
        let own: Vec<u32> = own.filter(|cost| *cost != FAR).collect();
        least = least.max(own.iter().copied().min().ok_or(Unfit::Customer(number))?);
        steps.extend(own);
        if steps.len() > MANY {
            steps.sort_unstable();
            steps.dedup();
        }
    }
    steps.push(least);
    steps.sort_unstable();
    steps.dedup();
    let at = steps.partition_point(|step| *step < least);
    Ok((steps, at))
}

/// How many distances are gathered before the same ones are put together.
const MANY: usize = 1 << 22;

struct Search<'input> {
    costs: &'input dyn Costs,
    p: usize,
    stop: &'input Stop,
    steps: &'input [u32],
    /// The least step that is not ruled out.
    low: usize,
    /// The least step known to do, with its sites.
    best: Option<(usize, Vec<u32>)>,
}

impl Search<'_> {
    /// Finds any sites that do: those farthest from each other first, else by covering.
    fn start(&mut self) -> bool {
        let open = self.spread();
        if self.keep(open) {
            return true;
        }
        self.ask(self.steps.len() - 1)
    }

    /// Each next site is the best one of the customer who is worst off.
    fn spread(&self) -> Vec<u32> {
        let mut served = vec![FAR; self.costs.customers()];
        let mut open: Vec<u32> = Vec::new();
        for _ in 0..self.p {
            let worst =
                served.iter().enumerate().max_by_key(|(at, cost)| (**cost, usize::MAX - at));
            let Some((worst, _)) = worst.filter(|(_, cost)| **cost > 0) else { break };
            let Some((site, _)) = self.costs.nearest(worst, 1).first().copied() else { break };
            open.push(site);
            for (customer, cost) in served.iter_mut().enumerate() {
                *cost = (*cost).min(self.costs.cost(customer, site as usize));
            }
        }
        open
    }

    /// Keeps sites with their largest cost; whether they serve everybody.
    fn keep(&mut self, mut open: Vec<u32>) -> bool {
        let served = |customer: usize| {
            let costs = open.iter().map(|site| self.costs.cost(customer, *site as usize));
            costs.min().unwrap_or(FAR)
        };
        let largest = (0..self.costs.customers()).map(served).max().unwrap_or(0);
        let at = self.steps.partition_point(|step| *step < largest);
        let serves = largest != FAR;
        if serves && self.best.as_ref().is_none_or(|(best, _)| at < *best) {
            open.sort_unstable();
            open.dedup();
            self.best = Some((at, open));
        }
        serves
    }

    /// Asks whether a step does; whether that was found out.
    fn ask(&mut self, step: usize) -> bool {
        let covers = Covers::within(self.costs, self.steps[step]);
        match enough(&covers, self.p, self.stop) {
            Enough::Yes(open) => self.keep(open),
            Enough::No => {
                self.low = step + 1;
                self.low < self.steps.len()
            }
            Enough::Stopped => false,
        }
    }

    /// Asks halfway between what is ruled out and what does.
    fn halve(&mut self) -> bool {
        let high = self.best.as_ref().map_or(self.steps.len(), |(at, _)| *at);
        self.ask(self.low + (high - self.low) / 2)
    }

    fn answer(&self) -> Option<Answer> {
        let (at, open) = self.best.as_ref()?;
        let (value, bound) = (f64::from(self.steps[*at]), self.steps[self.low.min(*at)]);
        Some(Answer { open: open.clone(), value, bound: f64::from(bound) })
    }
}
