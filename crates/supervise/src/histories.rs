//! What registers said when: every version of their entries up to one number of the ledger, those
//! that are no longer believed included, so that it can also be told what was known at a moment.

use std::collections::BTreeMap;

use base::{Instant, Name};
use kernel::{EntryNumber, register::Version};

/// The versions of registers up to a number.
#[derive(Debug, Clone)]
pub struct Histories {
    head: EntryNumber,
    /// When each entry that changed a register was made, in order.
    made: Vec<(Instant, EntryNumber)>,
    registers: BTreeMap<Name, BTreeMap<String, Vec<Version>>>,
}

impl Histories {
    /// No versions yet, up to that number of the ledger. `made` says when each entry was made that
    /// changed a register.
    pub fn new(head: EntryNumber, mut made: Vec<(Instant, EntryNumber)>) -> Self {
        made.sort_unstable_by_key(|(_, number)| *number);
        Self { head, made, registers: BTreeMap::new() }
    }

    /// Adds the versions of an entry.
    pub fn add(&mut self, register: &Name, key: &str, versions: Vec<Version>) {
        let entries = self.registers.entry(register.clone()).or_default();
        entries.entry(key.to_owned()).or_default().extend(versions);
    }

    /// The last entry of the ledger that is known here.
    pub fn head(&self) -> EntryNumber {
        self.head
    }

    /// The last entry that was made at a moment or before.
    pub fn number_at(&self, at: Instant) -> EntryNumber {
        let after = self.made.partition_point(|(made, _)| *made <= at);
        let last = after.checked_sub(1).and_then(|last| self.made.get(last));
        last.map_or(EntryNumber(0), |(_, number)| *number)
    }

    /// The versions of a register that are believed here, by entry and by when they begin.
    pub fn believed(&self, register: &Name) -> Vec<(&str, &Version)> {
        let entries = self.registers.get(register).into_iter().flatten();
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
        let versions = self.registers.get(register)?.get(key)?;
        versions.iter().find(|version| version.known_at(known) && version.valid_at(at))
    }
}
