//! Prices that customers pay for being served, raised until the bound they prove rises no more.
//!
//! A subgradient method: the direction is mixed with the one before (P. Camerini, L. Fratta and
//! F. Maffioli, "On improving relaxation methods by modified gradient techniques", 1975), and the
//! length is that of B. T. Polyak ("Minimization of unsmooth functionals", 1969).

use crate::Stop;

/// What proves a bound from prices.
pub(super) trait Priced {
    /// The bound of these prices, and for each customer by how much it is served too little.
    fn bound(&mut self, prices: &[f64], lacks: &mut [f64]) -> f64;
}

/// How far prices are raised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    pub(super) steps: usize,
    /// How many steps without a better bound make steps shorter.
    pub(super) patience: usize,
    /// How long the first step is, as a part of Polyak's.
    pub(super) length: f64,
}

/// What part of the direction before goes into the next.
const MIXED: f64 = 0.8;

/// How short a step, as a part of Polyak's, ends it.
const SHORT: f64 = 1e-3;

/// Raises prices; the best bound, whose prices are left in `prices`. Ends early above `enough`.
pub(super) fn climb(
    priced: &mut impl Priced,
    prices: &mut Vec<f64>,
    enough: f64,
    effort: Effort,
    stop: &Stop,
) -> f64 {
    let mut lacks = vec![0.0; prices.len()];
    let mut way = vec![0.0; prices.len()];
    let mut at = prices.clone();
    let (mut best, mut length, mut since) = (f64::NEG_INFINITY, effort.length, 0);
    for _ in 0..effort.steps {
        let bound = priced.bound(&at, &mut lacks);
        since += 1;
        if bound > best + best.abs() * 1e-9 || best == f64::NEG_INFINITY {
            best = bound;
            prices.clone_from(&at);
            since = 0;
        }
        if best >= enough || length < SHORT || stop.now() {
            break;
        }
        if since > effort.patience {
            (length, since) = (length / 2.0, 0);
            at.clone_from(prices);
            way.fill(0.0);
            continue;
        }
        for (own, lack) in way.iter_mut().zip(&lacks) {
            *own = MIXED * *own + lack;
        }
        let square: f64 = way.iter().map(|own| own * own).sum();
        if square == 0.0 {
            break;
        }
        let target = if enough.is_finite() { enough } else { bound.abs() * 1.1 };
        let step = length * (target - bound).max(target.abs() * 1e-6) / square;
        for (price, own) in at.iter_mut().zip(&way) {
            *price = (*price + step * own).max(0.0);
        }
    }
    best
}
