//! Two databases behind one body of SQL: SQLite where one command starts everything, PostgreSQL
//! where several nodes serve one city. Statements use `$1` and run unchanged on both; only the
//! column types in [`crate::schema`] differ.

use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::error::StoreError;

/// Readers of one SQLite file; more would wait for the same disk.
const READERS: u32 = 4;
/// Bytes of an SQLite file that readers see as memory, 256 GiB: more than a city has. What a
/// connection keeps itself is gone with every commit of the writer; what is mapped stays.
const MAPPED: &str = "274877906944";
/// What a connection keeps of the rest, in KiB (that is what the sign says).
const KEPT: &str = "-32768";
/// Reading connections of one node to PostgreSQL.
const SERVER_READERS: u32 = 16;
/// Writing ones: the writer's, and those of readings logged and persons erased.
const SERVER_WRITERS: u32 = 4;
/// How long another process may hold the SQLite file before a write gives up.
const BUSY: Duration = Duration::from_secs(10);

/// An open database.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// One file, one writing connection, several readers.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// A server; readers never keep the writer waiting for a connection.
    Postgres { writer: PgPool, readers: PgPool },
}

/// A transaction on either database, or a connection for one statement.
pub(crate) enum Tx {
    Sqlite(Held<Sqlite>),
    Postgres(Held<Postgres>),
}

/// A connection that is held, with or without a transaction that was begun on it.
pub(crate) enum Held<D: Database> {
    Begun(Transaction<'static, D>),
    Bare(PoolConnection<D>),
}

impl<D: Database> Deref for Held<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match self {
            Self::Begun(tx) => tx,
            Self::Bare(connection) => connection,
        }
    }
}

impl<D: Database> DerefMut for Held<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match self {
            Self::Begun(tx) => tx,
            Self::Bare(connection) => connection,
        }
    }
}

impl<D: Database> Held<D> {
    /// Keeps what was written, where a transaction was begun.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Begun(tx) => tx.commit().await,
            Self::Bare(_) => Ok(()),
        }
    }
}

/// Runs one body with the connection of whichever database the transaction is on.
macro_rules! on {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $connection = &mut **tx;
                $body
            }
            $crate::db::Tx::Postgres(tx) => {
                let $connection = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

impl Db {
    /// Opens the database at `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", ":memory:")) => Self::memory().await,
            Some(("sqlite", path)) if !path.is_empty() => Self::file(path).await,
            Some(("postgres" | "postgresql", _)) => Self::server(url).await,
            _ => Err(no_address(url)),
        }
    }

    /// One connection that is never given up, because the data lives and dies with it.
    async fn memory() -> Result<Self, StoreError> {
        let options = lasting(SqliteConnectOptions::new().in_memory(true));
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        Ok(Self::Sqlite { writer: pool.clone(), readers: pool })
    }

    async fn file(path: &str) -> Result<Self, StoreError> {
        let path = path.trim_start_matches("//");
        let options = lasting(SqliteConnectOptions::new().filename(path).create_if_missing(true))
            .journal_mode(SqliteJournalMode::Wal);
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        // A file does not hang up: asking each time whether it is there would wake its thread once
        // more for every page.
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_lazy_with(
                options
                    .pragma("query_only", "ON")
                    .pragma("mmap_size", MAPPED)
                    .pragma("cache_size", KEPT),
            );
        Ok(Self::Sqlite { writer, readers })
    }

    /// Data lies on solid disks, where a page costs the same wherever it is; and no statement of
    /// ours runs for so long that compiling it first would pay.
    async fn server(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| no_address(url))?.options([
            ("synchronous_commit", "on"),
            ("random_page_cost", "1.1"),
            ("jit", "off"),
        ]);
        let writer = PgPoolOptions::new().max_connections(SERVER_WRITERS);
        let writer = writer.connect_with(options.clone()).await?;
        let readers = PgPoolOptions::new().max_connections(SERVER_READERS);
        Ok(Self::Postgres { writer, readers: readers.connect_lazy_with(options) })
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            // A deferred transaction that turns to writing fails at once where another writes.
            Self::Sqlite { writer, .. } => {
                Tx::Sqlite(Held::Begun(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            // Whoever has waited for the head must see what was written meanwhile.
            Self::Postgres { writer, .. } => {
                let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
                Tx::Postgres(Held::Begun(writer.begin_with(begin).await?))
            }
        })
    }

    /// A transaction that reads one state of everything.
    pub(crate) async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(Held::Begun(readers.begin().await?)),
            Self::Postgres { readers, .. } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Tx::Postgres(Held::Begun(readers.begin_with(begin).await?))
            }
        })
    }

    /// A connection for one statement that reads: it sees one state of everything by itself.
    pub(crate) async fn once(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(Held::Bare(readers.acquire().await?)),
            Self::Postgres { readers, .. } => Tx::Postgres(Held::Bare(readers.acquire().await?)),
        })
    }
}

impl Tx {
    /// Keeps what was written.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs statements that answer nothing.
    pub(crate) async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        on!(self, c => sqlx::raw_sql(sql).execute(c).await.map(drop))?;
        Ok(())
    }
}

/// The refusal of an address, which may hold a password after its scheme.
fn no_address(url: &str) -> StoreError {
    StoreError::Address(url.split("//").next().unwrap_or_default().to_owned())
}

/// What a power cut must not undo: every commit waits for the disk.
fn lasting(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.synchronous(SqliteSynchronous::Full).foreign_keys(true).busy_timeout(BUSY)
}

/// What the database promises about a power cut, as read on the live writing connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// True when every acknowledged entry has reached the disk.
    pub full: bool,
    /// The settings read, in the database's own words.
    pub settings: Vec<(&'static str, String)>,
}

impl Durability {
    /// Reads the settings on the connection of a writing transaction.
    pub(crate) async fn of(tx: &mut Tx) -> Result<Self, StoreError> {
        match tx {
            Tx::Sqlite(tx) => {
                let synchronous: i64 =
                    sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut **tx).await?;
                let journal: String =
                    sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **tx).await?;
                let full = synchronous >= 2 && journal == "wal";
                let synchronous = synchronous.to_string();
                let settings = vec![("synchronous", synchronous), ("journal_mode", journal)];
                Ok(Self { full, settings })
            }
            Tx::Postgres(tx) => {
                let mut settings = Vec::new();
                for name in ["fsync", "synchronous_commit", "full_page_writes"] {
                    let sql = "SELECT current_setting($1)";
                    let value = sqlx::query_scalar(sql).bind(name).fetch_one(&mut **tx).await?;
                    settings.push((name, value));
                }
                let full = settings.iter().all(|(_, value): &(_, String)| value == "on");
                Ok(Self { full, settings })
            }
        }
    }
}
