//! What a line may say, and what is told of one that says something else.

use lake::{GivingUp, How, Lake, Mends, NotMended, Sent, Settling};

use crate::bench::{current, gathered, line, name, now, opened, taken};

/// A line, and the numbers of what is wrong with it.
const LINES: &[(&str, &[(&str, u16)])] = &[
    ("not json", &[("", 1501)]),
    ("[1]", &[("", 1501)]),
    ("{} {}", &[("", 1501)]),
    (r#"{"id":"a","id":"b"}"#, &[("id", 1502)]),
    (r#"{"colour":"red"}"#, &[("colour", 1503)]),
    ("{}", &[("id", 1504), ("issued-at", 1504), ("patient", 1504)]),
    (r#"{"patient":7}"#, &[("patient", 1505)]),
    (r#"{"patient":"  "}"#, &[("patient", 1505)]),
    ("{GOOD,\"status\":\"lost\"}", &[("status", 1507)]),
    ("{GOOD,\"diagnoses\":\"J45\"}", &[("diagnoses", 1508)]),
    ("{GOOD,\"diagnoses\":[\"J45\",1]}", &[("diagnoses", 1508)]),
    ("{GOOD,\"quantity\":1.5}", &[("quantity", 1509)]),
    ("{GOOD,\"quantity\":\"ten\"}", &[("quantity", 1509)]),
    ("{GOOD,\"quantity\":9223372036854775808}", &[("quantity", 1509)]),
    ("{GOOD,\"price\":1.005}", &[("price", 1509)]),
    ("{GOOD,\"until\":\"2026-02-30\"}", &[("until", 1510)]),
    ("{GOOD,\"online\":\"yes\"}", &[("online", 1512)]),
    (r#"{"id":"a","issued-at":"2026-03-01T09:30:00","patient":"x"}"#, &[("issued-at", 1511)]),
    (r#"{"id":"a","issued-at":"2026-04-01T09:30:00+08:00","patient":"x"}"#, &[("issued-at", 1513)]),
];

/// Lines that are taken.
const GOOD: &[&str] = &[
    "{GOOD}",
    "{GOOD,\"status\":null}",
    "{GOOD,\"quantity\":-3,\"price\":\"12.50\",\"until\":\"2026-02-28\",\"online\":true}",
    "{GOOD,\"price\":0.1,\"diagnoses\":[\"J45\",\"I10\"],\"status\":\"returned\"}",
];

fn whole(line: &str) -> String {
    let good = r#""id":"a","issued-at":"2026-03-01T09:30:00+08:00","patient":"11010519491231002X""#;
    line.replace("GOOD", good)
}

async fn sent(lake: &Lake, lines: &[&str]) -> lake::Intake {
    let lines: Vec<String> = lines.iter().map(|line| whole(line)).collect();
    taken(lake, "hospital-1", &lines).await
}

#[tokio::test]
async fn each_line_that_is_wrong_is_told_why_and_the_others_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    for good in GOOD {
        assert_eq!(sent(&lake, &[good]).await.bad, [], "{good}");
    }
    let lines: Vec<&str> = LINES.iter().map(|(line, _)| *line).chain(["", "{GOOD}"]).collect();
    let intake = sent(&lake, &lines).await;
    assert_eq!((intake.taken, intake.bad.len()), (1, LINES.len()));
    for ((told, flaws), (place, (line, wrong))) in intake.bad.iter().zip(LINES.iter().enumerate()) {
        assert_eq!(*told, place as u64 + 1, "{line}");
        let found: Vec<(&str, u16)> = flaws
            .iter()
            .map(|flaw| (flaw.column.as_deref().unwrap_or_default(), flaw.number()))
            .collect();
        assert_eq!(found, *wrong, "{line}");
        for flaw in flaws {
            assert!(flaw.says().zh != flaw.says().en && !flaw.says().zh.contains('{'));
        }
    }
}

#[tokio::test]
async fn what_is_kept_of_a_bad_line_is_nobodys_number() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let number = "11010519491231002X";
    let lines = [
        whole("{GOOD,\"quantity\":\"ten\"}"),
        format!(r#"{{"id":"b","note":"{number}"}}"#),
        format!("{number} is no object"),
        format!(r#"{{"{number}":1}}"#),
    ];
    let intake = taken(&lake, "hospital-1", &lines).await;
    assert_eq!(intake.bad.len(), 4);
    gathered(&lake);
    let held = lake.held(0, 10).unwrap();
    assert_eq!(held.len(), 4);
    // Not even as the name of a column that nobody knows.
    drop(lake);
    let mut looked = 0;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            looked += 1;
            let found = bytes.windows(number.len()).any(|part| part == number.as_bytes());
            assert!(!found, "{} has the number", path.display());
        }
    }
    assert!(looked >= 3);
}

#[tokio::test]
async fn a_bad_line_is_mended_and_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let intake = sent(&lake, &["{GOOD,\"quantity\":\"ten\",\"colour\":1}"]).await;
    gathered(&lake);
    let number = intake.receipt.first;
    // As long as something is wrong with it it stays.
    let still = lake.mend(mends(number), br#"{"quantity":"eleven"}"#, now()).await;
    assert!(matches!(still, Err(NotMended::Flawed(_))), "{still:?}");
    assert_eq!(lake.held(0, 10).unwrap().len(), 1);
    let mended = lake.mend(mends(number), br#"{"quantity":10}"#, now()).await.unwrap();
    gathered(&lake);
    assert_eq!(lake.held(0, 10).unwrap(), []);
    let settled = lake.settled(number).unwrap().unwrap();
    let how = How::Mended { number: mended.receipt.first };
    assert_eq!(settled.settling, Settling { by: "officer-1".to_owned(), at: now(), how });
    assert_eq!(settled.held.flaws.len(), 1);
    let rows = current(&lake);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].number, rows[0].quantity), (mended.receipt.first, Some(10)));
    assert_eq!(rows[0].source, "hospital-1");
    let gone = lake.mend(mends(number), br#"{"quantity":10}"#, now()).await;
    assert!(matches!(gone, Err(NotMended::Gone)), "{gone:?}");
}

#[tokio::test]
async fn a_bad_line_is_given_up_for_a_reason_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let intake = sent(&lake, &["nothing", "{GOOD}"]).await;
    let number = intake.receipt.next - 1;
    let because = GivingUp { by: "officer-1", because: "a test of the line", at: now() };
    assert!(!lake.give_up(number, &because).unwrap(), "nothing is held before it is gathered");
    gathered(&lake);
    assert_eq!(lake.held_count().unwrap(), 1);
    assert!(lake.give_up(number, &because).unwrap());
    assert!(!lake.give_up(number, &because).unwrap());
    assert_eq!((lake.held_count().unwrap(), lake.held_row(number).unwrap()), (0, None));
    let how = How::GivenUp { because: "a test of the line".to_owned() };
    assert_eq!(lake.settled(number).unwrap().unwrap().settling.how, how);
    let gone = lake.mend(mends(number), b"{}", now()).await;
    assert!(matches!(gone, Err(NotMended::Gone)), "{gone:?}");
}

#[tokio::test]
async fn what_a_source_has_sent_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    sent(&lake, &["{GOOD}", "nothing"]).await;
    assert_eq!((lake.sent().unwrap(), lake.waiting().unwrap()), (vec![], 2));
    gathered(&lake);
    sent(&lake, &["{GOOD}"]).await;
    gathered(&lake);
    let (source, feed) = ("hospital-1".to_owned(), "prescriptions".to_owned());
    let counted = Sent { source, feed, rows: 2, bad: 1, last_at: now() };
    assert_eq!((lake.sent().unwrap(), lake.waiting().unwrap()), (vec![counted], 0));
}

#[tokio::test]
async fn a_batch_for_no_feed_or_without_end_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let other = lake.take(&name("visits"), "a", line("a", 1, 1).as_bytes(), now()).await;
    assert_eq!(other, Err(lake::NotTaken::NoFeed));
    let lines: Vec<String> = (0..10_001).map(|id| line(&id.to_string(), 1, 1)).collect();
    let feed = name("prescriptions");
    let long = lake.take(&feed, "a", lines.join("\n").as_bytes(), now()).await;
    assert_eq!(long, Err(lake::NotTaken::TooLong));
    let nothing = lake.take(&feed, "a", b"\n\n", now()).await.unwrap();
    assert_eq!((nothing.taken, nothing.receipt.first), (0, nothing.receipt.next));
    gathered(&lake);
    assert_eq!(current(&lake), []);
}

fn mends(number: u64) -> Mends {
    Mends { number, by: "officer-1".to_owned() }
}
