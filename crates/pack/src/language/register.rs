//! `registers/*.yaml`: what an entry of a register says.

use base::{Citation, Name, Text};

use super::{fhir::FhirElements, field::FieldType, procedure::LooksUp};
use crate::read::{Named, Pathed, Spanned};

record! {
    /// A register.
    pub struct RegisterFile {
        /// The register's own name.
        register: Name,
        /// Its title.
        title: Text,
        /// What it rests on.
        basis: Vec<Citation>,
        /// True when anybody may read it.
        public: Option<bool>,
        /// The field a reader knows an entry by.
        headed: Spanned<Name>,
        /// When an entry is in force, as a condition over its fields.
        in_force: Option<Spanned<String>>,
        /// The field with the last day on which an entry is in force, where time alone ends it.
        lasts_until: Option<Spanned<Name>>,
        /// The field with the last day on which everybody may read an entry of a public register,
        /// where its publication ends.
        published_until: Option<Spanned<Name>>,
        /// The field that says who holds an entry, where somebody does: acts against the entry are
        /// acts against its holder.
        held_by: Option<Spanned<Name>>,
        /// What an entry says.
        fields: Named<RegisterField>,
        /// What fills each field where cases that come to an end are written down in this register,
        /// each under its number; `pack.yaml` says whether they are. A case whose form or outcomes
        /// name an entry of the register writes none.
        handled: Named<Spanned<String>>,
        /// What is looked up in registers for an entry; `key` is the entry itself.
        looks_up: Named<LooksUp>,
        /// What follows from an entry and from what is looked up, never written by anybody.
        derives: Named<Derived>,
        /// How values reported over time are carried forward to a day.
        forecast: Option<Forecast>,
        /// The certificates that show an entry.
        certificates: Named<Certificate>,
        /// Which resources of the directory (FHIR R4) each entry is; public registers only.
        fhir: Pathed<FhirElements>,
    }
}

record! {
    /// One thing an entry says.
    pub struct RegisterField {
        /// Its heading.
        title: Text,
        /// Its kind.
        r#type: FieldType,
        /// True when an entry may leave it open.
        optional: Option<bool>,
        /// True when what is once `yes` stays so for ever: no decision, correction or remedy takes
        /// it back.
        locked: Option<bool>,
    }
}

record! {
    /// Something that follows: the first case whose condition is true on the day it is asked.
    pub struct Derived {
        /// What it is about.
        title: Text,
        /// The cases, in order.
        cases: Named<DerivedCase>,
        /// What holds when no case does.
        otherwise: Text,
    }
}

record! {
    /// One case of what follows.
    pub struct DerivedCase {
        /// What it is called.
        title: Text,
        /// When it is so: over the entry's fields, `today`, `services` (how many procedures carry
        /// the entry out), `entered` (how many of their cases have made an entry) and `found.NAME`.
        that: Spanned<String>,
        /// True where it calls for attention.
        alarm: Option<bool>,
    }
}

record! {
    /// A simple forecast: the middle of the slopes between reported values, with the range of all.
    pub struct Forecast {
        /// The look-up that finds the reported values.
        of: Spanned<Name>,
        /// Their field with the value.
        value: Spanned<Name>,
        /// Their field with the day.
        day: Spanned<Name>,
        /// The entry's field with the value aimed at.
        target: Spanned<Name>,
        /// The entry's field with the day by which.
        by: Spanned<Name>,
    }
}

record! {
    /// A document that shows an entry of the register.
    pub struct Certificate {
        /// Its title.
        title: Text,
        /// The fields it shows, in order.
        shows: Vec<Spanned<Name>>,
        /// What it is issued under.
        basis: Vec<Citation>,
        /// The code of its kind in identifiers of e-licences (GB/T 36904): the credit code of
        /// whoever settled the kind, and three digits. None need be known.
        code: Option<Spanned<String>>,
        /// The field, one it shows, with the last day on which it holds. A certificate that names
        /// none has no last day on its face.
        until: Option<Spanned<Name>>,
    }
}
