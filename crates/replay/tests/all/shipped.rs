//! The packs that are shipped, with their stories.

use std::path::{Path, PathBuf};

use base::Language;
use pack::{
    Compiled, Rejected,
    language::scenario::Scenario,
    source::{Files, Folder, Library},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// The names of the packs that have stories.
pub(crate) fn with_stories() -> Vec<String> {
    let packs = std::fs::read_dir(folder()).unwrap().map(|pack| pack.unwrap().path());
    let told = packs.filter(|pack| pack.join("scenarios").is_dir());
    let mut names: Vec<String> =
        told.map(|pack| pack.file_name().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The pack, which must be sound.
pub(crate) fn compiled(name: &str) -> Compiled {
    pack::compile(&Folder(&folder()), name).unwrap_or_else(|rejected| rejected_as(*rejected))
}

/// All its files.
pub(crate) fn files(name: &str) -> Files {
    Folder(&folder()).files(name).unwrap()
}

/// A file of a pack.
pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(folder().join(path)).unwrap()
}

/// A file of a pack, where there is one.
pub(crate) fn optional(path: &str) -> Option<String> {
    std::fs::read_to_string(folder().join(path)).ok()
}

/// Its stories, by path.
pub(crate) fn stories(name: &str) -> Vec<(String, Scenario)> {
    pack::scenarios(&Folder(&folder()), name).unwrap_or_else(|rejected| rejected_as(*rejected))
}

fn rejected_as<T>(rejected: Rejected) -> T {
    panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false))
}
