//! Many starts, small kicks, and the best sets that were found, between which more are sought.
//!
//! A start opens sites one by one, each the best of a few drawn ones, and is improved by swaps; it
//! is then linked to one of the elite by the swaps that lead from one to the other, and the best
//! on that way is improved again (M. G. C. Resende and R. F. Werneck, "A hybrid heuristic for the
//! p-median problem", 2004). Between the two it is kicked: a few swaps around one customer, taken
//! back where what they lead to is worse (H. R. Lourenço, O. C. Martin and T. Stützle, "Iterated
//! local search", 2003).

use crate::Stop;
use crate::swap::{Field, Swap};

/// How many sets are kept.
const ELITE: usize = 10;
/// How far a kick reaches, in sites that are open there on average.
const KICK: usize = 4;
/// How far around a kick a set is improved, counted likewise.
const AROUND: usize = 10;

/// A set and its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) value: i64,
    pub(crate) open: Vec<u32>,
}

/// A search and what it has found so far.
pub(crate) struct Search<'a> {
    field: &'a Field<'a>,
    random: fastrand::Rng,
    stop: &'a Stop,
    /// How many kicks a set gets at most.
    pub(crate) kicks: usize,
    /// How likely each site is to be open in a good set; empty where nothing is known.
    pub(crate) share: Vec<f64>,
    rounds: u64,
    /// The best first.
    elite: Vec<Found>,
}

impl<'a> Search<'a> {
    /// A search that has found nothing yet.
    pub(crate) fn new(field: &'a Field<'a>, seed: u64, stop: &'a Stop) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        let (share, elite) = (Vec::new(), Vec::new());
        Self { field, random, stop, kicks: usize::MAX, share, rounds: 0, elite }
    }

    /// The best so far.
    pub(crate) fn best(&self) -> Option<&Found> {
        self.elite.first()
    }

    /// Searches until so many rounds in a row found nothing better, or it is time to stop.
    pub(crate) fn run(&mut self, patience: usize, told: &mut dyn FnMut(&Found)) {
        let mut idle = 0;
        while idle < patience {
            let before = self.best().map(|best| best.value);
            self.round();
            idle += 1;
            if self.best().map(|best| best.value) != before {
                idle = 0;
                self.best().into_iter().for_each(&mut *told);
            }
            if self.stop.now() {
                return;
            }
        }
    }

    /// One start, its kicks, and its link to one of the elite.
    fn round(&mut self) {
        // Every other start follows what is known, so that what is not known is found as well.
        self.rounds += 1;
        let share = if self.rounds.is_multiple_of(2) { &self.share[..] } else { &[] };
        let open = start(self.field, &mut self.random, share);
        let mut swap = Swap::new(self.field, open);
        swap.improve(self.stop);
        self.kicks(&mut swap);
        let own = Found { value: swap.value, open: swap.sorted() };
        let other = (!self.elite.is_empty()).then(|| self.random.usize(..self.elite.len()));
        let other = other.map(|at| self.elite[at].clone());
        self.keep(own);
        if let Some(between) = other.and_then(|other| self.link(&mut swap, &other)) {
            self.polish(between);
        }
    }

    /// Improves a set by swaps and kicks and keeps what comes of it.
    pub(crate) fn polish(&mut self, open: Vec<u32>) {
        let mut swap = Swap::new(self.field, open);
        swap.improve(self.stop);
        self.kicks(&mut swap);
        self.keep(Found { value: swap.value, open: swap.sorted() });
    }

    /// Kicks a set until many kicks in a row were of no use.
    fn kicks(&mut self, swap: &mut Swap) {
        let patience = 10 + 2 * self.field.p;
        let mut idle = 0;
        for _ in 0..self.kicks {
            idle = if self.kick(swap) { 0 } else { idle + 1 };
            if idle >= patience || self.stop.now() {
                break;
            }
        }
        swap.improve(self.stop);
    }

    /// Swaps a few sites around a customer and improves; back where that is worse. True where it
    /// is better.
    fn kick(&mut self, swap: &mut Swap) -> bool {
        let before = swap.value;
        let mut done = Vec::new();
        let middle = self.random.usize(..self.field.costs.customers());
        for _ in 0..self.random.usize(1..=3) {
            if let Some((opens, shuts)) = self.near(swap, middle) {
                swap.swap(opens, shuts);
                done.push((opens, shuts));
            }
        }
        // Only sites around can be worth opening now.
        let around = self.around(middle, AROUND).iter().map(|(_, site)| *site);
        let around: Vec<u32> = around.filter(|site| self.field.is_free(*site)).collect();
        let stays = |site: u32| self.field.forced[site as usize];
        while let Some(best) = swap.best(&around, |site| !stays(site)) {
            if best.saves <= 0 {
                break;
            }
            swap.swap(best.opens, best.shuts);
            done.push((best.opens, best.shuts));
        }
        if swap.value > before {
            for (opened, shut) in done.into_iter().rev() {
                swap.swap(shut, opened);
            }
        }
        swap.value < before
    }

    /// The sites nearest to a customer, as many as serve so many open ones on average.
    fn around(&self, middle: usize, open: usize) -> &'a [(u32, u32)] {
        let reach = open * (self.field.costs.sites() / self.field.p + 1);
        let list = self.field.rows.of(middle);
        &list[..reach.min(list.len())]
    }

    /// A shut and an open site near a customer, drawn.
    fn near(&mut self, swap: &Swap, middle: usize) -> Option<(u32, u32)> {
        let field = self.field;
        let list = self.around(middle, KICK);
        let sites = || list.iter().map(|(_, site)| *site);
        let movable = |site: &u32| swap.is_open(*site) && !field.forced[*site as usize];
        let open: Vec<u32> = sites().filter(movable).collect();
        let may_open = |site: &u32| !swap.is_open(*site) && field.is_free(*site);
        let shut: Vec<u32> = sites().filter(may_open).collect();
        let draw = |random: &mut fastrand::Rng, of: &[u32]| {
            (!of.is_empty()).then(|| of[random.usize(..of.len())])
        };
        Some((draw(&mut self.random, &shut)?, draw(&mut self.random, &open)?))
    }

    /// Walks from a set to another by the best swaps; the best set strictly between.
    fn link(&mut self, swap: &mut Swap, other: &Found) -> Option<Vec<u32>> {
        let stays = |site: u32| other.open.binary_search(&site).is_ok();
        let mut enter: Vec<u32> =
            other.open.iter().copied().filter(|site| !swap.is_open(*site)).collect();
        let mut best: Option<(i64, Vec<u32>)> = None;
        while enter.len() > 1 {
            let next = swap.best(&enter, |site| !stays(site))?;
            swap.swap(next.opens, next.shuts);
            enter.retain(|site| *site != next.opens);
            let better = best.as_ref().is_none_or(|(value, _)| swap.value < *value);
            if better && !enter.is_empty() {
                best = Some((swap.value, swap.open.clone()));
            }
        }
        best.map(|(_, open)| open)
    }

    /// Keeps a set where it is new and good: in place of the one most like it that is no better.
    fn keep(&mut self, found: Found) {
        if self.elite.iter().any(|own| own.open == found.open) {
            return;
        }
        if self.elite.len() >= ELITE {
            let apart = |own: &Found| {
                own.open.iter().filter(|site| found.open.binary_search(site).is_err()).count()
            };
            let worse = self.elite.iter().enumerate().filter(|(_, own)| own.value >= found.value);
            let Some((at, _)) = worse.min_by_key(|(_, own)| apart(own)) else {
                return;
            };
            self.elite.remove(at);
        }
        let at = self.elite.partition_point(|own| *own <= found);
        self.elite.insert(at, found);
    }
}

/// Lowers what each customer costs by opening a site.
fn lower(field: &Field, least: &mut [i64], site: u32) {
    for (own, customer) in least.iter_mut().zip(0..) {
        *own = (*own).min(field.cost(customer, site as usize));
    }
}

/// Opens sites as likely as the shares say, and the rest one by one, each the best of a few drawn.
pub(crate) fn start(field: &Field, random: &mut fastrand::Rng, share: &[f64]) -> Vec<u32> {
    let forced = (0..).zip(&field.forced).filter(|(_, own)| **own);
    let mut open: Vec<u32> = forced.map(|(site, _)| site).collect();
    let customers = field.costs.customers();
    let mut least: Vec<i64> = vec![field.lost; customers];
    open.iter().for_each(|site| lower(field, &mut least, *site));
    let mut left = field.free.clone();
    if !share.is_empty() {
        let room = field.p - open.len();
        let taken = |site: &u32| random.f64() < share[*site as usize];
        let (mut taken, mut rest): (Vec<u32>, Vec<u32>) = left.into_iter().partition(taken);
        rest.extend(taken.drain(room.min(taken.len())..));
        left = rest;
        taken.iter().for_each(|site| lower(field, &mut least, *site));
        open.extend(taken);
    }
    let drawn = (left.len() / field.p.max(1)).max(2).ilog2() as usize + 1;
    while open.len() < field.p && !left.is_empty() {
        let draws = (0..drawn).map(|_| random.usize(..left.len())).collect::<Vec<_>>();
        let saved = |at: usize| {
            let site = left[at] as usize;
            let saved = (0..).zip(&least).map(|(i, own)| (own - field.cost(i, site)).max(0));
            saved.sum::<i64>()
        };
        let best = draws.into_iter().max_by_key(|at| saved(*at)).unwrap_or(0);
        let site = left.swap_remove(best);
        lower(field, &mut least, site);
        open.push(site);
    }
    open
}
