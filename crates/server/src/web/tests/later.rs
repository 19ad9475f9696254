//! What later acts leave of a licence that was issued, and of the paper that shows it.

use exchange::licence::{Certificate, Trust, verify};

use super::{
    client::Client,
    entries::{PROCEDURE, SECTION},
    journey::choose,
    licences::{certificate, downloaded, handed_in, licensed, licensed_in},
    town::Town,
};

const ROOM: &str = include_str!("../../../../../packs/willow/registers/herb-room.yaml");
const SHOWS: &str = "    shows: [name, division, herbs, since]\n";

const VISITS: &str = r#"
register: room-visit
title: { zh: 参观名册（虚构）, en: Register of visits (invented) }
public: true
headed: guests
fields:
  room: { title: { zh: 草药房, en: Herb room }, type: { entry: herb-room } }
  guests: { title: { zh: 人数, en: Guests }, type: integer }
certificates:
  ticket:
    title: { zh: 参观凭证（虚构）, en: Ticket (invented) }
    shows: [room, guests]
    basis:
      - { act: 柳溪参观条例（虚构）, confidence: assumed }
"#;

type Files = &'static [(&'static str, &'static str)];

fn kept(files: Vec<(&'static str, String)>) -> Files {
    let files = files.into_iter().map(|(path, text)| (path, &*Box::leak(text.into_boxed_str())));
    Box::leak(files.collect::<Vec<(&str, &str)>>().into_boxed_slice())
}

/// A visit to a herb room: it is entered in a register of its own, and changes the room's entry.
fn visits() -> Files {
    let section = SECTION.replace("entry: kiln", "entry: herb-room");
    let procedure = PROCEDURE
        .replace("office: fire", "office: health")
        .replace("register: broken-word", "register: room-visit")
        .replace("    register: kiln\n", "    register: herb-room\n")
        .replace(
            "    changes:\n",
            "    enters:\n      key: \"V-{division}-{year}-{case}\"\n      fields: { room: \
             kiln-visit.kiln, guests: kiln-visit.guests }\n    issues: ticket\n    changes:\n",
        );
    kept(vec![
        ("sections/kiln-visit.yaml", section),
        ("procedures/kiln-visit.yaml", procedure),
        ("registers/room-visit.yaml", VISITS.into()),
    ])
}

/// Lin visits a herb room; the address of the case.
async fn visited(town: &Town, room: &str) -> String {
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let apply = "/en/apply/kiln-visit/whole";
    let answers = [("kiln-visit.kiln", room), ("kiln-visit.guests", "4")];
    let filed = lin.fill(apply, apply, &answers).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    let case = filed.location().split('?').next().unwrap().to_owned();
    for (step, outcome) in [("look", "good"), ("pay", "paid")] {
        let done = choose(&mut east, &case, step, &[("outcome", outcome)]).await;
        assert_eq!(done.status, 303, "{}", done.body);
    }
    case
}

#[tokio::test]
async fn an_entry_that_another_case_changed_keeps_its_licence_and_names_stay_as_decided() {
    let (town, case) = licensed_in(Town::found_with("visits", visits()).await).await;
    let mut reader = Client::new(town.router());
    let first = downloaded(&mut reader, &case).await;
    town.pass_days(1).await;
    let key = certificate(&case).rsplit('/').next().unwrap().to_owned();
    let visit = visited(&town, &key).await;
    let listed = reader.get(&format!("/en/registers/herb-room/{key}")).await;
    listed.says(200, &["2024-03-05", &format!("/certificates/herb-room/{key}?kind=")]);
    handed_in(&mut reader, "en", &first).await.says(200, &["the entry was changed since"]);
    let second = downloaded(&mut reader, &case).await;
    assert_ne!(second, first);
    handed_in(&mut reader, "en", &second).await.says(200, &["the entry is in force today"]);
    let root = Certificate::read(&reader.get("/seal-root.pem").await.bytes).unwrap();
    let report = verify(&second, Trust::Root(&root)).unwrap();
    assert_eq!(report.metadata.issued_on.to_string(), "2024-03-04");

    let number = visit.rsplit('/').next().unwrap();
    let ticket = format!("/zh/certificates/room-visit/V-900101-2024-{number}");
    reader.get(&ticket).await.says(200, &["薄荷小店"]);
    let before = reader.get(&format!("{ticket}/licence.ofd")).await;
    assert_eq!(before.status, 200, "{}", before.body);
    let said = handed_in(&mut reader, "zh", &before.bytes).await;
    said.says(200, &["名册未载明其是否有效", "class=\"notice\""]);
    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    let done = east.fill(&case, &format!("{case}/correct"), &slip).await;
    assert_eq!(done.status, 303, "{}", done.body);
    reader.get(&format!("/zh/registers/herb-room/{key}")).await.says(200, &["薄荷大店"]);
    let after = reader.get(&format!("{ticket}/licence.ofd")).await;
    assert_eq!(after.bytes, before.bytes, "the same decision, the same bytes");
}

/// An entry of which no certificate was issued, and which is not in force, either.
#[tokio::test]
async fn what_is_out_of_force_is_said_to_be_before_what_was_never_issued() {
    let (register, _) = VISITS.split_once("certificates:").unwrap();
    let register = register.replace("headed: guests\n", "headed: guests\nin_force: guests > 9\n");
    let [section, (path, procedure), _] = visits() else { panic!("three files") };
    let procedure = procedure.replace("    issues: ticket\n", "");
    let files = vec![
        (section.0, section.1.to_owned()),
        (*path, procedure),
        ("registers/room-visit.yaml", register),
    ];
    let (town, case) = licensed_in(Town::found_with("out-of-force", kept(files)).await).await;
    let visit = visited(&town, certificate(&case).rsplit('/').next().unwrap()).await;
    let number = visit.rsplit('/').next().unwrap();
    let mut reader = Client::new(town.router());
    let ticket = format!("/en/certificates/room-visit/V-900101-2024-{number}");
    reader
        .get(&format!("{ticket}/licence.ofd"))
        .await
        .says(404, &["There is no e-licence", "1310"]);
    reader.get(&ticket).await.says(404, &["There is no such page"]);
}

#[tokio::test]
async fn a_page_of_the_past_offers_no_licence_of_today() {
    let (town, case) = licensed("of-the-past").await;
    let mut reader = Client::new(town.router());
    let first = downloaded(&mut reader, &case).await;
    let root = Certificate::read(&reader.get("/seal-root.pem").await.bytes).unwrap();
    let known = verify(&first, Trust::Root(&root)).unwrap().metadata.decided_by;
    let then = format!("{}?known={known}", certificate(&case));
    reader.get(&then).await.says(200, &["licence.ofd", "薄荷小店"]);
    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    east.fill(&case, &format!("{case}/correct"), &slip).await;
    let shown = reader.get(&then).await;
    shown.says(200, &["薄荷小店"]);
    assert!(!shown.body.contains("licence.ofd"), "{}", shown.body);
    reader.get(&certificate(&case)).await.says(200, &["licence.ofd", "薄荷大店"]);
}

#[tokio::test]
async fn a_licence_whose_last_day_is_past_is_expired_on_its_face() {
    let dated = ROOM.replace(SHOWS, &format!("{SHOWS}    until: since\n"));
    let files = kept(vec![("registers/herb-room.yaml", dated)]);
    let (town, case) = licensed_in(Town::found_with("expired", files).await).await;
    let mut reader = Client::new(town.router());
    let bytes = downloaded(&mut reader, &case).await;
    let last = handed_in(&mut reader, "zh", &bytes).await;
    last.says(200, &["该登记今天有效", "有效期截止日期", "2024-03-04"]);
    town.pass_days(1).await;
    let after = handed_in(&mut reader, "zh", &bytes).await;
    after.says(200, &["证照所载的截止日期已过"]);
    assert!(!after.body.contains("该登记今天有效"), "{}", after.body);
    let wire = reader.post_bytes("/api/licences/verify", &bytes).await;
    wire.says(200, &["\"today\":\"expired\"", "\"valid_until\":\"2024-03-04\""]);
}
