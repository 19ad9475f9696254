//! What became of resources (mCSD, ITI-91): every version there ever was, the newest first.

use std::collections::BTreeMap;

use axum::response::Response;
use base::Instant;
use fhir::{Fields, Resource, ResourceType, Value, search::Span};
use kernel::{EntryNumber, register::Stood};

use super::{
    LOOKS, Pairs, Unfit,
    cursor::Cursor,
    directory::{AT_ONCE, Directory, Entry},
    project::version_of,
    search::query,
    wire::Wire,
};
use crate::web::{fault::Fault, visit::Visit};

/// How many versions a page holds where nothing is said.
const PAGE: usize = 50;
/// And at most.
const PAGE_MAX: usize = 500;

/// Of what the history is told.
pub(super) enum Of {
    /// Of everything.
    All,
    /// Of a kind of resource.
    Type(ResourceType),
    /// Of one resource.
    One(ResourceType, String),
}

impl Of {
    fn path(&self) -> String {
        match self {
            Self::All => "_history".to_owned(),
            Self::Type(of) => format!("{}/_history", of.word()),
            Self::One(of, id) => format!("{}/{id}/_history", of.word()),
        }
    }

    fn types(&self) -> Vec<ResourceType> {
        match self {
            Self::All => ResourceType::DIRECTORY.to_vec(),
            Self::Type(of) | Self::One(of, _) => vec![*of],
        }
    }
}

/// Where a version stands in the order of all, the newest last.
type Order = (Instant, EntryNumber, &'static str, String, String);

/// One version.
struct Told {
    resource: Resource,
    stood: Stood,
    first: bool,
}

/// The versions of a page, and whether there are more.
#[derive(Default)]
struct Versions {
    /// The newest of those after the cursor, one more than the page holds.
    kept: BTreeMap<Order, Told>,
    total: u64,
}

/// What was asked.
struct Wanted {
    since: Option<Instant>,
    count: usize,
    cursor: Option<String>,
    kept: Pairs,
}

impl Wanted {
    fn read(visit: &Visit, pairs: &Pairs) -> Result<Self, Fault> {
        let mut wanted = Self { since: None, count: PAGE, cursor: None, kept: Pairs::new() };
        for (name, value) in pairs {
            let unfit = || Fault::Directory(Unfit::Value(format!("{name}={value}")));
            match name.as_str() {
                "_since" => {
                    let span = Span::read(value, &visit.pack().zone).ok_or_else(unfit)?;
                    wanted.since = Some(span.from);
                }
                "_count" => {
                    let count: usize = value.trim().parse().map_err(|_| unfit())?;
                    wanted.count = count.clamp(1, PAGE_MAX);
                }
                "_cursor" => wanted.cursor = Some(value.clone()),
                "_format" | "_pretty" => {}
                // FHIR knows no other way to be asked for versions than these; others are its
                // `_at` and `_list`, which narrow the answer, so they must not be passed over.
                _ => return Err(Fault::Directory(Unfit::Parameter(name.clone()))),
            }
            if name != "_cursor" {
                wanted.kept.push((name.clone(), value.clone()));
            }
        }
        Ok(wanted)
    }
}

/// What became of resources.
pub(super) async fn history(
    visit: &Visit,
    wire: &Wire,
    (of, pairs): (Of, &Pairs),
) -> Result<Response, Fault> {
    let wanted = Wanted::read(visit, pairs)?;
    // What time has brought about by now is told now and not dated back later: whoever asks again
    // with `_since` would never hear of it.
    if let Err(error) = visit.app.store.advance(visit.now).await {
        eprintln!("{error}");
    }
    let now = Directory::now(visit).await?;
    let cursor = match &wanted.cursor {
        Some(text) => Some(Cursor::read(text, now.as_of)?),
        None => None,
    };
    let as_of = cursor.as_ref().map_or(now.as_of, |own| (own.at, own.known));
    let directory = Directory::as_of(visit, as_of);
    let before = cursor.as_ref().map(order_of).transpose()?;
    let mut versions = Versions::default();
    match &of {
        Of::One(kind, id) => {
            let entry = directory.entry(*kind, id).await?;
            let entry = entry.ok_or(Fault::Directory(Unfit::Nothing))?;
            versions.take(&directory, &wanted, before.as_ref(), &entry);
        }
        _ => all(&directory, &of, &wanted, (before.as_ref(), &mut versions)).await?,
    }
    wire.answer(&bundle(&directory, &of, &wanted, versions))
}

/// The versions of every entry that may have any to tell.
async fn all(
    directory: &Directory<'_>,
    of: &Of,
    wanted: &Wanted,
    (before, versions): (Option<&Order>, &mut Versions),
) -> Result<(), Fault> {
    for view in of.types().into_iter().flat_map(|of| directory.views(of, LOOKS)) {
        let mut after: Option<String> = None;
        loop {
            let from = (after.as_deref(), wanted.since);
            let keys = directory.keys(&view.0.name, from, AT_ONCE).await?;
            let Some(last) = keys.last().cloned() else { break };
            for entry in directory.entries(view, &keys).await? {
                versions.take(directory, wanted, before, &entry);
            }
            after = Some(last);
        }
    }
    Ok(())
}

impl Versions {
    /// Takes the versions of an entry in; those that no page can hold any more are let go.
    fn take(
        &mut self,
        directory: &Directory<'_>,
        wanted: &Wanted,
        before: Option<&Order>,
        entry: &Entry<'_>,
    ) {
        let (register, shown) = entry.view;
        for (nth, stood) in entry.stood.iter().enumerate() {
            if wanted.since.is_some_and(|since| stood.at < since) {
                continue;
            }
            let word = shown.resource.word();
            let own = (register.name.to_string(), entry.key.clone());
            let order: Order = (stood.at, stood.number, word, own.0, own.1);
            self.total += 1;
            if before.is_some_and(|before| order >= *before) {
                continue;
            }
            let full = self.kept.len() > wanted.count;
            if full && self.kept.first_key_value().is_some_and(|(oldest, _)| order < *oldest) {
                continue;
            }
            let Some(resource) = directory.version(entry, stood) else { continue };
            self.kept.insert(order, Told { resource, stood: stood.clone(), first: nth == 0 });
            if self.kept.len() > wanted.count + 1 {
                self.kept.pop_first();
            }
        }
    }
}

/// The version that a cursor stands at.
fn order_of(cursor: &Cursor) -> Result<Order, Fault> {
    let read = |[at, number, word, register, key]: &[String; 5]| -> Option<Order> {
        let at = Instant::from_micros(at.parse().ok()?);
        let number = EntryNumber(number.parse().ok()?);
        let word = ResourceType::named(word)?.word();
        Some((at, number, word, register.clone(), key.clone()))
    };
    let parts: Option<&[String; 5]> = cursor.last.as_slice().try_into().ok();
    parts.and_then(read).ok_or(Fault::Directory(Unfit::Cursor))
}

fn bundle(directory: &Directory<'_>, of: &Of, wanted: &Wanted, mut versions: Versions) -> Resource {
    let base = directory.city.base();
    let more = versions.kept.len() > wanted.count;
    if more {
        versions.kept.pop_first();
    }
    let (at, known) = directory.as_of;
    let next = versions.kept.first_key_value().filter(|_| more).map(|(order, _)| {
        let (moment, number, word, register, key) = order;
        let moment = moment.micros().to_string();
        let last =
            vec![moment, number.0.to_string(), (*word).to_owned(), register.clone(), key.clone()];
        Cursor { known, at, total: None, last }
    });
    let mut bundle = Resource::new(ResourceType::Bundle);
    let meta = Fields::default().says("lastUpdated", &at.to_string());
    bundle.fields.add("meta", meta.whole()).add("type", Value::text("history"));
    bundle.fields.add("total", Value::Number(versions.total.to_string()));
    let link = |relation: &str, query: String| {
        let url = format!("{base}/{}{query}", of.path());
        Fields::default().says("relation", relation).says("url", &url).whole()
    };
    let mut own = wanted.kept.clone();
    own.extend(wanted.cursor.iter().map(|text| ("_cursor".to_owned(), text.clone())));
    bundle.fields.add("link", link("self", query(&own, None)));
    if let Some(next) = &next {
        bundle.fields.add("link", link("next", query(&wanted.kept, Some(next))));
    }
    for told in versions.kept.into_values().rev() {
        bundle.fields.add("entry", entry(&base, told));
    }
    bundle
}

fn entry(base: &str, told: Told) -> Value {
    let Told { resource, stood, first } = told;
    let reference = resource.reference();
    let (method, url, status) = match first {
        true => ("POST", resource.kind.word().to_owned(), "201"),
        false => ("PUT", reference.clone(), "200"),
    };
    let request = Fields::default().says("method", method).says("url", &url);
    let response = Fields::default()
        .says("status", status)
        .says("etag", &format!("W/\"{}\"", version_of(&stood)))
        .says("lastModified", &stood.at.to_string());
    Fields::default()
        .says("fullUrl", &format!("{base}/{reference}"))
        .holding("resource", Value::Resource(Box::new(resource)))
        .holding("request", request.whole())
        .holding("response", response.whole())
        .whole()
}
