//! Codes that a telephone reads: each holds the address of a page that says what stands today.

use axum::{
    extract::{Path, Query as Asked},
    http::header,
    response::{IntoResponse, Response},
};
use base::Name;
use kernel::EntryNumber;
use serde::Deserialize;

use super::{certificate::Issued, escaped, register::register_named};
use crate::web::{
    fault::Fault,
    pages::register::Code,
    permit::{published_on, unpublished},
    visit::Visit,
};

/// Which certificate a code is of, if it is of one.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Of {
    /// Its name in the pack.
    #[serde(default)]
    kind: String,
    /// The decision that made what it shows.
    #[serde(default)]
    decision: String,
}

/// The page of an entry, which says what stands today.
fn entry_path(visit: &Visit, register: &Name, key: &str) -> String {
    visit.to(&format!("/registers/{register}/{}", escaped(key)))
}

/// The page that holds a certificate against the register.
fn check_path(
    visit: &Visit,
    (register, key): (&Name, &str),
    (kind, decision): (&str, &str),
) -> String {
    let (key, kind, decision) = (escaped(key), escaped(kind), escaped(decision));
    visit.to(&format!("/verify/{register}/{key}?kind={kind}&decision={decision}"))
}

/// The whole address at which a certificate is held against the register.
pub(super) fn address(visit: &Visit, issued: &Issued<'_>) -> String {
    visit.app.documents.origin().to(&of_certificate(visit, issued).href)
}

/// The code of a certificate.
pub(super) fn of_certificate(visit: &Visit, issued: &Issued<'_>) -> Code {
    let (register, key) = (&issued.register.name, issued.key.as_str());
    let (kind, decision) = (issued.issue.kind.as_str(), issued.version.decided_by.0.to_string());
    let path = check_path(visit, (register, key), (kind, &decision));
    let query = format!("?kind={}&decision={decision}", escaped(kind));
    code(visit, (register, key), path, &query)
}

/// The code of an entry.
pub(super) fn of_entry(visit: &Visit, register: &Name, key: &str) -> Code {
    code(visit, (register, key), entry_path(visit, register, key), "")
}

fn code(visit: &Visit, (register, key): (&Name, &str), href: String, query: &str) -> Code {
    Code {
        src: visit.to(&format!("/qr/{register}/{}.svg{query}", escaped(key))),
        text: visit.app.documents.origin().shown(&href),
        href,
    }
}

/// The picture of the code of an entry, or of a certificate of it.
pub(in crate::web) async fn picture(
    visit: Visit,
    Path((register, file)): Path<(String, String)>,
    Asked(of): Asked<Of>,
) -> Result<Response, Fault> {
    let own = register_named(&visit, &register)?;
    let (register, key) = (&own.name, file.strip_suffix(".svg").ok_or(Fault::NoSuchPage)?);
    if published_on(&visit, own).is_some() && unpublished(&visit, own, key).await? {
        return Err(Fault::NoSuchPage);
    }
    if visit.app.store.versions(register, key).await?.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    let path = match (of.kind.as_str(), of.decision.parse().map(EntryNumber)) {
        ("", _) => entry_path(&visit, register, key),
        (kind, Ok(_)) if Name::new(kind).is_ok() => {
            check_path(&visit, (register, key), (kind, &of.decision))
        }
        _ => return Err(Fault::NoSuchPage),
    };
    let svg = print::qr::svg(&visit.app.documents.origin().to(&path)).map_err(Fault::unprinted)?;
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, svg).into_response())
}
