//! The events of the invented city, and how they become columns.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
    builder::{ListBuilder, StringBuilder},
};
use arrow_schema::{DataType, Field, SchemaRef};
use base::Name;
use lake::{Column, Feed, Kind, batch::schema, feed::Kept};

use crate::Failed;

/// The first of January 2025 in days since 1970.
pub(crate) const FIRST_DAY: i32 = 20_089;
pub(crate) const MICROS: i64 = 1_000_000;
/// The diagnosis of most.
pub(crate) const USUAL: &str = "J45.9";

/// A violation that was put in: the number of the rule in [`RULES`](crate::RULES), and which one
/// of it.
pub(crate) type Tag = Option<(u8, u64)>;

/// A line of a settlement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) line: String,
    pub(crate) settlement: String,
    pub(crate) at: i64,
    pub(crate) care: &'static str,
    pub(crate) institution: u64,
    pub(crate) doctor: u64,
    pub(crate) patient: u64,
    pub(crate) stay: Option<String>,
    pub(crate) item: String,
    pub(crate) kind: &'static str,
    pub(crate) quantity: i64,
    /// In fen.
    pub(crate) amount: i64,
    pub(crate) days_supplied: Option<i64>,
    pub(crate) contact: Option<u64>,
    /// Where the patient's own is not meant.
    pub(crate) sex: Option<&'static str>,
    /// In days since 1970, where the patient's own is not meant.
    pub(crate) born_on: Option<i32>,
    /// Where it is not the usual one.
    pub(crate) diagnosis: Option<&'static str>,
    pub(crate) tag: Tag,
}

/// A stay in hospital.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stay {
    pub(crate) stay: String,
    pub(crate) at: i64,
    pub(crate) discharged_at: Option<i64>,
    pub(crate) institution: u64,
    pub(crate) patient: u64,
    pub(crate) diagnosis: &'static str,
    pub(crate) planned: bool,
    pub(crate) orders: i64,
    pub(crate) tests: i64,
    pub(crate) severity: i64,
    pub(crate) tag: Tag,
}

/// A scan of a pack.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scan {
    pub(crate) scan: String,
    pub(crate) at: i64,
    pub(crate) code: String,
    pub(crate) kind: &'static str,
    pub(crate) institution: u64,
    pub(crate) item: Option<String>,
    pub(crate) line: Option<String>,
    pub(crate) split: bool,
    pub(crate) lot: String,
    pub(crate) expires_on: i32,
    pub(crate) tag: Tag,
}

/// A consultation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consultation {
    pub(crate) consultation: String,
    pub(crate) at: i64,
    pub(crate) minutes: i64,
    pub(crate) institution: u64,
    pub(crate) doctor: u64,
    pub(crate) patient: u64,
    pub(crate) tag: Tag,
}

/// A death.
#[derive(Debug, Clone, Default)]
pub(crate) struct Death {
    pub(crate) person: u64,
    pub(crate) at: i64,
    pub(crate) tag: Tag,
}

/// Something that is kept as a row of a feed.
pub(crate) trait Event: Sized {
    const FEED: &'static str;
    const COLUMNS: &'static [(&'static str, Holds)];
    const KEY: &'static [&'static str];
    const AT: &'static str;
    fn at(&self) -> i64;
    fn tag(&self) -> Tag;
    /// The columns of the feed, in their order.
    fn columns(rows: &[Self]) -> Vec<ArrayRef>;
}

/// What a column of an invented feed holds, and whether every row has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holds {
    Text(bool),
    Moment(bool),
    Person(bool),
    Whole(bool),
    Decimal,
    Money,
    Date(bool),
    Truth(bool),
    Texts,
}

/// The columns in which events of a kind are kept.
pub(crate) fn schema_of<E: Event>() -> Result<SchemaRef, Failed> {
    let name = |text: &str| Name::new(text).map_err(|_| Failed::from("no name"));
    let column = |(text, kept): &(&str, Holds)| {
        let (kind, needed) = match *kept {
            Holds::Text(needed) => (Kind::Text, needed),
            Holds::Moment(needed) => (Kind::Instant, needed),
            Holds::Person(needed) => (Kind::Person, needed),
            Holds::Whole(needed) => (Kind::Whole, needed),
            Holds::Decimal => (Kind::Decimal(4), true),
            Holds::Money => (Kind::Decimal(2), true),
            Holds::Date(needed) => (Kind::Date, needed),
            Holds::Truth(needed) => (Kind::Truth, needed),
            Holds::Texts => (Kind::Texts, false),
        };
        Ok::<_, Failed>(Column { name: name(text)?, kind, needed })
    };
    let keys = E::KEY.iter().map(|key| name(key)).collect::<Result<Vec<_>, _>>()?;
    let columns = E::COLUMNS.iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let feed = Feed::new(name(E::FEED)?, columns, &keys, &name(E::AT)?);
    let feed = feed.map_err(|_| Failed::from("no feed"))?;
    Ok(schema(&Kept::default().with(&feed).map_err(|_| Failed::from("no table"))?, false))
}

/// Rows with the numbers under which they were taken in.
pub(crate) fn batch<E: Event>(
    schema: &SchemaRef,
    first: i64,
    rows: &[E],
) -> Result<RecordBatch, Failed> {
    let numbers = Int64Array::from_iter_values(first..first + i64::try_from(rows.len())?);
    let sources = StringArray::from_iter_values(rows.iter().map(|_| "insurer"));
    let received = moments(rows.iter().map(|row| Some(row.at() + 3_600 * MICROS)));
    let mut columns: Vec<ArrayRef> = vec![Arc::new(numbers), Arc::new(sources), received];
    columns.extend(E::columns(rows));
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// The moment of so many seconds into a day of the city.
pub fn at(day: i32, seconds: i64) -> i64 {
    ((i64::from(FIRST_DAY) + i64::from(day)) * 86_400 - 28_800 + seconds) * MICROS
}

/// A number that looks like chance and is the same every time.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Stands in for the digest of a person.
pub(crate) fn digest(person: u64) -> [u8; 16] {
    let both = (u128::from(mixed(person)) << 64) | u128::from(mixed(person ^ 0xA5A5_0000_0000));
    both.to_be_bytes()
}

pub(crate) fn institution(number: u64) -> String {
    format!("I{number:04}")
}

pub(crate) fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

pub(crate) fn owned(values: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub(crate) fn moments(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter(values).with_timezone("UTC"))
}

pub(crate) fn wholes(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(Int64Array::from_iter(values))
}

pub(crate) fn persons(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter(values.map(|value| value.map(digest))))
}

pub(crate) fn decimals(places: i8, values: impl Iterator<Item = i64>) -> ArrayRef {
    let values = Decimal128Array::from_iter_values(values.map(i128::from));
    Arc::new(values.with_data_type(DataType::Decimal128(18, places)))
}

pub(crate) fn truths(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(BooleanArray::from_iter(values))
}

/// When a person was born, in days since 1970.
pub(crate) fn born_on(person: u64) -> i32 {
    i32::try_from(mixed(person) % 20_000).unwrap_or_default()
}

pub(crate) fn sex_of(person: u64) -> &'static str {
    if person.is_multiple_of(2) { "female" } else { "male" }
}

pub(crate) fn dates(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(values))
}

pub(crate) fn lists<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    let element = Field::new("element", DataType::Utf8, false);
    let mut out = ListBuilder::new(StringBuilder::new()).with_field(element);
    for value in values {
        out.values().append_value(value);
        out.values().append_value("Z00");
        out.append(true);
    }
    Arc::new(out.finish())
}

impl Event for Line {
    const FEED: &'static str = "settlement-lines";
    const KEY: &'static [&'static str] = &["line"];
    const AT: &'static str = "settled-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("line", Holds::Text(true)),
        ("settlement", Holds::Text(true)),
        ("settled-at", Holds::Moment(true)),
        ("care", Holds::Text(true)),
        ("institution", Holds::Text(true)),
        ("doctor", Holds::Text(false)),
        ("patient", Holds::Person(true)),
        ("sex", Holds::Text(true)),
        ("born-on", Holds::Date(true)),
        ("stay", Holds::Text(false)),
        ("item", Holds::Text(true)),
        ("item-kind", Holds::Text(true)),
        ("quantity", Holds::Decimal),
        ("amount", Holds::Money),
        ("days-supplied", Holds::Whole(false)),
        ("diagnoses", Holds::Texts),
        ("contact", Holds::Person(false)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows.iter().map(|row| Some(row.line.as_str()))),
            texts(rows.iter().map(|row| Some(row.settlement.as_str()))),
            moments(rows.iter().map(|row| Some(row.at))),
            texts(rows.iter().map(|row| Some(row.care))),
            owned(rows.iter().map(|row| institution(row.institution))),
            owned(rows.iter().map(|row| format!("D{:06}", row.doctor))),
            persons(rows.iter().map(|row| Some(row.patient))),
            texts(rows.iter().map(|row| Some(row.sex.unwrap_or_else(|| sex_of(row.patient))))),
            dates(rows.iter().map(|row| row.born_on.unwrap_or_else(|| born_on(row.patient)))),
            texts(rows.iter().map(|row| row.stay.as_deref())),
            texts(rows.iter().map(|row| Some(row.item.as_str()))),
            texts(rows.iter().map(|row| Some(row.kind))),
            decimals(4, rows.iter().map(|row| row.quantity * 10_000)),
            decimals(2, rows.iter().map(|row| row.amount)),
            wholes(rows.iter().map(|row| row.days_supplied)),
            lists(rows.iter().map(|row| row.diagnosis.unwrap_or(USUAL))),
            persons(rows.iter().map(|row| row.contact)),
        ]
    }
}

impl Event for Stay {
    const FEED: &'static str = "stays";
    const KEY: &'static [&'static str] = &["stay"];
    const AT: &'static str = "admitted-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("stay", Holds::Text(true)),
        ("admitted-at", Holds::Moment(true)),
        ("discharged-at", Holds::Moment(false)),
        ("institution", Holds::Text(true)),
        ("patient", Holds::Person(true)),
        ("diagnoses", Holds::Texts),
        ("planned", Holds::Truth(false)),
        ("bed-days", Holds::Whole(false)),
        ("orders", Holds::Whole(false)),
        ("tests", Holds::Whole(false)),
        ("severity", Holds::Whole(false)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows.iter().map(|row| Some(row.stay.as_str()))),
            moments(rows.iter().map(|row| Some(row.at))),
            moments(rows.iter().map(|row| row.discharged_at)),
            owned(rows.iter().map(|row| institution(row.institution))),
            persons(rows.iter().map(|row| Some(row.patient))),
            lists(rows.iter().map(|row| row.diagnosis)),
            truths(rows.iter().map(|row| row.planned.then_some(true))),
            wholes(rows.iter().map(|_| None)),
            wholes(rows.iter().map(|row| Some(row.orders))),
            wholes(rows.iter().map(|row| Some(row.tests))),
            wholes(rows.iter().map(|row| Some(row.severity))),
        ]
    }
}

impl Event for Scan {
    const FEED: &'static str = "code-scans";
    const KEY: &'static [&'static str] = &["scan"];
    const AT: &'static str = "scanned-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("scan", Holds::Text(true)),
        ("scanned-at", Holds::Moment(true)),
        ("code", Holds::Text(true)),
        ("kind", Holds::Text(true)),
        ("institution", Holds::Text(true)),
        ("item", Holds::Text(false)),
        ("line", Holds::Text(false)),
        ("split", Holds::Truth(false)),
        ("lot", Holds::Text(false)),
        ("expires-on", Holds::Date(false)),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        let expires = rows.iter().map(|row| FIRST_DAY + row.expires_on);
        vec![
            texts(rows.iter().map(|row| Some(row.scan.as_str()))),
            moments(rows.iter().map(|row| Some(row.at))),
            texts(rows.iter().map(|row| Some(row.code.as_str()))),
            texts(rows.iter().map(|row| Some(row.kind))),
            owned(rows.iter().map(|row| institution(row.institution))),
            texts(rows.iter().map(|row| row.item.as_deref())),
            texts(rows.iter().map(|row| row.line.as_deref())),
            truths(rows.iter().map(|row| row.split.then_some(true))),
            texts(rows.iter().map(|row| Some(row.lot.as_str()))),
            dates(expires),
        ]
    }
}

impl Event for Consultation {
    const FEED: &'static str = "consultations";
    const KEY: &'static [&'static str] = &["consultation"];
    const AT: &'static str = "began-at";
    const COLUMNS: &'static [(&'static str, Holds)] = &[
        ("consultation", Holds::Text(true)),
        ("began-at", Holds::Moment(true)),
        ("ended-at", Holds::Moment(false)),
        ("online", Holds::Truth(true)),
        ("institution", Holds::Text(true)),
        ("doctor", Holds::Text(true)),
        ("patient", Holds::Person(true)),
        ("born-on", Holds::Date(true)),
        ("first-visit", Holds::Truth(true)),
        ("diagnoses", Holds::Texts),
    ];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows.iter().map(|row| Some(row.consultation.as_str()))),
            moments(rows.iter().map(|row| Some(row.at))),
            moments(rows.iter().map(|row| Some(row.at + row.minutes * 60 * MICROS))),
            truths(rows.iter().map(|_| Some(false))),
            owned(rows.iter().map(|row| institution(row.institution))),
            owned(rows.iter().map(|row| format!("D{:06}", row.doctor))),
            persons(rows.iter().map(|row| Some(row.patient))),
            dates(rows.iter().map(|row| born_on(row.patient))),
            truths(rows.iter().map(|row| Some(row.patient.is_multiple_of(3)))),
            lists(rows.iter().map(|_| USUAL)),
        ]
    }
}

impl Event for Death {
    const FEED: &'static str = "deaths";
    const KEY: &'static [&'static str] = &["person"];
    const AT: &'static str = "died-at";
    const COLUMNS: &'static [(&'static str, Holds)] =
        &[("person", Holds::Person(true)), ("died-at", Holds::Moment(true))];

    fn at(&self) -> i64 {
        self.at
    }

    fn tag(&self) -> Tag {
        self.tag
    }

    fn columns(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            persons(rows.iter().map(|row| Some(row.person))),
            moments(rows.iter().map(|row| Some(row.at))),
        ]
    }
}
