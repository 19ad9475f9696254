//! What tests read from beside the checkout.

use std::{fs, path::Path};

/// A file of the conformance material; none, with a word about it, where it is not here.
pub(crate) fn text(path: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/siting");
    let text = fs::read_to_string(folder.join(path)).ok();
    if text.is_none() {
        println!("skipped: not here: {path}");
    }
    text
}

/// All numbers of a text, in order.
pub(crate) fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// All subsets of so many things, as bits.
pub(crate) fn subsets(count: usize) -> impl Iterator<Item = Vec<u32>> {
    (0_u32..1 << count)
        .map(move |bits| (0..count as u32).filter(|own| bits >> own & 1 == 1).collect())
}
