//! The packs that are shipped, and two procedures that have everything these do not have.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use base::Language;
use pack::{
    model::{Pack, Procedure},
    source::{Files, Folder, Library},
};

/// Where the packs are: those that are shipped, unless PACKS names another folder.
fn folder() -> PathBuf {
    let shipped = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    env::var_os("PACKS").map_or_else(shipped, PathBuf::from)
}

fn compile(library: &impl Library, name: &str) -> Pack {
    match pack::compile(library, name) {
        Ok(compiled) => compiled.pack,
        Err(rejected) => {
            panic!("{}", rejected.faults.render(&rejected.sources, Language::En, false))
        }
    }
}

/// Compiles a shipped pack.
pub(crate) fn pack(name: &str) -> Pack {
    compile(&Folder(&folder()), name)
}

/// The invented town with the mills of `tests/mills`.
pub(crate) fn mills() -> Pack {
    let mills = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |folder: PathBuf, name| Folder(&folder).files(name).expect("the pack is there");
    let mut town: Files = read(folder(), "willow");
    town.extend(read(mills, "mills"));
    compile(&Town(BTreeMap::from([("cn", read(folder(), "cn")), ("willow", town)])), "willow")
}

struct Town(BTreeMap<&'static str, Files>);

impl Library for Town {
    fn files(&self, pack: &str) -> Option<Files> {
        self.0.get(pack).cloned()
    }
}

/// Every pack that has procedures, the town with its mills.
pub(crate) fn packs() -> Vec<Pack> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("the packs folder is there")
        .filter_map(Result::ok)
        .filter(|item| item.path().join("procedures").is_dir())
        .map(|item| item.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 2, "{names:?}");
    names.iter().map(|name| if name == "willow" { mills() } else { pack(name) }).collect()
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
