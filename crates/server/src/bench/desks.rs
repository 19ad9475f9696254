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
    work::Work,
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
struct Desks<'t> {
    base: String,
    client: Client,
    /// Each body with the work that it does first.
    bodies: Vec<(&'t BodyId, Vec<&'t Work>)>,
    /// Who is signed in, each for the next body in turn.
    officers: Vec<Officer>,
    /// Cases that wait for their first act, each of the next officer in turn.
    cases: Vec<CaseId>,
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
    let client = Client::builder().redirect(Policy::none()).build().map_err(stopped)?;
    let mut desks = Desks { base, client, bodies: bodies(town), officers: vec![], cases: vec![] };
    desks.sign_in(town, officers).await?;
    desks.file(town, acts + EVENTS / ONE_ACT_IN).await?;
    let mut lines = desks.worked_at(on, (acts, seconds)).await?;
    lines.extend(mixed(town, on, &desks, known, acts).await?);
    server.abort();
    Ok(lines)
}

/// The bodies that act first in some case, with those cases.
fn bodies(town: &Town) -> Vec<(&BodyId, Vec<&Work>)> {
    let mut bodies: BTreeMap<&BodyId, Vec<&Work>> = BTreeMap::new();
    for work in &town.desks {
        if let Some((Actor::Officer(_, body), _)) = work.act(0) {
            bodies.entry(body).or_default().push(work);
        }
    }
    bodies.into_iter().collect()
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

impl Desks<'_> {
    /// The officers, spread evenly over the bodies.
    async fn sign_in(&mut self, town: &Town, count: usize) -> Result<(), Stopped> {
        for (index, (body, _)) in (0..count).zip(self.bodies.iter().cycle()) {
            self.officers.push(signed_in_for(town, index, body, town.at(DAYS)).await?);
        }
        Ok(())
    }

    /// Files cases up to their first act.
    async fn file(&mut self, town: &Town, count: usize) -> Result<(), Stopped> {
        let all: Vec<usize> = (0..count).collect();
        for group in all.chunks(TOGETHER) {
            let filing = group.iter().filter_map(|n| {
                let filing = self.work(*n)?.step(0, None, format!("desk-{n}"), town.at(DAYS));
                Some(town.store.submit(Submission { personal: Vec::new(), ..filing }))
            });
            for receipt in join_all(filing.collect::<Vec<_>>()).await {
                self.cases.push(receipt.map_err(refused)?.case);
            }
        }
        Ok(())
    }

    /// The work that a case is: one after the other of those of the body whose officer's turn it
    /// is.
    fn work(&self, n: usize) -> Option<&Work> {
        let officer = n % self.officers.len().max(1);
        let (_, work) = self.bodies.get(officer % self.bodies.len().max(1))?;
        work.get(n / self.bodies.len() % work.len()).copied()
    }

    fn read(&self, path: &str, officer: &Officer) -> Ask {
        Ask::Read { path: format!("{}{path}", self.base), cookie: officer.cookie.clone() }
    }

    /// The officer whose turn it is, and the first act of a case.
    fn act(&self, n: usize) -> Result<(&Officer, CaseId, Ask), Stopped> {
        let none = || Stopped("no case waits for an officer".to_owned());
        let case = self.cases.get(n).ok_or_else(none)?;
        let (_, choose) = self.work(n).and_then(|work| work.act(0)).ok_or_else(none)?;
        let officer = self.officers.get(n % self.officers.len().max(1)).ok_or_else(none)?;
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

    /// The queue, the case, the act, and the case as it stands then, each a second after the other.
    async fn worked_at(
        &self,
        on: &'static str,
        (acts, seconds): (usize, u64),
    ) -> Result<Vec<Line>, Stopped> {
        let mut due = Vec::with_capacity(acts * 4);
        let mut rng = Rng::with_seed(SEED);
        let moments = moments(acts, Duration::from_secs(seconds), &mut rng);
        for (n, after) in moments.into_iter().enumerate() {
            let (officer, case, act) = self.act(n)?;
            let page = format!("/zh/cases/{case}");
            let steps = [
                self.read("/zh/inbox", officer),
                self.read(&page, officer),
                act,
                self.read(&page, officer),
            ];
            let later = |(what, later)| Due { after: after + Duration::from_secs(later), what };
            due.extend(steps.into_iter().zip(0..).map(later));
        }
        let (officers, bodies) = (self.officers.len(), self.bodies.len());
        let load = format!("{officers} officers of {bodies} bodies, one act each {ACTS_EACH} s");
        came(self, due, on, ("officers' pages", "officers' acts"), load).await
    }
}

/// Moments spread by chance over a time, in order: what a stream of independent people makes.
fn moments(count: usize, over: Duration, rng: &mut Rng) -> Vec<Duration> {
    let whole = u64::try_from(over.as_micros()).unwrap_or(u64::MAX);
    let mut moments: Vec<u64> = (0..count).map(|_| rng.u64(0..whole.max(1))).collect();
    moments.sort_unstable();
    moments.into_iter().map(Duration::from_micros).collect()
}

/// Ten thousand events by a thousand people: nine of ten read what registers say, one acts.
async fn mixed(
    town: &Town,
    on: &'static str,
    desks: &Desks<'_>,
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
            0 => desks.act(before + n / ONE_ACT_IN)?.2,
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
    desks: &Desks<'_>,
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
/// granted. What was refused is told, so that a load that measures refusals is seen to do so.
async fn answered(client: Client, what: Ask, due: Instant) -> (bool, Duration, bool) {
    let (acts, path, request) = match what {
        Ask::Read { path, cookie } => {
            (false, path.clone(), client.get(path).header(header::COOKIE, cookie))
        }
        Ask::Act { path, cookie, form } => {
            (true, path.clone(), client.post(path).header(header::COOKIE, cookie).form(&form))
        }
    };
    let good = match request.send().await {
        Ok(answer) => {
            // An act that is granted leads back to its case.
            let status = answer.status();
            let good = if acts { status.as_u16() == 303 } else { status.is_success() };
            let text = answer.text().await;
            if !good {
                eprintln!("{path}: {status} {}", told(text.as_deref().unwrap_or_default()));
            }
            good && text.is_ok()
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            false
        }
    };
    (acts, due.elapsed(), good)
}

/// What a page that refuses says first.
fn told(page: &str) -> String {
    let refusal = page.split_once("role=\"alert\"").map(|(_, rest)| rest).unwrap_or_default();
    let words = refusal.split('>').filter_map(|part| part.split('<').next());
    let words: Vec<&str> = words.map(str::trim).filter(|word| !word.is_empty()).take(4).collect();
    words.join(" ")
}
