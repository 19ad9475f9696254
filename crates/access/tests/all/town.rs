//! The packs of this repository, and one with a policy more or another.

use std::path::{Path, PathBuf};

use pack::{
    compile,
    model::Pack,
    source::{Files, Folder, Library},
};

/// The folder of the packs.
pub(crate) fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// A pack as it stands.
pub(crate) fn compiled(name: &str) -> Pack {
    match compile(&Folder(&packs()), name) {
        Ok(compiled) => compiled.pack,
        Err(rejected) => panic!("{:#?}", rejected.faults),
    }
}

/// Willow, where a pack of its chain has this text as its policies.
pub(crate) fn willow_with(pack: &'static str, text: &str) -> Pack {
    match compile(&With(pack, text.to_owned()), "willow") {
        Ok(compiled) => compiled.pack,
        Err(rejected) => panic!("{:#?}", rejected.faults),
    }
}

struct With(&'static str, String);

impl Library for With {
    fn files(&self, pack: &str) -> Option<Files> {
        let mut files = Folder(&packs()).files(pack)?;
        if pack == self.0 {
            files.insert("access.cedar".to_owned(), self.1.clone());
        }
        Some(files)
    }
}
