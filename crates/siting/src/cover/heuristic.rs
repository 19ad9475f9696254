//! Good answers to a covering: the most covered first, then the best exchange of one open site for
//! one that is not, again and again, from where a few sites are thrown out at random too.
//!
//! The sums that an exchange changes are kept up to date, as M. G. C. Resende and R. F. Werneck do
//! it for medians in "A fast swap-based local search procedure for location problems" (2007).

use super::merged::Core;
use crate::Stop;
use fastrand::Rng;

/// A choice, and what opening or shutting each site would change.
#[derive(Debug, Clone)]
pub(super) struct Choice<'core> {
    core: &'core Core,
    open: Vec<bool>,
    chosen: Vec<u32>,
    /// By how many open sites each customer is covered.
    times: Vec<u32>,
    /// The numbers of these sites added up: the site itself where it is one.
    sum: Vec<u64>,
    /// What a shut site would add, or what an open one alone covers.
    change: Vec<u64>,
    pub(super) worth: u64,
}

impl<'core> Choice<'core> {
    /// Nothing is open.
    pub(super) fn new(core: &'core Core) -> Self {
        let all = |site: usize| {
            let shared = core.of.of(site).iter().map(|customer| core.weights[*customer as usize]);
            core.own[site] + shared.sum::<u64>()
        };
        Self {
            core,
            open: vec![false; core.sites()],
            chosen: Vec::new(),
            times: vec![0; core.by.len()],
            sum: vec![0; core.by.len()],
            change: (0..core.sites()).map(all).collect(),
            worth: core.base,
        }
    }

    /// These sites and others that add the most, improved.
    pub(super) fn with(
        core: &'core Core,
        open: impl IntoIterator<Item = u32>,
        stop: &Stop,
    ) -> Self {
        let mut choice = Self::new(core);
        for site in open.into_iter().take(core.picks) {
            choice.open(site);
        }
        choice.fill();
        choice.improve(stop);
        choice
    }

    /// The open sites, in order.
    pub(super) fn sites(&self) -> Vec<u32> {
        let mut sites = self.chosen.clone();
        sites.sort_unstable();
        sites
    }

    /// Whether a site is open.
    fn is_open(&self, site: u32) -> bool {
        self.open[site as usize]
    }

    /// Opens a site that is shut.
    pub(super) fn open(&mut self, site: u32) {
        let core = self.core;
        self.worth += self.change[site as usize];
        self.open[site as usize] = true;
        self.chosen.push(site);
        for customer in core.of.of(site as usize) {
            let at = *customer as usize;
            let weight = core.weights[at];
            match self.times[at] {
                // Nobody else gains by covering it any more.
                0 => self.add(at, site, |change| *change -= weight),
                1 => self.change[usize_of(self.sum[at])] -= weight,
                _ => {}
            }
            self.times[at] += 1;
            self.sum[at] += u64::from(site);
        }
    }

    /// Shuts a site that is open.
    fn shut(&mut self, site: u32) {
        let core = self.core;
        self.worth -= self.change[site as usize];
        self.open[site as usize] = false;
        self.chosen.retain(|own| *own != site);
        for customer in core.of.of(site as usize) {
            let at = *customer as usize;
            let weight = core.weights[at];
            self.times[at] -= 1;
            self.sum[at] -= u64::from(site);
            match self.times[at] {
                0 => self.add(at, site, |change| *change += weight),
                1 => self.change[usize_of(self.sum[at])] += weight,
                _ => {}
            }
        }
    }

    /// Changes what every site but one would add or loses with a customer.
    fn add(&mut self, customer: usize, but: u32, how: impl Fn(&mut u64)) {
        for site in self.core.by.of(customer) {
            if *site != but {
                how(&mut self.change[*site as usize]);
            }
        }
    }

    /// Opens what adds the most until all picks are made.
    pub(super) fn fill(&mut self) {
        let sites = self.core.sites();
        while self.chosen.len() < self.core.picks.min(sites) {
            let shut = (0..).take(sites).filter(|site| !self.is_open(*site));
            let best =
                shut.max_by_key(|site| (self.change[*site as usize], sites - *site as usize));
            let Some(best) = best else { return };
            self.open(best);
        }
    }

    /// The exchange that adds the most, if any adds: what is shut and what is opened.
    fn exchange(&self, saved: &mut [u64]) -> Option<(u32, u32)> {
        let least = self.chosen.iter().min_by_key(|site| self.change[**site as usize])?;
        let mut best: Option<(u64, u32, u32)> = None;
        let mut touched: Vec<u32> = Vec::new();
        for entering in (0..).take(self.core.sites()).filter(|site| !self.is_open(*site)) {
            for customer in self.core.of.of(entering as usize) {
                let at = *customer as usize;
                if self.times[at] == 1 {
                    let alone = usize_of(self.sum[at]);
                    if saved[alone] == 0 {
                        touched.push(u32_of(self.sum[at]));
                    }
                    saved[alone] += self.core.weights[at];
                }
            }
            let gain = self.change[entering as usize];
            for leaving in touched.drain(..).chain([*least]) {
                let at = leaving as usize;
                let more = (gain + saved[at]).saturating_sub(self.change[at]);
                saved[at] = 0;
                if more > best.map_or(0, |(most, ..)| most) {
                    best = Some((more, leaving, entering));
                }
            }
        }
        best.map(|(_, leaving, entering)| (leaving, entering))
    }

    /// Exchanges as long as that adds anything.
    pub(super) fn improve(&mut self, stop: &Stop) {
        let mut saved = vec![0; self.core.sites()];
        while !stop.now() {
            let Some((leaving, entering)) = self.exchange(&mut saved) else { return };
            self.shut(leaving);
            self.open(entering);
        }
    }

    /// Opens some sites at random and shuts as many others that lose the least, and improves that.
    fn kick(&mut self, rng: &mut Rng, stop: &Stop) {
        let (open, all) = (self.chosen.len(), self.core.sites());
        let most = open.min(all - open).min(KICKED);
        if most == 0 {
            return;
        }
        let count = rng.usize(1..=most);
        for _ in 0..count {
            let mut entering = u32_of(rng.u64(..all as u64));
            while self.is_open(entering) {
                entering = u32_of(rng.u64(..all as u64));
            }
            self.open(entering);
        }
        for _ in 0..count {
            let old = &self.chosen[..self.chosen.len() - count];
            let least = old.iter().min_by_key(|site| self.change[**site as usize]);
            if let Some(least) = least.copied() {
                self.shut(least);
            }
        }
        self.improve(stop);
    }

    /// Kicks so many times, at first from what is nearly as good as the best, then from the best.
    pub(super) fn wander(self, rounds: u64, rng: &mut Rng, stop: &Stop) -> Self {
        let (mut at, mut best) = (self.clone(), self);
        for round in 0..rounds {
            if stop.now() {
                break;
            }
            let mut next = at.clone();
            next.kick(rng, stop);
            let slack = best.worth / SLACK * (rounds - round) / rounds;
            if next.worth > best.worth {
                best = next.clone();
            }
            if next.worth + slack >= best.worth {
                at = next;
            }
        }
        best
    }
}

/// How many sites a kick opens at most.
const KICKED: usize = 4;

/// What part of the best may be missing where a kick starts.
const SLACK: u64 = 1000;

#[expect(clippy::cast_possible_truncation, reason = "a number of a site")]
fn usize_of(site: u64) -> usize {
    site as usize
}

#[expect(clippy::cast_possible_truncation, reason = "a number of a site")]
fn u32_of(site: u64) -> u32 {
    site as u32
}
