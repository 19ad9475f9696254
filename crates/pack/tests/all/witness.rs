//! Who gains and who loses, held against a slow search: every applicant of a small world is asked
//! under both conditions, and each whose verdict differs must be named; each that is named must
//! differ.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Name};
use pack::diff::witness::{
    Asked, Candidate, Found, Ground, Holds, Part, Region, Span, Version, compare,
};
use proptest::{prelude::*, sample::select};
use rules::{Expression, Scope, Type, Value, compile};

/// Parts of conditions whose turning points are all known.
const PLAIN: [&str; 20] = [
    "a >= 3",
    "a = 5",
    "a < figure.n",
    "4 > b",
    "b != 2",
    "k = 'x'",
    "k in ('x', 'z')",
    "t",
    "c = 'p'",
    "c in ('p', 'q')",
    "s = 'p'",
    "count(s) >= 2",
    "f > 1",
    "f is missing",
    "a >= (if k = 'x' then 2 else if t then figure.n else 6)",
    "years(d, filed-on) >= figure.n",
    "years(d, filed-on) = 3",
    "days(d, filed-on) < 400",
    "a in (1, 4, 7)",
    "filed-on < 2020-01-01",
];

/// Parts that tie facts together.
const TIED: [&str; 4] = ["a + b >= 6", "a * 2 > b", "c in s", "min(a, b) < 4"];

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

fn kinds() -> Vec<(&'static str, Type, bool)> {
    let options = ["x", "y", "z"].map(name).into();
    vec![
        ("a", Type::Integer, false),
        ("b", Type::Integer, false),
        ("c", Type::Code(name("letters")), false),
        ("d", Type::Date, false),
        ("f", Type::Integer, true),
        ("k", Type::Choice(options), false),
        ("s", Type::Codes(name("letters")), false),
        ("t", Type::Boolean, false),
    ]
}

fn letters() -> BTreeSet<String> {
    ["p", "q", "r", "u", "v"].map(str::to_owned).into()
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn condition(source: &str) -> Expression {
    let mut scope = Scope::default();
    scope.codes(&name("letters"), letters());
    kinds().into_iter().for_each(|(path, kind, _)| scope.fact(path, kind));
    scope.fact("figure.n", Type::Integer);
    scope.fact("filed-on", Type::Date);
    compile(source, &scope, &Type::Boolean).unwrap_or_else(|faults| panic!("{source}: {faults:?}"))
}

fn version(that: &Expression, figure: i64) -> Version<'_> {
    let fixed =
        [("figure.n", Value::Integer(figure)), ("filed-on", Value::Date(day("2020-03-01")))];
    Version {
        that: Some(that),
        fixed: fixed.map(|(path, value)| (path.to_owned(), value)).into(),
        asked: kinds()
            .into_iter()
            .map(|(path, kind, optional)| (path.to_owned(), Asked { kind, optional }))
            .collect(),
    }
}

fn found(before: &Version<'_>, after: &Version<'_>) -> Found {
    let codes = BTreeMap::from([(name("letters"), letters())]);
    compare(before, after, &Ground { codes, places: Vec::new(), day: day("2020-03-01") })
}

/// What a fact of the small world may be.
fn values(path: &str) -> Vec<Option<Value>> {
    let codes =
        |codes: &[&str]| Value::Codes(codes.iter().map(|code| (*code).to_owned()).collect());
    let of: Vec<Value> = match path {
        "a" | "b" => (0..=9).map(Value::Integer).collect(),
        "c" => ["p", "q", "r", "u"].map(|code| Value::Code(code.to_owned())).into(),
        "d" => [
            "2014-07-01",
            "2015-03-01",
            "2015-03-02",
            "2016-03-01",
            "2016-03-02",
            "2017-02-28",
            "2017-03-01",
            "2017-03-02",
            "2019-01-26",
            "2019-01-27",
            "2020-02-29",
            "2021-01-01",
        ]
        .map(|text| Value::Date(day(text)))
        .into(),
        "f" => return [None].into_iter().chain((0..4).map(|n| Some(Value::Integer(n)))).collect(),
        "k" => ["x", "y", "z"].map(|option| Value::Choice(name(option))).into(),
        "s" => vec![
            codes(&[]),
            codes(&["p"]),
            codes(&["q"]),
            codes(&["p", "q"]),
            codes(&["r", "u"]),
            codes(&["p", "q", "r", "u", "v"]),
        ],
        _ => vec![Value::Boolean(true), Value::Boolean(false)],
    };
    of.into_iter().map(Some).collect()
}

/// Every applicant of the small world who differs in what the conditions use.
fn everybody(before: &Expression, after: &Expression) -> Vec<BTreeMap<String, Value>> {
    let used: BTreeSet<&str> = before.facts_used().chain(after.facts_used()).collect();
    let mut all: Vec<BTreeMap<String, Value>> = vec![BTreeMap::new()];
    for (path, ..) in kinds().into_iter().filter(|(path, ..)| used.contains(path)) {
        let with = |applicant: &BTreeMap<String, Value>, value: Option<Value>| {
            let fact = value.map(|value| (path.to_owned(), value));
            applicant.clone().into_iter().chain(fact).collect::<BTreeMap<_, _>>()
        };
        all = all.iter().flat_map(|a| values(path).into_iter().map(|v| with(a, v))).collect();
    }
    all
}

/// Whether an applicant is one of those that a region names.
fn lies(applicant: &BTreeMap<String, Value>, region: &Region, named: &BTreeSet<String>) -> bool {
    region.spans.iter().all(|span| within(applicant.get(&span.path), span, named))
}

fn within(value: Option<&Value>, span: &Span, named: &BTreeSet<String>) -> bool {
    let set = |value: Option<&Value>| match value {
        Some(Value::Codes(codes)) => codes.clone(),
        _ => BTreeSet::new(),
    };
    let value = match &span.part {
        Part::Whole => value.cloned(),
        Part::Has(code) => Some(Value::Boolean(set(value).contains(code))),
        Part::Others => {
            let others = set(value).iter().filter(|code| !named.contains(*code)).count();
            Some(Value::Integer(i64::try_from(others).expect("a few")))
        }
    };
    if span.among.is_empty() {
        let from = span.from.as_ref().is_none_or(|from| value.as_ref() >= Some(from));
        return value.is_some()
            && from
            && span.to.as_ref().is_none_or(|to| value.as_ref() <= Some(to));
    }
    let is = |candidate: &Candidate| match candidate {
        Candidate::Missing => value.is_none(),
        Candidate::Is(known) => value.as_ref() == Some(known),
        Candidate::Other(Value::Code(_)) => match &value {
            Some(Value::Code(code)) => !named.contains(code),
            _ => false,
        },
        Candidate::Other(_) => value.is_some(),
    };
    span.among.iter().any(is)
}

/// Holds what was found against every applicant of the small world.
fn check(before: &str, after: &str, figures: (i64, i64)) -> Found {
    let (old, new) = (condition(before), condition(after));
    let (was, is) = (version(&old, figures.0), version(&new, figures.1));
    let found = found(&was, &is);
    let named: BTreeSet<String> = letters()
        .into_iter()
        .filter(|code| [before, after].iter().any(|text| text.contains(&format!("'{code}'"))))
        .collect();
    for region in &found.regions {
        let shift = (was.holds(&region.witness), is.holds(&region.witness));
        assert_eq!(shift, (region.before, region.after), "`{before}` to `{after}`: {region:?}");
        assert_ne!(region.before, region.after);
    }
    for applicant in everybody(&old, &new) {
        let shift = (was.holds(&applicant), is.holds(&applicant));
        let mut regions = found.regions.iter().filter(|region| lies(&applicant, region, &named));
        if !found.exhaustive {
            continue;
        }
        let says = format!("`{before}` to `{after}` of {applicant:?}: {:?}", found.regions);
        if shift.0 == shift.1 {
            assert!(regions.next().is_none(), "no change, {says}");
        } else {
            let mut regions = regions.peekable();
            assert!(regions.peek().is_some(), "missed, {says}");
            assert!(regions.all(|r| (r.before, r.after) == shift), "{says}");
        }
    }
    found
}

fn conditions(parts: Vec<&'static str>) -> impl Strategy<Value = String> {
    let leaf = select(parts).prop_map(|part| format!("({part})"));
    leaf.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), select(vec!["and", "or"]), inner.clone());
        prop_oneof![
            inner.prop_map(|part| format!("not {part}")),
            two.prop_map(|(a, word, b)| format!("({a} {word} {b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Where every turning point is known, nobody is missed and nobody is named wrongly.
    #[test]
    fn nobody_is_missed(
        before in conditions(PLAIN.to_vec()),
        after in conditions(PLAIN.to_vec()),
        figures in (2_i64..5, 2_i64..5),
    ) {
        let found = check(&before, &after, figures);
        prop_assert_eq!(found.exhaustive, found.tried == found.all);
    }

    /// Where facts are tied together only examples are given, and each of them is one.
    #[test]
    fn examples_are_true(
        before in conditions([PLAIN.as_slice(), &TIED].concat()),
        after in conditions(TIED.to_vec()),
    ) {
        let found = check(&before, &after, (3, 4));
        prop_assert!(!found.exhaustive && found.regions.iter().all(|region| region.example));
    }
}

#[test]
fn who_gains_is_told_by_the_facts_that_matter() {
    let check = |before: &str, after: &str, figures, expected: &[(Holds, Holds, &str)]| {
        let found = check(before, after, figures);
        let said: Vec<(Holds, Holds, String)> = found
            .regions
            .iter()
            .map(|region| (region.before, region.after, spans(region)))
            .collect();
        let expected: Vec<(Holds, Holds, String)> =
            expected.iter().map(|(b, a, text)| (*b, *a, (*text).to_owned())).collect();
        assert_eq!(said, expected, "`{before}` to `{after}`");
        assert!(found.exhaustive, "`{before}` to `{after}`");
    };
    use Holds::{No, Open, Yes};
    check("a >= 3", "a >= 3", (3, 3), &[]);
    check("a >= 3", "not a < 3", (3, 3), &[]);
    check("a >= 5", "a >= 3", (3, 3), &[(No, Yes, "a 3..4")]);
    check("a >= figure.n", "a >= figure.n", (3, 5), &[(Yes, No, "a 3..4")]);
    check("a >= 5 and k = 'x'", "a >= 3 and k = 'x'", (3, 3), &[(No, Yes, "a 3..4, k x")]);
    check("t", "true", (3, 3), &[(No, Yes, "t no")]);
    check("t or a < 3", "t", (3, 3), &[(Yes, No, "a ..2, t no")]);
    check(
        "f > 1",
        "a > 1 and t",
        (3, 3),
        &[
            (No, Yes, "a 2.., f ..1, t yes"),
            (Yes, No, "a ..1, f 2.."),
            (Yes, No, "f 2.., t no"),
            (Open, Yes, "a 2.., f missing, t yes"),
            (Open, No, "a ..1, f missing"),
            (Open, No, "f missing, t no"),
        ],
    );
    check(
        "s = 'p'",
        "count(s) >= 2",
        (3, 3),
        &[
            (No, Yes, "s+p yes, s+others 1.."),
            (No, Yes, "s+others 2.."),
            (Yes, No, "s+p yes, s+others ..0"),
        ],
    );
    let eased = "years(d, filed-on) >= figure.n";
    check(eased, eased, (5, 3), &[(No, Yes, "d 2015-03-02..2017-03-01")]);
}

fn spans(region: &Region) -> String {
    let shown = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let span = |span: &Span| {
        let part = match &span.part {
            Part::Whole => String::new(),
            Part::Has(code) => format!("+{code}"),
            Part::Others => "+others".to_owned(),
        };
        let among = span.among.iter().map(|candidate| match candidate {
            Candidate::Missing => "missing".to_owned(),
            Candidate::Is(value) => value.to_string(),
            Candidate::Other(_) => "other".to_owned(),
        });
        let among: Vec<String> = among.collect();
        match among.is_empty() {
            true => format!("{}{part} {}..{}", span.path, shown(&span.from), shown(&span.to)),
            false => format!("{}{part} {}", span.path, among.join("|")),
        }
    };
    region.spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_search_that_was_cut_off_says_so() {
    // Forty numbers each for two facts, six settings of the others, and a day: too many to try all.
    let many = |fact: &str| {
        (0..14).map(|n| format!("{fact} = {}", n * 3)).collect::<Vec<_>>().join(" or ")
    };
    let before = format!("({}) and ({}) and k = 'x'", many("a"), many("b"));
    let after = format!("({}) and ({}) and t and f > 2", many("a"), many("b"));
    let (old, new) = (condition(&before), condition(&after));
    let found = found(&version(&old, 3), &version(&new, 3));
    assert!(found.tried < found.all && !found.exhaustive, "{} of {}", found.tried, found.all);
    assert!(!found.regions.is_empty() && found.regions.iter().all(|region| region.example));
}
