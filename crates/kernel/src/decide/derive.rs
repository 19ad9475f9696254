//! What follows from an entry as it stood at a moment: its words, what is looked up for it, and
//! which case of each derived thing holds. Nobody writes it; it is worked out each time it is
//! asked.

use std::collections::BTreeMap;

use base::{Date, Instant, Name};
use pack::model::{DerivedCase, Pack, Register};
use rules::Value;

use super::{
    Moment,
    facts::{Found, Look, counted},
};
use crate::{
    ledger::EntryNumber,
    register::{Entries, Fields},
};

/// What follows from an entry.
#[derive(Debug)]
pub struct Follows<'p> {
    /// The case that holds of each derived thing; none where none does.
    pub cases: Vec<(&'p Name, Option<&'p DerivedCase>)>,
    /// What was looked up: none where it cannot be told.
    pub found: BTreeMap<&'p Name, Option<Vec<Found>>>,
}

/// As of when something is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The day.
    pub today: Date,
    /// The instant.
    pub at: Instant,
    /// The ledger number up to which things are known.
    pub known: EntryNumber,
}

/// What follows from an entry; `more` are facts that somebody else has counted.
pub fn follows<'p>(
    pack: &'p Pack,
    register: &'p Register,
    (key, fields): (&str, &Fields),
    entries: &dyn Entries,
    asked: Asked,
    more: &BTreeMap<String, Value>,
) -> Follows<'p> {
    let mut facts: BTreeMap<String, Value> =
        fields.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
    facts.insert("key".to_owned(), Value::Text(key.to_owned()));
    facts.insert("today".to_owned(), Value::Date(asked.today));
    let look = Look::at(entries, Moment { at: asked.at, next: asked.known });
    let mut found = BTreeMap::new();
    let mut counts = more.clone();
    for (name, looks_up) in &register.looks_up {
        let entries = look.found(&facts, pack, looks_up);
        let seen = entries.as_ref().map(|entries| counted(name, looks_up, pack, entries));
        counts.extend(seen.into_iter().flatten());
        found.insert(name, entries);
    }
    facts.extend(counts);
    let derived = register.derives.iter();
    let cases = derived.map(|(name, derived)| (name, derived.case(&facts).map(|(_, case)| case)));
    Follows { cases: cases.collect(), found }
}
