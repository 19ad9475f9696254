//! Who gains and who loses when a condition changes: found by trying, not guessed from the text.
//!
//! The old and the new condition are asked about the same applicants. An applicant is a point: one
//! candidate for each fact that either condition uses. The candidates stand on either side of each
//! place where a verdict can turn; the points at which the two verdicts differ are gathered into
//! regions that name only the facts that matter. Where the conditions tie several numbers together,
//! or there are too many points, the answer is a list of examples and says so.

mod bound;
mod candidate;
mod dimension;
mod region;
mod turn;

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, Name};
use rules::{Expression, Type, Value, Verdict};

pub use dimension::{Candidate, Dimension, Part};
pub use region::{Region, Span};

/// The most points that are tried.
pub const POINTS_MAX: usize = 20_000;

/// One version of a condition, with all that is fixed on its day.
#[derive(Debug, Clone, Default)]
pub struct Version<'e> {
    /// The condition; where there is none, nothing is asked and everybody meets it.
    pub that: Option<&'e Expression>,
    /// Facts that are the same for everybody: figures, the day of filing.
    pub fixed: BTreeMap<String, Value>,
    /// The facts that an applicant's form gives.
    pub asked: BTreeMap<String, Asked>,
}

/// A fact that applicants give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its kind.
    pub kind: Type,
    /// True when it may be left out.
    pub optional: bool,
}

/// What the facts of both versions may be drawn from.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Code lists.
    pub codes: BTreeMap<Name, BTreeSet<String>>,
    /// Divisions that stand for all.
    pub places: Vec<Division>,
    /// A day around which days are tried.
    pub day: Date,
}

/// Whether a condition holds, without what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That cannot be told: a fact is missing.
    Open,
}

/// Where the verdicts of two versions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The regions, those who gain first.
    pub regions: Vec<Region>,
    /// True when every applicant whose verdict differs lies in a region.
    pub exhaustive: bool,
    /// How many points were tried.
    pub tried: usize,
    /// How many there were.
    pub all: usize,
}

impl Version<'_> {
    /// The facts of an applicant as this version sees them: what it does not ask is missing, and an
    /// option it does not have cannot have been chosen.
    pub fn facts(&self, applicant: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let given = applicant.iter().filter(|(path, value)| {
            let kind = self.asked.get(*path).map(|asked| &asked.kind);
            match (kind, value) {
                (Some(Type::Choice(options)), Value::Choice(option)) => options.contains(option),
                (kind, _) => kind.is_some(),
            }
        });
        let given = given.map(|(path, value)| (path.clone(), value.clone()));
        self.fixed.clone().into_iter().chain(given).collect()
    }

    /// Whether the condition holds for an applicant.
    pub fn holds(&self, applicant: &BTreeMap<String, Value>) -> Holds {
        match self.that.map(|that| that.verdict(&self.facts(applicant))) {
            None | Some(Verdict::True) => Holds::Yes,
            Some(Verdict::False) => Holds::No,
            Some(Verdict::Undetermined { .. }) => Holds::Open,
        }
    }
}

/// Compares two versions of a condition.
pub fn compare(before: &Version<'_>, after: &Version<'_>, ground: &Ground) -> Found {
    let space = bound::space(before, after, ground);
    let all = space.dimensions.iter().fold(1_usize, |all, d| all.saturating_mul(d.of.len()));
    let mut tried = region::Tried::new(before, after, &space.dimensions);
    let points = points(&space.dimensions, all);
    let mut shifts: BTreeMap<(Holds, Holds), Vec<Vec<usize>>> = BTreeMap::new();
    for point in &points {
        let shift = tried.holds(point);
        if shift.0 != shift.1 {
            shifts.entry(shift).or_default().push(point.clone());
        }
    }
    let coupled: Vec<usize> = space.coupled.iter().copied().collect();
    let regions = shifts
        .iter()
        .flat_map(|(shift, points)| region::cover(&mut tried, *shift, points, &coupled));
    let mut regions: Vec<Region> = regions.collect();
    regions.sort_by_key(|region| (rank(region), region.before, region.after));
    let exhaustive = space.exact && points.len() == all;
    regions.iter_mut().for_each(|region| region.example |= !exhaustive);
    Found { regions, exhaustive, tried: points.len(), all }
}

/// Those who gain come first, then those who lose, then those for whom it is left open.
fn rank(region: &Region) -> u8 {
    match (region.before, region.after) {
        (Holds::No, Holds::Yes) => 0,
        (Holds::Yes, Holds::No) => 1,
        (Holds::Open, Holds::Yes) => 2,
        (Holds::Open, Holds::No) => 3,
        _ => 4,
    }
}

/// Every point, or as many as may be tried, spread evenly and always the same.
fn points(dimensions: &[Dimension], all: usize) -> Vec<Vec<usize>> {
    let mut step = (all / POINTS_MAX).max(1);
    if all > POINTS_MAX {
        step += 1;
        while divisor(step, all) != 1 {
            step += 1;
        }
    }
    (0..all).step_by(step).take(POINTS_MAX).map(|number| point(dimensions, number)).collect()
}

fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a.checked_rem(b).unwrap_or_default()) }
}

fn point(dimensions: &[Dimension], number: usize) -> Vec<usize> {
    let mut rest = number;
    let digit = |dimension: &Dimension| {
        let size = dimension.of.len().max(1);
        let digit = rest.checked_rem(size).unwrap_or_default();
        rest = rest.checked_div(size).unwrap_or_default();
        digit
    };
    dimensions.iter().map(digit).collect()
}
