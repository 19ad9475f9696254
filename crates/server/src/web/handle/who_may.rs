//! Who may see and do what here, as the policies in force say it.

use axum::response::Response;

use crate::web::{
    fault::Fault,
    pages::who_may::WhoMayPage,
    visit::{Visit, page},
};

/// The policies by whom they speak of.
pub(in crate::web) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&WhoMayPage::of(visit.frame(), visit.shown(), &visit.app.packs.access))
}
