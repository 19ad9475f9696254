//! Sites with room for so much and a cost of opening; a customer may be served by several.
//!
//! The demand is priced (J. E. Beasley, "An algorithm for solving large capacitated warehouse
//! location problems", 1988): each site then takes whom it earns the most with, and of the sites
//! those that earn are open, and more until there is room for all demand. Prices prove a bound and
//! decide sites; the sites they open are tried with a transport; then branching.

use super::climb::{Effort, Priced, climb};
use super::transport::transport;
use super::{Best, enough, sound};
use crate::ask::Mark;
use crate::{Answer, Fault, Stop, Unfit};
use std::collections::BTreeSet;

/// Sites and customers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facilities {
    /// For each site how much it can serve.
    pub capacity: Vec<f64>,
    /// For each site what opening it costs.
    pub fixed: Vec<f64>,
    /// For each customer how much is to be served.
    pub demand: Vec<f64>,
    /// For each customer what serving all its demand costs from each site, customer by customer;
    /// infinite where that cannot be.
    pub costs: Vec<f64>,
}

impl Facilities {
    /// What it costs to serve all demand of a customer from a site.
    pub fn cost(&self, customer: usize, site: usize) -> f64 {
        self.costs[customer * self.capacity.len() + site]
    }

    fn check(&self) -> Result<(), Unfit> {
        let (sites, customers) = (self.capacity.len(), self.demand.len());
        if self.fixed.len() != sites || self.costs.len() != sites * customers {
            return Err(Unfit::Count);
        }
        if sites == 0 {
            return Err(Unfit::NoSites);
        }
        let finite: Vec<f64> =
            self.costs.iter().copied().filter(|cost| *cost != f64::INFINITY).collect();
        [&self.capacity, &self.fixed, &self.demand, &finite]
            .into_iter()
            .try_for_each(|of| sound(of))?;
        let served = |row: &[f64]| row.iter().any(|cost| cost.is_finite());
        let bare = (0..).zip(self.costs.chunks(sites)).find(|(_, row)| !served(row));
        match bare {
            Some((customer, _)) => Err(Unfit::Customer(customer)),
            None => self.enough().map_err(|_| Unfit::Room),
        }
    }

    /// All sites together can serve all demand.
    ///
    /// # Errors
    ///
    /// Where they cannot.
    pub fn enough(&self) -> Result<(), Fault> {
        enough(self.capacity.iter().sum(), self.demand.iter().sum())
    }
}

/// The open sites with the least cost of opening and serving. `told` hears better answers and
/// bounds.
///
/// # Errors
///
/// [`Unfit`], where numbers are missing, negative or not finite, a customer has no site, there is
/// too little room, or it was stopped before any sites were found that can serve everybody.
pub fn facilities(
    given: &Facilities,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
    given.check()?;
    let mut search = Search::new(given, Best::new(told), stop);
    search.root();
    search.run();
    search.best.ended(stop)
}

/// The sites under prices.
struct Sites<'given> {
    given: &'given Facilities,
    all: f64,
    /// For each site what each customer costs, as the prices go through it.
    rows: Vec<Vec<f64>>,
    marks: Vec<Mark>,
    /// For each site its cost of opening and of whom it takes, at the last prices.
    worth: Vec<f64>,
    /// What the last bound opens, wholly or in part.
    open: Vec<f64>,
    /// How often each site was open, the last times counting the most.
    often: Vec<f64>,
    taken: Vec<Vec<(u32, f64)>>,
    order: Vec<(f64, u32)>,
    /// The sets opened last.
    seen: Vec<Vec<u32>>,
}

impl<'given> Sites<'given> {
    fn new(given: &'given Facilities) -> Self {
        let sites = given.capacity.len();
        let row = |site: usize| (0..given.demand.len()).map(|own| given.cost(own, site)).collect();
        Self {
            given,
            all: given.demand.iter().sum(),
            rows: (0..sites).map(row).collect(),
            marks: vec![Mark::Free; sites],
            worth: vec![0.0; sites],
            open: vec![0.0; sites],
            often: vec![0.0; sites],
            taken: vec![Vec::new(); sites],
            order: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Lets a site take whom it earns the most with.
    fn fill(&mut self, site: usize, prices: &[f64]) {
        self.order.clear();
        let earns = prices.iter().zip(&self.rows[site]).map(|(price, cost)| cost - price);
        for ((customer, more), demand) in (0..).zip(earns).zip(&self.given.demand) {
            if more < 0.0 {
                self.order.push((more / demand, customer));
            }
        }
        let sum: f64 = self.order.iter().map(|(_, own)| self.given.demand[*own as usize]).sum();
        if sum > self.given.capacity[site] {
            self.order
                .sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        }
        let mut room = self.given.capacity[site];
        self.worth[site] = self.given.fixed[site];
        self.taken[site].clear();
        for (_, customer) in &self.order {
            let own = *customer as usize;
            let demand = self.given.demand[own];
            // Whoever needs nothing comes first and needs no room.
            if room <= 0.0 && demand > 0.0 {
                break;
            }
            let part = if demand <= room { 1.0 } else { room / demand };
            room -= demand * part;
            self.worth[site] += part * (self.rows[site][own] - prices[own]);
            self.taken[site].push((*customer, part));
        }
    }

    /// The least worth of sites with room for all demand, one of them in part, beyond those
    /// marked; and how far each is open.
    fn pick(&mut self) -> f64 {
        let mut sum = 0.0;
        let mut short = self.all;
        self.order.clear();
        for (site, number) in (0..self.marks.len()).zip(0..) {
            let (worth, room) = (self.worth[site], self.given.capacity[site]);
            let open = match self.marks[site] {
                Mark::Open => true,
                Mark::Free => worth < 0.0,
                Mark::Shut => false,
            };
            self.open[site] = f64::from(u8::from(open));
            if open {
                sum += worth;
                short -= room;
            } else if self.marks[site] == Mark::Free && room > 0.0 {
                self.order.push((worth / room, number));
            }
        }
        self.order
            .sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        for (each, site) in &self.order {
            if short <= 0.0 {
                break;
            }
            let room = self.given.capacity[*site as usize];
            let part = (short / room).min(1.0);
            self.open[*site as usize] = part;
            sum += each * room * part;
            short -= room * part;
        }
        if short > self.all * 1e-9 { f64::INFINITY } else { sum }
    }

    /// The open sites of the last bound, those open in part among them.
    fn sites(&self) -> Vec<u32> {
        (0..).zip(&self.open).filter(|(_, open)| **open > 0.0).map(|(site, _)| site).collect()
    }

    /// For each free site the bounds with it shut and with it open, for the last prices.
    fn both(&mut self, sum: f64) -> Vec<(usize, [f64; 2])> {
        let free: Vec<usize> =
            (0..self.marks.len()).filter(|site| self.marks[*site] == Mark::Free).collect();
        let mut both = Vec::new();
        for site in free {
            let mut bounds = [sum; 2];
            for (side, mark) in [Mark::Shut, Mark::Open].into_iter().enumerate() {
                self.marks[site] = mark;
                bounds[side] = self.pick();
            }
            self.marks[site] = Mark::Free;
            both.push((site, bounds));
        }
        self.pick();
        both
    }
}

impl Priced for Sites<'_> {
    fn bound(&mut self, prices: &[f64], lacks: &mut [f64]) -> f64 {
        for site in 0..self.marks.len() {
            if self.marks[site] != Mark::Shut {
                self.fill(site, prices);
            }
        }
        let bound = self.pick() + prices.iter().sum::<f64>();
        lacks.fill(1.0);
        for (open, taken) in self.open.iter().zip(&self.taken).filter(|(open, _)| **open > 0.0) {
            taken.iter().for_each(|(own, part)| lacks[*own as usize] -= part * open);
        }
        for (often, open) in self.often.iter_mut().zip(&self.open) {
            *often += LATELY * (open - *often);
        }
        let sites = self.sites();
        if self.seen.last() != Some(&sites) {
            if self.seen.len() == SEEN {
                self.seen.remove(0);
            }
            self.seen.push(sites);
        }
        bound
    }
}

/// How much the last time counts.
const LATELY: f64 = 0.05;

/// How many sets are kept for a try.
const SEEN: usize = 20;

/// A branch: what is decided, its bound, and the prices to start from.
struct Branch {
    marks: Vec<Mark>,
    bound: f64,
    prices: Vec<f64>,
}

struct Search<'given, 'told> {
    sites: Sites<'given>,
    best: Best<'told>,
    stop: &'given Stop,
    tried: BTreeSet<Vec<u32>>,
    waiting: Vec<Branch>,
    /// The least bound of sets whose cost could not be found.
    unknown: f64,
}

/// How far prices go at first, and in a branch.
const FIRST: Effort = Effort { steps: 1500, patience: 30, length: 1.0 };
const LATER: Effort = Effort { steps: 80, patience: 8, length: 0.3 };

impl<'given, 'told> Search<'given, 'told> {
    fn new(given: &'given Facilities, best: Best<'told>, stop: &'given Stop) -> Self {
        let sites = Sites::new(given);
        Self {
            sites,
            best,
            stop,
            tried: BTreeSet::new(),
            waiting: Vec::new(),
            unknown: f64::INFINITY,
        }
    }

    /// Tries sites, if they were not tried before; whether what they cost is known.
    fn attempt(&mut self, sites: Vec<u32>) -> bool {
        if self.tried.contains(&sites) {
            return true;
        }
        let given = self.sites.given;
        let fixed: f64 = sites.iter().map(|site| given.fixed[*site as usize]).sum();
        let room: f64 = sites.iter().map(|site| given.capacity[*site as usize]).sum();
        if fixed >= self.best.value || room < self.sites.all {
            return true;
        }
        let Some(cost) = transport(given, &sites) else { return false };
        self.best.offer(fixed + cost, sites.iter().copied());
        self.tried.insert(sites)
    }

    /// Shuts, opens and exchanges single sites as long as that is cheaper.
    fn improve(&mut self) {
        loop {
            let (had, open) = (self.best.value, self.best.open.clone());
            let count = self.sites.marks.len();
            let mut shut: Vec<u32> = (0..).take(count).filter(|own| !open.contains(own)).collect();
            let often = &self.sites.often;
            shut.sort_by(|one, other| often[*other as usize].total_cmp(&often[*one as usize]));
            shut.truncate(NEAR);
            let less = |gone: u32| open.iter().copied().filter(move |own| *own != gone);
            let mut sets: Vec<Vec<u32>> = open.iter().map(|gone| less(*gone).collect()).collect();
            for new in &shut {
                sets.push(open.iter().copied().chain([*new]).collect());
                let swaps = open.iter().map(|gone| less(*gone).chain([*new]).collect::<Vec<u32>>());
                sets.extend(swaps);
            }
            for mut set in sets {
                set.sort_unstable();
                if self.stop.now() {
                    return;
                }
                self.attempt(set);
                if self.best.value < had {
                    break;
                }
            }
            if self.best.value >= had {
                return;
            }
        }
    }

    /// The first bound and the first answers.
    fn root(&mut self) {
        let given = self.sites.given;
        let count = self.sites.marks.len();
        self.attempt((0..).take(count).collect());
        let each = |customer: usize, site: usize| {
            given.cost(customer, site)
                + given.fixed[site] * given.demand[customer] / given.capacity[site].max(1e-9)
        };
        let first = |customer: usize| {
            (0..count).map(|site| each(customer, site)).fold(f64::INFINITY, f64::min)
        };
        let mut prices: Vec<f64> = (0..given.demand.len()).map(first).collect();
        for _ in 0..2 {
            let enough = self.best.enough();
            let bound = climb(&mut self.sites, &mut prices, enough, FIRST, self.stop);
            self.best.raise(bound.min(self.best.value));
            let seen = std::mem::take(&mut self.sites.seen);
            for set in seen {
                if self.stop.now() {
                    break;
                }
                self.attempt(set);
            }
            self.improve();
        }
        let marks = self.sites.marks.clone();
        self.waiting.push(Branch { marks, bound: self.best.bound, prices });
    }

    /// Goes through all branches, the least bound first.
    fn run(&mut self) {
        while let Some(at) = self.least() {
            let branch = self.waiting.swap_remove(at);
            self.best.raise(branch.bound.min(self.best.value).min(self.unknown));
            if branch.bound >= self.best.enough() || self.stop.now() {
                return;
            }
            self.branch(branch);
        }
        self.best.raise(self.best.value.min(self.unknown));
    }

    fn least(&self) -> Option<usize> {
        let numbered = self.waiting.iter().enumerate();
        numbered.min_by(|one, other| one.1.bound.total_cmp(&other.1.bound)).map(|(at, _)| at)
    }

    fn branch(&mut self, branch: Branch) {
        let Branch { marks, bound: had, mut prices } = branch;
        self.sites.marks = marks;
        self.sites.often.fill(0.5);
        self.sites.seen.clear();
        let enough = self.best.enough();
        let bound = climb(&mut self.sites, &mut prices, enough, LATER, self.stop).max(had);
        let mut lacks = vec![0.0; prices.len()];
        let sum = self.sites.bound(&prices, &mut lacks) - prices.iter().sum::<f64>();
        let sites = self.sites.sites();
        self.attempt(sites);
        if bound >= self.best.enough() {
            return;
        }
        let all = prices.iter().sum::<f64>();
        let mut both = self.sites.both(sum);
        for (site, bounds) in &both {
            match bounds.map(|own| own + all >= self.best.enough()) {
                [true, true] => return,
                [true, false] => self.sites.marks[*site] = Mark::Open,
                [false, true] => self.sites.marks[*site] = Mark::Shut,
                [false, false] => {}
            }
        }
        both.retain(|(site, _)| self.sites.marks[*site] == Mark::Free);
        let often = &self.sites.often;
        let even = |site: usize| (often[site] - 0.5).abs();
        let pick = both.iter().min_by(|one, other| even(one.0).total_cmp(&even(other.0)));
        let Some((site, bounds)) = pick.copied() else {
            return self.leaf(bound);
        };
        for (mark, own) in [(Mark::Shut, bounds[0]), (Mark::Open, bounds[1])] {
            let mut marks = self.sites.marks.clone();
            marks[site] = mark;
            let bound = bound.max(own + all);
            self.waiting.push(Branch { marks, bound, prices: prices.clone() });
        }
    }

    /// Everything is decided.
    fn leaf(&mut self, bound: f64) {
        let marks = (0..).zip(&self.sites.marks);
        let open = marks.filter(|(_, mark)| **mark == Mark::Open).map(|(site, _)| site).collect();
        if !self.attempt(open) {
            self.unknown = self.unknown.min(bound);
        }
    }
}

/// How many shut sites are looked at for an exchange.
const NEAR: usize = 6;
