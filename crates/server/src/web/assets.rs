//! The files of the look and the scripts, each at an address that names its content, so that a
//! browser keeps it for ever and never shows an old one.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::session::hex;

/// What a script is.
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Every file by its name: `frontend` makes the first five, and the rest are ours.
const FILES: [(&str, &str, &str); 10] = [
    ("site.css", "text/css; charset=utf-8", include_str!("../../assets/site.css")),
    ("site.js", SCRIPT, include_str!("../../assets/site.js")),
    ("layout-map.js", SCRIPT, include_str!("../../assets/layout-map.js")),
    ("maplibre.js", SCRIPT, include_str!("../../assets/maplibre.js")),
    ("maplibre-worker.js", SCRIPT, include_str!("../../assets/maplibre-worker.js")),
    ("board.js", SCRIPT, include_str!("../../assets/board.js")),
    (WORKER, SCRIPT, include_str!("../../assets/field.js")),
    ("draft.js", SCRIPT, include_str!("../../assets/draft.js")),
    ("search.js", SCRIPT, include_str!("../../assets/search.js")),
    ("passkey.js", SCRIPT, include_str!("../../assets/passkey.js")),
];

/// What opens a page that was taken along where there is no network.
const WORKER: &str = "field.js";

/// The tag of each file's content: the first eight bytes of its SHA-256, in hexadecimal.
static TAGS: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let tag = |text: &str| hex(Sha256::digest(text.as_bytes()).get(..8).unwrap_or_default());
    FILES.iter().map(|(name, _, text)| (*name, tag(text))).collect()
});

/// The address of a file's present content.
pub(crate) fn href(name: &str) -> String {
    let tag = TAGS.get(name).map_or("", String::as_str);
    format!("/assets/{name}?of={tag}")
}

/// A file; kept for a year where it was asked for by its content.
pub(crate) async fn show(
    Path(name): Path<String>,
    uri: axum::http::Uri,
) -> Result<Response, StatusCode> {
    let found = FILES.iter().find(|(own, _, _)| *own == name);
    let (name, kind, text) = found.ok_or(StatusCode::NOT_FOUND)?;
    let tag = TAGS.get(name).map_or("", String::as_str);
    let exact = uri.query() == Some(&format!("of={tag}"));
    let kept = if exact { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if *name == WORKER {
        // It answers for cases, which lie above the files of the look.
        headers.insert("service-worker-allowed", HeaderValue::from_static("/"));
    }
    Ok((headers, *text).into_response())
}
