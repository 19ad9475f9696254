//! What holds of every condition and all facts.

use base::{Date, Division, Fen, Instant, Text};
use proptest::{collection, option, prelude::*, sample::select};
use rules::{Type, Value, Verdict};

use crate::{
    slow::{Comes, Slow, fact},
    willow::{Known, codes, compiled, day, facts, name},
};

const COMPARISONS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const DAYS: [&str; 8] = [
    "2024-02-29",
    "2028-02-29",
    "2031-02-28",
    "2031-03-01",
    "2023-12-31",
    "2024-01-01",
    "1999-06-15",
    "2032-02-29",
];
const PLACES: [&str; 5] = ["99", "9901", "990101", "990102", "990101001"];
const HERBS: [&str; 3] = ["ginger", "mint", "sage"];
const STATUSES: [&str; 3] = ["open", "shut", "voided"];

/// Conditions and parts of them, by what they yield.
#[derive(Clone)]
struct Parts {
    truth: BoxedStrategy<Slow>,
    number: BoxedStrategy<Slow>,
    fen: BoxedStrategy<Slow>,
    day: BoxedStrategy<Slow>,
    moment: BoxedStrategy<Slow>,
    weight: BoxedStrategy<Slow>,
}

fn paths(paths: &[&'static str]) -> impl Strategy<Value = Slow> + use<> {
    select(paths.to_vec()).prop_map(Slow::Fact)
}

fn leaves() -> Parts {
    let places = ["room.place", "body.division"];
    let within = (paths(&places), paths(&places)).prop_map(|(a, b)| two("within", a, b));
    let herb = Just(two("in", Slow::Fact("herb"), Slow::Fact("room.herbs")));
    let status = select(STATUSES.to_vec());
    let among = collection::vec(status, 1..3).prop_map(|of| Slow::Among("room.status", of));
    let truth = prop_oneof![
        any::<bool>().prop_map(Slow::Truth),
        paths(&["fenced", "staffed"]),
        within,
        herb,
        among,
    ];
    let number = prop_oneof![
        (0_u32..4).prop_map(Slow::Number),
        any::<u32>().prop_map(Slow::Number),
        paths(&["beds", "figure.beds-min"]),
        Just(Slow::Count("room.herbs")),
    ];
    let fen = prop_oneof![any::<u32>().prop_map(Slow::Fen), paths(&["fee", "deposit"])];
    let day = prop_oneof![
        select(DAYS.to_vec()).prop_map(Slow::Day),
        paths(&["filed-on", "keeper.worked-since"]),
    ];
    let weight = prop_oneof![any::<u32>().prop_map(Slow::Hundredths), paths(&["weight"])];
    Parts {
        truth: truth.boxed(),
        number: number.boxed(),
        fen: fen.boxed(),
        day: day.boxed(),
        moment: paths(&["visit.began-at", "visit.ended-at"]).boxed(),
        weight: weight.boxed(),
    }
}

fn two(word: &'static str, a: Slow, b: Slow) -> Slow {
    Slow::Two(word, Box::new(a), Box::new(b))
}

fn call(word: &'static str, a: Slow, b: Slow) -> Slow {
    Slow::Call(word, Box::new(a), Box::new(b))
}

/// Two parts of one kind with a word between them.
fn pairs(
    words: &[&'static str],
    left: &BoxedStrategy<Slow>,
    right: &BoxedStrategy<Slow>,
) -> impl Strategy<Value = Slow> + use<> {
    let words = select(words.to_vec());
    (words, left.clone(), right.clone()).prop_map(|(word, a, b)| two(word, a, b))
}

fn calls(words: &[&'static str], of: &BoxedStrategy<Slow>) -> impl Strategy<Value = Slow> + use<> {
    let words = select(words.to_vec());
    (words, of.clone(), of.clone()).prop_map(|(word, a, b)| call(word, a, b))
}

/// So many days, months or years after a day.
fn later(
    day: &BoxedStrategy<Slow>,
    count: &BoxedStrategy<Slow>,
) -> impl Strategy<Value = Slow> + use<> {
    let words = select(vec!["plus_days", "plus_months", "plus_years"]);
    (words, day.clone(), count.clone()).prop_map(|(word, a, b)| call(word, a, b))
}

/// So many parts of a whole, a number or money.
fn shares(
    whole: &BoxedStrategy<Slow>,
    number: &BoxedStrategy<Slow>,
) -> impl Strategy<Value = Slow> + use<> {
    let parts = (whole.clone(), number.clone(), number.clone());
    parts.prop_map(|(x, n, d)| Slow::Share(Box::new(x), Box::new(n), Box::new(d)))
}

fn choices(
    truth: &BoxedStrategy<Slow>,
    of: &BoxedStrategy<Slow>,
) -> impl Strategy<Value = Slow> + use<> {
    let parts = (truth.clone(), of.clone(), of.clone());
    parts.prop_map(|(c, a, b)| Slow::If(Box::new(c), Box::new(a), Box::new(b)))
}

/// Parts one level larger.
fn grown(of: &Parts) -> Parts {
    let Parts { truth, number, fen, day, moment, weight } = of;
    let weights = pairs(&COMPARISONS, &paths(&["weight"]).boxed(), weight);
    Parts {
        truth: prop_oneof![
            truth.clone(),
            truth.clone().prop_map(|inner| Slow::Not(Box::new(inner))),
            pairs(&["and", "or", "=", "!="], truth, truth),
            pairs(&COMPARISONS, number, number),
            pairs(&COMPARISONS, fen, fen),
            pairs(&COMPARISONS, day, day),
            pairs(&COMPARISONS, moment, moment),
            weights,
            choices(truth, truth),
        ]
        .boxed(),
        number: prop_oneof![
            number.clone(),
            pairs(&["+", "-", "*"], number, number),
            calls(&["min", "max"], number),
            calls(&["years", "days"], day),
            calls(&["minutes"], moment),
            shares(number, number),
            choices(truth, number),
        ]
        .boxed(),
        fen: prop_oneof![
            fen.clone(),
            pairs(&["+", "-"], fen, fen),
            pairs(&["*"], number, fen),
            pairs(&["*"], fen, number),
            calls(&["min", "max"], fen),
            shares(fen, number),
            choices(truth, fen),
        ]
        .boxed(),
        day: prop_oneof![
            day.clone(),
            calls(&["min", "max"], day),
            later(day, number),
            choices(truth, day),
        ]
        .boxed(),
        moment:
            prop_oneof![moment.clone(), calls(&["min", "max"], moment), choices(truth, moment),]
                .boxed(),
        weight: weight.clone(),
    }
}

/// Conditions that never ask whether a fact is missing.
fn plain() -> BoxedStrategy<Slow> {
    (0..4).fold(leaves(), |parts, _| grown(&parts)).truth
}

/// Conditions that may ask it.
fn asking() -> BoxedStrategy<Slow> {
    let path = select(facts().into_iter().map(|(path, _)| path).collect::<Vec<_>>());
    let asked = (path, any::<bool>()).prop_map(|(path, known)| Slow::Asked(path, known));
    let mut parts = leaves();
    parts.truth = prop_oneof![parts.truth.clone(), asked].boxed();
    (0..4).fold(parts, |parts, _| grown(&parts)).truth
}

fn numbers() -> impl Strategy<Value = i64> {
    prop_oneof![-3_i64..20, any::<i64>(), Just(i64::MIN), Just(i64::MAX)]
}

fn days() -> impl Strategy<Value = Date> {
    prop_oneof![
        select(DAYS.to_vec()).prop_map(day),
        (0_i64..40_000).prop_map(|days| day("1960-01-01").plus_days(days).unwrap()),
    ]
}

fn value(kind: &Type) -> BoxedStrategy<Value> {
    match kind {
        Type::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Type::Integer => numbers().prop_map(Value::Integer).boxed(),
        Type::Money => numbers().prop_map(|fen| Value::Money(Fen(fen))).boxed(),
        Type::Date => days().prop_map(Value::Date).boxed(),
        Type::Division => select(PLACES.to_vec())
            .prop_map(|code| Value::Division(Division::parse(code).unwrap()))
            .boxed(),
        Type::Choice(options) => select(options.clone()).prop_map(Value::Choice).boxed(),
        Type::Code(_) => select(HERBS.to_vec()).prop_map(|c| Value::Code(c.to_owned())).boxed(),
        Type::Codes(_) | Type::Texts => {
            let some = collection::vec(select(HERBS.to_vec()), 0..4);
            some.prop_map(|some| Value::Codes(codes(&some))).boxed()
        }
        Type::Moment => {
            let micros = prop_oneof![any::<i64>(), 0_i64..200_000_000];
            micros.prop_map(|micros| Value::Moment(Instant::from_micros(micros))).boxed()
        }
        Type::Decimal(places) => {
            let places = *places;
            numbers().prop_map(move |units| Value::Decimal { units, places }).boxed()
        }
        Type::Sealed => Just(Value::Sealed).boxed(),
        Type::Bilingual => Just(Value::Bilingual(Text::new("柳", "Willow"))).boxed(),
        _ => Just(Value::Text("柳".into())).boxed(),
    }
}

fn known(kinds: Vec<(&'static str, BoxedStrategy<Option<Value>>)>) -> BoxedStrategy<Known> {
    let (paths, values): (Vec<_>, Vec<_>) = kinds.into_iter().unzip();
    let put = move |values: Vec<Option<Value>>| {
        let rows = paths.iter().zip(values);
        rows.filter_map(|(path, value)| Some(((*path).to_owned(), value?))).collect()
    };
    values.prop_map(put).boxed()
}

/// Some of the facts, each of its kind.
fn cases() -> BoxedStrategy<Known> {
    let kinds = facts().into_iter();
    known(kinds.map(|(path, kind)| (path, option::of(value(&kind)).boxed())).collect())
}

/// Some of the facts, of any kind whatever.
fn wild() -> BoxedStrategy<Known> {
    let kinds: Vec<_> = facts().into_iter().map(|(_, kind)| value(&kind)).collect();
    let any_kind = option::of(proptest::strategy::Union::new(kinds)).boxed();
    known(facts().into_iter().map(|(path, _)| (path, any_kind.clone())).collect())
}

/// The facts with some taken away.
fn fewer(facts: &Known, kept: u32) -> Known {
    let kept = |(at, _): &(usize, _)| kept >> (at % 32) & 1 == 1;
    let some = facts.iter().enumerate().filter(kept).map(|(_, row)| row);
    some.map(|(path, value)| (path.clone(), value.clone())).collect()
}

const WORDS: [&str; 46] = [
    "fenced",
    "beds",
    "fee",
    "filed-on",
    "room.status",
    "herb",
    "room.herbs",
    "keeper.id-number",
    "and",
    "or",
    "not",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "in",
    "within",
    "is",
    "known",
    "missing",
    "if",
    "then",
    "else",
    "(",
    ")",
    ",",
    "count(",
    "years(",
    "min(",
    "share(",
    "minutes(",
    "visit.began-at",
    "weight",
    "0.5",
    "plus_days(",
    "3",
    "3.50 yuan",
    "2031-02-28",
    "'open'",
    "'柳",
    "true",
];

/// Compiles, and checks that refusals say why and point into the text.
fn stands(source: &str) -> Result<(), TestCaseError> {
    if let Err(faults) = compiled(source, &Type::Boolean) {
        prop_assert!(!faults.is_empty(), "refused without a fault: {source}");
        for fault in faults {
            prop_assert!(source.get(fault.at.start..fault.at.end).is_some(), "{fault:?}");
            prop_assert!(!fault.says.zh.is_empty() && !fault.says.en.is_empty(), "{fault:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_compiled_or_refused(source in ".{0,60}") {
        stands(&source)?;
    }

    #[test]
    fn any_words_are_compiled_or_refused(words in collection::vec(select(WORDS.to_vec()), 0..14)) {
        stands(&words.join(" "))?;
        stands(&words.concat())?;
    }

    #[test]
    fn any_condition_comes_to_an_end_on_any_facts(condition in asking(), facts in wild()) {
        let source = condition.written();
        let expression = compiled(&source, &Type::Boolean).unwrap();
        let verdict = expression.verdict(&facts);
        let told = expression.value(&facts).is_some();
        prop_assert_eq!(told, !matches!(verdict, Verdict::Undetermined { .. }), "{}", source);
    }

    #[test]
    fn the_slow_evaluator_agrees(condition in asking(), facts in cases()) {
        let source = condition.written();
        let expression = compiled(&source, &Type::Boolean).unwrap();
        let found = expression.value(&facts).map_or(Comes::Open, |value| fact(&value));
        prop_assert_eq!(found, condition.comes(&facts), "{}", source);
    }

    /// Learning a fact never turns what was told.
    #[test]
    fn what_is_told_stays_told(condition in plain(), facts in cases(), kept in any::<u32>()) {
        let source = condition.written();
        let expression = compiled(&source, &Type::Boolean).unwrap();
        prop_assert!(!expression.asks_whether_missing());
        if let Some(before) = expression.value(&fewer(&facts, kept)) {
            prop_assert_eq!(expression.value(&facts), Some(before), "{}", source);
        }
    }

    /// Every fact said to be missing is used and is not there.
    #[test]
    fn what_is_missing_is_named(condition in plain(), facts in cases()) {
        let source = condition.written();
        let expression = compiled(&source, &Type::Boolean).unwrap();
        if let Verdict::Undetermined { missing } = expression.verdict(&facts) {
            for path in &missing {
                prop_assert!(!facts.contains_key(path), "{path} in {source}");
                prop_assert!(expression.facts_used().any(|used| used == path), "{path}");
            }
        }
    }
}

/// The lists here are those of the town.
#[test]
fn the_options_are_the_towns() {
    assert_eq!(crate::willow::status(), Type::Choice(STATUSES.map(name).to_vec()));
}
