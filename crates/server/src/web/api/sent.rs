//! What a program sends: a body of JSON, the key under which it is done once, and as of which entry
//! it has read what it acts on.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base::{Reason, Text};
use kernel::EntryNumber;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::web::{
    app::App,
    fault::Fault,
    posted::unread,
    session::hex,
    visit::{Token, Visit},
};

/// A body of JSON of a known shape.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        acting(&visit)?;
        let request = Request::from_parts(parts, body);
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Fault::NotJson);
        }
        let bytes = Bytes::from_request(request, &()).await;
        let bytes = bytes.map_err(|rejection| unread(rejection.status()))?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let read = serde_path_to_error::deserialize(&mut json);
        let read = read.map_err(|error| misshapen(&error.path().to_string(), error.inner()))?;
        // Behind what was read nothing may follow.
        json.end().map_err(|error| misshapen(".", &error))?;
        Ok(Self(read))
    }
}

/// Whether it is a program that comes, with a token that lets it act: a browser is never made to
/// send what does something here.
///
/// # Errors
/// [`Fault::NoToken`] where it is not.
pub(crate) fn acting(visit: &Visit) -> Result<(), Fault> {
    if visit.token == Token::Acts { Ok(()) } else { Err(Fault::NoToken) }
}

/// Where a body is not what it should be, and what the parser says of it.
fn misshapen(path: &str, error: &serde_json::Error) -> Fault {
    let place = if path == "." { String::new() } else { format!("`{path}`: ") };
    let says = Text::new(format!("{place}{error}"), format!("{place}{error}"));
    Fault::Misshapen(Reason { word: "misshapen", says })
}

/// The key of a request that does something (draft-ietf-httpapi-idempotency-key-header).
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The most characters of such a key.
const KEY_MAX: usize = 60;

/// How a request that does something is done once, and to what as it was read.
#[derive(Debug)]
pub(crate) struct Once {
    /// The key behind that of whoever sends it: nobody meets somebody else's.
    pub(crate) key: String,
    seen: Option<Vec<u64>>,
}

impl FromRequestParts<App> for Once {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Ok(visit) = Visit::from_request_parts(parts, app).await;
        let person = visit.person().ok_or(Fault::SignInFirst)?;
        let line = parts.headers.get(&KEY).and_then(|line| line.to_str().ok()).unwrap_or_default();
        // It is a string of structured fields; many programs leave its quotes out.
        let bare = line.trim();
        let quoted = bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = quoted.unwrap_or(bare);
        let fits = (1..=KEY_MAX).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        if !fits {
            return Err(Fault::NoKey);
        }
        let key = format!("{}:{key}", person.role.party());
        Ok(Self { key, seen: seen(&parts.headers) })
    }
}

impl Once {
    /// The last entry that the sender has seen, where that matters: `last` if it is among those
    /// named, else one that it no longer is.
    pub(crate) fn seen(&self, last: EntryNumber) -> Option<EntryNumber> {
        let seen = self.seen.as_ref()?;
        let known = seen.contains(&last.0);
        Some(if known { last } else { EntryNumber(seen.first().copied().unwrap_or_default()) })
    }
}

/// The numbers in `If-Match`; none where the header is absent or takes anything. A tag that is no
/// number is that of nothing that ever was.
fn seen(headers: &HeaderMap) -> Option<Vec<u64>> {
    let lines = headers.get_all(header::IF_MATCH).iter();
    let tags: Vec<&str> =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|l| l.split(',')).collect();
    if tags.is_empty() || tags.iter().any(|tag| tag.trim() == "*") {
        return None;
    }
    let number = |tag: &&str| tag.trim().trim_matches('"').parse().unwrap_or(u64::MAX);
    Some(tags.iter().map(number).collect())
}

/// An answer that says by a tag what it is as of; a program that has it already gets nothing anew
/// (RFC 9110, 13.1.2).
pub(crate) fn tagged(headers: &HeaderMap, tag: &str, body: Response) -> Response {
    let tag = format!("\"{tag}\"");
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    let known = tags.any(|own| {
        let own = own.trim();
        own == "*" || own.strip_prefix("W/").unwrap_or(own) == tag
    });
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body };
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The same for what has no number of its own: the tag is a digest of what is said.
///
/// # Errors
/// When the answer cannot be written as JSON.
pub(crate) fn digested(headers: &HeaderMap, wire: &impl Serialize) -> Result<Response, Fault> {
    let text = serde_json::to_vec(wire).map_err(|error| Fault::broken(&error))?;
    let digest = Sha256::digest(&text);
    let tag = hex(digest.first_chunk::<12>().map(<[u8; 12]>::as_slice).unwrap_or_default());
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok(tagged(headers, &tag, (kind, text).into_response()))
}
