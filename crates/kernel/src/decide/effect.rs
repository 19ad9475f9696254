//! What a decision does: it writes the register, is served, and opens its remedies.

use std::collections::BTreeMap;

use base::Name;
use pack::model::{Decision, Enters, Settled};
use rules::{Expression, Facts, Value, Verdict};

use super::{case_facts, facts::CaseFacts, run::Run};
use crate::{
    case::{Deadline, Standing},
    ledger::{Act, BodyId, Decided, Served},
    refusal::{Refusal, Unmet},
    register::{Change, Fields, as_of},
};

/// A decision step with its name.
pub(super) type Named<'a> = (&'a Name, &'a Decision);

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
    let changes = changes(run, decision, &by)?;
    let records = records(run, decision, &by);
    let number = run.next();
    let decided = Decided {
        step: step.clone(),
        effect: decision.decides,
        changes,
        issues: decision.issues.clone(),
        by,
        records,
        settles: decision.settles.clone(),
    };
    run.write(Act::Decided(Box::new(decided)), standing.clone());
    // The portal serves at once on a party that filed through it; other ways of service come with
    // the procedures that need them.
    let remedies = remedies(run, decision);
    run.write(Act::Served(Served { decision: number, remedies }), standing.clone());
    Ok(())
}

fn remedies(run: &Run<'_>, decision: &Decision) -> BTreeMap<Name, Deadline> {
    let names = decision.appeal.iter().flat_map(|appeal| &appeal.remedies);
    names
        .filter_map(|name| run.pack.remedies.get(name).map(|remedy| (name, remedy)))
        .map(|(name, remedy)| (name.clone(), run.deadline(remedy.within)))
        .collect()
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
    let facts = case_facts(run.pack, &run.case, run.today());
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
    let records = decision.records.iter().map(|record| Change {
        register: record.register.clone(),
        key: filled(run, &record.key, by),
        from: run.moment.at,
        until: None,
        says: Some(values(&facts, &record.fields)),
    });
    records.collect()
}

fn entry(run: &Run<'_>, key: &str, fields: &[(Name, Expression)], by: &BodyId) -> Change {
    Change {
        register: run.procedure.register.clone(),
        key: filled(run, key, by),
        from: run.moment.at,
        until: None,
        says: Some(values(&facts_of(run, by), fields)),
    }
}

/// The facts as the body that decides has them.
pub(super) fn facts_of<'r>(run: &'r Run<'_>, by: &BodyId) -> CaseFacts<'r> {
    let mut facts = case_facts(run.pack, &run.case, run.today());
    facts.set("body.division", Value::Division(by.division.clone()));
    facts
}

/// The key with its three placeholders filled in.
fn filled(run: &Run<'_>, key: &str, by: &BodyId) -> String {
    key.replace("{division}", &by.division.to_string())
        .replace("{year}", &run.today().year().to_string())
        .replace("{case}", &run.case.id.to_string())
}

/// The fields that are known; the checker has proved that only optional ones can be open.
fn values(facts: &dyn Facts, fields: &[(Name, Expression)]) -> Fields {
    fields
        .iter()
        .filter_map(|(name, expression)| Some((name.clone(), expression.value(facts)?)))
        .collect()
}

fn rows(run: &Run<'_>, table: &Name) -> Result<Vec<Change>, Refusal> {
    let table = run.pack.tables.get(table).ok_or_else(|| Refusal::PackFault(table.to_string()))?;
    let change = |(key, fields): &(String, Fields)| Change {
        register: table.register.clone(),
        key: key.clone(),
        from: run.moment.at,
        until: None,
        says: Some(fields.clone()),
    };
    Ok(table.rows.iter().map(change).collect())
}

/// The entry as it stands now, with the fields that the decision amends, from this moment on.
fn amended(run: &Run<'_>, amends: &[(Name, Expression)], by: &BodyId) -> Result<Change, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.register.to_string());
    let key = run.case.entry.as_ref().ok_or_else(missing)?;
    let version =
        as_of(run.snapshot.versions, run.moment.at, run.moment.next).ok_or_else(missing)?;
    let mut says = version.fields.clone();
    says.extend(values(&facts_of(run, by), amends));
    Ok(Change {
        register: key.register.clone(),
        key: key.key.clone(),
        from: run.moment.at,
        until: version.valid_until,
        says: Some(says),
    })
}
