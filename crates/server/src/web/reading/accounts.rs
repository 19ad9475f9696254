//! The account of days of a case in words: the kernel counts, here it is only told.

use base::{Citation, Date, Unit};
use kernel::{
    Act, EntryNumber,
    account::{Account, Day, DayIs, Halt, Of, On, Stands, Why},
};
use pack::model::{Follows, Outcome, Step};

use super::{Reading, days_left};
use crate::web::pages::{
    days::{AccountView, Cell, Month, Span, Turn},
    steps::step,
};

/// A term of more days is told as a list only: nobody looks through years of months.
const DRAWN_MAX: usize = 400;

impl Reading<'_> {
    /// One term as its page shows it.
    pub(crate) fn account(&self, account: &Account) -> AccountView {
        let drawn = account.goal > 0 && account.days.len() <= DRAWN_MAX;
        AccountView {
            anchor: anchor(&account.of, account.began.number),
            title: self.whose(&account.of),
            summary: self.summary(account),
            turns: self.turns(account),
            months: if drawn { self.months(account) } else { Vec::new() },
            list: self.spans(account),
        }
    }

    /// Whose time it is.
    fn whose(&self, of: &Of) -> String {
        let words = self.shown.words;
        let named = |name| step(self.shown, self.procedure, name);
        match of {
            Of::Statutory => words.t("account-statutory"),
            Of::Promised => words.t("account-promised"),
            Of::Step(name) => words.with("account-step", &named(name)),
            Of::Part(name, part) => {
                let review = self.procedure.review(name.as_str());
                let asked = review.and_then(|review| review.part(part));
                let title = asked.map_or(part.as_str(), |asked| asked.title.to(words.0));
                words.with_both("account-part", &named(name), title)
            }
            Of::Supplement(name) => words.with("account-supplement", &named(name)),
            Of::Stop(name) => words.with("account-stop", &named(name)),
            Of::Ruling(decision) => words.with("account-ruling", &decision.0.to_string()),
        }
    }

    /// How it stands: what is used and left, until when, and for what it stood still.
    pub(crate) fn summary(&self, account: &Account) -> Vec<String> {
        let (words, today) = (self.shown.words, self.shown.day);
        let (used, goal) = (account.used(today).to_string(), account.goal.to_string());
        let used = match account.unit {
            _ if account.goal == 0 => words.t("account-on-the-spot"),
            Unit::WorkingDays => words.with_both("account-used-working", &used, &goal),
            _ => words.with_both("account-used-natural", &used, &goal),
        };
        let mut said = vec![used];
        let left = (account.goal > 0).then(|| words.n("account-left", &account.left(today)));
        match account.stands {
            Stands::Runs(last) => {
                said.extend(left);
                let on = last.on.to_string();
                said.push(words.with("account-due", &on));
                if last.on < today {
                    said.push(words.with("account-late", &days_left(self.shown, last.on)));
                }
                if last.provisional {
                    said.push(words.t("clock-provisional"));
                }
            }
            Stands::Held => {
                said.extend(left);
                said.push(words.t("account-held"));
            }
            Stands::Ended(by, last) => {
                let late = last.filter(|last| last.on < by.day);
                said.push(match late {
                    Some(last) => words.with_both(
                        "account-ended-late",
                        &by.day.to_string(),
                        &last.on.to_string(),
                    ),
                    None => words.with("account-ended", &by.day.to_string()),
                });
            }
        }
        let halts = account.halts.iter().enumerate();
        let halts = halts.map(|(at, halt)| (account.stopped_for(at), halt));
        said.extend(halts.filter(|(days, _)| *days > 0).map(|(days, halt)| {
            let days = words.n("account-days", &days);
            words.with_both("account-stopped-for", &days, &self.why(halt))
        }));
        said
    }

    /// Why its clock stood still.
    fn why(&self, halt: &Halt) -> String {
        let words = self.shown.words;
        match &halt.why {
            Why::Supplement(..) => words.t("halt-supplement"),
            Why::Stop(_, _, Some(ground)) => self.shown.ground(*ground),
            Why::Stop(name, outcome, None) => self.outcome(name, outcome),
            Why::Uncounted(name, ground) => {
                let at = step(self.shown, self.procedure, name);
                words.with_both("halt-uncounted", &at, &self.shown.ground(*ground))
            }
        }
    }

    /// What happened to it, in order.
    fn turns(&self, account: &Account) -> Vec<Turn> {
        let words = self.shown.words;
        let given = words.with("turn-began", &self.shown.term(account.given));
        let basis = self.basis(&account.of);
        let mut turns = vec![(account.began, given, basis)];
        for halt in &account.halts {
            let basis = self.halt_basis(&halt.why);
            turns.push((halt.from, words.with("turn-stopped", &self.why(halt)), basis));
            turns.extend(halt.until.map(|until| (until, words.t("turn-goes-on"), None)));
        }
        for longer in &account.longer {
            let days = words.n("account-days", &longer.days);
            let basis = self.longer_basis(longer.by.number);
            turns.push((longer.by, words.with("turn-longer", &days), basis));
        }
        turns.extend(account.redated.iter().map(|on| (*on, words.t("turn-redated"), None)));
        if let Stands::Ended(by, _) = account.stands {
            turns.push((by, words.t("turn-ended"), None));
        }
        turns.sort_by_key(|(on, ..)| (on.day, on.number));
        turns.into_iter().map(|(on, what, basis)| self.turn(on, what, basis)).collect()
    }

    fn turn(&self, on: On, what: String, basis: Option<&Citation>) -> Turn {
        let entry = self.history.iter().find(|entry| entry.number == on.number);
        let who = entry.map(|entry| self.who(self.shown, &entry.by)).unwrap_or_default();
        let number = self.shown.number(on.number);
        let code = self.shown.words.code();
        Turn {
            on: on.day.to_string(),
            what,
            by: self.shown.words.with_both("turn-by", &who, &number),
            href: format!("/{code}/cases/{}#entry-{}", self.case.id, on.number.0),
            cited: basis.map(|basis| self.shown.cited(basis)).into_iter().collect(),
        }
    }

    /// Where a term is written.
    fn basis(&self, of: &Of) -> Option<&Citation> {
        let within = |name| self.procedure.steps.get(name).and_then(Step::within);
        match of {
            Of::Statutory => Some(&self.procedure.statutory.basis),
            Of::Promised => Some(&self.procedure.promised.basis),
            Of::Step(name) => within(name).map(|limit| &limit.basis),
            Of::Part(name, part) => {
                let part = self.procedure.review(name.as_str())?.part(part)?;
                Some(&part.within.basis)
            }
            Of::Supplement(_) | Of::Stop(_) | Of::Ruling(_) => None,
        }
    }

    /// Where it is written that a clock may stand still for that.
    fn halt_basis(&self, why: &Why) -> Option<&Citation> {
        match why {
            Why::Supplement(name, outcome) | Why::Stop(name, outcome, _) => {
                basis_of(self.procedure.outcome(name, outcome)?)
            }
            Why::Uncounted(name, _) => {
                let stage = self.procedure.stage(name.as_str())?;
                stage.uncounted.as_ref().map(|uncounted| &uncounted.basis)
            }
        }
    }

    fn longer_basis(&self, number: EntryNumber) -> Option<&Citation> {
        let entry = self.history.iter().find(|entry| entry.number == number)?;
        self.notice(&entry.act)
    }

    /// Where it is written that an act may stop a clock or make a term longer.
    pub(super) fn notice(&self, act: &Act) -> Option<&Citation> {
        let (step, outcome) = match act {
            Act::Extended(made) => (&made.step, &made.outcome),
            Act::Stopped(made) => (&made.step, &made.outcome),
            Act::SupplementAsked(made) => (&made.step, &made.outcome),
            _ => return None,
        };
        basis_of(self.procedure.outcome(step, outcome)?)
    }

    /// What a day is for a term, in a few words.
    fn day(&self, account: &Account, day: &Day) -> String {
        let words = self.shown.words;
        let goal = account.goal.to_string();
        let holiday = day.holiday.as_ref().map(|name| name.to(words.0));
        let says = match day.is {
            DayIs::First => words.t("day-first"),
            DayIs::Counted(nth) => words.with_both("day-counted", &nth.to_string(), &goal),
            DayIs::MakeUp(nth) => words.with_both("day-make-up", &nth.to_string(), &goal),
            DayIs::Weekend => words.t("day-weekend"),
            DayIs::Holiday => holiday.map_or_else(|| words.t("day-off"), str::to_owned),
            DayIs::Stopped(_) => words.t("day-stopped"),
            DayIs::GoesOn(_) => words.t("day-goes-on"),
            DayIs::RolledOver => words.t("day-rolled"),
            DayIs::Over => words.t("day-over"),
        };
        if day.provisional { words.with("day-provisional", &says) } else { says }
    }

    /// Its days by month.
    fn months(&self, account: &Account) -> Vec<Month> {
        let mut months: Vec<Month> = Vec::new();
        for day in &account.days {
            let title = month_title(self.shown.words, day.on);
            if months.last().is_none_or(|month| month.title != title) {
                months.push(Month { title, weeks: empty_month(day.on) });
            }
            let cell = months.last_mut().and_then(|month| {
                let number = day.on.day().to_string();
                month.weeks.iter_mut().flatten().find(|cell| cell.number == number)
            });
            if let Some(cell) = cell {
                cell.says = self.day(account, day);
                cell.mark = mark(day.is);
            }
        }
        // Weeks that the term has nothing to do with only make the page longer.
        for month in &mut months {
            month.weeks.retain(|week| week.iter().any(|cell| !cell.mark.is_empty()));
        }
        months
    }

    /// Its days, those that follow one another alike in one line.
    fn spans(&self, account: &Account) -> Vec<Span> {
        let mut spans: Vec<(&Day, &Day)> = Vec::new();
        for day in &account.days {
            match spans.last_mut() {
                Some((_, last)) if alike(last, day) => *last = day,
                _ => spans.push((day, day)),
            }
        }
        spans.into_iter().map(|(first, last)| self.span(account, first, last)).collect()
    }

    fn span(&self, account: &Account, first: &Day, last: &Day) -> Span {
        let words = self.shown.words;
        if first.on == last.on {
            return Span { days: first.on.to_string(), says: self.day(account, first) };
        }
        let says = match (first.is, last.is) {
            (DayIs::Counted(from), DayIs::Counted(to)) => {
                let range = format!("{from}–{to}");
                let counted = words.with_both("days-counted", &range, &account.goal.to_string());
                match last.provisional {
                    true => words.with("day-provisional", &counted),
                    false => counted,
                }
            }
            _ => self.day(account, last),
        };
        let (from, to) = (first.on.to_string(), last.on.to_string());
        Span { days: words.with_both("days-from-to", &from, &to), says }
    }
}

/// Where the time of an outcome is written.
fn basis_of(outcome: &Outcome) -> Option<&Citation> {
    match &outcome.follows {
        Follows::Then(_) | Follows::Stay => None,
        Follows::Supplement(supplement) => Some(&supplement.within.basis),
        Follows::Stop(stop) => Some(&stop.within.basis),
        Follows::Extend(extend) => Some(&extend.by.basis),
    }
}

fn alike(one: &Day, next: &Day) -> bool {
    let same = match (one.is, next.is) {
        (DayIs::Counted(_), DayIs::Counted(_)) => true,
        (one, next) => one == next,
    };
    same && one.provisional == next.provisional && one.holiday == next.holiday
}

/// A name that no other term of the case has.
fn anchor(of: &Of, began: EntryNumber) -> String {
    let kind = match of {
        Of::Statutory => "statutory".to_owned(),
        Of::Promised => "promised".to_owned(),
        Of::Step(step) => format!("step-{step}"),
        Of::Part(step, part) => format!("part-{step}-{part}"),
        Of::Supplement(step) => format!("supplement-{step}"),
        Of::Stop(step) => format!("stop-{step}"),
        Of::Ruling(decision) => format!("ruling-{}", decision.0),
    };
    format!("{kind}-{}", began.0)
}

fn mark(is: DayIs) -> &'static str {
    match is {
        DayIs::Counted(_) | DayIs::MakeUp(_) => "counted",
        DayIs::Weekend | DayIs::Holiday | DayIs::RolledOver => "off",
        DayIs::Stopped(_) => "stopped",
        DayIs::First | DayIs::GoesOn(_) | DayIs::Over => "edge",
    }
}

fn month_title(words: crate::web::words::Words, on: Date) -> String {
    words.with_both("month-of", &on.year().to_string(), &on.month().to_string())
}

/// The weeks of a day's month, Monday first, no day said anything of.
fn empty_month(day: Date) -> Vec<Vec<Cell>> {
    let Some(first) = Date::new(day.year(), day.month(), 1) else { return Vec::new() };
    // The first day of the calendar, 0001-01-01, is a Monday.
    let before = usize::try_from(Date::MIN.days_until(first).rem_euclid(7)).unwrap_or(0);
    let days = std::iter::once(first).chain(first.days_after());
    let days = days.take_while(|on| on.month() == first.month());
    let numbered = days.map(|on| Cell { number: on.day().to_string(), ..Cell::default() });
    let cells: Vec<Cell> = vec![Cell::default(); before].into_iter().chain(numbered).collect();
    let weeks = cells.chunks(7).map(|week| {
        let mut week = week.to_vec();
        week.resize(7, Cell::default());
        week
    });
    weeks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_on_its_weekday() {
        let check = |day: &str, before: usize, weeks: usize| {
            let month = empty_month(Date::parse(day).unwrap());
            assert_eq!(month.len(), weeks, "{day}");
            let empty = month[0].iter().take_while(|cell| cell.number.is_empty()).count();
            assert_eq!(empty, before, "{day}");
            assert!(month.iter().all(|week| week.len() == 7));
        };
        check("2024-03-15", 4, 5);
        check("2024-02-29", 3, 5);
        check("2021-02-01", 0, 4);
        check("2026-11-30", 6, 6);
    }
}
