//! The packs that are shipped.

use std::path::PathBuf;

use base::Language;
use pack::{
    model::{Pack, Procedure},
    source::Folder,
};

/// Compiles a shipped pack.
pub(crate) fn pack(name: &str) -> Pack {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    match pack::compile(&Folder(&packs), name) {
        Ok(compiled) => compiled.pack,
        Err(rejected) => {
            panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false))
        }
    }
}

/// Every pack that has procedures.
pub(crate) fn packs() -> Vec<Pack> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the packs folder is there")
        .filter_map(Result::ok)
        .filter(|item| item.path().join("procedures").is_dir())
        .map(|item| item.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 2, "{names:?}");
    names.iter().map(|name| pack(name)).collect()
}

/// Does something with every procedure of every pack in each language.
pub(crate) fn each(check: impl Fn(&Pack, &Procedure, Language)) {
    for pack in packs() {
        for procedure in pack.procedures.values() {
            check(&pack, procedure, Language::Zh);
            check(&pack, procedure, Language::En);
        }
    }
}
