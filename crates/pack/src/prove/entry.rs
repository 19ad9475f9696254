//! Decisions and the register agree on every path: what is granted is entered once, only what is
//! entered is amended, certified or taken back, and what was taken back is no longer in force.

use std::collections::{BTreeMap, VecDeque};

use base::Name;
use rules::{Expression, Value, Verdict};

use super::{
    Proof,
    graph::{Cause, Move},
};
use crate::model::{Decision, Effect, Enters, Register, Step, Target};

/// A step, and whether the case has made an entry when it comes there.
type State = (Name, bool);

pub(super) fn prove(proof: &mut Proof<'_>) {
    for ((step, entered), path) in reached(proof) {
        match proof.procedure.steps.get(&step) {
            Some(Step::Decision(decision)) => {
                for (word, zh, en) in disagreements(decision, entered) {
                    let at = proof.at_step(&step);
                    proof.fails(word, at, zh, en, &path);
                }
            }
            Some(Step::Stage(_) | Step::Review(_)) if entered => no_way_back(proof, &step, &path),
            _ => {}
        }
    }
    lapses_in_time(proof);
    writes_once(proof);
    force_follows(proof);
}

/// Every state a case can come to, with the shortest path there.
fn reached(proof: &Proof<'_>) -> BTreeMap<State, Vec<Move>> {
    let start = (proof.procedure.begins.clone(), false);
    let mut paths: BTreeMap<State, Vec<Move>> = BTreeMap::from([(start.clone(), Vec::new())]);
    let mut queue = VecDeque::from([start]);
    while let Some((step, entered)) = queue.pop_front() {
        let path = paths.get(&(step.clone(), entered)).cloned().unwrap_or_default();
        let entered = entered || enters(proof, &step);
        for m in proof.graph.out_of(&step) {
            let Target::Step(next) = &m.to else { continue };
            let state = (next.clone(), entered);
            if !paths.contains_key(&state) {
                paths.insert(state.clone(), [path.clone(), vec![m.clone()]].concat());
                queue.push_back(state);
            }
        }
    }
    paths
}

fn enters(proof: &Proof<'_>, step: &Name) -> bool {
    match proof.procedure.steps.get(step) {
        Some(Step::Decision(decision)) => decision.enters.is_some(),
        _ => false,
    }
}

/// What a decision does that its effect, or the entry made so far, does not bear.
fn disagreements(
    decision: &Decision,
    entered: bool,
) -> Vec<(&'static str, &'static str, &'static str)> {
    let (enters, amends) = (decision.enters.is_some(), !decision.amends.is_empty());
    let gives = matches!(decision.decides, Effect::Granted | Effect::Adopted);
    let issues = decision.issues.is_some();
    let broken = [
        (
            gives && !enters,
            ("grants-nothing", "准予却不载入名册", "it grants, but enters nothing in the register"),
        ),
        (
            !gives && enters,
            ("enters-ungranted", "未准予却载入名册", "it enters what it does not grant"),
        ),
        (enters && entered, ("enters-twice", "同一案件载入两次", "the case makes a second entry")),
        (
            !gives && issues,
            (
                "issues-ungranted",
                "未准予却发证",
                "it issues a certificate of what it does not grant",
            ),
        ),
        (
            amends && !entered,
            ("amends-nothing", "修改尚未载入的登记", "it amends an entry that is not made yet"),
        ),
        (
            decision.decides == Effect::Confirmed && !amends,
            ("confirms-nothing", "确认却不修改登记", "it confirms, but amends no entry"),
        ),
        (
            decision.decides == Effect::Voided && !amends,
            ("voids-nothing", "撤销却不修改登记", "it takes back, but amends no entry"),
        ),
        (
            matches!(decision.decides, Effect::Refused | Effect::Declined) && entered,
            ("refuses-granted", "准予之后又不予", "it refuses what was granted before"),
        ),
    ];
    broken.into_iter().filter(|(wrong, _)| *wrong).map(|(_, says)| says).collect()
}

/// Withdrawal leaves nothing behind, so it is not open once there is an entry.
fn no_way_back(proof: &mut Proof<'_>, step: &Name, path: &[Move]) {
    let withdrawal = proof.file.exits.withdrawal.iter();
    let Some(at) = withdrawal.clone().find(|name| name.value == *step).map(|name| name.at) else {
        return;
    };
    let (zh, en) = ("登记之后不能撤回申请", "an application cannot be withdrawn once entered");
    proof.fails("withdrawn-after-entry", at, zh, en, path);
}

/// Of decisions that follow one another at once, one at most writes the entry: each reads it as it
/// stood before all of them.
fn writes_once(proof: &mut Proof<'_>) {
    let writes = |d: &Decision| d.enters.is_some() || !d.amends.is_empty();
    let mut twice: Vec<Name> = Vec::new();
    for step in proof.procedure.steps.keys() {
        let Some(decision) = proof.procedure.decision(step.as_str()) else { continue };
        let later = proof.procedure.decisions_from(&decision.then);
        let second = later.into_iter().find(|(_, later)| writes(decision) && writes(later));
        twice.extend(second.map(|(name, _)| name.clone()));
    }
    twice.dedup();
    for step in twice {
        let (at, path) = (proof.at_step(&step), proof.way_to(&step));
        let zh = "紧接着的两项决定都改写登记";
        let en = "two decisions in a row write the entry; let a stage stand between them";
        proof.fails("written-twice", at, zh, en, &path);
    }
}

/// A case lapses because time ran out, never because somebody chose so.
fn lapses_in_time(proof: &mut Proof<'_>) {
    let chosen = |m: &&Move| matches!(m.cause, Cause::Outcome(_) | Cause::Decided);
    let wrong: Vec<Move> =
        proof.graph.moves.iter().filter(chosen).filter(|m| lapses(proof, &m.to)).cloned().collect();
    for m in wrong {
        let Target::Step(step) = &m.to else { continue };
        let at = proof.at_step(step);
        let path = [proof.way_to(&m.from), vec![m.clone()]].concat();
        let zh = "期限未到，不能按逾期终止";
        proof.fails("lapses-in-time", at, zh, "it lapses although no time ran out", &path);
    }
}

fn lapses(proof: &Proof<'_>, target: &Target) -> bool {
    match target {
        Target::Step(step) => match proof.procedure.steps.get(step) {
            Some(Step::Decision(decision)) => decision.decides == Effect::Lapsed,
            _ => false,
        },
        Target::End(_) => false,
    }
}

/// What the register says of an entry follows the decision: in force when granted, not when voided.
fn force_follows(proof: &mut Proof<'_>) {
    let Some(register) = proof.pack.registers.get(&proof.procedure.register) else { return };
    let mut wrong: Vec<(Name, &str, &str, &str)> = Vec::new();
    for (name, step) in &proof.procedure.steps {
        let Step::Decision(decision) = step else { continue };
        if let Some(Enters::Entry { fields, .. }) = &decision.enters
            && in_force(register, fields) == Some(Verdict::False)
        {
            let en = "the entry is not in force when it is made";
            wrong.push((name.clone(), "enters-out-of-force", "登记一载入即不在有效状态", en));
        }
        if decision.decides == Effect::Voided
            && !decision.amends.is_empty()
            && in_force(register, &decision.amends) != Some(Verdict::False)
        {
            let en = "the entry may still be in force after it is taken back";
            wrong.push((name.clone(), "voided-in-force", "撤销后登记仍可能有效", en));
        }
    }
    for (name, word, zh, en) in wrong {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        proof.fails(word, at, zh, en, &path);
    }
}

/// Whether an entry is in force by the fields whose value is written out; `None` where the register
/// does not say when.
fn in_force(register: &Register, fields: &[(Name, Expression)]) -> Option<Verdict> {
    let nothing: BTreeMap<String, Value> = BTreeMap::new();
    let written = fields
        .iter()
        .filter_map(|(name, filled)| filled.value(&nothing).map(|value| (name.clone(), value)));
    let written: BTreeMap<Name, Value> = written.collect();
    register.in_force.as_ref().map(|condition| condition.verdict(&written))
}
