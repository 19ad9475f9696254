//! A condition's text as words and signs. Names hold hyphens, so a minus stands between spaces.

use base::{Date, Fen};

use crate::fault::{Fault, Part};

/// A word or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Name(String),
    Integer(i64),
    /// A number with a point: units of its last decimal, and how many decimals it has.
    Decimal(i64, u8),
    Money(Fen),
    Date(Date),
    Text(String),
    Sign(&'static str),
}

/// The signs, longer ones before those they begin with.
const SIGNS: [&str; 12] = ["<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "+", "-", "*"];

/// Splits a condition into tokens; the faults of what is none.
pub(crate) fn tokens(source: &str) -> (Vec<(Token, Part)>, Vec<Fault>) {
    let (mut tokens, mut faults) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let space = rest.len() - rest.trim_start().len();
        if space > 0 {
            at += space;
            continue;
        }
        let (length, token) = next(rest);
        let part = Part { start: at, end: at + length };
        match token {
            Ok(token) => tokens.push((token, part)),
            Err((word, zh, en)) => faults.push(Fault::new(word, part, zh, en)),
        }
        at += length;
    }
    (tokens, faults)
}

type Read = Result<Token, (&'static str, &'static str, &'static str)>;

fn next(rest: &str) -> (usize, Read) {
    match rest.chars().next() {
        Some(quote @ ('\'' | '"')) => text(rest, quote),
        Some(c) if c.is_ascii_digit() => number(rest),
        Some(c) if c.is_ascii_lowercase() => name(rest),
        Some(c) => sign(rest, c),
        None => (0, Err(("bad-token", "空", "nothing"))),
    }
}

fn text(rest: &str, quote: char) -> (usize, Read) {
    let inner = rest.get(1..).unwrap_or_default();
    match inner.find(quote) {
        Some(end) => (end + 2, Ok(Token::Text(inner.get(..end).unwrap_or_default().to_owned()))),
        None => (rest.len(), Err(("unclosed", "引号没有闭合", "the quotation mark is not closed"))),
    }
}

fn number(rest: &str) -> (usize, Read) {
    let part_of = |c: char| c.is_ascii_digit() || c == '-' || c == '.';
    let length = rest.find(|c| !part_of(c)).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or_default();
    let after = rest.get(length..).unwrap_or_default();
    if let Some(unit) = yuan(after) {
        let read = Fen::parse(written).map(Token::Money);
        return (length + unit, read.map_err(|_| NOT_A_NUMBER));
    }
    let read = if written.contains('-') {
        Date::parse(written).map(Token::Date).map_err(|_| NOT_A_DAY)
    } else {
        let whole = written.parse().ok().map(Token::Integer);
        whole.or_else(|| decimal(written)).ok_or(NOT_A_NUMBER)
    };
    (length, read)
}

/// The most decimals that a number may have.
const DECIMALS_MAX: usize = 9;

fn decimal(written: &str) -> Option<Token> {
    let (whole, part) = written.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > DECIMALS_MAX {
        return None;
    }
    let units = format!("{whole}{part}").parse().ok()?;
    Some(Token::Decimal(units, u8::try_from(part.len()).ok()?))
}

pub(crate) const NOT_A_NUMBER: (&str, &str, &str) =
    ("bad-number", "不是整数；金额须写 `3.50 yuan`", "is no whole number; money is `3.50 yuan`");
const NOT_A_DAY: (&str, &str, &str) =
    ("bad-date", "不是日期，须写作 2020-01-31", "is no day; write 2020-01-31");

/// The length of ` yuan` where it follows.
fn yuan(after: &str) -> Option<usize> {
    let space = after.len() - after.trim_start().len();
    let word = after.get(space..)?.strip_prefix("yuan")?;
    let ends = !word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    ends.then_some(space + "yuan".len())
}

fn name(rest: &str) -> (usize, Read) {
    let part_of =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.' || c == '_';
    let length = rest.find(|c| !part_of(c)).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or_default();
    (length, Ok(Token::Name(written.to_owned())))
}

fn sign(rest: &str, first: char) -> (usize, Read) {
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => (sign.len(), Ok(Token::Sign(sign))),
        None => {
            let fault = ("bad-token", "条件中不能有此字符", "this character has no meaning here");
            (first.len_utf8(), Err(fault))
        }
    }
}
