//! Looking things up in the public registers.

use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::Name;
use kernel::{Act, BodyId, EntryNumber, register::Version};
use pack::model::{Input, Level, Procedure, Register, Step};
use rules::Value;
use store::RegisterQuery;

use super::{Query, escaped, name};
use crate::web::{
    fault::Fault,
    frame::{Link, Row},
    pages::{
        certificate::CertificatePage,
        register::{EntryPage, Force, Listed, RegisterPage, Says, VersionView, link},
        service,
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
    page(&RegisterPage {
        frame: visit.frame(),
        looked: query.looked(as_of),
        total: found.total.to_string(),
        entries: found.rows.iter().map(|row| Listed::of(shown, register, row, &kept)).collect(),
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
    let says = match version {
        Some(version) => {
            let decided_by = decision(&visit, version.decided_by).await?;
            Says::of(shown, register, &key, version, decided_by)
        }
        None => Says::Nothing,
    };
    let certificates = version.map(|_| certificates(shown, register, &key)).unwrap_or_default();
    let views = versions.iter();
    page(&EntryPage {
        frame: visit.frame(),
        register: link(shown, register),
        looked: query.looked(as_of),
        says,
        certificates,
        versions: views
            .map(|version| VersionView::of(shown, register, version, as_of.at, as_of.known))
            .collect(),
        key,
    })
}

/// Which act of which service made a version, and its ledger entry.
async fn decision(visit: &Visit, number: EntryNumber) -> Result<String, Fault> {
    let shown = visit.shown();
    let before = EntryNumber(number.0.saturating_sub(1));
    let entry = visit.app.store.ledger(before, 1).await?.pop();
    let on = entry.as_ref().and_then(|entry| entry.case.as_ref());
    let case = match on {
        Some(on) => visit.app.store.case(on.id).await?,
        None => None,
    };
    let pack = case.as_ref().and_then(|case| visit.app.packs.of(&case.pack));
    let procedure = pack.zip(case.as_ref()).and_then(|(p, c)| p.procedures.get(&c.procedure));
    let act = entry.zip(procedure).and_then(|(entry, procedure)| {
        let act = act_title(shown, procedure, &entry.act)?;
        Some(format!("{} · {act} · ", procedure.title.to(shown.words.0)))
    });
    Ok(format!("{}{}", act.unwrap_or_default(), shown.number(number)))
}

/// What an act that can change a register is called.
fn act_title(shown: Shown<'_>, procedure: &Procedure, act: &Act) -> Option<String> {
    match act {
        Act::Decided(decided) => Some(service::step(shown, procedure, &decided.step)),
        Act::Ruled(_) => Some(shown.words.t("act-ruled-for")),
        Act::Corrected(_) => Some(shown.words.t("act-corrected")),
        _ => None,
    }
}

fn certificates(shown: Shown<'_>, register: &Register, key: &str) -> Vec<Link> {
    let code = shown.words.code();
    let href = |name: &Name| format!("/{code}/certificates/{}/{key}?kind={name}", register.name);
    let certificates = register.certificates.iter();
    certificates
        .map(|(name, certificate)| Link {
            href: href(name),
            text: certificate.title.to(shown.words.0).to_owned(),
        })
        .collect()
}

/// A certificate of an entry as of a day; the register's first where none is named.
pub(in crate::web) async fn certificate(
    visit: Visit,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let register = public(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let mut certificates = register.certificates.iter();
    let certificate =
        certificates.find(|(name, _)| query.kind.is_empty() || name.as_str() == query.kind);
    let (kind, certificate) = certificate.ok_or(Fault::NoSuchPage)?;
    let version = visit.app.store.entry(&register.name, &key, as_of.at, as_of.known).await?;
    let version = version.ok_or(Fault::NoSuchPage)?;
    let since = visit.pack().zone.day_of(version.valid_from);
    let shown = Shown { day: since, ..visit.shown() };
    let row = |field: &pack::model::RegisterField| {
        let value = version.fields.get(&field.name)?;
        let title = field.title.to(visit.words.0).to_owned();
        Some(Row { title, text: shown.value(&field.input, value) })
    };
    let shows = register.fields.iter().filter(|field| certificate.shows.contains(&field.name));
    page(&CertificatePage {
        frame: visit.frame(),
        title: certificate.title.to(visit.words.0).to_owned(),
        rows: shows.filter_map(row).collect(),
        body: issuer(shown, register, kind, &version).map(|b| shown.body(&b)).unwrap_or_default(),
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

/// The body that issues a certificate: the one competent for the place that the entry names, by the
/// procedure whose decision issues it.
fn issuer(shown: Shown<'_>, register: &Register, kind: &Name, version: &Version) -> Option<BodyId> {
    let procedure = shown.pack.procedures.values().find(|procedure| issues(procedure, kind))?;
    let place = register.fields.iter().find(|field| field.input == Input::Division)?;
    let Some(Value::Division(place)) = version.fields.get(&place.name) else { return None };
    let level = match procedure.competent.level {
        Level::Province => base::DivisionLevel::Province,
        Level::County => base::DivisionLevel::County,
    };
    Some(BodyId { office: procedure.competent.office.clone(), division: place.at(level)? })
}

fn issues(procedure: &Procedure, kind: &Name) -> bool {
    procedure.steps.values().any(|step| match step {
        Step::Decision(decision) => decision.issues.as_ref() == Some(kind),
        Step::Stage(_) => false,
    })
}
