//! What persons are told: in the portal, and where else they want it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{
    client::Client,
    journey::{choose, filed},
    town::Town,
};
use crate::web::Sender;

/// A receiver of web hooks that fails at first, checks every signature, and keeps what it got.
#[derive(Clone, Default)]
struct Receiver {
    secret: Arc<Mutex<String>>,
    failures: Arc<Mutex<u32>>,
    got: Arc<Mutex<Vec<(String, serde_json::Value)>>>,
}

async fn receive(
    State(receiver): State<Receiver>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::http::StatusCode {
    {
        let mut failures = receiver.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return axum::http::StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let secret = receiver.secret.lock().unwrap().clone();
    let key = Base64::decode_vec(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&body);
    let signature = header("webhook-signature");
    let sent = Base64::decode_vec(signature.strip_prefix("v1,").unwrap()).unwrap();
    if mac.verify_slice(&sent).is_err() {
        return axum::http::StatusCode::UNAUTHORIZED;
    }
    let said = serde_json::from_slice(&body).unwrap();
    receiver.got.lock().unwrap().push((header("webhook-id"), said));
    axum::http::StatusCode::NO_CONTENT
}

async fn listening(receiver: Receiver) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/hook", post(receive)).with_state(receiver);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/hook")
}

fn sender(town: &Town) -> Sender {
    let site = town.app.packs.live.title.clone();
    let outside = (*town.app.outside).clone();
    Sender::new(town.app.store.clone(), town.app.clock.clone(), outside, None, site).unwrap()
}

#[tokio::test]
async fn what_happens_in_a_case_is_told_in_the_portal_and_read_once() {
    let town = Town::found("told").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get("/en/messages").await.says(200, &["There are no messages yet"]);
    let case = filed(&mut lin).await;
    let id = case.rsplit('/').next().unwrap();
    let told = lin.get("/en/messages").await;
    let title = format!("Your application has arrived (case {id})");
    told.says(200, &[&title, "New", "1 unread message"]);
    let open = [("number", id), ("case", id)];
    let opened = lin.fill("/en/messages", "/en/messages/open", &open).await;
    assert_eq!((opened.status.as_u16(), opened.location()), (303, case.as_str()));
    let shown = lin.get("/en/messages").await;
    assert!(!shown.body.contains("unread message"), "{}", shown.body);
    let mut wu = Client::signed_in(town.router(), "wu").await;
    wu.get("/en/messages").await.says(200, &["There are no messages yet"]);
    let mut east = Client::signed_in(town.router(), "east").await;
    assert_eq!(east.get("/en/messages").await.status, 403);
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    choose(&mut east, &case, "examine", &[("outcome", "bad"), ("reasons", "太小")]).await;
    lin.get("/zh/messages").await.says(200, &["您的办件已作出决定", "1 条未读消息"]);
    lin.fill("/en/messages", "/en/messages/read", &[]).await;
    assert!(!lin.get("/en/messages").await.body.contains("unread"));
    // The review is open for sixty days, to Friday 3 May; that is a day off, as is the weekend, so
    // it ends on Monday 6 May, and its ending is told a week before.
    town.pass_days(55).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    assert!(!lin.get("/en/messages").await.body.contains("ends soon"));
    town.pass_days(1).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get("/en/messages").await.says(200, &["The time to challenge a decision ends soon"]);
}

#[tokio::test]
async fn a_hook_gets_each_message_once_in_order_signed_though_it_fails_at_first() {
    let town = Town::found("hook").await;
    let receiver = Receiver::default();
    let address = listening(receiver.clone()).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let settings = "/en/messages/settings";
    let add = format!("{settings}/hook");
    let bad = lin.fill(settings, &add, &[("address", "ftp://x")]).await;
    bad.says(422, &["Refused (number 1352)", "value=\"ftp://x\"", "href=\"#hook\""]);
    let added = lin.fill(settings, &add, &[("address", &address)]).await;
    added.says(200, &["shown this once", "whsec_"]);
    let secret = added.body.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    *receiver.secret.lock().unwrap() = secret.to_owned();
    assert!(!lin.get(settings).await.body.contains("whsec_"), "a secret is shown once");
    *receiver.failures.lock().unwrap() = 3;
    let first = filed(&mut lin).await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &first, "accept", &[("outcome", "accepted")]).await;
    choose(&mut east, &first, "examine", &[("outcome", "bad"), ("reasons", "太小")]).await;
    let second = filed(&mut lin).await;
    // Two nodes send beside one another.
    let (one, other) = (sender(&town), sender(&town));
    for _ in 0..8 {
        let (taken, too) = tokio::join!(one.round(), other.round());
        taken.unwrap();
        too.unwrap();
        town.pass_minutes(10).await;
    }
    let got = receiver.got.lock().unwrap().clone();
    let mut by_case: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for (_, said) in &got {
        let case = said["data"]["case"].as_u64().unwrap();
        by_case.entry(case).or_default().push(said["type"].as_str().unwrap().to_owned());
    }
    let id = |case: &str| case.rsplit('/').next().unwrap().parse::<u64>().unwrap();
    assert_eq!(by_case[&id(&first)], ["case.filed", "case.decision-served"]);
    assert_eq!(by_case[&id(&second)], ["case.filed"]);
    let ids: std::collections::BTreeSet<&String> = got.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), got.len(), "each is sent once");
    let text = serde_json::to_string(&got.iter().map(|(_, said)| said).collect::<Vec<_>>());
    let text = text.unwrap();
    for secret in ["11010519491231002X", "薄荷", "Morning", "Lin"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains(&format!("http://portal.test/en/cases/{}", id(&first))));
}

#[tokio::test]
async fn what_cannot_be_delivered_is_given_up_told_and_tried_again_when_asked() {
    let town = Town::found("dead").await;
    let receiver = Receiver::default();
    let address = listening(receiver.clone()).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let settings = "/en/messages/settings";
    let added = lin.fill(settings, &format!("{settings}/hook"), &[("address", &address)]).await;
    let secret = added.body.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    *receiver.secret.lock().unwrap() = secret.to_owned();
    *receiver.failures.lock().unwrap() = 10;
    filed(&mut lin).await;
    let sender = sender(&town);
    let mut tries = 0;
    for _ in 0..60 {
        tries += sender.round().await.unwrap();
        town.pass_minutes(60).await;
    }
    assert_eq!(tries, 10);
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let shown = lin.get(settings).await;
    shown.says(200, &["Not delivered", "Your application has arrived: status 503"]);
    let outlet = shown.hidden("outlet");
    lin.fill(settings, &format!("{settings}/again"), &[("outlet", &outlet)]).await;
    assert_eq!(sender.round().await.unwrap(), 1);
    assert_eq!(receiver.got.lock().unwrap().len(), 1);
    assert!(!lin.get(settings).await.body.contains("Not delivered"));
    lin.fill(settings, &format!("{settings}/remove"), &[("outlet", &outlet)]).await;
    lin.get(settings).await.says(200, &["You are told in the portal only."]);
}

#[tokio::test]
async fn a_mail_address_is_used_only_once_its_own_reader_has_confirmed_it() {
    let town = Town::found("confirm").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let settings = "/en/messages/settings";
    let add = format!("{settings}/mail");
    let bad = lin.fill(settings, &add, &[("address", "lin at home")]).await;
    bad.says(422, &["Refused (number 1351)", "value=\"lin at home\"", "href=\"#mail\""]);
    let added = lin.fill(settings, &add, &[("address", "lin@example.org")]).await;
    assert_eq!(added.location(), "/en/messages/settings?done=added");
    lin.get(added.location()).await.says(200, &["lin@example.org", "not confirmed yet"]);
    let party = kernel::PartyId([1; 16]);
    let id = town.app.store.outlets(party).await.unwrap()[0].id;
    let proof = town.app.store.proof_of(party, id);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (outlet, right) = (hex(&id.0), hex(&proof));
    let link = format!("/en/messages/confirm?outlet={outlet}&proof={right}");
    let confirm = "/en/messages/confirm";
    let wrong = [("outlet", outlet.as_str()), ("proof", "00000000000000000000000000000000")];
    lin.fill(&link, confirm, &wrong).await.says(422, &["Refused (number 1354)"]);
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let own = [("outlet", outlet.as_str()), ("proof", right.as_str())];
    wu.fill(&link, confirm, &own).await.says(422, &["Refused (number 1354)"]);
    lin.get(&link).await.says(200, &["Confirm the e-mail address"]);
    lin.get(settings).await.says(200, &["not confirmed yet"]);
    let confirmed = lin.fill(&link, confirm, &own).await;
    assert_eq!(confirmed.location(), "/en/messages/settings?done=confirmed");
    lin.get(settings).await.says(200, &["in use"]);
    lin.fill(&link, confirm, &own).await.says(422, &["Refused (number 1354)"]);
}
