//! One request as handlers see it: language, reader, moment. The right to act is a type: a handler
//! that takes [`AsOfficer`] cannot be reached by anybody else, and one that takes [`SignedIn`] only
//! with a [`Permit`] that policies have given.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use base::{Date, Instant, Language};
use kernel::{Actor, BodyId, PartyId};
use pack::model::Pack;

use super::{
    app::{App, Person, Role},
    fault::Fault,
    frame::{Frame, Look, Reader},
    permit::Permit,
    session::Session,
    shown::Shown,
    words::Words,
};

/// A request.
#[derive(Clone)]
pub(crate) struct Visit {
    /// What it may use.
    pub(crate) app: App,
    /// The texts of its language.
    pub(crate) words: Words,
    /// Its address behind the language, with its query.
    pub(crate) path: String,
    /// Its session.
    pub(crate) session: Session,
    /// The look its reader has chosen.
    pub(crate) look: Look,
    /// The moment it counts as.
    pub(crate) now: Instant,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let now = app.clock.now();
        let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
        let (words, path) = split(address, &parts.headers);
        let session = Session::of(&parts.headers, &app.secret, now);
        let look = Look::of(cookie(&parts.headers, LOOK).unwrap_or_default());
        Ok(Self { app: app.clone(), words, path: path.to_owned(), session, look, now })
    }
}

/// The cookie that keeps the look a reader has chosen.
pub(crate) const LOOK: &str = "look";

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';'));
    let mut pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// The language of an address, and the rest of it.
fn split<'a>(address: &'a str, headers: &HeaderMap) -> (Words, &'a str) {
    for words in [Words(Language::Zh), Words(Language::En)] {
        let rest = address.strip_prefix('/').and_then(|rest| rest.strip_prefix(words.code()));
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) {
            return (words, rest);
        }
    }
    (preferred(headers), "/")
}

/// The language that a browser asks for first; Chinese where it asks for neither.
pub(crate) fn preferred(headers: &HeaderMap) -> Words {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|line| line.to_str().ok());
    let wanted = asked.unwrap_or_default().split(',').map(|part| part.trim().to_ascii_lowercase());
    let mut known = wanted.filter_map(|part| match part.get(..2) {
        Some("zh") => Some(Language::Zh),
        Some("en") => Some(Language::En),
        _ => None,
    });
    Words(known.next().unwrap_or(Language::Zh))
}

impl Visit {
    /// The pack in force.
    pub(crate) fn pack(&self) -> &Pack {
        &self.app.packs.live
    }

    /// The day of the request.
    pub(crate) fn today(&self) -> Date {
        self.pack().zone.day_of(self.now)
    }

    /// The pack in force as the reader sees it today.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown { pack: self.pack(), words: self.words, day: self.today() }
    }

    /// The person signed in, if anybody is.
    pub(crate) fn person(&self) -> Option<&Person> {
        self.app.people.named(&self.session.person).filter(|_| self.app.demo)
    }

    /// What surrounds a page of this request.
    pub(crate) fn frame(&self) -> Frame {
        Frame {
            words: self.words,
            site: self.pack().title.to(self.words.0).to_owned(),
            invented: self.app.demo || self.pack().invented,
            demo: self.app.demo,
            path: self.path.clone(),
            look: self.look,
            reader: self.reader(),
            token: self.session.token(&self.app.secret),
        }
    }

    fn reader(&self) -> Reader {
        let Some(person) = self.person() else { return Reader::Nobody };
        let name = person.name.to(self.words.0).to_owned();
        match &person.role {
            Role::Applicant { .. } => Reader::Applicant { name },
            Role::Officer { body, .. } => Reader::Officer {
                name,
                body: self.shown().body(body),
                office: body.office.to_string(),
            },
        }
    }

    /// An address in the language of the request.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.words.code())
    }
}

/// Somebody is signed in.
pub(crate) struct SignedIn {
    /// The request.
    pub(crate) visit: Visit,
    /// For whom the person acts.
    pub(crate) role: Role,
    /// That the person may.
    pub(crate) permit: Permit,
}

impl SignedIn {
    /// Who entries say it was.
    pub(crate) fn actor(&self) -> Actor {
        self.role.actor()
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Ok(visit) = Visit::from_request_parts(parts, app).await;
        let role = visit.person().map(|person| person.role.clone()).ok_or(Fault::SignInFirst)?;
        let permit = Permit::from_request_parts(parts, app).await?;
        Ok(Self { visit, role, permit })
    }
}

/// Somebody acts on their own behalf.
pub(crate) struct AsApplicant {
    /// The request.
    pub(crate) visit: Visit,
    /// The person's reference.
    pub(crate) party: PartyId,
    /// That the person may.
    permit: Permit,
}

impl From<AsApplicant> for SignedIn {
    fn from(who: AsApplicant) -> Self {
        let role = Role::Applicant { party: who.party };
        Self { visit: who.visit, role, permit: who.permit }
    }
}

impl FromRequestParts<App> for AsApplicant {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let SignedIn { visit, role, permit } = SignedIn::from_request_parts(parts, app).await?;
        match role {
            Role::Applicant { party } => Ok(Self { visit, party, permit }),
            Role::Officer { .. } => Err(Fault::OtherRole),
        }
    }
}

/// Somebody acts for a body.
pub(crate) struct AsOfficer {
    /// The request.
    pub(crate) visit: Visit,
    /// The person's reference.
    pub(crate) party: PartyId,
    /// The body.
    pub(crate) body: BodyId,
    /// That the person may.
    permit: Permit,
}

impl From<AsOfficer> for SignedIn {
    fn from(who: AsOfficer) -> Self {
        let role = Role::Officer { party: who.party, body: who.body };
        Self { visit: who.visit, role, permit: who.permit }
    }
}

impl FromRequestParts<App> for AsOfficer {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let SignedIn { visit, role, permit } = SignedIn::from_request_parts(parts, app).await?;
        match role {
            Role::Officer { party, body } => Ok(Self { visit, party, body, permit }),
            Role::Applicant { .. } => Err(Fault::OtherRole),
        }
    }
}

/// A page as an answer.
pub(crate) fn page<T: askama::Template>(page: &T) -> Result<Response, Fault> {
    let html = page.render().map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}
