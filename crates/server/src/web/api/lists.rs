//! The lists of cases, for programs: one's own, and those that wait for the body for which the
//! program acts. A list goes on from what the answer before calls `next`.

use axum::{Json, extract::Query as Asked};
use serde::{Deserialize, Serialize};
use store::{InboxQuery, Waits, Whose};
use utoipa::ToSchema;

use super::standing;
use crate::web::{
    fault::Fault,
    handle::queue::{case_id, cursor, own_cases},
    visit::{AsApplicant, AsOfficer},
};

/// How many cases a program gets at once.
const PAGE: u32 = 100;

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct GoesOn {
    #[serde(default)]
    pub(super) after: String,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CasesWire {
    /// The cases.
    cases: Vec<CaseLineWire>,
    /// What `after` says for the next page, if there is one.
    next: Option<String>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseLineWire {
    /// Its number.
    id: u64,
    /// The service.
    procedure: String,
    /// How it stands.
    standing: &'static str,
    /// At which step, or with which end.
    step: String,
    /// The last day in time for whoever acts next.
    due_on: Option<String>,
    /// Its last ledger entry.
    last: u64,
}

impl CaseLineWire {
    fn of(case: &kernel::Case, due_on: Option<base::Date>) -> Self {
        let (standing, step) = standing(&case.standing);
        Self {
            id: case.id.0.0,
            procedure: case.procedure.to_string(),
            standing,
            step,
            due_on: due_on.map(|day| day.to_string()),
            last: case.last.0,
        }
    }
}

/// One's own cases, the newest first.
pub(crate) async fn own(
    who: AsApplicant,
    Asked(asked): Asked<GoesOn>,
) -> Result<Json<CasesWire>, Fault> {
    let before = match asked.after.as_str() {
        "" => None,
        text => Some(case_id(text).ok_or(Fault::NoSuchPage)?),
    };
    let cases = own_cases(&who, before, PAGE).await?;
    let last = cases.last().filter(|_| cases.len() >= PAGE as usize);
    let next = last.map(|case| case.id.to_string());
    let line = |case: &kernel::Case| CaseLineWire::of(case, case.standing.due().map(|due| due.on));
    Ok(Json(CasesWire { cases: cases.iter().map(line).collect(), next }))
}

/// What waits for the body, the most urgent first.
pub(crate) async fn inbox(
    who: AsOfficer,
    Asked(asked): Asked<GoesOn>,
) -> Result<Json<CasesWire>, Fault> {
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(cursor(text, &who.body).ok_or(Fault::NoSuchPage)?),
    };
    let query = InboxQuery {
        waits: Waits::For(who.body.clone()),
        officer: Whose::Anybody,
        procedure: None,
        from: None,
        until: None,
        after,
        limit: PAGE,
    };
    let found = who.visit.app.store.inbox(&query).await?;
    let next = found.next.map(|next| format!("{}_{}", next.due_on, next.case));
    let lines = found.lines.iter().map(|line| CaseLineWire::of(&line.case, Some(line.due_on)));
    Ok(Json(CasesWire { cases: lines.collect(), next }))
}
