//! A picture of one party: what several departments' registers and cases say of it, for officers
//! whose office takes part and for the party, as of any day, and the same for programs.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::{client::Client, credit::shut_out, journey::choose, town::Town};

const PAGE: &str = "/en/pictures/host/fair/fair-1";

async fn signed_in(town: &Town, person: &'static str) -> Client {
    Client::signed_in(town.router(), person).await
}

#[tokio::test]
async fn departments_that_take_part_see_one_picture() {
    let town = Town::found("picture").await;
    shut_out(&town).await;
    // Fire closed the fair, civil affairs shut its host out, and planning admits hosts.
    for person in ["fire", "civil", "planner-east", "planner"] {
        let mut officer = signed_in(&town, person).await;
        officer.get("/en/registers/fair/fair-1").await.says(200, &[PAGE, "Picture of a host"]);
        let shown = [
            "Register of fairs",
            "Register of who is shut out",
            "Closing a fair",
            "Shutting out a host",
            "Hosting a fair",
            "Named there as: Fair",
        ];
        officer.get(PAGE).await.says(200, &shown);
    }
    let mut civil = signed_in(&town, "civil").await;
    let seen = civil.get(PAGE).await;
    seen.says(200, &["This register is not open to reading. 1 of them stands."]);
    let about = "/en/registers/fair-points/";
    assert!(!seen.body.contains(about), "nothing of a register that nobody reads");
}

#[tokio::test]
async fn the_party_sees_its_own_and_nobody_else_does() {
    let town = Town::found("picture-seen").await;
    shut_out(&town).await;
    let mut wu = signed_in(&town, "wu").await;
    wu.get(PAGE).await.says(200, &["Picture of a host", "Closing a fair"]);
    wu.get("/en/registers/fair/fair-1").await.says(200, &[PAGE]);
    // Neither another party nor a department without a procedure in the picture.
    for person in ["lin", "east", "town"] {
        let mut other = signed_in(&town, person).await;
        other.get(PAGE).await.says(404, &[]);
        let address = PAGE.replace("/en/", "/api/");
        let answer = other.ask(Method::GET, &address, &[], Body::empty()).await;
        assert_eq!(answer.status, 404, "{person}: {}", answer.body);
        let entry = other.get("/en/registers/fair/fair-1").await;
        assert!(!entry.body.contains(PAGE), "{person}: no link to what is not shown");
    }
    let mut nobody = Client::new(town.router());
    assert_ne!(nobody.get(PAGE).await.status, 200);
    for address in [
        "/en/pictures/host/fair/fair-2",
        "/en/pictures/host/fair/fair-9",
        "/en/pictures/host/closure/1",
        "/en/pictures/hosts/fair/fair-1",
    ] {
        wu.get(address).await.says(404, &[]);
    }
}

#[tokio::test]
async fn what_rests_on_what_is_over_calls_for_attention_as_of_the_day() {
    let town = Town::found("picture-calls").await;
    shut_out(&town).await;
    let mut civil = signed_in(&town, "civil").await;
    let lapsed = "In force, though what it rests on is not:";
    let none = "Nothing in registers and cases calls for attention as of this day.";
    civil.get(PAGE).await.says(200, &[lapsed]);
    let before = civil.get(&format!("{PAGE}?on=2024-03-03")).await;
    before.says(200, &[none, "No case is open."]);
    assert!(!before.body.contains("Closing a fair"), "no case was filed by then");
    // Half a year later the list stops nobody any more, so nothing rests on the fair.
    let later = civil.get(&format!("{PAGE}?on=2024-10-01")).await;
    later.says(200, &[none, "Not in force"]);
    // As it was known before the fair was closed.
    let early = civil.get(&format!("{PAGE}?known=1")).await;
    assert_eq!(early.status, 404, "nobody held it yet: {}", early.body);
}

#[tokio::test]
async fn a_step_that_is_overdue_calls_for_attention() {
    let town = Town::found("picture-late").await;
    shut_out(&town).await;
    let mut wu = signed_in(&town, "wu").await;
    let form = "/en/apply/fair-hosting/whole";
    let fields = [("applicant:kind", "organisation"), ("place.fair", "fair-1")];
    let answer = wu.fill(form, form, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let case = answer.location().split('?').next().unwrap().to_owned();
    let mut fire = signed_in(&town, "fire").await;
    let open = fire.get(PAGE).await;
    open.says(200, &["At: Examination"]);
    assert!(!open.body.contains("Overdue:"));
    assert!(!open.body.contains(&format!("href=\"{case}\"")), "fire may not open that case");
    town.pass_days(40).await;
    let mut civil = signed_in(&town, "civil").await;
    civil.get(PAGE).await.says(200, &["Overdue:"]);
    let mut east = signed_in(&town, "planner-east").await;
    east.get(PAGE).await.says(200, &["Overdue:", &format!("href=\"{case}\"")]);
    let bad = [("outcome", "bad"), ("reasons", "仍在名册")];
    assert_eq!(choose(&mut east, &case, "examine", &bad).await.status, 303);
    let over = civil.get(PAGE).await;
    over.says(200, &["Ended cases"]);
    assert!(!over.body.contains("Overdue:"));
}

#[tokio::test]
async fn programs_are_told_the_same_of_a_party() {
    let town = Town::found("picture-program").await;
    shut_out(&town).await;
    let mut officer = signed_in(&town, "fire").await;
    let mut told = async |address: &str| -> Value {
        let answer = officer.ask(Method::GET, address, &[], Body::empty()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let own = told("/api/pictures/host/fair/fair-1").await;
    assert_eq!(own["lapsed"][0]["on"], json!({ "register": "fair", "key": "fair-1" }));
    assert_eq!(own["lapsed"][0]["entry"]["register"], "shut-out");
    let fairs = &own["parts"][0];
    assert_eq!(fairs["groups"][0]["entries"][0]["key"], "fair-1");
    assert_eq!(fairs["groups"][0]["entries"][0]["in_force"], false);
    let procedures: Vec<&Value> =
        fairs["cases"].as_array().unwrap().iter().map(|own| &own["procedure"]).collect();
    assert_eq!(procedures, ["fair-closure", "fair-hosting"]);
    assert!(fairs["cases"].as_array().unwrap().iter().all(|own| own["over"] == true));
    let points = &own["parts"][2]["groups"][1];
    assert_eq!((&points["total"], &points["entries"]), (&json!(1), &json!([])));
    let before = told("/api/pictures/host/fair/fair-1?on=2024-03-03").await;
    assert_eq!((&before["lapsed"], &before["on"]), (&json!([]), &json!("2024-03-03")));
    assert_eq!(before["parts"][0]["cases"], json!([]));
}
