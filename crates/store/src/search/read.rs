//! Reading the index: each statement as its database is fastest with it. SQLite works in a thread
//! of its own, and each statement and each row it hands over wakes another, so all rows of a
//! statement come in one, and what can be asked together is.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::AssertSqlSafe;

use super::{
    find::{Count, FOUND_MAX, SearchQuery},
    index::{StoredSearch, docs_in_force, docs_of, search_columns},
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

/// From the words to the entries of a part of the index: the numbers behind which and before which,
/// and the words. The index leads, whatever the planner thinks.
macro_rules! of_part {
    (sqlite) => {
        " FROM search_index CROSS JOIN search_entry e ON e.doc = search_index.rowid
          WHERE search_index.rowid > $4 AND search_index.rowid < $5 AND search_index MATCH $6 AND"
    };
    (postgres) => {
        " FROM search_index s
          CROSS JOIN LATERAL (SELECT * FROM search_entry WHERE doc = s.doc OFFSET 0) e
          WHERE s.doc > $4 AND s.doc < $5 AND s.words @@ $6::text::tsquery AND"
    };
}

/// The rows of a statement as one: an array of arrays.
macro_rules! as_one {
    ($rows:expr) => {
        concat!("SELECT json_group_array(json_array(", search_columns!(), ")) FROM (", $rows, ")")
    };
}

/// Entries that something leads to: the third parameter says how many are read at most, the fourth
/// is the jurisdiction.
macro_rules! led_to {
    ($from:literal, $order:literal) => {
        concat!(
            "SELECT ",
            search_columns!(),
            $from,
            " WHERE jurisdiction = $4 AND ",
            holding!(),
            $order,
            " LIMIT $3"
        )
    };
}

/// Some candidates, of which as many are read as the third parameter says.
macro_rules! candidates {
    ($database:ident, $number:literal) => {
        concat!(
            "SELECT e.",
            search_columns!(),
            of_part!($database),
            holding!(),
            "ORDER BY ",
            $number,
            " LIMIT $3"
        )
    };
}

/// How many there are in each register; the third parameter says how far is counted.
macro_rules! counted {
    ($database:ident) => {
        concat!(
            "SELECT register, count(*) FROM (SELECT e.register",
            of_part!($database),
            holding!(),
            "LIMIT $3) AS found GROUP BY register"
        )
    };
}

/// A part of the index from which candidates are read.
pub(super) struct Part {
    /// What they stand under.
    pub(super) words: Words,
    /// The number behind which they begin, and the first that is no longer meant.
    pub(super) docs: (i64, i64),
}

/// One state of the index, read for one query.
pub(super) struct Reader<'r> {
    tx: &'r mut Tx,
    place: &'r Division,
    pub(super) query: &'r SearchQuery,
    /// The numbers of the jurisdiction: from, and the first that is not its own.
    docs: (i64, i64),
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

    /// Everything under the words.
    pub(super) fn all(&self, words: Words) -> Part {
        Part { words, docs: (self.docs.0 - 1, self.docs.1) }
    }

    /// The same, only what is in force where that is asked, or only what is not.
    pub(super) fn admitted(&self, words: Words) -> Part {
        let docs = self.query.in_force.map(|asked| docs_in_force(self.docs, asked));
        let (first, end) = docs.unwrap_or(self.docs);
        Part { words, docs: (first - 1, end) }
    }

    /// The first candidates.
    pub(super) async fn candidates(
        &mut self,
        part: &Part,
        limit: usize,
    ) -> Result<Vec<StoredSearch>, StoreError> {
        let ((at, known), limit) = (self.as_of(), column_of(limit));
        let ((after, end), written) = (part.docs, self.written(&part.words));
        match &mut *self.tx {
            Tx::Sqlite(tx) => {
                let sql = as_one!(candidates!(sqlite, "search_index.rowid"));
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(limit);
                in_one(rows.bind(after).bind(end).bind(written).fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = candidates!(postgres, "s.doc");
                let rows = sqlx::query_as(sql).bind(at).bind(known).bind(limit);
                let rows = rows.bind(after).bind(end).bind(written).persistent(false);
                Ok(rows.fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The first candidates of several parts of the index, all those of a part before the next,
    /// each with the number of its part.
    pub(super) async fn of_each(
        &mut self,
        parts: &[Part],
        limit: usize,
    ) -> Result<Vec<(usize, StoredSearch)>, StoreError> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let (at, known) = self.as_of();
        let written: Vec<String> = parts.iter().map(|part| self.written(&part.words)).collect();
        if let Tx::Sqlite(tx) = &mut *self.tx {
            // SQLite reads the parts of a union one after another and stops as soon as there is
            // enough, so that what is not needed costs nothing.
            let sql = AssertSqlSafe(united(parts.len()));
            let mut rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(column_of(limit));
            for (part, written) in parts.iter().zip(written) {
                rows = rows.bind(part.docs.0).bind(part.docs.1).bind(written);
            }
            return in_one(rows.fetch_one(&mut **tx).await?);
        }
        let mut found = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let rows = self.candidates(part, limit - found.len()).await?;
            found.extend(rows.into_iter().map(|row| (number, row)));
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    /// How many there are in each register.
    pub(super) async fn counted(
        &mut self,
        part: &Part,
    ) -> Result<BTreeMap<Name, Count>, StoreError> {
        let (at, known) = self.as_of();
        let ((after, end), written) = (part.docs, self.written(&part.words));
        // PostgreSQL's plan depends on how common the words are, so it must see them each time;
        // SQLite's never does.
        let (sql, kept) = match self.tx {
            Tx::Sqlite(_) => (counted!(sqlite), true),
            Tx::Postgres(_) => (counted!(postgres), false),
        };
        let rows: Vec<(String, i64)> = on!(&mut *self.tx, c => sqlx::query_as(sql).bind(at)
            .bind(known).bind(i64::from(FOUND_MAX)).bind(after).bind(end).bind(written)
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
                let sql = as_one!(led_to!(
                    " FROM (SELECT value AS wanted FROM json_each($5)) CROSS JOIN search_entry e
                      ON named_register = json_extract(wanted, '$[0]')
                      AND named_key = json_extract(wanted, '$[1]')",
                    "ORDER BY doc"
                ));
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(most);
                let rows = rows.bind(self.place.as_str()).bind(listed(entries)?);
                in_one(rows.fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = led_to!(
                    " FROM unnest($5::text[], $6::text[]) AS wanted (wanted_register, wanted_key)
                      JOIN search_entry e ON named_register = wanted_register
                      AND named_key = wanted_key",
                    "ORDER BY doc"
                );
                let (registers, keys): (Vec<&str>, Vec<&str>) = entries.iter().copied().unzip();
                let rows = sqlx::query_as(sql).bind(at).bind(known).bind(most);
                let rows = rows.bind(self.place.as_str()).bind(registers).bind(keys);
                Ok(rows.fetch_all(&mut **tx).await?)
            }
        }
    }

    /// The versions that stand in the index under those numbers, in no order. A row of the index
    /// may be a part of its version's time.
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
                      AND known_from = f AND valid_from <= v
                      AND (valid_until IS NULL OR valid_until > v)"
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
                      AND known_from = f AND valid_from <= v
                      AND (valid_until IS NULL OR valid_until > v)"
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
                let sql = as_one!(led_to!(
                    " FROM (SELECT value AS wanted FROM json_each($5)) CROSS JOIN search_entry e
                      ON e.cell BETWEEN json_extract(wanted, '$[0]')
                      AND json_extract(wanted, '$[1]')",
                    ""
                ));
                let rows = sqlx::query_scalar(sql).bind(at).bind(known).bind(most);
                let rows = rows.bind(self.place.as_str()).bind(listed(&bands)?);
                in_one(rows.fetch_one(&mut **tx).await?)
            }
            Tx::Postgres(tx) => {
                let sql = led_to!(
                    " FROM unnest($5::bigint[], $6::bigint[]) AS band (low, high)
                      JOIN search_entry e ON e.cell BETWEEN band.low AND band.high",
                    ""
                );
                let (low, high): (Vec<i64>, Vec<i64>) = bands.iter().copied().unzip();
                let rows = sqlx::query_as(sql).bind(at).bind(known).bind(most);
                let rows = rows.bind(self.place.as_str()).bind(low).bind(high);
                Ok(rows.fetch_all(&mut **tx).await?)
            }
        }
    }
}

/// The statement for the candidates of so many parts of the index; the parameters of each part
/// follow those that all have in common.
fn united(parts: usize) -> String {
    let part = |number: usize| {
        let own = |parameter: usize| format!("${}", parameter + 3 * number);
        let sql = candidates!(sqlite, "search_index.rowid").replace("$6", &own(6));
        let sql = sql.replace("$5", &own(5)).replace("$4", &own(4));
        format!("SELECT {number} AS part, * FROM ({sql})")
    };
    let all: Vec<String> = (0..parts).map(part).collect();
    format!(
        "SELECT json_group_array(json_array(part, json_array({}))) FROM ({} LIMIT $3)",
        search_columns!(),
        all.join(" UNION ALL ")
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
