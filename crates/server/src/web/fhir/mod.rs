//! The directory of care services for programs: FHIR R4 as IHE mCSD profiles it (ITI-90, ITI-91).
//! It is a view of public registers that packs declare (`fhir:` of a register, ADR 28): nothing is
//! kept for it, and whoever may not look into a register does not find it here.

mod capability;
mod cursor;
mod directory;
mod history;
mod project;
mod search;
mod wire;

use access::Action;
use axum::{
    Form,
    extract::{Path, Query as Asked},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use fhir::ResourceType;
use kernel::register::Stood;

use self::{
    directory::{Directory, Entry},
    project::version_of,
    wire::Wire,
};
use super::{fault::Fault, visit::Visit};
pub(crate) use wire::{Unfit, Wire as Format, outcome};

/// What a request says after its address, in order; a name may come several times.
pub(super) type Pairs = Vec<(String, String)>;

/// Where the directory is.
pub(crate) const BASE: &str = "/fhir";

/// Whether an address is one of the directory.
pub(crate) fn here(address: &str) -> bool {
    address.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The answer, or the fault, in the format that was asked for.
async fn answered<F>(visit: &Visit, headers: &HeaderMap, pairs: &Pairs, answer: F) -> Response
where
    F: AsyncFnOnce(&Visit, &Wire) -> Result<Response, Fault>,
{
    let wire = match Wire::of(headers, pairs) {
        Ok(wire) => wire,
        Err(fault) => return fault.into_response(),
    };
    let mut response = answer(visit, &wire).await.unwrap_or_else(IntoResponse::into_response);
    response.extensions_mut().insert(wire);
    response
}

/// The resource of that name.
fn resource_type(word: &str) -> Result<ResourceType, Fault> {
    ResourceType::named(word).ok_or(Fault::Directory(Unfit::Nothing))
}

/// What the directory can do.
pub(in crate::web) async fn metadata(
    visit: Visit,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        wire.answer(&capability::statement(visit))
    })
    .await
}

/// Resources found.
pub(in crate::web) async fn search(
    visit: Visit,
    Path(word): Path<String>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        let sought = (resource_type(&word)?, &pairs, search::strict(&headers));
        search::search(visit, wire, sought).await
    })
    .await
}

/// The same where what is sought is sent as a form.
pub(in crate::web) async fn search_sent(
    visit: Visit,
    Path(word): Path<String>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
    Form(sent): Form<Pairs>,
) -> Response {
    let pairs: Pairs = pairs.into_iter().chain(sent).collect();
    answered(&visit, &headers, &pairs, async |visit, wire| {
        let sought = (resource_type(&word)?, &pairs, search::strict(&headers));
        search::search(visit, wire, sought).await
    })
    .await
}

/// A resource as it stands.
pub(in crate::web) async fn read(
    visit: Visit,
    Path((word, id)): Path<(String, String)>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        let directory = Directory::now(visit).await?;
        let entry = entry(&directory, &word, &id).await?;
        let stood = entry.stood.last().ok_or(Fault::Directory(Unfit::Nothing))?;
        version(&directory, (&entry, stood), wire, &headers)
    })
    .await
}

/// A resource as it stood in a version.
pub(in crate::web) async fn version_read(
    visit: Visit,
    Path((word, id, wanted)): Path<(String, String, String)>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        let directory = Directory::now(visit).await?;
        let entry = entry(&directory, &word, &id).await?;
        let stood = entry.stood.iter().find(|stood| version_of(stood) == wanted);
        let stood = stood.ok_or(Fault::Directory(Unfit::Nothing))?;
        version(&directory, (&entry, stood), wire, &headers)
    })
    .await
}

/// What became of everything, of a kind of resource, or of one.
pub(in crate::web) async fn history_of_all(
    visit: Visit,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        history::history(visit, wire, (history::Of::All, &pairs)).await
    })
    .await
}

/// What became of a kind of resource.
pub(in crate::web) async fn history_of_type(
    visit: Visit,
    Path(word): Path<String>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        history::history(visit, wire, (history::Of::Type(resource_type(&word)?), &pairs)).await
    })
    .await
}

/// What became of one resource.
pub(in crate::web) async fn history_of_one(
    visit: Visit,
    Path((word, id)): Path<(String, String)>,
    headers: HeaderMap,
    Asked(pairs): Asked<Pairs>,
) -> Response {
    answered(&visit, &headers, &pairs, async |visit, wire| {
        let of = history::Of::One(resource_type(&word)?, id);
        history::history(visit, wire, (of, &pairs)).await
    })
    .await
}

async fn entry<'v>(directory: &Directory<'v>, word: &str, id: &str) -> Result<Entry<'v>, Fault> {
    let of = resource_type(word)?;
    directory.entry(of, id).await?.ok_or(Fault::Directory(Unfit::Nothing))
}

/// One version as an answer, or that whoever asks has it already.
fn version(
    directory: &Directory<'_>,
    (entry, stood): (&Entry<'_>, &Stood),
    wire: &Wire,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let tag = format!("W/\"{}\"", version_of(stood));
    let since = wire::http_date(stood.at);
    let told = [(header::ETAG, tag.clone()), (header::LAST_MODIFIED, since)];
    if wire::known(headers, &tag, stood.at) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    let resource = directory.version(entry, stood).ok_or(Fault::Directory(Unfit::Nothing))?;
    let mut answer = wire.answer(&resource)?;
    for (name, value) in told {
        answer.headers_mut().insert(name, value.parse().map_err(|error| Fault::broken(&error))?);
    }
    Ok(answer)
}

/// The registers that are looked into to answer a question of that kind.
const LOOKS: Action = Action::SearchRegister;
