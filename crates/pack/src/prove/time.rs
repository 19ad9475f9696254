//! The longest way to the first decision, net of stopped time, fits the legal limit, and the
//! promise is never longer than the law.
//!
//! A supplement or a stop holds the step's clock and gives back what was left of it, so it adds
//! nothing, and an uncounted stage takes none; steps may not lead back to one another without a
//! decision between them, so the way is finite. A review takes the time for all together, and no
//! part of it takes longer.

use std::collections::{BTreeSet, VecDeque};

use base::{Name, Term, Unit};

use super::{Proof, graph::Move};
use crate::{
    language,
    model::{Effect, Follows, Stage, Step, Target},
};

pub(super) fn prove(proof: &mut Proof<'_>) {
    promise_within_law(proof);
    clock_starts(proof);
    parts_within_review(proof);
    let from = proof.file.clock.from.as_ref().map_or(&proof.file.begins, |step| step).value.clone();
    match longest(proof, &from, &mut proof.way_to(&from), &BTreeSet::new(), counted) {
        Ok((days, path)) => {
            fits(proof, days, &path);
            extends_within_law(proof, &from);
        }
        Err(path) => {
            let at = proof.file.begins.at;
            proof.fails(
                "endless-stages",
                at,
                "环节循环而没有次数上限",
                "stages lead back to one another without a stated maximum",
                &path,
            );
        }
    }
}

fn promise_within_law(proof: &mut Proof<'_>) {
    let clock = &proof.file.clock;
    let (law, promise) = (clock.statutory.term.value, clock.promised.term.value);
    if !fits_in(promise, law) {
        let at = clock.promised.term.at;
        proof.fails(
            "promise-over-law",
            at,
            "承诺时限长于法定时限",
            "the promised time is longer than the law allows",
            &[],
        );
    }
}

/// No body asked in a review has longer than all have together.
fn parts_within_review(proof: &mut Proof<'_>) {
    let mut late = Vec::new();
    for step in proof.file.steps.values() {
        let language::Step::Review(review) = step else { continue };
        let whole = review.within.term.value;
        let terms = review.reviews.values().map(|part| &part.within.term);
        late.extend(terms.filter(|term| !fits_in(term.value, whole)).map(|term| term.at));
    }
    for at in late {
        let zh = "单个机关的时限长于并联审查的总时限";
        let en = "one body has longer than the review has for all together";
        proof.fails("part-over-review", at, zh, en, &[]);
    }
}

/// Whether a term is over by the time another is, whenever both begin. Natural days end on the
/// working day that follows at the latest, so as many working days are never shorter.
pub(crate) fn fits_in(part: Term, whole: Term) -> bool {
    let natural_in_working = (part.unit, whole.unit) == (Unit::NaturalDays, Unit::WorkingDays);
    match part.unit == whole.unit || natural_in_working {
        true => part.count <= whole.count,
        false => days(part) <= days_at_least(whole),
    }
}

/// The time a step takes of the limit; none where it is not counted.
pub(crate) fn counted(step: &Step) -> u32 {
    match step {
        Step::Stage(Stage { uncounted: Some(_), .. }) | Step::Turn(_) | Step::Decision(_) => 0,
        Step::Stage(stage) => days(stage.within.term),
        Step::Review(review) => days(review.within.term),
    }
}

/// No grant and no refusal of what was applied for comes before the step at which time begins to
/// count.
fn clock_starts(proof: &mut Proof<'_>) {
    let Some(from) = &proof.file.clock.from else { return };
    let mut queue = VecDeque::from([(proof.procedure.begins.clone(), Vec::new())]);
    let mut seen = BTreeSet::from([from.value.clone()]);
    while let Some((step, path)) = queue.pop_front() {
        if !seen.insert(step.clone()) {
            continue;
        }
        if let Some(Step::Decision(decision)) = proof.procedure.steps.get(&step) {
            if !matches!(decision.decides, Effect::Lapsed | Effect::Declined) {
                let zh = "作出决定前没有经过起算时限的环节";
                let en = "a decision is made before the step at which time begins to count";
                return proof.fails("clock-never-starts", from.at, zh, en, &path);
            }
            continue;
        }
        for m in proof.graph.out_of(&step) {
            if let Target::Step(next) = &m.to {
                queue.push_back((next.clone(), [path.clone(), vec![m.clone()]].concat()));
            }
        }
    }
}

fn fits(proof: &mut Proof<'_>, longest: u32, path: &[Move]) {
    let limit = &proof.file.clock.statutory.term;
    if longest > days_at_least(limit.value) {
        let at = limit.at;
        let (zh, en) = (
            format!("最长路径需 {longest} 个工作日，超过法定时限"),
            format!("the longest path takes {longest} working days, more than the law allows"),
        );
        proof.fails("over-the-limit", at, &zh, &en, path);
    }
}

/// All extensions on the way to the first decision together are within what the law allows.
fn extends_within_law(proof: &mut Proof<'_>, from: &Name) {
    let allowed = proof.file.clock.extension.as_ref();
    let (at, allowed) = match allowed {
        Some(timed) => (timed.term.at, days_at_least(timed.term.value)),
        None => (proof.file.clock.at, 0),
    };
    let start = &mut proof.way_to(from);
    let found = longest(proof, from, start, &BTreeSet::new(), extended);
    if let Ok((days, path)) = found
        && days > allowed
    {
        let (zh, en) = (
            format!("各环节合计可延长 {days} 个工作日，超过 clock.extension 所定"),
            format!("steps may be extended by {days} working days, more than `extension` allows"),
        );
        proof.fails("extended-over-law", at, &zh, &en, &path);
    }
}

/// By how much a counted step may be extended at most.
pub(crate) fn extended(step: &Step) -> u32 {
    if counted(step) == 0 {
        return 0;
    }
    let longer = step.outcomes().iter().map(|(_, outcome)| match &outcome.follows {
        Follows::Extend(extend) => days(extend.by.term).saturating_mul(extend.times),
        Follows::Then(_) | Follows::Supplement(_) | Follows::Stop(_) | Follows::Stay => 0,
    });
    longer.fold(0, u32::saturating_add)
}

/// A term in working days; other units are taken at their most working days, so that a path that
/// fits by this count fits by the calendar.
pub(crate) fn days(term: Term) -> u32 {
    match term.unit {
        Unit::WorkingDays | Unit::NaturalDays => term.count,
        Unit::Months => term.count.saturating_mul(23),
        Unit::Years => term.count.saturating_mul(262),
    }
}

/// A limit in working days; other units are taken at their fewest, with the longest holidays in
/// them.
pub(crate) fn days_at_least(term: Term) -> u32 {
    match term.unit {
        Unit::WorkingDays => term.count,
        Unit::NaturalDays => term.count.saturating_sub(8) / 7 * 5,
        Unit::Months => term.count.saturating_mul(15),
        Unit::Years => term.count.saturating_mul(240),
    }
}

/// The most working days from `step` to the first decision, with the path; the path of a circle
/// when there is one.
fn longest(
    proof: &Proof<'_>,
    step: &Name,
    so_far: &mut Vec<Move>,
    seen: &BTreeSet<Name>,
    takes: fn(&Step) -> u32,
) -> Result<(u32, Vec<Move>), Vec<Move>> {
    let waiting = proof.procedure.steps.get(step);
    let Some(waiting) = waiting.filter(|step| !matches!(step, Step::Decision(_))) else {
        return Ok((0, so_far.clone()));
    };
    if seen.contains(step) {
        return Err(so_far.clone());
    }
    let mut seen = seen.clone();
    seen.insert(step.clone());
    let mut most = (0, so_far.clone());
    for m in proof.graph.out_of(step) {
        so_far.push(m.clone());
        let found = match &m.to {
            Target::Step(next) => longest(proof, next, so_far, &seen, takes)?,
            Target::End(_) => (0, so_far.clone()),
        };
        so_far.pop();
        if found.0 > most.0 {
            most = found;
        }
    }
    Ok((most.0.saturating_add(takes(waiting)), most.1))
}
