//! What persons are told: written with the entries that it comes from, so that nothing is told
//! twice and nothing is forgotten; and what they have read.

use base::{Division, Instant};
use kernel::{
    CaseId, EntryNumber, PartyId,
    message::{Kind, Message},
};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// Rows of one statement.
const ROWS: usize = 1_000;
/// Unread messages are counted up to here.
pub const UNREAD_MAX: u32 = 99;

/// A message as its reader finds it in the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The entry it comes from.
    pub number: EntryNumber,
    /// Its kind, as [`Kind`] is written.
    pub kind: String,
    /// The case.
    pub case: CaseId,
    /// Since when it is shown.
    pub at: Instant,
    /// Whether it has been read.
    pub read: bool,
}

/// A message with the entry that it comes from.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) number: EntryNumber,
    pub(crate) case: CaseId,
    pub(crate) message: Message,
}

/// What an entry makes pointless of what was to be told later.
#[derive(Debug)]
pub(crate) struct Pointless {
    pub(crate) number: EntryNumber,
    pub(crate) case: CaseId,
    /// The kind; every kind where none is named.
    pub(crate) kind: Option<Kind>,
    pub(crate) at: Instant,
}

/// Writes messages, takes back those that have become pointless, and puts the others into the
/// outbox of every outlet that their persons have confirmed.
pub(crate) async fn keep(
    tx: &mut Tx,
    place: &Division,
    written: &[Written],
    pointless: &[Pointless],
) -> Result<(), StoreError> {
    for rows in written.chunks(ROWS) {
        insert(tx, place, rows).await?;
    }
    for one in pointless {
        take_back(tx, place, one).await?;
    }
    let numbers = written.iter().map(|one| column::number(one.number));
    match (numbers.clone().min(), numbers.max()) {
        (Some(first), Some(last)) => dispatch(tx, place, first, last).await,
        _ => Ok(()),
    }
}

async fn insert(tx: &mut Tx, place: &Division, rows: &[Written]) -> Result<(), StoreError> {
    on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO message (jurisdiction, party, number, kind, case_id, show_at) ",
        );
        query.push_values(rows, |mut values, one| {
            values
                .push_bind(place.as_str())
                .push_bind(one.message.to.0.to_vec())
                .push_bind(column::number(one.number))
                .push_bind(one.message.kind.to_string())
                .push_bind(column::case(one.case))
                .push_bind(one.message.from.micros());
        });
        query.push(" ON CONFLICT DO NOTHING");
        query.build().persistent(false).execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn take_back(tx: &mut Tx, place: &Division, one: &Pointless) -> Result<(), StoreError> {
    let kind = one.kind.as_ref().map_or_else(|| "%".to_owned(), Kind::to_string);
    for sql in [
        "DELETE FROM message WHERE jurisdiction = $1 AND case_id = $2 AND number < $3
           AND show_at > $4 AND kind LIKE $5",
        "DELETE FROM dispatch WHERE jurisdiction = $1 AND case_id = $2 AND number < $3
           AND show_at > $4 AND kind LIKE $5 AND done_at IS NULL",
    ] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(column::case(one.case))
            .bind(column::number(one.number)).bind(one.at.micros()).bind(&kind)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

async fn dispatch(tx: &mut Tx, place: &Division, first: i64, last: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO dispatch (jurisdiction, outlet, number, kind, party, case_id, show_at,
                 due_at, attempts, fault)
               SELECT m.jurisdiction, o.id, m.number, m.kind, m.party, m.case_id, m.show_at,
                 m.show_at, 0, ''
               FROM message m JOIN outlet o
                 ON o.jurisdiction = m.jurisdiction AND o.party = m.party
               WHERE m.jurisdiction = $1 AND m.number BETWEEN $2 AND $3
                 AND o.confirmed_at IS NOT NULL
               ON CONFLICT DO NOTHING";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(first).bind(last)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Somebody's messages that are shown by now, the latest first, of those before a moment and an
/// entry.
pub(crate) async fn of(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    before: Option<(Instant, EntryNumber)>,
    now: Instant,
    limit: u32,
) -> Result<Vec<Told>, StoreError> {
    let sql = "SELECT number, kind, case_id, show_at, read_at FROM message
               WHERE jurisdiction = $1 AND party = $2 AND (show_at, number) < ($3, $4)
                 AND show_at <= $5
               ORDER BY show_at DESC, number DESC, kind LIMIT $6";
    let (at, number) =
        before.map_or((i64::MAX, i64::MAX), |(at, number)| (at.micros(), column::number(number)));
    let rows: Vec<(i64, String, i64, i64, Option<i64>)> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).bind(at).bind(number).bind(now.micros())
        .bind(i64::from(limit)).fetch_all(c).await)?;
    let told = rows.into_iter().map(|(number, kind, case, at, read)| {
        let (number, case) = (column::number_of(number)?, column::case_of(case)?);
        Ok(Told { number, kind, case, at: column::instant_of(at), read: read.is_some() })
    });
    told.collect()
}

/// How many of them are unread, counted up to [`UNREAD_MAX`].
pub(crate) async fn unread(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    now: Instant,
) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT number FROM message
               WHERE jurisdiction = $1 AND party = $2 AND show_at <= $3 AND read_at IS NULL
               LIMIT $4) AS found";
    let count: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(party.0.to_vec()).bind(now.micros()).bind(i64::from(UNREAD_MAX)).fetch_one(c).await)?;
    Ok(u32::try_from(count).unwrap_or(UNREAD_MAX))
}

/// Marks those read that come from an entry, or every one that is shown.
pub(crate) async fn mark_read(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    number: Option<EntryNumber>,
    now: Instant,
) -> Result<(), StoreError> {
    let sql = "UPDATE message SET read_at = $3
               WHERE jurisdiction = $1 AND party = $2 AND show_at <= $3 AND read_at IS NULL
                 AND number BETWEEN $4 AND $5";
    let (first, last) =
        number.map_or((0, i64::MAX), |number| (column::number(number), column::number(number)));
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec()).bind(now.micros())
        .bind(first).bind(last).execute(c).await.map(drop))?;
    Ok(())
}
