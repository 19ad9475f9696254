//! What an applicant may differ in: facts, and of a set of codes each code that a condition names
//! and how many others there are.

use std::collections::{BTreeMap, BTreeSet};

use rules::Value;

/// One thing in which applicants differ, with the candidates that are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// The fact.
    pub path: String,
    /// The part of it.
    pub part: Part,
    /// The candidates; of ordered values from the least to the most.
    pub of: Vec<Candidate>,
    /// True when the candidates have an order, so that what lies between two of them is like one.
    pub ordered: bool,
    /// True when the least and the greatest candidate stand for all beyond them.
    pub open: bool,
    /// Codes that may stand for others in a set.
    pub spare: Vec<String>,
}

/// The part of a fact that varies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The fact itself.
    Whole,
    /// Whether that code is in the set.
    Has(String),
    /// How many other codes are in the set.
    Others,
}

/// What a fact may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Candidate {
    /// Not given.
    Missing,
    /// That value.
    Is(Value),
    /// Any value that neither version names; this one stands for them.
    Other(Value),
}

impl Candidate {
    /// The value, where there is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Missing => None,
            Self::Is(value) | Self::Other(value) => Some(value),
        }
    }
}

/// The facts of an applicant.
pub(super) fn applicant(dimensions: &[Dimension], point: &[usize]) -> BTreeMap<String, Value> {
    let mut facts: BTreeMap<String, Value> = BTreeMap::new();
    let mut left_out: BTreeSet<&str> = BTreeSet::new();
    for (dimension, at) in dimensions.iter().zip(point) {
        let Some(candidate) = dimension.of.get(*at) else { continue };
        match (&dimension.part, candidate.value()) {
            (_, None) => {
                left_out.insert(&dimension.path);
            }
            (Part::Whole, Some(value)) => {
                facts.insert(dimension.path.clone(), value.clone());
            }
            (Part::Has(code), Some(value)) => {
                let has = *value == Value::Boolean(true);
                add(&mut facts, dimension, has.then(|| code.clone()));
            }
            (Part::Others, Some(value)) => {
                let count = if let Value::Integer(count) = value { *count } else { 0 };
                let count = usize::try_from(count).unwrap_or_default();
                add(&mut facts, dimension, dimension.spare.iter().take(count).cloned());
            }
        }
    }
    facts.retain(|path, _| !left_out.contains(path.as_str()));
    facts
}

fn add(
    facts: &mut BTreeMap<String, Value>,
    dimension: &Dimension,
    codes: impl IntoIterator<Item = String>,
) {
    let empty = || Value::Codes(BTreeSet::new());
    let set = facts.entry(dimension.path.clone()).or_insert_with(empty);
    if let Value::Codes(set) = set {
        set.extend(codes);
    }
}
