//! Entries whose publication ends: the last day on which everybody may read each. A view of the
//! ledger, by which registers are read without what is no longer published; as the pack in force
//! says. It is the newest that an entry says of its last day that counts, for every version of it.

use std::collections::BTreeMap;

use base::{Date, Division, Name};
use kernel::{
    case::EntryKey,
    register::{Fields, Version},
};
use pack::model::{Pack, Register};
use rules::{Facts, Value};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{StoredVersion, version_columns},
    views::Views,
};

/// Rows of one statement, or read at once.
const ROWS: usize = 1_000;

/// Last days by entry, as the table has them; none where an entry says no day.
pub(crate) type LastDays = BTreeMap<(String, String), Option<i64>>;

/// The fields of an entry as facts.
struct Said<'f>(&'f Fields);

impl Facts for Said<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }
}

/// The registers of the pack in force whose entries cease to be published.
fn registers(live: Option<&Pack>) -> impl Iterator<Item = &Register> {
    let registers = live.into_iter().flat_map(|pack| pack.registers.values());
    registers.filter(|register| register.published_until.is_some())
}

/// What the entries that changed say now of their last day.
pub(crate) fn changed(live: Option<&Pack>, views: &Views) -> LastDays {
    let named: BTreeMap<&Name, &Register> = registers(live).map(|own| (&own.name, own)).collect();
    let day = |entry: &EntryKey| {
        let register = named.get(&entry.register)?;
        let name = (entry.register.to_string(), column::text(&entry.key));
        let versions = views.versions(Some(entry));
        Some((name, newest(&versions).and_then(|version| last_day(register, &version.fields))))
    };
    views.changed_entries().into_iter().filter_map(day).collect()
}

/// What an entry says, as it is believed now, of the latest time.
fn newest(versions: &[Version]) -> Option<&Version> {
    versions.iter().filter(|own| own.known_until.is_none()).max_by_key(|own| own.valid_from)
}

fn last_day(register: &Register, fields: &Fields) -> Option<i64> {
    register.last_published(&Said(fields)).map(column::day)
}

/// Writes last days over those that stand there.
pub(crate) async fn put(tx: &mut Tx, place: &Division, days: LastDays) -> Result<(), StoreError> {
    for ((register, key), last) in days {
        let Some(last) = last else {
            let sql =
                "DELETE FROM publication WHERE jurisdiction = $1 AND register = $2 AND key = $3";
            on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(register).bind(key)
                .execute(c).await.map(drop))?;
            continue;
        };
        let sql = "INSERT INTO publication (jurisdiction, register, key, last_day)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (jurisdiction, register, key)
                   DO UPDATE SET last_day = excluded.last_day";
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(register).bind(key).bind(last)
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Writes all of them anew, as a pack says that is adopted.
pub(crate) async fn fill(
    tx: &mut Tx,
    place: &Division,
    live: Option<&Pack>,
) -> Result<(), StoreError> {
    clear(tx, place).await?;
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        " FROM register_version WHERE jurisdiction = $1 AND register = $2
            AND known_until IS NULL AND (key, valid_from) > ($3, $4)
          ORDER BY key, valid_from LIMIT $5"
    );
    for register in registers(live) {
        let mut after = (String::new(), i64::MIN);
        loop {
            let (key, valid) = after;
            let page: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql)
                .bind(place.as_str()).bind(register.name.as_str()).bind(key).bind(valid)
                .bind(ROWS as i64).fetch_all(c).await)?;
            let last = page.last().map(|own| (own.key.clone(), own.valid_from));
            // They come in the order of their time, so that the newest is written last.
            let mut days = LastDays::new();
            for row in page {
                let name = (row.register.clone(), row.key.clone());
                days.insert(name, last_day(register, &row.held()?.version.fields));
            }
            put(tx, place, days).await?;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    Ok(())
}

/// Forgets all of them.
pub(crate) async fn clear(tx: &mut Tx, place: &Division) -> Result<(), StoreError> {
    let sql = "DELETE FROM publication WHERE jurisdiction = $1";
    Ok(on!(tx, c => sqlx::query(sql).bind(place.as_str()).execute(c).await.map(drop))?)
}

/// Every row that is there.
pub(crate) async fn all(tx: &mut Tx, place: &Division) -> Result<LastDays, StoreError> {
    let sql = "SELECT register, key, last_day FROM publication WHERE jurisdiction = $1";
    let rows: Vec<(String, String, i64)> =
        on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(register, key, last)| ((register, key), Some(last))).collect())
}

/// The last day on which everybody may read an entry; none where its publication has no end.
pub(crate) async fn last_of(
    tx: &mut Tx,
    place: &Division,
    (register, key): (&Name, &str),
) -> Result<Option<Date>, StoreError> {
    let sql = "SELECT last_day FROM publication
               WHERE jurisdiction = $1 AND register = $2 AND key = $3";
    let last: Option<i64> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(register.as_str()).bind(column::text(key)).fetch_optional(c).await)?;
    last.map(column::day_of).transpose()
}
