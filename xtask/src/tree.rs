//! The files a commit would hold: tracked ones, and new ones that no ignore rule names.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file: its path from the root, with `/` between parts, and what it says.
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The root of the workspace: the parent of this crate. Asked as it runs, since clones that share a
/// target folder also share this program.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from("xtask"));
    Path::new(&here).join("..")
}

/// Every text file, in order of path. Files that are not UTF-8, or hold a zero byte, are pictures
/// and fonts: left out. So are files deleted but not yet committed.
pub(crate) fn text_files() -> Result<Vec<TextFile>, String> {
    let root = root();
    let listed = said(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(&root),
    )?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths.into_iter().filter_map(|path| read(&root, path)).collect())
}

fn read(root: &Path, path: &str) -> Option<TextFile> {
    let text = String::from_utf8(std::fs::read(root.join(path)).ok()?).ok()?;
    (!text.contains('\0')).then(|| TextFile { path: path.to_owned(), text })
}

/// What a command prints, or why it could not.
pub(crate) fn said(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|cause| format!("cannot run `{program}`: {cause}"))?;
    if !output.status.success() {
        let cause = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{program}` failed: {}", cause.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{program}` printed no UTF-8"))
}
