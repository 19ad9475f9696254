//! Floating catchments: what is supplied for each person within reach.
//!
//! - Two stages (2SFCA): "Measures of Spatial Accessibility to Health Care in a GIS Environment:
//!   Synthesis and a Case Study in the Chicago Region", W. Luo and F. Wang, 2003; with weights that
//!   fall step by step (E2SFCA): "An enhanced two-step floating catchment area (E2SFCA) method for
//!   measuring spatial accessibility to primary care physicians", W. Luo and Y. Qi, 2009; with
//!   Gaussian weights (G2SFCA): "Black residential segregation, disparities in spatial access to
//!   health care facilities, and late-stage breast cancer diagnosis in metropolitan Detroit",
//!   D. Dai, 2010.
//! - Three stages (3SFCA): "A three-step floating catchment area method for analyzing spatial
//!   access to health services", N. Wan, B. Zou and T. Sternberg, 2012.
//! - Balanced (BFCA): "Demand and level of service inflation in Floating Catchment Area (FCA)
//!   methods", A. Páez, C. D. Higgins and S. F. Vivona, 2019.

use super::{Reach, limit};
use crate::fault::Fault;

/// How much a time counts, from 1 to 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Decay {
    /// The same however long it takes.
    Even,
    /// Up to each time, inclusive, its weight; nothing beyond the last.
    Steps(Vec<(f64, f64)>),
    /// exp(−t²/2w²) for a width w.
    Gaussian(f64),
}

impl Decay {
    /// What a time counts.
    pub fn of(&self, time: f64) -> f64 {
        match self {
            Self::Even => 1.0,
            Self::Steps(steps) => {
                let own = steps.iter().find(|(until, _)| time <= *until);
                own.map_or(0.0, |(_, weight)| *weight)
            }
            Self::Gaussian(width) => (-time * time / (2.0 * width * width)).exp(),
        }
    }

    fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Even => Ok(()),
            Self::Gaussian(width) if *width > 0.0 => Ok(()),
            Self::Gaussian(width) => Err(Fault::NoWidth(*width)),
            Self::Steps(steps) => {
                let first = steps.first().ok_or(Fault::NotFalling)?;
                limit(first.0)?;
                let known = steps.iter().all(|(_, weight)| (0.0..=1.0).contains(weight));
                let mut pairs = steps.windows(2);
                let falling = pairs.all(|pair| pair[0].0 < pair[1].0 && pair[0].1 >= pair[1].1);
                if known && falling { Ok(()) } else { Err(Fault::NotFalling) }
            }
        }
    }
}

/// What each way counts: nothing beyond the limit.
fn weights(reach: &Reach, until: f64, decay: &Decay) -> Result<Vec<f64>, Fault> {
    limit(until)?;
    decay.check()?;
    let times = reach.time.iter();
    Ok(times.map(|time| if *time <= until { decay.of(*time) } else { 0.0 }).collect())
}

/// What is supplied within reach, each place counting as its time does.
///
/// # Errors
///
/// Where the limit is not above zero, or weights do not fall.
pub fn within(reach: &Reach, until: f64, decay: &Decay) -> Result<Vec<f64>, Fault> {
    let weights = weights(reach, until, decay)?;
    Ok(gather(reach, &weights, &reach.supply))
}

/// What is supplied for each person within reach, summed over the places of supply within reach of
/// a place: 2SFCA with even weights, E2SFCA with steps, G2SFCA with Gaussian ones. Places of supply
/// that nobody reaches give nothing.
///
/// # Errors
///
/// Where the limit is not above zero, or weights do not fall.
pub fn two_stage(reach: &Reach, until: f64, decay: &Decay) -> Result<Vec<f64>, Fault> {
    let weights = weights(reach, until, decay)?;
    Ok(both_stages(reach, &weights))
}

/// The same where people turn to each place of supply the less the more others they have: 3SFCA.
///
/// # Errors
///
/// Where the limit is not above zero, or weights do not fall.
pub fn three_stage(reach: &Reach, until: f64, decay: &Decay) -> Result<Vec<f64>, Fault> {
    let mut weights = weights(reach, until, decay)?;
    for own in reach.starts.windows(2) {
        let own = &mut weights[own[0]..own[1]];
        let all: f64 = own.iter().sum();
        if all > 0.0 {
            own.iter_mut().for_each(|weight| *weight *= *weight / all);
        }
    }
    Ok(both_stages(reach, &weights))
}

/// The same where each person is counted once over all places of supply, and all that a place
/// supplies is given out once: BFCA.
///
/// # Errors
///
/// Where the limit is not above zero, or weights do not fall.
pub fn balanced(reach: &Reach, until: f64, decay: &Decay) -> Result<Vec<f64>, Fault> {
    let weights = weights(reach, until, decay)?;
    let ones = vec![1.0; reach.people.len()];
    let share = gather(reach, &weights, &vec![1.0; reach.supply.len()]);
    let people: Vec<f64> =
        reach.people.iter().zip(&share).map(|(own, all)| part(*own, *all)).collect();
    let (asked, drawn) = (scatter(reach, &weights, &people), scatter(reach, &weights, &ones));
    let levels = ratios(&reach.supply, &asked);
    Ok(gather(reach, &weights, &ratios(&levels, &drawn)))
}

fn both_stages(reach: &Reach, weights: &[f64]) -> Vec<f64> {
    let asked = scatter(reach, weights, &reach.people);
    gather(reach, weights, &ratios(&reach.supply, &asked))
}

fn ratios(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(own, all)| part(*own, *all)).collect()
}

/// One by the other; nothing where there is nothing to share among.
fn part(own: f64, all: f64) -> f64 {
    if all > 0.0 { own / all } else { 0.0 }
}

/// For each place of supply, the weighted sum of what its places of people have.
fn scatter(reach: &Reach, weights: &[f64], people: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; reach.supply.len()];
    for (own, amount) in reach.starts.windows(2).zip(people) {
        let own = own[0]..own[1];
        for (to, weight) in reach.to[own.clone()].iter().zip(&weights[own]) {
            sums[*to as usize] += weight * amount;
        }
    }
    sums
}

/// For each place of people, the weighted sum of what its places of supply have.
fn gather(reach: &Reach, weights: &[f64], supply: &[f64]) -> Vec<f64> {
    let sum = |own: &[usize]| {
        let own = own[0]..own[1];
        let pairs = reach.to[own.clone()].iter().zip(&weights[own]);
        // The sum of nothing is nought without a sign.
        pairs.fold(0.0, |sum, (to, weight)| sum + weight * supply[*to as usize])
    };
    reach.starts.windows(2).map(sum).collect()
}
