//! A source that sends batches over HTTP, each signed; and how many rows it gets safe in a second.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use futures_util::future::join_all;
use reqwest::Client;
use serde_json::Value;

use super::{LINES, Site, rows, stopped};
use crate::{
    bench::line::{Aim, Line, Per, Rate, Taken},
    cli::Stopped,
};

/// The name of the source.
pub(super) const SOURCE: &str = "bench";
/// Rows of a batch.
pub(super) const ROWS: usize = 1_000;
/// Senders at the same time, each its next batch once the one before is safe.
const SENDERS: usize = 4;
/// The batches that are made for each second; where they are sent earlier, that is the end.
const BATCHES_A_SECOND: usize = 150;
/// No more than so many are made: they lie in memory.
const BATCHES_MOST: usize = 2_400;
/// Rows a second that are to be safe.
const AIM: u64 = 20_000;

/// A batch as it is sent.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) headers: [(&'static str, String); 3],
    pub(super) lines: Bytes,
}

/// A source.
#[derive(Clone)]
pub(super) struct Sender {
    client: Client,
    base: String,
    key: SigningKey,
}

impl Sender {
    /// One with a key of its own that sends to a server.
    pub(super) fn new(base: String) -> Result<Self, Stopped> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key).map_err(stopped)?;
        let client = Client::builder().build().map_err(stopped)?;
        Ok(Self { client, base, key: SigningKey::from_bytes(&key) })
    }

    /// The key by which its batches are verified.
    pub(super) fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// A batch that is sent at about a second.
    pub(super) fn signed(&self, lines: Vec<u8>, second: i64) -> Signed {
        let (id, at) = ("bench".to_owned(), second.to_string());
        let message = [id.as_bytes(), b".", at.as_bytes(), b".", lines.as_slice()].concat();
        let signature = Base64::encode_string(&self.key.sign(&message).to_bytes());
        let signature = format!("v1a,{signature}");
        let headers =
            [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
        Signed { headers, lines: lines.into() }
    }

    /// Sends a batch: the number of its first row, once it is safe.
    pub(super) async fn post(&self, feed: &str, batch: &Signed) -> Result<u64, Stopped> {
        let address = format!("{}/api/sources/{SOURCE}/feeds/{feed}", self.base);
        let mut asked = self.client.post(address).header("content-type", "application/x-ndjson");
        for (name, says) in &batch.headers {
            asked = asked.header(*name, says);
        }
        let answer = asked.body(batch.lines.clone()).send().await.map_err(stopped)?;
        let (status, says) = (answer.status(), answer.text().await.map_err(stopped)?);
        let told: Value = serde_json::from_str(&says).unwrap_or_default();
        let first = told.get("first").and_then(Value::as_u64);
        match first {
            Some(first) if told.get("held").and_then(Value::as_u64) == Some(0) => Ok(first),
            _ => Err(Stopped(format!("a batch was not taken: {status} {says}"))),
        }
    }
}

impl Site {
    /// Lines that are sent at about now, as the server's clock has it.
    pub(super) fn signed(&self, lines: Vec<u8>) -> Signed {
        self.sender.signed(lines, self.app.clock.now().micros().div_euclid(1_000_000))
    }
}

/// Sends for so many seconds; the load of a number has rows of its own. Rows and signatures are
/// made before.
pub(super) async fn measure(
    site: &Site,
    seconds: u64,
    (on, load): (&'static str, usize),
) -> Result<Line, Stopped> {
    let count = usize::try_from(seconds).map_err(stopped)?.saturating_mul(BATCHES_A_SECOND);
    let batches = count.min(BATCHES_MOST) / SENDERS;
    let made = |sender: usize| {
        let first = (load * SENDERS + sender) * batches;
        let lines = (first..first + batches).map(|batch| rows::lines(batch * ROWS, ROWS));
        lines.map(|lines| site.signed(lines)).collect::<Vec<Signed>>()
    };
    let made: Vec<Vec<Signed>> = (0..SENDERS).map(made).collect();
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let sent = made.into_iter().map(|own| tokio::spawn(sent(site.sender.clone(), own, until)));
    let all = join_all(sent.collect::<Vec<_>>()).await;
    let time = began.elapsed();
    let mut taken = Taken::default();
    for own in all {
        taken.join(own.map_err(stopped)??);
    }
    let rate = Some(Rate::of(taken.count() * ROWS as u64, time, Per::Second));
    let beside = if load == 0 { "gathering and rules beside" } else { "gathering beside" };
    let load = format!("{SENDERS} senders, {ROWS} rows a batch, {beside}");
    let aim = Aim { rate_min: Some(AIM), p95_max_micros: None };
    Ok(Line { what: "rows safe over HTTP", on, load, rate, taken, failed: 0, aim })
}

/// Sends one batch after the other until the time is over, or there are none left.
async fn sent(sender: Sender, batches: Vec<Signed>, until: Instant) -> Result<Taken, Stopped> {
    let mut taken = Taken::default();
    for batch in batches {
        let began = Instant::now();
        if began >= until {
            break;
        }
        sender.post(LINES, &batch).await?;
        taken.note(began.elapsed());
    }
    Ok(taken)
}
