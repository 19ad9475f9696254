//! Points: every figure on a page of risk is the number of what its link lists, and those are the
//! same for programs.

use axum::{body::Body, http::Method};
use base::Instant;

use super::{
    client::{Answer, Client},
    findings::sale,
    sources::Lakeside,
};
use crate::web::App;

/// How many findings a list has, page after page.
pub(super) async fn listed(officer: &mut Client, address: &str) -> usize {
    let (mut count, mut next) = (0, Some(address.to_owned()));
    while let Some(page) = next {
        let shown = officer.get(&page).await;
        assert_eq!(shown.status, 200, "{page}");
        let rows = shown.body.rsplit("<tbody>").next().unwrap();
        count += findings(rows);
        let mut more = shown.links("/en/findings?").into_iter();
        next = more.rfind(|link| link.contains("after="));
        next = next.map(|link| link.replace("&amp;", "&").replace("&#38;", "&"));
    }
    count
}

/// The findings of a table: each row is headed by a link to one.
fn findings(rows: &str) -> usize {
    let heads = rows.split("<th scope=\"row\"").skip(1);
    heads.filter(|head| head.contains("href=\"/en/findings/")).count()
}

/// The figures of a page that open a list of findings: each with the address that it opens.
pub(super) fn figures(page: &Answer) -> Vec<(usize, String)> {
    let links = page.body.split("href=\"").skip(1);
    let figures = links.filter_map(|link| {
        let (address, rest) = link.split_once('"')?;
        let (tag, text) = rest.split_once('>')?;
        // On a map, what a link is called ends with the number.
        let label = tag.split('"').nth(1).and_then(|label| label.rsplit(' ').next());
        let number = label.or(text.split('<').next())?.parse().ok()?;
        let address = address.replace("&amp;", "&").replace("&#38;", "&");
        address.starts_with("/en/findings?").then_some((number, address))
    });
    figures.collect()
}

/// Every figure of a page is the number of findings that its link lists.
pub(super) async fn each_figure_opens_what_it_counts(officer: &mut Client, page: &Answer) -> usize {
    let figures = figures(page);
    for (number, address) in &figures {
        assert_eq!(*number, listed(officer, address).await, "{address}");
    }
    figures.len()
}

/// A sale of a room by a person, weighed at a moment.
fn sold(number: u8, room: &str, weight: &str, at: Instant) -> String {
    sale(number, weight, "1980-01-01")
        .replace("HR-1", room)
        .replace("2024-01-08T09:00:00+08:00", &at.to_string())
}

fn days_ago(app: &App, days: i64) -> Instant {
    Instant::from_micros(app.clock.now().micros() - days * 86_400_000_000)
}

#[tokio::test]
async fn each_line_of_the_points_is_the_number_of_findings_that_it_opens() {
    let lakeside = Lakeside::found("risk").await;
    let mut officer = lakeside.officer().await;
    officer.get("/en/risk").await.says(200, &["Risk of fairs", "Nobody has points here."]);
    let app = lakeside.town.app.clone();
    // Three breaches of one room, one long before the days that count; one of another room.
    let rows = [
        sold(1, "HR-1", "2.5", days_ago(&app, 3)),
        sold(2, "HR-1", "2.5", days_ago(&app, 30)),
        sold(3, "HR-1", "1", days_ago(&app, 30)),
        sold(4, "HR-1", "2.5", days_ago(&app, 60)),
        sold(5, "HR-1", "2.5", days_ago(&app, 400)),
        sold(6, "HR-2", "2.5", days_ago(&app, 10)),
        sold(7, "HR-3", "1", days_ago(&app, 10)),
    ];
    lakeside.sold(&rows).await;
    assert_eq!(listed(&mut officer, "/en/findings?subject=HR-1").await, 4);

    let list = officer.get("/en/risk?register=herb-room").await;
    list.says(200, &["HR-1", "HR-2", "Clear breaches in selling: 10", "High", "Raised"]);
    assert!(!list.body.contains("HR-3"), "nobody without points is listed");
    let (first, second) = (list.body.find("HR-1").unwrap(), list.body.find("HR-2").unwrap());
    assert!(first < second, "those with most points come first");
    list.says(200, &["level=high", "level=raised"]);
    let high = officer.get("/en/risk?register=herb-room&level=high").await;
    assert!(high.body.contains("HR-1") && !high.body.contains("HR-2"));
    officer.get("/en/risk?register=herb-room&level=none").await.says(404, &[]);
    officer.get("/en/risk?register=tea-house").await.says(404, &[]);

    let rated = officer.get("/en/risk/herb-room/HR-1").await;
    rated.says(200, &["10 points", "High", "the most that this gives", "Low from 0", "assumed"]);
    // Three findings count; the fourth is of an event before the days of the rating.
    assert_eq!(figures(&rated).iter().map(|own| own.0).collect::<Vec<_>>(), [3]);
    assert_eq!(each_figure_opens_what_it_counts(&mut officer, &rated).await, 1);
    officer.get("/en/risk/herb-room/HR-2").await.says(200, &["4 points", "Raised"]);
    officer.get("/en/risk/herb-room/HR-9").await.says(404, &[]);
    officer.get("/en/risk/tea-house/HR-1").await.says(404, &[]);

    // A finding leads to the points of whom it is about.
    let found = officer.get("/en/findings?subject=HR-2").await.links("/en/findings/");
    let finding = found.iter().find(|link| link.len() == 45).unwrap();
    officer.get(finding).await.says(200, &["/en/risk/herb-room/HR-2"]);

    programs_are_told_the_same(&lakeside).await;

    // What is gone counts no more.
    let mended = rows[0].replace("2.5", "1");
    lakeside.sold(&[mended]).await;
    let rated = officer.get("/en/risk/herb-room/HR-1").await;
    rated.says(200, &["8 points", "Raised"]);
    assert_eq!(each_figure_opens_what_it_counts(&mut officer, &rated).await, 1);
}

async fn programs_are_told_the_same(lakeside: &Lakeside) {
    let mut officer = lakeside.officer().await;
    let told = async |officer: &mut Client, address: &str| -> serde_json::Value {
        let answer = officer.ask(Method::GET, address, &[], Body::empty()).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let risk = told(&mut officer, "/api/risk?register=herb-room").await;
    let entries = risk["entries"].as_array().unwrap();
    let said: Vec<_> = entries.iter().map(|own| (&own["key"], &own["points"])).collect();
    assert_eq!(said, [(&"HR-1".into(), &10.into()), (&"HR-2".into(), &4.into())]);
    assert_eq!(entries[0]["level"], "high");
    for entry in entries {
        for line in entry["lines"].as_array().unwrap() {
            let address = line["findings"].as_str().unwrap();
            let found = told(&mut officer, address).await;
            let count = found["findings"].as_array().unwrap().len();
            assert_eq!(line["count"], count, "{address}");
        }
    }
    let (first, rest) = ("/api/risk?register=herb-room&level=high", &risk["next"]);
    assert_eq!(told(&mut officer, first).await["entries"].as_array().unwrap().len(), 1);
    assert_eq!(*rest, serde_json::Value::Null);
}

#[tokio::test]
async fn risk_is_seen_by_those_who_see_findings() {
    let lakeside = Lakeside::found("risk-seen").await;
    let mut applicant = Client::signed_in(lakeside.town.router(), "lin").await;
    applicant.get("/en/risk").await.says(403, &[]);
    applicant.get("/en/risk/herb-room/HR-1").await.says(403, &[]);
}
