//! Bounds by prices: every customer has a price at most its weight. What remains of the weights,
//! with the prices of all customers of the best sites, is never less than what can be covered.
//!
//! This is the Lagrangian relaxation of "covered only by an open site" (M. L. Fisher, "The
//! Lagrangian relaxation method for solving integer programming problems", 1981). Prices are whole
//! numbers of 1/65,536 and added up without any rounding, so a bound holds wherever the prices
//! come from, from steps downhill here or from a linear program.

use super::merged::Core;
use super::odd::Odd;
use crate::Stop;
use crate::ask::Mark;

/// How many parts of one a price is counted in, as a power of two.
const PARTS: u32 = 16;

/// The largest sum of weights whose prices add up in 64 bits.
pub(super) const MOST: u64 = 1 << (62 - PARTS);

/// For each customer its price.
pub(super) type Prices = Vec<i64>;

/// What prices prove.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    /// What no choice exceeds, in parts.
    bound: i64,
    /// What each site's customers cost.
    gains: Vec<i64>,
    /// The gain of the worst free site that is taken; none where all are.
    last: Option<i64>,
    /// The gain of the best free site that is not taken; 0 where there is none.
    next: i64,
}

impl Judged {
    /// What no choice covers more than.
    pub(super) fn bound(&self) -> u64 {
        (self.bound >> PARTS).max(0).unsigned_abs()
    }

    /// 1 for each site that prices open, and 0 for every other one.
    pub(super) fn picked(&self) -> Vec<f64> {
        let last = self.last.unwrap_or(0);
        self.gains.iter().map(|gain| if *gain >= last { 1.0 } else { 0.0 }).collect()
    }

    /// Marks every free site without which, or with which, nothing covers more than `worth`. The
    /// marks must agree with those that this was proved for.
    pub(super) fn decide(&self, worth: u64, marks: &mut [Mark]) {
        let enough = |bound: i64| (bound >> PARTS).max(0).unsigned_abs() > worth;
        let Some(last) = self.last else { return };
        for (gain, mark) in self.gains.iter().zip(marks) {
            let mark_as = match *mark {
                Mark::Free if !enough(self.bound - (last - gain).max(0)) => Mark::Shut,
                Mark::Free if !enough(self.bound - (gain - self.next).max(0)) => Mark::Open,
                _ => continue,
            };
            *mark = mark_as;
        }
    }
}

/// What these prices prove of the choices that agree with the marks: prices of customers, and of
/// cuts.
pub(super) fn judge(core: &Core, marks: &[Mark], prices: &[i64], odd: &[(Odd, i64)]) -> Judged {
    let own = core.own.iter().map(|own| parts(*own));
    let mut gains: Vec<i64> = own.collect();
    let mut bound = parts(core.base);
    let mut rest: Vec<i64> = core.weights.iter().map(|weight| parts(*weight)).collect();
    for (odd, price) in odd {
        // No more is asked for a customer than its weight, so that sums stay what they can be.
        let most = odd.customers.iter().map(|customer| rest[*customer as usize]).min();
        let price = (*price).clamp(0, most.unwrap_or(0));
        for customer in &odd.customers {
            rest[*customer as usize] -= price;
        }
        for (site, half) in &odd.sites {
            gains[*site as usize] += price * i64::from(*half);
        }
        bound += price * i64::from(odd.half());
    }
    for ((list, rest), price) in core.by.iter().zip(rest).zip(prices) {
        let price = (*price).clamp(0, rest);
        bound += rest - price;
        for site in list {
            gains[*site as usize] += price;
        }
    }
    let marked = |as_is| marks.iter().zip(&gains).filter(move |(mark, _)| **mark == as_is);
    bound += marked(Mark::Open).map(|(_, gain)| gain).sum::<i64>();
    let picks = core.picks - marked(Mark::Open).count();
    let mut free: Vec<i64> = marked(Mark::Free).map(|(_, gain)| *gain).collect();
    free.sort_unstable_by(|one, other| other.cmp(one));
    bound += free.iter().take(picks).sum::<i64>();
    let last = if picks == 0 { Some(i64::MAX / 4) } else { free.get(picks - 1).copied() };
    let next = free.get(picks).copied().unwrap_or(0);
    Judged { bound, gains, last, next }
}

#[expect(clippy::cast_possible_wrap, reason = "at most MOST")]
fn parts(weight: u64) -> i64 {
    (weight as i64) << PARTS
}

/// A price of a linear program in whole parts.
#[expect(clippy::cast_possible_truncation, reason = "clamped where it is used")]
pub(super) fn price(dual: f64) -> i64 {
    (dual * f64::from(1 << PARTS)).round() as i64
}

/// How many steps are made without a better bound before steps become shorter.
const PATIENCE: usize = 40;

/// What part of the direction before goes into the next.
const MIXED: f64 = 0.9;

/// Prices whose bound is nearly the least, by steps downhill.
///
/// The direction is mixed with the one before (P. Camerini, L. Fratta and F. Maffioli, "On
/// improving relaxation methods by modified gradient techniques", 1975), its length is that of
/// B. T. Polyak towards what is known to be reached.
pub(super) fn descend(core: &Core, worth: u64, steps: usize, stop: &Stop) -> Prices {
    let weights: Vec<f64> = core.weights.iter().map(|weight| *weight as f64).collect();
    let mut prices: Vec<f64> = weights.iter().map(|weight| weight / 2.0).collect();
    let mut best = (f64::INFINITY, prices.clone());
    let mut way = vec![0.0; prices.len()];
    let mut state = State::new(core);
    let (mut length, mut since) = (1.0, 0);
    for _ in 0..steps {
        if stop.now() || length < 1e-4 {
            break;
        }
        let bound = state.slope(core, &weights, &prices);
        since += 1;
        if bound < best.0 - 1e-7 * bound.abs() {
            best = (bound, prices.clone());
            since = 0;
        }
        if since > PATIENCE {
            (length, since) = (length / 2.0, 0);
            prices.clone_from(&best.1);
            way.fill(0.0);
            continue;
        }
        for (own, slope) in way.iter_mut().zip(&state.slopes) {
            *own = MIXED * *own + slope;
        }
        let square: f64 = way.iter().map(|own| own * own).sum();
        if square == 0.0 {
            break;
        }
        let step = length * (bound - worth as f64).max(0.5) / square;
        for ((price, own), weight) in prices.iter_mut().zip(&way).zip(&weights) {
            *price = (*price - step * own).clamp(0.0, *weight);
        }
    }
    best.1.into_iter().map(price).collect()
}

/// What a step needs room for.
struct State {
    gains: Vec<f64>,
    order: Vec<usize>,
    slopes: Vec<f64>,
}

impl State {
    fn new(core: &Core) -> Self {
        let sites = core.sites();
        Self {
            gains: vec![0.0; sites],
            order: (0..sites).collect(),
            slopes: vec![0.0; core.by.len()],
        }
    }

    /// The bound of prices, and how it changes with each of them.
    fn slope(&mut self, core: &Core, weights: &[f64], prices: &[f64]) -> f64 {
        let mut bound = core.base as f64;
        for (site, gain) in self.gains.iter_mut().enumerate() {
            let customers = core.of.of(site).iter();
            let shared: f64 = customers.map(|customer| prices[*customer as usize]).sum();
            *gain = core.own[site] as f64 + shared;
        }
        let rest = weights.iter().zip(prices).map(|(weight, price)| weight - price);
        bound += rest.sum::<f64>();
        self.slopes.fill(-1.0);
        let gains = &self.gains;
        let picks = core.picks.min(gains.len());
        if picks > 0 && picks < gains.len() {
            let by = |one: &usize, other: &usize| gains[*other].total_cmp(&gains[*one]);
            self.order.select_nth_unstable_by(picks - 1, by);
        }
        for site in &self.order[..picks] {
            bound += gains[*site];
            for customer in core.of.of(*site) {
                self.slopes[*customer as usize] += 1.0;
            }
        }
        for ((slope, price), weight) in self.slopes.iter_mut().zip(prices).zip(weights) {
            // A price at its end goes no further.
            let stuck = (*slope > 0.0 && *price <= 0.0) || (*slope < 0.0 && price >= weight);
            if stuck {
                *slope = 0.0;
            }
        }
        bound
    }
}
