//! Papers on disk: each file is kept once under its SHA-256, which is what the ledger remembers.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use store::DraftId;

use super::{fault::Fault, intake, session::hex};

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

/// What kind of file it is by its bytes: media type and ending.
pub(crate) fn kind(bytes: &[u8]) -> (&'static str, &'static str) {
    // What the platform writes down itself begins with the mark of UTF-8.
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        return ("text/plain; charset=utf-8", "txt");
    }
    let known = intake::of_bytes(bytes).map(|kind| (kind.media, kind.ending));
    known.unwrap_or(("application/octet-stream", "bin"))
}

/// Where the files of a draft lie until it is filed.
pub(crate) fn of_draft(folder: &Path, draft: DraftId) -> PathBuf {
    folder.join("drafts").join(draft.to_string())
}

/// Writes bytes that have not been looked at yet beside the papers.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) async fn waiting(folder: &Path, bytes: &[u8]) -> Result<PathBuf, Fault> {
    let folder = folder.join("uploads");
    tokio::fs::create_dir_all(&folder).await.map_err(|error| Fault::broken(&error))?;
    let path = folder.join(format!("{}.part", super::session::random()));
    tokio::fs::write(&path, bytes).await.map_err(|error| Fault::broken(&error))?;
    Ok(path)
}

/// Moves a file that has passed among the papers, under its digest; one that is there already is
/// the same file.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) async fn take(folder: &Path, path: &Path) -> Result<[u8; 32], Fault> {
    let (folder, path) = (folder.to_owned(), path.to_owned());
    let moved = tokio::task::spawn_blocking(move || {
        let (digest, _) = digested(&path)?;
        std::fs::rename(&path, place(&folder, &digest))?;
        std::fs::File::open(&folder)?.sync_all()?;
        Ok(digest)
    });
    done(moved.await)
}

/// The digest of a file, and its size.
fn digested(path: &Path) -> std::io::Result<([u8; 32], u64)> {
    let mut file = std::fs::File::open(path)?;
    let (mut digest, mut size, mut piece) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut piece)?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else { break };
        digest.update(read);
        size += read.len() as u64;
    }
    file.sync_all()?;
    Ok((digest.finalize().into(), size))
}

/// Moves a file that has passed into the folder of a draft, under its digest.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) async fn into_draft(
    folder: &Path,
    draft: DraftId,
    path: PathBuf,
) -> Result<([u8; 32], u64), Fault> {
    let home = of_draft(folder, draft);
    let moved = tokio::task::spawn_blocking(move || {
        let (digest, size) = digested(&path)?;
        std::fs::create_dir_all(&home)?;
        std::fs::rename(&path, place(&home, &digest))?;
        std::fs::File::open(&home)?.sync_all()?;
        Ok((digest, size))
    });
    done(moved.await)
}

/// Keeps a paper of a draft among those that the ledger may name; one that is there already is the
/// same paper.
///
/// # Errors
/// When the paper is not in the draft, or the folder cannot be written.
pub(crate) async fn adopt(folder: &Path, draft: DraftId, digest: [u8; 32]) -> Result<(), Fault> {
    let (from, folder) = (place(&of_draft(folder, draft), &digest), folder.to_owned());
    let to = place(&folder, &digest);
    let kept = tokio::task::spawn_blocking(move || {
        if to.exists() {
            return Ok(());
        }
        let beside = folder.join(format!("{}.part", super::session::random()));
        std::fs::copy(&from, &beside)?;
        std::fs::File::open(&beside)?.sync_all()?;
        std::fs::rename(&beside, &to)?;
        std::fs::File::open(&folder)?.sync_all()
    });
    done(kept.await)
}

/// Removes a file of a draft, or all of them.
pub(crate) async fn forget(folder: &Path, draft: DraftId, digest: Option<[u8; 32]>) {
    let home = of_draft(folder, draft);
    let gone = match digest {
        Some(digest) => tokio::fs::remove_file(place(&home, &digest)).await,
        None => tokio::fs::remove_dir_all(home).await,
    };
    match gone {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            eprintln!("yiyang: a draft's files are left: {error}");
        }
        _ => {}
    }
}

fn done<T>(done: Result<std::io::Result<T>, tokio::task::JoinError>) -> Result<T, Fault> {
    let done = done.map_err(|error| Fault::broken(&error))?;
    done.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Fault::NoPaper,
        _ => Fault::broken(&error),
    })
}
