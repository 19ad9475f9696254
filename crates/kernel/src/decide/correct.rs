//! Correcting a slip in the entry a case made: a new entry that says why, valid from the instant
//! the wrong words were; nothing is amended in place.

use base::Name;
use pack::model::Register;
use rules::Value;

use super::{bodies::keeper, run::Run};
use crate::{
    form,
    ledger::{Act, Corrected},
    refusal::Refusal,
    register::{Change, Fields, Version, as_of},
};

pub(super) fn correct(run: &mut Run<'_>, fields: &Fields, reasons: &str) -> Result<(), Refusal> {
    run.must_be(&keeper(run.procedure, &run.case))?;
    if !run.procedure.correction {
        return Err(Refusal::NotNow);
    }
    if reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let changes = corrected(run, fields)?;
    let standing = run.case.standing.clone();
    let act = Act::Corrected(Corrected { reasons: reasons.to_owned(), changes });
    run.write(act, standing);
    Ok(())
}

/// One change for each version that says the same wrong words, whatever else it says.
fn corrected(run: &Run<'_>, fields: &Fields) -> Result<Vec<Change>, Refusal> {
    let nothing = || Refusal::NothingToCorrect(fields.keys().map(Name::to_string).collect());
    let key = run.case.entry.as_ref().ok_or_else(nothing)?;
    let register = run.pack.registers.get(&key.register).ok_or_else(nothing)?;
    let versions = run.snapshot.entries.versions(&key.register, &key.key);
    let now = as_of(&versions, run.moment.at, run.moment.next).ok_or_else(nothing)?;
    let wrong = misfits(run, register, now, fields);
    if fields.is_empty() || !wrong.is_empty() {
        return Err(Refusal::NothingToCorrect(wrong));
    }
    let believed = versions.iter().filter(|v| v.known_at(run.moment.next));
    let said = believed.filter_map(|version| Some((version, rewritten(version, now, fields)?)));
    Ok(said
        .map(|(version, fields)| {
            let (register, key) = (key.register.clone(), key.key.clone());
            Change::of_entry(register, key, version.valid_from, version).stating(fields)
        })
        .collect())
}

/// The words that a version shares with `now`, put right; none when it shares none.
fn rewritten(version: &Version, now: &Version, fields: &Fields) -> Option<Fields> {
    let shared =
        fields.iter().filter(|(name, _)| version.fields.get(*name) == now.fields.get(*name));
    let right: Fields = shared.map(|(name, value)| (name.clone(), value.clone())).collect();
    (!right.is_empty()).then_some(right)
}

/// The fields that the register does not have, whose kind differs, that already say so, or that
/// only a decision may change.
fn misfits(run: &Run<'_>, register: &Register, now: &Version, fields: &Fields) -> Vec<String> {
    let fits = |name: &Name, value: &Value| {
        let field = register.fields.iter().find(|field| field.name == *name);
        field.is_some_and(|field| form::fits(run.pack, &field.input, value))
            && now.fields.get(name) != Some(value)
            && !run.procedure.decides_on(name)
            && !register.force_rests_on(name)
            && !field.is_some_and(|field| field.locked)
    };
    let wrong = fields.iter().filter(|(name, value)| !fits(name, value));
    wrong.map(|(name, _)| name.to_string()).collect()
}
