//! How many rows a second are taken in durably, and gathered. Run in release:
//! `cargo bench -p lake -- ROWS FOLDER`, on a real disk; the folder must not be there yet.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant as Clock},
};

use base::{Instant, Name, Zone};
use lake::{Column, Feed, Kind, Lake, PersonKey};

/// Lines of a batch.
const LINES: u64 = 1_000;
/// Sources that send at once, each its next batch when the one before is acknowledged.
const SOURCES: u64 = 8;
/// Days over which events are spread.
const DAYS: u64 = 3;
/// Of so many rows one comes twice.
const TWICE: u64 = 50;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let mut said = std::env::args().skip(1).filter(|word| word != "--bench");
    let rows: u64 = said.next().map_or(Ok(1_000_000), |word| word.parse())?;
    let folder = PathBuf::from(said.next().unwrap_or_else(|| "var/lake-bench".to_owned()));
    if folder.exists() {
        return Err(format!("{} is there already", folder.display()).into());
    }
    let zone = Zone::named("Asia/Shanghai").map_err(|reason| reason.says.en)?;
    let lake = Lake::open(&folder, [feed()?], PersonKey::from_bytes([7; 64]), zone)?;
    let lake = Arc::new(lake);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let began = Clock::now();
    runtime.block_on(sent(&lake, rows));
    told("taken in, gathering nothing", rows, began.elapsed());
    let (began, mut sum) = (Clock::now(), (0, 0, 0));
    while let Some(done) = lake.gather()? {
        sum = (sum.0 + done.new, sum.1 + done.repeats, sum.2 + done.instead);
    }
    told("gathered", rows, began.elapsed());
    println!("new {}, repeats {}, instead {}", sum.0, sum.1, sum.2);
    // Both at once: what a city does all day. The rows are the same, so most say what is known.
    let began = Clock::now();
    let behind = Arc::clone(&lake);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let gathering = std::thread::spawn(move || {
        while let Ok(done) = behind.gather() {
            if done.is_none() && stopped.load(std::sync::atomic::Ordering::Relaxed) {
                return;
            }
            if done.is_none() {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    });
    runtime.block_on(sent(&lake, rows));
    told("taken in while gathering", rows, began.elapsed());
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    gathering.join().map_err(|_| "the gathering panicked")?;
    told("taken in and gathered", rows, began.elapsed());
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn told(what: &str, rows: u64, time: Duration) {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    println!("{what}: {rows} rows in {millis} ms, {} rows/s", rows * 1_000 / millis);
}

/// Settlement lines, as a city's insurer sends them.
fn feed() -> Result<Feed, Failed> {
    let column = |name: &str, kind, needed| {
        Name::new(name).map(|name| Column { name, kind, needed }).map_err(|_| "a name")
    };
    let columns = vec![
        column("line", Kind::Text, true)?,
        column("settled-at", Kind::Instant, true)?,
        column("person", Kind::Person, true)?,
        column("institution", Kind::Text, true)?,
        column("doctor", Kind::Text, true)?,
        column("item", Kind::Text, true)?,
        column("quantity", Kind::Decimal(2), true)?,
        column("amount", Kind::Decimal(2), true)?,
        column("diagnoses", Kind::Texts, false)?,
        column("returned", Kind::Truth, false)?,
    ];
    let name = |text| Name::new(text).map_err(|_| "a name");
    let feed =
        Feed::new(name("settlement-lines")?, columns, &[name("line")?], &name("settled-at")?);
    feed.map_err(|_| "no feed".into())
}

async fn sent(lake: &Arc<Lake>, rows: u64) {
    let Ok(feed) = Name::new("settlement-lines") else { return };
    let sources = (0..SOURCES).map(|source| {
        let (lake, feed) = (Arc::clone(lake), feed.clone());
        tokio::spawn(async move {
            let batches = rows / LINES / SOURCES;
            for batch in 0..batches {
                let lines = lines(source, batch);
                let name = format!("insurer-{source}");
                loop {
                    match lake.take(&feed, &name, lines.as_bytes(), now()).await {
                        Ok(intake) => {
                            assert!(intake.bad.is_empty(), "{:?}", intake.bad.first());
                            break;
                        }
                        Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                    }
                }
            }
        })
    });
    for source in sources.collect::<Vec<_>>() {
        source.await.ok();
    }
}

/// When everything arrives: the first of May 2026 in microseconds, and a while.
fn now() -> Instant {
    Instant::from_micros(1_777_600_000_000_000)
}

fn lines(source: u64, batch: u64) -> String {
    let mut lot = fastrand::Rng::with_seed(source << 32 | batch);
    let mut lines = String::with_capacity(300 * 1_000);
    for line in 0..LINES {
        let id = if line.is_multiple_of(TWICE) { line / TWICE } else { batch * LINES + line };
        let at = now().micros() - 1_000_000 * i64::try_from(lot.u64(0..DAYS * 86_400)).unwrap_or(0);
        let (at, person) = (Instant::from_micros(at), lot.u64(0..2_000_000));
        let (institution, doctor, item) =
            (lot.u64(0..5_000), lot.u64(0..40_000), lot.u64(0..60_000));
        let (quantity, amount) = (lot.u64(1..9), lot.u64(1..99_999));
        lines += &format!(
            "{{\"line\":\"L{id:010}\",\"settled-at\":\"{at}\",\"person\":\"P{person:017}\",\
             \"institution\":\"I{institution:05}\",\"doctor\":\"D{doctor:06}\",\
             \"item\":\"X{item:06}\",\"quantity\":{quantity},\"amount\":\"{}.{:02}\",\
             \"diagnoses\":[\"J45.9\",\"I10.x00\"],\"returned\":false}}\n",
            amount / 100,
            amount % 100,
        );
    }
    lines
}
