//! The feed of changes: the ledger entries of cases that the reader may see, in order, each once.
//! Whoever asks again from where the answer ended misses nothing and gets nothing twice.

use std::{collections::BTreeMap, time::Duration};

use access::Action;
use axum::{Json, extract::Query as Asked};
use kernel::{Act, Actor, CaseId, Entry, EntryNumber};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing;
use crate::web::{
    app::Role,
    fault::Fault,
    permit::in_case,
    visit::{SignedIn, Visit},
};

/// How many entries are looked through for one answer.
pub(crate) const LOOKED_MAX: u32 = 500;
/// The longest that an answer waits for a change, in seconds.
const WAIT_MAX: u64 = 30;
/// How often it is looked whether there is one.
const LOOK: Duration = Duration::from_millis(250);

/// Where the feed goes on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    /// The ledger number after which it goes on.
    #[serde(default)]
    after: u64,
    /// How many seconds an answer may wait for a change.
    #[serde(default)]
    wait: u64,
}

/// A change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChangeWire {
    /// The number of its ledger entry.
    pub(crate) number: u64,
    /// When it took effect.
    at: String,
    /// The case.
    case: u64,
    /// The service.
    procedure: String,
    /// What was done: `filed`, `chose`, `supplement-asked`, `supplied`, `ran-out`, `decided`,
    /// `served`, `withdrew`, `appealed`, `ruled`, `corrected`, `redated`, `answered`, `stopped`,
    /// `resumed`, `extended`, `charged`, `migrated`, `recusal-asked`, `recused`, `turned`,
    /// `handled`, `assigned`, `drafted`.
    act: &'static str,
    /// Who did it: `party`, `clock`, or a body as `office@division`.
    by: String,
    /// How the case stands since.
    standing: &'static str,
    /// At which step, or with which end.
    step: String,
}

/// Changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesWire {
    /// The changes in the order of the ledger.
    changes: Vec<ChangeWire>,
    /// Where the feed goes on: what `after` says the next time.
    after: u64,
}

/// The word for what was done; none for what no case is about.
fn word(act: &Act) -> Option<&'static str> {
    Some(match act {
        Act::Filed(_) => "filed",
        Act::Chose(_) => "chose",
        Act::SupplementAsked(_) => "supplement-asked",
        Act::Supplied(_) => "supplied",
        Act::RanOut(_) => "ran-out",
        Act::Decided(_) => "decided",
        Act::Served(_) => "served",
        Act::Withdrew(_) => "withdrew",
        Act::Appealed(_) => "appealed",
        Act::Ruled(_) => "ruled",
        Act::Corrected(_) => "corrected",
        Act::Redated(_) => "redated",
        Act::Answered(_) => "answered",
        Act::Stopped(_) => "stopped",
        Act::Resumed(_) => "resumed",
        Act::Extended(_) => "extended",
        Act::Charged(_) => "charged",
        Act::Migrated(_) => "migrated",
        Act::RecusalAsked(_) => "recusal-asked",
        Act::Recused(_) => "recused",
        Act::Turned(_) => "turned",
        Act::Handled(_) => "handled",
        Act::Assigned(_) => "assigned",
        Act::Drafted(_) => "drafted",
        Act::CalendarAdopted(_) | Act::PackAdopted(_) | Act::Away(_) => return None,
    })
}

/// Which changes somebody sees, case by case.
pub(crate) struct Seen<'v> {
    visit: &'v Visit,
    role: Role,
    /// What has been decided of a case, with the service it is about.
    cases: BTreeMap<CaseId, Option<String>>,
}

impl<'v> Seen<'v> {
    /// What a visitor sees who stands for somebody.
    pub(crate) fn by(visit: &'v Visit, role: Role) -> Self {
        Self { visit, role, cases: BTreeMap::new() }
    }

    /// The change that an entry is, if it is one that is seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn change(&mut self, entry: &Entry) -> Result<Option<ChangeWire>, Fault> {
        let (Some(on), Some(act)) = (&entry.case, word(&entry.act)) else { return Ok(None) };
        let Some(procedure) = self.procedure(on.id).await? else { return Ok(None) };
        let (standing, step) = standing(&on.standing);
        Ok(Some(ChangeWire {
            number: entry.number.0,
            at: entry.at.to_string(),
            case: on.id.0.0,
            procedure,
            act,
            by: match &entry.by {
                Actor::Party(_) => "party".to_owned(),
                Actor::Officer(_, body) => body.to_string(),
                Actor::Clock => "clock".to_owned(),
            },
            standing,
            step,
        }))
    }

    async fn procedure(&mut self, id: CaseId) -> Result<Option<String>, Fault> {
        if let Some(known) = self.cases.get(&id) {
            return Ok(known.clone());
        }
        let case = self.visit.app.store.case(id).await?;
        let seen = match &case {
            None => None,
            Some(case) => match in_case(self.visit, &self.role, Action::SeeCase, case).await {
                Ok(_) => Some(case.procedure.to_string()),
                Err(fault @ Fault::Broken) => return Err(fault),
                Err(_) => None,
            },
        };
        self.cases.insert(id, seen.clone());
        Ok(seen)
    }
}

/// What has changed since a number; waits for it where nothing has and that is asked for.
pub(crate) async fn feed(
    who: SignedIn,
    Asked(from): Asked<From>,
) -> Result<Json<ChangesWire>, Fault> {
    let store = &who.visit.app.store;
    let until = tokio::time::Instant::now() + Duration::from_secs(from.wait.min(WAIT_MAX));
    let mut after = EntryNumber(from.after);
    loop {
        // What is decided of a case holds for one look: somebody may be concerned by it later.
        let mut seen = Seen::by(&who.visit, who.role.clone());
        let entries = store.ledger(after, LOOKED_MAX).await?;
        let mut changes = Vec::new();
        for entry in &entries {
            changes.extend(seen.change(entry).await?);
        }
        let more = entries.len() >= LOOKED_MAX as usize;
        after = entries.last().map_or(after, |entry| entry.number);
        if !changes.is_empty() || !more && tokio::time::Instant::now() >= until {
            return Ok(Json(ChangesWire { changes, after: after.0 }));
        }
        while !more && store.head().await? <= after && tokio::time::Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
    }
}
