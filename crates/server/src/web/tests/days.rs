//! The account of days of a case, as its applicant and its officers read it.

use super::{
    client::Client,
    journey::{choose, filed},
    town::Town,
};

#[tokio::test]
async fn every_day_of_a_term_is_told_and_why_it_counts() {
    let town = Town::found("days").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let case = filed(&mut lin).await;
    lin.get(&case).await.says(200, &[&format!("href=\"{case}/days\""), "Withdraw"]);
    let page = lin.get(&format!("{case}/days")).await;
    page.says(
        200,
        &[
            "Time of the step: Acceptance",
            "0 of 5 working days are used. 5 are left. The last day is 2024-03-11.",
            "<b>4</b> <span>first day, not counted</span>",
            "<b>5</b> <span>day 1 of 5</span>",
            "<b>9</b> <span>weekend</span>",
            "<b>11</b> <span>day 5 of 5</span>",
            "2024-03-05 to 2024-03-08",
            "days 1–4 of 5, counted",
            "行政许可法, article 32",
        ],
    );
    assert!(page.body.len() < 150_000, "{} bytes", page.body.len());
    let mut wu = Client::signed_in(town.router(), "wu").await;
    wu.get(&format!("{case}/days")).await.says(404, &[]);
    town.pass_days(1).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let asks = [("outcome", "incomplete"), ("reasons", "图不清楚"), ("items", "plan")];
    assert_eq!(choose(&mut east, &case, "accept", &asks).await.status, 303);
    town.pass_days(2).await;
    let zh = case.replace("/en/", "/zh/");
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get(&format!("{zh}/days")).await.says(
        200,
        &[
            "环节时限：受理",
            "共 5 个工作日，已用 1 个。",
            "不计入：2 日（补正通知）。",
            "时限现已中止",
        ],
    );
    lin.get(&case).await.says(
        200,
        &[
            "What you can do now",
            "Hand in what is missing",
            "until 2024-03-19 (12 days left)",
            "href=\"#do-supply\"",
            "moj-timeline__item",
        ],
    );
    let mut east = Client::signed_in(town.router(), "east").await;
    let officers = east.get(&format!("{case}/days")).await;
    officers.says(200, &["Not counted: 2 days for a notice to complete the application."]);
    let wire = east.get(&format!("/api{}/days", case.trim_start_matches("/en"))).await;
    let wire: serde_json::Value = serde_json::from_str(&wire.body).unwrap();
    let step = &wire.as_array().unwrap()[0];
    assert_eq!((&step["of"], &step["days_used"]), (&"step".into(), &1.into()));
    assert_eq!(step["due_on"], serde_json::Value::Null);
    let halt = &step["halts"][0];
    assert_eq!((&halt["why"], &halt["from"]["on"]), (&"supplement".into(), &"2024-03-05".into()));
}

#[tokio::test]
async fn a_decision_tells_until_when_and_where_it_can_be_challenged() {
    let town = Town::found("challenge").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let bad = [("outcome", "bad"), ("reasons", "太小")];
    assert_eq!(choose(&mut east, &case, "examine", &bad).await.status, 303);
    let shown = lin.get(&case).await;
    shown.says(200, &["Challenge the decision: Review in Willow", "Here, on this page."]);
    shown.says(200, &["Challenge the decision: Administrative litigation", "Not on this platform"]);
    let officers = east.get(&case).await;
    assert!(!officers.body.contains("What you can do now"));
}
