//! A case ends, whoever had it rates it once, and a bad rating waits for the body that handled it.

use super::{
    client::Client,
    journey::{choose, filed},
    town::Town,
};

const APPLY: &str = "/en/apply/service-rating/whole";

/// The town, which keeps a list of cases that have ended and lets people rate them.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "pack.yaml",
        concat!(include_str!("../../../../../packs/willow/pack.yaml"), "handled: handled-case\n"),
    ),
    ("procedures/service-rating.yaml", include_str!("service-rating.yaml")),
];

/// A case of somebody that was withdrawn; its address and its number.
async fn ended(who: &mut Client) -> (String, String) {
    let case = filed(who).await;
    let page = format!("{case}/withdraw");
    let gone = who.fill(&case, &page, &[("reasons", "not now")]).await;
    assert_eq!(gone.status, 303, "{}", gone.body);
    let number = case.rsplit('/').next().unwrap().to_owned();
    (case, number)
}

#[tokio::test]
async fn a_case_that_has_ended_is_rated_once_by_whoever_had_it() {
    let town = Town::found_with("rated", FILES).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut wu = Client::signed_in(town.router(), "wu").await;
    let running = filed(&mut lin).await;
    let page = lin.get(&running).await;
    assert!(!page.body.contains(APPLY), "it has not ended: {}", page.body);
    let (case, number) = ended(&mut lin).await;
    let link = format!("{APPLY}?rated-case.case={number}");
    lin.get(&case).await.says(200, &[&format!("href=\"{link}\""), "Rate a service"]);
    lin.get("/en/messages").await.says(200, &["Your case has ended"]);
    // Without a link the form offers the cases that have ended, and no other.
    let bare = lin.get(APPLY).await;
    bare.says(200, &["Herb room licence (invented) · 2024-03-04"]);
    let open = format!("value=\"{}\"", running.rsplit('/').next().unwrap());
    assert!(!bare.body.contains(&open), "a running case is offered: {}", bare.body);
    // The form has the number of the case already.
    lin.get(&link).await.says(200, &[&format!("value=\"{number}\""), "How satisfied are you"]);
    let good = [
        ("rated-case.case", number.as_str()),
        ("rating.grade", "satisfied"),
        ("rating.says", "Well explained at the desk"),
    ];
    let other = wu.fill(APPLY, APPLY, &good).await;
    other.says(
        409,
        &[
            "number 1129",
            "Only whoever applied in the case may rate it",
            "Well explained at the desk",
        ],
    );
    let rated = lin.fill(&link, APPLY, &good).await;
    assert_eq!(rated.status, 303, "{}", rated.body);
    let rating = rated.location().split('?').next().unwrap().to_owned();
    lin.get(&rating).await.says(200, &["Ended: Rated", "Good or bad", "Good"]);
    let page = lin.get(&case).await;
    page.says(200, &["Each case is rated once, and this one has been"]);
    assert!(!page.body.contains(APPLY), "it is offered again: {}", page.body);
    let again = lin.fill(APPLY, APPLY, &good).await;
    again.says(409, &["number 1129", "Each case is rated once, and this one has been"]);
    let mut reader = Client::new(town.router());
    let register = reader.get("/en/registers/service-rating").await;
    register.says(200, &["Herb room licence (invented)"]);
    let key = format!("HP-900101-2024-{}", rating.rsplit('/').next().unwrap());
    let entry = reader.get(&format!("/en/registers/service-rating/{key}")).await;
    entry.says(200, &["Satisfied", "None needed"]);
    for private in ["Well explained", "Lin"] {
        assert!(!entry.body.contains(private), "`{private}` in {}", entry.body);
    }
    reader.get("/en/services/herb-room-licence").await.says(
        200,
        &[
            "The newest rating. Who rated",
            "Satisfied</th><td class=\"govuk-table__cell govuk-table__cell--numeric\">1<",
        ],
    );
    let guide = reader.get("/en/services/tea-house-licence").await;
    assert!(!guide.body.contains("id=\"ratings\""), "nobody rated it: {}", guide.body);
    // The list of cases that have ended is in nobody's view.
    reader.get("/en/registers/handled-case").await.says(404, &[]);
}

#[tokio::test]
async fn a_bad_rating_waits_for_the_body_that_handled_the_case() {
    let town = Town::found_with("rated-badly", FILES).await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let mut west = Client::signed_in(town.router(), "west").await;
    let (_, number) = ended(&mut lin).await;
    let bad = [("rated-case.case", number.as_str()), ("rating.grade", "very-dissatisfied")];
    let rated = lin.fill(APPLY, APPLY, &bad).await;
    assert_eq!(rated.status, 303, "{}", rated.body);
    let rating = rated.location().split('?').next().unwrap().to_owned();
    east.get("/en/inbox").await.says(200, &["Rate a service", "Call-back and repair"]);
    let elsewhere = west.get("/en/inbox").await;
    assert!(!elsewhere.body.contains("Rate a service"), "{}", elsewhere.body);
    let key = format!("HP-900101-2024-{}", rating.rsplit('/').next().unwrap());
    let entry = format!("/en/registers/service-rating/{key}");
    let mut reader = Client::new(town.router());
    reader.get(&entry).await.says(200, &["Very dissatisfied", "Under way"]);
    let bare = choose(&mut east, &rating, "repair", &[("outcome", "repaired")]).await;
    bare.says(422, &["number 1005"]);
    let answer = [
        ("outcome", "repaired"),
        ("rating-repair.called-on", "2024-03-04"),
        ("rating-repair.found", "founded"),
        ("rating-repair.done", "The list of papers hangs at the desk now"),
    ];
    let done = choose(&mut east, &rating, "repair", &answer).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let said =
        ["Very dissatisfied", "Put right", "Founded", "The list of papers hangs at the desk"];
    reader.get(&entry).await.says(200, &said);
    lin.get(&rating).await.says(200, &["Ended: Put right"]);
}

#[tokio::test]
async fn the_guide_shows_what_admits_a_filing_and_where_a_case_turns() {
    let town = Town::found_with("rated-guide", FILES).await;
    let mut reader = Client::new(town.router());
    reader.get("/en/services/service-rating").await.says(
        200,
        &[
            "Only whoever applied in the case may rate it",
            "Each case is rated once",
            "Good or bad",
            "Call-back and repair",
            "the body that the entry names",
        ],
    );
    let picture = reader.get("/en/services/service-rating/flow.svg").await;
    picture.says(200, &["Good or bad"]);
}
