//! `pictures/*.yaml`: what one party holds, asks for and is told in several departments, as one
//! picture, for those departments to supervise it together (跨部门综合监管).
//!
//! A picture adds nothing to what registers and cases say: it says what belongs beside what.

use base::{Citation, Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A picture of one party.
    pub struct PictureFile {
        /// The picture's own name.
        picture: Name,
        /// Its title.
        title: Text,
        /// What it rests on.
        basis: Vec<Citation>,
        /// What it is meant to carry out: keys of measures, and codes of the table of systems.
        carries_out: Vec<Spanned<String>>,
        /// What it shows, in order.
        parts: Named<PicturePart>,
        /// Which entries that the party holds rest on the entry that a field names: one in force
        /// that rests on one that is not calls for attention.
        depends: Vec<PictureEntries>,
    }
}

record! {
    /// A part of a picture.
    pub struct PicturePart {
        /// Its title.
        title: Text,
        /// The registers whose entries belong to it: those that the party holds.
        registers: Vec<Spanned<Name>>,
        /// What belongs to it because it names an entry that the party holds.
        entries: Vec<PictureEntries>,
        /// The procedures whose cases belong to it: those of the party.
        procedures: Vec<Spanned<Name>>,
    }
}

record! {
    /// Entries by a field that names another entry.
    pub struct PictureEntries {
        /// Their register.
        register: Spanned<Name>,
        /// The field that names the entry.
        names: Spanned<Name>,
    }
}
