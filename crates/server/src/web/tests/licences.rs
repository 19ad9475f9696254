//! An e-licence from the decision to the verdict on it, and what the register says afterwards.

use base::Text;
use exchange::licence::{Certificate, LICENCE_MAX, Licence, Metadata, Trust, issue, verify};

use super::{
    client::{Answer, Client},
    journey::{choose, filed},
    town::{Town, body},
};
use crate::web::sealing::sealed;

/// A town in which a herb room was licensed, and the case.
pub(super) async fn licensed(name: &str) -> (Town, String) {
    licensed_in(Town::found(name).await).await
}

/// The same in a town of other packs or keys.
pub(super) async fn licensed_in(town: Town) -> (Town, String) {
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let done = choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    (town, case)
}

pub(super) fn certificate(case: &str) -> String {
    let number = case.rsplit('/').next().unwrap();
    format!("/en/certificates/herb-room/900101-2024-{number}")
}

pub(super) async fn downloaded(reader: &mut Client, case: &str) -> Vec<u8> {
    let page = certificate(case);
    let link = format!("{page}/licence.ofd?kind=herb-room-licence");
    reader.get(&page).await.says(200, &[&format!("href=\"{link}\""), "Download the e-licence"]);
    let answer = reader.get(&link).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(header("content-type"), "application/ofd");
    let number = page.rsplit('/').next().unwrap();
    let named = format!("attachment; filename=\"herb-room-licence-{number}.ofd\"");
    assert_eq!(header("content-disposition"), named);
    answer.bytes
}

pub(super) async fn handed_in(reader: &mut Client, language: &str, bytes: &[u8]) -> Answer {
    reader.post_files(&format!("/{language}/verify"), &[], &[("file", bytes)]).await
}

#[tokio::test]
async fn a_licence_is_downloaded_verified_and_overtaken_by_the_register() {
    let (town, case) = licensed("e-licence").await;
    let mut reader = Client::new(town.router());
    let first = downloaded(&mut reader, &case).await;
    assert_eq!(downloaded(&mut reader, &case).await, first, "the same licence, the same bytes");
    reader.get("/zh/verify").await.says(200, &["核验证照", "multipart/form-data"]);
    let zh = handed_in(&mut reader, "zh", &first).await;
    zh.says(
        200,
        &["该登记今天有效", "印章有效：由东柳区卫生健康委员会于 2024-03-04 09:00", "薄荷小店"],
    );
    let en = handed_in(&mut reader, "en", &first).await;
    en.says(
        200,
        &[
            "the entry is in force today",
            "set by East Willow District Health Commission",
            "a test seal",
        ],
    );
    let wire = reader.post_bytes("/api/licences/verify", &first).await;
    wire.says(
        200,
        &["\"sound\":true", "\"trusted\":true", "\"test\":true", "\"today\":\"in-force\""],
    );
    let pem = reader.get("/seal-root.pem").await;
    let root = Certificate::read(&pem.bytes).unwrap();
    let report = verify(&first, Trust::Root(&root)).unwrap();
    assert_eq!(report.metadata.office, "health@900101");
    let identifier = report.metadata.identifier.unwrap().to_string();
    let start = "1.2.156.3005.2.11900000MA0WHERE32001.11900101MA0WHER17L.";
    assert!(identifier.starts_with(start) && identifier.contains(".001."), "{identifier}");
    reader.get(&certificate(&case)).await.says(200, &[&identifier]);
    zh.says(200, &[&identifier]);

    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    east.fill(&case, &format!("{case}/correct"), &slip).await;
    handed_in(&mut reader, "en", &first).await.says(200, &["the entry was changed since"]);
    let second = downloaded(&mut reader, &case).await;
    assert_ne!(second, first);
    let zh = handed_in(&mut reader, "zh", &second).await;
    zh.says(200, &["该登记今天有效", "薄荷大店", ".002."]);

    town.pass_days(3).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;
    for bytes in [&first, &second] {
        handed_in(&mut reader, "zh", bytes).await.says(200, &["该登记现已失效", "印章有效"]);
        let wire = reader.post_bytes("/api/licences/verify", bytes).await;
        wire.says(200, &["\"sound\":true", "\"today\":\"not-in-force\""]);
    }
    let page = certificate(&case);
    let shown = reader.get(&page).await;
    assert!(!shown.body.contains("licence.ofd"), "{}", shown.body);
    let gone = reader.get(&format!("{page}/licence.ofd")).await;
    gone.says(404, &["There is no e-licence", "1310"]);
    // What the register said then gives no licence of today.
    let then = reader.get(&format!("{page}/licence.ofd?on=2024-03-04")).await;
    then.says(404, &["1310"]);
}

#[tokio::test]
async fn a_file_that_is_no_sound_licence_is_refused_by_name_and_number() {
    let (town, case) = licensed("unsound").await;
    let mut reader = Client::new(town.router());
    let sound = downloaded(&mut reader, &case).await;
    let mut forged = sound.clone();
    let place = forged.windows(6).position(|part| part == "薄荷".as_bytes()).unwrap();
    forged[place..place + 6].copy_from_slice("人参".as_bytes());
    let rows: [(&[u8], &str, &str, &str); 3] = [
        (b"", "1401", "这不是加盖电子印章的电子证照", "not an e-licence"),
        (b"%PDF-1.7", "1401", "从证照页面下载的 OFD 文件", "not an e-licence"),
        (&forged, "1402", "文件的封装与签发时不同", "Do not rely on this file"),
    ];
    for (bytes, number, zh, en) in rows {
        let answer = handed_in(&mut reader, "zh", bytes).await;
        answer.says(422, &[number, zh]);
        assert_eq!(answer.headers.get("refusal-number").unwrap(), number);
        handed_in(&mut reader, "en", bytes).await.says(422, &[number, en]);
        let wire = reader.post_bytes("/api/licences/verify", bytes).await;
        wire.says(422, &["\"sound\":false", &format!("\"number\":{number}"), "says_zh"]);
    }
    let (other, case) = licensed("same-keys").await;
    let mut elsewhere = Client::new(other.router());
    let same = downloaded(&mut elsewhere, &case).await;
    assert_eq!(same, sound, "the same key, the same town, the same licence");
    let other = Town::found_under("other-keys", &[], [8; 32]).await;
    let (other, case) = licensed_in(other).await;
    let mut elsewhere = Client::new(other.router());
    let strange = downloaded(&mut elsewhere, &case).await;
    handed_in(&mut elsewhere, "en", &strange).await.says(200, &["the entry is in force today"]);
    handed_in(&mut reader, "zh", &strange).await.says(422, &["1411", "或系伪造"]);
    let wire = reader.post_bytes("/api/licences/verify", &strange).await;
    wire.says(422, &["\"number\":1411", "it is forged"]);
    let missing = reader.get("/en/certificates/herb-room/none/licence.ofd").await;
    missing.says(404, &["There is no such page"]);
    reader.get("/en/certificates/no-such/a/licence.ofd").await.says(404, &["no such page"]);
}

#[tokio::test]
async fn no_more_is_read_than_a_licence_can_have_and_nobody_waits_for_it() {
    let (town, case) = licensed("stalled").await;
    let mut reader = Client::new(town.router());
    let large = vec![b'a'; LICENCE_MAX + 1];
    reader.post_bytes("/api/licences/verify", &large).await.says(413, &["1307"]);
    reader.post_bytes("/api/licences/verify", &large[1..]).await.says(422, &["1401"]);
    handed_in(&mut reader, "en", &large[1..]).await.says(422, &["1401"]);
    let larger = vec![b'a'; LICENCE_MAX + 8192];
    handed_in(&mut reader, "en", &larger).await.says(413, &["1307"]);
    // Whoever works in the way of others is done before anybody else has a turn. A genuine licence
    // takes long enough that a thread beside is not done before the first turn.
    let genuine = downloaded(&mut reader, &case).await;
    let first = tokio::select! {
        biased;
        _ = reader.post_bytes("/api/licences/verify", &genuine) => "the verdict",
        () = std::future::ready(()) => "others",
    };
    assert_eq!(first, "others");
}

/// What whoever has the key of a body's seal can say under it.
#[tokio::test]
async fn what_a_seal_says_is_held_against_the_register() {
    let (town, case) = licensed("held-against").await;
    let mut reader = Client::new(town.router());
    let bytes = downloaded(&mut reader, &case).await;
    let root = Certificate::read(&reader.get("/seal-root.pem").await.bytes).unwrap();
    let report = verify(&bytes, Trust::Root(&root)).unwrap();
    let genuine = report.metadata;
    let day = |text: &str| Some(base::Date::parse(text).unwrap());
    let name = |text: &str| base::Name::new(text).unwrap();
    let with = |change: &dyn Fn(&mut Metadata)| {
        let mut metadata = genuine.clone();
        change(&mut metadata);
        metadata
    };
    let west = Text::new("西柳区卫生健康委员会", "West Willow District Health Commission");
    let rows = [
        (with(&|_| {}), "in-force"),
        (with(&|own| own.holder = "人参大店".into()), "changed"),
        (with(&|own| own.title.en = "Hospital licence".into()), "changed"),
        (with(&|own| own.body.en = "Ministry of Health".into()), "changed"),
        (with(&|own| own.identifier = None), "changed"),
        (with(&|own| own.body_code = None), "changed"),
        (with(&|own| own.issued_on = genuine.issued_on.plus_days(1).unwrap()), "changed"),
        (with(&|own| own.valid_until = day("2099-01-01")), "changed"),
        (with(&|own| own.decided_by += 1), "changed"),
        (with(&|own| own.valid_until = day("2024-03-03")), "expired"),
        (with(&|own| own.kind = name("hospital-licence")), "not-issued"),
        (
            with(&|own| (own.office, own.body) = ("health@900102".into(), west.clone())),
            "not-issued",
        ),
        (with(&|own| own.number = "900101-2024-999".into()), "unknown"),
        (with(&|own| own.register = name("hospital")), "unknown"),
    ];
    for (metadata, today) in rows {
        let said = format!("{metadata:?}");
        let by = body(&metadata.office);
        let (rows, basis, sealed_at) = (Vec::new(), Vec::new(), report.sealed_at);
        let licence = Licence { metadata, rows, basis, invented: true, sealed_at };
        let bytes = sealed(&town.app, &licence, &by, |seal| issue(&licence, seal)).unwrap();
        let wire = reader.post_bytes("/api/licences/verify", &bytes).await;
        wire.says(200, &["\"trusted\":true", &format!("\"today\":\"{today}\"")]);
        let page = handed_in(&mut reader, "en", &bytes).await;
        page.says(200, &["The seal is valid"]);
        for word in ["Ministry of Health", "Hospital licence"] {
            assert!(!page.body.contains(word) && !wire.body.contains(word), "{word} of {said}");
        }
        let sound = page.body.contains("in force today");
        assert_eq!(sound, today == "in-force", "{said}: {}", page.body);
    }
}
