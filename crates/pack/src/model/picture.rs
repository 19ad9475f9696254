//! Pictures: what one party has across departments.

use std::collections::BTreeSet;

use base::{Citation, Name, Text};

use super::{Pack, Procedure, Register};

/// A picture of one party.
#[derive(Debug)]
pub struct Picture {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// What it is meant to carry out: keys of measures, and codes of the table of systems.
    pub carries_out: Vec<String>,
    /// What it shows, in order.
    pub parts: Vec<(Name, PicturePart)>,
    /// Which entries that a party holds rest on the entry that a field names. Both registers say
    /// when an entry is in force.
    pub depends: Vec<PictureEntries>,
}

/// A part of a picture.
#[derive(Debug)]
pub struct PicturePart {
    /// Its title.
    pub title: Text,
    /// The registers whose entries say who holds them; no register is in two parts.
    pub registers: Vec<Name>,
    /// What names an entry of a register of the picture.
    pub entries: Vec<PictureEntries>,
    /// The procedures, each with cases of a party; none is in two parts.
    pub procedures: Vec<Name>,
}

/// Entries by a field that names another entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureEntries {
    /// Their register.
    pub register: Name,
    /// The field that names the entry.
    pub names: Name,
}

impl Picture {
    /// The registers whose entries a party holds; one at least.
    pub fn registers(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().flat_map(|(_, part)| &part.registers)
    }

    /// What names such an entry.
    pub fn entries(&self) -> impl Iterator<Item = &PictureEntries> {
        self.parts.iter().flat_map(|(_, part)| &part.entries)
    }

    /// The procedures; one at least.
    pub fn procedures(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().flat_map(|(_, part)| &part.procedures)
    }

    /// Whether a party can be reached by the entries of a register.
    pub fn is_of(&self, register: &Register) -> bool {
        self.registers().any(|own| *own == register.name)
    }

    /// The offices that take part: those that have something to do in one of its procedures.
    pub fn offices<'p>(&self, pack: &'p Pack) -> BTreeSet<&'p Name> {
        let procedures = self.procedures().filter_map(|own| pack.procedures.get(own));
        procedures.flat_map(offices).collect()
    }
}

/// The offices that have something to do in a procedure.
fn offices(procedure: &Procedure) -> impl Iterator<Item = &Name> {
    let bodies = procedure.bodies.values().chain([&procedure.competent]);
    bodies.filter_map(|own| own.office.as_ref())
}
