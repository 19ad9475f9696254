//! From the intake log to Parquet: each row once, the last that its source said. What is decided is
//! written down in one transaction with how far the log is gathered; only then do the tables show
//! it, and a stop in between changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use arrow_array::RecordBatch;
use base::{Date, Instant, Name, Zone};

use crate::{
    Fault,
    batch::{Taken, columns, schema},
    feed::{Column, Feed, Kept},
    files::{self, Place},
    frame::Frame,
    known::{Beside, Held, How, Knowing, Known, Settling, Was},
    log::Reader,
    row::Row,
    table::{Change, DataFile, Table},
};

/// Rows that are gathered together: what bounds the memory.
const TOGETHER: u64 = 100_000;

/// A file of fewer bytes is small.
const SMALL_BYTES: u64 = 16 << 20;
/// So many small files of a day are made one.
const SMALL_MOST: usize = 16;

/// What was gathered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Rows seen for the first time.
    pub new: u64,
    /// Rows that say what was known already.
    pub repeats: u64,
    /// Rows that say something else than an earlier one, which they replace.
    pub instead: u64,
    /// Rows that were not taken.
    pub bad: u64,
}

/// The tables of the lake, and what is known of their rows.
pub(crate) struct Tables {
    folder: PathBuf,
    zone: Zone,
    known: Arc<Known>,
    /// What the table of each feed keeps, also of one that the lake has no more: its rows may still
    /// stand in the log.
    feeds: BTreeMap<Name, Kept>,
    tables: BTreeMap<String, Table>,
}

/// A row with who sent it and when.
struct Read {
    source: String,
    received_at: Instant,
    row: Row,
}

/// The rows of one feed that are gathered.
#[derive(Default)]
struct Rows {
    /// Those to be written, by number.
    new: BTreeMap<u64, Read>,
    /// Those that lie in files and are replaced, by day.
    replaced: BTreeMap<Date, BTreeSet<u64>>,
    /// Those that were replaced before they were written.
    passed: BTreeMap<u64, Read>,
    /// What replaces each.
    replaced_by: BTreeMap<u64, u64>,
}

impl Tables {
    pub(crate) fn open(
        folder: &Path,
        now: &BTreeMap<Name, Feed>,
        zone: Zone,
    ) -> Result<Self, Fault> {
        fs::create_dir_all(folder)?;
        let known = Arc::new(Known::open(&folder.join("known.redb"))?);
        let (folder, feeds) = (folder.to_owned(), known.feeds()?);
        let mut own = Self { folder, zone, known, feeds, tables: BTreeMap::new() };
        own.keep(now)?;
        own.publish()?;
        Ok(own)
    }

    /// Keeps the columns that feeds have from now on.
    pub(crate) fn keep(&mut self, now: &BTreeMap<Name, Feed>) -> Result<(), Fault> {
        let mut feeds = self.feeds.clone();
        let knowing = self.known.change()?;
        for feed in now.values() {
            let before = feeds.remove(feed.name()).unwrap_or_default();
            let column = |column| Fault::Changed { feed: feed.name().clone(), column };
            let kept = before.with(feed).map_err(column)?;
            knowing.keep(feed.name(), &kept)?;
            feeds.insert(feed.name().clone(), kept);
        }
        knowing.done()?;
        self.feeds = feeds;
        Ok(())
    }

    /// The table with the rows of a feed, or with those that were replaced.
    pub(crate) fn table(&mut self, name: &str) -> Result<&mut Table, Fault> {
        if !self.tables.contains_key(name) {
            let table = Table::open(&self.folder.join(name))?;
            self.tables.insert(name.to_owned(), table);
        }
        self.tables.get_mut(name).ok_or(Fault::Gone)
    }

    pub(crate) fn known(&self) -> &Arc<Known> {
        &self.known
    }

    /// Shows what is decided.
    fn publish(&mut self) -> Result<(), Fault> {
        for (name, number, bytes) in self.known.decided()? {
            self.table(&name)?.publish(number, &bytes)?;
        }
        Ok(())
    }

    /// Gathers the next rows of the log up to but without `safe`; none are left where it says so.
    pub(crate) fn gather(
        &mut self,
        log: &mut Reader,
        safe: u64,
    ) -> Result<Option<Gathered>, Fault> {
        let from = self.known.gathered()?;
        let frames = log.read((from, safe), TOGETHER)?;
        let Some(next) = frames.last().map(|(first, last)| first + last.count()) else {
            return Ok(None);
        };
        let at = frames.last().map_or(0, |(_, last)| last.received_at.micros());
        let knowing = self.known.change()?;
        let (done, feeds) = self.sorted(&frames, &knowing)?;
        for (name, rows) in feeds {
            self.written(&name, &rows, &knowing, at)?;
        }
        knowing.gathered(next)?;
        knowing.done()?;
        self.publish()?;
        log.forget(next)?;
        Ok(Some(done))
    }

    /// What is to be done with the rows of frames.
    fn sorted(
        &self,
        frames: &[(u64, Frame)],
        knowing: &Knowing,
    ) -> Result<(Gathered, BTreeMap<Name, Rows>), Fault> {
        let mut done = Gathered::default();
        let mut feeds: BTreeMap<Name, Rows> = BTreeMap::new();
        let mut known = knowing.rows()?;
        // By key, for the index is read and written by neighbours; of one key in the order in which
        // they came.
        let mut rows: Vec<(&Row, u64, &Frame)> = Vec::new();
        for (first, frame) in frames {
            rows.extend((*first..).zip(&frame.rows).map(|(number, row)| (row, number, frame)));
            for (number, bad) in (first + frame.rows.len() as u64..).zip(&frame.bad) {
                done.bad += 1;
                knowing.hold(number, &Held::of(frame, bad))?;
            }
            if let Some(mends) = &frame.mends {
                let how = How::Mended { number: *first };
                let (by, at) = (mends.by.clone(), frame.received_at);
                knowing.settle(mends.number, &Settling { by, at, how })?;
            }
            knowing.sent(frame)?;
        }
        rows.sort_unstable_by_key(|(row, number, _)| (row.key, *number));
        for (row, number, frame) in rows {
            let kept = self.feeds.get(&frame.feed).ok_or(Fault::Gone)?;
            let own = feeds.entry(frame.feed.clone()).or_default();
            match known.note(row, number, self.zone.day_of(row.at))? {
                Beside::Repeat => {
                    done.repeats += 1;
                    continue;
                }
                Beside::New => done.new += 1,
                Beside::Instead(was) => {
                    done.instead += 1;
                    own.instead(was, number);
                }
            }
            let row = fitted(kept, &frame.columns, row);
            let (source, received_at) = (frame.source.clone(), frame.received_at);
            own.new.insert(number, Read { source, received_at, row });
        }
        Ok((done, feeds))
    }

    /// Writes the files of a feed and decides the commits that show them.
    fn written(
        &mut self,
        name: &Name,
        rows: &Rows,
        knowing: &Knowing,
        at: i64,
    ) -> Result<(), Fault> {
        let kept = self.feeds.get(name).cloned().ok_or(Fault::Gone)?;
        let zone = self.zone.clone();
        let schema = schema(&kept, false);
        let table = self.table(name.as_str())?;
        let (number, mut change) = (table.next(), Change { new: true, ..Change::default() });
        let mut old: BTreeMap<Date, Vec<RecordBatch>> = BTreeMap::new();
        for (day, numbers) in &rows.replaced {
            let held = table.files().filter(|file| file.day == *day && file.any_of(numbers));
            for file in held.cloned().collect::<Vec<_>>() {
                let split = files::split(table.folder(), &file, &schema, &rows.replaced_by)?;
                let place = Place { folder: table.folder(), day: *day, commit: number };
                change.added.extend(files::write(&place, &schema, &split.kept)?);
                change.removed.push(file.path);
                old.entry(*day).or_default().extend(split.replaced);
            }
        }
        for (day, batch) in by_day(&kept, &zone, rows.new.iter(), None)? {
            let place = Place { folder: table.folder(), day, commit: number };
            change.added.extend(files::write(&place, &schema, &[batch])?);
        }
        if !change.added.is_empty() || !change.removed.is_empty() {
            knowing.decide(name.as_str(), number, &table.commit(&schema, &change, at))?;
        }
        for (day, batch) in by_day(&kept, &zone, rows.passed.iter(), Some(&rows.replaced_by))? {
            old.entry(day).or_default().push(batch);
        }
        self.replaced(name, &kept, &old, (knowing, at))
    }

    /// Writes the rows that were replaced to a table of their own: what was known before stays
    /// readable.
    fn replaced(
        &mut self,
        feed: &Name,
        kept: &Kept,
        old: &BTreeMap<Date, Vec<RecordBatch>>,
        (knowing, at): (&Knowing, i64),
    ) -> Result<(), Fault> {
        if old.is_empty() {
            return Ok(());
        }
        let (name, schema) = (replaced(feed), schema(kept, true));
        let table = self.table(&name)?;
        let (number, mut change) = (table.next(), Change { new: true, ..Change::default() });
        for (day, batches) in old {
            let place = Place { folder: table.folder(), day: *day, commit: number };
            change.added.extend(files::write(&place, &schema, batches)?);
        }
        Ok(knowing.decide(&name, number, &table.commit(&schema, &change, at))?)
    }
}

impl Tables {
    /// Makes one file of the many small ones of a day, in the first table that has such; whether
    /// there was one. The rows stay the same.
    pub(crate) fn compact(&mut self, at: Instant) -> Result<bool, Fault> {
        for (name, kept) in self.feeds.clone() {
            for (name, late) in [(name.to_string(), false), (replaced(&name), true)] {
                let schema = schema(&kept, late);
                let table = self.table(&name)?;
                let Some((day, small)) = small(table) else { continue };
                let number = table.next();
                let place = Place { folder: table.folder(), day, commit: number };
                let merged = files::merge(&place, &schema, &small)?;
                let removed = small.iter().map(|file| file.path.clone()).collect();
                let change = Change { added: merged.into_iter().collect(), removed, new: false };
                let bytes = table.commit(&schema, &change, at.micros());
                table.publish(number, &bytes)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Deletes files that no table names any more, and that nobody has touched since a moment; how
    /// many.
    pub(crate) fn sweep(&mut self, since: SystemTime) -> Result<usize, Fault> {
        let feeds: Vec<Name> = self.feeds.keys().cloned().collect();
        let mut swept = 0;
        for name in feeds {
            for name in [name.to_string(), replaced(&name)] {
                swept += files::sweep(self.table(&name)?, since)?;
            }
        }
        Ok(swept)
    }
}

/// The first day with so many small files that they are made one, and those files.
fn small(table: &Table) -> Option<(Date, Vec<&DataFile>)> {
    let mut days: BTreeMap<Date, Vec<&DataFile>> = BTreeMap::new();
    for file in table.files().filter(|file| file.size < SMALL_BYTES) {
        days.entry(file.day).or_default().push(file);
    }
    days.into_iter().find(|(_, small)| small.len() >= SMALL_MOST)
}

/// The name of the table with the rows of a feed that were replaced.
pub fn replaced(feed: &Name) -> String {
    format!("{feed}-replaced")
}

/// Rows by the day of their event.
fn by_day<'a>(
    kept: &Kept,
    zone: &Zone,
    rows: impl Iterator<Item = (&'a u64, &'a Read)>,
    replaced_by: Option<&BTreeMap<u64, u64>>,
) -> Result<Vec<(Date, RecordBatch)>, Fault> {
    let mut days: BTreeMap<Date, Vec<Taken<'_>>> = BTreeMap::new();
    for (number, read) in rows {
        let replaced_by = replaced_by.and_then(|by| by.get(number)).copied();
        let Read { source, received_at, row } = read;
        let taken = Taken { number: *number, source, received_at: *received_at, row, replaced_by };
        days.entry(zone.day_of(row.at)).or_default().push(taken);
    }
    let batches =
        days.into_iter().map(|(day, rows)| Ok((day, columns(kept, &rows, replaced_by.is_some())?)));
    batches.collect()
}

impl Rows {
    /// A row replaces an earlier one.
    fn instead(&mut self, was: Was, number: u64) {
        self.replaced_by.insert(was.number, number);
        match self.new.remove(&was.number) {
            Some(passed) => {
                self.passed.insert(was.number, passed);
            }
            None => {
                self.replaced.entry(was.day).or_default().insert(was.number);
            }
        }
    }
}

/// A row of a frame, which had the columns of its time, in those that the table keeps.
fn fitted(kept: &Kept, then: &[Name], row: &Row) -> Row {
    let value = |column: &Column| {
        let place = then.iter().position(|own| *own == column.name)?;
        row.values.get(place).cloned().flatten()
    };
    Row { values: kept.columns().iter().map(value).collect(), ..row.clone() }
}
