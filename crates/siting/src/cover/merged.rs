//! What is left to decide of a covering: customers covered by the same sites are one, customers
//! whose covering is settled are counted, sites that are decided are gone.
//!
//! Merging and counting follow section 3 of J.-F. Cordeau, F. Furini and I. Ljubić, "Benders
//! decomposition for very large scale partial set covering and maximal covering location
//! problems" (2019).

use super::sparse::Lists;
use crate::ask::Mark;
use std::collections::BTreeMap;

/// Sites to choose `picks` of, and the customers they cover.
#[derive(Debug, Clone)]
pub(super) struct Core {
    /// What the sites are called outside.
    pub(super) names: Vec<u32>,
    /// The sites that are open whatever is chosen, as they are called outside.
    pub(super) opened: Vec<u32>,
    /// How many may still be opened.
    pub(super) picks: usize,
    /// What is covered whatever is chosen.
    pub(super) base: u64,
    /// The weight that a site covers and no other one does.
    pub(super) own: Vec<u64>,
    /// For each customer the sites that cover it: at least two.
    pub(super) by: Lists,
    /// For each customer its weight.
    pub(super) weights: Vec<u64>,
    /// For each site its customers.
    pub(super) of: Lists,
}

impl Core {
    /// All sites of these lists are free, and a customer without a site is not covered.
    pub(super) fn new(sites: usize, by: Lists, weights: Vec<u64>, picks: usize) -> Self {
        let of = by.turned(sites);
        let names = (0..).take(sites).collect();
        let (opened, own) = (Vec::new(), vec![0; sites]);
        Self { names, opened, picks, base: 0, own, by, weights, of }
    }

    /// How many sites are left.
    pub(super) fn sites(&self) -> usize {
        self.names.len()
    }

    /// The same question once some sites are decided, with new numbers for those left.
    pub(super) fn decided(&self, marks: &[Mark]) -> Self {
        let free = (0..self.sites()).filter(|site| marks[*site] == Mark::Free);
        let kept: Vec<usize> = free.collect();
        let mut number = vec![None; self.sites()];
        for (site, new) in kept.iter().zip(0..) {
            number[*site] = Some(new);
        }
        let open = |site: &usize| marks[*site] == Mark::Open;
        let opened = (0..self.sites()).filter(open);
        let mut base = self.base + opened.clone().map(|site| self.own[site]).sum::<u64>();
        let mut own: Vec<u64> = kept.iter().map(|site| self.own[*site]).collect();
        let mut same: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for (list, weight) in self.by.iter().zip(&self.weights) {
            if list.iter().any(|site| marks[*site as usize] == Mark::Open) {
                base += weight;
                continue;
            }
            let left: Vec<u32> = list.iter().filter_map(|site| number[*site as usize]).collect();
            match left[..] {
                [] => {}
                _ if *weight == 0 => {}
                [only] => own[only as usize] += weight,
                _ => *same.entry(left).or_default() += weight,
            }
        }
        let weights = same.values().copied().collect();
        let by = Lists::new(same.into_keys());
        let names = kept.iter().map(|site| self.names[*site]).collect();
        let picks = self.picks - opened.clone().count();
        let called = opened.map(|site| self.names[site]);
        let opened = self.opened.iter().copied().chain(called).collect();
        let of = by.turned(kept.len());
        Self { names, opened, picks, base, own, by, weights, of }
    }

    /// The sites that another one outdoes: whatever they cover, it covers, and of two that cover
    /// the same the first one stays.
    pub(super) fn outdone(&self) -> Vec<bool> {
        let mut seen = vec![0_usize; self.sites()];
        let mut touched: Vec<usize> = Vec::new();
        let mut outdone = vec![false; self.sites()];
        for site in 0..self.sites() {
            let customers = self.of.of(site);
            if self.own[site] > 0 {
                continue;
            }
            for other in customers.iter().flat_map(|customer| self.by.of(*customer as usize)) {
                let other = *other as usize;
                if seen[other] == 0 {
                    touched.push(other);
                }
                seen[other] += 1;
            }
            let wide = |other: usize| {
                let (mine, its) = (customers.len(), self.of.of(other).len());
                let same = mine == its && self.own[other] == 0;
                seen[other] == mine && !outdone[other] && (!same || other < site)
            };
            let beaten = touched.iter().any(|other| *other != site && wide(*other));
            outdone[site] = beaten || customers.is_empty();
            for other in touched.drain(..) {
                seen[other] = 0;
            }
        }
        outdone
    }

    /// What a choice covers, in whole.
    pub(super) fn worth(&self, chosen: &[u32]) -> u64 {
        let mut covered = vec![false; self.by.len()];
        for customer in chosen.iter().flat_map(|site| self.of.of(*site as usize)) {
            covered[*customer as usize] = true;
        }
        let own: u64 = chosen.iter().map(|site| self.own[*site as usize]).sum();
        let shared = covered.iter().zip(&self.weights).filter(|(is, _)| **is);
        self.base + own + shared.map(|(_, weight)| *weight).sum::<u64>()
    }
}
