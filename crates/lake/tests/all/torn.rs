//! A crash in the middle of writing the log: what was finished is there, what was not is gone, and
//! the next batch follows.

use std::{fs, path::PathBuf};

use crate::bench::{current, gathered, line, opened, taken};

/// The last file of the log.
fn last(folder: &std::path::Path) -> PathBuf {
    let files = fs::read_dir(folder.join("intake")).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "intake")).max().unwrap()
}

#[tokio::test]
async fn a_log_that_ends_anywhere_holds_what_was_finished_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut ends = vec![0];
    {
        let lake = opened(folder.path());
        for batch in 0..3 {
            let lines = [line(&format!("{batch}-0"), 1, 1), line(&format!("{batch}-1"), 2, 1)];
            taken(&lake, "hospital-1", &lines).await;
            ends.push(fs::metadata(last(folder.path())).unwrap().len() as usize);
        }
    }
    let (file, whole) = (last(folder.path()), fs::read(last(folder.path())).unwrap());
    assert_eq!(whole.len(), ends[3]);
    let near = |cut: &usize| ends.iter().any(|end| end.abs_diff(*cut) < 3);
    for cut in (0..=whole.len()).filter(|cut| cut.is_multiple_of(17) || near(cut)) {
        let torn = tempfile::tempdir().unwrap();
        fs::create_dir(torn.path().join("intake")).unwrap();
        let name = file.file_name().unwrap();
        let mut bytes = whole[..cut].to_vec();
        if cut % 2 == 0 {
            // What a file system may leave behind the end.
            bytes.extend([0; 40]);
        }
        fs::write(torn.path().join("intake").join(name), bytes).unwrap();
        let lake = opened(torn.path());
        let finished = ends.iter().filter(|end| **end <= cut).count() - 1;
        let next = taken(&lake, "hospital-1", &[line("next", 3, 1)]).await.receipt;
        assert_eq!(next.first, 1 + 2 * finished as u64, "{cut}");
        gathered(&lake);
        let rows = current(&lake);
        assert_eq!(rows.len(), 2 * finished + 1, "{cut}");
        assert_eq!(rows.last().map(|row| row.number), Some(next.first));
    }
}

#[tokio::test]
async fn a_log_with_damage_before_its_end_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    {
        let lake = opened(folder.path());
        taken(&lake, "hospital-1", &[line("a", 1, 1)]).await;
    }
    let first = last(folder.path());
    let mut bytes = fs::read(&first).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&first, bytes).unwrap();
    fs::write(folder.path().join("intake/00000000000000000009.intake"), []).unwrap();
    let opened = lake::Lake::open(
        folder.path(),
        [crate::bench::feed_of(crate::bench::columns())],
        crate::bench::key(),
        crate::bench::zone(),
    );
    assert!(opened.is_err());
}
