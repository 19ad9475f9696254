//! The material that is kept beside the checkout.

use std::path::{Path, PathBuf};

/// A file or folder of the siting material beside the checkout, or none when it is not there.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/siting");
    let whole = whole.join(path);
    if !whole.exists() {
        println!("skipped: not here: {}", whole.display());
        return None;
    }
    Some(whole)
}
