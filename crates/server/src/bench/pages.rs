//! Reading over HTTP at a fixed rate (an open model): a request counts from the moment it should
//! have been sent, so that a server that falls behind cannot hide it.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{
    line::{Aim, Line, Taken},
    load::{Known, called},
    town::{DAYS, Town, failed},
};
use crate::{
    cli::Stopped,
    over_http::hidden,
    web::{self, Role, escaped},
};

/// Look-ups a second.
const LOOK_UPS: u64 = 1_000;
/// Inbox pages a second.
const INBOXES: u64 = 20;
/// Searches of one kind a second: so few that none waits for another.
const OF_A_KIND: u64 = 25;
/// Searches by a part of a name a second.
const SEARCHES: u64 = 1;
/// A stride that shares no factor with a count of entries, so that neighbours are far apart.
const STRIDE: usize = 7_919;

/// Measures the pages of a filled city.
pub(crate) async fn measure(
    town: &Town,
    on: &'static str,
    known: &[Known],
    seconds: u64,
) -> Result<Vec<Line>, Stopped> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let app = town.app.clone();
    let server = tokio::spawn(async move { axum::serve(listener, web::router(app)).await });
    let head = town.store.head().await.map_err(failed)?.0;
    let anybody = vec![client()?];
    let officers = officers(town, &base).await?;
    let look = |n: usize| look_up(known, head, n).map(|path| format!("{base}{path}"));
    let entry = |n: usize| page_of(known, n).map(|path| format!("{base}{path}"));
    let find = |n: usize| found(known, n, n % KINDS.len()).map(|path| format!("{base}{path}"));
    let inbox = |n: usize| Some(format!("{base}/zh/inbox{}", after(town, n)));
    let search = |n: usize| Some(format!("{base}{}", sought(known, n)?));
    // Connections and caches are warm in a city that is open.
    steady(&anybody, LOOK_UPS, 2, look).await?;
    let looked = steady(&anybody, LOOK_UPS, seconds, look).await?;
    // No question of a load is asked again by another: its answer would be at hand.
    let apart = |load: usize| (load + 1) * 1_000_003;
    let mut kinds = Vec::new();
    for (kind, what) in KINDS.into_iter().enumerate() {
        let from = apart(kind);
        let find = |n: usize| found(known, from + n, kind).map(|path| format!("{base}{path}"));
        kinds.push(steady(&anybody, OF_A_KIND, seconds.min(4), find).await?.line(
            what,
            on,
            aim(20),
        ));
    }
    let other = |n: usize| find(apart(KINDS.len()) + n);
    steady(&anybody, LOOK_UPS, 2, other).await?;
    let found = steady(&anybody, LOOK_UPS, seconds, find).await?;
    let entries = steady(&anybody, LOOK_UPS, seconds, entry).await?;
    let inboxes = steady(&officers, INBOXES, seconds, inbox).await?;
    let searched = steady(&anybody, SEARCHES, seconds.min(5), search).await?;
    server.abort();
    let mut lines = vec![looked.line("entry as of a day", on, aim(20))];
    lines.extend(kinds);
    lines.extend([
        found.line("search page", on, aim(20)),
        entries.line("entry page", on, aim(20)),
        inboxes.line("officer's inbox page", on, aim(50)),
        searched.line("search by part of a name", on, Aim::NONE),
    ]);
    Ok(lines)
}

fn aim(millis: u64) -> Aim {
    Aim { rate_min: None, p95_max_micros: Some(millis * 1_000) }
}

fn client() -> Result<Client, Stopped> {
    let built = Client::builder().cookie_store(true).redirect(Policy::none()).build();
    built.map_err(stopped)
}

pub(super) fn stopped(error: impl ToString) -> Stopped {
    Stopped(error.to_string())
}

/// An officer of each body that has one, signed in.
async fn officers(town: &Town, base: &str) -> Result<Vec<Client>, Stopped> {
    let mut clients = Vec::new();
    let people = town.app.people.0.iter();
    for person in people.filter(|person| matches!(person.role, Role::Officer { .. })) {
        let (client, page) = (client()?, format!("{base}/en/sign-in"));
        let asked = client.get(&page).send().await.map_err(stopped)?;
        let token = hidden(&asked.text().await.map_err(stopped)?, "token").map_err(Stopped)?;
        let form = [("token", token), ("person", person.id.clone())];
        client.post(&page).form(&form).send().await.map_err(stopped)?;
        clients.push(client);
    }
    Ok(clients)
}

/// One entry as of a day and as known with a number, both after it was made.
pub(super) fn look_up(known: &[Known], head: u64, n: usize) -> Option<String> {
    let asked = known.get(n.wrapping_mul(STRIDE) % known.len().max(1))?;
    let later = i64::try_from(n).unwrap_or(0) % (asked.days + 1);
    let on = asked.on.plus_days(later)?;
    let number = asked.number.0 + (head - asked.number.0) * (n as u64 % 8) / 7;
    Some(format!("/api/registers/{}/{}?on={on}&known={number}", asked.register, asked.key))
}

/// The page of an entry as it is today.
pub(super) fn page_of(known: &[Known], n: usize) -> Option<String> {
    let asked = known.get(n.wrapping_mul(STRIDE) % known.len().max(1))?;
    Some(format!("/zh/registers/{}/{}", asked.register, asked.key))
}

/// What a citizen seeks.
const KINDS: [&str; 8] = [
    "search: the first two characters of a name",
    "search: two characters in a name",
    "search: the beginning of a name",
    "search: two characters that all have",
    "search: pinyin that all have",
    "search: initials",
    "search: a key",
    "search: what nobody is called",
];

/// A search of one of the kinds.
fn found(known: &[Known], n: usize, kind: usize) -> Option<String> {
    let sought = n.wrapping_mul(STRIDE);
    let name = called(sought);
    let (two, rest): (String, String) =
        (name.chars().take(2).collect(), name.chars().skip(1).collect());
    let q = match kind {
        0 => two,
        1 => rest,
        2 => name,
        3 => "虚构".to_owned(),
        4 => "xugou".to_owned(),
        5 => "akr".to_owned(),
        6 => known.get(sought % known.len().max(1))?.key.clone(),
        _ => format!("{name}龘"),
    };
    Some(format!("/zh/search?q={}", escaped(&q)))
}

/// The first page of a queue, and in every second request one that begins at some day of it.
fn after(town: &Town, n: usize) -> String {
    let days = i64::try_from(n.wrapping_mul(STRIDE)).unwrap_or(0) % DAYS;
    match town.first.plus_days(days) {
        Some(day) if n % 2 == 1 => format!("?after={day}_1"),
        _ => String::new(),
    }
}

/// A search that only one key answers, so that the whole register is read for it.
fn sought(known: &[Known], n: usize) -> Option<String> {
    let asked = known.get(n.wrapping_mul(STRIDE) % known.len().max(1))?;
    Some(format!("/api/registers/{}?q={}", asked.register, asked.key))
}

/// What came of a steady load.
struct Steady {
    rate: u64,
    taken: Taken,
    failed: usize,
}

impl Steady {
    fn line(self, what: &'static str, on: &'static str, aim: Aim) -> Line {
        let Self { rate, taken, failed } = self;
        let load = format!("{rate} requests/s, {} sent", taken.count());
        Line { what, on, load, rate: None, taken, failed, aim }
    }
}

/// Sends requests at a fixed rate for so many seconds and waits for every answer.
async fn steady(
    clients: &[Client],
    rate: u64,
    seconds: u64,
    path: impl Fn(usize) -> Option<String>,
) -> Result<Steady, Stopped> {
    let began = Instant::now();
    let mut sent = JoinSet::new();
    for n in 0..rate * seconds {
        let due = began + Duration::from_micros(n * 1_000_000 / rate);
        let n = usize::try_from(n).map_err(stopped)?;
        let (Some(client), Some(path)) = (clients.get(n % clients.len().max(1)), path(n)) else {
            return Err(Stopped("nothing to look up; load more entries".to_owned()));
        };
        sleep_until(due).await;
        sent.spawn(asked(client.clone(), path, due));
    }
    let answers = sent.join_all().await;
    let mut steady = Steady { rate, taken: Taken::default(), failed: 0 };
    for (time, good) in answers {
        steady.taken.note(time);
        steady.failed += usize::from(!good);
    }
    Ok(steady)
}

/// One request read to its last byte: the time since it was due, and whether the answer is good.
async fn asked(client: Client, path: String, due: Instant) -> (Duration, bool) {
    let good = match client.get(path).send().await {
        Ok(answer) => answer.status().is_success() && answer.bytes().await.is_ok(),
        Err(_) => false,
    };
    (due.elapsed(), good)
}
