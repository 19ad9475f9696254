//! Signing in as an invented person, which only a demonstration offers, and signing out.

use axum::{
    extract::Query as Asked,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

use identity::Evidence;

use super::{
    Query,
    account::door::{self, Entering, welcome},
    escaped,
};
use crate::web::{
    app::{Person, Role},
    fault::Fault,
    pages::sign_in::{Group, Named, SignInPage},
    posted::Posted,
    session::Session,
    visit::{Visit, page},
};

/// The persons one may sign in as; without a demonstration, the sign-in of an account.
pub(in crate::web) async fn ask(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    if !visit.app.demo {
        return door::ask(visit, Asked(query)).await;
    }
    let (visit, cookie) = with_session(visit);
    let shown = page(&SignInPage {
        frame: visit.frame(),
        applicants: applicants(&visit),
        places: places(&visit),
        account: visit.to(&format!("/sign-in/account?then={}", escaped(&query.then))),
        then: query.then,
    })?;
    Ok((cookie, shown).into_response())
}

/// The line that begins a session, where one begins.
pub(in crate::web) type Begun = Option<AppendHeaders<[(header::HeaderName, String); 1]>>;

/// A request with a session that the tokens of its forms can belong to.
pub(in crate::web) fn with_session(mut visit: Visit) -> (Visit, Begun) {
    if visit.session.present() {
        return (visit, None);
    }
    visit.session = Session::begin(visit.now);
    let cookie = visit.session.cookie(&visit.app.secret, visit.app.door.secure());
    (visit, Some(AppendHeaders([(header::SET_COOKIE, cookie)])))
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
    let entering = Entering {
        account: None,
        person: person.id.clone(),
        role: person.role.clone(),
        evidence: Evidence::Demonstration,
        then: posted.one("then").to_owned(),
    };
    welcome(&visit, entering).await
}

/// Ends the session.
pub(in crate::web) async fn leave(visit: Visit, _: Posted) -> Result<Response, Fault> {
    let app = &visit.app;
    if visit.session.somebody() {
        app.store.accounts().end(visit.session.digest(), visit.account(), visit.now).await?;
    }
    let home = Redirect::to(&visit.to("/"));
    let end = Session::end(app.door.secure());
    Ok((AppendHeaders([(header::SET_COOKIE, end)]), home).into_response())
}
