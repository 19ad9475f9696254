//! The ZIP around the files: stored, without dates, in one order. What we read must be what we
//! would have written, to the byte, so a changed header is found like a changed file.

use std::io::{Cursor, Read, Write};

use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions,
};

use super::fault::{Fault, Unmade};

/// A file's path inside the document and its bytes.
pub(super) type File = (String, Vec<u8>);

/// The most files a licence has; more are not ours.
const FILES_MAX: usize = 64;

/// The most bytes a licence has, so that whoever hands in a file sets nobody to work for long.
pub const LICENCE_MAX: usize = 1024 * 1024;

/// The files as a ZIP that [`read`] reads.
pub(super) fn write(files: &[File]) -> Result<Vec<u8>, Unmade> {
    let packed = packed(files).map_err(|fault| Unmade::Written(std::io::Error::other(fault)))?;
    let fits = files.len() <= FILES_MAX && packed.len() <= LICENCE_MAX;
    if fits { Ok(packed) } else { Err(Unmade::TooLong) }
}

fn packed(files: &[File]) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        out.start_file(path.as_str(), options)?;
        out.write_all(bytes)?;
    }
    Ok(out.finish()?.into_inner())
}

/// The files of a ZIP that [`write`] wrote, if a file of that path is among them.
pub(super) fn read(bytes: &[u8], with: &str) -> Result<Vec<File>, Fault> {
    if bytes.len() > LICENCE_MAX {
        return Err(Fault::NotALicence);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::NotALicence)?;
    if archive.len() > FILES_MAX || archive.by_name(with).is_err() {
        return Err(Fault::NotALicence);
    }
    let files = unpacked(&mut archive, bytes.len()).ok_or(Fault::Repacked)?;
    match packed(&files) {
        Ok(again) if again == bytes => Ok(files),
        _ => Err(Fault::Repacked),
    }
}

/// Stored files are no larger together than what holds them; others are not ours.
fn unpacked(archive: &mut ZipArchive<Cursor<&[u8]>>, size: usize) -> Option<Vec<File>> {
    let mut left = u64::try_from(size).ok()?;
    let mut files = Vec::new();
    for number in 0..archive.len() {
        let file = archive.by_index(number).ok()?;
        let path = file.name().ok()?.into_owned();
        let mut text = Vec::new();
        file.take(left).read_to_end(&mut text).ok()?;
        left = left.checked_sub(u64::try_from(text.len()).ok()?)?;
        files.push((path, text));
    }
    Some(files)
}
