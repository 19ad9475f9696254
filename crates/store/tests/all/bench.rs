//! What every test needs: a database of its own, the invented town, and people who act in it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use base::{Date, Division, Instant, Language, Name, Zone};
use kernel::{
    Actor, BodyId, CaseId, Command, PartyId,
    command::{Answer, Choose, File},
    form::{self, Answers},
};
use pack::{
    model::{Applicant, Pack},
    source::{Archive, Files, Folder, Library},
};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use store::{Personal, Receipt, Store, Submission, SubmitError, VaultKey};
use tempfile::TempDir;

/// A name of the town.
pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Nine in the morning of a day in the town.
pub(crate) fn on(day: &str) -> Instant {
    Zone::named("Asia/Shanghai").unwrap().at(Date::parse(day).unwrap(), 9, 0)
}

/// The first instant of a day in the town.
pub(crate) fn start_of(day: &str) -> Instant {
    Zone::named("Asia/Shanghai").unwrap().start_of(Date::parse(day).unwrap())
}

/// The town's province, whose ledger is kept.
pub(crate) fn willow() -> Division {
    Division::parse("90").unwrap()
}

/// The body that handles cases of a district.
pub(crate) fn district(code: &str) -> BodyId {
    body("health", code)
}

/// A body of any office.
pub(crate) fn body(office: &str, code: &str) -> BodyId {
    BodyId { office: name(office), division: Division::parse(code).unwrap() }
}

/// A person who files.
pub(crate) fn keeper(number: u8) -> PartyId {
    PartyId([number; 16])
}

/// An officer of a body.
pub(crate) fn officer(body: BodyId) -> Actor {
    Actor::Officer(PartyId([200; 16]), body)
}

/// An officer of the district that handles most cases here.
pub(crate) fn clerk() -> Actor {
    officer(district("900101"))
}

/// Working days of the months from the first, no holidays but weekends.
pub(crate) fn days(first: &str, last: &str) -> String {
    let (first, last) = (Date::parse(first).unwrap(), Date::parse(last).unwrap());
    let days = std::iter::once(first).chain(first.days_after()).take_while(|day| *day <= last);
    let lines = days.map(|day| format!("{day},{}\n", u8::from(day.weekday())));
    format!("date,is_workday\n{}", lines.collect::<String>())
}

/// The town's pack with a calendar that ends on `last`, and its sources.
pub(crate) fn town_until(last: &str) -> (Arc<Pack>, Vec<u8>) {
    town(last, &[])
}

/// The town's pack with a calendar that ends on `last` and with parts of its files written
/// otherwise: file, part, what stands there instead.
pub(crate) fn town(last: &str, changes: &[(&str, &str, &str)]) -> (Arc<Pack>, Vec<u8>) {
    town_with(last, |files| {
        for (file, from, to) in changes {
            let text = files.get_mut(*file).unwrap();
            assert!(text.contains(from), "{from}");
            *text = text.replacen(from, to, 1);
        }
    })
}

/// The town's pack with other files.
pub(crate) fn town_with(last: &str, edit: impl FnOnce(&mut Files)) -> (Arc<Pack>, Vec<u8>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all");
    let mut files = Folder(&folder).files("town").unwrap();
    files.insert("calendar/workdays.csv".to_owned(), days("2030-01-01", last));
    edit(&mut files);
    let packs = BTreeMap::from([("town".to_owned(), files)]);
    let library = Archive { name: "town".to_owned(), packs };
    let compiled = pack::compile(&library, "town")
        .unwrap_or_else(|no| panic!("{}", no.faults.render(&no.sources, Language::En, false)));
    (Arc::new(compiled.pack), compiled.archive.to_bytes())
}

/// Runs a test on a database of its own: a file, and a schema of the server where there is one.
pub(crate) async fn everywhere(test: &str, run: impl AsyncFn(&Bench)) {
    let folder = TempDir::with_prefix("store-").unwrap();
    let bench = Bench::at(&format!("sqlite:{}", folder.path().join("town.db").display())).await;
    run(&bench).await;
    drop(bench);
    match std::env::var("YIYANG_TEST_POSTGRES") {
        Ok(server) => run(&Bench::at(&schema(&server, test).await).await).await,
        Err(_) => println!("skipped: not here: PostgreSQL"),
    }
}

/// An address whose tables are those of an empty schema.
async fn schema(server: &str, test: &str) -> String {
    let schema = format!("store_{test}");
    sql(server, format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await;
    sql(server, format!("CREATE SCHEMA {schema}")).await;
    let sign = if server.contains('?') { '&' } else { '?' };
    format!("{server}{sign}options=-c%20search_path%3D{schema}")
}

/// Runs a statement behind the store's back.
pub(crate) async fn sql(url: &str, statement: impl Into<String>) -> u64 {
    let statement = AssertSqlSafe(statement.into());
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            let done = sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            done.rows_affected()
        }
        None => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            let done = sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            done.rows_affected()
        }
    }
}

/// Runs something while another process holds the ledger's head.
pub(crate) async fn holding(url: &str, run: impl AsyncFnOnce()) {
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut holder = SqliteConnection::connect_with(&options).await.unwrap();
            let held = holder.begin_with("BEGIN IMMEDIATE").await.unwrap();
            run().await;
            held.rollback().await.unwrap();
        }
        None => {
            let mut holder = PgConnection::connect(url).await.unwrap();
            let mut held = holder.begin().await.unwrap();
            sqlx::query("SELECT 1 FROM head FOR UPDATE").execute(&mut *held).await.unwrap();
            run().await;
            held.rollback().await.unwrap();
        }
    }
}

/// A database for one test.
pub(crate) struct Bench {
    /// The store.
    pub(crate) store: Store,
    /// The pack in force.
    pub(crate) pack: Arc<Pack>,
    /// Its address.
    pub(crate) url: String,
    sent: std::sync::atomic::AtomicU64,
}

/// The key of every test's vault.
pub(crate) fn vault_key() -> VaultKey {
    VaultKey::from_bytes([9; 32])
}

impl Bench {
    /// The town's store at an address, its calendar published for three months.
    pub(crate) async fn at(url: &str) -> Self {
        let store = Store::open(url, willow(), vault_key()).await.unwrap();
        let (pack, sources) = town_until("2030-03-31");
        store.install(pack.clone(), sources, clerk(), on("2030-01-01")).await.unwrap();
        Self { store, pack, url: url.to_owned(), sent: 0.into() }
    }

    fn key(&self) -> String {
        let number = self.sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("sent-{number}")
    }

    /// A filing of a tea house by a keeper.
    pub(crate) fn filing(&self, who: u8, called: &str, seats: &str, at: Instant) -> Submission {
        self.application("tea-house-filing", who, called, seats, at)
    }

    /// An application for a tea garden.
    pub(crate) fn garden(&self, who: u8, called: &str, at: Instant) -> Submission {
        self.application("tea-garden-licence", who, called, "8", at)
    }

    fn application(
        &self,
        procedure: &str,
        who: u8,
        called: &str,
        seats: &str,
        at: Instant,
    ) -> Submission {
        let procedure = &self.pack.procedures[procedure];
        let asked = |path: &str| procedure.fields().any(|field| field.path == path);
        let answers: Answers = [
            ("tea-house.name", called),
            ("tea-house.division", "900101"),
            ("tea-house.seats", seats),
            ("keeper.name", "柳三"),
        ]
        .into_iter()
        .filter(|(path, _)| asked(path))
        .map(|(path, text)| (path.to_owned(), vec![text.to_owned()]))
        .collect();
        let filled = form::read(&self.pack, procedure, &answers).unwrap();
        let party = keeper(who);
        let personal = filled
            .personal
            .into_iter()
            .map(|(path, text)| Personal { party, path, text })
            .collect();
        let command = Command::File(File {
            procedure: procedure.name.clone(),
            applicant: party,
            kind: Applicant::Person,
            subjects: BTreeMap::from([(name("keeper"), party)]),
            facts: filled.facts,
            materials: BTreeMap::new(),
            commitments: Default::default(),
            through: kernel::ledger::Through::Own,
            on_paper: false,
            signed: None,
        });
        let actor = Actor::Party(party);
        Submission { key: self.key(), actor, at, case: None, seen: None, command, personal }
    }

    /// Files a tea house.
    pub(crate) async fn file(&self, who: u8, called: &str, at: Instant) -> CaseId {
        self.store.submit(self.filing(who, called, "8", at)).await.unwrap().case
    }

    /// A command on a case.
    pub(crate) fn on_case(
        &self,
        case: CaseId,
        by: Actor,
        command: Command,
        at: Instant,
    ) -> Submission {
        Submission {
            key: self.key(),
            actor: by,
            at,
            case: Some(case),
            seen: None,
            command,
            personal: vec![],
        }
    }

    /// Gives a command on a case.
    pub(crate) async fn act(
        &self,
        case: CaseId,
        by: Actor,
        command: Command,
        at: Instant,
    ) -> Result<Receipt, SubmitError> {
        self.store.submit(self.on_case(case, by, command, at)).await
    }

    /// Has the clerk choose an outcome.
    pub(crate) async fn choose(&self, case: CaseId, step: &str, outcome: &str, at: Instant) {
        self.act(case, clerk(), choice(step, outcome, &[]), at).await.unwrap();
    }

    /// Files a tea house and has it entered on the same day.
    pub(crate) async fn enter(&self, who: u8, called: &str, at: Instant) -> CaseId {
        let case = self.file(who, called, at).await;
        self.choose(case, "accept", "accepted", at).await;
        case
    }

    /// Applies for a tea garden and has it accepted on the same day.
    pub(crate) async fn review(&self, who: u8, at: Instant) -> CaseId {
        let case = self.store.submit(self.garden(who, "柳园", at)).await.unwrap().case;
        self.choose(case, "accept", "accepted", at).await;
        case
    }

    /// Fails unless the ledger verifies.
    pub(crate) async fn must_verify(&self) {
        let verified = self.store.verify().await.unwrap();
        assert_eq!(verified.faults, [""; 0], "{}", self.url);
    }
}

/// An answer in a review, with reasons.
pub(crate) fn answer(part: &str, answer: &str) -> Command {
    Command::Answer(Answer {
        step: name("review"),
        part: name(part),
        answer: name(answer),
        reasons: "审查 looked at".to_owned(),
        facts: BTreeMap::new(),
    })
}

/// A choice with reasons.
pub(crate) fn choice(step: &str, outcome: &str, items: &[&str]) -> Command {
    Command::Choose(Choose {
        step: name(step),
        outcome: name(outcome),
        reasons: "核查 checked".to_owned(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        facts: BTreeMap::new(),
    })
}
