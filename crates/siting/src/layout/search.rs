//! Good plans: sites are taken by what they add for their money, and then again and again some of
//! one neighbourhood are given up and taken anew (P. Shaw, "Using constraint programming and local
//! search methods to solve vehicle routing problems", 1998).
//!
//! What a site adds is what it adds to what others serve, counted exactly. As that mostly falls as
//! others are taken, it is counted again only for the first in line (M. Minoux, "Accelerated greedy
//! algorithms for maximizing submodular set functions", 1978).

use fastrand::Rng;

use super::flow::Scratch;
use super::plan::{Case, Plan, Score};
use super::prices::{Prices, worths};

/// What a choice adds, in line by what it is worth for its money.
#[derive(Debug, Clone, Copy)]
struct Gain {
    /// Whether it costs nothing, what it lifts towards floors, and what it is worth, the last two
    /// for a yuan.
    rank: (bool, f64, f64),
    site: usize,
    choice: usize,
}

impl Gain {
    fn before(&self, other: &Self) -> std::cmp::Ordering {
        let (one, two) = (self.rank, other.rank);
        let order = two.0.cmp(&one.0).then(two.1.total_cmp(&one.1));
        let order = order.then(two.2.total_cmp(&one.2));
        order.then((self.site, self.choice).cmp(&(other.site, other.choice)))
    }
}

/// A search for plans.
pub(super) struct Search<'a> {
    case: &'a Case,
    rng: Rng,
    scratch: Scratch,
    pub(super) best: Plan,
    pub(super) score: Score,
    at: Plan,
    attempt: Plan,
    /// For each site what its choices are worth under the last prices.
    worth: Vec<Vec<f64>>,
    /// All choices by what they are worth beyond staying, for what they cost.
    ranked: Vec<(usize, usize)>,
    /// Areas that need something.
    areas: Vec<usize>,
}

/// How many choices are looked at in a neighbourhood, and in the whole city.
const NEAR: usize = 60;
const FAR: usize = 24;
/// How many are looked at first.
const FIRST: usize = 8_000;

impl<'a> Search<'a> {
    pub(super) fn new(case: &'a Case, seed: u64) -> Self {
        let mut scratch = Scratch::default();
        let best = Plan::new(case, &mut scratch);
        let score = best.score(case);
        let needs = case.model.needs.iter().enumerate().filter(|(_, need)| **need > 0);
        let mut search = Self {
            case,
            rng: Rng::with_seed(seed),
            scratch,
            score,
            at: best.clone(),
            attempt: best.clone(),
            best,
            worth: Vec::new(),
            ranked: Vec::new(),
            areas: needs.map(|(area, _)| area).collect(),
        };
        search.price(&Prices::free(case));
        search
    }

    /// Whether the best plan holds.
    pub(super) fn holds(&self) -> bool {
        (self.score.over, self.score.short) == (0, 0)
    }

    /// Ranks choices by prices.
    pub(super) fn price(&mut self, prices: &Prices) {
        let mut room = Vec::new();
        let sites = 0..self.case.model.choices.len();
        self.worth = sites.map(|site| worths(self.case, site, prices, &mut room)).collect();
        self.ranked.clear();
        for (site, all) in self.case.model.choices.iter().enumerate().filter(|own| own.1.len() > 1)
        {
            self.ranked.extend((0..all.len()).map(|choice| (site, choice)));
        }
        let lost = |(site, choice): &(usize, usize)| {
            let all = &self.worth[*site];
            let best = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let cost = self.case.choice(*site, *choice).cost.unsigned_abs().max(1);
            (best - all[*choice]) / cost as f64
        };
        let mut keyed: Vec<(f64, (usize, usize))> =
            self.ranked.iter().map(|own| (lost(own), *own)).collect();
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        self.ranked = keyed.into_iter().map(|(_, own)| own).collect();
    }

    /// Takes over a plan if it is better.
    pub(super) fn offer(&mut self, chosen: Vec<usize>) {
        self.at = Plan::of(self.case, &mut self.scratch, chosen);
        let pool = self.ranked.iter().copied().take(NEAR).collect();
        self.fill(pool, 0.0);
        self.trim((0..self.at.chosen.len()).collect());
        self.keep();
    }

    /// The first plan: what prices like best is looked at.
    pub(super) fn first(&mut self) {
        self.at = Plan::new(self.case, &mut self.scratch);
        let pool = self.ranked.iter().copied().take(FIRST).collect();
        self.fill(pool, 0.0);
        self.trim((0..self.at.chosen.len()).collect());
        self.keep();
    }

    /// Adds to the best plan what can be added, from all over the city.
    pub(super) fn grow(&mut self) {
        self.at.copy(&self.best);
        let pool = self.ranked.iter().copied().take(FIRST).collect();
        self.fill(pool, 0.0);
        self.keep();
    }

    /// A plan that follows the parts of choices in a relaxation.
    pub(super) fn follow(&mut self, parts: &[Vec<f64>]) {
        let mut chosen = Plan::new(self.case, &mut self.scratch).chosen;
        let mut spent = vec![0_i64; self.case.model.phases()];
        let mut all = Vec::new();
        for (site, own) in parts.iter().enumerate() {
            let best = own.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
            all.extend(best.map(|(choice, part)| (*part, site, choice)));
        }
        all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        for (site, choice) in chosen.iter().enumerate() {
            let own = self.case.choice(site, *choice);
            spent.iter_mut().skip(own.from()).for_each(|sum| *sum += own.cost);
        }
        // What closing a site releases may pay for what came before it.
        for _ in 0..2 {
            for (part, site, choice) in &all {
                let then = self.spent_with(&spent, *site, chosen[*site], *choice);
                let fits = then.iter().zip(&self.case.model.money).all(|(own, money)| own <= money);
                let less = then.iter().zip(&spent).all(|(own, had)| own <= had);
                if *part > 0.4 && (fits || less) {
                    (chosen[*site], spent) = (*choice, then);
                }
            }
        }
        self.offer(chosen);
    }

    /// What is spent up to each phase if a site changes from a choice to another.
    fn spent_with(&self, spent: &[i64], site: usize, had: usize, own: usize) -> Vec<i64> {
        let (had, own) = (self.case.choice(site, had), self.case.choice(site, own));
        let mut then = spent.to_vec();
        then.iter_mut().skip(had.from()).for_each(|sum| *sum -= had.cost);
        then.iter_mut().skip(own.from()).for_each(|sum| *sum += own.cost);
        then
    }

    fn keep(&mut self) {
        let score = self.at.score(self.case);
        if score < self.score {
            self.score = score;
            self.best.copy(&self.at);
        }
    }

    /// What a choice adds to the plan; none where it adds nothing or is not within the money.
    fn gain(&mut self, site: usize, choice: usize, noise: f64) -> Option<Gain> {
        if self.at.chosen[site] == choice {
            return None;
        }
        let before = self.at.score(self.case);
        let over = self.at.over_with(self.case, site, choice);
        if over > 0 && over >= before.over {
            return None;
        }
        for flow in &mut self.at.flows {
            flow.learn(&self.case.net, &mut self.scratch);
        }
        self.attempt.follow(&mut self.at);
        self.attempt.choose(self.case, &mut self.scratch, site, choice);
        let after = self.attempt.score(self.case);
        if after >= before {
            return None;
        }
        let had = self.case.choice(site, self.at.chosen[site]);
        let own = self.case.choice(site, choice);
        let weight = own.cost as f64 - had.cost as f64;
        let short = before.short as f64 - after.short as f64;
        let worth = before.worth.saturating_sub(after.worth) as f64;
        let each = if weight > 0.0 { weight } else { 1.0 };
        let some = 1.0 + noise * (self.rng.f64() - 0.5);
        let rank = (weight <= 0.0, short / each * some, worth / each * some);
        Some(Gain { rank, site, choice })
    }

    /// Takes the best of a pool as long as it adds something.
    fn fill(&mut self, pool: Vec<(usize, usize)>, noise: f64) {
        let mut line: Vec<Gain> = Vec::new();
        for (site, choice) in pool {
            line.extend(self.gain(site, choice, noise));
        }
        line.sort_by(Gain::before);
        line.reverse();
        while let Some(first) = line.pop() {
            let Some(again) = self.gain(first.site, first.choice, noise / 10.0) else { continue };
            let next = line.last().is_none_or(|next| again.before(next).is_le());
            if next || again.rank.1 >= first.rank.1 && again.rank.2 >= first.rank.2 * 0.999 {
                self.at.choose(self.case, &mut self.scratch, again.site, again.choice);
            } else {
                let place = line.partition_point(|own| again.before(own).is_lt());
                line.insert(place, again);
            }
        }
    }

    /// Gives up what is not needed, where cost is sought.
    fn trim(&mut self, mut used: Vec<usize>) {
        if !self.case.model.least {
            return;
        }
        used.retain(|site| self.case.model.choices[*site].len() > 1);
        self.rng.shuffle(&mut used);
        for site in used {
            for choice in 0..self.case.model.choices[site].len() {
                let had = self.case.choice(site, self.at.chosen[site]).cost;
                if self.case.choice(site, choice).cost < had
                    && self.gain(site, choice, 0.0).is_some()
                {
                    self.at.choose(self.case, &mut self.scratch, site, choice);
                }
            }
        }
    }

    /// Gives up some of a neighbourhood, or from all over the city, and takes anew.
    pub(super) fn round(&mut self) {
        if self.areas.is_empty() || self.ranked.is_empty() {
            return;
        }
        self.at.copy(&self.best);
        let wide = self.rng.usize(..5) == 0;
        let sites = if wide { self.anywhere() } else { self.neighbourhood() };
        let count = self.rng.usize(1..=6);
        let stays = |case: &Case, site: usize| match case.choice(site, 0).taken {
            None => 0,
            Some(_) => case.model.choices[site].len() - 1,
        };
        let mut given = 0;
        for site in &sites {
            let own = stays(self.case, *site);
            if self.at.chosen[*site] != own && given < count {
                self.at.choose(self.case, &mut self.scratch, *site, own);
                given += 1;
            }
        }
        let mut pool = self.pool(&sites);
        pool.extend(self.affordable());
        self.fill(pool, 0.2);
        self.trim(sites);
        self.keep();
    }

    fn neighbourhood(&mut self) -> Vec<usize> {
        let mut areas = vec![self.areas[self.rng.usize(..self.areas.len())]];
        let mut sites: Vec<usize> = Vec::new();
        let mut next = 0;
        while sites.len() < NEAR && next < areas.len() {
            let mut around = self.case.net.around(areas[next]).to_vec();
            self.rng.shuffle(&mut around);
            for pair in around {
                let site = self.case.net.site[pair];
                if sites.contains(&site) {
                    continue;
                }
                sites.push(site);
                let more = self.case.net.of(site).map(|pair| self.case.net.area[pair]);
                let more: Vec<usize> = more.filter(|area| !areas.contains(area)).collect();
                areas.extend(more);
            }
            next += 1;
        }
        sites.truncate(NEAR);
        sites
    }

    fn anywhere(&mut self) -> Vec<usize> {
        let mut sites: Vec<usize> = (0..self.at.chosen.len()).collect();
        self.rng.shuffle(&mut sites);
        sites.sort_by_key(|site| usize::from(self.at.chosen[*site] == 0));
        let used = sites.iter().filter(|site| self.at.chosen[**site] != 0).count();
        sites.truncate(used.min(NEAR / 2) + NEAR / 2);
        sites
    }

    /// The choices of sites that prices like best.
    fn pool(&self, sites: &[usize]) -> Vec<(usize, usize)> {
        let mut pool = Vec::new();
        for site in sites {
            let all = &self.worth[*site];
            let best = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (choice, worth) in all.iter().enumerate() {
                let cost = self.case.choice(*site, choice).cost.unsigned_abs().max(1) as f64;
                pool.push(((best - worth) / cost, (*site, choice)));
            }
        }
        pool.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        pool.truncate(NEAR * 2);
        pool.into_iter().map(|(_, own)| own).collect()
    }

    /// Choices anywhere that what is left over could pay for.
    fn affordable(&self) -> Vec<(usize, usize)> {
        let pays = |own: &&(usize, usize)| {
            self.at.chosen[own.0] != own.1 && self.at.over_with(self.case, own.0, own.1) == 0
        };
        self.ranked.iter().filter(pays).take(FAR).copied().collect()
    }
}
