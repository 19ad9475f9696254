//! What a form sends: answers, files and the token that proves it is a form of this session. A
//! handler that takes [`Posted`] cannot be reached by a form of somebody else's making.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{StatusCode, header},
};
use kernel::form::Answers;

use super::{app::App, fault::Fault, visit::Visit};

/// The most that a form may send, in bytes.
pub(crate) const BYTES_MAX: usize = 10 * 1024 * 1024;

/// The hidden field with the token.
const TOKEN: &str = "token";
/// The hidden field with the submission's number.
const KEY: &str = "key";

/// A form that belongs to the session.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    /// The submission's number, made when the page was.
    pub(crate) key: String,
    /// Answers by name.
    pub(crate) answers: Answers,
    /// Files by name; a file input left empty sends none.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// What each file is called, by the same name.
    pub(crate) called: BTreeMap<String, String>,
}

/// A form with whether it may be acted on. Where it may not, what was typed is still there, so that
/// it can be shown again.
#[derive(Debug)]
pub(crate) struct Sent {
    /// What was sent, as far as it could be read.
    pub(crate) posted: Posted,
    /// Why nothing may be done with it.
    pub(crate) proof: Result<(), Fault>,
}

impl Posted {
    /// The first answer of that name, without blanks around it; empty where there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        let answers = self.answers.get(name).and_then(|answers| answers.first());
        answers.map(|answer| answer.trim()).unwrap_or_default()
    }

    /// Every answer of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.answers.get(name).cloned().unwrap_or_default()
    }

    fn take(&mut self, name: String, value: String) {
        self.answers.entry(name).or_default().push(value);
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        let Ok(Sent { posted, proof }) = Sent::from_request(request, app).await;
        proof.map(|()| posted)
    }
}

impl FromRequest<App> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &App) -> Result<Self, Infallible> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        let (posted, token, read) = read(Request::from_parts(parts, body)).await;
        let own = visit.session.accepts(&app.secret, &token);
        let proof = read.and(if own { Ok(()) } else { Err(Fault::OldForm) });
        Ok(Self { posted, proof })
    }
}

/// What a form sends, the token it carries, of whatever session it is, and whether all of it could
/// be read.
pub(crate) async fn read(request: Request) -> (Posted, String, Result<(), Fault>) {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let multipart = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let mut posted = Posted::default();
    let read = match multipart {
        true => read_multipart(request, &mut posted).await,
        false => read_plain(request, &mut posted).await,
    };
    let token = posted.answers.remove(TOKEN).unwrap_or_default().concat();
    posted.key = posted.answers.remove(KEY).unwrap_or_default().concat();
    (posted, token, read)
}

async fn read_plain(request: Request, posted: &mut Posted) -> Result<(), Fault> {
    let sent = axum::extract::Form::<Vec<(String, String)>>::from_request(request, &());
    let sent = sent.await.map_err(|rejection| unread(rejection.status()))?;
    sent.0.into_iter().for_each(|(name, value)| posted.take(name, value));
    Ok(())
}

async fn read_multipart(request: Request, posted: &mut Posted) -> Result<(), Fault> {
    let sent = Multipart::from_request(request, &());
    let mut sent = sent.await.map_err(|rejection| unread(rejection.status()))?;
    while let Some(part) = sent.next_field().await.map_err(|error| unread(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let called = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| unread(error.status()))?;
        match called {
            None => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Fault::Unreadable)?;
                posted.take(name, text);
            }
            Some(called) if !bytes.is_empty() => {
                posted.called.insert(name.clone(), called);
                posted.files.insert(name, bytes.to_vec());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Why a body could not be read.
pub(crate) fn unread(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { Fault::Unreadable }
}
