//! An application, one topic a page, from its start to its case, on the ways it can take.

use kernel::{Act, Actor, CaseId, EntryNumber, PartyId, ledger::Filed};
use sha2::{Digest, Sha256};

use super::{
    client::{Answer, Client},
    town::Town,
};

const ROOM: [(&str, &str); 7] = [
    ("herb-room.name", "薄荷小店"),
    ("herb-room.division", "900101001"),
    ("herb-room.herbs", "H1"),
    ("herb-room.main-herb", "H1"),
    ("herb-room.floor-area", "30"),
    ("herb-room.night", "no"),
    ("herb-room.purpose", "trade"),
];
const KEEPER: [(&str, &str); 3] = [
    ("keeper.name", "王一"),
    ("keeper.resident-id", "11010519491231002X"),
    ("keeper.worked-since", "2015-05-01"),
];
const PLAN: &[u8] = b"%PDF-1.7 a plan";

/// Begins a draft and returns its address.
pub(super) async fn begun(who: &mut Client, service: &str, also: &[&str]) -> String {
    let apply = format!("/en/apply/{service}");
    let also: Vec<(&str, &str)> = also.iter().map(|name| ("also", *name)).collect();
    let answer = who.fill(&apply, &apply, &also).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

/// Opens a topic and sends its form.
pub(super) async fn write(
    who: &mut Client,
    topic: &str,
    answers: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let page = who.get(topic).await;
    page.says(200, &[]);
    let (token, revision) = (page.hidden("token"), page.hidden("revision"));
    let then = page.hidden("then");
    let mut fields =
        vec![("token", token.as_str()), ("revision", revision.as_str()), ("then", then.as_str())];
    fields.extend_from_slice(answers);
    who.post_files(topic, &fields, files).await
}

fn leads(answer: &Answer, to: &str) {
    assert_eq!((answer.status.as_u16(), answer.location()), (303, to), "{}", answer.body);
}

/// Writes everything that a herb room needs.
pub(super) async fn written(lin: &mut Client, draft: &str) {
    let topic = |name: &str| format!("{draft}/{name}");
    let who = [("applicant:kind", "person"), ("for:as", "own")];
    leads(&write(lin, &topic("who"), &who, &[]).await, &topic("form-herb-room"));
    leads(&write(lin, &topic("form-herb-room"), &ROOM, &[]).await, &topic("form-keeper"));
    leads(&write(lin, &topic("form-keeper"), &KEEPER, &[]).await, &topic("paper-plan"));
    leads(&write(lin, &topic("paper-plan"), &[], &[("plan", PLAN)]).await, &topic("paper-lease"));
    let shared = [("shared", "yes")];
    leads(&write(lin, &topic("paper-lease"), &shared, &[]).await, &topic("paper-sign"));
}

/// Signs a draft with some fields.
pub(super) async fn sign(lin: &mut Client, draft: &str, fields: &[(&str, &str)]) -> Answer {
    let page = lin.get(&format!("{draft}/sign")).await;
    page.says(200, &["I declare that", "I answer for it"]);
    let mut sent = vec![("token", page.hidden("token")), ("over", page.hidden("over"))];
    sent.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    lin.post(&format!("{draft}/sign"), &sent).await
}

/// The filing that a case began with.
async fn filing(town: &Town, case: u64) -> Filed {
    let history = town.app.store.history(CaseId(EntryNumber(case))).await.unwrap();
    let Act::Filed(filed) = &history[0].act else { panic!("{history:?}") };
    (**filed).clone()
}

#[tokio::test]
async fn a_draft_is_written_checked_signed_and_filed_once() {
    let town = Town::found("draft-journey").await;
    let mut nobody = Client::new(town.router());
    nobody.get("/en/apply/herb-room-licence").await.says(
        200,
        &["Herb room licence", "Floor plan", "15 working days", "60 days", "Sign in to fill in"],
    );
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let tasks = lin.get(&draft).await;
    tasks.says(200, &["govuk-task-list", "Not started", "0 of", "Floor plan", "The keeper"]);
    let bare = lin.get(&format!("{draft}/check")).await;
    bare.says(200, &["There is something to mend", "Floor plan: must be handed in"]);
    lin.get(&format!("{draft}/sign")).await.says(422, &["Floor plan: must be handed in"]);
    written(&mut lin, &draft).await;
    lin.get(&draft).await.says(200, &["Completed", "Go on: sign".get(..0).unwrap()]);
    let check = lin.get(&format!("{draft}/check")).await;
    check.says(200, &["薄荷小店", "11010519491231002X", "Mint", "a.pdf", "Change", "Go on: sign"]);
    let unsigned = sign(&mut lin, &draft, &[("name", "Lin")]).await;
    unsigned.says(422, &["href=\"#sign-agree\"", "value=\"Lin\""]);
    let page = lin.get(&format!("{draft}/sign")).await;
    let fields = [
        ("token", page.hidden("token")),
        ("over", page.hidden("over")),
        ("name", "Lin".to_owned()),
        ("agree", "yes".to_owned()),
    ];
    let address = format!("{draft}/sign");
    leads(&lin.post(&address, &fields).await, &format!("{draft}/filed"));
    leads(&lin.post(&address, &fields).await, &format!("{draft}/filed"));
    let filed = lin.get(&format!("{draft}/filed")).await;
    filed.says(200, &["govuk-panel", "Application filed", "Next: ", "Acceptance", "2024-03-"]);
    let case: u64 =
        filed.body.split("/cases/").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    lin.get(&format!("/en/cases/{case}")).await.says(200, &["薄荷小店", "Floor plan"]);
    lin.get(&format!("/en/cases/{case}/papers/plan")).await.says(200, &["a plan"]);
    // An auditor can show what was signed, and that it is what the filing names.
    let lin_party = PartyId([1; 16]);
    let actor = Actor::Officer(PartyId([8; 16]), super::town::body("health@90"));
    let policy = "auditors-look-after-readers".to_owned();
    let auditor = store::Reader { actor, account: None, session: None, policy };
    let id = CaseId(EntryNumber(case));
    let store = &town.app.store;
    let text = store.reveal(lin_party, id, "signature", &auditor, page_time()).await;
    let text = text.unwrap().unwrap();
    let signed = filing(&town, case).await.signed.unwrap();
    assert_eq!(Sha256::digest(&text).as_slice(), signed.0);
    for part in ["薄荷小店", "王一", "Lin", "I declare that", &lin_party.to_string()] {
        assert!(text.contains(part), "`{part}` was not signed: {text}");
    }
    let mut east = Client::signed_in(town.router(), "east").await;
    let page = format!("/en/cases/{case}");
    let digest = crate::web::session::hex(&signed.0);
    east.get(&page).await.says(200, &["Digest of what was signed", &digest]);
    let opened = east.fill(&page, &format!("{page}/reveal"), &[("path", "signature")]).await;
    opened.says(200, &["It is what the digest in the ledger names", "I declare that"]);
    // What was written is in the case alone now.
    let own = store.drafts_of(lin_party, page_time()).await.unwrap();
    assert!(own.iter().all(|line| line.done()));
    leads(&lin.get(&draft).await, &format!("{draft}/filed"));
    assert_eq!(store.cases_of(lin_party, None, 10).await.unwrap().len(), 1);
}

fn page_time() -> base::Instant {
    base::Instant::parse("2024-03-04T10:00:00+08:00").unwrap()
}

#[tokio::test]
async fn what_the_rules_say_is_told_as_it_goes_and_what_they_cannot_say_is_not() {
    let town = Town::found("draft-rules").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let rule = "The keeper must have worked long enough";
    let tasks = lin.get(&draft).await;
    assert!(!tasks.body.contains(rule), "nothing is known yet");
    let room = format!("{draft}/form-herb-room");
    // One field decides: large enough or for charity cannot be told without the purpose.
    write(&mut lin, &room, &[("herb-room.floor-area", "2")], &[]).await.says(422, &[]);
    let tasks = lin.get(&draft).await;
    assert!(!tasks.body.contains("Large enough"), "the purpose is not known");
    let small = [("herb-room.floor-area", "2"), ("herb-room.purpose", "trade")];
    write(&mut lin, &room, &small, &[]).await.says(422, &["Large enough", "article 8"]);
    let keeper = format!("{draft}/form-keeper");
    let new = [("keeper.name", "王一"), KEEPER[1], ("keeper.worked-since", "2024-01-01")];
    assert_eq!(write(&mut lin, &keeper, &new, &[]).await.status, 303);
    lin.get(&keeper).await.says(200, &[rule, "article 7", "assumed, to be confirmed"]);
    let tasks = lin.get(&draft).await;
    tasks.says(200, &[rule, "does not keep you from filing", "Go to: The keeper"]);
    assert_eq!(write(&mut lin, &keeper, &KEEPER, &[]).await.status, 303);
    assert!(!lin.get(&draft).await.body.contains(rule), "it holds now");
}

#[tokio::test]
async fn bad_input_is_kept_pointed_at_and_explained() {
    let town = Town::found("draft-bad").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let room = format!("{draft}/form-herb-room");
    let long = "长".repeat(41);
    let rows: [(&str, &str, &str); 6] = [
        ("herb-room.name", &long, "may have at most 40 characters"),
        ("herb-room.floor-area", "三十", "must be a whole number"),
        ("herb-room.floor-area", "３０", "must be a whole number"),
        ("herb-room.division", "110101", "is not a division"),
        ("herb-room.name", "a\u{202e}b", "cannot be shown"),
        ("herb-room.main-herb", "H99", "is not an option"),
    ];
    for (name, text, says) in rows {
        let id = format!("href=\"#field-{}\"", name.replace('.', "-"));
        let answer = write(&mut lin, &room, &[(name, text)], &[]).await;
        answer.says(422, &[says, &id, "What you wrote is saved"]);
        // It is still there when the page is opened again.
        let shown = lin.get(&room).await;
        shown.says(200, &[says]);
        let kept = shown.body.contains(&format!("value=\"{text}\""));
        assert!(kept || name.ends_with("division") || name.ends_with("herb"), "{name} {text}");
        lin.get(&draft).await.says(200, &["There is a problem"]);
    }
    let huge = "长".repeat(30_000);
    let answer = write(&mut lin, &room, &[("herb-room.name", &huge)], &[]).await;
    answer.says(422, &["at most 4000 characters", "长长长"]);
    lin.get(&format!("{draft}/form-nothing")).await.says(404, &[]);
    lin.get("/en/drafts/00").await.says(404, &["There is no such draft", "1331"]);
}

#[tokio::test]
async fn of_two_windows_the_older_is_told_and_both_texts_are_kept() {
    let town = Town::found("draft-stale").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let keeper = format!("{draft}/form-keeper");
    let old = lin.get(&keeper).await;
    let (token, seen) = (old.hidden("token"), old.hidden("revision"));
    assert_eq!(write(&mut lin, &keeper, &KEEPER, &[]).await.status, 303);
    let mut fields = vec![("token", token.clone()), ("revision", seen)];
    fields.push(("keeper.name", "王二".to_owned()));
    let stale = lin.post(&keeper, &fields).await;
    stale.says(409, &["changed elsewhere", "王一", "value=\"王二\""]);
    lin.get(&keeper).await.says(200, &["value=\"王一\""]);
    // Whoever has seen both may save.
    fields[1].1 = stale.hidden("revision");
    lin.post(&keeper, &fields).await.says(422, &["value=\"王二\""]);
    lin.get(&keeper).await.says(200, &["value=\"王二\""]);
    // As it is typed, the script is told the same.
    let typed = format!("{keeper}/typed");
    let fields = |revision: &str, name: &str| {
        [
            ("token", token.clone()),
            ("revision", revision.to_owned()),
            ("keeper.name", name.to_owned()),
        ]
    };
    let kept = lin.post(&typed, &fields("2", "王三")).await;
    kept.says(200, &["\"revision\":3", "Saved at 09:00"]);
    lin.post(&typed, &fields("2", "王四")).await.says(409, &["\"revision\":3"]);
    lin.post(&typed, &fields("2", "王三")).await.says(200, &["\"revision\":3"]);
}

#[tokio::test]
async fn a_session_that_has_run_out_loses_nothing_that_was_typed() {
    let town = Town::found("draft-expired").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let keeper = format!("{draft}/form-keeper");
    let old = lin.get(&keeper).await;
    let fields =
        [("token", old.hidden("token")), ("revision", "0".into()), ("keeper.name", "王一".into())];
    lin.forget();
    let out = lin.post(&keeper, &fields).await;
    out.says(401, &["signed out", "name=\"keeper.name\" value=\"王一\"", "/en/sign-in"]);
    lin.post(&format!("{keeper}/typed"), &fields).await.says(401, &["Not saved"]);
    let mut again = Client::signed_in(town.router(), "lin").await;
    let shown = again.post(&keeper, &fields).await;
    shown.says(403, &["earlier session", "value=\"王一\""]);
    assert!(!again.get(&keeper).await.body.contains("王一"), "an old form saves nothing");
    let mut wu = Client::signed_in(town.router(), "wu").await;
    for page in ["", "/form-keeper", "/check", "/sign", "/filed", "/delete"] {
        wu.get(&format!("{draft}{page}")).await.says(404, &["1331"]);
    }
}

#[tokio::test]
async fn a_draft_is_listed_deleted_and_lapses() {
    let town = Town::found("draft-ends").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get("/en/drafts").await.says(200, &["You have no drafts", "60 days"]);
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    let plan = format!("{draft}/paper-plan");
    assert_eq!(write(&mut lin, &plan, &[], &[("plan", PLAN)]).await.status, 303);
    lin.get(&format!("{draft}/files/plan")).await.says(200, &["a plan"]);
    lin.get("/en/drafts").await.says(200, &["Herb room licence", "2024-05-03"]);
    lin.get("/en/apply/herb-room-licence").await.says(200, &["Go on with the draft"]);
    let home = town.app.papers.join("drafts");
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 1);
    let sure = format!("{draft}/delete");
    let deleted = lin.fill(&sure, &sure, &[]).await;
    leads(&deleted, "/en/drafts");
    lin.get(&draft).await.says(404, &["There is no such draft"]);
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0);
    let other = begun(&mut lin, "herb-room-licence", &[]).await;
    let plan = format!("{other}/paper-plan");
    assert_eq!(write(&mut lin, &plan, &[], &[("plan", PLAN)]).await.status, 303);
    town.pass_days(61).await;
    crate::web::sweep(&town.app).await;
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0);
}

#[tokio::test]
async fn answers_are_given_once_for_several_services_and_taken_from_before() {
    let town = Town::found("draft-shared").await;
    let mut planner = Client::signed_in(town.router(), "planner").await;
    let apply = "/en/apply/fair-adoption/whole";
    let adopted = planner.fill(apply, apply, &[("plan.division", "90")]).await;
    assert_eq!(adopted.status, 303, "{}", adopted.body);
    let case = adopted.location().split('?').next().unwrap().to_owned();
    let publish = [("step", "publish"), ("outcome", "published")];
    planner.fill(&case, &format!("{case}/choose"), &publish).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    lin.get("/en/apply/stall-permit").await.says(200, &["value=\"lantern-prize\""]);
    let draft = begun(&mut lin, "stall-permit", &["lantern-prize", "plan-adoption"]).await;
    let topic = |name: &str| format!("{draft}/{name}");
    let tasks = lin.get(&draft).await;
    tasks.says(200, &["Stall permit", "Lantern prize"]);
    assert_eq!(tasks.body.matches("/form-place\"").count(), 1, "one section is asked once");
    let who = [("applicant:kind", "person"), ("for:as", "own")];
    write(&mut lin, &topic("who"), &who, &[]).await;
    let nowhere = write(&mut lin, &topic("form-place"), &[("place.fair", "no-fair")], &[]).await;
    nowhere.says(422, &["is no entry of that register"]);
    write(&mut lin, &topic("form-place"), &[("place.fair", "fair-1")], &[]).await;
    let trade = [("trade.goods", "food"), ("trade.places", "1"), ("trade.until", "2024-12-01")];
    write(&mut lin, &topic("form-trade"), &trade, &[]).await;
    write(&mut lin, &topic("form-lantern"), &[("lantern.name", "红灯笼")], &[]).await;
    let done = sign(&mut lin, &draft, &[("name", "林某"), ("agree", "yes")]).await;
    leads(&done, &format!("{draft}/filed"));
    let filed = lin.get(&format!("{draft}/filed")).await;
    filed.says(200, &["Stall permit", "Lantern prize", "Application filed"]);
    let cases = town.app.store.cases_of(PartyId([1; 16]), None, 10).await.unwrap();
    assert_eq!(cases.len(), 2);
    let fair = rules::Value::Text("fair-1".into());
    assert!(cases.iter().all(|case| case.facts["place.fair"] == fair));
    // The next draft offers what was answered before, and shows it before it is used.
    let next = begun(&mut lin, "stall-permit", &[]).await;
    let page = lin.get(&format!("{next}/form-trade")).await;
    page.says(200, &["You have answered this before", "?from=case-"]);
    let from = page.body.split("?from=case-").nth(1).unwrap().split('"').next().unwrap();
    let filled = lin.get(&format!("{next}/form-trade?from=case-{from}")).await;
    filled.says(200, &["not saved yet", "value=\"2024-12-01\""]);
    lin.get(&format!("{next}/form-trade")).await.says(200, &["You have answered this before"]);
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let alien = begun(&mut wu, "stall-permit", &[]).await;
    wu.get(&format!("{alien}/form-trade?from=case-{from}")).await.says(404, &[]);
}

#[tokio::test]
async fn of_several_services_each_is_told_what_came_of_it() {
    let town = Town::found("draft-partly").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let draft = begun(&mut lin, "herb-room-licence", &[]).await;
    written(&mut lin, &draft).await;
    // A service that the kernel refuses leaves the draft as it is.
    let who = format!("{draft}/who?then=check");
    let page = lin.get(&who).await;
    let fields = [
        ("token", page.hidden("token")),
        ("revision", page.hidden("revision")),
        ("then", "check".to_owned()),
        ("applicant:kind", "person".to_owned()),
        ("for:as", "agent".to_owned()),
        ("for:name", "王一".to_owned()),
    ];
    let half = lin.post(&format!("{draft}/who"), &fields).await;
    half.says(422, &["href=\"#field-for:number\"", "href=\"#field-for:paper\"", "王一"]);
    lin.get(&format!("{draft}/sign")).await.says(422, &["Its number"]);
    // What is signed is what was shown: a page signed before a change files nothing.
    let back = [("applicant:kind", "person"), ("for:as", "own")];
    assert_eq!(write(&mut lin, &format!("{draft}/who"), &back, &[]).await.status, 303);
    let page = lin.get(&format!("{draft}/sign")).await;
    let changed = [KEEPER[0], KEEPER[1], ("keeper.worked-since", "2016-05-01")];
    write(&mut lin, &format!("{draft}/form-keeper"), &changed, &[]).await;
    let fields = [
        ("token", page.hidden("token")),
        ("over", page.hidden("over")),
        ("name", "Lin".to_owned()),
        ("agree", "yes".to_owned()),
    ];
    let late = lin.post(&format!("{draft}/sign"), &fields).await;
    late.says(409, &["changed after you opened"]);
    assert!(town.app.store.cases_of(PartyId([1; 16]), None, 10).await.unwrap().is_empty());
    let done = sign(&mut lin, &draft, &[("name", "Lin"), ("agree", "yes")]).await;
    leads(&done, &format!("{draft}/filed"));
}

#[tokio::test]
async fn a_whole_form_sent_after_signing_out_elsewhere_is_held_out() {
    let town = Town::found("signed-out").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let address = "/en/apply/herb-room-licence/whole";
    let page = lin.get(address).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    lin.fill("/en/cases", "/en/sign-out", &[]).await;
    let typed = [("token", &*token), ("key", &*key), ("herb-room.name", "薄荷<小店>")];
    let out = lin.post_files(address, &typed, &[("plan", PLAN)]).await;
    let kept = format!("name=\"key\" value=\"{key}\"");
    let name = "name=\"herb-room.name\" value=\"薄荷&#60;小店&#62;\"";
    out.says(401, &["You have been signed out", name, &kept, "The file was not kept"]);
    // Signed in again, the browser sends it once more with the token of nobody.
    let mut again = Client::signed_in(town.router(), "lin").await;
    let back = again.post_files(address, &typed[1..], &[]).await;
    back.says(403, &["What you had typed is still here", name, &kept]);
    // What programs send, and buttons that carry nothing, lead nowhere but to the door.
    let mut nobody = Client::new(town.router());
    let bare = nobody.post("/en/messages/read", &[("token", String::new())]).await;
    assert_eq!((bare.status.as_u16(), bare.location()), (303, "/en/sign-in?then="));
}
