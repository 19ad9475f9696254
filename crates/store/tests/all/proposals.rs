//! Proposed packs: each step once and where it begins; a publication takes effect at the start of
//! its day, before anything is decided for a later moment, also after a restart, and never twice.

use std::sync::Arc;

use base::{Date, Instant};
use kernel::{Actor, BodyId, PartyId};
use pack::{
    model::{Pack, PackHash},
    source::Files,
};
use store::{
    Store,
    proposals::{Hand, NewProposal, Stage, Untaken},
};

use crate::bench::{
    Bench, clerk, district, everywhere, on, start_of, town_until, town_with, vault_key, willow,
};

const FILING: &str = "procedures/tea-house-filing.yaml";

fn body() -> BodyId {
    district("900101")
}

fn hand(officer: u8, at: Instant) -> Hand {
    Hand { officer: PartyId([officer; 16]), body: body(), at }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The town's pack with another comment: another edition that decides alike.
fn edition(note: &'static str) -> (Arc<Pack>, Vec<u8>) {
    town_with("2030-06-30", |files: &mut Files| {
        let text = files.get_mut(FILING).unwrap();
        *text += note;
    })
}

/// A proposal that is staged and dated.
async fn dated(store: &Store, base: PackHash, next: &(Arc<Pack>, Vec<u8>), from: &str) -> u32 {
    let (pack, sources) = next;
    let new = NewProposal {
        name: pack.name.clone(),
        hash: pack.hash,
        sound: true,
        sources: sources.clone(),
    };
    let at = on("2030-01-07");
    let number = store.propose(&new, &hand(1, at)).await.unwrap();
    store.stage(number, base, &hand(1, at)).await.unwrap().unwrap();
    store.tried(number, "{}", true, &hand(1, at)).await.unwrap().unwrap();
    let days = (day(from), day("2030-01-07"));
    store.date(number, days, &hand(1, at)).await.unwrap().unwrap();
    number
}

async fn stage(store: &Store, number: u32) -> Stage {
    store.proposal(number).await.unwrap().unwrap().stage
}

#[tokio::test]
async fn a_publication_takes_effect_at_the_start_of_its_day() {
    everywhere("published", async |bench| {
        let Bench { store, pack, .. } = bench;
        let old = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let next = edition("# later\n");
        let number = dated(store, pack.hash, &next, "2030-01-09").await;
        store.know(next.0.clone());
        store.publish(number, &next.0, &hand(2, on("2030-01-07"))).await.unwrap().unwrap();
        let before = bench.file(2, "柳浪茶馆", on("2030-01-08")).await;
        assert_eq!(store.in_force().await.unwrap(), Some(pack.hash));
        // Nothing has let the clock go on: the filing itself finds the day begun.
        let after = bench.file(3, "柳堤茶馆", on("2030-01-09")).await;
        assert_eq!(store.in_force().await.unwrap(), Some(next.0.hash));
        for (case, hash) in [(old, pack.hash), (before, pack.hash), (after, next.0.hash)] {
            assert_eq!(store.case(case).await.unwrap().unwrap().pack, hash, "{case}");
        }
        let adopted = store.adoptions().await.unwrap().pop().unwrap();
        assert_eq!((adopted.hash, adopted.at), (next.0.hash, start_of("2030-01-09")));
        assert_eq!(adopted.by, Actor::Officer(PartyId([2; 16]), body()));
        let proposal = store.proposal(number).await.unwrap().unwrap();
        assert_eq!((proposal.stage, proposal.adopted_by), (Stage::Adopted, Some(adopted.number)));
        let steps: Vec<&str> = proposal.steps.iter().map(|step| step.word.as_str()).collect();
        assert_eq!(steps, ["proposed", "staging", "staged", "dated", "published"]);
        store.advance(on("2030-01-10")).await.unwrap();
        assert_eq!(store.adoptions().await.unwrap().len(), 2, "once");
        bench.must_verify().await;
        store.rebuild().await.unwrap();
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_restart_after_the_day_adopts_what_was_published() {
    everywhere("restarted", async |bench| {
        let (store, pack) = (&bench.store, &bench.pack);
        let next = edition("# later\n");
        let number = dated(store, pack.hash, &next, "2030-01-07").await;
        // Published, and the process is gone before anything was adopted.
        store.publish(number, &next.0, &hand(2, on("2030-01-07"))).await.unwrap().unwrap();
        let again = Store::open(&bench.url, willow(), vault_key()).await.unwrap();
        again.know(pack.clone());
        assert_eq!(again.in_force().await.unwrap(), Some(pack.hash));
        // Without the pack itself nothing is decided for a moment after the day began.
        assert!(again.advance(on("2030-01-08")).await.is_err());
        assert_eq!(again.waiting_publication().await.unwrap(), Some((number, next.0.hash)));
        again.know(next.0.clone());
        again.advance(on("2030-01-08")).await.unwrap();
        assert_eq!(again.in_force().await.unwrap(), Some(next.0.hash));
        // It was published after the day had begun: never before that.
        assert_eq!(again.adoptions().await.unwrap().pop().unwrap().at, on("2030-01-07"));
        assert_eq!(again.waiting_publication().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn steps_are_taken_where_they_begin() {
    everywhere("steps", async |bench| {
        let (store, pack, at) = (&bench.store, &bench.pack, on("2030-01-07"));
        let (first, second) = (edition("# one\n"), edition("# two\n"));
        let one = dated(store, pack.hash, &first, "2030-02-01").await;
        let two = dated(store, pack.hash, &second, "2030-01-07").await;
        let hand = |officer| hand(officer, at);
        let (past, today) = (day("2030-01-06"), day("2030-01-07"));
        let untaken = store.date(one, (past, today), &hand(1)).await.unwrap();
        assert_eq!(untaken, Err(Untaken::DayPast));
        assert_eq!(store.discard(99, &hand(1)).await.unwrap(), Err(Untaken::NoProposal));
        let tried = store.tried(one, "{}", true, &hand(1)).await.unwrap();
        assert_eq!(tried, Err(Untaken::NotHere));
        let other = store.publish(one, &second.0, &hand(2)).await.unwrap();
        assert_eq!(other, Err(Untaken::NotHere), "the pack of another proposal");
        store.publish(one, &first.0, &hand(2)).await.unwrap().unwrap();
        let untaken = store.publish(two, &second.0, &hand(2)).await.unwrap();
        assert_eq!(untaken, Err(Untaken::OneWaits));
        // What waits can be given up until its day.
        store.discard(one, &hand(3)).await.unwrap().unwrap();
        assert_eq!(store.discard(one, &hand(3)).await.unwrap(), Err(Untaken::NotHere));
        store.know(second.0.clone());
        store.publish(two, &second.0, &hand(2)).await.unwrap().unwrap();
        store.advance(at).await.unwrap();
        assert_eq!(stage(store, two).await, Stage::Adopted);
        // What was held against the pack before is held against nothing now.
        let three = edition("# three\n");
        let new = NewProposal {
            name: three.0.name.clone(),
            hash: three.0.hash,
            sound: false,
            sources: three.1.clone(),
        };
        let three = store.propose(&new, &hand(1)).await.unwrap();
        let unsound = store.stage(three, second.0.hash, &hand(1)).await.unwrap();
        assert_eq!(unsound, Err(Untaken::NotHere));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_held_against_an_older_pack_is_overtaken() {
    everywhere("overtaken", async |bench| {
        let (store, pack) = (&bench.store, &bench.pack);
        let (first, second) = (edition("# one\n"), edition("# two\n"));
        let waits = dated(store, pack.hash, &first, "2030-01-09").await;
        let dates = dated(store, pack.hash, &second, "2030-01-09").await;
        store.know(first.0.clone());
        store.publish(waits, &first.0, &hand(2, on("2030-01-07"))).await.unwrap().unwrap();
        // An operator puts another in force meanwhile.
        let other = edition("# other\n");
        let (next, sources) = other;
        store.install(next.clone(), sources, clerk(), on("2030-01-08")).await.unwrap();
        let at = on("2030-01-08");
        let days = (day("2030-01-09"), day("2030-01-08"));
        let late = store.date(dates, days, &hand(1, at)).await.unwrap();
        assert_eq!(late, Err(Untaken::Overtaken));
        let old = store.stage(dates, pack.hash, &hand(1, at)).await.unwrap();
        assert_eq!(old, Err(Untaken::Overtaken));
        store.advance(on("2030-01-10")).await.unwrap();
        assert_eq!(stage(store, waits).await, Stage::Overtaken);
        assert_eq!(store.in_force().await.unwrap(), Some(next.hash));
        // Held against the one in force it can go on.
        store.stage(waits, next.hash, &hand(1, on("2030-01-10"))).await.unwrap().unwrap();
        bench.must_verify().await;
    })
    .await;
}

/// A pack that was in force, then another, then the first again: each case has the day of its own.
#[tokio::test]
async fn a_pack_was_in_force_from_the_adoption_before_an_entry() {
    everywhere("adoption_of", async |bench| {
        let (store, first) = (&bench.store, bench.pack.hash);
        let early = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let (other, sources) = edition("# other\n");
        store.install(other.clone(), sources, clerk(), on("2030-01-08")).await.unwrap();
        let middle = bench.file(2, "柳岸茶馆", on("2030-01-09")).await;
        let (again, sources) = town_until("2030-03-31");
        assert_eq!(again.hash, first, "the same sources make the same pack");
        store.install(again, sources, clerk(), on("2030-01-10")).await.unwrap();
        let late = bench.file(3, "柳堤茶馆", on("2030-01-11")).await;
        let from = async |hash, number| {
            let adoption = store.adoption(hash, number).await.unwrap();
            adoption.map(|own| own.at)
        };
        assert_eq!(from(first, early.0).await, Some(on("2030-01-01")));
        assert_eq!(from(other.hash, middle.0).await, Some(on("2030-01-08")));
        assert_eq!(from(first, late.0).await, Some(on("2030-01-10")));
        assert_eq!(from(other.hash, early.0).await, None);
    })
    .await;
}
