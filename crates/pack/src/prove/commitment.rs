//! Promises: what was granted on one is checked before the case can end, only what was promised is
//! found kept or broken, and a broken promise takes back what it gave.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::Name;

use super::{
    Proof,
    graph::{Cause, Move},
};
use crate::model::{Effect, Settled, Target};

/// A step, and whether the promise was relied on when the case comes there.
type State = (Name, bool);

pub(super) fn prove(proof: &mut Proof<'_>) {
    let names: Vec<Name> = proof.procedure.commitments.keys().cloned().collect();
    for name in names {
        let paths = reached(proof, &name);
        ends_unchecked(proof, &name, &paths);
        settles_unpromised(proof, &name, &paths);
        has_consequences(proof, &name);
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
        Cause::Lapse(_) | Cause::Silence(_) | Cause::Joined(_) => before,
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

/// A promise can be found kept and broken; broken, it takes back what it gave.
fn has_consequences(proof: &mut Proof<'_>, promise: &Name) {
    let decisions = proof.procedure.steps.keys();
    let decisions: Vec<_> =
        decisions.filter_map(|name| proof.procedure.decision(name.as_str())).collect();
    let keeps = |effect: Effect, settled: Settled| {
        decisions.iter().any(|d| d.decides == effect && d.settles.as_ref() == Some(&settled))
    };
    let both = keeps(Effect::Confirmed, Settled::Kept(promise.clone()))
        && keeps(Effect::Voided, Settled::Broken(promise.clone()));
    if !both {
        let at = at_promise(proof, promise);
        let zh = "须有确认其履行的决定（confirmed）和因其未履行而撤销的决定（voided）";
        let en = "a decision `confirmed` must find it kept, and one `voided` must find it broken";
        proof.fails("promise-without-consequence", at, zh, en, &[]);
    }
}

/// Who may sign is known from answers that are always given.
fn known_who_may_sign(proof: &mut Proof<'_>) {
    let always = super::condition::always_known(proof);
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
