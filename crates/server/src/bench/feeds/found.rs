//! From an event to its finding: rows that break a rule are sent one after the other, and the time
//! runs until the finding is in the database, where every page and program reads it. First in
//! quiet, then beside a steady load of the city's further lines.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use store::finding::FindingQuery;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};

use super::{
    LINES, Site,
    city::City,
    failed,
    rows::{Event, INSTITUTION},
    sending::{ROWS, Sender, Signed},
    stopped,
};
use crate::{
    bench::line::{Aim, Line, Taken},
    cli::Stopped,
};

/// Events in quiet, and as many beside the load.
const EVENTS: usize = 30;
/// One is sent each so often: not in step with the rounds in which rules are asked.
const EACH: Duration = Duration::from_millis(2_130);
/// How often it is looked whether a finding is there.
const LOOK: Duration = Duration::from_millis(10);
/// An event without a finding after this time has failed.
const WITHIN: Duration = Duration::from_secs(60);
/// A batch of the load comes each so often.
const BATCH_EACH: Duration = Duration::from_millis(500);
/// What an event takes to its finding, at most, in 95 of 100.
const AIM_MICROS: u64 = 5_000_000;

/// An event whose finding is not there yet.
struct Waiting {
    event: Event,
    /// The number of its row.
    row: u64,
    sent: Instant,
}

/// How long events took to their findings, and how many have none.
#[derive(Default)]
struct Times {
    taken: Taken,
    failed: usize,
}

/// Those of events that a condition finds, and of those that a query finds.
#[derive(Default)]
struct Found {
    by_condition: Times,
    by_query: Times,
}

/// Sends what goes before the events.
pub(super) async fn prepare(site: &Site) -> Result<(), Stopped> {
    for number in 0..2 * EVENTS {
        let event = Event::of(number);
        if let Some(lines) = event.before(number)? {
            site.sender.post(event.feed(), &site.signed(lines.into_bytes())).await?;
        }
    }
    Ok(())
}

/// Measures events in quiet and beside a load.
pub(super) async fn measure(
    site: &Site,
    city: &mut City,
    on: &'static str,
) -> Result<Vec<Line>, Stopped> {
    let rows = city.rows;
    let quiet = found(site, 0).await?;
    let quiet = quiet.lines(on, &format!("{EVENTS} events, {rows} rows before"));
    let load = Load::begun(site, city)?;
    let beside = found(site, EVENTS).await?;
    let rate = load.end();
    let beside = beside.lines(on, &format!("{EVENTS} events, beside {rate} rows/s"));
    Ok(quiet.into_iter().chain(beside).collect())
}

/// Sends events from a number on and waits for their findings.
async fn found(site: &Site, first: usize) -> Result<Found, Stopped> {
    let (mut found, mut waiting) = (Found::default(), Vec::new());
    let (began, mut numbers) = (Instant::now(), (0_u32..).zip(first..first + EVENTS));
    let mut next = numbers.next();
    while next.is_some() || !waiting.is_empty() {
        if let Some((turn, number)) = next
            && Instant::now() >= began + EACH * turn
        {
            let event = Event::of(number);
            let batch = site.signed(event.row(number)?.into_bytes());
            let sent = Instant::now();
            let row = site.sender.post(event.feed(), &batch).await?;
            waiting.push(Waiting { event, row, sent });
            next = numbers.next();
        }
        let rows = rows_found(site).await?;
        waiting.retain(|own| !found.ended(own, rows.contains(&own.row)));
        sleep(LOOK).await;
    }
    Ok(found)
}

/// The rows on which findings about the institution of the events rest.
async fn rows_found(site: &Site) -> Result<Vec<u64>, Stopped> {
    let subject = Some(INSTITUTION.to_owned());
    let query = FindingQuery { subject, standing: true, limit: 1_000, ..<_>::default() };
    let found = site.app.store.findings(&query).await.map_err(failed)?;
    let evidence = found.into_iter().flat_map(|own| own.finding.about.evidence);
    Ok(evidence.map(|(_, row)| row).collect())
}

impl Found {
    /// Whether an event waits no longer: its finding is there, or does not come.
    fn ended(&mut self, own: &Waiting, found: bool) -> bool {
        let time = own.sent.elapsed();
        if !found && time <= WITHIN {
            return false;
        }
        let times = if own.event.by_query() { &mut self.by_query } else { &mut self.by_condition };
        times.taken.note(time);
        if !found {
            eprintln!("no finding of {:?}", own.event);
            times.failed += 1;
        }
        true
    }

    fn lines(self, on: &'static str, load: &str) -> [Line; 2] {
        let line = |what, Times { taken, failed }| {
            let aim = Aim { rate_min: None, p95_max_micros: Some(AIM_MICROS) };
            Line { what, on, load: load.to_owned(), rate: None, taken, failed, aim }
        };
        [
            line("event to finding by a condition", self.by_condition),
            line("event to finding by a query", self.by_query),
        ]
    }
}

/// Lines of the city that come at a steady rate, whatever becomes of those before.
struct Load {
    sending: JoinHandle<()>,
    rows: Arc<AtomicU64>,
    began: Instant,
}

impl Load {
    fn begun(site: &Site, city: &mut City) -> Result<Self, Stopped> {
        let turns = (EACH * u32::try_from(EVENTS).map_err(stopped)? + WITHIN).as_millis();
        let batches = usize::try_from(turns / BATCH_EACH.as_millis()).map_err(stopped)?;
        let lines = city.next(site, batches, ROWS)?.into_iter();
        let batches: Vec<Signed> = lines.map(|lines| site.signed(lines)).collect();
        let (rows, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let sending = steady(site.sender.clone(), batches, Arc::clone(&rows), began);
        Ok(Self { sending: tokio::spawn(sending), rows, began })
    }

    /// Ends it: how many rows were safe in a second.
    fn end(self) -> u64 {
        self.sending.abort();
        self.rows.load(Ordering::Relaxed) / self.began.elapsed().as_secs().max(1)
    }
}

/// Sends batches at their appointed times.
async fn steady(sender: Sender, batches: Vec<Signed>, rows: Arc<AtomicU64>, began: Instant) {
    for (turn, batch) in (0..).zip(batches) {
        sleep_until(began + BATCH_EACH * turn).await;
        let (sender, rows) = (sender.clone(), Arc::clone(&rows));
        tokio::spawn(async move {
            match sender.post(LINES, &batch).await {
                Ok(_) => {
                    rows.fetch_add(ROWS as u64, Ordering::Relaxed);
                }
                Err(why) => eprintln!("{}", why.0),
            }
        });
    }
}
