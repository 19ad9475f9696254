//! The facts of an invented town, which every condition here is about.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, Fen, Instant, Name, Text};
use rules::{Expression, Fault, Scope, Type, Value, compile};

/// The facts as they stand in a case.
pub(crate) type Known = BTreeMap<String, Value>;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(crate) fn moment(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn status() -> Type {
    Type::Choice(["open", "shut", "voided"].map(name).to_vec())
}

/// Every name a condition may use, with its type.
pub(crate) fn facts() -> Vec<(&'static str, Type)> {
    vec![
        ("fenced", Type::Boolean),
        ("staffed", Type::Boolean),
        ("beds", Type::Integer),
        ("figure.beds-min", Type::Integer),
        ("fee", Type::Money),
        ("deposit", Type::Money),
        ("filed-on", Type::Date),
        ("keeper.worked-since", Type::Date),
        ("room.status", status()),
        ("room.was", Type::Choice(["open", "shut"].map(name).to_vec())),
        ("room.place", Type::Division),
        ("body.division", Type::Division),
        ("herb", Type::Code(name("herbs"))),
        ("room.herbs", Type::Codes(name("herbs"))),
        ("room.name", Type::Text),
        ("title", Type::Bilingual),
        ("applicant", Type::Party),
        ("keeper.id-number", Type::Sealed),
        ("visit.began-at", Type::Moment),
        ("visit.ended-at", Type::Moment),
        ("weight", Type::Decimal(2)),
        ("dose", Type::Decimal(1)),
        ("visit.remarks", Type::Texts),
    ]
}

pub(crate) fn scope() -> Scope {
    let mut scope = Scope::default();
    for (path, kind) in facts() {
        scope.fact(path, kind);
    }
    let herbs = ["ginger", "mint", "sage"].map(str::to_owned);
    scope.codes(&name("herbs"), herbs);
    scope
}

/// Every fact but `staffed`, `deposit`, `room.was` and `dose`, which are missing.
pub(crate) fn known() -> Known {
    let rows = [
        ("fenced", Value::Boolean(true)),
        ("beds", Value::Integer(12)),
        ("figure.beds-min", Value::Integer(10)),
        ("fee", Value::Money(Fen(350))),
        ("filed-on", Value::Date(day("2031-03-01"))),
        ("keeper.worked-since", Value::Date(day("2024-02-29"))),
        ("room.status", Value::Choice(name("open"))),
        ("room.place", Value::Division(Division::parse("990101").unwrap())),
        ("body.division", Value::Division(Division::parse("9901").unwrap())),
        ("herb", Value::Code("mint".into())),
        ("room.herbs", Value::Codes(codes(&["mint", "sage"]))),
        ("room.name", Value::Text("柳镇草药房".into())),
        ("title", Value::Bilingual(Text::new("柳镇", "Willow"))),
        ("applicant", Value::Party("p1".into())),
        ("keeper.id-number", Value::Sealed),
        ("visit.began-at", Value::Moment(moment("2031-03-01T08:00:00+08:00"))),
        ("visit.ended-at", Value::Moment(moment("2031-03-01T08:45:59.999999+08:00"))),
        ("weight", Value::Decimal { units: 125, places: 2 }),
        ("visit.remarks", Value::Codes(codes(&["柳", "甘"]))),
    ];
    rows.into_iter().map(|(path, value)| (path.to_owned(), value)).collect()
}

pub(crate) fn codes(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

pub(crate) fn compiled(source: &str, wanted: &Type) -> Result<Expression, Vec<Fault>> {
    compile(source, &scope(), wanted)
}
