//! What a case has done and can still do: decisions made, answers given, remedies, promises.

use std::collections::BTreeSet;

use base::Name;

use super::{Hindrance, Place, Plan};
use crate::{
    model::{Decision, Review, Step},
    prove::time::fits_in,
};

pub(super) fn check(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    decisions_made(plan, at, found);
    remedies_ahead(plan, at, found);
    promises_found(plan, at, found);
    answers_given(plan, at, found);
}

/// A decision that the case may have made is there under its name, does the same, and can be
/// challenged as before: setting it aside undoes what it wrote.
fn decisions_made(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    for (name, decision) in plan.old.decided_before(at.step) {
        let now = plan.new.procedure.decision(name.as_str());
        if now.is_none_or(|now| written(decision) != written(now)) {
            let zh = format!("可能已作出的决定 `{name}` 在新版本中不同或不存在");
            let en = format!("the decision `{name}`, which may have been made, is gone or another");
            found.push(at.hindered("other-decision", &zh, &en));
        } else if now.is_some_and(|now| !offers(plan, &remedies(decision), &remedies(now))) {
            let zh = format!("对已作出的决定 `{name}`，新版本的救济较少或较短");
            let en = format!(
                "the decision `{name}`, which may have been made, can be challenged \
                              less than before"
            );
            found.push(at.hindered("remedy-lost", &zh, &en));
        }
    }
}

/// What a decision does, as far as it can be undone.
fn written(decision: &Decision) -> impl PartialEq {
    let amended: BTreeSet<Name> = decision.amends.iter().map(|(name, _)| name.clone()).collect();
    let changed: BTreeSet<(Name, Name)> = decision
        .changes
        .iter()
        .flat_map(|c| c.fields.iter().map(|(name, _)| (c.register.clone(), name.clone())))
        .collect();
    let settles = decision.settles.clone();
    (decision.decides, decision.enters.is_some(), amended, changed, settles)
}

fn remedies(decision: &Decision) -> BTreeSet<Name> {
    decision.appeal.iter().flat_map(|appeal| appeal.remedies.iter().cloned()).collect()
}

/// Whether all remedies are still offered, each at least as long, and heard where it was heard.
fn offers(plan: &Plan<'_>, before: &BTreeSet<Name>, after: &BTreeSet<Name>) -> bool {
    before.iter().all(|name| {
        let remedies = (plan.old.pack.remedies.get(name), plan.new.pack.remedies.get(name));
        let (Some(old), Some(new)) = remedies else { return false };
        after.contains(name)
            && fits_in(old.within, new.within)
            && old.hearing.is_some() == new.hearing.is_some()
    })
}

/// Against what may still be decided there is every remedy that there was against each decision to
/// the same effect.
fn remedies_ahead(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    let before = plan.old.decided_after(at.step);
    for (name, decision) in plan.new.decided_after(at.new_step) {
        let same = before.iter().filter(|(_, old)| old.decides == decision.decides);
        let common = same.map(|(_, old)| remedies(old)).reduce(|all, one| &all & &one);
        if !offers(plan, &common.unwrap_or_default(), &remedies(decision)) {
            let zh = format!("对今后可能的决定 `{name}`，新版本的救济较少或较短");
            let en = format!(
                "the decision `{name}`, which may come, can be challenged less than \
                              its like before"
            );
            found.push(at.hindered("remedy-lost", &zh, &en));
        }
    }
}

/// A promise that could still be found kept or broken can be so after the move.
fn promises_found(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    let settled = |decisions: Vec<(&Name, &Decision)>| {
        let settled = decisions.into_iter().filter_map(|(_, decision)| decision.settles.clone());
        settled.collect::<Vec<_>>()
    };
    let after = settled(plan.new.decided_after(at.new_step));
    for lost in settled(plan.old.decided_after(at.step)).iter().filter(|s| !after.contains(s)) {
        let name = lost.commitment();
        let zh = format!("此后不再核查承诺 `{name}`");
        let en = format!("the promise `{name}` is no longer found kept or broken afterwards");
        found.push(at.hindered("promise-unchecked", &zh, &en));
    }
}

/// What bodies have answered in a review counts in the new edition as it did.
fn answers_given(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    for (name, review) in plan.old.reviewed_before(at.step) {
        let here = name == at.step;
        let image = if here { at.new_step } else { plan.migration.image(name) };
        let now = plan.new.procedure.steps.get(image);
        let alike = match now {
            Some(Step::Review(now)) => asks_alike(plan, review, now, here),
            // Answers to what is no longer a review count for nothing.
            Some(Step::Stage(_) | Step::Turn(_) | Step::Decision(_)) | None => true,
        };
        if !alike {
            let zh = format!("并联审查 `{name}` 的答复在新版本中另有含义");
            let en = format!("what was answered in the review `{name}` means something else now");
            found.push(at.hindered("other-review", &zh, &en));
        }
    }
}

/// Whether a review asks the same bodies for the same answers; one that goes on also comes to its
/// end in the same way.
fn asks_alike(plan: &Plan<'_>, before: &Review, now: &Review, goes_on: bool) -> bool {
    let answers = before
        .answers
        .iter()
        .all(|(name, answer)| now.answer(name).is_some_and(|now| now.counts == answer.counts));
    let office = |procedure: &crate::model::Procedure, part: &Name| {
        procedure.body(part).map(|body| body.office.clone())
    };
    let (old, new) = (plan.old.procedure, plan.new.procedure);
    let bodies = before
        .parts
        .iter()
        .all(|(part, _)| now.part(part).is_some() && office(old, part) == office(new, part));
    let joins = std::mem::discriminant(&before.join) == std::mem::discriminant(&now.join);
    answers && bodies && (joins || !goes_on)
}
