//! What a form sends: answers, files and the token that proves it is a form of this session. A
//! handler that takes [`Posted`] cannot be reached by a form of somebody else's making.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{Reason, Text};
use futures_util::{Stream, StreamExt, stream};
use kernel::{form::Answers, refusal::FormFault};

use super::{app::App, fault::Fault, kept, visit::Visit};

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

    /// The file that was being read when the form turned out to be too large.
    fn cut_off_at(&self) -> Option<String> {
        self.called.keys().find(|name| !self.files.contains_key(*name)).cloned()
    }

    fn take(&mut self, name: String, value: String) {
        self.answers.entry(name).or_default().push(value);
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        let Ok(sent) = Sent::from_request(Request::from_parts(parts, body), app).await;
        match sent.proof {
            Ok(()) => Ok(sent.posted),
            Err(Fault::OldForm) => Err(kept::given_back(&visit, sent.posted)),
            Err(fault) => Err(fault.into_response()),
        }
    }
}

/// What came of a form with files.
#[derive(Debug)]
pub(crate) enum Received {
    /// All of it, and it is of this session.
    Whole(Posted),
    /// More than a form may send: what came before the file at which it was cut off.
    Cut {
        /// What was typed.
        posted: Posted,
        /// The file, and why it was not read.
        fault: FormFault,
    },
    /// Nothing that may be acted on; the answer says why.
    Not(Box<Response>),
}

impl Sent {
    /// The form, as far as it may be acted on or shown again.
    pub(crate) fn in_parts(self, visit: &Visit) -> Received {
        let not = |response| Received::Not(Box::new(response));
        match (self.proof, self.posted.cut_off_at()) {
            (Ok(()), _) => Received::Whole(self.posted),
            (Err(Fault::OldForm), _) => not(kept::given_back(visit, self.posted)),
            (Err(Fault::TooLarge), Some(path)) => {
                let fault = FormFault { path, reason: too_large() };
                Received::Cut { posted: self.posted, fault }
            }
            (Err(fault), _) => not(fault.into_response()),
        }
    }
}

/// That more was sent at once than a form may.
pub(crate) fn too_large() -> Reason {
    let says = Text::new(
        "一次不能发送超过 10 MB；请压缩文件，或改为逐项填写，文件可分段上传",
        "sends more than 10 MB at once; make it smaller, or apply one topic a page, where files \
         are sent in pieces",
    );
    Reason { word: "sent-too-large", says }
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
    // What has come is read before more is: what was typed is there when a file behind it turns out
    // to be too large.
    let request = request.map(|body| Body::from_stream(one_by_one(body.into_data_stream())));
    let sent = Multipart::from_request(request, &());
    let mut sent = sent.await.map_err(|rejection| unread(rejection.status()))?;
    while let Some(part) = sent.next_field().await.map_err(|error| unread(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let called = part.file_name().map(str::to_owned);
        if let Some(called) = &called {
            posted.called.insert(name.clone(), called.clone());
        }
        let bytes = part.bytes().await.map_err(|error| unread(error.status()))?;
        match called {
            None => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Fault::Unreadable)?;
                posted.take(name, text);
            }
            Some(_) if !bytes.is_empty() => drop(posted.files.insert(name, bytes.to_vec())),
            Some(_) => drop(posted.called.remove(&name)),
        }
    }
    Ok(())
}

/// The pieces of a body, each after whoever reads had time for the one before.
fn one_by_one(pieces: BodyDataStream) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    stream::unfold((pieces, false), |(mut pieces, later)| async move {
        if later {
            tokio::task::yield_now().await;
        }
        let piece = pieces.next().await?;
        Some((piece, (pieces, true)))
    })
}

/// Why a body could not be read.
pub(crate) fn unread(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { Fault::Unreadable }
}
