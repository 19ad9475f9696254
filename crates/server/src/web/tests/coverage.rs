//! What is carried out, as anybody reads it: nothing is played while somebody waits.

use std::path::Path;

use pack::{scenarios, source::Folder};
use replay::plan::{Coverage, played};

use super::{client::Client, town::Town};
use crate::web::Telling;

/// What the shipped stories whose names begin so show of the town.
async fn told(town: &Town, begin: &str) -> Telling {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let stories = scenarios(&Folder(&packs), "willow").unwrap_or_default();
    let stories = stories.iter().map(|(_, story)| story);
    let pack = &town.app.packs.live;
    let played = played(pack, stories.filter(|s| s.scenario.as_str().starts_with(begin))).await;
    Telling::Played(Coverage::of(&[(pack, &played)]))
}

#[tokio::test]
async fn before_the_stories_are_told_the_page_says_so() {
    let town = Town::found("coverage-not-yet").await;
    let mut client = Client::new(town.router());
    client.get("/en/plan/coverage").await.says(200, &["The stories are being played."]);
    client.get("/en/plan").await.says(200, &["href=\"/en/plan/coverage\""]);
    town.app.told.set(Telling::NotAtHand).unwrap();
    client.get("/zh/plan/coverage").await.says(200, &["本机没有本地的演练"]);
}

#[tokio::test]
async fn each_row_names_its_services_registers_and_what_is_missing() {
    let rows: [(&str, &str, &[&str]); 3] = [
        (
            "en",
            "",
            &[
                "<h2>Table of systems (sixty rows)</h2>",
                "<p>0 carried out, 0 in part, 60 not yet.</p>",
                "<h2>Measures</h2>",
                "<p>1 carried out, 0 in part, 1 not yet.</p>",
                "<a href=\"/en/services/herb-room-licence\">Herb room licence (invented)</a>",
                "<a href=\"/en/registers/herb-room\">Register of herb rooms (invented)</a>",
            ],
        ),
        ("zh", "", &["已落实 1 项，部分落实 0 项，尚未落实 1 项。", "草药房名册（虚构）"]),
        (
            "en",
            "room-granted-at-once",
            &["0 carried out, 1 in part, 1 not yet.", "1 story, accepted 1, refused 0"],
        ),
    ];
    for (language, begin, parts) in rows {
        let town = Town::found(&format!("coverage-{language}-{begin}")).await;
        town.app.told.set(told(&town, begin).await).unwrap();
        let page = Client::new(town.router()).get(&format!("/{language}/plan/coverage")).await;
        page.says(200, parts);
        let ids = page.body.matches("<tr id=\"").count();
        assert_eq!(ids, 62, "sixty rows and two measures");
        if begin.contains("once") {
            page.says(200, &["Missing: a refusal, a lapse or other exit"]);
        }
    }
}
