//! The same answers for programs, as JSON. These are wire types: they change only by addition.

pub(crate) mod acts;
pub(crate) mod certificates;
pub(crate) mod changes;
pub(crate) mod credit;
pub(crate) mod filing;
pub(crate) mod findings;
pub(crate) mod layouts;
pub(crate) mod lists;
pub(crate) mod openapi;
pub(crate) mod picture;
pub(crate) mod problem;
pub(crate) mod risk;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod sent;
pub(crate) mod shape;
pub(crate) mod subscriptions;
pub(crate) mod wire;

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, Query as Asked},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use kernel::{
    Case, CaseId, EntryNumber, Standing,
    case::{EntryKey, Made, Promise, Service},
    decide::awaited,
    register::Version,
};
use pack::model::Pack;
use rules::Value;
use serde::Serialize;
use store::RegisterQuery;
use utoipa::ToSchema;

use sent::{digested, tagged};

use super::{
    fault::Fault,
    handle::{Query, register::register_named},
    permit::published_on,
    visit::{SignedIn, Visit},
};

/// The last ledger entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Head {
    head: u64,
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseWire {
    id: u64,
    procedure: String,
    body: String,
    filed_at: String,
    standing: &'static str,
    step: String,
    due_on: Option<String>,
    provisional: bool,
    awaits: Vec<AwaitedWire>,
    facts: BTreeMap<String, serde_json::Value>,
    entry: Option<EntryWire>,
    entries: Vec<EntryWire>,
    promises: BTreeMap<String, &'static str>,
    decisions: Vec<DecisionWire>,
    last: u64,
}

/// A decision, with the last day of each remedy it opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionWire {
    number: u64,
    step: String,
    served_on: Option<String>,
    serve_by: Option<String>,
    made_at: String,
    remedies: BTreeMap<String, String>,
}

/// A body that must act before the case goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AwaitedWire {
    body: String,
    due_on: String,
    part: Option<String>,
    serves: Option<u64>,
}

/// A register entry by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryWire {
    register: String,
    key: String,
}

/// What an entry says as of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionWire {
    key: String,
    valid_from: String,
    valid_until: Option<String>,
    known_from: u64,
    known_until: Option<u64>,
    decided_by: u64,
    fields: BTreeMap<String, serde_json::Value>,
}

/// A page of a register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListWire {
    on: String,
    known: u64,
    total: u32,
    next: Option<String>,
    entries: Vec<VersionWire>,
}

/// The last ledger entry.
pub(crate) async fn head(visit: Visit) -> Result<Json<Head>, Fault> {
    Ok(Json(Head { head: visit.app.store.head().await?.0 }))
}

/// A case as of its last entry; that the reader may see it was decided before.
pub(crate) async fn case(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = CaseId(EntryNumber(id.parse().map_err(|_| Fault::NoSuchPage)?));
    let case = who.visit.app.store.case(id).await?.ok_or(Fault::NoSuchPage)?;
    let pack = who.visit.app.packs.of(&case.pack).ok_or(Fault::Broken)?;
    let wire = Json(CaseWire::of(pack, &case)).into_response();
    Ok(tagged(&headers, &case.last.0.to_string(), wire))
}

/// Entries of a register as of a day.
pub(crate) async fn list(
    visit: Visit,
    Path(register): Path<String>,
    Asked(query): Asked<Query>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let register = register_named(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let asked = RegisterQuery {
        register: register.name.clone(),
        at: as_of.at,
        known: as_of.known,
        heading_contains: query.sought(),
        published_on: published_on(&visit, register),
        after: query.after(),
        limit: 100,
    };
    let found = visit.app.store.entries(asked).await?;
    let wire = ListWire {
        on: as_of.on.to_string(),
        known: as_of.known.0,
        total: found.total,
        next: found.next,
        entries: found.rows.iter().map(|(key, version)| VersionWire::of(key, version)).collect(),
    };
    digested(&headers, &wire)
}

/// One entry of a register as of a day.
pub(crate) async fn entry(
    visit: Visit,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let register = register_named(&visit, &register)?;
    let as_of = query.as_of(&visit).await?;
    let version = visit.app.store.entry(&register.name, &key, as_of.at, as_of.known).await?;
    let version = version.ok_or(Fault::NoSuchPage)?;
    digested(&headers, &VersionWire::of(&key, &version))
}

impl CaseWire {
    fn of(pack: &Pack, case: &Case) -> Self {
        let due = case.standing.due();
        let awaits = awaited(pack, case).into_iter().map(|awaited| AwaitedWire {
            body: awaited.body.to_string(),
            due_on: awaited.due.on.to_string(),
            part: awaited.part.map(|part| part.to_string()),
            serves: awaited.serves.map(|number| number.0),
        });
        let (standing, step) = standing(&case.standing);
        let records = case.decisions.iter().flat_map(|made| &made.records);
        Self {
            id: case.id.0.0,
            procedure: case.procedure.to_string(),
            body: case.body.to_string(),
            filed_at: case.filed_at.to_string(),
            standing,
            step,
            due_on: due.map(|due| due.on.to_string()),
            provisional: due.is_some_and(|due| due.provisional),
            awaits: awaits.collect(),
            facts: case.facts.iter().map(|(path, value)| (path.clone(), wire(value))).collect(),
            entry: case.entry.as_ref().map(EntryWire::of),
            entries: case
                .entry
                .iter()
                .chain(records)
                .chain(&case.handled)
                .map(EntryWire::of)
                .collect(),
            promises: case.promises.iter().map(|(n, p)| (n.to_string(), promise(*p))).collect(),
            decisions: case.decisions.iter().map(DecisionWire::of).collect(),
            last: case.last.0,
        }
    }
}

impl EntryWire {
    fn of(entry: &EntryKey) -> Self {
        Self { register: entry.register.to_string(), key: entry.key.clone() }
    }
}

fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Signed => "signed",
        Promise::Kept(_) => "kept",
        Promise::Broken(_) => "broken",
    }
}

impl DecisionWire {
    fn of(made: &Made) -> Self {
        let remedies = made.remedies.iter();
        Self {
            number: made.number.0,
            step: made.step.to_string(),
            serve_by: match made.service {
                Service::Owed(due) => Some(due.on.to_string()),
                Service::Done(_) | Service::Moot => None,
            },
            served_on: match made.service {
                Service::Owed(_) | Service::Moot => None,
                Service::Done(on) => Some(on.to_string()),
            },
            made_at: made.at.to_string(),
            remedies: remedies
                .map(|(name, until)| (name.to_string(), until.on.to_string()))
                .collect(),
        }
    }
}

/// The word for how a case stands, and the step or the end it has come to.
fn standing(standing: &Standing) -> (&'static str, String) {
    match standing {
        Standing::At { step, .. } => ("at", step.to_string()),
        Standing::Reviewing { step, .. } => ("reviewing", step.to_string()),
        Standing::Supplementing { step, .. } => ("supplementing", step.to_string()),
        Standing::Stopped { step, .. } => ("stopped", step.to_string()),
        Standing::Ended { end } => ("ended", end.to_string()),
        Standing::Challenged { end, .. } => ("challenged", end.to_string()),
        Standing::Withdrawn => ("withdrawn", String::new()),
    }
}

impl VersionWire {
    fn of(key: &str, version: &Version) -> Self {
        // Who holds an entry is known by a reference, which is nobody's business.
        let told =
            |(_, value): &(&base::Name, &rules::Value)| !matches!(value, rules::Value::Party(_));
        let fields = version.fields.iter().filter(told);
        Self {
            key: key.to_owned(),
            valid_from: version.valid_from.to_string(),
            valid_until: version.valid_until.map(|until| until.to_string()),
            known_from: version.known_from.0,
            known_until: version.known_until.map(|until| until.0),
            decided_by: version.decided_by.0,
            fields: fields.map(|(name, value)| (name.to_string(), wire(value))).collect(),
        }
    }
}

/// A value in JSON: money as yuan in text, because a program's numbers may not be exact.
fn wire(value: &Value) -> serde_json::Value {
    match value {
        Value::Boolean(answer) => (*answer).into(),
        Value::Integer(number) => (*number).into(),
        Value::Codes(codes) => codes.iter().cloned().collect(),
        Value::Bilingual(text) => serde_json::json!({ "en": text.en, "zh": text.zh }),
        Value::Sealed => serde_json::json!({ "sealed": true }),
        Value::Text(_)
        | Value::Date(_)
        | Value::Point(_)
        | Value::Moment(_)
        | Value::Decimal { .. }
        | Value::Money(_)
        | Value::Division(_)
        | Value::Choice(_)
        | Value::Code(_)
        | Value::Party(_) => value.to_string().into(),
    }
}
