//! What is asked of a case as it comes to a stage is known by then: the day on which the stage
//! ends, and what it charges where nobody could ask for what is missing. What a turn is settled by
//! is known too, and what a filing is admitted by.

use std::collections::{BTreeMap, BTreeSet};

use base::Name;

use super::{
    Proof,
    graph::{Cause, Move},
    known,
};
use crate::model::{Fee, Stage, Step, Target};

/// The facts known at each step.
type Known = BTreeMap<Name, BTreeSet<String>>;

pub(super) fn prove(proof: &mut Proof<'_>) {
    let known = known::at_steps(proof);
    days_are_known(proof, &known);
    fees_are_known(proof, &known);
    courses_are_known(proof, &known);
    admission_is_known(proof);
}

fn stages<'p>(proof: &Proof<'p>) -> impl Iterator<Item = (&'p Name, &'p Stage)> {
    proof.procedure.steps.iter().filter_map(|(name, step)| match step {
        Step::Stage(stage) => Some((name, stage)),
        Step::Review(_) | Step::Turn(_) | Step::Decision(_) => None,
    })
}

/// A case does not come to a stage of which it cannot be told when it ends.
fn days_are_known(proof: &mut Proof<'_>, known: &Known) {
    let mut open: Vec<Name> = Vec::new();
    for (name, stage) in stages(proof) {
        let (Some(until), Some(known)) = (&stage.until, known.get(name)) else { continue };
        open.extend((!until.facts_used().all(|fact| known.contains(fact))).then(|| name.clone()));
    }
    for step in open {
        let until = proof.stage(&step).and_then(|stage| stage.until.as_ref());
        let at = until.map_or_else(|| proof.at_step(&step), |until| until.at);
        let path = proof.way_to(&step);
        let zh = "until 所用的内容可能没有回答，环节何时结束无从知道";
        let en = "`until` rests on what may be left open, so nobody could tell when the stage ends";
        proof.fails("until-unknown", at, zh, en, &path);
    }
}

/// A case does not come to a turn of which it cannot be told where it leads.
fn courses_are_known(proof: &mut Proof<'_>, known: &Known) {
    let mut open: Vec<Name> = Vec::new();
    for name in proof.procedure.steps.keys() {
        let Some(turn) = proof.procedure.turn(name.as_str()) else { continue };
        let Some(known) = known.get(name) else { continue };
        open.extend((!turn.facts_used().all(|fact| known.contains(fact))).then(|| name.clone()));
    }
    for step in open {
        let (at, path) = (proof.at_step(&step), proof.way_to(&step));
        let zh = "分支条件取决于可能没有回答的问题，案件去向无从知道";
        let en = "the turn rests on what may be left open, so nobody could tell where it leads";
        proof.fails("turn-unknown", at, zh, en, &path);
    }
}

/// What a filing is admitted by is known of every filing that is complete, or nobody could file.
fn admission_is_known(proof: &mut Proof<'_>) {
    let known = known::at_filing(proof);
    let admits = proof.procedure.admits.iter();
    let open = admits.filter(|admits| !admits.that.facts_used().all(|fact| known.contains(fact)));
    let open: Vec<Name> = open.map(|admits| admits.name.clone()).collect();
    for name in open {
        let written = proof.file.admits.get(name.as_str());
        let at = written.map_or(proof.file.at, |written| written.that.at);
        let zh = "提交条件取决于可能没有回答的问题";
        let en = "what admits a filing rests on a question that may be left open";
        proof.fails("admits-unknown", at, zh, en, &[]);
    }
}

/// Who chooses can ask for what a fee rests on first; time that runs out, answers that are in and a
/// ruling cannot, and the case would be stuck.
fn fees_are_known(proof: &mut Proof<'_>, known: &Known) {
    let mut stuck: Vec<(Name, Vec<Move>)> = Vec::new();
    for (name, stage) in stages(proof) {
        let fee = stage.collects.as_ref().and_then(|c| proof.procedure.fees.get(&c.fee));
        let (Some(fee), Some(known)) = (fee, known.get(name)) else { continue };
        if rests_on(fee).all(|fact| known.contains(fact)) {
            continue;
        }
        let by_itself = |m: &&Move| !matches!(m.cause, Cause::Outcome(_) | Cause::Decided);
        let mut coming = proof.graph.moves.iter().filter(by_itself);
        let found = coming.find(|m| comes_to(proof, &m.to, name));
        let path = found.map(|m| [proof.way_to(&m.from), vec![m.clone()]].concat());
        stuck.extend(path.map(|path| (name.clone(), path)));
    }
    for (step, path) in stuck {
        let collects = proof.stage(&step).and_then(|stage| stage.collects.as_ref());
        let at = collects.map_or_else(|| proof.at_step(&step), |fee| fee.at);
        let zh = "费用取决于可能没有回答的问题，而此路径上无人可以补问";
        let en = "the fee rests on what may be left open, and on this way nobody can ask for it";
        proof.fails("fee-unknown", at, zh, en, &path);
    }
}

fn rests_on(fee: &Fee) -> impl Iterator<Item = &str> {
    let waived = fee.waived.iter().flat_map(|waived| waived.that.facts_used());
    fee.amount.facts_used().chain(waived)
}

/// Whether a case that goes to a target is at once at that stage.
fn comes_to(proof: &Proof<'_>, target: &Target, stage: &Name) -> bool {
    let stage = Target::Step(stage.clone());
    proof.procedure.passes(target).contains(&&stage)
}
