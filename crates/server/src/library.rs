//! Where packs are found: the folder given, else the packs built into the program.

use std::path::{Path, PathBuf};

use pack::source::{Files, Folder, Library};
use rust_embed::RustEmbed;

/// The packs this program was built with.
#[derive(RustEmbed)]
#[folder = "../../packs"]
#[include = "*.yaml"]
#[include = "*.csv"]
#[include = "*.cedar"]
struct Built;

/// Packs of a folder, and those built in where the folder has none of that name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Packs(pub(crate) Option<PathBuf>);

impl Packs {
    /// The packs beside the one in `folder`, and that pack's name.
    pub(crate) fn beside(folder: &Path) -> (Self, String) {
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (Self(whole.parent().map(Path::to_owned)), name)
    }

    /// The names of all packs, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let built = Built::iter().filter_map(|path| Some(path.strip_suffix("/pack.yaml")?.into()));
        let beside = self.0.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        let beside = beside
            .filter_map(Result::ok)
            .filter(|item| item.path().join("pack.yaml").is_file())
            .map(|item| item.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = built.chain(beside).collect();
        names.sort();
        names.dedup();
        names
    }

    /// A file of a pack that is no part of the language, such as the demonstration's names.
    pub(crate) fn text(&self, pack: &str, path: &str) -> Option<String> {
        self.files(pack)?.get(path).cloned()
    }
}

impl Library for Packs {
    fn files(&self, pack: &str) -> Option<Files> {
        let folder = self.0.as_ref().filter(|folder| folder.join(pack).join("pack.yaml").is_file());
        match folder {
            Some(folder) => Folder(folder).files(pack),
            None => built(pack),
        }
    }
}

fn built(pack: &str) -> Option<Files> {
    let prefix = format!("{pack}/");
    let paths = Built::iter().filter(|path| path.starts_with(&prefix));
    let files: Files = paths
        .filter_map(|path| {
            let text = String::from_utf8(Built::get(&path)?.data.into_owned()).ok()?;
            Some((path.strip_prefix(&prefix)?.to_owned(), text))
        })
        .collect();
    (!files.is_empty()).then_some(files)
}
