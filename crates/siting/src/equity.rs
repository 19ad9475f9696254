//! How evenly something is spread over people: what places have per person, and how many people are
//! at each.
//!
//! Gini's coefficient by the area under Lorenz's curve; "On the measurement of inequality", A. B.
//! Atkinson, 1970; "Economics and Information Theory", H. Theil, 1967.

use crate::fault::Fault;

/// Values and people of places, from the least value on; places without people are left out.
fn ranked(values: &[f64], people: &[f64]) -> Result<Vec<(f64, f64)>, Fault> {
    if values.len() != people.len() {
        return Err(Fault::Lengths(values.len(), people.len()));
    }
    for (number, list) in [values, people].into_iter().flat_map(|list| list.iter().zip(1..)) {
        if !number.is_finite() {
            return Err(Fault::NotANumber(list, number.to_string()));
        }
        if *number < 0.0 {
            return Err(Fault::NegativeDemand(list));
        }
    }
    let pairs = values.iter().copied().zip(people.iter().copied());
    let mut ranked: Vec<(f64, f64)> = pairs.filter(|(_, own)| *own > 0.0).collect();
    if ranked.is_empty() {
        return Err(Fault::NobodyThere);
    }
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    Ok(ranked)
}

fn totals(ranked: &[(f64, f64)]) -> (f64, f64) {
    let add = |(sum, all): (f64, f64), (value, own): &(f64, f64)| (sum + value * own, all + own);
    ranked.iter().fold((0.0, 0.0), add)
}

/// Gini's coefficient over people: 0 where all have the same, towards 1 where one has all; 0 where
/// nobody has anything.
///
/// # Errors
///
/// Where the lists are not equally long, a number is negative or not finite, or nobody is there.
pub fn gini(values: &[f64], people: &[f64]) -> Result<f64, Fault> {
    let ranked = ranked(values, people)?;
    let (whole, all) = totals(&ranked);
    if whole <= 0.0 {
        return Ok(0.0);
    }
    let (mut under, mut sum) = (0.0, 0.0);
    for (value, own) in &ranked {
        under += own * (2.0 * sum + value * own);
        sum += value * own;
    }
    Ok((1.0 - under / (whole * all)).max(0.0))
}

/// Which part of the whole the worst-off part of the people have: at most that part itself.
///
/// # Errors
///
/// As [`gini`], and where the part is not above 0 and at most 1.
pub fn worst_off(values: &[f64], people: &[f64], part: f64) -> Result<f64, Fault> {
    if !(part > 0.0 && part <= 1.0) {
        return Err(Fault::NotAPart(part));
    }
    let ranked = ranked(values, people)?;
    let (whole, all) = totals(&ranked);
    if whole <= 0.0 {
        return Ok(part);
    }
    let (mut left, mut sum) = (part * all, 0.0);
    for (value, own) in ranked {
        let taken = own.min(left);
        sum += value * taken;
        left -= taken;
    }
    Ok(sum / whole)
}

/// Which part of the people have less than so much.
///
/// # Errors
///
/// As [`gini`].
pub fn below(values: &[f64], people: &[f64], least: f64) -> Result<f64, Fault> {
    let ranked = ranked(values, people)?;
    let (_, all) = totals(&ranked);
    let poor = ranked.iter().filter(|(value, _)| *value < least);
    Ok(poor.map(|(_, own)| own).sum::<f64>() / all)
}

/// The least value that half of the people have at most.
///
/// # Errors
///
/// As [`gini`].
pub fn median(values: &[f64], people: &[f64]) -> Result<f64, Fault> {
    let ranked = ranked(values, people)?;
    let (_, all) = totals(&ranked);
    let mut sum = 0.0;
    let half = ranked.iter().find(|(_, own)| {
        sum += own;
        2.0 * sum >= all
    });
    half.or(ranked.last()).map(|(value, _)| *value).ok_or(Fault::NobodyThere)
}

/// Theil's index over people: 0 where all have the same; 0 where nobody has anything.
///
/// # Errors
///
/// As [`gini`].
pub fn theil(values: &[f64], people: &[f64]) -> Result<f64, Fault> {
    let ranked = ranked(values, people)?;
    let (whole, all) = totals(&ranked);
    if whole <= 0.0 {
        return Ok(0.0);
    }
    let mean = whole / all;
    let some = ranked.iter().filter(|(value, _)| *value > 0.0);
    let sum: f64 = some.map(|(value, own)| own * (value / mean) * (value / mean).ln()).sum();
    Ok((sum / all).max(0.0))
}

/// Atkinson's index over people: the part of the whole that would be enough were it spread evenly,
/// taken from 1. The aversion is above zero; from 1 on, anybody without anything makes it 1.
///
/// # Errors
///
/// As [`gini`], and where the aversion is not above zero.
pub fn atkinson(values: &[f64], people: &[f64], aversion: f64) -> Result<f64, Fault> {
    if !(aversion > 0.0 && aversion.is_finite()) {
        return Err(Fault::NoWidth(aversion));
    }
    let ranked = ranked(values, people)?;
    let (whole, all) = totals(&ranked);
    if whole <= 0.0 {
        return Ok(0.0);
    }
    let mean = whole / all;
    let over = |of: &dyn Fn(f64) -> f64| {
        let sum: f64 = ranked.iter().map(|(value, own)| own * of(value / mean)).sum();
        sum / all
    };
    let even = if aversion == 1.0 {
        over(&f64::ln).exp()
    } else {
        over(&|value| value.powf(1.0 - aversion)).powf(1.0 / (1.0 - aversion))
    };
    Ok((1.0 - even).clamp(0.0, 1.0))
}

/// The least value of each area and the first place that has it, by the number of the area; none
/// where an area has no place.
///
/// # Errors
///
/// Where the lists are not equally long, an area is not one of so many, or a value is no number.
pub fn least_by_area(
    values: &[f64],
    areas: &[u32],
    count: usize,
) -> Result<Vec<Option<(f64, usize)>>, Fault> {
    if values.len() != areas.len() {
        return Err(Fault::Lengths(values.len(), areas.len()));
    }
    let mut least: Vec<Option<(f64, usize)>> = vec![None; count];
    for (place, (value, area)) in values.iter().zip(areas).enumerate() {
        if value.is_nan() {
            return Err(Fault::NotANumber(place + 1, value.to_string()));
        }
        let own = least.get_mut(*area as usize);
        let own = own.ok_or_else(|| Fault::Unknown(place + 1, area.to_string()))?;
        if own.is_none_or(|(less, _)| *value < less) {
            *own = Some((*value, place));
        }
    }
    Ok(least)
}
