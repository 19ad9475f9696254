//! Papers on disk: each file is kept once under its SHA-256, which is what the ledger remembers.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{fault::Fault, session::hex};

/// Keeps a file and returns its digest. A file that is there already is the same file.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) async fn keep(folder: &Path, bytes: &[u8]) -> Result<[u8; 32], Fault> {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let place = place(folder, &digest);
    if tokio::fs::try_exists(&place).await.unwrap_or(false) {
        return Ok(digest);
    }
    tokio::fs::create_dir_all(folder).await.map_err(|error| Fault::broken(&error))?;
    // Written beside its place and moved there whole, so that a crash leaves no half of a paper.
    let beside = folder.join(format!("{}.part", super::session::random()));
    // A paper must be as safe as the entry that names it, so both file and name reach the disk.
    write_safely(&beside, bytes).await.map_err(|error| Fault::broken(&error))?;
    tokio::fs::rename(&beside, &place).await.map_err(|error| Fault::broken(&error))?;
    sync(folder).await.map_err(|error| Fault::broken(&error))?;
    Ok(digest)
}

async fn write_safely(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::write(path, bytes).await?;
    sync(path).await
}

async fn sync(path: &Path) -> std::io::Result<()> {
    tokio::fs::File::open(path).await?.sync_all().await
}

/// The bytes of a kept paper.
///
/// # Errors
/// When the paper is not kept here, or the folder cannot be read.
pub(crate) async fn read(folder: &Path, digest: &[u8]) -> Result<Vec<u8>, Fault> {
    let bytes = tokio::fs::read(place(folder, digest)).await;
    bytes.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Fault::NoPaper,
        _ => Fault::broken(&error),
    })
}

fn place(folder: &Path, digest: &[u8]) -> PathBuf {
    folder.join(hex(digest))
}

/// What kind of file it is by its first bytes: media type and ending.
pub(crate) fn kind(bytes: &[u8]) -> (&'static str, &'static str) {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => ("application/pdf", "pdf"),
        [0x89, b'P', b'N', b'G', ..] => ("image/png", "png"),
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", "jpg"),
        // What the platform writes down itself begins with the mark of UTF-8.
        [0xef, 0xbb, 0xbf, ..] => ("text/plain; charset=utf-8", "txt"),
        _ => ("application/octet-stream", "bin"),
    }
}
