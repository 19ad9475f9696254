//! The views: cases as they stand and registers as they are believed, folded from the ledger.
//! Everything here is pure; the writer folds what a group touches, `verify` folds everything, and
//! both must come to the same rows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Instant, Name, Text};
use kernel::{
    Act, Case, CaseId, Entry, EntryNumber, Standing,
    case::{EntryKey, Speaks},
    decide::{alarm, awaited},
    ledger::bytes_of,
    register::{Change, Version, write},
};
use pack::model::{Pack, PackHash};
use rules::Value;

use crate::{
    absence::Absences,
    column,
    error::StoreError,
    row::{CaseRows, StoredCase, StoredVersion, StoredWait},
    sought::{Asked, shortened},
    taken_up,
};

/// The compiled packs that cases may need.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf(BTreeMap<PackHash, Arc<Pack>>);

impl Shelf {
    /// Puts a pack on the shelf.
    pub(crate) fn put(&mut self, pack: Arc<Pack>) {
        self.0.insert(pack.hash, pack);
    }

    /// The pack of that hash, to be kept beside the shelf.
    pub(crate) fn shared(&self, hash: PackHash) -> Option<Arc<Pack>> {
        self.0.get(&hash).cloned()
    }

    /// The pack of that hash.
    pub(crate) fn get(&self, hash: PackHash) -> Result<&Pack, StoreError> {
        self.0.get(&hash).map(Arc::as_ref).ok_or(StoreError::PackMissing(hash))
    }
}

/// A version with what a reader knows the entry by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) version: Version,
    pub(crate) heading: Text,
    /// Which of the versions it is that one ledger entry makes.
    pub(crate) part: u32,
}

/// Cases and register entries, and which of their rows have changed since they were loaded.
#[derive(Debug, Default)]
pub(crate) struct Views {
    pub(crate) cases: BTreeMap<CaseId, Case>,
    pub(crate) entries: BTreeMap<EntryKey, Vec<Held>>,
    /// The values whose entries are loaded.
    pub(crate) looked_for: BTreeSet<Asked>,
    /// The loaded entries by the values of the fields that some decision looked them up by.
    by_value: BTreeMap<(Name, Name), BTreeMap<String, BTreeSet<String>>>,
    changed_cases: BTreeSet<CaseId>,
    changed_versions: BTreeSet<(EntryKey, EntryNumber, Instant)>,
    /// What was said of officers who are away.
    pub(crate) absences: Absences,
}

impl Views {
    /// Folds one entry in. The case and every register entry it writes must be loaded.
    ///
    /// # Errors
    /// [`StoreError::PackMissing`], or [`StoreError::Corrupt`] when the entry continues no case.
    pub(crate) fn apply(&mut self, shelf: &Shelf, entry: &Entry) -> Result<(), StoreError> {
        let Some(on) = &entry.case else {
            if let Act::Away(away) = &entry.act {
                self.absences.note(away);
            }
            return Ok(());
        };
        let before = self.cases.remove(&on.id);
        let number = entry.number;
        let case = Case::fold(before, entry).ok_or_else(|| {
            column::corrupt(&format!("entry {} does not continue its case", number.0))
        })?;
        let pack = shelf.get(case.pack)?;
        let mut part = 0;
        for change in entry.act.changes() {
            part = self.write(pack, change, number, part);
        }
        self.changed_cases.insert(case.id);
        self.cases.insert(case.id, case);
        Ok(())
    }

    /// Writes one change; its versions are counted on from `part`.
    fn write(&mut self, pack: &Pack, change: &Change, number: EntryNumber, part: u32) -> u32 {
        let key = EntryKey::of(change);
        let held = self.entries.entry(key.clone()).or_default();
        let believed = held.iter().map(|held| &held.version);
        let written = write(believed.filter(|v| v.known_until.is_none()), change, number);
        let changed = &mut self.changed_versions;
        held.retain_mut(|held| {
            if !written.superseded.contains(&held.version) {
                return true;
            }
            let id = (key.clone(), held.version.known_from, held.version.valid_from);
            // A version that this very number made was never believed in any snapshot.
            let kept = held.version.known_from != number;
            held.version.known_until = Some(number);
            if kept {
                changed.insert(id)
            } else {
                changed.remove(&id)
            };
            kept
        });
        let parts = (part..).zip(written.inserted);
        let mut next = part;
        for (part, version) in parts {
            changed.insert((key.clone(), version.known_from, version.valid_from));
            note(&mut self.by_value, &key, &version);
            held.push(Held { heading: heading(pack, &key, &version), version, part });
            next = part + 1;
        }
        held.sort_by_key(|held| (held.version.known_from, held.version.valid_from));
        next
    }

    /// Puts a stored version where it belongs.
    pub(crate) fn place(&mut self, key: EntryKey, held: Held) {
        note(&mut self.by_value, &key, &held.version);
        self.entries.entry(key).or_default().push(held);
    }

    /// From now on the entries are found by that field: those loaded so far, and all that come.
    pub(crate) fn find_by(&mut self, register: &Name, field: &Name) {
        let of = (register.clone(), field.clone());
        if self.by_value.contains_key(&of) {
            return;
        }
        let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (entry, held) in self.of_register(register) {
            for value in held.iter().filter_map(|held| held.version.fields.get(field)) {
                values.entry(shortened(value)).or_default().insert(entry.key.clone());
            }
        }
        self.by_value.insert(of, values);
    }

    /// The keys of the loaded entries that ever had that value.
    pub(crate) fn with_value(&self, (register, field, value): &Asked) -> Vec<String> {
        let values = self.by_value.get(&(register.clone(), field.clone()));
        let keys = values.and_then(|values| values.get(value));
        keys.into_iter().flatten().cloned().collect()
    }

    /// Every version of one entry, in the order it was believed.
    pub(crate) fn versions(&self, key: Option<&EntryKey>) -> Vec<Version> {
        let held = key.and_then(|key| self.entries.get(key));
        held.into_iter().flatten().map(|held| held.version.clone()).collect()
    }

    fn of_register(&self, register: &Name) -> impl Iterator<Item = (&EntryKey, &Vec<Held>)> {
        let first = EntryKey { register: register.clone(), key: String::new() };
        let loaded = self.entries.range(first..);
        loaded.take_while(move |(entry, _)| entry.register == *register)
    }

    /// The rows of the cases that changed.
    pub(crate) fn changed_cases(&self, shelf: &Shelf) -> Result<CaseRows, StoreError> {
        let mut rows = CaseRows::default();
        for case in self.changed_cases.iter().filter_map(|id| self.cases.get(id)) {
            let pack = shelf.get(case.pack)?;
            rows.cases.push(case_row(pack, case));
            rows.waits.extend(waits(pack, case));
            rows.taken_up.extend(taken_up::of_case(pack, case));
        }
        Ok(rows)
    }

    /// The entries of which versions changed.
    pub(crate) fn changed_entries(&self) -> BTreeSet<&EntryKey> {
        self.changed_versions.iter().map(|(key, ..)| key).collect()
    }

    /// The rows of the versions that changed.
    pub(crate) fn changed_versions(&self) -> Vec<StoredVersion> {
        let changed = |key: &EntryKey, held: &Held| {
            let id = (key.clone(), held.version.known_from, held.version.valid_from);
            self.changed_versions.contains(&id)
        };
        self.changed_entries()
            .into_iter()
            .flat_map(|key| self.entries.get(key).into_iter().flatten().map(move |h| (key, h)))
            .filter(|(key, held)| changed(key, held))
            .map(|(key, held)| StoredVersion::of(key, held))
            .collect()
    }
}

/// Notes the values of a version under the fields that entries are found by.
fn note(
    by_value: &mut BTreeMap<(Name, Name), BTreeMap<String, BTreeSet<String>>>,
    key: &EntryKey,
    version: &Version,
) {
    let of_register = by_value.iter_mut().filter(|((register, _), _)| *register == key.register);
    for ((_, field), values) in of_register {
        if let Some(value) = version.fields.get(field) {
            values.entry(shortened(value)).or_default().insert(key.key.clone());
        }
    }
}

/// What a reader knows the entry by: its register's heading field, else its key.
fn heading(pack: &Pack, key: &EntryKey, version: &Version) -> Text {
    let register = pack.registers.get(&key.register);
    let (zh, en) = match register.and_then(|register| version.fields.get(&register.headed)) {
        Some(Value::Bilingual(text)) => (text.zh.as_str(), text.en.as_str()),
        Some(Value::Text(text)) => (text.as_str(), text.as_str()),
        _ => (key.key.as_str(), key.key.as_str()),
    };
    Text::new(column::text(zh), column::text(en))
}

/// The bodies whose officers must act before the case goes on, each with its day once.
fn waits(pack: &Pack, case: &Case) -> BTreeSet<StoredWait> {
    let waits = awaited(pack, case).into_iter().map(|awaited| StoredWait {
        officer: case.assigned.get(&awaited.body).map(|officer| officer.0.to_vec()),
        office: awaited.body.office.to_string(),
        division: awaited.body.division.to_string(),
        due_on: column::day(awaited.due.on),
        case_id: column::case(case.id),
        procedure: case.procedure.to_string(),
    });
    waits.collect()
}

/// The row of a case.
pub(crate) fn case_row(pack: &Pack, case: &Case) -> StoredCase {
    let (standing, step) = standing(&case.standing);
    let due = case.standing.due();
    StoredCase {
        case_id: column::case(case.id),
        procedure: case.procedure.to_string(),
        office: case.body.office.to_string(),
        division: case.body.division.to_string(),
        standing: standing.to_owned(),
        step,
        due_on: due.map(|due| column::day(due.on)),
        alarm_at: alarm(pack, case).map(Instant::micros),
        provisional: i64::from(case.standing.provisional()),
        filed_at: case.filed_at.micros(),
        applicant: case.applicant.0.to_vec(),
        speaker: match &case.speaks {
            Speaks::Agent(person) | Speaks::Guardian(person) => Some(person.0.to_vec()),
            Speaks::Nobody | Speaks::Counter(_) => None,
        },
        register: case.entry.as_ref().map(|entry| entry.register.to_string()),
        key: case.entry.as_ref().map(|entry| column::text(&entry.key)),
        last: column::number(case.last),
        state: bytes_of(case),
    }
}

/// How a case stands in one word, and at which step.
fn standing(standing: &Standing) -> (&'static str, Option<String>) {
    let word = match standing {
        Standing::At { .. } => "at",
        Standing::Reviewing { .. } => "reviewing",
        Standing::Supplementing { .. } => "supplementing",
        Standing::Stopped { .. } => "stopped",
        Standing::Ended { .. } => "ended",
        Standing::Challenged { .. } => "challenged",
        Standing::Withdrawn => "withdrawn",
    };
    (word, standing.step().map(ToString::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> EntryKey {
        EntryKey { register: Name::new("room").unwrap(), key: key.to_owned() }
    }

    fn held(code: &str) -> Held {
        let code = (Name::new("code").unwrap(), Value::Text(code.to_owned()));
        let number = EntryNumber(1);
        let version = Version {
            valid_from: Instant::from_micros(0),
            valid_until: None,
            known_from: number,
            known_until: None,
            decided_by: number,
            fields: [code].into(),
            wrote: BTreeSet::new(),
            undoes: None,
        };
        Held { version, heading: Text::new("", ""), part: 0 }
    }

    #[test]
    fn an_entry_is_found_by_its_value_whenever_it_was_loaded_and_no_other_is() {
        let (room, code) = (Name::new("room").unwrap(), Name::new("code").unwrap());
        let mut views = Views::default();
        views.place(entry("before"), held("A1"));
        views.place(entry("other"), held("A2"));
        views.find_by(&room, &code);
        views.place(entry("after"), held("A1"));
        let found = |value: &str| views.with_value(&(room.clone(), code.clone(), value.to_owned()));
        assert_eq!(found(&shortened(&Value::Text("A1".to_owned()))), ["after", "before"]);
        assert_eq!(found(&shortened(&Value::Text("A2".to_owned()))), ["other"]);
        assert_eq!(found("A3"), [""; 0]);
    }
}
