//! A points table: the period within which points add up, and the bounds they reach.

use std::collections::BTreeSet;

use base::{Date, Name};

/// A points table with all of its editions, each for its days. INVARIANT: in order of their days,
/// none over another, each sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    editions: Vec<Edition>,
}

/// What a table says from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds; none where no end is known.
    pub until: Option<Date>,
    /// Within what points add up.
    pub period: Period,
    /// The bounds, from the mildest.
    pub bounds: Vec<Bound>,
}

/// Within what points add up before they begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From January to December.
    CalendarYear,
    /// So many months, counted from the day on which a period of the party began (such as the day
    /// it passed verification), and again from where they end.
    Months(u32),
}

/// A bound that points reach, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What follows, by its name.
    pub effect: Name,
    /// What is counted.
    pub counts: Counts,
    /// The fewest points that reach it.
    pub points: u32,
    /// How long the effect lasts.
    pub lasts: Lasts,
}

/// What is counted towards a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counts {
    /// All points of the period.
    Period,
    /// All points of so many months, which begin with a period of the party.
    Months(u32),
    /// The points of one matter alone.
    Once,
    /// The points since another effect began, for as long as it lasts.
    While(Name),
}

/// How long an effect lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// To the end of the period.
    Period,
    /// So many months from the day the bound was reached.
    Months(u32),
    /// Until somebody ends it.
    Open,
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsound {
    /// An edition ends before it begins, or begins before the one before has ended.
    Days(Date),
    /// A period, a count or an effect of no months, or a bound of no points.
    Nothing(Date),
    /// An effect comes twice in an edition.
    Twice(Name),
    /// Points are counted while an effect lasts that stands nowhere before.
    NoEffect(Name),
}

impl Table {
    /// A table.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(editions: Vec<Edition>) -> Result<Self, Unsound> {
        let mut before = None;
        for edition in &editions {
            let begins =
                before.is_none_or(|end: Option<Date>| end.is_some_and(|end| end <= edition.from));
            if !begins || edition.until.is_some_and(|until| until <= edition.from) {
                return Err(Unsound::Days(edition.from));
            }
            before = Some(edition.until);
            edition.check()?;
        }
        Ok(Self { editions })
    }

    /// All editions, in the order of their days.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// What it says on a day.
    pub fn on(&self, day: Date) -> Option<&Edition> {
        let held = |own: &&Edition| own.from <= day && own.until.is_none_or(|until| day < until);
        self.editions.iter().find(held)
    }
}

impl Edition {
    /// Whether anything of it counts from a day on which a period of the party began.
    pub(crate) fn begins_with_the_party(&self) -> bool {
        let from_there = |bound: &Bound| matches!(bound.counts, Counts::Months(_));
        matches!(self.period, Period::Months(_)) || self.bounds.iter().any(from_there)
    }

    fn check(&self) -> Result<(), Unsound> {
        let mut effects = BTreeSet::new();
        if self.period == Period::Months(0) {
            return Err(Unsound::Nothing(self.from));
        }
        for bound in &self.bounds {
            let Bound { effect, counts, points, lasts } = bound;
            if *points == 0 || *counts == Counts::Months(0) || *lasts == Lasts::Months(0) {
                return Err(Unsound::Nothing(self.from));
            }
            if let Counts::While(other) = counts
                && !effects.contains(other)
            {
                return Err(Unsound::NoEffect(other.clone()));
            }
            if !effects.insert(effect.clone()) {
                return Err(Unsound::Twice(effect.clone()));
            }
        }
        Ok(())
    }
}

/// So many months later; the last day there is where that is past all days.
pub(crate) fn later(day: Date, months: u32) -> Date {
    let last = || Date::new(9999, 12, 31).unwrap_or(day);
    day.plus_months(months).unwrap_or_else(last)
}
