//! The plans of a pack that is put in force: each is held against the edition whose cases it moves,
//! once more and before anything is written, for the checker may have seen another one.

use base::{Calendar, Division, Instant};
use kernel::{
    Actor, Case, CaseId, Entry, EntryNumber,
    decide::{Editions, migrated},
    ledger::OnCase,
};
use pack::model::{Migration, PackHash};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    views::Shelf,
    world::World,
};

/// A sound plan with both editions.
pub(crate) struct Plan<'s> {
    editions: Editions<'s>,
    migration: &'s Migration,
}

/// The plans of a pack for cases of editions that were in force here; an edition that never was has
/// no cases.
///
/// # Errors
/// [`StoreError::Hindered`] for the first plan that is not sound, [`StoreError::PackMissing`] where
/// an edition is not loaded.
pub(crate) fn plans<'s>(
    shelf: &'s Shelf,
    world: &World,
    adopted: PackHash,
) -> Result<Vec<Plan<'s>>, StoreError> {
    let to = shelf.get(adopted)?;
    let plans = to.migrations.values().filter(|migration| world.has_adopted(migration.from));
    let plans = plans.map(|migration| {
        let from = shelf.get(migration.from)?;
        let faults = pack::migrate::check(from, to, migration);
        if !faults.is_empty() {
            let faults = faults.into_iter().map(|fault| fault.to_string()).collect();
            return Err(StoreError::Hindered(migration.name.to_string(), faults));
        }
        Ok(Plan { editions: Editions { from, to }, migration })
    });
    plans.collect()
}

impl Plan<'_> {
    /// The stored cases that the plan may move.
    pub(crate) async fn stored(
        &self,
        tx: &mut Tx,
        place: &Division,
    ) -> Result<Vec<CaseId>, StoreError> {
        let sql = "SELECT case_id FROM case_view
                   WHERE jurisdiction = $1 AND procedure = $2 AND standing IN ('at', 'reviewing')
                   ORDER BY case_id";
        let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
            .bind(self.migration.procedure.as_str()).fetch_all(c).await)?;
        ids.into_iter().map(column::case_of).collect()
    }

    /// The entry that moves a case; none where it stays.
    pub(crate) fn entry(
        &self,
        case: &Case,
        calendar: &Calendar,
        number: EntryNumber,
        by: &Actor,
        at: Instant,
    ) -> Option<Entry> {
        let at = at.max(case.last_at);
        let (act, standing) = migrated(self.editions, self.migration, case, calendar, at)?;
        let case = Some(OnCase { id: case.id, standing });
        Some(Entry { number, at, by: by.clone(), case, act })
    }
}
