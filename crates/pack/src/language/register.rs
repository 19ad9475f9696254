//! `registers/*.yaml`: what an entry of a register says.

use base::{Citation, Name, Text};

use super::field::FieldType;
use crate::read::{Named, Spanned};

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
        /// The field that says who holds an entry, where somebody does: acts against the entry are
        /// acts against its holder.
        held_by: Option<Spanned<Name>>,
        /// What an entry says.
        fields: Named<RegisterField>,
        /// The certificates that show an entry.
        certificates: Named<Certificate>,
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
    /// A document that shows an entry of the register.
    pub struct Certificate {
        /// Its title.
        title: Text,
        /// The fields it shows, in order.
        shows: Vec<Spanned<Name>>,
        /// What it is issued under.
        basis: Vec<Citation>,
    }
}
