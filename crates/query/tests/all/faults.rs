//! What whoever runs a query is told.

use query::{Fault, Source};

use crate::town::{MIB, asked, engine, made, many};

#[tokio::test]
async fn a_broken_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 10).await;
    let path = files.folder.join(&files.files[1].path);
    let length = std::fs::metadata(&path).unwrap().len();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(length - 9).unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let sources = vec![Source::files("visits", files)];
    let fault = asked(&engine, "SELECT visit FROM visits", sources, &[]).await.unwrap_err();
    assert!(matches!(&fault, Fault::File { path: Some(own), .. } if *own == path), "{fault}");
}

#[tokio::test]
async fn too_little_memory_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), MIB, 2);
    let sql = "SELECT key, array_agg(text ORDER BY text) AS texts FROM many GROUP BY key";
    let fault = asked(&engine, sql, vec![many(300_000, 1)], &[]).await.unwrap_err();
    assert_eq!(fault, Fault::Memory { bytes: MIB });
    let says = "the answer needs more than 1 MiB of memory; ask for fewer days, or give the engine \
                more";
    assert_eq!(fault.to_string(), says);
}

#[tokio::test]
async fn values_that_cannot_be_computed() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let sql = "SELECT 10 / (number - 3) AS a FROM many";
    let fault = asked(&engine, sql, vec![many(5, 1)], &[]).await.unwrap_err();
    assert_eq!(fault.to_string(), "a value cannot be computed: divide by zero error");
}

#[tokio::test]
async fn sources_and_orders_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 64 * MIB, 1);
    let twice = vec![many(5, 1), many(5, 1)];
    let fault = asked(&engine, "SELECT number FROM many", twice, &[]).await.unwrap_err();
    assert_eq!(fault.to_string(), "a source cannot be used: `many` is there twice");
    let one = vec![many(5, 1)];
    let fault = asked(&engine, "SELECT number FROM many", one, &["text"]).await.unwrap_err();
    let says = "the answer is ordered by `text`, which is none of its columns";
    assert_eq!(fault.to_string(), says);
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_stops() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), 256 * MIB, 1);
    let endless = "SELECT count(*) AS pairs FROM many a JOIN many b ON a.number < b.number";
    let answer = engine.run(endless, vec![many(1_000_000, 1)], &[]).await.unwrap();
    drop(answer);
    // The only thread is free again.
    let quick = asked(&engine, "SELECT number FROM many", vec![many(5, 1)], &[]);
    let quick = tokio::time::timeout(std::time::Duration::from_secs(60), quick).await;
    assert_eq!(quick.unwrap().unwrap().num_rows(), 5);
}
