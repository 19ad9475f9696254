//! Nothing is granted past a condition; no condition is true because a fact is missing; the form
//! fills every field its register must have.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::Name;
use rules::{Expression, Value, Verdict};

use super::{
    Proof,
    graph::{Cause, Move},
    known,
};
use crate::model::{Effect, Enters, Field, Input, Need, Pack, Register, Step, Target};

pub(super) fn prove(proof: &mut Proof<'_>) {
    grants_need_conditions(proof);
    grants_look_again(proof);
    grants_at_filing_are_admitted(proof);
    missing_is_never_true(proof);
    levels_are_known(proof);
    form_fills_register(proof);
}

/// With every move of an outcome that needs the conditions taken away, no grant can be reached.
fn grants_need_conditions(proof: &mut Proof<'_>) {
    if proof.procedure.requires.is_empty() {
        return needs_something(proof);
    }
    let Some((name, path)) = unconditional_grant(proof) else { return };
    let at = proof.at_step(&name);
    proof.fails(
        "granted-past-conditions",
        at,
        "不经条件审查即可准予",
        "the grant can be reached without the conditions being met",
        &path,
    );
}

/// What registers say changes while a case waits, so conditions on it are asked again by whoever's
/// choice is the last before the grant: of two who wait for one place the second is refused.
fn grants_look_again(proof: &mut Proof<'_>) {
    let named: Vec<String> = proof.procedure.entry_fields().map(|(p, _)| format!("{p}.")).collect();
    let changes = |fact: &str| {
        fact.starts_with("found.") || named.iter().any(|entry| fact.starts_with(entry.as_str()))
    };
    if !proof.procedure.requires.iter().any(|r| r.that.facts_used().any(changes)) {
        return;
    }
    let chosen = |m: &&Move| !matches!(m.cause, Cause::Decided | Cause::Waived | Cause::Turned(_));
    let grants = |m: &&Move| {
        let chain = proof.procedure.decisions_from(&m.to);
        chain.iter().any(|(_, decision)| decision.decides == Effect::Granted)
    };
    let moves = proof.graph.moves.iter().filter(chosen).filter(grants);
    let old: Vec<Move> = moves.filter(|m| !needs_met(proof, m)).cloned().collect();
    for m in old {
        let at = proof.at_step(&m.from);
        let path = [proof.way_to(&m.from), vec![m]].concat();
        let zh = "登记在等待中会变，准予前的最后一次选择须重新审查条件（needs_met）";
        let en = "registers change while it waits; the last choice before the grant is `needs_met`";
        proof.fails("granted-on-old-look", at, zh, en, &path);
    }
}

/// What is granted as soon as it is filed, nobody having looked, rests on what admits the filing.
fn grants_at_filing_are_admitted(proof: &mut Proof<'_>) {
    let begins = Target::Step(proof.procedure.begins.clone());
    let chain = proof.procedure.decisions_from(&begins);
    let grants = chain.iter().find(|(_, decision)| decision.decides == Effect::Granted);
    let Some(step) = grants.map(|(name, _)| (*name).clone()) else { return };
    if proof.procedure.admits.is_empty() {
        let (at, path) = (proof.at_step(&step), proof.way_to(&step));
        let zh = "一经提交即准予的，须用 admits 写明凭什么";
        let en = "what is granted when it is filed says under `admits` what it rests on";
        proof.fails("granted-unasked", at, zh, en, &path);
    }
}

/// An outcome that needs the conditions to be met stands beside conditions.
fn needs_something(proof: &mut Proof<'_>) {
    let mut empty: Vec<(Name, Name)> = Vec::new();
    for (name, step) in &proof.procedure.steps {
        let needing = step.outcomes().iter().filter(|(_, outcome)| outcome.needs_met);
        empty.extend(needing.map(|(outcome, _)| (name.clone(), outcome.clone())));
    }
    for (step, outcome) in empty {
        let (at, path) = (proof.at_outcome(&step, &outcome), proof.way_to(&step));
        let en = "it needs the conditions to be met, but `requires` has none";
        proof.fails("needs-nothing", at, "须满足条件，requires 却没有条件", en, &path);
    }
}

fn unconditional_grant(proof: &Proof<'_>) -> Option<(Name, Vec<Move>)> {
    let mut paths: BTreeMap<Name, Vec<Move>> =
        BTreeMap::from([(proof.procedure.begins.clone(), Vec::new())]);
    let mut queue = VecDeque::from([proof.procedure.begins.clone()]);
    while let Some(step) = queue.pop_front() {
        let path = paths.get(&step).cloned().unwrap_or_default();
        if let Some(Step::Decision(decision)) = proof.procedure.steps.get(&step)
            && decision.decides == Effect::Granted
        {
            return Some((step, path));
        }
        for m in proof.graph.out_of(&step).filter(|m| !needs_met(proof, m)) {
            if let Target::Step(next) = &m.to
                && !paths.contains_key(next)
            {
                let mut longer = path.clone();
                longer.push(m.clone());
                paths.insert(next.clone(), longer);
                queue.push_back(next.clone());
            }
        }
    }
    None
}

fn needs_met(proof: &Proof<'_>, m: &Move) -> bool {
    match &m.cause {
        Cause::Outcome(outcome) => {
            proof.procedure.outcome(&m.from, outcome).is_some_and(|outcome| outcome.needs_met)
        }
        // Setting a decision aside leads back to where the conditions are asked again.
        Cause::Upheld => false,
        Cause::Lapse(_)
        | Cause::Silence(_)
        | Cause::Joined(_)
        | Cause::Waived
        | Cause::Turned(_)
        | Cause::Decided => false,
    }
}

/// Kleene's logic keeps a missing fact from making a condition true; only asking whether a fact is
/// known could. So each condition is tried with no facts at all, and may not ask what is missing.
fn missing_is_never_true(proof: &mut Proof<'_>) {
    let nothing: BTreeMap<String, Value> = BTreeMap::new();
    let conditions = proof.procedure.requires.iter().chain(&proof.procedure.admits);
    let of_nothing = conditions.filter(|requirement| {
        requirement.that.verdict(&nothing) == Verdict::True
            || requirement.that.asks_whether_missing()
    });
    let of_nothing: Vec<Name> = of_nothing.map(|requirement| requirement.name.clone()).collect();
    for name in of_nothing {
        let file = proof.file;
        let written = file.requires.get(name.as_str()).or(file.admits.get(name.as_str()));
        let at = written.map_or(file.at, |written| written.that.at);
        proof.fails(
            "true-of-nothing",
            at,
            "事实缺失时该条件仍可为真",
            "the condition could be true because a fact is missing",
            &[],
        );
    }
}

/// On which level a body acts follows from answers that are always given, or nobody would act.
fn levels_are_known(proof: &mut Proof<'_>) {
    let always = known_when_filed(proof);
    let rules = proof.procedure.levels.iter();
    let open: Vec<Name> = rules
        .filter(|(_, rule)| !rule.county.facts_used().all(|fact| always.contains(fact)))
        .map(|(name, _)| name.clone())
        .collect();
    for name in open {
        let at = proof.file.levels.get(name.as_str()).map_or(proof.file.at, |r| r.county.at);
        let zh = "层级取决于可能没有回答的问题";
        let en = "the level depends on a question that may be left open";
        proof.fails("level-unknown", at, zh, en, &[]);
    }
}

/// Each field the register must have is written, from facts that are known on every way there; so
/// is whatever a decision changes in entries that exist.
fn form_fills_register(proof: &mut Proof<'_>) {
    let known = known::at_steps(proof);
    let mut open: Vec<(Name, Name)> = Vec::new();
    for entered in entries(proof) {
        // A step that nothing leads to is told elsewhere.
        let Some(always) = known.get(entered.step) else { continue };
        for field in entered.register.fields.iter() {
            let written = entered.fields.iter().find(|(name, _)| *name == field.name);
            let filled = written.map(|(_, expression)| {
                let known = |fact: &str| always.contains(fact) || entered.says_its(fact);
                expression.facts_used().all(known)
            });
            let open_when_absent = entered.whole && !field.optional;
            if filled == Some(false) && !field.optional || filled.is_none() && open_when_absent {
                open.push((entered.step.clone(), field.name.clone()));
            }
        }
    }
    for (step, field) in open {
        let at = proof.at_step(&step);
        let (zh, en) = (
            format!("登记项 `{field}` 可能没有内容"),
            format!("the register field `{field}` may be left without a value"),
        );
        let path = proof.graph.paths.get(&Target::Step(step)).cloned().unwrap_or_default();
        proof.fails("field-not-filled", at, &zh, &en, &path);
    }
}

/// Fields of an entry that a step writes.
struct Entered<'p> {
    step: &'p Name,
    register: &'p Register,
    fields: &'p [(Name, Expression)],
    /// True where the entry is new and all of it is written.
    whole: bool,
}

impl Entered<'_> {
    /// Whether the fact is what the entry said before, in a field that it must have.
    fn says_its(&self, fact: &str) -> bool {
        let field = fact.strip_prefix("its.").filter(|_| !self.whole);
        let field =
            field.and_then(|its| self.register.fields.iter().find(|f| f.name.as_str() == its));
        field.is_some_and(|field| !field.optional)
    }
}

/// Every entry that a case may write.
fn entries<'p>(proof: &Proof<'p>) -> Vec<Entered<'p>> {
    let (pack, procedure) = (proof.pack, proof.procedure);
    let mut entries = Vec::new();
    let mut write = |step, register: &Name, fields, whole| {
        let register = pack.registers.get(register);
        entries.extend(register.map(|register| Entered { step, register, fields, whole }));
    };
    for step in procedure.steps.keys() {
        let Some(decision) = procedure.decision(step.as_str()) else { continue };
        if let Some(Enters::Entry { fields, .. }) = &decision.enters {
            write(step, &procedure.register, fields.as_slice(), true);
        }
        for record in &decision.records {
            write(step, &record.register, record.fields.as_slice(), true);
        }
        for draw in procedure.draw.iter().filter(|_| decision.draws) {
            write(step, &draw.orders.register, draw.orders.fields.as_slice(), true);
        }
        for layout in procedure.layout.iter().filter(|_| decision.adopts.is_some()) {
            write(step, &layout.sites.register, layout.sites.fields.as_slice(), true);
        }
        for changed in &decision.changes {
            write(step, &changed.register, changed.fields.as_slice(), false);
        }
    }
    entries
}

/// The facts that are known from the filing on and that no later day changes: who acts, and who may
/// sign, rests on no others.
pub(super) fn known_when_filed(proof: &Proof<'_>) -> BTreeSet<String> {
    let answered = proof.procedure.fields().filter(|field| field.need == Need::Always);
    let figures = proof.pack.figures.keys().map(|name| format!("figure.{name}"));
    let own = std::iter::once("filed-on".to_owned());
    let asked = answered.flat_map(|field| said_with(proof.pack, field));
    asked.chain(own).chain(figures).collect()
}

/// The facts that an answer brings: itself, and what the entry that it names is sure to say.
pub(super) fn said_with(pack: &Pack, field: &Field) -> Vec<String> {
    let register = match &field.input {
        Input::Entry(register) => pack.registers.get(register),
        _ => None,
    };
    let said = register.into_iter().flat_map(known::sure);
    let said = said.map(|name| format!("{}.{name}", field.path));
    std::iter::once(field.path.clone()).chain(said).collect()
}
