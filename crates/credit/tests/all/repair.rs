//! One penalty under the old and the new national rules of publication and repair, as reports have
//! them. Assumed: which day the trial rules of 2023 began, that they knew the same three gravities
//! and did not publish what is slight, that the new rules rule what was decided before, and that
//! what is not put right stays.

use std::collections::BTreeMap;

use base::Name;
use credit::{Clock, Penalty, Published, Regime, Regimes, Repair, Shown};

use crate::places::day;

fn clock(shown: Shown, months_min: u32, months_max: u32) -> Clock {
    let grave = shown == Shown::Always;
    Clock { shown, months_min, months_max, until_right: grave, pledged: grave }
}

fn regime(from: &str, earlier: bool, clocks: &[(&str, Clock)]) -> Regime {
    let clocks = clocks.iter().map(|(name, clock)| (Name::new(name).unwrap(), *clock));
    Regime { from: day(from), earlier, clocks: clocks.collect::<BTreeMap<_, _>>() }
}

fn national(earlier: bool) -> Regimes {
    let old = [
        ("slight", clock(Shown::Never, 0, 0)),
        ("ordinary", clock(Shown::Always, 3, 36)),
        ("serious", clock(Shown::Always, 12, 36)),
    ];
    let new = [
        ("slight", clock(Shown::WhereNeeded, 0, 3)),
        ("ordinary", clock(Shown::Always, 3, 12)),
        ("serious", clock(Shown::Always, 12, 36)),
    ];
    let regimes = vec![regime("2023-05-01", false, &old), regime("2026-04-01", earlier, &new)];
    Regimes::new(regimes).unwrap()
}

fn fine(gravity: &str, corrected: Option<&str>, pledged: Option<&str>) -> Penalty {
    Penalty {
        decided_on: day("2025-02-10"),
        gravity: Name::new(gravity).unwrap(),
        needed: false,
        corrected_on: corrected.map(day),
        pledged_on: pledged.map(day),
        repaired_on: None,
    }
}

fn published(shown: bool, until: Option<&str>, repair: Repair) -> Published {
    Published { shown, until: until.map(day), repair }
}

#[test]
fn one_penalty_under_the_old_and_the_new_rules() {
    let right = fine("ordinary", Some("2025-04-01"), Some("2025-06-20"));
    let from = Repair::From(day("2025-06-20"));
    for (earlier, on, wanted) in [
        (false, "2025-02-09", published(false, None, Repair::Over)),
        (false, "2025-02-10", published(true, None, Repair::NotCorrected)),
        (false, "2025-05-20", published(true, Some("2028-02-10"), Repair::NotPledged)),
        (false, "2025-06-20", published(true, Some("2028-02-10"), from)),
        // From 2026-04-01 a year is the most, and that is over.
        (true, "2026-03-31", published(true, Some("2028-02-10"), from)),
        (true, "2026-04-01", published(false, Some("2026-04-01"), Repair::Over)),
        (false, "2026-04-01", published(true, Some("2028-02-10"), from)),
        (false, "2028-02-10", published(false, Some("2028-02-10"), Repair::Over)),
    ] {
        assert_eq!(national(earlier).published(&right, day(on)).unwrap(), wanted, "{on} {earlier}");
    }
}

#[test]
fn what_is_not_put_right_stays_published() {
    let wrong = fine("ordinary", None, Some("2025-06-20"));
    let stays = published(true, None, Repair::NotCorrected);
    assert_eq!(national(true).published(&wrong, day("2030-01-01")).unwrap(), stays);
    let late = fine("ordinary", Some("2030-01-02"), Some("2025-06-20"));
    assert_eq!(national(true).published(&late, day("2030-01-01")).unwrap(), stays);
    let over = published(false, Some("2030-01-02"), Repair::Over);
    assert_eq!(national(true).published(&late, day("2030-01-02")).unwrap(), over);
}

#[test]
fn a_repair_ends_it_and_is_never_later_than_the_end() {
    let mut repaired = fine("serious", Some("2025-03-01"), Some("2025-03-01"));
    let before = national(true).published(&repaired, day("2026-02-09")).unwrap();
    assert_eq!(before.repair, Repair::From(day("2026-02-10")), "a year is the least");
    repaired.repaired_on = Some(day("2026-03-05"));
    let after = national(true).published(&repaired, day("2026-03-05")).unwrap();
    assert_eq!(after, published(false, Some("2026-03-05"), Repair::Granted(day("2026-03-05"))));
    assert!(national(true).published(&repaired, day("2026-03-04")).unwrap().shown);
    repaired.repaired_on = Some(day("2029-03-05"));
    let over = national(true).published(&repaired, day("2030-03-05")).unwrap();
    assert_eq!(over, published(false, Some("2028-02-10"), Repair::Over), "it was over before");
}

#[test]
fn what_is_slight_is_published_where_it_must_be_and_for_three_months() {
    let slight = fine("slight", None, None);
    for on in ["2025-02-20", "2026-04-02"] {
        let not = national(true).published(&slight, day(on)).unwrap();
        assert_eq!(not, published(false, Some("2025-02-10"), Repair::Over));
    }
    let mut needed = slight;
    needed.decided_on = day("2026-05-01");
    needed.needed = true;
    let wrong = national(false).published(&needed, day("2026-05-04")).unwrap();
    assert_eq!(wrong, published(true, Some("2026-08-01"), Repair::NotCorrected));
    needed.corrected_on = Some(day("2026-05-03"));
    let right = national(false).published(&needed, day("2026-05-04")).unwrap();
    assert_eq!(right, published(true, Some("2026-08-01"), Repair::From(day("2026-05-03"))));
    assert!(!national(false).published(&needed, day("2026-08-01")).unwrap().shown);
}

#[test]
fn regimes_follow_one_another() {
    let one = regime("2023-05-01", false, &[]);
    assert_eq!(Regimes::new(vec![one.clone(), one.clone()]), None);
    let regimes = Regimes::new(vec![one]).unwrap();
    assert!(regimes.of(day("2023-04-30"), day("2026-01-01")).is_none());
    assert!(regimes.published(&fine("grave", None, None), day("2026-01-01")).is_none());
}
