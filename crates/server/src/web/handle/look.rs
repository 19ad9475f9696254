//! How pages look: large type or everything, every component with its samples, and what we promise
//! to those who see, hear, move or read otherwise.

use axum::{
    extract::Query as Asked,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::is_own;
use crate::web::{
    components::gallery,
    fault::Fault,
    frame::Look,
    pages::look::{AccessibilityPage, ComponentsPage},
    visit::{LOOK, Visit, page},
};

/// How long a browser keeps the look that its reader has chosen: a year, in seconds.
const KEPT: u32 = 365 * 24 * 60 * 60;

/// Which look, and the page to show in it.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Chosen {
    #[serde(default)]
    size: String,
    #[serde(default)]
    then: String,
}

/// Keeps the look that the reader has chosen, and goes back to the page.
pub(in crate::web) async fn choose(visit: Visit, Asked(chosen): Asked<Chosen>) -> Response {
    let look = Look::of(&chosen.size).word();
    let cookie = format!("{LOOK}={look}; Path=/; Max-Age={KEPT}; SameSite=Lax; HttpOnly");
    let home = visit.to("/");
    let then = if is_own(&chosen.then) { &chosen.then } else { &home };
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(then)).into_response()
}

/// Every component with its samples, for those who make pages.
pub(in crate::web) async fn components(visit: Visit) -> Result<Response, Fault> {
    page(&ComponentsPage { frame: visit.frame(), components: gallery(visit.words)? })
}

/// What we promise and what falls short.
pub(in crate::web) async fn statement(visit: Visit) -> Result<Response, Fault> {
    page(&AccessibilityPage { frame: visit.frame() })
}
