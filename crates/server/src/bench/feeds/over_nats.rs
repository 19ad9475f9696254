//! Rows over NATS JetStream, where this machine has a `nats-server`: from the first that is handed
//! over until the last is acknowledged.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_nats::{
    HeaderMap,
    jetstream::{self, Context},
};
use futures_util::future::join_all;
use tempfile::TempDir;
use tokio::time::sleep;

use super::{
    LINES, Site, rows,
    sending::{ROWS, SOURCE, Signed},
    stopped,
};
use crate::{
    bench::{
        ground::Ground,
        line::{Aim, Line, Per, Rate, Taken},
    },
    broker::Broker,
    cli::Stopped,
    web::{self, Nats},
};

/// Programs that hand messages over at the same time.
const SENDERS: usize = 4;
/// Messages for each second that a load is to last.
const MESSAGES_A_SECOND: usize = 40;
/// No more than so many: the last is signed as long before it is stored as a signature is good.
const MESSAGES_MOST: usize = 800;
/// The first number of their rows.
const FIRST: usize = 500_000_000;
/// The stream is made, or all is taken, within this time, or never.
const WITHIN: Duration = Duration::from_secs(600);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(20);
/// Rows a second that are to be acknowledged.
const AIM: u64 = 20_000;

/// Measures it; none where this machine has no `nats-server`.
pub(super) async fn measure(
    site: &Site,
    seconds: u64,
    ground: &Ground,
    on: &'static str,
) -> Result<Option<Line>, Stopped> {
    let store = ground.of("nats");
    std::fs::create_dir_all(&store)?;
    let broker = match Broker::found(TempDir::new_in(store)?) {
        Ok(broker) => broker,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("{on}: no nats-server here: rows over NATS are not measured");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    eprintln!("{on}: rows over NATS");
    let servers = vec![broker.address().parse().map_err(stopped)?];
    let nats = Nats { servers, credentials: None, roots: None };
    let listening = tokio::spawn(web::subscribe(site.app.clone(), nats));
    let line = acknowledged(site, seconds, &broker, on).await;
    listening.abort();
    site.gathered().await?;
    line.map(Some)
}

async fn acknowledged(
    site: &Site,
    seconds: u64,
    broker: &Broker,
    on: &'static str,
) -> Result<Line, Stopped> {
    let context = jetstream::new(async_nats::connect(broker.address()).await.map_err(stopped)?);
    until(|| async { context.stream_by_subject(subject()).await.is_ok() }).await?;
    let count = usize::try_from(seconds).map_err(stopped)?.saturating_mul(MESSAGES_A_SECOND);
    let count = count.min(MESSAGES_MOST);
    let second = SystemTime::now().duration_since(UNIX_EPOCH).map_err(stopped)?.as_secs();
    let second = i64::try_from(second).map_err(stopped)?;
    let lines = (0..count).map(|number| rows::lines(FIRST + number * ROWS, ROWS));
    let messages: Vec<Signed> = lines.map(|own| site.sender.signed(own, second)).collect();
    let began = Instant::now();
    let parts = messages.chunks(count.div_ceil(SENDERS).max(1));
    for sent in join_all(parts.map(|own| handed_over(&context, own))).await {
        sent?;
    }
    until(|| nothing_waits(&context)).await?;
    let mut taken = Taken::default();
    taken.note(began.elapsed());
    let rate = Some(Rate::of((count * ROWS) as u64, began.elapsed(), Per::Second));
    let load = format!("{count} messages of {ROWS} rows, gathering beside");
    let aim = Aim { rate_min: Some(AIM), p95_max_micros: None };
    Ok(Line { what: "rows acknowledged over NATS", on, load, rate, taken, failed: 0, aim })
}

fn subject() -> String {
    format!("yiyang.feeds.{SOURCE}.{LINES}")
}

/// Hands messages over, each once the one before is stored.
async fn handed_over(context: &Context, messages: &[Signed]) -> Result<(), Stopped> {
    for Signed { headers, lines } in messages {
        let mut own = HeaderMap::new();
        for (name, says) in headers {
            own.insert(*name, says.as_str());
        }
        let stored = context.publish_with_headers(subject(), own, lines.clone()).await;
        stored.map_err(stopped)?.await.map_err(stopped)?;
    }
    Ok(())
}

/// Whether every message is acknowledged.
async fn nothing_waits(context: &Context) -> bool {
    let Ok(name) = context.stream_by_subject(subject()).await else { return false };
    let Ok(stream) = context.get_stream(name).await else { return false };
    let info = stream.consumer_info("yiyang").await;
    info.is_ok_and(|info| info.num_pending == 0 && info.num_ack_pending == 0)
}

/// Waits until something is so.
async fn until<F: Future<Output = bool>>(so: impl Fn() -> F) -> Result<(), Stopped> {
    let since = Instant::now();
    while !so().await {
        if since.elapsed() > WITHIN {
            return Err(Stopped("what is waited for over NATS does not come".to_owned()));
        }
        sleep(LOOK).await;
    }
    Ok(())
}
