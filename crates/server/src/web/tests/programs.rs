//! Programs do what people do: they apply, act, take changes and are told of them, each thing once.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::post,
};
use base::Date;
use identity::{AccountId, LoginName};
use kernel::PartyId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::accounts::{NewAccount, Office, Token, TokenDigest};

use super::{
    client::{Answer, Client},
    permits::{CLERK, HOLDER, with_accounts},
    town::{Town, body},
};
use crate::web::{Feeder, Rates, handle::for_programs::every, words::Words};

/// A program with the token of an account.
struct Program {
    client: Client,
    line: String,
}

impl Program {
    /// A program of an account that acts for a body, or for its holder.
    async fn of(town: &Town, account: AccountId, acting: Option<&str>) -> Self {
        Self::with(town, account, acting, false).await
    }

    async fn with(town: &Town, account: AccountId, acting: Option<&str>, reads_only: bool) -> Self {
        let said = format!("yy_{account}_{}_{reads_only}", acting.unwrap_or_default());
        let token = Token {
            digest: TokenDigest(Sha256::digest(said.as_bytes()).into()),
            title: "A system (invented)".to_owned(),
            acting: acting.map(body),
            reads_only,
            until: Date::parse("2024-12-31").unwrap(),
            made_at: town.app.clock.now(),
            used_at: None,
        };
        let today = town.app.packs.live.zone.day_of(town.app.clock.now());
        assert!(town.app.store.accounts().make_token(account, &token, today).await.unwrap());
        Self { client: Client::new(town.router()), line: format!("Bearer {said}") }
    }

    async fn get(&mut self, address: &str) -> Answer {
        self.ask(Method::GET, address, &[], "").await
    }

    async fn ask(
        &mut self,
        method: Method,
        address: &str,
        more: &[(&str, &str)],
        body: impl Into<axum::body::Body>,
    ) -> Answer {
        let mut headers = vec![("authorization", self.line.as_str())];
        headers.extend_from_slice(more);
        self.client.ask(method, address, &headers, body).await
    }

    /// Has something done under a key.
    async fn does(&mut self, address: &str, key: &str, wire: &Value) -> Answer {
        self.does_if(address, key, &[], wire).await
    }

    async fn does_if(
        &mut self,
        address: &str,
        key: &str,
        more: &[(&str, &str)],
        wire: &Value,
    ) -> Answer {
        let mut headers = vec![("content-type", "application/json"), ("idempotency-key", key)];
        headers.extend_from_slice(more);
        self.ask(Method::POST, address, &headers, wire.to_string()).await
    }

    /// Sends a file and says what an application says for it.
    async fn sends(&mut self, name: &str, bytes: &'static [u8]) -> String {
        let address = format!("/api/files?name={name}");
        let answer = self.ask(Method::POST, &address, &[], bytes).await;
        answer.says(201, &["\"media_type\":\"application/pdf\""]);
        read(&answer)["file"].as_str().unwrap().to_owned()
    }
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}", answer.body))
}

fn tag(answer: &Answer) -> String {
    answer.headers.get("etag").unwrap().to_str().unwrap().to_owned()
}

const FILE: &str = "/api/services/herb-room-licence/cases";

fn room(plan: &str) -> Value {
    json!({
        "kind": "person",
        "answers": {
            "herb-room.name": "薄荷小店",
            "herb-room.division": "900101001",
            "herb-room.herbs": ["H1"],
            "herb-room.main-herb": "H1",
            "herb-room.floor-area": 30,
            "herb-room.night": false,
            "herb-room.purpose": "trade",
            "keeper.worked-since": "2015-05-01",
            "keeper.name": "王一",
            "keeper.resident-id": "11010519491231002X",
        },
        "materials": { "lease": "shared", "plan": plan },
    })
}

/// The places in a body at which a program was told that something is wrong.
fn pointers(answer: &Answer) -> Vec<String> {
    let kind = answer.headers.get("content-type").unwrap();
    assert_eq!(kind, "application/problem+json", "{}", answer.body);
    let wire = read(answer);
    let errors = wire["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

const LEAVES: AccountId = AccountId([34; 16]);

/// An account that nobody has yet.
fn somebody(login: &str) -> NewAccount {
    NewAccount {
        id: AccountId([33; 16]),
        party: PartyId([33; 16]),
        name: "别人（虚构）".to_owned(),
        login: Some(LoginName::parse(&format!("{login}@example.cn")).unwrap()),
        password: None,
    }
}

async fn peopled(name: &str) -> (Town, Program, Program) {
    let town = Town::found(name).await;
    with_accounts(&town).await;
    let holder = Program::of(&town, HOLDER, None).await;
    let clerk = Program::of(&town, CLERK, Some("health@900101")).await;
    (town, holder, clerk)
}

/// Files a herb room and gives its address.
async fn filed(program: &mut Program, key: &str) -> String {
    let plan = program.sends("plan.pdf", b"%PDF-1.7 a plan").await;
    let answer = program.does(FILE, key, &room(&plan)).await;
    answer.says(201, &["\"repeated\":false"]);
    answer.location().to_owned()
}

#[tokio::test]
async fn a_program_applies_once_and_an_office_decides_by_another() {
    let (_town, mut holder, mut clerk) = peopled("programs-apply").await;
    let form = holder.get("/api/services/herb-room-licence").await;
    form.says(200, &["\"name\":\"herb-room.name\"", "\"href\":\"/api/services/herb-room-licence"]);
    let plan = holder.sends("plan.pdf", b"%PDF-1.7 a plan").await;
    let first = holder.does(FILE, "\"a-1\"", &room(&plan)).await;
    first.says(201, &["\"repeated\":false"]);
    let case = first.location().to_owned();
    let again = holder.does(FILE, "a-1", &room(&plan)).await;
    again.says(201, &["\"repeated\":true"]);
    assert_eq!((again.location(), tag(&again)), (case.as_str(), tag(&first)));
    let mut other = room(&plan);
    other["answers"]["herb-room.floor-area"] = json!(31);
    holder.does(FILE, "a-1", &other).await.says(422, &["\"number\":1201"]);

    holder.get("/api/cases").await.says(200, &["\"procedure\":\"herb-room-licence\""]);
    let seen = clerk.get(&case).await;
    assert_eq!(tag(&seen), tag(&first));
    let known = [("if-none-match", tag(&seen))];
    let known = known.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(clerk.ask(Method::GET, &case, &known, "").await.status, 304);
    clerk.get("/api/inbox").await.says(200, &["\"standing\":\"at\"", "\"step\":\"accept\""]);
    let acts = clerk.get(&format!("{case}/acts")).await;
    let href = format!("\"href\":\"{case}/acts/choose\"");
    acts.says(200, &[&href, "\"value\":\"accepted\"", "\"field\":\"outcome\""]);

    let choose = format!("{case}/acts/choose");
    let accept = json!({ "step": "accept", "outcome": "accepted" });
    let stale = [("if-match", "\"1\"")];
    clerk.does_if(&choose, "c-1", &stale, &accept).await.says(412, &["\"number\":1204"]);
    let fresh = tag(&seen);
    let fresh = [("if-match", fresh.as_str())];
    let accepted = clerk.does_if(&choose, "c-1", &fresh, &accept).await;
    accepted.says(201, &["\"repeated\":false"]);
    // The answer may have been lost: the same is done once, though the case has moved on.
    clerk.does_if(&choose, "c-1", &fresh, &accept).await.says(201, &["\"repeated\":true"]);
    let good = json!({ "step": "examine", "outcome": "good" });
    clerk.does(&choose, "c-2", &good).await.says(201, &[]);
    let entered = read(&holder.get(&case).await);
    assert_eq!(entered["entry"]["register"], "herb-room");
}

#[tokio::test]
async fn a_program_is_told_what_is_wrong_and_where() {
    let (town, mut holder, mut clerk) = peopled("programs-wrong").await;
    let plan = holder.sends("plan.pdf", b"%PDF-1.7 a plan").await;
    let whole = room(&plan);
    let json = ("content-type", "application/json");
    let keyless = holder.ask(Method::POST, FILE, &[json], whole.to_string()).await;
    keyless.says(400, &["\"number\":1311", "https://willow.example/faults/1311"]);
    let text = [("content-type", "text/plain"), ("idempotency-key", "k")];
    holder.ask(Method::POST, FILE, &text, "{}").await.says(415, &["\"number\":1312"]);
    let cut = [json, ("idempotency-key", "k")];
    holder.ask(Method::POST, FILE, &cut, "{\"answers\":").await.says(400, &["\"number\":1313"]);
    let odd = json!({ "answers": { "herb-room.name": { "a": 1 } } });
    holder.does(FILE, "k", &odd).await.says(400, &["\"number\":1313", "answers.herb-room.name"]);

    let check = async |holder: &mut Program, change: fn(&mut Value), expected: &[&str]| {
        let mut wire = room(&plan);
        change(&mut wire);
        let answer = holder.does(FILE, "k", &wire).await;
        answer.says(422, &["\"number\":1005"]);
        assert_eq!(pointers(&answer), expected, "{}", answer.body);
    };
    check(
        &mut holder,
        |wire| wire["answers"]["herb-room.colour"] = json!("green"),
        &["/answers/herb-room.colour"],
    )
    .await;
    let no_name = |wire: &mut Value| {
        wire["answers"].as_object_mut().unwrap().remove("herb-room.name");
    };
    check(&mut holder, no_name, &["/answers/herb-room.name"]).await;
    check(&mut holder, |wire| wire["materials"]["plan"] = json!("00.00"), &["/materials/plan"])
        .await;
    check(&mut holder, |wire| wire["commitments"] = json!(["to-fly"]), &["/commitments"]).await;
    check(
        &mut holder,
        |wire| wire["answers"]["herb-room.floor-area"] = json!("thirty"),
        &["/answers/herb-room.floor-area"],
    )
    .await;
    // A paper that another account has sent is not handed in.
    let stolen = clerk.does(FILE, "k", &room(&plan)).await;
    assert!(!stolen.status.is_success(), "{}", stolen.body);

    let case = filed(&mut holder, "k").await;
    let choose = format!("{case}/acts/choose");
    let accept = json!({ "step": "accept", "outcome": "accepted" });
    holder.does(&choose, "k-2", &accept).await.says(409, &["\"number\":1102"]);
    let refuse = json!({ "step": "accept", "outcome": "not-ours" });
    let refused = clerk.does(&choose, "k-3", &refuse).await;
    assert!((400..500).contains(&refused.status.as_u16()), "{}", refused.body);
    let mut reader = Program::with(&town, CLERK, Some("health@900101"), true).await;
    reader.get(&case).await.says(200, &[]);
    reader.does(&choose, "k-4", &accept).await.says(403, &["\"number\":1322"]);
    // A browser in which somebody is signed in does nothing here.
    let mut east = Client::signed_in(town.router(), "east").await;
    let sent = [json, ("idempotency-key", "k-5")];
    let sent = east.ask(Method::POST, &choose, &sent, accept.to_string()).await;
    sent.says(401, &["\"number\":1321"]);
    holder.get("/api/cases/999999").await.says(404, &["\"number\":1301"]);
    holder.get("/api/nowhere").await.says(404, &["\"number\":1301"]);
}

#[tokio::test]
async fn the_feed_tells_each_change_that_one_sees_once_and_in_order() {
    let (town, mut holder, mut clerk) = peopled("programs-feed").await;
    let before = read(&holder.get("/api/changes").await);
    assert_eq!(before["changes"], json!([]));
    let case = filed(&mut holder, "f").await;
    let accept = json!({ "step": "accept", "outcome": "accepted" });
    clerk.does(&format!("{case}/acts/choose"), "f-1", &accept).await.says(201, &[]);
    let words = |wire: &Value| -> Vec<String> {
        let changes = wire["changes"].as_array().unwrap().iter();
        changes.map(|change| change["act"].as_str().unwrap().to_owned()).collect()
    };
    let all = read(&holder.get("/api/changes?after=0").await);
    assert_eq!(words(&all), ["filed", "chose"], "{all}");
    assert_eq!(all["changes"][1]["by"], "health@900101");
    let after = all["after"].as_u64().unwrap();
    let first = all["changes"][0]["number"].as_u64().unwrap();
    let rest = read(&clerk.get(&format!("/api/changes?after={first}")).await);
    assert_eq!((words(&rest), rest["after"].as_u64()), (vec!["chose".to_owned()], Some(after)));
    // Who sees none of it is told so, and from where to go on.
    let now = town.app.clock.now();
    town.app.store.accounts().sign_up(&somebody("other"), now).await.unwrap();
    let mut other = Program::of(&town, AccountId([33; 16]), None).await;
    let none = read(&other.get("/api/changes").await);
    assert_eq!((words(&none).len(), none["after"].as_u64()), (0, Some(after)));
    // An answer may wait for what comes.
    let good = json!({ "step": "examine", "outcome": "good" });
    let (choose, next) =
        (format!("{case}/acts/choose"), format!("/api/changes?after={after}&wait=20"));
    let (waited, done) = tokio::join!(holder.get(&next), clerk.does(&choose, "f-2", &good));
    done.says(201, &[]);
    assert_eq!(words(&read(&waited)).first().map(String::as_str), Some("chose"), "{}", waited.body);
    holder.get("/api/changes?after=x").await.says(400, &["\"number\":1308"]);
}

#[tokio::test]
async fn a_program_that_runs_wild_waits_and_keeps_nobody_else_waiting() {
    let mut town = Town::found("programs-rates").await;
    town.app.change().rates = Arc::new(Rates::of(NonZeroU32::new(1).unwrap()));
    with_accounts(&town).await;
    let mut holder = Program::of(&town, HOLDER, None).await;
    let mut clerk = Program::of(&town, CLERK, Some("health@900101")).await;
    let mut held = None;
    for _ in 0..20 {
        let answer = holder.get("/api/head").await;
        if answer.status == 429 {
            held = Some(answer);
            break;
        }
    }
    let held = held.unwrap();
    held.says(429, &["\"number\":1315"]);
    assert!(held.headers.contains_key("retry-after"));
    clerk.get("/api/head").await.says(200, &[]);
}

#[tokio::test]
async fn invented_tokens_are_refused_and_leave_nothing_counted() {
    let mut town = Town::found("programs-invented").await;
    town.app.change().rates = Arc::new(Rates::of(NonZeroU32::new(1).unwrap()));
    with_accounts(&town).await;
    let client = Client::new(town.router());
    let mut inventor = Program { client, line: String::new() };
    for nth in 0..20 {
        // The same one several times is as bad each time as the first.
        inventor.line = format!("Bearer yy_invented-{}", nth % 5);
        inventor.get("/api/head").await.says(401, &["\"number\":1321"]);
    }
    assert_eq!(town.app.rates.tokens(), 0);
    let mut holder = Program::of(&town, HOLDER, None).await;
    holder.get("/api/head").await.says(200, &[]);
    assert_eq!(town.app.rates.tokens(), 1);
}

/// A system that is told of changes, and at times is out.
#[derive(Clone, Default)]
struct Receiver {
    out: Arc<Mutex<bool>>,
    calls: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Receiver {
    async fn listening(&self) -> String {
        let receive = |State(own): State<Self>, headers: HeaderMap, bytes: Bytes| async move {
            if *own.out.lock().unwrap() {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            own.calls.lock().unwrap().push((headers, text));
            StatusCode::NO_CONTENT
        };
        let router = Router::new().route("/changes", post(receive)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/changes")
    }

    fn told(&self) -> Vec<Value> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    fn numbers(&self) -> Vec<u64> {
        self.told().iter().map(|told| told["data"]["number"].as_u64().unwrap()).collect()
    }
}

#[tokio::test]
async fn a_system_gets_each_change_once_and_in_order_after_an_outage_too() {
    let (town, mut holder, mut clerk) = peopled("programs-hooks").await;
    let receiver = Receiver::default();
    let url = receiver.listening().await;
    let wanted = json!({ "title": "District system (invented)", "url": url, "after": 0 });
    let made = clerk.does("/api/subscriptions", "s-1", &wanted).await;
    made.says(201, &["whsec_"]);
    let secret = read(&made)["secret"].as_str().unwrap().to_owned();
    // The answer may have been lost: the same secret again.
    let again = clerk.does("/api/subscriptions", "s-1", &wanted).await;
    assert_eq!(read(&again)["secret"], secret.as_str());
    let other = json!({ "title": "x", "url": "http://127.0.0.1:1/", "after": 0 });
    clerk.does("/api/subscriptions", "s-1", &other).await.says(422, &["\"number\":1201"]);
    let bad = json!({ "title": "x", "url": "ftp://127.0.0.1/" });
    clerk.does("/api/subscriptions", "s-2", &bad).await.says(400, &["\"number\":1313"]);

    let feeder = Feeder::new(town.app.clone()).unwrap();
    let push = async || while feeder.round().await.unwrap() {};
    let case = filed(&mut holder, "h").await;
    push().await;
    let choose = format!("{case}/acts/choose");
    *receiver.out.lock().unwrap() = true;
    let accept = json!({ "step": "accept", "outcome": "accepted" });
    clerk.does(&choose, "h-1", &accept).await.says(201, &[]);
    push().await;
    let good = json!({ "step": "examine", "outcome": "good" });
    clerk.does(&choose, "h-2", &good).await.says(201, &[]);
    push().await;
    assert_eq!(receiver.told().len(), 1);
    let state = clerk.get("/api/subscriptions").await;
    state.says(200, &["\"attempts\":1", "status 503", "again_at"]);
    *receiver.out.lock().unwrap() = false;
    push().await;
    assert_eq!(receiver.told().len(), 1, "its turn has not come");
    town.pass_minutes(20).await;
    push().await;
    let feed = read(&clerk.get("/api/changes?after=0").await);
    let numbers: Vec<u64> = feed["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["number"].as_u64().unwrap())
        .collect();
    assert_eq!(receiver.numbers(), numbers);
    // Each says which came before it, so that a gap would be seen.
    let previous: Vec<u64> =
        receiver.told().iter().map(|told| told["previous"].as_u64().unwrap()).collect();
    let before: Vec<u64> =
        std::iter::once(0).chain(numbers.iter().copied()).take(numbers.len()).collect();
    assert_eq!(previous, before);
    signed(&receiver, &secret);
    push().await;
    assert_eq!(receiver.numbers(), numbers, "nothing twice");

    let id = read(&clerk.get("/api/subscriptions").await)[0]["id"].as_str().unwrap().to_owned();
    let one = format!("/api/subscriptions/{id}");
    assert_eq!(holder.ask(Method::DELETE, &one, &[], "").await.status, 404);
    assert_eq!(clerk.ask(Method::DELETE, &one, &[], "").await.status, 204);
    clerk.get("/api/subscriptions").await.says(200, &["[]"]);
}

/// What came is signed as Standard Webhooks has it.
fn signed(receiver: &Receiver, secret: &str) {
    use base64ct::{Base64, Encoding};
    use hmac::{Hmac, KeyInit, Mac};
    let calls = receiver.calls.lock().unwrap();
    assert!(!calls.is_empty());
    for (headers, body) in calls.iter() {
        let line = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        let key = Base64::decode_vec(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let signed = format!("{}.{}.{body}", line("webhook-id"), line("webhook-timestamp"));
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()));
        assert_eq!(line("webhook-signature"), expected);
    }
}

#[tokio::test]
async fn somebody_who_no_longer_acts_for_the_body_is_told_nothing_more() {
    let (town, mut holder, _) = peopled("programs-left").await;
    let (accounts, now) = (town.app.store.accounts(), town.app.clock.now());
    let from = town.app.packs.live.zone.day_of(now);
    let office = Office { body: body("health@900101"), from, until: from.plus_days(1) };
    let leaves = NewAccount { id: LEAVES, party: PartyId(LEAVES.0), ..somebody("leaves") };
    assert!(accounts.sign_up_officer(&leaves, &office, now).await.unwrap());
    let mut leaves = Program::of(&town, LEAVES, Some("health@900101")).await;
    let receiver = Receiver::default();
    let wanted = json!({ "title": "x", "url": receiver.listening().await, "after": 0 });
    leaves.does("/api/subscriptions", "s", &wanted).await.says(201, &[]);
    filed(&mut holder, "l").await;
    town.pass_days(3).await;
    let feeder = Feeder::new(town.app.clone()).unwrap();
    while feeder.round().await.unwrap() {}
    assert!(receiver.told().is_empty());
    let own = town.app.store.subscriptions(LEAVES).await.unwrap();
    assert_eq!(own[0].fault, "its holder no longer acts for the body");
}

#[tokio::test]
async fn the_description_is_of_what_is_there() {
    let town = Town::found("programs-openapi").await;
    let mut anybody = Client::new(town.router());
    let answer = anybody.get("/api/openapi.json").await;
    answer.says(200, &["\"openapi\":\"3.1.0\"", "/api/cases/{id}/acts/choose"]);
    let wire: Value = serde_json::from_str(&answer.body).unwrap();
    let text = serde_json::to_string_pretty(&wire).unwrap() + "\n";
    let kept =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&kept, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&kept).unwrap_or_default();
    assert!(golden == text, "docs/reference/openapi.json differs; look, then GOLDEN=1");
    anybody.get("/en/for-programs").await.says(200, &["/api/changes", "Idempotency-Key"]);
}

#[tokio::test]
async fn every_number_has_its_page() {
    let town = Town::found("programs-faults").await;
    let mut anybody = Client::new(town.router());
    let all = every(Words(base::Language::En));
    let mut numbers: Vec<u16> = all.iter().map(|fault| fault.number).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), all.len(), "a number is given twice");
    anybody.get("/zh/faults").await.says(200, &[]);
    let moved = anybody.get("/faults/1204").await;
    assert_eq!((moved.status.as_u16(), moved.location()), (303, "/zh/faults/1204"));
    for fault in &all {
        for language in ["zh", "en"] {
            let page = anybody.get(&format!("/{language}/faults/{}", fault.number)).await;
            page.says(200, &[&fault.number.to_string()]);
        }
        assert!(!fault.says.is_empty() && !fault.next.is_empty(), "{}", fault.number);
    }
    anybody.get("/en/faults/9999").await.says(404, &[]);
}
