//! Rows that somebody signed: judged at the moment of signing, against the certificate, what was
//! revoked and the register; what comes to light later is found by a rule.

use std::{collections::BTreeMap, fs, process::Command};

use axum::{body::Body, http::Method};
use base::Instant;
use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use trust::{
    Algorithm, Certificate, Listed, PublicKey, Reason, RevocationList, Use,
    issue::{Authority, Key, Span, Subject},
};

use super::{
    client::{Answer, Client},
    journey::choose,
    licences::licensed_in,
    sources::{Lakeside, public, signed},
    town::Town,
};

const SLIPS: &str = "/api/sources/his-1/feeds/signed-slips";
const CERTIFICATES: &str = "/api/sources/his-1/feeds/signed-slips/certificates";
/// The herb room that is licensed first.
const ROOM: &str = "900101-2024-2";
/// Half an hour before the town's clock stands when everything is ready.
const SIGNED: &str = "2024-03-04T01:30:00Z";

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn span(from: &str, until: &str) -> Span {
    Span { from: at(from), until: at(until) }
}

fn years() -> Span {
    span("2023-01-01T00:00:00Z", "2030-01-01T00:00:00Z")
}

fn key(algorithm: Algorithm, secret: u8) -> Key {
    Key::from_secret(algorithm, &[secret; 32]).unwrap()
}

/// One who certifies, an authority below, and who signs.
struct Sealers {
    root: Authority,
    below: Authority,
    holder: Key,
    leaf: Certificate,
}

impl Sealers {
    fn new(algorithm: Algorithm) -> Self {
        let holder = key(algorithm, 13);
        let public = holder.public().unwrap();
        Self::around(algorithm, holder, &public, ROOM)
    }

    fn around(algorithm: Algorithm, holder: Key, public: &PublicKey, room: &str) -> Self {
        let root = Authority::new(key(algorithm, 11), "Root (invented)", &[1], years()).unwrap();
        let below = key(algorithm, 12);
        let below = root.intermediate(below, "Below (invented)", &[2], years(), Some(0)).unwrap();
        let subject = Subject { common_name: "A room (invented)", serial_number: Some(room) };
        let leaf = below.issue(subject, public, Use::Signing, years(), &[3]).unwrap();
        Self { root, below, holder, leaf }
    }

    fn list(by: &Authority, number: u64, from: &str, listed: &[Listed]) -> RevocationList {
        by.revocation_list(number, span(from, "2024-06-01T00:00:00Z"), listed).unwrap()
    }

    /// Everything that certifies what the room signs, as PEM.
    fn bundle(&self, listed: &[Listed]) -> String {
        let from = "2024-03-01T00:00:00Z";
        [
            self.leaf.to_pem().unwrap(),
            self.below.certificate().to_pem().unwrap(),
            Self::list(&self.root, 1, from, &[]).to_pem().unwrap(),
            Self::list(&self.below, 1, from, listed).to_pem().unwrap(),
        ]
        .concat()
    }

    /// A list that says the leaf was revoked at a moment.
    fn revoked(&self, number: u64, moment: &str) -> String {
        let (revoked, reason) = (at(moment), Reason::KeyCompromise);
        let listed = Listed { serial: vec![3], revoked, reason, unsafe_since: None };
        Self::list(&self.below, number, moment, &[listed]).to_pem().unwrap()
    }
}

/// What is signed of a row, written here without the platform's own code: names in order, no
/// spaces, without the signature.
fn statement(row: &Value) -> String {
    let cells: BTreeMap<&str, &Value> = row
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "signature")
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    json!({ "feed": "signed-slips", "row": cells }).to_string()
}

fn slip(sealers: &Sealers, number: &str, signed_at: &str) -> Value {
    json!({
        "slip": number,
        "signed-at": signed_at,
        "room": ROOM,
        "packets": 3,
        "herbs": ["H1", "H2"],
        "day": "2024-03-05",
        "at-counter": true,
        "digest": "ab12",
        "certificate": sealers.leaf.fingerprint(),
    })
}

fn sealed(key: &Key, mut row: Value) -> Value {
    let signature = key.sign(statement(&row).as_bytes()).unwrap();
    row["signature"] = Base64::encode_string(&signature).into();
    row
}

/// A town with a lake, a source, a licensed room and a sealer that is trusted.
struct Sealed {
    lakeside: Lakeside,
    officer: Client,
}

async fn filed(who: &mut Client, procedure: &str, fields: &[(&str, &str)]) -> String {
    let form = format!("/en/apply/{procedure}/whole");
    let answer = who.fill(&form, &form, fields).await;
    assert_eq!(answer.status, 303, "{procedure}: {}", answer.body);
    answer.location().split('?').next().unwrap().to_owned()
}

impl Sealed {
    async fn town(name: &str, sealers: &Sealers) -> Self {
        let (town, case) = licensed_in(Town::found(name).await).await;
        assert!(case.ends_with("/2"), "{case}");
        let lakeside = Lakeside::beside(town);
        let mut officer = lakeside.officer().await;
        let root = sealers.root.certificate().to_pem().unwrap();
        let fields = [
            ("sealer.name", "Red seals (invented)"),
            ("sealer.root", root.as_str()),
            ("sealer.division", "90"),
        ];
        let case = filed(&mut officer, "sealer-trust", &fields).await;
        let done = choose(&mut officer, &case, "settle", &[("outcome", "agree")]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let key = public(1);
        let fields = [
            ("name", "his-1"),
            ("title", "The rooms' system"),
            ("public", key.as_str()),
            ("feed", "signed-slips"),
            ("feed", "herb-sales"),
            ("feed", "broken-seals"),
        ];
        let noted = officer.fill("/en/sources", "/en/sources", &fields).await;
        assert_eq!(noted.location(), "/en/sources/his-1", "{}", noted.body);
        // What is signed is signed after the sealer was trusted.
        let mut sealed = Self { lakeside, officer };
        sealed.pass_hours(1).await;
        sealed
    }

    /// Lets time pass, after which the officer signs in anew.
    async fn pass_hours(&mut self, hours: i64) {
        self.lakeside.town.pass_minutes(hours * 60).await;
        self.officer = self.lakeside.officer().await;
    }

    async fn send(&self, row: &Value) -> Answer {
        self.lakeside.send(SLIPS, &row.to_string(), &signed(1)).await
    }

    async fn certify(&self, pem: &str) -> Answer {
        self.lakeside.send(CERTIFICATES, pem, &signed(1)).await
    }

    async fn held(&self, row: &Value, number: u16) {
        let answer = self.send(row).await;
        answer.says(200, &["\"held\":1", &format!("\"number\":{number}")]);
    }

    /// What the rule finds in what was taken.
    async fn found(&mut self) -> Vec<String> {
        self.lakeside.gathered();
        let _ = self.lakeside.asked(None).await;
        let list = self.officer.get("/en/findings?rule=slip-under-broken-seal").await;
        let all = list.links("/en/findings/");
        all.into_iter().filter(|link| link.len() == 45).collect()
    }

    async fn taken(&self, row: &Value) {
        self.send(row).await.says(200, &["\"taken\":1,\"held\":0"]);
    }
}

#[tokio::test]
async fn what_a_room_signs_is_verified_with_every_algorithm() {
    for algorithm in [Algorithm::Sm2, Algorithm::P256, Algorithm::Ed25519] {
        let sealers = Sealers::new(algorithm);
        let sealed_town = Sealed::town("signatures", &sealers).await;
        let row = sealed(&sealers.holder, slip(&sealers, "a", SIGNED));
        sealed_town.held(&row, 1571).await;
        let kept = sealed_town.certify(&sealers.bundle(&[])).await;
        kept.says(200, &["\"kept\":4,\"revoked\":0,\"refused\":[]"]);
        sealed_town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":0"]);
        sealed_town.taken(&row).await;
        // Local time and other spaces say the same row, and what was signed is the same.
        let mut local = row.clone();
        local["signed-at"] = "2024-03-04T09:30:00+08:00".into();
        sealed_town.taken(&local).await;
        let mut other = row.clone();
        other["packets"] = 4.into();
        sealed_town.held(&other, 1630).await;
        let mut none = row.clone();
        none["signature"] = "not base64!".into();
        sealed_town.held(&none, 1572).await;
        let mut room = slip(&sealers, "b", SIGNED);
        room["room"] = "900101-2024-9".into();
        sealed_town.held(&sealed(&sealers.holder, room), 1573).await;
        let early = sealed(&sealers.holder, slip(&sealers, "c", "2024-03-03T01:00:00Z"));
        sealed_town.held(&early, 1629).await;
    }
}

#[tokio::test]
async fn a_slip_signed_a_minute_after_revocation_is_refused_and_one_before_it_counts() {
    let sealers = Sealers::new(Algorithm::P256);
    let mut town = Sealed::town("signatures-revoked", &sealers).await;
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    // Nobody knows yet: it is taken.
    let late = sealed(&sealers.holder, slip(&sealers, "late", "2024-03-04T01:41:00Z"));
    town.taken(&late).await;
    let told = town.certify(&sealers.revoked(2, "2024-03-04T01:40:00Z")).await;
    told.says(200, &["\"kept\":1,\"revoked\":1"]);
    let before = sealed(&sealers.holder, slip(&sealers, "before", "2024-03-04T01:39:00Z"));
    town.taken(&before).await;
    let after = sealed(&sealers.holder, slip(&sealers, "after", "2024-03-04T01:41:00Z"));
    town.held(&after, 1626).await;
    // What was taken in before anybody knew is found.
    let found = town.found().await;
    assert_eq!(found.len(), 1);
    town.officer.get(&found[0]).await.says(200, &["late", "2024-03-04"]);
}

#[tokio::test]
async fn who_is_trusted_and_in_force_at_the_moment_is_what_counts() {
    let sealers = Sealers::new(Algorithm::Ed25519);
    let mut town = Sealed::town("signatures-in-force", &sealers).await;
    // Certificates that lead to nobody who is trusted are not kept.
    let other = Authority::new(key(Algorithm::Ed25519, 21), "Other", &[1], years()).unwrap();
    let list = Sealers::list(&other, 1, "2024-03-01T00:00:00Z", &[]).to_pem().unwrap();
    let pem = format!("{}{list}{}", other.certificate().to_pem().unwrap(), sealers.bundle(&[]));
    let kept = town.certify(&pem).await;
    kept.says(200, &["\"kept\":4", "\"place\":1,\"number\":1607", "\"place\":2"]);
    town.certify("nothing").await.says(422, &["1358"]);
    let rows = "/api/sources/his-1/feeds/herb-sales/certificates";
    town.lakeside.send(rows, &pem, &signed(1)).await.says(404, &["1359"]);
    town.lakeside.send(CERTIFICATES, &pem, &signed(2)).await.says(401, &["1336"]);
    town.taken(&sealed(&sealers.holder, slip(&sealers, "a", SIGNED))).await;
    // The sealer is trusted no longer: what is signed from then on does not count.
    let list = town.officer.get("/api/registers/sealer").await;
    let list: Value = serde_json::from_str(&list.body).unwrap();
    let entry = list["entries"][0]["key"].as_str().unwrap().to_owned();
    let drop = [("sealer-drop.sealer", entry.as_str()), ("sealer-drop.division", "90")];
    let case = filed(&mut town.officer, "sealer-drop", &drop).await;
    let done = choose(&mut town.officer, &case, "settle", &[("outcome", "agree")]).await;
    assert!(done.location().contains("/cases/"), "{}", done.location());
    town.pass_hours(1).await;
    town.taken(&sealed(&sealers.holder, slip(&sealers, "b", "2024-03-04T01:45:00Z"))).await;
    let after = sealed(&sealers.holder, slip(&sealers, "c", "2024-03-04T02:30:00Z"));
    town.held(&after, 1612).await;
    town.lakeside.gathered();
    town.officer.get("/en/held").await.says(200, &["1612", "Sign anew"]);
    town.officer.get("/zh/faults/1574").await.says(200, &["签名人在签署时不在册"]);
}

#[tokio::test]
async fn a_room_out_of_force_signs_nothing_that_counts() {
    let holder = key(Algorithm::P256, 13);
    let public = holder.public().unwrap();
    let nobody = "900101-2024-9";
    let sealers = Sealers::around(Algorithm::P256, holder, &public, nobody);
    let town = Sealed::town("signatures-room", &sealers).await;
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    let mut row = slip(&sealers, "a", SIGNED);
    row["room"] = nobody.into();
    let answer = town.send(&sealed(&sealers.holder, row)).await;
    answer.says(200, &["\"number\":1574", "签名人在签署时不在册"]);
}

#[tokio::test]
async fn a_fingerprint_is_written_in_one_way_and_a_list_is_not_ahead_of_its_time() {
    let sealers = Sealers::new(Algorithm::P256);
    let town = Sealed::town("signatures-one-way", &sealers).await;
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    let mut row = slip(&sealers, "a", SIGNED);
    row["certificate"] = sealers.leaf.fingerprint().to_uppercase().into();
    town.held(&sealed(&sealers.holder, row), 1571).await;
    let list = Sealers::list(&sealers.below, 3, "2024-03-05T00:00:00Z", &[]).to_pem().unwrap();
    town.certify(&list).await.says(200, &["\"kept\":0", "\"number\":1575"]);
    // What lists say nobody else says.
    let row = r#"{"certificate":"00","revoked-at":"2024-03-04T01:00:00Z","reason":"none"}"#;
    let rows = "/api/sources/his-1/feeds/broken-seals";
    town.lakeside.send(rows, row, &signed(1)).await.says(403, &["1338"]);
}

#[tokio::test]
async fn what_a_revoked_authority_issued_is_found_with_it() {
    let sealers = Sealers::new(Algorithm::P256);
    let mut town = Sealed::town("signatures-below", &sealers).await;
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    let late = sealed(&sealers.holder, slip(&sealers, "late", "2024-03-04T01:41:00Z"));
    town.taken(&late).await;
    let moment = "2024-03-04T01:40:00Z";
    let (revoked, reason) = (at(moment), Reason::AuthorityCompromise);
    let below = Listed { serial: vec![2], revoked, reason, unsafe_since: None };
    let list = Sealers::list(&sealers.root, 2, moment, &[below]).to_pem().unwrap();
    town.certify(&list).await.says(200, &["\"kept\":1,\"revoked\":2"]);
    let after = sealed(&sealers.holder, slip(&sealers, "after", "2024-03-04T01:42:00Z"));
    town.held(&after, 1626).await;
    assert_eq!(town.found().await.len(), 1);
}

#[tokio::test]
async fn a_held_slip_counts_once_what_was_missing_has_come() {
    let sealers = Sealers::new(Algorithm::P256);
    let mut town = Sealed::town("signatures-held", &sealers).await;
    let row = sealed(&sealers.holder, slip(&sealers, "a", SIGNED));
    town.held(&row, 1571).await;
    town.lakeside.gathered();
    let again = town.officer.fill("/en/held/1", "/en/held/1/mend", &[]).await;
    again.says(200, &["no certificate of that fingerprint"]);
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    // It came in time, and is the same row: how long it was held does not count.
    town.pass_hours(72).await;
    let mended = town.officer.fill("/en/held/1", "/en/held/1/mend", &[]).await;
    assert_eq!(mended.location(), "/en/held/1", "{}", mended.body);
    let other = sealed(&sealers.holder, slip(&sealers, "b", SIGNED));
    town.held(&other, 1629).await;
}

fn openssl(folder: &TempDir, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new("openssl").current_dir(folder.path()).args(arguments).output();
    let done = done.unwrap_or_else(|error| panic!("openssl must be installed: {error}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// As the guide says it: a key that OpenSSL made signs a row by OpenSSL.
#[tokio::test]
async fn what_openssl_signs_counts() {
    let folder = TempDir::with_prefix("signing-").unwrap();
    let make = ["genpkey", "-algorithm", "SM2", "-out", "key.pem"];
    openssl(&folder, &make);
    let spki = openssl(&folder, &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"]);
    let public = PublicKey::new(Algorithm::Sm2, &spki[spki.len() - 65..]).unwrap();
    let holder = key(Algorithm::Sm2, 13);
    let sealers = Sealers::around(Algorithm::Sm2, holder, &public, ROOM);
    let town = Sealed::town("signatures-openssl", &sealers).await;
    town.certify(&sealers.bundle(&[])).await.says(200, &["\"kept\":4"]);
    let mut row = slip(&sealers, "a", SIGNED);
    fs::write(folder.path().join("row.json"), statement(&row)).unwrap();
    let identity = "distid:1234567812345678";
    let sign = ["dgst", "-sm3", "-sign", "key.pem", "-sigopt", identity, "row.json"];
    row["signature"] = Base64::encode_string(&openssl(&folder, &sign)).into();
    town.taken(&row).await;
    let ours = sealed(&sealers.holder, slip(&sealers, "b", SIGNED));
    town.held(&ours, 1630).await;
}

#[tokio::test]
async fn only_sources_send_certificates() {
    let sealers = Sealers::new(Algorithm::P256);
    let town = Sealed::town("signatures-nobody", &sealers).await;
    let mut nobody = Client::new(town.lakeside.town.router());
    let pem = sealers.bundle(&[]);
    let kind = [("content-type", "application/pem-certificate-chain")];
    nobody.ask(Method::POST, CERTIFICATES, &kind, Body::from(pem)).await.says(401, &["1336"]);
}
