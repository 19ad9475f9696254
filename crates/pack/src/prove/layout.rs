//! A layout plan is made of one survey: it comes before any draft, nothing leads back to it, and
//! what is adopted is a draft of it that somebody named.

use std::collections::BTreeSet;

use base::Name;
use rules::Expression;

use super::{Proof, known};
use crate::model::{Decision, Layout, Procedure, Step, Target};

pub(super) fn prove(proof: &mut Proof<'_>) {
    let procedure = proof.procedure;
    let Some(layout) = &procedure.layout else { return };
    let surveys = decision(procedure, |decision| decision.surveys);
    let adopts = decision(procedure, |decision| decision.adopts.is_some());
    let (Some(surveys), Some(adopts)) = (surveys, adopts) else { return };
    in_order(proof, surveys, adopts);
    done_once(proof, surveys, adopts);
    unchallenged(proof, [surveys, adopts]);
    survey_is_known(proof, layout, surveys);
    draft_is_named(proof, adopts);
}

fn decision(procedure: &Procedure, is: impl Fn(&Decision) -> bool) -> Option<&Name> {
    let mut steps = procedure.steps.iter();
    let found = steps.find(|(_, step)| matches!(step, Step::Decision(own) if is(own)));
    found.map(|(name, _)| name)
}

/// The stages at which drafts are put on file.
fn drafting(procedure: &Procedure) -> BTreeSet<&Name> {
    let steps = procedure.steps.iter();
    let stages = steps.filter(|(_, step)| matches!(step, Step::Stage(own) if own.drafts));
    stages.map(|(name, _)| name).collect()
}

/// On every way there is a survey before a draft is put on file, and then one can be before any is
/// adopted.
fn in_order(proof: &mut Proof<'_>, surveys: &Name, adopts: &Name) {
    let begins = &proof.procedure.begins;
    let drafting = drafting(proof.procedure);
    let unsurveyed = proof.graph.paths_without(begins, |m| m.from == *surveys);
    let undrafted = proof.graph.paths_without(begins, |m| drafting.contains(&m.from));
    for stage in drafting {
        if let Some(path) = unsurveyed.get(&Target::Step(stage.clone())) {
            let at = proof.at_step(stage);
            let zh = "尚未摸底即可提交草案";
            let en = "drafts can be put on file before there is a survey";
            proof.fails("drafted-unsurveyed", at, zh, en, path);
        }
    }
    if let Some(path) = undrafted.get(&Target::Step(adopts.clone())) {
        let at = proof.at_step(adopts);
        let zh = "不经提交草案的环节即可采用草案";
        let en = "one can be adopted without the stage at which drafts are put on file";
        proof.fails("adopted-undrafted", at, zh, en, path);
    }
}

/// Drafts rest on their survey, and what is adopted stays so.
fn done_once(proof: &mut Proof<'_>, surveys: &Name, adopts: &Name) {
    if let Some(path) = proof.way_back(surveys, surveys) {
        let at = proof.at_step(surveys);
        let zh = "摸底之后还能再次摸底，已提交的草案将失去依据";
        let en = "it can be surveyed again, and drafts on file would rest on nothing";
        proof.fails("surveyed-again", at, zh, en, &path);
    }
    if let Some(path) = proof.way_back(adopts, adopts) {
        let at = proof.at_step(adopts);
        let (zh, en) = ("采用之后还能再次采用", "once one is adopted another can be");
        proof.fails("adopted-again", at, zh, en, &path);
    }
}

/// A survey and a plan take nothing from anybody; what is done by the plan can be challenged.
fn unchallenged(proof: &mut Proof<'_>, decisions: [&Name; 2]) {
    for step in decisions {
        let decision = proof.procedure.decision(step.as_str());
        if decision.is_some_and(|decision| decision.appeal.is_some()) {
            let (at, path) = (proof.at_step(step), proof.way_to(step));
            let zh = "摸底和采用草案的决定不写 appeal：可争议的是依规划作出的决定";
            let en = "what surveys or adopts has no `appeal`: what is done by the plan has";
            proof.fails("layout-appealed", at, zh, en, &path);
        }
    }
}

/// Whoever surveys knows what is counted, by what it is looked up, and what candidates must meet.
fn survey_is_known(proof: &mut Proof<'_>, layout: &Layout, surveys: &Name) {
    let known = known::at_steps(proof);
    // A step that nothing leads to is told elsewhere.
    let Some(known) = known.get(surveys) else { return };
    let used = layout.counts().chain(layout.conditions()).flat_map(Expression::facts_used);
    let own = used.filter(|fact| !fact.starts_with("its."));
    let counted = own.into_iter().all(|fact| known.contains(fact));
    let found = layout.looks().into_iter().all(|look| known.contains(&format!("found.{look}")));
    if !counted || !found {
        let (at, path) = (proof.at_step(surveys), proof.way_to(surveys));
        let zh = "摸底所用的数值、条件或名单取决于可能没有回答的问题";
        let en = "numbers, needs or lists of the survey rest on a question that may be left open";
        proof.fails("surveyed-unknown", at, zh, en, &path);
    }
}

/// The number of the draft that is adopted is asked on every way.
fn draft_is_named(proof: &mut Proof<'_>, adopts: &Name) {
    let path = proof.procedure.decision(adopts.as_str()).and_then(|own| own.adopts.as_ref());
    let known = known::at_steps(proof);
    let (Some(path), Some(known)) = (path, known.get(adopts)) else { return };
    if !known.contains(path) {
        let (at, way) = (proof.at_step(adopts), proof.way_to(adopts));
        let zh = "采用哪个草案，不是每条路径上都已问过";
        let en = "which draft is adopted is not asked on every way";
        proof.fails("adopted-unnamed", at, zh, en, &way);
    }
}
