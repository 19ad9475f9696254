//! A bound from prices: what each customer would pay at most.
//!
//! Whatever the prices are, the sum of them, less what the p sites that earn most would give back,
//! is at most the least cost (the Lagrangian relaxation of "each customer is served once"; G.
//! Cornuejols, M. L. Fisher and G. L. Nemhauser, "Location of bank accounts to optimize float",
//! 1977). Prices are whole multiples of a small power of two and all sums are exact, so such a
//! bound holds without any rounding, wherever the prices come from. How far a site's worth lies
//! from being chosen tells which sites stay shut, or open, in every better set. Good prices are
//! found by the volume algorithm (F. Barahona and R. Anbil, "The volume algorithm: producing
//! primal solutions with a subgradient method", 2000).

use super::rows::Rows;
use crate::{FAR, Stop};

/// What is decided of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Free,
    Open,
    Shut,
}

/// The unit of prices, and how high one may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    shift: u32,
    cap: i64,
}

/// The bits of the fraction of a price where there is room for them.
const FRACTION: u32 = 16;

impl Scale {
    /// The unit for those lists, such that no sum overflows.
    pub(crate) fn new(rows: &Rows, p: usize) -> Self {
        let cap = 4 * (i64::from(rows.highest()) + 1);
        let most = i128::from(cap) * (rows.len() as i128 + 1) * (p as i128 + 1);
        let room = 61_u32.saturating_sub(128 - most.leading_zeros());
        let shift = room.min(FRACTION);
        Self { shift, cap: cap << shift }
    }

    /// A number of whole units.
    pub(crate) fn whole(&self, units: i64) -> i64 {
        units.saturating_mul(1 << self.shift)
    }

    /// The least whole number of units that is no less.
    pub(crate) fn up(&self, fixed: i64) -> i64 {
        -((-fixed) >> self.shift)
    }

    /// As a plain number.
    pub(crate) fn plain(&self, fixed: i64) -> f64 {
        fixed as f64 / self.whole(1) as f64
    }

    /// The nearest multiple, within what a price of a customer may be.
    #[expect(clippy::cast_possible_truncation, reason = "kept between 0 and the cap")]
    pub(crate) fn price(&self, rows: &Rows, customer: usize, plain: f64) -> i64 {
        let beyond = rows.beyond(customer);
        let cap = if beyond == FAR { self.cap } else { self.cap.min(self.whole(beyond.into())) };
        (plain * self.whole(1) as f64).round().clamp(0.0, cap as f64) as i64
    }
}

/// What prices come to.
#[derive(Debug, Clone)]
pub(crate) struct Priced {
    /// The bound, in multiples.
    pub(crate) value: i64,
    /// What each site costs, given what customers would pay: at most 0.
    worth: Vec<i64>,
    /// The free sites that are chosen.
    pub(crate) chosen: Vec<u32>,
    /// The worth of the worst that is chosen, and of the best that is not.
    edge: (Option<i64>, Option<i64>),
}

/// The bound of prices where some sites are open and shut for good; none where too few or too many
/// sites are open.
pub(crate) fn price(
    (rows, scale): (&Rows, Scale),
    fates: &[Fate],
    p: usize,
    prices: &[i64],
) -> Option<Priced> {
    let mut worth = vec![0_i64; fates.len()];
    for (customer, price) in prices.iter().enumerate() {
        for (cost, site) in rows.of(customer) {
            let cost = scale.whole((*cost).into());
            if cost >= *price {
                break;
            }
            worth[*site as usize] -= price - cost;
        }
    }
    let open = fates.iter().zip(&worth).filter(|(fate, _)| **fate == Fate::Open);
    let (mut value, mut opened) = (prices.iter().sum::<i64>(), 0);
    for (_, worth) in open {
        value += worth;
        opened += 1;
    }
    let free = fates.iter().zip(0..).filter(|(fate, _)| **fate == Fate::Free);
    let mut free: Vec<u32> = free.map(|(_, site)| site).collect();
    let more = p.checked_sub(opened).filter(|more| *more <= free.len())?;
    let key = |site: &u32| (worth[*site as usize], *site);
    if more > 0 && more < free.len() {
        free.select_nth_unstable_by_key(more, key);
    }
    let rest = free.split_off(more);
    value += free.iter().map(|site| worth[*site as usize]).sum::<i64>();
    let worst = free.iter().map(|site| worth[*site as usize]).max();
    let best = rest.iter().map(|site| worth[*site as usize]).min();
    Some(Priced { value, worth, chosen: free, edge: (worst, best) })
}

impl Priced {
    /// Decides sites that are the same in every set whose value is at most the limit (in
    /// multiples); how many, none where there is no such set.
    pub(crate) fn fix(&self, fates: &mut [Fate], limit: i64) -> Option<usize> {
        if self.value > limit {
            return None;
        }
        let (room, mut fixed) = (limit.saturating_sub(self.value), 0);
        let mut chosen = vec![false; fates.len()];
        self.chosen.iter().for_each(|site| chosen[*site as usize] = true);
        for (site, fate) in fates.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::Free) {
            let worth = self.worth[site];
            let new = match (chosen[site], self.edge) {
                (true, (_, None)) => Fate::Open,
                (true, (_, Some(best))) if best - worth > room => Fate::Open,
                (false, (None, _)) => Fate::Shut,
                (false, (Some(worst), _)) if worth - worst > room => Fate::Shut,
                _ => continue,
            };
            *fate = new;
            fixed += 1;
        }
        Some(fixed)
    }
}

/// The best prices so far and where they came from.
pub(crate) struct Ascent {
    pub(crate) prices: Vec<i64>,
    pub(crate) value: i64,
    /// How often each site was chosen lately, from 0 to 1.
    pub(crate) share: Vec<f64>,
    /// How many chosen sites would serve each customer lately.
    served: Vec<f64>,
    /// The length of a step, as a part of the one that would meet the target.
    pace: f64,
    idle: u32,
}

impl Ascent {
    /// Prices to start from.
    pub(crate) fn new(prices: Vec<i64>, sites: usize) -> Self {
        let served = vec![1.0; prices.len()];
        Self { prices, value: i64::MIN, share: vec![0.0; sites], served, pace: 0.5, idle: 0 }
    }

    /// Climbs for so many rounds; the sites that are decided on the way are dropped from the
    /// lists. False where no set is as good as the limit, in multiples.
    pub(crate) fn climb(
        &mut self,
        rows: &mut Rows,
        scale: Scale,
        (fates, p): (&mut [Fate], usize),
        limit: i64,
        (rounds, stop): (usize, &Stop),
    ) -> bool {
        let mut dropped = 0;
        for round in 0..rounds {
            let trial =
                if round == 0 { self.prices.clone() } else { self.step(rows, scale, limit) };
            let Some(priced) = price((rows, scale), fates, p, &trial) else {
                return false;
            };
            self.learn(rows, scale, fates, &priced, &trial);
            if priced.value > self.value {
                self.value = priced.value;
                self.prices = trial;
                let Some(fixed) = priced.fix(fates, limit) else {
                    return false;
                };
                dropped += fixed;
            }
            if dropped * 20 > fates.len() {
                rows.shrink(|site| fates[site as usize] == Fate::Shut, |_| false);
                dropped = 0;
            }
            if self.pace < 1e-4 || stop.now() {
                break;
            }
        }
        true
    }

    /// Ready to climb again, with longer steps.
    pub(crate) fn again(&mut self) {
        self.pace = 0.1;
        self.idle = 0;
    }

    /// Prices one step further: up where too few sites serve a customer, down where too many.
    fn step(&self, rows: &Rows, scale: Scale, limit: i64) -> Vec<i64> {
        let length: f64 = self.served.iter().map(|own| (1.0 - own) * (1.0 - own)).sum();
        let apart =
            scale.plain(limit.saturating_sub(self.value).min(self.value.abs())).max(0.0) + 1.0;
        let step = self.pace * apart / length.max(1e-9);
        let moved = self.prices.iter().zip(&self.served).enumerate();
        let moved = moved.map(|(customer, (price, served))| {
            scale.price(rows, customer, scale.plain(*price) + step * (1.0 - served))
        });
        moved.collect()
    }

    /// Takes what was chosen into the means, and the step shorter or longer.
    fn learn(&mut self, rows: &Rows, scale: Scale, fates: &[Fate], priced: &Priced, at: &[i64]) {
        let mut open: Vec<bool> = fates.iter().map(|fate| *fate == Fate::Open).collect();
        priced.chosen.iter().for_each(|site| open[*site as usize] = true);
        let part = if self.value == i64::MIN { 1.0 } else { 0.1_f64.min(self.pace.max(0.01)) };
        let mut slope = 0.0;
        for (customer, price) in at.iter().enumerate() {
            let row = rows.of(customer).iter();
            let within = row.take_while(|(cost, _)| scale.whole((*cost).into()) < *price);
            let count = within.filter(|(_, site)| open[*site as usize]).count() as f64;
            let served = &mut self.served[customer];
            slope += (1.0 - count) * (1.0 - *served);
            *served += part * (count - *served);
        }
        for (own, open) in self.share.iter_mut().zip(&open) {
            *own += part * (f64::from(u8::from(*open)) - *own);
        }
        if priced.value > self.value {
            self.idle = 0;
            let factor = if slope > 0.0 { 1.1 } else { 1.0 };
            self.pace = (self.pace * factor).min(2.0);
        } else {
            self.idle += 1;
            if self.idle >= 10 {
                self.idle = 0;
                self.pace *= 0.66;
            }
        }
    }
}
