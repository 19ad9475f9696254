//! What registers said when: every version of their entries up to one number of the ledger, those
//! that are no longer believed included, so that it can also be told what was known at a moment.

use std::{collections::BTreeMap, sync::Arc};

use base::{Instant, Name};
use kernel::{EntryNumber, register::Version};

/// The versions of registers up to a number. A copy is cheap.
#[derive(Debug, Clone)]
pub struct Histories {
    head: EntryNumber,
    told: Arc<Told>,
}

/// What was told of registers.
#[derive(Debug, Clone, Default)]
struct Told {
    /// When each entry that changed a register was made, in order.
    made: Vec<(Instant, EntryNumber)>,
    registers: BTreeMap<Name, BTreeMap<String, Vec<Version>>>,
}

/// An entry of a register that says something else than before, for this time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<'h> {
    /// The key of the entry.
    pub key: &'h str,
    /// The first moment.
    pub from: Instant,
    /// The first moment for which nothing changed any more.
    pub until: Option<Instant>,
}

impl Histories {
    /// No versions yet, up to that number of the ledger. `made` says when each entry was made that
    /// changed a register.
    pub fn new(head: EntryNumber, mut made: Vec<(Instant, EntryNumber)>) -> Self {
        made.sort_unstable_by_key(|(_, number)| *number);
        Self { head, told: Arc::new(Told { made, registers: BTreeMap::new() }) }
    }

    /// Adds the versions of an entry.
    pub fn add(&mut self, register: &Name, key: &str, versions: Vec<Version>) {
        let told = Arc::make_mut(&mut self.told);
        let entries = told.registers.entry(register.clone()).or_default();
        entries.entry(key.to_owned()).or_default().extend(versions);
    }

    /// The same as it was known with an earlier entry of the ledger.
    #[must_use]
    pub fn as_known(&self, head: EntryNumber) -> Self {
        Self { head: head.min(self.head), told: Arc::clone(&self.told) }
    }

    /// The last entry of the ledger that is known here.
    pub fn head(&self) -> EntryNumber {
        self.head
    }

    /// The entries of a register of which something else is believed than with an earlier entry of
    /// the ledger, each with the whole time for which that may be so.
    pub fn changed(&self, register: &Name, since: EntryNumber) -> Vec<Changed<'_>> {
        let later = |number: EntryNumber| since < number && number <= self.head;
        let entries = self.told.registers.get(register).into_iter().flatten();
        let all = entries.filter_map(|(key, versions)| {
            let turned =
                |own: &&Version| later(own.known_from) || own.known_until.is_some_and(later);
            let turned = versions.iter().filter(turned);
            let spans = turned.map(|own| (own.valid_from, own.valid_until));
            let (from, until) = spans.reduce(|(from, until), (other, end)| {
                (from.min(other), until.zip(end).map(|(until, end)| until.max(end)))
            })?;
            Some(Changed { key, from, until })
        });
        all.collect()
    }

    /// The last entry that was made at a moment or before.
    pub fn number_at(&self, at: Instant) -> EntryNumber {
        let after = self.told.made.partition_point(|(made, _)| *made <= at);
        let last = after.checked_sub(1).and_then(|last| self.told.made.get(last));
        last.map_or(EntryNumber(0), |(_, number)| *number)
    }

    /// The versions of a register that are believed here, by entry and by when they begin.
    pub fn believed(&self, register: &Name) -> Vec<(&str, &Version)> {
        let entries = self.told.registers.get(register).into_iter().flatten();
        let all = entries.flat_map(|(key, versions)| {
            let believed = versions.iter().filter(|version| version.known_at(self.head));
            let mut believed: Vec<_> = believed.map(|version| (key.as_str(), version)).collect();
            believed.sort_by_key(|(_, version)| version.valid_from);
            believed
        });
        all.collect()
    }

    /// What an entry said for a moment, as known with a number; none where it said nothing.
    pub fn said(
        &self,
        register: &Name,
        key: &str,
        (at, known): (Instant, EntryNumber),
    ) -> Option<&Version> {
        let versions = self.told.registers.get(register)?.get(key)?;
        versions.iter().find(|version| version.known_at(known) && version.valid_at(at))
    }
}
