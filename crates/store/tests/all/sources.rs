//! Systems that send rows: noted once, changed by steps, each with who made it.

use base::{Instant, Name};
use kernel::PartyId;
use store::{
    Store,
    refused::RefusedBatch,
    source::{Source, SourceStep},
};

use crate::bench::{district, everywhere, on};

fn name(word: &str) -> Name {
    Name::new(word).unwrap()
}

fn source(title: &str, key: u8, ended: bool) -> Source {
    let feeds = vec![name("visits"), name("stays")];
    Source { name: name("his-1"), title: title.to_owned(), feeds, key: [key; 32], ended }
}

fn step(source: Source, officer: u8, at: Instant) -> SourceStep {
    SourceStep { source, officer: PartyId([officer; 16]), body: district("900101"), at }
}

async fn noted(store: &Store, step: &SourceStep, new: bool) -> bool {
    store.note_source(step, new).await.unwrap()
}

#[tokio::test]
async fn a_source_is_noted_once_and_changes_by_steps() {
    everywhere("sources", async |bench| {
        let store = &bench.store;
        let first = step(source("A hospital's system", 1, false), 1, on("2030-01-07"));
        assert!(!noted(store, &first, false).await, "there is none to change yet");
        assert!(noted(store, &first, true).await);
        assert!(!noted(store, &first, true).await, "its name is taken");
        let other = Source { name: name("a-other"), ..source("Another", 3, false) };
        let other = step(other, 1, on("2030-01-07"));
        assert!(noted(store, &other, true).await);
        let key = step(source("A hospital's system", 2, false), 2, on("2030-01-08"));
        assert!(noted(store, &key, false).await);
        assert_eq!(store.sources().await.unwrap(), [other, key.clone()]);
        let end = step(source("A hospital's system", 2, true), 2, on("2030-01-09"));
        assert!(noted(store, &end, false).await);
        assert!(store.source(&name("his-1")).await.unwrap().unwrap().ended);
        assert_eq!(store.source_steps(&name("his-1")).await.unwrap(), [first, key, end]);
        assert_eq!(store.source(&name("nobody")).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_refused_batch_is_told_once_and_forgotten_in_time() {
    everywhere("refused_batches", async |bench| {
        let store = &bench.store;
        let batch = |sequence, place: &str, day| RefusedBatch {
            stream: "yiyang-feeds".to_owned(),
            sequence,
            place: place.to_owned(),
            sent_at: on(day),
            fault: 1336,
        };
        let note = async |batch: &RefusedBatch| store.note_refused(batch).await.unwrap();
        let (first, second) =
            (batch(4, "his-1.visits", "2030-01-07"), batch(7, "\u{0}?", "2030-01-09"));
        note(&first).await;
        note(&first).await;
        note(&second).await;
        let said = RefusedBatch { place: "?".to_owned(), ..second };
        assert_eq!(store.refused_batches().await.unwrap(), [said.clone(), first]);
        let long = batch(9, &"x".repeat(500), "2030-02-07");
        note(&long).await;
        let cut = RefusedBatch { place: "x".repeat(100), ..long };
        assert_eq!(store.refused_batches().await.unwrap(), [cut, said]);
    })
    .await;
}
