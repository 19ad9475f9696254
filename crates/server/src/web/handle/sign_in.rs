//! Signing in as an invented person, and out again. Only a demonstration has these pages.

use axum::{
    extract::Query as Asked,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

use super::Query;
use crate::web::{
    app::{Person, Role},
    fault::Fault,
    pages::sign_in::{Group, Named, SignInPage},
    posted::Posted,
    session::Session,
    visit::{Visit, page},
};

/// The persons one may sign in as.
pub(in crate::web) async fn ask(
    mut visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let fresh = !visit.session.present();
    if fresh {
        // The form needs a session that its token can belong to.
        visit.session = Session::begin("", visit.now);
    }
    let shown = page(&SignInPage {
        frame: visit.frame(),
        applicants: applicants(&visit),
        places: places(&visit),
        then: query.then.clone(),
    })?;
    let cookie = visit.session.cookie(&visit.app.secret);
    let headers = fresh.then_some(AppendHeaders([(header::SET_COOKIE, cookie)]));
    Ok((headers, shown).into_response())
}

fn applicants(visit: &Visit) -> Vec<Named> {
    let people = visit.app.people.0.iter();
    let applicants = people.filter(|person| matches!(person.role, Role::Applicant { .. }));
    applicants.map(|person| named(visit, person, String::new())).collect()
}

/// Officers by the place for which their body acts, in the order they are listed.
fn places(visit: &Visit) -> Vec<Group> {
    let shown = visit.shown();
    let mut groups: Vec<Group> = Vec::new();
    for person in &visit.app.people.0 {
        let Role::Officer { body, .. } = &person.role else { continue };
        let title = shown.place(&body.division);
        let named = named(visit, person, shown.office(&body.office));
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.people.push(named),
            None => groups.push(Group { title, people: vec![named] }),
        }
    }
    groups
}

fn named(visit: &Visit, person: &Person, office: String) -> Named {
    Named { id: person.id.clone(), name: person.name.to(visit.words.0).to_owned(), office }
}

/// Begins a session of the person chosen.
pub(in crate::web) async fn enter(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let person = visit.app.people.named(posted.one("person")).ok_or(Fault::Unreadable)?;
    let session = Session::begin(&person.id, visit.now);
    let first = match person.role {
        Role::Applicant { .. } => visit.to("/cases"),
        Role::Officer { .. } => visit.to("/inbox"),
    };
    let then = Some(posted.one("then")).filter(|then| is_own(then)).unwrap_or(&first);
    let cookie = session.cookie(&visit.app.secret);
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(then)).into_response())
}

/// Whether an address is a page of this site, so that nobody can be led elsewhere.
pub(super) fn is_own(address: &str) -> bool {
    let pages = address.starts_with("/zh/") || address.starts_with("/en/");
    pages && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Ends the session.
pub(in crate::web) async fn leave(visit: Visit, _: Posted) -> Result<Response, Fault> {
    let home = Redirect::to(&visit.to("/"));
    Ok((AppendHeaders([(header::SET_COOKIE, Session::end())]), home).into_response())
}
