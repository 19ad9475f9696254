//! Tokens by which programs act as the holder of an account.

use axum::http::Method;

use super::{
    accounts::sign_up,
    client::{Answer, Client},
    town::Town,
};

/// What the page shows of a token, once.
fn said(page: &Answer) -> String {
    let after = page.body.split_once("id=\"made\" value=\"").map(|(_, after)| after);
    after.and_then(|after| after.split('"').next()).unwrap_or_default().to_owned()
}

async fn make(client: &mut Client, fields: &[(&str, &str)]) -> Answer {
    client.fill("/en/account/tokens", "/en/account/tokens", fields).await
}

async fn as_program(town: &Town, method: Method, address: &str, token: &str) -> Answer {
    let line = format!("Bearer {token}");
    let mut program = Client::new(town.router());
    program.ask(method, address, &[("authorization", &line)], "").await
}

#[tokio::test]
async fn a_program_reads_what_its_holder_may_until_the_token_ends() {
    let town = Town::found("tokens-made").await;
    let mut holder = sign_up(&town, "liu@example.cn").await;
    let fields = [("title", "Reports"), ("until", "2024-06-30"), ("acting", ""), ("reads", "yes")];
    let page = make(&mut holder, &fields).await;
    let token = said(&page);
    assert!(token.starts_with("yy_") && token.len() == 67, "{token}");
    let listed = holder.get("/en/account/tokens").await;
    listed.says(200, &["Reports", "It may only read", "not used yet"]);
    assert!(!listed.body.contains(&token), "shown once");

    as_program(&town, Method::GET, "/api/head", &token).await.says(200, &["head"]);
    holder.get("/en/account/tokens").await.says(200, &["last used"]);
    // A page is for people: there the token is nothing.
    let page = as_program(&town, Method::GET, "/en/account", &token).await;
    assert_eq!(page.location(), "/en/sign-in?then=%2Fen%2Faccount");
    // It reads only.
    let refused = as_program(&town, Method::POST, "/uploads", &token).await;
    refused.says(403, &["\"number\":1322"]);
    let unknown = as_program(&town, Method::GET, "/api/head", "yy_0").await;
    unknown.says(401, &["\"number\":1321"]);

    let id = listed.hidden("id");
    holder.fill("/en/account/tokens", "/en/account/tokens/end", &[("id", id.as_str())]).await;
    holder.get("/en/account").await.says(200, &["A token was ended", "Reports"]);
    let ended = as_program(&town, Method::GET, "/api/head", &token).await;
    ended.says(401, &["\"number\":1321"]);
}

#[tokio::test]
async fn a_token_runs_out_and_what_is_wrong_with_one_is_said() {
    let town = Town::found("tokens-wrong").await;
    let mut holder = sign_up(&town, "liu@example.cn").await;
    let check = async |holder: &mut Client, title: &str, until: &str, says: &str| {
        let fields = [("title", title), ("until", until), ("acting", "")];
        let page = make(holder, &fields).await;
        page.says(200, &[says]);
        assert_eq!(said(&page), "");
    };
    check(&mut holder, "", "2024-06-30", "href=\"#title\"").await;
    check(&mut holder, &"x".repeat(61), "2024-06-30", "at most 60 characters").await;
    check(&mut holder, "Reports", "2023-06-30", "must be today or later").await;
    check(&mut holder, "Reports", "2034-06-30", "must be today or later").await;
    check(&mut holder, "Reports", "tomorrow", "href=\"#until\"").await;
    // Nobody makes one for a body that they do not act for.
    let fields = [("title", "x"), ("until", "2024-06-30"), ("acting", "health@900101")];
    assert_eq!(make(&mut holder, &fields).await.status, 400);

    let today = town.app.packs.live.zone.day_of(town.app.clock.now()).to_string();
    let page = make(&mut holder, &[("title", "Today"), ("until", &today), ("acting", "")]).await;
    let token = said(&page);
    as_program(&town, Method::GET, "/api/head", &token).await.says(200, &[]);
    town.pass_days(1).await;
    as_program(&town, Method::GET, "/api/head", &token).await.says(401, &["\"number\":1321"]);
}
