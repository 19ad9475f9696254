//! Verifying finds what was changed behind the store's back; rebuilding mends the views from the
//! ledger, and touches nothing when it is the ledger that is broken.

use kernel::{
    CaseId, EntryNumber,
    ledger::{ChainHash, bytes_of},
};
use store::StoreError;

use crate::bench::{Bench, clerk, everywhere, on, sql, town};

/// A ledger of twelve entries: two tea houses entered, the second of them voided.
async fn filled(bench: &Bench) -> CaseId {
    bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
    let case = bench.enter(2, "柳浪茶馆", on("2030-01-07")).await;
    bench.choose(case, "check", "false", on("2030-01-14")).await;
    assert_eq!(bench.store.head().await.unwrap(), EntryNumber(12));
    bench.must_verify().await;
    case
}

/// Bytes as the database of that address writes them.
fn literal(url: &str, bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if url.starts_with("sqlite:") { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") }
}

#[tokio::test]
async fn a_changed_view_is_found_and_mended() {
    everywhere("views", async |bench| {
        let case = filled(bench).await;
        let check = async |statement: &str, faults: &[&str]| {
            assert!(sql(&bench.url, statement).await > 0, "{statement}");
            assert_eq!(bench.store.verify().await.unwrap().faults, faults, "{statement}");
            assert_eq!(bench.store.rebuild().await.unwrap(), 6);
            bench.must_verify().await;
        };
        let differs = ["case 2: the row differs"];
        check("UPDATE case_view SET filed_at = 7 WHERE case_id = 2", &differs).await;
        check("UPDATE case_view SET alarm_at = 7 WHERE case_id = 2", &differs).await;
        let queue = "queue (\"health\", \"900101\", ";
        let at = |says: &str| format!("{queue}21963, 2): {says}");
        check("DELETE FROM waiting WHERE case_id = 2", &[&at("the row is missing")]).await;
        let moved = format!("{queue}7, 2): no entry makes this row");
        let due = "UPDATE waiting SET due_on = 7 WHERE case_id = 2";
        check(due, &[&moved, &at("the row is missing")]).await;
        check("DELETE FROM case_view WHERE case_id = 2", &["case 2: the row is missing"]).await;
        let moved = ["case 1: no entry makes this row", "case 2: the row is missing"];
        check("UPDATE case_view SET case_id = 1 WHERE case_id = 2", &moved).await;
        let version = |says: &str, known: u64| {
            let at = on("2030-01-07").micros();
            format!("version (\"tea-house\", \"900101-{case}\", {known}, {at}): {says}")
        };
        let granted = "decided_by = 8 AND known_from = 8";
        check(
            &format!("UPDATE register_version SET known_until = NULL WHERE {granted}"),
            &[&version("the row differs", 8)],
        )
        .await;
        check(
            &format!("DELETE FROM register_version WHERE {granted}"),
            &[&version("the row is missing", 8)],
        )
        .await;
        check(
            &format!("UPDATE register_version SET heading_en = 'x' WHERE {granted}"),
            &[&version("the row differs", 8)],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_touched_ledger_is_found_and_not_built_on() {
    everywhere("ledger", async |bench| {
        filled(bench).await;
        sql(&bench.url, "CREATE TABLE away AS SELECT * FROM entry").await;
        let check = async |statement: String, fault: &str| {
            assert_eq!(sql(&bench.url, statement.clone()).await, 1, "{statement}");
            let faults = bench.store.verify().await.unwrap().faults;
            assert_eq!(faults.first().map(String::as_str), Some(fault), "{statement}");
            let rebuilt = bench.store.rebuild().await;
            assert!(matches!(rebuilt, Err(StoreError::Corrupt(_))), "{rebuilt:?}");
            sql(&bench.url, "DELETE FROM entry").await;
            sql(&bench.url, "INSERT INTO entry SELECT * FROM away").await;
            bench.must_verify().await;
        };
        let history = bench.store.history(CaseId(EntryNumber(2))).await.unwrap();
        for at in [0, 1, 40, bytes_of(&history[1]).len() - 1] {
            let mut bytes = bytes_of(&history[1]);
            bytes[at] ^= 1;
            let bytes = literal(&bench.url, &bytes);
            let statement = format!("UPDATE entry SET bytes = {bytes} WHERE number = 3");
            check(statement, "entry 3: the chain of hashes is broken").await;
        }
        let changed = |set: &str| format!("UPDATE entry SET {set} WHERE number = 3");
        check(changed("at = at + 1"), "entry 3: its columns say otherwise").await;
        check(changed("case_id = 6"), "entry 3: its columns say otherwise").await;
        check(changed("number = 30"), "entry 3 is missing").await;
        check("DELETE FROM entry WHERE number = 3".into(), "entry 3 is missing").await;
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_ledger_is_where_the_head_says() {
    everywhere("head", async |bench| {
        filled(bench).await;
        sql(&bench.url, "CREATE TABLE away AS SELECT * FROM entry WHERE number = 12").await;
        sql(&bench.url, "DELETE FROM entry WHERE number = 12").await;
        let faults = bench.store.verify().await.unwrap().faults;
        assert_eq!(faults[0], "the head does not stand at entry 11");
        sql(&bench.url, "INSERT INTO entry SELECT * FROM away").await;
        sql(&bench.url, "UPDATE pack SET adopted_by = 2").await;
        let faults = bench.store.verify().await.unwrap().faults;
        assert_eq!(faults, ["the packs kept are not those adopted"]);
    })
    .await;
}

#[tokio::test]
async fn bytes_that_chain_but_are_not_canonical_are_found() {
    everywhere("canonical", async |bench| {
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let pack = kernel::Entry {
            number: EntryNumber(1),
            at: on("2030-01-01"),
            by: crate::bench::clerk(),
            case: None,
            act: kernel::Act::PackAdopted(bench.pack.hash),
        };
        let canonical = bytes_of(&bench.store.history(case).await.unwrap()[0]);
        // The same list of five with its length written in two bytes instead of one.
        assert_eq!(canonical[0], 0x85);
        let longer = [&[0x98, 5], &canonical[1..]].concat();
        let hash = ChainHash::START.then(&bytes_of(&pack)).then(&longer);
        let (bytes, hash) = (literal(&bench.url, &longer), literal(&bench.url, &hash.0));
        let entry = format!("UPDATE entry SET bytes = {bytes}, hash = {hash} WHERE number = 2");
        sql(&bench.url, entry).await;
        sql(&bench.url, format!("UPDATE head SET hash = {hash}")).await;
        let faults = bench.store.verify().await.unwrap().faults;
        assert_eq!(faults, ["entry 2: its bytes are not canonical"]);
    })
    .await;
}

/// A look for other houses with as many seats.
const LOOKS: &str = "form: [tea-house, keeper]
looks_up:
  alike:
    title: { zh: 座位数相同的茶馆, en: Houses with as many seats }
    register: tea-house
    where: { seats: tea-house.seats }";

/// A pack that looks entries up by a field is put in force: the older entries are found too. What
/// leads to them is verified, and rebuilt from the ledger.
#[tokio::test]
async fn what_leads_to_entries_is_filled_verified_and_rebuilt() {
    everywhere("values", async |bench| {
        filled(bench).await;
        let count = "UPDATE register_value SET value = value";
        assert_eq!(sql(&bench.url, count).await, 0);
        let file = "procedures/tea-house-filing.yaml";
        let changes = [(file, "form: [tea-house, keeper]", LOOKS)];
        let (pack, sources) = town("2030-03-31", &changes);
        bench.store.install(pack, sources, clerk(), on("2030-01-15")).await.unwrap();
        assert_eq!(sql(&bench.url, count).await, 2, "filled for the entries there are");
        bench.must_verify().await;
        let case = bench.enter(3, "柳岸茶馆", on("2030-01-16")).await;
        assert_eq!(sql(&bench.url, count).await, 3, "and for a new one");
        bench.must_verify().await;
        let check = async |statement: &str, says: &[String]| {
            assert!(sql(&bench.url, statement).await > 0, "{statement}");
            assert_eq!(bench.store.verify().await.unwrap().faults, says, "{statement}");
            bench.store.rebuild().await.unwrap();
            assert_eq!(sql(&bench.url, count).await, 3, "{statement}");
            bench.must_verify().await;
        };
        let row = |value: &str, says: &str| {
            format!("value (\"tea-house\", \"seats\", \"{value}\", \"900101-{case}\"): {says}")
        };
        let own = format!("key = '900101-{case}'");
        let gone = format!("DELETE FROM register_value WHERE {own}");
        check(&gone, &[row("8", "the row is missing")]).await;
        let other = format!("UPDATE register_value SET value = '7' WHERE {own}");
        let says = [row("7", "no entry makes this row"), row("8", "the row is missing")];
        check(&other, &says).await;
    })
    .await;
}
