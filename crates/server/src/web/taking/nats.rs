//! Batches that come as messages of NATS JetStream (`yiyang.feeds.SOURCE.FEED`), for systems that
//! hand over what they have and go on while we are out. A message is a batch as it would be sent
//! over HTTP, with the same headers. It is acknowledged once its rows are synced, and the next one
//! comes only then: a row that comes twice with different values ends as it was last sent.

use std::{
    path::PathBuf,
    time::{Duration, Instant as Passed},
};

use async_nats::{
    ConnectOptions, Error, ServerAddr,
    header::NATS_MESSAGE_ID,
    jetstream::{
        self, AckKind, Context, Message,
        consumer::{AckPolicy, PullConsumer, pull},
        context::GetStreamByNameErrorKind,
        stream::{self, DiscardPolicy, RetentionPolicy},
    },
};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use base::Instant;
use futures_util::StreamExt as _;
use store::refused::RefusedBatch;

use super::{App, NotSent, Taking, came::Came, untaken};
use crate::web::fault::Fault;

/// What the subjects of batches begin with; the source and the feed follow.
const FEEDS: &str = "yiyang.feeds.";
/// What the subjects begin with under which refused messages are kept.
const REFUSED: &str = "yiyang.refused.";
/// The streams, where none has these subjects yet, and what reads the first for us.
const STREAMS: [&str; 2] = ["yiyang-feeds", "yiyang-refused"];
const DURABLE: &str = "yiyang";
/// After so long without an answer a message is given again.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// The messages asked for at a time, for how long, and how often NATS says that it is still there.
const ASKED: usize = 64;
const ASKED_FOR: Duration = Duration::from_secs(30);
const HEARD_EVERY: Duration = Duration::from_secs(2);
/// How long a refused message is kept, and how many bytes of them.
const REFUSED_WITHIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const REFUSED_BYTES: i64 = 256 << 20;
/// The seconds after which a message that cannot be taken now is given again, at most.
const AGAIN_WITHIN: u32 = 10;
/// How long it rests when NATS is out.
const REST: Duration = Duration::from_secs(3);
/// The same trouble is told again after so long.
const TOLD_EVERY: Duration = Duration::from_secs(600);
/// What NATS adds to a message, and we to a refused one, is no longer than this.
const OWN_HEADERS: usize = 2048;
/// What the names of the headers of a signature begin with.
const SIGNED: &str = "webhook-";

/// Where NATS is, and as whom it is asked.
#[derive(Debug, Clone)]
pub(crate) struct Nats {
    /// Servers of one cluster.
    pub(crate) servers: Vec<ServerAddr>,
    /// The file with what we sign in with.
    pub(crate) credentials: Option<PathBuf>,
    /// A file with root certificates besides those of the system.
    pub(crate) roots: Option<PathBuf>,
}

/// Takes batches over NATS for as long as the server runs, whether or not NATS is there yet.
pub(crate) async fn subscribe(app: App, nats: Nats) {
    let Some(taking) = app.taking.clone() else { return };
    let mut told: Option<(String, Passed)> = None;
    loop {
        let error = match nats.messages().await {
            Ok(messages) => {
                told = None;
                listen(&app, &taking, messages).await
            }
            Err(error) => error,
        };
        let says = error.to_string();
        let known = |(last, at): &(String, Passed)| *last == says && at.elapsed() < TOLD_EVERY;
        if !told.as_ref().is_some_and(known) {
            eprintln!("yiyang: feeds over NATS wait: {says}");
            told = Some((says, Passed::now()));
        }
        tokio::time::sleep(REST).await;
    }
}

/// Takes one message after the other, until NATS is out; then why.
async fn listen(app: &App, taking: &Taking, mut messages: pull::Stream) -> Error {
    while let Some(message) = messages.next().await {
        let settled = match message {
            Ok(message) => settle(app, taking, &message).await,
            Err(error) => Err(error.into()),
        };
        if let Err(error) = settled {
            return error;
        }
    }
    "the subscription has ended".into()
}

impl Nats {
    /// What comes, from now on.
    async fn messages(&self) -> Result<pull::Stream, Error> {
        let client = self.options().await?.connect(self.servers.as_slice()).await?;
        let consumer = consumer(&jetstream::new(client)).await?;
        let asked = consumer.stream().max_messages_per_batch(ASKED).expires(ASKED_FOR);
        let messages = asked.heartbeat(HEARD_EVERY).messages().await?;
        let stream = &consumer.cached_info().stream_name;
        eprintln!("yiyang: feeds are taken over NATS, from `{stream}`");
        Ok(messages)
    }

    async fn options(&self) -> Result<ConnectOptions, Error> {
        let mut options = ConnectOptions::new().name("yiyang");
        if let Some(roots) = &self.roots {
            options = options.add_root_certificates(roots.clone());
        }
        if let Some(credentials) = &self.credentials {
            options = options.credentials_file(credentials).await?;
        }
        Ok(options)
    }
}

/// What reads the stream for us; it and the streams are made where they are missing.
async fn consumer(context: &Context) -> Result<PullConsumer, Error> {
    let [feeds, refused] = streams();
    stream_of(context, refused).await?;
    let name = stream_of(context, feeds).await?;
    let wanted = pull::Config {
        durable_name: Some(DURABLE.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: ANSWERED_WITHIN,
        max_ack_pending: 1,
        filter_subject: format!("{FEEDS}>"),
        ..pull::Config::default()
    };
    let stream = context.get_stream_no_info(&name).await?;
    let consumer = stream.get_or_create_consumer(DURABLE, wanted).await?;
    let found = &consumer.cached_info().config;
    // Two messages at a time could change places, and one given up would be lost.
    if found.ack_policy != AckPolicy::Explicit
        || found.max_ack_pending != 1
        || found.max_deliver > 0
    {
        let says = "gives several messages at a time, or gives them up; delete it and it is made";
        return Err(format!("the consumer `{DURABLE}` of `{name}` {says}").into());
    }
    Ok(consumer)
}

/// The streams as they are made: what waits for us goes once it is taken and never before, what
/// was refused goes in time.
fn streams() -> [stream::Config; 2] {
    let [feeds, refused] = STREAMS.map(str::to_owned);
    let feeds = stream::Config {
        name: feeds,
        subjects: vec![format!("{FEEDS}>")],
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::New,
        ..stream::Config::default()
    };
    let refused = stream::Config {
        name: refused,
        subjects: vec![format!("{REFUSED}>")],
        max_age: REFUSED_WITHIN,
        max_bytes: REFUSED_BYTES,
        ..stream::Config::default()
    };
    [feeds, refused]
}

/// The name of the stream that has some subjects; an operator may have made one of another name.
async fn stream_of(context: &Context, wanted: stream::Config) -> Result<String, Error> {
    let subject = wanted.subjects.concat();
    match context.stream_by_subject(subject).await {
        Ok(name) => Ok(name),
        Err(error) if error.kind() == GetStreamByNameErrorKind::NotFound => {
            Ok(context.create_stream(wanted).await?.cached_info().config.name.clone())
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a message and answers it: taken, refused for good, or to be given again.
async fn settle(app: &App, taking: &Taking, message: &Message) -> Result<(), Error> {
    let again = match take(app, taking, message).await {
        Ok(()) => return message.ack().await,
        Err(Fault::Rows(why)) => match why.again_after() {
            None => return refuse(app, message, why).await,
            Some(seconds) => seconds.min(AGAIN_WITHIN),
        },
        Err(_) => AGAIN_WITHIN,
    };
    let again = Duration::from_secs(again.into());
    message.ack_with(AckKind::Nak(Some(again))).await
}

/// Takes a message: its rows are synced when this has ended well.
pub(crate) async fn take(app: &App, taking: &Taking, message: &Message) -> Result<(), Fault> {
    let about = message.info().map_err(|error| Fault::broken(&*error))?;
    let at = stored_at(about.published.unix_timestamp_nanos());
    let place = message.subject.strip_prefix(FEEDS).unwrap_or_default();
    let (source, feed) = place.split_once('.').unwrap_or_default();
    let headers = &headers(message);
    let came = Came { source, feed, headers, body: message.payload.clone(), at };
    let batch = came.read(app, taking, app.clock.now()).await?;
    taking.lake().take_batch(&batch).await.map_err(untaken)?;
    Ok(())
}

/// When a message was stored, from nanoseconds.
fn stored_at(nanos: i128) -> Instant {
    Instant::from_micros(i64::try_from(nanos.div_euclid(1_000)).unwrap_or(i64::MAX))
}

/// The headers as HTTP has them, in whose names capitals mean nothing.
fn headers(message: &Message) -> HeaderMap {
    let all = message.headers.iter().flat_map(|headers| headers.iter());
    let first = all.filter_map(|(name, values)| {
        let name = HeaderName::from_bytes(name.as_ref()).ok()?;
        Some((name, HeaderValue::from_str(values.first()?.as_str()).ok()?))
    });
    first.collect()
}

/// Keeps a message that can never be taken where an operator finds it, says so here and to those
/// who look after sources, and has it given no more.
async fn refuse(app: &App, message: &Message, why: NotSent) -> Result<(), Error> {
    let about = message.info()?;
    let (stream, sequence, number) = (about.stream, about.stream_sequence, why.number());
    let sent_at = stored_at(about.published.unix_timestamp_nanos());
    let (subject, title) = (message.subject.as_str(), why.title());
    let place = subject.strip_prefix(FEEDS).unwrap_or(subject);
    eprintln!("yiyang: {number} {} · {}: {place:?}, {stream} {sequence}", title.zh, title.en);
    let mut kept = async_nats::HeaderMap::new();
    kept.insert(NATS_MESSAGE_ID, format!("{stream}-{sequence}"));
    kept.insert("Yiyang-Fault", number.to_string());
    kept.insert("Yiyang-Says", why.says().en);
    // What is as long as NATS lets it be has no room for more: then only the reason is kept.
    let room = message.context.client().max_payload();
    let whole = message.length.saturating_add(OWN_HEADERS) <= room;
    for (name, value) in headers(message).iter().filter(|_| whole) {
        if name.as_str().starts_with(SIGNED) {
            kept.insert(name.as_str(), value.to_str()?);
        }
    }
    let payload = if whole { message.payload.clone() } else { Bytes::new() };
    let context = &message.context;
    context.publish_with_headers(format!("{REFUSED}{place}"), kept, payload).await?.await?;
    let (stream, place) = (stream.to_owned(), place.to_owned());
    let refused = RefusedBatch { stream, sequence, place, sent_at, fault: number };
    app.store.note_refused(&refused).await?;
    message.ack_with(AckKind::Term).await
}
