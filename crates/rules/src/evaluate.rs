//! Running a typed condition. Total: whatever the facts, it yields a value or is undetermined.
//!
//! Logic is Kleene's: *false and undetermined* is false, *true or undetermined* is true, everything
//! else that rests on a missing fact is undetermined. A number outside 64 bits is undetermined too.

use std::{cmp::Ordering, collections::BTreeSet};

use base::{Fen, Ratio, Rounding};

use crate::{
    check::Code,
    scope::Facts,
    syntax::{Function, Sign},
    value::Value,
};

const MICROS_OF_A_MINUTE: i64 = 60_000_000;

/// Whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// That cannot be told, for want of these facts; none are named where a number is too large.
    Undetermined {
        /// The facts that are missing.
        missing: BTreeSet<String>,
    },
}

pub(crate) fn verdict(code: &Code, facts: &dyn Facts) -> Verdict {
    match value(code, facts) {
        Some(Value::Boolean(true)) => Verdict::True,
        Some(Value::Boolean(false)) => Verdict::False,
        _ => {
            let mut missing = BTreeSet::new();
            blame(code, facts, &mut missing);
            Verdict::Undetermined { missing }
        }
    }
}

/// The missing facts behind an undetermined part; parts that are determined have no share in it.
fn blame(code: &Code, facts: &dyn Facts, missing: &mut BTreeSet<String>) {
    if value(code, facts).is_some() {
        return;
    }
    match code {
        Code::Fact(path, _) => {
            missing.insert(path.clone());
        }
        Code::Value(_) | Code::Known(..) => {}
        Code::Not(inner) => blame(inner, facts, missing),
        Code::Two(_, left, right) => {
            blame(left, facts, missing);
            blame(right, facts, missing);
        }
        Code::In(left, options) => {
            blame(left, facts, missing);
            options.iter().for_each(|option| blame(option, facts, missing));
        }
        Code::If(condition, then, otherwise) => {
            blame(condition, facts, missing);
            match value(condition, facts) {
                Some(Value::Boolean(true)) => blame(then, facts, missing),
                Some(_) => blame(otherwise, facts, missing),
                None => {}
            }
        }
        Code::Call(_, arguments) => {
            arguments.iter().for_each(|argument| blame(argument, facts, missing));
        }
    }
}

pub(crate) fn value(code: &Code, facts: &dyn Facts) -> Option<Value> {
    match code {
        Code::Value(value) => Some(value.clone()),
        Code::Fact(path, kind) => facts.fact(path).filter(|fact| kind.takes(fact)).cloned(),
        Code::Known(path, known) => Some(Value::Boolean(facts.fact(path).is_some() == *known)),
        Code::Not(inner) => truth(inner, facts).map(|is| Value::Boolean(!is)),
        Code::Two(Sign::And, left, right) => either(left, right, facts, false),
        Code::Two(Sign::Or, left, right) => either(left, right, facts, true),
        Code::Two(sign, left, right) => two(*sign, &value(left, facts)?, &value(right, facts)?),
        Code::In(left, options) => one_of(left, options, facts),
        Code::If(condition, then, otherwise) => {
            value(if truth(condition, facts)? { then } else { otherwise }, facts)
        }
        Code::Call(function, arguments) => {
            let values: Option<Vec<Value>> =
                arguments.iter().map(|argument| value(argument, facts)).collect();
            call(*function, &values?)
        }
    }
}

fn truth(code: &Code, facts: &dyn Facts) -> Option<bool> {
    match value(code, facts)? {
        Value::Boolean(is) => Some(is),
        _ => None,
    }
}

/// `or` is decided by one true side, `and` by one false side; otherwise both must be known.
fn either(left: &Code, right: &Code, facts: &dyn Facts, decisive: bool) -> Option<Value> {
    let sides = [truth(left, facts), truth(right, facts)];
    if sides.contains(&Some(decisive)) {
        return Some(Value::Boolean(decisive));
    }
    (!sides.contains(&None)).then_some(Value::Boolean(!decisive))
}

/// True when an option is equal; undetermined when none is but some is unknown.
fn one_of(left: &Code, options: &[Code], facts: &dyn Facts) -> Option<Value> {
    let left = value(left, facts)?;
    let options: Vec<Option<Value>> = options.iter().map(|option| value(option, facts)).collect();
    if options.iter().flatten().any(|option| *option == left) {
        return Some(Value::Boolean(true));
    }
    options.iter().all(Option::is_some).then_some(Value::Boolean(false))
}

fn two(sign: Sign, left: &Value, right: &Value) -> Option<Value> {
    let order = || left.cmp(right);
    match sign {
        Sign::Equal => Some(Value::Boolean(left == right)),
        Sign::Unequal => Some(Value::Boolean(left != right)),
        Sign::Less => Some(Value::Boolean(order() == Ordering::Less)),
        Sign::LessOrEqual => Some(Value::Boolean(order() != Ordering::Greater)),
        Sign::Greater => Some(Value::Boolean(order() == Ordering::Greater)),
        Sign::GreaterOrEqual => Some(Value::Boolean(order() != Ordering::Less)),
        Sign::Plus | Sign::Minus | Sign::Times => reckoned(sign, left, right),
        Sign::In => match (left, right) {
            (Value::Code(code) | Value::Text(code), Value::Codes(set)) => {
                Some(Value::Boolean(set.contains(code)))
            }
            _ => None,
        },
        Sign::Within => match (left, right) {
            (Value::Division(part), Value::Division(whole)) => {
                Some(Value::Boolean(part.within(whole)))
            }
            _ => None,
        },
        Sign::And | Sign::Or => None,
    }
}

fn reckoned(sign: Sign, left: &Value, right: &Value) -> Option<Value> {
    match (sign, left, right) {
        (Sign::Plus, Value::Integer(a), Value::Integer(b)) => a.checked_add(*b).map(Value::Integer),
        (Sign::Minus, Value::Integer(a), Value::Integer(b)) => {
            a.checked_sub(*b).map(Value::Integer)
        }
        (Sign::Times, Value::Integer(a), Value::Integer(b)) => {
            a.checked_mul(*b).map(Value::Integer)
        }
        (Sign::Plus, Value::Money(a), Value::Money(b)) => a.plus(*b).map(Value::Money),
        (Sign::Minus, Value::Money(a), Value::Money(b)) => a.minus(*b).map(Value::Money),
        (Sign::Times, Value::Integer(count), Value::Money(fen))
        | (Sign::Times, Value::Money(fen), Value::Integer(count)) => {
            fen.times(*count).map(Value::Money)
        }
        _ => None,
    }
}

fn call(function: Function, values: &[Value]) -> Option<Value> {
    match (function, values) {
        (Function::Count, [Value::Codes(set)]) => i64::try_from(set.len()).ok().map(Value::Integer),
        (Function::Years, [Value::Date(from), Value::Date(to)]) => {
            Some(Value::Integer(i64::from(from.years_until(*to))))
        }
        (Function::Days, [Value::Date(from), Value::Date(to)]) => {
            Some(Value::Integer(from.days_until(*to)))
        }
        (Function::Minutes, [Value::Moment(from), Value::Moment(to)]) => {
            let micros = to.micros().checked_sub(from.micros())?;
            Some(Value::Integer(micros.div_euclid(MICROS_OF_A_MINUTE)))
        }
        (Function::Min, [a, b]) => Some(a.min(b).clone()),
        (Function::Max, [a, b]) => Some(a.max(b).clone()),
        (Function::PlusDays, [Value::Date(day), Value::Integer(count)]) => {
            day.plus_days(*count).map(Value::Date)
        }
        (Function::PlusMonths, [Value::Date(day), Value::Integer(count)]) => {
            day.plus_months(u32::try_from(*count).ok()?).map(Value::Date)
        }
        (Function::PlusYears, [Value::Date(day), Value::Integer(count)]) => {
            day.plus_years(u32::try_from(*count).ok()?).map(Value::Date)
        }
        (Function::Share, [whole, Value::Integer(numerator), Value::Integer(denominator)]) => {
            share(whole, *numerator, *denominator)
        }
        _ => None,
    }
}

/// So many parts of a whole, half a unit rounded up; parts of nothing, or fewer, are undetermined.
fn share(whole: &Value, numerator: i64, denominator: i64) -> Option<Value> {
    let ratio = Ratio::new(numerator, u64::try_from(denominator).ok()?)?;
    match whole {
        Value::Money(fen) => ratio.of(*fen, Rounding::HalfUp).map(Value::Money),
        Value::Integer(units) => {
            ratio.of(Fen(*units), Rounding::HalfUp).map(|Fen(units)| Value::Integer(units))
        }
        _ => None,
    }
}
