//! Promises: what was granted on one is checked before the case can end, only what was promised is
//! found kept or broken, and a broken promise takes back what it gave.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::Name;

use super::{
    Proof,
    graph::{Cause, Move},
};
use crate::model::{By, Effect, Follows, Outcome, Settled, Step, Target};

/// A step, and whether the promise was relied on when the case comes there.
type State = (Name, bool);

pub(super) fn prove(proof: &mut Proof<'_>) {
    let names: Vec<Name> = proof.procedure.commitments.keys().cloned().collect();
    for name in names {
        let paths = reached(proof, &name);
        ends_unchecked(proof, &name, &paths);
        settles_unpromised(proof, &name, &paths);
        has_consequences(proof, &name);
        found_by_looking(proof, &name);
    }
    known_who_may_sign(proof);
}

/// Every state a case can come to, with the shortest path there; once the promise is settled it is
/// relied on no more.
fn reached(proof: &Proof<'_>, promise: &Name) -> BTreeMap<State, Vec<Move>> {
    let start = (proof.procedure.begins.clone(), false);
    let mut paths: BTreeMap<State, Vec<Move>> = BTreeMap::from([(start.clone(), Vec::new())]);
    let mut queue = VecDeque::from([start]);
    while let Some((step, relied)) = queue.pop_front() {
        let path = paths.get(&(step.clone(), relied)).cloned().unwrap_or_default();
        for m in proof.graph.out_of(&step) {
            let Target::Step(next) = &m.to else { continue };
            let state = (next.clone(), relies(proof, promise, m, relied));
            if !paths.contains_key(&state) {
                paths.insert(state.clone(), [path.clone(), vec![m.clone()]].concat());
                queue.push_back(state);
            }
        }
    }
    paths
}

/// Whether the promise is relied on once a move is made.
fn relies(proof: &Proof<'_>, promise: &Name, m: &Move, before: bool) -> bool {
    match &m.cause {
        Cause::Outcome(outcome) => {
            let outcome = proof.procedure.outcome(&m.from, outcome);
            before || outcome.is_some_and(|o| o.on_commitment.as_ref() == Some(promise))
        }
        // A finding that is set aside leaves the promise to be checked again.
        Cause::Upheld => before || settled(proof, &m.from, promise),
        Cause::Decided => before && !settled(proof, &m.from, promise),
        Cause::Lapse(_)
        | Cause::Silence(_)
        | Cause::Joined(_)
        | Cause::Waived
        | Cause::Turned(_) => before,
    }
}

fn settled(proof: &Proof<'_>, step: &Name, promise: &Name) -> bool {
    let decision = proof.procedure.decision(step.as_str());
    let settles = decision.and_then(|decision| decision.settles.as_ref());
    settles.is_some_and(|settled| settled.commitment() == promise)
}

fn ends_unchecked(proof: &mut Proof<'_>, promise: &Name, paths: &BTreeMap<State, Vec<Move>>) {
    let mut open = Vec::new();
    for ((step, relied), path) in paths {
        for m in proof.graph.out_of(step) {
            let unsettled = relies(proof, promise, m, *relied);
            if unsettled && matches!(m.to, Target::End(_)) {
                open.push([path.clone(), vec![m.clone()]].concat());
            }
        }
    }
    if let Some(path) = open.into_iter().min_by_key(Vec::len) {
        let at = at_promise(proof, promise);
        let zh = "依承诺准予之后，办件可以不经核查而结束";
        let en = "what is granted on the promise can end without the promise being checked";
        proof.fails("promise-unchecked", at, zh, en, &path);
    }
}

fn settles_unpromised(proof: &mut Proof<'_>, promise: &Name, paths: &BTreeMap<State, Vec<Move>>) {
    let wrong = paths.iter().find(|((step, relied), _)| !relied && settled(proof, step, promise));
    let wrong = wrong.map(|((step, _), path)| (step.clone(), path.clone()));
    if let Some((step, path)) = wrong {
        let at = proof.at_step(&step);
        let zh = "没有依承诺准予，却认定承诺是否履行";
        let en = "it finds of a promise on which nothing was granted";
        proof.fails("settles-unpromised", at, zh, en, &path);
    }
}

/// A promise can be found kept and broken: found kept, what was given is confirmed; found broken,
/// it is taken back.
fn has_consequences(proof: &mut Proof<'_>, promise: &Name) {
    let (kept, broken) = (Settled::Kept(promise.clone()), Settled::Broken(promise.clone()));
    let steps = proof.procedure.steps.keys();
    let decisions: Vec<_> =
        steps.filter_map(|name| proof.procedure.decision(name.as_str())).collect();
    let is_always = |settled: &Settled, effect: Effect| {
        let found = || decisions.iter().filter(|d| d.settles.as_ref() == Some(settled));
        found().count() > 0 && found().all(|decision| decision.decides == effect)
    };
    if !(is_always(&kept, Effect::Confirmed) && is_always(&broken, Effect::Voided)) {
        let at = at_promise(proof, promise);
        let zh = "认定已履行的决定须为 confirmed，认定未履行的须为 voided，二者均须有";
        let en = "a decision `confirmed` must find it kept, and one `voided` must find it broken";
        proof.fails("promise-without-consequence", at, zh, en, &[]);
    }
}

/// A promise is found kept by a body that chooses so, never by silence or because time ran out; and
/// that body can ask for what must be shown.
fn found_by_looking(proof: &mut Proof<'_>, promise: &Name) {
    let moves: Vec<Move> = proof.graph.moves.clone();
    let keeps = |m: &&Move| match &m.to {
        Target::Step(step) => {
            let decision = proof.procedure.decision(step.as_str());
            decision.is_some_and(|d| d.settles == Some(Settled::Kept(promise.clone())))
        }
        Target::End(_) => false,
    };
    for m in moves.iter().filter(keeps).cloned().collect::<Vec<_>>() {
        let chosen = matches!(m.cause, Cause::Outcome(_));
        let step = proof.procedure.steps.get(&m.from);
        let by_body = matches!(step.and_then(Step::by), Some(By::Body(_)));
        let outcomes = step.map(Step::outcomes).unwrap_or_default();
        let asks = |outcome: &Outcome| matches!(outcome.follows, Follows::Supplement(_));
        let can_ask = outcomes.iter().any(|(_, outcome)| asks(outcome));
        let path = [proof.way_to(&m.from), vec![m.clone()]].concat();
        let at = proof.at_step(&m.from);
        if !(chosen && by_body) {
            let zh = "只有机关作出选择才能认定承诺已履行";
            let en = "a promise is found kept only by a body that chooses so";
            proof.fails("kept-unseen", at, zh, en, &path);
        } else if !can_ask {
            let zh = "核查环节须能要求提交证明（supplement）";
            let en = "who checks a promise can ask for its evidence by a supplement";
            proof.fails("evidence-unasked", at, zh, en, &path);
        }
    }
}

/// Who may sign is known from answers that are always given.
fn known_who_may_sign(proof: &mut Proof<'_>) {
    let always = super::condition::known_when_filed(proof);
    let open: BTreeSet<Name> = proof
        .procedure
        .commitments
        .iter()
        .filter(|(_, promise)| {
            let open_to = promise.open_to.as_ref();
            open_to.is_some_and(|who| !who.that.facts_used().all(|fact| always.contains(fact)))
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in open {
        let at = at_promise(proof, &name);
        let zh = "谁可以签署取决于可能没有回答的问题";
        let en = "who may sign depends on a question that may be left open";
        proof.fails("signer-unknown", at, zh, en, &[]);
    }
}

fn at_promise(proof: &Proof<'_>, promise: &Name) -> crate::node::Span {
    let mut names = proof.file.commitments.names();
    names.find(|name| name.value == *promise).map_or(proof.file.at, |name| name.at)
}
