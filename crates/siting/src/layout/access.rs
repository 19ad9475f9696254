//! How well the people of a survey reach places, by a measure of the literature, and how evenly.

use layout::Survey;

use crate::{
    access::{Measure, Reach, Settings, Ways, nearest},
    equity,
    fault::Fault,
};

/// The aversion to inequality at which Atkinson's index is taken.
pub const AVERSION: f64 = 0.5;
/// Supply is told for so many people.
const PEOPLE: f64 = 1_000.0;
/// The part of the people who are looked at as the worst-off.
const TENTH: f64 = 0.1;

/// How well people reach so many places by a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// For each area, places for a thousand people, or minutes; none where no place is reached and
    /// minutes are measured.
    pub values: Vec<Option<f64>>,
    /// For each area, minutes to the nearest site with a place, as far as was surveyed.
    pub nearest: Vec<Option<f64>>,
    /// The areas with people, the worst-off first, and of these with the same those with most
    /// people.
    pub ranked: Vec<usize>,
    /// What it comes to over all people; none where a value is known of nobody.
    pub sums: Option<Sums>,
}

/// What values come to over people; where minutes are measured, over those who reach a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// People who reach no place in time.
    pub without: u64,
    /// The mean.
    pub mean: f64,
    /// What half of the people have at most.
    pub median: f64,
    /// The part that the worst-off tenth of the people have of all places, or bear of all minutes.
    pub tenth: f64,
    /// The part of all people with less than half the mean; where minutes are measured, with more
    /// than twice the mean or no place in time.
    pub poor: f64,
    /// Gini's coefficient.
    pub gini: f64,
    /// Theil's index.
    pub theil: f64,
    /// Atkinson's index at [`AVERSION`]; none for minutes, of which nobody wants more.
    pub atkinson: Option<f64>,
}

/// How well people reach places, so many at each site, by a measure whose catchment is so many
/// minutes. Sites without places are not there: nobody turns to them.
///
/// # Errors
///
/// Where there are no minutes.
pub fn access(
    survey: &Survey,
    places: &[u64],
    measure: Measure,
    minutes: f64,
) -> Result<Access, Fault> {
    let reach = reach(survey, places, minutes)?;
    let values = match measure.of_each(&reach, &Settings::within(minutes)?) {
        Ok(values) => values,
        // Nobody has places of which there are none.
        Err(Fault::NoSupply | Fault::NobodyThere) => vec![None; reach.people().len()],
        Err(fault) => return Err(fault),
    };
    let told = match measure {
        Measure::Raam => Settings::within(minutes)?.tau,
        own if own.costs() => 1.0,
        _ => PEOPLE,
    };
    let values: Vec<Option<f64>> = values.iter().map(|own| own.map(|own| own * told)).collect();
    let nearest = nearest(&self::reach(survey, places, f64::INFINITY)?);
    let ranked = ranked(&values, reach.people(), measure.costs());
    let sums = sums(&values, &reach, measure.costs())?;
    Ok(Access { values, nearest, ranked, sums })
}

/// The ways on foot, in minutes, to the sites that have places.
fn reach(survey: &Survey, places: &[u64], minutes: f64) -> Result<Reach, Fault> {
    let people = survey.areas().iter().map(|own| own.people as f64).collect();
    let supply: Vec<f64> = places.iter().map(|own| *own as f64).collect();
    let speed = survey.travel().speed() as f64;
    let mut ways = Ways::default();
    for own in survey.ways().iter().filter(|own| supply[own.site] > 0.0) {
        let time = own.metres as f64 / speed;
        if time <= minutes {
            // Lists are no longer than numbers of this width hold.
            ways.from.push(u32::try_from(own.area).unwrap_or(u32::MAX));
            ways.to.push(u32::try_from(own.site).unwrap_or(u32::MAX));
            ways.time.push(time);
        }
    }
    Reach::new(people, supply, ways)
}

fn ranked(values: &[Option<f64>], people: &[f64], costs: bool) -> Vec<usize> {
    // What is none is worse than any time.
    let bad = |at: usize| {
        let own = values[at].unwrap_or(f64::INFINITY);
        if costs { -own } else { own }
    };
    let mut ranked: Vec<usize> = (0..people.len()).filter(|at| people[*at] > 0.0).collect();
    ranked.sort_by(|one, other| {
        let more = people[*other].total_cmp(&people[*one]);
        bad(*one).total_cmp(&bad(*other)).then(more).then(one.cmp(other))
    });
    ranked
}

fn sums(values: &[Option<f64>], reach: &Reach, costs: bool) -> Result<Option<Sums>, Fault> {
    let all = values.iter().zip(reach.people());
    let known = all.filter_map(|(value, people)| Some(((*value)?, *people)));
    let (values, people): (Vec<f64>, Vec<f64>) = known.unzip();
    let all: f64 = people.iter().sum();
    if all <= 0.0 {
        return Ok(None);
    }
    let everybody: f64 = reach.people().iter().sum();
    let mean = values.iter().zip(&people).map(|(value, own)| value * own).sum::<f64>() / all;
    let (tenth, poor) = if costs {
        let far = values.iter().zip(&people).filter(|(value, _)| **value > 2.0 * mean);
        let far = far.map(|(_, own)| own).sum::<f64>() + everybody - all;
        let nearer = equity::worst_off(&values, &people, 1.0 - TENTH)?;
        (1.0 - nearer, far / everybody)
    } else {
        let few = equity::below(&values, &people, mean / 2.0)?;
        (equity::worst_off(&values, &people, TENTH)?, few)
    };
    let atkinson = if costs { None } else { Some(equity::atkinson(&values, &people, AVERSION)?) };
    Ok(Some(Sums {
        without: without(reach),
        mean,
        median: equity::median(&values, &people)?,
        tenth,
        poor,
        gini: equity::gini(&values, &people)?,
        theil: equity::theil(&values, &people)?,
        atkinson,
    }))
}

/// People of areas from which no way leads to a place.
fn without(reach: &Reach) -> u64 {
    let nobody = (0..reach.people().len()).filter(|at| reach.from(*at).0.is_empty());
    nobody.map(|at| reach.people()[at]).sum::<f64>() as u64
}

impl Access {
    /// How good each area's value is beside a mean, in thousandths; as good or better is all.
    pub fn shares(&self, mean: f64, costs: bool) -> Vec<u16> {
        let share = |value: &Option<f64>| match value {
            None => 0.0,
            Some(value) if costs && *value <= mean => 1.0,
            Some(value) if costs => mean / value,
            Some(value) if *value >= mean && *value > 0.0 => 1.0,
            Some(value) if mean > 0.0 => value / mean,
            Some(_) => 0.0,
        };
        self.values.iter().map(|own| (share(own) * 1_000.0) as u16).collect()
    }
}

/// A value as it is told to so many decimals.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    // Whatever is rounded to nought has no sign.
    (value * 10_f64.powi(decimals)).round() / 10_f64.powi(decimals) + 0.0
}

/// From one value to the other, as both are told to so many decimals.
pub fn change(before: f64, after: f64, decimals: i32) -> f64 {
    rounded(rounded(after, decimals) - rounded(before, decimals), decimals)
}

/// A part in permille, rounded.
pub fn permille(part: f64) -> u64 {
    (part * 1_000.0).round() as u64
}
