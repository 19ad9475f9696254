//! Entries with everything they ever said, and when the ledger entries were made that they were
//! written with: what tells how a register stood at any moment.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant, Name};
use kernel::{EntryNumber, case::EntryKey, register::Version};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    ledger::Head,
    query::LIMIT_MAX,
    row::{StoredVersion, version_columns, versions_of_all},
};

/// Numbers of one statement.
const ROWS: usize = 1_000;

/// Entries of one register with everything they ever said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whole {
    /// Their versions by key, in the order of number and then of instant.
    pub entries: BTreeMap<String, Vec<Version>>,
    /// When the ledger entries were made at which versions begin and cease to be believed.
    pub moments: BTreeMap<EntryNumber, Instant>,
}

/// The keys of a register after one, in order, whether their entries still say something or not;
/// where `since` is given, at least those of which something may have changed from that moment on.
pub(crate) async fn keys(
    tx: &mut Tx,
    place: &Division,
    register: &Name,
    (after, since): (Option<&str>, Option<Instant>),
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    let limit = i64::from(limit.clamp(1, LIMIT_MAX));
    let after = column::text(after.unwrap_or_default());
    let since = since.map_or(i64::MIN, Instant::micros);
    let sql = "SELECT DISTINCT key FROM register_version v
               WHERE v.jurisdiction = $1 AND v.register = $2 AND v.key > $3
                 AND (v.valid_from >= $4 OR v.valid_until >= $4 OR EXISTS (
                   SELECT 1 FROM entry e WHERE e.jurisdiction = $1
                     AND e.number IN (v.known_from, v.known_until) AND e.at >= $4))
               ORDER BY key LIMIT $5";
    Ok(on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str()).bind(register.as_str())
        .bind(after).bind(since).bind(limit).fetch_all(c).await)?)
}

/// How many entries of a register had ever said something by a moment, as known with a number.
pub(crate) async fn count(
    tx: &mut Tx,
    place: &Division,
    register: &Name,
    (at, known): (Instant, EntryNumber),
) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(DISTINCT key) FROM register_version
               WHERE jurisdiction = $1 AND register = $2 AND known_from <= $3 AND valid_from <= $4";
    let count: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(register.as_str()).bind(column::number(known)).bind(at.micros()).fetch_one(c).await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// What registers said, everything that is believed or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The last entry of the ledger.
    pub head: EntryNumber,
    /// The versions of each entry, by register and key.
    pub entries: BTreeMap<EntryKey, Vec<Version>>,
    /// When the ledger entries were made at which versions begin to be believed, by number.
    pub made: Vec<(Instant, EntryNumber)>,
}

/// Some registers with everything that they ever said.
pub(crate) async fn told(
    tx: &mut Tx,
    place: &Division,
    registers: &[&Name],
) -> Result<Told, StoreError> {
    let head = Head::read(tx, place).await?.number;
    let mut told = Told { head, entries: BTreeMap::new(), made: Vec::new() };
    for register in registers {
        let sql = concat!(
            "SELECT ",
            version_columns!(),
            " FROM register_version WHERE jurisdiction = $1 AND register = $2
              ORDER BY key, known_from, valid_from"
        );
        let rows: Vec<StoredVersion> = on!(&mut *tx, c => sqlx::query_as(sql)
            .bind(place.as_str()).bind(register.as_str()).fetch_all(c).await)?;
        for row in rows {
            let key = row.entry_key()?;
            told.entries.entry(key).or_default().push(row.held()?.version);
        }
        let sql = "SELECT e.at, e.number FROM entry e WHERE e.jurisdiction = $1
                   AND e.number IN (SELECT v.known_from FROM register_version v
                     WHERE v.jurisdiction = $1 AND v.register = $2)";
        let rows: Vec<(i64, i64)> = on!(&mut *tx, c => sqlx::query_as(sql)
            .bind(place.as_str()).bind(register.as_str()).fetch_all(c).await)?;
        for (at, number) in rows {
            told.made.push((column::instant_of(at), column::number_of(number)?));
        }
    }
    told.made.sort_unstable_by_key(|(_, number)| *number);
    told.made.dedup();
    Ok(told)
}

/// The last entry with which something in a register began or ceased to be believed.
pub(crate) async fn changed_at(
    tx: &mut Tx,
    place: &Division,
    registers: &[&Name],
) -> Result<EntryNumber, StoreError> {
    let mut last = EntryNumber(0);
    for register in registers {
        let sql = "SELECT MAX(known_from), MAX(known_until) FROM register_version
                   WHERE jurisdiction = $1 AND register = $2";
        let (from, until): (Option<i64>, Option<i64>) = on!(&mut *tx, c => sqlx::query_as(sql)
            .bind(place.as_str()).bind(register.as_str()).fetch_one(c).await)?;
        for number in [from, until].into_iter().flatten() {
            last = last.max(column::number_of(number)?);
        }
    }
    Ok(last)
}

/// The entries of those keys.
pub(crate) async fn whole(
    tx: &mut Tx,
    place: &Division,
    register: &Name,
    keys: &[String],
) -> Result<Whole, StoreError> {
    let entry = |key: &String| EntryKey { register: register.clone(), key: key.clone() };
    let wanted: Vec<EntryKey> = keys.iter().map(entry).collect();
    let mut found = Whole::default();
    if wanted.is_empty() {
        return Ok(found);
    }
    for row in versions_of_all(tx, place, &wanted).await? {
        let key = row.key.clone();
        found.entries.entry(key).or_default().push(row.held()?.version);
    }
    for versions in found.entries.values_mut() {
        versions.sort_by_key(|own| (own.known_from, own.valid_from));
    }
    let versions = found.entries.values().flatten();
    let turns = versions.flat_map(|own| [Some(own.known_from), own.known_until]).flatten();
    let numbers: BTreeSet<EntryNumber> = turns.collect();
    found.moments = moments(tx, place, numbers).await?;
    Ok(found)
}

/// When ledger entries were made.
async fn moments(
    tx: &mut Tx,
    place: &Division,
    numbers: BTreeSet<EntryNumber>,
) -> Result<BTreeMap<EntryNumber, Instant>, StoreError> {
    let numbers: Vec<i64> = numbers.into_iter().map(column::number).collect();
    let mut found = BTreeMap::new();
    for numbers in numbers.chunks(ROWS) {
        let rows: Vec<(i64, i64)> = on!(tx, c => {
            let mut query =
                sqlx::QueryBuilder::new("SELECT number, at FROM entry WHERE jurisdiction = ");
            query.push_bind(place.as_str()).push(" AND number IN (");
            let mut list = query.separated(", ");
            for number in numbers {
                list.push_bind(*number);
            }
            query.push(")").build_query_as().persistent(false).fetch_all(c).await
        })?;
        for (number, at) in rows {
            found.insert(column::number_of(number)?, column::instant_of(at));
        }
    }
    Ok(found)
}
