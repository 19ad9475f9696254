//! Challenging a decision: the time runs from proof of service; a decision set aside is undone in
//! the register from the instant it had taken effect: what it changed goes back, what was corrected
//! since stays, and what was believed meanwhile stays known.

use std::collections::BTreeSet;

use base::{Instant, Name};
use pack::model::{Decision, Effect};
use rules::Value;

use super::{effect::facts_of, file, run::Run};
use crate::{
    case::{Deadline, EntryKey, Made, Service, Standing},
    ledger::{Act, Appealed, BodyId, EntryNumber, Ruled},
    refusal::Refusal,
    register::{Change, Fields, Version, as_of},
};

pub(super) fn appeal(
    run: &mut Run<'_>,
    decision: EntryNumber,
    remedy: &Name,
    grounds: &str,
) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    let Standing::Ended { end } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    must_be_open(run, decision, remedy)?;
    if grounds.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let (heard_by, term) = hearing(run, decision, remedy)?;
    let appealed = Appealed {
        decision,
        remedy: remedy.clone(),
        heard_by: heard_by.clone(),
        grounds: grounds.to_owned(),
    };
    let standing = Standing::Challenged {
        end,
        decision,
        remedy: remedy.clone(),
        heard_by,
        runs: run.runs(term),
    };
    run.write(Act::Appealed(appealed), standing);
    Ok(())
}

/// The remedy is one the decision opens and nobody has taken, and its time is not over. Time runs
/// from service; who knows of a decision need not wait to be served.
fn must_be_open(run: &Run<'_>, decision: EntryNumber, remedy: &Name) -> Result<(), Refusal> {
    let made = run.case.decisions.iter().find(|made| made.number == decision);
    let made = made.ok_or(Refusal::RemedyNotOpen)?;
    if let (Service::Owed(_), Some(appeal)) = (made.service, &step(run, made)?.appeal)
        && appeal.remedies.contains(remedy)
        && !made.taken.contains(remedy)
    {
        return Ok(());
    }
    let until = until(run, made, remedy).ok_or(Refusal::RemedyNotOpen)?;
    if run.moment.at < until.at || until.provisional { Ok(()) } else { Err(Refusal::RemedyTooLate) }
}

/// Until when the remedy is open; a provisional date is counted again by the calendar adopted
/// since.
fn until(run: &Run<'_>, made: &Made, remedy: &Name) -> Option<Deadline> {
    let recorded = *made.remedies.get(remedy)?;
    if !recorded.provisional {
        return Some(recorded);
    }
    let within = run.pack.remedies.get(remedy)?.within;
    let Service::Done(served_on) = made.service else { return None };
    Some(Deadline::of(within, served_on, run.snapshot.calendar, &run.pack.zone))
}

/// Who hears it: the place, and where the pack says so the level, are those of the body that
/// decided.
fn hearing(
    run: &Run<'_>,
    decision: EntryNumber,
    remedy: &Name,
) -> Result<(BodyId, base::Term), Refusal> {
    let hearing = run.pack.remedies.get(remedy).and_then(|remedy| remedy.hearing.as_ref());
    let hearing = hearing.ok_or(Refusal::RemedyNotOpen)?;
    let made = run.case.decisions.iter().find(|made| made.number == decision);
    let facts = facts_of(run, &made.ok_or(Refusal::RemedyNotOpen)?.by);
    let by = &hearing.by;
    let body = file::competent(run.pack, run.snapshot, run.procedure, by, &facts, run.moment)?;
    Ok((body, hearing.within))
}

pub(super) fn rule(run: &mut Run<'_>, upheld: bool, reasons: &str) -> Result<(), Refusal> {
    let Standing::Challenged { end, decision, heard_by, .. } = run.case.standing.clone() else {
        return Err(Refusal::NotNow);
    };
    run.must_be(&heard_by)?;
    if reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    if upheld {
        return set_aside(run, decision, reasons);
    }
    let ruled = Ruled { decision, upheld, reasons: reasons.to_owned(), changes: Vec::new() };
    run.write(Act::Ruled(ruled), Standing::Ended { end });
    Ok(())
}

fn set_aside(run: &mut Run<'_>, decision: EntryNumber, reasons: &str) -> Result<(), Refusal> {
    let missing = || Refusal::PackFault(run.procedure.name.to_string());
    let made = run.case.decisions.iter().find(|made| made.number == decision);
    let made = made.ok_or_else(missing)?.clone();
    let step = step(run, &made)?;
    let appeal = step.appeal.as_ref().ok_or_else(missing)?;
    let changes =
        restored(run, &made, step).into_iter().chain(taken_out(run, &made, step)).collect();
    let ruled = Ruled { decision, upheld: true, reasons: reasons.to_owned(), changes };
    run.go(Act::Ruled(ruled), &appeal.upheld)
}

fn step<'a>(run: &Run<'a>, made: &Made) -> Result<&'a Decision, Refusal> {
    let decision = run.procedure.decision(made.step.as_str());
    decision.ok_or_else(|| Refusal::PackFault(made.step.to_string()))
}

/// Each entry that the decision changed, from its instant on, with the fields it stated as they
/// would stand without it. An entry of the case that it did not make is one of them.
fn restored(run: &Run<'_>, made: &Made, decision: &Decision) -> Vec<Change> {
    let amended = run.case.entry.iter().filter(|_| !decision.amends.is_empty());
    let entries: BTreeSet<&EntryKey> = amended.chain(&made.touched).collect();
    entries.into_iter().flat_map(|entry| put_back(run, made, entry)).collect()
}

fn put_back(run: &Run<'_>, made: &Made, entry: &EntryKey) -> Vec<Change> {
    let all = run.snapshot.entries.versions(&entry.register, &entry.key);
    let versions = all.iter().filter(|v| v.known_at(run.moment.next));
    versions
        .filter(|version| version.valid_until.is_none_or(|until| made.at < until))
        .map(|version| {
            let from = version.valid_from.max(made.at);
            let (register, key) = (entry.register.clone(), entry.key.clone());
            Change {
                says: Some(without(made, &all, (from, version))),
                undoes: Some(made.number),
                ..Change::of_entry(register, key, from, version)
            }
        })
        .map(|change| keeps_locks(run, change, &all))
        .collect()
}

/// What is locked stays locked, whatever is set aside.
fn keeps_locks(run: &Run<'_>, mut change: Change, versions: &[Version]) -> Change {
    let register = run.pack.registers.get(&change.register);
    let locked = register.into_iter().flat_map(|r| &r.fields).filter(|field| field.locked);
    let now = as_of(versions, change.from, run.moment.next);
    for field in locked {
        let value = now.and_then(|now| now.fields.get(&field.name));
        if let (Some(value @ Value::Boolean(true)), Some(says)) = (value, &mut change.says) {
            says.insert(field.name.clone(), value.clone());
        }
    }
    change
}

/// What a decision entered of its own motion, and what it recorded in other registers, is taken
/// out, as if it had never been there; what was believed meanwhile stays known. A grant that is set
/// aside is decided anew, and its entry stays as it is.
fn taken_out(run: &Run<'_>, made: &Made, decision: &Decision) -> Vec<Change> {
    let imposed = decision.decides == Effect::Imposed && decision.enters.is_some();
    let own = run.case.entry.iter().filter(|_| imposed);
    let out = |entry: &EntryKey| Change {
        register: entry.register.clone(),
        key: entry.key.clone(),
        from: made.at,
        until: None,
        says: None,
        wrote: BTreeSet::new(),
        undoes: Some(made.number),
    };
    own.chain(&made.records).map(out).collect()
}

/// What an entry says from an instant on without what a decision stated: each field as the last of
/// the decisions stated it that stands. Two orders that say the same both count, and the field
/// falls back only when neither stands.
fn without(made: &Made, versions: &[Version], (from, now): (Instant, &Version)) -> Fields {
    let undone: BTreeSet<EntryNumber> = versions.iter().filter_map(|v| v.undoes).collect();
    let stands = |version: &&Version| {
        version.decided_by != made.number && !undone.contains(&version.decided_by)
    };
    let own = versions.iter().filter(|version| version.decided_by == made.number);
    let stated: BTreeSet<&Name> = own.flat_map(|version| &version.wrote).collect();
    let mut fields = now.fields.clone();
    for name in stated {
        let others = versions.iter().filter(stands);
        let others = others.filter(|v| v.valid_at(from) && v.wrote.contains(name));
        match others.max_by_key(|v| v.decided_by).and_then(|v| v.fields.get(name)) {
            Some(value) => fields.insert(name.clone(), value.clone()),
            None => fields.remove(name),
        };
    }
    fields
}
