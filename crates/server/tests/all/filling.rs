//! A demonstration that was stopped while it was being filled.

use std::fs;

use crate::program::Town;

#[test]
fn a_filling_that_was_stopped_is_sound_and_told_of() {
    let town = Town::found("filling");
    let mut first = town.start("20");
    // Database and log grow with every group; some hundreds of entries are in them by then.
    let size = |file: &str| fs::metadata(town.data().join(file)).map_or(0, |file| file.len());
    while size("city.db") + size("city.db-wal") < 12_000_000 {
        assert!(first.runs());
        std::thread::yield_now();
    }
    let (ended, said) = first.stop();
    assert!(!ended.success() && said.is_empty(), "{said}");
    let entries = town.verified()["entries"].as_u64().unwrap();
    assert!(entries > 100, "{entries}");
    for _ in 0..2 {
        let mut next = town.start("20");
        next.address();
        let (ended, said) = next.stop();
        assert!(ended.success(), "{said}");
        let told = format!(
            "filled only in part; what is there is sound. To begin anew, stop this \
                            program, delete `{}`",
            town.data().display()
        );
        assert!(said.contains(&told), "{said}");
    }
    town.verified();
    fs::remove_dir_all(town.data()).unwrap();
    let mut anew = town.start("0.05");
    anew.address();
    let (ended, said) = anew.stop();
    assert!(ended.success() && !said.contains("only in part"), "{said}");
    assert!(town.verified()["cases"].as_u64().unwrap() >= 30);
}
