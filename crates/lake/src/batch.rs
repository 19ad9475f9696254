//! Rows as columns: what is written to the intake log and to Parquet.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{
        BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder,
        StringBuilder, TimestampMicrosecondBuilder,
    },
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use base::{Date, Instant};

use crate::{
    feed::{Kept, Kind},
    row::{Row, Value},
};

/// The column with the number under which a row was taken in.
pub const NUMBER: &str = "intake_number";
/// The column with who sent it.
pub const SOURCE: &str = "intake_source";
/// The column with when it was taken in.
pub const RECEIVED: &str = "intake_at";
/// The column with the number of the row that replaced it.
pub const REPLACED_BY: &str = "replaced_by";
/// The digits of a decimal number.
const DIGITS: u8 = 18;

/// The type in which the values of a kind are kept.
pub(crate) fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text | Kind::Word(_) => DataType::Utf8,
        Kind::Texts => DataType::List(Arc::new(Field::new("element", DataType::Utf8, false))),
        Kind::Whole => DataType::Int64,
        Kind::Decimal(places) => DataType::Decimal128(DIGITS, places.cast_signed()),
        Kind::Date => DataType::Date32,
        Kind::Instant => instant(),
        Kind::Truth => DataType::Boolean,
        Kind::Person => DataType::Binary,
    }
}

/// Moments are microseconds of UTC.
fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The columns of a feed, or of its rows that were replaced. Those of the intake come first; a
/// name of ours with a hyphen is written with an underscore, which SQL reads without quotes.
pub fn schema(kept: &Kept, replaced: bool) -> SchemaRef {
    let own = [
        Field::new(NUMBER, DataType::Int64, false),
        Field::new(SOURCE, DataType::Utf8, false),
        Field::new(RECEIVED, instant(), false),
    ];
    let columns = kept.columns().iter().map(|column| {
        let name = column.name.as_str().replace('-', "_");
        Field::new(name, data_type(&column.kind), !column.needed)
    });
    let last = replaced.then(|| Field::new(REPLACED_BY, DataType::Int64, false));
    Arc::new(Schema::new(own.into_iter().chain(columns).chain(last).collect::<Vec<_>>()))
}

/// A row with how it was taken in.
pub(crate) struct Taken<'a> {
    pub(crate) number: u64,
    pub(crate) source: &'a str,
    pub(crate) received_at: Instant,
    pub(crate) row: &'a Row,
    pub(crate) replaced_by: Option<u64>,
}

/// The columns of rows, with what replaced them where that is asked for.
///
/// # Errors
/// Where a row is none of the feed's.
pub(crate) fn columns(
    kept: &Kept,
    rows: &[Taken<'_>],
    replaced: bool,
) -> Result<RecordBatch, ArrowError> {
    let mut numbers = Int64Builder::with_capacity(rows.len());
    let mut sources = StringBuilder::new();
    let mut received = TimestampMicrosecondBuilder::with_capacity(rows.len()).with_timezone("UTC");
    let mut by = Int64Builder::new();
    for taken in rows {
        numbers.append_value(taken.number.cast_signed());
        sources.append_value(taken.source);
        received.append_value(taken.received_at.micros());
        by.append_option(taken.replaced_by.map(u64::cast_signed));
    }
    let mut arrays: Vec<ArrayRef> =
        vec![Arc::new(numbers.finish()), Arc::new(sources.finish()), Arc::new(received.finish())];
    for (place, column) in kept.columns().iter().enumerate() {
        let values = rows.iter().map(|taken| taken.row.values.get(place).and_then(Option::as_ref));
        arrays.push(array(&column.kind, values)?);
    }
    if replaced {
        arrays.push(Arc::new(by.finish()));
    }
    RecordBatch::try_new(schema(kept, replaced), arrays)
}

/// The day of so many days since 1970.
pub fn day_of_number(days: i32) -> Date {
    let first = Date::new(1970, 1, 1).unwrap_or(Date::MIN);
    first.plus_days(days.into()).unwrap_or(Date::MAX)
}

/// Days since 1970.
pub fn day_number(date: Date) -> i32 {
    let first = Date::new(1970, 1, 1).unwrap_or(date);
    i32::try_from(first.days_until(date)).unwrap_or(i32::MAX)
}

/// One column.
fn array<'a>(
    kind: &Kind,
    values: impl Iterator<Item = Option<&'a Value>>,
) -> Result<ArrayRef, ArrowError> {
    Ok(match kind {
        Kind::Text | Kind::Word(_) => {
            let mut out = StringBuilder::new();
            values.for_each(|value| out.append_option(text(value)));
            Arc::new(out.finish())
        }
        Kind::Texts => {
            let element = Field::new("element", DataType::Utf8, false);
            let mut out = ListBuilder::new(StringBuilder::new()).with_field(element);
            values.for_each(|value| match value {
                Some(Value::Texts(all)) => {
                    out.append_value(all.iter().map(|one| Some(one.as_str())));
                }
                _ => out.append_null(),
            });
            Arc::new(out.finish())
        }
        Kind::Whole => {
            let mut out = Int64Builder::new();
            values.for_each(|value| out.append_option(number(value)));
            Arc::new(out.finish())
        }
        Kind::Decimal(places) => {
            let mut out =
                Decimal128Builder::new().with_precision_and_scale(DIGITS, places.cast_signed())?;
            values.for_each(|value| out.append_option(number(value).map(i128::from)));
            Arc::new(out.finish())
        }
        Kind::Date => {
            let mut out = Date32Builder::new();
            values.for_each(|value| match value {
                Some(Value::Date(date)) => out.append_value(day_number(*date)),
                _ => out.append_null(),
            });
            Arc::new(out.finish())
        }
        Kind::Instant => {
            let mut out = TimestampMicrosecondBuilder::new().with_timezone("UTC");
            values.for_each(|value| match value {
                Some(Value::Instant(instant)) => out.append_value(instant.micros()),
                _ => out.append_null(),
            });
            Arc::new(out.finish())
        }
        Kind::Truth => {
            let mut out = BooleanBuilder::new();
            values.for_each(|value| match value {
                Some(Value::Truth(truth)) => out.append_value(*truth),
                _ => out.append_null(),
            });
            Arc::new(out.finish())
        }
        Kind::Person => {
            let mut out = BinaryBuilder::new();
            values.for_each(|value| match value {
                Some(Value::Person(person)) => out.append_value(person.0),
                _ => out.append_null(),
            });
            Arc::new(out.finish())
        }
    })
}

fn text(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn number(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}
