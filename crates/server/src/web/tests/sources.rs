//! Rows that systems send: noted by an officer, signed, safe once answered, each counted once; what
//! does not fit is held, put right or given up; whoever is not the source is refused by number.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use axum::{body::Body, http::Method};
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use lake::PersonKey;
use tempfile::TempDir;

use super::{
    client::{Answer, Client},
    town::Town,
};
use crate::web::{
    judging::Judging,
    taking::{Taking, look},
};

const VISITS: &str = "/api/sources/his-1/feeds/nursing-visits";

/// A town with a lake.
pub(super) struct Lakeside {
    pub(super) town: Town,
    _folder: TempDir,
}

impl Lakeside {
    pub(super) async fn found(name: &str) -> Self {
        Self::found_with(name, &[]).await
    }

    /// The same where the town's pack has more files, or others.
    pub(super) async fn found_with(
        name: &str,
        files: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self::beside(Town::found_with(name, files).await)
    }

    /// A lake beside a town.
    pub(super) fn beside(mut town: Town) -> Self {
        let folder = TempDir::with_prefix("lake-").unwrap();
        let key = PersonKey::from_bytes([7; 64]);
        let pack = town.app.packs.live.clone();
        town.app.change().taking = Taking::open(&folder.path().join("lake"), &pack, key).unwrap();
        let judging = Judging::open(&folder.path().join("scratch")).unwrap();
        town.app.change().judging = Some(judging);
        Self { town, _folder: folder }
    }

    pub(super) async fn officer(&self) -> Client {
        Client::signed_in(self.town.router(), "town").await
    }

    /// Gathers what has come.
    pub(super) fn gathered(&self) {
        let taking = self.town.app.taking.clone().unwrap();
        while taking.lake().gather().unwrap().is_some() {}
    }

    pub(super) fn rows(&self, feed: &str) -> u64 {
        let taking = self.town.app.taking.clone().unwrap();
        taking.gathered(&base::Name::new(feed).unwrap()).unwrap()
    }

    /// Sends a batch as a system does.
    pub(super) async fn send(&self, address: &str, lines: &str, signed: &Signing<'_>) -> Answer {
        let mut program = Client::new(self.town.router());
        let headers = signed.headers(self.town.app.clock.now().micros() / 1_000_000, lines);
        let mut headers: Vec<_> =
            headers.iter().map(|(name, says)| (*name, says.as_str())).collect();
        headers.push(("content-type", signed.kind));
        program.ask(Method::POST, address, &headers, Body::from(lines.to_owned())).await
    }
}

/// How a batch is signed.
pub(super) struct Signing<'a> {
    pub(super) key: SigningKey,
    /// Seconds off.
    pub(super) off: i64,
    /// What is signed instead of the body.
    pub(super) body: Option<&'a str>,
    pub(super) kind: &'a str,
}

impl Signing<'_> {
    /// The headers of a batch that is sent at a second.
    pub(super) fn headers(&self, second: i64, lines: &str) -> [(&'static str, String); 3] {
        let at = second + self.off;
        let message = format!("msg_1.{at}.{}", self.body.unwrap_or(lines));
        let signature = Base64::encode_string(&self.key.sign(message.as_bytes()).to_bytes());
        [
            ("webhook-id", "msg_1".to_owned()),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", format!("v1,AAAA v1a,{signature}")),
        ]
    }
}

pub(super) fn signed(key: u8) -> Signing<'static> {
    let key = SigningKey::from_bytes(&[key; 32]);
    Signing { key, off: 0, body: None, kind: "application/x-ndjson" }
}

pub(super) fn public(key: u8) -> String {
    let key = SigningKey::from_bytes(&[key; 32]);
    Base64::encode_string(key.verifying_key().as_bytes())
}

pub(super) fn visit(number: u32, more: &str) -> String {
    let first = format!(r#""visit":"v{number}","started-at":"2024-01-08T09:00:00+08:00""#);
    let whom = r#""institution":"a","nurse":"b","patient":"11010519491231002X""#;
    let what = r#""district":"900101","service":"dressing","checked-in":"beacon""#;
    format!("{{{first},{whom},{what}{more}}}")
}

async fn noted(officer: &mut Client, fields: &[(&str, &str)]) -> Answer {
    officer.fill("/en/sources", "/en/sources", fields).await
}

pub(super) async fn with_source(name: &str) -> (Lakeside, Client) {
    let lakeside = Lakeside::found(name).await;
    let mut officer = lakeside.officer().await;
    let key = public(1);
    let fields = [
        ("name", "his-1"),
        ("title", "A hospital's system"),
        ("public", key.as_str()),
        ("feed", "nursing-visits"),
        ("feed", "stays"),
    ];
    let answer = noted(&mut officer, &fields).await;
    assert_eq!(answer.location(), "/en/sources/his-1", "{}", answer.body);
    (lakeside, officer)
}

#[tokio::test]
async fn what_is_wrong_with_a_source_is_said_beside_its_field() {
    let (_lakeside, mut officer) = with_source("sources-wrong").await;
    let wrong = noted(&mut officer, &[("name", "Not A Name"), ("public", "AAAA")]).await;
    wrong.says(200, &["40 at most", "no Ed25519 public key", "one feed", "in 60 characters"]);
    // A key under which anybody could sign is none.
    let weak = Base64::encode_string(&[0; 32]);
    let fields = [("name", "b"), ("title", "B"), ("feed", "stays"), ("public", weak.as_str())];
    noted(&mut officer, &fields).await.says(200, &["no Ed25519 public key"]);
    let key = public(2);
    let taken = [("name", "his-1"), ("title", "B"), ("feed", "stays"), ("public", key.as_str())];
    noted(&mut officer, &taken).await.says(200, &["choose another"]);
    officer.get("/en/sources").await.says(200, &["his-1", "Nothing has come yet."]);
    officer.get("/zh/sources/his-1").await.says(200, &[public(1).as_str(), "Ed25519"]);
    officer.get("/en/sources/nobody").await.says(404, &[]);
}

#[tokio::test]
async fn rows_are_taken_once_however_often_they_are_sent() {
    let (lakeside, mut officer) = with_source("sources-once").await;
    let lines = format!("{}\n{}\n", visit(1, ""), visit(2, ""));
    for _ in 0..3 {
        let answer = lakeside.send(VISITS, &lines, &signed(1)).await;
        answer.says(200, &["\"taken\":2,\"held\":0"]);
    }
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 2);
    // The same row with something else in it takes the place of the first.
    let changed = visit(2, ",\"metres-off\":12");
    lakeside.send(VISITS, &changed, &signed(1)).await.says(200, &["\"taken\":1"]);
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 2);
    assert_eq!(lakeside.rows("nursing-visits-replaced"), 1);
    officer.get("/en/sources/his-1").await.says(200, &["Nursing visits", ">7<"]);
}

#[tokio::test]
async fn who_is_not_the_source_is_refused_and_nothing_is_kept() {
    let (lakeside, mut officer) = with_source("sources-refused").await;
    let row = visit(1, "");
    let wrong = [
        (VISITS, signed(2), 401, "1336"),
        (VISITS, Signing { body: Some("else"), ..signed(1) }, 401, "1336"),
        (VISITS, Signing { off: -400, ..signed(1) }, 401, "1337"),
        (VISITS, Signing { off: 400, ..signed(1) }, 401, "1337"),
        (VISITS, Signing { kind: "application/json", ..signed(1) }, 415, "1356"),
        ("/api/sources/nobody/feeds/stays", signed(1), 401, "1335"),
        ("/api/sources/NOBODY/feeds/stays", signed(1), 401, "1335"),
        ("/api/sources/his-1/feeds/deaths", signed(1), 403, "1338"),
        ("/api/sources/his-1/feeds/nothing", signed(1), 403, "1338"),
    ];
    for (address, signing, status, number) in wrong {
        let answer = lakeside.send(address, &row, &signing).await;
        answer.says(status, &[&format!("\"number\":{number}"), "says_zh"]);
    }
    let mut program = Client::new(lakeside.town.router());
    let bare = [("content-type", "application/x-ndjson")];
    let answer = program.ask(Method::POST, VISITS, &bare, Body::from(row.clone())).await;
    answer.says(401, &["\"number\":1336"]);
    let long: String = (0..10_001).map(|number| visit(number, "") + "\n").collect();
    lakeside.send(VISITS, &long, &signed(1)).await.says(413, &["\"number\":1339"]);
    lakeside.gathered();
    assert_eq!(lakeside.rows("nursing-visits"), 0);
    // A new key takes the place of the old one at once, and an end is an end.
    let key = public(3);
    let fields = [("title", "Another title"), ("public", key.as_str()), ("feed", "nursing-visits")];
    officer.fill("/en/sources/his-1", "/en/sources/his-1", &fields).await;
    lakeside.send(VISITS, &row, &signed(1)).await.says(401, &["\"number\":1336"]);
    lakeside.send(VISITS, &row, &signed(3)).await.says(200, &["\"taken\":1"]);
    officer.fill("/en/sources/his-1", "/en/sources/his-1", &[("end", "yes")]).await;
    lakeside.send(VISITS, &row, &signed(3)).await.says(401, &["\"number\":1335"]);
    let page = officer.get("/en/sources/his-1").await;
    page.says(200, &["A hospital&#39;s system", "Another title", "ended"]);
    assert!(!page.body.contains("End this source"));
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_held_and_put_right() {
    let (lakeside, mut officer) = with_source("sources-held").await;
    let bad = visit(1, ",\"metres-off\":\"near\",\"assessed-first\":true");
    let lines = format!("{bad}\n{}\n{{}}\n", visit(2, ""));
    let answer = lakeside.send(VISITS, &lines, &signed(1)).await;
    answer.says(200, &["\"taken\":1,\"held\":2,\"first\":1", "\"line\":1,\"number\":2", "1509"]);
    lakeside.gathered();
    officer.get("/en/sources").await.says(200, &["2 rows wait to be put right"]);
    officer.get("/zh/held").await.says(200, &["1509", "1504", "/zh/held/2"]);
    let page = officer.get("/en/held/2").await;
    page.says(200, &["&#34;near&#34;", "a digest", "name=\"c.metres-off\"", "line 1 of its batch"]);
    assert!(!page.body.contains("11010519491231002X"));
    let mend = "/en/held/2/mend";
    let wrong = officer.fill("/en/held/2", mend, &[("c.metres-off", "far")]).await;
    wrong.says(200, &["is not a number", "value=\"far\""]);
    let fields = [("c.metres-off", "12"), ("out", "assessed-first"), ("c.checked-in", "position")];
    let mended = officer.fill("/en/held/2", mend, &fields).await;
    assert_eq!(mended.location(), "/en/held/2", "{}", mended.body);
    officer.get("/en/held/2").await.says(200, &["taken under number 4"]);
    assert_eq!(lakeside.rows("nursing-visits"), 2);
    let again = officer.fill("/en/held/3", mend, &[("c.metres-off", "12")]).await;
    again.says(404, &["1357", "The row is settled"]);
    let why = [("because", "")];
    officer.fill("/en/held/3", "/en/held/3/give-up", &why).await.says(200, &["Say why"]);
    let why = [("because", "a test of the line <x>")];
    officer.fill("/en/held/3", "/en/held/3/give-up", &why).await;
    officer.get("/zh/held/3").await.says(200, &["放弃，理由", "a test of the line &#60;x&#62;"]);
    officer.get("/en/held").await.says(200, &["No row waits"]);
    officer.get("/en/held/99").await.says(404, &[]);
}

#[tokio::test]
async fn others_do_not_see_the_sources() {
    let (lakeside, _) = with_source("sources-others").await;
    for person in ["east", "planner", "lin"] {
        let mut other = Client::signed_in(lakeside.town.router(), person).await;
        other.get("/en/sources").await.says(403, &["1320"]);
        other.get("/en/held").await.says(403, &["1320"]);
    }
    let mut nobody = Client::new(lakeside.town.router());
    let answer = nobody.get("/en/sources").await;
    assert!(answer.location().contains("/sign-in"), "{}", answer.body);
}

#[tokio::test]
async fn where_there_is_no_lake_nothing_is_taken_and_that_is_said() {
    let (mut lakeside, _) = with_source("sources-none").await;
    lakeside.town.app.change().taking = None;
    let answer = lakeside.send(VISITS, &visit(1, ""), &signed(1)).await;
    answer.says(503, &["\"number\":1334"]);
    assert_eq!(answer.headers["retry-after"], "60");
    let mut officer = lakeside.officer().await;
    officer.get("/en/sources").await.says(200, &["Another server takes in the rows"]);
    officer.get("/en/held").await.says(503, &["1334"]);
    let full = Lakeside::found("sources-full").await;
    let taking = full.town.app.taking.clone().unwrap();
    let turns: Vec<_> = std::iter::from_fn(|| taking.turn()).collect();
    assert_eq!(turns.len(), 32);
    let answer = full.send(VISITS, &visit(1, ""), &signed(1)).await;
    answer.says(503, &["\"number\":1340"]);
    assert_eq!(answer.headers["retry-after"], "1");
    drop(turns);
}

const SHEET: &str = "visit,started-at,institution,nurse,patient,district,service,checked-in\n\
    v1,2024-01-08T09:00:00+08:00,a,b,x,900101,dressing,beacon\n\
    v2,2024-01-08T09:00:00+08:00,a,b,x,900101,dressing,lost\n";

/// Leaves a file that nobody has written to for a minute.
fn leave(folder: &Path, place: &str, says: &str) {
    let file = folder.join(place);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, says).unwrap();
    let before = SystemTime::now() - Duration::from_secs(60);
    fs::File::options().write(true).open(&file).unwrap().set_modified(before).unwrap();
}

#[tokio::test]
async fn files_that_are_left_are_taken_and_moved_with_what_became_of_them() {
    let (lakeside, _) = with_source("sources-left").await;
    let folder = TempDir::with_prefix("drop-").unwrap();
    let place = folder.path();
    let visits = "his-1/nursing-visits";
    leave(place, &format!("{visits}/a.csv"), SHEET);
    leave(place, &format!("{visits}/b.ndjson"), &format!("{}\n{}", visit(1, ""), visit(3, "")));
    leave(place, &format!("{visits}/c.txt"), "?");
    leave(place, "his-1/deaths/a.csv", SHEET);
    leave(place, "nobody/stays/a.csv", SHEET);
    fs::write(place.join(visits).join("late.csv"), SHEET).unwrap();
    let app = &lakeside.town.app;
    let taking = app.taking.clone().unwrap();
    look(app, &taking, place).await.unwrap();
    lakeside.gathered();
    // The visit that came as a sheet and as a line is one.
    assert_eq!(lakeside.rows("nursing-visits"), 2);
    assert_eq!(taking.lake().held_count().unwrap(), 1);
    let says = |path: &str| fs::read_to_string(place.join(path)).unwrap();
    let became: serde_json::Value =
        serde_json::from_str(&says(&format!("{visits}/taken/a.result.json"))).unwrap();
    assert_eq!((became["taken"].as_u64(), became["held"].as_u64()), (Some(1), Some(1)));
    assert_eq!(became["bad"][0]["row"], 2);
    assert_eq!(became["bad"][0]["flaws"][0]["number"], 1507);
    assert_eq!(says(&format!("{visits}/taken/a.csv")), SHEET);
    assert!(says(&format!("{visits}/refused/c.result.json")).contains("ends neither"));
    assert!(says("his-1/deaths/refused/a.result.json").contains("feed"));
    assert!(says("nobody/stays/refused/a.result.json").contains("No source of that name"));
    // What is still being written waits; a later file takes no earlier one's place.
    assert!(place.join(visits).join("late.csv").exists());
    leave(place, &format!("{visits}/a.csv"), SHEET);
    look(app, &taking, place).await.unwrap();
    assert!(place.join(visits).join("taken/a-1.csv").exists());
}
