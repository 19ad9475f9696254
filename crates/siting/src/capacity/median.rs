//! So many sites with room for so much, each customer wholly at one of them: the capacitated
//! p-median.
//!
//! That everybody is served is priced (A. Ceselli and G. Righini, "A branch-and-price algorithm for
//! the capacitated p-median problem", 2005, bound it the same way): each site then packs whom it
//! earns the most with, exactly, and the sites that earn the most are open. Only sites whose rough
//! bound is good enough are packed. Prices decide sites; then branching, on sites first and on who
//! is where after that.

use super::climb::{Effort, Priced, climb};
use super::knapsack::Knapsack;
use super::repair::Plan;
use super::{Best, enough, sound};
use crate::ask::Mark;
use crate::{Answer, Fault, Stop, Unfit};
use fastrand::Rng;
use std::collections::BTreeSet;

/// Sites and customers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Medians {
    /// How many sites are open.
    pub p: usize,
    /// For each site how much it can serve.
    pub capacity: Vec<u64>,
    /// For each customer how much is to be served.
    pub demand: Vec<u64>,
    /// For each customer what serving it costs from each site, customer by customer; infinite
    /// where that cannot be.
    pub costs: Vec<f64>,
}

impl Medians {
    pub(super) fn cost(&self, customer: usize, site: usize) -> f64 {
        self.costs[customer * self.capacity.len() + site]
    }

    fn check(&self) -> Result<(), Unfit> {
        let (sites, customers) = (self.capacity.len(), self.demand.len());
        let finite = self.costs.iter().copied().filter(|cost| *cost != f64::INFINITY);
        match () {
            () if self.p == 0 => return Err(Unfit::NoSites),
            () if self.p > sites => return Err(Unfit::TooMany { wanted: self.p, sites }),
            () if self.costs.len() != sites * customers => return Err(Unfit::Count),
            () => sound(&finite.collect::<Vec<_>>())?,
        }
        let sum = |of: &[u64]| of.iter().try_fold(0_u64, |sum, own| sum.checked_add(*own));
        let largest = self.capacity.iter().max().copied().unwrap_or(0);
        if sum(&self.demand).is_none() || sum(&self.capacity).is_none() || largest > ROOM {
            return Err(Unfit::Number);
        }
        self.enough().map_err(|_| Unfit::Room)
    }

    /// As many sites as are to be open, the largest first, can serve all demand.
    ///
    /// # Errors
    ///
    /// Where they cannot.
    pub fn enough(&self) -> Result<(), Fault> {
        let mut largest = self.capacity.clone();
        largest.sort_unstable_by(|one, other| other.cmp(one));
        let sum = |of: &[u64]| of.iter().map(|own| *own as f64).sum();
        enough(sum(&largest[..self.p.min(largest.len())]), sum(&self.demand))
    }
}

/// The largest capacity; packing takes time and room in proportion to it.
const ROOM: u64 = 1 << 20;

/// The `p` sites from which everybody is served for the least. `told` hears better answers and
/// bounds.
///
/// # Errors
///
/// [`Unfit`], where numbers are missing, negative or not finite, `p` is 0 or above the sites, a
/// capacity is above 2^20, there is too little room, or no way to serve everybody exists or was
/// found.
pub fn medians(
    given: &Medians,
    seed: u64,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
    given.check()?;
    let mut best = Best::new(told);
    best.whole = given.costs.iter().all(|cost| cost.fract() == 0.0 || *cost == f64::INFINITY);
    let places = Places::new(given);
    let (tried, waiting) = (BTreeSet::new(), Vec::new());
    let mut search = Search { places, best, stop, tried, waiting, rng: Rng::with_seed(seed) };
    search.root();
    search.run();
    search.best.ended(stop)
}

/// The sites under prices.
struct Places<'given> {
    given: &'given Medians,
    marks: Vec<Mark>,
    /// For each site and each customer whether it may not be served there, site by site.
    banned: Vec<bool>,
    rows: Vec<Vec<f64>>,
    /// At most what each site costs less what it earns: exact where it is open.
    worth: Vec<f64>,
    open: Vec<u32>,
    /// The worth of the worst free site that is open, and of the best one that is not.
    edge: [f64; 2],
    taken: Vec<Vec<u32>>,
    often: Vec<f64>,
    /// For each customer how far it was from being served once, on the whole.
    amiss: Vec<f64>,
    sack: Knapsack,
}

impl<'given> Places<'given> {
    fn new(given: &'given Medians) -> Self {
        let (sites, customers) = (given.capacity.len(), given.demand.len());
        let row = |site: usize| (0..customers).map(|own| given.cost(own, site)).collect();
        Self {
            given,
            marks: vec![Mark::Free; sites],
            banned: vec![false; sites * customers],
            rows: (0..sites).map(row).collect(),
            worth: vec![0.0; sites],
            open: Vec::new(),
            edge: [0.0; 2],
            taken: vec![Vec::new(); sites],
            often: vec![0.0; sites],
            amiss: vec![0.0; customers],
            sack: Knapsack::default(),
        }
    }

    /// Lays out what a site may pack.
    fn lay(&mut self, site: usize, prices: &[f64]) {
        let customers = self.given.demand.len();
        let banned = &self.banned[site * customers..(site + 1) * customers];
        let earns = prices.iter().zip(&self.rows[site]).map(|(price, cost)| price - cost);
        let things = (0..).zip(earns).zip(&self.given.demand).zip(banned);
        self.sack.things.clear();
        self.sack.things.extend(things.filter_map(|(((own, profit), demand), banned)| {
            (profit > 0.0 && !banned).then_some((profit, *demand, own))
        }));
    }

    fn pack(&mut self, site: usize, prices: &[f64]) {
        self.lay(site, prices);
        let room = self.given.capacity[site];
        self.sack.things.retain(|(_, size, _)| *size <= room);
        self.worth[site] = -self.sack.best(room, &mut self.taken[site]);
    }

    /// Opens the sites that are marked and those that earn the most, packing as few as need be.
    fn choose(&mut self, prices: &[f64]) -> f64 {
        let sites = self.marks.len();
        self.open.clear();
        let mut rough: Vec<(f64, usize)> = Vec::new();
        for site in (0..sites).filter(|site| self.marks[*site] != Mark::Shut).collect::<Vec<_>>() {
            if self.marks[site] == Mark::Open {
                self.pack(site, prices);
                self.open.extend(u32::try_from(site));
                continue;
            }
            self.lay(site, prices);
            self.worth[site] = -self.sack.above(self.given.capacity[site]);
            rough.push((self.worth[site], site));
        }
        let picks = self.given.p.saturating_sub(self.open.len());
        rough.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let mut exact: Vec<(f64, usize)> = Vec::new();
        for (worth, site) in &rough {
            let known = if exact.len() > picks { exact[picks].0 } else { f64::INFINITY };
            if *worth >= known {
                break;
            }
            self.pack(*site, prices);
            let own = (self.worth[*site], *site);
            let at = exact.partition_point(|other| *other < own);
            exact.insert(at, own);
        }
        self.edge = [f64::NEG_INFINITY, f64::INFINITY];
        if picks > 0 && exact.len() >= picks {
            self.edge[0] = exact[picks - 1].0;
        }
        if exact.len() > picks {
            self.edge[1] = exact[picks].0;
        }
        let chosen = exact.iter().take(picks);
        self.open.extend(chosen.filter_map(|(_, site)| u32::try_from(*site).ok()));
        if self.open.len() < self.given.p {
            return f64::INFINITY;
        }
        self.open.iter().map(|site| self.worth[*site as usize]).sum()
    }

    /// Marks sites that cannot be shut, or cannot be open, if the bound has to stay below.
    fn decide(&mut self, bound: f64, enough: f64) {
        let open: BTreeSet<u32> = self.open.iter().copied().collect();
        for (site, number) in (0..self.marks.len()).zip(0..) {
            if self.marks[site] != Mark::Free {
                continue;
            }
            if open.contains(&number) {
                if bound - self.worth[site] + self.edge[1] >= enough {
                    self.marks[site] = Mark::Open;
                }
            } else if bound - self.edge[0] + self.worth[site] >= enough {
                self.marks[site] = Mark::Shut;
            }
        }
        let count = |as_is: Mark| self.marks.iter().filter(|mark| **mark == as_is).count();
        if count(Mark::Open) == self.given.p {
            self.marks
                .iter_mut()
                .filter(|mark| **mark == Mark::Free)
                .for_each(|mark| *mark = Mark::Shut);
        }
    }
}

impl Priced for Places<'_> {
    fn bound(&mut self, prices: &[f64], lacks: &mut [f64]) -> f64 {
        let bound = self.choose(prices) + prices.iter().sum::<f64>();
        lacks.fill(1.0);
        for site in &self.open {
            self.taken[*site as usize].iter().for_each(|own| lacks[*own as usize] -= 1.0);
        }
        self.often.iter_mut().for_each(|often| *often *= 1.0 - LATELY);
        for site in &self.open {
            self.often[*site as usize] += LATELY;
        }
        for (amiss, lack) in self.amiss.iter_mut().zip(lacks.iter()) {
            *amiss += LATELY * (lack.abs() - *amiss);
        }
        bound
    }
}

/// How much the last time counts.
const LATELY: f64 = 0.05;

/// A branch: what is decided, its bound, and the prices to start from.
struct Branch {
    marks: Vec<Mark>,
    banned: Vec<bool>,
    bound: f64,
    prices: Vec<f64>,
}

struct Search<'given, 'told> {
    places: Places<'given>,
    best: Best<'told>,
    stop: &'given Stop,
    tried: BTreeSet<Vec<u32>>,
    waiting: Vec<Branch>,
    rng: Rng,
}

/// How far prices go at first, in between looking for answers, and in a branch.
const FIRST: Effort = Effort { steps: 300, patience: 20, length: 1.0 };
const LATER: Effort = Effort { steps: 60, patience: 6, length: 0.4 };

/// How often prices are raised again at first.
const ROUNDS: usize = 4;

/// How many exchanges are tried at first.
const KICKS: usize = 100;

impl Search<'_, '_> {
    /// Tries sites, if they were not tried before.
    fn attempt(&mut self, mut sites: Vec<u32>) {
        sites.sort_unstable();
        let new = sites.len() == self.places.given.p && self.tried.insert(sites.clone());
        if let Some(plan) = new.then(|| Plan::new(self.places.given, sites)).flatten() {
            self.best.offer(plan.cost, plan.sites);
        }
    }

    /// The first bound and the first answers.
    fn root(&mut self) {
        let given = self.places.given;
        let least = |own: usize| {
            let mut costs: Vec<f64> =
                (0..given.capacity.len()).map(|site| given.cost(own, site)).collect();
            costs.sort_by(f64::total_cmp);
            costs
                .get(given.capacity.len() / given.p / 2 + 1)
                .copied()
                .filter(|cost| cost.is_finite())
                .unwrap_or(0.0)
        };
        let mut prices: Vec<f64> = (0..given.demand.len()).map(least).collect();
        for _ in 0..ROUNDS {
            let enough = self.best.enough();
            let bound = climb(&mut self.places, &mut prices, enough, FIRST, self.stop);
            self.best.raise(bound.min(self.best.value));
            self.attempt(self.places.open.clone());
            self.kick();
            if bound >= self.best.enough() || self.stop.now() {
                break;
            }
        }
        let (marks, banned) = (self.places.marks.clone(), self.places.banned.clone());
        self.waiting.push(Branch { marks, banned, bound: self.best.bound, prices });
    }

    /// Exchanges a site or two of the best for others that are often open.
    fn kick(&mut self) {
        let often = self.places.often.clone();
        for _ in 0..KICKS {
            if self.stop.now() {
                return;
            }
            let mut set = if self.best.open.is_empty() {
                self.places.open.clone()
            } else {
                self.best.open.clone()
            };
            for _ in 0..self.rng.usize(1..=2) {
                let gone = self.rng.usize(..set.len());
                set.swap_remove(gone);
                let weight = |site: usize| {
                    if set.iter().any(|own| *own as usize == site) {
                        0.0
                    } else {
                        often[site] + 0.01
                    }
                };
                let all: f64 = (0..often.len()).map(weight).sum();
                let mut at = self.rng.f64() * all;
                let new = (0..often.len()).find(|site| {
                    at -= weight(*site);
                    at < 0.0
                });
                set.extend(new.and_then(|site| u32::try_from(site).ok()));
            }
            self.attempt(set);
        }
    }

    /// Goes through all branches, the least bound first.
    fn run(&mut self) {
        while let Some(at) = self.least() {
            let branch = self.waiting.swap_remove(at);
            self.best.raise(branch.bound.min(self.best.value));
            if branch.bound >= self.best.enough() || self.stop.now() {
                return;
            }
            self.branch(branch);
        }
        self.best.raise(self.best.value);
    }

    fn least(&self) -> Option<usize> {
        let numbered = self.waiting.iter().enumerate();
        numbered.min_by(|one, other| one.1.bound.total_cmp(&other.1.bound)).map(|(at, _)| at)
    }

    fn branch(&mut self, branch: Branch) {
        let Branch { marks, banned, bound: had, mut prices } = branch;
        (self.places.marks, self.places.banned) = (marks, banned);
        self.places.often.fill(0.5);
        self.places.amiss.fill(0.5);
        let enough = self.best.enough();
        let bound = climb(&mut self.places, &mut prices, enough, LATER, self.stop).max(had);
        let mut lacks = vec![0.0; prices.len()];
        let exact = self.places.bound(&prices, &mut lacks);
        self.settle(&lacks, exact);
        self.attempt(self.places.open.clone());
        if bound >= self.best.enough() {
            return;
        }
        self.places.decide(exact, self.best.enough());
        let often = &self.places.often;
        let even = |site: &usize| (often[*site] - 0.5).abs();
        let free = (0..often.len()).filter(|site| self.places.marks[*site] == Mark::Free);
        match free.min_by(|one, other| even(one).total_cmp(&even(other))) {
            Some(site) => self.part_site(site, bound, &prices),
            None => self.part_customer(bound, &prices),
        }
    }

    /// Where everybody is served once, that is an answer as it stands.
    fn settle(&mut self, lacks: &[f64], exact: f64) {
        if lacks.iter().all(|lack| *lack == 0.0) {
            let open = self.places.open.clone();
            self.best.offer(if self.best.whole { exact.round() } else { exact }, open);
        }
    }

    fn part_site(&mut self, site: usize, bound: f64, prices: &[f64]) {
        for mark in [Mark::Shut, Mark::Open] {
            let (mut marks, banned) = (self.places.marks.clone(), self.places.banned.clone());
            marks[site] = mark;
            let open = marks.iter().filter(|mark| **mark == Mark::Open).count();
            if open == self.places.given.p {
                marks
                    .iter_mut()
                    .filter(|mark| **mark == Mark::Free)
                    .for_each(|mark| *mark = Mark::Shut);
            }
            self.waiting.push(Branch { marks, banned, bound, prices: prices.to_vec() });
        }
    }

    /// All sites are decided: a customer is at one of them, or is not.
    fn part_customer(&mut self, bound: f64, prices: &[f64]) {
        let customers = prices.len();
        let places = &self.places;
        let open: Vec<usize> = places.open.iter().map(|site| *site as usize).collect();
        let may = |own: usize| {
            open.iter().copied().filter(move |site| {
                !places.banned[*site * customers + own] && places.given.cost(own, *site).is_finite()
            })
        };
        if (0..customers).any(|own| may(own).next().is_none()) {
            return;
        }
        let loose = (0..customers).filter(|own| may(*own).nth(1).is_some());
        let most = loose.max_by(|one, other| places.amiss[*one].total_cmp(&places.amiss[*other]));
        let Some(own) = most else {
            return self.last();
        };
        let cheap = may(own).min_by(|one, other| {
            places.given.cost(own, *one).total_cmp(&places.given.cost(own, *other))
        });
        let Some(site) = cheap else { return };
        let (mut with, mut without) = (places.banned.clone(), places.banned.clone());
        without[site * customers + own] = true;
        for other in may(own).filter(|other| *other != site) {
            with[other * customers + own] = true;
        }
        for banned in [without, with] {
            let marks = self.places.marks.clone();
            self.waiting.push(Branch { marks, banned, bound, prices: prices.to_vec() });
        }
    }

    /// Everybody has one place left: either there is room, or there is not.
    fn last(&mut self) {
        let places = &self.places;
        let customers = places.given.demand.len();
        let mut left: Vec<u64> = places.given.capacity.clone();
        let mut cost = 0.0;
        for own in 0..customers {
            let may = |site: &&u32| {
                !places.banned[**site as usize * customers + own]
                    && places.given.cost(own, **site as usize).is_finite()
            };
            let Some(site) = places.open.iter().find(may) else { return };
            let site = *site as usize;
            let Some(less) = left[site].checked_sub(places.given.demand[own]) else { return };
            left[site] = less;
            cost += places.given.cost(own, site);
        }
        let open = places.open.clone();
        self.best.offer(cost, open);
    }
}
