//! What maps lie on: the outlines of the districts, and what the samples of maps ask for.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use crate::web::{components::site_map::sample_file, fault::Fault, geojson, visit::Visit};

/// How long a browser shows outlines without asking again: an hour. They change with a pack.
const KEPT: &str = "public, max-age=3600";

/// The outlines of the districts, where the pack has some.
pub(in crate::web) async fn outlines(visit: Visit) -> Result<Response, Fault> {
    let pack = visit.pack();
    let outlines = pack.outlines.as_ref().ok_or(Fault::NoSuchPage)?;
    let drawn = geojson::outlines(outlines, &pack.divisions);
    Ok(([(header::CACHE_CONTROL, KEPT)], drawn).into_response())
}

/// A file of a sample of the gallery.
pub(in crate::web) async fn sample(Path(drawing): Path<String>) -> Result<Response, Fault> {
    sample_file(&drawing).map(IntoResponse::into_response).ok_or(Fault::NoSuchPage)
}
