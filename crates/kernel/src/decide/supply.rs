//! What follows while a clock stands still: the applicant hands in what is missing, the body lets
//! the clock go on, or the time for it runs out; and what follows from silence.

use std::collections::BTreeMap;

use pack::model::Follows;

use super::{
    alarm, answer,
    bodies::{settled, settles_place, unplaced},
    case_facts,
    facts::Look,
    run::Run,
};
use crate::{
    case::Standing,
    command::Supply,
    form,
    ledger::{Act, Chose, Supplied},
    refusal::Refusal,
};

pub(super) fn supply(run: &mut Run<'_>, supply: &Supply) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    let Standing::Supplementing { step, items, runs, held, .. } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    if run.moment.at >= runs.due.at && !runs.due.provisional {
        return Err(Refusal::NotNow);
    }
    let faults = form::supply_faults(run.pack, run.procedure, &supply.facts, &supply.materials);
    if !faults.is_empty() {
        return Err(Refusal::Form(faults));
    }
    let missing: Vec<String> =
        items.into_iter().filter(|item| !form::supplies(supply, item)).collect();
    if !missing.is_empty() {
        return Err(Refusal::StillMissing(missing));
    }
    must_stay_in_place(run, supply)?;
    let standing = run.resumed(step, &held);
    let look = Look::at(run.snapshot.entries, run.moment);
    let unnamed = look.unnamed(run.procedure.fields(), &supply.facts);
    if !unnamed.is_empty() {
        return Err(Refusal::Form(unnamed));
    }
    let supplied = Supplied {
        facts: supply.facts.clone(),
        materials: supply.materials.clone(),
        settled: settled(run.procedure, &look, &supply.facts),
    };
    must_leave_somebody(run, &supplied)?;
    run.write(Act::Supplied(supplied), standing);
    Ok(())
}

/// The place settles who is competent, and a running case does not move to another body for it.
fn must_stay_in_place(run: &Run<'_>, supply: &Supply) -> Result<(), Refusal> {
    let moved = supply.facts.iter().filter(|(path, value)| {
        settles_place(run.procedure, path) && run.case.facts.get(*path) != Some(value)
    });
    let moved: Vec<String> = moved.map(|(path, _)| path.clone()).collect();
    if moved.is_empty() { Ok(()) } else { Err(Refusal::PlaceSettled(moved)) }
}

/// Whatever is answered anew, each body of the procedure still acts somewhere.
fn must_leave_somebody(run: &Run<'_>, supplied: &Supplied) -> Result<(), Refusal> {
    let mut case = run.case.clone();
    case.facts.extend(supplied.facts.clone());
    case.settled.extend(supplied.settled.clone());
    match unplaced(run.pack, run.procedure, &case_facts(run.pack, &case, run.today())) {
        Some(nowhere) => Err(Refusal::NoCompetentBody(nowhere.of.clone())),
        None => Ok(()),
    }
}

/// The body that stopped the clock lets it go on.
pub(super) fn resume(run: &mut Run<'_>, reasons: &str) -> Result<(), Refusal> {
    let Standing::Stopped { step, held, .. } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    run.must_act(run.step(&step)?)?;
    if reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let standing = run.resumed(step, &held);
    run.write(Act::Resumed(reasons.to_owned()), standing);
    Ok(())
}

/// Lets the term that has run out take effect, dated at its deadline.
pub(super) fn run_out(run: &mut Run<'_>) -> Result<(), Refusal> {
    match alarm(run.pack, &run.case) {
        Some(at) if at <= run.moment.at => run.moment.at = at,
        _ => return Err(Refusal::NotRunOut),
    }
    match run.case.standing.clone() {
        Standing::Supplementing { step, outcome, .. } => {
            match run.procedure.outcome(&step, &outcome).map(|outcome| &outcome.follows) {
                Some(Follows::Supplement(supplement)) => {
                    run.go(Act::RanOut(step), &supplement.lapse)
                }
                _ => Err(Refusal::PackFault(outcome.to_string())),
            }
        }
        Standing::Stopped { step, runs, held, .. } => {
            // The clock stood still to the end of that day, so the next is the first that counts.
            let standing = run.resumed_after(step, &held, runs.due.on);
            run.write(Act::Resumed(String::new()), standing);
            Ok(())
        }
        Standing::At { step, .. } => deemed(run, step),
        Standing::Reviewing { .. } => answer::deemed(run),
        _ => Err(Refusal::NotRunOut),
    }
}

/// Silence is deemed to be the outcome that the pack names.
fn deemed(run: &mut Run<'_>, step: base::Name) -> Result<(), Refusal> {
    let stage = run.stage(&step)?;
    let (outcome, _) = stage.silence.as_ref().ok_or(Refusal::NotRunOut)?;
    match stage.outcome(outcome).map(|outcome| &outcome.follows) {
        Some(Follows::Then(target)) => {
            let chose = Chose {
                step,
                outcome: outcome.clone(),
                reasons: String::new(),
                facts: BTreeMap::new(),
                by_applicant: false,
            };
            run.go(Act::Chose(chose), target)
        }
        _ => Err(Refusal::PackFault(outcome.to_string())),
    }
}
