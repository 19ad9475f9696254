//! Tables: what a condition yields, and what a broken one is told.

use std::{env, fmt::Write, fs};

use base::Fen;
use rules::{Type, Value, Verdict};

use crate::willow::{compiled, known, name, status};

/// Conditions, and what they are of the town's facts: `t`, `f`, or the facts that are missing.
const VERDICTS: &[(&str, &str)] = &[
    ("true", "t"),
    ("fenced", "t"),
    ("not fenced", "f"),
    ("staffed", "staffed"),
    ("not staffed", "staffed"),
    // Kleene's tables.
    ("fenced and staffed", "staffed"),
    ("staffed and fenced", "staffed"),
    ("not fenced and staffed", "f"),
    ("staffed and not fenced", "f"),
    ("fenced or staffed", "t"),
    ("staffed or fenced", "t"),
    ("not fenced or staffed", "staffed"),
    ("staffed or not staffed", "staffed"),
    ("staffed and deposit > fee", "deposit staffed"),
    ("staffed and beds > 10", "staffed"),
    // How tightly things bind.
    ("true or true and false", "t"),
    ("(true or true) and false", "f"),
    ("not true or true", "t"),
    ("not (true or true)", "f"),
    ("not not fenced", "t"),
    ("not beds = 12", "f"),
    ("beds = 2 + 2 * 5", "t"),
    ("beds = (2 + 1) * 4", "t"),
    ("beds = 20 - 5 - 3", "t"),
    ("beds - 2 = figure.beds-min", "t"),
    // Comparisons.
    ("beds != 12", "f"),
    ("beds < 12", "f"),
    ("beds <= 12", "t"),
    ("beds > 12", "f"),
    ("beds >= 12", "t"),
    ("fee = 3.50 yuan", "t"),
    ("fee * 2 >= 7 yuan", "t"),
    ("2 * fee > 7 yuan", "f"),
    ("fee + deposit > 1 yuan", "deposit"),
    ("filed-on > 2031-02-28", "t"),
    ("room.status = 'open'", "t"),
    ("\"shut\" = room.status", "f"),
    ("room.status != room.was", "room.was"),
    ("room.was != room.status", "room.was"),
    ("herb = 'mint'", "t"),
    ("room.name = '柳镇草药房'", "t"),
    ("applicant = applicant", "t"),
    ("staffed = staffed", "staffed"),
    // Sets and places.
    ("herb in room.herbs", "t"),
    ("'ginger' in room.herbs", "f"),
    ("room.status in ('shut', 'open')", "t"),
    ("room.was in ('shut', 'open')", "room.was"),
    ("beds in (1, 2)", "f"),
    ("room.place within body.division", "t"),
    ("body.division within room.place", "f"),
    ("count(room.herbs) = 2", "t"),
    ("'柳' in visit.remarks", "t"),
    ("room.name in visit.remarks", "f"),
    ("count(visit.remarks) = 2", "t"),
    ("visit.remarks = '柳'", "f"),
    // Days.
    ("years(keeper.worked-since, filed-on) = 7", "t"),
    ("years(keeper.worked-since, 2031-02-28) = 7", "t"),
    ("years(keeper.worked-since, 2031-02-27) = 6", "t"),
    ("days(2031-02-28, filed-on) = 1", "t"),
    ("days(filed-on, 2031-02-28) < 0", "t"),
    ("plus_days(2031-02-28, 1) = filed-on", "t"),
    ("plus_days(filed-on, 0 - 1) = 2031-02-28", "t"),
    ("plus_months(2031-01-31, 1) = 2031-02-28", "t"),
    ("plus_months(2031-01-31, beds + 1) = 2032-02-29", "t"),
    ("plus_years(2028-02-29, 1) = 2029-02-28", "t"),
    ("plus_years(2028-02-29, 4) = 2032-02-29", "t"),
    // A term has no negative length, and no day lies beyond the year 9999.
    ("plus_months(filed-on, 0 - 1) < filed-on", ""),
    ("plus_years(filed-on, 0 - 1) < filed-on", ""),
    ("plus_years(filed-on, 8000) > filed-on", ""),
    ("plus_days(filed-on, 9223372036854775807) > filed-on", ""),
    // Moments: whole minutes, rounded down.
    ("minutes(visit.began-at, visit.ended-at) = 45", "t"),
    ("minutes(visit.ended-at, visit.began-at) = 0 - 46", "t"),
    ("minutes(visit.began-at, visit.began-at) = 0", "t"),
    ("visit.began-at < visit.ended-at", "t"),
    ("visit.began-at = visit.ended-at", "f"),
    ("max(visit.began-at, visit.ended-at) = visit.ended-at", "t"),
    // Numbers with decimals take their scale from what they are held against.
    ("weight = 1.25", "t"),
    ("1.25 = weight", "t"),
    ("weight > 1.2", "t"),
    ("weight >= 1", "t"),
    ("2 <= weight", "f"),
    ("weight in (0.5, 1.25)", "t"),
    ("weight in (1, 2)", "f"),
    ("min(weight, 0.5) = 0.50", "t"),
    ("max(1, weight) = weight", "t"),
    ("weight = (if fenced then 1.25 else weight)", "t"),
    ("dose > 0.5", "dose"),
    // Parts of a whole, half a unit rounded away from nothing.
    ("share(beds, 1, 8) = 2", "t"),
    ("share(beds, 1, 9) = 1", "t"),
    ("share(0 - beds, 1, 8) = 0 - 2", "t"),
    ("share(3.50 yuan, 8, 100) = 0.28 yuan", "t"),
    ("share(fee, 1, 1000) = 0 yuan", "t"),
    ("share(fee, 1, 700) = 0.01 yuan", "t"),
    ("share(deposit, 1, 2) > 0 yuan", "deposit"),
    ("share(beds, 1, 0) > 0", ""),
    ("share(beds, 1, 0 - 1) > 0", ""),
    ("share(9223372036854775807, 9223372036854775807, 9223372036854775807) > 0", "t"),
    ("share(9223372036854775807, 2, 1) > 0", ""),
    // Choosing.
    ("min(beds, 3) = 3 and max(beds, 3) = 12", "t"),
    ("max(fee, deposit) > 1 yuan", "deposit"),
    ("if fenced then beds = 12 else staffed", "t"),
    ("if staffed then true else true", "staffed"),
    ("if fenced then staffed else true", "staffed"),
    ("if fenced then false else staffed", "f"),
    ("room.status = (if fenced then room.was else room.status)", "room.was"),
    // Known and missing.
    ("fenced is known", "t"),
    ("staffed is known", "f"),
    ("staffed is missing", "t"),
    ("keeper.id-number is known", "t"),
    ("staffed is missing or staffed", "t"),
    // What does not fit an `i64` is not true, nor false.
    ("9223372036854775807 + 1 > 0", ""),
    ("not (9223372036854775807 + 1 > 0)", ""),
    ("9223372036854775807 * 2 > 0 or fenced", "t"),
    ("92233720368547758.07 yuan * 2 > fee", ""),
];

#[test]
fn conditions_hold_or_not_or_cannot_be_told() {
    for (source, expected) in VERDICTS {
        let condition = compiled(source, &Type::Boolean).map_err(|f| format!("{source}: {f:?}"));
        let shown = match condition.unwrap().verdict(&known()) {
            Verdict::True => "t".to_owned(),
            Verdict::False => "f".to_owned(),
            Verdict::Undetermined { missing } => Vec::from_iter(missing).join(" "),
        };
        assert_eq!(shown, *expected, "{source}");
    }
}

#[test]
fn expressions_yield_values_of_the_kind_wanted() {
    let check = |source: &str, wanted: Type, expected: Option<Value>| {
        let expression = compiled(source, &wanted).map_err(|f| format!("{source}: {f:?}"));
        let expression = expression.unwrap();
        assert_eq!(expression.value(&known()), expected, "{source}");
        assert_eq!(expression.source(), source);
    };
    let choice = |option: &str| Some(Value::Choice(name(option)));
    check("'open'", status(), choice("open"));
    check("if fenced then 'shut' else 'open'", status(), choice("shut"));
    check("if staffed then 'shut' else 'open'", status(), None);
    check("if fenced then 'shut' else room.status", status(), choice("shut"));
    check("if fenced then room.status else room.was", status(), choice("open"));
    check("if fenced then room.was else room.status", status(), None);
    check("room.was", status(), None);
    check("'mint'", Type::Code(name("herbs")), Some(Value::Code("mint".into())));
    check("'柳'", Type::Text, Some(Value::Text("柳".into())));
    check("beds * fee", Type::Money, Some(Value::Money(Fen(4200))));
    check("fee - 4 yuan", Type::Money, Some(Value::Money(Fen(-50))));
    check("2031-01-31", Type::Date, Some(day_value()));
    check("title", Type::Bilingual, known().get("title").cloned());
    check("room.herbs", Type::Codes(name("herbs")), known().get("room.herbs").cloned());
    check("deposit", Type::Money, None);
    check("0.5", Type::Decimal(2), Some(Value::Decimal { units: 50, places: 2 }));
    check("3", Type::Decimal(2), Some(Value::Decimal { units: 300, places: 2 }));
}

#[test]
fn numbers_are_written_with_all_their_decimals() {
    let check = |units: i64, places: u8, expected: &str| {
        assert_eq!(Value::Decimal { units, places }.to_string(), expected);
    };
    check(125, 2, "1.25");
    check(5, 2, "0.05");
    check(-5, 2, "-0.05");
    check(-120, 1, "-12.0");
    check(0, 0, "0");
    check(i64::MIN, 9, "-9223372036.854775808");
}

fn day_value() -> Value {
    Value::Date(crate::willow::day("2031-01-31"))
}

#[test]
fn a_fact_of_another_kind_counts_as_missing() {
    let check = |source: &str, path: &str, value: Value| {
        let condition = compiled(source, &Type::Boolean).unwrap();
        let mut facts = known();
        facts.insert(path.to_owned(), value);
        let missing = [path.to_owned()].into();
        assert_eq!(condition.verdict(&facts), Verdict::Undetermined { missing }, "{source}");
    };
    check("beds > 10", "beds", Value::Text("1".into()));
    check("beds != 10", "beds", Value::Sealed);
    check("fenced", "fenced", Value::Integer(1));
    check("not (beds in (1, 2))", "beds", Value::Money(Fen(5)));
    check("fee >= beds * 0.01 yuan", "fee", Value::Integer(1));
    check("room.status != 'open'", "room.status", Value::Text("open".into()));
    check("min(beds, 3) = 3", "beds", Value::Date(crate::willow::day("2031-01-01")));
    check("weight > 0.5", "weight", Value::Decimal { units: 6, places: 1 });
    check("minutes(visit.began-at, visit.ended-at) > 3", "visit.ended-at", Value::Integer(1));
}

#[test]
fn the_facts_used_are_known() {
    let check = |source: &str, facts: &[&str], asks: bool| {
        let condition = compiled(source, &Type::Boolean).unwrap();
        assert_eq!(condition.facts_used().collect::<Vec<_>>(), facts, "{source}");
        assert_eq!(condition.asks_whether_missing(), asks, "{source}");
    };
    check("true", &[], false);
    check("beds > 3 and beds < 9 or fenced", &["beds", "fenced"], false);
    check("if fenced then beds in (1, 2) else staffed", &["beds", "fenced", "staffed"], false);
    check("staffed is missing", &["staffed"], true);
    check("not (staffed is known)", &["staffed"], true);
    check("count(room.herbs) = min(beds, 2)", &["beds", "room.herbs"], false);
}

/// Broken conditions; what each is told stands in `faults.txt`.
const BROKEN: &[&str] = &[
    "",
    "   ",
    "bedz > 3",
    "柳 > 3",
    "beds > ",
    "beds > 3 and",
    "beds 3",
    "beds > 3 > 2",
    "(beds > 3",
    "beds > 3)",
    "beds == 3",
    "beds && fenced",
    "beds = 'three'",
    "beds + fee > 3",
    "fee * fee > 3 yuan",
    "beds > 3.5",
    "fee > 3.555 yuan",
    "filed-on > 2031-02-30",
    "filed-on > '2031-02-03'",
    "beds-figure.beds-min > 3",
    "room.name < 'b'",
    "fenced > staffed",
    "beds",
    "not beds",
    "beds and fee",
    "room.status = 'opne'",
    "room.status in ('open', 'shot', 'shut', 'viod')",
    "herb = 'sagge'",
    "'gingr' in room.herbs",
    "herb in beds",
    "herb in visit.remarks",
    "visit.remarks > '柳'",
    "room.status in room.herbs",
    "room.place within '99'",
    "room.place within beds",
    "keeper.id-number = 'x'",
    "keeper.id-numbr is known",
    "(beds + 1) is known",
    "beds is 3",
    "contains(beds)",
    "yeers(filed-on, filed-on) > 1",
    "years(filed-on) > 1",
    "years(filed-on, beds) > 1",
    "count(beds) = 1",
    "min(fenced, staffed)",
    "share(beds, 8)",
    "share(filed-on, 1, 2) > 0",
    "share(beds, fee, 2) > 0",
    "share(beds, 1, 2) > fee",
    "shares(beds, 1, 2) > 0",
    "plus_days(beds, 1) > filed-on",
    "plus_months(filed-on, fee) > filed-on",
    "plus_years(filed-on) > filed-on",
    "plus_years(filed-on, 1) > 3",
    "plus_weeks(filed-on, 1) > filed-on",
    "max(beds, fee) > 3",
    "if fenced then staffed",
    "if beds then staffed else 3",
    "room.name = '柳",
    "99999999999999999999 > beds",
    "title = room.name",
    "bedz > 3 and fenz or feee = 3 yuan",
    "weight > 0.125",
    "weight > 1.",
    "weight > 1.0000000001",
    "weight > 99999999999999999.9",
    "weight > 100000000000000000",
    "weight > dose",
    "weight + weight > 1.5",
    "weight * 2 > 1.5",
    "weight > beds",
    "0.5 < 0.7",
    "'柳' = 0.5",
    "beds * 0.5 > 3",
    "minutes(visit.began-at) > 3",
    "minutes(visit.began-at, filed-on) > 3",
    "visit.began-at > filed-on",
    "visit.began-at > '2031-03-01T08:00:00+08:00'",
    "minuts(visit.began-at, visit.ended-at) > 3",
];

#[test]
fn every_broken_condition_is_told_why() {
    let mut shown = String::new();
    for source in BROKEN {
        let faults = compiled(source, &Type::Boolean).expect_err(source);
        assert!(!faults.is_empty(), "{source}");
        writeln!(shown, "=== `{source}`").unwrap();
        for fault in faults {
            let part = source.get(fault.at.start..fault.at.end).expect(source);
            writeln!(shown, "{} at `{part}` ({})", fault.word, fault.at.start).unwrap();
            writeln!(shown, "  {}\n  {}", fault.says.zh, fault.says.en).unwrap();
            if let Some(near) = fault.near {
                writeln!(shown, "  did you mean `{near}`?").unwrap();
            }
        }
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/faults.txt");
    if env::var_os("GOLDEN").is_some() {
        fs::write(golden, &shown).unwrap();
    }
    assert_eq!(shown, fs::read_to_string(golden).unwrap(), "GOLDEN=1 rewrites faults.txt");
}

/// However long or deep, a condition is compiled or refused; it never uses up the stack.
#[test]
fn no_condition_is_too_much() {
    let check = |source: String, expected: Option<&str>| {
        let word = compiled(&source, &Type::Boolean).err().map(|faults| faults[0].word);
        assert_eq!(word, expected, "{}", &source[..40]);
    };
    let beds = |count: usize| format!("beds in (1{})", ", 2".repeat(count));
    check(beds(5000), None);
    check(format!("fenced{}", " and fenced".repeat(100)), None);
    for count in [5_000, 100_000] {
        check(format!("fenced{}", " and fenced".repeat(count)), Some("too-deep"));
        check(format!("beds{} > 3", " + beds".repeat(count)), Some("too-deep"));
        check(format!("{}fenced", "not ".repeat(count)), Some("too-deep"));
        check(format!("{}fenced", "(".repeat(count)), Some("too-deep"));
        check(format!("{}fenced", "if fenced then fenced else ".repeat(count)), Some("too-deep"));
    }
}
