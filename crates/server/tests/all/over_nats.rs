//! `kill -9` of the program, and of NATS, in the midst of batches: what JetStream was told is taken
//! is on disk, and what it gives again counts once.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use async_nats::{
    HeaderMap,
    jetstream::{
        self, Context,
        consumer::{AckPolicy, PullConsumer, pull},
        stream,
    },
};
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use tokio::time::sleep;

use crate::{broker::Broker, program::Town, syncs::counter, visitor::Visitor};

const BATCHES: u64 = 240;
const ROWS: u64 = 20;
/// After how many batches each killing comes: drawn by lot.
const KILLS: [u64; 3] = [17, 88, 171];
/// What is waited for comes within this time, or never.
const WITHIN: Duration = Duration::from_secs(90);

/// A stream and a consumer that gives again soon what was not answered.
async fn consumer(context: &Context) -> PullConsumer {
    let (name, subjects) = ("yiyang-feeds".to_owned(), vec!["yiyang.feeds.>".to_owned()]);
    let config = stream::Config { name, subjects, ..stream::Config::default() };
    let stream = context.create_stream(config).await.unwrap();
    let config = pull::Config {
        durable_name: Some("yiyang".to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: Duration::from_secs(1),
        max_ack_pending: 1,
        ..pull::Config::default()
    };
    stream.create_consumer(config).await.unwrap()
}

/// Notes the source, as an officer does.
async fn note(base: &str, key: &SigningKey) {
    let officer = Visitor::signed_in_as("town", 0, base).await;
    let public = Base64::encode_string(key.verifying_key().as_bytes());
    let fields = [
        ("name", "his-1"),
        ("title", "A hospital's system"),
        ("public", &public),
        ("feed", "nursing-visits"),
    ];
    officer.fills(&format!("{base}/en/sources"), &fields).await;
}

/// Sends a batch of visits, each of which is sent once.
async fn send(context: &Context, key: &SigningKey, batch: u64) {
    let visit = |number| {
        format!(
            r#"{{"visit":"v{number}","started-at":"2024-01-08T09:00:00+08:00","institution":"a",
"nurse":"b","patient":"x","district":"900101","service":"dressing","checked-in":"beacon"}}"#
        )
        .replace('\n', "")
    };
    let lines: Vec<String> = (batch * ROWS..(batch + 1) * ROWS).map(visit).collect();
    let lines = lines.join("\n");
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let signature = key.sign(format!("msg_{batch}.{at}.{lines}").as_bytes()).to_bytes();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", format!("msg_{batch}"));
    headers.insert("webhook-timestamp", at.to_string());
    headers.insert("webhook-signature", format!("v1a,{}", Base64::encode_string(&signature)));
    let subject = "yiyang.feeds.his-1.nursing-visits";
    context.publish_with_headers(subject, headers, lines.into()).await.unwrap().await.unwrap();
}

/// Waits until so many batches are taken.
async fn taken(consumer: &PullConsumer, batches: u64) {
    let since = Instant::now();
    // NATS may be out as well.
    let done = async || {
        let info = consumer.get_info().await;
        info.is_ok_and(|info| info.ack_floor.stream_sequence >= batches)
    };
    while !done().await {
        assert!(since.elapsed() < WITHIN, "the messages are not taken");
        sleep(Duration::from_millis(1)).await;
    }
}

/// Waits until so many rows are in the lake; each counts once, and none is held.
async fn counted(base: &str, rows: u64) {
    let officer = Visitor::signed_in_as("town", 0, base).await;
    let (all, since) = (format!(">{rows}<"), Instant::now());
    while !officer.sees(&format!("{base}/en/sources")).await.contains(&all) {
        assert!(since.elapsed() < WITHIN, "not every row is there once");
        sleep(Duration::from_millis(200)).await;
    }
    assert!(officer.sees(&format!("{base}/en/held")).await.contains("No row waits"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_no_message_and_counts_each_row_once() {
    let (town, mut broker) = (Town::found("over-nats"), Broker::for_test());
    let address = broker.address();
    let key = SigningKey::from_bytes(&[1; 32]);
    let context = jetstream::new(async_nats::connect(&address).await.unwrap());
    let consumer = consumer(&context).await;
    let settings = [("YIYANG_NATS", Path::new(&address))];
    let mut program = town.start_with("0.01", &settings);
    note(&program.address(), &key).await;
    for batch in 0..BATCHES {
        send(&context, &key, batch).await;
    }
    let mut base = String::new();
    for kill in KILLS {
        taken(&consumer, kill).await;
        program.kill();
        // Whatever NATS has answered is still so after it was killed.
        broker.kill().unwrap();
        broker.start().unwrap();
        program = town.start_with("0.01", &settings);
        base = program.address();
    }
    taken(&consumer, BATCHES).await;
    counted(&base, BATCHES * ROWS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_disk_does_not_keep_is_given_again() {
    let (town, broker) = (Town::found("over-nats-disk"), Broker::for_test());
    let address = broker.address();
    let key = SigningKey::from_bytes(&[1; 32]);
    let context = jetstream::new(async_nats::connect(&address).await.unwrap());
    let consumer = consumer(&context).await;
    let (library, failing) = (counter(town.folder()), town.folder().join("no-syncs"));
    let nats = ("YIYANG_NATS", Path::new(&address));
    let disk = [("LD_PRELOAD", library.as_path()), ("YIYANG_NO_SYNCS", failing.as_path())];
    let mut program = town.start_with("0.01", &[nats, disk[0], disk[1]]);
    note(&program.address(), &key).await;
    fs::write(&failing, []).unwrap();
    send(&context, &key, 0).await;
    let since = Instant::now();
    loop {
        let info = consumer.get_info().await.unwrap();
        assert_eq!(info.ack_floor.stream_sequence, 0, "acknowledged although it is not on disk");
        if info.delivered.consumer_sequence >= 2 {
            break;
        }
        assert!(since.elapsed() < WITHIN, "it is not given again");
        sleep(Duration::from_millis(50)).await;
    }
    program.kill();
    let mut program = town.start_with("0.01", &[nats]);
    let base = program.address();
    taken(&consumer, 1).await;
    counted(&base, ROWS).await;
}
