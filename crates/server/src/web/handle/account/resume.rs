//! Gives back the form that came after its session had ended.

use axum::response::Response;
use store::accounts::Ceremony;

use crate::web::{
    fault::Fault,
    kept::KeptForm,
    pages::account::resume::ResumePage,
    visit::{SignedIn, page},
};

/// The form as it was sent; it stays kept for a while, for the page may be opened again.
pub(in crate::web) async fn show(who: SignedIn) -> Result<Response, Fault> {
    let visit = &who.visit;
    let accounts = visit.app.store.accounts();
    let kept = accounts.kept_for(visit.session.digest(), Ceremony::Form, visit.now).await?;
    let form = kept.as_deref().and_then(KeptForm::read).ok_or(Fault::NoSuchPage)?;
    page(&ResumePage {
        action: form.address,
        key: form.key,
        answers: form.answers,
        had_files: form.had_files,
        frame: visit.frame(),
    })
}
