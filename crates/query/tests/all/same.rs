//! The same facts give the same bytes: with little memory and with much, on one thread and on four,
//! in whatever order rows and files come.

use query::{Files, Source};

use crate::town::{MIB, asked, engine, made, many, spilled};

const SORT: &str = "SELECT key, number, text FROM many";
const JOIN: &str = "SELECT a.key, count(*) AS pairs, sum(b.number) AS sum, max(b.text) AS most \
                    FROM many a JOIN many b ON a.text = b.text AND a.number <= b.number \
                    GROUP BY a.key";

/// What fits is the same as what does not.
async fn check(sql: &str, rows: i64) {
    let folder = tempfile::tempdir().unwrap();
    let (small, big) = (engine(folder.path(), 64 * MIB, 2), engine(folder.path(), 2_048 * MIB, 2));
    let answer = small.run(sql, vec![many(rows, 1)], &["key"]).await.unwrap();
    let (narrow, bytes) = spilled(answer).await;
    assert!(bytes > 0, "nothing was put on disk: {sql}");
    let answer = big.run(sql, vec![many(rows, 2)], &["key"]).await.unwrap();
    let (wide, bytes) = spilled(answer).await;
    assert_eq!(bytes, 0, "{sql}");
    assert!(narrow == wide, "{sql}");
    let left = std::fs::read_dir(folder.path().join("scratch")).unwrap();
    let left =
        left.filter(|entry| std::fs::read_dir(entry.as_ref().unwrap().path()).unwrap().count() > 0);
    assert_eq!(left.count(), 0, "the scratch folder holds something still");
}

#[tokio::test]
async fn a_sort_that_does_not_fit() {
    check(SORT, 600_000).await;
}

#[tokio::test]
async fn a_join_that_does_not_fit() {
    check(JOIN, 420_000).await;
}

#[tokio::test]
async fn threads_and_the_order_of_files_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let files = made(folder.path(), 3_000).await;
    let sql = "SELECT patient, count(*) AS visits, sum(fee) AS fees, max(dose) AS dose, \
               array_agg(intake_number ORDER BY intake_number) AS evidence, \
               min(began_at) AS finding_at \
               FROM visits GROUP BY patient HAVING count(*) > 2";
    let mut answers = Vec::new();
    for (threads, seed) in [(1, 0), (4, 1), (4, 2), (3, 3)] {
        let mut files = Files { ..files.clone() };
        fastrand::Rng::with_seed(seed).shuffle(&mut files.files);
        let engine = engine(folder.path(), 512 * MIB, threads);
        let sources = vec![Source::files("visits", files)];
        answers.push(asked(&engine, sql, sources, &["finding_at"]).await.unwrap());
    }
    assert_eq!(answers[0].num_rows(), 1_000);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
