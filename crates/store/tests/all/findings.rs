//! What rules found: kept all or nothing, each time that it was found.

use std::time::Duration;

use base::{Instant, Name};
use kernel::EntryNumber;
use pack::model::PackHash;
use store::{
    Store,
    finding::{About, Finding, FindingQuery, RuleAsked},
};

use crate::bench::{everywhere, on};

fn name(word: &str) -> Name {
    Name::new(word).unwrap()
}

fn finding(number: u8, rule: &str, subject: &str, at: Instant) -> Finding {
    Finding {
        id: [number; 16],
        says: [number.wrapping_add(100); 16],
        rule: name(rule),
        subject: subject.to_owned(),
        division: if subject == "a" { "900101" } else { "" }.to_owned(),
        at,
        row: u64::from(number) * 10,
        about: About {
            version: 1,
            clear: true,
            evidence: vec![("visits".to_owned(), u64::from(number) * 10)],
            shows: vec![("item".to_owned(), Some("\u{0}H1".to_owned())), ("due".to_owned(), None)],
            known_then: true,
            pack: [1; 32],
            rows: 1_000,
            snapshot: 7,
        },
    }
}

fn asked(rule: &str, rows: u64, at: Instant) -> RuleAsked {
    RuleAsked {
        rule: name(rule),
        pack: PackHash([1; 32]),
        rows,
        snapshot: EntryNumber(7),
        at,
        asked: rows,
        undetermined: 3,
        took: Duration::from_millis(12),
        trouble: String::new(),
    }
}

async fn ids(store: &Store, query: FindingQuery) -> Vec<u8> {
    let found = store.findings(&FindingQuery { limit: 10, ..query }).await.unwrap();
    found.iter().map(|own| own.finding.id[0]).collect()
}

#[tokio::test]
async fn what_is_found_stands_until_it_is_gone_and_may_be_found_again() {
    everywhere("findings", async |bench| {
        let store = &bench.store;
        let first = finding(1, "late", "a", on("2030-01-02"));
        let second = finding(2, "late", "b", on("2030-01-03"));
        let other = finding(3, "short", "a", on("2030-01-01"));
        let day = on("2030-01-07");
        let late = asked("late", 500, day);
        store.keep_findings(&late, &[first.clone(), second.clone()], &[]).await.unwrap();
        store.keep_findings(&asked("short", 500, day), &[other], &[]).await.unwrap();
        let standing = || FindingQuery { standing: true, ..FindingQuery::default() };
        assert_eq!(ids(store, standing()).await, [2, 1, 3], "the latest event first");
        let after = Some((second.at, second.id));
        assert_eq!(ids(store, FindingQuery { after, ..standing() }).await, [1, 3]);
        let of = |rule| FindingQuery { rules: Some(vec![name(rule)]), ..standing() };
        assert_eq!(ids(store, of("short")).await, [3]);
        assert_eq!(
            ids(store, FindingQuery { rules: Some(vec![]), ..standing() }).await,
            [] as [u8; 0]
        );
        let about = FindingQuery { subject: Some("a".to_owned()), ..standing() };
        assert_eq!(ids(store, about).await, [1, 3]);

        // It is gone on the next day, and found again on the one after.
        let gone = asked("late", 600, on("2030-01-08"));
        store.keep_findings(&gone, &[], &[first.id]).await.unwrap();
        assert_eq!(ids(store, standing()).await, [2, 3]);
        let again = asked("late", 700, on("2030-01-09"));
        store.keep_findings(&again, std::slice::from_ref(&first), &[]).await.unwrap();
        let turns = store.finding(first.id).await.unwrap();
        let told: Vec<_> = turns.iter().map(|own| (own.turn, own.found_at, own.gone_at)).collect();
        assert_eq!(told, [(0, day, Some(gone.at)), (1, again.at, None)]);
        assert!(turns.iter().all(|own| own.finding == first));
        let rows: Vec<u64> = store
            .findings_standing(&name("late"))
            .await
            .unwrap()
            .iter()
            .map(|own| own.row)
            .collect();
        assert_eq!(rows, [10, 20]);
        let since = FindingQuery { found_since: Some(again.at), ..standing() };
        assert_eq!(ids(store, since).await, [1]);

        let counts = store.finding_counts(again.at).await.unwrap();
        let counts: Vec<_> = counts
            .iter()
            .map(|own| (own.rule.as_str(), own.division.as_str(), own.count, own.new))
            .collect();
        assert_eq!(
            counts,
            [("late", "", 1, 0), ("late", "900101", 1, 1), ("short", "900101", 1, 0)]
        );
        let about_a = store.finding_subjects(Some("a")).await.unwrap();
        let about_a: Vec<_> =
            about_a.iter().map(|own| (own.rule.as_str(), own.count, own.last)).collect();
        assert_eq!(about_a, [("late", 1, first.at), ("short", 1, on("2030-01-01"))]);
        assert_eq!(store.finding_subjects(None).await.unwrap().len(), 3);

        assert_eq!(store.rules_asked().await.unwrap(), [again, asked("short", 500, day)]);
        store.end_rule(&name("late"), on("2030-01-10")).await.unwrap();
        assert_eq!(ids(store, standing()).await, [3]);
        assert_eq!(store.rules_asked().await.unwrap().len(), 1);
    })
    .await;
}

/// What cannot be kept whole is not kept: neither what was found nor up to where it was asked.
#[tokio::test]
async fn findings_are_kept_whole_or_not_at_all() {
    everywhere("findings_whole", async |bench| {
        let store = &bench.store;
        let twice = finding(1, "late", "a", on("2030-01-02"));
        let asked = asked("late", 500, on("2030-01-07"));
        let kept = store.keep_findings(&asked, &[twice.clone(), twice], &[]).await;
        assert!(kept.is_err(), "the same twice in one turn");
        assert_eq!(store.rules_asked().await.unwrap(), []);
        assert_eq!(store.findings_standing(&name("late")).await.unwrap(), []);
    })
    .await;
}
