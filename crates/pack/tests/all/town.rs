//! The invented town's pack in memory, on a national pack trimmed to what the town inherits, with
//! one week of the calendar and a few divisions, so that thousands of compiles take seconds.

use std::collections::BTreeMap;

use pack::{
    Compiled, Rejected,
    source::{Files, Folder, Library},
};

use crate::shipped::packs;

/// The folders of the national pack that the town does without.
const LEFT_OUT: [&str; 11] = [
    "boards/",
    "credit/",
    "examples/",
    "feeds/",
    "figures/",
    "knowledge/",
    "registers/",
    "risk/",
    "sections/",
    "supervision/",
    "tables/",
];

/// Packs by name, files by path.
#[derive(Debug, Clone)]
pub(crate) struct Town(BTreeMap<String, Files>);

impl Library for Town {
    fn files(&self, pack: &str) -> Option<Files> {
        self.0.get(pack).cloned()
    }
}

impl Town {
    /// The pack `willow` as it is shipped, without its stories and examples.
    pub(crate) fn willow() -> Self {
        let read = |name| Folder(&packs()).files(name).expect("the pack is shipped");
        let mut national = read("cn");
        national.retain(|path, _| !LEFT_OUT.iter().any(|folder| path.starts_with(folder)));
        for (_, sheet) in national.iter_mut().filter(|(path, _)| path.ends_with(".csv")) {
            *sheet = sheet.lines().take(8).map(|line| format!("{line}\n")).collect();
        }
        let mut own = read("willow");
        own.retain(|path, _| {
            !["scenarios/", "examples/"].iter().any(|told| path.starts_with(told))
        });
        Self(BTreeMap::from([("cn".to_owned(), national), ("willow".to_owned(), own)]))
    }

    /// The text of a file of the town.
    pub(crate) fn text(&self, path: &str) -> &str {
        &self.0["willow"][path]
    }

    /// The town's own YAML files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.0["willow"].iter().filter(|(path, _)| path.ends_with(".yaml"));
        own.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The same town with one file written anew.
    pub(crate) fn with(&self, path: &str, text: String) -> Self {
        let mut town = self.clone();
        town.put(path, text);
        town
    }

    /// Writes a file.
    pub(crate) fn put(&mut self, path: &str, text: String) {
        self.0.get_mut("willow").expect("the town is there").insert(path.to_owned(), text);
    }

    /// Takes a file of the town away.
    pub(crate) fn take_away(&mut self, path: &str) {
        self.0.get_mut("willow").and_then(|own| own.remove(path)).expect(path);
    }

    /// Reads, links and proves the town's pack.
    pub(crate) fn compile(&self) -> Result<Compiled, Box<Rejected>> {
        pack::compile(self, "willow")
    }
}

/// The town with the first `from` in a file changed; the fault of that word stands at `at`.
pub(crate) fn check(file: &str, from: &str, to: &str, word: &str, at: &str, near: Option<&str>) {
    let town = Town::willow();
    assert!(town.text(file).contains(from), "`{from}` is not in {file}");
    let broken = town.with(file, town.text(file).replacen(from, to, 1));
    let rejected = broken.compile().expect_err(to);
    let found = rejected.faults.iter().find(|fault| fault.word == word);
    let found = found.map(|fault| (rejected.sources.slice(fault.at), fault.near.as_deref()));
    assert_eq!(found, Some((at, near)), "{word} after `{to}`: {:?}", rejected.faults);
}
