//! The lake as a whole: rows come in, are safe, and appear in the tables.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use base::{Instant, Name, Zone};
use tokio::sync::watch;

use crate::{
    Fault,
    cells::Cells,
    feed::Feed,
    flaw::Flaw,
    frame::{Bad, Frame, Mends},
    gather::{self, Gathered},
    known::{Held, How, Known, Sent, Settled, Settling},
    log::{Log, NotTaken, Reader, Receipt},
    person::PersonKey,
    row::Row,
    table::DataFile,
};

/// The lines that a batch may have.
pub const LINES_MAX: usize = 10_000;

/// A lake.
pub struct Lake {
    feeds: RwLock<BTreeMap<Name, Feed>>,
    key: PersonKey,
    log: Log,
    known: Arc<Known>,
    tables: Mutex<(gather::Tables, Reader)>,
}

/// The files of tables at one time, by the name of the table, with the folder under which they lie.
pub type Tables = BTreeMap<String, (PathBuf, Vec<DataFile>)>;

/// A batch that was read: what is good in it and what is not.
pub struct Batch {
    frame: Frame,
    feed: Feed,
    /// The lines of the good rows, from 1.
    lines: Vec<u64>,
}

impl Batch {
    /// How many of its rows are good.
    pub fn taken(&self) -> usize {
        self.frame.rows.len()
    }

    /// The others: the line, from 1, with what is wrong with it.
    pub fn bad(&self) -> impl Iterator<Item = (u64, &[Flaw])> {
        self.frame.bad.iter().map(|bad| (bad.line, bad.flaws.as_slice()))
    }

    /// The good rows, in order.
    pub fn rows(&self) -> &[Row] {
        &self.frame.rows
    }

    /// Holds rows that somebody has judged, with what is wrong with them: a number and, where it is
    /// about one, a column. A row of which nothing is said stays good.
    pub fn hold(&mut self, judge: impl Fn(&Row) -> Vec<Flaw>) {
        let rows = std::mem::take(&mut self.frame.rows);
        let lines = std::mem::take(&mut self.lines);
        for (row, line) in rows.into_iter().zip(lines) {
            let flaws = judge(&row);
            if flaws.is_empty() {
                self.frame.rows.push(row);
                self.lines.push(line);
            } else {
                let cells = Cells::of(&self.feed, &row);
                self.frame.bad.push(Bad { line, cells, flaws });
            }
        }
        self.frame.bad.sort_by_key(|bad| bad.line);
    }
}

/// A row that was held, as somebody has put it right; nothing is kept yet.
pub struct Mended {
    frame: Frame,
    /// When it was taken in, or now where it says something else now.
    pub came_at: Instant,
}

impl Mended {
    /// The row.
    pub fn row(&self) -> Option<&Row> {
        self.frame.rows.first()
    }
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// The numbers of its rows.
    pub receipt: Receipt,
    /// The rows that were taken.
    pub taken: usize,
    /// The others: the line, from 1, with what is wrong with it.
    pub bad: Vec<(u64, Vec<Flaw>)>,
}

impl Lake {
    /// Opens a lake in a folder.
    ///
    /// # Errors
    /// [`Fault`] where the folder cannot be read or written.
    pub fn open(
        folder: &Path,
        feeds: impl IntoIterator<Item = Feed>,
        key: PersonKey,
        zone: Zone,
    ) -> Result<Self, Fault> {
        let feeds: BTreeMap<Name, Feed> =
            feeds.into_iter().map(|feed| (feed.name().clone(), feed)).collect();
        // Whoever reads its files is told where they are, wherever it runs itself.
        let folder = std::path::absolute(folder)?;
        let log_folder = folder.join("intake");
        let tables = gather::Tables::open(&folder.join("feeds"), &feeds, zone)?;
        let known = tables.known().clone();
        let log = Log::open(&log_folder, known.gathered()?)?;
        let tables = Mutex::new((tables, Reader::new(&log_folder)));
        Ok(Self { feeds: RwLock::new(feeds), key, log, known, tables })
    }

    /// Takes rows of these feeds from now on.
    ///
    /// # Errors
    /// [`Fault::Changed`] where the values of a column would become another kind; nothing changes
    /// then.
    pub fn keep(&self, feeds: impl IntoIterator<Item = Feed>) -> Result<(), Fault> {
        let feeds = feeds.into_iter().map(|feed| (feed.name().clone(), feed)).collect();
        self.tables().0.keep(&feeds)?;
        *self.feeds.write().unwrap_or_else(PoisonError::into_inner) = feeds;
        Ok(())
    }

    /// Takes in lines of one source for one feed, and answers once they are safe.
    ///
    /// # Errors
    /// [`NotTaken`], and nothing of it is kept.
    pub async fn take(
        &self,
        feed: &Name,
        source: &str,
        lines: &[u8],
        now: Instant,
    ) -> Result<Intake, NotTaken> {
        self.take_batch(&self.batch(feed, source, lines, now)?).await
    }

    /// Takes in a batch that was read, and answers once it is safe.
    ///
    /// # Errors
    /// [`NotTaken`], and nothing of it is kept.
    pub async fn take_batch(&self, batch: &Batch) -> Result<Intake, NotTaken> {
        let receipt = self.log.take(&batch.frame).await?;
        let bad = batch.bad().map(|(line, flaws)| (line, flaws.to_vec())).collect();
        Ok(Intake { receipt, taken: batch.taken(), bad })
    }

    /// Reads lines of one source for one feed; nothing is kept yet.
    ///
    /// # Errors
    /// [`NotTaken`] where there is no such feed, or there are too many lines.
    pub fn batch(
        &self,
        feed: &Name,
        source: &str,
        lines: &[u8],
        now: Instant,
    ) -> Result<Batch, NotTaken> {
        let feed = self.feed(feed).ok_or(NotTaken::NoFeed)?;
        let (mut frame, mut good) = (Frame::new(&feed, source, now), Vec::new());
        let lines = lines.split(|byte| *byte == b'\n').zip(1..);
        for (line, at) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()) {
            if frame.count() >= LINES_MAX as u64 {
                return Err(NotTaken::TooLong);
            }
            match self.read(&feed, source, line, now) {
                Ok(row) => {
                    frame.rows.push(row);
                    good.push(at);
                }
                Err((cells, flaws)) => frame.bad.push(Bad { line: at, cells, flaws }),
            }
        }
        Ok(Batch { frame, feed, lines: good })
    }

    /// A feed that it takes.
    pub fn feed(&self, name: &Name) -> Option<Feed> {
        self.feeds.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn read(
        &self,
        feed: &Feed,
        source: &str,
        line: &[u8],
        now: Instant,
    ) -> Result<Row, (Cells, Vec<Flaw>)> {
        let cells = Cells::read(feed, line, &self.key)?;
        Row::of(feed, source, &cells, now).map_err(|flaws| (cells, flaws))
    }

    /// Gathers what is safe into the tables; none where nothing waits. One call does a bounded
    /// piece of the work.
    ///
    /// # Errors
    /// [`Fault`]; what was gathered before stays.
    pub fn gather(&self) -> Result<Option<Gathered>, Fault> {
        let safe = *self.log.safe().borrow();
        let (tables, log) = &mut *self.tables();
        tables.gather(log, safe)
    }

    /// Makes one file of many small ones where there are such; whether there were. One call does a
    /// bounded piece of the work, and no row changes.
    ///
    /// # Errors
    /// [`Fault`]; the table stays as it was.
    pub fn compact(&self, now: Instant) -> Result<bool, Fault> {
        self.tables().0.compact(now)
    }

    /// Deletes files that no table names any more, where nobody has touched them for so long: what
    /// takes longer to read the files of a table finds some gone. How many were deleted.
    ///
    /// # Errors
    /// [`Fault`]; what is left is deleted the next time.
    pub fn sweep(&self, untouched: Duration) -> Result<usize, Fault> {
        let since = SystemTime::now().checked_sub(untouched).unwrap_or(SystemTime::UNIX_EPOCH);
        self.tables().0.sweep(since)
    }

    /// The files with the rows of a table as of now, and the folder under which they lie.
    ///
    /// # Errors
    /// [`Fault`] where the table cannot be read.
    pub fn files(&self, table: &str) -> Result<(PathBuf, Vec<DataFile>), Fault> {
        let mut tables = self.tables();
        let table = tables.0.table(table)?;
        Ok((table.folder().to_owned(), table.files().cloned().collect()))
    }

    /// The files of some tables at one time, each with the folder under which they lie, and the
    /// number under which all rows are in them.
    ///
    /// # Errors
    /// [`Fault`] where a table cannot be read.
    pub fn snapshot(
        &self,
        names: impl IntoIterator<Item = String>,
    ) -> Result<(u64, Tables), Fault> {
        // Nothing is gathered while the tables are held.
        let mut tables = self.tables();
        let mut files = BTreeMap::new();
        for name in names {
            let table = tables.0.table(&name)?;
            let own = (table.folder().to_owned(), table.files().cloned().collect());
            files.insert(name, own);
        }
        Ok((self.known.gathered()?, files))
    }

    /// The rows that were not taken, from a number on.
    ///
    /// # Errors
    /// [`Fault`] where they cannot be read.
    pub fn held(&self, from: u64, count: usize) -> Result<Vec<(u64, Held)>, Fault> {
        Ok(self.known.held(from, count)?)
    }

    /// How many rows are held.
    ///
    /// # Errors
    /// [`Fault`] where they cannot be read.
    pub fn held_count(&self) -> Result<u64, Fault> {
        Ok(self.known.held_count()?)
    }

    /// The row of that number that was not taken and is not settled.
    ///
    /// # Errors
    /// [`Fault`] where it cannot be read.
    pub fn held_row(&self, number: u64) -> Result<Option<Held>, Fault> {
        Ok(self.known.held_row(number)?)
    }

    /// What became of a row that was not taken; none where it is still held, or never was.
    ///
    /// # Errors
    /// [`Fault`] where it cannot be read.
    pub fn settled(&self, number: u64) -> Result<Option<Settled>, Fault> {
        Ok(self.known.settled(number)?)
    }

    /// What each source has sent of each feed, of what is gathered.
    ///
    /// # Errors
    /// [`Fault`] where it cannot be read.
    pub fn sent(&self) -> Result<Vec<Sent>, Fault> {
        Ok(self.known.sent()?)
    }

    /// Each later number up to but without which rows are safe.
    pub fn safe(&self) -> watch::Receiver<u64> {
        self.log.safe()
    }

    /// How many rows are safe and not gathered yet.
    ///
    /// # Errors
    /// [`Fault`] where it cannot be read.
    pub fn waiting(&self) -> Result<u64, Fault> {
        let safe = *self.log.safe().borrow();
        Ok(safe.saturating_sub(self.known.gathered()?))
    }

    /// Gives up a row that was held; false where it is not held, or not any more.
    ///
    /// # Errors
    /// [`Fault`]; it is still held then.
    pub fn give_up(&self, number: u64, settling: &GivingUp<'_>) -> Result<bool, Fault> {
        let GivingUp { by, because, at } = settling;
        let how = How::GivenUp { because: (*because).to_owned() };
        let knowing = self.known.change()?;
        let settled = knowing.settle(number, &Settling { by: (*by).to_owned(), at: *at, how })?;
        knowing.done()?;
        Ok(settled)
    }

    /// Takes in a row that was held, with some of its cells put right by somebody. What is not
    /// taken again is held as it was.
    ///
    /// # Errors
    /// [`NotMended`].
    pub async fn mend(&self, mends: Mends, line: &[u8], now: Instant) -> Result<Intake, NotMended> {
        self.take_mended(&self.mended(mends, line, now)?).await
    }

    /// A row that was held, with some of its cells put right by somebody; nothing is kept yet.
    ///
    /// # Errors
    /// [`NotMended`].
    pub fn mended(&self, mends: Mends, line: &[u8], now: Instant) -> Result<Mended, NotMended> {
        let held = self.known.held_row(mends.number)?.ok_or(NotMended::Gone)?;
        let feed = &self.feed(&held.feed).ok_or(NotMended::Gone)?;
        let cells = held.cells.mended(feed, line, &self.key).map_err(NotMended::Flawed)?;
        let row = Row::of(feed, &held.source, &cells, now).map_err(NotMended::Flawed)?;
        let before = Row::of(feed, &held.source, &held.cells, now);
        let same = before.is_ok_and(|before| before.says == row.says);
        let came_at = if same { held.received_at } else { now };
        let mut frame = Frame::new(feed, &held.source, now);
        frame.rows.push(row);
        frame.mends = Some(mends);
        Ok(Mended { frame, came_at })
    }

    /// Takes in a row that was put right, and answers once it is safe.
    ///
    /// # Errors
    /// [`NotMended::NotTaken`].
    pub async fn take_mended(&self, mended: &Mended) -> Result<Intake, NotMended> {
        let receipt = self.log.take(&mended.frame).await.map_err(NotMended::NotTaken)?;
        Ok(Intake { receipt, taken: 1, bad: Vec::new() })
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, (gather::Tables, Reader)> {
        // A gathering that panicked has decided nothing: the next one begins where it began.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That somebody gives a row up.
#[derive(Debug, Clone, Copy)]
pub struct GivingUp<'a> {
    /// Who.
    pub by: &'a str,
    /// Why.
    pub because: &'a str,
    /// When.
    pub at: Instant,
}

/// Why a row that was held was not mended.
#[derive(Debug)]
pub enum NotMended {
    /// It is not held, or not any more.
    Gone,
    /// It is still wrong.
    Flawed(Vec<Flaw>),
    /// The log did not take it.
    NotTaken(NotTaken),
    /// The lake cannot be read.
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for NotMended {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}
