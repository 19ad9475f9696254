//! Rows of vectors, by column name.

use std::{collections::BTreeMap, fs, path::Path};

/// One row: column to cell.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows of a file of this checkout.
pub(crate) fn rows(path: &str) -> Vec<Row> {
    parse(&text(path))
}

/// A file of this checkout.
pub(crate) fn text(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of a file beside the checkout, or none when it is not there.
pub(crate) fn shared_rows(path: &str) -> Vec<Row> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    fs::read_to_string(&whole).map_or_else(
        |_| {
            println!("skipped: not here: {}", whole.display());
            Vec::new()
        },
        |text| parse(&text),
    )
}

fn parse(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}
