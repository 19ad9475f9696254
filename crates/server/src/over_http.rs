//! The stage on which stories are played through the pages themselves: each deed is a form that is
//! asked for, filled in and sent over a socket, by somebody who has signed in.
//!
//! What no page offers yet is done on the store directly: adopting a calendar; letting time pass,
//! which a clock does in a running city; putting a draft of a layout plan on file, and reading the
//! survey it is made from; and telling whose an identity number is, which signing in will do once
//! there are accounts.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use base::{Date, Instant, Name, Text, id};
use kernel::{CaseId, Command, EntryNumber, form::commitment_path};
use pack::{
    language::scenario::{Scenario, StandsIn},
    model::{Applicant, Pack, Procedure},
};
use replay::{
    Deed, Handing, Seen, Stage, Who, deed, paper,
    play::people,
    stage::{NOT_SHOWN, Outcome, SeenDecision, as_texts},
};
use reqwest::{Client, RequestBuilder, Response, StatusCode, multipart, redirect::Policy};
use serde_json::Value;
use store::{Store, Submission, SubmitError, VaultKey};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::web::{
    self, App, Clock, Documents, Origin, Packs, People, Person, Role, Scanner, Served,
    asked::{KIND, behalf},
};

/// A city on a loopback port, for one story.
pub(crate) struct OverHttp {
    base: String,
    pack: Arc<Pack>,
    store: Store,
    clock: Arc<AtomicI64>,
    names: Vec<(Name, Who)>,
    clients: BTreeMap<Name, Client>,
    server: JoinHandle<std::io::Result<()>>,
    _papers: TempDir,
}

type Broken = String;

/// Files by the name under which a form sends them.
type Files = Vec<(String, Vec<u8>)>;

/// Papers as files.
fn files(papers: &Handing) -> Files {
    papers.keys().map(|name| (name.to_string(), paper::invented(name))).collect()
}

fn broken(error: impl ToString) -> Broken {
    error.to_string()
}

/// A browser of its own. The city is on this machine and without TLS, so that the hundreds of
/// authorities the system trusts need not be read for each.
fn client() -> Result<Client, Broken> {
    Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .cookie_store(true)
        .redirect(Policy::none())
        .build()
        .map_err(broken)
}

impl OverHttp {
    /// A pack as its cities serve it: its policies are read once for all their stories.
    pub(crate) fn serving(pack: &Arc<Pack>) -> Result<Packs, Broken> {
        Packs::new(pack.clone(), Arc::new([(pack.hash, pack.clone())].into()))
            .map_err(|rejected| rejected.faults.summary().en)
    }

    /// Starts the city of a story on a fresh database in memory.
    pub(crate) async fn start(
        packs: Packs,
        archive: Vec<u8>,
        story: &Scenario,
    ) -> Result<Self, Broken> {
        let pack = packs.live.clone();
        let place = pack.jurisdiction.clone().ok_or("the pack has no jurisdiction")?;
        let key = VaultKey::random().map_err(broken)?;
        let store = Store::open("sqlite::memory:", place, key).await.map_err(broken)?;
        let since = pack.zone.start_of(pack.in_force);
        let by = kernel::Actor::Clock;
        store.install(pack.clone(), archive, by, since).await.map_err(broken)?;
        let clock = Arc::new(AtomicI64::new(since.micros()));
        let names = people(story);
        let papers = tempfile::tempdir().map_err(broken)?;
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let base = format!("http://{address}");
        let app = App::of(Served {
            store: store.clone(),
            packs,
            clock: Clock::Stepped(clock.clone()),
            people: Arc::new(People(names.iter().map(person).collect())),
            papers: papers.path().to_owned(),
            scanner: Scanner::default(),
            secret: fresh()?,
            told: Arc::default(),
            documents: Documents::at(Origin::of(address)),
            outside: Arc::default(),
            demo: true,
            door: Arc::default(),
            rates: Arc::default(),
            in_force: <_>::default(),
            workshop: Arc::default(),
            drafting: Arc::default(),
            taking: None,
            judging: None,
        });
        let server = tokio::spawn(async move { axum::serve(listener, web::router(app)).await });
        let clients = BTreeMap::new();
        Ok(Self { base, pack, store, clock, names, clients, server, _papers: papers })
    }

    /// The client of somebody who has signed in now, half a day being the longest a session lasts.
    async fn signed_in(&mut self, who: &Who) -> Result<Client, Broken> {
        let found = self.names.iter().find(|(_, known)| known.party() == who.party());
        let name = found.map(|(name, _)| name.clone()).ok_or("a stranger acts")?;
        let client = client()?;
        let page = text(client.get(format!("{}/en/sign-in", self.base))).await?;
        let form = [("token", hidden(&page, "token")?), ("person", name.to_string())];
        let sent = client.post(format!("{}/en/sign-in", self.base)).form(&form).send();
        let sent = sent.await.map_err(broken)?;
        if sent.status() != StatusCode::SEE_OTHER {
            return Err(format!("`{name}` could not sign in: {}", sent.status()));
        }
        self.clients.insert(name, client.clone());
        Ok(client)
    }

    async fn post(
        &mut self,
        who: &Who,
        page: &str,
        act: &str,
        fields: Vec<(String, String)>,
        papers: &Files,
    ) -> Result<Outcome, Broken> {
        let client = self.signed_in(who).await?;
        let shown = client.get(format!("{}/en{page}", self.base)).send().await.map_err(broken)?;
        if !shown.status().is_success() {
            return refused(shown);
        }
        let html = shown.text().await.map_err(broken)?;
        // A page that does not offer the act has no form that is sent there.
        if !html.contains(&format!("action=\"/en{page}{act}\"")) {
            return Ok(Err(NOT_SHOWN));
        }
        let key = hidden(&html, "key")?;
        let mut form =
            multipart::Form::new().text("token", hidden(&html, "token")?).text("key", key);
        for (name, value) in fields {
            form = form.text(name, value);
        }
        for (part, bytes) in papers {
            let file = multipart::Part::bytes(bytes.clone()).file_name("paper.pdf");
            form = form.part(part.clone(), file);
        }
        let request = client.post(format!("{}/en{page}{act}", self.base)).multipart(form);
        let sent = request.send().await.map_err(broken)?;
        if sent.status() == StatusCode::SEE_OTHER {
            return case_of(&sent).map(Ok);
        }
        refused(sent)
    }

    async fn json(&mut self, who: Option<&Who>, path: &str) -> Result<Option<Value>, Broken> {
        let client = match who {
            Some(who) => self.signed_in(who).await?,
            None => client()?,
        };
        let sent = client.get(format!("{}{path}", self.base)).send().await.map_err(broken)?;
        match sent.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => {
                let text = sent.text().await.map_err(broken)?;
                serde_json::from_str(&text).map(Some).map_err(broken)
            }
            status => Err(format!("`{path}`: {status}")),
        }
    }
}

impl Drop for OverHttp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn fresh() -> Result<[u8; 32], Broken> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

fn person((name, who): &(Name, Who)) -> Person {
    let role = match who {
        Who::Applicant(party, _) => Role::Applicant { party: *party },
        Who::Officer(party, body) => Role::Officer { party: *party, body: body.clone() },
    };
    Person { id: name.to_string(), name: Text::new(name.as_str(), name.as_str()), role }
}

async fn text(request: RequestBuilder) -> Result<String, Broken> {
    request.send().await.map_err(broken)?.text().await.map_err(broken)
}

/// The value of a hidden field.
pub(crate) fn hidden(html: &str, name: &str) -> Result<String, Broken> {
    let marked = format!("name=\"{name}\" value=\"");
    let after = html.split_once(&marked).map(|(_, after)| after);
    let value = after.and_then(|after| after.split('"').next());
    value.map(str::to_owned).ok_or_else(|| format!("the page has no hidden `{name}`"))
}

/// The case that a page leads on to.
fn case_of(sent: &Response) -> Result<u64, Broken> {
    let to = sent.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
    let after = to.split_once("/cases/").map(|(_, after)| after).unwrap_or_default();
    let number = after.split('?').next().unwrap_or_default();
    number.parse().map_err(|_| format!("`{to}` leads to no case"))
}

/// The number of the refusal, if the page was shown at all.
fn refused(sent: Response) -> Result<Outcome, Broken> {
    let status = sent.status();
    let number = sent.headers().get(web::REFUSAL).and_then(|number| number.to_str().ok());
    match (number.and_then(|number| number.parse().ok()), status) {
        (Some(number), _) => Ok(Err(number)),
        (None, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) => Ok(Err(NOT_SHOWN)),
        (None, status) => Err(format!("the page answered {status}")),
    }
}

impl Stage for OverHttp {
    fn name(&self) -> &'static str {
        "http"
    }

    async fn act(
        &mut self,
        who: &Who,
        at: Instant,
        case: Option<u64>,
        deed: Deed,
    ) -> Result<Outcome, String> {
        self.clock.store(at.micros(), Ordering::SeqCst);
        let page = case.map(|number| format!("/cases/{number}")).unwrap_or_default();
        let (act, fields) = match deed {
            Deed::File { .. } => return self.file(who, deed).await,
            Deed::Supply { answers, papers } => {
                return self.post(who, &page, "/supply", flat(answers), &files(&papers)).await;
            }
            Deed::Draft { step, text } => {
                let case = case.ok_or("a draft of no case")?;
                return self.draft(who, at, case, Command::Draft { step, text }).await;
            }
            Deed::Choose { .. } | Deed::Answer { .. } => opinion(deed),
            other => form_of(other),
        };
        self.post(who, &page, act, fields, &Files::new()).await
    }

    async fn adopt(&mut self, who: &Who, at: Instant, days: String) -> Result<(), String> {
        self.clock.store(at.micros(), Ordering::SeqCst);
        let notice = Text::new("（故事中的通知）", "(a notice of the story)");
        let adopted = self.store.adopt_calendar(days, notice, deed::actor(who), at).await;
        adopted.map(|_| ()).map_err(|error| error.says().en)
    }

    async fn pass(&mut self, at: Instant) -> Result<(), String> {
        self.clock.store(at.micros(), Ordering::SeqCst);
        self.store.advance(at).await.map(|_| ()).map_err(|error| error.says().en)
    }

    async fn see(&mut self, who: &Who, case: u64) -> Result<Seen, String> {
        let found = self.json(Some(who), &format!("/api/cases/{case}")).await?;
        let seen = seen(&found.ok_or("the case is not shown")?).ok_or("an odd answer")?;
        let case = self.store.case(CaseId(EntryNumber(case))).await.map_err(broken)?;
        let layout = case.and_then(|case| case.layout);
        Ok(Seen { survey: layout.map(|layout| layout.survey.text), ..seen })
    }

    async fn head(&mut self) -> Result<u64, String> {
        let head = self.json(None, "/api/head").await?;
        let number = head.as_ref().and_then(|head| head.get("head")?.as_u64());
        number.ok_or_else(|| "no head".to_owned())
    }

    async fn ask(
        &mut self,
        register: &Name,
        key: &str,
        on: Date,
        known: u64,
    ) -> Result<Option<BTreeMap<String, String>>, String> {
        let path = format!("/api/registers/{register}/{key}?on={on}&known={known}");
        let said = self.json(None, &path).await?;
        // No page shows what is not public; what it says is read behind them.
        let own = self.pack.registers.get(register);
        if said.is_none() && own.is_some_and(|own| own.published_until.is_some()) {
            // Nor what is no longer published.
            return self.behind(register, key, on, known).await;
        }
        if !own.is_some_and(|own| own.public) {
            return match said {
                Some(said) => Err(format!("`{register}` is not public, but shown: {said}")),
                None => self.behind(register, key, on, known).await,
            };
        }
        Ok(said.and_then(|said| Some(texts(said.get("fields")?))))
    }
}

/// The fields of a form, each with its answer.
type Fields = Vec<(String, String)>;

fn one(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

fn yes(said: bool) -> &'static str {
    if said { "yes" } else { "no" }
}

/// The form of a choice at a stage, or of an answer in a review.
fn opinion(deed: Deed) -> (&'static str, Fields) {
    match deed {
        Deed::Choose { step, outcome, reasons, items, answers } => {
            let mut fields =
                vec![one("step", step), one("outcome", outcome), one("reasons", reasons)];
            fields.extend(items.into_iter().map(|item| one("items", item)));
            fields.extend(flat(answers));
            ("/choose", fields)
        }
        Deed::Answer { step, part, answer, reasons, answers } => {
            let mut fields = vec![
                one("step", step),
                one("part", part),
                one("answer", answer),
                one("reasons", reasons),
            ];
            fields.extend(flat(answers));
            ("/answer", fields)
        }
        other => form_of(other),
    }
}

/// The form of whatever else is done on a case, with the act it is sent to.
fn form_of(deed: Deed) -> (&'static str, Fields) {
    match deed {
        Deed::Resume { reasons } => ("/resume", vec![one("reasons", reasons)]),
        Deed::Withdraw { reasons } => ("/withdraw", vec![one("reasons", reasons)]),
        Deed::Appeal { decision, remedy, grounds } => (
            "/appeal",
            vec![one("decision", decision), one("remedy", remedy), one("grounds", grounds)],
        ),
        Deed::Rule { upheld, reasons } => {
            ("/rule", vec![one("upheld", yes(upheld)), one("reasons", reasons)])
        }
        Deed::Correct { field, to, reasons } => {
            ("/correct", vec![one(field.as_str(), to), one("reasons", reasons)])
        }
        Deed::Serve { decision, way, on, proof } => (
            "/serve",
            vec![one("decision", decision), one("way", way), one("on", on), one("proof", proof)],
        ),
        Deed::AskRecusal { officer, grounds } => {
            ("/ask-recusal", vec![one("officer", officer), one("grounds", grounds)])
        }
        Deed::Recuse { officer, aside, reasons } => (
            "/recuse",
            vec![one("officer", officer), one("aside", yes(aside)), one("reasons", reasons)],
        ),
        Deed::File { .. }
        | Deed::Supply { .. }
        | Deed::Choose { .. }
        | Deed::Answer { .. }
        | Deed::Draft { .. } => ("", Fields::new()),
    }
}

impl OverHttp {
    /// Puts a draft on file.
    async fn draft(
        &mut self,
        who: &Who,
        at: Instant,
        case: u64,
        command: Command,
    ) -> Result<Outcome, Broken> {
        let submission = Submission {
            key: format!("draft-{}", at.micros()),
            actor: deed::actor(who),
            at,
            case: Some(CaseId(EntryNumber(case))),
            seen: None,
            command,
            personal: Vec::new(),
        };
        match self.store.submit(submission).await {
            Ok(receipt) => Ok(Ok(receipt.case.0.0)),
            Err(SubmitError::Refused(refusal)) => Ok(Err(refusal.number())),
            Err(error) => Err(broken(error)),
        }
    }

    /// Files a case by the form of its procedure.
    async fn file(&mut self, who: &Who, deed: Deed) -> Result<Outcome, Broken> {
        let Deed::File { procedure, answers, papers, commits, behalf, on_paper } = deed else {
            return Err("no filing".to_owned());
        };
        let applicant = behalf.as_ref().map_or(who, |behalf| &behalf.of);
        let started = self.pack.procedures.get(&procedure);
        let officers = |own: &Procedure| own.applicant.contains(&Applicant::Body);
        // The form that officers are shown of what people start is that of the counter: it is
        // always for somebody else.
        if matches!(applicant, Who::Officer(..)) && !started.is_some_and(officers) {
            return Ok(Err(NOT_SHOWN));
        }
        let mut fields = flat(answers);
        let mut files = files(&papers);
        fields.extend(commits.iter().map(|c| one(&commitment_path(c), "yes")));
        if let Who::Applicant(_, applies_as) = applicant {
            fields.push(one(KIND, applies_as.word()));
        }
        fields.push(one(behalf::ON_PAPER, yes(on_paper)));
        if let Some(behalf) = &behalf {
            fields.extend(self.known_by_number(&behalf.of).await?);
            let (word, shown) = match behalf.stands_in {
                StandsIn::Agent => ("agent", true),
                StandsIn::Guardian => ("guardian", true),
                StandsIn::Counter => ("", false),
            };
            fields.push(one(behalf::AS, word));
            let paper = || (behalf::PAPER.to_owned(), paper::invented(paper::STANDING_IN));
            files.extend(shown.then(paper));
        }
        self.post(who, &format!("/apply/{procedure}/whole"), "", fields, &files).await
    }

    /// The number by which a form tells who the applicant is, once the vault knows whose it is.
    async fn known_by_number(&self, of: &Who) -> Result<Vec<(String, String)>, Broken> {
        let number = u64::from_be_bytes(*of.party().0.last_chunk().ok_or("no reference")?);
        let (kind, number) = match of {
            Who::Applicant(_, Applicant::Organisation) => (id::Kind::Uscc, credit_code(number)?),
            _ => (id::Kind::Passport, format!("E{number:08}")),
        };
        let party = self.store.party_for(kind.name(), &number, of.party()).await;
        party.map_err(broken)?;
        Ok(vec![
            (behalf::NAME.to_owned(), "（虚构）申请人".to_owned()),
            (behalf::KIND.to_owned(), kind.name().to_owned()),
            (behalf::NUMBER.to_owned(), number),
        ])
    }

    /// What the store says of an entry.
    async fn behind(
        &self,
        register: &Name,
        key: &str,
        on: Date,
        known: u64,
    ) -> Result<Option<BTreeMap<String, String>>, String> {
        let at = Instant::from_micros(self.pack.zone.end_of(on).micros() - 1);
        let version = self.store.entry(register, key, at, EntryNumber(known)).await;
        Ok(version.map_err(broken)?.map(|version| as_texts(&version.fields)))
    }
}

/// An invented credit code with its check character.
fn credit_code(number: u64) -> Result<String, Broken> {
    let base = format!("91900101MA{number:07}");
    let codes = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|check| format!("{base}{check}"));
    let mut good = codes.filter(|code| id::check(id::Kind::Uscc, code).is_ok());
    good.next().ok_or_else(|| format!("`{base}` has no check character"))
}

fn flat(answers: kernel::form::Answers) -> Vec<(String, String)> {
    let each = answers.into_iter();
    each.flat_map(|(path, texts)| texts.into_iter().map(move |text| (path.clone(), text))).collect()
}

/// Values as a story writes them.
fn texts(fields: &Value) -> BTreeMap<String, String> {
    let as_text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    let fields = fields.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), as_text(value))).collect()
}

fn seen(case: &Value) -> Option<Seen> {
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let day = |text: &str| Date::parse(text).ok();
    let decisions = case.get("decisions")?.as_array()?.iter();
    Some(Seen {
        state: text(case, "standing")?,
        place: text(case, "step").filter(|place| !place.is_empty()),
        due: text(case, "due_on").and_then(|due| day(&due)),
        provisional: case.get("provisional")?.as_bool()?,
        awaits: case
            .get("awaits")?
            .as_array()?
            .iter()
            .filter_map(|awaited| text(awaited, "body"))
            .collect(),
        entries: case
            .get("entries")?
            .as_array()?
            .iter()
            .filter_map(|entry| Some((text(entry, "register")?, text(entry, "key")?)))
            .collect(),
        decisions: decisions
            .filter_map(|made| {
                let remedies = made.get("remedies")?.as_object()?.iter();
                Some(SeenDecision {
                    number: made.get("number")?.as_u64()?,
                    step: text(made, "step")?,
                    serve_by: text(made, "serve_by").and_then(|by| day(&by)),
                    remedies: remedies
                        .filter_map(|(name, until)| Some((name.clone(), day(until.as_str()?)?)))
                        .collect(),
                })
            })
            .collect(),
        // No page shows it yet.
        survey: None,
    })
}
