//! A small feed, and what the tables say of it.

use std::{fs::File, path::Path};

use arrow_array::{
    Array as _, RecordBatch,
    cast::AsArray as _,
    types::{Int64Type, TimestampMicrosecondType},
};
use base::{Instant, Name, Zone};
use lake::{
    Column, Feed, Intake, Kind, Lake, PersonKey,
    batch::{NUMBER, REPLACED_BY, SOURCE},
    replaced,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A row as the tables say it: number, source, key, when, patient, quantity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub(crate) number: u64,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) at: i64,
    pub(crate) quantity: Option<i64>,
}

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn column(text: &str, kind: Kind, needed: bool) -> Column {
    Column { name: name(text), kind, needed }
}

/// The columns of prescriptions, invented.
pub(crate) fn columns() -> Vec<Column> {
    let status = ["issued", "returned"].map(str::to_owned).to_vec();
    vec![
        column("id", Kind::Text, true),
        column("issued-at", Kind::Instant, true),
        column("patient", Kind::Person, true),
        column("status", Kind::Word(status), false),
        column("diagnoses", Kind::Texts, false),
        column("quantity", Kind::Whole, false),
        column("price", Kind::Decimal(2), false),
        column("until", Kind::Date, false),
        column("online", Kind::Truth, false),
    ]
}

pub(crate) fn feed_of(columns: Vec<Column>) -> Feed {
    Feed::new(name("prescriptions"), columns, &[name("id")], &name("issued-at")).unwrap()
}

pub(crate) fn key() -> PersonKey {
    PersonKey::from_bytes([7; 64])
}

pub(crate) fn zone() -> Zone {
    Zone::named("Asia/Shanghai").unwrap()
}

pub(crate) fn opened(folder: &Path) -> Lake {
    with(folder, columns())
}

pub(crate) fn with(folder: &Path, columns: Vec<Column>) -> Lake {
    Lake::open(folder, [feed_of(columns)], key(), zone()).unwrap()
}

/// Noon of a day in March 2026, eight hours east of UTC, and so many seconds.
pub(crate) fn moment(day: u8, seconds: i64) -> Instant {
    let noon = Instant::parse(&format!("2026-03-{day:02}T12:00:00+08:00")).unwrap();
    Instant::from_micros(noon.micros() + seconds * 1_000_000)
}

/// When everything arrives.
pub(crate) fn now() -> Instant {
    moment(31, 0)
}

/// A good line.
pub(crate) fn line(id: &str, day: u8, quantity: i64) -> String {
    let at = moment(day, 0);
    format!(
        r#"{{"id":"{id}","issued-at":"{at}","patient":"11010519491231002X","quantity":{quantity}}}"#
    )
}

pub(crate) async fn taken(lake: &Lake, source: &str, lines: &[String]) -> Intake {
    lake.take(&name("prescriptions"), source, lines.join("\n").as_bytes(), now()).await.unwrap()
}

pub(crate) fn gathered(lake: &Lake) {
    while lake.gather().unwrap().is_some() {}
}

/// The rows of the table, by number.
pub(crate) fn current(lake: &Lake) -> Vec<Said> {
    let mut said: Vec<Said> = batches(lake, "prescriptions").iter().flat_map(says).collect();
    said.sort();
    said
}

/// The rows that were replaced, with the number of what replaced each.
pub(crate) fn earlier(lake: &Lake) -> Vec<(Said, u64)> {
    let mut all = Vec::new();
    for batch in batches(lake, &replaced(&name("prescriptions"))) {
        let by = batch.column_by_name(REPLACED_BY).unwrap().as_primitive::<Int64Type>().clone();
        let by = by.values().iter().map(|by| by.cast_unsigned());
        all.extend(says(&batch).into_iter().zip(by));
    }
    all.sort();
    all
}

pub(crate) fn batches(lake: &Lake, table: &str) -> Vec<RecordBatch> {
    let (folder, files) = lake.files(table).unwrap();
    let mut all = Vec::new();
    for file in files {
        let open = File::open(folder.join(&file.path)).unwrap();
        let read = ParquetRecordBatchReaderBuilder::try_new(open).unwrap().build().unwrap();
        let rows: Vec<RecordBatch> = read.collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.iter().map(|rows| rows.num_rows() as u64).sum::<u64>(), file.rows);
        all.extend(rows);
    }
    all
}

fn says(batch: &RecordBatch) -> Vec<Said> {
    let whole = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>();
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
    let at = batch.column_by_name("issued_at").unwrap();
    let at = at.as_primitive::<TimestampMicrosecondType>();
    let quantity = whole("quantity");
    let row = |row: usize| Said {
        number: whole(NUMBER).value(row).cast_unsigned(),
        source: text(SOURCE).value(row).to_owned(),
        id: text("id").value(row).to_owned(),
        at: at.value(row),
        quantity: (!quantity.is_null(row)).then(|| quantity.value(row)),
    };
    (0..batch.num_rows()).map(row).collect()
}
