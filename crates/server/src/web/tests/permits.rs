//! Who may do what over HTTP: for each row of the table that somebody at a browser can be in, the
//! request is made, and what comes of it is what the table says.

use std::{collections::BTreeSet, sync::Arc};

use access::{
    Action, Role,
    action::Kind,
    table::{Row, rows},
};
use axum::{http::Method, routing::MethodFilter};
use base::{Date, Text};
use identity::{AccountId, Evidence, LoginName};
use kernel::PartyId;
use store::{
    InboxQuery, Reading,
    accounts::{NewAccount, NewSession, Office},
    proposals::{Hand, NewProposal},
};

use super::{
    client::{Answer, Client},
    drafts::{begun, sign, written},
    journey::{APPLY, choose, filed},
    licences::licensed_in,
    ratings,
    town::{Town, body},
};
use crate::web::{App, People, Person, Role as Acts, routes::doors, session::Session};

/// Somebody who stands in some way to what an address names.
struct Stand {
    /// Who is signed in; nobody where empty. The holder and the clerk have accounts.
    person: &'static str,
    role: Role,
    word: &'static str,
    words: BTreeSet<String>,
    /// What stands in the address instead of its parts.
    fills: Vec<(&'static str, String)>,
}

fn stand(
    person: &'static str,
    word: &'static str,
    words: &[&str],
    fills: &[(&'static str, &str)],
) -> Stand {
    let role = match person {
        "" => Role::Anyone,
        "wu" if word == "spoken-for" => Role::Agent,
        "lin" | "wu" | "holder" => Role::Applicant,
        _ => Role::Officer,
    };
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let fills = fills.iter().map(|(part, fill)| (*part, (*fill).to_owned())).collect();
    Stand { person, role, word, words, fills }
}

const EAST: &[&str] = &["office health"];
const FIRE: &[&str] = &["office fire"];
const TOWN: &[&str] = &["office health", "level province"];
const OVER: &[(&str, &str)] = &[("register", "measure"), ("key", "W1")];
const TEA: &str = "procedure tea-house-licence";

/// A town whose measures cease to be published when they are due, and where services are rated.
const FILES: &[(&str, &str)] =
    &[ratings::FILES[0], ratings::FILES[1], super::publication::PUBLISHED];

/// A town with more officers than other tests need.
async fn peopled(name: &str) -> Town {
    let mut town = Town::found_with(name, FILES).await;
    let officer = |id: &str, code: &str, number| Person {
        id: id.into(),
        name: Text::new("某官员", "An officer"),
        role: Acts::Officer { party: PartyId([number; 16]), body: body(code) },
    };
    let mut people = town.app.people.0.clone();
    people.extend([
        officer("aside", "health@900101", 21),
        officer("counter", "health@900101", 22),
        officer("second", "health@90", 25),
        officer("civil", "civil-affairs@900101", 23),
        officer("civil-west", "civil-affairs@900102", 24),
    ]);
    town.app.change().people = Arc::new(People(people));
    with_accounts(&town).await;
    town
}

pub(super) const HOLDER: AccountId = AccountId([31; 16]);
pub(super) const CLERK: AccountId = AccountId([32; 16]);

/// Gives the town a holder of an account, and a clerk, who holds one for a body.
pub(super) async fn with_accounts(town: &Town) {
    let (accounts, now) = (town.app.store.accounts(), town.app.clock.now());
    let new = |id: AccountId, login: &str| NewAccount {
        id,
        party: PartyId(id.0),
        name: "某人（虚构）".to_owned(),
        login: Some(LoginName::parse(login).unwrap()),
        password: None,
    };
    accounts.sign_up(&new(HOLDER, "holder@example.cn"), now).await.unwrap();
    let from = Date::parse("2024-03-01").unwrap();
    let office = Office { body: body("health@900101"), from, until: None };
    let clerk = new(CLERK, "clerk@example.cn");
    assert!(accounts.sign_up_officer(&clerk, &office, now).await.unwrap());
}

/// A browser in which that person is signed in.
async fn entered(town: &Town, person: &str) -> Client {
    let (account, acting) = match person {
        "" => return Client::new(town.router()),
        "holder" => (HOLDER, None),
        "clerk" => (CLERK, Some(body("health@900101"))),
        person => return Client::signed_in(town.router(), person).await,
    };
    let now = town.app.clock.now();
    let session = Session::signed_in(now);
    let new = NewSession {
        digest: session.digest(),
        account: Some(account),
        person: String::new(),
        evidence: Evidence::Passkey,
        browser: String::new(),
        acting,
    };
    town.app.store.accounts().begin(&new, now).await.unwrap();
    Client::with_cookie(town.router(), &session.cookie(&town.app.secret, false))
}

/// The cases and entries that addresses name.
struct Things {
    /// Lin's herb room: it is in the register, and one officer stands aside.
    own: String,
    /// Lin's herb room that Wu filed.
    spoken_for: String,
    /// A herb room that was written down at the counter.
    counter: String,
    /// A refused herb room whose applicant has challenged it.
    challenged: String,
    /// A tea house before its review.
    tea: String,
    /// A tea house that is being reviewed.
    reviewed: String,
    /// The entry of the first.
    entry: String,
}

fn number(case: &str) -> String {
    case.rsplit('/').next().unwrap().to_owned()
}

async fn made(town: &Town) -> Things {
    let sign = |person: &'static str| Client::signed_in(town.router(), person);
    let (mut lin, mut wu, mut east) = (sign("lin").await, sign("wu").await, sign("east").await);
    let mut province = sign("town").await;
    let plan = "/en/apply/plan-adoption/whole";
    let adopted = province.fill(plan, plan, &[("plan.division", "90")]).await;
    let adopted = adopted.location().split('?').next().unwrap().to_owned();
    choose(&mut province, &adopted, "publish", &[("outcome", "published")]).await;
    let own = filed(&mut lin).await;
    choose(&mut east, &own, "accept", &[("outcome", "accepted")]).await;
    choose(&mut east, &own, "examine", &[("outcome", "good")]).await;
    let mut aside = sign("aside").await;
    let party = PartyId([21; 16]).to_string();
    let recused = [("officer", party.as_str()), ("aside", "yes"), ("reasons", "亲属")];
    recorded(aside.fill(&own, &format!("{own}/recuse"), &recused).await);
    let challenged = filed(&mut lin).await;
    choose(&mut east, &challenged, "accept", &[("outcome", "accepted")]).await;
    let bad = [("outcome", "bad"), ("reasons", "面积不足")];
    recorded(choose(&mut east, &challenged, "examine", &bad).await);
    let decision = lin.get(&challenged).await.hidden("decision");
    let appeal = [("decision", decision.as_str()), ("remedy", "town-review"), ("grounds", "够")];
    recorded(lin.fill(&challenged, &format!("{challenged}/appeal"), &appeal).await);
    let spoken_for = for_another(&mut wu, "agent").await;
    let counter = for_another(&mut sign("counter").await, "").await;
    let tea = tea_house(&mut lin).await;
    let reviewed = tea_house(&mut lin).await;
    recorded(choose(&mut east, &reviewed, "accept", &[("outcome", "accepted")]).await);
    let entry = format!("900101-2024-{}", number(&own));
    propose(town).await;
    Things { own, spoken_for, counter, challenged, tea, reviewed, entry }
}

/// A proposed pack that the town's officer has uploaded.
async fn propose(town: &Town) {
    let (hash, sources) = town.app.store.kept_packs().await.unwrap().pop().unwrap();
    let name = town.app.packs.live.name.clone();
    let hand =
        Hand { officer: PartyId([5; 16]), body: body("health@90"), at: town.app.clock.now() };
    let new = NewProposal { name, hash, sound: true, sources };
    assert_eq!(town.app.store.propose(&new, &hand).await.unwrap(), 1);
}

fn recorded(answer: Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().split('?').next().unwrap().to_owned()
}

/// Files a herb room for somebody else.
async fn for_another(who: &mut Client, by: &str) -> String {
    let page = who.get(APPLY).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let fields = [
        ("token", token.as_str()),
        ("key", key.as_str()),
        ("for:as", by),
        ("for:kind", "resident-id"),
        ("for:name", "蓝溪（虚构）"),
        ("for:number", "110101190305170009"),
        ("herb-room.name", "薄荷小店"),
        ("herb-room.division", "900101001"),
        ("herb-room.herbs", "H1"),
        ("herb-room.main-herb", "H1"),
        ("herb-room.floor-area", "30"),
        ("herb-room.night", "no"),
        ("herb-room.purpose", "trade"),
        ("keeper.worked-since", "2015-05-01"),
        ("keeper.name", "王一"),
        ("keeper.resident-id", "11010519491231002X"),
        ("shared:lease", "yes"),
    ];
    let files: [(&str, &[u8]); 2] = [("plan", b"%PDF-1.7 a plan"), ("for:paper", b"%PDF-1.7 so")];
    recorded(who.post_files(APPLY, &fields, &files).await)
}

async fn tea_house(lin: &mut Client) -> String {
    let apply = "/en/apply/tea-house-licence/whole";
    let page = lin.get(apply).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let fields = [
        ("token", token.as_str()),
        ("key", key.as_str()),
        ("applicant:kind", "person"),
        ("tea-house.name", "晨柳茶馆（虚构）"),
        ("tea-house.division", "900101001"),
        ("tea-house.rank", "small"),
        ("tea-house.seats", "24"),
    ];
    recorded(lin.post_files(apply, &fields, &[("drawing", b"%PDF-1.7 a plan")]).await)
}

/// Everybody who stands to something in a way that can be reached.
fn stands(things: &Things) -> Vec<Stand> {
    let mut stands = Vec::new();
    let paper = |case: &str, paper: &'static str| {
        vec![("id", number(case)), ("material", paper.to_owned())]
    };
    let mut of = |case: &str, material, person, word, words: &[&str]| {
        stands.push(Stand { fills: paper(case, material), ..stand(person, word, words, &[]) });
    };
    let own = &things.own;
    of(own, "plan", "", "any-case", &[]);
    of(own, "plan", "lin", "own-case", &[]);
    of(own, "plan", "wu", "others-case", &[]);
    of(own, "plan", "east", "competent", EAST);
    of(own, "plan", "aside", "aside", EAST);
    of(own, "plan", "west", "stranger", EAST);
    of(own, "plan", "fire", "stranger", FIRE);
    of(own, "plan", "civil", "stranger", &[]);
    of(&things.challenged, "plan", "town", "hearing", TOWN);
    of(&things.spoken_for, "plan", "wu", "spoken-for", &[]);
    of(&things.counter, "plan", "counter", "speaking", EAST);
    let tea = &things.tea;
    of(tea, "drawing", "", "any-case", &[TEA]);
    of(tea, "drawing", "lin", "own-case", &[TEA]);
    of(tea, "drawing", "wu", "others-case", &[TEA]);
    of(tea, "drawing", "east", "competent", &["office health", TEA]);
    of(tea, "drawing", "civil", "hand", &[TEA]);
    of(tea, "drawing", "fire", "hand", &["office fire", TEA]);
    of(tea, "drawing", "civil-west", "stranger", &[TEA]);
    of(tea, "drawing", "town", "above", &["office health", "level province", TEA]);
    of(&things.reviewed, "drawing", "civil", "reviewing", &[TEA]);
    of(&things.reviewed, "drawing", "fire", "reviewing", &["office fire", TEA]);
    let code = format!("{}.svg", things.entry);
    let entry = [("register", "herb-room"), ("key", &things.entry), ("file", &code), LIST];
    let hidden = [("register", "named-patient-use"), ("key", "1"), ("file", "1.svg"), LIST];
    for (person, words) in [("", &[][..]), ("lin", &[]), ("east", EAST), ("civil", &[])] {
        stands.push(stand(person, "public", words, &entry));
        stands.push(stand(person, "no-longer-published", words, OVER));
        stands.push(stand(person, "restricted", words, &hidden));
        stands.push(stand(person, "demonstration", words, SITE));
        let oneself = if person.is_empty() { "somebody" } else { "oneself" };
        stands.push(stand(person, oneself, words, &[]));
    }
    stands.push(stand("holder", "with-account", &[], SITE));
    stands.push(stand("clerk", "with-account", EAST, SITE));
    stands.push(stand("", "open", &[], &[SERVICE]));
    stands.push(stand("", "bodies", &[], &[PLAN]));
    stands.push(stand("lin", "open", &[], &[SERVICE]));
    stands.push(stand("lin", "bodies", &[], &[PLAN]));
    stands.push(stand("east", "open-own-office", EAST, &[SERVICE]));
    stands.push(stand("fire", "open-other-office", FIRE, &[SERVICE]));
    stands.push(stand("fire", "open-any-office", FIRE, &[("procedure", "service-rating")]));
    stands.push(stand("town", "bodies-own-office", TOWN, &[PLAN]));
    stands.push(stand("fire", "bodies-other-office", FIRE, &[PLAN]));
    let proposal = [("number", "1"), SERVICE];
    for (person, word, words) in [
        ("", "proposed", &[][..]),
        ("lin", "proposed", &[]),
        ("east", "proposed", EAST),
        ("second", "proposed", TOWN),
        ("town", "prepared", TOWN),
    ] {
        stands.push(stand(person, word, words, &proposal));
    }
    stands.extend(by_the_lake());
    stands.push(stand("", "other-body", &[], &[]));
    stands.push(stand("lin", "other-body", &[], &[]));
    stands.push(stand("east", "own-body", EAST, &[]));
    stands.push(stand("civil", "own-body", &[], &[]));
    stands
}

/// Those who would see what systems send.
fn by_the_lake() -> impl Iterator<Item = Stand> {
    let lake = [("source", "his-1"), ("feed", "stays"), ("number", "1")];
    let people = [("", &[][..]), ("lin", &[]), ("east", EAST), ("town", TOWN)];
    people.into_iter().map(move |(person, words)| stand(person, "lake", words, &lake))
}

const SERVICE: (&str, &str) = ("procedure", "herb-room-licence");
const PLAN: (&str, &str) = ("procedure", "plan-adoption");
const LIST: (&str, &str) = ("list", "0");
/// What stands in the addresses of pages that are about no thing of a kind of its own.
const SITE: &[(&str, &str)] = &[
    ("register", "fair"),
    ("picture", "host"),
    ("key", "W2"),
    ("case", "1"),
    ("file", "lists.txt"),
    ("event", "open-a-shop"),
    ("name", "site.css"),
    ("drawing", "sites.geojson"),
    ("id", "00000000000000000000000000000000"),
    ("topic", "form-keeper"),
    ("word", "plan"),
    ("number", "1301"),
    ("resource", "Organization"),
    ("resource_id", "herb-room.none"),
    ("version", "1"),
    ("hash", "0"),
    SERVICE,
];

/// What a request came to, by the number of its fault.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Permitted,
    SignIn,
    Hidden,
    NotPermitted,
}

fn came(answer: &Answer, person: &str, method: &Method, kind: Kind) -> Came {
    let number = |number: u16| {
        let said = [
            format!("Number {number}."),
            format!("编号 {number}。"),
            format!("\"number\":{number}"),
            // The directory says it as FHIR does.
            format!("\"code\":\"{number}\""),
        ];
        said.iter().any(|said| answer.body.contains(said))
    };
    match answer.status.as_u16() {
        303 if answer.location().contains("/sign-in?then=") => Came::SignIn,
        // Whoever is signed in is asked only to send a form again that is too old to be saved.
        401 if person.is_empty() => Came::SignIn,
        // An answer to this question has no body that could say why.
        403 if number(1320) || method == Method::HEAD => Came::NotPermitted,
        // Neither is hidden: what is not there was looked for by whoever may.
        404 if number(1301) && !matches!(kind, Kind::Site | Kind::Lake) => Came::Hidden,
        _ => Came::Permitted,
    }
}

/// What the table says the request comes to.
fn foretold(row: &Row, sees: bool) -> Came {
    match (row.permitted, row.situation.word, row.situation.who.role()) {
        (true, ..) => Came::Permitted,
        (false, "restricted" | "no-longer-published", _) => Came::Hidden,
        (false, _, Role::Anyone) => Came::SignIn,
        (false, "own-case" | "competent" | "hand" | "reviewing", _) if sees => Came::NotPermitted,
        (false, "others-case" | "stranger", _) => Came::Hidden,
        (false, ..) => Came::NotPermitted,
    }
}

/// The address with its parts filled in; none where some part is unknown.
fn filled(path: &str, fills: &[(&'static str, String)]) -> Option<String> {
    let mut address = path.to_owned();
    for (part, fill) in fills {
        address = address.replace(&format!("{{{part}}}"), fill);
    }
    // A print says by which decision it was made.
    let print = path == "/en/verify/{register}/{key}";
    let address = address + if print { "?kind=herb-room-licence&decision=1" } else { "" };
    (!address.contains('{')).then_some(address)
}

fn verb(method: MethodFilter) -> Method {
    let known = [
        (MethodFilter::GET, Method::GET),
        (MethodFilter::POST, Method::POST),
        (MethodFilter::HEAD, Method::HEAD),
        (MethodFilter::PATCH, Method::PATCH),
        (MethodFilter::DELETE, Method::DELETE),
        (MethodFilter::OPTIONS, Method::OPTIONS),
    ];
    known.into_iter().find(|(own, _)| *own == method).unwrap().1
}

/// Makes a request without anything in it.
async fn request(client: &mut Client, method: &Method, address: &str) -> Answer {
    match *method {
        Method::POST => client.post(address, &[]).await,
        _ => client.ask(method.clone(), address, &[], "").await,
    }
}

fn table(app: &App) -> Vec<Row> {
    let live = &app.packs.live;
    rows(&app.packs.access, live, live.zone.day_of(app.clock.now()))
}

/// Whether somebody can ask for it in that situation. What is no longer published is an entry, not
/// its register, and has no certificates.
fn arises(word: &str, action: Action) -> bool {
    word != "no-longer-published" || action == Action::SeeEntry
}

/// Makes each request that a stand can make of a town, and counts the rows that were tried.
async fn try_all(town: &Town, stands: &[Stand]) -> BTreeSet<(Action, Role, &'static str)> {
    let rows = table(&town.app);
    let mut tried = BTreeSet::new();
    for one in stands {
        let like = |row: &&Row| {
            let its = &row.situation;
            (its.who.role(), its.word, &its.words) == (one.role, one.word, &one.words)
        };
        let own: Vec<&Row> = rows.iter().filter(like).collect();
        assert!(!own.is_empty(), "{} {} {:?}", one.person, one.word, one.words);
        let sees = own.iter().any(|row| row.action == Action::SeeCase && row.permitted);
        for (method, path, action) in doors() {
            if !arises(one.word, action) {
                continue;
            }
            let row = own.iter().find(|row| row.action == action);
            let Some((row, address)) = row.zip(filled(&path, &one.fills)) else { continue };
            let method = verb(method);
            let answer = request(&mut entered(town, one.person).await, &method, &address).await;
            let said = (came(&answer, one.person, &method, action.kind()), answer.status);
            let foretold = foretold(row, sees);
            assert_eq!(said.0, foretold, "{} {method} {address}: {:?}", one.person, row.by);
            tried.insert((action, one.role, one.word));
        }
    }
    tried
}

#[tokio::test]
async fn what_the_table_says_is_what_comes_of_the_request() {
    let town = peopled("permits").await;
    let things = made(&town).await;
    let mut tried = try_all(&town, &stands(&things)).await;
    let mut real = peopled("permits-real").await;
    real.app.change().demo = false;
    let served = [("", &[][..]), ("holder", &[]), ("clerk", EAST)]
        .map(|(person, words)| stand(person, "site", words, SITE));
    tried.extend(try_all(&real, &served[..]).await);
    let reachable = |role| matches!(role, Role::Anyone | Role::Applicant | Role::Officer);
    let doors: BTreeSet<Action> = doors().into_iter().map(|(_, _, action)| action).collect();
    let missed: Vec<String> = table(&town.app)
        .iter()
        .filter(|row| doors.contains(&row.action) && reachable(row.situation.who.role()))
        .map(|row| (row.action, row.situation.who.role(), row.situation.word))
        .filter(|key| !tried.contains(key) && arises(key.2, key.0))
        .map(|(action, role, word)| format!("{} {} {word}", action.word(), role.word()))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    // The only queue with an address is that of one's own body, the only log of readings one's own.
    let without_address = [
        "assign Officer other-body",
        "keep-view Officer other-body",
        "note-away Officer other-body",
        "see-inbox Officer other-body",
        "see-load Officer other-body",
        "see-readings Applicant somebody",
        "see-readings Officer somebody",
    ];
    assert_eq!(missed, without_address, "rows that no request was made for");
}

#[tokio::test]
async fn every_action_has_a_door_or_is_done_elsewhere() {
    let doors: BTreeSet<Action> = doors().into_iter().map(|(_, _, action)| action).collect();
    let without: Vec<&str> = Action::ALL
        .iter()
        .filter(|action| !doors.contains(action))
        .map(|action| action.word())
        .collect();
    // The clock and whoever runs the platform act without a page.
    let elsewhere = [
        "run-out",
        "erase-person",
        "verify-ledger",
        "adopt-pack",
        "adopt-calendar",
        "take-over-register",
    ];
    assert_eq!(without, elsewhere);
}

#[tokio::test]
async fn readings_are_logged_with_the_policy_that_permits_them() {
    let town = peopled("readings").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let mut west = Client::signed_in(town.router(), "west").await;
    let case = filed(&mut lin).await;
    lin.get(&format!("{case}/papers/plan")).await.says(200, &["a plan"]);
    east.get(&format!("{case}/papers/plan")).await.says(200, &["a plan"]);
    west.get(&format!("{case}/papers/plan")).await.says(404, &["1301"]);
    let readings: Vec<Reading> = town.app.store.readings(PartyId([1; 16])).await.unwrap();
    let said: Vec<(&str, &str)> =
        readings.iter().map(|own| (own.path.as_str(), own.reader.policy.as_str())).collect();
    let paper = "paper:plan";
    let expected = [(paper, "bodies-read-what-they-handle"), (paper, "party-reads-own-details")];
    assert_eq!(said.iter().collect::<BTreeSet<_>>(), expected.iter().collect::<BTreeSet<_>>());
    // The person reads which policy it was, in words.
    let title = "Applicants may read the papers and details in their own cases.";
    lin.get("/en/account/reads").await.says(200, &[title, "East Willow", "Floor plan"]);
    let title = "参与办件的机关，其工作人员可以查阅材料和个人信息；每次查阅都有记录。";
    lin.get("/zh/account/reads").await.says(200, &[title, "依哪条规则"]);
}

/// A town in which nobody may file for a herb room, though anybody may write.
const CLOSED: &[(&str, &str)] = &[(
    "access.cedar",
    "@id(\"no-herb-rooms\") @title_zh(\"暂停受理草药房\") @title_en(\"No herb rooms for now.\") \
     @act(\"柳溪平台条例（虚构）\") @confidence(\"assumed\") \
     forbid (principal, action == Action::\"file\", resource is Service) \
     when { resource.procedure == Procedure::\"herb-room-licence\" };",
)];

#[tokio::test]
async fn a_draft_is_filed_only_where_filing_is_permitted() {
    let town = Town::found_with("closed", CLOSED).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.fill(APPLY, APPLY, &[]).await.says(403, &["1320", "No herb rooms for now."]);
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    written(&mut lin, &draft).await;
    let signed = sign(&mut lin, &draft, &[("name", "Lin"), ("agree", "yes")]).await;
    signed.says(403, &["1320", "No herb rooms for now."]);
    let of_lin = town.app.store.cases_of(PartyId([1; 16]), None, 10).await.unwrap();
    assert!(
        of_lin.is_empty()
            && town
                .app
                .store
                .inbox(&InboxQuery::all(&body("health@900101"), 10))
                .await
                .unwrap()
                .lines
                .is_empty()
    );
}

/// A town in which only who is signed in may look into the register of herb rooms.
const SHUT: &[(&str, &str)] = &[(
    "access.cedar",
    "@id(\"herb-rooms-for-those-signed-in\") @title_zh(\"草药房名册须登录查阅\") \
     @title_en(\"Sign in to look herb rooms up.\") @act(\"柳溪平台条例（虚构）\") \
     @confidence(\"assumed\") \
     forbid (principal is Anyone, action in Action::\"register-pages\", resource is Register) \
     when { resource.name == RegisterName::\"herb-room\" };",
)];

#[tokio::test]
async fn a_search_finds_nothing_in_a_register_that_one_may_not_search() {
    let (town, _) = licensed_in(Town::found_with("shut", SHUT).await).await;
    let mut nobody = Client::new(town.router());
    let mut lin = Client::signed_in(town.router(), "lin").await;
    for address in
        ["/en/search?q=bohe", "/en/search?q=bohe&register=herb-room", "/api/search?q=bohe"]
    {
        let hidden = nobody.get(address).await;
        hidden.says(200, &[]);
        assert!(!hidden.body.contains("薄荷小店") && !hidden.body.contains("(1)"), "{address}");
        lin.get(address).await.says(200, &["薄荷小店"]);
    }
    nobody.get("/en/registers/herb-room").await.says(404, &["1301"]);
    lin.get("/en/registers/herb-room").await.says(200, &["薄荷小店"]);
}

#[tokio::test]
async fn a_refusal_says_what_the_policies_say_in_both_languages() {
    let town = peopled("saying").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get("/en/inbox").await.says(
        403,
        &["1320", "You cannot do this in your role", "Officers see what waits for their own body."],
    );
    lin.get("/zh/inbox").await.says(403, &["工作人员可以查看本机关的待办。", "/zh/access"]);
    let mut aside = Client::signed_in(town.router(), "aside").await;
    let case = filed(&mut lin).await;
    let party = PartyId([21; 16]).to_string();
    let recused = [("officer", party.as_str()), ("aside", "yes"), ("reasons", "亲属")];
    recorded(aside.fill(&case, &format!("{case}/recuse"), &recused).await);
    let paper = format!("{case}/papers/plan");
    aside.get(&paper).await.says(403, &["An officer who stands aside", "A policy does not let"]);
    let page = Client::new(town.router()).get("/zh/access").await;
    page.says(200, &["谁可以看什么、办什么", "个人信息保护法", "消防部门看图纸", "禁止"]);
}

#[tokio::test]
async fn a_page_offers_nothing_that_would_be_refused() {
    let town = peopled("offering").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut aside = Client::signed_in(town.router(), "aside").await;
    let case = filed(&mut lin).await;
    let paper = format!("href=\"{case}/papers/plan\"");
    aside.get(&case).await.says(200, &["Show (logged)", &paper]);
    let party = PartyId([21; 16]).to_string();
    let recused = [("officer", party.as_str()), ("aside", "yes"), ("reasons", "亲属")];
    recorded(aside.fill(&case, &format!("{case}/recuse"), &recused).await);
    let shown = aside.get(&case).await;
    shown.says(200, &["Sealed; not for you to open", "Floor plan"]);
    assert!(!shown.body.contains(&paper) && !shown.body.contains("Show (logged)"));
}

/// A town in which everything is forbidden.
const NOTHING: &[(&str, &str)] = &[(
    "access.cedar",
    "@id(\"nothing\") @title_zh(\"一律禁止\") @title_en(\"Nothing is permitted.\") \
     @act(\"柳溪平台条例（虚构）\") @confidence(\"assumed\") forbid (principal, action, resource);",
)];

#[tokio::test]
async fn no_address_answers_past_the_policies() {
    let town = Town::found_with("nothing", NOTHING).await;
    with_accounts(&town).await;
    let entry = [
        ("register", "herb-room"),
        ("file", "1.svg"),
        LIST,
        ("material", "plan"),
        ("decision", "1"),
        ("number", "1"),
        ("source", "his-1"),
        ("feed", "stays"),
        ("rule", "herb-hoarded"),
        ("board", "selling"),
        ("job", "1"),
    ];
    let fills = SITE.iter().chain(&entry).map(|(part, fill)| (*part, (*fill).to_owned()));
    let fills: Vec<(&str, String)> = fills.collect();
    for (method, path, action) in doors() {
        let (method, address) = (verb(method), filled(&path, &fills).unwrap());
        for person in ["", "holder", "clerk"] {
            let answer = request(&mut entered(&town, person).await, &method, &address).await;
            let came = came(&answer, person, &method, action.kind());
            assert_ne!(came, Came::Permitted, "{person} {method} {address} {}", answer.status);
        }
    }
}

#[test]
fn every_address_is_a_door() {
    let web = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut folders = vec![web];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("tests")).then_some(path));
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let adds = [".route(", ".route_service(", ".nest(", ".nest_service(", ".merge("];
            let adds = adds.iter().flat_map(|word| text.matches(word));
            found.extend(adds.map(|word| (path.file_name().unwrap().to_owned(), word.to_owned())));
        }
    }
    assert_eq!(found, [("routes.rs".into(), ".route(".to_owned())]);
}
