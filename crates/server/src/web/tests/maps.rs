//! What maps lie on and what they show, over HTTP.

use base::Language;

use super::{
    client::{Answer, Client},
    town::Town,
};
use crate::web::{components::site_map::Ground, shown::Shown, words::Words};

#[tokio::test]
async fn the_outlines_of_the_districts_are_for_everybody() {
    let town = Town::found("outlines").await;
    let answer = Client::new(town.router()).get("/outlines.geojson").await;
    answer
        .says(200, &["\"FeatureCollection\"", "\"MultiPolygon\"", "\"code\":\"900101\"", "150.1"]);
    assert_eq!(header(&answer, "content-type"), "application/geo+json");
    assert_eq!(header(&answer, "cache-control"), "public, max-age=3600");
    let live = &town.app.packs.live;
    let day = live.zone.day_of(town.app.clock.now());
    for language in [Language::Zh, Language::En] {
        let ground = Ground::of(Shown { pack: live, words: Words(language), day }).unwrap();
        assert_eq!(ground.names.len(), 3);
        assert!(!ground.sources.is_empty() && answer.body.contains(&ground.names[&east()]));
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn east() -> base::Division {
    base::Division::parse("900101").unwrap()
}

#[tokio::test]
async fn samples_of_maps_have_their_features_and_nothing_else_has() {
    let town = Town::found("map-samples").await;
    let mut nobody = Client::new(town.router());
    for (file, says) in
        [("sites", "\"met-2033\""), ("homes", "\"home\""), ("outlines", "\"centre\"")]
    {
        nobody.get(&format!("/components/{file}.geojson")).await.says(200, &[says]);
    }
    nobody.get("/components/other.geojson").await.says(404, &[]);
    let page = nobody.get("/en/components").await;
    page.says(200, &["data-source=\"/components/sites.geojson\"", "/assets/maplibre.js?of="]);
    let policy = header(&page, "content-security-policy");
    assert!(policy.contains("worker-src 'self'") && !policy.contains("unsafe-eval"), "{policy}");
    // Nobody pays for a library that is not used.
    let plain = nobody.get("/en/services").await;
    assert!(!plain.body.contains("layout-map") && !plain.body.contains("maplibre"));
}
