//! Whoever is not there.

use std::time::Duration;

use query::{Fault, Source};

use crate::processes::asking;

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_that_is_not_there_is_a_fault_and_no_empty_answer() {
    let folder = tempfile::TempDir::with_prefix("gone-").unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let engine = asking(&free.to_string(), folder.path(), Duration::from_secs(60));
    let numbers = arrow_array::Int64Array::from_iter_values(0..3);
    let rows = arrow_array::RecordBatch::try_from_iter([("n", std::sync::Arc::new(numbers) as _)]);
    let rows = rows.unwrap();
    let source = Source::rows("numbers", rows.schema(), vec![rows]);
    let answer = engine.run("SELECT n FROM numbers", vec![source], &["n"]).await.unwrap();
    let fault = answer.whole().await.unwrap_err();
    assert!(matches!(fault, Fault::Elsewhere(_)), "{fault}");
}
