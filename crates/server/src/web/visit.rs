//! One request as handlers see it: language, reader, moment. The right to act is a type: a handler
//! that takes [`AsOfficer`] cannot be reached by anybody else, and one that takes [`SignedIn`] only
//! with a [`Permit`] that policies have given.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use base::{Date, Instant, Language, Text};
use identity::AccountId;
use kernel::{Actor, BodyId, PartyId};
use pack::model::Pack;
use sha2::{Digest as _, Sha256};
use store::accounts::{ByToken, Here, TokenDigest};

use super::{
    app::{App, Person, Role},
    fault::Fault,
    frame::{Frame, Look, Reader},
    permit::Permit,
    session::{Session, derived, hex},
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
    /// Who is signed in.
    pub(crate) present: Present,
    /// The token that a program came with.
    pub(crate) token: Token,
    /// From where it comes: what failures to sign in are counted for.
    pub(crate) address: String,
    /// What the browser calls itself.
    pub(crate) browser: String,
    /// The look its reader has chosen.
    pub(crate) look: Look,
    /// The moment it counts as.
    pub(crate) now: Instant,
    /// How many messages the reader has not read.
    pub(crate) unread: u32,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        // Who is signed in is looked up once for a request.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let app = &app.now();
        let now = app.clock.now();
        let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
        let (words, path) = split(address, &parts.headers);
        let path = path.to_owned();
        let bearer = bearer(&parts.headers).filter(|_| for_programs(parts.uri.path()));
        let (session, present, token) = match bearer {
            // Who comes with a token comes with nothing else.
            Some(said) => {
                let (present, token) = by_token(app, said, now).await;
                let session = match &present {
                    Present::Holder { account, .. } => Session::of_programs(*account),
                    _ => Session::absent(),
                };
                (session, present, token)
            }
            None => {
                let session = Session::of(&parts.headers, &app.secret, now);
                let (session, present) = present(app, session, now).await;
                (session, present, Token::None)
            }
        };
        let address = app.door.address(parts);
        let browser = parts.headers.get(header::USER_AGENT).and_then(|line| line.to_str().ok());
        let browser = browser.unwrap_or_default().to_owned();
        let look = Look::of(cookie(&parts.headers, LOOK).unwrap_or_default());
        let app = app.clone();
        let unread = 0;
        let mut visit =
            Self { app, words, path, session, present, token, address, browser, look, now, unread };
        // The pages of the portal show the count; nobody is kept from one by not knowing it.
        if let Some(Role::Applicant { party }) = visit.person().map(|person| &person.role) {
            visit.unread = visit.app.store.unread(*party, now).await.unwrap_or_default();
        }
        Ok(visit)
    }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Present {
    /// Nobody.
    Nobody,
    /// An invented person of a demonstration.
    Invented(Person),
    /// The holder of an account.
    Holder {
        /// The account.
        account: AccountId,
        /// The holder.
        person: Person,
    },
    /// Nobody any more: the session has ended in which somebody was.
    Gone {
        /// What sessions called them.
        id: String,
    },
}

/// What a program came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// No token.
    None,
    /// One that is not good.
    Bad,
    /// One that asks too often; whole seconds to wait.
    TooFast(u32),
    /// One that lets it read.
    Reads,
    /// One that lets it do what its holder may.
    Acts,
}

/// What stands in the header by which programs say who they are (RFC 6750).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, said) = line.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| said.trim())
}

/// Who stands behind a token. Only one that is good is counted: what is invented leaves nothing in
/// memory, however much of it comes. It costs a digest and one read by key, as an invented session
/// does, which is less than any page that everybody may ask for.
async fn by_token(app: &App, said: &str, now: Instant) -> (Present, Token) {
    let digest = TokenDigest(Sha256::digest(said.as_bytes()).into());
    let day = app.packs.live.zone.day_of(now);
    let found = match app.store.accounts().by_token(digest, day, now).await {
        Ok(Some(found)) => found,
        Ok(None) => return (Present::Nobody, Token::Bad),
        Err(error) => {
            Fault::broken(&error);
            return (Present::Nobody, Token::Bad);
        }
    };
    if let Some(seconds) = app.rates.wait(digest) {
        return (Present::Nobody, Token::TooFast(seconds));
    }
    let ByToken { account, party, name, acting, reads_only } = found;
    let role = match acting {
        None => Role::Applicant { party },
        // A token acts for a body as long as its holder does.
        Some(body) => match held(app, account, Some(body), day).await {
            Some(body) => Role::Officer { party, body },
            None => return (Present::Nobody, Token::Bad),
        },
    };
    let name = Text::new(name.as_str(), name.as_str());
    let person = Person { id: account.to_string(), name, role };
    let token = if reads_only { Token::Reads } else { Token::Acts };
    (Present::Holder { account, person }, token)
}

/// Who is signed in with a session; the session of somebody who no longer is counts for nothing.
async fn present(app: &App, session: Session, now: Instant) -> (Session, Present) {
    if !session.somebody() {
        return (session, Present::Nobody);
    }
    let today = app.packs.live.zone.day_of(now);
    let here = match app.store.accounts().here(session.digest(), (now, today)).await {
        Ok(here) => here,
        Err(error) => {
            Fault::broken(&error);
            return (Session::absent(), Present::Nobody);
        }
    };
    match here {
        Some(Here::Holder { account, party, name, acting, .. }) => {
            let role = match acting {
                Some(body) => Role::Officer { party, body },
                None => Role::Applicant { party },
            };
            let name = Text::new(name.as_str(), name.as_str());
            let person = Person { id: account.to_string(), name, role };
            (session, Present::Holder { account, person })
        }
        Some(Here::Invented { person }) => match app.people.named(&person) {
            Some(person) if app.demo => (session, Present::Invented(person.clone())),
            _ => (Session::absent(), Present::Nobody),
        },
        Some(Here::Ended { account, person }) => {
            let id = account.map_or(person, |account| account.to_string());
            (Session::absent(), Present::Gone { id })
        }
        None => (Session::absent(), Present::Nobody),
    }
}

/// The body for which somebody acts, if they hold that office on the day.
pub(crate) async fn held(
    app: &App,
    account: AccountId,
    acting: Option<BodyId>,
    day: Date,
) -> Option<BodyId> {
    let body = acting?;
    let offices = app.store.accounts().offices(account).await.unwrap_or_default();
    offices.iter().any(|office| office.body == body && office.held_on(day)).then_some(body)
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

/// Whether an address is one of those that programs use.
pub(crate) fn for_programs(address: &str) -> bool {
    let own = ["/api/", "/uploads"].into_iter().any(|prefix| address.starts_with(prefix));
    own || super::fhir::here(address)
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
    /// A visit in which nobody asks for anything: something is looked at for somebody who is away,
    /// as they would see it.
    pub(crate) fn of_nobody_there(app: App, present: Present, now: Instant) -> Self {
        Self {
            app,
            words: Words(Language::Zh),
            path: "/".to_owned(),
            session: Session::absent(),
            present,
            token: Token::Reads,
            address: String::new(),
            browser: String::new(),
            look: Look::of(""),
            now,
            unread: 0,
        }
    }

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
        match &self.present {
            Present::Invented(person) | Present::Holder { person, .. } => Some(person),
            Present::Nobody | Present::Gone { .. } => None,
        }
    }

    /// The account signed in, if one is.
    pub(crate) fn account(&self) -> Option<AccountId> {
        match &self.present {
            Present::Holder { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// Who reads personal details, through which door, and what permits it.
    pub(crate) fn reader_of_details(&self, role: &Role, permit: &Permit) -> store::Reader {
        let session = self.session.somebody().then(|| self.session.digest());
        let policy = permit.policies().to_owned();
        store::Reader { actor: role.actor(), account: self.account(), session, policy }
    }

    /// What surrounds a page of this request.
    pub(crate) fn frame(&self) -> Frame {
        Frame {
            words: self.words,
            site: self.pack().title.to(self.words.0).to_owned(),
            invented: self.app.demo || self.pack().invented,
            demo: self.app.demo,
            has_account: self.account().is_some(),
            path: self.path.clone(),
            look: self.look,
            reader: self.reader(),
            token: self.session.token(&self.app.secret),
            unread: self.unread,
            sheets_of: self.sheets_of(),
        }
    }

    /// The same word for whoever acts for a body, in every session, which says nothing of them.
    fn sheets_of(&self) -> String {
        match self.person().map(|person| &person.role) {
            Some(Role::Officer { party, body }) => {
                let (party, body) = (party.to_string(), body.to_string());
                hex(&derived(&self.app.secret, &["sheets", &party, &body]))
            }
            _ => String::new(),
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
    /// For whom the person acts, as the permit says.
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
        visit.person().ok_or(Fault::SignInFirst)?;
        let permit = Permit::from_request_parts(parts, app).await?;
        let role = permit.role().cloned().ok_or(Fault::Broken)?;
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
    pub(crate) permit: Permit,
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

/// The holder of an account is signed in.
pub(crate) struct AsHolder {
    /// The request.
    pub(crate) visit: Visit,
    /// The account.
    pub(crate) account: AccountId,
}

impl FromRequestParts<App> for AsHolder {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let SignedIn { visit, .. } = SignedIn::from_request_parts(parts, app).await?;
        // An invented person has nothing to prove.
        let account = visit.account().ok_or(Fault::NoSuchPage)?;
        Ok(Self { visit, account })
    }
}

/// A page as an answer.
pub(crate) fn page<T: askama::Template>(page: &T) -> Result<Response, Fault> {
    let html = page.render().map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}
