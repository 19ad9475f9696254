//! Points tables.

use std::collections::BTreeMap;

use base::{Citation, Date, Division, Name, Text};
use credit::Table;

/// A points table, and where the points stand that it counts.
#[derive(Debug)]
pub struct Credit {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// The division where it rules.
    pub place: Division,
    /// The register whose entries have points.
    pub register: Name,
    /// Where the points stand.
    pub points: CreditPoints,
    /// The field with the day on which a period of an entry began last.
    pub began: Option<Name>,
    /// The table.
    pub table: Table,
    /// What its editions are called by, in the order of their days.
    pub editions: Vec<CreditEdition>,
}

/// The entries that are points.
#[derive(Debug)]
pub struct CreditPoints {
    /// Their register.
    pub register: Name,
    /// The field that names whose they are.
    pub names: Name,
    /// The field with how many.
    pub points: Name,
    /// The field with the day of the matter.
    pub day: Name,
}

/// The words of an edition.
#[derive(Debug)]
pub struct CreditEdition {
    /// Its first day.
    pub from: Date,
    /// Where it is written.
    pub basis: Citation,
    /// What follows from each bound.
    pub effects: BTreeMap<Name, Text>,
}

impl Credit {
    /// Whether it rules in a place: that is in its division.
    pub fn rules_in(&self, place: &Division) -> bool {
        place.within(&self.place)
    }

    /// The words of the edition of a day.
    pub fn edition(&self, on: Date) -> Option<&CreditEdition> {
        let from = self.table.on(on)?.from;
        self.editions.iter().find(|own| own.from == from)
    }
}
