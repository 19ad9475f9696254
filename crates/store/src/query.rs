//! What pages ask: one case, an applicant's cases, a register as of an
//! instant and a number. Lists go on from a cursor, never from an offset.

use base::{Date, Division, Instant, Name};
use kernel::{Case, CaseId, EntryNumber, PartyId, register::Version};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{StoredVersion, case_in, sought, version_columns, versions_of},
};

/// The most rows of one page.
pub(crate) const LIMIT_MAX: u32 = 500;
/// A register's entries are counted up to here.
pub const COUNT_MAX: u32 = 10_000;

/// A question to a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterQuery {
    /// The register.
    pub register: Name,
    /// For which instant.
    pub at: Instant,
    /// As believed in the snapshot that ends with this entry.
    pub known: EntryNumber,
    /// What a heading or key must contain, in any case of letters.
    pub heading_contains: Option<String>,
    /// Only what is published on that day, for those who read what everybody may.
    pub published_on: Option<Date>,
    /// The last key of the page before.
    pub after: Option<String>,
    /// The most rows wanted; 500 at most.
    pub limit: u32,
}

/// A page of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPage {
    /// Keys and what their entries say.
    pub rows: Vec<(String, Version)>,
    /// The key after which the next page begins, if there is one.
    pub next: Option<String>,
    /// How many entries answer the question on all pages, counted up to [`COUNT_MAX`].
    pub total: u32,
}

/// A case as it stands.
pub(crate) async fn case(
    tx: &mut Tx,
    place: &Division,
    id: CaseId,
) -> Result<Option<Case>, StoreError> {
    let sql = "SELECT state FROM case_view WHERE jurisdiction = $1 AND case_id = $2";
    let state: Option<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql)
        .bind(place.as_str()).bind(column::case(id)).fetch_optional(c).await)?;
    state.map(|state| case_in(&state)).transpose()
}

/// Somebody's latest cases, as applicant or as who speaks for one, of those before a case.
pub(crate) async fn cases_of(
    tx: &mut Tx,
    place: &Division,
    applicant: PartyId,
    before: Option<CaseId>,
    limit: u32,
) -> Result<Vec<Case>, StoreError> {
    let sql = "SELECT state FROM case_view
               WHERE jurisdiction = $1 AND (applicant = $2 OR speaker = $2) AND case_id < $3
               ORDER BY case_id DESC LIMIT $4";
    let limit = i64::from(limit.clamp(1, LIMIT_MAX));
    let before = before.map_or(i64::MAX, column::case);
    let states: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(applicant.0.to_vec()).bind(before).bind(limit).fetch_all(c).await)?;
    states.iter().map(|state| case_in(state)).collect()
}

/// The latest cases of a procedure, of those before a case.
pub(crate) async fn cases_under(
    tx: &mut Tx,
    place: &Division,
    procedure: &Name,
    before: Option<CaseId>,
    limit: u32,
) -> Result<Vec<Case>, StoreError> {
    let sql = "SELECT state FROM case_view
               WHERE jurisdiction = $1 AND procedure = $2 AND case_id < $3
               ORDER BY case_id DESC LIMIT $4";
    let limit = i64::from(limit.clamp(1, LIMIT_MAX));
    let before = before.map_or(i64::MAX, column::case);
    let states: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(procedure.as_str()).bind(before).bind(limit).fetch_all(c).await)?;
    states.iter().map(|state| case_in(state)).collect()
}

/// Every version of one entry.
pub(crate) async fn versions(
    tx: &mut Tx,
    place: &Division,
    register: &Name,
    key: &str,
) -> Result<Vec<Version>, StoreError> {
    let rows = versions_of(tx, place, register, key).await?;
    rows.into_iter().map(|row| Ok(row.held()?.version)).collect()
}

/// Which versions answer a register query, whatever the page: the parameters are jurisdiction,
/// register, instant, number, pattern and the day on which they are published.
macro_rules! answering {
    () => {
        " FROM register_version
          WHERE jurisdiction = $1 AND register = $2
            AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
            AND known_from <= $4 AND (known_until IS NULL OR known_until > $4)
            AND sought LIKE $5 ESCAPE '!'
            AND NOT EXISTS (SELECT 1 FROM publication p
                            WHERE p.jurisdiction = $1 AND p.register = $2
                              AND p.key = register_version.key AND p.last_day < $6) "
    };
}

/// A page of a register: its rows, and the key after which the next begins.
pub(crate) type EntryRows = (Vec<(String, Version)>, Option<String>);

/// A page of a register, and how many entries answer in all.
pub(crate) async fn entries(
    tx: &mut Tx,
    place: &Division,
    query: &RegisterQuery,
) -> Result<RegisterPage, StoreError> {
    let total = count(tx, place, query).await?;
    let (rows, next) = entry_page(tx, place, query).await?;
    Ok(RegisterPage { rows, next, total })
}

/// A page of a register.
pub(crate) async fn entry_page(
    tx: &mut Tx,
    place: &Division,
    query: &RegisterQuery,
) -> Result<EntryRows, StoreError> {
    let sql =
        concat!("SELECT ", version_columns!(), answering!(), "AND key > $7 ORDER BY key LIMIT $8");
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let after = column::text(query.after.as_deref().unwrap_or_default());
    let rows: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(query.register.as_str()).bind(query.at.micros()).bind(column::number(query.known))
        .bind(pattern(query)).bind(day(query)).bind(after).bind(i64::from(limit))
        .fetch_all(c).await)?;
    let rows: Vec<(String, Version)> = rows
        .into_iter()
        .map(|row| Ok((row.key.clone(), row.held()?.version)))
        .collect::<Result<_, StoreError>>()?;
    let full = rows.len() >= limit as usize;
    let next = rows.last().filter(|_| full).map(|(key, _)| key.clone());
    Ok((rows, next))
}

/// The entries that answer a question, those that have said so for the shortest time first.
pub(crate) async fn newest(
    tx: &mut Tx,
    place: &Division,
    query: &RegisterQuery,
) -> Result<Vec<(String, Version)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        answering!(),
        "ORDER BY valid_from DESC, key LIMIT $7"
    );
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let rows: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(query.register.as_str()).bind(query.at.micros()).bind(column::number(query.known))
        .bind(pattern(query)).bind(day(query)).bind(i64::from(limit)).fetch_all(c).await)?;
    rows.into_iter().map(|row| Ok((row.key.clone(), row.held()?.version))).collect()
}

async fn count(tx: &mut Tx, place: &Division, query: &RegisterQuery) -> Result<u32, StoreError> {
    let sql = concat!("SELECT count(*) FROM (SELECT key", answering!(), "LIMIT $7) AS found");
    let total: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(query.register.as_str()).bind(query.at.micros()).bind(column::number(query.known))
        .bind(pattern(query)).bind(day(query)).bind(i64::from(COUNT_MAX)).fetch_one(c).await)?;
    Ok(u32::try_from(total).unwrap_or(COUNT_MAX))
}

/// How many cases of a procedure, filed by an instant, have made an entry.
pub(crate) async fn entered(
    tx: &mut Tx,
    place: &Division,
    procedure: &Name,
    by: Instant,
) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT case_id FROM case_view
               WHERE jurisdiction = $1 AND procedure = $2 AND register IS NOT NULL
                 AND filed_at <= $3 LIMIT $4) AS found";
    let total: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(procedure.as_str()).bind(by.micros()).bind(i64::from(COUNT_MAX)).fetch_one(c).await)?;
    Ok(u32::try_from(total).unwrap_or(COUNT_MAX))
}

/// The day on which entries must be published; before all days where they need not be.
fn day(query: &RegisterQuery) -> i64 {
    query.published_on.map_or(i64::MIN, column::day)
}

/// The words sought as a pattern in which only our own signs stand for anything.
fn pattern(query: &RegisterQuery) -> String {
    let words = sought(query.heading_contains.as_deref().unwrap_or_default().trim());
    let plain = words.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}%")
}
