//! A herb room from the guide to the register, on the ways a case can take.

use super::{
    client::{Answer, Client},
    town::Town,
};

pub(super) const FORM: [(&str, &str); 9] = [
    ("applicant:kind", "person"),
    ("herb-room.name", "薄荷小店"),
    ("herb-room.division", "900101001"),
    ("herb-room.herbs", "H1"),
    ("herb-room.main-herb", "H1"),
    ("herb-room.floor-area", "30"),
    ("herb-room.night", "no"),
    ("herb-room.purpose", "trade"),
    ("keeper.worked-since", "2015-05-01"),
];
pub(super) const NAME: (&str, &str) = ("keeper.name", "王一");
pub(super) const NUMBER: (&str, &str) = ("keeper.resident-id", "11010519491231002X");
pub(super) const APPLY: &str = "/en/apply/herb-room-licence/whole";
pub(super) const FILE: &[u8] = b"%PDF-1.7 a plan";

async fn file(who: &mut Client, answers: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let page = who.get(APPLY).await;
    let (token, key) = (page.hidden("token"), page.hidden("key"));
    let mut fields = vec![("token", token.as_str()), ("key", key.as_str())];
    fields.extend_from_slice(answers);
    who.post_files(APPLY, &fields, files).await
}

/// Files a whole application and returns the address of the case.
pub(super) async fn filed(who: &mut Client) -> String {
    filed_with(who, &[]).await
}

/// The same with more answers.
pub(super) async fn filed_with(who: &mut Client, more: &[(&str, &str)]) -> String {
    let mut answers = FORM.to_vec();
    answers.extend_from_slice(more);
    answers.extend([NAME, NUMBER, ("shared:lease", "yes")]);
    let answer = file(who, &answers, &[("plan", FILE)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().split('?').next().unwrap().to_owned()
}

pub(super) async fn choose(
    who: &mut Client,
    case: &str,
    step: &str,
    more: &[(&str, &str)],
) -> Answer {
    let mut fields = vec![("step", step)];
    fields.extend_from_slice(more);
    who.fill(case, &format!("{case}/choose"), &fields).await
}

#[tokio::test]
async fn anybody_reads_plan_guide_and_registers() {
    let town = Town::found("reading").await;
    let mut client = Client::new(town.router());
    let front = client.get("/").await;
    assert_eq!((front.status.as_u16(), front.location()), (303, "/zh/"));
    client.get("/healthz").await.says(200, &["ok"]);
    let rows: [(&str, &[&str]); 12] = [
        ("/en/services?q=KILN+promise", &["1 service."]),
        ("/zh/services?q=%E8%8C%B6%E7%AA%91", &["茶窑许可", "共 1 项"]),
        ("/en/services?q=kiln&for=person", &["0 services.", "no services"]),
        ("/en/services?for=body", &["Adoption of the plan", "16 services."]),
        ("/en/", &["Willow (invented)", "Demonstration."]),
        ("/zh/", &["柳溪（虚构）", "演示环境"]),
        ("/en/plan", &["has not been adopted"]),
        ("/en/services", &["Herb room licence (invented)", "Administrative licence"]),
        ("/en/registers", &["Register of herb rooms (invented)", "Registers without entries"]),
        ("/zh/registers/herb-room", &["草药房名册（虚构）", "找到 0 条"]),
        ("/en/sign-in", &["East Willow", "Health authority", "Lin"]),
        ("/zh/sign-in", &["东柳区", "卫生健康行政部门", "林某"]),
    ];
    for (address, parts) in rows {
        client.get(address).await.says(200, parts);
    }
    let sought = client.get("/en/registers?register=herb-room&q=a+b").await;
    assert_eq!(sought.location(), "/en/registers/herb-room?q=a%20b");
    client.get("/en/registers?register=nowhere&q=a").await.says(404, &[]);
    client.get("/en/services/herb-room-licence").await.says(
        200,
        &[
            "Herb room licence",
            "20 working days",
            "15 working days",
            "article 42",
            "assumed, to be confirmed",
            "checked in the source",
            "Floor plan",
            "The keeper must have worked long enough",
            "3 years",
            "before 2020-01-01",
            "No answer in time counts as: Accepted",
            "Administrative litigation",
            "W1 Make it easy to open a herb room",
        ],
    );
}

#[tokio::test]
async fn the_plan_is_adopted_and_shows_what_carries_it_out() {
    let town = Town::found("plan").await;
    let mut officer = Client::signed_in(town.router(), "town").await;
    officer.get("/en/inbox").await.says(200, &["Nothing is waiting", "Adoption of the plan"]);
    let apply = "/en/apply/plan-adoption/whole";
    let answer = officer.fill(apply, apply, &[("plan.division", "90")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let case = answer.location().split('?').next().unwrap().to_owned();
    choose(&mut officer, &case, "publish", &[("outcome", "published")]).await;
    let mut reader = Client::new(town.router());
    reader.get("/en/plan").await.says(
        200,
        &[
            "2 measures.",
            "Services carry out 1 of them.",
            "Not carried out by a service on this platform",
            "<dt>Standing</dt><dd><strong class=\"govuk-tag govuk-tag--red\">Late</strong>",
            "Willow Province Health Commission",
            "Health authority of every district",
            "href=\"/en/services/herb-room-licence\"",
        ],
    );
    reader.get("/en/plan?on=2024-03-03").await.says(200, &["has not been adopted"]);
    reader.get("/zh/plan/W1").await.says(200, &["便利草药房开办", "薄荷", "草药房许可（虚构）"]);
    reader.get("/en/plan/W3").await.says(404, &[]);
    let follows = &["Herb rooms at night", "What follows", "Herb rooms that sell the first herb"];
    reader.get("/en/registers/measure/W2").await.says(200, follows);
}

#[tokio::test]
async fn a_form_that_does_not_fit_comes_back_with_everything_kept() {
    let town = Town::found("mending").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let before = town.app.store.head().await.unwrap();
    let mut answers = FORM.to_vec();
    answers.extend([NAME, ("keeper.resident-id", "123")]);
    let answer = file(&mut lin, &answers, &[("plan", FILE)]).await;
    answer.says(
        422,
        &[
            "Refused (number 1005)",
            "href=\"#field-keeper-resident-id\"",
            "href=\"#field-lease\"",
            "id=\"field-lease\"",
            "value=\"薄荷小店\"",
            "value=\"900101001\" selected",
            "value=\"H1\" checked",
            "We have your file",
            "Nothing has changed.",
        ],
    );
    assert_eq!(town.app.store.head().await.unwrap(), before);
    let (token, key) = (answer.hidden("token"), answer.hidden("key"));
    let kept = answer.hidden("kept:plan");
    let mut again = vec![("token", token.as_str()), ("key", &key), ("kept:plan", &kept)];
    again.extend(FORM);
    again.extend([NAME, NUMBER, ("shared:lease", "yes")]);
    let answer = lin.post_files(APPLY, &again, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let twice = lin.post_files(APPLY, &again, &[]).await;
    assert_eq!(twice.location(), answer.location(), "one number, one case");
    let case = answer.location().split('?').next().unwrap().to_owned();
    lin.get(&format!("{case}/papers/plan")).await.says(200, &["%PDF-1.7 a plan"]);
    lin.get(&format!("{case}/papers/lease")).await.says(404, &[]);
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let forged = [("kept:plan", kept.as_str()), ("shared:lease", "yes"), NAME, NUMBER];
    let forged: Vec<_> = FORM.into_iter().chain(forged).collect();
    file(&mut wu, &forged, &[]).await.says(422, &["href=\"#field-plan\""]);
}

#[tokio::test]
async fn a_herb_room_is_granted_looked_up_corrected_and_voided() {
    let town = Town::found("granting").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let mut west = Client::signed_in(town.router(), "west").await;
    let case = filed(&mut lin).await;
    lin.get("/en/cases").await.says(200, &["Herb room licence", "At: Acceptance"]);
    lin.get(&case).await.says(200, &["Lin", "Withdraw the application"]);
    east.get("/en/inbox").await.says(200, &["days left", "At: Acceptance"]);
    west.get("/en/inbox").await.says(200, &["Nothing is waiting"]);
    west.get(&case).await.says(404, &[]);
    let shown = east.get(&case).await;
    shown.says(200, &["Due on 2024-03-11", "Show (logged)", "met", "薄荷小店", "Morning Willow"]);
    assert!(!shown.body.contains("11010519491231002X"));
    let opened = [("path", "keeper.resident-id")];
    let revealed = east.fill(&case, &format!("{case}/reveal"), &opened).await;
    revealed.says(200, &["11010519491231002X"]);
    let answer = choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
    answer.says(409, &["Refused (number 1103)", "Nothing has changed."]);
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let answer = choose(&mut east, &case, "examine", &[("outcome", "good")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let shown = east.get(answer.location()).await;
    shown.says(200, &["Recorded as ledger entry", "You may open the herb room."]);
    let number = case.rsplit('/').next().unwrap();
    let entry = format!("/en/registers/herb-room/900101-2024-{number}");
    let mut reader = Client::new(town.router());
    reader.get(&entry).await.says(200, &["薄荷小店", "In force", "shown above"]);
    reader.get(&format!("{entry}?on=2024-03-03")).await.says(200, &["said nothing of it"]);
    reader.get(&format!("{entry}?known=2")).await.says(200, &["said nothing of it"]);
    let certificate = format!("/zh/certificates/herb-room/900101-2024-{number}");
    reader.get(&certificate).await.says(200, &["草药房许可证", "东柳区卫生健康委员会", "虚构"]);
    reader.get(&format!("{certificate}?kind=other")).await.says(404, &[]);
    reader.get("/en/registers/herb-room?q=%E8%96%84%E8%8D%B7").await.says(200, &["Found: 1"]);
    let wire = reader.get(&format!("/api/registers/herb-room/900101-2024-{number}")).await;
    wire.says(200, &["\"floor-area\":30", "\"valid_until\":null"]);
    lin.get(&format!("/api{}", case.trim_start_matches("/en"))).await.says(200, &["\"at\""]);

    let slip = [("name", "薄荷大店"), ("floor-area", "30"), ("reasons", "写错了")];
    let answer = east.fill(&case, &format!("{case}/correct"), &slip).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    reader.get(&entry).await.says(200, &["薄荷大店", "薄荷小店"]);
    let bad = [("floor-area", "large"), ("reasons", "x")];
    let answer = east.fill(&case, &format!("{case}/correct"), &bad).await;
    answer.says(422, &["Refused (number 1005)", "must be a whole number", "value=\"large\""]);

    town.pass_days(3).await;
    assert_eq!(east.get(&case).await.status, 303, "a session lasts half a day");
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    choose(&mut east, &case, "check", &[("outcome", "false"), ("reasons", "没有掌柜")]).await;
    reader.get(&entry).await.says(200, &["Not in force"]);
    reader.get(&certificate).await.says(200, &["该登记现已失效"]);
    let shown = lin.get(&case).await;
    shown.says(
        200,
        &["The licence is voided.", "没有掌柜", "Review in Willow (invented): last day"],
    );
    let decision = shown.hidden("decision");
    let wrong = [("decision", decision.as_str()), ("remedy", "town-review"), ("grounds", "有")];
    let answer = lin.fill(&case, &format!("{case}/appeal"), &wrong).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let mut hearing = Client::signed_in(town.router(), "town").await;
    hearing.get("/en/inbox").await.says(200, &["A decision is being challenged"]);
    hearing.get(&case).await.says(200, &["Rule on the challenge"]);
    let ruling = [("upheld", "yes"), ("reasons", "有掌柜")];
    let answer = hearing.fill(&case, &format!("{case}/rule"), &ruling).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    reader.get(&entry).await.says(200, &["In force"]);
}

#[tokio::test]
async fn a_supplement_is_asked_for_and_handed_in_and_another_case_withdrawn() {
    let town = Town::found("supplement").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    let bare = choose(&mut east, &case, "accept", &[("outcome", "incomplete")]).await;
    bare.says(422, &["Refused (number 1105)"]);
    let asks = [
        ("outcome", "incomplete"),
        ("reasons", "图不清楚"),
        ("items", "plan"),
        ("items", "keeper.name"),
    ];
    let answer = choose(&mut east, &case, "accept", &asks).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let shown = lin.get(&case).await;
    shown.says(
        200,
        &[
            "Waiting for the applicant to complete it",
            "The body&#39;s own time stands still",
            "图不清楚",
            "name=\"keeper.name\"",
        ],
    );
    assert!(!shown.body.contains("name=\"herb-room.name\""));
    let (token, key) = (shown.hidden("token"), shown.hidden("key"));
    let fields = [("token", token.as_str()), ("key", key.as_str()), ("keeper.name", "王二")];
    let supply = format!("{case}/supply");
    let half = lin.post_files(&supply, &fields, &[]).await;
    half.says(422, &["Refused (number 1110)", "value=\"王二\""]);
    let whole = lin.post_files(&supply, &fields, &[("plan", b"%PDF-1.7 clearer")]).await;
    assert_eq!(whole.status, 303, "{}", whole.body);
    lin.get(&case).await.says(200, &["At: Acceptance", "handed in: Name, Floor plan"]);
    lin.get(&format!("{case}/papers/plan")).await.says(200, &["clearer"]);
    let path = [("path", "keeper.name")];
    east.fill(&case, &format!("{case}/reveal"), &path).await.says(200, &["王二"]);
    let answer = lin.fill(&case, &format!("{case}/withdraw"), &[("reasons", "")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    lin.get(&case).await.says(200, &["Withdrawn by the applicant"]);
}

#[tokio::test]
async fn an_officer_writes_of_a_whole_district_and_nobody_else_is_offered_one() {
    let town = Town::found("districts").await;
    let district = "<option value=\"900101\"";
    let mut officer = Client::signed_in(town.router(), "planner").await;
    let form = officer.get("/en/apply/fair-adoption/whole").await;
    form.says(200, &["<option value=\"90\"", district, "<option value=\"900101001\""]);
    let mut applicant = Client::signed_in(town.router(), "lin").await;
    let form = applicant.get("/en/apply/herb-room-licence/whole").await;
    form.says(200, &["<option value=\"900101001\""]);
    assert!(!form.body.contains(district), "{}", form.body);
}
