//! Nobody can bend a draw: seeds are pledged before the lists are frozen and told afterwards, the
//! lists stay frozen, and all seeds are told before anything is drawn (国办发〔2015〕58号).

use std::collections::BTreeMap;

use base::Name;
use rules::{Expression, Value, Verdict};

use super::{
    Proof,
    graph::{Cause, Move},
    known,
};
use crate::model::{By, Decision, Draw, Procedure, Stage, Step, Target};

pub(super) fn prove(proof: &mut Proof<'_>) {
    let procedure = proof.procedure;
    let Some(draw) = &procedure.draw else { return };
    let freezes = decision(procedure, |decision| decision.freezes);
    let draws = decision(procedure, |decision| decision.draws);
    let (Some(freezes), Some(draws)) = (freezes, draws) else { return };
    in_order(proof, draw, freezes, draws);
    done_once(proof, &draw.pledges.review, freezes, draws);
    frozen_by_choice(proof, freezes);
    drawn_when_told(proof, draws);
    unchallenged(proof, [freezes, draws]);
    lists_are_known(proof, draw, freezes);
}

fn decision(procedure: &Procedure, is: impl Fn(&Decision) -> bool) -> Option<&Name> {
    let mut steps = procedure.steps.iter();
    let found = steps.find(|(_, step)| matches!(step, Step::Decision(own) if is(own)));
    found.map(|(name, _)| name)
}

type Wrong = (&'static str, &'static str, &'static str);

const UNPLEDGED: Wrong = (
    "frozen-unpledged",
    "不经承诺种子的并联审查即可冻结名单",
    "the lists can be frozen without the review in which seeds are pledged",
);
const UNFROZEN: Wrong =
    ("told-unfrozen", "名单尚未冻结即可公开种子", "seeds can be told before the lists are frozen");
const UNTOLD: Wrong = (
    "drawn-untold",
    "不经公开种子的并联审查即可抽取",
    "it can be drawn without the review in which seeds are told",
);

/// On every way seeds are pledged, the lists are frozen, seeds are told, and it is drawn.
fn in_order(proof: &mut Proof<'_>, draw: &Draw, freezes: &Name, draws: &Name) {
    let (pledges, seeds) = (&draw.pledges.review, &draw.seeds.review);
    let order = [(pledges, freezes, UNPLEDGED), (freezes, seeds, UNFROZEN), (seeds, draws, UNTOLD)];
    for (first, then, (word, zh, en)) in order {
        if let Some(path) = way_around(proof, first, then) {
            let at = proof.at_step(then);
            proof.fails(word, at, zh, en, &path);
        }
    }
}

/// The shortest way to a step on which another has not come to its result.
fn way_around(proof: &Proof<'_>, first: &Name, then: &Name) -> Option<Vec<Move>> {
    let passes =
        |m: &Move| m.from == *first && matches!(m.cause, Cause::Joined(_) | Cause::Decided);
    let mut paths = proof.graph.paths_without(&proof.procedure.begins, passes);
    paths.remove(&Target::Step(then.clone()))
}

/// What is frozen stays so, and what is drawn is not drawn again.
fn done_once(proof: &mut Proof<'_>, pledges: &Name, freezes: &Name, draws: &Name) {
    for to in [pledges, freezes] {
        if let Some(path) = proof.way_back(freezes, to) {
            let at = proof.at_step(to);
            let zh = "名单冻结之后还能再次承诺种子或再次冻结";
            let en = "once the lists are frozen the case can come to pledges or freezing again";
            proof.fails("frozen-again", at, zh, en, &path);
        }
    }
    if let Some(path) = proof.way_back(draws, draws) {
        let at = proof.at_step(draws);
        let (zh, en) = ("抽取之后还能再次抽取", "what was drawn can be drawn again");
        proof.fails("drawn-again", at, zh, en, &path);
    }
}

/// The moves to a step that are not as they must be, each with the way there.
fn wrong_moves(
    proof: &Proof<'_>,
    to: &Name,
    right: impl Fn(&Move) -> bool,
) -> Vec<(Name, Vec<Move>)> {
    let target = Target::Step(to.clone());
    let moves = proof.graph.moves.iter().filter(|m| m.to == target && !right(m));
    let wrong = moves.map(|m| (m.from.clone(), [proof.way_to(&m.from), vec![m.clone()]].concat()));
    wrong.collect()
}

/// The lists are frozen because a body chooses so, and then only.
fn frozen_by_choice(proof: &mut Proof<'_>, freezes: &Name) {
    let wrong = wrong_moves(proof, freezes, |m| chosen(proof, m));
    for (step, path) in wrong {
        let at = proof.at_step(&step);
        let zh = "名单只能由机关在环节中选择冻结，不能因沉默或其他原因而冻结";
        let en = "the lists are frozen by a body that chooses so at a stage, never by silence";
        proof.fails("frozen-unchosen", at, zh, en, &path);
    }
}

/// Whether a body chooses the outcome at a stage, and silence is not deemed to be it.
fn chosen(proof: &Proof<'_>, m: &Move) -> bool {
    let Cause::Outcome(outcome) = &m.cause else { return false };
    let deemed = |stage: &Stage| stage.silence.as_ref().is_some_and(|(own, _)| own == outcome);
    let stage = proof.procedure.stage(m.from.as_str());
    let by = proof.procedure.chooser(&m.from, outcome);
    stage.is_some_and(|stage| !deemed(stage)) && matches!(by, Some(By::Body(_)))
}

/// It is drawn by itself as soon as all seeds are told, and nobody chooses whether.
fn drawn_when_told(proof: &mut Proof<'_>, draws: &Name) {
    let wrong = wrong_moves(proof, draws, |m| told(proof, m));
    for (step, path) in wrong {
        let at = proof.at_step(&step);
        let zh = "只能由条件为 draw.told 的分支抽取，不能由人选择";
        let en = "it is drawn by a course of a turn whose condition is `draw.told`, by no choice";
        proof.fails("drawn-by-choice", at, zh, en, &path);
    }
}

/// Whether a case takes that course where all seeds are told, and only there.
fn told(proof: &Proof<'_>, m: &Move) -> bool {
    let Cause::Turned(taken) = &m.cause else { return false };
    let turn = proof.procedure.turn(m.from.as_str());
    let mut courses = turn.into_iter().flat_map(|turn| &turn.courses);
    let course = courses.find(|(name, _)| name == taken);
    course.and_then(|(_, course)| course.that.as_ref()).is_some_and(asks_if_told)
}

fn asks_if_told(that: &Expression) -> bool {
    let verdict = |told: bool| {
        let facts = BTreeMap::from([(Draw::TOLD.to_owned(), Value::Boolean(told))]);
        that.verdict(&facts)
    };
    let alone = that.facts_used().eq([Draw::TOLD]);
    alone && verdict(true) == Verdict::True && verdict(false) == Verdict::False
}

/// Freezing and drawing take nothing from anybody; what they lead to can be challenged.
fn unchallenged(proof: &mut Proof<'_>, decisions: [&Name; 2]) {
    for step in decisions {
        let decision = proof.procedure.decision(step.as_str());
        if decision.is_some_and(|decision| decision.appeal.is_some()) {
            let (at, path) = (proof.at_step(step), proof.way_to(step));
            let zh = "冻结名单和抽取的决定不写 appeal：撤销也收不回已公开的内容";
            let en = "what freezes or draws has no `appeal`: set aside, all would be known already";
            proof.fails("draw-appealed", at, zh, en, &path);
        }
    }
}

/// Whoever freezes the lists knows how many are drawn and sent, and by what they are looked up.
fn lists_are_known(proof: &mut Proof<'_>, draw: &Draw, freezes: &Name) {
    let known = known::at_steps(proof);
    // A step that nothing leads to is told elsewhere.
    let Some(known) = known.get(freezes) else { return };
    let counted = draw.counts().flat_map(Expression::facts_used).all(|fact| known.contains(fact));
    let found = draw.looks().all(|look| known.contains(&format!("found.{look}")));
    if !counted || !found {
        let (at, path) = (proof.at_step(freezes), proof.way_to(freezes));
        let zh = "抽查比例、派出人数或名单取决于可能没有回答的问题";
        let en = "shares, crews or lists rest on a question that may be left open";
        proof.fails("frozen-unknown", at, zh, en, &path);
    }
}
