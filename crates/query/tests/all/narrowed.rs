//! A narrowed source has the rows that a condition would have found, no more and no fewer.

use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray};
use query::{Files, Keys, Only, Source, Within};

use crate::town::{MIB, asked, engine, made, many, moment, numbers, patient};

const EACH: u64 = 4_000;

fn keys(patients: &[u64]) -> Keys {
    let digests = BinaryArray::from_iter_values(patients.iter().map(|own| patient(*own)));
    Keys { column: "patient".to_owned(), values: Arc::new(digests) }
}

fn within(from: Option<u8>, until: Option<u8>) -> Within {
    let at = |day: Option<u8>| day.map(|day| moment(day, 1_800));
    Within { column: "began_at".to_owned(), from: at(from), until: at(until) }
}

/// The rows of a narrowed source are those of a condition over all of them.
async fn check(files: &Files, only: Only, condition: &str) {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 256 * MIB, 2);
    let all = Source::files("visits", files.clone());
    let sql = "SELECT visit, patient, fee, ward FROM visits";
    let narrow = all.clone().only(only);
    let asked_for = asked(&engine, sql, vec![narrow.clone()], &["visit"]).await.unwrap();
    // From what was kept of it.
    let again = asked(&engine, sql, vec![narrow], &["visit"]).await.unwrap();
    assert_eq!(again, asked_for, "{condition}");
    let wanted = format!("{sql} WHERE {condition}");
    let wanted = asked(&engine, &wanted, vec![all], &["visit"]).await.unwrap();
    assert!(wanted.num_rows() > 0, "{condition}");
    assert_eq!(asked_for, wanted, "{condition}");
}

fn hexed(patients: &[u64]) -> String {
    let hex = |own: &u64| {
        let bytes = patient(*own);
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("X'{digits}'")
    };
    patients.iter().map(hex).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn by_keys_by_time_and_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), EACH).await;
    let some = [3, 500, 999];
    let in_time = "began_at >= TIMESTAMP '2026-03-02 04:30:00' \
                   AND began_at < TIMESTAMP '2026-03-04 04:30:00'";
    let of_keys = format!("patient IN ({})", hexed(&some));
    let only = |keys, within| Only { keys, within, numbers: None };
    check(&files, only(Some(keys(&some)), None), &of_keys).await;
    check(&files, only(None, Some(within(Some(2), Some(4)))), in_time).await;
    let both = only(Some(keys(&some)), Some(within(Some(2), Some(4))));
    check(&files, both, &format!("{of_keys} AND {in_time}")).await;
    let later = only(None, Some(within(Some(4), None)));
    check(&files, later, "began_at >= TIMESTAMP '2026-03-04 04:30:00'").await;
    let taken = Only { numbers: Some(5_000..9_001), ..Only::default() };
    check(&files, taken, "intake_number BETWEEN 5000 AND 9000").await;
    // Files that can have no row of the days or numbers are not opened.
    let rest = Files { files: files.files[2..3].to_vec(), ..files.clone() };
    let gone = Files { files: files.files.clone(), ..files.clone() };
    std::fs::remove_file(folder.path().join("feeds/visits").join(&files.files[0].path)).unwrap();
    let narrow =
        Source::files("visits", gone.clone()).only(only(None, Some(within(Some(3), Some(3)))));
    let engine = engine(folder.path(), 256 * MIB, 2);
    let count = "SELECT count(*) AS rows FROM visits";
    assert_eq!(numbers(&engine, count, vec![narrow]).await, [0]);
    let taken = Only { numbers: Some(EACH * 4..u64::MAX), ..Only::default() };
    let late = Source::files("visits", gone.clone()).only(taken);
    assert!(!numbers(&engine, count, vec![late]).await.is_empty());
    let one = Source::files("visits", rest);
    assert_eq!(numbers(&engine, count, vec![one]).await, [i64::try_from(EACH).unwrap()]);
}

#[tokio::test]
async fn no_key_is_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let none = Only { keys: Some(keys(&[])), ..Only::default() };
    let source = Source::files("visits", files).only(none);
    let count = "SELECT count(*) AS rows FROM visits";
    assert_eq!(numbers(&engine, count, vec![source]).await, [0]);
}

#[tokio::test]
async fn rows_in_memory_are_narrowed_too() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 256 * MIB, 2);
    let keys: ArrayRef = Arc::new(BinaryArray::from_iter_values([31_i64.to_be_bytes()]));
    let only =
        Only { keys: Some(Keys { column: "key".to_owned(), values: keys }), ..Only::default() };
    let sql = "SELECT number FROM many";
    let found = numbers(&engine, sql, vec![many(20_000, 1).only(only)]).await;
    assert_eq!(found, [1, 9_974, 19_947]);
}

#[tokio::test]
async fn what_is_read_once_answers_like_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 100).await;
    let engine = engine(folder.path(), 256 * MIB, 2);
    let only =
        Only { keys: Some(keys(&[7, 14, 21])), within: Some(within(Some(2), None)), numbers: None };
    let narrow = Source::files("visits", files).only(only);
    let sql = "SELECT visit, patient, event_day, ward FROM visits";
    let from_files = asked(&engine, sql, vec![narrow.clone()], &[]).await.unwrap();
    let columns = ["visit", "patient", "event_day", "ward"];
    let once = engine.read(narrow, &columns).await.unwrap();
    assert_eq!(from_files.num_rows(), 9);
    assert_eq!(asked(&engine, sql, vec![once], &[]).await.unwrap(), from_files);
}

/// A feed of which nothing has come yet is one without rows, whatever it is joined with.
#[tokio::test]
async fn a_feed_without_files_has_no_rows() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let none = Files { files: Vec::new(), ..files.clone() };
    let engine = engine(folder.path(), 256 * MIB, 2);
    let sources =
        || vec![Source::files("visits", files.clone()), Source::files("none", none.clone())];
    let joined = "SELECT v.visit FROM none n JOIN visits v ON v.patient = n.patient";
    let answer = asked(&engine, joined, sources(), &["visit"]).await.unwrap();
    assert_eq!(answer.num_rows(), 0);
    let without = "SELECT v.visit FROM visits v WHERE NOT EXISTS \
                   (SELECT 1 FROM none n WHERE n.patient = v.patient)";
    let all = asked(&engine, "SELECT visit FROM visits", sources(), &["visit"]).await.unwrap();
    let answer = asked(&engine, without, sources(), &["visit"]).await.unwrap();
    assert_eq!(answer, all);
}
