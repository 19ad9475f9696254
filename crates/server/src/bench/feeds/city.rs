//! The invented city under the rules of the national pack, as its rows come to a server. Of its
//! feeds those are taken in which nobody appears who would have to be in a register: registers of
//! a bench know no physician. Nor is the feed of revoked certificates taken, which a server writes
//! itself. The last weeks of its settlement lines are kept back, to come as a load.

use std::{
    collections::VecDeque,
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
};

use base::{Date, Instant, Name};
use futures_util::{StreamExt as _, stream};
use lake::{Batch, Lake, NotTaken, batch::RECEIVED, incoming::OfParquet};
use seeded::{Seeded, Size};

use super::{LINES, Site, sending::SOURCE, stopped};
use crate::{cli::Stopped, web::Clock};

/// The feeds that are taken of it.
pub(super) const FEEDS: [&str; 4] = [LINES, "stays", "code-scans", "deaths"];
/// The moment at which the year of the city is over, in microseconds: 2027-01-01 at +08:00.
const OVER: i64 = 1_798_732_800_000_000;
/// Files that are read at the same time.
const READING: usize = 2;

/// The rows of the city.
pub(super) struct City {
    /// How many are in the lake.
    pub(super) rows: u64,
    /// Its files by day: the feed, the file.
    files: Vec<(&'static str, PathBuf)>,
    /// Files of settlement lines that are kept back.
    back: VecDeque<PathBuf>,
}

/// The clock once the year of the city is over; it stands still.
pub(super) fn over() -> Clock {
    Clock::Stepped(Arc::new(AtomicI64::new(OVER)))
}

/// The first day whose settlement lines are kept back.
pub(super) fn kept_back_from() -> Result<Date, Stopped> {
    Date::new(2026, 11, 1).ok_or_else(|| Stopped("no such day".to_owned()))
}

impl City {
    /// Makes a city of about so many rows a year.
    pub(super) async fn made(folder: &Path, rows: u64) -> Result<Self, Stopped> {
        let place = folder.to_owned();
        let made = move || Seeded::at(&place, Size::year(rows)).map_err(|why| stopped(&*why));
        let seeded = tokio::task::spawn_blocking(made).await.map_err(stopped)??;
        let (from, mut all, mut back) = (kept_back_from()?, Vec::new(), VecDeque::new());
        for feed in FEEDS {
            let Some((folder, files)) = seeded.tables.get(feed) else { continue };
            for file in files {
                let path = folder.join(&file.path);
                if feed == LINES && file.day >= from {
                    back.push_back(path);
                } else {
                    all.push((file.day, feed, path));
                }
            }
        }
        all.sort();
        let files = all.into_iter().map(|(_, feed, path)| (feed, path)).collect();
        Ok(Self { rows: 0, files, back })
    }

    /// Takes the city's rows into the lake, day after day.
    pub(super) async fn fill(&mut self, site: &Site) -> Result<(), Stopped> {
        let (lake, now) = (site.taking()?.lake(), site.app.clock.now());
        let read = |(feed, path): (&'static str, PathBuf)| {
            let lake = Arc::clone(lake);
            tokio::task::spawn_blocking(move || batches(&lake, feed, &path, now))
        };
        let files = std::mem::take(&mut self.files);
        let mut days = stream::iter(files).map(read).buffered(READING);
        while let Some(day) = days.next().await {
            for batch in day.map_err(stopped)?? {
                if let Some((line, flaws)) = batch.bad().next() {
                    return Err(Stopped(format!("line {line} of the city is wrong: {flaws:?}")));
                }
                lake.take_batch(&batch).await.map_err(untaken)?;
                self.rows += batch.taken() as u64;
            }
        }
        Ok(())
    }

    /// The next lines of those that are kept back, in batches of so many; fewer batches where no
    /// more are left.
    pub(super) fn next(
        &mut self,
        site: &Site,
        batches: usize,
        rows: usize,
    ) -> Result<Vec<Vec<u8>>, Stopped> {
        let (lake, mut lines) = (site.taking()?.lake(), Vec::new());
        while lines.len() < batches * rows {
            let Some(path) = self.back.pop_front() else { break };
            for part in read(lake, LINES, &path)? {
                lines.extend(part.lines().map(str::to_owned));
            }
        }
        lines.truncate(batches * rows);
        Ok(lines.chunks(rows).map(|rows| rows.join("\n").into_bytes()).collect())
    }
}

/// The rows of a file of the city, as they are taken in.
fn batches(lake: &Lake, feed: &str, path: &Path, now: Instant) -> Result<Vec<Batch>, Stopped> {
    let name = named(feed)?;
    let batch = |lines: String| lake.batch(&name, SOURCE, lines.as_bytes(), now);
    let batches = read(lake, feed, path)?.into_iter().map(batch);
    batches.collect::<Result<_, _>>().map_err(untaken)
}

/// The lines of a file of the city, some thousand at a time.
fn read(lake: &Lake, feed: &str, path: &Path) -> Result<Vec<String>, Stopped> {
    let known = lake.feed(&named(feed)?).ok_or_else(|| Stopped(format!("no feed `{feed}`")))?;
    let parts = OfParquet::new(&known, File::open(path)?).map_err(stopped)?;
    let text = |part: Result<Vec<u8>, _>| {
        let text = String::from_utf8(part.map_err(stopped)?).map_err(stopped)?;
        Ok(text.lines().filter_map(sent).collect())
    };
    parts.map(text).collect()
}

/// A line without what a lake adds to it, which comes first.
fn sent(line: &str) -> Option<String> {
    let (_, after) = line.split_once(&format!("\"{RECEIVED}\":"))?;
    let (_, own) = after.split_once(',')?;
    Some(format!("{{{own}\n"))
}

fn named(feed: &str) -> Result<Name, Stopped> {
    Name::new(feed).map_err(|reason| Stopped(reason.says().en))
}

fn untaken(why: NotTaken) -> Stopped {
    Stopped(format!("the lake takes no rows: {why:?}"))
}
