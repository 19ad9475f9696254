//! `credit/*.yaml`: points tables, by which what a party did adds up within a period and reaches
//! bounds that have effects (不良执业行为记分).
//!
//! There is no national table: places and years differ. A table says where it rules and has
//! editions, each for its days.

use base::{Citation, Date, Division, Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A points table.
    pub struct CreditFile {
        /// The table's own name.
        credit: Name,
        /// Its title.
        title: Text,
        /// What it rests on.
        basis: Vec<Citation>,
        /// The division where it rules. Elsewhere it is shown beside, for comparison.
        place: Spanned<Division>,
        /// The register whose entries have points.
        register: Spanned<Name>,
        /// Where the points stand.
        points: CreditPoints,
        /// The field of that register with the day on which a period of an entry began last, such
        /// as the day it passed verification.
        began: Option<Spanned<Name>>,
        /// What the table said from which day on, in the order of the days.
        editions: Vec<CreditEdition>,
    }
}

record! {
    /// The entries that are points, each for one matter.
    pub struct CreditPoints {
        /// Their register.
        register: Spanned<Name>,
        /// The field that names whose they are.
        names: Spanned<Name>,
        /// The field with how many.
        points: Spanned<Name>,
        /// The field with the day of the matter.
        day: Spanned<Name>,
    }
}

record! {
    /// What a table says from a day on.
    pub struct CreditEdition {
        /// The first day.
        from: Date,
        /// The first day on which it no longer holds.
        until: Option<Date>,
        /// Within how many months points add up, counted from the day on which a period of the
        /// entry began; from January to December when absent.
        months: Option<u32>,
        /// The bounds, from the mildest, by what follows.
        bounds: Named<CreditBound>,
        /// Where it is written.
        basis: Citation,
    }
}

record! {
    /// A bound that points reach.
    pub struct CreditBound {
        /// What follows.
        title: Text,
        /// The fewest points that reach it, of those of the period.
        points: u32,
        /// True where the points of one matter alone must reach it.
        once: Option<bool>,
        /// Within how many months points count, where that is not the period.
        over_months: Option<u32>,
        /// Another bound: only points while its effect lasts count.
        r#while: Option<Spanned<Name>>,
        /// For how many months the effect lasts; to the end of the period when nothing is said.
        lasts_months: Option<u32>,
        /// True where the effect lasts until somebody ends it.
        lasts_open: Option<bool>,
    }
}
