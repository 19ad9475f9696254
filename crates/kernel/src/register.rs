//! Registers: bitemporal entries, each version named by the decision that made it.
//!
//! *Valid* is counted in instants, *known* in ledger numbers; both intervals are half-open. A
//! version is never changed but for the number from which it is no longer believed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Instant, Name};
use minicbor::{Decode, Encode};
use rules::Value;

use crate::ledger::EntryNumber;

/// The fields of an entry.
pub type Fields = BTreeMap<Name, Value>;

/// What a decision writes: from an instant (until another), the entry says this, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    /// The register.
    #[n(0)]
    pub register: Name,
    /// The entry's key.
    #[n(1)]
    pub key: String,
    /// The first instant for which it holds.
    #[n(2)]
    pub from: Instant,
    /// The first instant for which it no longer holds.
    #[n(3)]
    pub until: Option<Instant>,
    /// Everything the entry says; none where it is taken out of the register.
    #[n(4)]
    pub says: Option<Fields>,
    /// The fields that are stated by it; the others are carried along as they stood.
    #[n(5)]
    pub wrote: BTreeSet<Name>,
    /// The decision that it undoes, where one is set aside by it.
    #[n(6)]
    pub undoes: Option<EntryNumber>,
}

/// What an entry says over an interval, and over which numbers we believe it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// The first instant for which it holds.
    #[n(0)]
    pub valid_from: Instant,
    /// The first instant for which it no longer holds.
    #[n(1)]
    pub valid_until: Option<Instant>,
    /// The number from which it is believed.
    #[n(2)]
    pub known_from: EntryNumber,
    /// The number from which it is no longer believed.
    #[n(3)]
    pub known_until: Option<EntryNumber>,
    /// The entry that made it.
    #[n(4)]
    pub decided_by: EntryNumber,
    /// Everything the entry says.
    #[n(5)]
    pub fields: Fields,
    /// The fields that were stated by who made it; the others were carried along.
    #[n(6)]
    pub wrote: BTreeSet<Name>,
    /// The decision that was set aside by it, where one was.
    #[n(7)]
    pub undoes: Option<EntryNumber>,
}

impl Version {
    /// Whether it holds for `instant`.
    pub fn valid_at(&self, instant: Instant) -> bool {
        self.valid_from <= instant && self.valid_until.is_none_or(|until| instant < until)
    }

    /// Whether it is believed in the snapshot that ends with entry `number`.
    pub fn known_at(&self, number: EntryNumber) -> bool {
        self.known_from <= number && self.known_until.is_none_or(|until| number < until)
    }

    /// Whether it overlaps the interval of `change`.
    fn overlaps(&self, change: &Change) -> bool {
        let starts_before_end = change.until.is_none_or(|until| self.valid_from < until);
        let ends_after_start = self.valid_until.is_none_or(|until| change.from < until);
        starts_before_end && ends_after_start
    }

    /// The parts of this version's interval that `change` leaves alone, believed from `number`.
    fn left_by(&self, change: &Change, number: EntryNumber) -> impl Iterator<Item = Self> {
        let head = (self.valid_from < change.from)
            .then(|| Self { valid_until: Some(change.from), ..self.believed_from(number) });
        let tail = change
            .until
            .filter(|&until| self.valid_until.is_none_or(|end| until < end))
            .map(|until| Self { valid_from: until, ..self.believed_from(number) });
        head.into_iter().chain(tail)
    }

    fn believed_from(&self, number: EntryNumber) -> Self {
        Self { known_from: number, known_until: None, ..self.clone() }
    }
}

impl Change {
    /// From an instant on, an entry says so, and all of it is stated.
    pub fn entered(register: Name, key: String, from: Instant, says: Fields) -> Self {
        let wrote = says.keys().cloned().collect();
        Self { register, key, from, until: None, says: Some(says), wrote, undoes: None }
    }

    /// The entry as a version says it, from an instant on.
    pub fn of_entry(register: Name, key: String, from: Instant, version: &Version) -> Self {
        let says = Some(version.fields.clone());
        let (until, wrote) = (version.valid_until, BTreeSet::new());
        Self { register, key, from, until, says, wrote, undoes: None }
    }

    /// The same with some fields stated anew.
    pub fn stating(mut self, fields: Fields) -> Self {
        self.wrote.extend(fields.keys().cloned());
        self.says.get_or_insert_with(Fields::new).extend(fields);
        self
    }
}

/// What writing a change does to the versions of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The versions no longer believed, as they stood.
    pub superseded: Vec<Version>,
    /// The versions believed from now on.
    pub inserted: Vec<Version>,
}

/// Writes `change` as entry `number` over the versions of one entry that are believed so far.
pub fn write<'v>(
    believed: impl IntoIterator<Item = &'v Version>,
    change: &Change,
    number: EntryNumber,
) -> Written {
    let superseded: Vec<Version> =
        believed.into_iter().filter(|version| version.overlaps(change)).cloned().collect();
    let mut inserted: Vec<Version> =
        superseded.iter().flat_map(|version| version.left_by(change, number)).collect();
    inserted.extend(change.says.as_ref().map(|says| Version {
        valid_from: change.from,
        valid_until: change.until,
        known_from: number,
        known_until: None,
        decided_by: number,
        fields: says.clone(),
        wrote: change.wrote.clone(),
        undoes: change.undoes,
    }));
    Written { superseded, inserted }
}

/// The registers as a decision may look at them: one numbered state, which knows every version.
pub trait Entries: fmt::Debug {
    /// Every version of an entry, believed or not; none where there never was one.
    fn versions(&self, register: &Name, key: &str) -> Vec<Version>;

    /// The keys of all entries that a version now believed gives that value in a field, and perhaps
    /// of others: who asks looks at each.
    fn with_value(&self, register: &Name, field: &Name, value: &Value) -> Vec<String>;
}

/// What the entry said of `instant`, as believed in the snapshot that ends with `number`.
pub fn as_of(versions: &[Version], instant: Instant, number: EntryNumber) -> Option<&Version> {
    versions.iter().find(|version| version.valid_at(instant) && version.known_at(number))
}

/// How an entry stood from a moment on, for whoever looked at it then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// The first moment.
    pub at: Instant,
    /// The last ledger number that then bore on it.
    pub number: EntryNumber,
    /// True where that ledger entry brought it about, and not time alone.
    pub by_entry: bool,
    /// What the entry said; where it said nothing any more, what it had said last.
    pub says: Fields,
    /// Whether it said so still.
    pub there: bool,
}

/// Every way in which an entry stood up to `now`, as known with `known`, the oldest first.
/// `moments` says when the ledger entries were made at which versions begin and cease to be
/// believed.
///
/// What was seen at a moment follows from both times: from what was believed by then, and from what
/// that said of the moment itself. So it never changes afterwards, whatever is written.
pub fn stood(
    versions: &[Version],
    moments: &BTreeMap<EntryNumber, Instant>,
    (now, known): (Instant, EntryNumber),
) -> Vec<Stood> {
    let turns = versions.iter().flat_map(|own| [Some(own.known_from), own.known_until]);
    let numbers: BTreeSet<EntryNumber> = turns.flatten().filter(|own| *own <= known).collect();
    // Clocks may jump back; then a number counts from the moment of the one before.
    let mut latest = Instant::MIN;
    let mut turns: BTreeMap<(Instant, EntryNumber), bool> = BTreeMap::new();
    for number in numbers {
        latest = latest.max(moments.get(&number).copied().unwrap_or(latest));
        turns.insert((latest, number), true);
    }
    let believed: Vec<(Instant, EntryNumber)> = turns.keys().copied().collect();
    let bounds = versions.iter().flat_map(|own| [Some(own.valid_from), own.valid_until]);
    for at in bounds.flatten().filter(|at| *at <= now) {
        let number = believed.iter().rfind(|(moment, _)| *moment <= at);
        if let Some((_, number)) = number {
            turns.entry((at, *number)).or_insert(false);
        }
    }
    let mut stood: Vec<Stood> = Vec::new();
    for ((at, number), by_entry) in turns.into_iter().filter(|((at, _), _)| *at <= now) {
        let says = as_of(versions, at, number).map(|version| version.fields.clone());
        let last = stood.last();
        let (says, there) = match (says, last) {
            (Some(says), _) => (says, true),
            (None, Some(last)) => (last.says.clone(), false),
            (None, None) => continue,
        };
        if last.is_none_or(|last| (&last.says, last.there) != (&says, there)) {
            stood.push(Stood { at, number, by_entry, says, there });
        }
    }
    stood
}
