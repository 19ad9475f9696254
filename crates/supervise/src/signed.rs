//! What is signed of a row: the row itself, written in one way only, so that whoever signs and
//! whoever verifies have the same bytes, now and once it lies in the lake.
//!
//! It is one JSON object by RFC 8785 (names in order, no spaces): `feed` with the name of the feed,
//! and `row` with every column that the row has but the signature. Moments are in UTC, such as
//! `2026-03-01T01:30:00Z`.

use std::collections::BTreeMap;

use lake::Row;
use pack::model::Feed;
use serde_json::Value;

use crate::feeds;

/// The bytes that are signed of a row; none where nobody signs rows of the feed, or the row is none
/// of its own.
pub fn statement(feed: &Feed, row: &Row) -> Option<Vec<u8>> {
    let signed = feed.signed.as_ref()?;
    let columns = feeds::of(feed)?;
    let cells = columns.columns().iter().zip(&row.values).filter_map(|(column, value)| {
        let said = value.as_ref()?.said(&column.kind);
        (column.name != signed.signature).then(|| (column.name.to_string(), said))
    });
    let row: BTreeMap<String, Value> = cells.collect();
    let name = Value::from(feed.name.as_str());
    let whole = BTreeMap::from([("feed", name), ("row", serde_json::to_value(row).ok()?)]);
    serde_json::to_vec(&whole).ok()
}

/// What a row says in a column, where that is a text.
pub fn text<'r>(feed: &Feed, row: &'r Row, column: &base::Name) -> Option<&'r str> {
    let place = feed.columns.iter().position(|own| own.name == *column)?;
    match row.values.get(place)?.as_ref()? {
        lake::row::Value::Text(text) => Some(text),
        _ => None,
    }
}
