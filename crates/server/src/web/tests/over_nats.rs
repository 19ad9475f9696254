//! Batches over NATS, with the server of Debian: taken once and in order, whatever is repeated,
//! refused, late or cut off in the middle.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_nats::{
    Client, HeaderMap,
    jetstream::{
        self, AckKind, Context,
        consumer::{AckPolicy, PullConsumer, pull},
        stream,
    },
};
use futures_util::StreamExt as _;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::sources::{Lakeside, Signing, signed, visit, with_source};
use crate::{
    broker::Broker,
    web::taking::{Nats, subscribe, take_message},
};

const VISITS: &str = "yiyang.feeds.his-1.nursing-visits";
/// What is waited for comes within this time, or never.
const WITHIN: Duration = Duration::from_secs(40);

/// The listening of a server, which ends with the test.
struct Listening(JoinHandle<()>);

impl Listening {
    fn begun(lakeside: &Lakeside, broker: &Broker) -> Self {
        let servers = vec![broker.address().parse().unwrap()];
        let nats = Nats { servers, credentials: None, roots: None };
        Self(tokio::spawn(subscribe(lakeside.town.app.clone(), nats)))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn client(broker: &Broker) -> Client {
    async_nats::connect(broker.address()).await.unwrap()
}

/// The stream of an operator, by another name than ours, and a consumer that gives again soon.
async fn prepared(context: &Context) -> PullConsumer {
    let subjects = vec!["yiyang.feeds.>".to_owned()];
    let name = "an-operators".to_owned();
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

/// Sends a batch as a system does; it is stored when this ends.
async fn send(context: &Context, subject: &str, lines: &str, signing: Option<&Signing<'_>>) {
    let second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut headers = HeaderMap::new();
    for (name, says) in signing.iter().flat_map(|signing| signing.headers(second as i64, lines)) {
        // Capitals mean nothing.
        headers.insert(name.replace("webhook", "Webhook"), says);
    }
    let sent = context.publish_with_headers(subject.to_owned(), headers, lines.to_owned().into());
    sent.await.unwrap().await.unwrap();
}

/// Waits until nothing waits any more.
async fn taken(context: &Context) {
    let since = Instant::now();
    loop {
        let name = context.stream_by_subject("yiyang.feeds.>").await;
        if let Ok(name) = name {
            let stream = context.get_stream(name).await.unwrap();
            if let Ok(info) = stream.consumer_info("yiyang").await
                && info.num_pending == 0
                && info.num_ack_pending == 0
            {
                return;
            }
        }
        assert!(since.elapsed() < WITHIN, "some messages still wait");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The streams are made by whoever listens first.
async fn made(context: &Context) {
    let since = Instant::now();
    while context.stream_by_subject("yiyang.feeds.>").await.is_err() {
        assert!(since.elapsed() < WITHIN, "no stream is made");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_taken_once_and_what_does_not_fit_is_held() {
    let (broker, (lakeside, mut officer)) = (Broker::for_test(), with_source("nats-once").await);
    let _listening = Listening::begun(&lakeside, &broker);
    let context = jetstream::new(client(&broker).await);
    made(&context).await;
    let lines = format!("{}\n{}\n", visit(1, ""), visit(2, ""));
    // The town lives years before the moment of the message: that is compared, not its clock.
    for _ in 0..3 {
        send(&context, VISITS, &lines, Some(&signed(1))).await;
    }
    let bad = visit(3, ",\"metres-off\":\"near\"");
    send(&context, VISITS, &format!("{bad}\n{}", visit(4, "")), Some(&signed(1))).await;
    taken(&context).await;
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 3);
    assert_eq!(lakeside.rows("nursing-visits-replaced"), 0);
    officer.get("/en/held").await.says(200, &["1509"]);
    officer.get("/en/sources/his-1").await.says(200, &["yiyang.feeds.his-1."]);
    // What is taken is gone from the stream, and nothing was refused.
    let stream = context.get_stream("yiyang-feeds").await.unwrap();
    assert_eq!(stream.get_info().await.unwrap().state.messages, 0);
    let refused = context.get_stream("yiyang-refused").await.unwrap();
    assert_eq!(refused.get_info().await.unwrap().state.messages, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_never_be_taken_is_kept_aside_with_why() {
    let (broker, (lakeside, _)) = (Broker::for_test(), with_source("nats-refused").await);
    let _listening = Listening::begun(&lakeside, &broker);
    let client = client(&broker).await;
    let context = jetstream::new(client.clone());
    made(&context).await;
    let (row, long) = (visit(1, ""), "{}\n".repeat(10_001));
    // As long as NATS lets it be: no room is left for why, so the lines are not kept with it.
    let whole = "x".repeat(client.max_payload());
    let off = |off| Some(Signing { off, ..signed(1) });
    let cases = [
        ("his-1.nursing-visits", &row, Some(signed(2)), "1336"),
        ("his-1.nursing-visits", &row, None, "1336"),
        ("his-1.nursing-visits", &row, off(-400), "1337"),
        ("his-1.nursing-visits", &row, off(400), "1337"),
        ("nobody.stays", &row, Some(signed(1)), "1335"),
        ("NOBODY", &row, Some(signed(1)), "1335"),
        ("his-1.deaths", &row, Some(signed(1)), "1338"),
        ("his-1.stays.more", &row, Some(signed(1)), "1338"),
        ("his-1.nursing-visits", &long, Some(signed(1)), "1339"),
        ("his-1.stays", &whole, None, "1336"),
    ];
    for (place, lines, signing, _) in &cases {
        send(&context, &format!("yiyang.feeds.{place}"), lines, signing.as_ref()).await;
    }
    // Others are not held up.
    send(&context, VISITS, &row, Some(&signed(1))).await;
    taken(&context).await;
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 1);
    let refused = context.get_stream("yiyang-refused").await.unwrap();
    assert_eq!(refused.get_info().await.unwrap().state.messages, cases.len() as u64);
    for (number, (place, lines, signing, fault)) in (1..).zip(&cases) {
        let kept = refused.get_raw_message(number).await.unwrap();
        assert_eq!(kept.subject.as_str(), format!("yiyang.refused.{place}"));
        assert_eq!(kept.headers.get("Yiyang-Fault").unwrap().as_str(), *fault, "{place}");
        assert_eq!(kept.headers.get("webhook-signature").is_some(), signing.is_some());
        let lines = if lines.len() == whole.len() { "" } else { lines.as_str() };
        assert_eq!(kept.payload, lines.as_bytes(), "{place}");
    }
    // Those who look after sources see it, for whoever sent it was not told.
    let page = lakeside.officer().await.get("/en/sources").await;
    let told = "1338 The source does not send this feed";
    page.says(200, &["cannot be taken", "nobody.stays", "his-1.stays.more", told, "feeds 3"]);
    assert_eq!(page.body.matches("<code>yiyang-feeds ").count(), cases.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_again_comes_before_what_was_sent_later() {
    let broker = Broker::for_test();
    let context = jetstream::new(client(&broker).await);
    let consumer = prepared(&context).await;
    for nak in [false, true] {
        let (lakeside, _) = with_source("nats-again").await;
        // The same visit, said differently later.
        for metres in [12, 15] {
            let row = visit(1, &format!(",\"metres-off\":{metres}"));
            send(&context, VISITS, &row, Some(&signed(1))).await;
        }
        let app = &lakeside.town.app;
        let mut messages = consumer.fetch().max_messages(1).messages().await.unwrap();
        let first = messages.next().await.unwrap().unwrap();
        if nak {
            // The disk was busy.
            let later = AckKind::Nak(Some(Duration::from_millis(700)));
            first.double_ack_with(later).await.unwrap();
        } else {
            // It is synced, and the server is gone before it says so.
            take_message(app, &app.taking.clone().unwrap(), &first).await.unwrap();
        }
        drop(messages);
        let listening = Listening::begun(&lakeside, &broker);
        taken(&context).await;
        drop(listening);
        lakeside.gathered();
        assert_eq!(lakeside.rows("nursing-visits"), 1);
        // Had the first come again after the second, it would have taken its place.
        assert_eq!(lakeside.rows("nursing-visits-replaced"), 1, "{nak}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_may_be_out_at_the_start_and_go_in_the_midst() {
    let (mut broker, (lakeside, _)) = (Broker::for_test(), with_source("nats-out").await);
    prepared(&jetstream::new(client(&broker).await)).await;
    broker.kill().unwrap();
    let _listening = Listening::begun(&lakeside, &broker);
    sleep(Duration::from_millis(300)).await;
    for life in 0..3 {
        broker.start().unwrap();
        let context = jetstream::new(client(&broker).await);
        for number in 0..20 {
            send(&context, VISITS, &visit(life * 20 + number, ""), Some(&signed(1))).await;
        }
        // In the midst of them, but for the last time.
        if life < 2 {
            broker.kill().unwrap();
        } else {
            taken(&context).await;
        }
    }
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_that_could_change_the_order_is_not_used() {
    let (broker, (lakeside, _)) = (Broker::for_test(), with_source("nats-order").await);
    let context = jetstream::new(client(&broker).await);
    prepared(&context).await;
    let stream = context.get_stream("an-operators").await.unwrap();
    stream.delete_consumer("yiyang").await.unwrap();
    let durable_name = Some("yiyang".to_owned());
    let many = pull::Config { durable_name, max_ack_pending: 2, ..pull::Config::default() };
    stream.create_consumer(many).await.unwrap();
    send(&context, VISITS, &visit(1, ""), Some(&signed(1))).await;
    let _listening = Listening::begun(&lakeside, &broker);
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!(stream.consumer_info("yiyang").await.unwrap().num_pending, 1);
    // Once it is deleted it is made as it should be.
    stream.delete_consumer("yiyang").await.unwrap();
    taken(&context).await;
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 1);
}
