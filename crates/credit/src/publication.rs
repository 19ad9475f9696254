//! How long a penalty is published, and when its repair can be granted.
//!
//! The clock begins on the day of the decision. It ends by itself at the most, or, where the rules
//! say so, not before what was wrong is right; it ends earlier by a repair, which can be granted
//! once the least time is over, what was wrong is right and the party has given its word. A repair
//! ends publication, sharing and use together, wherever they are.

use std::collections::BTreeMap;

use base::{Date, Name};

use crate::table::later;

/// The rules of publication that followed one another. INVARIANT: in order of their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regimes(Vec<Regime>);

/// Rules of publication from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// The first day.
    pub from: Date,
    /// Whether it rules, from that day on, what was decided before, too.
    pub earlier: bool,
    /// The clock of each gravity.
    pub clocks: BTreeMap<Name, Clock>,
}

/// The clock of a gravity, in months from the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Whether it is published at all.
    pub shown: Shown,
    /// The least time for which it is.
    pub months_min: u32,
    /// The time after which it no longer is.
    pub months_max: u32,
    /// Whether it stays for as long as what was wrong is not put right.
    pub until_right: bool,
    /// Whether a repair takes the party's word.
    pub pledged: bool,
}

/// Whether a gravity is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Always.
    Always,
    /// Where the body that decided says that it must be.
    WhereNeeded,
    /// Never.
    Never,
}

/// A penalty, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    /// The day of the decision.
    pub decided_on: Date,
    /// How grave it is, by the name that the regime knows it under.
    pub gravity: Name,
    /// Whether the body that decided says that it must be published, where that is left to it.
    pub needed: bool,
    /// The day on which what was wrong was right.
    pub corrected_on: Option<Date>,
    /// The day on which the party gave its word.
    pub pledged_on: Option<Date>,
    /// The day of the decision that granted a repair. Whether it could be granted was for whoever
    /// decided to see; it is taken as it was decided.
    pub repaired_on: Option<Date>,
}

/// What is published of a penalty on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Whether it is published, shared and used.
    pub shown: bool,
    /// The first day on which it no longer is, as things are; none where it depends on what is not
    /// yet put right.
    pub until: Option<Date>,
    /// What is to be said of a repair.
    pub repair: Repair,
}

/// Whether a repair can be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// From this day on, as things are.
    From(Date),
    /// What was wrong must be put right first.
    NotCorrected,
    /// The party must give its word first.
    NotPledged,
    /// It was granted.
    Granted(Date),
    /// There is nothing to be repaired: it is no longer published, or never was.
    Over,
}

impl Regimes {
    /// Regimes; none where two begin on one day, or out of order.
    pub fn new(regimes: Vec<Regime>) -> Option<Self> {
        let days: Vec<Date> = regimes.iter().map(|own| own.from).collect();
        days.is_sorted_by(|one, other| one < other).then_some(Self(regimes))
    }

    /// The rules for what was decided on a day, as they hold on another.
    pub fn of(&self, decided_on: Date, on: Date) -> Option<&Regime> {
        let then = |own: &&Regime| own.from <= decided_on || (own.earlier && own.from <= on);
        self.0.iter().rfind(then)
    }

    /// What is published of a penalty on a day; none where no regime rules it or knows its
    /// gravity.
    pub fn published(&self, penalty: &Penalty, on: Date) -> Option<Published> {
        let regime = self.of(penalty.decided_on, on)?;
        let clock = regime.clocks.get(&penalty.gravity)?;
        Some(clock.published(penalty, regime.from, on))
    }
}

impl Clock {
    /// What is published on a day, under rules from a day on.
    fn published(self, penalty: &Penalty, rules_from: Date, on: Date) -> Published {
        let decided = penalty.decided_on;
        if self.shown == Shown::Never || (self.shown == Shown::WhereNeeded && !penalty.needed) {
            return Published { shown: false, until: Some(decided), repair: Repair::Over };
        }
        let known = |day: Option<Date>| day.filter(|day| *day <= on);
        let corrected = known(penalty.corrected_on);
        // New rules end nothing before they hold.
        let over = later(decided, self.months_max).max(rules_from);
        let ends = match (corrected, self.until_right) {
            (_, false) => Some(over),
            (corrected, true) => corrected.map(|day| day.max(over)),
        };
        // What was over before it was repaired was not repaired.
        let repaired = known(penalty.repaired_on).filter(|day| ends.is_none_or(|end| *day < end));
        let until = repaired.or(ends);
        let shown = decided <= on && until.is_none_or(|until| on < until);
        let repair = match (repaired, shown) {
            (Some(day), _) => Repair::Granted(day),
            (None, false) => Repair::Over,
            (None, true) => self.repair(penalty, corrected, known(penalty.pledged_on)),
        };
        Published { shown, until, repair }
    }

    fn repair(self, penalty: &Penalty, corrected: Option<Date>, pledged: Option<Date>) -> Repair {
        let least = later(penalty.decided_on, self.months_min);
        match (corrected, pledged) {
            (None, _) => Repair::NotCorrected,
            (Some(_), None) if self.pledged => Repair::NotPledged,
            (Some(corrected), pledged) => {
                let pledged = pledged.filter(|_| self.pledged);
                Repair::From(least.max(corrected).max(pledged.unwrap_or(least)))
            }
        }
    }
}
