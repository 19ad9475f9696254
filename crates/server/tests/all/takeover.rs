//! Taking over an old register: good, bad and repeated rows, a process killed in the midst, rows
//! mended and sent in again. Every institution is invented.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base::{Division, Instant, Name, id};
use kernel::{Act, EntryNumber};
use rules::Value;
use serde_json::json;
use store::{RegisterQuery, Store, VaultKey};

use crate::program::{Town, copy};

const HEADER: &str = "takeover.source,takeover.doubt,takeover.doubts,old-institution.name,\
    old-institution.kind,old-institution.ownership,old-institution.division,\
    old-institution.address,old-institution.scope,old-institution.credit-code,\
    old-institution.filed-on";

/// The town with the procedure by which it takes over.
fn town(test: &str) -> Town {
    let town = Town::found(test);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/takeover");
    let willow = town.folder().join("packs/willow");
    copy(&here, &willow.join("procedures"));
    // The town's own life events lead to its own services only.
    std::fs::remove_file(willow.join("life-events.yaml")).unwrap();
    town
}

/// An invented credit code with its check character.
fn code(number: usize) -> String {
    let body = format!("91900101MA{number:07}");
    let checks = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = checks.map(|check| format!("{body}{check}"));
    codes.find(|code| id::check(id::Kind::Uscc, code).is_ok()).unwrap()
}

/// A good row.
fn row(number: usize) -> String {
    let division = ["900101001", "900102002", "900103100"][number % 3];
    format!(
        "district-ledger,slight,缺门牌,青禾诊所{number}（虚构）,clinic,for-profit,{division},\
         示例路 {number} 号,03;04,{},2018-04-01",
        code(number)
    )
}

/// The command that takes a file over, whoever is competent.
fn command(town: &Town, rows: &Path) -> Command {
    command_of(town, rows, ["institution-takeover", "health@each", "good"])
}

fn command_of(town: &Town, rows: &Path, [procedure, by, outcome]: [&str; 3]) -> Command {
    let mut command = town.command(&["ledger", "takeover"]);
    command.arg(rows).args(["--procedure", procedure, "--by", by, "--outcome", outcome]);
    command.args(["--answer", "takeover.source-name={source}"]);
    command.args(["--answer", "takeover.source-row={row}"]);
    command
}

/// What it says once it has ended: whether all is well, and the summary without its times.
fn told(mut command: Command) -> (Option<i32>, serde_json::Value) {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    let summary = serde_json::from_slice(&done.stdout);
    let mut summary: serde_json::Value = summary.unwrap_or_else(|_| panic!("{said}"));
    for time in ["seconds", "rows_a_second"] {
        assert!(summary.as_object_mut().unwrap().remove(time).unwrap().is_number());
    }
    (done.status.code(), summary)
}

fn written(town: &Town, name: &str, bytes: &[u8]) -> PathBuf {
    let path = town.folder().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn taken(taken_over: usize, already_there: usize) -> serde_json::Value {
    json!({ "taken_over": taken_over, "already_there": already_there, "refused": {} })
}

/// Good rows but for the third, which has a slip in its code, the fourth, which has an unknown
/// division, and the last, which repeats the code of the first.
fn mixed() -> String {
    let wrong = row(3).replace(&code(3), "91900101MA0000000I");
    let nowhere = row(4).replace("900102002", "999999001");
    let twice = row(5).replace(&code(5), &code(1));
    let rows = [HEADER, &row(1), &row(2), &wrong, &nowhere, &twice];
    rows.join("\n")
}

fn refused() -> serde_json::Value {
    json!({
        "conditions-not-met: not-entered-yet": 1,
        "form: old-institution.credit-code": 1,
        "form: old-institution.division": 1,
    })
}

#[test]
fn bad_rows_are_mended_and_sent_in_again() {
    let town = town("takeover-mend");
    // As a bureau's program writes it.
    let text = mixed();
    let rows = written(&town, "old.csv", &encoding_rs::GB18030.encode(&text).0);
    let mend = town.folder().join("mend.csv");
    let send = |rows: &Path| {
        let mut command = command(&town, rows);
        command.arg("--mend").arg(&mend);
        told(command)
    };
    let first = json!({ "taken_over": 2, "already_there": 0, "refused": refused() });
    assert_eq!(send(&rows), (Some(1), first));
    let back = fs::read_to_string(&mend).unwrap();
    let lines: Vec<&str> = back.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], format!("row,source,refusal,word,says,{HEADER}"));
    let begins =
        ["4,old.csv,1005,form,", "5,old.csv,1005,form,", "6,old.csv,1106,conditions-not-met,"];
    for (line, begins) in lines[1..].iter().zip(begins) {
        assert!(line.starts_with(begins), "{line}");
    }
    assert!(lines[3].ends_with(mixed().lines().last().unwrap()), "{}", lines[3]);
    // The same file again changes nothing.
    let entries = town.verified()["entries"].clone();
    let again = json!({ "taken_over": 0, "already_there": 2, "refused": refused() });
    assert_eq!(send(&rows), (Some(1), again));
    assert_eq!(town.verified()["entries"], entries);
    // Two rows are mended, and the third is left as it is.
    let mended = back.replace("91900101MA0000000I", &code(3)).replace("999999001", "900102002");
    let mended = written(&town, "mended.csv", mended.as_bytes());
    let left = json!({ "conditions-not-met: not-entered-yet": 1 });
    let then = json!({ "taken_over": 2, "already_there": 0, "refused": left });
    assert_eq!(send(&mended), (Some(1), then));
    assert_eq!(town.verified()["cases"], 4);
    let back = fs::read_to_string(&mend).unwrap();
    assert!(back.lines().nth(1).unwrap().starts_with("6,old.csv,1106,"), "{back}");
    check_register(&town);
}

/// Each old record answers with its decision, its source and its doubts; where it came from is the
/// row of the first file, also when it was mended in between.
#[tokio::main]
async fn check_register(town: &Town) {
    let key = fs::read(town.data().join("vault.key")).unwrap();
    let url = format!("sqlite:{}", town.data().join("city.db").display());
    let key = VaultKey::from_bytes(key.try_into().unwrap());
    let store = Store::open(&url, Division::parse("90").unwrap(), key).await.unwrap();
    let known = store.head().await.unwrap();
    let register = |name: &str| RegisterQuery {
        register: Name::new(name).unwrap(),
        at: Instant::from_micros(i64::MAX / 2),
        known,
        published_on: None,
        heading_contains: None,
        after: None,
        limit: 100,
    };
    let records = store.entries(register("takeover-record")).await.unwrap().rows;
    let mut seen: Vec<String> = Vec::new();
    for (key, record) in &records {
        let text = |field: &str| match &record.fields[field] {
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Choice(name) => name.to_string(),
            other => panic!("{other:?}"),
        };
        seen.push(
            ["name", "source", "source-name", "source-row", "doubt", "doubts"]
                .map(text)
                .join(" | "),
        );
        let EntryNumber(decided) = record.decided_by;
        let decision = store.ledger(EntryNumber(decided - 1), 1).await.unwrap().remove(0);
        assert!(matches!(decision.act, Act::Decided(_)), "{decision:?}");
        let history = store.history(decision.case.unwrap().id).await.unwrap();
        let reasons = history.iter().find_map(|entry| match &entry.act {
            Act::Chose(chose) => Some(chose.reasons.clone()),
            _ => None,
        });
        let row = text("source-row");
        assert_eq!(
            reasons.unwrap(),
            format!(
                "批量接管：old.csv，第 {row} 行（经办人为虚构） / taken over from old.csv, row \
                 {row} (the officer is invented)"
            )
        );
        let institution = store.entries(register("medical-institution")).await.unwrap().rows;
        assert!(institution.iter().any(|(of, _)| of == key), "{key}");
    }
    seen.sort();
    assert_eq!(
        seen,
        [
            "青禾诊所1（虚构） | district-ledger | old.csv | 2 | slight | 缺门牌",
            "青禾诊所2（虚构） | district-ledger | old.csv | 3 | slight | 缺门牌",
            "青禾诊所3（虚构） | district-ledger | old.csv | 4 | slight | 缺门牌",
            "青禾诊所4（虚构） | district-ledger | old.csv | 5 | slight | 缺门牌",
        ]
    );
}

#[test]
fn a_takeover_killed_in_the_midst_goes_on_where_it_stopped() {
    const ROWS: usize = 3_000;
    let town = town("takeover-killed");
    let good = (0..ROWS).map(row);
    let text: Vec<String> = std::iter::once(HEADER.to_owned()).chain(good).collect();
    let rows = written(&town, "old.csv", text.join("\n").as_bytes());
    let mut first = command(&town, &rows);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The log grows with every group; some hundreds of rows are in it by then.
    let log = town.data().join("city.db-wal");
    while fs::metadata(&log).map_or(0, |log| log.len()) < 3_000_000 {
        assert!(first.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let kept = usize::try_from(town.verified()["cases"].as_u64().unwrap()).unwrap();
    assert!((1..ROWS).contains(&kept), "{kept}");
    assert_eq!(told(command(&town, &rows)), (Some(0), taken(ROWS - kept, kept)));
    let whole = town.verified();
    assert_eq!(whole["cases"], ROWS);
    assert_eq!(told(command(&town, &rows)), (Some(0), taken(0, ROWS)));
    assert_eq!(town.verified(), whole);
}

#[test]
fn one_body_takes_over_its_own_rows_only() {
    let town = town("takeover-own");
    let rows = [HEADER, &row(0), &row(1), &row(2)].join("\n");
    let rows = written(&town, "old.csv", rows.as_bytes());
    let command = command_of(&town, &rows, ["institution-takeover", "health@900102", "good"]);
    let refused = json!({ "not-competent": 2 });
    let expected = json!({ "taken_over": 1, "already_there": 0, "refused": refused });
    assert_eq!(told(command), (Some(1), expected));
    assert_eq!(town.verified()["cases"], 1);
}

#[test]
fn what_cannot_be_carried_out_is_said_before_anything_is_written() {
    let town = town("takeover-stops");
    let rows = written(&town, "old.csv", format!("{HEADER}x\n{}", row(1)).as_bytes());
    let check = |words: [&str; 3], says: &str| {
        let done = command_of(&town, &rows, words).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    };
    let takeover = "institution-takeover";
    check([takeover, "health@each", "good"], "did you mean `old-institution.filed-on`?");
    check([takeover, "health@each", "fine"], "`fine` is not among `good`, `bad`");
    check([takeover, "fire@each", "good"], "is in the hands of `health`");
    check(["kiln-permit", "health@each", "good"], "is not started by bodies");
    assert!(!town.data().join("city.db").exists());
}
