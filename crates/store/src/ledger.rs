//! The ledger's own two tables: the entries, and the head that is locked to write them.

use base::Division;
use kernel::{
    CaseId, Entry, EntryNumber,
    ledger::{ChainHash, bytes_of, read_bytes},
};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// Entries of one statement.
const ROWS: usize = 1_000;

/// Where the ledger ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: EntryNumber,
    pub(crate) hash: ChainHash,
}

/// An entry with its bytes and the hash once they follow.
#[derive(Debug)]
pub(crate) struct Line {
    number: EntryNumber,
    case: Option<CaseId>,
    at: i64,
    bytes: Vec<u8>,
    hash: ChainHash,
}

impl Head {
    /// Where the ledger ends now.
    pub(crate) async fn read(tx: &mut Tx, place: &Division) -> Result<Self, StoreError> {
        let sql = "SELECT number, hash FROM head WHERE jurisdiction = $1";
        Self::found(on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_optional(c).await)?)
    }

    /// Where the ledger ends, and nobody else moves it until the transaction is over.
    pub(crate) async fn lock(tx: &mut Tx, place: &Division) -> Result<Self, StoreError> {
        let Tx::Postgres(_) = tx else { return Self::read(tx, place).await };
        let sql = "SELECT number, hash FROM head WHERE jurisdiction = $1 FOR UPDATE";
        Self::found(on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_optional(c).await)?)
    }

    fn found(row: Option<(i64, Vec<u8>)>) -> Result<Self, StoreError> {
        let (number, hash) = row.ok_or_else(|| column::corrupt("the ledger has no head"))?;
        let hash = ChainHash(column::hash_of(&hash)?);
        Ok(Self { number: column::number_of(number)?, hash })
    }

    /// The head once `entry` is written, and its line.
    pub(crate) fn then(self, entry: &Entry) -> (Self, Line) {
        let bytes = bytes_of(entry);
        let head = Self { number: entry.number, hash: self.hash.then(&bytes) };
        let case = entry.case.as_ref().map(|on| on.id);
        let (number, at) = (entry.number, entry.at.micros());
        (head, Line { number, case, at, bytes, hash: head.hash })
    }

    /// Moves the head.
    pub(crate) async fn store(self, tx: &mut Tx, place: &Division) -> Result<(), StoreError> {
        let sql = "UPDATE head SET number = $2, hash = $3 WHERE jurisdiction = $1";
        let (number, hash) = (column::number(self.number), self.hash.0.to_vec());
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(number).bind(hash)
            .execute(c).await.map(drop))?;
        Ok(())
    }
}

/// Writes entries.
pub(crate) async fn append(
    tx: &mut Tx,
    place: &Division,
    lines: &[Line],
) -> Result<(), StoreError> {
    for lines in lines.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO entry (jurisdiction, number, case_id, at, bytes, hash) ",
            );
            query.push_values(lines, |mut values, line| {
                values
                    .push_bind(place.as_str())
                    .push_bind(column::number(line.number))
                    .push_bind(line.case.map(column::case))
                    .push_bind(line.at)
                    .push_bind(&line.bytes)
                    .push_bind(line.hash.0.to_vec());
            });
            query.build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The entries of one case, or those that belong to none, in order.
pub(crate) async fn of_case(
    tx: &mut Tx,
    place: &Division,
    case: Option<CaseId>,
) -> Result<Vec<Entry>, StoreError> {
    let place = place.as_str();
    let rows: Vec<Vec<u8>> = match case {
        Some(case) => {
            let sql = "SELECT bytes FROM entry WHERE jurisdiction = $1 AND case_id = $2
                       ORDER BY number";
            let case = column::case(case);
            on!(tx, c => sqlx::query_scalar(sql).bind(place).bind(case).fetch_all(c).await)?
        }
        None => {
            let sql = "SELECT bytes FROM entry WHERE jurisdiction = $1 AND case_id IS NULL
                       ORDER BY number";
            on!(tx, c => sqlx::query_scalar(sql).bind(place).fetch_all(c).await)?
        }
    };
    rows.iter().map(|bytes| entry(bytes)).collect()
}

/// So many entries after a number.
pub(crate) async fn after(
    tx: &mut Tx,
    place: &Division,
    after: EntryNumber,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT bytes FROM entry WHERE jurisdiction = $1 AND number > $2
               ORDER BY number LIMIT $3";
    let (after, limit) = (column::number(after), i64::from(limit));
    let rows: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(after).bind(limit).fetch_all(c).await)?;
    rows.iter().map(|bytes| entry(bytes)).collect()
}

/// An entry as its bytes say it.
pub(crate) fn entry(bytes: &[u8]) -> Result<Entry, StoreError> {
    read_bytes(bytes).map_err(|error| column::corrupt(&error.0))
}
