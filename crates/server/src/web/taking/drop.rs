//! Files that systems leave in a folder instead of sending lines, for those that can copy a file
//! and nothing more: `SOURCE/FEED/NAME.csv`, `.parquet` or `.ndjson`. Who may write to the folder
//! of a source is the operator's to settle. A file is taken once nobody has written to it for a
//! while, and moved aside with what became of it; one that a stop interrupts is taken again, and
//! its rows count once.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use base::Name;
use lake::{
    Feed, Flaw, Lake,
    incoming::{OfCsv, OfParquet},
};
use serde_json::{Value, json};
use store::source::Source;

use super::{App, NotSent, Taking, proof, told};

/// Nobody has written to a file that is taken for so long.
const STILL: Duration = Duration::from_secs(2);
/// How often the folder is looked through.
const REST: Duration = Duration::from_secs(1);
/// The rows with flaws of which the answer tells; the others are held all the same.
const TOLD_MAX: usize = 1_000;
/// Where files go that were taken, and those that were not.
const ASIDE: [&str; 2] = ["taken", "refused"];

/// A file that waits, with what its place says of it.
struct Left {
    path: PathBuf,
    source: String,
    feed: String,
}

/// What became of a file.
#[derive(Default)]
struct Became {
    taken: usize,
    held: usize,
    bad: Vec<Value>,
    lines: u64,
}

/// Takes what is left in the folder, for as long as the server runs.
pub(crate) async fn watch(app: App, folder: PathBuf) {
    let Some(taking) = app.taking.clone() else { return };
    loop {
        if let Err(error) = look(&app, &taking, &folder).await {
            eprintln!("{}: {error}", folder.display());
        }
        tokio::time::sleep(REST).await;
    }
}

/// Takes what is left in the folder now.
pub(crate) async fn look(app: &App, taking: &Taking, folder: &Path) -> io::Result<()> {
    let place = folder.to_owned();
    let left = tokio::task::spawn_blocking(move || waiting(&place)).await;
    for left in left.map_err(io::Error::other)?? {
        // One that cannot be taken now waits on, and holds up no other.
        if let Err(error) = take(app, taking, &left).await {
            eprintln!("{}: {error}", left.path.display());
        }
    }
    Ok(())
}

/// The files that wait, in the order of their names; those still being written wait on.
fn waiting(folder: &Path) -> io::Result<Vec<Left>> {
    let mut all = Vec::new();
    for source in folders(folder)? {
        for feed in folders(&source)? {
            for file in fs::read_dir(&feed)? {
                let file = file?;
                // One that was taken away meanwhile is none.
                let Ok(about) = file.metadata() else { continue };
                let path = file.path();
                let still = about.modified()?.elapsed().is_ok_and(|since| since >= STILL);
                let hidden = called(&path).starts_with('.');
                if about.is_file() && still && !hidden {
                    all.push(Left { source: called(&source), feed: called(&feed), path });
                }
            }
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(all)
}

fn called(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folders in a folder, but for those to which files are moved.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !ASIDE.contains(&called(&path).as_str()) {
            all.push(path);
        }
    }
    Ok(all)
}

/// Takes one file, and moves it aside with what became of it.
async fn take(app: &App, taking: &Taking, left: &Left) -> io::Result<()> {
    let source = match Name::new(&left.source) {
        Ok(name) => app.store.source(&name).await.map_err(io::Error::other)?,
        Err(_) => None,
    };
    let came = match source.filter(|source| !source.ended) {
        Some(source) => rows(app, taking, left, &source).await?,
        None => Err(NotSent::NoSource.says().en),
    };
    let (aside, says) = match came {
        Ok(became) => (
            "taken",
            json!({
                "taken": became.taken, "held": became.held, "bad": became.bad,
            }),
        ),
        Err(why) => ("refused", json!({ "why": why })),
    };
    let left = left.path.clone();
    let moved = move || moved(&left, aside, &says.to_string());
    tokio::task::spawn_blocking(moved).await.map_err(io::Error::other)?
}

/// What became of the rows of a file, or why it is not read. A disk that fails is an error: the
/// file waits on.
async fn rows(
    app: &App,
    taking: &Taking,
    left: &Left,
    source: &Source,
) -> io::Result<Result<Became, String>> {
    let feed = Name::new(&left.feed).ok().filter(|feed| source.feeds.contains(feed));
    let feed = feed.filter(|feed| !proof::written_here(&app.now().packs.live, feed));
    let feed = feed.and_then(|feed| taking.lake().feed(&feed));
    let Some(feed) = feed else { return Ok(Err(NotSent::NotItsFeed.says().en)) };
    let mut became = Became::default();
    let mut parts = match parts(&feed, &left.path) {
        Ok(parts) => parts,
        Err(why) => return Ok(Err(why)),
    };
    loop {
        let now = app.clock.now();
        let (own, lake) = (feed.clone(), taking.lake().clone());
        let named = source.name.clone();
        let read = tokio::task::spawn_blocking(move || {
            let part = parts.next();
            let batch = part.map(|part| batch(&lake, own.name(), (&named, now), part));
            (parts, batch)
        });
        let (rest, batch) = read.await.map_err(io::Error::other)?;
        parts = rest;
        match batch {
            None => return Ok(Ok(became)),
            Some(Err(why)) => return Ok(Err(why)),
            Some(Ok((batch, lines))) => {
                let judged = proof::judge(app, feed.name(), batch, now).await;
                let failed = |_| io::Error::other("signatures could not be judged");
                let batch = judged.map_err(failed)?;
                became.note(&batch, lines);
                kept(taking, &batch).await?;
            }
        }
    }
}

/// Makes a batch safe; where more comes than can be written it waits.
async fn kept(taking: &Taking, batch: &lake::Batch) -> io::Result<()> {
    loop {
        match taking.lake().take_batch(batch).await {
            Ok(_) => return Ok(()),
            Err(lake::NotTaken::Full) => tokio::time::sleep(REST).await,
            Err(why) => return Err(io::Error::other(format!("{why:?}"))),
        }
    }
}

/// Lines of a file, some thousand at a time.
type Parts = Box<dyn Iterator<Item = Result<Vec<u8>, lake::Fault>> + Send>;

fn parts(feed: &Feed, path: &Path) -> Result<Parts, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let says = |fault: lake::Fault| told(&fault);
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "csv" => Ok(Box::new(OfCsv::new(feed.clone(), file).map_err(says)?)),
        "parquet" => Ok(Box::new(OfParquet::new(feed, file).map_err(says)?)),
        "ndjson" | "jsonl" => Ok(Box::new(lake::incoming::OfLines::new(file))),
        _ => Err("the name ends neither in .csv nor in .parquet nor in .ndjson".to_owned()),
    }
}

/// A batch of lines, with how many there were.
fn batch(
    lake: &Lake,
    feed: &Name,
    (source, now): (&Name, base::Instant),
    part: Result<Vec<u8>, lake::Fault>,
) -> Result<(lake::Batch, u64), String> {
    let lines = part.map_err(|fault| told(&fault))?;
    let batch = lake.batch(feed, source.as_str(), &lines, now);
    let count = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
    batch.map(|batch| (batch, count)).map_err(|why| NotSent::from(why).says().en)
}

impl Became {
    fn note(&mut self, batch: &lake::Batch, lines: u64) {
        let flaw = |flaw: &Flaw| {
            let (number, says) = (flaw.number(), proof::says(flaw).en);
            json!({ "number": number, "column": flaw.column, "says": says })
        };
        self.taken += batch.taken();
        for (line, flaws) in batch.bad() {
            self.held += 1;
            if self.bad.len() < TOLD_MAX {
                let flaws: Vec<Value> = flaws.iter().map(flaw).collect();
                self.bad.push(json!({ "row": self.lines + line, "flaws": flaws }));
            }
        }
        self.lines += lines;
    }
}

/// Moves a file aside and writes beside it what became of it. What lies there under the same name
/// is from an earlier time and stays.
fn moved(file: &Path, aside: &str, says: &str) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new(".")).join(aside);
    fs::create_dir_all(&folder)?;
    let name = called(file);
    let free = |count: &u32| !folder.join(numbered(&name, *count)).exists();
    let count = (0..).find(free).unwrap_or_default();
    let to = folder.join(numbered(&name, count));
    fs::write(to.with_extension("result.json"), says)?;
    fs::rename(file, to)
}

fn numbered(name: &str, count: u32) -> String {
    match (count, name.rsplit_once('.')) {
        (0, _) | (_, None) => name.to_owned(),
        (count, Some((stem, end))) => format!("{stem}-{count}.{end}"),
    }
}
