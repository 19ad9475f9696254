//! A row that is what its feed asks for.

use base::{Date, Instant};
use minicbor::{Decode, Encode};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::{
    cells::{Cell, Cells},
    feed::{Column, Feed, Kind, LIST_MAX, TEXT_MAX},
    flaw::{Flaw, Flawed},
    person::Digest,
};

/// A source's clock may be ahead of ours by so much, in microseconds.
const AHEAD_MAX: i64 = 5 * 60 * 1_000_000;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Value {
    /// A text or a word.
    #[n(0)]
    Text(#[n(0)] String),
    /// Texts.
    #[n(1)]
    Texts(#[n(0)] Vec<String>),
    /// A whole number, or a decimal one in units of its last place.
    #[n(2)]
    Number(#[n(0)] i64),
    /// A day.
    #[n(3)]
    Date(#[n(0)] Date),
    /// A moment.
    #[n(4)]
    Instant(#[n(0)] Instant),
    /// Yes or no.
    #[n(5)]
    Truth(#[n(0)] bool),
    /// A person.
    #[n(6)]
    Person(#[n(0)] Digest),
}

impl Value {
    /// The value as a source writes it in JSON, in one way only: a moment in UTC, a decimal number
    /// as a text with all its places. A person is not written.
    pub fn said(&self, kind: &Kind) -> Json {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Texts(texts) => texts.iter().map(String::as_str).collect(),
            Self::Number(number) => match kind {
                Kind::Decimal(places) => decimal(*number, *places).into(),
                _ => (*number).into(),
            },
            Self::Date(date) => date.to_string().into(),
            Self::Instant(instant) => instant.to_string().into(),
            Self::Truth(truth) => (*truth).into(),
            Self::Person(_) => Json::Null,
        }
    }
}

/// A number in units of its last place, with all its places.
fn decimal(units: i64, places: u8) -> String {
    let width = usize::from(places) + 1;
    let digits = format!("{:0width$}", units.unsigned_abs());
    let (whole, after) = digits.split_at(digits.len() - usize::from(places));
    let sign = if units < 0 { "-" } else { "" };
    let point = if after.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{after}")
}

/// A row, with the values in the order of the feed's columns.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Row {
    /// The values.
    #[n(0)]
    pub values: Vec<Option<Value>>,
    /// When the event was.
    #[n(1)]
    pub at: Instant,
    /// What tells the row apart among all rows of its source.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub key: [u8; 16],
    /// What it says: the same for two rows that say the same.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub says: [u8; 16],
}

impl Row {
    /// The row that these cells make.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn of(
        feed: &Feed,
        source: &str,
        cells: &Cells,
        received_at: Instant,
    ) -> Result<Self, Vec<Flaw>> {
        let (mut values, mut flaws) = (Vec::with_capacity(feed.columns().len()), Vec::new());
        for column in feed.columns() {
            match value_of(column, cells.0.get(&column.name)) {
                Ok(value) => values.push(value),
                Err(flawed) => flaws.push(Flaw::of(column.name.as_str(), flawed)),
            }
        }
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let named = |flawed| {
            let column = feed.columns().get(feed.at()).map_or("", |own| own.name.as_str());
            vec![Flaw::of(column, flawed)]
        };
        let Some(Some(Value::Instant(at))) = values.get(feed.at()).cloned() else {
            return Err(named(Flawed::Missing));
        };
        if at.micros().saturating_sub(received_at.micros()) > AHEAD_MAX {
            return Err(named(Flawed::Ahead));
        }
        let of_key = feed.key().iter().filter_map(|place| values.get(*place));
        let key = digest(feed.name().as_str(), source, of_key);
        let says = digest(feed.name().as_str(), source, values.iter());
        Ok(Self { values, at, key, says })
    }
}

/// The value of a cell; none where there is none and none is needed.
fn value_of(column: &Column, cell: Option<&Cell>) -> Result<Option<Value>, Flawed> {
    let said = match cell {
        None if column.needed => return Err(Flawed::Missing),
        None => return Ok(None),
        Some(Cell::Person(digest)) if column.kind == Kind::Person => {
            return Ok(Some(Value::Person(*digest)));
        }
        Some(Cell::Person(_)) => return Err(Flawed::NoText),
        Some(Cell::Said(said)) => said,
    };
    read(&column.kind, said).map(Some)
}

fn read(kind: &Kind, said: &Json) -> Result<Value, Flawed> {
    let text = said.as_str();
    match kind {
        Kind::Text => text.filter(|text| fits(text)).map(texted).ok_or(Flawed::NoText),
        Kind::Word(words) => {
            let known = text.filter(|text| words.iter().any(|word| word == text));
            known.map(texted).ok_or(Flawed::NoWord)
        }
        Kind::Texts => texts(said).map(Value::Texts).ok_or(Flawed::NoTexts),
        Kind::Whole => number(said, 0).map(Value::Number).ok_or(Flawed::NoNumber),
        Kind::Decimal(places) => number(said, *places).map(Value::Number).ok_or(Flawed::NoNumber),
        Kind::Date => {
            let date = text.and_then(|text| Date::parse(text).ok());
            date.map(Value::Date).ok_or(Flawed::NoDate)
        }
        Kind::Instant => {
            let instant = text.and_then(|text| Instant::parse(text).ok());
            instant.map(Value::Instant).ok_or(Flawed::NoInstant)
        }
        Kind::Truth => said.as_bool().map(Value::Truth).ok_or(Flawed::NoTruth),
        Kind::Person => Err(Flawed::NoPerson),
    }
}

fn texted(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn fits(text: &str) -> bool {
    // A text of so many bytes has no more letters than that.
    text.len() <= TEXT_MAX || text.chars().count() <= TEXT_MAX
}

fn texts(said: &Json) -> Option<Vec<String>> {
    let list = said.as_array().filter(|list| list.len() <= LIST_MAX)?;
    list.iter().map(|one| one.as_str().filter(|text| fits(text)).map(str::to_owned)).collect()
}

/// A number in units of its last place, from a number or a text such as `12.5`. A number that JSON
/// carries as a float is read by its shortest text, so that 0.1 is a tenth.
fn number(said: &Json, places: u8) -> Option<i64> {
    let written = match said {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        _ => return None,
    };
    let (negative, digits) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.as_str()),
    };
    let (whole, after) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let after = after.trim_end_matches('0');
    if !plain(whole) || !(after.is_empty() || plain(after)) || after.len() > usize::from(places) {
        return None;
    }
    let units: i64 =
        format!("{whole}{after:0<width$}", width = usize::from(places)).parse().ok()?;
    Some(if negative { -units } else { units })
}

/// A digest over what a source says in some columns, each value behind its kind and length.
fn digest<'a>(
    feed: &str,
    source: &str,
    values: impl Iterator<Item = &'a Option<Value>>,
) -> [u8; 16] {
    let mut hash = Sha256::new();
    let mut part = |kind: u8, bytes: &[u8]| {
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b'f', feed.as_bytes());
    part(b's', source.as_bytes());
    for value in values {
        match value {
            None => part(b'0', &[]),
            Some(Value::Text(text)) => part(b't', text.as_bytes()),
            Some(Value::Texts(texts)) => {
                part(b'l', &(texts.len() as u64).to_be_bytes());
                texts.iter().for_each(|text| part(b't', text.as_bytes()));
            }
            Some(Value::Number(number)) => part(b'n', &number.to_be_bytes()),
            Some(Value::Date(date)) => part(b'd', date.to_string().as_bytes()),
            Some(Value::Instant(instant)) => part(b'i', &instant.micros().to_be_bytes()),
            Some(Value::Truth(truth)) => part(b'b', &[u8::from(*truth)]),
            Some(Value::Person(person)) => part(b'p', &person.0),
        }
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(byte, own)| *byte = own);
    half
}
