//! One term, walked day by day.

use base::{Calendar, Date, Term, Unit};

use super::{Account, Day, DayIs, Halt, Last, Longer, Of, On, Stands, Why};

/// How a term counts from a day: what it is, and whether a day off at its end puts it off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) from: Date,
    pub(super) term: Term,
    pub(super) rolls: bool,
}

impl Counts {
    /// The days it has.
    fn days(self) -> u32 {
        let until = match self.term.unit {
            Unit::WorkingDays | Unit::NaturalDays => return self.term.count,
            Unit::Months => self.from.plus_months(self.term.count),
            Unit::Years => self.from.plus_years(self.term.count),
        };
        u32::try_from(self.from.days_until(until.unwrap_or(Date::MAX))).unwrap_or(u32::MAX)
    }
}

/// A term as far as it has been walked.
#[derive(Debug)]
pub(super) struct Line {
    account: Account,
    /// The days walked so far that count.
    used: u32,
    /// Whether a day off at its end puts it off.
    rolls: bool,
    /// From where it goes on counting, itself not counted.
    from: Date,
}

impl Line {
    pub(super) fn begin(of: Of, by: On, counts: Counts, calendar: &Calendar) -> Self {
        let goal = counts.days();
        let unit = match counts.term.unit {
            Unit::WorkingDays => Unit::WorkingDays,
            Unit::NaturalDays | Unit::Months | Unit::Years => Unit::NaturalDays,
        };
        let began = On { day: counts.from, ..by };
        let last = Last { on: counts.from, provisional: false };
        let account = Account {
            of,
            began,
            unit,
            given: counts.term,
            goal,
            longer: Vec::new(),
            halts: Vec::new(),
            redated: Vec::new(),
            days: Vec::new(),
            stands: Stands::Runs(last),
        };
        let mut line = Self { account, used: 0, rolls: counts.rolls, from: counts.from };
        line.push(counts.from, DayIs::First, calendar);
        line
    }

    /// Why it stands still, where it does.
    pub(super) fn halted(&self) -> Option<&Why> {
        let halt = self.account.halts.last().filter(|_| self.held());
        halt.map(|halt| &halt.why)
    }

    fn held(&self) -> bool {
        self.account.stands == Stands::Held
    }

    /// Its clock stands still from the end of that day on; one that stands still already does so
    /// for another reason now.
    pub(super) fn hold(&mut self, by: On, why: Why, calendar: &Calendar) {
        self.walk_to(by.day, calendar);
        if let Some(halt) = self.account.halts.last_mut().filter(|halt| halt.until.is_none()) {
            halt.until = Some(by);
        }
        self.account.halts.push(Halt { why, from: by, until: None });
        self.account.stands = Stands::Held;
        self.from = self.from.max(by.day);
    }

    /// Its clock goes on after that day.
    pub(super) fn go_on(&mut self, by: On, calendar: &Calendar) {
        let at = self.account.halts.len().saturating_sub(1);
        self.stand_still(by.day, calendar);
        if let Some(day) = self.account.days.last_mut()
            && day.on == by.day
            && day.is == DayIs::Stopped(at)
        {
            day.is = DayIs::GoesOn(at);
        }
        if let Some(halt) = self.account.halts.last_mut() {
            halt.until = Some(by);
        }
        self.account.stands = Stands::Runs(Last { on: by.day, provisional: false });
        self.from = by.day;
        self.rolls = true;
    }

    /// It is made longer, to so many days as it counts from where it last went on.
    pub(super) fn longer(&mut self, by: On, counts: Counts) {
        let goal = self.used.saturating_add(counts.days());
        let days = goal.saturating_sub(self.account.goal);
        self.account.longer.push(Longer { by, days });
        self.account.goal = goal;
    }

    /// It is made longer by so many days.
    pub(super) fn longer_by(&mut self, by: On, days: u32) {
        self.account.longer.push(Longer { by, days });
        self.account.goal = self.account.goal.saturating_add(days);
    }

    pub(super) fn redated(&mut self, by: On) {
        self.account.redated.push(by);
    }

    pub(super) fn end(mut self, by: On, calendar: &Calendar) -> Account {
        let last = (!self.held()).then(|| self.last(calendar));
        self.walk_to(by.day, calendar);
        self.account.stands = Stands::Ended(by, last);
        self.account
    }

    /// The account as it stands on a day.
    pub(super) fn finish(mut self, today: Date, calendar: &Calendar) -> Account {
        if self.held() {
            self.stand_still(today, calendar);
            return self.account;
        }
        let last = self.last(calendar);
        self.walk_to(last.on, calendar);
        self.account.stands = Stands::Runs(last);
        self.account
    }

    /// The last day of it, found by counting.
    fn last(&self, calendar: &Calendar) -> Last {
        let left = self.account.goal.saturating_sub(self.used);
        if self.account.unit == Unit::WorkingDays {
            let mut counted = self.from.days_after().filter(|day| calendar.works(*day));
            let nth = left.checked_sub(1).and_then(|before| usize::try_from(before).ok());
            let on = nth.map_or(self.from, |before| counted.nth(before).unwrap_or(Date::MAX));
            return Last { on, provisional: left > 0 && on > calendar.last() };
        }
        let end = self.from.plus_days(i64::from(left)).unwrap_or(Date::MAX);
        if !self.rolls {
            return Last { on: end, provisional: false };
        }
        let mut days = std::iter::once(end).chain(end.days_after());
        let on = days.find(|day| calendar.works(*day)).unwrap_or(Date::MAX);
        Last { on, provisional: on > calendar.last() }
    }

    /// Walks to a day, whether its clock runs or stands still.
    fn walk_to(&mut self, until: Date, calendar: &Calendar) {
        if self.held() {
            return self.stand_still(until, calendar);
        }
        let last = self.last(calendar);
        for day in self.from.days_after().take_while(|day| *day <= until) {
            let is = self.counted(day, last, calendar);
            self.push(day, is, calendar);
        }
        self.from = self.from.max(until);
    }

    /// The days for which its clock stands still, up to one of them.
    fn stand_still(&mut self, until: Date, calendar: &Calendar) {
        let at = self.account.halts.len().saturating_sub(1);
        for day in self.from.days_after().take_while(|day| *day <= until) {
            self.push(day, DayIs::Stopped(at), calendar);
        }
        self.from = self.from.max(until);
    }

    /// Whether and why a day counts while the clock runs.
    fn counted(&mut self, day: Date, last: Last, calendar: &Calendar) -> DayIs {
        let (works, weekday) = (calendar.works(day), day.weekday());
        let working = self.account.unit == Unit::WorkingDays;
        match () {
            () if self.used >= self.account.goal && day <= last.on => DayIs::RolledOver,
            () if self.used >= self.account.goal => DayIs::Over,
            () if working && !works && !weekday => DayIs::Weekend,
            () if working && !works => DayIs::Holiday,
            () => {
                self.used = self.used.saturating_add(1);
                match working && !weekday {
                    true => DayIs::MakeUp(self.used),
                    false => DayIs::Counted(self.used),
                }
            }
        }
    }

    fn push(&mut self, on: Date, is: DayIs, calendar: &Calendar) {
        let holiday = calendar.holiday(on).cloned();
        let is = match is {
            DayIs::Weekend if holiday.is_some() => DayIs::Holiday,
            is => is,
        };
        let provisional = on > calendar.last();
        self.account.days.push(Day { on, is, holiday, provisional });
    }
}
