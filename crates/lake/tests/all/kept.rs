//! Whatever arrives, in whatever order and how often, gathered when and in whatever pieces, closed
//! and opened in between: the table has each row once, as its source said it last, and the rows
//! that were replaced stand beside it. The model is a list that is walked.

use std::collections::BTreeMap;

use lake::Lake;
use proptest::prelude::*;

use crate::bench::{Said, current, earlier, gathered, line, moment, opened, taken};

/// What happens.
#[derive(Debug, Clone)]
enum Step {
    /// A source sends rows, each with its key, its day and its quantity.
    Sent(usize, Vec<(u8, u8, i64)>),
    /// Some of what waits is gathered.
    Gathered,
    /// The lake is closed and opened.
    Opened,
}

const SOURCES: [&str; 2] = ["hospital-1", "hospital-2"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = (0u8..6, 1u8..4, 0i64..3);
    let sent = (0usize..2, prop::collection::vec(row, 1..8));
    let step = prop_oneof![
        6 => sent.prop_map(|(source, rows)| Step::Sent(source, rows)),
        2 => Just(Step::Gathered),
        1 => Just(Step::Opened),
    ];
    prop::collection::vec(step, 1..14)
}

/// The rows as they stand in the end, and those that were replaced with what replaced each.
fn model(rows: &[Said]) -> (Vec<Said>, Vec<(Said, u64)>) {
    let mut last: BTreeMap<(String, String), Said> = BTreeMap::new();
    let mut replaced = Vec::new();
    for row in rows {
        let key = (row.source.clone(), row.id.clone());
        match last.get(&key) {
            Some(before) if (before.at, before.quantity) == (row.at, row.quantity) => continue,
            Some(before) => replaced.push((before.clone(), row.number)),
            None => {}
        }
        last.insert(key, row.clone());
    }
    let mut current: Vec<Said> = last.into_values().collect();
    current.sort();
    replaced.sort();
    (current, replaced)
}

async fn played(steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = Some(opened(folder.path()));
    let mut rows = Vec::new();
    for step in steps {
        let own: &Lake = lake.as_ref().unwrap();
        match step {
            Step::Sent(source, sent) => {
                let source = SOURCES[source];
                let lines =
                    sent.iter().map(|(id, day, quantity)| line(&id.to_string(), *day, *quantity));
                let intake = taken(own, source, &lines.collect::<Vec<_>>()).await;
                assert_eq!((intake.taken, intake.bad.len()), (sent.len(), 0));
                let numbers = intake.receipt.first..intake.receipt.next;
                assert_eq!(numbers.end - numbers.start, sent.len() as u64);
                rows.extend(numbers.zip(sent).map(|(number, (id, day, quantity))| Said {
                    number,
                    source: source.to_owned(),
                    id: id.to_string(),
                    at: moment(day, 0).micros(),
                    quantity: Some(quantity),
                }));
            }
            Step::Gathered => drop(own.gather().unwrap()),
            Step::Opened => {
                // Closed before it is opened: nobody else may have it meanwhile.
                drop(lake.take());
                lake = Some(opened(folder.path()));
            }
        }
    }
    let lake = lake.unwrap();
    gathered(&lake);
    assert!(rows.iter().zip(1..).all(|(row, number)| row.number == number));
    assert_eq!((current(&lake), earlier(&lake)), model(&rows));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn each_row_is_there_once_as_it_was_said_last(steps in steps()) {
        tokio::runtime::Runtime::new().unwrap().block_on(played(steps));
    }
}

#[tokio::test]
async fn nobody_opens_a_lake_that_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let _lake = opened(folder.path());
    let again = Lake::open(folder.path(), [], crate::bench::key(), crate::bench::zone());
    assert!(matches!(again.err(), Some(lake::Fault::InUse)));
}

/// Whoever reads the files of a lake that was opened under `var` runs elsewhere.
#[tokio::test]
async fn files_are_told_by_where_they_are_however_the_lake_was_named() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let name = std::path::Path::new(folder.path().file_name().unwrap());
    assert!(name.is_relative());
    let lake = opened(name);
    taken(&lake, "hospital-1", &[line("1", 1, 1)]).await;
    gathered(&lake);
    let (place, files) = lake.files("prescriptions").unwrap();
    assert!(place.is_absolute(), "{}", place.display());
    assert!(!files.is_empty());
}
