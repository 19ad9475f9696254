//! Decisions and the register agree on every path: what is granted is entered once, only what is
//! entered is amended, certified or taken back, and what was taken back is no longer in force.

use std::collections::{BTreeMap, VecDeque};

use base::Name;
use rules::{Expression, Value, Verdict};

use super::{
    Proof,
    graph::{Cause, Move},
};
use crate::model::{Decision, Effect, Enters, Register, Step, Target, Whose};

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
    locks_hold(proof);
}

/// What is locked is never taken back: a decision that writes a locked field of an entry that
/// exists writes `true`.
fn locks_hold(proof: &mut Proof<'_>) {
    let mut released: Vec<Name> = Vec::new();
    for (name, step) in &proof.procedure.steps {
        let Step::Decision(decision) = step else { continue };
        let amended = (&proof.procedure.register, decision.amends.as_slice());
        let changed = decision.changes.iter().map(|c| (&c.register, c.fields.as_slice()));
        let mut written = std::iter::once(amended).chain(changed);
        if written.any(|(register, fields)| releases(proof, register, fields)) {
            released.push(name.clone());
        }
    }
    for step in released {
        let (at, path) = (proof.at_step(&step), proof.way_to(&step));
        let zh = "锁定的登记项一经为真不得改回：只能写 true";
        let en = "a locked field once true stays so; a decision may only write `true`";
        proof.fails("lock-released", at, zh, en, &path);
    }
}

fn releases(proof: &Proof<'_>, register: &Name, fields: &[(Name, Expression)]) -> bool {
    let nothing: BTreeMap<String, Value> = BTreeMap::new();
    let Some(register) = proof.pack.registers.get(register) else { return false };
    fields.iter().any(|(name, written)| {
        let locked = register.field(name).is_some_and(|field| field.locked);
        locked && written.value(&nothing) != Some(Value::Boolean(true))
    })
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
            let entered = entered && !taken_out(proof, m);
            let state = (next.clone(), entered);
            if !paths.contains_key(&state) {
                paths.insert(state.clone(), [path.clone(), vec![m.clone()]].concat());
                queue.push_back(state);
            }
        }
    }
    paths
}

/// Whether setting the decision aside takes its entry out again: what was imposed is undone.
fn taken_out(proof: &Proof<'_>, m: &Move) -> bool {
    let decision = proof.procedure.decision(m.from.as_str());
    let imposed = decision.is_some_and(|d| d.decides == Effect::Imposed && d.enters.is_some());
    m.cause == Cause::Upheld && imposed
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
    let changes = !decision.changes.is_empty();
    let gives = matches!(decision.decides, Effect::Granted | Effect::Adopted);
    let imposes = decision.decides == Effect::Imposed;
    let issues = decision.issues.is_some();
    let broken = [
        (
            gives && !enters && !changes,
            ("grants-nothing", "准予却不载入名册", "it grants, but enters nothing in the register"),
        ),
        (
            !gives && !imposes && enters,
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
            decision.decides == Effect::Confirmed && !amends && !changes,
            ("confirms-nothing", "确认却不修改登记", "it confirms, but amends no entry"),
        ),
        (
            matches!(decision.decides, Effect::Voided | Effect::Closed) && !amends && !changes,
            ("voids-nothing", "撤销或注销却不修改登记", "it takes back, but amends no entry"),
        ),
        (
            imposes && !enters && !amends && !changes && decision.records.is_empty(),
            ("imposes-nothing", "作出决定却不改变登记", "it imposes, but writes nothing"),
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
        if matches!(decision.decides, Effect::Voided | Effect::Closed)
            && !out_of_force(proof, register, decision)
        {
            let en = "the entry may still be in force after it is taken back";
            wrong.push((name.clone(), "voided-in-force", "撤销后登记仍可能有效", en));
        }
        if succeeded_in_force(proof, decision) {
            let en = "the entry that is succeeded may still be in force";
            wrong.push((name.clone(), "succeeded-in-force", "被承继的登记仍可能有效", en));
        }
    }
    for (name, word, zh, en) in wrong {
        let (at, path) = (proof.at_step(&name), proof.way_to(&name));
        proof.fails(word, at, zh, en, &path);
    }
}

/// Whether a decision puts an entry out of force: the case's own or one that it changes; true too
/// where it changes none, which is another fault.
fn out_of_force(proof: &Proof<'_>, own: &Register, decision: &Decision) -> bool {
    let amended = (!decision.amends.is_empty()).then(|| in_force(own, &decision.amends));
    let changed = decision.changes.iter().map(|changed| {
        let register = proof.pack.registers.get(&changed.register);
        register.and_then(|register| in_force(register, &changed.fields))
    });
    let mut verdicts = amended.into_iter().chain(changed).peekable();
    verdicts.peek().is_none() || verdicts.any(|verdict| verdict == Some(Verdict::False))
}

/// Whether the entry whose place the new one takes may still be in force afterwards.
fn succeeded_in_force(proof: &Proof<'_>, decision: &Decision) -> bool {
    let Some(succeeded) = &decision.succeeds else { return false };
    let whose = Whose::Named(succeeded.clone());
    let ended = decision.changes.iter().filter(|changed| changed.whose == whose).any(|changed| {
        let register = proof.pack.registers.get(&changed.register);
        register.and_then(|register| in_force(register, &changed.fields)) == Some(Verdict::False)
    });
    !ended
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
