//! Many small files become few, commits become a checkpoint, and the rows stay what they were.

use std::{fs, path::Path, time::Duration};

use crate::bench::{current, earlier, gathered, line, moment, opened, taken};

fn parquet_files(folder: &Path) -> usize {
    let days = fs::read_dir(folder.join("feeds/prescriptions")).unwrap();
    let days = days.map(|day| day.unwrap().path()).filter(|day| !day.ends_with("_delta_log"));
    days.map(|day| fs::read_dir(day).unwrap().count()).sum()
}

#[tokio::test]
async fn small_files_become_one_and_no_row_changes() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    for turn in 0..20 {
        let lines = [line(&format!("{turn}"), 1, turn), line("same", 2, turn)];
        taken(&lake, "hospital-1", &lines).await;
        gathered(&lake);
    }
    let before = (current(&lake), earlier(&lake));
    assert_eq!((before.0.len(), before.1.len()), (21, 19));
    let (_, files) = lake.files("prescriptions").unwrap();
    assert_eq!(files.len(), 21);
    while lake.compact(moment(31, 0)).unwrap() {}
    let (_, files) = lake.files("prescriptions").unwrap();
    assert_eq!(files.len(), 2);
    assert_eq!((current(&lake), earlier(&lake)), before);
    // A row in the merged file is replaced like any other.
    taken(&lake, "hospital-1", &[line("7", 1, 700)]).await;
    gathered(&lake);
    assert_eq!((current(&lake).len(), earlier(&lake).len()), (21, 20));
    // Whoever reads the old files still can, until nobody has touched them for long.
    let all = parquet_files(folder.path());
    assert_eq!(lake.sweep(Duration::from_secs(3_600)).unwrap(), 0);
    assert_eq!(parquet_files(folder.path()), all);
    let now = (current(&lake), earlier(&lake));
    assert!(lake.sweep(Duration::ZERO).unwrap() > 20);
    let (_, files) = lake.files("prescriptions").unwrap();
    assert_eq!(parquet_files(folder.path()), files.len());
    assert_eq!((current(&lake), earlier(&lake)), now);
}

#[tokio::test]
async fn after_a_checkpoint_the_table_opens_without_the_commits_before() {
    let folder = tempfile::tempdir().unwrap();
    let lake = opened(folder.path());
    for turn in 0..230 {
        taken(&lake, "hospital-1", &[line(&format!("{turn}"), 1 + (turn % 3) as u8, turn)]).await;
        gathered(&lake);
        while lake.compact(moment(31, 0)).unwrap() {}
    }
    let before = current(&lake);
    assert_eq!(before.len(), 230);
    drop(lake);
    let commits = folder.path().join("feeds/prescriptions/_delta_log");
    let names: Vec<String> = fs::read_dir(&commits)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.contains(&"_last_checkpoint".to_owned()));
    assert!(!names.contains(&format!("{:020}.json", 0)), "the first commits are gone");
    let lake = opened(folder.path());
    assert_eq!(current(&lake), before);
    taken(&lake, "hospital-1", &[line("0", 1, 1_000)]).await;
    gathered(&lake);
    assert_eq!((current(&lake).len(), earlier(&lake).len()), (230, 1));
}
