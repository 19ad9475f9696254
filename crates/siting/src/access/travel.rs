//! Time on the way: to the nearest, on average, and how many there are to choose from.

use super::{Reach, limit};
use crate::fault::Fault;

/// What counts in a mean over places of supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Each place alike.
    Places,
    /// Each place by what it supplies.
    Supply,
}

/// The time to the nearest place that supplies anything; none where none is reached.
pub fn nearest(reach: &Reach) -> Vec<Option<f64>> {
    reach.each(|to, time| {
        let near = to.iter().zip(time).filter(|(to, _)| reach.supply[**to as usize] > 0.0);
        near.map(|(_, time)| *time).min_by(f64::total_cmp)
    })
}

/// The mean time to the places within reach; none where none is reached.
///
/// # Errors
///
/// Where the limit is not above zero.
pub fn mean_time(reach: &Reach, until: f64, among: Among) -> Result<Vec<Option<f64>>, Fault> {
    limit(until)?;
    let counts = |to: u32| match among {
        Among::Places => 1.0,
        Among::Supply => reach.supply[to as usize],
    };
    Ok(reach.each(|to, time| {
        let near = to.iter().zip(time).filter(|(_, time)| **time <= until);
        let add = |(sum, all): (f64, f64), (to, time): (&u32, &f64)| {
            (sum + counts(*to) * time, all + counts(*to))
        };
        let (sum, all) = near.fold((0.0, 0.0), add);
        (all > 0.0).then(|| sum / all)
    }))
}

/// How many places that supply anything are within reach.
///
/// # Errors
///
/// Where the limit is not above zero.
pub fn choices(reach: &Reach, until: f64) -> Result<Vec<u32>, Fault> {
    limit(until)?;
    Ok(reach.each(|to, time| {
        let near = to.iter().zip(time);
        let near = near.filter(|(to, time)| **time <= until && reach.supply[**to as usize] > 0.0);
        near.fold(0, |count, _| count + 1)
    }))
}

/// The mean over people of what is known of their place, and how many people it is known for; none
/// where it is known for nobody.
///
/// # Errors
///
/// Where the lists are not equally long.
pub fn average(values: &[Option<f64>], people: &[f64]) -> Result<Option<(f64, f64)>, Fault> {
    if values.len() != people.len() {
        return Err(Fault::Lengths(values.len(), people.len()));
    }
    let known = values.iter().zip(people).filter_map(|(value, own)| value.map(|is| (is, *own)));
    let add = |(sum, all): (f64, f64), (value, own)| (sum + value * own, all + own);
    let (sum, all) = known.fold((0.0, 0.0), add);
    Ok((all > 0.0).then(|| (sum / all, all)))
}
