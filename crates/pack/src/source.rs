//! The files of a pack and of those it extends, and the hash that pins them.

use std::{collections::BTreeMap, fs, io, path::Path};

use sha2::{Digest, Sha256};

use crate::model::PackHash;

/// The edition of the language this program reads; part of every hash.
pub const EDITION: u32 = 1;

/// The file of a pack that says who may do and see what; another crate reads it.
pub const ACCESS: &str = "access.cedar";

/// The files of one pack by their path inside it, `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Where packs are found by name.
pub trait Library {
    /// The files of the pack of that name, if there is one.
    fn files(&self, pack: &str) -> Option<Files>;
}

/// Packs kept as folders beside one another.
#[derive(Debug, Clone)]
pub struct Folder<'p>(pub &'p Path);

impl Library for Folder<'_> {
    fn files(&self, pack: &str) -> Option<Files> {
        let root = self.0.join(pack);
        let mut files = Files::new();
        collect(&root, "", &mut files).ok()?;
        Some(files)
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for item in fs::read_dir(folder)? {
        let item = item?;
        let path = format!("{prefix}{}", item.file_name().to_string_lossy());
        if item.file_type()?.is_dir() {
            collect(&item.path(), &format!("{path}/"), files)?;
        } else if is_read(&path) {
            files.insert(path, fs::read_to_string(item.path())?);
        }
    }
    Ok(())
}

/// Whether a file of that path in a pack's folder is a part of it.
pub fn is_read(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".csv") || path == ACCESS
}

/// Packs kept as one value, as the database keeps those that cases are pinned to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    /// The pack that was archived.
    pub name: String,
    /// Its files and those of the packs it extends, by pack.
    pub packs: BTreeMap<String, Files>,
}

impl Library for Archive {
    fn files(&self, pack: &str) -> Option<Files> {
        self.packs.get(pack).cloned()
    }
}

impl Archive {
    /// The archive as bytes: the pack's name, then each file as pack, path and text, every part
    /// behind its length.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        part(&mut bytes, &self.name);
        for (pack, files) in &self.packs {
            for (path, text) in files {
                [pack, path, text].into_iter().for_each(|text| part(&mut bytes, text));
            }
        }
        bytes
    }

    /// Reads an archive back; `None` when the bytes are not those of one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let name = take(&mut rest)?;
        let mut packs: BTreeMap<String, Files> = BTreeMap::new();
        while !rest.is_empty() {
            let (pack, path, text) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
            packs.entry(pack).or_default().insert(path, text);
        }
        Some(Self { name, packs })
    }

    /// The hash of everything a case is ruled by: the edition, and each file that is not a
    /// scenario, an example or a part of the demonstration.
    pub fn hash(&self) -> PackHash {
        let mut bytes = EDITION.to_be_bytes().to_vec();
        part(&mut bytes, &self.name);
        for (pack, files) in &self.packs {
            for (path, text) in files.iter().filter(|(path, _)| rules_cases(path)) {
                [pack, path, text].into_iter().for_each(|text| part(&mut bytes, text));
            }
        }
        PackHash(Sha256::digest(&bytes).into())
    }
}

/// Whether a file of a pack has a say in a case.
pub(crate) fn rules_cases(path: &str) -> bool {
    !["scenarios/", "examples/", "demo/"].iter().any(|folder| path.starts_with(folder))
}

fn part(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn take(rest: &mut &[u8]) -> Option<String> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
    let (text, after) = after.split_at_checked(length)?;
    *rest = after;
    String::from_utf8(text.to_vec()).ok()
}
