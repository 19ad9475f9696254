//! How resources go over the wire: in JSON or in XML, as asked for; a fault as an OperationOutcome
//! in the same format, with its number.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{Instant, Text};
use fhir::{Fields, Resource, ResourceType, Value};

use super::Pairs;
use crate::web::{fault::Fault, pages::problem, visit::Visit};

/// Why a request to the directory is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is no such parameter, or it is not asked in that way.
    Parameter(String),
    /// A parameter has a value that cannot be compared with.
    Value(String),
    /// No format that was asked for is written here.
    Format(String),
    /// There is no such resource, or no such version of it.
    Nothing,
    /// A list does not go on from there.
    Cursor,
}

impl Unfit {
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Parameter(_) | Self::Value(_) | Self::Cursor => StatusCode::BAD_REQUEST,
            Self::Format(_) => StatusCode::NOT_ACCEPTABLE,
            Self::Nothing => StatusCode::NOT_FOUND,
        }
    }

    /// Its number.
    pub(crate) fn number(&self) -> u16 {
        match self {
            Self::Parameter(_) => 1371,
            Self::Value(_) => 1372,
            Self::Format(_) => 1373,
            Self::Nothing => 1374,
            Self::Cursor => 1375,
        }
    }

    /// What of the request it is about; empty where that is the whole.
    pub(crate) fn about(&self) -> &str {
        match self {
            Self::Parameter(name) | Self::Value(name) | Self::Format(name) => name,
            Self::Nothing | Self::Cursor => "",
        }
    }
}

/// A format, and whether it is written in lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wire {
    xml: bool,
    in_lines: bool,
}

/// The media types that are written, with whether they are XML.
const MEDIA: [(&str, bool); 10] = [
    ("application/fhir+json", false),
    ("application/json", false),
    ("text/json", false),
    ("json", false),
    ("application/fhir+xml", true),
    ("application/xml", true),
    ("text/xml", true),
    ("xml", true),
    ("application/json+fhir", false),
    ("application/xml+fhir", true),
];

impl Wire {
    /// What is written where nothing is known of who asks.
    pub(crate) const JSON: Self = Self { xml: false, in_lines: false };

    /// The format asked for: by `_format`, else by `Accept`.
    pub(super) fn of(headers: &HeaderMap, pairs: &Pairs) -> Result<Self, Fault> {
        let said = |name: &str| pairs.iter().rfind(|(own, _)| own == name).map(|(_, own)| own);
        let in_lines = said("_pretty").is_some_and(|text| text == "true");
        let xml = match said("_format").filter(|text| !text.trim().is_empty()) {
            Some(text) => named(text).ok_or_else(|| text.clone()),
            None => accepted(headers),
        };
        let unfit = |text: String| Fault::Directory(Unfit::Format(text));
        Ok(Self { xml: xml.map_err(unfit)?, in_lines })
    }

    /// The same for an answer that is a fault already: one must be written.
    pub(crate) fn of_fault(headers: &HeaderMap, query: Option<&str>) -> Self {
        let said = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let format = said.rev().find(|(name, _)| *name == "_format").map(|(_, text)| text);
        let format = format.map(|text| text.replace("%2B", "+").replace("%2b", "+"));
        let format = format.map(|text| text.replace("%2F", "/").replace("%2f", "/"));
        let xml = match format.as_deref().and_then(named) {
            Some(xml) => xml,
            None => accepted(headers).unwrap_or(false),
        };
        Self { xml, in_lines: false }
    }

    /// A resource as an answer.
    pub(super) fn answer(self, resource: &Resource) -> Result<Response, Fault> {
        debug_assert_eq!(fhir::unfit(resource), Vec::<String>::new());
        let kind = if self.xml { fhir::XML } else { fhir::JSON };
        let body = match self.xml {
            true => fhir::xml(resource, self.in_lines).map_err(|error| Fault::broken(&error))?,
            false => fhir::json_text(resource, self.in_lines).into_bytes(),
        };
        let kind = format!("{kind}; charset=utf-8");
        Ok(([(header::CONTENT_TYPE, kind), (header::VARY, "Accept".to_owned())], body)
            .into_response())
    }
}

/// Whether a media type is XML; none where it is not written here.
fn named(text: &str) -> Option<bool> {
    let bare = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // What a form sends for a plus without escaping it.
    let bare = bare.replace("fhir ", "fhir+");
    MEDIA.iter().find(|(own, _)| *own == bare).map(|(_, xml)| *xml)
}

/// The best of the formats that a client takes (RFC 9110, section 12.5.1): JSON where it takes any.
fn accepted(headers: &HeaderMap) -> Result<bool, String> {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let whole = lines.collect::<Vec<_>>().join(",");
    if whole.trim().is_empty() {
        return Ok(false);
    }
    let mut best: Option<(u32, bool)> = None;
    for part in whole.split(',') {
        let mut words = part.split(';');
        let media = words.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = words.find_map(|word| word.trim().strip_prefix("q=").map(thousandths));
        let weight = weight.unwrap_or(1_000);
        let xml = match media.as_str() {
            // A browser is shown JSON, too.
            "*/*" | "application/*" | "text/*" | "text/html" | "application/xhtml+xml" => false,
            media => match named(media) {
                Some(xml) => xml,
                None => continue,
            },
        };
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, xml));
        }
    }
    best.map(|(_, xml)| xml).ok_or(whole)
}

/// A weight between 0 and 1, in thousandths.
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{part}").parse().unwrap_or(0)
}

/// A fault as an OperationOutcome in the language and the format asked for.
pub(crate) fn outcome(visit: &Visit, wire: Wire, fault: &Fault) -> Response {
    let mut resource = Resource::new(ResourceType::OperationOutcome);
    resource.fields.add("issue", issue(visit, "error", fault));
    let mut answer = match wire.answer(&resource) {
        Ok(answer) => answer,
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    *answer.status_mut() = fault.status();
    answer
}

/// What an outcome says of a fault.
pub(super) fn issue(visit: &Visit, severity: &str, fault: &Fault) -> Value {
    let (title, says) = problem::in_words(visit.words, fault);
    let code = match fault.status() {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_ACCEPTABLE => "not-supported",
        StatusCode::UNAUTHORIZED => "login",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::PAYLOAD_TOO_LARGE => "too-long",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        status if status.is_server_error() => "exception",
        _ => match fault {
            Fault::Directory(Unfit::Parameter(_)) => "not-supported",
            Fault::Directory(Unfit::Value(_)) => "value",
            _ => "invalid",
        },
    };
    let number = fault.number().to_string();
    let system = visit.app.documents.origin().to("/faults");
    let coding = Fields::default().says("system", &system).says("code", &number);
    let coding = coding.says("display", &title).whole();
    let details =
        Fields::default().holding("coding", coding).says("text", &format!("{title}: {says}"));
    let mut issue = Fields::default()
        .says("severity", severity)
        .says("code", code)
        .holding("details", details.whole());
    if let Fault::Directory(unfit) = fault
        && !unfit.about().is_empty()
    {
        issue.add("diagnostics", Value::text(unfit.about()));
    }
    issue.whole()
}

/// A moment as HTTP writes it.
pub(super) fn http_date(at: Instant) -> String {
    let seconds = u64::try_from(at.micros().max(0) / 1_000_000).unwrap_or_default();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Whether whoever asks has that version already (RFC 9110, section 13).
pub(super) fn known(headers: &HeaderMap, tag: &str, at: Instant) -> bool {
    let line = |name| headers.get(name).and_then(|line: &header::HeaderValue| line.to_str().ok());
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if let Some(tags) = line(header::IF_NONE_MATCH) {
        return tags.trim() == "*" || tags.split(',').any(|own| bare(own) == bare(tag));
    }
    let since =
        line(header::IF_MODIFIED_SINCE).and_then(|text| httpdate::parse_http_date(text).ok());
    let seconds = u64::try_from(at.micros().max(0) / 1_000_000).unwrap_or_default();
    let changed: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds);
    since.is_some_and(|since| changed <= since)
}

/// A text in both languages as an element says it in the reader's.
pub(super) fn to_reader(visit: &Visit, text: &Text) -> String {
    text.to(visit.words.0).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_weight_and_by_name() {
        let xml = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            accepted(&headers).ok()
        };
        for (accept, expected) in [
            ("application/fhir+json", Some(false)),
            ("application/fhir+xml", Some(true)),
            ("application/fhir+xml; fhirVersion=4.0", Some(true)),
            ("application/fhir+xml;q=0.9, application/fhir+json;q=0.8", Some(true)),
            ("application/fhir+xml;q=0.2, application/fhir+json;q=0.8", Some(false)),
            ("application/fhir+json;q=0, application/xml", Some(true)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(false)),
            ("image/png", None),
            ("*/*", Some(false)),
        ] {
            assert_eq!(xml(accept), expected, "{accept}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Ok(false));
        for (text, expected) in [
            ("xml", Some(true)),
            ("json", Some(false)),
            ("application/fhir xml", Some(true)),
            ("application/fhir+json", Some(false)),
            ("text/plain", None),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
