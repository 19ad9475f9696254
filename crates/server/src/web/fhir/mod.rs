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
    extract::{FromRequestParts, Path, Query as Asked},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use fhir::ResourceType;
use kernel::register::Stood;

use self::{
    directory::{Directory, Entry},
    project::version_of,
    wire::Wire,
};
use super::{app::App, fault::Fault, visit::Visit};
pub(crate) use wire::{Unfit, Wire as Format, outcome};

/// What a request says after its address, in order; a name may come several times.
pub(super) type Pairs = Vec<(String, String)>;

/// Where the directory is.
pub(crate) const BASE: &str = "/fhir";

/// Whether an address is one of the directory.
pub(crate) fn here(address: &str) -> bool {
    address.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is asked of the directory besides what the address names.
pub(in crate::web) struct Interaction {
    visit: Visit,
    headers: HeaderMap,
    pairs: Pairs,
}

impl FromRequestParts<App> for Interaction {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, app).await;
        let asked = Asked::from_request_parts(parts, app).await;
        let Asked(pairs) = asked.map_err(IntoResponse::into_response)?;
        Ok(Self { visit, headers: parts.headers.clone(), pairs })
    }
}

impl Interaction {
    /// The answer, or the fault, in the format that was asked for.
    async fn answered<F>(&self, answer: F) -> Response
    where
        F: AsyncFnOnce(&Wire) -> Result<Response, Fault>,
    {
        let wire = match Wire::of(&self.headers, &self.pairs) {
            Ok(wire) => wire,
            Err(fault) => return fault.into_response(),
        };
        let mut response = answer(&wire).await.unwrap_or_else(IntoResponse::into_response);
        response.extensions_mut().insert(wire);
        response
    }

    async fn found(&self, word: &str) -> Response {
        self.answered(async |wire| {
            let sought = (resource_type(word)?, &self.pairs, search::strict(&self.headers));
            search::search(&self.visit, wire, sought).await
        })
        .await
    }

    /// One of the ways in which a resource stood, the oldest of which comes first.
    async fn version<F>(&self, (word, id): (&str, &str), which: F) -> Response
    where
        F: FnOnce(&[Stood]) -> Option<&Stood>,
    {
        self.answered(async |wire| {
            let directory = Directory::now(&self.visit).await?;
            let entry = directory.entry(resource_type(word)?, id).await?;
            let entry = entry.ok_or(Fault::Directory(Unfit::Nothing))?;
            let stood = which(&entry.stood).ok_or(Fault::Directory(Unfit::Nothing))?;
            version(&directory, (&entry, stood), wire, &self.headers)
        })
        .await
    }

    /// What became of whatever is named; nothing is where it has no such name.
    async fn history(&self, of: Result<history::Of, Fault>) -> Response {
        self.answered(async |wire| history::history(&self.visit, wire, (of?, &self.pairs)).await)
            .await
    }
}

/// The resource of that name.
fn resource_type(word: &str) -> Result<ResourceType, Fault> {
    ResourceType::named(word).ok_or(Fault::Directory(Unfit::Nothing))
}

/// What the directory can do.
pub(in crate::web) async fn metadata(asked: Interaction) -> Response {
    asked.answered(async |wire| wire.answer(&capability::statement(&asked.visit))).await
}

/// Resources found.
pub(in crate::web) async fn search(Path(word): Path<String>, asked: Interaction) -> Response {
    asked.found(&word).await
}

/// The same where what is sought is sent as a form.
pub(in crate::web) async fn search_sent(
    Path(word): Path<String>,
    mut asked: Interaction,
    Form(sent): Form<Pairs>,
) -> Response {
    asked.pairs.extend(sent);
    asked.found(&word).await
}

/// A resource as it stands.
pub(in crate::web) async fn read(
    Path((word, id)): Path<(String, String)>,
    asked: Interaction,
) -> Response {
    asked.version((&word, &id), |stood| stood.last()).await
}

/// A resource as it stood in a version.
pub(in crate::web) async fn version_read(
    Path((word, id, wanted)): Path<(String, String, String)>,
    asked: Interaction,
) -> Response {
    asked.version((&word, &id), |stood| stood.iter().find(|own| version_of(own) == wanted)).await
}

/// What became of everything.
pub(in crate::web) async fn history_of_all(asked: Interaction) -> Response {
    asked.history(Ok(history::Of::All)).await
}

/// What became of a kind of resource.
pub(in crate::web) async fn history_of_type(
    Path(word): Path<String>,
    asked: Interaction,
) -> Response {
    asked.history(resource_type(&word).map(history::Of::Type)).await
}

/// What became of one resource.
pub(in crate::web) async fn history_of_one(
    Path((word, id)): Path<(String, String)>,
    asked: Interaction,
) -> Response {
    asked.history(resource_type(&word).map(|of| history::Of::One(of, id))).await
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
