//! Which facts a case is sure to have at a step: those on every way there.
//!
//! The form's answers are there from the start; what an outcome asks is there once it was chosen.
//! What an entry says is known where the question that names it was answered, and what is looked up
//! where all is known by which it is sought.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::Name;

use super::{
    Proof, condition,
    graph::{Cause, Move},
};
use crate::model::{Draw, Layout, LooksUp, Need, Register, Step, Target};

/// The facts known whenever a case is at a step, by step; nothing for one never reached.
pub(super) fn at_steps(proof: &Proof<'_>) -> BTreeMap<Name, BTreeSet<String>> {
    let begins = proof.procedure.begins.clone();
    let mut known = BTreeMap::from([(begins.clone(), at_start(proof))]);
    let mut queue = VecDeque::from([begins]);
    while let Some(step) = queue.pop_front() {
        let here = known.get(&step).cloned().unwrap_or_default();
        for m in proof.graph.out_of(&step) {
            let Target::Step(next) = &m.to else { continue };
            let there: BTreeSet<String> = here.union(&asked(proof, m)).cloned().collect();
            let meets = known.get(next).map(|before| before & &there);
            let there = meets.unwrap_or(there);
            if known.get(next) != Some(&there) {
                known.insert(next.clone(), there);
                queue.push_back(next.clone());
            }
        }
    }
    known.into_iter().map(|(step, facts)| (step, derived(proof, facts))).collect()
}

/// The facts known of every filing that is complete.
pub(super) fn at_filing(proof: &Proof<'_>) -> BTreeSet<String> {
    let filed = condition::known_when_filed(proof).into_iter();
    derived(proof, filed.chain(["applicant".to_owned()]).collect())
}

/// The facts that every filed case has.
fn at_start(proof: &Proof<'_>) -> BTreeSet<String> {
    let own = ["decided-on", "applicant", "body.division"].map(str::to_owned);
    let filed = condition::known_when_filed(proof).into_iter();
    filed.chain(own).chain(reviewed(proof)).chain(drawn(proof)).chain(laid_out(proof)).collect()
}

/// What reviews come to counts from nought, so it is always known.
fn reviewed(proof: &Proof<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    for (name, step) in &proof.procedure.steps {
        let Step::Review(review) = step else { continue };
        for (answer, given) in &review.answers {
            facts.push(format!("{name}.{answer}"));
            let fields = given.asks.iter().flat_map(|section| &section.fields);
            let sums = fields.filter(|field| field.adds_up());
            facts.extend(sums.map(|field| format!("{name}.sum.{}", field.path)));
        }
    }
    facts
}

/// How far a draw is, is always known; so is what is picked, which orders alone can name.
fn drawn(proof: &Proof<'_>) -> Vec<String> {
    let facts = [Draw::PLEDGED, Draw::TOLD, Draw::OBJECT, Draw::CLASS, Draw::CREW, Draw::PLACE];
    let drawn = proof.procedure.draw.iter().flat_map(|_| facts);
    drawn.map(str::to_owned).collect()
}

/// How many drafts of a layout plan there are is always known; so is what is picked, but for which
/// of two registers it is an entry of.
fn laid_out(proof: &Proof<'_>) -> Vec<String> {
    let picked = [Layout::SITE, Layout::POINT, Layout::COURSE, Layout::PLACES];
    let facts = [Layout::DRAFTS, Layout::YEAR, Layout::COST, Layout::PLACE];
    let laid_out = proof.procedure.layout.iter().flat_map(|_| picked.into_iter().chain(facts));
    laid_out.map(str::to_owned).collect()
}

/// The facts that a move adds.
fn asked(proof: &Proof<'_>, m: &Move) -> BTreeSet<String> {
    if m.cause == Cause::Decided {
        return entered(proof, &m.from);
    }
    let Cause::Outcome(outcome) = &m.cause else { return BTreeSet::new() };
    let outcome = proof.procedure.outcome(&m.from, outcome);
    let sections = outcome.into_iter().flat_map(|outcome| &outcome.asks);
    let fields = sections.flat_map(|section| &section.fields);
    let answered = fields.filter(|field| field.need == Need::Always);
    answered.flat_map(|field| condition::said_with(proof.pack, field)).collect()
}

/// The case's own entry, and what it is sure to say, once a decision has made it.
fn entered(proof: &Proof<'_>, step: &Name) -> BTreeSet<String> {
    let makes = proof.procedure.decision(step.as_str()).is_some_and(|d| d.enters.is_some());
    let register = proof.pack.registers.get(&proof.procedure.register).filter(|_| makes);
    let said = register.into_iter().flat_map(sure).map(|field| format!("entry.{field}"));
    let own = makes.then(|| "entry".to_owned());
    own.into_iter().chain(said).collect()
}

/// The facts with what can be looked up by them.
fn derived(proof: &Proof<'_>, mut facts: BTreeSet<String>) -> BTreeSet<String> {
    for (name, look) in &proof.procedure.looks_up {
        if let Some(register) = proof.pack.registers.get(&look.register)
            && determined(look, register, &facts)
        {
            facts.insert(format!("found.{name}"));
            let summed = look.sum.as_ref().and_then(|field| register.field(field));
            facts.extend(summed.filter(|f| !f.optional).map(|_| format!("found.{name}.sum")));
        }
    }
    facts
}

/// The fields that every entry of a register has.
pub(super) fn sure(register: &Register) -> impl Iterator<Item = &Name> {
    register.fields.iter().filter(|field| !field.optional).map(|field| &field.name)
}

fn determined(look: &LooksUp, register: &Register, facts: &BTreeSet<String>) -> bool {
    let its: BTreeSet<String> = sure(register).map(|field| format!("its.{field}")).collect();
    let known = |fact: &str| facts.contains(fact) || its.contains(fact);
    let wheres = look.wheres.iter().map(|(_, expression)| expression);
    wheres.chain(&look.that).all(|expression| expression.facts_used().all(known))
}
