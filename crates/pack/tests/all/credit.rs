//! Points tables: what they may not leave out or misspell, and what is kept of them.

use base::{Date, Division};
use credit::{Counts, Lasts, Period};

use crate::town::{Town, check};

const FAIR: &str = "credit/fair.yaml";

fn fair(from: &str, to: &str, word: &str, at: &str, near: Option<&str>) {
    check(FAIR, from, to, word, at, near);
}

#[test]
fn registers_fields_and_place_are_known() {
    fair("place: \"90\"", "place: \"97\"", "credit-place", "\"97\"", None);
    fair("register: fair\n", "register: fairs\n", "unknown-register", "fairs", Some("fair"));
    fair("register: fair-points", "register: points", "unknown-register", "points", None);
    fair("names: fair", "names: fairs", "unknown-register-field", "fairs", Some("fair"));
    fair("names: fair", "names: why", "credit-field", "why", None);
    fair("points: points", "points: why", "credit-field", "why", None);
    fair("day: matter-on", "day: points", "credit-field", "points", None);
    fair("began: licensed-on", "began: name", "credit-field", "name", None);
    fair("credit: fair", "credit: fairs", "misnamed", "credit: fairs", Some("fair"));
    let basis = "basis:\n  - { act: 柳溪灯市条例（虚构）, article: 15, confidence: assumed }\n";
    fair(basis, "", "no-basis", "credit: fair", None);
}

#[test]
fn what_counts_from_a_beginning_says_which() {
    fair("began: licensed-on\n", "", "credit-began", "from: 2020-01-01", None);
    let town = Town::willow();
    let text = town.text(FAIR).replacen("began: licensed-on\n", "", 1);
    let text = text.replacen("    months: 12\n", "", 1);
    let rejected = town.with(FAIR, text).compile().expect_err("three years are counted");
    assert!(rejected.faults.iter().any(|fault| fault.word == "credit-began"));
}

#[test]
fn editions_follow_one_another_and_their_bounds_are_sound() {
    let word = "credit-table";
    fair("until: 2020-01-01", "until: 2021-01-01", word, "from: 2020-01-01", None);
    fair("until: 2020-01-01", "until: 2015-01-01", word, "from: 2016-01-01", None);
    fair(
        "points: 6, lasts_months: 3",
        "points: 0, lasts_months: 3",
        word,
        "from: 2016-01-01",
        None,
    );
    fair("lasts_months: 3", "lasts_months: 0", word, "from: 2016-01-01", None);
    fair("over_months: 36", "over_months: 0", word, "from: 2020-01-01", None);
    fair("months: 12", "months: 0", word, "from: 2020-01-01", None);
    fair("while: watched", "while: barred", word, "barred", None);
    fair("once: true", "once: true, over_months: 3", "credit-two-ways", "struck", None);
    fair("once: true", "once: true, lasts_months: 3", "credit-two-ways", "struck", None);
    let town = Town::willow();
    let (head, _) = town.text(FAIR).split_once("editions:").expect("editions");
    let rejected = town.with(FAIR, head.to_owned()).compile().expect_err("no editions");
    assert!(rejected.faults.iter().any(|fault| fault.word == "credit-editions"));
    let (head, rest) = town.text(FAIR).split_once("    bounds:").expect("bounds");
    let (_, second) = rest.split_once("  - from: 2020").expect("two editions");
    let without = format!("{head}  - from: 2020{second}");
    let rejected = town.with(FAIR, without).compile().expect_err("no bounds");
    assert!(rejected.faults.iter().any(|fault| fault.word == "credit-bounds"));
}

#[test]
fn what_is_kept_of_a_table() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let fair = &pack.credits["fair"];
    let [first, second] = fair.table.editions() else { panic!("two editions") };
    assert_eq!((first.period, second.period), (Period::CalendarYear, Period::Months(12)));
    let counts = |own: &credit::Edition| {
        let bounds = own.bounds.iter();
        bounds.map(|own| (own.counts.clone(), own.points, own.lasts)).collect::<Vec<_>>()
    };
    let watched = base::Name::new("watched").unwrap();
    let expected =
        [(Counts::Period, 6, Lasts::Months(3)), (Counts::While(watched), 6, Lasts::Open)];
    assert_eq!(counts(first), expected);
    let expected = [
        (Counts::Period, 5, Lasts::Period),
        (Counts::Months(36), 12, Lasts::Months(6)),
        (Counts::Once, 10, Lasts::Open),
    ];
    assert_eq!(counts(second), expected);
    let division = |code| Division::parse(code).unwrap();
    assert!(fair.rules_in(&division("900101")) && !fair.rules_in(&division("11")));
    let on = |text| fair.edition(Date::parse(text).unwrap());
    assert!(on("2015-12-31").is_none());
    assert_eq!(on("2019-12-31").unwrap().effects.len(), 2);
    assert_eq!(on("2020-01-01").unwrap().effects.len(), 3);
    // Points are looked up by whom they name.
    assert!(pack.registers["fair-points"].sought_by.contains("fair"));
}
