//! The packs and stories the project ships read, link and prove.

use std::path::PathBuf;

use base::Language;
use pack::source::Folder;

pub(crate) fn packs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

pub(crate) fn shipped() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(packs())
        .expect("the packs folder is there")
        .filter_map(Result::ok)
        .filter(|item| item.path().join("pack.yaml").exists())
        .map(|item| item.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_shipped_pack_is_sound() {
    let names = shipped();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        if let Err(rejected) = pack::compile(&Folder(&packs()), &name) {
            panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false));
        }
    }
}

#[test]
fn every_shipped_example_reads() {
    for name in shipped() {
        let compiled = pack::compile(&Folder(&packs()), &name).expect("the pack is sound");
        if let Err(rejected) = pack::examples(&Folder(&packs()), &name, &compiled.pack) {
            panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false));
        }
    }
}

#[test]
fn every_shipped_story_reads() {
    for name in shipped() {
        if let Err(rejected) = pack::scenarios(&Folder(&packs()), &name) {
            panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false));
        }
    }
}
