//! Entries whose publication ends: from the day after it, the public reads them nowhere, as of
//! whichever day; officers still do.

use axum::{body::Body, http::Method};

use super::{client::Client, journey::choose, town::Town};

/// Measures that are published until they are due.
pub(super) const PUBLISHED: (&str, &str) = (
    "registers/measure.yaml",
    concat!(
        include_str!("../../../../../packs/willow/registers/measure.yaml"),
        "published_until: due-on\n"
    ),
);

/// A plan of which one measure is due in four days, and another later.
const PLAN: (&str, &str) = (
    "tables/plan.yaml",
    "table: plan
title: { zh: 柳溪计划（虚构）, en: The plan of Willow (invented) }
register: measure
basis:
  - { act: 柳溪计划（虚构）, confidence: assumed }
rows:
  W1:
    title: { zh: 便利草药房开办, en: Make it easy to open a herb room }
    due-on: 2024-03-20
    bodies: [health@90]
  W2:
    title: { zh: 夜间草药房, en: Herb rooms at night }
    due-on: 2024-03-08
    bodies: [health@90]
",
);

/// What the register says, wherever it is read.
const READS: &[&str] = &[
    "/en/registers/measure",
    "/en/registers/measure?on=2024-03-05",
    "/en/registers/measure?q=night",
    "/en/registers/measure/table.csv",
    "/api/registers/measure",
    "/api/registers/measure?on=2024-03-05",
];
/// What only the entry itself says.
const ENTRY: &[&str] = &[
    "/en/registers/measure/W2",
    "/en/registers/measure/W2?on=2024-03-05",
    "/api/registers/measure/W2",
    "/en/qr/measure/W2.svg",
];

async fn names(who: &mut Client, address: &str) -> bool {
    let answer = who.ask(Method::GET, address, &[], Body::empty()).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.body);
    answer.body.contains("W2") || answer.body.contains("Herb rooms at night")
}

#[tokio::test]
async fn what_is_no_longer_published_is_read_by_officers_only() {
    let town = Town::found_with("publication", &[PUBLISHED, PLAN]).await;
    let mut officer = Client::signed_in(town.router(), "town").await;
    let form = "/en/apply/plan-adoption/whole";
    let adopted = officer.fill(form, form, &[("plan.division", "90")]).await;
    let adopted = adopted.location().split('?').next().unwrap().to_owned();
    let published = [("outcome", "published")];
    assert_eq!(choose(&mut officer, &adopted, "publish", &published).await.status, 303);
    // The last day counts.
    town.pass_days(4).await;
    let mut anyone = Client::new(town.router());
    for address in READS {
        assert!(names(&mut anyone, address).await, "{address} on the last day");
    }
    for address in ENTRY {
        assert_eq!(anyone.get(address).await.status, 200, "{address} on the last day");
    }
    town.pass_days(1).await;
    let mut officer = Client::signed_in(town.router(), "town").await;
    for address in READS {
        assert!(!names(&mut anyone, address).await, "{address} is read by everybody");
        assert!(names(&mut officer, address).await, "{address} is kept from officers");
    }
    for address in ENTRY {
        assert_eq!(anyone.get(address).await.status, 404, "{address} is read by everybody");
        assert_eq!(officer.get(address).await.status, 200, "{address} is kept from officers");
    }
    // The other measure is there, and nothing of such a register is sought.
    anyone.get("/en/registers/measure/W1").await.says(200, &["Make it easy"]);
    let sought = anyone.get("/en/search?q=night").await;
    assert!(!sought.body.contains("Herb rooms at night"), "{}", sought.body);
}
