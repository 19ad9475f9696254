//! Rows that are sent: lines that nothing is wrong with, by any number, and events that break a
//! rule, each with what goes before it. Persons, institutions and packs are invented.

use base::Date;

use super::{LINES, city::kept_back_from};
use crate::cli::Stopped;

/// The institution of what breaks a rule: findings are asked for by it.
pub(super) const INSTITUTION: &str = "YS-BENCH-H1";
/// Another one, in which the same persons are before.
const ANOTHER: &str = "YS-BENCH-H2";
/// Days over which events are spread: as many as the lines that are kept back.
const DAYS: usize = 30;

/// An event that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A drug for men that a woman buys: a condition over the row.
    DrugAgainstSex,
    /// Somebody is in two hospitals at once: a query over a person's stays.
    OverlappingStays,
    /// A pack is sold a second time: a query over the scans of its code.
    CodeTwice,
}

impl Event {
    /// The event of a number: every second breaks a condition.
    pub(super) fn of(number: usize) -> Self {
        match number % 4 {
            1 => Self::OverlappingStays,
            3 => Self::CodeTwice,
            _ => Self::DrugAgainstSex,
        }
    }

    /// Whether it is found by a query.
    pub(super) fn by_query(self) -> bool {
        self != Self::DrugAgainstSex
    }

    /// The feed of its row.
    pub(super) fn feed(self) -> &'static str {
        match self {
            Self::DrugAgainstSex => LINES,
            Self::OverlappingStays => "stays",
            Self::CodeTwice => "code-scans",
        }
    }

    /// What goes before the event of a number: a stay that it overlaps, a first sale.
    pub(super) fn before(self, number: usize) -> Result<Option<String>, Stopped> {
        Ok(match self {
            Self::DrugAgainstSex => None,
            Self::OverlappingStays => Some(stay(number, ANOTHER, "A", (-5, 5))?),
            Self::CodeTwice => {
                let received = scan(number, "received", "R", -9)?;
                Some(format!("{received}\n{}", scan(number, "sold", "A", -3)?))
            }
        })
    }

    /// The row of the event of a number.
    pub(super) fn row(self, number: usize) -> Result<String, Stopped> {
        match self {
            Self::DrugAgainstSex => line(number),
            Self::OverlappingStays => stay(number, INSTITUTION, "B", (0, 9)),
            Self::CodeTwice => scan(number, "sold", "B", 0),
        }
    }
}

/// The day of the event of a number, so many days later.
fn day(number: usize, later: i64) -> Result<Date, Stopped> {
    let days = i64::try_from(number % DAYS).unwrap_or_default() + later;
    kept_back_from()?.plus_days(days).ok_or_else(|| Stopped("no such day".to_owned()))
}

fn line(number: usize) -> Result<String, Stopped> {
    let on = day(number, 0)?;
    Ok(format!(
        "{{\"line\":\"YS-EVENT-{number}\",\"settlement\":\"YS-EVENT-{number}\",\
         \"settled-at\":\"{on}T10:00:00+08:00\",\"care\":\"outpatient\",\
         \"institution\":\"{INSTITUTION}\",\"patient\":\"YS-EVENT-P{number}\",\
         \"sex\":\"female\",\"born-on\":\"1980-05-01\",\"item\":\"YS-D-HIS\",\
         \"item-kind\":\"drug\",\"quantity\":1,\"amount\":\"10.00\"}}"
    ))
}

fn stay(
    number: usize,
    institution: &str,
    which: &str,
    (from, until): (i64, i64),
) -> Result<String, Stopped> {
    let (from, until) = (day(number, from)?, day(number, until)?);
    Ok(format!(
        "{{\"stay\":\"YS-EVENT-{number}{which}\",\"admitted-at\":\"{from}T09:00:00+08:00\",\
         \"discharged-at\":\"{until}T09:00:00+08:00\",\"institution\":\"{institution}\",\
         \"patient\":\"YS-EVENT-P{number}\"}}"
    ))
}

fn scan(number: usize, kind: &str, which: &str, later: i64) -> Result<String, Stopped> {
    let on = day(number, later)?;
    Ok(format!(
        "{{\"scan\":\"YS-EVENT-{number}{which}\",\"scanned-at\":\"{on}T09:00:00+08:00\",\
         \"code\":\"99{number:018}\",\"kind\":\"{kind}\",\"institution\":\"{INSTITUTION}\"}}"
    ))
}

/// Lines of settlements from a number on, each with a key of its own, three to a person; nothing is
/// wrong with them.
pub(super) fn lines(first: usize, count: usize) -> Vec<u8> {
    let mut lines = String::with_capacity(count * 360);
    for number in first..first + count {
        let (visit, item) = (number / 3, 100 + number % 400);
        let (day, minute) = (28 + visit % 3, visit % 60);
        let (institution, fen) = (visit % 60, 1_000 + number % 9_000);
        let (yuan, fen) = (fen / 100, fen % 100);
        let sex = if visit.is_multiple_of(2) { "female" } else { "male" };
        lines += &format!(
            "{{\"line\":\"YS-LOAD-{number:09}\",\"settlement\":\"YS-LOAD-{visit:09}\",\
             \"settled-at\":\"2026-12-{day}T10:{minute:02}:00+08:00\",\"care\":\"outpatient\",\
             \"institution\":\"I{institution:04}\",\"patient\":\"YS-LOAD-P{visit:09}\",\
             \"sex\":\"{sex}\",\"born-on\":\"1980-05-01\",\"item\":\"S{item:04}\",\
             \"item-kind\":\"service\",\"quantity\":1,\"amount\":\"{yuan}.{fen:02}\",\
             \"diagnoses\":[\"J45.9\",\"Z00\"]}}\n"
        );
    }
    lines.into_bytes()
}
