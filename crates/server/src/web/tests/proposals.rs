//! The pack editor: a fault is told with its line, a second officer publishes, what was filed
//! before stays under its version, and bad uploads are refused by number.

use std::{
    io::{Cursor, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use base::Text;
use kernel::PartyId;
use pack::source::{Archive, Files, Folder, Library};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    client::{Answer, Client},
    journey::{choose, filed},
    town::{Town, body},
};
use crate::{
    city,
    web::{People, Person, Role},
};

const HERBS: &str = "procedures/herb-room-licence.yaml";

pub(super) fn willow() -> Files {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    Folder(&packs).files("willow").unwrap()
}

fn zipped<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn pack(files: &Files) -> Vec<u8> {
    let named: Vec<(String, &String)> =
        files.iter().map(|(path, text)| (format!("willow/{path}"), text)).collect();
    zipped(named.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))
}

/// Willow with another title of a service.
fn renamed(title: &str) -> Files {
    let mut files = willow();
    let text = files.get_mut(HERBS).unwrap();
    let line = text.lines().find(|line| line.starts_with("title:")).unwrap().to_owned();
    *text = text.replacen(&line, &format!("title: {{ zh: 新草药铺, en: {title} }}"), 1);
    files
}

async fn town(name: &str) -> Town {
    with_second(Town::found(name).await)
}

/// A town with a second officer who keeps the pack.
pub(super) fn with_second(mut town: Town) -> Town {
    let mut people = town.app.people.0.clone();
    people.push(Person {
        id: "second".into(),
        name: Text::new("另一官员", "Another officer"),
        role: Role::Officer { party: PartyId([25; 16]), body: body("health@90") },
    });
    town.app.change().people = Arc::new(People(people));
    town
}

/// Uploads a pack; the answer.
pub(super) async fn propose(who: &mut Client, files: &Files) -> Answer {
    upload(who, &pack(files)).await
}

async fn upload(who: &mut Client, zip: &[u8]) -> Answer {
    let token = who.get("/en/packs").await.hidden("token");
    who.post_files("/en/packs", &[("token", token.as_str())], &[("pack", zip)]).await
}

pub(super) async fn sent(who: &mut Client, page: &str, step: &str, day: &str) -> Answer {
    let own = [("day", day)];
    who.fill("/en/packs", &format!("{page}/{step}"), &own).await
}

/// Uploads, stages and dates a pack; its page.
pub(super) async fn dated(town: &Town, who: &mut Client, files: &Files, day: &str) -> String {
    let uploaded = upload(who, &pack(files)).await;
    assert_eq!(uploaded.status, 303, "{}", uploaded.body);
    let page = uploaded.location().to_owned();
    who.get(&page).await.says(200, &["The checker found no fault"]);
    assert_eq!(sent(who, &page, "stage", "").await.status, 303);
    for _ in 0..600 {
        if !who.get(&page).await.body.contains("being staged") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let shown = who.get(&page).await;
    shown.says(200, &["Every scenario came out", "scenarios/fair-closed-twice.yaml", "passed"]);
    assert!(!shown.body.contains("did not come out"), "{}", shown.body);
    who.get(&format!("{page}/diff")).await.says(200, &["What differs"]);
    assert_eq!(sent(who, &page, "date", day).await.status, 303);
    let _ = town;
    page
}

#[tokio::test]
async fn a_pack_is_refused_mended_staged_and_published_by_a_second_officer() {
    let town = town("proposals").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut first = Client::signed_in(town.router(), "town").await;
    let mut second = Client::signed_in(town.router(), "second").await;
    let old = filed(&mut lin).await;
    let before = town.app.packs.live.hash.to_string();
    let mut broken = willow();
    broken.get_mut(HERBS).unwrap().push_str("nonsense: 1\n");
    let line = broken[HERBS].lines().count();
    let uploaded = upload(&mut first, &pack(&broken)).await;
    let page = uploaded.location().to_owned();
    let place = format!("willow/{HERBS}:{line}");
    first.get(&page).await.says(200, &["with faults", &place, "unknown-field"]);
    first.get(&page.replace("/en/", "/zh/")).await.says(200, &["有错误", &place]);
    sent(&mut first, &page, "stage", "").await.says(409, &["1330"]);
    let page = dated(&town, &mut first, &renamed("Herb house"), "2024-03-04").await;
    first.get(&format!("{page}/services/herb-room-licence")).await.says(200, &["Herb house"]);
    let flow = first.get(&format!("{page}/services/herb-room-licence/flow.svg")).await;
    assert_eq!(flow.status, 200);
    first.get(&page).await.says(200, &["Another officer, who has had no hand in it"]);
    let own = sent(&mut first, &page, "publish", "").await;
    own.says(403, &["1320", "Who has uploaded, staged or dated a pack does not publish it."]);
    lin.get("/en/services/herb-room-licence").await.says(200, &["Herb room"]);
    assert_eq!(sent(&mut second, &page, "publish", "").await.status, 303);
    second.get(&page).await.says(200, &["put in force", "An officer", "Another officer"]);
    sent(&mut second, &page, "discard", "").await.says(409, &["1330"]);
    lin.get("/en/services/herb-room-licence").await.says(200, &["Herb house"]);
    let new = filed(&mut lin).await;
    let after = town.app.now().packs.live.hash.to_string();
    assert_ne!(before, after);
    // Each says from when its version is in force: the first since the town began.
    let from = "in force from 20";
    lin.get(&old).await.says(200, &[&format!("/en/packs/{before}"), from]);
    lin.get(&new).await.says(200, &[&format!("/en/packs/{after}"), from]);
    lin.get(&new.replace("/en/", "/zh/")).await.says(200, &["起施行"]);
    let mut east = Client::signed_in(town.router(), "east").await;
    let moved = choose(&mut east, &old, "accept", &[("outcome", "accepted")]).await;
    assert_eq!(moved.status, 303, "the old case goes on");
    let mut anybody = Client::new(town.router());
    anybody.get("/en/packs").await.says(200, &[&before, &after, "in force"]);
    anybody.get(&format!("/en/packs/{before}")).await.says(200, &["Was in force from"]);
    let facts = anybody.get(&format!("/en/packs/{before}/facts?unverified=yes")).await;
    facts.says(200, &["assumed"]);
    assert!(!anybody.get("/en/packs").await.body.contains("Proposed packs"));
}

#[tokio::test]
async fn bad_uploads_are_refused_by_number() {
    let town = town("bad-uploads").await;
    let mut first = Client::signed_in(town.router(), "town").await;
    let manifest = willow()["pack.yaml"].clone();
    let elsewhere = manifest.replace("pack: willow", "pack: alder");
    let bomb = vec![b' '; 33 * 1024 * 1024];
    let many: Vec<String> = (0..2_001).map(|nth| format!("a/{nth}.yaml")).collect();
    let manifest = manifest.as_bytes();
    let table: Vec<(u16, Vec<u8>)> = vec![
        (1323, b"not a zip".to_vec()),
        (1323, zipped([("a.yaml", &b"a: 1"[..])])),
        (1323, zipped([("a/pack.yaml", manifest), ("b/pack.yaml", manifest)])),
        (1324, zipped(many.iter().map(|path| (path.as_str(), &b"a"[..])))),
        (1324, zipped([("pack.yaml", manifest), ("a.yaml", &bomb[..])])),
        (1324, vec![0; 8 * 1024 * 1024 + 1]),
        (1325, zipped([("pack.yaml", manifest), ("../a.yaml", b"a")])),
        (1325, zipped([("/pack.yaml", manifest)])),
        (1325, zipped([("a\\pack.yaml", manifest)])),
        (1326, zipped([("pack.yaml", manifest), ("a.yaml", &[0xff, 0xfe][..])])),
        (1327, zipped([("pack.yaml", elsewhere.as_bytes())])),
        (1328, pack(&willow())),
    ];
    for (nth, (number, zip)) in table.iter().enumerate() {
        let answer = upload(&mut first, zip).await;
        assert!(answer.status.is_client_error(), "{nth}: {}", answer.status);
        assert!(answer.body.contains(&number.to_string()), "{nth} is not {number}");
    }
    assert!(town.app.store.proposals().await.unwrap().is_empty(), "nothing is kept");
    let page = dated(&town, &mut first, &renamed("Herb house"), "2024-03-05").await;
    sent(&mut first, &page, "date", "2024-03-03").await.says(422, &["1377"]);
    sent(&mut first, &page, "date", "soon").await.says(422, &["1377"]);
    assert_eq!(sent(&mut first, &page, "discard", "").await.status, 303);
    sent(&mut first, &page, "stage", "").await.says(409, &["1330"]);
}

/// A start with the folder's pack does not undo what officers published, and a day that has come
/// meanwhile counts.
#[tokio::test]
async fn a_start_serves_what_was_published() {
    let town = town("published-start").await;
    let mut first = Client::signed_in(town.router(), "town").await;
    let mut second = Client::signed_in(town.router(), "second").await;
    let page = dated(&town, &mut first, &renamed("Herb house"), "2024-03-06").await;
    assert_eq!(sent(&mut second, &page, "publish", "").await.status, 303);
    let folder = || {
        let (packs, name) = crate::library::Packs::beside(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/willow"),
        );
        pack::compile(&packs, &name).unwrap()
    };
    let (store, now) = (&town.app.store, town.app.clock.now());
    let given = folder();
    let before = given.pack.hash;
    let (served, _) = city::to_serve(store, given, now).await.unwrap();
    assert_eq!(served.pack.hash, before, "its day has not come");
    let later = base::Instant::from_micros(now.micros() + 3 * 86_400_000_000);
    let (served, published) = city::to_serve(store, folder(), later).await.unwrap();
    assert!(published && served.pack.hash != before);
    let adopted = store.adoptions().await.unwrap().pop().unwrap();
    let day = served.pack.zone.day_of(adopted.at);
    assert_eq!(served.pack.zone.start_of(day), adopted.at);
    let kept = store.kept_packs().await.unwrap().pop().unwrap().1;
    assert!(Archive::from_bytes(&kept).is_some());
}
