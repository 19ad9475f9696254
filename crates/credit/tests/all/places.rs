//! One history of points under the tables of three places, as reports have them and not the
//! official texts: one of 2007 with a deferral, one of 2010 with bands, and one that counts from
//! verification. Assumed: how long a deferral or a suspension lasts, and the first days of the
//! tables but for the years 2007 and 2010.

use base::{Date, Name};
use credit::{Bound, Counts, Edition, Event, History, Lasts, Period, Table, Unsound};

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn bound(effect: &str, counts: Counts, points: u32, lasts: Lasts) -> Bound {
    Bound { effect: Name::new(effect).unwrap(), counts, points, lasts }
}

fn table(from: &str, period: Period, bounds: Vec<Bound>) -> Table {
    Table::new(vec![Edition { from: day(from), until: None, period, bounds }]).unwrap()
}

/// 12 in a year: verification is deferred; more than 6 meanwhile: the licence ends.
fn with_deferral() -> Table {
    let deferred = Name::new("deferred").unwrap();
    let bounds = vec![
        bound("deferred", Counts::Period, 12, Lasts::Months(6)),
        bound("cancelled", Counts::While(deferred), 7, Lasts::Open),
    ];
    table("2007-01-01", Period::CalendarYear, bounds)
}

/// From 12, from 16, and more than 20 in a year.
fn with_bands() -> Table {
    let bounds = vec![
        bound("first-band", Counts::Period, 12, Lasts::Period),
        bound("second-band", Counts::Period, 16, Lasts::Period),
        bound("third-band", Counts::Period, 21, Lasts::Period),
    ];
    table("2010-01-01", Period::CalendarYear, bounds)
}

/// More than 24 in a year from verification, or more than 60 in three: deferred.
fn from_verification() -> Table {
    let bounds = vec![
        bound("deferred-by-the-year", Counts::Period, 25, Lasts::Months(6)),
        bound("deferred-by-three-years", Counts::Months(36), 61, Lasts::Months(6)),
    ];
    table("2010-01-01", Period::Months(12), bounds)
}

/// A clinic that was verified in May.
fn history() -> History {
    let events = [
        ("2018-06-01", 10),
        ("2018-11-20", 4),
        ("2019-01-10", 4),
        ("2019-02-15", 4),
        ("2019-03-01", 6),
        ("2019-08-01", 10),
        ("2020-02-01", 10),
        ("2020-09-01", 10),
        ("2021-03-01", 6),
    ];
    let events = events.map(|(on, points)| Event { on: day(on), points });
    History { events: events.to_vec(), began: vec![day("2018-05-10")] }
}

/// What lasts on a day: effects with their first day, and the points of the period.
fn check(
    table: &Table,
    on: &str,
    points: u32,
    lasting: &[(&str, &str)],
    next: Option<(&str, u32)>,
) {
    let standing = table.standing(&history(), day(on)).unwrap();
    assert_eq!(standing.points, points, "{on}");
    let lasts: Vec<(String, String)> =
        standing.lasting.iter().map(|own| (own.effect.to_string(), own.on.to_string())).collect();
    let wanted: Vec<(String, String)> =
        lasting.iter().map(|(effect, on)| ((*effect).to_owned(), (*on).to_owned())).collect();
    assert_eq!(lasts, wanted, "{on}");
    let left = standing.next.map(|(effect, left)| (effect.to_string(), left));
    assert_eq!(left, next.map(|(effect, left)| (effect.to_owned(), left)), "{on}");
}

#[test]
fn one_history_under_three_tables() {
    let deferral = with_deferral();
    check(&deferral, "2018-11-19", 10, &[], Some(("deferred", 2)));
    check(&deferral, "2018-11-20", 14, &[("deferred", "2018-11-20")], None);
    // The year is over and the deferral is not: 4 and 4 are more than 6.
    check(&deferral, "2019-01-10", 4, &[("deferred", "2018-11-20")], Some(("deferred", 8)));
    let both = [("deferred", "2018-11-20"), ("cancelled", "2019-02-15")];
    check(&deferral, "2019-02-15", 8, &both, Some(("deferred", 4)));

    let bands_of = with_bands();
    check(&bands_of, "2018-12-31", 14, &[("first-band", "2018-11-20")], Some(("second-band", 2)));
    check(&bands_of, "2019-01-01", 0, &[], Some(("first-band", 12)));
    let bands = ["first-band", "second-band", "third-band"];
    let days = ["2019-03-01", "2019-08-01", "2019-08-01"];
    let bands: Vec<(&str, &str)> = bands.into_iter().zip(days).collect();
    check(&bands_of, "2019-08-01", 24, &bands, None);

    let verified = from_verification();
    check(&verified, "2019-02-28", 22, &[], Some(("deferred-by-the-year", 3)));
    check(&verified, "2019-03-01", 28, &[("deferred-by-the-year", "2019-03-01")], None);
    check(
        &verified,
        "2019-05-10",
        0,
        &[("deferred-by-the-year", "2019-03-01")],
        Some(("deferred-by-the-year", 25)),
    );
    let long = [("deferred-by-three-years", "2021-03-01")];
    check(&verified, "2021-03-01", 16, &long, Some(("deferred-by-the-year", 9)));
}

/// Once it has passed verification, a party begins anew.
#[test]
fn a_period_that_somebody_begins_ends_the_one_before() {
    let mut passed = history();
    passed.began.push(day("2019-02-20"));
    let standing = from_verification().standing(&passed, day("2019-03-01")).unwrap();
    assert_eq!((standing.points, standing.lasting.len()), (6, 0));
    assert_eq!(standing.period, (day("2019-02-20"), day("2020-02-20")));
    let before = from_verification().standing(&passed, day("2019-02-19")).unwrap();
    assert_eq!(before.period, (day("2018-05-10"), day("2019-02-20")));
    let nobody = History { began: Vec::new(), ..history() };
    assert_eq!(
        from_verification().standing(&nobody, day("2019-03-01")),
        None,
        "no period can be told"
    );
    assert_eq!(with_bands().standing(&nobody, day("2009-03-01")), None, "no table holds");
}

/// Where the deferral is reached once more while it lasts, what is counted meanwhile goes on.
#[test]
fn more_points_are_never_milder() {
    let reached = |events: &[(&str, u32)]| {
        let events = events.iter().map(|(on, points)| Event { on: day(on), points: *points });
        let history = History { events: events.collect(), began: Vec::new() };
        let standing = with_deferral().standing(&history, day("2019-03-01")).unwrap();
        standing.reached.iter().any(|own| own.effect.as_str() == "cancelled")
    };
    assert!(reached(&[("2018-11-20", 12), ("2019-01-10", 7)]));
    assert!(reached(&[("2018-11-20", 12), ("2019-01-10", 12)]));
    assert!(reached(&[("2018-11-20", 12), ("2019-01-10", 6), ("2019-02-01", 6)]));
    assert!(!reached(&[("2018-11-20", 12), ("2019-01-10", 6)]));
    assert!(!reached(&[("2018-11-20", 20)]), "the points that defer are not counted once more");
}

/// Points before a new edition count under it, and what they had reached is not reached again.
#[test]
fn an_edition_counts_the_points_before_it() {
    let edition = |from, until: Option<&str>, points| Edition {
        from: day(from),
        until: until.map(day),
        period: Period::CalendarYear,
        bounds: vec![bound("deferred", Counts::Period, points, Lasts::Period)],
    };
    let reached = |points: (u32, u32), events: &[(&str, u32)]| {
        let old = edition("2018-03-01", Some("2020-07-01"), points.0);
        let table = Table::new(vec![old, edition("2020-07-01", None, points.1)]).unwrap();
        let events = events.iter().map(|(on, points)| Event { on: day(on), points: *points });
        let history = History { events: events.collect(), began: Vec::new() };
        let standing = table.standing(&history, day("2020-12-31")).unwrap();
        standing.reached.iter().map(|own| own.on.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(reached((12, 10), &[("2020-06-01", 11), ("2020-08-01", 3)]), ["2020-08-01"]);
    assert_eq!(reached((10, 12), &[("2020-06-01", 11), ("2020-08-01", 3)]), ["2020-06-01"]);
    assert_eq!(reached((12, 12), &[("2018-02-01", 13), ("2018-03-01", 3)]), ["2018-03-01"]);
}

/// What happened before a party first began is one period that ends there.
#[test]
fn before_the_first_beginning_there_is_one_period() {
    let bounds = vec![bound("suspended", Counts::Once, 12, Lasts::Period)];
    let table = table("2010-01-01", Period::Months(12), bounds);
    let early = Event { on: day("2018-01-01"), points: 12 };
    let history = History { events: vec![early], began: vec![day("2018-05-10")] };
    let standing = |on| table.standing(&history, day(on)).unwrap();
    assert_eq!(standing("2018-05-09").lasting.len(), 1);
    assert_eq!(standing("2018-05-10").lasting, []);
    assert_eq!(standing("2018-05-09").period.1, day("2018-05-10"));
}

#[test]
fn a_table_that_is_not_sound_is_none() {
    let unsound = |change: &dyn Fn(&mut Vec<Edition>)| {
        let bounds = vec![bound("deferred", Counts::Period, 12, Lasts::Period)];
        let edition = |from, until| Edition {
            from: day(from),
            until,
            period: Period::CalendarYear,
            bounds: bounds.clone(),
        };
        let until = Some(day("2020-01-01"));
        let mut editions = vec![edition("2007-01-01", until), edition("2020-01-01", None)];
        assert!(Table::new(editions.clone()).is_ok());
        change(&mut editions);
        Table::new(editions).unwrap_err()
    };
    let name = |text: &str| Name::new(text).unwrap();
    let over = Unsound::Days(day("2020-01-01"));
    assert_eq!(unsound(&|all| all[0].until = None), over);
    assert_eq!(unsound(&|all| all[0].until = Some(day("2020-01-02"))), over);
    let ends = Unsound::Days(day("2007-01-01"));
    assert_eq!(unsound(&|all| all[0].until = Some(day("2007-01-01"))), ends);
    let nothing = Unsound::Nothing(day("2020-01-01"));
    assert_eq!(unsound(&|all| all[1].period = Period::Months(0)), nothing);
    assert_eq!(unsound(&|all| all[1].bounds[0].points = 0), nothing);
    assert_eq!(unsound(&|all| all[1].bounds[0].lasts = Lasts::Months(0)), nothing);
    let again = |all: &mut Vec<Edition>| all[1].bounds.extend_from_within(..);
    assert_eq!(unsound(&again), Unsound::Twice(name("deferred")));
    let alone = |all: &mut Vec<Edition>| all[1].bounds[0].counts = Counts::While(name("barred"));
    assert_eq!(unsound(&alone), Unsound::NoEffect(name("barred")));
}

/// Doctors paid by the insurance (医保发〔2024〕23号): 12 at once bar for longer than 12 in sum.
#[test]
fn so_many_at_once_is_another_bound_than_in_sum() {
    let bounds = vec![
        bound("suspended", Counts::Period, 9, Lasts::Months(6)),
        bound("barred-a-year", Counts::Period, 12, Lasts::Months(12)),
        bound("barred-three-years", Counts::Once, 12, Lasts::Months(36)),
    ];
    let table = table("2024-09-01", Period::CalendarYear, bounds);
    let standing = |points: &[u32]| {
        let events = points.iter().map(|points| Event { on: day("2025-03-03"), points: *points });
        let history = History { events: events.collect(), began: Vec::new() };
        let standing = table.standing(&history, day("2026-06-01")).unwrap();
        standing.lasting.iter().map(|own| own.effect.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(standing(&[6, 6]), Vec::<String>::new(), "a year is over");
    assert_eq!(standing(&[12]), ["barred-three-years"]);
}
