//! Submissions: grouped, decided in turn, kept once, acknowledged only when they are on the disk.

use base::Language;
use kernel::{Act, Actor, CaseId, Command, EntryNumber, Refusal, Standing};
use rules::Value;
use store::{InboxQuery, Store, StoreError, SubmitError, VaultKey};

use crate::bench::{
    Bench, choice, clerk, district, everywhere, holding, keeper, name, officer, on, sql,
    town_until, vault_key, willow,
};

async fn status(bench: &Bench, key: &str, at: &str, known: EntryNumber) -> Option<String> {
    let found = bench.store.entry(&name("tea-house"), key, on(at), known).await.unwrap();
    found.map(|version| match &version.fields["status"] {
        Value::Choice(status) => status.to_string(),
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn an_entry_answers_by_instant_and_by_number() {
    everywhere("as_of", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let key = format!("900101-{case}");
        let granted = bench.store.head().await.unwrap();
        bench.choose(case, "check", "false", on("2030-01-14")).await;
        let voided = bench.store.head().await.unwrap();
        let check = async |at: &str, known: EntryNumber, expected: Option<&str>| {
            let found = status(bench, &key, at, known).await;
            assert_eq!(found.as_deref(), expected, "{at} {known:?} {}", bench.url);
        };
        check("2030-01-06", voided, None).await;
        check("2030-01-08", voided, Some("open")).await;
        check("2030-01-20", voided, Some("voided")).await;
        check("2030-01-20", granted, Some("open")).await;
        check("2030-01-20", EntryNumber(1), None).await;
        let versions = bench.store.versions(&name("tea-house"), &key).await.unwrap();
        assert_eq!(versions.len(), 3);
        assert!(versions.is_sorted_by_key(|version| (version.known_from, version.valid_from)));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_decision_set_aside_is_undone_in_the_register() {
    everywhere("set_aside", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let key = format!("900101-{case}");
        bench.choose(case, "check", "false", on("2030-01-14")).await;
        let voided = bench.store.head().await.unwrap();
        let decision = bench.store.case(case).await.unwrap().unwrap().decisions[1].number;
        let appeal = Command::Appeal {
            decision,
            remedy: name("town-review"),
            grounds: "座位属实 the seats are there".to_owned(),
        };
        bench.act(case, Actor::Party(keeper(1)), appeal, on("2030-01-16")).await.unwrap();
        let ruling = Command::Rule { upheld: true, reasons: "撤销 set aside".to_owned() };
        let court = officer(district("90"));
        let inbox = bench.store.inbox(&InboxQuery::all(&district("90"), 10)).await.unwrap();
        assert_eq!(inbox.lines[0].case.id, case);
        bench.act(case, court, ruling, on("2030-01-18")).await.unwrap();
        let head = bench.store.head().await.unwrap();
        assert_eq!(status(bench, &key, "2030-01-15", head).await.as_deref(), Some("open"));
        assert_eq!(status(bench, &key, "2030-01-15", voided).await.as_deref(), Some("voided"));
        let stands = bench.store.case(case).await.unwrap().unwrap().standing;
        assert!(matches!(stands, Standing::At { step, .. } if step.as_str() == "check"));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_leaves_its_neighbours_alone() {
    everywhere("neighbours", async |bench| {
        let at = on("2030-01-07");
        let mut sent = Vec::new();
        for number in 0..40_u8 {
            let mut filing = bench.filing(number, "柳影茶馆", "8", at);
            if number % 4 == 0 {
                filing.actor = Actor::Party(keeper(99));
            }
            let store = bench.store.clone();
            sent.push(tokio::spawn(async move { store.submit(filing).await }));
        }
        let mut refused = 0;
        for answer in sent {
            match answer.await.unwrap() {
                Ok(receipt) => assert!(!receipt.repeated),
                Err(SubmitError::Refused(Refusal::NotOpenToYou)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(refused, 10);
        // One entry adopted the pack, thirty filed a case.
        assert_eq!(bench.store.head().await.unwrap(), EntryNumber(31));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn one_key_has_one_effect() {
    everywhere("one_key", async |bench| {
        let filing = bench.filing(1, "柳影茶馆", "8", on("2030-01-07"));
        let (store, twin) = (bench.store.clone(), filing.clone());
        let (first, second) = tokio::join!(store.submit(filing.clone()), store.submit(twin));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!((first.case, first.first), (second.case, second.first));
        assert_ne!(first.repeated, second.repeated);
        let mut later = filing.clone();
        later.at = on("2030-01-08");
        assert!(bench.store.submit(later).await.unwrap().repeated);
        let mut other = bench.filing(1, "柳浪茶馆", "8", on("2030-01-07"));
        other.key = filing.key.clone();
        let error = bench.store.submit(other).await.unwrap_err();
        assert!(matches!(error, SubmitError::KeyReused));
        assert_eq!((error.number(), error.again()), (1201, false));
        for key in ["", "a\0b", &"长".repeat(101)] {
            let mut unfit = filing.clone();
            unfit.key = key.to_owned();
            let error = bench.store.submit(unfit).await.unwrap_err();
            assert_eq!(error.number(), 1203, "{key:?}");
            assert!(error.says().to(Language::Zh).contains("提交编号"));
        }
        assert_eq!(bench.store.head().await.unwrap(), EntryNumber(2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_submitters_leave_dense_numbers_and_lose_nothing() {
    everywhere("sixteen", async |bench| {
        let mut submitters = Vec::new();
        for who in 1..=16_u8 {
            let filings: Vec<_> = (0..20)
                .map(|number| bench.filing(who, &format!("茶馆{number}"), "8", on("2030-01-07")))
                .collect();
            let store = bench.store.clone();
            submitters.push(tokio::spawn(async move {
                let mut cases: Vec<CaseId> = Vec::new();
                for filing in filings {
                    cases.push(store.submit(filing).await.unwrap().case);
                }
                cases
            }));
        }
        let mut cases = Vec::new();
        for submitter in submitters {
            cases.extend(submitter.await.unwrap());
        }
        cases.sort_unstable();
        let dense: Vec<CaseId> = (2..=321).map(|number| CaseId(EntryNumber(number))).collect();
        assert_eq!(cases, dense);
        let verified = bench.store.verify().await.unwrap();
        assert_eq!((verified.entries, verified.cases), (321, 320));
        assert_eq!(verified.faults, [""; 0]);
        let page = bench.store.ledger(EntryNumber(319), 10).await.unwrap();
        let numbers: Vec<u64> = page.iter().map(|entry| entry.number.0).collect();
        assert_eq!(numbers, [320, 321]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_writers_on_one_database_take_turns() {
    everywhere("two_writers", async |bench| {
        let second = Store::open(&bench.url, willow(), vault_key()).await.unwrap();
        second.know(bench.pack.clone());
        let mut sent = Vec::new();
        for number in 0..60_u8 {
            let store = if number % 2 == 0 { bench.store.clone() } else { second.clone() };
            let filing = bench.filing(number, "柳影茶馆", "8", on("2030-01-07"));
            sent.push(tokio::spawn(async move { store.submit(filing).await }));
        }
        for answer in sent {
            answer.await.unwrap().unwrap();
        }
        assert_eq!(second.head().await.unwrap(), EntryNumber(61));
        let (next, sources) = town_until("2030-06-30");
        second.install(next.clone(), sources, clerk(), on("2030-01-08")).await.unwrap();
        let filing = bench.filing(1, "柳浪茶馆", "8", on("2030-01-09"));
        let unknown = bench.store.submit(filing.clone()).await.unwrap_err();
        assert!(matches!(unknown, SubmitError::Store(StoreError::PackMissing(_))), "{unknown:?}");
        bench.store.know(next.clone());
        let case = bench.store.submit(filing).await.unwrap().case;
        assert_eq!(bench.store.case(case).await.unwrap().unwrap().pack, next.hash);
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_failing_commit_acknowledges_nobody() {
    everywhere("failing", async |bench| {
        let head = bench.store.head().await.unwrap();
        sql(&bench.url, "ALTER TABLE receipt RENAME TO receipt_away").await;
        let (one, two) = tokio::join!(
            bench.store.submit(bench.filing(1, "柳影茶馆", "8", on("2030-01-07"))),
            bench.store.submit(bench.filing(2, "柳浪茶馆", "8", on("2030-01-07"))),
        );
        for answer in [one, two] {
            let error = answer.unwrap_err();
            assert!(matches!(&error, SubmitError::Store(StoreError::Database(_))), "{error:?}");
            assert!(error.again());
            assert!(!format!("{error} {:?}", error.says()).contains("receipt"));
        }
        assert_eq!(bench.store.head().await.unwrap(), head);
        sql(&bench.url, "ALTER TABLE receipt_away RENAME TO receipt").await;
        // A table that only the writing needs fails after everything was decided.
        sql(&bench.url, "ALTER TABLE vault RENAME TO vault_away").await;
        let filing = bench.filing(3, "柳烟茶馆", "8", on("2030-01-07"));
        bench.store.submit(filing.clone()).await.unwrap_err();
        assert_eq!(bench.store.head().await.unwrap(), head);
        sql(&bench.url, "ALTER TABLE vault_away RENAME TO vault").await;
        assert!(!bench.store.submit(filing).await.unwrap().repeated);
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn too_many_are_told_to_come_again() {
    everywhere("overload", async |bench| {
        let mut asked = Vec::new();
        holding(&bench.url, async || {
            for _ in 0..5_000 {
                let store = bench.store.clone();
                asked.push(tokio::spawn(async move { store.advance(on("2030-01-07")).await }));
                tokio::task::yield_now().await;
            }
        })
        .await;
        let mut overloaded = 0_usize;
        for answer in asked {
            match answer.await.unwrap() {
                Ok(applied) => assert_eq!(applied, 0),
                Err(SubmitError::Overloaded) => overloaded += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        // One group is in hand and 4,096 wait.
        assert!((600..=904).contains(&overloaded), "{overloaded}");
        bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_case_is_refused() {
    everywhere("unknown_case", async |bench| {
        let nobody = CaseId(EntryNumber(77));
        let filing = bench.filing(1, "柳影茶馆", "8", on("2030-01-07")).command;
        let check = async |command: Command| {
            let error = bench.act(nobody, clerk(), command, on("2030-01-07")).await.unwrap_err();
            assert!(matches!(error, SubmitError::Refused(Refusal::NoSuchCase)), "{error:?}");
        };
        check(choice("accept", "accepted", &[])).await;
        check(Command::RunOut).await;
        check(filing).await;
        assert_eq!(bench.store.case(nobody).await.unwrap(), None);
        assert_eq!(bench.store.history(nobody).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_pack_is_kept_and_adopted_once() {
    everywhere("packs", async |bench| {
        let old = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let (next, sources) = town_until("2030-06-30");
        for day in ["2030-01-08", "2030-01-09"] {
            bench.store.install(next.clone(), sources.clone(), clerk(), on(day)).await.unwrap();
        }
        assert_eq!(bench.store.head().await.unwrap(), EntryNumber(3));
        let kept = bench.store.kept_packs().await.unwrap();
        assert_eq!(
            kept.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(),
            [bench.pack.hash, next.hash]
        );
        assert_eq!(kept[1].1, sources);
        bench.choose(old, "accept", "accepted", on("2030-01-09")).await;
        let new = bench.file(2, "柳浪茶馆", on("2030-01-09")).await;
        let check = async |case: CaseId, hash| {
            assert_eq!(bench.store.case(case).await.unwrap().unwrap().pack, hash);
        };
        check(old, bench.pack.hash).await;
        check(new, next.hash).await;
        let filed = &bench.store.history(new).await.unwrap()[0];
        assert!(matches!(&filed.act, Act::Filed(filed) if filed.pack == next.hash));
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_store_opens_only_with_its_own_key_and_address() {
    everywhere("own_key", async |bench| {
        let other = VaultKey::from_bytes([1; 32]);
        let error = Store::open(&bench.url, willow(), other).await.err().unwrap();
        assert!(matches!(error, StoreError::WrongKey));
    })
    .await;
    everywhere("own_edition", async |bench| {
        // The tables of an older edition lack what an index of this one names.
        let older = "UPDATE head SET edition = 9; ALTER TABLE case_view RENAME speaker TO agent";
        sql(&bench.url, older).await;
        sql(&bench.url, "DROP INDEX case_of_speaker").await;
        let error = Store::open(&bench.url, willow(), vault_key()).await.err().unwrap();
        assert!(matches!(error, StoreError::OtherSchema(9)), "{error:?}");
    })
    .await;
    for url in ["", "town.db", "sqlite:", "mysql://town", "postgres://town:port/x"] {
        let error = Store::open(url, willow(), vault_key()).await.err().unwrap();
        assert!(matches!(error, StoreError::Address(_)), "{url}: {error:?}");
    }
    let store = Store::open("sqlite::memory:", willow(), vault_key()).await.unwrap();
    assert_eq!(store.head().await.unwrap(), EntryNumber(0));
    let error = store.advance(on("2030-01-07")).await;
    assert_eq!(error.unwrap(), 0);
}

#[tokio::test]
async fn nothing_is_filed_before_a_pack_is_in_force() {
    let bench = Bench::at("sqlite::memory:").await;
    let filing = bench.filing(1, "柳影茶馆", "8", on("2030-01-07"));
    bench.store.submit(filing.clone()).await.unwrap();
    bench.must_verify().await;
    let empty = Store::open("sqlite::memory:", willow(), vault_key()).await.unwrap();
    let error = empty.submit(filing).await.unwrap_err();
    assert!(matches!(error, SubmitError::Store(StoreError::NoPack)), "{error:?}");
}

#[tokio::test]
async fn a_power_cut_loses_nothing_acknowledged() {
    everywhere("durability", async |bench| {
        let durability = bench.store.durability().await.unwrap();
        let settings: Vec<_> =
            durability.settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if bench.url.starts_with("sqlite:") {
            assert_eq!(settings, [("synchronous", "2"), ("journal_mode", "wal")]);
            assert!(durability.full);
        } else {
            assert!(settings.contains(&("synchronous_commit", "on")), "{settings:?}");
            assert_eq!(durability.full, settings.iter().all(|(_, value)| *value == "on"));
        }
    })
    .await;
    let memory = Store::open("sqlite::memory:", willow(), vault_key()).await.unwrap();
    assert!(!memory.durability().await.unwrap().full);
}
