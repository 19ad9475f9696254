//! Every state can end, every step can be reached, and nobody loses without a decision to appeal.

use base::Name;

use super::{
    Proof,
    graph::{Cause, Move},
};
use crate::model::{Applicant, By, Counts, Effect, Follows, Outcome, Stage, Step, Target};

pub(super) fn prove(proof: &mut Proof<'_>) {
    reachable(proof);
    can_end(proof);
    no_endless_decisions(proof);
    losses_are_decided(proof);
    losses_are_said(proof);
    remedies_are_in_reach(proof);
    decided_by_who_chose(proof);
    losses_have_reasons(proof);
    losses_end_the_case(proof);
    imposed_on_somebody(proof);
    silence_grants_nothing(proof);
    nobody_waits_for_ever(proof);
}

fn reachable(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.keys().map(|name| Target::Step(name.clone()));
    let ends = proof.procedure.ends.keys().map(|name| Target::End(name.clone()));
    let unreached: Vec<Target> =
        steps.chain(ends).filter(|target| !proof.graph.paths.contains_key(target)).collect();
    for target in unreached {
        let (at, name) = match &target {
            Target::Step(name) => (proof.at_step(name), name),
            Target::End(name) => (at_end(proof, name), name),
        };
        let (zh, en) = (format!("没有任何路径到达 `{name}`"), format!("no path comes to `{name}`"));
        proof.fails("unreachable", at, &zh, &en, &[]);
    }
}

fn at_end(proof: &Proof<'_>, end: &Name) -> crate::node::Span {
    let mut names = proof.file.ends.names();
    names.find(|name| name.value == *end).map_or(proof.file.at, |name| name.at)
}

fn can_end(proof: &mut Proof<'_>) {
    let can_end = proof.graph.can_end();
    let stuck: Vec<(Name, Vec<Move>)> = proof
        .graph
        .paths
        .iter()
        .filter(|(target, _)| !can_end.contains(*target))
        .filter_map(|(target, path)| match target {
            Target::Step(name) => Some((name.clone(), path.clone())),
            Target::End(_) => None,
        })
        .collect();
    for (name, path) in stuck {
        let at = proof.at_step(&name);
        let (zh, en) =
            (format!("从 `{name}` 无法结束"), format!("from `{name}` the case can never end"));
        proof.fails("cannot-end", at, &zh, &en, &path);
    }
}

/// Decisions and turns take effect at once: a circle of them would never wait for anybody.
fn no_endless_decisions(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter().filter(|(_, step)| !step.waits());
    let endless = steps.filter(|(name, _)| circles(proof, name));
    let endless: Vec<Name> = endless.map(|(name, _)| name.clone()).collect();
    for name in endless {
        let path = proof.way_to(&name);
        let at = proof.at_step(&name);
        let (zh, en) = ("决定首尾相接，永不等待", "decisions follow one another in a circle");
        proof.fails("endless-decisions", at, zh, en, &path);
    }
}

/// Whether following decisions and turns alone, and fees that are waived, from `start` comes back
/// to it.
fn circles(proof: &Proof<'_>, start: &Name) -> bool {
    let back = Target::Step(start.clone());
    let next = proof.procedure.at_once(start).into_iter();
    next.into_iter().any(|next| proof.procedure.passes(next).contains(&&back))
}

/// An end the applicant loses by comes only from a decision with a remedy; so does every decision
/// that refuses, takes back or lapses.
fn losses_are_decided(proof: &mut Proof<'_>) {
    let silent: Vec<Move> = proof
        .graph
        .moves
        .iter()
        .filter(|m| m.cause != Cause::Upheld && loses(proof, &m.to) && !appealable(proof, &m.from))
        .cloned()
        .collect();
    for m in silent {
        let mut path = proof.way_to(&m.from);
        let at = proof.at_step(&m.from);
        path.push(m);
        proof.fails(
            "loss-without-decision",
            at,
            "申请人在此失利，却没有可以申诉的决定",
            "the applicant loses here without a decision that can be appealed",
            &path,
        );
    }
    adverse_decisions(proof);
}

/// A decision is challenged when its case has ended: one with a remedy leads to an end at once, or
/// its time could be over before.
fn remedies_are_in_reach(proof: &mut Proof<'_>) {
    let late: Vec<Name> = proof
        .procedure
        .steps
        .keys()
        .filter(|name| appealable(proof, name) && waits_after(proof, name))
        .cloned()
        .collect();
    for name in late {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        let zh = "可以救济的决定之后不能再有等待的环节，否则救济期限可能先届满";
        let en = "a decision with a remedy leads to an end at once, or its time may be over before";
        proof.fails("remedy-out-of-reach", at, zh, en, &path);
    }
}

/// Whether somebody is awaited after a decision and those that follow it at once.
fn waits_after(proof: &Proof<'_>, step: &Name) -> bool {
    let decision = proof.procedure.decision(step.as_str());
    decision.is_some_and(|decision| proof.procedure.may_wait(&decision.then))
}

/// Decisions by which the applicant loses what was asked for or given.
pub(super) const ADVERSE: [Effect; 5] =
    [Effect::Refused, Effect::Declined, Effect::Voided, Effect::Lapsed, Effect::Imposed];

fn adverse_decisions(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter();
    let bare: Vec<Name> = steps
        .filter(|(name, step)| match step {
            Step::Decision(d) => ADVERSE.contains(&d.decides) && !appealable(proof, name),
            Step::Stage(_) | Step::Review(_) | Step::Turn(_) => false,
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in bare {
        let path = proof.way_to(&name);
        let at = proof.at_step(&name);
        proof.fails(
            "no-remedy",
            at,
            "不利决定须写明救济途径",
            "an adverse decision must open a remedy",
            &path,
        );
    }
}

/// The end that follows an adverse decision says that the applicant loses by it.
fn losses_are_said(proof: &mut Proof<'_>) {
    let moves = proof.graph.moves.iter().filter(|m| m.cause == Cause::Decided);
    let lost = moves.filter(|m| adverse(proof, &m.from) && !loses(proof, &m.to));
    for m in lost.cloned().collect::<Vec<_>>() {
        let Target::End(end) = &m.to else { continue };
        let at = at_end(proof, end);
        let path = [proof.way_to(&m.from), vec![m.clone()]].concat();
        let (zh, en) = (
            "不利决定之后的结局须写明 adverse: true",
            "an end after an adverse decision is `adverse: true`",
        );
        proof.fails("loss-unsaid", at, zh, en, &path);
    }
}

/// Whoever refuses, takes back, asks for more or stops the clock says why (行政许可法 articles 32,
/// 38 and 45).
fn losses_have_reasons(proof: &mut Proof<'_>) {
    let mut bare: Vec<(Name, Name)> = Vec::new();
    for (name, step) in &proof.procedure.steps {
        let by_body =
            |outcome: &Name| matches!(proof.procedure.chooser(name, outcome), Some(By::Body(_)));
        let silent = step.outcomes().iter();
        let silent = silent.filter(|(n, o)| by_body(n) && !o.reasons && harms(proof, o));
        bare.extend(silent.map(|(outcome, _)| (name.clone(), outcome.clone())));
        let Step::Review(review) = step else { continue };
        let refusals = review.answers.iter().filter(|(_, a)| a.counts == Counts::Refuses);
        let silent = refusals.filter(|(_, answer)| !answer.reasons);
        bare.extend(silent.map(|(answer, _)| (name.clone(), answer.clone())));
    }
    for (step, outcome) in bare {
        let (at, path) = (proof.at_outcome(&step, &outcome), proof.way_to(&step));
        let en =
            "whoever refuses, takes back, asks for more, stops or extends gives `reasons: true`";
        let zh = "不予、撤销、要求补正、中止计时或延长须写明 reasons: true";
        proof.fails("no-reasons", at, zh, en, &path);
    }
}

/// A decision is challenged once the case has ended, so one by which the applicant loses ends it:
/// while it went on the time for a remedy would run out.
fn losses_end_the_case(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.keys();
    let goes_on = |name: &&Name| adverse(proof, name) && waits_after(proof, name);
    let open: Vec<Name> = steps.filter(goes_on).cloned().collect();
    for name in open {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        let en = "a decision that takes something leads to an end, or it could not be challenged";
        proof.fails("challenged-too-late", at, "不利决定须直接结束案件，否则无从申诉", en, &path);
    }
}

/// What a body imposes of its own motion it imposes on somebody, who is then a party.
fn imposed_on_somebody(proof: &mut Proof<'_>) {
    let own_motion = proof.procedure.applicant == [Applicant::Body];
    if !own_motion || proof.procedure.against.is_some() {
        return;
    }
    let imposes = |step: &Step| matches!(step, Step::Decision(d) if d.decides == Effect::Imposed);
    let steps = proof.procedure.steps.iter().filter(|(_, step)| imposes(step));
    let names: Vec<Name> = steps.map(|(name, _)| name.clone()).collect();
    for name in names {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        let en = "it is imposed on nobody: say under `against` whose entry it is about";
        proof.fails("imposed-on-nobody", at, "没有当事人：须用 against 写明针对谁", en, &path);
    }
}

/// Whether an outcome takes something from the applicant, or time.
fn harms(proof: &Proof<'_>, outcome: &Outcome) -> bool {
    match &outcome.follows {
        Follows::Then(Target::Step(next)) => {
            let turns = proof.procedure.turn(next.as_str()).is_some();
            let courses = proof.procedure.at_once(next).into_iter();
            let courses = courses.filter(|_| turns).flat_map(|to| proof.procedure.passes(to));
            adverse(proof, next)
                || courses.into_iter().any(|to| matches!(to, Target::Step(n) if adverse(proof, n)))
        }
        Follows::Then(Target::End(_)) | Follows::Stay => false,
        Follows::Supplement(_) | Follows::Stop(_) | Follows::Extend(_) => true,
    }
}

/// Who chooses the outcome that leads to a decision, or leads the review, is in whose name it is
/// made, and all that follow it at once. What follows from the applicant's choice may be any body's
/// decision, but never a grant.
fn decided_by_who_chose(proof: &mut Proof<'_>) {
    let moves: Vec<Move> = proof.graph.moves.clone();
    for m in moves {
        let chooser = match &m.cause {
            Cause::Outcome(outcome) => proof.procedure.chooser(&m.from, outcome),
            _ => proof.procedure.steps.get(&m.from).and_then(Step::by),
        };
        let chain = proof.procedure.decisions_from(&m.to);
        let another = match chooser {
            Some(By::Body(chooser)) => chain.iter().find(|(_, d)| d.by != *chooser),
            Some(By::Applicant | By::Clock) | None => None,
        };
        let another = another.map(|(name, _)| (*name).clone());
        let himself = matches!((chooser, &m.cause), (Some(By::Applicant), Cause::Outcome(_)))
            && chain.iter().any(|(_, d)| matches!(d.decides, Effect::Granted | Effect::Adopted));
        let path = [proof.way_to(&m.from), vec![m.clone()]].concat();
        if let Some(decision) = another {
            let at = proof.at_decider(&decision);
            let zh = "决定以另一机关的名义作出，而非由作出选择的机关";
            let en = "the decision is in the name of another body than the one that chose it";
            proof.fails("decided-by-another", at, zh, en, &path);
        }
        if himself {
            let at = proof.at_step(&m.from);
            let (zh, en) = ("申请人自己的选择即准予", "the applicant's own choice grants it");
            proof.fails("grants-himself", at, zh, en, &path);
        }
    }
}

fn adverse(proof: &Proof<'_>, step: &Name) -> bool {
    match proof.procedure.steps.get(step) {
        Some(Step::Decision(decision)) => ADVERSE.contains(&decision.decides),
        _ => false,
    }
}

/// A stage that waits for the applicant, or that only the applicant can leave, ends by silence if
/// by nothing else; a body that is late stays bound to answer.
fn nobody_waits_for_ever(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter();
    let names: Vec<Name> = steps
        .filter(|(name, step)| match step {
            Step::Stage(stage) => stage.silence.is_none() && rests_on_applicant(proof, name, stage),
            Step::Review(_) | Step::Turn(_) | Step::Decision(_) => false,
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        let en = "a step of the applicant says what follows from `silence`, or it may never end";
        proof.fails(
            "waits-for-ever",
            at,
            "申请人的环节须写明 silence，否则可能永不结束",
            en,
            &path,
        );
    }
}

fn rests_on_applicant(proof: &Proof<'_>, name: &Name, stage: &Stage) -> bool {
    let leaves = stage.outcomes.iter().filter(|(_, o)| matches!(o.follows, Follows::Then(_)));
    let mut chosen = leaves.map(|(outcome, _)| proof.procedure.chooser(name, outcome));
    let by_body = chosen.any(|by| matches!(by, Some(By::Body(_))));
    stage.by == By::Applicant || !by_body
}

fn loses(proof: &Proof<'_>, target: &Target) -> bool {
    match target {
        Target::End(end) => proof.procedure.ends.get(end).is_some_and(|end| end.adverse),
        Target::Step(_) => false,
    }
}

fn appealable(proof: &Proof<'_>, step: &Name) -> bool {
    match proof.procedure.steps.get(step) {
        Some(Step::Decision(d)) => d.appeal.as_ref().is_some_and(|a| !a.remedies.is_empty()),
        _ => false,
    }
}

/// Silence is never deemed an outcome that needs conditions to be met, or that asks for more; and a
/// body that is silent takes nothing from the applicant.
fn silence_grants_nothing(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter();
    let wrong: Vec<Name> = steps
        .filter(|(_, step)| match step {
            Step::Stage(stage) => stage.silence.as_ref().is_some_and(|(name, _)| {
                stage.outcome(name).is_none_or(|outcome| silence_may_not(proof, stage, outcome))
            }),
            Step::Review(_) | Step::Turn(_) | Step::Decision(_) => false,
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in wrong {
        let path = proof.way_to(&name);
        let at = proof.at_silence(&name);
        proof.fails(
            "silence",
            at,
            "沉默不能视为须满足条件的结果、补正或中止；机关的沉默不能导致不利决定",
            "silence cannot be what needs conditions met, asks or stops; a body's cannot refuse",
            &path,
        );
    }
}

fn silence_may_not(proof: &Proof<'_>, stage: &Stage, outcome: &Outcome) -> bool {
    let Follows::Then(target) = &outcome.follows else { return true };
    let chain = proof.procedure.decisions_from(target);
    let takes = chain.iter().any(|(_, decision)| ADVERSE.contains(&decision.decides));
    outcome.needs_met || (takes && stage.by != By::Applicant)
}
