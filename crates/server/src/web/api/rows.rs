//! Rows that a system sends: lines of JSON under a signature, safe once they are answered. The same
//! rows again change nothing, so whoever got no answer sends them again.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, header, request::Parts},
};
use lake::{Batch, Flaw};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use crate::web::{
    app::App,
    fault::Fault,
    taking::{Came, NotSent, Taking, flaw_says, untaken},
    visit::Visit,
};

/// The rows with flaws of which the answer tells; the others are held all the same.
const TOLD_MAX: usize = 1_000;
/// By what lines of JSON are called.
const KINDS: [&str; 3] = ["application/x-ndjson", "application/jsonl", "application/ndjson"];

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenWire {
    /// The rows that were taken, also those that say what was known already.
    taken: usize,
    /// The rows that were not, and wait to be put right.
    held: usize,
    /// The number of the first row; the others follow, those that were held last.
    first: u64,
    /// What is wrong with those that were held, of at most a thousand.
    bad: Vec<BadWire>,
}

/// A row that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BadWire {
    /// Its line in the batch, from 1.
    line: u64,
    /// The number under which it is held.
    number: u64,
    /// What is wrong with it.
    flaws: Vec<FlawWire>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlawWire {
    /// The number of the flaw, the same for ever.
    number: u16,
    /// The column, where it is about one whose name is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// What to put right.
    says: String,
}

/// A turn to send a batch: taken before its body is read, so that bodies do not fill the memory.
pub(crate) struct Turn {
    taking: Taking,
    held: OwnedSemaphorePermit,
}

impl FromRequestParts<App> for Turn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !KINDS.iter().any(|own| kind.eq_ignore_ascii_case(own)) {
            return Err(Fault::Rows(NotSent::NotLines));
        }
        let taking = app.taking.clone().ok_or(Fault::Rows(NotSent::NoLake))?;
        let held = taking.turn().ok_or(Fault::Rows(NotSent::Full))?;
        Ok(Self { taking, held })
    }
}

/// Takes in a batch.
pub(crate) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((source, feed)): Path<(String, String)>,
    turn: Turn,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<TakenWire>, Fault> {
    let Turn { taking, held } = turn;
    let (source, feed, at) = (source.as_str(), feed.as_str(), visit.now);
    let came = Came { source, feed, headers: &headers, body, at };
    let batch = came.read(&app, &taking, at).await?;
    let (taken, bad) = (batch.taken(), told(&batch, &visit));
    let held_count = batch.bad().count();
    let intake = taking.lake().take_batch(&batch).await.map_err(untaken)?;
    drop(held);
    let first = intake.receipt.first;
    let numbered = (first + taken as u64..).zip(bad);
    let bad = numbered.map(|(number, (line, flaws))| BadWire { line, number, flaws });
    Ok(Json(TakenWire { taken, held: held_count, first, bad: bad.collect() }))
}

fn told(batch: &Batch, visit: &Visit) -> Vec<(u64, Vec<FlawWire>)> {
    let flaw = |flaw: &Flaw| FlawWire {
        number: flaw.number(),
        column: flaw.column.clone(),
        says: flaw_says(flaw).to(visit.words.0).to_owned(),
    };
    let bad = batch.bad().take(TOLD_MAX);
    bad.map(|(line, flaws)| (line, flaws.iter().map(flaw).collect())).collect()
}
