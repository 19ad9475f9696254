//! What rules of supervision found, and up to where they were asked. It can be found again from the
//! rows and the ledger, so it is no part of the ledger; but what was once found stays readable,
//! with when it was found and when it was not any more.

use std::{collections::BTreeMap, time::Duration};

use base::{Division, Instant, Name};
use kernel::EntryNumber;
use pack::model::PackHash;
use serde::{Deserialize, Serialize};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    query::LIMIT_MAX,
    store::Store,
};

/// Rows of one statement: with 12 columns each, SQLite's 32,766 parameters are not reached.
const ROWS: usize = 1_000;

/// By what a finding is known again.
pub type FindingId = [u8; 16];

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// By what it is known again.
    pub id: FindingId,
    /// A digest of all that it says but the snapshot.
    pub says: [u8; 16],
    /// The rule.
    pub rule: Name,
    /// Whom it is about: an entry, by its key.
    pub subject: String,
    /// The division of that entry then; empty where the register says none.
    pub division: String,
    /// The moment of the event.
    pub at: Instant,
    /// The first row of the rule's feed that it rests on.
    pub row: u64,
    /// The rest.
    pub about: About,
}

/// What is read of a finding once somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of the rule.
    pub version: u32,
    /// True for a breach, false for what needs a look.
    pub clear: bool,
    /// The rows it rests on: feed and number.
    pub evidence: Vec<(String, u64)>,
    /// What was seen.
    pub shows: Vec<(String, Option<String>)>,
    /// Whether it would have been found with what was known at the moment of the event.
    pub known_then: bool,
    /// The pack with the rule.
    pub pack: [u8; 32],
    /// The rows under lower numbers were known.
    pub rows: u64,
    /// What registers said up to this entry of the ledger was known.
    pub snapshot: u64,
}

/// A finding each time that it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub finding: Finding,
    /// How often it had been found before.
    pub turn: u32,
    /// When it was found.
    pub found_at: Instant,
    /// When it was not any more; none while it stands.
    pub gone_at: Option<Instant>,
}

/// What of a finding tells whether it stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// By what it is known again.
    pub id: FindingId,
    /// What it says.
    pub says: [u8; 16],
    /// The first row that it rests on.
    pub row: u64,
    /// The moment of the event.
    pub at: Instant,
}

/// Up to where a rule was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAsked {
    /// The rule.
    pub rule: Name,
    /// The pack that says it.
    pub pack: PackHash,
    /// The rows under lower numbers.
    pub rows: u64,
    /// What registers said up to this entry of the ledger.
    pub snapshot: EntryNumber,
    /// When.
    pub at: Instant,
    /// Rows that it was asked of since the pack says it so, or that were read for it.
    pub asked: u64,
    /// Those of which it could not be told.
    pub undetermined: u64,
    /// How long it took the last time.
    pub took: Duration,
    /// Why it could not be asked the last time; empty where it could.
    pub trouble: String,
}

/// What findings are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingQuery {
    /// Of these rules; of any where that is none.
    pub rules: Option<Vec<Name>>,
    /// Of these findings; of any where that is none.
    pub among: Option<Vec<FindingId>>,
    /// About this entry.
    pub subject: Option<String>,
    /// In this division or one that lies in it; where it is empty, in none that is known.
    pub division: Option<String>,
    /// Of events from this moment on.
    pub at_since: Option<Instant>,
    /// Found from this moment on.
    pub found_since: Option<Instant>,
    /// Those that stand; false for those that are gone as well.
    pub standing: bool,
    /// After this one, in the order of their moments, the latest first.
    pub after: Option<(Instant, FindingId)>,
    /// So many.
    pub limit: u32,
}

/// How many findings stand of one rule in one division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingCount {
    /// The rule.
    pub rule: Name,
    /// The division; empty where none is said.
    pub division: String,
    /// How many.
    pub count: u64,
    /// How many of them were found from a moment on.
    pub new: u64,
}

/// Which findings are counted by entry and rule: those that stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectQuery {
    /// Of these rules.
    pub rules: Vec<Name>,
    /// About this entry; about any where that is none.
    pub subject: Option<String>,
    /// Of events from this moment on.
    pub at_since: Instant,
}

/// How many findings stand about one entry by one rule while it was in one division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectCount {
    /// The entry.
    pub subject: String,
    /// The rule.
    pub rule: Name,
    /// The division; empty where none is said.
    pub division: String,
    /// How many.
    pub count: u64,
    /// The latest moment.
    pub last: Instant,
}

/// The columns of a finding.
macro_rules! columns {
    () => {
        "id, turn, rule, subject, division, at, in_row, says, found_at, gone_at, about"
    };
}

/// A row of `finding`.
type Row = (Vec<u8>, i64, String, String, String, i64, i64, Vec<u8>, i64, Option<i64>, Vec<u8>);

fn read(row: Row) -> Result<Found, StoreError> {
    let (id, turn, rule, subject, division, at, in_row, says, found_at, gone_at, about) = row;
    let about =
        serde_json::from_slice(&about).map_err(|error| column::corrupt(&error.to_string()))?;
    Ok(Found {
        finding: Finding {
            id: half(id)?,
            says: half(says)?,
            rule: column::name_of(&rule)?,
            subject,
            division,
            at: column::instant_of(at),
            row: in_row.cast_unsigned(),
            about,
        },
        turn: u32::try_from(turn).unwrap_or_default(),
        found_at: column::instant_of(found_at),
        gone_at: gone_at.map(column::instant_of),
    })
}

/// A number of 16 bytes.
pub(crate) fn half(bytes: Vec<u8>) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| column::corrupt("the number of a finding is not 16 bytes"))
}

impl Store {
    /// What stands of a rule.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings_standing(&self, rule: &Name) -> Result<Vec<Standing>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT id, says, in_row, at FROM finding
                   WHERE jurisdiction = $1 AND rule = $2 AND gone_at IS NULL ORDER BY at, id";
        let mut tx = inner.db.once().await?;
        let rows: Vec<(Vec<u8>, Vec<u8>, i64, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(rule.as_str()).fetch_all(c).await)?;
        let standing = rows.into_iter().map(|(id, says, row, at)| {
            let (id, says) = (half(id)?, half(says)?);
            Ok(Standing { id, says, row: row.cast_unsigned(), at: column::instant_of(at) })
        });
        standing.collect()
    }

    /// Up to where each rule was asked.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn rules_asked(&self) -> Result<Vec<RuleAsked>, StoreError> {
        type Row = (String, Vec<u8>, i64, i64, i64, i64, i64, i64, String);
        let inner = self.inner();
        let sql =
            "SELECT rule, pack, to_row, snapshot, asked_at, asked, undetermined, took, trouble
                   FROM rule_asked WHERE jurisdiction = $1 ORDER BY rule";
        let mut tx = inner.db.once().await?;
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).fetch_all(c).await)?;
        let asked = rows.into_iter().map(|row| {
            let (rule, pack, rows, snapshot, at, asked, undetermined, took, trouble) = row;
            Ok(RuleAsked {
                rule: column::name_of(&rule)?,
                pack: PackHash(column::hash_of(&pack)?),
                rows: rows.cast_unsigned(),
                snapshot: column::number_of(snapshot)?,
                at: column::instant_of(at),
                asked: asked.cast_unsigned(),
                undetermined: undetermined.cast_unsigned(),
                took: Duration::from_micros(took.cast_unsigned()),
                trouble,
            })
        });
        asked.collect()
    }

    /// Keeps what came of asking a rule: what it found, what is gone, and up to where it was asked,
    /// all or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is kept then.
    pub async fn keep_findings(
        &self,
        asked: &RuleAsked,
        found: &[Finding],
        gone: &[FindingId],
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let mut tx = inner.db.write().await?;
        mark_gone(&mut tx, place, gone, asked.at).await?;
        put(&mut tx, place, found, asked.at).await?;
        put_asked(&mut tx, place, asked).await?;
        tx.commit().await
    }

    /// Forgets up to where rules were asked that no pack says any more; what they found is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing changes then.
    pub async fn end_rule(&self, rule: &Name, at: Instant) -> Result<(), StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let mut tx = inner.db.write().await?;
        let sql = "UPDATE finding SET gone_at = $3
                   WHERE jurisdiction = $1 AND rule = $2 AND gone_at IS NULL";
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(rule.as_str()).bind(at.micros())
            .execute(c).await.map(drop))?;
        let sql = "DELETE FROM rule_asked WHERE jurisdiction = $1 AND rule = $2";
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(rule.as_str())
            .execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// Findings, the latest event first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings(&self, query: &FindingQuery) -> Result<Vec<Found>, StoreError> {
        let inner = self.inner();
        let nothing = |ids: &Vec<FindingId>| ids.is_empty();
        if query.rules.as_ref().is_some_and(Vec::is_empty)
            || query.among.as_ref().is_some_and(nothing)
        {
            return Ok(Vec::new());
        }
        let limit = i64::from(query.limit.clamp(1, LIMIT_MAX));
        let mut tx = inner.db.once().await?;
        let rows: Vec<Row> = on!(&mut tx, c => {
            let from = concat!("SELECT ", columns!(), " FROM finding WHERE jurisdiction = ");
            let mut sql = sqlx::QueryBuilder::new(from);
            sql.push_bind(inner.jurisdiction.as_str());
            if query.standing {
                sql.push(" AND gone_at IS NULL");
            }
            if let Some(rules) = &query.rules {
                sql.push(" AND rule IN (");
                let mut list = sql.separated(", ");
                for rule in rules {
                    list.push_bind(rule.as_str());
                }
                sql.push(")");
            }
            if let Some(among) = &query.among {
                sql.push(" AND id IN (");
                let mut list = sql.separated(", ");
                for id in among {
                    list.push_bind(id.to_vec());
                }
                sql.push(")");
            }
            if let Some(subject) = &query.subject {
                sql.push(" AND subject = ").push_bind(column::text(subject));
            }
            if let Some(division) = &query.division {
                let division = column::text(division);
                match division.len() {
                    0 => sql.push(" AND division = ''"),
                    // A division's code begins with the code of each that it lies in.
                    length => sql
                        .push(format_args!(" AND substr(division, 1, {length}) = "))
                        .push_bind(division),
                };
            }
            if let Some(since) = query.at_since {
                sql.push(" AND at >= ").push_bind(since.micros());
            }
            if let Some(since) = query.found_since {
                sql.push(" AND found_at >= ").push_bind(since.micros());
            }
            if let Some((at, id)) = query.after {
                sql.push(" AND (at < ").push_bind(at.micros()).push(" OR (at = ");
                sql.push_bind(at.micros()).push(" AND id < ").push_bind(id.to_vec()).push("))");
            }
            sql.push(" ORDER BY at DESC, id DESC, turn DESC LIMIT ").push_bind(limit);
            sql.build_query_as().persistent(false).fetch_all(c).await
        })?;
        rows.into_iter().map(read).collect()
    }

    /// Of each of these findings that ever was, the last time that it was found.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings_among(
        &self,
        ids: &[FindingId],
    ) -> Result<BTreeMap<FindingId, Found>, StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.once().await?;
        last_of(&mut tx, &inner.jurisdiction, ids).await
    }

    /// A finding each time that it was found, the first time first; none where it never was.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn finding(&self, id: FindingId) -> Result<Vec<Found>, StoreError> {
        let inner = self.inner();
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM finding WHERE jurisdiction = $1 AND id = $2 ORDER BY turn"
        );
        let mut tx = inner.db.once().await?;
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(id.to_vec()).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// How many findings stand, by rule and division, and how many of them were found from a moment
    /// on.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn finding_counts(&self, since: Instant) -> Result<Vec<FindingCount>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT rule, division, COUNT(*),
                     COUNT(CASE WHEN found_at >= $2 THEN 1 END)
                   FROM finding WHERE jurisdiction = $1 AND gone_at IS NULL
                   GROUP BY rule, division ORDER BY rule, division";
        let mut tx = inner.db.once().await?;
        let rows: Vec<(String, String, i64, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(since.micros()).fetch_all(c).await)?;
        let counts = rows.into_iter().map(|(rule, division, count, new)| {
            let (count, new) = (count.cast_unsigned(), new.cast_unsigned());
            Ok(FindingCount { rule: column::name_of(&rule)?, division, count, new })
        });
        counts.collect()
    }

    /// How many findings stand about each entry, by rule and division.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn finding_subjects(
        &self,
        query: &SubjectQuery,
    ) -> Result<Vec<SubjectCount>, StoreError> {
        let inner = self.inner();
        if query.rules.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = inner.db.once().await?;
        let rows: Vec<(String, String, String, i64, i64)> = on!(&mut tx, c => {
            let from = "SELECT subject, rule, division, COUNT(*), MAX(at) FROM finding
                        WHERE jurisdiction = ";
            let mut sql = sqlx::QueryBuilder::new(from);
            sql.push_bind(inner.jurisdiction.as_str()).push(" AND gone_at IS NULL AND at >= ");
            sql.push_bind(query.at_since.micros());
            if let Some(subject) = &query.subject {
                sql.push(" AND subject = ").push_bind(column::text(subject));
            }
            sql.push(" AND rule IN (");
            let mut list = sql.separated(", ");
            for rule in &query.rules {
                list.push_bind(rule.as_str());
            }
            sql.push(") GROUP BY subject, rule, division ORDER BY subject, rule, division");
            sql.build_query_as().persistent(false).fetch_all(c).await
        })?;
        let counts = rows.into_iter().map(|(subject, rule, division, count, last)| {
            let (count, last) = (count.cast_unsigned(), column::instant_of(last));
            Ok(SubjectCount { subject, rule: column::name_of(&rule)?, division, count, last })
        });
        counts.collect()
    }
}

/// Of each of these findings that ever was, the last time that it was found.
pub(crate) async fn last_of(
    tx: &mut Tx,
    place: &Division,
    ids: &[FindingId],
) -> Result<BTreeMap<FindingId, Found>, StoreError> {
    let mut last = BTreeMap::new();
    for ids in ids.chunks(ROWS) {
        let rows: Vec<Row> = on!(&mut *tx, c => {
            let from = concat!("SELECT ", columns!(), " FROM finding WHERE jurisdiction = ");
            let mut sql = sqlx::QueryBuilder::new(from);
            sql.push_bind(place.as_str()).push(" AND id IN (");
            let mut list = sql.separated(", ");
            for id in ids {
                list.push_bind(id.to_vec());
            }
            sql.push(") ORDER BY turn").build_query_as().persistent(false).fetch_all(c).await
        })?;
        for found in rows.into_iter().map(read) {
            let found = found?;
            last.insert(found.finding.id, found);
        }
    }
    Ok(last)
}

async fn mark_gone(
    tx: &mut Tx,
    place: &str,
    gone: &[FindingId],
    at: Instant,
) -> Result<(), StoreError> {
    for gone in gone.chunks(ROWS) {
        on!(&mut *tx, c => {
            let mut sql = sqlx::QueryBuilder::new("UPDATE finding SET gone_at = ");
            sql.push_bind(at.micros()).push(" WHERE jurisdiction = ").push_bind(place);
            sql.push(" AND gone_at IS NULL AND id IN (");
            let mut list = sql.separated(", ");
            for id in gone {
                list.push_bind(id.to_vec());
            }
            sql.push(")").build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn put(tx: &mut Tx, place: &str, found: &[Finding], at: Instant) -> Result<(), StoreError> {
    for found in found.chunks(ROWS) {
        let turns = turns(tx, place, found).await?;
        let into = concat!("INSERT INTO finding (jurisdiction, ", columns!(), ") ");
        on!(&mut *tx, c => {
            let mut sql = sqlx::QueryBuilder::new(into);
            sql.push_values(found, |mut values, own| {
                let turn = turns.iter().find(|(id, _)| *id == own.id).map_or(0, |(_, turn)| *turn);
                values
                    .push_bind(place)
                    .push_bind(own.id.to_vec())
                    .push_bind(turn)
                    .push_bind(own.rule.as_str())
                    .push_bind(column::text(&own.subject))
                    .push_bind(column::text(&own.division))
                    .push_bind(own.at.micros())
                    .push_bind(own.row.cast_signed())
                    .push_bind(own.says.to_vec())
                    .push_bind(at.micros())
                    .push_bind(None::<i64>)
                    .push_bind(serde_json::to_vec(&own.about).unwrap_or_default());
            });
            sql.build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Which of some findings were found before, with the number of the next time.
async fn turns(
    tx: &mut Tx,
    place: &str,
    found: &[Finding],
) -> Result<Vec<(FindingId, i64)>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = on!(tx, c => {
        let from = "SELECT id, MAX(turn) + 1 FROM finding WHERE jurisdiction = ";
        let mut sql = sqlx::QueryBuilder::new(from);
        sql.push_bind(place).push(" AND id IN (");
        let mut list = sql.separated(", ");
        for own in found {
            list.push_bind(own.id.to_vec());
        }
        sql.push(") GROUP BY id").build_query_as().persistent(false).fetch_all(c).await
    })?;
    rows.into_iter().map(|(id, turn)| Ok((half(id)?, turn))).collect()
}

async fn put_asked(tx: &mut Tx, place: &str, asked: &RuleAsked) -> Result<(), StoreError> {
    let sql = "INSERT INTO rule_asked (jurisdiction, rule, pack, to_row, snapshot, asked_at, asked,
                 undetermined, took, trouble)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
               ON CONFLICT (jurisdiction, rule) DO UPDATE SET pack = excluded.pack,
                 to_row = excluded.to_row, snapshot = excluded.snapshot,
                 asked_at = excluded.asked_at, asked = excluded.asked,
                 undetermined = excluded.undetermined, took = excluded.took,
                 trouble = excluded.trouble";
    let took = i64::try_from(asked.took.as_micros()).unwrap_or(i64::MAX);
    on!(tx, c => sqlx::query(sql).bind(place).bind(asked.rule.as_str()).bind(asked.pack.0.to_vec())
        .bind(asked.rows.cast_signed()).bind(column::number(asked.snapshot))
        .bind(asked.at.micros()).bind(asked.asked.cast_signed())
        .bind(asked.undetermined.cast_signed()).bind(took).bind(column::text(&asked.trouble))
        .execute(c).await.map(drop))?;
    Ok(())
}
