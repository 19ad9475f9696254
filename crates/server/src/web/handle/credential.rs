//! A certificate as a verifiable credential, who signs it, and the lists of what was taken back.

use axum::{
    extract::{Path, Query as Asked},
    http::header,
    response::{IntoResponse, Response},
};
use base::{Instant, Name, Text};
use exchange::credential::{
    Credential, Fact, Issuer, LIST_LENGTH, List, Status, issue, list, list_of, place_of,
};
use kernel::EntryNumber;
use pack::model::Register;
use serde_json::Value;

use super::{
    Query,
    certificate::{Issued, changed, in_force},
    escaped,
    register::register_named,
};
use crate::{
    json::in_order,
    web::{documents::Kept, fault::Fault, pages::register::Force, visit::Visit},
};

/// The media type of a credential whose proof stands in it (Data Model 2.0, 6.3).
const MEDIA: &str = "application/vc";

/// How many lists are kept at the most; each is some hundred bytes.
const KEPT: usize = 256;

fn issuer(visit: &Visit) -> Issuer {
    visit.app.documents.issuer(visit.app.store.seal_keys())
}

/// The certificate of this moment as a credential; none of an entry that is not in force.
pub(in crate::web) async fn show(
    visit: Visit,
    Path(place): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let issued = in_force(&visit, place, &query).await?;
    let credential = credential(&visit, &issued).await?;
    let text = format!("{:#}\n", in_order(issue(&credential, &issuer(&visit))));
    Ok(issued.file(MEDIA, "json", text.into_bytes()))
}

async fn credential<'v>(visit: &'v Visit, issued: &Issued<'v>) -> Result<Credential, Fault> {
    let metadata = issued.metadata(visit).await?;
    let zone = &visit.pack().zone;
    let rows = issued.both_rows(visit).await?;
    let said = |field: &Name| issued.version.fields.contains_key(field);
    let names = issued.fields().map(|field| &field.name).filter(|name| said(name));
    let fact =
        |(name, (title, value)): (&Name, (Text, Text))| Fact { name: name.clone(), title, value };
    let path = format!("/zh/registers/{}/{}", issued.register.name, escaped(&issued.key));
    Ok(Credential {
        facts: names.zip(rows).map(fact).collect(),
        register: issued.register.title.clone(),
        entry: visit.app.documents.origin().to(&path),
        valid_from: issued.version.valid_from,
        valid_until: metadata.valid_until.map(|day| zone.end_of(day)),
        status: status(visit, issued),
        invented: visit.app.demo || visit.pack().invented,
        made_at: issued.made_at,
        metadata,
    })
}

fn status(visit: &Visit, issued: &Issued<'_>) -> Status {
    let (register, decision) = (&issued.register.name, issued.version.decided_by.0);
    let nth = place_in(&issued.changed, register, &issued.key);
    Status {
        list: list_address(visit, register, list_of(decision)),
        index: place_of(decision, nth),
    }
}

fn list_address(visit: &Visit, register: &Name, number: u64) -> String {
    visit.app.documents.origin().to(&format!("/credentials/status/{register}/{number}"))
}

/// Which of the register's entries that a decision changed an entry is.
fn place_in(changed: &[(Name, String)], register: &Name, key: &str) -> u64 {
    let own = changed.iter().filter(|(other, _)| other == register);
    own.take_while(|(_, other)| other != key).fold(0, |count, _| count + 1)
}

/// The document of who signs, where the city has a name on the web.
pub(in crate::web) async fn document(visit: Visit) -> Result<Response, Fault> {
    let issuer = issuer(&visit);
    if !issuer.did().starts_with("did:web:") {
        return Err(Fault::NoSuchPage);
    }
    Ok(for_everybody("application/did+json", &issuer.document()))
}

/// What others verify with, they may read from any page.
fn for_everybody(media: &'static str, value: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "public, max-age=60"),
    ];
    (headers, format!("{:#}\n", in_order(value.clone()))).into_response()
}

/// A list of what was taken back, as of this minute.
pub(in crate::web) async fn taken_back(
    visit: Visit,
    Path((register, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let register = register_named(&visit, &register)?;
    let number: u64 = number.parse().map_err(|_| Fault::NoSuchPage)?;
    let head = visit.app.store.head().await?.0;
    if register.certificates.is_empty() || number > list_of(head) {
        return Err(Fault::NoSuchPage);
    }
    Ok(for_everybody(MEDIA, &kept(&visit, register, number, head).await?))
}

/// A list is made once for each minute and ledger number, and one at a time: it takes a look at
/// each entry in it.
async fn kept(visit: &Visit, register: &Register, number: u64, head: u64) -> Result<Value, Fault> {
    let minute = visit.now.micros().div_euclid(60_000_000);
    let place = (register.name.clone(), number);
    let mut lists = visit.app.documents.lists.lock().await;
    if let Some(kept) = lists.get(&place).filter(|own| (own.head, own.minute) == (head, minute)) {
        return Ok(kept.list.clone());
    }
    let made = List {
        address: list_address(visit, &register.name, number),
        as_of: Instant::from_micros(minute * 60_000_000),
        taken_back: overtaken(visit, register, number).await?,
    };
    let list = list(&made, &issuer(visit));
    if lists.len() >= KEPT {
        lists.clear();
    }
    lists.insert(place, Kept { head, minute, list: list.clone() });
    Ok(list)
}

/// The places of entries that no longer say what the decision made them say, or are out of force.
async fn overtaken(visit: &Visit, register: &Register, number: u64) -> Result<Vec<u64>, Fault> {
    let first = number.saturating_mul(LIST_LENGTH);
    let (after, count) = match first.checked_sub(1) {
        Some(before) => (before, LIST_LENGTH),
        // No entry has the number nought.
        None => (0, LIST_LENGTH - 1),
    };
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let head = visit.app.store.head().await?;
    let mut places = Vec::new();
    for entry in visit.app.store.ledger(EntryNumber(after), count).await? {
        let changed = changed(&entry);
        let own = changed.iter().filter(|(name, _)| *name == register.name);
        for (nth, (_, key)) in (0..).zip(own) {
            if !stands(visit, (register, key), entry.number, head).await? {
                places.push(place_of(entry.number.0, nth));
            }
        }
    }
    Ok(places)
}

/// Whether what an entry says now was made by that decision and is in force.
async fn stands(
    visit: &Visit,
    (register, key): (&Register, &str),
    made_by: EntryNumber,
    head: EntryNumber,
) -> Result<bool, Fault> {
    let versions = visit.app.store.versions(&register.name, key).await?;
    let version = kernel::register::as_of(&versions, visit.now, head);
    let own = version.filter(|version| version.decided_by == made_by);
    Ok(own.is_some_and(|version| !Force::of(register, &version.fields, visit.today()).out()))
}
