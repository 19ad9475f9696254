//! What a query sees of files: every column of the feed, and only the files that are named.

use arrow_array::{Array as _, cast::AsArray as _, types::Int64Type};
use arrow_schema::DataType;
use query::Source;

use crate::town::{MIB, asked, engine, made, numbers};

#[tokio::test]
async fn a_column_that_came_later_is_empty_before() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let sql = "SELECT event_day, ward, count(*) AS rows FROM visits GROUP BY event_day, ward";
    let rows = asked(&engine, sql, vec![Source::files("visits", files)], &["event_day"]).await;
    let rows = rows.unwrap();
    let ward = rows.column(1).as_string::<i32>();
    let there: Vec<Option<&str>> = ward.iter().collect();
    assert_eq!(there, [None, None, None, None, Some("W1")]);
    assert_eq!(rows.column(2).as_primitive::<Int64Type>().values().to_vec(), vec![10; 5]);
}

#[tokio::test]
async fn only_the_named_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = made(folder.path(), 10).await;
    files.files.truncate(2);
    let engine = engine(folder.path(), 256 * MIB, 2);
    let count = "SELECT count(*) AS rows FROM visits";
    assert_eq!(numbers(&engine, count, vec![Source::files("visits", files)]).await, [20]);
}

#[tokio::test]
async fn answers_are_in_the_kinds_of_the_lake_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let sql = "SELECT visit, patient, diagnoses, dose, began_at FROM visits";
    let sources = vec![Source::files("visits", files)];
    let checked = engine.check(sql, &sources).unwrap();
    let mut answer = engine.run(sql, sources, &["began_at", "diagnoses"]).await.unwrap();
    assert_eq!(answer.columns(), &checked);
    let kinds: Vec<&DataType> = checked.fields().iter().map(|field| field.data_type()).collect();
    assert_eq!(kinds[..2], [&DataType::Utf8, &DataType::Binary]);
    assert_eq!(kinds[3], &DataType::Decimal128(18, 2));
    let first = answer.next().await.unwrap().unwrap();
    assert_eq!(first.column(0).as_string::<i32>().value(0), "V1-0");
    assert_eq!(first.column(2).as_list::<i32>().value(0).len(), 2);
    while answer.next().await.unwrap().is_some() {}
    let cost = answer.cost().unwrap();
    assert_eq!(cost.rows_read, 50);
    assert!(cost.bytes_read > 0);
}
