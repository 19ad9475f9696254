//! The account of days: for each term of a case every day from the one on which it began, and why
//! it counts or does not.
//!
//! Whoever waits may count along: which day was a working day (行政许可法 article 82), which was
//! not counted because it is the first (民法典 article 201), which fell away because the clock
//! stood still by a notice (行政许可法 articles 32 and 45), and by which entry the term was made
//! longer (article 42). The account rests on the case's entries and on the calendars that entries
//! have adopted, on nothing else; it counts day by day, and comes to the deadline that the kernel
//! has written, which tests hold.

mod calendars;
mod line;
mod read;

use base::{Date, Name, Term, Text, Unit};
use pack::model::Ground;

pub use calendars::Calendars;
pub use read::accounts;

use crate::ledger::EntryNumber;

/// Whose time is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// That of the whole procedure up to its first decision, by law.
    Statutory,
    /// The same, as the city promises it.
    Promised,
    /// That of a step.
    Step(Name),
    /// That of a body asked in a review, by its name in the procedure.
    Part(Name, Name),
    /// The applicant's, to hand in what a step has asked for.
    Supplement(Name),
    /// The longest for which a step's clock may stand still.
    Stop(Name),
    /// That to rule on the challenge of a decision.
    Ruling(EntryNumber),
}

/// An entry, and the day on which what it brought about counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct On {
    /// The entry.
    pub number: EntryNumber,
    /// The day.
    pub day: Date,
}

/// One term and its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose time it is.
    pub of: Of,
    /// The entry by which it began, and the day from which it counts, itself not counted.
    pub began: On,
    /// What its days are counted in: working days, or days of any kind.
    pub unit: Unit,
    /// The term as it was given.
    pub given: Term,
    /// How many days it has in all, extensions included.
    pub goal: u32,
    /// By how much it was made longer, in order.
    pub longer: Vec<Longer>,
    /// Why and when its clock stood still, in order.
    pub halts: Vec<Halt>,
    /// The entries that counted its last day again by a new calendar.
    pub redated: Vec<On>,
    /// The days in order: to the last day while it runs, to today while it stands still, else to
    /// the day on which it ended.
    pub days: Vec<Day>,
    /// How it stands.
    pub stands: Stands,
}

/// A term made longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Longer {
    /// The entry of who approved it.
    pub by: On,
    /// By so many days.
    pub days: u32,
}

/// A time for which a clock stood still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// Why.
    pub why: Why,
    /// The entry that stopped it; that day still counts.
    pub from: On,
    /// The entry that let it go on, and the last day not counted; none while it stands still.
    pub until: Option<On>,
}

/// Why a clock stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The applicant is asked for what is missing, by an outcome of a step.
    Supplement(Name, Name),
    /// A ground of the law, by an outcome of a step.
    Stop(Name, Name, Option<Ground>),
    /// The case is at a step whose time is not counted.
    Uncounted(Name, Ground),
}

/// A day of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub on: Date,
    /// Whether and why it counts.
    pub is: DayIs,
    /// The holiday it belongs to, where the calendar names one.
    pub holiday: Option<Text>,
    /// True past the last published day: it may come to be otherwise.
    pub provisional: bool,
}

/// Whether and why a day counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayIs {
    /// The day the term began, which is not counted.
    First,
    /// The so-manieth day of the term.
    Counted(u32),
    /// The same, on a weekend that is made up for.
    MakeUp(u32),
    /// A weekend.
    Weekend,
    /// A day off by the calendar.
    Holiday,
    /// The clock stood still, for that halt.
    Stopped(usize),
    /// The day the clock went on after that halt, which is not counted.
    GoesOn(usize),
    /// The last day fell on a day off, so the term ends on the next working day.
    RolledOver,
    /// The term was over.
    Over,
}

/// How a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It runs until its last day.
    Runs(Last),
    /// Its clock stands still.
    Held,
    /// It has ended by an entry; its last day was that one, where it ran.
    Ended(On, Option<Last>),
}

/// The last day of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// That day.
    pub on: Date,
    /// True when it lies past the published calendar.
    pub provisional: bool,
}

impl Account {
    /// How many of its days are used up to and including a day.
    pub fn used(&self, today: Date) -> u32 {
        let counted = self.days.iter().filter(|day| day.on <= today).filter_map(Day::nth);
        counted.max().unwrap_or(0)
    }

    /// How many are left after a day.
    pub fn left(&self, today: Date) -> u32 {
        self.goal.saturating_sub(self.used(today))
    }

    /// Its last day, where it has one: none while its clock stands still.
    pub fn last(&self) -> Option<Last> {
        match self.stands {
            Stands::Runs(last) => Some(last),
            Stands::Held => None,
            Stands::Ended(_, last) => last,
        }
    }

    /// Whether it has ended.
    pub fn over(&self) -> bool {
        matches!(self.stands, Stands::Ended(..))
    }

    /// How many days were not counted because of a halt.
    pub fn stopped_for(&self, halt: usize) -> usize {
        let its =
            |day: &&Day| matches!(day.is, DayIs::Stopped(at) | DayIs::GoesOn(at) if at == halt);
        self.days.iter().filter(its).count()
    }
}

impl Day {
    /// The so-manieth it is, where it counts.
    pub fn nth(&self) -> Option<u32> {
        match self.is {
            DayIs::Counted(nth) | DayIs::MakeUp(nth) => Some(nth),
            _ => None,
        }
    }
}
