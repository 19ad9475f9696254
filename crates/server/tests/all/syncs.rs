//! Killing a process cannot show what a power cut would lose, for the system keeps what was
//! written. So the syncs are counted: no form is acknowledged before the disk was asked to keep it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{program::Town, visitor::Visitor};

/// Forms sent one after the other.
const FORMS: usize = 12;

/// The counter, built by the C compiler that also builds the database.
pub(crate) fn counter(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/syncs.c");
    let library = folder.join("syncs.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    library
}

fn count(file: &Path) -> usize {
    fs::metadata(file).map_or(0, |counted| usize::try_from(counted.len()).unwrap())
}

/// Waits until what is done once at the beginning, such as asking every rule, has been done.
async fn quiet(syncs: &Path) {
    let (mut last, mut still) = (count(syncs), 0);
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = count(syncs);
        still = if now == last { still + 1 } else { 0 };
        last = now;
        if still == 20 {
            return;
        }
    }
    panic!("the disk is asked again and again, although nothing is sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_form_was_synced() {
    let town = Town::found("syncs");
    let (library, syncs) = (counter(town.folder()), town.folder().join("syncs"));
    let watched = [("LD_PRELOAD", library.as_path()), ("YIYANG_SYNCS", syncs.as_path())];
    let mut program = town.start_with("0.01", &watched);
    let base = program.address();
    let mut visitor = Visitor::signed_in(1, &base).await;
    assert!(count(&syncs) > 0, "the counter counts nothing");
    quiet(&syncs).await;
    for form in 0..FORMS {
        let form_sent = visitor.fresh(&base).await.unwrap();
        visitor.forms.push(form_sent);
        // Looking at pages asks nothing of the disk.
        let before = count(&syncs);
        reqwest::get(format!("{base}/en/registers")).await.unwrap();
        assert_eq!(count(&syncs), before, "a page was synced");
        visitor.send(&base, form).await.unwrap();
        let after = count(&syncs);
        assert!(after > before, "form {form} was acknowledged without a sync");
        // A form with a paper syncs the paper too; giving up syncs the ledger alone.
        let before = count(&syncs);
        visitor.withdraws(&base, &visitor.forms[form]).await;
        assert!(count(&syncs) > before, "withdrawal {form} was acknowledged without a sync");
    }
    let (ended, said) = program.stop();
    assert!(ended.success(), "{said}");
    let entries = town.verified()["entries"].as_u64().unwrap();
    println!("{} syncs in all; {entries} entries", count(&syncs));
}
