//! What registers said and what tables say, as tables that a query reads beside the rows of feeds.
//! A rule compares moments with where a version begins and ends; there is no join that takes the
//! nearest one, which would not see that a licence has ended.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{
        BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListBuilder, StringBuilder,
        TimestampMicrosecondBuilder,
    },
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use base::{Date, Fen, Name};
use lake::batch::day_number;
use pack::model::{Knowledge, KnowledgeRow, Register};
use rules::{Type, Value};

use crate::histories::Histories;

/// The column with the key of an entry.
pub const ENTRY: &str = "entry";
/// The column with where a version, or a row of a table, begins to hold.
pub const FROM: &str = "valid_from";
/// The column with where it no longer holds; empty where that is open.
pub const UNTIL: &str = "valid_until";
/// The digits of a decimal number, and the decimals of yuan.
const DIGITS: u8 = 18;
const FEN: u8 = 2;

/// The name of a view or a column, which SQL reads without quotes.
pub fn view(name: &Name) -> String {
    name.as_str().replace('-', "_")
}

/// The type in which values are kept; none for those that a query cannot ask for: persons, sealed
/// details, places, texts in two languages.
fn data_type(kind: &Type) -> Option<DataType> {
    Some(match kind {
        Type::Text | Type::Entry(_) | Type::Code(_) | Type::Choice(_) | Type::Division => {
            DataType::Utf8
        }
        Type::Texts | Type::Codes(_) | Type::Bodies => {
            DataType::List(Arc::new(Field::new("element", DataType::Utf8, false)))
        }
        Type::Integer => DataType::Int64,
        Type::Money => DataType::Decimal128(DIGITS, FEN.cast_signed()),
        Type::Decimal(places) => DataType::Decimal128(DIGITS, places.cast_signed()),
        Type::Boolean => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::Moment => moment(),
        Type::Bilingual | Type::Party | Type::Sealed | Type::Point => return None,
    })
}

/// Moments are microseconds of UTC, as in the files of the lake.
fn moment() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// What a value of a column is in the table; none where there is none.
fn array<'v>(kind: &Type, values: impl Iterator<Item = Option<&'v Value>>) -> ArrayRef {
    match kind {
        Type::Integer => {
            let mut built = Int64Builder::new();
            values.for_each(|value| built.append_option(value.and_then(whole)));
            Arc::new(built.finish())
        }
        Type::Money | Type::Decimal(_) => decimals(kind, values),
        Type::Boolean => {
            let mut built = BooleanBuilder::new();
            values.for_each(|value| {
                built.append_option(match value {
                    Some(Value::Boolean(truth)) => Some(*truth),
                    _ => None,
                });
            });
            Arc::new(built.finish())
        }
        Type::Date => {
            let mut built = Date32Builder::new();
            values.for_each(|value| {
                built.append_option(match value {
                    Some(Value::Date(day)) => Some(day_number(*day)),
                    _ => None,
                });
            });
            Arc::new(built.finish())
        }
        Type::Moment => {
            let mut built = TimestampMicrosecondBuilder::new().with_timezone("UTC");
            values.for_each(|value| {
                built.append_option(match value {
                    Some(Value::Moment(at)) => Some(at.micros()),
                    _ => None,
                });
            });
            Arc::new(built.finish())
        }
        Type::Texts | Type::Codes(_) | Type::Bodies => lists(values),
        _ => {
            let mut built = StringBuilder::new();
            values.for_each(|value| built.append_option(value.map(ToString::to_string)));
            Arc::new(built.finish())
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

fn decimals<'v>(kind: &Type, values: impl Iterator<Item = Option<&'v Value>>) -> ArrayRef {
    let places = match kind {
        Type::Decimal(places) => *places,
        _ => FEN,
    };
    let kept = DataType::Decimal128(DIGITS, places.cast_signed());
    let mut built = Decimal128Builder::new().with_data_type(kept);
    values.for_each(|value| {
        built.append_option(match value {
            Some(Value::Money(Fen(units))) => Some(i128::from(*units)),
            Some(Value::Decimal { units, places: own }) if *own == places => {
                Some(i128::from(*units))
            }
            _ => None,
        });
    });
    Arc::new(built.finish())
}

fn lists<'v>(values: impl Iterator<Item = Option<&'v Value>>) -> ArrayRef {
    let element = Field::new("element", DataType::Utf8, false);
    let mut built = ListBuilder::new(StringBuilder::new()).with_field(element);
    for value in values {
        let texts = match value {
            Some(Value::Codes(texts)) => Some(texts),
            _ => None,
        };
        texts.into_iter().flatten().for_each(|text| built.values().append_value(text));
        built.append(texts.is_some());
    }
    Arc::new(built.finish())
}

/// The columns of a register that a query may read.
fn fields(register: &Register) -> impl Iterator<Item = (&Name, Type, DataType)> {
    register.fields.iter().filter_map(|field| {
        let kind = field.input.value_type();
        let kept = data_type(&kind)?;
        Some((&field.name, kind, kept))
    })
}

/// The columns of the versions of a register.
pub fn register_schema(register: &Register) -> SchemaRef {
    let own = [
        Field::new(ENTRY, DataType::Utf8, false),
        Field::new(FROM, moment(), false),
        Field::new(UNTIL, moment(), true),
    ];
    let more = fields(register).map(|(name, _, kept)| Field::new(view(name), kept, true));
    Arc::new(Schema::new(own.into_iter().chain(more).collect::<Vec<_>>()))
}

/// The versions of a register that are believed in a snapshot, by entry and by when they begin.
///
/// # Errors
/// Where they do not fit their columns.
pub fn register_rows(
    register: &Register,
    histories: &Histories,
) -> Result<RecordBatch, ArrowError> {
    let versions = histories.believed(&register.name);
    let mut entries = StringBuilder::new();
    let mut from = TimestampMicrosecondBuilder::new().with_timezone("UTC");
    let mut until = TimestampMicrosecondBuilder::new().with_timezone("UTC");
    for (key, version) in &versions {
        entries.append_value(key);
        from.append_value(version.valid_from.micros());
        until.append_option(version.valid_until.map(|until| until.micros()));
    }
    let own: [ArrayRef; 3] =
        [Arc::new(entries.finish()), Arc::new(from.finish()), Arc::new(until.finish())];
    let more = fields(register).map(|(name, kind, _)| {
        array(&kind, versions.iter().map(|(_, version)| version.fields.get(name)))
    });
    RecordBatch::try_new(register_schema(register), own.into_iter().chain(more).collect())
}

/// The columns of a table.
pub fn knowledge_schema(table: &Knowledge) -> SchemaRef {
    let own =
        [Field::new(FROM, DataType::Date32, false), Field::new(UNTIL, DataType::Date32, true)];
    let more = table.columns.iter().filter_map(|column| {
        let kept = data_type(&column.kind.value_type())?;
        Some(Field::new(view(&column.name), kept, true))
    });
    Arc::new(Schema::new(own.into_iter().chain(more).collect::<Vec<_>>()))
}

/// The rows of a table, by key and by day.
///
/// # Errors
/// Where they do not fit their columns.
pub fn knowledge_rows(table: &Knowledge) -> Result<RecordBatch, ArrowError> {
    let days = |day: fn(&KnowledgeRow) -> Option<Date>| {
        let mut built = Date32Builder::new();
        table.rows.iter().for_each(|row| built.append_option(day(row).map(day_number)));
        Arc::new(built.finish()) as ArrayRef
    };
    let own = [days(|row| Some(row.from)), days(|row| row.until)];
    let more = table.columns.iter().enumerate().filter_map(|(place, column)| {
        let kind = column.kind.value_type();
        data_type(&kind)?;
        let cells = table.rows.iter().map(|row| row.values.get(place).and_then(Option::as_ref));
        Some(array(&kind, cells))
    });
    RecordBatch::try_new(knowledge_schema(table), own.into_iter().chain(more).collect())
}
