//! The law's numbers over time: no applicable value is a gap, two are a clash; neither has a
//! default.

use base::{Citation, Date};

use crate::value::Value;

/// One number of the law and its values over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its values.
    pub values: Vec<DatedFigure>,
}

/// A value from one day until another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedFigure {
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    /// What holds.
    pub value: Value,
    /// Where it is written.
    pub basis: Vec<Citation>,
}

/// Why a figure has not exactly one value on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOne {
    /// No value applies.
    Gap(Date),
    /// More than one does.
    Clash(Date),
}

impl Figure {
    /// The value on `day`.
    ///
    /// # Errors
    /// [`NotOne`] when none or several apply.
    pub fn on(&self, day: Date) -> Result<&DatedFigure, NotOne> {
        let mut applicable = self
            .values
            .iter()
            .filter(|value| value.from <= day && value.until.is_none_or(|until| day < until));
        match (applicable.next(), applicable.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(NotOne::Gap(day)),
            (Some(_), Some(_)) => Err(NotOne::Clash(day)),
        }
    }
}
