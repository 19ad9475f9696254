//! From a ZIP file to the files of a pack with those it extends. Everything is bounded before it is
//! unpacked, and nothing is written to a disk.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use pack::{
    fault::{Faults, Sources},
    language::Manifest,
    model::Pack,
    node,
    read::Read as _,
    source::{Archive, Files, Library, is_read},
};
use zip::ZipArchive;

use super::Unproposed;
use crate::library::Packs as BuiltIn;

/// The most bytes of an upload.
const ZIP_MAX: usize = 8 * 1024 * 1024;
/// The most that it may unpack to.
const UNPACKED_MAX: u64 = 32 * 1024 * 1024;
/// The most files in it.
const FILES_MAX: usize = 2_000;
/// The longest path in it.
const PATH_MAX: usize = 200;

/// The files of an upload, with those of the packs that it extends: as they are in the archive of
/// the pack in force, else as this program has them.
///
/// # Errors
/// The first reason for which it is not taken.
pub(crate) fn proposed(zip: &[u8], live: &Pack, in_force: &Archive) -> Result<Archive, Unproposed> {
    let files = unpacked(zip)?;
    let text = files.get("pack.yaml").ok_or(Unproposed::NotAPack)?;
    let name = live.name.to_string();
    let mut extends = None;
    // What does not read is the checker's to say, at its line.
    if let Some(manifest) = manifest(text) {
        let place = manifest.jurisdiction.as_ref().map(|place| &place.value);
        if manifest.pack != live.name || place != live.jurisdiction.as_ref() {
            return Err(Unproposed::OtherPlace(manifest.pack.to_string()));
        }
        extends = manifest.extends.map(|parent| parent.value.to_string());
    }
    let mut packs = in_force.packs.clone();
    while let Some(parent) = extends.take().filter(|parent| *parent != name) {
        let known = packs.get(&parent).cloned().or_else(|| BuiltIn(None).files(&parent));
        let Some(known) = known else { break };
        let above = known.get("pack.yaml").and_then(|text| manifest(text)?.extends);
        let above = above.map(|own| own.value.to_string());
        extends = above.filter(|own| !packs.contains_key(own));
        packs.insert(parent, known);
    }
    packs.insert(name.clone(), files);
    Ok(Archive { name, packs })
}

fn manifest(text: &str) -> Option<Manifest> {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let file = sources.add("pack.yaml", text);
    Manifest::read(&node::parse(file, text, &mut faults)?, &mut faults)
}

/// The files by their path in the folder of the pack: the one in which `pack.yaml` lies.
fn unpacked(zip: &[u8]) -> Result<Files, Unproposed> {
    if zip.len() > ZIP_MAX {
        return Err(Unproposed::TooMuch);
    }
    let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(|_| Unproposed::NotAPack)?;
    if archive.len() > FILES_MAX {
        return Err(Unproposed::TooMuch);
    }
    let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut left = UNPACKED_MAX;
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(|_| Unproposed::NotAPack)?;
        let path = part.name().map_err(|_| Unproposed::NotAPack)?.to_string();
        let shown: String = path.chars().filter(|own| !own.is_control()).take(PATH_MAX).collect();
        if !within(&path) || part.is_symlink() {
            return Err(Unproposed::Outside(shown));
        }
        if part.is_dir() || !is_read(&path) && !path.ends_with("/access.cedar") {
            continue;
        }
        let mut bytes = Vec::new();
        // What a file says of its size may be wrong; what comes out of it is counted.
        let read = part.by_ref().take(left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|_| Unproposed::NotAPack)? as u64;
        left = left.checked_sub(read).ok_or(Unproposed::TooMuch)?;
        if found.insert(path, bytes).is_some() {
            return Err(Unproposed::Outside(shown));
        }
    }
    let manifests = found.keys().filter_map(|path| path.strip_suffix("pack.yaml"));
    let mut folders = manifests.filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let (Some(folder), None) = (folders.next().map(str::to_owned), folders.next()) else {
        return Err(Unproposed::NotAPack);
    };
    let mut files = Files::new();
    for (path, bytes) in found {
        let Some(inner) = path.strip_prefix(&folder).filter(|inner| is_read(inner)) else {
            continue;
        };
        let text = String::from_utf8(bytes).map_err(|_| Unproposed::NotText(path.clone()))?;
        files.insert(inner.to_owned(), text);
    }
    Ok(files)
}

/// Whether a path stays within its folder on every system.
fn within(path: &str) -> bool {
    let parts = || path.trim_end_matches('/').split('/');
    path.len() <= PATH_MAX
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && parts().all(|part| !part.is_empty() && part != "." && part != "..")
}
