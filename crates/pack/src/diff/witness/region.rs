//! Regions of applicants whose verdict changes alike, described by the facts that matter.

use std::collections::{BTreeMap, BTreeSet};

use rules::Value;

use super::{
    Holds, POINTS_MAX, Version,
    dimension::{Candidate, Dimension, Part, applicant},
};

/// Applicants whose verdict changes alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// What held before.
    pub before: Holds,
    /// What holds now.
    pub after: Holds,
    /// What is true of them; what is not named does not matter.
    pub spans: Vec<Span>,
    /// One of them.
    pub witness: BTreeMap<String, Value>,
    /// True when there may be more of them than the spans say.
    pub example: bool,
}

/// What is true of one fact in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The fact.
    pub path: String,
    /// The part of it.
    pub part: Part,
    /// The least value, where there is one: values have an order, and there is no other candidate.
    pub from: Option<Value>,
    /// The greatest value, where there is one.
    pub to: Option<Value>,
    /// Values without an order, each of which will do.
    pub among: Vec<Candidate>,
}

/// The points tried so far, with both verdicts.
pub(super) struct Tried<'t> {
    before: &'t Version<'t>,
    after: &'t Version<'t>,
    dimensions: &'t [Dimension],
    known: BTreeMap<Vec<usize>, (Holds, Holds)>,
}

/// Sets of candidates, one for each dimension.
type Sets = Vec<BTreeSet<usize>>;

impl<'t> Tried<'t> {
    pub(super) fn new(
        before: &'t Version<'t>,
        after: &'t Version<'t>,
        dimensions: &'t [Dimension],
    ) -> Self {
        Self { before, after, dimensions, known: BTreeMap::new() }
    }

    /// What holds at a point before and after.
    pub(super) fn holds(&mut self, point: &[usize]) -> (Holds, Holds) {
        if let Some(known) = self.known.get(point) {
            return *known;
        }
        let applicant = applicant(self.dimensions, point);
        let both = (self.before.holds(&applicant), self.after.holds(&applicant));
        self.known.insert(point.to_vec(), both);
        both
    }

    /// Whether all points of the sets change in that way; not when there are too many to try.
    fn all(&mut self, sets: &Sets, shift: (Holds, Holds)) -> bool {
        let volume = sets.iter().fold(1_usize, |all, set| all.saturating_mul(set.len()));
        let room = self.known.len().saturating_add(volume) <= POINTS_MAX.saturating_mul(4);
        room && volume <= POINTS_MAX && every(sets, &mut |point| self.holds(point) == shift)
    }
}

/// Whether something is true of each point of the sets.
fn every(sets: &Sets, is: &mut dyn FnMut(&[usize]) -> bool) -> bool {
    let mut points: Vec<Vec<usize>> = vec![Vec::new()];
    for set in sets {
        let longer = points.iter().flat_map(|point| {
            set.iter().map(|at| point.iter().copied().chain([*at]).collect::<Vec<usize>>())
        });
        points = longer.collect();
    }
    points.iter().all(|point| is(point))
}

/// Regions that hold all of the points, each as large as it can be.
pub(super) fn cover(
    tried: &mut Tried<'_>,
    shift: (Holds, Holds),
    points: &[Vec<usize>],
    coupled: &[usize],
) -> Vec<Region> {
    let mut covered: Vec<Sets> = Vec::new();
    for point in points {
        let lies = |sets: &Sets| sets.iter().zip(point).all(|(set, at)| set.contains(at));
        if !covered.iter().any(lies) {
            covered.push(grown(tried, shift, point, coupled));
        }
    }
    let dimensions = tried.dimensions;
    let described = covered.iter().map(|sets| {
        let first: Vec<usize> = sets.iter().filter_map(|set| set.first().copied()).collect();
        Region {
            before: shift.0,
            after: shift.1,
            spans: dimensions.iter().zip(sets).filter_map(|(d, set)| span(d, set)).collect(),
            witness: applicant(dimensions, &first),
            example: false,
        }
    });
    described.collect()
}

/// The largest region around a point: first the facts that do not matter at all, then the rest.
/// Of numbers that are tied together all but the last stay as they are, for what lies between two
/// candidates of theirs was not tried.
fn grown(tried: &mut Tried<'_>, shift: (Holds, Holds), point: &[usize], coupled: &[usize]) -> Sets {
    let mut sets: Sets = point.iter().map(|at| BTreeSet::from([*at])).collect();
    let free = |at: &usize| !coupled.contains(at) || coupled.last() == Some(at);
    let order: Vec<usize> = (0..sets.len()).filter(free).collect();
    for at in &order {
        let size = tried.dimensions.get(*at).map_or(0, |dimension| dimension.of.len());
        let rest: BTreeSet<usize> = (0..size).filter(|c| point.get(*at) != Some(c)).collect();
        extended(tried, shift, &mut sets, *at, rest);
    }
    for at in &order {
        let Some(dimension) = tried.dimensions.get(*at) else { continue };
        let start = point.get(*at).copied().unwrap_or_default();
        let ordered = dimension.ordered;
        // A range holds numbers only: what was not given is not less than anything.
        let missing = |at: usize| dimension.of.get(at) == Some(&Candidate::Missing);
        if ordered && missing(start) {
            continue;
        }
        let up: Vec<usize> = (start..dimension.of.len()).skip(1).collect();
        let down: Vec<usize> = (0..start).rev().filter(|c| !ordered || !missing(*c)).collect();
        for way in [up, down] {
            for candidate in way {
                let more = extended(tried, shift, &mut sets, *at, BTreeSet::from([candidate]));
                if ordered && !more {
                    break;
                }
            }
        }
    }
    sets
}

/// Adds candidates to one of the sets if all the new points change in that way.
fn extended(
    tried: &mut Tried<'_>,
    shift: (Holds, Holds),
    sets: &mut Sets,
    at: usize,
    more: BTreeSet<usize>,
) -> bool {
    let slab = sets.iter().enumerate();
    let slab = slab.map(|(own, set)| if own == at { more.clone() } else { set.clone() }).collect();
    let all = tried.all(&slab, shift);
    if let Some(set) = sets.get_mut(at).filter(|_| all) {
        set.extend(more);
    }
    all
}

/// What is true of a fact; nothing where all candidates will do.
fn span(dimension: &Dimension, set: &BTreeSet<usize>) -> Option<Span> {
    if set.len() == dimension.of.len() {
        return None;
    }
    let chosen: Vec<&Candidate> = set.iter().filter_map(|at| dimension.of.get(*at)).collect();
    let mut span = Span {
        path: dimension.path.clone(),
        part: dimension.part.clone(),
        from: None,
        to: None,
        among: Vec::new(),
    };
    let numbers = dimension.ordered && chosen.iter().all(|c| **c != Candidate::Missing);
    if !numbers {
        span.among = chosen.into_iter().cloned().collect();
        return Some(span);
    }
    let value = |candidate: Option<&&Candidate>| candidate.and_then(|c| c.value()).cloned();
    let whole: Vec<&Candidate> =
        dimension.of.iter().filter(|c| **c != Candidate::Missing).collect();
    let closed = !dimension.open;
    span.from = value(chosen.first().filter(|c| closed || whole.first() != Some(c)));
    span.to = value(chosen.last().filter(|c| closed || whole.last() != Some(c)));
    if span.from.is_none() && span.to.is_none() {
        span.among = vec![Candidate::Other(value(chosen.first())?)];
    }
    Some(span)
}
