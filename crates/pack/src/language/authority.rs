//! `authorities.yaml`: who holds which power, since when, and after which reorganisation.
//!
//! The power sources are those of GB/T 39554, the implementation list of government services.

use base::{Citation, Date, Division, Name, Text};

use super::step::Level;
use crate::{
    node::Span,
    read::{Named, Spanned},
};

record! {
    /// All offices of a pack.
    pub struct Authorities {
        /// Offices by name; an office is a function such as health or planning.
        offices: Named<Office>,
        /// Powers that one level has handed to another for a time.
        delegations: Vec<Delegation>,
    }
}

record! {
    /// The bodies of an office on one level act, in some procedures and during some days, in the
    /// name of those on another (行政许可法 article 24: who delegates answers for what is done).
    pub struct Delegation {
        /// What is handed over.
        title: Text,
        /// The office.
        office: Spanned<Name>,
        /// The level whose power it is.
        from_level: Level,
        /// The level that acts in its name.
        to_level: Level,
        /// The procedures.
        procedures: Vec<Spanned<Name>>,
        /// The first day.
        from: Date,
        /// The first day on which it no longer holds.
        until: Option<Date>,
        /// Where it was published.
        basis: Citation,
    }
}

record! {
    /// A function of government that bodies on several levels hold.
    pub struct Office {
        /// What the function is called.
        title: Text,
        /// The bodies that hold it, each with its days.
        bodies: Vec<Body>,
    }
}

record! {
    /// A body that holds an office on one level, from a day until its successor takes over.
    pub struct Body {
        /// The level on which it acts.
        level: Level,
        /// Its title; `{division}` stands for the name of its division.
        title: Text,
        /// The short form used in tables.
        short: Option<Text>,
        /// Its first day.
        from: Date,
        /// The first day on which it no longer holds the office.
        until: Option<Date>,
        /// By what right it acts; statutory when absent.
        power: Option<PowerSource>,
        /// What its power rests on.
        basis: Option<Citation>,
        /// Its unified social credit codes, by which e-licences name it; none need be known.
        codes: Vec<BodyCode>,
    }
}

record! {
    /// The unified social credit code of a body in one division (GB 32100).
    pub struct BodyCode {
        /// The division.
        division: Division,
        /// The code.
        code: Spanned<String>,
    }
}

choice! {
    /// Where a body's power comes from (GB/T 39554).
    pub enum PowerSource {
        /// Given by statute.
        Statutory = "statutory",
        /// Handed down by a higher level.
        Devolved = "devolved",
        /// Authorised from above.
        Authorised = "authorised",
        /// Entrusted by another body.
        Entrusted = "entrusted",
    }
}

record! {
    /// Which body handles a case: an office on a level, of the division a form names; or the body
    /// that an entry names, and then neither office nor level is written.
    pub struct Competent {
        /// The office.
        office: Option<Spanned<Name>>,
        /// The level on which it acts: `county`, `province`, or a rule under `levels`; of a body
        /// that hears a remedy also `own`, the level of the body that decided.
        level: Option<Spanned<Name>>,
        /// The form field whose division decides the place, such as `premises.division`; without an
        /// office the field of an entry that says which body it is, such as `rated.case.body`.
        of: Spanned<String>,
    }
}

impl Competent {
    /// Where its level is written, or else where it stands itself.
    pub(crate) fn at_level(&self) -> Span {
        self.level.as_ref().map_or(self.at, |level| level.at)
    }
}

record! {
    /// On which level a body acts, by what the form says.
    pub struct LevelRule {
        /// What the rule settles.
        title: Text,
        /// Where this holds the county's body acts, otherwise the province's.
        county: Spanned<String>,
        /// Where that is written.
        basis: Citation,
    }
}
