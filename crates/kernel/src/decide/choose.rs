//! An officer (or the applicant) chooses an outcome at the stage the case is at.

use pack::model::{
    By, Commitment, Extend, Follows, Material, Need, Outcome, Requirement, Step, Stop, Supplement,
};
use rules::Verdict;

use super::{layout, live_facts, run::Run};
use crate::{
    case::Standing,
    command::Choose,
    form,
    ledger::{Act, Chose, Extended, Stopped, SupplementAsked},
    refusal::{Refusal, Unmet},
};

pub(super) fn choose(run: &mut Run<'_>, choice: &Choose) -> Result<(), Refusal> {
    let step = standing_at(run, choice)?;
    let outcome = run.procedure.outcome(&choice.step, &choice.outcome);
    // Who has no business at the step is told so before being told what there is to choose.
    run.must_be_by(outcome.and_then(|outcome| outcome.by.as_ref()).or(step.by()))?;
    let outcome = outcome.ok_or_else(|| Refusal::NoSuchOutcome(choice.outcome.clone()))?;
    if outcome.reasons && choice.reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    run.must_be_filled(&outcome.asks, &choice.facts)?;
    layout::must_be_on_file(run, &choice.facts)?;
    must_be_met(run, choice, outcome)?;
    match &outcome.follows {
        Follows::Then(target) => {
            let by = outcome.by.as_ref().or(step.by());
            run.go(chose(choice, by == Some(&By::Applicant)), target)
        }
        Follows::Supplement(supplement) => ask(run, choice, supplement),
        Follows::Stop(stop) => stop_clock(run, choice, stop),
        Follows::Extend(extend) => longer(run, choice, extend),
        Follows::Stay => {
            let by = outcome.by.as_ref().or(step.by());
            run.write(chose(choice, by == Some(&By::Applicant)), run.case.standing.clone());
            Ok(())
        }
    }
}

/// The step the case is at with its clock running, if it is the one the chooser means.
fn standing_at<'a>(run: &Run<'a>, choice: &Choose) -> Result<&'a Step, Refusal> {
    match &run.case.standing {
        Standing::At { step, .. } | Standing::Reviewing { step, .. } if *step == choice.step => {
            run.step(step)
        }
        _ => Err(Refusal::NotNow),
    }
}

fn chose(choice: &Choose, by_applicant: bool) -> Act {
    Act::Chose(Chose {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        reasons: choice.reasons.clone(),
        facts: choice.facts.clone(),
        by_applicant,
    })
}

/// Refuses while a condition does not hold, or is not known to hold. A commitment that the outcome
/// rests on stands in for what is not known yet, never for what is known not to hold.
fn must_be_met(run: &Run<'_>, choice: &Choose, outcome: &Outcome) -> Result<(), Refusal> {
    let commitment = must_be_signed(run, outcome)?;
    if !outcome.needs_met {
        return Ok(());
    }
    let mut case = run.case.clone();
    case.facts.extend(choice.facts.clone());
    let facts = live_facts(run.pack, &case, run.snapshot.entries, run.moment);
    let covered = |requirement: &Requirement| {
        commitment.is_some_and(|commitment| commitment.covers.contains(&requirement.name))
    };
    let unmet = run.procedure.requires.iter().filter_map(|requirement| {
        let missing = match requirement.verdict(&facts) {
            Verdict::True => return None,
            Verdict::Undetermined { .. } if covered(requirement) => return None,
            Verdict::False => Vec::new(),
            Verdict::Undetermined { missing } => missing.into_iter().collect(),
        };
        Some(Unmet { name: requirement.name.clone(), says: requirement.says.clone(), missing })
    });
    let unmet: Vec<Unmet> = unmet.collect();
    if unmet.is_empty() { Ok(()) } else { Err(Refusal::ConditionsNotMet(unmet)) }
}

/// The commitment that the outcome rests on, if it rests on one; it must have been signed.
fn must_be_signed<'a>(run: &Run<'a>, outcome: &Outcome) -> Result<Option<&'a Commitment>, Refusal> {
    let Some(name) = &outcome.on_commitment else { return Ok(None) };
    let commitment = run.procedure.commitments.get(name);
    let commitment = commitment.ok_or_else(|| Refusal::PackFault(name.to_string()))?;
    // A supplement may have changed who the applicant is; the promise then counts no more.
    let facts = run.facts();
    let open_to = commitment.open_to.as_ref();
    let open = open_to.is_none_or(|who| who.verdict(&facts) == Verdict::True);
    match open && run.case.promises.contains_key(name) {
        true => Ok(Some(commitment)),
        false => Err(Refusal::NotCommitted(commitment.title.clone())),
    }
}

/// Asks the applicant for what is missing; the stage's clock stands still meanwhile.
fn ask(run: &mut Run<'_>, choice: &Choose, supplement: &Supplement) -> Result<(), Refusal> {
    must_name_items(run, choice)?;
    must_not_widen(run, choice, supplement)?;
    let standing = Standing::Supplementing {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        items: choice.items.clone(),
        runs: run.runs(supplement.within.term),
        held: run.held()?,
    };
    let act = Act::SupplementAsked(SupplementAsked {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        items: choice.items.clone(),
        reasons: choice.reasons.clone(),
    });
    run.write(act, standing);
    Ok(())
}

/// Stops the clock on a ground of the law; the notice says why (行政许可法 article 45).
fn stop_clock(run: &mut Run<'_>, choice: &Choose, stop: &Stop) -> Result<(), Refusal> {
    let made = run.case.stops.iter();
    let made = made.filter(|made| made.step == choice.step && made.outcome == choice.outcome);
    let made = u32::try_from(made.count()).unwrap_or(u32::MAX);
    if made >= stop.times {
        return Err(Refusal::StopExhausted(made));
    }
    let standing = Standing::Stopped {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        runs: run.runs(stop.within.term),
        held: run.held()?,
    };
    let act = Act::Stopped(Stopped {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        ground: stop.ground,
        reasons: choice.reasons.clone(),
    });
    run.write(act, standing);
    Ok(())
}

/// Makes the step's time longer, and that of each body that is still to answer.
fn longer(run: &mut Run<'_>, choice: &Choose, extend: &Extend) -> Result<(), Refusal> {
    let made = run.case.extensions.iter();
    let made = made.filter(|made| made.step == choice.step && made.outcome == choice.outcome);
    let made = u32::try_from(made.count()).unwrap_or(u32::MAX);
    if made >= extend.times {
        return Err(Refusal::ExtensionExhausted(made));
    }
    let standing = run.case.standing.longer(extend.by.term, run.snapshot.calendar, &run.pack.zone);
    let act = Act::Extended(Extended {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        reasons: choice.reasons.clone(),
    });
    run.write(act, standing.ok_or(Refusal::NotNow)?);
    Ok(())
}

fn must_name_items(run: &Run<'_>, choice: &Choose) -> Result<(), Refusal> {
    let unknown: Vec<String> =
        choice.items.iter().filter(|item| !may_ask(run, item)).cloned().collect();
    if choice.items.is_empty() || !unknown.is_empty() {
        return Err(Refusal::SupplementItems(unknown));
    }
    Ok(())
}

/// A paper that is handed in later is asked for once there is an entry, not before.
fn may_ask(run: &Run<'_>, item: &str) -> bool {
    let later =
        |material: &Material| material.name.as_str() == item && material.need == Need::Later;
    let too_early = run.case.entry.is_none() && run.procedure.materials.iter().any(later);
    form::asks(run.procedure, item) && !too_early
}

/// 行政许可法 article 32: everything missing is named once; a later notice may not widen it.
fn must_not_widen(run: &Run<'_>, choice: &Choose, supplement: &Supplement) -> Result<(), Refusal> {
    let Some(asked) = run.case.asked.get(&choice.step) else {
        return Ok(());
    };
    let wider: Vec<String> =
        choice.items.iter().filter(|item| !asked.items.contains(item)).cloned().collect();
    if !wider.is_empty() {
        return Err(Refusal::SupplementWidened(wider));
    }
    if asked.times >= supplement.times {
        return Err(Refusal::SupplementExhausted(asked.times));
    }
    Ok(())
}
