//! The tables. Every key starts with the jurisdiction, so that a distributed engine can shard by
//! it. `entry` is the ledger; `case_view` and `register_version` can be rebuilt from it; `receipt`
//! makes a submission have one effect; the rest is the vault and the packs.

use base::Division;

use crate::{
    column,
    db::{Db, Tx, on},
    error::StoreError,
    vault::Vault,
};

/// The edition of the tables.
const EDITION: i64 = 17;

/// Every table and index, with the column types left open.
const TABLES: &str = include_str!("schema.sql");

/// The index of words where the database is SQLite: words and versions only, for the texts stand in
/// `search_entry`. `search_word` reads it back.
const WORDS_SQLITE: &str = "
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
  words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE IF NOT EXISTS search_word USING fts5vocab(search_index, instance);";

/// The same on PostgreSQL. What was written last is read word by word with every search until it is
/// sorted in, so that little of it waits. And how common a word is decides by which way it is
/// sought: of names there are many more words than PostgreSQL would keep count of.
const WORDS_POSTGRES: &str = "
CREATE TABLE IF NOT EXISTS search_index (doc BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX IF NOT EXISTS search_words ON search_index USING gin (words)
  WITH (gin_pending_list_limit = 256);
ALTER TABLE search_index ALTER words SET STATISTICS 1000;";

/// Creates the tables that are missing and the jurisdiction's head, or checks that they are ours.
pub(crate) async fn prepare(
    db: &Db,
    jurisdiction: &Division,
    vault: &Vault,
) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    if let Tx::Postgres(_) = tx {
        // Nodes that start together would otherwise create the same table twice.
        tx.run("SELECT pg_advisory_xact_lock(8026728)").await?;
    }
    // Tables of another edition may lack what the statements below name.
    let others = editions(&mut tx).await?.into_iter().find(|edition| *edition != EDITION);
    if let Some(edition) = others {
        return Err(StoreError::OtherSchema(edition));
    }
    create(&mut tx).await?;
    let sql = "INSERT INTO head (jurisdiction, edition, key_check, number, hash)
               VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING";
    let start = kernel::ledger::ChainHash::START.0.to_vec();
    let (place, check) = (jurisdiction.as_str(), vault.check());
    on!(&mut tx, c => sqlx::query(sql).bind(place).bind(EDITION).bind(check.to_vec()).bind(start)
        .execute(c).await.map(drop))?;
    check_key(&mut tx, jurisdiction, check).await?;
    tx.commit().await
}

/// The editions of the tables that are here already; none where there are no tables.
async fn editions(tx: &mut Tx) -> Result<Vec<i64>, StoreError> {
    let there = match tx {
        Tx::Sqlite(_) => "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'head')",
        Tx::Postgres(_) => "SELECT to_regclass('head') IS NOT NULL",
    };
    if !on!(tx, c => sqlx::query_scalar::<_, bool>(there).fetch_one(c).await)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT edition FROM head";
    Ok(on!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await)?)
}

async fn check_key(
    tx: &mut Tx,
    jurisdiction: &Division,
    check: [u8; 32],
) -> Result<(), StoreError> {
    let sql = "SELECT key_check FROM head WHERE jurisdiction = $1";
    let kept: Vec<u8> = on!(tx, c =>
        sqlx::query_scalar(sql).bind(jurisdiction.as_str()).fetch_one(c).await)?;
    if column::hash_of(&kept)? == check { Ok(()) } else { Err(StoreError::WrongKey) }
}

/// Creates the tables that are missing.
pub(crate) async fn create(tx: &mut Tx) -> Result<(), StoreError> {
    let (int, bytes, word, end, words) = match tx {
        Tx::Sqlite(_) => ("INTEGER", "BLOB", "TEXT", " STRICT", WORDS_SQLITE),
        // Keys are ordered by their bytes, as in SQLite, whatever the server's language.
        Tx::Postgres(_) => ("BIGINT", "BYTEA", "TEXT COLLATE \"C\"", "", WORDS_POSTGRES),
    };
    let typed = TABLES.replace("{int}", int).replace("{bytes}", bytes);
    let sql = sqlx::AssertSqlSafe(typed.replace("{word}", word).replace("{end}", end));
    on!(tx, c => sqlx::raw_sql(sql).execute(c).await.map(drop))?;
    tx.run(words).await
}
