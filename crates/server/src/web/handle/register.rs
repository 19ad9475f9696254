//! Looking things up in the public registers.

use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::Name;
use kernel::{Act, BodyId, Case, Entry, EntryNumber};
use pack::model::{Procedure, Register};
use store::RegisterQuery;

use super::{
    Query,
    derived::{of_entries, of_entry},
    escaped, name,
};
use crate::web::{
    entries::{Headings, named_by, named_in},
    fault::Fault,
    frame::{Link, Row},
    pages::{
        certificate::CertificatePage,
        derived::DerivedView,
        register::{EntryPage, Force, Listed, RegisterPage, Says, VersionView, link},
        steps,
    },
    shown::Shown,
    visit::{Visit, page},
};

/// How many entries one page shows.
const PAGE: u32 = 50;

/// The public register of that name.
pub(in crate::web) fn public<'v>(visit: &'v Visit, text: &str) -> Result<&'v Register, Fault> {
    let register = visit.pack().registers.get(&name(text)?);
    register.filter(|register| register.public).ok_or(Fault::NoSuchPage)
}

/// Entries by heading, as of a day.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(register): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let register = public(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let found = visit
        .app
        .store
        .entries(RegisterQuery {
            register: register.name.clone(),
            at: as_of.at,
            known: as_of.known,
            heading_contains: query.sought(),
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
    let listed = |row: &(String, kernel::register::Version)| Listed {
        standings: standings.remove(&row.0).unwrap_or_default(),
        ..Listed::of(shown, register, row, &kept, &headings)
    };
    page(&RegisterPage {
        frame: visit.frame(),
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
    let register = public(&visit, &register)?;
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
    let (says, certificates) = match version {
        Some(version) => {
            let made = Made::load(&visit, version.decided_by).await?;
            let decided_by = made.decision(&visit, version.decided_by);
            let named = named_in(register, &version.fields);
            let headings = Headings::load(&visit, shown, &named, (as_of.at, as_of.known)).await?;
            let says = Says::of(shown, register, &key, version, decided_by, &headings);
            (says, certificates(shown, register, &key, &made.issued(&visit, register)))
        }
        None => (Says::Nothing, Vec::new()),
    };
    let views = versions.iter();
    page(&EntryPage {
        frame: visit.frame(),
        register: link(shown, register),
        looked: query.looked(as_of),
        says,
        derived,
        certificates,
        versions: views
            .map(|version| VersionView::of(shown, register, version, as_of.at, as_of.known))
            .collect(),
        key,
    })
}

/// What made a version: its ledger entry, and the case it belongs to.
struct Made {
    entry: Option<Entry>,
    case: Option<Case>,
}

impl Made {
    async fn load(visit: &Visit, number: EntryNumber) -> Result<Self, Fault> {
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

    /// The certificates of a register that the case's decisions issued, each with the body that
    /// issued it.
    fn issued(&self, visit: &Visit, register: &Register) -> Vec<(Name, BodyId)> {
        let procedure = self.procedure(visit).filter(|own| own.register == register.name);
        let Some(procedure) = procedure else { return Vec::new() };
        let made = self.case.iter().flat_map(|case| &case.decisions);
        let issued = made.filter_map(|made| {
            let kind = procedure.decision(made.step.as_str())?.issues.clone()?;
            Some((kind, made.by.clone()))
        });
        issued.collect()
    }
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

fn certificates(
    shown: Shown<'_>,
    register: &Register,
    key: &str,
    issued: &[(Name, BodyId)],
) -> Vec<Link> {
    let code = shown.words.code();
    let href = |name: &Name| format!("/{code}/certificates/{}/{key}?kind={name}", register.name);
    let known = issued.iter().filter_map(|(kind, _)| register.certificates.get_key_value(kind));
    known
        .map(|(name, certificate)| Link {
            href: href(name),
            text: certificate.title.to(shown.words.0).to_owned(),
        })
        .collect()
}

/// A certificate of an entry as of a day; the first that was issued where none is named.
pub(in crate::web) async fn certificate(
    visit: Visit,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let register = public(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let version = visit.app.store.entry(&register.name, &key, as_of.at, as_of.known).await?;
    let version = version.ok_or(Fault::NoSuchPage)?;
    let issued = Made::load(&visit, version.decided_by).await?.issued(&visit, register);
    let mut wanted =
        issued.iter().filter(|(name, _)| query.kind.is_empty() || name.as_str() == query.kind);
    let (kind, issuer) = wanted.next().ok_or(Fault::NoSuchPage)?;
    let certificate = register.certificates.get(kind).ok_or(Fault::NoSuchPage)?;
    let since = visit.pack().zone.day_of(version.valid_from);
    let shown = Shown { day: since, ..visit.shown() };
    let named = named_in(register, &version.fields);
    let headings = Headings::load(&visit, shown, &named, (as_of.at, as_of.known)).await?;
    let row = |field: &pack::model::RegisterField| {
        let value = headings.value(shown, &field.input, version.fields.get(&field.name)?);
        let title = field.title.to(visit.words.0).to_owned();
        Some(Row { title, text: value.text, href: value.href })
    };
    let shows = register.fields.iter().filter(|field| certificate.shows.contains(&field.name));
    page(&CertificatePage {
        frame: visit.frame(),
        title: certificate.title.to(visit.words.0).to_owned(),
        rows: shows.filter_map(row).collect(),
        body: shown.body(issuer),
        since: since.to_string(),
        force: Force::of(register, &version.fields),
        basis: shown.all_cited(&certificate.basis),
        entry: Link {
            href: visit.to(&format!("/registers/{}/{key}", register.name)),
            text: register.title.to(visit.words.0).to_owned(),
        },
        number: key,
    })
}
