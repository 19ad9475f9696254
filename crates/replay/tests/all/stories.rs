//! One story, several stages.

use std::{collections::BTreeSet, sync::Arc};

use base::Division;
use replay::{Stored, coverage, memory::Memory, play};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{accounts, shipped};

/// Plays every story of every pack in memory: what failed, and the moves that no story makes.
async fn in_memory() -> (Vec<String>, Vec<String>) {
    let (mut failures, mut unmade) = (Vec::new(), Vec::new());
    for name in shipped::with_stories() {
        let pack = shipped::compiled(&name).pack;
        let mut made = BTreeSet::new();
        for (path, story) in shipped::stories(&name) {
            let mut stage = Memory::new(&pack);
            let played = play(&pack, &story, &mut stage).await;
            failures.extend(played.err().map(|failure| format!("{path}: {failure}")));
            accounts::add_up(&stage, &[&pack]);
            made.extend(coverage::made(&pack, stage.entries()));
        }
        let moves = coverage::moves(&pack);
        assert!(made.is_subset(&moves), "{name}: a move is not listed");
        unmade.extend(moves.difference(&made).map(|m| format!("{name}, {m}")));
    }
    (failures, unmade)
}

#[tokio::test]
async fn stories_in_memory() {
    let (failures, _) = in_memory().await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn stories_make_every_move() {
    let (_, unmade) = in_memory().await;
    assert!(unmade.is_empty(), "no story makes these moves:\n{}", unmade.join("\n"));
}

/// Plays every story of the invented town on one database, each in a jurisdiction of its own, and
/// verifies its ledger. Those of all packs are played so by `yiyang scenario run --stage`.
async fn on_database(url: &str) -> Vec<String> {
    let mut failures = Vec::new();
    let compiled = shipped::compiled("willow");
    let (pack, sources) = (Arc::new(compiled.pack), compiled.archive.to_bytes());
    for (code, (path, story)) in (900_001_u32..).zip(shipped::stories("willow")) {
        let jurisdiction = Division::parse(&code.to_string()).unwrap();
        let opened = Stored::open(url, jurisdiction, pack.clone(), sources.clone()).await;
        let mut stage = opened.unwrap_or_else(|error| panic!("{path}: {error}"));
        let played = play(&pack, &story, &mut stage).await;
        failures.extend(played.err().map(|failure| format!("{path}: {failure}")));
        let faults = stage.faults().await.unwrap();
        failures.extend(faults.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    failures
}

#[tokio::test]
async fn stories_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stories.db");
    let failures = on_database(&format!("sqlite:{}", file.display())).await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The address of an empty schema of that name.
pub(crate) async fn emptied(server: &str, schema: &str) -> String {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let empty = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(empty)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    format!("{server}{sign}options=-c%20search_path%3D{schema}")
}

#[tokio::test]
async fn stories_on_postgres() {
    let Ok(server) = std::env::var("YIYANG_TEST_POSTGRES") else {
        println!("skipped: not here: PostgreSQL");
        return;
    };
    let url = emptied(&server, "replay_stories").await;
    let failures = on_database(&url).await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
