//! Officers at their desks: so many who are signed in, each of whom acts once in half a minute, and
//! a day of mixed events by people who read and officers who act, both over HTTP and as an open
//! model: a request counts from the moment it should have been sent.

use std::{collections::BTreeMap, time::Duration};

use base::Date;
use fastrand::Rng;
use futures_util::future::join_all;
use identity::{AccountId, Evidence, LoginName};
use kernel::{Actor, BodyId, CaseId, PartyId};
use reqwest::{Client, header, redirect::Policy};
use store::{
    Submission,
    accounts::{NewAccount, NewSession, Office},
};
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{
    line::{Aim, Line, Taken},
    load::{Known, called},
    pages::{look_up, page_of, stopped},
    town::{DAYS, Town, failed, refused},
};
use crate::{
    cli::Stopped,
    web::{self, Session, escaped},
};

/// Each officer acts once in so many seconds.
const ACTS_EACH: u64 = 30;
/// The events of the mixed day, and the people who cause them.
const EVENTS: usize = 10_000;
const USERS: usize = 1_000;
/// Events a second.
const EVENT_RATE: u64 = 200;
/// Of so many events one is an act.
const ONE_ACT_IN: usize = 10;
/// Cases filed together.
const TOGETHER: usize = 1_024;
/// The same moments each time.
const SEED: u64 = 2_000;

/// An officer who is signed in.
struct Officer {
    cookie: String,
    token: String,
}

/// What officers work on.
struct Desks {
    base: String,
    client: Client,
    /// The officers by body.
    officers: BTreeMap<BodyId, Vec<Officer>>,
    /// Cases that wait for their first act.
    cases: Vec<(CaseId, usize)>,
}

/// Measures the desks, and the mixed day.
pub(crate) async fn measure(
    town: &Town,
    on: &'static str,
    known: &[Known],
    (officers, seconds): (usize, u64),
) -> Result<Vec<Line>, Stopped> {
    let seconds = seconds.max(ACTS_EACH);
    let acts = officers * usize::try_from(seconds / ACTS_EACH).map_err(stopped)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let app = town.app.clone();
    let server = tokio::spawn(async move { axum::serve(listener, web::router(app)).await });
    let cases = filed(town, acts + EVENTS / ONE_ACT_IN).await?;
    let client = Client::builder().redirect(Policy::none()).build().map_err(stopped)?;
    let desks = Desks { base, client, officers: signed_in(town, officers).await?, cases };
    let mut lines = at_desks(town, on, &desks, (officers, acts, seconds)).await?;
    lines.extend(mixed(town, on, &desks, known, acts).await?);
    server.abort();
    Ok(lines)
}

/// Files cases up to their first act.
async fn filed(town: &Town, count: usize) -> Result<Vec<(CaseId, usize)>, Stopped> {
    let mut cases = Vec::with_capacity(count);
    let all: Vec<usize> = (0..count).collect();
    for group in all.chunks(TOGETHER) {
        let filing = group.iter().filter_map(|index| {
            let work = town.work.get(index % town.work.len())?;
            let filing = work.step(0, None, format!("desk-{index}"), town.at(DAYS));
            Some(town.store.submit(Submission { personal: Vec::new(), ..filing }))
        });
        let done = join_all(filing.collect::<Vec<_>>()).await;
        for (index, receipt) in group.iter().zip(done) {
            cases.push((receipt.map_err(refused)?.case, *index));
        }
    }
    Ok(cases)
}

/// Officers of every body that acts first in some case, each with an account and a session.
async fn signed_in(town: &Town, count: usize) -> Result<BTreeMap<BodyId, Vec<Officer>>, Stopped> {
    let bodies = town.work.iter().filter_map(|work| match work.act(0) {
        Some((Actor::Officer(_, body), _)) => Some(body.clone()),
        _ => None,
    });
    let mut officers: BTreeMap<BodyId, Vec<Officer>> = bodies.map(|b| (b, Vec::new())).collect();
    let bodies: Vec<BodyId> = officers.keys().cloned().collect();
    let now = town.at(DAYS);
    for (index, body) in (0..count).zip(bodies.iter().cycle()) {
        let own = signed_in_for(town, index, body, now).await?;
        officers.entry(body.clone()).or_default().push(own);
    }
    Ok(officers)
}

async fn signed_in_for(
    town: &Town,
    index: usize,
    body: &BodyId,
    now: base::Instant,
) -> Result<Officer, Stopped> {
    let accounts = town.store.accounts();
    let mut id = [0x5a; 16];
    id[8..].copy_from_slice(&(index as u64).to_be_bytes());
    let login = format!("desk-{index}@example.cn");
    let new = NewAccount {
        id: AccountId(id),
        party: PartyId(id),
        name: format!("经办人{index}（虚构）"),
        login: Some(LoginName::parse(&login).map_err(|reason| Stopped(reason.says.en))?),
        password: None,
    };
    let from: Date = town.first;
    let office = Office { body: body.clone(), from, until: None };
    accounts.sign_up_officer(&new, &office, now).await.map_err(failed)?;
    let session = Session::signed_in(now);
    let begun = NewSession {
        digest: session.digest(),
        account: Some(new.id),
        person: String::new(),
        evidence: Evidence::Passkey,
        browser: String::new(),
        acting: Some(body.clone()),
    };
    accounts.begin(&begun, now).await.map_err(failed)?;
    let line = session.cookie(&town.app.secret, false);
    let cookie = line.split(';').next().unwrap_or_default().to_owned();
    Ok(Officer { cookie, token: session.token(&town.app.secret) })
}

/// A request on its way: when it is due, and what it is.
struct Due {
    after: Duration,
    what: Ask,
}

/// What is asked.
enum Ask {
    /// A page.
    Read { path: String, cookie: String },
    /// An act on a case.
    Act { path: String, cookie: String, form: Vec<(&'static str, String)> },
}

impl Desks {
    fn read(&self, path: &str, officer: &Officer) -> Ask {
        Ask::Read { path: format!("{}{path}", self.base), cookie: officer.cookie.clone() }
    }

    /// The officer whose turn it is, and the first act of a case.
    fn act(&self, town: &Town, n: usize) -> Result<(&Officer, CaseId, Ask), Stopped> {
        let none = || Stopped("no case waits for an officer".to_owned());
        let (case, index) = self.cases.get(n).ok_or_else(none)?;
        let work = town.work.get(index % town.work.len()).ok_or_else(none)?;
        let Some((Actor::Officer(_, body), choose)) = work.act(0) else { return Err(none()) };
        let own = self.officers.get(body).filter(|own| !own.is_empty()).ok_or_else(none)?;
        let officer = own.get(n / self.officers.len() % own.len()).ok_or_else(none)?;
        let form = vec![
            ("token", officer.token.clone()),
            ("key", format!("desk-act-{n}")),
            ("step", choose.step.to_string()),
            ("outcome", choose.outcome.to_string()),
            ("reasons", choose.reasons.clone()),
        ];
        let path = format!("{}/zh/cases/{case}/choose", self.base);
        Ok((officer, *case, Ask::Act { path, cookie: officer.cookie.clone(), form }))
    }
}

/// Moments spread by chance over a time, in order: what a stream of independent people makes.
fn moments(count: usize, over: Duration, rng: &mut Rng) -> Vec<Duration> {
    let whole = u64::try_from(over.as_micros()).unwrap_or(u64::MAX);
    let mut moments: Vec<u64> = (0..count).map(|_| rng.u64(0..whole.max(1))).collect();
    moments.sort_unstable();
    moments.into_iter().map(Duration::from_micros).collect()
}

/// The queue, the case, the act, and the case as it stands then, each a second after the other.
async fn at_desks(
    town: &Town,
    on: &'static str,
    desks: &Desks,
    (officers, acts, seconds): (usize, usize, u64),
) -> Result<Vec<Line>, Stopped> {
    let mut due = Vec::with_capacity(acts * 4);
    let mut rng = Rng::with_seed(SEED);
    for (n, after) in moments(acts, Duration::from_secs(seconds), &mut rng).into_iter().enumerate()
    {
        let (officer, case, act) = desks.act(town, n)?;
        let page = format!("/zh/cases/{case}");
        let steps = [
            desks.read("/zh/inbox", officer),
            desks.read(&page, officer),
            act,
            desks.read(&page, officer),
        ];
        due.extend(
            steps
                .into_iter()
                .zip(0..)
                .map(|(what, later)| Due { after: after + Duration::from_secs(later), what }),
        );
    }
    let load = format!("{officers} officers, one act each {ACTS_EACH} s");
    came(desks, due, on, ("officers' pages", "officers' acts"), load).await
}

/// Ten thousand events by a thousand people: nine of ten read what registers say, one acts.
async fn mixed(
    town: &Town,
    on: &'static str,
    desks: &Desks,
    known: &[Known],
    before: usize,
) -> Result<Vec<Line>, Stopped> {
    let head = town.store.head().await.map_err(failed)?.0;
    let mut rng = Rng::with_seed(SEED + 1);
    let seconds = EVENTS as u64 / EVENT_RATE;
    let moments = moments(EVENTS, Duration::from_secs(seconds), &mut rng);
    let mut due = Vec::with_capacity(EVENTS);
    for (n, after) in moments.into_iter().enumerate() {
        let user = rng.usize(0..USERS);
        let what = match n % ONE_ACT_IN {
            0 => desks.act(town, before + n / ONE_ACT_IN)?.2,
            kind => {
                let path = match kind {
                    1..=4 => page_of(known, n * 31 + user),
                    5..=7 => look_up(known, head, n * 31 + user),
                    _ => Some(format!("/zh/search?q={}", escaped(&called(n * 31 + user)))),
                };
                let path = path.ok_or_else(|| Stopped("nothing to look up".to_owned()))?;
                Ask::Read { path: format!("{}{path}", desks.base), cookie: String::new() }
            }
        };
        due.push(Due { after, what });
    }
    let load = format!("{EVENTS} events of {USERS} people, {EVENT_RATE}/s");
    came(desks, due, on, ("mixed day: reading", "mixed day: acting"), load).await
}

/// Sends everything when it is due: how long reading and acting took.
async fn came(
    desks: &Desks,
    mut due: Vec<Due>,
    on: &'static str,
    (reading, acting): (&'static str, &'static str),
    load: String,
) -> Result<Vec<Line>, Stopped> {
    due.sort_by_key(|own| own.after);
    let began = Instant::now();
    let mut sent = JoinSet::new();
    for Due { after, what } in due {
        sleep_until(began + after).await;
        let client = desks.client.clone();
        sent.spawn(async move { answered(client, what, began + after).await });
    }
    let line = |what, aim| Line {
        what,
        on,
        load: load.clone(),
        rate: None,
        taken: Taken::default(),
        failed: 0,
        aim: Aim { rate_min: None, p95_max_micros: Some(aim) },
    };
    let (mut reads, mut acts) = (line(reading, 20_000), line(acting, 50_000));
    for (acted, time, good) in sent.join_all().await {
        let line = if acted { &mut acts } else { &mut reads };
        line.taken.note(time);
        line.failed += usize::from(!good);
    }
    Ok(vec![reads, acts])
}

/// One request to its last byte: whether it acted, the time since it was due, and whether it was
/// granted.
async fn answered(client: Client, what: Ask, due: Instant) -> (bool, Duration, bool) {
    let (acts, request) = match what {
        Ask::Read { path, cookie } => (false, client.get(path).header(header::COOKIE, cookie)),
        Ask::Act { path, cookie, form } => {
            (true, client.post(path).header(header::COOKIE, cookie).form(&form))
        }
    };
    let good = match request.send().await {
        Ok(answer) => {
            // An act that is granted leads back to its case.
            let status = answer.status();
            let good = if acts { status.as_u16() == 303 } else { status.is_success() };
            good && answer.bytes().await.is_ok()
        }
        Err(_) => false,
    };
    (acts, due.elapsed(), good)
}
