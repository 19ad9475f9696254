//! An e-licence from the decision to the verdict on it, and what the register says afterwards.

use exchange::licence::{Certificate, Trust, verify};

use super::{
    client::{Answer, Client},
    journey::{choose, filed},
    town::Town,
};

/// A town in which a herb room was licensed, and the case.
async fn licensed(name: &str) -> (Town, String) {
    let town = Town::found(name).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let done = choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    (town, case)
}

fn certificate(case: &str) -> String {
    let number = case.rsplit('/').next().unwrap();
    format!("/en/certificates/herb-room/900101-2024-{number}")
}

async fn downloaded(reader: &mut Client, case: &str) -> Vec<u8> {
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

async fn handed_in(reader: &mut Client, language: &str, bytes: &[u8]) -> Answer {
    reader.post_files(&format!("/{language}/verify"), &[], &[("file", bytes)]).await
}

#[tokio::test]
async fn a_licence_is_downloaded_verified_and_overtaken_by_the_register() {
    let (town, case) = licensed("e-licence").await;
    let mut reader = Client::new(town.router());
    let first = downloaded(&mut reader, &case).await;
    assert_eq!(downloaded(&mut reader, &case).await, first, "the same licence, the same bytes");
    reader.get("/zh/verify").await.says(200, &["核验电子证照", "multipart/form-data"]);
    let zh = handed_in(&mut reader, "zh", &first).await;
    zh.says(
        200,
        &["该登记今天有效", "印章有效：由东柳区卫生健康委员会于 2024-03-04 09:00", "薄荷小店"],
    );
    let en = handed_in(&mut reader, "en", &first).await;
    en.says(200, &["the entry is in force today", "set by East Willow District Health Commission"]);
    let wire = reader.post_bytes("/api/licences/verify", &first).await;
    wire.says(200, &["\"sound\":true", "\"trusted\":true", "\"today\":\"in-force\""]);
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
    let (other, case) = licensed("stranger").await;
    let mut elsewhere = Client::new(other.router());
    let same = downloaded(&mut elsewhere, &case).await;
    assert_eq!(same, sound, "the same key, the same town, the same licence");
    let missing = reader.get("/en/certificates/herb-room/none/licence.ofd").await;
    missing.says(404, &["There is no such page"]);
    reader.get("/en/certificates/no-such/a/licence.ofd").await.says(404, &["no such page"]);
}
