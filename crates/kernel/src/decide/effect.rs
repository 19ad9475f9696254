//! What a decision does: it writes the register, is served, and opens its remedies.

use std::collections::BTreeMap;

use base::Name;
use pack::model::{Changed, Decision, Enters, Settled, Whose};
use rules::{Expression, Facts, Value, Verdict};

use super::{
    draw,
    facts::{CaseFacts, Found, Its, Look},
    layout,
    run::Run,
    serve,
};
use crate::{
    case::{EntryKey, Standing},
    ledger::{Act, BodyId, Decided, Served},
    refusal::{Refusal, Unmet},
    register::{Change, Fields, Version},
};

/// Carries out a decision; the case stands as given once the whole command is done.
pub(super) fn carry_out(
    run: &mut Run<'_>,
    step: &Name,
    decision: &Decision,
    standing: &Standing,
) -> Result<(), Refusal> {
    if let Some(Settled::Kept(commitment)) = &decision.settles {
        must_be_shown(run, commitment)?;
    }
    let by = run.body(&decision.by)?;
    let mut changes = changes(run, decision, &by)?;
    let mut records = records(run, decision, &by);
    let touched = touched(run, decision, &by, &mut changes)?;
    let frozen = draw::freeze(run, decision, &by)?;
    let (drawn, orders) = draw::drawn(run, decision, &by)?.unzip();
    let surveyed = layout::survey(run, decision, &by)?;
    let (adopted, sites) = layout::adopted(run, decision, &by)?.unzip();
    records.extend(orders.into_iter().chain(sites).flatten());
    let number = run.next();
    let decided = Decided {
        step: step.clone(),
        effect: decision.decides,
        changes,
        issues: decision.issues.clone(),
        by,
        records,
        settles: decision.settles.clone(),
        touched,
        serve_by: serve::serve_by(run, decision),
        frozen,
        drawn,
        surveyed,
        adopted,
    };
    run.write(Act::Decided(Box::new(decided)), standing.clone());
    if !run.case.on_paper {
        let on = run.today();
        let remedies = serve::remedies(run, decision, on);
        let proof = String::new();
        let served = Served { decision: number, remedies, way: None, on, proof };
        run.write(Act::Served(served), standing.clone());
    }
    Ok(())
}

fn changes(run: &Run<'_>, decision: &Decision, by: &BodyId) -> Result<Vec<Change>, Refusal> {
    match &decision.enters {
        Some(Enters::Entry { key, fields }) => Ok(vec![entry(run, key, fields, by)]),
        Some(Enters::Rows(table)) => rows(run, table),
        None if decision.amends.is_empty() => Ok(Vec::new()),
        None => amended(run, &decision.amends, by).map(|change| vec![change]),
    }
}

/// A commitment is found kept on its evidence, and never while a condition it covers is known not
/// to hold.
fn must_be_shown(run: &Run<'_>, name: &Name) -> Result<(), Refusal> {
    let commitment = run.procedure.commitments.get(name);
    let commitment = commitment.ok_or_else(|| Refusal::PackFault(name.to_string()))?;
    let papers = commitment.evidence.iter();
    let missing: Vec<String> = papers
        .filter(|paper| !run.case.materials.contains_key(*paper))
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::EvidenceMissing(missing));
    }
    let facts = run.facts();
    let covered = run.procedure.requires.iter().filter(|r| commitment.covers.contains(&r.name));
    let broken: Vec<Unmet> = covered
        .filter(|requirement| requirement.verdict(&facts) == Verdict::False)
        .map(|r| Unmet { name: r.name.clone(), says: r.says.clone(), missing: Vec::new() })
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(Refusal::ConditionsNotMet(broken)) }
}

/// The entries that a decision makes in other registers.
fn records(run: &Run<'_>, decision: &Decision, by: &BodyId) -> Vec<Change> {
    let facts = facts_of(run, by);
    let records = decision.records.iter().map(|record| {
        let (register, key) = (record.register.clone(), filled(run, &record.key, by));
        Change::entered(register, key, run.moment.at, values(&facts, &record.fields))
    });
    records.collect()
}

fn entry(run: &Run<'_>, key: &str, fields: &[(Name, Expression)], by: &BodyId) -> Change {
    let (register, key) = (run.procedure.register.clone(), filled(run, key, by));
    Change::entered(register, key, run.moment.at, values(&facts_of(run, by), fields))
}

/// The facts as the body that decides has them.
pub(super) fn facts_of<'r>(run: &'r Run<'_>, by: &BodyId) -> CaseFacts<'r> {
    let mut facts = run.facts();
    facts.set("body.division", Value::Division(by.division.clone()));
    facts
}

/// The key with its three placeholders filled in.
pub(super) fn filled(run: &Run<'_>, key: &str, by: &BodyId) -> String {
    key.replace("{division}", &by.division.to_string())
        .replace("{year}", &run.today().year().to_string())
        .replace("{case}", &run.case.id.to_string())
}

/// The fields that are known; the checker has proved that only optional ones can be open.
pub(super) fn values(facts: &dyn Facts, fields: &[(Name, Expression)]) -> Fields {
    fields
        .iter()
        .filter_map(|(name, expression)| Some((name.clone(), expression.value(facts)?)))
        .collect()
}

fn rows(run: &Run<'_>, table: &Name) -> Result<Vec<Change>, Refusal> {
    let table = run.pack.tables.get(table).ok_or_else(|| Refusal::PackFault(table.to_string()))?;
    let change = |(key, fields): &(String, Fields)| {
        Change::entered(table.register.clone(), key.clone(), run.moment.at, fields.clone())
    };
    Ok(table.rows.iter().map(change).collect())
}

/// What a decision changes in entries that exist: each as it stands now, with the fields written.
/// An entry that is changed twice is written once, and the case's own with its other changes.
fn touched(
    run: &Run<'_>,
    decision: &Decision,
    by: &BodyId,
    own: &mut [Change],
) -> Result<Vec<Change>, Refusal> {
    let facts = facts_of(run, by);
    let mut written: BTreeMap<EntryKey, Change> = BTreeMap::new();
    for changed in &decision.changes {
        for (key, version) in entries_changed(run, changed, &facts)? {
            let entry = EntryKey { register: changed.register.clone(), key };
            let mine = own.iter_mut().find(|change| EntryKey::of(change) == entry);
            let change = mine.unwrap_or_else(|| {
                let as_it_stands = || as_it_stands(run, &entry, &version);
                written.entry(entry.clone()).or_insert_with(as_it_stands)
            });
            let its = Its { facts: &facts, fields: &version.fields };
            let mut stated = values(&its, &changed.fields);
            stated.retain(|name, value| !carries(changed, name, value, &version));
            *change = change.clone().stating(stated);
        }
    }
    Ok(written.into_values().collect())
}

/// Whether a field is only carried along: it is stated as what it was, by what it was.
fn carries(changed: &Changed, name: &Name, value: &Value, version: &Version) -> bool {
    let own = format!("its.{name}");
    let mut fields = changed.fields.iter().filter(|(field, _)| field == name);
    let by_itself = fields.any(|(_, expression)| expression.facts_used().any(|used| used == own));
    by_itself && version.fields.get(name) == Some(value)
}

fn as_it_stands(run: &Run<'_>, entry: &EntryKey, version: &Version) -> Change {
    Change::of_entry(entry.register.clone(), entry.key.clone(), run.moment.at, version)
}

/// The entries that a decision changes, as they stand.
fn entries_changed(
    run: &Run<'_>,
    changed: &Changed,
    facts: &CaseFacts<'_>,
) -> Result<Vec<Found>, Refusal> {
    let look = Look::at(run.snapshot.entries, run.moment);
    match &changed.whose {
        Whose::Named(path) => {
            let gone = || Refusal::EntryGone(path.clone());
            // A question that was not asked on this way, or left open, names nothing to change.
            let Some(Value::Text(key)) = facts.fact(path) else { return Ok(Vec::new()) };
            let version = look.entry(&changed.register, key).ok_or_else(gone)?;
            Ok(vec![(key.clone(), version)])
        }
        Whose::Found(name) => {
            let looks_up = run.procedure.looks_up.iter().find(|(found, _)| found == name);
            let fault = || Refusal::PackFault(name.to_string());
            let (_, looks_up) = looks_up.ok_or_else(fault)?;
            Ok(look.found(facts, run.pack, looks_up).unwrap_or_default())
        }
    }
}

/// The entry as it stands now, with the fields that the decision amends, from this moment on.
fn amended(run: &Run<'_>, amends: &[(Name, Expression)], by: &BodyId) -> Result<Change, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.register.to_string());
    let key = run.case.entry.as_ref().ok_or_else(missing)?;
    let look = Look::at(run.snapshot.entries, run.moment);
    let version = look.entry(&key.register, &key.key).ok_or_else(missing)?;
    Ok(as_it_stands(run, key, &version).stating(values(&facts_of(run, by), amends)))
}
