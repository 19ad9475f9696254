//! The sources of every pack that was ever in force, kept by hash: a case runs to its end under
//! the pack it was filed under.

use base::Division;
use kernel::EntryNumber;
use pack::model::PackHash;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// A pack to keep.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) hash: PackHash,
    pub(crate) name: String,
    pub(crate) sources: Vec<u8>,
}

/// Keeps a pack, or notes by which entry it was adopted again.
pub(crate) async fn keep(
    tx: &mut Tx,
    place: &Division,
    pack: &Kept,
    adopted_by: EntryNumber,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO pack (jurisdiction, hash, name, adopted_by, sources)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (jurisdiction, hash)
               DO UPDATE SET adopted_by = excluded.adopted_by";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(pack.hash.0.to_vec())
        .bind(&pack.name).bind(column::number(adopted_by)).bind(&pack.sources)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Every pack kept, in the order of adoption, with its sources.
pub(crate) async fn kept(
    tx: &mut Tx,
    place: &Division,
) -> Result<Vec<(PackHash, Vec<u8>)>, StoreError> {
    let sql = "SELECT hash, sources FROM pack WHERE jurisdiction = $1 ORDER BY adopted_by";
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_all(c).await)?;
    let kept = |(hash, sources): (Vec<u8>, _)| Ok((PackHash(column::hash_of(&hash)?), sources));
    rows.into_iter().map(kept).collect()
}

/// Which packs were adopted last by which entry.
pub(crate) async fn adoptions(
    tx: &mut Tx,
    place: &Division,
) -> Result<Vec<(PackHash, EntryNumber)>, StoreError> {
    let sql = "SELECT hash, adopted_by FROM pack WHERE jurisdiction = $1 ORDER BY adopted_by";
    let rows: Vec<(Vec<u8>, i64)> =
        on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_all(c).await)?;
    let adoption = |(hash, number): (Vec<u8>, i64)| {
        Ok((PackHash(column::hash_of(&hash)?), column::number_of(number)?))
    };
    rows.into_iter().map(adoption).collect()
}
