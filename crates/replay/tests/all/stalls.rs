//! Random traffic about the places of a fair, through a slow model of who has how many of them, in
//! memory and on each database: the same refusals, the same standing of every stall after each act,
//! the same ledger. No permit and no transfer ever takes more places than there are; only a ruling
//! that gives back what was taken from somebody may.

use std::{collections::BTreeMap, sync::Arc};

use base::{Division, Instant};
use fastrand::Rng;
use kernel::{BodyId, EntryNumber, form::Answers, ledger::bytes_of};
use pack::model::{Applicant, Pack};
use replay::{
    Stage, Stored,
    memory::Memory,
    stage::{Deed, Outcome, Who},
};

use crate::{
    days::{self, Day},
    people::{MINUTE, body, date, name, party},
    shipped,
};

/// How many different runs, and how many acts each.
const RUNS: u64 = 12;
const ACTS: usize = 90;
/// How many places the fair has.
const PLACES: i64 = 4;
/// Conditions that do not hold.
const NOT_MET: Result<(), u16> = Err(1106);

/// A permit to keep a stall.
#[derive(Debug, Clone, PartialEq)]
struct Permit {
    case: u64,
    applicant: u8,
    places: i64,
    food: bool,
    until: Day,
    stands: &'static str,
    stall: Option<usize>,
}

/// A stall as the register should have it.
#[derive(Debug, Clone, PartialEq)]
struct Stall {
    /// The case whose entry it is.
    case: u64,
    holder: u8,
    places: i64,
    status: &'static str,
    shut_before: bool,
    /// Its standing before the decision that ended it, where that may be challenged.
    before: &'static str,
}

/// The fair, slowly.
#[derive(Debug, Default)]
struct Model {
    permits: Vec<Permit>,
    stalls: Vec<Stall>,
    /// Transfers asked for: the case, who takes over, and which stall.
    transfers: Vec<(u64, u8, usize)>,
    closed: bool,
    /// The closure that may be challenged: its case, and the stalls it shut.
    closure: Option<(u64, Vec<usize>)>,
}

impl Model {
    fn taken(&self) -> i64 {
        self.stalls.iter().filter(|s| s.status == "open").map(|s| s.places).sum()
    }

    /// Whether a permit may be granted now.
    fn may(&self, permit: &Permit) -> Result<(), u16> {
        let trouble = self.stalls.iter().any(|s| s.holder == permit.applicant && s.shut_before);
        let room = self.taken() + permit.places <= PLACES;
        if room && !trouble && !self.closed { Ok(()) } else { NOT_MET }
    }

    fn grant(&mut self, at: usize, day: Day) {
        let Permit { case, applicant: holder, places, .. } = self.permits[at];
        let (status, before) = ("open", "open");
        self.stalls.push(Stall { case, holder, places, status, shut_before: false, before });
        self.permits[at].stall = Some(self.stalls.len() - 1);
        self.permits[at].stands = "holding";
        // A day that is over already ends the stage with the day of the grant.
        self.permits[at].until = self.permits[at].until.max(day);
    }

    fn end(&mut self, at: usize, stands: &'static str) {
        self.permits[at].stands = stands;
        let stall = &mut self.stalls[self.permits[at].stall.unwrap()];
        stall.before = stall.status;
        stall.status = "over";
    }

    /// What runs out by the beginning of a day.
    fn pass(&mut self, day: Day) {
        for at in 0..self.permits.len() {
            match self.permits[at].stands {
                "holding" if self.permits[at].until < day => self.end(at, "run-out"),
                "prolong" if self.permits[at].until < day => self.permits[at].stands = "kept",
                _ => {}
            }
        }
    }
}

/// One run on one stage.
struct Run<'s, S> {
    stage: &'s mut S,
    lot: Rng,
    now: i64,
    model: Model,
    trace: Vec<String>,
}

fn applicant(number: u8) -> Who {
    Who::Applicant(party(number), Applicant::Person)
}

fn guild() -> Who {
    Who::Applicant(party(9), Applicant::Organisation)
}

fn officer(office: &str, division: &str) -> Who {
    let BodyId { office, division } = body(office, division);
    Who::Officer(party(100), BodyId { office, division })
}

fn form(rows: &[(&str, String)]) -> Answers {
    rows.iter().map(|(path, text)| ((*path).to_owned(), vec![text.clone()])).collect()
}

fn files(procedure: &str, rows: &[(&str, String)], consent: bool) -> Deed {
    let papers = consent.then(|| (name("consent"), pack::model::Mode::Upload));
    Deed::File {
        procedure: name(procedure),
        answers: form(rows),
        papers: papers.into_iter().collect(),
        commits: [].into(),
        behalf: None,
        on_paper: false,
    }
}

fn chooses(step: &str, outcome: &str, rows: &[(&str, String)]) -> Deed {
    Deed::Choose {
        step: name(step),
        outcome: name(outcome),
        reasons: "理由".to_owned(),
        items: Vec::new(),
        answers: form(rows),
    }
}

impl<S: Stage> Run<'_, S> {
    async fn act(&mut self, who: &Who, case: Option<u64>, deed: Deed) -> Outcome {
        self.now += MINUTE;
        let at = Instant::from_micros(self.now);
        let shown = format!("{deed:?}");
        let outcome = self.stage.act(who, at, case, deed).await.unwrap();
        let word = outcome.map_or_else(|refused| refused.to_string(), |_| "done".to_owned());
        self.trace.push(format!("{}: {word}", &shown[..shown.find(' ').unwrap()]));
        outcome
    }

    /// Files a case that must be taken in.
    async fn file(&mut self, who: &Who, deed: Deed) -> u64 {
        self.act(who, None, deed).await.unwrap()
    }

    /// Chooses on a case; it must be refused, or not, as the model says.
    async fn choose(&mut self, by: &Who, case: u64, deed: Deed, expected: Result<(), u16>) {
        let shown = format!("{deed:?}");
        let found = self.act(by, Some(case), deed).await.map(drop);
        assert_eq!(found, expected, "{shown}\n{:#?}", self.model);
    }

    /// The year's fairs are put on record and the guild hosts the first.
    async fn begin(&mut self) {
        let province = officer("planning", "90");
        let plan = files("fair-adoption", &[("plan.division", "90".to_owned())], false);
        let case = self.file(&province, plan).await;
        self.choose(&province, case, chooses("publish", "published", &[]), Ok(())).await;
        self.host().await;
    }

    /// The guild hosts the fair, or has it opened again with all that was shut.
    async fn host(&mut self) {
        let fair = files("fair-hosting", &[("place.fair", "fair-1".to_owned())], false);
        let case = self.file(&guild(), fair).await;
        let east = officer("planning", "900101");
        self.choose(&east, case, chooses("examine", "good", &[]), Ok(())).await;
        self.model.closed = false;
        for stall in self.model.stalls.iter_mut().filter(|stall| stall.status == "shut") {
            stall.status = "open";
        }
    }

    async fn step(&mut self) {
        if self.lot.u8(0..4) == 0 {
            self.now += self.lot.i64(1..20) * 24 * 60 * MINUTE;
        }
        let day = days::day_of(self.now);
        self.model.pass(day);
        match self.lot.u8(0..20) {
            0..5 => self.apply(day).await,
            5..7 => self.ask_transfer().await,
            7..9 => self.transfer().await,
            9 => self.close_fair().await,
            10 => self.challenge_closure().await,
            11 if self.model.closed => self.host().await,
            _ => self.go_on(day).await,
        }
        self.compare().await;
    }

    async fn apply(&mut self, day: Day) {
        let (number, places) = (self.lot.u8(1..5), self.lot.i64(1..4));
        let (food, until) = (self.lot.bool(), day + self.lot.i64(5..120));
        let rows = [
            ("place.fair", "fair-1".to_owned()),
            ("trade.goods", if food { "food" } else { "lanterns" }.to_owned()),
            ("trade.places", places.to_string()),
            ("trade.until", days::text_of(until)),
            ("trade.takings", "1000.00".to_owned()),
        ];
        let case = self.file(&applicant(number), files("stall-permit", &rows, false)).await;
        let stands = "examine";
        let stall = None;
        let permit = Permit { case, applicant: number, places, food, until, stands, stall };
        self.model.permits.push(permit);
    }

    /// Something that may be done with a permit.
    async fn go_on(&mut self, day: Day) {
        if self.model.permits.is_empty() {
            return;
        }
        let at = self.lot.usize(..self.model.permits.len());
        let Permit { case, stands, food, .. } = self.model.permits[at];
        let holder = applicant(self.model.permits[at].applicant);
        let province = officer("planning", "90");
        let may = self.model.may(&self.model.permits[at]);
        match (stands, self.lot.u8(0..4)) {
            ("examine", 0) => {
                self.choose(&holder, case, chooses("examine", "good", &[]), Err(1102)).await;
            }
            ("examine", _) => {
                self.choose(&province, case, chooses("examine", "good", &[]), may).await;
                match (may, food) {
                    (Ok(()), true) => self.model.permits[at].stands = "pay",
                    (Ok(()), false) => self.model.grant(at, day),
                    _ => {}
                }
            }
            ("pay", _) => {
                self.choose(&province, case, chooses("pay", "paid", &[]), may).await;
                if may.is_ok() {
                    self.model.grant(at, day);
                }
            }
            ("holding", 0) => {
                self.choose(&holder, case, chooses("holding", "gives-up", &[]), Ok(())).await;
                self.model.end(at, "given-back");
            }
            ("holding", 1) => {
                self.choose(&province, case, chooses("holding", "untrue", &[]), Ok(())).await;
                self.model.end(at, "struck-off");
            }
            ("holding", _) => {
                let longer = chooses("holding", "asks-longer", &[]);
                self.choose(&holder, case, longer, Ok(())).await;
                let longer = chooses("prolong", "longer", &[]);
                self.choose(&province, case, longer, Ok(())).await;
                self.model.permits[at].stands = "kept";
            }
            ("prolong", _) => {
                let longer = chooses("prolong", "longer", &[]);
                self.choose(&province, case, longer, Ok(())).await;
                self.model.permits[at].stands = "kept";
            }
            ("struck-off", 0) => self.set_aside(at, "struck", day).await,
            ("run-out", 0) => self.set_aside(at, "ended", day).await,
            _ => {}
        }
    }

    /// The end of a permit is challenged and set aside: what it took is given back, whoever has the
    /// place meanwhile.
    async fn set_aside(&mut self, at: usize, step: &str, day: Day) {
        let permit = self.model.permits[at].clone();
        if !self.rule(&applicant(permit.applicant), permit.case, step, true).await {
            return;
        }
        let stall = &mut self.model.stalls[permit.stall.unwrap()];
        stall.status = stall.before;
        let stands = if step == "struck" { "holding" } else { "prolong" };
        // A day that is over already ends the stage with the day of the ruling.
        let until = permit.until.max(day);
        self.model.permits[at] = Permit { stands, until, ..permit };
    }

    /// Challenges a decision and has it ruled on; false where the time for it is over.
    async fn rule(&mut self, by: &Who, case: u64, step: &str, upheld: bool) -> bool {
        let seen = self.stage.see(by, case).await.unwrap();
        let made = seen.decisions.iter().rev().find(|made| made.step == step).unwrap();
        let (remedy, grounds) = (name("town-review"), "不服".to_owned());
        let appeal = Deed::Appeal { decision: made.number, remedy, grounds };
        if self.act(by, Some(case), appeal).await.is_err() {
            return false;
        }
        let ruling = Deed::Rule { upheld, reasons: "理由".to_owned() };
        self.choose(&officer("health", "90"), case, ruling, Ok(())).await;
        true
    }

    async fn ask_transfer(&mut self) {
        if self.model.stalls.is_empty() {
            return;
        }
        let (stall, to) = (self.lot.usize(..self.model.stalls.len()), self.lot.u8(1..5));
        let key = self.key(self.model.stalls[stall].case).await;
        let deed = files("stall-transfer", &[("transfer.stall", key)], true);
        let case = self.file(&applicant(to), deed).await;
        self.model.transfers.push((case, to, stall));
    }

    async fn transfer(&mut self) {
        if self.model.transfers.is_empty() {
            return;
        }
        let at = self.lot.usize(..self.model.transfers.len());
        let (case, to, from) = self.model.transfers[at];
        let old = self.model.stalls[from].clone();
        let good = old.status == "open" && old.holder != to;
        let expected = if good { Ok(()) } else { NOT_MET };
        let east = officer("planning", "900101");
        self.choose(&east, case, chooses("examine", "good", &[]), expected).await;
        if good {
            self.model.stalls[from].status = "over";
            self.model.stalls.push(Stall { case, holder: to, before: "open", ..old });
            self.model.transfers.remove(at);
        }
    }

    async fn close_fair(&mut self) {
        if self.model.closed {
            return;
        }
        let fire = officer("fire", "900101");
        let fair = [("place.fair", "fair-1".to_owned())];
        let case = self.file(&fire, files("fair-closure", &fair, false)).await;
        let why = [("finding.why", "明火".to_owned())];
        self.choose(&fire, case, chooses("inspect", "unsafe", &why), Ok(())).await;
        let open = self.model.stalls.iter().enumerate().filter(|(_, s)| s.status == "open");
        let shut: Vec<usize> = open.map(|(at, _)| at).collect();
        for at in &shut {
            self.model.stalls[*at].status = "shut";
            self.model.stalls[*at].shut_before = true;
        }
        self.model.closed = true;
        self.model.closure = Some((case, shut));
    }

    /// The last closure is challenged: set aside, what it shut is open again unless it was ended
    /// since; that it was shut stays locked.
    async fn challenge_closure(&mut self) {
        let Some((case, shut)) = self.model.closure.take() else { return };
        let upheld = self.lot.bool();
        if !(self.rule(&guild(), case, "shut", upheld).await && upheld) {
            return;
        }
        self.model.closed = false;
        for at in shut {
            let stall = &mut self.model.stalls[at];
            match stall.status {
                "shut" => stall.status = "open",
                // What ended it since stays, and would give back an open stall.
                "over" if stall.before == "shut" => stall.before = "open",
                _ => {}
            }
        }
    }

    async fn key(&mut self, case: u64) -> String {
        let seen = self.stage.see(&guild(), case).await.unwrap();
        seen.entries.into_iter().next().unwrap().1
    }

    /// Every stall says what the model has, and every permit stands where the model has it.
    async fn compare(&mut self) {
        self.stage.pass(Instant::from_micros(self.now)).await.unwrap();
        let (today, head) = (days::day_of(self.now), self.stage.head().await.unwrap());
        for stall in self.model.stalls.clone() {
            let key = self.key(stall.case).await;
            let said = self.stage.ask(&name("stall"), &key, date(today), head).await;
            let said = said.unwrap().unwrap();
            let found = (said["status"].as_str(), said["shut-before"].as_str());
            let shut = if stall.shut_before { "yes" } else { "no" };
            assert_eq!(found, (stall.status, shut), "{stall:?}\n{:#?}", self.trace);
            assert_eq!(said["places"], stall.places.to_string());
            self.trace.push(format!("{} {}", said["status"], said["places"]));
        }
        for permit in self.model.permits.clone() {
            let seen = self.stage.see(&guild(), permit.case).await.unwrap();
            assert_eq!(seen.place.as_deref(), Some(permit.stands), "{permit:?}");
        }
    }
}

/// One run: what was done and what came of it.
async fn run<S: Stage>(stage: &mut S, seed: u64) -> Vec<String> {
    let mut lot = Rng::with_seed(seed);
    let first = days::day(2018, 3, 1) + lot.i64(0..200);
    let now = days::start_of(first) + 9 * 60 * MINUTE;
    let mut run = Run { stage, lot, now, model: Model::default(), trace: Vec::new() };
    run.begin().await;
    for _ in 0..ACTS {
        run.step().await;
    }
    run.trace
}

async fn in_memory(pack: &Pack) -> BTreeMap<u64, Vec<String>> {
    let mut traces = BTreeMap::new();
    for seed in 0..RUNS {
        let mut stage = Memory::new(pack);
        traces.insert(seed, run(&mut stage, seed).await);
        crate::people::holds(&stage);
    }
    traces
}

/// The same runs on a database; the bytes of each ledger.
async fn stored(url: &str, seeds: u64) -> Vec<Vec<Vec<u8>>> {
    let compiled = shipped::compiled("willow");
    let expected = in_memory(&compiled.pack).await;
    let (pack, sources) = (Arc::new(compiled.pack), compiled.archive.to_bytes());
    let mut ledgers = Vec::new();
    for (seed, expected) in expected.into_iter().take(usize::try_from(seeds).unwrap()) {
        let place = Division::parse(&(910_001 + seed).to_string()).unwrap();
        let mut stage = Stored::open(url, place, pack.clone(), sources.clone()).await.unwrap();
        assert_eq!(run(&mut stage, seed).await, expected, "seed {seed}");
        assert_eq!(stage.faults().await.unwrap(), Vec::<String>::new());
        let entries = stage.store().ledger(EntryNumber(0), 10_000).await.unwrap();
        ledgers.push(entries.iter().map(bytes_of).collect());
    }
    ledgers
}

/// The runs on SQLite, in a folder that is gone afterwards.
async fn on_sqlite(seeds: u64) -> Vec<Vec<Vec<u8>>> {
    let folder = tempfile::tempdir().unwrap();
    stored(&format!("sqlite:{}", folder.path().join("stalls.db").display()), seeds).await
}

#[tokio::test]
async fn no_more_places_are_taken_than_there_are() {
    let traces = in_memory(&shipped::compiled("willow").pack).await;
    let all: Vec<&str> = traces.values().flatten().map(String::as_str).collect();
    for said in ["Choose: 1106", "Choose: 1102", "open 1", "shut 2", "over 3", "Rule: done"] {
        assert!(all.contains(&said), "no run comes to `{said}`");
    }
}

#[tokio::test]
async fn look_ups_on_sqlite_agree() {
    on_sqlite(4).await;
}

#[tokio::test]
async fn look_ups_on_postgres_agree_and_leave_the_same_ledger() {
    let Ok(server) = std::env::var("YIYANG_TEST_POSTGRES") else {
        println!("skipped: not here: PostgreSQL");
        return;
    };
    let url = crate::stories::emptied(&server, "replay_stalls").await;
    assert_eq!(stored(&url, 3).await, on_sqlite(3).await);
}
