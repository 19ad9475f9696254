//! Accounts through the pages: making one, coming in, being kept out, and what is shown of it.

use base::{Date, Instant};
use identity::{AccountId, LoginName, OneTimeCode, TotpSecret, TotpStep};
use kernel::PartyId;
use store::accounts::{CodePurpose, NewAccount, Office};

use super::{
    client::{Answer, Client},
    journey::{APPLY, FORM},
    town::{Town, body},
};

const PASSWORD: &str = "seven grey herons at dusk";

pub(super) async fn sign_up(town: &Town, login: &str) -> Client {
    let mut client = Client::new(town.router());
    let fields = [("name", "柳三（虚构）"), ("login", login), ("password", PASSWORD)];
    let made = client.fill("/en/sign-up", "/en/sign-up", &fields).await;
    assert_eq!((made.status.as_u16(), made.location()), (303, "/en/cases"), "{}", made.body);
    client
}

async fn sign_in(client: &mut Client, login: &str, password: &str) -> Answer {
    let fields = [("login", login), ("password", password)];
    client.fill("/en/sign-in/account", "/en/sign-in/account", &fields).await
}

fn number(answer: &Answer) -> &str {
    answer.headers.get("refusal-number").map_or("", |number| number.to_str().unwrap())
}

fn now(town: &Town) -> Instant {
    town.app.clock.now()
}

#[tokio::test]
async fn an_account_is_made_left_and_entered_again() {
    let town = Town::found("accounts").await;
    let mut client = sign_up(&town, "Liu@Example.cn").await;
    client.get("/en/account").await.says(200, &["liu@example.cn", "柳三", "Not proven", "Here"]);
    client.get("/zh/account").await.says(200, &["我的账户", "注册账户", "密码"]);
    client.get("/en/cases").await.says(200, &[]);
    let left = client.fill("/en/account", "/en/sign-out", &[]).await;
    assert_eq!(left.location(), "/en/");
    let turned = client.get("/en/account").await;
    assert_eq!(turned.location(), "/en/sign-in?then=%2Fen%2Faccount");
    let page = client.get("/en/sign-in/account?then=%2Fen%2Faccount").await;
    page.says(200, &["data-passkey=\"get\"", "/assets/passkey.js", "hidden>"]);
    let fields = [
        ("token", page.hidden("token")),
        ("then", page.hidden("then")),
        ("login", "liu@example.cn".to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let entered = client.post("/en/sign-in/account", &fields).await;
    assert_eq!(entered.location(), "/en/account");
    client.get("/en/account").await.says(200, &["Signed in", "A session was ended"]);
    // Nobody is led to another site.
    for then in ["https://evil.example/", "//evil.example", "/en/\\evil.example", "/zh"] {
        let page = client.get("/en/sign-in/account").await;
        let mut fields = fields.clone();
        fields[0].1 = page.hidden("token");
        fields[1].1 = then.to_owned();
        assert_eq!(client.post("/en/sign-in/account", &fields).await.location(), "/en/cases");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_is_said_and_what_was_typed_is_kept() {
    let town = Town::found("sign-up").await;
    sign_up(&town, "liu@example.cn").await;
    let check = async |name: &str, login: &str, password: &str, parts: &[&str]| {
        let mut client = Client::new(town.router());
        let fields = [("name", name), ("login", login), ("password", password)];
        let answer = client.fill("/en/sign-up", "/en/sign-up", &fields).await;
        answer.says(422, parts);
        assert!(password.is_empty() || !answer.body.contains(password), "a password is shown");
        assert!(answer.body.contains(&format!("value=\"{login}\"")), "{login} is gone");
        assert_eq!(number(&answer), if login == "liu@example.cn" { "1346" } else { "" });
    };
    let twelve = "twelve chars";
    check("", "a@b.cn", PASSWORD, &["href=\"#name\"", "write your name"]).await;
    check("Liu", "nothing", PASSWORD, &["href=\"#login\"", "e-mail address"]).await;
    check("Liu", "a@b.cn", twelve, &["href=\"#password\"", "3 more than this"]).await;
    check("Liu", "a@b.cn", "passwordpassword", &["first that a guesser"]).await;
    check("Liu", "liu@example.cn", PASSWORD, &["has this name already"]).await;
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_are_answered_alike_and_not_for_long() {
    let town = Town::found("guessing").await;
    sign_up(&town, "liu@example.cn").await;
    let mut client = Client::new(town.router());
    let strip = |answer: &Answer, login: &str| {
        let body = answer.body.replace(login, "");
        let key = answer.hidden("key");
        let challenge = body.split("data-challenge=\"").nth(1).unwrap();
        let challenge = challenge.split('"').next().unwrap().to_owned();
        body.replace(&key, "").replace(&challenge, "")
    };
    let known = sign_in(&mut client, "liu@example.cn", "not this one at all").await;
    let unknown = sign_in(&mut client, "wu@example.cn", "not this one at all").await;
    known.says(422, &["The name or the password is wrong.", "number 1342"]);
    assert_eq!(strip(&known, "liu@example.cn"), strip(&unknown, "wu@example.cn"));
    assert_eq!((number(&known), number(&unknown)), ("1342", "1342"));
    for _ in 0..9 {
        let answer = sign_in(&mut client, "liu@example.cn", "not this one at all").await;
        assert_eq!(answer.status, 422);
    }
    // The right password does not help whoever has guessed too often, and nobody else waits.
    let late = sign_in(&mut client, "liu@example.cn", PASSWORD).await;
    late.says(429, &["Too many tries", "15 minutes"]);
    assert_eq!(number(&late), "1341");
    let wait = late.headers.get("retry-after").unwrap().to_str().unwrap();
    assert_eq!(wait, "900");
    assert_eq!(sign_in(&mut client, "wu@example.cn", "x").await.status, 422);
    town.pass_days(1).await;
    assert_eq!(sign_in(&mut client, "liu@example.cn", PASSWORD).await.status, 303);
    client.get("/en/account").await.says(200, &["A sign-in failed"]);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_it_is_set_up_and_recovery_codes_stand_in() {
    let town = Town::found("second").await;
    let mut client = sign_up(&town, "liu@example.cn").await;
    let page = client.get("/en/account/app").await;
    page.says(200, &["data:image/svg+xml;base64,", "QR code"]);
    let secret = typed_secret(&page);
    let code = |back: u64| secret.code(TotpStep(TotpStep::of(now(&town)).0 - back));
    let token = page.hidden("token");
    let wrong = [("token", token.clone()), ("code", "12345".to_owned())];
    client.post("/en/account/app", &wrong).await.says(422, &["number 1343"]);
    let right = [("token", token), ("code", code(1))];
    let codes = client.post("/en/account/app", &right).await;
    codes.says(200, &["Recovery codes", "only once"]);
    let recovery: Vec<String> = codes
        .body
        .split("<li><code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(recovery.len(), 10);
    client.get("/en/account").await.says(200, &["10 recovery codes are left"]);

    // The password alone does not let anybody in.
    let mut other = Client::new(town.router());
    let half = sign_in(&mut other, "liu@example.cn", PASSWORD).await;
    assert_eq!(half.location(), "/en/sign-in/second");
    assert_eq!(other.get("/en/account").await.status, 303);
    let second = async |client: &mut Client, page: &str, field: &str, code: &str| {
        client.fill("/en/sign-in/second", page, &[(field, code)]).await
    };
    let used = second(&mut other, "/en/sign-in/second", "code", &code(1)).await;
    used.says(422, &["The code is not good"]);
    let entered = second(&mut other, "/en/sign-in/second", "code", &code(0)).await;
    assert_eq!(entered.location(), "/en/cases");
    other.get("/en/account").await.says(200, &["Password and code of the app"]);

    // Lost: a recovery code, once.
    for (code, status) in [(&recovery[0], 303), (&recovery[0], 422), (&recovery[1], 303)] {
        let mut lost = Client::new(town.router());
        sign_in(&mut lost, "liu@example.cn", PASSWORD).await;
        let answer = second(&mut lost, "/en/sign-in/recovery", "recovery", code).await;
        assert_eq!(answer.status.as_u16(), status, "{code}: {}", answer.body);
    }
    let mut lost = Client::new(town.router());
    sign_in(&mut lost, "liu@example.cn", PASSWORD).await;
    second(&mut lost, "/en/sign-in/recovery", "recovery", &recovery[2]).await;
    lost.get("/en/account").await.says(200, &["7 recovery codes are left"]);
    lost.fill("/en/account", "/en/account/app/remove", &[]).await;
    lost.get("/en/account").await.says(200, &["With a second factor nobody"]);
    let whole = sign_in(&mut Client::new(town.router()), "liu@example.cn", PASSWORD).await;
    assert_eq!(whole.location(), "/en/cases");
}

/// The secret that a page shows to be typed.
fn typed_secret(page: &Answer) -> TotpSecret {
    let typed = page.body.split("id=\"typed-secret\">").nth(1).unwrap();
    let typed = typed.split('<').next().unwrap();
    let value = |letter: char| {
        u64::from(letter.to_digit(36).map_or(0, |digit| match digit {
            2..=7 => digit + 24,
            _ => digit - 10,
        }))
    };
    let letters: Vec<u64> = typed.chars().filter(|c| *c != ' ').map(value).collect();
    let bytes = letters.chunks(8).flat_map(|eight| {
        let number = eight.iter().fold(0, |number, letter| (number << 5) | letter);
        number.to_be_bytes()[3..].to_vec()
    });
    TotpSecret::from_bytes(bytes.collect::<Vec<u8>>().try_into().unwrap())
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_elsewhere() {
    let town = Town::found("sessions").await;
    let mut here = sign_up(&town, "liu@example.cn").await;
    let mut there = Client::new(town.router());
    sign_in(&mut there, "liu@example.cn", PASSWORD).await;
    let page = here.get("/en/account").await;
    let session = page.body.split("name=\"session\" value=\"").nth(1).unwrap();
    let session = session.split('"').next().unwrap();
    here.fill("/en/account", "/en/account/sessions/end", &[("session", session)]).await;
    assert_eq!(there.get("/en/account").await.status, 303);
    here.get("/en/account").await.says(200, &["A session was ended"]);
    // A new password ends every other session, and the old one is asked for.
    sign_in(&mut there, "liu@example.cn", PASSWORD).await;
    let change = [("password-old", "not the old one"), ("password", "a wholly new sentence")];
    let page = "/en/account/password";
    here.fill(page, page, &change).await.says(422, &["not the present password"]);
    let change = [("password-old", PASSWORD), ("password", "a wholly new sentence")];
    assert_eq!(here.fill(page, page, &change).await.location(), "/en/account?done=password");
    assert_eq!(there.get("/en/account").await.status, 303);
    here.get("/en/account?done=password").await.says(200, &["signed out everywhere else"]);
    assert_eq!(sign_in(&mut there, "liu@example.cn", PASSWORD).await.status, 422);
    assert_eq!(sign_in(&mut there, "liu@example.cn", "a wholly new sentence").await.status, 303);
    // A cookie of the time before signing in never becomes one that is signed in.
    let mut fresh = Client::new(town.router());
    fresh.get("/en/sign-in/account").await;
    let before = fresh.cookie().to_owned();
    sign_in(&mut fresh, "liu@example.cn", "a wholly new sentence").await;
    assert_ne!(fresh.cookie(), before);
}

#[tokio::test]
async fn a_form_that_came_too_late_comes_back_to_whoever_had_sent_it() {
    let town = Town::found("resume").await;
    let late = async |who: &str| {
        let mut client = Client::signed_in(town.router(), "lin").await;
        let page = client.get(APPLY).await;
        let mut fields = vec![("token", page.hidden("token")), ("key", page.hidden("key"))];
        fields.extend(FORM.iter().map(|(name, value)| (*name, (*value).to_owned())));
        town.pass_days(1).await;
        let answer = client.post(APPLY, &fields).await;
        assert_eq!(answer.location(), "/en/sign-in?then=%2Fen%2Fresume");
        let page = client.get(answer.location()).await;
        let sent = [
            ("token", page.hidden("token")),
            ("then", page.hidden("then")),
            ("person", who.to_owned()),
        ];
        let answer = client.post("/en/sign-in", &sent).await;
        (client, answer.location().to_owned())
    };
    let (mut client, then) = late("lin").await;
    assert_eq!(then, "/en/resume");
    let page = client.get("/en/resume").await;
    page.says(200, &["薄荷小店", "name=\"herb-room.floor-area\" value=\"30\"", APPLY]);
    let mut fields = vec![("token", page.hidden("token")), ("key", page.hidden("key"))];
    fields.extend(FORM.iter().map(|(name, value)| (*name, (*value).to_owned())));
    // What was never filled in is pointed at; what was typed is there.
    client.post(APPLY, &fields).await.says(422, &["value=\"薄荷小店\""]);
    // Somebody else at the same browser sees nothing of it.
    let (mut client, then) = late("wu").await;
    assert_eq!(then, "/en/cases");
    assert_eq!(client.get("/en/resume").await.status, 404);
}

#[tokio::test]
async fn what_was_filed_for_a_number_is_seen_once_an_officer_has_seen_the_document() {
    let town = Town::found("identify").await;
    let number = "11010519491231002X";
    // An agent files for somebody who has no account yet.
    let mut agent = Client::signed_in(town.router(), "lin").await;
    let page = agent.get(APPLY).await;
    let key = page.hidden("key");
    let token = page.hidden("token");
    let mut fields = vec![("token", token.as_str()), ("key", key.as_str())];
    fields.extend(FORM);
    fields.extend([
        ("keeper.name", "王一"),
        ("keeper.resident-id", number),
        ("shared:lease", "yes"),
        ("for:as", "agent"),
        ("for:name", "王一"),
        ("for:kind", "resident-id"),
        ("for:number", number),
    ]);
    let files: [(&str, &[u8]); 2] = [("plan", b"%PDF-1.7 a"), ("for:paper", b"%PDF-1.7 b")];
    let filed = agent.post_files(APPLY, &fields, &files).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    let case = filed.location().split('?').next().unwrap().to_owned();

    let mut client = sign_up(&town, "wang@example.cn").await;
    assert_eq!(client.get(&case).await.status, 404);
    let page = client.fill("/en/account", "/en/account/counter-code", &[]).await;
    page.says(200, &["within half an hour"]);
    let code = page.body.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut officer = Client::signed_in(town.router(), "east").await;
    let identify = "/en/counter/identify";
    let sent = |code: &str, number: &'static str| {
        [("code", code.to_owned()), ("kind", "resident-id".to_owned()), ("number", number.into())]
    };
    let check = async |officer: &mut Client, sent: [(&'static str, String); 3], status: u16| {
        let fields: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = officer.fill(identify, identify, &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    };
    check(&mut officer, sent(&code, "110105194912310021"), 422).await;
    check(&mut officer, sent("LJNF-UWS2-LJNF-UWS2-LJNF-UWS2", number), 422).await;
    check(&mut officer, sent(&code, number), 303).await;
    check(&mut officer, sent(&code, number), 422).await;
    assert_eq!(client.get(identify).await.status, 403);
    client.get(&case).await.says(200, &["Herb room licence"]);
    client.get("/en/cases").await.says(200, &[&case]);
    client.get("/en/account").await.says(200, &["Seen at a counter"]);

    // The officer opens a detail; the person reads who did, and why.
    officer
        .fill(&case, &format!("{case}/reveal"), &[("path", "applicant.number")])
        .await
        .says(200, &[number]);
    let reads = client.get("/en/account/reads").await;
    reads.says(200, &["East Willow", "To handle the case: Herb room licence", &case]);
    client.get("/zh/account/reads").await.says(200, &["谁看过我的个人信息", "办理："]);
}

#[tokio::test]
async fn an_officer_sets_a_password_with_a_code_and_acts_for_the_body() {
    let town = Town::found("officers").await;
    let accounts = town.app.store.accounts();
    let new = NewAccount {
        id: AccountId([7; 16]),
        party: PartyId([7; 16]),
        name: "某官员（虚构）".to_owned(),
        login: Some(LoginName::parse("officer@example.cn").unwrap()),
        password: None,
    };
    let office = Office {
        body: body("health@900101"),
        from: Date::parse("2024-03-01").unwrap(),
        until: Some(Date::parse("2024-03-06").unwrap()),
    };
    assert!(accounts.sign_up_officer(&new, &office, now(&town)).await.unwrap());
    let code = OneTimeCode::new([9; 15]);
    let until = Instant::from_micros(now(&town).micros() + 1_000_000_000);
    let purpose = CodePurpose::Invitation;
    accounts
        .set_codes(new.id, purpose, std::slice::from_ref(&code), until, now(&town))
        .await
        .unwrap();
    let mut client = Client::new(town.router());
    assert_eq!(sign_in(&mut client, "officer@example.cn", "").await.status, 422);
    let address = format!("/en/invited?code={}", code.shown());
    client.get(&address).await.says(200, &[&code.shown()]);
    let short = [("code", code.shown()), ("password", "short".to_owned())];
    let short: Vec<(&str, &str)> = short.iter().map(|(n, v)| (*n, v.as_str())).collect();
    client.fill(&address, "/en/invited", &short).await.says(422, &["at least 15"]);
    let shown = code.shown();
    let fields = [("code", shown.as_str()), ("password", PASSWORD)];
    let entered = client.fill(&address, "/en/invited", &fields).await;
    assert_eq!(entered.location(), "/en/inbox", "{}", entered.body);
    client.get("/en/inbox").await.says(200, &["East Willow"]);
    let mut again = Client::new(town.router());
    again.fill("/en/invited", "/en/invited", &fields).await.says(422, &["number 1347"]);
    // On one's own behalf, and back.
    let own = client.fill("/en/account", "/en/account/act", &[("body", "")]).await;
    assert_eq!(own.location(), "/en/cases");
    assert_eq!(client.get("/en/inbox").await.status, 403);
    let fields = [("body", "health@900102")];
    assert_eq!(client.fill("/en/account", "/en/account/act", &fields).await.status, 403);
    let fields = [("body", "health@900101")];
    let back = client.fill("/en/account", "/en/account/act", &fields).await;
    assert_eq!(back.location(), "/en/inbox");
    // From the last day on the office is over.
    town.pass_days(2).await;
    let entered = sign_in(&mut client, "officer@example.cn", PASSWORD).await;
    assert_eq!(entered.location(), "/en/cases");
}

#[tokio::test]
async fn what_is_no_passkey_and_no_errand_lets_nobody_in() {
    let town = Town::found("passkeys").await;
    let mut client = Client::new(town.router());
    let door = "/en/sign-in/account";
    let forged = [("credential", "AAAA"), ("client-data", "AAAA"), ("signature", "AAAA")];
    let answer = client.fill(door, "/en/sign-in/passkey", &forged).await;
    answer.says(422, &["The passkey was not taken."]);
    assert_eq!(number(&answer), "1344");
    assert_eq!(client.get("/en/sign-in/elsewhere").await.status, 404);
    assert_eq!(client.get("/oidc/callback?code=a&state=b").await.status, 404);
    let mut holder = sign_up(&town, "liu@example.cn").await;
    let page = holder.get("/en/account/passkeys").await;
    page.says(200, &["data-passkey=\"create\"", "data-algorithms=\"-7 -8 -257\"", "noscript"]);
    let forged = [("client-data", "AAAA"), ("attestation", "AAAA")];
    let page = "/en/account/passkeys";
    holder.fill(page, page, &forged).await.says(422, &["number 1344"]);
    let script = client.get("/assets/passkey.js").await;
    script.says(200, &["navigator.credentials"]);
}

#[tokio::test]
async fn somebody_may_act_for_another_until_it_is_ended() {
    let town = Town::found("agents").await;
    let mut giver = sign_up(&town, "liu@example.cn").await;
    let mut agent = sign_up(&town, "wu@example.cn").await;
    let page = "/en/account/agents";
    let check = async |giver: &mut Client, agent: &str, until: &str, part: &str| {
        let fields = [("agent", agent), ("from", "2024-03-04"), ("until", until)];
        giver.fill(page, page, &fields).await.says(422, &[part, agent]);
    };
    check(&mut giver, "nobody@example.cn", "2024-04-04", "nobody else has an account").await;
    check(&mut giver, "liu@example.cn", "2024-04-04", "nobody else has an account").await;
    check(&mut giver, "wu@example.cn", "2024-03-04", "a day after the first").await;
    check(&mut giver, "wu@example.cn", "2027-03-05", "at most three years").await;
    check(&mut giver, "wu@example.cn", "April", "href=\"#until\"").await;
    let fields = [
        ("agent", "wu@example.cn"),
        ("from", "2024-03-04"),
        ("until", "2024-04-04"),
        ("service", "herb-room-licence"),
    ];
    let given = giver.fill(page, page, &fields).await;
    assert_eq!(given.location(), "/en/account/agents?done=given", "{}", given.body);
    agent
        .get(page)
        .await
        .says(200, &["Herb room licence", "from 2024-03-04 until before 2024-04-04"]);
    let shown = giver.get(page).await;
    let id = shown.body.split("name=\"delegation\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let case = filed_by_leave(&mut agent, &id).await;
    agent.get(&case).await.says(200, &["薄荷小店"]);
    giver.get(&case).await.says(200, &["薄荷小店"]);
    giver.get("/en/cases").await.says(200, &[&case]);
    // Only the giver ends it.
    agent.fill(page, "/en/account/agents/end", &[("delegation", &id)]).await;
    agent.get(page).await.says(200, &["Herb room licence"]);
    giver.fill(page, "/en/account/agents/end", &[("delegation", &id)]).await;
    giver.get(page).await.says(200, &["Ended on 2024-03-04"]);
    assert!(!agent.get(page).await.body.contains("from 2024-03-04"));
    assert_eq!(agent.get(&case).await.status, 404);
    giver.get(&case).await.says(200, &["薄荷小店"]);
    let form = agent.get(APPLY).await;
    assert!(!form.body.contains(&id));
    let fields = leave_fields(&form, &id);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let late = agent.post_files(APPLY, &fields, &[("plan", b"%PDF-1.7 a")]).await;
    late.says(422, &["their leave has ended"]);
}

/// What an agent fills in for somebody who lets them act.
fn leave_fields(form: &Answer, id: &str) -> Vec<(&'static str, String)> {
    let mut fields = vec![("token", form.hidden("token")), ("key", form.hidden("key"))];
    fields.extend(FORM.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let more = [("keeper.name", "王一"), ("keeper.resident-id", "11010519491231002X")];
    fields.extend(more.map(|(name, value)| (name, value.to_owned())));
    fields.extend([("shared:lease", "yes".to_owned()), ("for:as", format!("given:{id}"))]);
    fields
}

/// Files by leave and returns the address of the case.
async fn filed_by_leave(agent: &mut Client, id: &str) -> String {
    let form = agent.get(APPLY).await;
    form.says(200, &[&format!("given:{id}"), "who lets me act until before 2024-04-04"]);
    let fields = leave_fields(&form, id);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let filed = agent.post_files(APPLY, &fields, &[("plan", b"%PDF-1.7 a")]).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    filed.location().split('?').next().unwrap().to_owned()
}
