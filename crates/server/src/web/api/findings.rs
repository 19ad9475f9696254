//! What rules of supervision found, for programs: a list that goes on from what the answer before
//! calls `next`, and a finding each time that it was found.

use axum::{
    Json,
    extract::{Path, Query as Asked},
};
use serde::Serialize;
use store::{finding::Found, taken_up::finding_id};
use utoipa::ToSchema;

use crate::web::{
    fault::Fault,
    handle::findings::{Which, hex, next},
    visit::AsOfficer,
};

/// How many findings a program gets at once.
const PAGE: u32 = 100;

/// A page of findings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingsWire {
    /// The findings that stand, the latest event first.
    findings: Vec<FindingWire>,
    /// What `after` says for the next page, if there is one.
    next: Option<String>,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingWire {
    /// Its number.
    id: String,
    /// The rule.
    rule: String,
    /// The version of the rule.
    version: u32,
    /// `clear` or `suspect`.
    verdict: &'static str,
    /// The entry that it is about.
    subject: String,
    /// The division of that entry, where a register says one.
    division: Option<String>,
    /// The moment of the event.
    at: String,
    /// The rows that it rests on.
    evidence: Vec<EvidenceWire>,
    /// What was seen.
    shows: Vec<ShownWire>,
    /// Whether it would have been found with what was known at the moment of the event.
    known_then: bool,
    /// The SHA-256 of the pack with the rule.
    pack: String,
    /// The rows under lower numbers were known.
    rows: u64,
    /// What registers said up to this entry of the ledger was known.
    snapshot: u64,
    /// When it was found.
    found_at: String,
    /// When it was not found any more.
    gone_at: Option<String>,
}

/// A row that a finding rests on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidenceWire {
    /// The feed.
    feed: String,
    /// The number under which it was taken in.
    number: u64,
}

/// Something that was seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownWire {
    /// The column, or what was looked up.
    name: String,
    /// What stood there.
    value: Option<String>,
}

impl FindingWire {
    fn of(found: Found) -> Self {
        let Found { finding, found_at, gone_at, .. } = found;
        let about = finding.about;
        let evidence = about.evidence.into_iter();
        let shows = about.shows.into_iter();
        Self {
            id: hex(&finding.id),
            rule: finding.rule.to_string(),
            version: about.version,
            verdict: if about.clear { "clear" } else { "suspect" },
            subject: finding.subject,
            division: Some(finding.division).filter(|own| !own.is_empty()),
            at: finding.at.to_string(),
            evidence: evidence.map(|(feed, number)| EvidenceWire { feed, number }).collect(),
            shows: shows.map(|(name, value)| ShownWire { name, value }).collect(),
            known_then: about.known_then,
            pack: hex(&about.pack),
            rows: about.rows,
            snapshot: about.snapshot,
            found_at: found_at.to_string(),
            gone_at: gone_at.map(|at| at.to_string()),
        }
    }
}

/// The findings that stand.
pub(crate) async fn list(
    who: AsOfficer,
    Asked(which): Asked<Which>,
) -> Result<Json<FindingsWire>, Fault> {
    let query = which.query(&who.visit, PAGE)?;
    let found = who.visit.app.store.findings(&query).await?;
    let next = next(&found, PAGE);
    Ok(Json(FindingsWire { findings: found.into_iter().map(FindingWire::of).collect(), next }))
}

/// A finding each time that it was found, the first time first.
pub(crate) async fn one(
    who: AsOfficer,
    Path(id): Path<String>,
) -> Result<Json<Vec<FindingWire>>, Fault> {
    let id = finding_id(&id).ok_or(Fault::NoSuchPage)?;
    let turns = who.visit.app.store.finding(id).await?;
    if turns.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    Ok(Json(turns.into_iter().map(FindingWire::of).collect()))
}
