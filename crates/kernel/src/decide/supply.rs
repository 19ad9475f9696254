//! What follows a supplement notice: the applicant hands in what is missing, or the time runs out.

use pack::model::Follows;

use super::{alarm, run::Run};
use crate::{
    case::Standing,
    command::Supply,
    form,
    ledger::{Act, Chose, Supplied},
    refusal::Refusal,
};

pub(super) fn supply(run: &mut Run<'_>, supply: &Supply) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    let Standing::Supplementing { step, items, left, due, .. } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    if run.moment.at >= due.at && !due.provisional {
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
    let standing = run.at(step, left);
    let supplied = Supplied { facts: supply.facts.clone(), materials: supply.materials.clone() };
    run.write(Act::Supplied(supplied), standing);
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
            let stage = run.stage(&step)?;
            match stage.outcome(&outcome).map(|outcome| &outcome.follows) {
                Some(Follows::Supplement(supplement)) => {
                    run.go(Act::RanOut(step), &supplement.lapse)
                }
                _ => Err(Refusal::PackFault(outcome.to_string())),
            }
        }
        Standing::At { step, .. } => deemed(run, step),
        _ => Err(Refusal::NotRunOut),
    }
}

/// Silence is deemed to be the outcome that the pack names.
fn deemed(run: &mut Run<'_>, step: base::Name) -> Result<(), Refusal> {
    let stage = run.stage(&step)?;
    let (outcome, _) = stage.silence.as_ref().ok_or(Refusal::NotRunOut)?;
    match stage.outcome(outcome).map(|outcome| &outcome.follows) {
        Some(Follows::Then(target)) => {
            let act = Act::Chose(Chose { step, outcome: outcome.clone(), reasons: String::new() });
            run.go(act, target)
        }
        _ => Err(Refusal::PackFault(outcome.to_string())),
    }
}
