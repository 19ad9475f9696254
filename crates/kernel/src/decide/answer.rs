//! Bodies answer in a review, each for itself; when their answers come to something, the case goes
//! on. *Answered* is not *approved*: what an answer counts as is written in the pack.

use std::collections::BTreeMap;

use pack::model::{Counts, Joined, Review, Target};

use super::{draw, run::Run};
use crate::{
    case::{Part, Parts, Running, Standing},
    command::Answer,
    ledger::{Act, Answered},
    refusal::Refusal,
};

pub(super) fn answer(run: &mut Run<'_>, answer: &Answer) -> Result<(), Refusal> {
    let review = asked(run, answer)?;
    run.must_act_as(&answer.part)?;
    let given = review
        .answer(&answer.answer)
        .ok_or_else(|| Refusal::NoSuchOutcome(answer.answer.clone()))?;
    if given.reasons && answer.reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    run.must_be_filled(&given.asks, &answer.facts)?;
    draw::must_be_fit(run, answer)?;
    take(run, review, answer)
}

/// The review the case is at, if it still waits for the body that answers.
fn asked<'a>(run: &Run<'a>, answer: &Answer) -> Result<&'a Review, Refusal> {
    match &run.case.standing {
        Standing::Reviewing { step, parts, .. }
            if *step == answer.step
                && matches!(parts.get(&answer.part), Some(Part::Awaited(_))) =>
        {
            run.review(step)
        }
        _ => Err(Refusal::NotNow),
    }
}

/// Deems silence of the body whose time ran out first to be the answer that the pack names.
pub(super) fn deemed(run: &mut Run<'_>) -> Result<(), Refusal> {
    let Standing::Reviewing { step, parts, .. } = run.case.standing.clone() else {
        return Err(Refusal::NotRunOut);
    };
    let review = run.review(&step)?;
    let late = parts.iter().find(|(_, part)| {
        matches!(part, Part::Awaited(runs) if !runs.due.provisional && runs.due.at <= run.moment.at)
    });
    let (part, _) = late.ok_or(Refusal::NotRunOut)?;
    let silence = review.part(part).map(|asked| &asked.silence);
    let (answer, _) = silence.ok_or_else(|| Refusal::PackFault(part.to_string()))?;
    let (part, answer, reasons) = (part.clone(), answer.clone(), String::new());
    let silent = Answer { step, part, answer, reasons, facts: BTreeMap::new() };
    take(run, review, &silent)
}

/// Takes an answer in, and goes on where the answers lead.
fn take<'a>(run: &mut Run<'a>, review: &'a Review, answer: &Answer) -> Result<(), Refusal> {
    let Standing::Reviewing { step, runs, mut parts } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    let given = Part::Answered { answer: answer.answer.clone(), number: run.next() };
    parts.insert(answer.part.clone(), given);
    let act = Act::Answered(Answered {
        step: answer.step.clone(),
        part: answer.part.clone(),
        answer: answer.answer.clone(),
        reasons: answer.reasons.clone(),
        facts: answer.facts.clone(),
    });
    match result(review, &parts) {
        Some((_, target)) => run.go(act, target),
        None => {
            run.write(act, Standing::Reviewing { step, runs, parts });
            Ok(())
        }
    }
}

/// What the answers given so far come to; nothing yet while the review goes on.
fn result<'a>(review: &'a Review, parts: &Parts<Running>) -> Option<(Joined, &'a Target)> {
    let given = parts.values().filter_map(|part| match part {
        Part::Answered { answer, .. } => review.answer(answer).map(|answer| answer.counts),
        Part::Awaited(_) => None,
    });
    let given: Vec<Counts> = given.collect();
    review.join.result(&given, parts.len() - given.len())
}
