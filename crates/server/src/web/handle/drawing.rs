//! The texts of a draw as files: the lists it was made from, the draw, and the program by which
//! anybody draws again. They have no language, for their digests count every letter.

use access::Action;
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use draw::Lists;
use kernel::{Case, CaseId, EntryNumber, register::Version};
use pack::model::Register;

use super::register::Made;
use crate::web::{app::Role, fault::Fault, frame::Link, permit::in_case, visit::Visit};

/// The address of a file.
pub(in crate::web) const FILE: &str = "/draws/{case}/{file}";

/// The digest of the frozen lists, as `sha256sum -c` reads it.
pub(in crate::web) const DIGEST: &str = "digest.txt";
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

/// A file of a draw. Once it is drawn everybody reads all of them. Before, the lists are for
/// officers who may see the case, and everybody reads their digest: it is public before any seed is
/// told.
pub(in crate::web) async fn file(
    visit: Visit,
    Path((case, file)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id = CaseId(EntryNumber(case.parse().map_err(|_| Fault::NoSuchPage)?));
    let case = visit.app.store.case(id).await?.ok_or(Fault::NoSuchPage)?;
    let text = match (file.as_str(), &case.frozen, &case.drawn) {
        (DIGEST, Some(frozen), _) => format!("{}  {LISTS}\n", digest(&frozen.text)),
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

/// The digest of frozen lists, for everybody to hold later against them.
pub(in crate::web) fn digest(lists: &str) -> String {
    Lists::read(lists).map(|lists| lists.digest()).unwrap_or_default()
}

/// What everybody may read of the draw that an entry comes from, where it comes from one.
pub(in crate::web) async fn links_for(
    visit: &Visit,
    register: &Register,
    versions: &[Version],
) -> Result<Vec<Link>, Fault> {
    let mut draws =
        visit.pack().procedures.values().filter_map(|own| Some((own, own.draw.as_ref()?)));
    let drawn = draws
        .any(|(own, draw)| own.register == register.name || draw.orders.register == register.name);
    let first = versions.iter().min_by_key(|version| version.decided_by);
    let Some(first) = first.filter(|_| drawn) else { return Ok(Vec::new()) };
    let made = Made::load(visit, first.decided_by).await?;
    let Some(case) = made.case.filter(|case| case.frozen.is_some()) else { return Ok(Vec::new()) };
    let words = visit.words;
    let open = [(DIGEST, "draw-digest-file")];
    let after = [(LISTS, "draw-lists"), (DRAW, "draw-itself"), (PROGRAM, "draw-program")];
    let after = after.into_iter().filter(|_| case.drawn.is_some());
    let files = open.into_iter().chain(after);
    Ok(files
        .map(|(file, text)| Link { href: address(case.id, file), text: words.t(text) })
        .collect())
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
