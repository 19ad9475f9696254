//! What rules found: kept all or nothing, each time that it was found.

use std::time::Duration;

use base::{Instant, Name};
use kernel::EntryNumber;
use pack::model::PackHash;
use store::{
    Store,
    finding::{About, Finding, FindingQuery, RuleAsked, SubjectQuery},
};

use crate::bench::{everywhere, on};

fn name(word: &str) -> Name {
    Name::new(word).unwrap()
}

pub(crate) fn finding(number: u8, rule: &str, subject: &str, at: Instant) -> Finding {
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

pub(crate) fn asked(rule: &str, rows: u64, at: Instant) -> RuleAsked {
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

fn in_division(code: &str) -> FindingQuery {
    let division = Some(code.to_owned());
    FindingQuery { standing: true, division, ..FindingQuery::default() }
}

/// What is counted by entry and rule, in short.
async fn counted(
    store: &Store,
    rules: &[&str],
    subject: Option<&str>,
    since: &str,
) -> Vec<(String, String, String, u64, Instant)> {
    let query = SubjectQuery {
        rules: rules.iter().map(|rule| name(rule)).collect(),
        subject: subject.map(str::to_owned),
        at_since: on(since),
    };
    let counts = store.finding_subjects(&query).await.unwrap();
    let short = counts
        .into_iter()
        .map(|own| (own.subject, own.rule.to_string(), own.division, own.count, own.last));
    short.collect()
}

/// What stands is counted by entry, rule and division, within the days that are asked for.
#[tokio::test]
async fn what_stands_is_counted_by_entry() {
    everywhere("findings_counted", async |bench| {
        let store = &bench.store;
        let moved =
            Finding { division: "900102".to_owned(), ..finding(4, "late", "a", on("2030-01-05")) };
        let late = [
            finding(1, "late", "a", on("2030-01-02")),
            finding(2, "late", "a", on("2030-01-03")),
            finding(3, "late", "b", on("2030-01-03")),
            moved,
            finding(5, "late", "a", on("2030-01-04")),
        ];
        let day = on("2030-01-07");
        store.keep_findings(&asked("late", 500, day), &late, &[]).await.unwrap();
        let short = [finding(6, "short", "a", on("2030-01-01"))];
        store.keep_findings(&asked("short", 500, day), &short, &[]).await.unwrap();
        let gone = asked("late", 600, on("2030-01-08"));
        store.keep_findings(&gone, &[], &[late[4].id]).await.unwrap();

        let row = |subject: &str, rule: &str, division: &str, count, last| {
            (subject.to_owned(), rule.to_owned(), division.to_owned(), count, on(last))
        };
        let all = [
            row("a", "late", "900101", 2, "2030-01-03"),
            row("a", "late", "900102", 1, "2030-01-05"),
            row("a", "short", "900101", 1, "2030-01-01"),
            row("b", "late", "", 1, "2030-01-03"),
        ];
        assert_eq!(counted(store, &["late", "short"], None, "2030-01-01").await, all);
        assert_eq!(counted(store, &["late", "short"], Some("a"), "2030-01-01").await, all[..3]);
        assert_eq!(counted(store, &["short"], None, "2030-01-01").await, all[2..3]);
        assert_eq!(
            counted(store, &["late", "short"], Some("a"), "2030-01-03").await,
            [row("a", "late", "900101", 1, "2030-01-03"), all[1].clone()]
        );
        assert_eq!(counted(store, &[], None, "2030-01-01").await, []);
    })
    .await;
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
        assert_eq!(ids(store, in_division("900101")).await, [1, 3]);
        assert_eq!(ids(store, in_division("9001")).await, [1, 3], "what lies in it as well");
        assert_eq!(ids(store, in_division("900102")).await, [] as [u8; 0]);
        assert_eq!(ids(store, in_division("9001010")).await, [] as [u8; 0]);
        assert_eq!(ids(store, in_division("")).await, [2], "in none that is known");
        let at_since = Some(on("2030-01-02"));
        assert_eq!(ids(store, FindingQuery { at_since, ..standing() }).await, [2, 1]);

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
