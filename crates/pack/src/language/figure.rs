//! `figures/*.yaml`: the law's numbers, each with its days, unit and citation.

use base::{Citation, Date, Text};

use crate::read::{Named, Spanned};

record! {
    /// A file of figures.
    pub struct FigureFile {
        /// Figures by name.
        figures: Named<FigureSource>,
    }
}

record! {
    /// One figure and its values over time.
    pub struct FigureSource {
        /// What the figure says.
        title: Text,
        /// Its unit, such as years or beds.
        unit: Text,
        /// Its values, each from a day.
        values: Vec<DatedValue>,
    }
}

record! {
    /// A figure's value from one day until another.
    pub struct DatedValue {
        /// The first day.
        from: Date,
        /// The first day on which it no longer holds.
        until: Option<Date>,
        /// The whole number that holds.
        value: Spanned<i64>,
        /// Where it is written.
        basis: Citation,
    }
}
