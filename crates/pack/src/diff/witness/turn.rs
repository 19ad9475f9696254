//! Values by their order: neighbours, ends, round ones, and where something turns between them.

use std::collections::BTreeMap;

use base::{Date, Fen};
use rules::{Expression, Type, Value};

use super::Version;

/// No number of a form is larger.
const NUMBER_MAX: i64 = 1_000_000;

/// Days are tried as far as this from the day of comparing.
const DAYS_MAX: i64 = 150 * 366;

/// Whether values of that kind have an order.
pub(super) fn ordered(kind: &Type) -> bool {
    matches!(kind, Type::Integer | Type::Money | Type::Date)
}

/// The number, where the value is one.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

/// Whether a value is of that ordered kind.
pub(super) fn same_kind(kind: &Type, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Type::Integer, Value::Integer(_))
            | (Type::Money, Value::Money(_))
            | (Type::Date, Value::Date(_))
    )
}

/// A value and its neighbours.
pub(super) fn around(value: &Value) -> Vec<Value> {
    let moved = |by: i64| match value {
        Value::Integer(number) => number.checked_add(by).map(Value::Integer),
        Value::Money(fen) => fen.plus(Fen(by)).map(Value::Money),
        Value::Date(date) => date.plus_days(by).map(Value::Date),
        _ => None,
    };
    [-1, 0, 1].into_iter().filter_map(moved).collect()
}

/// The least and the greatest number that stands for a value of that kind; days count from a day
/// long ago.
pub(super) fn ends(kind: &Type, day: Date) -> (i64, i64) {
    match kind {
        Type::Date => {
            let number = first_day().map_or(0, |first| first.days_until(day));
            (number - DAYS_MAX, number + DAYS_MAX)
        }
        _ => (-NUMBER_MAX, NUMBER_MAX),
    }
}

/// A few round values of that kind.
pub(super) fn round(kind: &Type, day: Date) -> Vec<Value> {
    let years = |count: u32| Some(Value::Date(day.plus_days(-366 * i64::from(count))?));
    match kind {
        Type::Integer => [10, 100, 1000].map(Value::Integer).into(),
        Type::Money => [100_000, 10_000_000].map(|fen| Value::Money(Fen(fen))).into(),
        Type::Date => [0, 1, 5, 20].into_iter().filter_map(years).collect(),
        _ => Vec::new(),
    }
}

/// The day from which days are numbered.
fn first_day() -> Option<Date> {
    Date::new(1970, 1, 1)
}

/// The value of that kind for a number.
pub(super) fn made(kind: &Type, number: i64) -> Option<Value> {
    match kind {
        Type::Integer => Some(Value::Integer(number)),
        Type::Money => Some(Value::Money(Fen(number))),
        Type::Date => first_day()?.plus_days(number).map(Value::Date),
        _ => None,
    }
}

/// The days on both sides of where an elapsed time passes `limit` and the number after it.
pub(super) fn turns(
    part: &Expression,
    path: &str,
    limit: i64,
    version: &Version<'_>,
    day: Date,
) -> Vec<Value> {
    let (low, high) = ends(&Type::Date, day);
    let less = |than: i64| {
        move |number: i64| {
            let facts = BTreeMap::from([(path.to_owned(), made(&Type::Date, number)?)]);
            Some(whole(&part.value(&version.facts(&facts))?)? < than)
        }
    };
    [limit, limit.saturating_add(1)]
        .into_iter()
        .filter_map(|than| turn(low, high, &less(than)))
        .flat_map(|number| [number, number + 1])
        .filter_map(|number| made(&Type::Date, number))
        .collect()
}

/// The last number before something turns, when it is not the same at both ends.
pub(super) fn turn(low: i64, high: i64, is: &dyn Fn(i64) -> Option<bool>) -> Option<i64> {
    let first = is(low)?;
    if is(high)? == first {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if is(middle)? == first { low = middle } else { high = middle }
    }
    Some(low)
}
