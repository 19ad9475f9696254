//! What was decided, the latest first: licences, and what burdens somebody. A decision is public
//! with the entry that it makes, so nothing is published here that a register does not say already.

use axum::{
    extract::Query as Asked,
    http::header,
    response::{IntoResponse, Response},
};
use base::Date;
use kernel::{Act, Case, Entry, EntryNumber, case::Deadline, ledger::Decided, register::Change};
use pack::model::{Effect, ProcedureKind, Register};

use super::Query;
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::published::{PublishedPage, PublishedRow},
    permit::unpublished,
    shown::Shown,
    visit::{Visit, page},
};

/// Entries of the ledger that are read at once.
const WINDOW: u32 = 500;
/// How often that is done for one page, so that a page never reads a whole ledger.
const WINDOWS: u32 = 40;
/// How many decisions one page shows, and one table has.
const PAGE: usize = 50;
const TABLE: usize = 1_000;

/// Which decisions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Licences,
    Burdens,
}

impl Kind {
    fn of(query: &Query) -> Result<Self, Fault> {
        match query.kind.as_str() {
            "" | "licences" => Ok(Self::Licences),
            "burdens" => Ok(Self::Burdens),
            _ => Err(Fault::NoSuchPage),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Licences => "licences",
            Self::Burdens => "burdens",
        }
    }

    fn has(self, effect: Effect) -> bool {
        match self {
            Self::Licences => effect == Effect::Granted,
            Self::Burdens => matches!(effect, Effect::Imposed | Effect::Voided),
        }
    }
}

/// The page.
pub(in crate::web) async fn show(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let kind = Kind::of(&query)?;
    let (rows, more) = rows(&visit, kind, before(&visit, &query).await?, PAGE).await?;
    let next =
        more.map(|number| visit.to(&format!("/published?kind={}&after={}", kind.word(), number.0)));
    let published = visit.pack().service.as_ref().map(|service| &service.published);
    let within = published.map(|limit| {
        let term = limit.term.describe(visit.words.0);
        (term, visit.shown().cited(&limit.basis))
    });
    let next = next.unwrap_or_default();
    page(&PublishedPage { frame: visit.frame(), kind: kind.word(), within, rows, next })
}

/// The same as a table for programs.
pub(in crate::web) async fn table(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let kind = Kind::of(&query)?;
    let (rows, _) = rows(&visit, kind, before(&visit, &query).await?, TABLE).await?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let keys = [
        "published-about",
        "published-number",
        "published-decision",
        "published-procedure",
        "published-body",
        "published-on",
        "published-last-day",
        "published-since",
    ];
    let head = keys.map(|key| visit.words.t(key));
    let broken = |error: csv::Error| Fault::broken(&error);
    table.write_record(&head).map_err(broken)?;
    for row in rows {
        let cells = [
            &row.entry.text,
            &row.number,
            &row.decision,
            &row.procedure.text,
            &row.body,
            &row.decided_on,
            &row.publish_by,
            &row.since,
        ]
        .map(|text| super::cell(text));
        table.write_record(cells).map_err(broken)?;
    }
    let bytes = table.into_inner().map_err(|error| Fault::broken(&error.into_error()))?;
    let named = format!("attachment; filename=\"{}.csv\"", kind.word());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, named),
    ];
    Ok((headers, bytes).into_response())
}

/// The number before which the list begins: after the last entry where nothing is said.
async fn before(visit: &Visit, query: &Query) -> Result<EntryNumber, Fault> {
    match query.after().as_deref() {
        None => Ok(visit.app.store.head().await?.next()),
        Some(text) => text.parse().map(EntryNumber).map_err(|_| Fault::NoSuchPage),
    }
}

/// Decisions before an entry, the latest first, and before which entry the list goes on.
async fn rows(
    visit: &Visit,
    kind: Kind,
    mut before: EntryNumber,
    limit: usize,
) -> Result<(Vec<PublishedRow>, Option<EntryNumber>), Fault> {
    let mut rows = Vec::new();
    for _ in 0..WINDOWS {
        let after = EntryNumber(before.0.saturating_sub(u64::from(WINDOW) + 1));
        let entries = visit.app.store.ledger(after, WINDOW).await?;
        for entry in entries.iter().rev().filter(|entry| entry.number < before) {
            if rows.len() == limit {
                return Ok((rows, Some(entry.number.next())));
            }
            if let Act::Decided(decided) = &entry.act
                && kind.has(decided.effect)
            {
                rows.extend(row(visit, entry, decided).await?);
            }
        }
        if after.0 == 0 {
            return Ok((rows, None));
        }
        before = after.next();
    }
    Ok((rows, Some(before)))
}

/// What a decision did in a public register; none where it did nothing that anybody may read.
async fn row(
    visit: &Visit,
    entry: &Entry,
    decided: &Decided,
) -> Result<Option<PublishedRow>, Fault> {
    let Some(on) = &entry.case else { return Ok(None) };
    // Only what the case enters or amends itself: an entry of others that it touches tells of them.
    let public = |change: &&Change| {
        visit.pack().registers.get(&change.register).is_some_and(|register| register.public)
    };
    let Some(change) = decided.changes.first().filter(public) else { return Ok(None) };
    let register = visit.pack().registers.get(&change.register);
    if let Some(register) = register
        && unpublished(visit, register, &change.key).await?
    {
        return Ok(None);
    }
    let case = visit.app.store.case(on.id).await?.ok_or(Fault::Broken)?;
    let Some(pack) = visit.app.packs.of(&case.pack) else { return Ok(None) };
    let day = pack.zone.day_of(entry.at);
    let shown = Shown { pack, day, ..visit.shown() };
    let Some(procedure) = pack.procedures.get(&case.procedure) else { return Ok(None) };
    if !published(procedure.kind) {
        return Ok(None);
    }
    let decision = procedure.decision(decided.step.as_str());
    let set_aside = set_aside(visit, &case, entry.number).await?;
    let withdrawn = set_aside.is_some() && decided.effect != Effect::Granted;
    let title = decision.map(|decision| decision.title.to(visit.words.0));
    Ok(Some(PublishedRow {
        // A penalty set aside is taken off the list, and why is told (行政处罚法 article 48).
        entry: if withdrawn {
            Link { href: String::new(), text: visit.words.t("published-withdrawn") }
        } else {
            Link {
                href: visit.to(&format!(
                    "/registers/{}/{}",
                    change.register,
                    super::escaped(&change.key)
                )),
                text: pack
                    .registers
                    .get(&change.register)
                    .map_or_else(String::new, |register| heading(shown, register, change)),
            }
        },
        number: if withdrawn { String::new() } else { change.key.clone() },
        decision: title.unwrap_or(decided.step.as_str()).to_owned(),
        procedure: Link {
            href: visit.to(&format!("/services/{}", procedure.name)),
            text: procedure.title.to(visit.words.0).to_owned(),
        },
        body: shown.body(&decided.by),
        decided_on: day.to_string(),
        publish_by: publish_by(visit, day),
        since: set_aside.unwrap_or_default(),
    }))
}

/// On which day a decision was set aside, and why; none where it stands.
async fn set_aside(
    visit: &Visit,
    case: &Case,
    decision: EntryNumber,
) -> Result<Option<String>, Fault> {
    let made = case.decisions.iter().find(|made| made.number == decision);
    // Who has challenged nothing has had nothing set aside.
    if made.is_none_or(|made| made.taken.is_empty()) {
        return Ok(None);
    }
    let history = visit.app.store.history(case.id).await?;
    let ruling = history.iter().find_map(|later| match &later.act {
        Act::Ruled(ruled) if ruled.upheld && ruled.decision == decision => Some((later.at, ruled)),
        _ => None,
    });
    Ok(ruling.map(|(at, ruled)| {
        let on = visit.shown().day_of(at);
        visit.words.with_both("published-set-aside", &on, &ruled.reasons)
    }))
}

/// Whether the decisions of such procedures are published: those that let somebody do something or
/// hold somebody to something, not plans, reports and money.
fn published(kind: ProcedureKind) -> bool {
    match kind {
        ProcedureKind::Licence
        | ProcedureKind::Filing
        | ProcedureKind::Registration
        | ProcedureKind::Designation
        | ProcedureKind::Order => true,
        ProcedureKind::Plan | ProcedureKind::Report | ProcedureKind::Benefit => false,
    }
}

/// What an entry is known by, as the decision wrote it.
fn heading(shown: Shown<'_>, register: &Register, change: &Change) -> String {
    let value = change.says.as_ref().and_then(|says| says.get(&register.headed));
    let field = register.field(&register.headed);
    let said = value.zip(field).map(|(value, field)| shown.value(&field.input, value));
    said.unwrap_or_else(|| change.key.clone())
}

fn publish_by(visit: &Visit, decided_on: Date) -> String {
    let pack = visit.pack();
    let limit = pack.service.as_ref().map(|service| service.published.term);
    let due = limit.map(|term| Deadline::of(term, decided_on, &pack.calendar, &pack.zone));
    due.map(|due| due.on.to_string()).unwrap_or_default()
}
