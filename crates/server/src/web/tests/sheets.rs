//! Field sheets as the server sees them: which step has one, whose it is, and that one that is sent
//! again, from another session and after the case has moved on, is recorded once.

use super::{
    client::{Answer, Client},
    journey::{choose, filed},
    town::Town,
};

/// By what a browser knows whose sheets it keeps.
fn whose(page: &Answer) -> &str {
    let rest = page.body.split_once("data-sheets-of=\"").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[tokio::test]
async fn a_sheet_is_recorded_once_however_often_it_is_sent() {
    let town = Town::found("sheets").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    assert!(!east.get(&case).await.body.contains("data-sheet=\""), "acceptance is at a desk");
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
    let page = east.get(&case).await;
    let (act, number) = (format!("{case}/choose"), case.trim_start_matches("/en/cases/"));
    let (sheet, at) = (format!("data-sheet=\"{number}/check\""), format!("data-page=\"{case}\""));
    page.says(200, &[&sheet, &at, "template data-sheet-box"]);

    let key = page.hidden("key");
    let sent = |page: &Answer| {
        let fixed = [("step", "check"), ("outcome", "sound"), ("key", key.as_str())];
        let mut fields = fixed.map(|(name, value)| (name, value.to_owned())).to_vec();
        fields.push(("token", page.hidden("token")));
        fields
    };
    let first = east.post(&act, &sent(&page)).await;
    assert_eq!(first.status, 303, "{}", first.body);
    let head = town.app.store.head().await.unwrap();
    let mut later = Client::signed_in(town.router(), "east").await;
    let now = later.get(&case).await;
    assert!(!now.body.contains("data-sheet=\""), "the step is over");
    let again = later.post(&act, &sent(&now)).await;
    assert_eq!(again.location(), first.location());
    assert_eq!(town.app.store.head().await.unwrap(), head);
    // The same number for something else is refused by its own number.
    let mut other = sent(&now);
    other.push(("reasons", "改了".to_owned()));
    later.post(&act, &other).await.says(409, &["Refused (number 1201)"]);
}

#[tokio::test]
async fn sheets_are_known_by_the_officer_in_every_session() {
    let town = Town::found("sheets-of").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let own = whose(&east.get("/en/inbox").await).to_owned();
    assert_eq!(own.len(), 32);
    for (person, same) in [("east", true), ("west", false), ("town", false)] {
        let mut client = Client::signed_in(town.router(), person).await;
        assert_eq!(whose(&client.get("/zh/inbox").await) == own, same, "{person}");
    }
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut nobody = Client::new(town.router());
    for page in [lin.get("/en/cases").await, nobody.get("/en/services").await] {
        assert_eq!(whose(&page), "");
        assert!(!page.body.contains("data-sheets"), "who takes none along has nothing of them");
    }
}

#[tokio::test]
async fn the_worker_answers_for_cases_and_is_asked_for_anew() {
    let town = Town::found("worker").await;
    let mut client = Client::new(town.router());
    for (name, scope) in [("field.js", Some("/")), ("site.js", None)] {
        let answer = client.get(&format!("/assets/{name}")).await;
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("service-worker-allowed"), scope, "{name}");
        assert_eq!(header("cache-control"), Some("no-cache"), "{name}");
        assert_eq!(header("content-type"), Some("text/javascript; charset=utf-8"), "{name}");
    }
}
