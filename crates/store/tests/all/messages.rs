//! Messages: written with their entries, told once, sent by one node at a time, sealed addresses.

use base::{Instant, Language};
use kernel::{Actor, Command, EntryNumber};
use store::{
    Store,
    messages::Told,
    outbox::{OUTLETS_MAX, OutletKind, Sent},
};

use crate::bench::{Bench, everywhere, keeper, name, on, vault_key, willow};

const ADDRESS: &str = "https://hooks.example.org/lin whsec_c2VjcmV0";

fn minutes_after(at: Instant, minutes: i64) -> Instant {
    Instant::from_micros(at.micros() + minutes * 60_000_000)
}

async fn hook(bench: &Bench, who: u8, at: Instant) {
    let (party, kind) = (keeper(who), OutletKind::Hook);
    let added = bench.store.add_outlet(party, kind, Language::En, ADDRESS, at).await.unwrap();
    assert!(added.is_some());
}

async fn told(bench: &Bench, who: u8, at: &str) -> Vec<Told> {
    bench.store.messages(keeper(who), None, on(at), 50).await.unwrap()
}

fn kinds(told: &[Told]) -> Vec<&str> {
    told.iter().rev().map(|told| told.kind.as_str()).collect()
}

#[tokio::test]
async fn a_message_is_written_with_its_entry_and_never_twice() {
    everywhere("messages_once", async |bench| {
        let filing = bench.filing(1, "柳影茶馆", "8", on("2030-01-07"));
        let case = bench.store.submit(filing.clone()).await.unwrap().case;
        assert!(bench.store.submit(filing).await.unwrap().repeated);
        let told_once = told(bench, 1, "2030-01-07").await;
        assert_eq!(kinds(&told_once), ["filed"]);
        assert_eq!((told_once[0].case, told_once[0].number), (case, case.0));
        assert_eq!(bench.store.unread(keeper(1), on("2030-01-08")).await.unwrap(), 1);
        bench.store.mark_read(keeper(1), Some(EntryNumber(1)), on("2030-01-08")).await.unwrap();
        assert_eq!(bench.store.unread(keeper(1), on("2030-01-08")).await.unwrap(), 1);
        bench.store.mark_read(keeper(1), Some(case.0), on("2030-01-08")).await.unwrap();
        assert_eq!(bench.store.unread(keeper(1), on("2030-01-08")).await.unwrap(), 0);
        assert!(told(bench, 1, "2030-01-08").await[0].read);
        assert_eq!(told(bench, 2, "2030-01-08").await, []);
        bench.must_verify().await;
        bench.store.rebuild().await.unwrap();
        assert!(told(bench, 1, "2030-01-08").await[0].read, "what was read stays read");
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_remedy_is_told_unless_the_remedy_was_taken() {
    everywhere("messages_remedy", async |bench| {
        let ending = "remedy-ending:town-review";
        for (who, appeals) in [(1, false), (2, true)] {
            let case = bench.enter(who, "柳影茶馆", on("2030-01-07")).await;
            bench.choose(case, "check", "false", on("2030-01-14")).await;
            assert!(!kinds(&told(bench, who, "2030-01-15").await).contains(&ending));
            if appeals {
                let decision = bench.store.case(case).await.unwrap().unwrap().decisions[1].number;
                let (remedy, grounds) = (name("town-review"), "没有 not so".to_owned());
                let appeal = Command::Appeal { decision, remedy, grounds };
                bench.act(case, Actor::Party(keeper(who)), appeal, on("2030-01-16")).await.unwrap();
            }
            let later = told(bench, who, "2031-01-01").await;
            assert_eq!(kinds(&later).contains(&ending), !appeals, "{later:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_nodes_never_hold_one_message_and_a_stopped_one_is_taken_over() {
    everywhere("messages_lease", async |bench| {
        let at = on("2030-01-07");
        hook(bench, 1, at).await;
        let case = bench.file(1, "柳影茶馆", at).await;
        let other = Store::open(&bench.url, willow(), vault_key()).await.unwrap();
        let until = minutes_after(at, 2);
        let (one, two) =
            tokio::join!(bench.store.take_due(at, until, 20), other.take_due(at, until, 20));
        let taken = [one.unwrap(), two.unwrap()].concat();
        assert_eq!(taken.len(), 1, "{taken:?}");
        let (first, outlet) = (&taken[0], &taken[0].outlet);
        assert_eq!((first.case, first.kind.as_str(), first.attempt), (case, "filed", 1));
        assert_eq!((outlet.address.as_str(), outlet.language), (ADDRESS, Language::En));
        let before = minutes_after(at, 1);
        assert_eq!(other.take_due(before, until, 20).await.unwrap(), []);
        // Whoever took it has stopped: when the lease is over another takes it, and only that one's
        // word counts.
        let after = minutes_after(at, 3);
        let again = other.take_due(after, minutes_after(at, 5), 20).await.unwrap();
        assert_eq!((again.len(), again[0].attempt), (1, 2));
        assert!(!bench.store.note_sent(first, &Sent::Done, after).await.unwrap());
        assert!(other.note_sent(&again[0], &Sent::Done, after).await.unwrap());
        let late = minutes_after(at, 60);
        assert_eq!(other.take_due(late, minutes_after(late, 2), 20).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn messages_of_a_case_go_in_order_and_what_fails_waits() {
    everywhere("messages_order", async |bench| {
        let at = on("2030-01-07");
        hook(bench, 1, at).await;
        let case = bench.file(1, "柳影茶馆", at).await;
        let withdraw = Command::Withdraw { reasons: String::new() };
        bench.act(case, Actor::Party(keeper(1)), withdraw, at).await.unwrap();
        let take = async |now: Instant| {
            bench.store.take_due(now, minutes_after(now, 2), 20).await.unwrap()
        };
        let first = take(at).await;
        assert_eq!((first.len(), first[0].kind.as_str()), (1, "filed"));
        assert_eq!(take(at).await, [], "the second waits for the first");
        let again = Sent::Again(minutes_after(at, 10), "status 503".to_owned());
        assert!(bench.store.note_sent(&first[0], &again, at).await.unwrap());
        assert_eq!(take(minutes_after(at, 9)).await, []);
        let first = take(minutes_after(at, 10)).await;
        assert_eq!((first[0].kind.as_str(), first[0].attempt), ("filed", 2));
        let given_up = Sent::GivenUp("status 410".to_owned());
        assert!(bench.store.note_sent(&first[0], &given_up, at).await.unwrap());
        let dead = bench.store.given_up(keeper(1)).await.unwrap();
        assert_eq!((dead.len(), dead[0].fault.as_str(), dead[0].attempts), (1, "status 410", 2));
        let second = take(minutes_after(at, 11)).await;
        assert_eq!((second.len(), second[0].kind.as_str()), (1, "withdrawn"));
        assert!(bench.store.note_sent(&second[0], &Sent::Done, at).await.unwrap());
        bench.store.send_again(keeper(1), dead[0].outlet, minutes_after(at, 20)).await.unwrap();
        let again = take(minutes_after(at, 20)).await;
        assert_eq!((again[0].kind.as_str(), again[0].attempt), ("filed", 1));
        assert_eq!(bench.store.given_up(keeper(1)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_sealed_confirmed_by_its_proof_and_gone_with_its_person() {
    everywhere("messages_sealed", async |bench| {
        let (at, party) = (on("2030-01-07"), keeper(1));
        let mail = "lin@hidden.example.org";
        let add = async |address: &str| {
            let kind = OutletKind::Mail;
            bench.store.add_outlet(party, kind, Language::Zh, address, at).await.unwrap()
        };
        let id = add(mail).await.unwrap();
        let take = async || bench.store.take_due(at, minutes_after(at, 2), 20).await.unwrap();
        let asked = take().await;
        assert_eq!((asked.len(), asked[0].kind.as_str(), asked[0].number.0), (1, "confirm", 0));
        bench.store.note_sent(&asked[0], &Sent::Done, at).await.unwrap();
        bench.file(1, "柳影茶馆", at).await;
        assert_eq!(take().await, [], "nothing goes to an address that nobody has confirmed");
        let confirm = async |who: u8, proof: &[u8]| {
            bench.store.confirm_outlet(keeper(who), id, proof, at).await.unwrap()
        };
        let proof = bench.store.proof_of(party, id);
        assert!(!confirm(1, &[0; 16]).await && !confirm(1, &[]).await && !confirm(2, &proof).await);
        assert!(confirm(1, &proof).await && !confirm(1, &proof).await);
        bench.file(1, "柳影茶馆", at).await;
        assert_eq!(take().await.len(), 1);
        if let Some(path) = bench.url.strip_prefix("sqlite:") {
            for end in ["", "-wal"] {
                let bytes = std::fs::read(format!("{path}{end}")).unwrap_or_default();
                let found = bytes.windows(6).any(|window| window == b"hidden");
                assert!(!found, "the address stands in the database");
            }
        }
        for number in 1..OUTLETS_MAX {
            assert!(add(&format!("{number}@example.org")).await.is_some());
        }
        assert!(add("one@too.many").await.is_none());
        // Links that were sent are counted, whatever becomes of the addresses.
        let mut links = OUTLETS_MAX;
        for outlet in bench.store.outlets(party).await.unwrap() {
            for link in take().await {
                bench.store.note_sent(&link, &Sent::Done, at).await.unwrap();
            }
            bench.store.remove_outlet(party, outlet.id).await.unwrap();
            links += usize::from(add("again@example.org").await.is_some());
        }
        assert_eq!(links, 10);
        // Whichever address comes first now, its link was sent.
        for link in take().await {
            bench.store.note_sent(&link, &Sent::Done, at).await.unwrap();
        }
        let sent = bench.store.outlets(party).await.unwrap()[0].id;
        bench.store.remove_outlet(party, sent).await.unwrap();
        assert_eq!(bench.store.outlets(party).await.unwrap().len(), OUTLETS_MAX - 1);
        assert!(add("one@too.many").await.is_none());
        bench.store.erase(party).await.unwrap();
        assert_eq!(bench.store.outlets(party).await.unwrap(), []);
        let late = minutes_after(at, 60);
        let due = bench.store.take_due(late, minutes_after(late, 2), 20).await.unwrap();
        assert_eq!(due, []);
        bench.must_verify().await;
    })
    .await;
}
