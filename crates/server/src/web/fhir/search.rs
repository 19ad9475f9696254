//! Finding resources (mCSD, ITI-90).

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use fhir::{
    Fields, Resource, ResourceType, Value,
    search::{Asked, Criterion, ParameterKind, Unread, criterion, parameter, parameters},
};

use super::{
    LOOKS, Pairs, Unfit,
    cursor::Cursor,
    directory::{AT_ONCE, Directory, Entry, View},
    wire::{Wire, issue},
};
use crate::web::{escaped, fault::Fault, visit::Visit};

/// How many resources a page holds where nothing is said.
const PAGE: usize = 50;
/// And at most.
const PAGE_MAX: usize = 500;
/// Where each must be looked at to be counted, they are up to here; of more the number is not told.
const COUNT_MAX: u64 = 10_000;
/// Resources that come along with those found, at most.
const ALONG_MAX: usize = 5_000;

/// What is sought.
struct Sought {
    of: ResourceType,
    criteria: Vec<Criterion>,
    includes: Vec<Include>,
    reverse: Vec<Include>,
    count: usize,
    /// Whether it is asked for how many there are, be it roughly: they are counted.
    counted: bool,
    /// Whether only their number is asked for.
    number_only: bool,
    cursor: Option<String>,
    /// What was understood, for links.
    kept: Pairs,
    /// What was passed over.
    passed: Vec<String>,
}

/// What comes along: what such resources refer to, or what refers to them, by that parameter.
struct Include {
    of: ResourceType,
    /// The names of parameters; every one that is a reference where it was a star.
    by: Vec<&'static str>,
    /// Only where it is of that type.
    to: Option<ResourceType>,
    /// Whether it holds of what came along, too.
    again: bool,
}

/// Parameters that say how an answer is written, and not what is sought.
const OF_ANSWERS: [&str; 3] = ["_format", "_pretty", "_cursor"];

impl Sought {
    fn read(visit: &Visit, of: ResourceType, pairs: &Pairs, strict: bool) -> Result<Self, Fault> {
        let mut sought = Self {
            of,
            criteria: Vec::new(),
            includes: Vec::new(),
            reverse: Vec::new(),
            count: PAGE,
            counted: false,
            number_only: false,
            cursor: None,
            kept: Pairs::new(),
            passed: Vec::new(),
        };
        let base = visit.app.documents.origin().to(super::BASE);
        for (name, value) in pairs {
            if sought.about_answer(name, value)? {
                continue;
            }
            match criterion(of, name, value, (&base, &visit.pack().zone)) {
                Ok(criterion) => {
                    sought.criteria.push(criterion);
                    sought.kept.push((name.clone(), value.clone()));
                }
                // A parameter without a value asks for nothing.
                Err(Unread::Value) if value.is_empty() => sought.passed.push(name.clone()),
                Err(Unread::Parameter) if !strict => sought.passed.push(name.clone()),
                Err(Unread::Value) => {
                    return Err(Fault::Directory(Unfit::Value(format!("{name}={value}"))));
                }
                Err(Unread::Parameter | Unread::Modifier) => {
                    return Err(Fault::Directory(Unfit::Parameter(name.clone())));
                }
            }
        }
        Ok(sought)
    }

    /// Reads a parameter that says how the answer is to be; false where it is none.
    fn about_answer(&mut self, name: &str, value: &str) -> Result<bool, Fault> {
        let unfit = || Fault::Directory(Unfit::Value(format!("{name}={value}")));
        match name {
            "_cursor" => self.cursor = Some(value.to_owned()),
            "_count" => {
                let count: usize = value.trim().parse().map_err(|_| unfit())?;
                self.number_only |= count == 0;
                self.count = count.clamp(1, PAGE_MAX);
            }
            "_summary" => match value {
                "count" => self.number_only = true,
                "false" => {}
                _ => return Ok(false),
            },
            "_total" => match value {
                "none" => self.counted = false,
                "estimate" | "accurate" => self.counted = true,
                _ => return Err(unfit()),
            },
            "_include" | "_include:iterate" | "_include:recurse" => {
                let include = Include::read(self.of, value, name != "_include");
                self.includes.push(include.ok_or_else(unfit)?);
            }
            "_revinclude" | "_revinclude:iterate" | "_revinclude:recurse" => {
                let include = Include::read(self.of, value, name != "_revinclude");
                self.reverse.push(include.ok_or_else(unfit)?);
            }
            name if OF_ANSWERS.contains(&name) => {}
            _ => return Ok(false),
        }
        if name != "_cursor" {
            self.kept.push((name.to_owned(), value.to_owned()));
        }
        Ok(true)
    }
}

impl Include {
    /// `Type:parameter`, `Type:parameter:Type`, `Type:*`, or `*` for all of what is sought.
    fn read(sought: ResourceType, text: &str, again: bool) -> Option<Self> {
        let mut parts = text.split(':');
        let (of, name) = match parts.next()? {
            "*" => (sought, "*"),
            word => (ResourceType::named(word)?, parts.next()?),
        };
        let to = match parts.next() {
            Some(word) => Some(ResourceType::named(word)?),
            None => None,
        };
        let all = parameters(of).filter(|own| own.kind == ParameterKind::Reference);
        let by = match name {
            "*" => all.map(|own| own.name).collect(),
            name => {
                let own = parameter(of, name).filter(|own| own.kind == ParameterKind::Reference);
                vec![own?.name]
            }
        };
        parts.next().is_none().then_some(Self { of, by, to, again })
    }

    /// What a resource refers to.
    fn references(&self, resource: &Resource) -> Vec<String> {
        if resource.kind != self.of {
            return Vec::new();
        }
        let paths = self.by.iter().filter_map(|name| parameter(self.of, name));
        let paths = paths.flat_map(|own| own.paths);
        let groups = paths.flat_map(|path| resource.at(path)).filter_map(Value::group);
        let said = groups.filter_map(|own| own.text("reference")).map(str::to_owned);
        let fits = |own: &String| {
            self.to.is_none_or(|to| own.split_once('/').is_some_and(|(word, _)| word == to.word()))
        };
        said.filter(fits).collect()
    }
}

/// Whether what is not known is refused (FHIR R4, section 3.1.0.1.2).
pub(super) fn strict(headers: &axum::http::HeaderMap) -> bool {
    let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
    let words = lines.flat_map(|line| line.split([',', ';'])).map(str::trim);
    words.into_iter().any(|word| word.eq_ignore_ascii_case("handling=strict"))
}

/// What was found, with what comes along.
pub(super) async fn search(
    visit: &Visit,
    wire: &Wire,
    (of, pairs, strict): (ResourceType, &Pairs, bool),
) -> Result<Response, Fault> {
    let sought = Sought::read(visit, of, pairs, strict)?;
    let now = Directory::now(visit).await?;
    let cursor = match &sought.cursor {
        Some(text) => Some(Cursor::read(text, now.as_of)?),
        None => None,
    };
    let as_of = cursor.as_ref().map_or(now.as_of, |own| (own.at, own.known));
    let directory = Directory::as_of(visit, as_of);
    let mut search = Search { directory: &directory, sought: &sought, seen: BTreeMap::new() };
    let page = search.page(cursor.as_ref()).await?;
    let along = match sought.number_only {
        true => Along::default(),
        false => search.along(&page.found).await?,
    };
    wire.answer(&bundle(visit, &directory, &sought, (page, along)))
}

/// A page of what was found.
#[derive(Default)]
struct Page {
    found: Vec<Resource>,
    total: Option<u64>,
    next: Option<Cursor>,
}

/// What comes along.
#[derive(Default)]
struct Along {
    resources: Vec<Resource>,
    /// Whether there is more than comes.
    more: bool,
}

/// A search under way.
struct Search<'s, 'v> {
    directory: &'s Directory<'v>,
    sought: &'s Sought,
    /// What was referred to, so that it is read once.
    seen: BTreeMap<String, Option<Resource>>,
}

impl<'v> Search<'_, 'v> {
    /// The page after a cursor. No more is read than tells whether there is more, unless they are
    /// to be counted, which the first page does; the others know the number from there.
    async fn page(&mut self, cursor: Option<&Cursor>) -> Result<Page, Fault> {
        let sought = self.sought;
        let begun = begun(cursor)?;
        let mut page = Page { total: cursor.and_then(|own| own.total), ..Page::default() };
        let most = if sought.number_only { 0 } else { sought.count };
        let mut counts = cursor.is_none() && (sought.counted || sought.number_only);
        if counts && sought.criteria.is_empty() {
            page.total = Some(self.directory.count(sought.of, LOOKS).await?);
            counts = false;
        }
        if sought.number_only && !counts {
            return Ok(page);
        }
        let (mut met, mut last) = (0_u64, Vec::new());
        let views = self.directory.views(sought.of, LOOKS).into_iter();
        'all: for view in views.filter(|(own, _)| begun.0.as_str() <= own.name.as_str()) {
            let candidates = self.directory.candidates(view, &sought.criteria).await?;
            let mut after = (begun.0 == view.0.name.as_str()).then(|| begun.1.clone());
            loop {
                // Where nothing narrows the search, the next ones are those that are found.
                let room =
                    if sought.criteria.is_empty() { most + 1 - page.found.len() } else { AT_ONCE };
                let from = (candidates.as_ref(), after.as_deref());
                let Some((entries, reached)) = self.read(view, from, room).await? else { break };
                for entry in entries {
                    let Some(resource) = self.directory.resource(&entry) else { continue };
                    if !self.met(&resource).await? {
                        continue;
                    }
                    met += 1;
                    if page.found.len() < most {
                        last = vec![view.0.name.to_string(), entry.key.clone()];
                        page.found.push(resource);
                    } else if !counts || met > COUNT_MAX {
                        break 'all;
                    }
                }
                after = Some(reached);
            }
        }
        let more = met > page.found.len() as u64;
        let whole = if counts { met <= COUNT_MAX } else { !more };
        if cursor.is_none() && whole {
            page.total = page.total.or(Some(met));
        }
        if more && !sought.number_only {
            let (at, known) = self.directory.as_of;
            page.next = Some(Cursor { known, at, total: page.total, last });
        }
        Ok(page)
    }

    /// The next entries of a register that may be meant, so many at most, and up to which key they
    /// go; none after the last.
    async fn read(
        &self,
        view: View<'v>,
        (candidates, after): (Option<&BTreeSet<String>>, Option<&str>),
        room: usize,
    ) -> Result<Option<(Vec<Entry<'v>>, String)>, Fault> {
        let room = room.min(AT_ONCE);
        let keys: Vec<String> = match candidates {
            Some(keys) => {
                let left = keys.iter().filter(|key| after.is_none_or(|own| key.as_str() > own));
                left.take(room).cloned().collect()
            }
            None => self.directory.keys(&view.0.name, (after, None), room).await?,
        };
        let Some(last) = keys.last().cloned() else { return Ok(None) };
        let mut entries = self.directory.entries(view, &keys).await?;
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Some((entries, last)))
    }

    /// Whether a resource meets every criterion.
    async fn met(&mut self, resource: &Resource) -> Result<bool, Fault> {
        let zone = &self.directory.city.pack.zone;
        for criterion in &self.sought.criteria {
            if !criterion.met_by(resource, zone) {
                return Ok(false);
            }
            if let Asked::Chained { to, then } = &criterion.asked {
                let mut any = false;
                let said = criterion.values(resource).into_iter().filter_map(Value::group);
                for reference in said.filter_map(|own| own.text("reference")) {
                    let led = self.resolve(reference).await?;
                    any |= led.is_some_and(|led| led.kind == *to && then.met_by(led, zone));
                }
                if !any {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn resolve(&mut self, reference: &str) -> Result<Option<&Resource>, Fault> {
        if !self.seen.contains_key(reference) {
            let found = self.directory.resolve(reference).await?;
            self.seen.insert(reference.to_owned(), found);
        }
        Ok(self.seen.get(reference).and_then(Option::as_ref))
    }

    /// What comes along with what was found.
    async fn along(&mut self, found: &[Resource]) -> Result<Along, Fault> {
        let mut told: BTreeSet<String> = found.iter().map(Resource::reference).collect();
        let mut along = Along::default();
        let (mut round, mut again) = (found.to_vec(), false);
        while !round.is_empty() {
            let mut next = Vec::new();
            for include in self.sought.includes.iter().filter(|own| !again || own.again) {
                for reference in round.iter().flat_map(|own| include.references(own)) {
                    if told.insert(reference.clone()) {
                        next.extend(self.resolve(&reference).await?.cloned());
                    }
                }
            }
            for include in self.sought.reverse.iter().filter(|own| !again || own.again) {
                for resource in self.referring(include, &round).await? {
                    if told.insert(resource.reference()) {
                        next.push(resource);
                    }
                }
            }
            let room = ALONG_MAX.saturating_sub(along.resources.len());
            along.more |= next.len() > room;
            next.truncate(room);
            along.resources.extend(next.iter().cloned());
            (round, again) = (next, true);
        }
        Ok(along)
    }

    /// What refers to some resources.
    async fn referring(&self, include: &Include, to: &[Resource]) -> Result<Vec<Resource>, Fault> {
        let mut found = Vec::new();
        let fits = |own: &&Resource| include.to.is_none_or(|to| own.kind == to);
        let references: Vec<String> = to.iter().filter(fits).map(Resource::reference).collect();
        for parameter in include.by.iter().filter_map(|name| parameter(include.of, name)) {
            let own = to.iter().map(|own| own.kind);
            if !own.into_iter().any(|kind| parameter.leads_to.contains(&kind)) {
                continue;
            }
            let asked = Asked::Reference(references.clone());
            let criterion = Criterion { parameter, asked };
            for view in self.directory.views(include.of, LOOKS) {
                let one = std::slice::from_ref(&criterion);
                let keys = self.directory.candidates(view, one).await?.unwrap_or_default();
                let keys: Vec<String> = keys.into_iter().collect();
                for keys in keys.chunks(AT_ONCE) {
                    let entries = self.directory.entries(view, keys).await?;
                    let made = entries.iter().filter_map(|entry| self.directory.resource(entry));
                    let zone = &self.directory.city.pack.zone;
                    found.extend(made.filter(|own| criterion.met_by(own, zone)));
                }
            }
        }
        Ok(found)
    }
}

/// The register and the key behind which a cursor goes on; those before the first where none does.
fn begun(cursor: Option<&Cursor>) -> Result<(String, String), Fault> {
    match cursor.map(|own| own.last.as_slice()) {
        None => Ok(<_>::default()),
        Some([register, key]) => Ok((register.clone(), key.clone())),
        Some(_) => Err(Fault::Directory(Unfit::Cursor)),
    }
}

/// A query as it stands in an address.
pub(super) fn query(pairs: &Pairs, cursor: Option<&Cursor>) -> String {
    let said = pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let cursor = cursor.map(|own| format!("_cursor={}", own.written()));
    let said: Vec<String> = said.chain(cursor).collect();
    if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
}

fn bundle(
    visit: &Visit,
    directory: &Directory<'_>,
    sought: &Sought,
    (page, along): (Page, Along),
) -> Resource {
    let base = directory.city.base();
    let mut bundle = Resource::new(ResourceType::Bundle);
    let meta = Fields::default().says("lastUpdated", &directory.as_of.0.to_string());
    bundle.fields.add("meta", meta.whole()).add("type", Value::text("searchset"));
    if let Some(total) = page.total {
        bundle.fields.add("total", Value::Number(total.to_string()));
    }
    let link = |relation: &str, cursor: Option<&Cursor>| {
        let url = format!("{base}/{}{}", sought.of.word(), query(&sought.kept, cursor));
        Fields::default().says("relation", relation).says("url", &url).whole()
    };
    let own = sought.cursor.as_deref().map(|text| {
        let mut kept = sought.kept.clone();
        kept.push(("_cursor".to_owned(), text.to_owned()));
        let url = format!("{base}/{}{}", sought.of.word(), query(&kept, None));
        Fields::default().says("relation", "self").says("url", &url).whole()
    });
    bundle.fields.add("link", own.unwrap_or_else(|| link("self", None)));
    if let Some(next) = &page.next {
        bundle.fields.add("link", link("next", Some(next)));
    }
    let found = page.found.into_iter().map(|own| ("match", own));
    for (mode, resource) in found.chain(along.resources.into_iter().map(|own| ("include", own))) {
        let address = format!("{base}/{}", resource.reference());
        let found = Fields::default().says("mode", mode).whole();
        let entry = Fields::default()
            .says("fullUrl", &address)
            .holding("resource", Value::Resource(Box::new(resource)))
            .holding("search", found);
        bundle.fields.add("entry", entry.whole());
    }
    let mut outcome = Resource::new(ResourceType::OperationOutcome);
    for name in &sought.passed {
        let fault = Fault::Directory(Unfit::Parameter(name.clone()));
        outcome.fields.add("issue", issue(visit, "warning", &fault));
    }
    if along.more {
        let includes = sought.kept.iter().filter(|(name, _)| name.contains("include"));
        let said: Vec<String> = includes.map(|(name, value)| format!("{name}={value}")).collect();
        let fault = Fault::Directory(Unfit::Value(said.join("&")));
        outcome.fields.add("issue", issue(visit, "warning", &fault));
    }
    if !outcome.fields.empty() {
        let found = Fields::default().says("mode", "outcome").whole();
        let resource = Value::Resource(Box::new(outcome));
        let entry = Fields::default().holding("resource", resource).holding("search", found);
        bundle.fields.add("entry", entry.whole());
    }
    bundle
}
