//! Working days against the published table, its due dates, and a slow count day by day.

use base::{Calendar, Date, Term, Unit};
use proptest::prelude::*;

use crate::vectors::{rows, text};

fn published() -> Calendar {
    Calendar::from_csv(&text("packs/cn/calendar/workdays.csv")).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn the_published_table_is_read_whole() {
    let calendar = published();
    let table = rows("packs/cn/calendar/workdays.csv");
    assert_eq!(table.len(), 8401);
    for row in &table {
        assert_eq!(calendar.works(day(&row["date"])), row["is_workday"] == "1", "{row:?}");
    }
    let ends = (&table[0]["date"], &table[table.len() - 1]["date"]);
    assert_eq!((&calendar.first().to_string(), &calendar.last().to_string()), ends);
}

#[test]
fn due_dates_agree() {
    let calendar = published();
    let rows = rows("conformance/calendar/due_dates_sample_40.csv");
    assert_eq!(rows.len(), 40);
    for row in &rows {
        let (start, count) = (day(&row["start_date"]), row["n_days"].parse().unwrap());
        let ends = |unit| Term { count, unit }.due(start, &calendar);
        let working = ends(Unit::WorkingDays);
        let natural = ends(Unit::NaturalDays);
        assert_eq!(working.on, day(&row["due_if_n_working_days"]), "{row:?}");
        assert_eq!(
            natural.on,
            day(&row["due_if_n_natural_days_rolled_to_next_workday"]),
            "{row:?}"
        );
        assert_eq!(start.days_until(working.on).to_string(), row["calendar_days_elapsed"]);
        let unrolled = start.plus_days(i64::from(count)).unwrap();
        assert_eq!(unrolled, day(&row["due_if_n_natural_days_unrolled"]), "{row:?}");
        assert!(!working.provisional && !natural.provisional, "{row:?}");
        assert_eq!(calendar.works(start), row["start_is_workday"] == "1", "{row:?}");
        assert_eq!(calendar.elapsed(start, working.on), count, "{row:?}");
    }
}

/// The slow model: a list of published days and a walk along the week.
struct Slow<'a> {
    first: Date,
    works: &'a [bool],
}

impl Slow<'_> {
    fn works(&self, date: Date) -> bool {
        let mut at = self.first;
        for &works in self.works {
            if at == date {
                return works;
            }
            at = at.next();
        }
        // 1970-01-01 was a Thursday, so the week's first day is 3 days before it.
        let since_monday = (day("1970-01-01").days_until(date) + 3).rem_euclid(7);
        since_monday < 5
    }

    fn due(&self, start: Date, working_days: u32) -> Date {
        let (mut at, mut left) = (start, working_days);
        while left > 0 {
            at = at.next();
            left -= u32::from(self.works(at));
        }
        at
    }
}

fn written(first: Date, works: &[bool]) -> String {
    let mut day = first;
    let mut csv = String::from("is_workday,note,date\n");
    for &works in works {
        csv += &format!("{},,{day}\n", u8::from(works));
        day = day.next();
    }
    csv
}

proptest! {
    #[test]
    fn counting_agrees_with_a_walk_day_by_day(
        offset in 0i64..40_000,
        works in prop::collection::vec(any::<bool>(), 1..40),
        before in -20i64..60,
        count in 0u32..40,
    ) {
        let first = day("1950-01-01").plus_days(offset).unwrap();
        let calendar = Calendar::from_csv(&written(first, &works)).unwrap();
        let slow = Slow { first, works: &works };
        let start = first.plus_days(before).unwrap();
        let due = calendar.due(start, count);
        prop_assert_eq!(due.on, slow.due(start, count));
        prop_assert_eq!(due.provisional, count > 0 && due.on > calendar.last());
        prop_assert_eq!(calendar.elapsed(start, due.on), count);
        prop_assert_eq!(calendar.elapsed(due.on, start), 0);
        let rolled = calendar.roll_forward(start).on;
        let expected = if slow.works(start) { start } else { slow.due(start, 1) };
        prop_assert_eq!(rolled, expected);
    }

    #[test]
    fn a_calendar_read_in_two_parts_is_the_same(
        works in prop::collection::vec(any::<bool>(), 2..40),
        cut in any::<prop::sample::Index>(),
        overlap in any::<prop::sample::Index>(),
    ) {
        let first = day("2030-01-01");
        let cut = 1 + cut.index(works.len() - 1);
        let from = overlap.index(cut + 1);
        let second = first.plus_days(i64::try_from(from).unwrap()).unwrap();
        let mut calendar = Calendar::from_csv(&written(first, &works[..cut])).unwrap();
        let next = Calendar::from_csv(&written(second, &works[from..])).unwrap();
        calendar.extend(&next).unwrap();
        prop_assert_eq!(calendar, Calendar::from_csv(&written(first, &works)).unwrap());
    }
}

#[test]
fn a_broken_table_is_refused_by_line() {
    let check = |csv: &str, word: &str, part: &str| {
        let reason = Calendar::from_csv(csv).unwrap_err();
        assert_eq!(reason.word, word, "{csv}");
        assert!(reason.says.en.contains(part), "{}", reason.says.en);
        assert!(!reason.says.zh.is_empty());
    };
    let head = "date,is_workday\n2030-01-01,0\n";
    check("", "column", "`date` is missing");
    check("date\n2030-01-01\n", "column", "`is_workday` is missing");
    check("date,is_workday\n", "empty", "no days");
    check(&format!("{head}2030-01-03,1\n"), "row", "line 3: the days have a gap: `2030-01-02`");
    check(&format!("{head}2030-01-01,1\n"), "row", "line 3");
    check(&format!("{head}2030-01-02,yes\n"), "row", "line 3: `yes` is neither");
    check(&format!("{head}2030-02-30,1\n"), "row", "line 3: `2030-02-30` is not a day");
    check(&format!("{head}2030-01-02,1,1\n"), "row", "line 3: its columns differ");
}

#[test]
fn a_calendar_grows_only_at_its_end() {
    let check = |first: &str, works: &[bool], good: bool| {
        let mut calendar = Calendar::from_csv(&written(day("2030-01-01"), &[false; 10])).unwrap();
        let next = Calendar::from_csv(&written(day(first), works)).unwrap();
        let grown = calendar.extend(&next);
        assert_eq!(
            grown.map_err(|reason| reason.word),
            if good { Ok(()) } else { Err("calendar") }
        );
    };
    check("2030-01-11", &[true; 3], true);
    check("2030-01-12", &[true; 3], false);
    check("2030-01-10", &[false, true], true);
    check("2030-01-10", &[true, true], false);
    check("2030-01-05", &[false; 6], false);
    check("2029-12-31", &[true; 20], false);
}

#[test]
fn past_the_published_days_a_date_is_provisional() {
    // Monday 2029-12-31 to Sunday 2030-01-06; the Tuesday is a holiday, the Sunday made up for it.
    let works = [true, false, true, true, true, false, true];
    let calendar = Calendar::from_csv(&written(day("2029-12-31"), &works)).unwrap();
    let check = |term: &str, start: &str, on: &str, provisional: bool| {
        let due = Term::parse(term).unwrap().due(day(start), &calendar);
        assert_eq!((due.on, due.provisional), (day(on), provisional), "{term} {start}");
    };
    check("on-the-spot", "2030-01-05", "2030-01-05", false);
    check("on-the-spot", "2031-01-05", "2031-01-05", false);
    check("1 working day", "2029-12-31", "2030-01-02", false);
    check("4 working days", "2029-12-31", "2030-01-06", false);
    check("5 working days", "2029-12-31", "2030-01-07", true);
    check("1 natural day", "2029-12-31", "2030-01-02", false);
    check("5 natural days", "2029-12-31", "2030-01-06", false);
    check("1 month", "2029-12-01", "2030-01-02", false);
    check("1 month", "2029-12-31", "2030-01-31", true);
    check("3 months", "2029-11-30", "2030-02-28", true);
    check("1 year", "2029-01-05", "2030-01-06", false);
    check("9999 years", "2029-01-05", "9999-12-31", true);
}
