//! `pack.yaml`: what the pack is called, what it extends, whose days it counts.

use base::{Citation, Date, Division, Name, Text, Zone};

use crate::read::{Named, Spanned};

record! {
    /// The first page of a pack.
    pub struct Manifest {
        /// The pack's own name, as other packs extend it.
        pack: Name,
        /// The pack's title.
        title: Text,
        /// The language edition the pack is written in; this one is 1.
        edition: Spanned<u32>,
        /// The pack this one builds on: everything in it is inherited.
        extends: Option<Spanned<Name>>,
        /// The division whose authorities run the pack; absent for a national pack.
        jurisdiction: Option<Spanned<Division>>,
        /// The register in which each case of a person or an organisation that comes to an end is
        /// written down, where the place keeps one: as that register says under `handled`.
        handled: Option<Spanned<Name>>,
        /// The zone whose days the pack counts; inherited when absent.
        zone: Option<Zone>,
        /// The first day on which the pack may be in force.
        in_force: Date,
        /// True where the place and everything in it is invented.
        invented: Option<bool>,
        /// What the pack rests on.
        basis: Vec<Citation>,
        /// What the outlines of the divisions in `outlines.csv` are drawn from.
        outlines: Vec<Citation>,
        /// The code lists of the pack, each read from `codes/NAME.csv`.
        codes: Named<CodeList>,
    }
}

record! {
    /// A list of codes, such as the catalogue of diagnosis subjects.
    pub struct CodeList {
        /// What the list is called.
        title: Text,
        /// Where the codes come from.
        basis: Vec<Citation>,
    }
}
