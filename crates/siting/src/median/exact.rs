//! The proof: a search for a good set, prices that decide most sites, and for the rest the program
//! of Benders in a tree of cases, depth first.

use super::dual::{Ascent, Fate, Scale, price};
use super::master::{Cut, Master, Point, level};
use super::rows::Rows;
use crate::Stop;
use crate::elite::{Found, Search};
use crate::lp::Unsolved;
use crate::swap::Field;
use std::rc::Rc;

/// A case: what is decided of the sites, and prices that once gave a bound for it.
struct Case {
    fates: Vec<Fate>,
    bound: i64,
    prices: Rc<Vec<i64>>,
}

/// What became of a case.
enum Outcome {
    /// No better set is in it.
    Closed,
    /// Two cases in its place, by the fate of a site.
    Split(Case, u32),
    /// It was time to stop.
    Stopped(Case),
}

/// A proof under way.
pub(crate) struct Exact<'a, 'b> {
    field: &'a Field<'a>,
    search: Search<'a>,
    stop: &'a Stop,
    told: &'b mut dyn FnMut(&Found, i64),
    rows: Rows,
    scale: Scale,
    /// What holds in every better set.
    fates: Vec<Fate>,
    best: Found,
    /// No set is better than this, in whole units.
    bound: i64,
    /// The value and the bound that were told last.
    last: (i64, i64),
}

/// How many rounds of the first search may find nothing better.
const PATIENCE: usize = 2;
/// How many kicks a set gets at most before prices are known.
const KICKS: usize = 1000;
/// How many rounds prices climb at most at a time.
const CLIMB: usize = 600;
/// For how many solutions a row may be worth nothing before it is dropped.
const IDLE: u32 = 20;

impl<'a, 'b> Exact<'a, 'b> {
    /// Searches first.
    pub(crate) fn new(
        field: &'a Field<'a>,
        seed: u64,
        stop: &'a Stop,
        told: &'b mut dyn FnMut(&Found, i64),
    ) -> Self {
        let mut search = Search::new(field, seed, stop);
        search.kicks = KICKS;
        search.run(PATIENCE, &mut |found| told(found, 0));
        let best = search.best().cloned();
        let best = best.unwrap_or(Found { value: i64::MAX, open: Vec::new() });
        let mut fates = vec![Fate::Shut; field.costs.sites()];
        field.free.iter().for_each(|site| fates[*site as usize] = Fate::Free);
        let forced = (0..fates.len()).filter(|site| field.forced[*site]).collect::<Vec<_>>();
        forced.into_iter().for_each(|site| fates[site] = Fate::Open);
        let rows = field.rows.clone();
        let scale = Scale::new(&rows, field.p);
        let last = (best.value, 0);
        Self { field, search, stop, told, rows, scale, fates, best, bound: 0, last }
    }

    /// Proves as far as there is time: the best set, and the bound in whole units.
    pub(crate) fn run(mut self) -> (Found, i64) {
        if let Some(prices) = self.climb() {
            self.tree(prices);
        } else {
            self.bound = self.best.value;
        }
        self.tell();
        (self.best, self.bound)
    }

    /// Searches on, from what the prices point at, until so many rounds in a row found nothing
    /// better: the best set, and the bound in whole units.
    pub(crate) fn seek(mut self, patience: usize) -> (Found, i64) {
        let Some(ascent) = self.climb() else {
            return (self.best.clone(), self.best.value);
        };
        self.search.share = ascent.share;
        self.search.kicks = usize::MAX;
        self.search.run(patience, &mut |_| {});
        self.learn();
        (self.best, self.bound)
    }

    /// What a better set may cost at most, in multiples.
    fn limit(&self) -> i64 {
        self.scale.whole(self.best.value - 1)
    }

    fn tell(&mut self) {
        self.bound = self.bound.min(self.best.value);
        let now = (self.best.value, self.bound);
        if now != self.last {
            self.last = now;
            (self.told)(&self.best, self.bound);
        }
    }

    /// Learns of a set; whether it is better.
    fn learn(&mut self) -> bool {
        let Some(found) = self.search.best().filter(|found| found.value < self.best.value) else {
            return false;
        };
        self.best = found.clone();
        self.tell();
        true
    }

    /// Finds good prices and decides sites by them; none where they prove the best set.
    fn climb(&mut self) -> Option<Ascent> {
        let shut = |fates: &[Fate], site: u32| fates[site as usize] == Fate::Shut;
        self.rows.shrink(|site| shut(&self.fates, site), |_| false);
        let mut ascent = Ascent::new(self.first(), self.fates.len());
        for _ in 0..4 {
            let before = self.left();
            let limit = self.limit();
            let rounds = (CLIMB, self.stop);
            let cases = (&mut self.fates[..], self.field.p);
            if !ascent.climb(&mut self.rows, self.scale, cases, limit, rounds) {
                return None;
            }
            self.bound = self.bound.max(self.scale.up(ascent.value));
            let set = self.likely(&ascent.share);
            self.search.polish(set);
            self.learn();
            self.tell();
            let priced = self.price(&self.fates, &ascent.prices)?;
            priced.fix(&mut self.fates, self.scale.whole(self.best.value - 1))?;
            if self.left() * 10 > before * 9 || self.stop.now() {
                break;
            }
            ascent.again();
        }
        Some(ascent)
    }

    fn price(&self, fates: &[Fate], prices: &[i64]) -> Option<super::dual::Priced> {
        price((&self.rows, self.scale), fates, self.field.p, prices)
    }

    /// How many sites are not decided.
    fn left(&self) -> usize {
        self.fates.iter().filter(|fate| **fate == Fate::Free).count()
    }

    /// Prices from the best set: halfway between the two nearest sites.
    fn first(&self) -> Vec<i64> {
        let mut open = vec![0.0; self.fates.len()];
        self.best.open.iter().for_each(|site| open[*site as usize] = 0.5);
        let halfway = |customer| {
            let (_, cost, _) = level(&self.rows, customer, &open);
            self.scale.price(&self.rows, customer, cost)
        };
        (0..self.rows.len()).map(halfway).collect()
    }

    /// The set of those that must be open and of those that are the most.
    fn likely(&self, share: &[f64]) -> Vec<u32> {
        let mut sites: Vec<u32> = (0..).take(share.len()).collect();
        sites.retain(|site| self.fates[*site as usize] != Fate::Shut);
        let key = |site: u32| match self.fates[site as usize] {
            Fate::Open => 2.0,
            Fate::Free | Fate::Shut => share[site as usize],
        };
        sites.sort_by(|one, other| key(*other).total_cmp(&key(*one)).then(one.cmp(other)));
        sites.truncate(self.field.p);
        sites
    }

    /// The rows to begin with: the levels around each price, and the one the shares point at.
    fn cuts(&self, ascent: &Ascent) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for (customer, price) in (0..).zip(&ascent.prices) {
            let row = self.rows.of(customer as usize);
            let at = row.partition_point(|(cost, _)| self.scale.whole((*cost).into()) <= *price);
            let around = [at.checked_sub(1), Some(at)].into_iter().flatten();
            let levels = around.filter_map(|at| row.get(at)).map(|(cost, _)| *cost);
            let shared = level(&self.rows, customer as usize, &ascent.share).0;
            let levels = levels.chain([shared]);
            let first = row.first().map_or(0, |(cost, _)| *cost);
            cuts.extend(levels.filter(|own| *own > first).map(|level| Cut { customer, level }));
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    /// Lists over what is left, each ending with the first site that stays open.
    fn narrow(&mut self) {
        let fate = |site: &u32| self.fates[*site as usize];
        let alive = (0..).take(self.fates.len()).filter(|site| fate(site) != Fate::Shut);
        let alive: Vec<u32> = alive.collect();
        let mut rows = Rows::over(self.field.costs, &alive);
        rows.shrink(|_| false, |site| fate(&site) == Fate::Open);
        self.rows = rows;
    }

    /// Goes through the cases.
    fn tree(&mut self, ascent: Ascent) {
        if self.stop.now() {
            return;
        }
        self.narrow();
        let cuts = self.cuts(&ascent);
        let mut master = self.master(cuts);
        let root =
            Case { fates: self.fates.clone(), bound: ascent.value, prices: Rc::new(ascent.prices) };
        let mut cases = Vec::new();
        match self.root(&mut master, root) {
            Outcome::Closed => {}
            Outcome::Split(case, site) => cases.extend(halves(case, site)),
            Outcome::Stopped(case) => cases.push(case),
        }
        let mut size = 2 * master.cuts.len() + 1000;
        while let Some(case) = cases.pop() {
            if self.stop.now() {
                cases.push(case);
                break;
            }
            if master.cuts.len() > size {
                let used = master.used(IDLE);
                master = self.master(used);
                size = 2 * master.cuts.len() + 1000;
            }
            match self.case(&mut master, case) {
                Outcome::Closed => {}
                Outcome::Split(case, site) => cases.extend(halves(case, site)),
                Outcome::Stopped(case) => {
                    cases.push(case);
                    break;
                }
            }
            self.lift(&cases);
        }
        self.lift(&cases);
    }

    /// The bound is the least of those of all cases.
    fn lift(&mut self, cases: &[Case]) {
        let least = cases.iter().map(|case| self.scale.up(case.bound)).min();
        let least = least.unwrap_or(self.best.value).min(self.best.value);
        if least > self.bound {
            self.bound = least;
            self.tell();
        }
    }

    fn master(&self, cuts: Vec<Cut>) -> Master {
        let mut master = Master::new(&self.rows, &self.fates, self.field.p, cuts);
        if let Some(left) = self.stop.left() {
            master.seconds(left);
        }
        master
    }

    /// The first case: as long as it decides many sites, the lists and the program are made anew.
    fn root(&mut self, master: &mut Master, mut case: Case) -> Outcome {
        loop {
            let before = self.left();
            let outcome = self.case(master, case);
            let Outcome::Split(next, site) = outcome else {
                return outcome;
            };
            self.fates.clone_from(&next.fates);
            self.bound = self.bound.max(self.scale.up(next.bound));
            self.tell();
            self.narrow();
            *master = self.master(master.used(0));
            if self.left() * 10 > before * 9 {
                return Outcome::Split(next, site);
            }
            case = next;
        }
    }

    /// Solves a case as well as it pays, adding the rows that are broken.
    fn case(&mut self, master: &mut Master, mut case: Case) -> Outcome {
        let old = Rc::clone(&case.prices);
        if self.fix(&mut case, &old).is_none() {
            return Outcome::Closed;
        }
        let mut slow = 0;
        loop {
            master.decide(&case.fates);
            let point = match master.solve(&self.rows, self.scale) {
                Ok(point) => point,
                Err(Unsolved::Infeasible) => return Outcome::Closed,
                Err(Unsolved::Stopped) => return Outcome::Stopped(case),
            };
            self.round(&point);
            let before = case.bound;
            let prices = Rc::new(point.prices.clone());
            if self.fix(&mut case, &prices).is_none() {
                return Outcome::Closed;
            }
            let broken = master.broken(&self.rows, &point);
            let room = self.limit().saturating_sub(before);
            slow = if (case.bound - before) > room / 50 { 0 } else { slow + 1 };
            if broken.is_empty() || slow > 3 && whole(&point.open).is_none() {
                return self.split(case, &point);
            }
            broken.into_iter().for_each(|cut| master.add(&self.rows, cut));
            if self.stop.now() {
                return Outcome::Stopped(case);
            }
        }
    }

    /// Decides what prices decide in a case; none where no better set is in it.
    fn fix(&self, case: &mut Case, prices: &Rc<Vec<i64>>) -> Option<usize> {
        let priced = self.price(&case.fates, prices)?;
        if priced.value >= case.bound {
            case.bound = priced.value;
            case.prices = Rc::clone(prices);
        }
        priced.fix(&mut case.fates, self.limit())
    }

    /// Looks for a better set near a point.
    fn round(&mut self, point: &Point) {
        let set = match whole(&point.open) {
            Some(set) => set,
            None => self.likely(&point.open),
        };
        let value = self.field.value(&set);
        let near = value - self.best.value < self.best.value / 100;
        if value < self.best.value || (near && self.bound < self.best.value - 1) {
            self.search.polish(set);
            self.learn();
        }
    }

    /// Splits a case by the site whose fate is least clear.
    fn split(&self, case: Case, point: &Point) -> Outcome {
        let free = case.fates.iter().zip(&point.open).zip(0..);
        let free = free.filter(|((fate, _), _)| **fate == Fate::Free);
        let clear = free.map(|((_, open), site)| ((open - 0.5).abs(), site));
        match clear.min_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((_, site)) => Outcome::Split(case, site),
            None => Outcome::Closed,
        }
    }
}

/// The case with the site shut and, to be looked at first, with the site open.
fn halves(case: Case, site: u32) -> [Case; 2] {
    let with = |fate| {
        let mut fates = case.fates.clone();
        fates[site as usize] = fate;
        Case { fates, bound: case.bound, prices: Rc::clone(&case.prices) }
    };
    [with(Fate::Shut), with(Fate::Open)]
}

/// The set that is open where each site is open or shut.
fn whole(open: &[f64]) -> Option<Vec<u32>> {
    let split = open.iter().any(|part| *part > 1e-6 && *part < 1.0 - 1e-6);
    let set = open.iter().zip(0..).filter(|(part, _)| **part > 0.5);
    (!split).then(|| set.map(|(_, site)| site).collect())
}
