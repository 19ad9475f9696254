//! What a form sends: answers, files and the token that proves it is a form of this session. A
//! handler that takes [`Posted`] cannot be reached by a form of somebody else's making.

use std::collections::BTreeMap;

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
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        let (posted, token) = read(Request::from_parts(parts, body)).await?;
        match visit.session.accepts(&app.secret, &token) {
            true => Ok(posted),
            false => Err(Fault::OldForm),
        }
    }
}

/// What a form sends and the token it carries, of whatever session it is.
pub(crate) async fn read(request: Request) -> Result<(Posted, String), Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let multipart = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let mut posted = match multipart {
        true => read_multipart(request).await?,
        false => read_plain(request).await?,
    };
    let token = posted.answers.remove(TOKEN).unwrap_or_default().concat();
    posted.key = posted.answers.remove(KEY).unwrap_or_default().concat();
    Ok((posted, token))
}

async fn read_plain(request: Request) -> Result<Posted, Fault> {
    let sent = axum::extract::Form::<Vec<(String, String)>>::from_request(request, &());
    let sent = sent.await.map_err(|rejection| unread(rejection.status()))?;
    let mut posted = Posted::default();
    sent.0.into_iter().for_each(|(name, value)| posted.take(name, value));
    Ok(posted)
}

async fn read_multipart(request: Request) -> Result<Posted, Fault> {
    let sent = Multipart::from_request(request, &());
    let mut sent = sent.await.map_err(|rejection| unread(rejection.status()))?;
    let mut posted = Posted::default();
    while let Some(part) = sent.next_field().await.map_err(|error| unread(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|error| unread(error.status()))?;
        if !is_file {
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| Fault::Unreadable)?;
            posted.take(name, text);
        } else if !bytes.is_empty() {
            posted.files.insert(name, bytes.to_vec());
        }
    }
    Ok(posted)
}

/// Why a body could not be read.
pub(crate) fn unread(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { Fault::Unreadable }
}
