//! What the lake knows of the rows it holds, in one file that changes as a whole: which number and
//! day a row has, how far the intake log is gathered, which commits are decided, and the rows that
//! were not taken.

use std::{collections::BTreeMap, path::Path};

use base::{Date, Instant, Name};
use minicbor::{Decode, Encode};
use redb::{
    Database, ReadableDatabase as _, ReadableTable as _, ReadableTableMetadata as _,
    TableDefinition,
};

use crate::{
    batch::{day_number, day_of_number},
    cells::Cells,
    feed::Kept,
    flaw::Flaw,
    frame::{Bad, Frame},
    row::Row,
};

const ROWS: TableDefinition<'_, &[u8; 16], &[u8; 28]> = TableDefinition::new("rows");
const HEADS: TableDefinition<'_, &str, u64> = TableDefinition::new("heads");
const DECIDED: TableDefinition<'_, &str, (u64, &[u8])> = TableDefinition::new("decided");
const BAD: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("bad");
const SETTLED: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("settled");
const SENT: TableDefinition<'_, (&str, &str), (u64, u64, i64)> = TableDefinition::new("sent");
const FEEDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("feeds");

/// The first number that is not gathered yet.
const GATHERED: &str = "gathered";
/// What the file may keep in memory, in bytes.
const CACHE: usize = 64 << 20;

/// The file.
pub(crate) struct Known(Database);

/// A change of it that is being made.
pub(crate) struct Knowing(redb::WriteTransaction);

/// The rows, while a change is being made.
pub(crate) struct KnownRows<'k>(redb::Table<'k, &'static [u8; 16], &'static [u8; 28]>);

/// A row as it was last known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Was {
    pub(crate) number: u64,
    pub(crate) day: Date,
    says: [u8; 16],
}

/// A row that was not taken, with everything needed to take it once it is mended.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Held {
    /// The feed.
    #[n(0)]
    pub feed: Name,
    /// Who sent it.
    #[n(1)]
    pub source: String,
    /// When.
    #[n(2)]
    pub received_at: Instant,
    /// Its line in the batch, from 1.
    #[n(3)]
    pub line: u64,
    /// What could be kept of it.
    #[n(4)]
    pub cells: Cells,
    /// What is wrong with it.
    #[n(5)]
    pub flaws: Vec<Flaw>,
}

impl Held {
    /// A bad row of a frame.
    pub(crate) fn of(frame: &Frame, bad: &Bad) -> Self {
        let Bad { line, cells, flaws } = bad.clone();
        let (feed, source) = (frame.feed.clone(), frame.source.clone());
        Self { feed, source, received_at: frame.received_at, line, cells, flaws }
    }
}

/// What became of a row that was not taken.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Settled {
    /// The row.
    #[n(0)]
    pub held: Held,
    /// By whom, when and how.
    #[n(1)]
    pub settling: Settling,
}

/// By whom, when and how a row was settled that had not been taken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Settling {
    /// Who did it.
    #[n(0)]
    pub by: String,
    /// When.
    #[n(1)]
    pub at: Instant,
    /// How.
    #[n(2)]
    pub how: How,
}

/// How a row was settled that had not been taken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum How {
    /// It was put right, and taken in under a number.
    #[n(0)]
    Mended {
        /// The number.
        #[n(0)]
        number: u64,
    },
    /// It was given up.
    #[n(1)]
    GivenUp {
        /// Why.
        #[n(0)]
        because: String,
    },
}

/// What a source has sent of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The source.
    pub source: String,
    /// The feed.
    pub feed: String,
    /// The rows that were taken, also those that said what was known already.
    pub rows: u64,
    /// Those that were not.
    pub bad: u64,
    /// When it last sent any.
    pub last_at: Instant,
}

/// What a row is beside those known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// The first with its key.
    New,
    /// One that says what is known already.
    Repeat,
    /// One that says something else than an earlier one.
    Instead(Was),
}

impl Known {
    pub(crate) fn open(path: &Path) -> Result<Self, redb::Error> {
        let file = Database::builder().set_cache_size(CACHE).create(path)?;
        let known = Self(file);
        let first = known.change()?;
        first.make()?;
        Ok(known)
    }

    pub(crate) fn change(&self) -> Result<Knowing, redb::Error> {
        Ok(Knowing(self.0.begin_write()?))
    }

    /// The first number that is not gathered yet.
    pub(crate) fn gathered(&self) -> Result<u64, redb::Error> {
        let heads = self.0.begin_read()?.open_table(HEADS)?;
        Ok(heads.get(GATHERED)?.map_or(1, |head| head.value()))
    }

    /// What the tables of feeds keep.
    pub(crate) fn feeds(&self) -> Result<BTreeMap<Name, Kept>, redb::Error> {
        let feeds = self.0.begin_read()?.open_table(FEEDS)?;
        let mut all = BTreeMap::new();
        for one in feeds.iter()? {
            let (name, bytes) = one?;
            let kept = minicbor::decode(bytes.value()).map_err(unread)?;
            all.insert(Name::new(name.value()).map_err(unread)?, kept);
        }
        Ok(all)
    }

    /// The commits that are decided, by the name of their table.
    pub(crate) fn decided(&self) -> Result<Vec<(String, u64, Vec<u8>)>, redb::Error> {
        let decided = self.0.begin_read()?.open_table(DECIDED)?;
        let mut all = Vec::new();
        for one in decided.iter()? {
            let (name, value) = one?;
            let (number, bytes) = value.value();
            all.push((name.value().to_owned(), number, bytes.to_vec()));
        }
        Ok(all)
    }

    /// The rows that were not taken, from a number on.
    pub(crate) fn held(&self, from: u64, count: usize) -> Result<Vec<(u64, Held)>, redb::Error> {
        let bad = self.0.begin_read()?.open_table(BAD)?;
        let mut all = Vec::new();
        for one in bad.range(from..)?.take(count) {
            let (number, bytes) = one?;
            all.push((number.value(), minicbor::decode(bytes.value()).map_err(unread)?));
        }
        Ok(all)
    }

    /// The row of that number that was not taken and is not settled.
    pub(crate) fn held_row(&self, number: u64) -> Result<Option<Held>, redb::Error> {
        let bad = self.0.begin_read()?.open_table(BAD)?;
        let held = bad.get(number)?;
        held.map(|bytes| minicbor::decode(bytes.value()).map_err(unread)).transpose()
    }

    /// How many rows are held.
    pub(crate) fn held_count(&self) -> Result<u64, redb::Error> {
        Ok(self.0.begin_read()?.open_table(BAD)?.len()?)
    }

    /// What became of a row that was not taken.
    pub(crate) fn settled(&self, number: u64) -> Result<Option<Settled>, redb::Error> {
        let settled = self.0.begin_read()?.open_table(SETTLED)?;
        let settled = settled.get(number)?;
        settled.map(|bytes| minicbor::decode(bytes.value()).map_err(unread)).transpose()
    }

    /// What each source has sent of each feed, of what is gathered.
    pub(crate) fn sent(&self) -> Result<Vec<Sent>, redb::Error> {
        let sent = self.0.begin_read()?.open_table(SENT)?;
        let mut all = Vec::new();
        for one in sent.iter()? {
            let (key, value) = one?;
            let ((source, feed), (rows, bad, last)) = (key.value(), value.value());
            let (source, feed) = (source.to_owned(), feed.to_owned());
            all.push(Sent { source, feed, rows, bad, last_at: Instant::from_micros(last) });
        }
        Ok(all)
    }
}

impl Knowing {
    /// Makes what is not there yet.
    fn make(self) -> Result<(), redb::Error> {
        self.0.open_table(ROWS)?;
        self.0.open_table(HEADS)?;
        self.0.open_table(DECIDED)?;
        self.0.open_table(BAD)?;
        self.0.open_table(SETTLED)?;
        self.0.open_table(SENT)?;
        self.0.open_table(FEEDS)?;
        self.done()
    }

    /// The rows, to be made known.
    pub(crate) fn rows(&self) -> Result<KnownRows<'_>, redb::Error> {
        Ok(KnownRows(self.0.open_table(ROWS)?))
    }

    /// What the table of a feed keeps from now on.
    pub(crate) fn keep(&self, feed: &Name, kept: &Kept) -> Result<(), redb::Error> {
        let bytes = minicbor::to_vec(kept).unwrap_or_default();
        self.0.open_table(FEEDS)?.insert(feed.as_str(), bytes.as_slice())?;
        Ok(())
    }

    /// Decides a commit of a table.
    pub(crate) fn decide(&self, table: &str, number: u64, bytes: &[u8]) -> Result<(), redb::Error> {
        self.0.open_table(DECIDED)?.insert(table, (number, bytes))?;
        Ok(())
    }

    /// Keeps a row that was not taken.
    pub(crate) fn hold(&self, number: u64, held: &Held) -> Result<(), redb::Error> {
        let bytes = minicbor::to_vec(held).unwrap_or_default();
        self.0.open_table(BAD)?.insert(number, bytes.as_slice())?;
        Ok(())
    }

    /// Settles a row that was not taken; false where it is not held, or not any more.
    pub(crate) fn settle(&self, number: u64, settling: &Settling) -> Result<bool, redb::Error> {
        let mut bad = self.0.open_table(BAD)?;
        let Some(bytes) = bad.remove(number)? else { return Ok(false) };
        let held = minicbor::decode(bytes.value()).map_err(unread)?;
        let settled = Settled { held, settling: settling.clone() };
        let settled = minicbor::to_vec(settled).unwrap_or_default();
        self.0.open_table(SETTLED)?.insert(number, settled.as_slice())?;
        Ok(true)
    }

    /// Counts what a source has sent.
    pub(crate) fn sent(&self, frame: &Frame) -> Result<(), redb::Error> {
        let mut sent = self.0.open_table(SENT)?;
        let key = (frame.source.as_str(), frame.feed.as_str());
        let (rows, bad, _) = sent.get(key)?.map_or((0, 0, 0), |value| value.value());
        let (rows, bad) = (rows + frame.rows.len() as u64, bad + frame.bad.len() as u64);
        sent.insert(key, (rows, bad, frame.received_at.micros()))?;
        Ok(())
    }

    /// The log is gathered up to a number.
    pub(crate) fn gathered(&self, next: u64) -> Result<(), redb::Error> {
        self.0.open_table(HEADS)?.insert(GATHERED, next)?;
        Ok(())
    }

    /// Makes all of it so, at once and safely.
    pub(crate) fn done(self) -> Result<(), redb::Error> {
        Ok(self.0.commit()?)
    }
}

impl KnownRows<'_> {
    /// Makes a row known, and says what it is beside those known before.
    pub(crate) fn note(
        &mut self,
        row: &Row,
        number: u64,
        day: Date,
    ) -> Result<Beside, redb::Error> {
        let was = self.0.get(&row.key)?.map(|bytes| Was::read(bytes.value()));
        if was.is_some_and(|was| was.says == row.says) {
            return Ok(Beside::Repeat);
        }
        self.0.insert(&row.key, &Was { number, day, says: row.says }.bytes())?;
        Ok(was.map_or(Beside::New, Beside::Instead))
    }
}

/// What stands there was not written by us.
fn unread(error: impl std::fmt::Debug) -> redb::Error {
    redb::Error::Corrupted(format!("{error:?}"))
}

impl Was {
    fn bytes(self) -> [u8; 28] {
        let mut bytes = [0; 28];
        let parts = self.number.to_be_bytes().into_iter().chain(day_number(self.day).to_be_bytes());
        bytes.iter_mut().zip(parts.chain(self.says)).for_each(|(byte, own)| *byte = own);
        bytes
    }

    fn read(bytes: &[u8; 28]) -> Self {
        let (number, rest) = bytes.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        let (day, says) = rest.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
        let says = says.try_into().unwrap_or([0; 16]);
        Self {
            number: u64::from_be_bytes(*number),
            day: day_of_number(i32::from_be_bytes(*day)),
            says,
        }
    }
}
