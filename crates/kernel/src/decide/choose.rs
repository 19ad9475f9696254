//! An officer (or the applicant) chooses an outcome at the stage the case is at.

use pack::model::{By, Follows, Outcome, Stage, Supplement};
use rules::Verdict;

use super::{case_facts, run::Run};
use crate::{
    case::{Standing, left},
    command::Choose,
    form,
    ledger::{Act, Chose, SupplementAsked},
    refusal::{Refusal, Unmet},
};

pub(super) fn choose(run: &mut Run<'_>, choice: &Choose) -> Result<(), Refusal> {
    let stage = standing_at(run, choice)?;
    must_act(run, stage)?;
    let outcome = stage
        .outcome(&choice.outcome)
        .ok_or_else(|| Refusal::NoSuchOutcome(choice.outcome.clone()))?;
    if outcome.reasons && choice.reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    must_be_met(run, outcome)?;
    match &outcome.follows {
        Follows::Then(target) => run.go(chose(choice), target),
        Follows::Supplement(supplement) => ask(run, choice, supplement),
    }
}

/// The stage the case is at, if it is the one the chooser means.
fn standing_at<'a>(run: &Run<'a>, choice: &Choose) -> Result<&'a Stage, Refusal> {
    match &run.case.standing {
        Standing::At { step, .. } if *step == choice.step => run.stage(step),
        _ => Err(Refusal::NotNow),
    }
}

fn must_act(run: &Run<'_>, stage: &Stage) -> Result<(), Refusal> {
    match stage.by {
        By::Competent => run.must_be(&run.case.body),
        By::Applicant => run.must_be_applicant(),
    }
}

fn chose(choice: &Choose) -> Act {
    Act::Chose(Chose {
        step: choice.step.clone(),
        outcome: choice.outcome.clone(),
        reasons: choice.reasons.clone(),
    })
}

/// Refuses while a condition does not hold, or is not known to hold.
fn must_be_met(run: &Run<'_>, outcome: &Outcome) -> Result<(), Refusal> {
    if !outcome.needs_met {
        return Ok(());
    }
    let facts = case_facts(run.pack, &run.case, run.today());
    let unmet: Vec<Unmet> = run
        .procedure
        .requires
        .iter()
        .filter_map(|requirement| {
            let missing = match requirement.verdict(&facts) {
                Verdict::True => return None,
                Verdict::False => Vec::new(),
                Verdict::Undetermined { missing } => missing.into_iter().collect(),
            };
            Some(Unmet { name: requirement.name.clone(), says: requirement.says.clone(), missing })
        })
        .collect();
    if unmet.is_empty() { Ok(()) } else { Err(Refusal::ConditionsNotMet(unmet)) }
}

/// Asks the applicant for what is missing; the stage's clock stands still meanwhile.
fn ask(run: &mut Run<'_>, choice: &Choose, supplement: &Supplement) -> Result<(), Refusal> {
    must_name_items(run, choice)?;
    must_not_widen(run, choice, supplement)?;
    let Standing::At { step, term, due, .. } = &run.case.standing else {
        return Err(Refusal::NotNow);
    };
    let term_of_supplement = supplement.within.term;
    let standing = Standing::Supplementing {
        step: step.clone(),
        outcome: choice.outcome.clone(),
        items: choice.items.clone(),
        counted_from: run.today(),
        term: term_of_supplement,
        due: run.deadline(term_of_supplement),
        left: left(*term, due.on, run.today(), run.snapshot.calendar),
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

fn must_name_items(run: &Run<'_>, choice: &Choose) -> Result<(), Refusal> {
    let unknown: Vec<String> =
        choice.items.iter().filter(|item| !form::asks(run.procedure, item)).cloned().collect();
    if choice.items.is_empty() || !unknown.is_empty() {
        return Err(Refusal::SupplementItems(unknown));
    }
    Ok(())
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
