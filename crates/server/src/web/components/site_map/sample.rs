//! Samples of maps: an invented town whose plan has two phases, and homes without any ground.

use std::collections::BTreeMap;

use base::{Divisions, Outlines, Point};

use super::{About, Ground, Line, SiteMap, Table};
use crate::web::{
    components::citation::Cited,
    geojson::{Feature, Filled, GeoJson, Kind, Part, collection, outlines},
    words::Words,
};

/// Two districts of a town that there is not.
const RINGS: &str = "division,ring\n\
    900101,150.1 20.0;150.2 20.0;150.2 20.12;150.1 20.1\n\
    900102,150.0 20.0;150.1 20.0;150.1 20.1;150.02 20.08\n";
const NAMES: &str = "code,name_zh,name_en\n900101,东区（虚构）,East (invented)\n\
    900102,西区（虚构）,West (invented)\n";

/// The years of its phases.
const PHASES: [u16; 2] = [2031, 2033];

/// Where its areas lie, what they need, and how much of that is met at first and in each phase.
const AREAS: [(&str, u64, [u16; 3]); 5] = [
    ("150.03 20.03", 40, [0, 300, 300]),
    ("150.07 20.07", 160, [250, 550, 1000]),
    ("150.13 20.03", 90, [500, 500, 800]),
    ("150.17 20.08", 240, [100, 100, 760]),
    ("150.12 20.09", 20, [1000, 1000, 1000]),
];
/// Where its homes are, and their places.
const HOMES: [(&str, u64); 2] = [("150.06 20.05", 40), ("150.12 20.07", 60)];
/// Where more could be built.
const CANDIDATES: [&str; 2] = ["150.15 20.02", "150.04 20.06"];
/// Where nothing may be.
const REFUSED: [&str; 2] = ["150.18 20.03", "150.09 20.02"];
/// Where something is to be, from which year, and its places.
const CHOSEN: [(&str, u16, u64); 3] =
    [("150.05 20.04", 2031, 60), ("150.16 20.07", 2033, 180), ("150.06 20.05", 2033, 120)];

/// A file that a sample asks for.
pub(crate) fn file(name: &str) -> Option<GeoJson> {
    match name {
        "sites.geojson" => Some(collection(&features())),
        "homes.geojson" => Some(collection(&homes().collect::<Vec<_>>())),
        "outlines.geojson" => {
            let names = Divisions::from_csv(&[NAMES]).ok()?;
            Some(outlines(&Outlines::from_csv(RINGS).ok()?, &names))
        }
        _ => None,
    }
}

/// A plan on its ground with its tables, and homes without either.
pub(super) fn samples(words: Words) -> Vec<SiteMap> {
    let about = |id, says: &str, source: &str| About {
        id,
        title: words.t("site-map-sample"),
        says: words.t(says),
        source: source.to_owned(),
        filled: Filled::Met,
    };
    let whole = about("map-sample", "site-map-sample-says", "/components/sites.geojson");
    let bare = about("map-sample-homes", "site-map-sample-homes", "/components/homes.geojson");
    let rings = Outlines::from_csv(RINGS).ok();
    let ground = rings.as_ref().map(|outlines| ground(words, outlines));
    let homes: Vec<Feature> = homes().collect();
    vec![
        SiteMap::of(words, whole, ground, &features(), tables(words)),
        SiteMap::of(words, bare, None, &homes, Vec::new()),
    ]
}

fn ground(words: Words, outlines: &Outlines) -> Ground<'_> {
    let named = Divisions::from_csv(&[NAMES]).unwrap_or_default();
    let name = |division: &base::Division| {
        Some((division.clone(), named.name(division)?.to(words.0).to_owned()))
    };
    let names: BTreeMap<_, _> = outlines.rings().filter_map(|(own, _)| name(own)).collect();
    let mark = "assumed";
    let cited = Cited { text: words.t("invented"), sure: words.t("sure-assumed"), mark };
    Ground { outlines, names, href: "/components/outlines.geojson", sources: vec![cited] }
}

/// Each with a key of a letter and its place in the list.
fn lie<K>(
    letter: char,
    list: impl IntoIterator<Item = (&'static str, K)>,
    kind: impl Fn(K) -> Kind,
) -> impl Iterator<Item = Feature> {
    (1..).zip(list).filter_map(move |(number, (place, own))| {
        let point = Point::parse(place).ok()?;
        Some(Feature { key: format!("{letter}{number}"), point, kind: kind(own) })
    })
}

fn homes() -> impl Iterator<Item = Feature> {
    lie('h', HOMES, |places| Kind::Home { places })
}

fn features() -> Vec<Feature> {
    let met = |[before, first, second]: [u16; 3]| Part {
        before,
        by_year: PHASES.into_iter().zip([first, second]).collect(),
    };
    let areas = AREAS.map(|(place, need, shares)| (place, (need, shares)));
    let area = move |(need, own)| Kind::Area { need, met: Some(met(own)), access: None };
    let areas = lie('a', areas, area);
    let candidates = lie('c', CANDIDATES.map(|place| (place, ())), |()| Kind::Candidate);
    let refused = REFUSED.map(|place| (place, "flood".to_owned()));
    let refused = lie('r', refused, |bar| Kind::Refused { bar });
    let chosen = CHOSEN.map(|(place, year, places)| (place, (year, places)));
    let chosen = lie('s', chosen, |(year, places)| {
        let course = "small".to_owned();
        Kind::Chosen { course, year, places }
    });
    // The last of the chosen is the first home, which is to grow.
    let chosen = chosen.map(|own| if own.key == "s3" { grown(own) } else { own });
    areas.chain(homes()).chain(candidates).chain(refused).chain(chosen).collect()
}

fn grown(own: Feature) -> Feature {
    Feature { key: "h1".to_owned(), ..own }
}

fn tables(words: Words) -> Vec<Table> {
    let name = |key: &str| words.with("site-map-sample-place", &key.to_uppercase());
    let line = |own: &Feature, cells: Vec<String>| Line {
        key: own.key.clone(),
        title: name(&own.key),
        href: String::new(),
        cells,
    };
    let all = features();
    let lines = |cells: &dyn Fn(&Kind) -> Option<Vec<String>>| -> Vec<Line> {
        all.iter().filter_map(|own| Some(line(own, cells(&own.kind)?))).collect()
    };
    let table = |title: &str, heads: &[&str], lines: Vec<Line>| Table {
        title: words.t(title),
        heads: std::iter::once("site-map-place")
            .chain(heads.iter().copied())
            .map(|key| words.t(key))
            .collect(),
        lines,
    };
    let chosen = lines(&|kind| match kind {
        Kind::Chosen { year, places, .. } => Some(vec![year.to_string(), places.to_string()]),
        _ => None,
    });
    let homes = lines(&|kind| match kind {
        Kind::Home { places } => Some(vec![places.to_string()]),
        _ => None,
    });
    let candidates = lines(&|kind| matches!(kind, Kind::Candidate).then(Vec::new));
    let refused = lines(&|kind| match kind {
        Kind::Refused { .. } => Some(vec![words.t("site-map-sample-bar")]),
        _ => None,
    });
    let areas = lines(&|kind| match kind {
        Kind::Area { need, met, .. } => {
            let met = met.clone().unwrap_or_default();
            Some(vec![need.to_string(), percent(met.before), percent(met.by(u16::MAX))])
        }
        _ => None,
    });
    let (year, places) = ("site-map-from-year", "site-map-places");
    let shares = ["site-map-need-short", "site-map-met-before", "site-map-met-after"];
    vec![
        table("site-map-chosen", &[year, places], chosen),
        table("site-map-home", &[places], homes),
        table("site-map-candidate", &[], candidates),
        table("site-map-refused", &["site-map-reason"], refused),
        table("site-map-areas", &shares, areas),
    ]
}

/// Thousandths as whole hundredths.
fn percent(met: u16) -> String {
    format!("{}%", met / 10)
}
