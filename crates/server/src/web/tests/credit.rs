//! Points: what follows from them under the edition of the day, for officers and for whoever holds
//! the entry, and the same for programs.

use axum::{body::Body, http::Method};

use super::{client::Client, journey::choose, town::Town};

pub(super) async fn done(who: &mut Client, case: &str, step: &str, more: &[(&str, &str)]) {
    let answer = choose(who, case, step, more).await;
    assert_eq!(answer.status, 303, "{step}: {}", answer.body);
}

pub(super) async fn filed(who: &mut Client, procedure: &str, fields: &[(&str, &str)]) -> String {
    let form = format!("/en/apply/{procedure}/whole");
    let answer = who.fill(&form, &form, fields).await;
    assert_eq!(answer.status, 303, "{procedure}: {}", answer.body);
    answer.location().split('?').next().unwrap().to_owned()
}

/// Wu hosts a fair, which is closed; then Wu is shut out, for which the fair has points.
pub(super) async fn shut_out(town: &Town) {
    let sign = |person: &'static str| Client::signed_in(town.router(), person);
    let (mut planner, mut wu) = (sign("planner").await, sign("wu").await);
    let (mut east, mut fire) = (sign("planner-east").await, sign("fire").await);
    let mut civil = sign("civil").await;
    let plan = filed(&mut planner, "fair-adoption", &[("plan.division", "90")]).await;
    done(&mut planner, &plan, "publish", &[("outcome", "published")]).await;
    let host = [("applicant:kind", "organisation"), ("place.fair", "fair-1")];
    let hosting = filed(&mut wu, "fair-hosting", &host).await;
    done(&mut east, &hosting, "examine", &[("outcome", "good")]).await;
    let fair = [("place.fair", "fair-1")];
    let closure = filed(&mut fire, "fair-closure", &fair).await;
    let unsafe_ = [("outcome", "unsafe"), ("reasons", "有隐患"), ("finding.why", "灯火近棚")];
    done(&mut fire, &closure, "inspect", &unsafe_).await;
    let listing = filed(&mut civil, "shutting-out", &fair).await;
    done(&mut wu, &listing, "told", &[("outcome", "waived")]).await;
    done(&mut civil, &listing, "decide", &[("outcome", "list"), ("reasons", "属实")]).await;
}

#[tokio::test]
async fn points_and_what_follows_are_shown_as_of_a_day() {
    let town = Town::found("credit").await;
    shut_out(&town).await;
    let mut officer = Client::signed_in(town.router(), "east").await;
    let page = "/en/credit/fair/fair-1";
    officer.get("/en/registers/fair/fair-1").await.says(200, &[page]);
    let points = ["6 points", "Watched", "6 of 5", "Rules here", "2024-03-04 to 2025-03-03"];
    officer.get(page).await.says(200, &points);
    let next = "10 more reach: Closed at once";
    assert!(!officer.get(page).await.body.contains(next), "that is for one matter, not in sum");
    let before = format!("{page}?on=2024-03-03");
    officer.get(&before).await.says(200, &["There are no points as of this day"]);
    // The edition of 2016 counts by the calendar year, and before it there is none.
    let early = format!("{page}?on=2019-06-01");
    officer.get(&early).await.says(200, &["2019-01-01 to 2019-12-31", "0 points"]);
    let none = format!("{page}?on=2015-12-31");
    officer.get(&none).await.says(200, &["No edition of the table holds"]);
    // The period is over a year later, and so is what lasted to its end.
    let later = format!("{page}?on=2025-03-04");
    officer.get(&later).await.says(200, &["2025-03-04 to 2026-03-03", "No effect lasts"]);
    officer.get("/en/credit/fair/fair-9").await.says(404, &[]);
    officer.get("/en/credit/stall/fair-1").await.says(404, &[]);
}

#[tokio::test]
async fn whoever_holds_the_entry_sees_its_points_and_others_do_not() {
    let town = Town::found("credit-seen").await;
    shut_out(&town).await;
    let page = "/en/credit/fair/fair-1";
    let mut wu = Client::signed_in(town.router(), "wu").await;
    wu.get(page).await.says(200, &["6 points"]);
    wu.get("/en/registers/fair/fair-1").await.says(200, &[page]);
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get(page).await.says(404, &[]);
    let entry = lin.get("/en/registers/fair/fair-1").await;
    assert!(!entry.body.contains(page), "no link to what is not shown");
    let mut nobody = Client::new(town.router());
    let answer = nobody.get(page).await;
    assert_ne!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn programs_are_told_the_same() {
    let town = Town::found("credit-program").await;
    shut_out(&town).await;
    let mut officer = Client::signed_in(town.router(), "east").await;
    let address = "/api/credit/fair/fair-1?on=2024-03-04";
    let answer = officer.ask(Method::GET, address, &[], Body::empty()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let table = &told["tables"][0];
    assert_eq!((&table["here"], &table["points"]), (&true.into(), &6.into()));
    assert_eq!(table["period"], serde_json::json!(["2024-03-04", "2025-03-04"]));
    assert_eq!((&table["next"], &table["left"]), (&().into(), &().into()));
    let reached = &table["reached"][0];
    assert_eq!((&reached["effect"], &reached["lasts"]), (&"watched".into(), &true.into()));
    assert_eq!(reached["by"], table["matters"][0]["key"]);
    assert_eq!(table["matters"][0]["points"], 6);
}
