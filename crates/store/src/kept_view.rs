//! Views of a queue that somebody keeps under a name: settings of a person, in no ledger, and gone
//! with the person.

use base::{Division, Instant};
use kernel::PartyId;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// How many views somebody can keep.
pub const KEPT_MAX: usize = 20;

/// A view of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptView {
    /// What its keeper calls it.
    pub name: String,
    /// What is asked of the queue: the part of the address behind the question mark.
    pub query: String,
}

/// Somebody's views, in the order of their names.
pub(crate) async fn all(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
) -> Result<Vec<KeptView>, StoreError> {
    let sql = "SELECT name, query FROM kept_view
               WHERE jurisdiction = $1 AND party = $2 ORDER BY name";
    let rows: Vec<(String, String)> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(party.0.to_vec()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(name, query)| KeptView { name, query }).collect())
}

/// Keeps a view; one of the same name is replaced. False where there are too many already.
pub(crate) async fn keep(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    view: &KeptView,
    at: Instant,
) -> Result<bool, StoreError> {
    let name = column::text(&view.name);
    let kept = all(tx, place, party).await?;
    if kept.len() >= KEPT_MAX && kept.iter().all(|own| own.name != name) {
        return Ok(false);
    }
    let sql = "INSERT INTO kept_view (jurisdiction, party, name, query, kept_at)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (jurisdiction, party, name)
               DO UPDATE SET query = excluded.query, kept_at = excluded.kept_at";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec()).bind(name)
        .bind(column::text(&view.query)).bind(at.micros()).execute(c).await.map(drop))?;
    Ok(true)
}

/// Keeps a view no longer.
pub(crate) async fn forget(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    name: &str,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM kept_view WHERE jurisdiction = $1 AND party = $2 AND name = $3";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
        .bind(column::text(name)).execute(c).await.map(drop))?;
    Ok(())
}
