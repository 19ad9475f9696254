//! Files instead of lines: the same rows, whichever way they come.

use std::{
    fs::File,
    io::{Cursor, Seek as _, Write as _},
    sync::Arc,
};

use arrow_json::ReaderBuilder;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use lake::{
    Flaw, Intake, Lake,
    incoming::{OfCsv, OfLines, OfParquet},
};

use parquet::arrow::ArrowWriter;

use crate::bench::{columns, current, feed_of, gathered, name, now, opened, taken};

const CSV: &str = "\u{feff}id,issued-at,patient,status,diagnoses,quantity,price,until,online\r\n\
    a,2026-03-01T12:00:00+08:00,11010519491231002X,,J45; I10,3,12.5,2026-04-01,true\r\n\
    b,2026-03-02T12:00:00+08:00,x,,,ten,,,maybe\r\n\
    c,2026-03-02T12:00:00+08:00,x,,,,,,,more\r\n";

async fn all_of(
    lake: &Lake,
    lines: impl Iterator<Item = Result<Vec<u8>, lake::Fault>>,
) -> Vec<Intake> {
    let mut all = Vec::new();
    for batch in lines {
        let feed = name("prescriptions");
        all.push(lake.take(&feed, "hospital-1", &batch.unwrap(), now()).await.unwrap());
    }
    all
}

fn flaws(flaws: &[Flaw]) -> Vec<(Option<&str>, u16)> {
    flaws.iter().map(|flaw| (flaw.column.as_deref(), flaw.number())).collect()
}

#[tokio::test]
async fn a_sheet_is_taken_like_lines_and_its_rows_are_told_of_like_lines() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let sheet = || OfCsv::new(feed_of(columns()), Cursor::new(CSV)).unwrap();
    let intake = all_of(&lake, sheet()).await;
    assert_eq!((intake.len(), intake[0].taken), (1, 1));
    let bad: Vec<_> = intake[0].bad.iter().map(|(line, own)| (*line, flaws(own))).collect();
    let unknown = vec![(Some("column-without-name"), 1503)];
    assert_eq!(bad, [(2, vec![(Some("quantity"), 1509), (Some("online"), 1512)]), (3, unknown)]);
    // The same row as a line of JSON is a repeat.
    let same = "{\"id\":\"a\",\"issued-at\":\"2026-03-01T12:00:00+08:00\",\
         \"patient\":\"11010519491231002x\",\"diagnoses\":[\"J45\",\"I10\"],\"quantity\":3,\
         \"price\":12.5,\"until\":\"2026-04-01\",\"online\":true}";
    taken(&lake, "hospital-1", &[same.to_owned()]).await;
    gathered(&lake);
    assert_eq!(current(&lake).len(), 1);
    assert!(OfCsv::new(feed_of(columns()), Cursor::new([0xff, 0xfe])).is_err());
}

/// A Parquet file as an analyst's program writes it: typed columns, names with underscores.
fn parquet() -> File {
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    let texts = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let field = |name: &str, kind| Field::new(name, kind, true);
    let schema = Arc::new(Schema::new(vec![
        field("id", DataType::Utf8),
        field("issued_at", utc),
        field("patient", DataType::Utf8),
        field("diagnoses", texts),
        field("quantity", DataType::Int64),
        field("price", DataType::Decimal128(18, 2)),
        field("until", DataType::Date32),
        field("online", DataType::Boolean),
    ]));
    let rows = r#"
        {"id":"a","issued_at":"2026-03-01T04:00:00Z","patient":"11010519491231002X",
         "diagnoses":["J45","I10"],"quantity":3,"price":"12.50","until":"2026-04-01","online":true}
        {"id":"b","issued_at":"2026-03-02T04:00:00Z","patient":"x","price":"7.00"}
        {"id":"c","patient":"x"}"#;
    let mut reader = ReaderBuilder::new(schema.clone()).build(rows.as_bytes()).unwrap();
    let file = tempfile::tempfile().unwrap();
    let mut writer = ArrowWriter::try_new(file.try_clone().unwrap(), schema, None).unwrap();
    writer.write(&reader.next().unwrap().unwrap()).unwrap();
    writer.close().unwrap();
    file
}

#[tokio::test]
async fn a_parquet_file_is_taken_like_lines() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let intake = all_of(&lake, OfParquet::new(&feed_of(columns()), parquet()).unwrap()).await;
    assert_eq!((intake.len(), intake[0].taken), (1, 2));
    let bad: Vec<_> = intake[0].bad.iter().map(|(line, own)| (*line, flaws(own))).collect();
    assert_eq!(bad, [(3, vec![(Some("issued-at"), 1504)])]);
    // The same rows as a sheet are repeats: a way changes nothing.
    let sheet = "id,issued-at,patient,diagnoses,quantity,price,until,online\n\
        a,2026-03-01T12:00:00+08:00,11010519491231002X,J45;I10,3,12.5,2026-04-01,true\n\
        b,2026-03-02T12:00:00+08:00,x,,,7,,\n";
    all_of(&lake, OfCsv::new(feed_of(columns()), Cursor::new(sheet)).unwrap()).await;
    let done = lake.gather().unwrap().unwrap();
    assert_eq!((done.new, done.repeats, done.instead), (2, 2, 0));
    assert_eq!(current(&lake).len(), 2);
    let mut other = tempfile::tempfile().unwrap();
    other.write_all(b"no rows").unwrap();
    other.rewind().unwrap();
    assert!(OfParquet::new(&feed_of(columns()), other).is_err());
}

#[test]
fn a_file_of_lines_comes_in_parts_that_end_with_lines() {
    let long = format!("{{\"id\":\"{}\"}}\n", "x".repeat(900));
    let file = long.repeat(12_345);
    let parts: Vec<Vec<u8>> = OfLines::new(file.as_bytes()).map(|part| part.unwrap()).collect();
    assert!(parts.len() > 2 && parts.iter().all(|part| part.ends_with(b"}\n")));
    assert_eq!(parts.concat(), file.as_bytes());
    let endless = "x".repeat(3 << 20);
    let parts: Vec<_> = OfLines::new(endless.as_bytes()).map(|part| part.unwrap()).collect();
    assert_eq!(parts.concat().len(), endless.len());
}
