//! For each customer the sites that may serve it, nearest first: as many as memory allows, with
//! the cost from which on the list is silent.

use crate::{Costs, FAR};

/// Lists of `(cost, site)`, one for each customer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    start: Vec<usize>,
    near: Vec<(u32, u32)>,
    /// The cost of the nearest site that is not listed; [`FAR`] where all that can serve are.
    beyond: Vec<u32>,
}

/// How many entries all lists may have together (eight bytes each).
const MOST: usize = 40_000_000;

impl Rows {
    /// The lists over all sites: each of at least so many entries, and more until it reaches a
    /// cost, as far as memory allows.
    pub(crate) fn new(costs: &dyn Costs, least: usize, reach: &[i64]) -> Self {
        let (customers, sites) = (costs.customers(), costs.sites());
        let fair = (MOST / customers.max(1)).max(2);
        let mut rows = Self { start: vec![0], near: Vec::new(), beyond: Vec::new() };
        for (customer, reach) in reach.iter().enumerate() {
            // What others left over may be used up.
            let most = fair * (customer + 1) - rows.near.len().min(fair * customer);
            let mut keep = least.clamp(1, most);
            let mut list = costs.nearest(customer, keep + 1);
            while keep < most.min(sites)
                && list.get(keep).is_some_and(|(_, cost)| i64::from(*cost) <= *reach)
            {
                keep = (2 * keep).min(most);
                list = costs.nearest(customer, keep + 1);
            }
            rows.push(list.into_iter().map(|(site, cost)| (cost, site)), keep);
        }
        rows
    }

    /// The lists over some sites only.
    pub(crate) fn over(costs: &dyn Costs, sites: &[u32]) -> Self {
        let keep = (MOST / costs.customers().max(1)).max(2);
        let mut rows = Self { start: vec![0], near: Vec::new(), beyond: Vec::new() };
        for customer in 0..costs.customers() {
            let pairs = sites.iter().map(|site| (costs.cost(customer, *site as usize), *site));
            let mut list: Vec<_> = pairs.filter(|(cost, _)| *cost != FAR).collect();
            list.sort_unstable();
            rows.push(list.into_iter(), keep);
        }
        rows
    }

    /// One more customer, of whose sites so many are listed.
    fn push(&mut self, mut list: impl Iterator<Item = (u32, u32)>, keep: usize) {
        self.near.extend(list.by_ref().take(keep));
        self.beyond.push(list.next().map_or(FAR, |(cost, _)| cost));
        self.start.push(self.near.len());
    }

    /// How many customers there are.
    pub(crate) fn len(&self) -> usize {
        self.beyond.len()
    }

    /// The sites of a customer with their costs, nearest first.
    pub(crate) fn of(&self, customer: usize) -> &[(u32, u32)] {
        &self.near[self.start[customer]..self.start[customer + 1]]
    }

    /// Every site that is not listed for a customer costs it at least this.
    pub(crate) fn beyond(&self, customer: usize) -> u32 {
        self.beyond[customer]
    }

    /// How many entries all lists have.
    pub(crate) fn entries(&self) -> usize {
        self.near.len()
    }

    /// The highest cost that is listed or known to lie beyond.
    pub(crate) fn highest(&self) -> u32 {
        let listed = self.near.iter().map(|(cost, _)| *cost).max().unwrap_or(0);
        let beyond = self.beyond.iter().filter(|cost| **cost != FAR).copied().max();
        listed.max(beyond.unwrap_or(0))
    }

    /// Drops the sites that stay shut, and those behind a site that stays open: they never serve.
    pub(crate) fn shrink(&mut self, shut: impl Fn(u32) -> bool, open: impl Fn(u32) -> bool) {
        let (mut to, mut from) = (0, 0);
        for customer in 0..self.len() {
            let end = self.start[customer + 1];
            while from < end {
                let (cost, site) = self.near[from];
                from += 1;
                if shut(site) {
                    continue;
                }
                self.near[to] = (cost, site);
                to += 1;
                if open(site) {
                    self.beyond[customer] = FAR;
                    from = end;
                }
            }
            self.start[customer + 1] = to;
        }
        self.near.truncate(to);
    }
}

/// For each site the customers that list it, in order.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    start: Vec<usize>,
    customers: Vec<u32>,
}

impl Columns {
    /// The lists the other way round.
    pub(crate) fn new(rows: &Rows, sites: usize) -> Self {
        let mut start = vec![0; sites + 1];
        rows.near.iter().for_each(|(_, site)| start[*site as usize + 1] += 1);
        for site in 0..sites {
            start[site + 1] += start[site];
        }
        let (mut next, mut customers) = (start.clone(), vec![0; rows.near.len()]);
        for (customer, number) in (0..rows.len()).zip(0..) {
            for (_, site) in rows.of(customer) {
                let at = &mut next[*site as usize];
                customers[*at] = number;
                *at += 1;
            }
        }
        Self { start, customers }
    }

    /// The customers that list a site.
    pub(crate) fn of(&self, site: usize) -> &[u32] {
        &self.customers[self.start[site]..self.start[site + 1]]
    }
}
