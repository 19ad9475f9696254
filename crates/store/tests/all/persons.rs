//! Persons: sealed in the vault, read only with a trace, erased without touching the ledger.

use std::collections::BTreeSet;

use kernel::CaseId;
use store::{Personal, Reader};

use crate::bench::{Bench, clerk, everywhere, keeper, on, sql};

async fn reveal(bench: &Bench, who: u8, case: CaseId, path: &str) -> Option<String> {
    bench.store.reveal(keeper(who), case, path, &reader(), on("2030-01-08")).await.unwrap()
}

fn reader() -> Reader {
    let policy = "bodies-read-what-they-handle".to_owned();
    Reader { actor: clerk(), account: None, session: None, policy }
}

#[tokio::test]
async fn a_detail_is_read_with_a_trace() {
    everywhere("reveal", async |bench| {
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        assert_eq!(reveal(bench, 1, case, "keeper.name").await.as_deref(), Some("柳三"));
        for (who, path) in [(1, "keeper.age"), (2, "keeper.name"), (1, "\0")] {
            assert_eq!(reveal(bench, who, case, path).await, None, "{who} {path:?}");
        }
        let readings = bench.store.readings(keeper(1)).await.unwrap();
        let [reading] = &readings[..] else { panic!("{readings:?}") };
        assert_eq!((&reading.reader.actor, reading.case), (&clerk(), case));
        assert_eq!((reading.at, reading.path.as_str()), (on("2030-01-08"), "keeper.name"));
        assert_eq!(reading.reader.policy, "bodies-read-what-they-handle");
        let at = on("2030-01-08");
        bench.store.log_paper(keeper(1), case, "plan", &reader(), at).await.unwrap();
        let readings = bench.store.readings(keeper(1)).await.unwrap();
        let paths: BTreeSet<&str> = readings.iter().map(|own| own.path.as_str()).collect();
        assert_eq!(paths, BTreeSet::from(["keeper.name", "paper:plan"]));
        let plain = "SELECT 1 FROM entry WHERE bytes IN (SELECT sealed FROM vault)";
        assert_eq!(sql(&bench.url, plain).await, 0);
        let mut again = bench.filing(1, "柳浪茶馆", "8", on("2030-01-09"));
        let twice = Personal { text: "柳四".to_owned(), ..again.personal[0].clone() };
        again.personal.push(twice);
        let case = bench.store.submit(again).await.unwrap().case;
        assert_eq!(reveal(bench, 1, case, "keeper.name").await.as_deref(), Some("柳四"));
    })
    .await;
}

#[tokio::test]
async fn the_ledger_holds_nothing_of_a_person() {
    everywhere("nothing", async |bench| {
        let mut filing = bench.filing(1, "柳影茶馆", "8", on("2030-01-07"));
        assert!(!format!("{filing:?}").contains("柳三"));
        filing.personal[0].text = "柳三七八九".to_owned();
        let case = bench.store.submit(filing).await.unwrap().case;
        let word = "柳三七八九".as_bytes();
        for entry in bench.store.history(case).await.unwrap() {
            let bytes = kernel::ledger::bytes_of(&entry);
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_is_gone_and_the_ledger_verifies_as_before() {
    everywhere("erase", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let party = bench.store.party_for("resident-id", "90", keeper(1)).await.unwrap();
        assert_eq!(party, keeper(1));
        assert_eq!(bench.store.party_for("resident-id", "90", keeper(2)).await.unwrap(), party);
        assert_eq!(bench.store.party_for("passport", "90", keeper(2)).await.unwrap(), keeper(2));
        let before = bench.store.verify().await.unwrap();
        bench.store.erase(party).await.unwrap();
        assert_eq!(bench.store.verify().await.unwrap(), before);
        assert_eq!(before.faults, [""; 0]);
        assert_eq!(reveal(bench, 1, case, "keeper.name").await, None);
        assert_eq!(bench.store.party_for("resident-id", "90", keeper(3)).await.unwrap(), keeper(3));
        // Whoever comes back has a new key; what was sealed under the old one stays closed.
        let new = bench.file(1, "柳浪茶馆", on("2030-01-09")).await;
        assert_eq!(reveal(bench, 1, new, "keeper.name").await.as_deref(), Some("柳三"));
        assert_eq!(reveal(bench, 1, case, "keeper.name").await, None);
    })
    .await;
}
