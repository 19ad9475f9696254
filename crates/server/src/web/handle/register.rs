//! Looking things up in the public registers.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::{Instant, Name, Point};
use kernel::{
    Act, BodyId, Case, Entry, EntryNumber,
    register::{Fields, Version},
};
use pack::model::{Procedure, Register};
use rules::Value;
use store::RegisterQuery;

use super::{
    AsOf, Query, about, code, credit,
    derived::{of_entries, of_entry},
    drawing, escaped, layout, name,
    naming::said_of,
    picture, risk,
};
use crate::web::{
    entries::{Headings, named_by, named_in},
    fault::Fault,
    frame::Link,
    pages::{
        derived::DerivedView,
        map::Map,
        register::{EntryPage, Listed, RegisterPage, Says, VersionView, link},
        steps,
    },
    permit::published_on,
    shown::Shown,
    visit::{Visit, page},
};

/// How many entries one page shows.
const PAGE: u32 = 50;

/// The register of that name; that the reader may look into it was decided before.
pub(in crate::web) fn register_named<'v>(
    visit: &'v Visit,
    text: &str,
) -> Result<&'v Register, Fault> {
    visit.pack().registers.get(&name(text)?).ok_or(Fault::NoSuchPage)
}

/// Entries by heading, as of a day.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(register): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let register = register_named(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let found = visit
        .app
        .store
        .entries(RegisterQuery {
            register: register.name.clone(),
            at: as_of.at,
            known: as_of.known,
            heading_contains: query.sought(),
            published_on: published_on(&visit, register),
            after: query.after(),
            limit: PAGE,
        })
        .await?;
    let shown = visit.shown();
    let own = link(shown, register);
    let kept = query.kept();
    let next = found.next.map(|after| next(&own, &query, &after)).unwrap_or_default();
    let mut standings = of_entries(&visit, register, &found.rows, as_of).await?;
    let named = found.rows.iter().filter_map(|(_, own)| named_by(register, &own.fields)).collect();
    let headings = Headings::load(&visit, shown, &named, (as_of.at, as_of.known)).await?;
    let listed = |row: &(String, Version)| Listed {
        standings: standings.remove(&row.0).unwrap_or_default(),
        ..Listed::of(shown, register, row, (&kept, as_of.on), &headings)
    };
    let sought = query.sought().map(|sought| format!("q={}", escaped(&sought)));
    let asked = sought.map(|sought| match kept.as_str() {
        "" => format!("?{sought}"),
        kept => format!("{kept}&{sought}"),
    });
    page(&RegisterPage {
        frame: visit.frame(),
        table: format!("{}/table", own.href),
        kept: asked.unwrap_or_else(|| kept.clone()),
        looked: query.looked(as_of),
        total: found.total.to_string(),
        entries: found.rows.iter().map(listed).collect(),
        next,
        register: own,
    })
}

fn next(own: &Link, query: &Query, after: &str) -> String {
    let kept = query.kept();
    let joint = if kept.is_empty() { "?" } else { "&" };
    format!("{}{kept}{joint}q={}&after={}", own.href, escaped(query.q.trim()), escaped(after))
}

/// One entry as of a day, with its whole history.
pub(in crate::web) async fn entry(
    visit: Visit,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let register = register_named(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let versions = visit.app.store.versions(&register.name, &key).await?;
    if versions.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    let shown = visit.shown();
    let version = kernel::register::as_of(&versions, as_of.at, as_of.known);
    let derived = match version {
        Some(version) => of_entry(&visit, register, (&key, &version.fields), as_of).await?,
        None => DerivedView::default(),
    };
    let issues = issues(&visit, (register, &key), &versions, as_of).await?;
    let (says, certificates) = match version {
        Some(version) => {
            let made = Made::load(&visit, version.decided_by).await?;
            let decided_by = (made.decision(&visit, version.decided_by), made.guide(&visit));
            let named = named_in(register, &version.fields);
            let headings = Headings::load(&visit, shown, &named, (as_of.at, as_of.known)).await?;
            let says = Says::of(shown, register, &key, (version, as_of.on), decided_by, &headings);
            (says, certificates(shown, register, &key, &issues))
        }
        None => (Says::Nothing, Vec::new()),
    };
    let map = match (&says, version.and_then(|version| located(register, &version.fields))) {
        (Says::This { heading, .. }, Some(place)) => Map::of(shown, heading, place),
        _ => None,
    };
    let naming = said_of(&visit, (register, &key), as_of, &query.kept()).await?;
    let views = versions.iter();
    page(&EntryPage {
        frame: visit.frame(),
        register: link(shown, register),
        looked: query.looked(as_of),
        says,
        derived,
        naming,
        services: about::entry(&visit, &register.name, &key),
        risk: risk::link_for(&visit, &register.name, &key),
        credit: credit::link_for(&visit, register, &key, &versions),
        pictures: picture::links_for(&visit, register, (&key, &versions), (as_of, &query.kept())),
        map,
        certificates,
        draw: texts_for(&visit, register, &versions).await?,
        check: code::of_entry(&visit, &register.name, &key),
        versions: views
            .map(|version| VersionView::of(shown, register, version, as_of.at, as_of.known))
            .collect(),
        key,
    })
}

/// Where an entry lies: its first point.
fn located(register: &Register, fields: &Fields) -> Option<Point> {
    register.fields.iter().find_map(|field| match fields.get(&field.name)? {
        Value::Point(place) => Some(*place),
        _ => None,
    })
}

/// What made a version: its ledger entry, and the case it belongs to.
pub(super) struct Made {
    pub(super) entry: Option<Entry>,
    pub(super) case: Option<Case>,
}

/// A certificate that a decision issued.
pub(super) struct Issue {
    /// The decision.
    pub(super) number: EntryNumber,
    /// Its name in the pack.
    pub(super) kind: Name,
    /// The body that decided.
    pub(super) by: BodyId,
    /// When it decided.
    pub(super) at: Instant,
}

impl Made {
    pub(super) async fn load(visit: &Visit, number: EntryNumber) -> Result<Self, Fault> {
        let before = EntryNumber(number.0.saturating_sub(1));
        let entry = visit.app.store.ledger(before, 1).await?.pop();
        let on = entry.as_ref().and_then(|entry| entry.case.as_ref());
        let case = match on {
            Some(on) => visit.app.store.case(on.id).await?,
            None => None,
        };
        Ok(Self { entry, case })
    }

    fn procedure<'v>(&self, visit: &'v Visit) -> Option<&'v Procedure> {
        let case = self.case.as_ref()?;
        visit.app.packs.of(&case.pack)?.procedures.get(&case.procedure)
    }

    /// Which act of which service it was, and its ledger entry.
    fn decision(&self, visit: &Visit, number: EntryNumber) -> String {
        let shown = visit.shown();
        let act = self.entry.as_ref().zip(self.procedure(visit)).and_then(|(entry, procedure)| {
            let act = act_title(shown, procedure, &entry.act)?;
            Some(format!("{} · {act} · ", procedure.title.to(shown.words.0)))
        });
        format!("{}{}", act.unwrap_or_default(), shown.number(number))
    }

    /// The guide to that service, with what people said of it; without an address where the pack in
    /// force has it no more.
    fn guide(&self, visit: &Visit) -> Link {
        let own = self.procedure(visit).and_then(|own| visit.pack().procedures.get(&own.name));
        let href = own.map(|own| visit.to(&format!("/services/{}", own.name)));
        Link { href: href.unwrap_or_default(), text: visit.words.t("decided-guide") }
    }

    /// The certificates of an entry that the case's decisions issued, in order; none where the case
    /// only changed the entry and has another of its own.
    fn issued(&self, visit: &Visit, (register, key): (&Register, &str)) -> Vec<Issue> {
        let procedure = self.procedure(visit).filter(|own| own.register == register.name);
        let of_entry = |case: &&Case| case.entry.as_ref().is_none_or(|own| own.key == key);
        let case = self.case.as_ref().filter(of_entry);
        let Some((procedure, case)) = procedure.zip(case) else { return Vec::new() };
        let issued = case.decisions.iter().filter_map(|made| {
            let kind = procedure.decision(made.step.as_str())?.issues.clone()?;
            Some(Issue { number: made.number, kind, by: made.by.clone(), at: made.at })
        });
        issued.collect()
    }
}

/// The certificates that decisions issued of an entry as of a day, the newest first. What a later
/// act changed of the entry, the certificate still shows; what was set aside issued nothing.
pub(super) async fn issues(
    visit: &Visit,
    (register, key): (&Register, &str),
    versions: &[Version],
    as_of: AsOf,
) -> Result<Vec<Issue>, Fault> {
    if register.certificates.is_empty() {
        return Ok(Vec::new());
    }
    let past = |own: &&Version| own.known_from <= as_of.known && own.valid_from <= as_of.at;
    let versions: Vec<&Version> = versions.iter().filter(past).collect();
    let undone: BTreeSet<EntryNumber> = versions.iter().filter_map(|own| own.undoes).collect();
    let makers: BTreeSet<EntryNumber> = versions.iter().map(|own| own.decided_by).collect();
    let mut found: Vec<Issue> = Vec::new();
    for number in makers.into_iter().rev() {
        for issue in Made::load(visit, number).await?.issued(visit, (register, key)) {
            let stands = issue.number <= as_of.known && !undone.contains(&issue.number);
            let known = found.iter().any(|own| own.number == issue.number);
            if stands && !known && register.certificates.contains_key(&issue.kind) {
                found.push(issue);
            }
        }
    }
    found.sort_by_key(|issue| std::cmp::Reverse(issue.number));
    Ok(found)
}

/// What an act that can change a register is called.
fn act_title(shown: Shown<'_>, procedure: &Procedure, act: &Act) -> Option<String> {
    match act {
        Act::Decided(decided) => Some(steps::step(shown, procedure, &decided.step)),
        Act::Ruled(_) => Some(shown.words.t("act-ruled-for")),
        Act::Corrected(_) => Some(shown.words.t("act-corrected")),
        _ => None,
    }
}

/// The certificates of an entry as of a day, each with the way to it.
pub(super) async fn certificates_of(
    visit: &Visit,
    (register, key): (&Register, &str),
    versions: &[Version],
    as_of: AsOf,
) -> Result<Vec<Link>, Fault> {
    let issued = issues(visit, (register, key), versions, as_of).await?;
    Ok(certificates(visit.shown(), register, key, &issued))
}

fn certificates(shown: Shown<'_>, register: &Register, key: &str, issued: &[Issue]) -> Vec<Link> {
    let code = shown.words.code();
    let href = |name: &Name| format!("/{code}/certificates/{}/{key}?kind={name}", register.name);
    let kinds: BTreeSet<&Name> = issued.iter().map(|made| &made.kind).collect();
    let known = kinds.into_iter().filter_map(|kind| register.certificates.get_key_value(kind));
    known
        .map(|(name, certificate)| Link {
            href: href(name),
            text: certificate.title.to(shown.words.0).to_owned(),
        })
        .collect()
}

/// What everybody may read of the draw or of the plan that an entry comes from.
async fn texts_for(
    visit: &Visit,
    register: &Register,
    versions: &[Version],
) -> Result<Vec<Link>, Fault> {
    let mut texts = drawing::links_for(visit, register, versions).await?;
    texts.extend(layout::link_for(visit, register, versions).await?);
    Ok(texts)
}
