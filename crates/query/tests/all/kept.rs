//! What is kept of files answers like the files, and gives way.

use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, RecordBatch, StringArray};
use query::{Cost, Engine, Fault, Files, Keys, Only, Source};

use crate::town::{MIB, asked, engine, made, many, numbers, patient, spilled};

const SQL: &str = "SELECT visit, patient, fee, dose, diagnoses, ward, event_day FROM visits";

fn digests(patients: &[u64]) -> ArrayRef {
    Arc::new(BinaryArray::from_iter_values(patients.iter().map(|own| patient(*own))))
}

fn of(files: &Files, patients: &[u64]) -> Source {
    let keys = Keys { column: "patient".to_owned(), values: digests(patients) };
    Source::files("visits", files.clone()).only(Only { keys: Some(keys), ..Only::default() })
}

async fn rows(engine: &Engine, source: Source) -> (RecordBatch, Cost) {
    engine.run(SQL, vec![source], &["visit"]).await.unwrap().whole().await.unwrap()
}

#[tokio::test]
async fn nothing_is_read_twice_and_the_answer_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 2_000).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let (first, cost) = rows(&engine, of(&files, &[3, 500, 999])).await;
    assert!(first.num_rows() > 0 && cost.bytes_read > 0, "{cost:?}");
    let (again, cost) = rows(&engine, of(&files, &[3, 500, 999])).await;
    assert_eq!(again, first);
    assert_eq!((cost.bytes_read, cost.rows_read), (0, first.num_rows() as u64));
    // The same files for other keys.
    let (_, cost) = rows(&engine, of(&files, &[4, 77])).await;
    assert_eq!(cost.bytes_read, 0);
}

/// What is too much to be kept is read where a row may be wanted: the same rows.
#[tokio::test]
async fn what_does_not_fit_answers_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 2_000).await;
    let roomy = engine(folder.path(), 256 * MIB, 2);
    let tight = engine(folder.path(), 4 * MIB, 2);
    for patients in [&[3, 500, 999][..], &[12], &[5_000_000]] {
        let (wanted, _) = rows(&roomy, of(&files, patients)).await;
        let (found, _) = rows(&tight, of(&files, patients)).await;
        assert_eq!(found, wanted, "{patients:?}");
    }
    // Files without any of the keys are not read again, only marked.
    let (none, cost) = rows(&tight, of(&files, &[5_000_001])).await;
    assert_eq!((none.num_rows(), cost.bytes_read), (0, 0));
}

#[tokio::test]
async fn keys_may_be_texts() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 200).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let visits = StringArray::from(vec![Some("V2-17"), None, Some("V5-3"), Some("V9-9")]);
    let keys = Some(Keys { column: "visit".to_owned(), values: Arc::new(visits) });
    let source = Source::files("visits", files).only(Only { keys, ..Only::default() });
    let found = asked(&engine, "SELECT visit FROM visits", vec![source], &["visit"]).await.unwrap();
    let wanted = StringArray::from(vec!["V2-17", "V5-3"]);
    assert_eq!(*found.column(0).as_any().downcast_ref::<StringArray>().unwrap(), wanted);
}

/// A query that asks for no column is told how many rows there are.
#[tokio::test]
async fn rows_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 2_000).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let count = "SELECT count(*) AS rows FROM visits";
    assert_eq!(numbers(&engine, count, vec![of(&files, &[3, 500, 999])]).await, [30]);
}

/// Of many keys only those are looked up that the other table of a join has; where it has no row,
/// nothing is.
#[tokio::test]
async fn a_join_leaves_fewer_keys() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 2_000).await;
    let some = |patients: &[u64]| {
        let rows = RecordBatch::try_from_iter([("patient", digests(patients))]).unwrap();
        Source::rows("some", rows.schema(), vec![rows])
    };
    let sql = "SELECT v.visit, v.fee FROM some s JOIN visits v ON v.patient = s.patient";
    let answer = async |patients: &[u64]| {
        let engine = engine(folder.path(), 256 * MIB, 2);
        let sources = vec![some(patients), of(&files, &[3, 500, 999])];
        engine.run(sql, sources, &["visit"]).await.unwrap().whole().await.unwrap()
    };
    let (found, cost) = answer(&[500, 12]).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let one = vec![of(&files, &[500])];
    let wanted = asked(&engine, "SELECT visit, fee FROM visits", one, &["visit"]).await.unwrap();
    assert_eq!(found, wanted);
    assert!(cost.rows_read <= 10 + 2, "{cost:?}");
    let (none, cost) = answer(&[]).await;
    assert_eq!((none.num_rows(), cost.bytes_read), (0, 0));
}

/// A query that needs the room gets it: what is kept is read again later.
#[tokio::test]
async fn what_is_kept_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 20_000).await;
    let engine = engine(folder.path(), 24 * MIB, 2);
    let (first, _) = rows(&engine, of(&files, &[3, 500, 999])).await;
    let wide = "SELECT number, text FROM many";
    let answer = engine.run(wide, vec![many(100_000, 1)], &["text"]).await.unwrap();
    let (sorted, bytes) = spilled(answer).await;
    assert_eq!(sorted.num_rows(), 100_000);
    assert!(bytes > 0, "it was to be short of memory");
    let (again, cost) = rows(&engine, of(&files, &[3, 500, 999])).await;
    assert_eq!(again, first);
    assert!(cost.bytes_read > 0, "it had given way");
}

#[tokio::test]
async fn a_broken_file_is_named_where_rows_are_looked_up_too() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let path = files.folder.join(&files.files[1].path);
    let length = std::fs::metadata(&path).unwrap().len();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(length - 9).unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let fault = asked(&engine, SQL, vec![of(&files, &[7])], &[]).await.unwrap_err();
    assert!(matches!(&fault, Fault::File { path: Some(own), .. } if *own == path), "{fault}");
    std::fs::remove_file(&path).unwrap();
    let fault = asked(&engine, SQL, vec![of(&files, &[7])], &[]).await.unwrap_err();
    assert!(matches!(&fault, Fault::File { path: Some(own), .. } if *own == path), "{fault}");
}
