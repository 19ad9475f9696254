//! A certificate as a paper and as a credential, and the codes that lead to what stands today.

use std::{io::Write, process::Command};

use exchange::credential::{Fault, PublicKey, Trust, held_against, verify};
use serde_json::Value;

use super::{
    client::Client,
    journey::choose,
    licences::{certificate, handed_in, licensed, licensed_in},
    town::Town,
};

const KIND: &str = "?kind=herb-room-licence";

async fn credential(reader: &mut Client, page: &str) -> Vec<u8> {
    let answer = reader.get(&format!("{page}/credential.json{KIND}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers.get("content-type").unwrap(), "application/vc");
    answer.bytes
}

/// The letters of a PDF.
fn letters(bytes: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let done = Command::new("pdftotext").arg(file.path()).arg("-").output();
    let done = done.expect("pdftotext, which scripts/setup.sh installs");
    String::from_utf8(done.stdout).unwrap().chars().filter(|c| !c.is_whitespace()).collect()
}

#[tokio::test]
async fn a_certificate_is_printed_in_both_languages_and_says_what_it_is_a_print_of() {
    let (town, case) = licensed("printed").await;
    let mut reader = Client::new(town.router());
    let page = certificate(&case);
    let link = format!("{page}/certificate.pdf{KIND}");
    reader.get(&page).await.says(200, &[&format!("href=\"{link}\""), "Download to print"]);
    let answer = reader.get(&link).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers.get("content-type").unwrap(), "application/pdf");
    let first = answer.bytes;
    assert_eq!(reader.get(&link).await.bytes, first, "the same minute, the same bytes");
    let number = page.rsplit('/').next().unwrap();
    let said = letters(&first);
    let zh = reader.get(&link.replacen("/en/", "/zh/", 1)).await.bytes;
    let said_zh = letters(&zh);
    for part in
        [number, "薄荷小店", "东柳区卫生健康委员会", "EastWillowDistrictHealth", "2024-03-0409:00"]
    {
        assert!(said.contains(part) && said_zh.contains(part), "{part} in {said} {said_zh}");
    }
    let check = format!("https://willow.example/en/verify/herb-room/{number}{KIND}&decision=");
    assert!(said.contains(&check), "{check} in {said}");
    assert!(said_zh.find("打印件").unwrap() < said_zh.find("Aprint").unwrap());
    reader
        .get("/en/certificates/herb-room/none/certificate.pdf")
        .await
        .says(404, &["no such page"]);

    town.pass_days(3).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;
    for file in ["certificate.pdf", "credential.json"] {
        reader.get(&format!("{page}/{file}{KIND}")).await.says(404, &["1310"]);
    }
}

#[tokio::test]
async fn a_print_leads_to_what_the_register_says_of_it_today() {
    let (town, case) = licensed("led").await;
    let mut reader = Client::new(town.router());
    let page = reader.get(&certificate(&case)).await;
    let check = page.body.split("href=\"/en/verify/herb-room/").nth(1).unwrap();
    let check = check.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let check = format!("/en/verify/herb-room/{check}");
    reader.get(&check).await.says(200, &["the entry is in force today", "A print bears no seal"]);
    let other = check.replace("decision=", "decision=9");
    reader.get(&other).await.says(200, &["the entry was changed since"]);
    let kind = check.replace("herb-room-licence", "hospital-licence");
    reader.get(&kind).await.says(200, &["no decision that stands"]);
    reader.get(&check.replace("900101", "900109")).await.says(200, &["verify"]);
    for wrong in [check.replace("decision=", "decision=x"), check.replace("kind=", "kind=%20")] {
        reader.get(&wrong).await.says(404, &["no such page"]);
    }
    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    east.fill(&case, &format!("{case}/correct"), &slip).await;
    reader.get(&check).await.says(200, &["the entry was changed since", "薄荷大店"]);
    town.pass_days(3).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;
    reader.get(&check).await.says(200, &["the entry is no longer in force"]);
}

#[tokio::test]
async fn the_codes_of_an_entry_and_of_a_certificate_are_pictures_of_ours() {
    let (town, case) = licensed("coded").await;
    let mut reader = Client::new(town.router());
    let page = certificate(&case);
    let number = page.rsplit('/').next().unwrap();
    let entry = format!("/en/registers/herb-room/{number}");
    for address in [&page, &entry] {
        let shown = reader.get(address).await;
        let src = shown.body.split("<img src=\"/en/qr/").nth(1).unwrap();
        let src = src.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
        let picture = reader.get(&format!("/en/qr/{src}")).await;
        picture.says(200, &["<svg"]);
        assert_eq!(picture.headers.get("content-type").unwrap(), "image/svg+xml");
        let own = print::qr::svg(&format!("https://willow.example{entry}")).unwrap();
        assert_eq!(picture.body == own, address == &entry, "{src}");
    }
    reader.get(&entry).await.says(200, &[&format!(">willow.example{entry}</a>")]);
    for wrong in [
        "/en/qr/herb-room/none.svg".to_owned(),
        format!("/en/qr/herb-room/{number}"),
        format!("/en/qr/herb-room/{number}.svg?kind=herb-room-licence"),
        format!("/en/qr/none/{number}.svg"),
    ] {
        reader.get(&wrong).await.says(404, &["no such page"]);
    }
}

#[tokio::test]
async fn a_credential_verifies_by_the_did_document_and_is_taken_back_by_the_register() {
    let (town, case) = licensed("credential").await;
    let mut reader = Client::new(town.router());
    let page = certificate(&case);
    let first = credential(&mut reader, &page).await;
    assert_eq!(credential(&mut reader, &page).await, first, "the same decision, the same bytes");
    let document = reader.get("/.well-known/did.json").await;
    document.says(200, &["did:web:willow.example", "Multikey"]);
    let trust = Trust::parse(&document.body).unwrap();
    let report = verify(&first, &trust).unwrap();
    assert_eq!(report.metadata.office, "health@900101");
    assert!(report.entry.starts_with("https://willow.example/zh/registers/herb-room/900101-"));
    let said: Value = serde_json::from_slice(&first).unwrap();
    let facts = said["credentialSubject"]["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["name"] == "name" && fact["value"]["zh"] == "薄荷小店"));
    let list = report.status.list.strip_prefix("https://willow.example").unwrap().to_owned();
    let kept = reader.get(&list).await;
    assert_eq!(held_against(&report, &kept.bytes, &trust), Ok(()));
    assert_eq!(reader.get(&list).await.bytes, kept.bytes, "the same minute, the same list");

    let zh = handed_in(&mut reader, "zh", &first).await;
    zh.says(200, &["该登记今天有效", "签名有效：由 did:web:willow.example 签发", "薄荷小店"]);
    let wire = reader.post_bytes("/api/licences/verify", &first).await;
    wire.says(200, &["\"sound\":true", "\"today\":\"in-force\"", "\"status_index\""]);

    // A correction takes the first back and makes another.
    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    east.fill(&case, &format!("{case}/correct"), &slip).await;
    let second = credential(&mut reader, &page).await;
    let newer = verify(&second, &trust).unwrap();
    assert_ne!(newer.status, report.status);
    let list_now = reader.get(&list).await.bytes;
    assert_eq!(held_against(&report, &list_now, &trust), Err(Fault::TakenBack));
    assert_eq!(held_against(&newer, &list_now, &trust), Ok(()));
    handed_in(&mut reader, "en", &first).await.says(200, &["the entry was changed since"]);
    handed_in(&mut reader, "en", &second).await.says(200, &["the entry is in force today"]);

    town.pass_days(3).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;
    let list_now = reader.get(&list).await.bytes;
    assert_eq!(held_against(&newer, &list_now, &trust), Err(Fault::TakenBack));
    handed_in(&mut reader, "en", &second)
        .await
        .says(200, &["no longer in force", "The proof is valid"]);
    for none in [
        "/credentials/status/herb-room/99",
        "/credentials/status/herb-room/x",
        "/credentials/status/none/0",
    ] {
        reader.get(none).await.says(404, &["1301"]);
    }
}

#[tokio::test]
async fn a_text_that_is_no_sound_credential_is_refused_by_name_and_number() {
    let (town, case) = licensed("no-credential").await;
    let mut reader = Client::new(town.router());
    let sound = String::from_utf8(credential(&mut reader, &certificate(&case)).await).unwrap();
    let elsewhere = Town::found_under("other-signer", &[], [8; 32]).await;
    let (elsewhere, case) = licensed_in(elsewhere).await;
    let strange = credential(&mut Client::new(elsewhere.router()), &certificate(&case)).await;
    let forged = sound.replace("薄荷", "人参");
    let rows: [(&[u8], &str, &str, &str); 5] = [
        (b"{}", "1461", "这不是带有签名的可验证凭证", "Choose the JSON file"),
        (b"[1", "1461", "这不是带有签名的可验证凭证", "Choose the JSON file"),
        (b"{\"a\":1,\"a\":1}", "1462", "重复的名称", "a name stands twice"),
        (forged.as_bytes(), "1467", "签名之后被改动", "changed after"),
        (&strange, "1467", "签名之后被改动", "changed after"),
    ];
    for (bytes, number, zh, en) in rows {
        let answer = handed_in(&mut reader, "zh", bytes).await;
        answer.says(422, &[number, zh]);
        assert_eq!(answer.headers.get("refusal-number").unwrap(), number);
        handed_in(&mut reader, "en", bytes).await.says(422, &[number, en]);
        let wire = reader.post_bytes("/api/licences/verify", bytes).await;
        wire.says(422, &["\"sound\":false", &format!("\"number\":{number}"), "says_zh"]);
    }
}

/// A city without an address of its own signs by its key alone, and what it signed then still
/// counts once it has one.
#[tokio::test]
async fn without_an_address_a_city_signs_by_its_key() {
    let (mut town, case) = licensed("by-key").await;
    let named = town.app.documents.clone();
    let origin = crate::web::Origin::of(([127, 0, 0, 1], 8080).into());
    town.app.change().documents = crate::web::Documents::at(origin);
    let mut reader = Client::new(town.router());
    let text = credential(&mut reader, &certificate(&case)).await;
    let report = verify(&text, &Trust::Nobody).unwrap();
    let key = PublicKey::parse(&report.issuer).unwrap();
    assert!(verify(&text, &Trust::Key(key)).unwrap().trusted);
    assert!(report.entry.starts_with("http://127.0.0.1:8080/zh/registers/"));
    reader.get("/.well-known/did.json").await.says(404, &["1301"]);
    handed_in(&mut reader, "en", &text).await.says(200, &["signed by did:key:z6Mk"]);
    town.app.change().documents = named;
    let mut reader = Client::new(town.router());
    handed_in(&mut reader, "en", &text).await.says(200, &["signed by did:key:z6Mk"]);
}

#[tokio::test]
async fn the_notice_of_a_decision_is_a_paper_for_those_who_may_see_the_case() {
    let (town, case) = licensed("noticed").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let page = lin.get(&case).await;
    let link = page.body.split("href=\"").find(|part| part.contains("/notice.pdf")).unwrap();
    let link = link.split('"').next().unwrap().to_owned();
    let answer = lin.get(&link).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers.get("content-type").unwrap(), "application/pdf");
    assert_eq!(lin.get(&link).await.bytes, answer.bytes, "the same minute, the same bytes");
    let said = letters(&answer.bytes);
    let zh = lin.get(&link.replacen("/en/", "/zh/", 1)).await.bytes;
    let said_zh = letters(&zh);
    let number = case.rsplit('/').next().unwrap();
    let check = format!("https://willow.example/en/registers/herb-room/900101-2024-{number}");
    let decided = link.rsplit('/').nth(1).unwrap();
    for part in [
        &format!("{number}-{decided}"),
        "ToLin:",
        "林某：",
        "东柳区卫生健康委员会",
        "EastWillowDistrictHealth",
        "Herbroomlicence(invented)",
        "账本记载的打印件，未盖章",
        "Aprintofwhattheledgerholds",
        "Throughthisportal",
        "本平台电子送达",
    ] {
        assert!(said.contains(part) && said_zh.contains(part), "{part} in {said} {said_zh}");
    }
    assert!(said.contains(&check), "{check} in {said}");
    assert!(said_zh.find("准予许可").unwrap() < said_zh.find("Granted").unwrap());
    assert!(said.find("Granted").unwrap() < said.find("准予许可").unwrap());

    lin.get(&link.replace(decided, "1")).await.says(404, &["no such page"]);
    let mut west = Client::signed_in(town.router(), "west").await;
    west.get(&link).await.says(404, &["no such page"]);
    let mut reader = Client::new(town.router());
    let turned = reader.get(&link).await;
    assert_eq!(turned.status, 303, "{}", turned.body);
}
