//! The directory in FHIR R4: found, read, followed through its versions, and asked wrongly.

use serde_json::Value;

use super::{
    client::{Answer, Client},
    journey::{choose, filed, filed_with},
    licences::licensed_in,
    town::Town,
};

const ROOM: &str = include_str!("../../../../../packs/willow/registers/herb-room.yaml");

/// Each room's keeper stands in the directory too: nobody in Willow keeps a register of them.
const KEEPER: &str = r#"
  Practitioner:
    name: { field: name }
    qualification.code: { field: main-herb }
  PractitionerRole:
    practitioner: { own: true }
    organization: { own: true }
    location: { own: true }
    healthcareService: { own: true }
    code: { fixed: keeper, system: "urn:willow:roles" }
    specialty: { field: herbs }
    period: { from: since }
"#;

const TYPES: [&str; 6] = [
    "Organization",
    "Location",
    "HealthcareService",
    "Practitioner",
    "PractitionerRole",
    "Endpoint",
];

async fn town(name: &str) -> Town {
    let text: &'static str = Box::leak(format!("{ROOM}{}", &KEEPER[1..]).into_boxed_str());
    let files = vec![("registers/herb-room.yaml", text)];
    Town::found_with(name, Box::leak(files.into_boxed_slice())).await
}

/// A town with a licensed room, the case, and the id of the room's resources.
async fn with_room(name: &str) -> (Town, String, String) {
    let (town, case) = licensed_in(town(name).await).await;
    let id = format!("herb-room.900101-2024-{}", case.rsplit('/').next().unwrap());
    (town, case, id)
}

/// Some more rooms.
async fn more(town: &Town, count: usize) {
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    for _ in 0..count {
        let case = filed(&mut lin).await;
        choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
        let done = choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
        assert_eq!(done.status, 303, "{}", done.body);
    }
}

fn json(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn got(reader: &mut Client, address: &str) -> Value {
    json(&reader.get(&format!("/fhir/{address}")).await)
}

fn entries(bundle: &Value) -> Vec<&Value> {
    bundle["entry"].as_array().map(|all| all.iter().collect()).unwrap_or_default()
}

fn link<'b>(bundle: &'b Value, relation: &str) -> Option<&'b str> {
    let links = bundle["link"].as_array().unwrap();
    links.iter().find(|own| own["relation"] == relation).map(|own| own["url"].as_str().unwrap())
}

/// The part of an address of the town behind its host.
fn path(address: &str) -> &str {
    address.strip_prefix("https://willow.example").unwrap()
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("reference").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|own| references(own, found));
        }
        Value::Array(all) => all.iter().for_each(|own| references(own, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_resource_is_found_read_and_leads_somewhere() {
    let (town, _, id) = with_room("fhir-read").await;
    let mut reader = Client::new(town.router());
    for word in TYPES {
        let found = got(&mut reader, word).await;
        assert_eq!(
            (&found["resourceType"], &found["type"]),
            (&"Bundle".into(), &"searchset".into())
        );
        assert_eq!((entries(&found).len(), &found["total"]), (1, &1.into()), "{word}");
        let entry = entries(&found)[0];
        assert_eq!(entry["fullUrl"], format!("https://willow.example/fhir/{word}/{id}"));
        assert_eq!(entry["search"]["mode"], "match");
        let answer = reader.get(&format!("/fhir/{word}/{id}")).await;
        assert_eq!(header(&answer, "content-type"), "application/fhir+json; charset=utf-8");
        let resource = json(&answer);
        assert_eq!(&resource, &entry["resource"]);
        assert_eq!(
            (&resource["resourceType"], &resource["id"]),
            (&word.into(), &id.clone().into())
        );
        let version = resource["meta"]["versionId"].as_str().unwrap();
        assert_eq!(header(&answer, "etag"), format!("W/\"{version}\""));
        assert_eq!(header(&answer, "last-modified"), "Mon, 04 Mar 2024 01:00:00 GMT");
        assert_eq!(resource["meta"]["lastUpdated"], "2024-03-04T01:00:00Z");
        let read = got(&mut reader, &format!("{word}/{id}/_history/{version}")).await;
        assert_eq!(read, resource);
        let mut leads = Vec::new();
        references(&resource, &mut leads);
        for reference in leads {
            let led = got(&mut reader, &reference).await;
            let own = format!("{}/{}", led["resourceType"].as_str().unwrap(), id);
            assert_eq!(own, reference);
        }
        let as_xml = [("accept", "application/fhir+xml")];
        let at = format!("/fhir/{word}/{id}");
        let xml = reader.ask(axum::http::Method::GET, &at, &as_xml, "").await;
        assert_eq!(header(&xml, "content-type"), "application/fhir+xml; charset=utf-8");
        let root = format!("<{word} xmlns=\"http://hl7.org/fhir\"><id value=\"{id}\"/>");
        xml.says(200, &[&root]);
        let kept = [("if-none-match", &*format!("W/\"{version}\""))];
        let same = reader.ask(axum::http::Method::GET, &at, &kept, "").await;
        assert_eq!((same.status.as_u16(), same.body.as_str()), (304, ""));
    }
    let location = got(&mut reader, &format!("Location/{id}")).await;
    assert_eq!(location["status"], "active");
    let codes: Vec<&Value> = location["type"][1]["coding"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&codes[0]["code"], &codes[0]["system"]),
        (&"cool".into(), &"urn:willow:shelves".into())
    );
    assert_eq!(codes[1]["system"], "https://willow.example/fhir/CodeSystem/herbs");
    let role = got(&mut reader, &format!("PractitionerRole/{id}")).await;
    assert_eq!(role["period"], serde_json::json!({"start": "2024-03-04"}));
    let endpoint = got(&mut reader, &format!("Endpoint/{id}")).await;
    let address = path(endpoint["address"].as_str().unwrap()).to_owned();
    reader.get(&address).await.says(200, &["薄荷小店"]);
    // Who holds an entry, and who keeps the room, is nowhere.
    let whole = reader.get("/fhir/_history").await;
    for hidden in ["party", "王一", "11010519491231002X", "Lin"] {
        assert!(!whole.body.contains(hidden), "{hidden}");
    }
}

/// What is asked, and how many answer: `{id}` and `{key}` are the room's, `{own}` its organisation,
/// `{room}` the system of keys and `{name}` how the room's name begins.
const SOUGHT: &[(&str, usize)] = &[
    ("Organization?_id={id}", 1),
    ("Organization?_id=herb-room.none", 0),
    ("Organization?_lastUpdated=ge2024-03-04&_lastUpdated=lt2024-03-05", 1),
    ("Organization?_lastUpdated=gt2024-03-04", 0),
    ("Organization?_lastUpdated=eb2024-03-05", 1),
    ("Organization?_lastUpdated=sa2024-03-03", 1),
    ("Organization?active=true", 1),
    ("Organization?active=false", 0),
    ("Organization?active:not=true", 0),
    ("Organization?identifier={key}", 1),
    ("Organization?identifier={room}%7C{key}", 1),
    ("Organization?identifier=urn:other%7C{key}", 0),
    ("Organization?identifier={room}%7C", 1),
    ("Organization?name={name}", 1),
    ("Organization?name=%E5%B0%8F%E5%BA%97", 0),
    ("Organization?name:contains=%E5%B0%8F%E5%BA%97", 1),
    ("Organization?name:exact={name}", 0),
    ("Organization?name:exact={name}%E5%B0%8F%E5%BA%97", 1),
    ("Organization?name=nobody,{name}", 1),
    ("Organization?type=facility", 1),
    ("Organization?type=urn:willow:kinds%7Cherb-room", 1),
    ("Organization?type=urn:other%7Cherb-room", 0),
    ("Organization?partof:missing=true", 1),
    ("Organization?name:missing=true", 0),
    ("Organization?endpoint.status=active", 1),
    ("Organization?address=%E6%9F%B3%E6%BA%AA", 1),
    ("Location?organization={own}", 1),
    ("Location?organization={id}", 1),
    ("Location?organization=https://willow.example/fhir/{own}", 1),
    ("Location?organization=https://elsewhere.example/fhir/{own}", 0),
    ("Location?organization=Organization/none", 0),
    ("Location?organization.name={name}", 1),
    ("Location?organization.name=nobody", 0),
    ("Location?organization:Organization.identifier={key}", 1),
    ("Location?status=active", 1),
    ("Location?status=inactive", 0),
    ("Location?near=20.1%7C150.1%7C10%7Ckm", 0),
    ("HealthcareService?location=Location/{id}&service-type=H1", 1),
    ("HealthcareService?service-type=H2", 0),
    ("HealthcareService?organization={own}&active=true", 1),
    ("Practitioner?name={name}", 1),
    ("Practitioner?family=x", 0),
    ("PractitionerRole?practitioner=Practitioner/{id}", 1),
    ("PractitionerRole?organization={own}&location=Location/{id}", 1),
    ("PractitionerRole?service=HealthcareService/{id}&role=keeper", 1),
    ("PractitionerRole?specialty=H1&date=ge2024-06", 1),
    ("PractitionerRole?date=lt2024-03-04", 0),
    ("PractitionerRole?practitioner.name={name}", 1),
    ("Endpoint?organization={own}&status=active", 1),
    ("Endpoint?connection-type=register-entry&payload-type=any", 1),
];

#[tokio::test]
async fn what_is_sought_is_found_and_nothing_else() {
    let (town, _, id) = with_room("fhir-search").await;
    let mut reader = Client::new(town.router());
    let own = format!("Organization/{id}");
    let key = id.split_once('.').unwrap().1;
    let room = "https://willow.example/registers/herb-room";
    let name = "%E8%96%84%E8%8D%B7";
    for (asked, count) in SOUGHT {
        let asked =
            [("{id}", &*id), ("{key}", key), ("{own}", &own), ("{room}", room), ("{name}", name)]
                .into_iter()
                .fold((*asked).to_owned(), |asked, (part, fill)| asked.replace(part, fill));
        let found = got(&mut reader, &asked).await;
        assert_eq!((&found["total"], entries(&found).len()), (&(*count).into(), *count), "{asked}");
        // The same as a form.
        let (word, query) = asked.split_once('?').unwrap();
        let address = format!("/fhir/{word}/_search");
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let query = query.to_owned();
        let sent = reader.ask(axum::http::Method::POST, &address, &kind, query).await;
        assert_eq!(entries(&json(&sent)), entries(&found), "{asked}");
    }
    let along = [
        ("Location?_include=Location:organization", 1),
        ("Organization?_include=Organization:endpoint&_revinclude=Location:organization", 2),
        ("Organization?_revinclude=HealthcareService:organization&_revinclude=Endpoint:*", 2),
        ("PractitionerRole?_include=PractitionerRole:practitioner", 1),
        ("PractitionerRole?_include=*", 4),
        ("PractitionerRole?_include=PractitionerRole:organization:Organization", 1),
        ("PractitionerRole?_include=PractitionerRole:organization:Location", 0),
        (
            "Practitioner?_revinclude=PractitionerRole:practitioner\
          &_include:iterate=PractitionerRole:organization",
            2,
        ),
    ];
    for (asked, count) in along {
        let found = got(&mut reader, asked).await;
        let own = entries(&found).into_iter().filter(|own| own["search"]["mode"] == "include");
        assert_eq!((own.count(), &found["total"]), (count, &1.into()), "{asked}");
    }
    let number = got(&mut reader, "Organization?_summary=count").await;
    assert_eq!((&number["total"], entries(&number).len()), (&1.into(), 0));
}

#[tokio::test]
async fn whoever_has_an_identifier_is_found_by_it_among_others() {
    let (town, _, without) = with_room("fhir-identifier").await;
    more(&town, 3).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let code = "52900101MJ00000182";
    let case = filed_with(&mut lin, &[("herb-room.credit-code", code)]).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    assert_eq!(choose(&mut east, &case, "examine", &[("outcome", "good")]).await.status, 303);
    let id = format!("herb-room.900101-2024-{}", case.rsplit('/').next().unwrap());
    let mut reader = Client::new(town.router());
    let own = format!("urn:willow:credit-code%7C{code}");
    let key = without.split_once('.').unwrap().1;
    for (asked, ids) in [
        (format!("Organization?identifier={code}"), vec![&id]),
        (format!("Organization?identifier={own}"), vec![&id]),
        (format!("Organization?identifier=urn:willow:other%7C{code}"), vec![]),
        (format!("Organization?identifier=52900101MJ0000018,{code}"), vec![&id]),
        (format!("Organization?identifier={key},{code}"), vec![&without, &id]),
        (format!("Organization?identifier={code}&_id={without}"), vec![]),
        // A room is no organisation by that code.
        (format!("Location?identifier={code}"), vec![]),
    ] {
        let found = got(&mut reader, &asked).await;
        let told: Vec<&str> =
            entries(&found).iter().map(|own| own["resource"]["id"].as_str().unwrap()).collect();
        assert_eq!(told, ids, "{asked}");
    }
    // Any identifier of a system will do, and every room has its number.
    let any = got(&mut reader, "Organization?identifier=urn:willow:credit-code%7C").await;
    assert_eq!(any["total"], 1);
    assert_eq!(got(&mut reader, &format!("Organization?identifier:not={code}")).await["total"], 4);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_as_of_its_beginning() {
    let (town, _, _) = with_room("fhir-pages").await;
    more(&town, 4).await;
    let mut reader = Client::new(town.router());
    let mut pages = Vec::new();
    let mut next = Some("/fhir/Organization?_count=2&active=true&_total=accurate".to_owned());
    while let Some(address) = next {
        let page = json(&reader.get(&address).await);
        next = link(&page, "next").map(|address| path(address).to_owned());
        assert_eq!(page["total"], 5);
        pages.push(page);
        if pages.len() == 1 {
            // What comes meanwhile is no part of the list that was begun.
            town.pass_minutes(1).await;
            more(&town, 1).await;
        }
    }
    let ids: Vec<&str> = pages
        .iter()
        .flat_map(entries)
        .map(|entry| entry["resource"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(pages.iter().map(|page| entries(page).len()).collect::<Vec<_>>(), [2, 2, 1]);
    assert!(ids.is_sorted() && ids.len() == 5, "{ids:?}");
    assert_eq!(got(&mut reader, "Organization").await["total"], 6);
    // Six are there; two of them are asked for. What is asked, and how many there are told to be.
    for (asked, total) in [
        ("_count=6", 6.into()),
        ("_count=5", Value::Null),
        ("_count=2&active=true", Value::Null),
        ("_count=5&_total=none", Value::Null),
        ("_count=2&_total=accurate", 6.into()),
        ("_count=2&_total=estimate", 6.into()),
        ("_count=0", 6.into()),
        ("_count=0&_total=none", 6.into()),
        ("_summary=count&active=false", 0.into()),
        ("_summary=count&active=true", 6.into()),
    ] {
        let page = got(&mut reader, &format!("Organization?{asked}")).await;
        assert_eq!(page["total"], total, "{asked}");
        let goes_on = link(&page, "next").is_some();
        assert_eq!(goes_on, !asked.contains("=6") && entries(&page).len() > 1, "{asked}");
    }
    // A list that is not counted is read to its end, too, and its pages count nothing later.
    let (mut found, mut next) = (0, Some("/fhir/Organization?_count=4".to_owned()));
    while let Some(address) = next {
        let page = json(&reader.get(&address).await);
        next = link(&page, "next").map(|address| path(address).to_owned());
        assert_eq!(page["total"], Value::Null);
        found += entries(&page).len();
    }
    assert_eq!(found, 6);

    let mut told = Vec::new();
    let mut next = Some("/fhir/Organization/_history?_count=4".to_owned());
    while let Some(address) = next {
        let page = json(&reader.get(&address).await);
        next = link(&page, "next").map(|address| path(address).to_owned());
        assert_eq!(page["total"], 6);
        let versions =
            entries(&page).into_iter().map(|entry| &entry["resource"]["meta"]["versionId"]);
        told.extend(versions.map(|own| own.as_str().unwrap().parse::<u64>().unwrap()));
    }
    assert!(told.len() == 6 && told.is_sorted_by(|a, b| a > b), "{told:?}");
}

#[tokio::test]
async fn every_version_is_told_and_what_has_ended_stays_and_says_so() {
    let (town, case, id) = with_room("fhir-history").await;
    let mut reader = Client::new(town.router());
    let first = got(&mut reader, &format!("Organization/{id}")).await;
    town.pass_minutes(10).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    let done = east.fill(&case, &format!("{case}/correct"), &slip).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let second = got(&mut reader, &format!("Organization/{id}")).await;
    assert_eq!((&second["name"], &second["active"]), (&"薄荷大店".into(), &true.into()));
    assert_eq!(second["meta"]["lastUpdated"], "2024-03-04T01:10:00Z");
    town.pass_days(3).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;

    let third = got(&mut reader, &format!("Organization/{id}")).await;
    assert_eq!((&third["name"], &third["active"]), (&"薄荷大店".into(), &false.into()));
    assert_eq!(got(&mut reader, &format!("Location/{id}")).await["status"], "inactive");
    assert_eq!(got(&mut reader, &format!("Endpoint/{id}")).await["status"], "off");
    assert_eq!(got(&mut reader, "Organization?active=false").await["total"], 1);
    assert_eq!(third["meta"]["lastUpdated"], "2024-03-07T01:10:00Z");

    let history = got(&mut reader, &format!("Organization/{id}/_history")).await;
    assert_eq!((&history["type"], &history["total"]), (&"history".into(), &3.into()));
    let told: Vec<&Value> = entries(&history).iter().map(|entry| &entry["resource"]).collect();
    assert_eq!(told, [&third, &second, &first]);
    let methods: Vec<&Value> =
        entries(&history).iter().map(|entry| &entry["request"]["method"]).collect();
    assert_eq!(methods, ["PUT", "PUT", "POST"]);
    for (entry, version) in entries(&history).iter().zip([&third, &second, &first]) {
        let number = version["meta"]["versionId"].as_str().unwrap();
        assert_eq!(entry["response"]["etag"], format!("W/\"{number}\""));
        let read = got(&mut reader, &format!("Organization/{id}/_history/{number}")).await;
        assert_eq!(&read, version);
        // The number is that of the ledger entry that made it so.
        let known = format!("/api/registers/herb-room/{}?known={number}", &id[10..]);
        let says = json(&reader.get(&known).await);
        assert_eq!(says["fields"]["name"], version["name"]);
    }
    let since = |moment: &'static str| format!("Organization/_history?_since={moment}");
    for (moment, count) in [
        ("2024-03-04T01:00:00Z", 3),
        ("2024-03-04T01:00:00.000001Z", 2),
        ("2024-03-04T09:10:00%2B08:00", 2),
        ("2024-03-05", 1),
        ("2024-03-07T01:10:01Z", 0),
    ] {
        let found = got(&mut reader, &since(moment)).await;
        assert_eq!((&found["total"], entries(&found).len()), (&count.into(), count), "{moment}");
    }
    let all = got(&mut reader, "_history?_since=2024-03-05").await;
    assert_eq!(all["total"], TYPES.len());
}

/// Nobody acts: what was to be mended is not, the term runs out, and the licence with it. Whoever
/// follows the directory hears of it once, dated by the term and not by who asked first.
#[tokio::test]
async fn a_licence_that_runs_out_is_told_from_that_moment_on() {
    let (town, case, id) = with_room("fhir-runs-out").await;
    let mut reader = Client::new(town.router());
    let mut east = Client::signed_in(town.router(), "east").await;
    let mend = [("outcome", "mendable"), ("reasons", "图不清楚"), ("items", "plan")];
    let done = choose(&mut east, &case, "check", &mend).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let holds = got(&mut reader, &format!("Organization/{id}")).await;
    assert_eq!(holds["active"], true);
    let told = "Organization/_history?_since=2024-03-05";
    // The tenth working day is the 18th; it has begun, and nothing has run out.
    town.pass_days_unseen(14);
    assert_eq!(got(&mut reader, told).await["total"], 0);
    town.pass_days_unseen(5);
    let history = got(&mut reader, told).await;
    assert_eq!(history["total"], 1, "nothing else has let the term run out");
    let ended = &entries(&history)[0]["resource"];
    assert_eq!((&ended["id"], &ended["active"]), (&id.clone().into(), &false.into()));
    assert_eq!(ended["name"], holds["name"]);
    assert_eq!(entries(&history)[0]["request"]["method"], "PUT");
    let at = ended["meta"]["lastUpdated"].as_str().unwrap();
    assert_eq!(at, "2024-03-18T16:00:00Z", "the start of the day after the last");
    for (since, count) in [(at, 1), ("2024-03-18T16:00:00.000001Z", 0)] {
        let found = got(&mut reader, &format!("_history?_since={since}")).await;
        assert_eq!(found["total"], count * TYPES.len(), "{since}");
    }
    let version = ended["meta"]["versionId"].as_str().unwrap();
    assert_ne!(version, holds["meta"]["versionId"].as_str().unwrap());
    for address in ["", &format!("/_history/{version}")] {
        assert_eq!(&got(&mut reader, &format!("Organization/{id}{address}")).await, ended);
    }
    assert_eq!(got(&mut reader, &format!("Location/{id}")).await["status"], "inactive");
    let first = holds["meta"]["versionId"].as_str().unwrap();
    let before = got(&mut reader, &format!("Organization/{id}/_history/{first}")).await;
    assert_eq!(before, holds, "what was told is told for ever");
}

/// Headers of a request.
type Headers = &'static [(&'static str, &'static str)];

const STRICT: Headers = &[("prefer", "handling=strict")];
const IMAGE: Headers = &[("accept", "image/png")];

/// What is asked with which headers, the status of the answer, and the number of the refusal.
const REFUSED: &[(&str, Headers, u16, &str)] = &[
    ("Patient", &[], 404, "1374"),
    ("Organization/none", &[], 404, "1374"),
    ("Organization/herb-room.none", &[], 404, "1374"),
    ("Organization/measure.W1", &[], 404, "1374"),
    ("Organization/..%2F..", &[], 404, "1374"),
    ("Organization/{long}", &[], 404, "1374"),
    ("Organization/{id}/_history/0", &[], 404, "1374"),
    ("Organization/{id}/_history/x", &[], 404, "1374"),
    ("Organization/none/_history", &[], 404, "1374"),
    ("Patient/_history", &[], 404, "1374"),
    ("Organization/{id}/name", &[], 404, "1301"),
    ("Organization?colour=red", STRICT, 400, "1371"),
    ("Organization?name:sounds=x", &[], 400, "1371"),
    ("Organization?partof.partof.name=x", STRICT, 400, "1371"),
    ("Location?organization:Location=x", &[], 400, "1371"),
    ("Organization?_lastUpdated=yesterday", &[], 400, "1372"),
    ("Organization?_lastUpdated=ap2024", &[], 400, "1372"),
    ("Organization?_count=many", &[], 400, "1372"),
    ("Organization?_count=-1", &[], 400, "1372"),
    ("Organization?_include=Patient:x", &[], 400, "1372"),
    ("Organization?_include=Organization:name", &[], 400, "1372"),
    ("Organization?identifier=a%7Cb%7Cc", &[], 400, "1372"),
    ("Organization?active:missing=perhaps", &[], 400, "1372"),
    ("Location?near=here", &[], 400, "1372"),
    ("Location?near=20.1%7C150.1%7C10%7Cleagues", &[], 400, "1372"),
    ("Location?near=200%7C400%7C1%7Ckm", &[], 400, "1372"),
    ("_history?_since=soon", &[], 400, "1372"),
    ("_history?_at=2024", &[], 400, "1371"),
    ("Organization?_format=text/plain", &[], 406, "1373"),
    ("Organization", IMAGE, 406, "1373"),
    ("Organization?_cursor=!", &[], 400, "1375"),
    ("Organization?_cursor=OTk5OTk5HzEfHw", &[], 400, "1375"),
    ("Organization/_history?_cursor=MR8xHx94", &[], 400, "1375"),
];

#[tokio::test]
async fn what_cannot_be_answered_is_refused_by_number_in_the_format_asked_for() {
    let (town, _, id) = with_room("fhir-refused").await;
    let mut reader = Client::new(town.router());
    let long = "x".repeat(5000);
    for (address, headers, status, number) in REFUSED {
        let address = address.replace("{id}", &id).replace("{long}", &long);
        for format in ["json", "xml"] {
            let accept = format!("application/fhir+{format}");
            let named = headers.iter().any(|(name, _)| *name == "accept");
            let own = [("accept", accept.as_str())];
            let own = if named { &[][..] } else { &own[..] };
            let headers = [*headers, own].concat();
            let at = format!("/fhir/{address}");
            let answer = reader.ask(axum::http::Method::GET, &at, &headers, "").await;
            let code = match (format, named) {
                ("xml", false) => format!("<code value=\"{number}\"/>"),
                _ => format!("\"code\":\"{number}\""),
            };
            answer.says(*status, &["OperationOutcome", &code]);
            let kind = if named { "json" } else { format };
            let kind = format!("application/fhir+{kind}; charset=utf-8");
            assert_eq!(header(&answer, "content-type"), kind, "{address}");
        }
    }
    let english = [("accept-language", "en")];
    let at = "/fhir/Location?near=here";
    let answer = reader.ask(axum::http::Method::GET, at, &english, "").await;
    answer.says(400, &["The value of a parameter does not fit", "near=here"]);
    let own = format!("/fhir/Location/{id}");
    let deleted = reader.ask(axum::http::Method::DELETE, &own, &[], "").await;
    deleted.says(405, &["OperationOutcome", "1303"]);
    let sent = reader.ask(axum::http::Method::POST, "/fhir/Location/_search", &[], "{}").await;
    sent.says(400, &["OperationOutcome", "1308"]);

    // Unless told to be strict, what is not known is passed over, and that is said.
    let found = got(&mut reader, "Organization?colour=red&active=true").await;
    assert_eq!(found["total"], 1);
    let outcome = entries(&found)[1];
    assert_eq!(outcome["search"]["mode"], "outcome");
    let details = &outcome["resource"]["issue"][0]["details"]["coding"][0]["code"];
    assert_eq!(details, "1371");
    let own = "https://willow.example/fhir/Organization?active=true";
    assert_eq!(link(&found, "self"), Some(own));
}

#[tokio::test]
async fn what_it_can_do_is_said_and_holds() {
    let (town, _, _) = with_room("fhir-metadata").await;
    let mut reader = Client::new(town.router());
    let statement = got(&mut reader, "metadata").await;
    assert_eq!(statement["fhirVersion"], "4.0.1");
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    assert_eq!(resources.len(), TYPES.len());
    for resource in resources {
        let word = resource["type"].as_str().unwrap();
        for parameter in resource["searchParam"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let at = format!("/fhir/{word}?{name}:missing=true");
            let strict = [("prefer", "handling=strict")];
            let answer = reader.ask(axum::http::Method::GET, &at, &strict, "").await;
            assert_eq!(answer.status, 200, "{at}: {}", answer.body);
        }
        for (kind, list) in [("_include", "searchInclude"), ("_revinclude", "searchRevInclude")] {
            for name in resource[list].as_array().into_iter().flatten() {
                let asked = format!("{word}?{kind}={}", name.as_str().unwrap());
                got(&mut reader, &asked).await;
            }
        }
    }
}
