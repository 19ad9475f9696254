//! Nobody is decided against unheard: the party is told that it is its turn, why, and what silence
//! means; and a condition that the case meets is no reason by itself.

use super::{
    client::Client,
    journey::{choose, filed},
    town::Town,
};

const WHY: &str = "The sign hides the street (invented)";
const TURN: &str = "Your case waits for your answer";
const MET: &str = "is met by what the case states; say in your own words what was found";

#[tokio::test]
async fn the_party_is_told_when_it_is_to_be_heard() {
    let town = Town::found("heard").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let before = lin.get("/en/messages").await;
    assert!(!before.body.contains(TURN), "accepted is no turn of the applicant's");
    let doubtful = [("outcome", "doubtful"), ("reasons", WHY)];
    choose(&mut east, &case, "examine", &doubtful).await;
    let told = lin.get("/en/messages").await;
    told.says(200, &[TURN, "what follows if you say nothing"]);
    lin.get("/zh/messages").await.says(200, &["您的办件等您答复"]);
    lin.get(&case).await.says(
        200,
        &[
            "href=\"#do-choose\">Statement</a>",
            "You may choose: Make a statement, Waive it.",
            "Saying nothing in time counts as: Waive it.",
            &format!("Why: {WHY}"),
            "until 20",
            "id=\"do-choose\"",
        ],
    );
    let officer = east.get(&case).await;
    assert!(!officer.body.contains("You may choose:"), "it is not the officer's turn");
    choose(&mut lin, &case, "statement", &[("outcome", "waived")]).await;
    let after = lin.get("/en/messages").await;
    let count = |body: &str| body.matches(TURN).count();
    assert_eq!(count(&after.body), count(&told.body), "nobody is told of what they did themselves");
    assert!(!lin.get(&case).await.body.contains("You may choose:"));
}

#[tokio::test]
async fn a_condition_that_is_met_is_no_reason_by_itself() {
    let town = Town::found("met").await;
    let mut lin = Client::signed_in(town.router(), "lin").await;
    let mut east = Client::signed_in(town.router(), "east").await;
    let case = filed(&mut lin).await;
    choose(&mut east, &case, "accept", &[("outcome", "accepted")]).await;
    let offered = east.get(&case).await;
    offered.says(200, &["name=\"rule\" value=\"roomy\"", "What the case states meets these."]);
    for outcome in ["bad", "doubtful"] {
        let alone = [("outcome", outcome), ("rule", "roomy")];
        let refused = choose(&mut east, &case, "examine", &alone).await;
        refused.says(422, &[MET, "href=\"#reasons-choose\"", "value=\"roomy\" checked"]);
    }
    lin.get(&case).await.says(200, &["Examination"]);
    let words = [("outcome", "bad"), ("rule", "roomy"), ("reasons", WHY)];
    assert_eq!(choose(&mut east, &case, "examine", &words).await.status, 303);
    lin.get(&case).await.says(200, &["Large enough, unless for charity", WHY]);
}
