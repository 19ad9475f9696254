//! The rows of the two views as their columns hold them, and the statements that write and load
//! them by key.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name, Text};
use kernel::{
    Case, CaseId, EntryNumber,
    case::EntryKey,
    ledger::{bytes_of, read_bytes},
    register::{Fields, Version},
};
use serde::Deserialize;
use sqlx::{ColumnIndex, Database, Decode, FromRow, Row, Type};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    finding::FindingId,
    taken_up,
    views::{Held, Views},
};

/// Rows of one statement: with 17 columns each, SQLite's 32,766 parameters are not reached.
const ROWS: usize = 1_000;

/// A row of `case_view`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredCase {
    pub(crate) case_id: i64,
    pub(crate) procedure: String,
    pub(crate) office: String,
    pub(crate) division: String,
    pub(crate) standing: String,
    pub(crate) step: Option<String>,
    pub(crate) due_on: Option<i64>,
    pub(crate) alarm_at: Option<i64>,
    pub(crate) provisional: i64,
    pub(crate) filed_at: i64,
    pub(crate) applicant: Vec<u8>,
    pub(crate) speaker: Option<Vec<u8>>,
    pub(crate) register: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) last: i64,
    pub(crate) state: Vec<u8>,
}

/// The columns of [`StoredCase`], in order.
macro_rules! case_columns {
    () => {
        "case_id, procedure, office, division, standing, step, due_on, alarm_at, provisional, \
         filed_at, applicant, speaker, register, key, last, state"
    };
}

pub(crate) use case_columns;

impl<'r, R: Row> FromRow<'r, R> for StoredCase
where
    usize: ColumnIndex<R>,
    i64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
    Vec<u8>: Stored<'r, R::Database>,
    Option<Vec<u8>>: Stored<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            case_id: row.try_get(0)?,
            procedure: row.try_get(1)?,
            office: row.try_get(2)?,
            division: row.try_get(3)?,
            standing: row.try_get(4)?,
            step: row.try_get(5)?,
            due_on: row.try_get(6)?,
            alarm_at: row.try_get(7)?,
            provisional: row.try_get(8)?,
            filed_at: row.try_get(9)?,
            applicant: row.try_get(10)?,
            speaker: row.try_get(11)?,
            register: row.try_get(12)?,
            key: row.try_get(13)?,
            last: row.try_get(14)?,
            state: row.try_get(15)?,
        })
    }
}

/// A row of `waiting`: a body that must act in a case, of which service, and its officer who deals
/// with it, where one does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StoredWait {
    pub(crate) office: String,
    pub(crate) division: String,
    pub(crate) due_on: i64,
    pub(crate) case_id: i64,
    pub(crate) procedure: String,
    pub(crate) officer: Option<Vec<u8>>,
}

/// The columns of [`StoredWait`], in order.
macro_rules! wait_columns {
    () => {
        "office, division, due_on, case_id, procedure, officer"
    };
}
pub(crate) use wait_columns;

impl<'r, R: Row> FromRow<'r, R> for StoredWait
where
    usize: ColumnIndex<R>,
    i64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
    Option<Vec<u8>>: Stored<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            office: row.try_get(0)?,
            division: row.try_get(1)?,
            due_on: row.try_get(2)?,
            case_id: row.try_get(3)?,
            procedure: row.try_get(4)?,
            officer: row.try_get(5)?,
        })
    }
}

/// Cases as their columns hold them, the bodies that must act in each, and the findings that it
/// takes up.
#[derive(Debug, Default)]
pub(crate) struct CaseRows {
    pub(crate) cases: Vec<StoredCase>,
    pub(crate) waits: Vec<StoredWait>,
    /// Of cases that take up findings: which.
    pub(crate) taken_up: BTreeMap<i64, BTreeSet<FindingId>>,
}

/// A type that both databases hold.
pub(crate) trait Stored<'r, D: Database>: Decode<'r, D> + Type<D> {}
impl<'r, D: Database, T: Decode<'r, D> + Type<D>> Stored<'r, D> for T {}

/// A row of `register_version`; read from an array in the order of its fields, too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct StoredVersion {
    pub(crate) register: String,
    pub(crate) key: String,
    pub(crate) known_from: i64,
    pub(crate) valid_from: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) known_until: Option<i64>,
    pub(crate) decided_by: i64,
    pub(crate) heading_zh: String,
    pub(crate) heading_en: String,
    pub(crate) sought: String,
    #[serde(deserialize_with = "column::of_hex")]
    pub(crate) fields: Vec<u8>,
    pub(crate) part: i64,
}

/// The columns of [`StoredVersion`], in order; the fields perhaps in another way.
macro_rules! version_columns {
    () => {
        version_columns!("fields")
    };
    ($fields:literal) => {
        concat!(
            "register, key, known_from, valid_from, valid_until, known_until, decided_by, ",
            "heading_zh, heading_en, sought, ",
            $fields,
            ", part"
        )
    };
}
pub(crate) use version_columns;

impl<'r, R: Row> FromRow<'r, R> for StoredVersion
where
    usize: ColumnIndex<R>,
    i64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
    Vec<u8>: Stored<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            register: row.try_get(0)?,
            key: row.try_get(1)?,
            known_from: row.try_get(2)?,
            valid_from: row.try_get(3)?,
            valid_until: row.try_get(4)?,
            known_until: row.try_get(5)?,
            decided_by: row.try_get(6)?,
            heading_zh: row.try_get(7)?,
            heading_en: row.try_get(8)?,
            sought: row.try_get(9)?,
            fields: row.try_get(10)?,
            part: row.try_get(11)?,
        })
    }
}

impl StoredVersion {
    /// The row of a version.
    pub(crate) fn of(key: &EntryKey, Held { version, heading, part }: &Held) -> Self {
        Self {
            register: key.register.to_string(),
            key: column::text(&key.key),
            known_from: column::number(version.known_from),
            valid_from: version.valid_from.micros(),
            valid_until: version.valid_until.map(base::Instant::micros),
            known_until: version.known_until.map(column::number),
            decided_by: column::number(version.decided_by),
            heading_zh: heading.zh.clone(),
            heading_en: heading.en.clone(),
            sought: sought(&format!("{}\n{}\n{}", heading.zh, heading.en, column::text(&key.key))),
            fields: bytes_of(&(&version.fields, &version.wrote, version.undoes)),
            part: i64::from(*part),
        }
    }

    /// The entry's key.
    pub(crate) fn entry_key(&self) -> Result<EntryKey, StoreError> {
        Ok(EntryKey { register: column::name_of(&self.register)?, key: self.key.clone() })
    }

    /// The version.
    pub(crate) fn held(self) -> Result<Held, StoreError> {
        let said: (Fields, BTreeSet<Name>, Option<EntryNumber>) =
            read_bytes(&self.fields).map_err(|error| column::corrupt(&error.0))?;
        let (fields, wrote, undoes) = said;
        let version = Version {
            valid_from: column::instant_of(self.valid_from),
            valid_until: self.valid_until.map(column::instant_of),
            known_from: column::number_of(self.known_from)?,
            known_until: self.known_until.map(column::number_of).transpose()?,
            decided_by: column::number_of(self.decided_by)?,
            fields,
            wrote,
            undoes,
        };
        let part = u32::try_from(self.part).map_err(|_| column::corrupt("a part"))?;
        Ok(Held { version, heading: Text::new(self.heading_zh, self.heading_en), part })
    }
}

/// A text as it is sought: in lower case, whichever database compares.
pub(crate) fn sought(text: &str) -> String {
    column::text(text).to_lowercase()
}

/// The case in a state column.
pub(crate) fn case_in(state: &[u8]) -> Result<Case, StoreError> {
    read_bytes(state).map_err(|error| column::corrupt(&error.0))
}

/// Writes case rows, and who must act in them, over what stands there.
pub(crate) async fn put_cases(
    tx: &mut Tx,
    place: &Division,
    rows: &CaseRows,
) -> Result<(), StoreError> {
    put_case_rows(tx, place, &rows.cases).await?;
    drop_waits(tx, place, &rows.cases).await?;
    put_waits(tx, place, &rows.waits).await?;
    taken_up::put(tx, place, &rows.taken_up).await
}

async fn drop_waits(tx: &mut Tx, place: &Division, cases: &[StoredCase]) -> Result<(), StoreError> {
    for cases in cases.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM waiting WHERE jurisdiction = ");
            query.push_bind(place.as_str()).push(" AND case_id IN (");
            let mut list = query.separated(", ");
            for row in cases {
                list.push_bind(row.case_id);
            }
            query.push(")").build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn put_waits(tx: &mut Tx, place: &Division, rows: &[StoredWait]) -> Result<(), StoreError> {
    let into = concat!("INSERT INTO waiting (jurisdiction, ", wait_columns!(), ") ");
    for rows in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(into);
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(place.as_str())
                    .push_bind(&row.office)
                    .push_bind(&row.division)
                    .push_bind(row.due_on)
                    .push_bind(row.case_id)
                    .push_bind(&row.procedure)
                    .push_bind(&row.officer);
            });
            query.build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn put_case_rows(
    tx: &mut Tx,
    place: &Division,
    rows: &[StoredCase],
) -> Result<(), StoreError> {
    let into = concat!("INSERT INTO case_view (jurisdiction, ", case_columns!(), ") ");
    let over = " ON CONFLICT (jurisdiction, case_id) DO UPDATE SET
        standing = excluded.standing, step = excluded.step, due_on = excluded.due_on,
        alarm_at = excluded.alarm_at, provisional = excluded.provisional,
        register = excluded.register, key = excluded.key, last = excluded.last,
        state = excluded.state";
    for rows in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(into);
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(place.as_str())
                    .push_bind(row.case_id)
                    .push_bind(&row.procedure)
                    .push_bind(&row.office)
                    .push_bind(&row.division)
                    .push_bind(&row.standing)
                    .push_bind(&row.step)
                    .push_bind(row.due_on)
                    .push_bind(row.alarm_at)
                    .push_bind(row.provisional)
                    .push_bind(row.filed_at)
                    .push_bind(&row.applicant)
                    .push_bind(&row.speaker)
                    .push_bind(&row.register)
                    .push_bind(&row.key)
                    .push_bind(row.last)
                    .push_bind(&row.state);
            });
            query.push(over).build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Writes version rows; where one stands, only the number until which it is believed can change.
pub(crate) async fn put_versions(
    tx: &mut Tx,
    place: &Division,
    rows: &[StoredVersion],
) -> Result<(), StoreError> {
    let into = concat!("INSERT INTO register_version (jurisdiction, ", version_columns!(), ") ");
    let over = " ON CONFLICT (jurisdiction, register, key, known_from, valid_from)
        DO UPDATE SET known_until = excluded.known_until";
    for rows in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(into);
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(place.as_str())
                    .push_bind(&row.register)
                    .push_bind(&row.key)
                    .push_bind(row.known_from)
                    .push_bind(row.valid_from)
                    .push_bind(row.valid_until)
                    .push_bind(row.known_until)
                    .push_bind(row.decided_by)
                    .push_bind(&row.heading_zh)
                    .push_bind(&row.heading_en)
                    .push_bind(&row.sought)
                    .push_bind(&row.fields)
                    .push_bind(row.part);
            });
            query.push(over).build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Loads the cases that are not yet in the views, as far as they exist.
pub(crate) async fn load_cases(
    tx: &mut Tx,
    place: &Division,
    views: &mut Views,
    ids: impl IntoIterator<Item = CaseId>,
) -> Result<(), StoreError> {
    let wanted: BTreeSet<CaseId> =
        ids.into_iter().filter(|id| !views.cases.contains_key(id)).collect();
    let wanted: Vec<i64> = wanted.into_iter().map(column::case).collect();
    for ids in wanted.chunks(ROWS) {
        let states: Vec<Vec<u8>> = on!(tx, c => {
            let mut query =
                sqlx::QueryBuilder::new("SELECT state FROM case_view WHERE jurisdiction = ");
            query.push_bind(place.as_str()).push(" AND case_id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(*id);
            }
            query.push(")").build_query_scalar().persistent(false).fetch_all(c).await
        })?;
        for state in states {
            let case = case_in(&state)?;
            views.cases.insert(case.id, case);
        }
    }
    Ok(())
}

/// Loads every version of the register entries that are not yet in the views.
pub(crate) async fn load_versions(
    tx: &mut Tx,
    place: &Division,
    views: &mut Views,
    keys: impl IntoIterator<Item = EntryKey>,
) -> Result<(), StoreError> {
    let wanted: BTreeSet<EntryKey> =
        keys.into_iter().filter(|key| !views.entries.contains_key(key)).collect();
    let wanted: Vec<EntryKey> = wanted.into_iter().collect();
    for keys in wanted.chunks(ROWS) {
        let rows = match keys {
            [key] => versions_of(tx, place, &key.register, &key.key).await?,
            _ => versions_of_all(tx, place, keys).await?,
        };
        keys.iter().for_each(|key| drop(views.entries.insert(key.clone(), Vec::new())));
        for row in rows {
            let key = row.entry_key()?;
            views.place(key, row.held()?);
        }
    }
    Ok(())
}

/// Every version of one entry, in the order of number and then of instant. A decision is asked for
/// alone, and often: its statement stays prepared.
pub(crate) async fn versions_of(
    tx: &mut Tx,
    place: &Division,
    register: &Name,
    key: &str,
) -> Result<Vec<StoredVersion>, StoreError> {
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        " FROM register_version WHERE jurisdiction = $1 AND register = $2 AND key = $3
          ORDER BY known_from, valid_from"
    );
    Ok(on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).bind(register.as_str())
        .bind(column::text(key)).fetch_all(c).await)?)
}

/// The beginning of a statement about entries that are listed, each once by register and key. The
/// list is joined and leads: pairs `IN` a list SQLite looks for in the whole jurisdiction.
pub(crate) const LISTED: &str = "WITH wanted (wanted_register, wanted_key) AS (VALUES ";

/// Every version of some entries, by entry and then in the same order.
pub(crate) async fn versions_of_all(
    tx: &mut Tx,
    place: &Division,
    keys: &[EntryKey],
) -> Result<Vec<StoredVersion>, StoreError> {
    let from = concat!(
        ") SELECT ",
        version_columns!(),
        " FROM wanted CROSS JOIN register_version WHERE jurisdiction = "
    );
    let keys: BTreeSet<&EntryKey> = keys.iter().collect();
    Ok(on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(LISTED);
        let mut list = query.separated(", ");
        for key in &keys {
            list.push("(").push_bind_unseparated(key.register.as_str());
            list.push_unseparated(", ").push_bind_unseparated(column::text(&key.key));
            list.push_unseparated(")");
        }
        query.push(from).push_bind(place.as_str());
        query.push(" AND register = wanted_register AND key = wanted_key");
        query.push(" ORDER BY register, key, known_from, valid_from");
        query.build_query_as().persistent(false).fetch_all(c).await
    })?)
}
