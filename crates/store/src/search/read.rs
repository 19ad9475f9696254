//! Reading the index: each statement as its database is fastest with it. SQLite works in a thread of
//! its own, and each statement and each row it hands over wakes another, so all rows of a statement
//! come in one, and what can be asked together is.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::AssertSqlSafe;

use super::{
    find::{Count, FOUND_MAX, SearchQuery},
    index::{StoredSearch, docs_of, search_columns},
    wanted::Words,
};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{StoredVersion, version_columns},
};

/// Which versions hold as of the query: its instant and number are the first and second parameter.
macro_rules! holding {
    () => {
        " e.valid_from <= $1 AND (e.valid_until IS NULL OR e.valid_until > $1)
          AND e.known_from <= $2 AND (e.known_until IS NULL OR e.known_until > $2) "
    };
}

/// From the words to the entries below the third parameter. The index leads, whatever the planner
/// thinks.
macro_rules! indexed {
    (sqlite) => {
        " FROM search_index CROSS JOIN search_entry e ON e.doc = search_index.rowid
          WHERE search_index.rowid < $3 AND"
    };
    (postgres) => {
        " FROM search_index s JOIN search_entry e ON e.doc = s.doc WHERE s.doc < $3 AND"
    };
}

/// Some candidates, of which as many are read as the fourth parameter says.
macro_rules! candidates {
    (sqlite) => {
        concat!(
            "SELECT ",
            search_columns!(),
            indexed!(sqlite),
            holding!(),
            "AND search_index.rowid > $5 AND search_index MATCH $6
             ORDER BY search_index.rowid LIMIT $4"
        )
    };
    (postgres) => {
        concat!(
            "SELECT e.",
            search_columns!(),
            indexed!(postgres),
            holding!(),
            "AND s.doc > $5 AND s.words @@ $6::text::tsquery ORDER BY s.doc LIMIT $4"
        )
    };
}

/// How many there are in each register; the fourth parameter says how far is counted.
macro_rules! counted {
    ($database:ident, $matching:literal) => {
        concat!(
            "SELECT register, count(*) FROM (SELECT e.register",
            indexed!($database),
            holding!(),
            $matching,
            " LIMIT $4) AS found GROUP BY register"
        )
    };
}

/// A place of the index from which candidates are read on.
pub(super) struct Begin {
    /// What they stand under.
    pub(super) words: Words,
    /// The number behind which they begin.
    pub(super) after: i64,
}

/// One state of the index, read for one query.
pub(super) struct Reader<'r> {
    tx: &'r mut Tx,
    place: &'r Division,
    pub(super) query: &'r SearchQuery,
    /// The numbers of the jurisdiction: from, and the first that is not its own.
    pub(super) docs: (i64, i64),
}

impl<'r> Reader<'r> {
    pub(super) fn new(
        tx: &'r mut Tx,
        place: &'r Division,
        query: &'r SearchQuery,
    ) -> Result<Self, StoreError> {
        Ok(Self { tx, place, query, docs: docs_of(place)? })
    }

    /// The instant and the number.
    fn as_of(&self) -> (i64, i64) {
        (self.query.at.micros(), column::number(self.query.known))
    }

    /// Everything under the words, from the beginning.
    pub(super) fn all(&self, words: Words) -> Begin {
        Begin { words, after: self.docs.0 - 1 }
    }

    /// The first candidates.
    pub(super) async fn candidates(
        &mut self,
        from: &Begin,
        limit: usize,
    ) -> Result<Vec<StoredSearch>, StoreError> {
        let ((at, known), limit) = (self.as_of(), column_of(limit));
        let written = self.written(&from.words);
        match &mut *self.tx {
            Tx::Sqlite(tx) => {
                let sql = concat!(
                    "SELECT json_group_array(json_array(",
                    search_columns!(),
                    ")) FROM (",
                    candidates!(sqlite),
                    ")"
                );
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(self.docs.1);
                let rows = rows.bind(limit).bind(from.after).bind(written);
                in_one(rows.fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let rows = sqlx::query_as(candidates!(postgres)).bind(at).bind(known);
                let rows = rows.bind(self.docs.1).bind(limit).bind(from.after).bind(written);
                Ok(rows.persistent(false).fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The first candidates of several places of the index, all those of a place before the next,
    /// each with the number of its place.
    pub(super) async fn of_each(
        &mut self,
        places: &[Begin],
        limit: usize,
    ) -> Result<Vec<(usize, StoredSearch)>, StoreError> {
        let ((at, known), most) = (self.as_of(), column_of(limit));
        let written: Vec<String> = places.iter().map(|from| self.written(&from.words)).collect();
        if let Tx::Sqlite(tx) = &mut *self.tx {
            // SQLite reads the parts of a union one after another and stops as soon as there is
            // enough, so that what is not needed costs nothing.
            let sql = AssertSqlSafe(united(places.len()));
            let mut rows =
                sqlx::query_scalar(sql).bind(at).bind(known).bind(self.docs.1).bind(most);
            for (from, written) in places.iter().zip(written) {
                rows = rows.bind(from.after).bind(written);
            }
            return in_one(rows.fetch_one(&mut **tx).await?);
        }
        let mut found = Vec::new();
        for (number, from) in places.iter().enumerate() {
            let rows = self.candidates(from, limit - found.len()).await?;
            found.extend(rows.into_iter().map(|row| (number, row)));
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    /// How many there are under the words in each register.
    pub(super) async fn counted(
        &mut self,
        words: &Words,
    ) -> Result<BTreeMap<Name, Count>, StoreError> {
        let ((at, known), end) = (self.as_of(), self.docs.1);
        let (first, written) = (self.docs.0 - 1, self.written(words));
        // PostgreSQL's plan depends on how common the words are, so it must see them each time;
        // SQLite's never does.
        let (sql, kept) = match self.tx {
            Tx::Sqlite(_) => {
                (counted!(sqlite, "AND search_index.rowid > $5 AND search_index MATCH $6"), true)
            }
            Tx::Postgres(_) => {
                (counted!(postgres, "AND s.doc > $5 AND s.words @@ $6::text::tsquery"), false)
            }
        };
        let rows: Vec<(String, i64)> = on!(&mut *self.tx, c => sqlx::query_as(sql).bind(at)
            .bind(known).bind(end).bind(i64::from(FOUND_MAX)).bind(first).bind(written)
            .persistent(kept).fetch_all(c).await)?;
        let more = rows.iter().map(|(_, count)| *count).sum::<i64>() >= i64::from(FOUND_MAX);
        let count = |(register, count): (String, i64)| {
            let found = u32::try_from(count).unwrap_or(FOUND_MAX);
            Ok((column::name_of(&register)?, Count { found, more }))
        };
        rows.into_iter().map(count).collect()
    }

    /// The entries that are known by one of those.
    pub(super) async fn named_by(
        &mut self,
        entries: &BTreeSet<(&str, &str)>,
    ) -> Result<Vec<StoredSearch>, StoreError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let (at, known) = self.as_of();
        let most = i64::from(FOUND_MAX);
        match &mut *self.tx {
            Tx::Sqlite(tx) => {
                let sql = concat!(
                    "SELECT json_group_array(json_array(",
                    search_columns!(),
                    ")) FROM (SELECT ",
                    search_columns!(),
                    " FROM (SELECT value AS wanted FROM json_each($5)) CROSS JOIN search_entry e
                      ON named_register = json_extract(wanted, '$[0]')
                      AND named_key = json_extract(wanted, '$[1]') WHERE jurisdiction = $3 AND ",
                    holding!(),
                    "ORDER BY doc LIMIT $4)"
                );
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(self.place.as_str());
                let rows = rows.bind(most).bind(listed(entries)?);
                in_one(rows.fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = concat!(
                    "SELECT ",
                    search_columns!(),
                    " FROM unnest($5::text[], $6::text[]) AS wanted (wanted_register, wanted_key)
                      JOIN search_entry e ON named_register = wanted_register
                      AND named_key = wanted_key WHERE jurisdiction = $3 AND ",
                    holding!(),
                    "ORDER BY doc LIMIT $4"
                );
                let (registers, keys): (Vec<&str>, Vec<&str>) = entries.iter().copied().unzip();
                let rows = sqlx::query_as(sql).bind(at).bind(known).bind(self.place.as_str());
                let rows = rows.bind(most).bind(registers).bind(keys);
                Ok(rows.fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The versions that stand in the index under those numbers, in no order.
    pub(super) async fn versions(
        &mut self,
        docs: &[i64],
    ) -> Result<Vec<StoredVersion>, StoreError> {
        match &mut *self.tx {
            Tx::Sqlite(tx) => {
                let sql = concat!(
                    "SELECT json_group_array(json_array(",
                    version_columns!("hex(fields)"),
                    ")) FROM (SELECT jurisdiction AS j, register AS r, key AS k, known_from AS f,
                      valid_from AS v FROM (SELECT value AS wanted FROM json_each($1))
                      CROSS JOIN search_entry ON doc = wanted)
                      CROSS JOIN register_version ON jurisdiction = j AND register = r AND key = k
                      AND known_from = f AND valid_from = v"
                );
                in_one(sqlx::query_scalar(sql).bind(listed(&docs)?).fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = concat!(
                    "SELECT ",
                    version_columns!("fields"),
                    " FROM (SELECT jurisdiction AS j, register AS r, key AS k, known_from AS f,
                      valid_from AS v FROM search_entry WHERE doc = ANY($1)) AS e
                      JOIN register_version ON jurisdiction = j AND register = r AND key = k
                      AND known_from = f AND valid_from = v"
                );
                Ok(sqlx::query_as(sql).bind(docs).fetch_all(&mut **tx).await?)
            }
        }
    }

    fn written(&self, words: &Words) -> String {
        match self.tx {
            Tx::Sqlite(_) => words.written(" AND ", " OR ", '"'),
            Tx::Postgres(_) => words.written(" & ", " | ", '\''),
        }
    }

    /// The entries in some bands of cells that hold as of the query, as many as that at most.
    pub(super) async fn around(
        &mut self,
        bands: &[(i64, i64)],
        most: i64,
    ) -> Result<Vec<StoredSearch>, StoreError> {
        let (at, known) = self.as_of();
        match &mut *self.tx {
            Tx::Sqlite(tx) => {
                let sql = concat!(
                    "SELECT json_group_array(json_array(",
                    search_columns!(),
                    ")) FROM (SELECT ",
                    search_columns!(),
                    " FROM (SELECT value AS wanted FROM json_each($5)) CROSS JOIN search_entry e
                      ON e.cell BETWEEN json_extract(wanted, '$[0]') AND json_extract(wanted, '$[1]')
                      WHERE jurisdiction = $3 AND ",
                    holding!(),
                    "LIMIT $4)"
                );
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(self.place.as_str());
                let rows = rows.bind(most).bind(listed(&bands)?);
                in_one(rows.fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = concat!(
                    "SELECT ",
                    search_columns!(),
                    " FROM unnest($5::bigint[], $6::bigint[]) AS band (low, high)
                      JOIN search_entry e ON e.cell BETWEEN band.low AND band.high
                      WHERE jurisdiction = $3 AND ",
                    holding!(),
                    "LIMIT $4"
                );
                let (low, high): (Vec<i64>, Vec<i64>) = bands.iter().copied().unzip();
                let rows = sqlx::query_as(sql).bind(at).bind(known).bind(self.place.as_str());
                Ok(rows.bind(most).bind(low).bind(high).fetch_all(&mut **tx).await?)
            }
        }
    }
}

/// The statement for the candidates of so many places of the index; the parameters of each place
/// follow those that all have in common.
fn united(places: usize) -> String {
    let part = |number: usize| {
        let (after, words) = (format!("${}", 5 + 2 * number), format!("${}", 6 + 2 * number));
        let part = candidates!(sqlite).replace("$5", &after).replace("$6", &words);
        format!("SELECT {number} AS place, * FROM ({part})")
    };
    let parts: Vec<String> = (0..places).map(part).collect();
    format!(
        "SELECT json_group_array(json_array(place, json_array({}))) FROM ({} LIMIT $4)",
        search_columns!(),
        parts.join(" UNION ALL ")
    )
}

/// The rows that came in one.
fn in_one<R: DeserializeOwned>(rows: String) -> Result<Vec<R>, StoreError> {
    serde_json::from_str(&rows).map_err(|_| column::corrupt("a row of the search index"))
}

/// A list as one parameter.
fn listed(list: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|_| column::corrupt("a list"))
}

fn column_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
