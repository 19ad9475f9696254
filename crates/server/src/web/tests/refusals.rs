//! What does not work says so, in both languages, with a next step, and changes nothing.

use std::sync::Arc;

use super::{client::Client, town::Town};
use crate::web::{App, Door, Served, router};

#[tokio::test]
async fn pages_that_are_not_there_and_questions_that_make_no_sense() {
    let town = Town::found("refusals").await;
    let mut client = Client::new(town.router());
    let rows: [(&str, u16, &str); 14] = [
        ("/zh/nowhere", 404, "没有这个页面"),
        ("/en/nowhere", 404, "There is no such page"),
        ("/fr/plan", 404, "没有这个页面"),
        ("/en/services/no-such", 404, "There is no such page"),
        ("/en/services/NOT A NAME".split(' ').next().unwrap(), 404, "There is no such page"),
        ("/en/registers/no-such", 404, "There is no such page"),
        ("/en/registers/herb-room/no-such", 404, "There is no such page"),
        ("/en/certificates/herb-room/no-such", 404, "There is no such page"),
        ("/en/plan?on=2024-02-30", 400, "`2024-02-30` is not a day"),
        ("/zh/plan?on=yesterday", 400, "`yesterday` 不是日期"),
        ("/en/registers/herb-room?on=1", 400, "`1` is not a day"),
        ("/en/registers/herb-room?known=x", 400, "`x` is not a ledger number"),
        ("/en/registers/herb-room/a?on=0", 400, "`0` is not a day"),
        ("/en/sign-out", 405, "not asked for in that way"),
    ];
    for (address, status, part) in rows {
        let answer = client.get(address).await;
        answer.says(status, &["<h1>"]);
        assert!(answer.body.contains(part), "{address}: {}", answer.body);
        assert!(answer.body.contains("class=\"govuk-button\""), "{address}: a next step");
        let number = match status {
            400 => "1309",
            405 => "1303",
            _ => "1301",
        };
        assert!(answer.body.contains(number), "{address}: its number");
    }
    let api = client.get("/api/registers/no-such").await;
    api.says(404, &["\"number\":1301", "\"says_zh\"", "There is no such page"]);
}

#[tokio::test]
async fn only_forms_of_the_session_are_accepted() {
    let town = Town::found("tokens").await;
    let mut stranger = Client::new(town.router());
    let cases: [(&str, &str); 3] = [("", ""), ("00", ""), ("not hex", "k")];
    for (token, key) in cases {
        let fields = [("token", token.to_owned()), ("key", key.to_owned())];
        let answer = stranger.post("/en/sign-in", &fields).await;
        answer.says(403, &["The form is no longer good"]);
    }
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let own = lin.get("/en/apply/herb-room-licence/whole").await.hidden("token");
    let fields = [("token", own), ("key", "k".to_owned())];
    wu.post("/en/apply/herb-room-licence/whole", &fields)
        .await
        .says(403, &["What you had typed is still here"]);
    let before = town.app.store.head().await.unwrap();
    lin.post("/zh/sign-out", &[("token", String::new())]).await.says(403, &["表单已失效"]);
    assert_eq!(town.app.store.head().await.unwrap(), before);
}

#[tokio::test]
async fn roles_keep_to_their_own_pages() {
    let town = Town::found("roles").await;
    let mut nobody = Client::new(town.router());
    for page in ["/en/cases", "/en/inbox", "/en/apply/herb-room-licence/whole", "/en/cases/1"] {
        let answer = nobody.get(page).await;
        assert_eq!(answer.status, 303, "{page}");
        assert!(answer.location().starts_with("/en/sign-in?then=%2Fen%2F"), "{page}");
    }
    nobody.get("/api/cases/1").await.says(401, &["Sign in first"]);
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    lin.get("/en/inbox").await.says(403, &["in your role"]);
    east.get("/zh/cases").await.says(403, &["您的身份不能办理此事"]);
    east.get("/en/apply/herb-room-licence/whole").await.says(200, &["Entered at the counter"]);
    let mut fire = Client::signed_in(town.router(), "fire").await;
    fire.get("/en/apply/herb-room-licence/whole").await.says(403, &["in your role"]);
    lin.get("/en/apply/plan-adoption/whole").await.says(403, &["in your role"]);
    for missing in ["/en/cases/999", "/en/cases/x", "/en/cases/1"] {
        lin.get(missing).await.says(404, &["There is no such page"]);
    }
}

#[tokio::test]
async fn what_is_too_large_or_unreadable_is_said_to_be() {
    let town = Town::found("large").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let page = lin.get("/en/apply/herb-room-licence/whole").await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let fields = [("token", token.as_str()), ("key", key.as_str())];
    let large = vec![b'x'; 11 * 1024 * 1024];
    let answer =
        lin.post_files("/en/apply/herb-room-licence/whole", &fields, &[("plan", &large)]).await;
    answer.says(422, &["10 MB", "href=\"#field-plan\""]);
    let bad = [("token", "\u{0}"), ("key", ""), ("herb-room.name", "薄荷小店")];
    let answer = lin.post_files("/en/apply/herb-room-licence/whole", &bad, &[]).await;
    answer.says(403, &["What you had typed is still here", "value=\"薄荷小店\""]);
}

#[tokio::test]
async fn headers_let_a_browser_do_little() {
    let town = Town::found("headers").await;
    let mut client = Client::new(town.router());
    for page in ["/en/", "/en/nowhere", "/assets/site.css", "/api/head"] {
        let answer = client.get(page).await;
        let header = |name: &str| answer.headers.get(name).map_or("", |v| v.to_str().unwrap());
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{page}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{page}");
        assert_eq!(header("strict-transport-security"), "", "{page} comes over HTTP");
    }
    let door = Arc::new(Door::new("https://willow.example".into(), None, None));
    let mut client = Client::new(router(App::of(Served { door, ..Served::clone(&town.app) })));
    let strict = client.get("/en/nowhere").await;
    assert_eq!(strict.headers.get("strict-transport-security").unwrap(), "max-age=31536000");
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let own = lin.get("/en/cases").await;
    assert_eq!(own.headers.get("cache-control").unwrap(), "no-store");
    lin.get("/en/cases").await.says(200, &["You have no cases yet", "Lin"]);
}
