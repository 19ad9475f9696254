//! A figure has one value on a day, or none is given.

use rules::{
    Value,
    figure::{DatedFigure, Figure, NotOne},
};

use crate::willow::day;

type Row = (&'static str, Option<&'static str>, i64);

fn check(values: &[Row], on: &str, expected: Result<i64, fn(base::Date) -> NotOne>) {
    let dated = |&(from, until, value): &Row| DatedFigure {
        from: day(from),
        until: until.map(day),
        value: Value::Integer(value),
        basis: Vec::new(),
    };
    let figure = Figure { values: values.iter().map(dated).collect() };
    let found = figure.on(day(on)).map(|dated| dated.value.clone());
    assert_eq!(found, expected.map(Value::Integer).map_err(|not_one| not_one(day(on))), "{on}");
}

#[test]
fn one_value_holds_or_none_is_given() {
    let joined = [("2030-01-01", Some("2031-01-01"), 5), ("2031-01-01", None, 6)];
    check(&joined, "2029-12-31", Err(NotOne::Gap));
    check(&joined, "2030-01-01", Ok(5));
    check(&joined, "2030-12-31", Ok(5));
    check(&joined, "2031-01-01", Ok(6));
    check(&joined, "9999-12-31", Ok(6));
    let hole = [("2032-01-01", None, 6), ("2030-01-01", Some("2031-01-01"), 5)];
    check(&hole, "2031-06-30", Err(NotOne::Gap));
    check(&hole, "2032-01-01", Ok(6));
    let both = [("2030-01-01", None, 5), ("2031-01-01", None, 5)];
    check(&both, "2030-12-31", Ok(5));
    check(&both, "2031-01-01", Err(NotOne::Clash));
    check(&[], "2031-01-01", Err(NotOne::Gap));
    check(&[("2030-01-01", Some("2030-01-01"), 5)], "2030-01-01", Err(NotOne::Gap));
}
