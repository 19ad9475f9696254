//! Knowledge of the invented city: thresholds and lists of items, every row dated. All invented.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::DataType;

use crate::{
    Failed,
    city::{DRUGS, INSTITUTIONS, SCANNED, drug},
    event::{FIRST_DAY, at, institution},
};

/// Figures by name.
const FIGURES: [(&str, i64); 13] = [
    ("transfer-hours-most", 12),
    ("outpatient-margin-hours", 6),
    ("readmission-days-most", 15),
    ("outside-days-least", 3),
    ("purchases-month-most", 4),
    ("dose-percent-most", 200),
    ("refill-days-early-most", 7),
    ("after-death-hours", 24),
    ("consultations-day-most", 150),
    ("costly-year-yuan", 5_000),
    ("costly-persons-most", 2),
    ("deviations-most", 3),
    ("peers-least", 10),
];

/// The tables, by the names of their views.
/// # Errors
/// Where a table does not come out, which is a fault of ours.
pub fn tables() -> Result<Vec<(&'static str, RecordBatch)>, Failed> {
    Ok(vec![
        ("figures", figures()?),
        ("second_line_drugs", second_line()?),
        ("quantity_limits", limits()?),
        ("day_items", dated(vec![("item", texts(["BED0", "NUR0"].map(str::to_owned)))])?),
        ("included_items", included()?),
        ("split_items", split()?),
        ("admission_thresholds", thresholds()?),
        ("drug_doses", doses()?),
        ("code_products", products()?),
        ("recalled_lots", dated(vec![("lot", texts(["RECALLED".to_owned()]))])?),
        ("scanned_items", dated(vec![("item", texts((0..SCANNED).map(drug)))])?),
        ("medical_institution", register()?),
    ])
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn wholes(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn decimals(value: i128, count: usize) -> ArrayRef {
    let values = Decimal128Array::from_iter_values(std::iter::repeat_n(value, count));
    Arc::new(values.with_data_type(DataType::Decimal128(18, 4)))
}

/// The same rows, valid from the year before on.
fn dated(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Failed> {
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let from = Date32Array::from_iter_values(std::iter::repeat_n(FIRST_DAY - 366, rows));
    let until = Date32Array::from_iter(std::iter::repeat_n(None::<i32>, rows));
    let dates: [(&str, ArrayRef, bool); 2] =
        [("valid_from", Arc::new(from), false), ("valid_until", Arc::new(until), true)];
    let columns = columns.into_iter().map(|(name, column)| (name, column, false));
    Ok(RecordBatch::try_from_iter_with_nullable(columns.chain(dates))?)
}

fn figures() -> Result<RecordBatch, Failed> {
    let names = texts(FIGURES.iter().map(|(name, _)| (*name).to_owned()));
    dated(vec![("figure", names), ("value", wholes(FIGURES.iter().map(|(_, value)| *value)))])
}

fn second_line() -> Result<RecordBatch, Failed> {
    dated(vec![
        ("item", texts((0..5).map(|number| format!("D90{number:02}")))),
        ("first_item", texts((0..5).map(|number| format!("D91{number:02}")))),
        ("within_days", wholes([90; 5])),
    ])
}

fn limits() -> Result<RecordBatch, Failed> {
    let items = (0..50).map(|number| format!("S{number:04}")).chain(["S9001".to_owned()]);
    dated(vec![
        ("item", texts(items)),
        ("day_most", decimals(100_000, 51)),
        ("week_most", decimals(200_000, 51)),
    ])
}

fn included() -> Result<RecordBatch, Failed> {
    let service = |number: i64| format!("S{number:04}");
    dated(vec![
        ("item", texts((0..50).map(service).chain(["S9101".to_owned()]))),
        ("included", texts((1..51).map(service).chain(["S9102".to_owned()]))),
    ])
}

fn split() -> Result<RecordBatch, Failed> {
    let service = |number: i64| format!("S{number:04}");
    let items = (0..50).map(|number| service(900 + number / 2));
    let parts = (0..50).map(|number| service(600 + number));
    dated(vec![
        ("item", texts(items.chain(["S9200"; 3].map(str::to_owned)))),
        ("part", texts(parts.chain(["S9201", "S9202", "S9203"].map(str::to_owned)))),
        ("parts", wholes([2; 50].into_iter().chain([3; 3]))),
    ])
}

fn thresholds() -> Result<RecordBatch, Failed> {
    dated(vec![
        ("diagnosis_group", texts(["J45", "I10", "E11", "K35"].map(str::to_owned))),
        ("severity_least", wholes([3; 4])),
        ("tests_least", wholes([2; 4])),
    ])
}

fn doses() -> Result<RecordBatch, Failed> {
    let others = ["D9301", "D9302"].map(str::to_owned);
    let items: Vec<String> = (0..DRUGS).map(drug).chain(others).collect();
    let count = items.len();
    dated(vec![("item", texts(items)), ("day_dose", decimals(5_000, count))])
}

fn products() -> Result<RecordBatch, Failed> {
    dated(vec![
        ("prefix", texts((0..=SCANNED).map(|number| format!("81{number:05}")))),
        ("item", texts((0..=SCANNED).map(drug))),
    ])
}

/// A register has moments, not days.
fn register() -> Result<RecordBatch, Failed> {
    let level = |number: u64| if number < INSTITUTIONS / 2 { "third" } else { "second" };
    let count = usize::try_from(INSTITUTIONS)?;
    let from = std::iter::repeat_n(at(-366, 0), count);
    let from = TimestampMicrosecondArray::from_iter_values(from).with_timezone("UTC");
    let until = std::iter::repeat_n(None::<i64>, count);
    let until = TimestampMicrosecondArray::from_iter(until).with_timezone("UTC");
    let columns: [(&str, ArrayRef, bool); 4] = [
        ("entry", texts((0..INSTITUTIONS).map(institution)), false),
        ("level", texts((0..INSTITUTIONS).map(|own| level(own).to_owned())), false),
        ("valid_from", Arc::new(from), false),
        ("valid_until", Arc::new(until), true),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}
