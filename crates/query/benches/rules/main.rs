//! How long the rules in SQL take over an invented city: all of a year, and what the last day's
//! batch touches. What they find is held against what was put in, and against `DuckDB` row for row.
//! `cargo bench -p query -- ROWS FOLDER`; a folder that has the city already is used again. For the
//! second opinion `DUCK` names a Python that has the package `duckdb`. What is printed is honest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant as Clock},
};

use arrow_array::{
    BooleanArray, RecordBatch,
    cast::AsArray as _,
    types::{Int64Type, TimestampMicrosecondType},
};
use arrow_select::filter::filter_record_batch;
use base::Instant;
use query::{Cost, Engine, Files, Keys, Limits, Only, Source, Within};
use seeded::{DAYS, Truth, at, city, date, knowledge, save};
use serde_json::Value;

mod rule;

use rule::{Rule, rules, written as queries};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failed = Box<dyn std::error::Error>;

const ORDER: [&str; 3] = ["finding_at", "subject", "evidence"];
const MICROS_OF_DAY: i64 = 86_400_000_000;

/// The city as the engine reads it.
struct Written {
    feeds: BTreeMap<String, Files>,
    truth: Truth,
    rows: u64,
}

/// What became of a rule.
#[derive(Debug, Default)]
struct Done {
    rows: Option<RecordBatch>,
    cost: Cost,
    hits: usize,
    seeded: usize,
    alarms: usize,
    again_millis: u64,
    again_found: usize,
    duck_millis: u64,
    duck: String,
}

fn main() -> Result<(), Failed> {
    let mut said = std::env::args().skip(1).filter(|word| word != "--bench");
    let rows: u64 = said.next().map_or(Ok(1_000_000), |word| word.parse())?;
    let folder = PathBuf::from(said.next().unwrap_or_else(|| "var/query-bench".to_owned()));
    let named: Vec<String> = said.collect();
    let began = Clock::now();
    let written = Written::of(city(&folder, rows)?);
    let bytes: u64 = written.feeds.values().flat_map(|own| &own.files).map(|file| file.size).sum();
    println!("{} rows, {} MiB in files, in {:.1?}", written.rows, bytes >> 20, began.elapsed());
    let mut rules = rules()?;
    rules.retain(|rule| named.is_empty() || named.contains(&rule.name));
    let limits = Limits { memory_bytes: 2 << 30, scratch: folder.join("scratch"), threads: 2 };
    let engine = Engine::new(limits)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // What was written before does not count.
    fs::write("/proc/self/clear_refs", "5").ok();
    let mut done = BTreeMap::new();
    for rule in &rules {
        done.insert(rule.name.clone(), runtime.block_on(full(&engine, &written, rule, &folder))?);
        eprint!(".");
    }
    let peak = peak_mib();
    // The batch of the day before comes first: what is kept of it serves the last day's.
    let before = written.until(DAYS - 2)?;
    let cold = runtime.block_on(again(&engine, &before, &rules, (DAYS - 2, None)))?;
    let day = runtime.block_on(again(&engine, &written, &rules, (DAYS - 1, Some(&mut done))))?;
    queries(&rules, &folder.join("rules"))?;
    let duck_peak = duck(&folder, &mut done)?;
    told(&rules, &done, &day);
    println!("the day before, with nothing kept: {} ms", cold.millis);
    println!("resident: ours {peak} MiB, a day {} MiB, DuckDB {duck_peak} MiB", cold.peak_mib);
    Ok(())
}

impl Written {
    fn of(city: seeded::Written) -> Self {
        let files = |own: seeded::Rows| Files {
            folder: own.folder,
            files: own.files,
            schema: own.schema,
            at: own.at,
        };
        let feeds = city.feeds.into_iter().map(|(name, own)| (name, files(own))).collect();
        Self { feeds, truth: city.truth, rows: city.rows }
    }

    /// The city as it was at the end of a day.
    fn until(&self, day: i32) -> Result<Self, Failed> {
        let last = date(day)?;
        let until = |own: &Files| {
            let files = own.files.iter().filter(|file| file.day <= last).cloned().collect();
            Files { files, ..own.clone() }
        };
        let feeds = self.feeds.iter().map(|(name, own)| (name.clone(), until(own))).collect();
        Ok(Self { feeds, truth: self.truth.clone(), rows: self.rows })
    }
}

/// The tables in memory that every rule may read.
fn known() -> Result<Vec<Source>, Failed> {
    let tables = knowledge::tables()?.into_iter();
    Ok(tables.map(|(name, rows)| Source::rows(name, rows.schema(), vec![rows])).collect())
}

fn view(feed: &str) -> String {
    feed.replace('-', "_")
}

/// A rule over all rows, held against what was put in.
async fn full(
    engine: &Engine,
    written: &Written,
    rule: &Rule,
    folder: &Path,
) -> Result<Done, Failed> {
    let mut sources = known()?;
    for feed in rule.feeds() {
        let files = written.feeds.get(feed).ok_or("no such feed")?;
        sources.push(Source::files(&view(feed), files.clone()));
    }
    let failed = |error| format!("{}: {error}", rule.name);
    engine.check(&rule.sql, &sources).map_err(failed)?;
    let answer = engine.run(&rule.sql, sources, &ORDER).await.map_err(failed)?;
    let (rows, cost) = answer.whole().await.map_err(failed)?;
    save(&folder.join("ours").join(format!("{}.parquet", rule.name)), &rows)?;
    let truth = written.truth.get(&rule.number).cloned().unwrap_or_default();
    let mut hits = BTreeSet::new();
    let mut alarms = 0;
    for evidence in evidence(&rows)? {
        match evidence.iter().find_map(|number| truth.get(number)) {
            Some(which) => {
                hits.insert(*which);
            }
            None => alarms += 1,
        }
    }
    let seeded: BTreeSet<u64> = truth.values().copied().collect();
    let (hits, seeded) = (hits.len(), seeded.len());
    Ok(Done { rows: Some(rows), cost, hits, seeded, alarms, ..Done::default() })
}

/// The numbers of the rows on which each finding rests.
fn evidence(rows: &RecordBatch) -> Result<Vec<Vec<i64>>, Failed> {
    let column = rows.column_by_name("evidence").ok_or("no evidence")?;
    let lists = column.as_list::<i32>();
    Ok(lists.iter().map(|list| list.map_or(Vec::new(), |list| whole(&list))).collect())
}

fn whole(column: &dyn arrow_array::Array) -> Vec<i64> {
    column.as_primitive::<Int64Type>().values().to_vec()
}

/// What the last day's batch touches: its keys, and when.
struct Touched {
    /// By kind of key.
    keys: BTreeMap<&'static str, arrow_array::ArrayRef>,
    from: i64,
    until: i64,
}

/// What a column of a key is about: rules that share a kind share what is read.
fn kind(column: &str) -> &'static str {
    match column {
        "patient" | "person" => "person",
        "code" => "code",
        "line" => "line",
        "doctor" => "doctor",
        "contact" => "contact",
        _ => "other",
    }
}

/// What the batch of a day took.
struct OfDay {
    read_millis: u64,
    /// All of it.
    millis: u64,
    peak_mib: u64,
}

/// The rules over what the batch of a day touches; what they find is held against what was found
/// before, where something was.
async fn again(
    engine: &Engine,
    written: &Written,
    rules: &[Rule],
    (day, mut done): (i32, Option<&mut BTreeMap<String, Done>>),
) -> Result<OfDay, Failed> {
    let touched = touched(engine, written, rules, day).await?;
    fs::write("/proc/self/clear_refs", "5").ok();
    let began = Clock::now();
    let shared = shared(engine, written, rules, &touched).await?;
    let read_millis = millis(began.elapsed());
    let mut all_millis = read_millis;
    for rule in rules {
        let began = Clock::now();
        let mut sources = known()?;
        for feed in rule.feeds() {
            let within = rule.reach_days.map(|days| touched.within(written, feed, 2 * days));
            let files = written.feeds.get(feed).ok_or("no such feed")?;
            let files = Source::files(&view(feed), files.clone());
            let column = rule.key.get(feed);
            let read = column.and_then(|column| shared.get(&(feed.clone(), kind(column))));
            sources.push(match (read, rule.reach_days) {
                (Some(read), Some(_)) => read.clone().only(Only { within, ..Only::default() }),
                // What has no reach is read over all days; only few columns of few rows matter.
                _ => files.only(Only {
                    keys: column.and_then(|own| touched.keys_of(own)),
                    within,
                    numbers: None,
                }),
            });
        }
        let answer = engine.run(&rule.sql, sources, &ORDER).await?;
        let (rows, _) = answer.whole().await.map_err(|error| format!("{}: {error}", rule.name))?;
        let span = rule.reach_days.map(|days| touched.span(days));
        let rows = of_time(&rows, span)?;
        let millis = millis(began.elapsed());
        all_millis += millis;
        let own = done.as_mut().and_then(|done| done.get_mut(&rule.name));
        let Some(own) = own else { continue };
        (own.again_millis, own.again_found) = (millis, rows.num_rows());
        let all = own.rows.as_ref().ok_or("not run")?;
        let wanted = of_time(all, span)?;
        let wanted = of_keys(engine, &wanted, rule, written, &touched).await?;
        if wanted != rows {
            let counts = (wanted.num_rows(), rows.num_rows());
            println!("{}: the day finds others than the year: {counts:?}", rule.name);
        }
    }
    Ok(OfDay { read_millis, millis: all_millis, peak_mib: peak_mib() })
}

impl Touched {
    fn keys_of(&self, column: &str) -> Option<Keys> {
        let values = self.keys.get(kind(column))?.clone();
        Some(Keys { column: column.to_owned(), values })
    }

    fn span(&self, days: i32) -> (i64, i64) {
        let more = i64::from(days) * MICROS_OF_DAY;
        (self.from - more, self.until + more)
    }

    fn within(&self, written: &Written, feed: &str, days: i32) -> Within {
        let (from, until) = self.span(days);
        let column = written.feeds.get(feed).map_or(String::new(), |files| files.at.clone());
        let at = |micros| Some(Instant::from_micros(micros));
        Within { column, from: at(from), until: at(until) }
    }
}

/// The keys of a day's rows, which whoever takes a batch in has at hand.
async fn touched(
    engine: &Engine,
    written: &Written,
    rules: &[Rule],
    day: i32,
) -> Result<Touched, Failed> {
    let from = at(day, 0);
    let date = date(day)?;
    let mut parts: BTreeMap<&'static str, BTreeMap<(String, String), Source>> = BTreeMap::new();
    for (feed, column) in rules.iter().flat_map(|rule| &rule.key) {
        let files = written.feeds.get(feed).ok_or("no such feed")?;
        let of_day = files.files.iter().filter(|file| file.day == date).cloned().collect();
        let source = Source::files(&view(feed), Files { files: of_day, ..files.clone() });
        parts.entry(kind(column)).or_default().insert((view(feed), column.clone()), source);
    }
    let mut keys = BTreeMap::new();
    for (kind, parts) in parts {
        let selects = parts.keys().map(|(feed, column)| {
            format!("SELECT {column} AS key FROM {feed} WHERE {column} IS NOT NULL")
        });
        let sql = selects.collect::<Vec<_>>().join(" UNION ");
        let sources = parts.into_iter().map(|((name, _), source)| (name, source));
        let sources: BTreeMap<String, Source> = sources.collect();
        let answer = engine.run(&sql, sources.into_values().collect(), &[]).await?;
        keys.insert(kind, answer.whole().await?.0.column(0).clone());
    }
    Ok(Touched { keys, from, until: from + MICROS_OF_DAY })
}

/// What the batch touches of each feed by each kind of key, read once for all rules.
async fn shared(
    engine: &Engine,
    written: &Written,
    rules: &[Rule],
    touched: &Touched,
) -> Result<BTreeMap<(String, &'static str), Source>, Failed> {
    let mut all: BTreeMap<(&String, &String), Vec<&Rule>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.reach_days.is_some()) {
        for (feed, column) in &rule.key {
            all.entry((feed, column)).or_default().push(rule);
        }
    }
    let mut shared = BTreeMap::new();
    for ((feed, column), readers) in all {
        let files = written.feeds.get(feed).ok_or("no such feed")?;
        let words: BTreeSet<&str> = readers.iter().flat_map(|rule| rule.words()).collect();
        let schema = files.seen();
        let needed = schema.fields().iter().map(|field| field.name().as_str());
        let needed: Vec<&str> = needed
            .filter(|name| words.contains(name) || *name == "intake_number" || *name == files.at)
            .collect();
        let reach = readers.iter().filter_map(|rule| rule.reach_days).max();
        let within = reach.map(|days| touched.within(written, feed, 2 * days));
        let keys = touched.keys_of(column);
        let source =
            Source::files(&view(feed), files.clone()).only(Only { keys, within, numbers: None });
        let began = Clock::now();
        let source = engine.read(source, &needed).await?;
        println!("read {feed} by {column}: {} ms", millis(began.elapsed()));
        shared.insert((feed.clone(), kind(column)), source);
    }
    Ok(shared)
}

fn of_time(rows: &RecordBatch, span: Option<(i64, i64)>) -> Result<RecordBatch, Failed> {
    let Some((from, until)) = span else { return Ok(rows.clone()) };
    let at = rows.column_by_name("finding_at").ok_or("no moment")?;
    let at = at.as_primitive::<TimestampMicrosecondType>();
    let kept = at.iter().map(|at| Some(at.is_some_and(|at| from <= at && at < until)));
    Ok(filter_record_batch(rows, &BooleanArray::from_iter(kept))?)
}

/// The findings that rest on rows of the keys that were touched.
async fn of_keys(
    engine: &Engine,
    rows: &RecordBatch,
    rule: &Rule,
    written: &Written,
    touched: &Touched,
) -> Result<RecordBatch, Failed> {
    let Some(column) = rule.key.get(&rule.feed) else { return Ok(rows.clone()) };
    let files = written.feeds.get(&rule.feed).ok_or("no such feed")?;
    let only = Only { keys: touched.keys_of(column), ..Only::default() };
    let source = Source::files(&view(&rule.feed), files.clone()).only(only);
    let sql = format!("SELECT intake_number FROM {}", source.name);
    let (numbers, _) = engine.run(&sql, vec![source], &[]).await?.whole().await?;
    let numbers: BTreeSet<i64> = whole(numbers.column(0)).into_iter().collect();
    let kept = evidence(rows)?;
    let kept = kept.iter().map(|own| Some(own.first().is_some_and(|own| numbers.contains(own))));
    Ok(filter_record_batch(rows, &BooleanArray::from_iter(kept))?)
}

/// The second opinion. The memory that it took.
fn duck(folder: &Path, done: &mut BTreeMap<String, Done>) -> Result<u64, Failed> {
    let Ok(python) = std::env::var("DUCK") else { return Ok(0) };
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rules/duck.py");
    let said = Command::new(python).arg(place).args([folder, &folder.join("rules")]).output()?;
    eprint!("{}", String::from_utf8_lossy(&said.stderr));
    let mut peak = 0;
    for line in String::from_utf8(said.stdout)?.lines() {
        let told: Value = serde_json::from_str(line)?;
        let number = |name: &str| told.get(name).and_then(Value::as_u64);
        peak = number("peak_kib").map_or(peak, |kib| kib >> 10);
        let rule = told.get("rule").and_then(Value::as_str);
        let Some(own) = rule.and_then(|name| done.get_mut(name)) else { continue };
        own.duck_millis = number("millis").unwrap_or_default();
        let differs = (number("only_here"), number("only_there"));
        own.duck = match differs {
            (Some(0), Some(0)) => "same".to_owned(),
            differs => format!("{differs:?}"),
        };
    }
    Ok(peak)
}

fn told(rules: &[Rule], done: &BTreeMap<String, Done>, day: &OfDay) {
    let heads = [
        "rule",
        "found",
        "recall",
        "false alarms",
        "ours ms",
        "DuckDB ms",
        "rows",
        "read MiB",
        "spilled MiB",
        "day ms",
        "day found",
    ];
    println!("\n| {} |\n{}|", heads.join(" | "), "| --- ".repeat(heads.len()));
    let (mut ours, mut ducks) = (0, 0);
    for rule in rules {
        let Some(own) = done.get(&rule.name) else { continue };
        let millis = millis(own.cost.elapsed);
        ours += millis;
        ducks += own.duck_millis;
        println!(
            "| {} {} | {} | {}/{} | {} | {millis} | {} | {} | {} | {} | {} | {} |",
            rule.number,
            rule.name,
            own.rows.as_ref().map_or(0, RecordBatch::num_rows),
            own.hits,
            own.seeded,
            own.alarms,
            own.duck_millis,
            own.duck,
            own.cost.bytes_read >> 20,
            own.cost.bytes_spilled >> 20,
            own.again_millis,
            own.again_found,
        );
    }
    let (all, read) = (day.millis, day.read_millis);
    println!("| all | | | | {ours} | {ducks} | | | | {all}, reading {read} | |");
    if ducks == 0 {
        println!("DuckDB: not here (`DUCK` names no Python that has it)");
        return;
    }
    let (percent, times) = (ours * 100 / ducks, ducks / all.max(1));
    println!("full: {percent} % of DuckDB's time; a day: {times} times as fast as all on DuckDB");
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kib.unwrap_or_default() >> 10
}
