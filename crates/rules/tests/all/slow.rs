//! The second opinion: the same language evaluated slowly, from its own trees.
//!
//! Truth is counted 0 (false), 1 (cannot be told), 2 (true), so that `and` is the smaller and `or`
//! the larger of two; numbers are wide, and looked at afterwards; days are counted by hand.

use rules::Value;

use crate::willow::Known;

/// A condition or a part of one.
#[derive(Debug, Clone)]
pub(crate) enum Slow {
    Truth(bool),
    Number(u32),
    Fen(u32),
    Day(&'static str),
    Hundredths(u32),
    /// A fact, by its path.
    Fact(&'static str),
    Asked(&'static str, bool),
    Not(Box<Slow>),
    /// An operator between two parts.
    Two(&'static str, Box<Slow>, Box<Slow>),
    /// A fact among options, each as written.
    Among(&'static str, Vec<&'static str>),
    Count(&'static str),
    Call(&'static str, Box<Slow>, Box<Slow>),
    /// So many parts of a whole.
    Share(Box<Slow>, Box<Slow>, Box<Slow>),
    If(Box<Slow>, Box<Slow>, Box<Slow>),
}

/// What a part comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Comes {
    Open,
    Truth(bool),
    Number(i128),
    Fen(i128),
    Day(i64, i64, i64),
    Word(String),
    Words(Vec<String>),
    /// Microseconds.
    Moment(i128),
    /// Units of the last decimal, all of one scale.
    Hundredths(i128),
}

use Comes::Open;

impl Slow {
    /// The part as a pack would write it, in parentheses.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Fen(fen) => format!("{}.{:02} yuan", fen / 100, fen % 100),
            Self::Hundredths(units) => format!("{}.{:02}", units / 100, units % 100),
            Self::Day(text) | Self::Fact(text) => (*text).to_owned(),
            Self::Asked(path, true) => format!("({path} is known)"),
            Self::Asked(path, false) => format!("({path} is missing)"),
            Self::Not(inner) => format!("(not {})", inner.written()),
            Self::Two(word, a, b) => format!("({} {word} {})", a.written(), b.written()),
            Self::Among(path, options) => format!("({path} in ('{}'))", options.join("', '")),
            Self::Count(path) => format!("count({path})"),
            Self::Call(word, a, b) => format!("{word}({}, {})", a.written(), b.written()),
            Self::Share(whole, n, d) => {
                format!("share({}, {}, {})", whole.written(), n.written(), d.written())
            }
            Self::If(c, a, b) => {
                format!("(if {} then {} else {})", c.written(), a.written(), b.written())
            }
        }
    }

    /// What it comes to when these facts are known.
    pub(crate) fn comes(&self, facts: &Known) -> Comes {
        match self {
            Self::Truth(truth) => Comes::Truth(*truth),
            Self::Number(number) => Comes::Number(i128::from(*number)),
            Self::Fen(fen) => Comes::Fen(i128::from(*fen)),
            Self::Hundredths(units) => Comes::Hundredths(i128::from(*units)),
            Self::Day(text) => day(text),
            Self::Fact(path) => facts.get(*path).map_or(Open, fact),
            Self::Asked(path, known) => Comes::Truth(facts.contains_key(*path) == *known),
            Self::Not(inner) => thirds(2 - level(&inner.comes(facts))),
            Self::Two("and", a, b) => thirds(level(&a.comes(facts)).min(level(&b.comes(facts)))),
            Self::Two("or", a, b) => thirds(level(&a.comes(facts)).max(level(&b.comes(facts)))),
            Self::Two(word, a, b) | Self::Call(word, a, b) => {
                two(word, &a.comes(facts), &b.comes(facts))
            }
            Self::Among(path, options) => match facts.get(*path).map_or(Open, fact) {
                Comes::Word(word) => Comes::Truth(options.iter().any(|option| *option == word)),
                _ => Open,
            },
            Self::Count(path) => match facts.get(*path).map_or(Open, fact) {
                Comes::Words(words) => Comes::Number(words.len() as i128),
                _ => Open,
            },
            Self::Share(whole, n, d) => {
                share(&whole.comes(facts), &n.comes(facts), &d.comes(facts))
            }
            Self::If(c, a, b) => match level(&c.comes(facts)) {
                0 => b.comes(facts),
                1 => Open,
                _ => a.comes(facts),
            },
        }
    }
}

/// The value of the crate under test, in the terms used here.
pub(crate) fn fact(value: &Value) -> Comes {
    match value {
        Value::Boolean(truth) => Comes::Truth(*truth),
        Value::Integer(number) => Comes::Number(i128::from(*number)),
        Value::Money(fen) => Comes::Fen(i128::from(fen.0)),
        Value::Date(date) => day(&date.to_string()),
        Value::Codes(codes) => Comes::Words(codes.iter().cloned().collect()),
        Value::Division(division) => Comes::Word(division.to_string()),
        Value::Choice(name) => Comes::Word(name.to_string()),
        Value::Code(text) | Value::Text(text) | Value::Party(text) => Comes::Word(text.clone()),
        Value::Bilingual(text) => Comes::Word(text.zh.clone()),
        Value::Point(point) => Comes::Word(point.to_string()),
        Value::Moment(instant) => Comes::Moment(i128::from(instant.micros())),
        Value::Decimal { units, .. } => Comes::Hundredths(i128::from(*units)),
        Value::Sealed => Open,
    }
}

fn level(part: &Comes) -> u8 {
    match part {
        Comes::Truth(truth) => 2 * u8::from(*truth),
        _ => 1,
    }
}

fn thirds(level: u8) -> Comes {
    if level == 1 { Open } else { Comes::Truth(level == 2) }
}

fn day(text: &str) -> Comes {
    let parts: Vec<i64> = text.split('-').map(|part| part.parse().unwrap()).collect();
    Comes::Day(parts[0], parts[1], parts[2])
}

fn two(word: &str, a: &Comes, b: &Comes) -> Comes {
    match (word, a, b) {
        (_, Open, _) | (_, _, Open) => Open,
        ("=", ..) => Comes::Truth(a == b),
        ("!=", ..) => Comes::Truth(a != b),
        ("<", ..) => Comes::Truth(less(a, b)),
        (">", ..) => Comes::Truth(less(b, a)),
        ("<=", ..) => Comes::Truth(!less(b, a)),
        (">=", ..) => Comes::Truth(!less(a, b)),
        ("min", ..) => if less(b, a) { b } else { a }.clone(),
        ("max", ..) => if less(a, b) { b } else { a }.clone(),
        ("in", Comes::Word(word), Comes::Words(words)) => Comes::Truth(words.contains(word)),
        ("within", Comes::Word(part), Comes::Word(whole)) => {
            Comes::Truth(part.get(..whole.len()) == Some(whole))
        }
        ("years", ..) => Comes::Number(years(a, b)),
        ("minutes", Comes::Moment(a), Comes::Moment(b)) => Comes::Number(minutes(b - a)),
        ("days", ..) => Comes::Number(i128::from(counted(b) - counted(a))),
        ("plus_days", _, Comes::Number(days)) => later(i128::from(counted(a)) + days),
        ("plus_months", Comes::Day(y, m, d), Comes::Number(count)) => {
            same_day(i128::from(y * 12 + m - 1), *count, *d)
        }
        ("plus_years", Comes::Day(y, m, d), Comes::Number(count)) => {
            same_day(i128::from(y * 12 + m - 1), count * 12, *d)
        }
        (_, Comes::Number(a), Comes::Number(b)) => fitting(reckoned(word, *a, *b), Comes::Number),
        (_, Comes::Fen(a) | Comes::Number(a), Comes::Fen(b) | Comes::Number(b)) => {
            fitting(reckoned(word, *a, *b), Comes::Fen)
        }
        _ => unreachable!("{word}"),
    }
}

fn less(a: &Comes, b: &Comes) -> bool {
    match (a, b) {
        (Comes::Number(a), Comes::Number(b))
        | (Comes::Fen(a), Comes::Fen(b))
        | (Comes::Moment(a), Comes::Moment(b))
        | (Comes::Hundredths(a), Comes::Hundredths(b)) => a < b,
        (Comes::Day(..), Comes::Day(..)) => counted(a) < counted(b),
        _ => unreachable!(),
    }
}

/// The most whole minutes that do not pass so many microseconds.
fn minutes(micros: i128) -> i128 {
    let near = micros / 60_000_000;
    if near * 60_000_000 > micros { near - 1 } else { near }
}

fn reckoned(word: &str, a: i128, b: i128) -> i128 {
    match word {
        "+" => a + b,
        "-" => a - b,
        _ => a * b,
    }
}

/// A share, half a unit rounded away from nothing; a share of no parts, or fewer, is none.
fn share(whole: &Comes, parts: &Comes, of: &Comes) -> Comes {
    let (Comes::Number(parts), Comes::Number(of)) = (parts, of) else { return Open };
    let rounded = |whole: &i128| {
        let all = (whole * parts).abs();
        (whole * parts).signum() * (all / of + i128::from(2 * (all % of) >= *of))
    };
    match whole {
        _ if *of <= 0 => Open,
        Comes::Number(whole) => fitting(rounded(whole), Comes::Number),
        Comes::Fen(whole) => fitting(rounded(whole), Comes::Fen),
        _ => Open,
    }
}

fn fitting(number: i128, of: fn(i128) -> Comes) -> Comes {
    if i64::try_from(number).is_ok() { of(number) } else { Open }
}

fn leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day's number, month by month and leap year by leap year.
fn counted(day: &Comes) -> i64 {
    let Comes::Day(y, m, d) = *day else { unreachable!() };
    let before = y - 1;
    let leaps = before / 4 - before / 100 + before / 400;
    let months: i64 = (1..m).map(|month| month_length(y, month)).sum();
    before * 365 + leaps + months + d
}

/// The day of that number, year by year and month by month; none outside the years 1 to 9999.
fn later(number: i128) -> Comes {
    let Ok(number) = i64::try_from(number) else { return Open };
    let first = |year: i64, month: i64| counted(&Comes::Day(year, month, 1));
    if number < 1 || number >= first(10_000, 1) {
        return Open;
    }
    let year = (1..10_000).rev().find(|year| first(*year, 1) <= number).unwrap_or(1);
    let month = (1..13).rev().find(|month| first(year, *month) <= number).unwrap_or(1);
    Comes::Day(year, month, number - first(year, month) + 1)
}

/// The same day so many months later, or the last of its month; a term has no negative length.
fn same_day(month: i128, count: i128, day: i64) -> Comes {
    let Ok(month) = i64::try_from(month + count) else { return Open };
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    match count >= 0 && year < 10_000 {
        true => Comes::Day(year, month, day.min(month_length(year, month))),
        false => Open,
    }
}

/// Birthdays passed; one on 29 February is kept on the 28th where the year has no such day.
fn years(a: &Comes, b: &Comes) -> i128 {
    if counted(b) < counted(a) {
        return -years(b, a);
    }
    let (Comes::Day(y, m, d), Comes::Day(to, ..)) = (a, b) else { unreachable!() };
    let birthday = |year| counted(&Comes::Day(year, *m, (*d).min(month_length(year, *m))));
    (y + 1..=*to).filter(|&year| birthday(year) <= counted(b)).count() as i128
}
