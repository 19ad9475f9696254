//! The texts of a draw as files: the lists it was made from, the draw, and the program by which
//! anybody draws again. They have no language, for their digests count every letter.

use access::Action;
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{Case, CaseId, EntryNumber};

use crate::web::{app::Role, fault::Fault, permit::in_case, visit::Visit};

/// The address of a file.
pub(in crate::web) const FILE: &str = "/draws/{case}/{file}";

/// The frozen lists.
pub(in crate::web) const LISTS: &str = "lists.txt";
/// The draw.
pub(in crate::web) const DRAW: &str = "draw.txt";
/// The program that draws again.
pub(in crate::web) const PROGRAM: &str = "draw_again.py";

/// Where a file of a draw is.
pub(in crate::web) fn address(case: CaseId, file: &str) -> String {
    format!("/draws/{case}/{file}")
}

/// A file of a draw. Once it is drawn everybody reads it; before, the lists are for officers who
/// may see the case.
pub(in crate::web) async fn file(
    visit: Visit,
    Path((case, file)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id = CaseId(EntryNumber(case.parse().map_err(|_| Fault::NoSuchPage)?));
    let case = visit.app.store.case(id).await?.ok_or(Fault::NoSuchPage)?;
    let text = match (file.as_str(), &case.frozen, &case.drawn) {
        (LISTS, Some(frozen), Some(_)) => frozen.text.clone(),
        (LISTS, Some(frozen), None) => {
            seen_by_officer(&visit, &case).await?;
            frozen.text.clone()
        }
        (DRAW, _, Some(drawn)) => drawn.text.clone(),
        (PROGRAM, _, Some(_)) => draw::PROGRAM.to_owned(),
        _ => return Err(Fault::NoSuchPage),
    };
    let named = format!("attachment; filename=\"{file}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, named),
    ];
    Ok((headers, text).into_response())
}

/// Refuses whoever is no officer who may see the case.
async fn seen_by_officer(visit: &Visit, case: &Case) -> Result<(), Fault> {
    match visit.person().map(|person| &person.role) {
        Some(role @ Role::Officer { .. }) => {
            in_case(visit, role, Action::SeeCase, case).await.map(|_| ())
        }
        _ => Err(Fault::NoSuchPage),
    }
}
