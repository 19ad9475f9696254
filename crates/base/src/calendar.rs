//! Which days are working days, as published, and what day a count of them ends on.
//!
//! Administrative Licensing Law art. 82: its terms count working days, without statutory holidays.
//! The day a count starts from is never counted. Make-up working days at weekends are published
//! once a year, so a day after the last published one is *provisional*: Monday to Friday count
//! until the next year's list says otherwise.

use std::collections::BTreeMap;

use crate::{
    Date, Reason, Text,
    sheet::{Row, Sheet, line_reason},
};

/// Working or not, for each day from the first published one to the last.
///
/// Outside those days Monday to Friday are taken as working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    first: Date,
    last: Date,
    /// INVARIANT: one element for each day from `first` to `last`, at least one.
    works: Vec<bool>,
    /// The holidays that days belong to, make-up working days among them.
    names: BTreeMap<Date, Text>,
}

/// The day a term ends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// That day.
    pub on: Date,
    /// True when it lies past the last published day and is to be counted again.
    pub provisional: bool,
}

impl Calendar {
    /// Reads the columns `date` (each day once, in order, without gaps) and `is_workday` (`1` or
    /// `0`); `holiday_zh` and `holiday_en` may name the holiday that a day belongs to. Other
    /// columns are left alone.
    ///
    /// # Errors
    /// `column`, `row` with its line, or `empty`.
    pub fn from_csv(text: &str) -> Result<Self, Reason> {
        let sheet = Sheet::read(text)?;
        let (date, works) = (sheet.needed(&["date"])?, sheet.needed(&["is_workday"])?);
        let named = sheet.column(&["holiday_zh"]).zip(sheet.column(&["holiday_en"]));
        let mut names = BTreeMap::new();
        let mut calendar: Option<Self> = None;
        for row in &sheet.rows {
            let (day, working) = read(row, date, works)?;
            names.extend(named.and_then(|columns| Some((day, name(row, columns)?))));
            match &mut calendar {
                None => {
                    let (works, names) = (vec![working], BTreeMap::new());
                    calendar = Some(Self { first: day, last: day, works, names });
                }
                Some(calendar) => calendar.push(day, working).map_err(|awaited| {
                    let zh = format!("日期不连续，应为 `{awaited}`，却是 `{day}`");
                    let en =
                        format!("the days have a gap: `{awaited}` should be here, not `{day}`");
                    line_reason(row.line, &zh, &en)
                })?,
            }
        }
        let mut calendar = calendar.ok_or_else(|| Reason {
            word: "empty",
            says: crate::Text::new("日历没有一天", "the calendar has no days"),
        })?;
        calendar.names = names;
        Ok(calendar)
    }

    /// The holiday that a day belongs to, where the calendar names one: that of a day off, or that
    /// for which a make-up working day is given.
    pub fn holiday(&self, date: Date) -> Option<&Text> {
        self.names.get(&date)
    }

    /// The first published day.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last published day; later ones are provisional.
    pub fn last(&self) -> Date {
        self.last
    }

    /// True on a working day.
    pub fn works(&self, date: Date) -> bool {
        let published = usize::try_from(self.first.days_until(date)).ok();
        published.and_then(|at| self.works.get(at).copied()).unwrap_or_else(|| date.weekday())
    }

    /// The last of so many working days after `start`, which is not counted itself. No working
    /// days end on `start`, whatever day it is.
    pub fn due(&self, start: Date, working_days: u32) -> Due {
        let Some(before) = working_days.checked_sub(1) else {
            return Due { on: start, provisional: false };
        };
        let mut counted = start.days_after().filter(|&day| self.works(day));
        let nth = usize::try_from(before).ok().and_then(|before| counted.nth(before));
        self.on(nth.unwrap_or(Date::MAX))
    }

    /// The day itself if it is a working day, else the next one (Civil Code art. 203).
    pub fn roll_forward(&self, date: Date) -> Due {
        let mut days = std::iter::once(date).chain(date.days_after());
        self.on(days.find(|&day| self.works(day)).unwrap_or(Date::MAX))
    }

    /// Working days after `start` up to and including `end`; none when `end` is not later.
    pub fn elapsed(&self, start: Date, end: Date) -> u32 {
        let days = start.days_after().take_while(|&day| day <= end);
        u32::try_from(days.filter(|&day| self.works(day)).count()).unwrap_or(u32::MAX)
    }

    /// Adopts the days of a later calendar. Where both have a day, they must agree.
    ///
    /// # Errors
    /// `calendar` when the later one leaves a gap, brings no day, or contradicts a published one.
    pub fn extend(&mut self, next: &Self) -> Result<(), Reason> {
        let joins = next.first <= self.last.next() && self.first <= next.first;
        if !joins || next.last <= self.last {
            return Err(does_not_join(self.last, next));
        }
        if let Some(day) = next.days().find(|&day| day <= self.last && self.differs(next, day)) {
            return Err(contradicts(day));
        }
        let later = next.days().filter(|&day| day > self.last).map(|day| next.works(day));
        self.works.extend(later);
        let named = next.names.iter().filter(|(day, _)| **day > self.last);
        self.names.extend(named.map(|(day, name)| (*day, name.clone())));
        self.last = next.last;
        Ok(())
    }

    fn push(&mut self, day: Date, working: bool) -> Result<(), Date> {
        let awaited = self.last.next();
        if day != awaited || self.last == Date::MAX {
            return Err(awaited);
        }
        self.works.push(working);
        self.last = day;
        Ok(())
    }

    fn days(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        std::iter::once(self.first).chain(self.first.days_after()).take_while(move |&d| d <= last)
    }

    fn differs(&self, next: &Self, day: Date) -> bool {
        self.works(day) != next.works(day)
    }

    fn on(&self, day: Date) -> Due {
        Due { on: day, provisional: day > self.last }
    }
}

/// What the holiday of a row is called, where it is named in both languages.
fn name(row: &Row, (zh, en): (usize, usize)) -> Option<Text> {
    let (zh, en) = (row.cell(zh), row.cell(en));
    (!zh.is_empty() && !en.is_empty()).then(|| Text::new(zh, en))
}

fn read(row: &Row, date: usize, works: usize) -> Result<(Date, bool), Reason> {
    let day = Date::parse(row.cell(date))
        .map_err(|reason| line_reason(row.line, &reason.says.zh, &reason.says.en))?;
    match row.cell(works) {
        "1" => Ok((day, true)),
        "0" => Ok((day, false)),
        other => Err(line_reason(
            row.line,
            &format!("`{other}` 不是 `1`（工作日）或 `0`（休息日）"),
            &format!("`{other}` is neither `1` (working day) nor `0` (day off)"),
        )),
    }
}

fn does_not_join(last: Date, next: &Calendar) -> Reason {
    let (from, to) = (next.first, next.last);
    Reason {
        word: "calendar",
        says: crate::Text::new(
            format!("`{from}` 至 `{to}` 的日历接不上止于 `{last}` 的日历；请从次日起公布"),
            format!(
                "a calendar of `{from}` to `{to}` does not continue one that ends on `{last}`; \
                 publish it from the next day on"
            ),
        ),
    }
}

fn contradicts(day: Date) -> Reason {
    Reason {
        word: "calendar",
        says: crate::Text::new(
            format!("新日历与已公布的 `{day}` 不一致；请只公布其后的日子"),
            format!("`{day}` is already published otherwise; publish only later days"),
        ),
    }
}
