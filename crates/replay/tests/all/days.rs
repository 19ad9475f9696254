//! Days counted one by one on a list of published ones, without any calendar of ours.

use std::{collections::BTreeMap, rc::Rc};

/// A day, counted from 1 January 1970.
pub(crate) type Day = i64;

const HOUR: i64 = 60 * 60 * 1_000_000;
const DAY: i64 = 24 * HOUR;
/// Willow's clocks are eight hours ahead.
const AHEAD: i64 = 8 * HOUR;

/// The day on which a moment, in microseconds, falls in Willow.
pub(crate) fn day_of(at: i64) -> Day {
    (at + AHEAD).div_euclid(DAY)
}

/// The first moment of a day in Willow.
pub(crate) fn start_of(day: Day) -> i64 {
    day * DAY - AHEAD
}

/// The first moment after a day.
pub(crate) fn end_of(day: Day) -> i64 {
    start_of(day + 1)
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day of the month, found by walking from 1970.
pub(crate) fn civil(day: Day) -> (i64, i64, i64) {
    let (mut year, mut left) = (1970, day);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    while left >= length(year, month) {
        left -= length(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

/// The day of that name, found by walking from 1970.
pub(crate) fn day(year: i64, month: i64, day: i64) -> Day {
    let years: i64 = (1970..year).map(|year| 365 + i64::from(leap(year))).sum();
    let months: i64 = (1..month).map(|month| length(year, month)).sum();
    years + months + day - 1
}

/// `YYYY-MM-DD`.
pub(crate) fn text_of(date: Day) -> String {
    let (year, month, day) = civil(date);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day that `YYYY-MM-DD` names.
pub(crate) fn named(text: &str) -> Day {
    let parts: Vec<i64> = text.split('-').map(|part| part.parse().unwrap()).collect();
    day(parts[0], parts[1], parts[2])
}

pub(crate) fn year_of(date: Day) -> i64 {
    civil(date).0
}

/// Full years from one day to another, by the anniversary.
pub(crate) fn years_between(from: Day, to: Day) -> i64 {
    let ((from_year, from_month, from_day), (year, month, day)) = (civil(from), civil(to));
    year - from_year - i64::from((month, day) < (from_month, from_day))
}

/// The day of the same number so many months later, or the month's last.
pub(crate) fn months_after(from: Day, months: i64) -> Day {
    let (year, month, number) = civil(from);
    let later = month - 1 + months;
    let (year, month) = (year + later.div_euclid(12), later.rem_euclid(12) + 1);
    day(year, month, number.min(length(year, month)))
}

/// So many working days, days of any kind, or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Working(u32),
    Natural(i64),
    Months(i64),
}

/// The days published as working or off.
#[derive(Debug, Clone)]
pub(crate) struct Days(Rc<BTreeMap<Day, bool>>);

impl Days {
    /// Reads the lines of a published calendar.
    pub(crate) fn read(csv: &str) -> Self {
        let lines = csv.lines().skip(1).map(|line| {
            let mut cells = line.split(',');
            (named(cells.next().unwrap()), cells.next().unwrap() == "1")
        });
        Self(Rc::new(lines.collect()))
    }

    /// The last published day.
    pub(crate) fn last(&self) -> Day {
        *self.0.last_key_value().unwrap().0
    }

    /// Each published day, and whether it is a working day.
    pub(crate) fn lines(&self) -> &BTreeMap<Day, bool> {
        &self.0
    }

    /// Publishes further days.
    pub(crate) fn publish(&mut self, further: &BTreeMap<Day, bool>) {
        Rc::make_mut(&mut self.0).extend(further);
    }

    /// 1 January 1970 was a Thursday.
    pub(crate) fn weekday(day: Day) -> bool {
        (day + 3).rem_euclid(7) < 5
    }

    fn works(&self, day: Day) -> bool {
        self.0.get(&day).copied().unwrap_or_else(|| Self::weekday(day))
    }

    /// The last of so many working days after a day.
    pub(crate) fn working_after(&self, since: Day, count: u32) -> Day {
        let (mut day, mut counted) = (since, 0);
        while counted < count {
            day += 1;
            counted += u32::from(self.works(day));
        }
        day
    }

    /// The working days after one day up to another.
    pub(crate) fn working_between(&self, since: Day, until: Day) -> u32 {
        (since + 1..=until).map(|day| u32::from(self.works(day))).sum()
    }

    /// The day itself, or the next that is not off.
    pub(crate) fn not_off(&self, day: Day) -> Day {
        (day..).find(|day| self.works(*day)).unwrap()
    }

    /// The last day of a term that counts from a day, and whether it lies past the published days.
    pub(crate) fn ends(&self, since: Day, term: Term) -> (Day, bool) {
        let day = match term {
            Term::Working(0) => return (since, false),
            Term::Working(count) => self.working_after(since, count),
            Term::Natural(count) => self.not_off(since + count),
            Term::Months(count) => self.not_off(months_after(since, count)),
        };
        (day, day > self.last())
    }
}
