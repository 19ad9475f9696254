//! A feed whose columns change: earlier rows stay readable, and rows that still stand in the log
//! are gathered whatever the feed is now.

use arrow_array::cast::AsArray as _;
use lake::{Fault, Kind, Lake};

use crate::bench::{
    batches, column, columns, current, feed_of, gathered, key, line, name, opened, taken, with,
    zone,
};

#[tokio::test]
async fn a_column_that_comes_later_is_empty_in_earlier_rows_and_one_that_goes_stays() {
    let folder = tempfile::tempdir().unwrap();
    {
        let lake = opened(folder.path());
        taken(&lake, "hospital-1", &[line("a", 1, 1), line("b", 1, 1)]).await;
        gathered(&lake);
        taken(&lake, "hospital-1", &[line("c", 1, 3)]).await;
    }
    let mut later = columns();
    later.retain(|own| own.name.as_str() != "quantity");
    later.push(column("ward", Kind::Text, true));
    {
        let lake = with(folder.path(), later.clone());
        // What stood in the log has the columns of its time.
        gathered(&lake);
        assert_eq!(current(&lake).iter().filter_map(|row| row.quantity).sum::<i64>(), 5);
        let without = taken(&lake, "hospital-1", &[line("d", 1, 1)]).await;
        let told: Vec<u16> = without.bad[0].1.iter().map(|flaw| flaw.number()).collect();
        assert_eq!(told, [1503]);
        let new = r#"{"id":"a","issued-at":"2026-03-01T12:00:00+08:00","patient":"x","ward":"7"}"#;
        taken(&lake, "hospital-1", &[new.to_owned()]).await;
        gathered(&lake);
        let wards: usize = batches(&lake, "prescriptions")
            .iter()
            .filter_map(|batch| batch.column_by_name("ward"))
            .map(|wards| wards.as_string::<i32>().iter().flatten().count())
            .sum();
        assert_eq!((current(&lake).len(), wards), (3, 1));
    }
    // A feed that is gone altogether: what it had is still there, and nothing more comes.
    let lake = Lake::open(folder.path(), [], key(), zone()).unwrap();
    let gone = lake.take(&name("prescriptions"), "a", b"{}", crate::bench::now()).await;
    assert_eq!(gone, Err(lake::NotTaken::NoFeed));
    assert_eq!(current(&lake).len(), 3);
}

#[tokio::test]
async fn rows_of_a_feed_that_is_gone_are_gathered_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    {
        let lake = opened(folder.path());
        taken(&lake, "hospital-1", &[line("a", 1, 1)]).await;
    }
    let lake = Lake::open(folder.path(), [], key(), zone()).unwrap();
    gathered(&lake);
    assert_eq!(current(&lake).len(), 1);
}

#[test]
fn a_column_does_not_become_another_kind_of_thing() {
    let folder = tempfile::tempdir().unwrap();
    drop(opened(folder.path()));
    let mut other = columns();
    other[5].kind = Kind::Text;
    let opened = Lake::open(folder.path(), [feed_of(other)], key(), zone());
    let column = match opened.err() {
        Some(Fault::Changed { column, .. }) => column,
        other => panic!("{other:?}"),
    };
    assert_eq!(column, name("quantity"));
}

#[tokio::test]
async fn feeds_change_while_the_lake_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    let mut other = columns();
    other[5].kind = Kind::Text;
    let changed = lake.keep([feed_of(other)]);
    assert!(matches!(changed, Err(Fault::Changed { .. })), "{changed:?}");
    taken(&lake, "hospital-1", &[line("a", 1, 1)]).await;
    let mut more = columns();
    more.push(column("ward", Kind::Text, false));
    lake.keep([feed_of(more)]).unwrap();
    let at = "2026-03-01T12:00:00+08:00";
    let row = format!(r#"{{"id":"b","issued-at":"{at}","patient":"x","ward":"7"}}"#);
    taken(&lake, "hospital-1", &[row]).await;
    gathered(&lake);
    assert_eq!(current(&lake).len(), 2);
    lake.keep([]).unwrap();
    let gone = lake.take(&name("prescriptions"), "a", b"{}", crate::bench::now()).await;
    assert_eq!(gone, Err(lake::NotTaken::NoFeed));
}
