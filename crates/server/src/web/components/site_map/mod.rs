//! A plan on a map: needs and how far they are met, homes, and the sites that could be, cannot be
//! and are to be. Everything the map says stands in tables (1.1.1, 1.3.1): each line of them shows
//! its place, and a place leads to its line. Signs differ by shape and not by colour alone (1.4.1,
//! 1.4.11); whatever the pointer does to the map, buttons and keys do, too (2.1.1, 2.5.1, 2.5.7).
//!
//! The server draws a sketch. Where scripts and graphics are, `layout-map.js` puts a map in its
//! place that can be moved; it asks for nothing but our own files.

mod sample;
mod sketch;

use std::collections::{BTreeMap, BTreeSet};

use askama::{Template, filters::HtmlSafe};
use base::{Division, Outlines};

use super::{Component, citation::Cited};
use crate::web::{
    assets,
    geojson::{Feature, Filled, Kind},
    shown::Shown,
    words::Words,
};

pub(crate) use sample::file as sample_file;
use sketch::{SHAPES, Sign, Sketch};

/// Where the outlines of the districts are.
pub(crate) const OUTLINES: &str = "/outlines.geojson";

/// What can be switched, from below to above, with the key of its text.
const LAYERS: &[(&str, &str)] = &[
    ("need", "site-map-need"),
    ("met", "site-map-met"),
    ("refused", "site-map-refused"),
    ("candidate", "site-map-candidate"),
    ("home", "site-map-home"),
    ("chosen", "site-map-chosen"),
];

/// The signs of a disc by how full it is.
const DISCS: [&str; 5] = ["met-0", "met-1", "met-2", "met-3", "met-4"];

/// What discs say: all of them, and each of the five fillings.
fn said(filled: Filled) -> (&'static str, [&'static str; 5]) {
    match filled {
        Filled::Met => (
            "site-map-met",
            [
                "site-map-met-none",
                "site-map-met-quarter",
                "site-map-met-half",
                "site-map-met-most",
                "site-map-met-all",
            ],
        ),
        Filled::Access => (
            "site-map-access",
            [
                "site-map-access-none",
                "site-map-access-quarter",
                "site-map-access-half",
                "site-map-access-most",
                "site-map-access-all",
            ],
        ),
        Filled::Cost => (
            "site-map-cost",
            [
                "site-map-cost-none",
                "site-map-cost-quarter",
                "site-map-cost-half",
                "site-map-cost-most",
                "site-map-cost-all",
            ],
        ),
    }
}

/// What things lie on.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    /// The outlines of districts.
    pub(crate) outlines: &'a Outlines,
    /// What they are called.
    pub(crate) names: BTreeMap<Division, String>,
    /// Where the outlines are.
    pub(crate) href: &'static str,
    /// What they are drawn from.
    pub(crate) sources: Vec<Cited>,
}

impl<'a> Ground<'a> {
    /// The districts of a pack; none where it has no outlines.
    pub(crate) fn of(shown: Shown<'a>) -> Option<Self> {
        let outlines = shown.pack.outlines.as_ref()?;
        let called = |division: &Division| {
            let name = shown.pack.divisions.name(division)?;
            Some((division.clone(), name.to(shown.words.0).to_owned()))
        };
        let names = outlines.rings().filter_map(|(division, _)| called(division)).collect();
        let sources = shown.all_cited(&shown.pack.outlined_by);
        Some(Self { outlines, names, href: OUTLINES, sources })
    }
}

/// What a map is called, and where its features are.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// The anchor; no other map of the page has it.
    pub(crate) id: &'static str,
    /// Its title.
    pub(crate) title: String,
    /// What it shows, in words.
    pub(crate) says: String,
    /// The address of the features as GeoJSON.
    pub(crate) source: String,
    /// What discs are filled by.
    pub(crate) filled: Filled,
}

/// A plan on a map.
#[derive(Debug, Clone, Template)]
#[template(path = "site_map/template.html")]
pub(crate) struct SiteMap {
    words: Words,
    about: About,
    /// The address of the outlines; empty where there are none.
    outlines: &'static str,
    sources: Vec<Cited>,
    /// The layers in which something lies.
    layers: Vec<Layer>,
    /// The years in which something comes to stand.
    years: BTreeSet<u16>,
    sketch: Sketch,
    tables: Vec<Table>,
}

/// A layer in the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    name: &'static str,
    text: String,
    /// The sign of it.
    shape: &'static str,
}

/// A table of what lies on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// What it is a table of.
    pub(crate) title: String,
    /// What its columns are; the first is that of the names.
    pub(crate) heads: Vec<String>,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
}

impl Table {
    /// What the column of the names is.
    fn first(&self) -> &str {
        self.heads.first().map_or("", String::as_str)
    }

    /// The other columns of a line.
    fn cells<'t>(&'t self, line: &'t Line) -> impl Iterator<Item = (&'t String, &'t String)> {
        self.heads.iter().skip(1).zip(&line.cells)
    }
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The key of what it is about.
    pub(crate) key: String,
    /// What that is called.
    pub(crate) title: String,
    /// A page about it; empty where there is none.
    pub(crate) href: String,
    /// What is said in the other columns.
    pub(crate) cells: Vec<String>,
}

/// The layer and the sign of what lies somewhere, in the last year.
fn sign_of(kind: &Kind, filled: Filled) -> (&'static str, &'static str) {
    match kind {
        Kind::Area { .. } => ("met", share(kind.part(filled).map_or(0, |own| own.by(u16::MAX)))),
        Kind::Home { .. } => ("home", "home"),
        Kind::Candidate => ("candidate", "candidate"),
        Kind::Refused { .. } => ("refused", "refused"),
        Kind::Chosen { .. } => ("chosen", "chosen"),
    }
}

/// How a disc is filled that says so many thousandths; `filling` in the script does so, too.
fn share(part: u16) -> &'static str {
    let filled = usize::from(part.min(1000)) / 250;
    DISCS.get(filled).copied().unwrap_or("met-0")
}

impl SiteMap {
    /// A map of what lies on some ground. What the tables do not say the page says elsewhere: any
    /// row of the page with the attribute `data-map-row` leads to the map and back.
    pub(crate) fn of(
        words: Words,
        about: About,
        ground: Option<Ground<'_>>,
        features: &[Feature],
        tables: Vec<Table>,
    ) -> Self {
        let filled = about.filled;
        let sign = |own: &Feature| sign_of(&own.kind, filled).0;
        let there: BTreeSet<&str> = features.iter().map(sign).collect();
        let there = |name: &str| there.contains(if name == "need" { "met" } else { name });
        let layer = |(name, text): &(&'static str, &'static str)| Layer {
            name,
            text: words.t(if *name == "met" { said(filled).0 } else { text }),
            shape: if *name == "met" { "met-2" } else { name },
        };
        Self {
            words,
            about,
            layers: LAYERS.iter().filter(|(name, _)| there(name)).map(layer).collect(),
            years: features.iter().flat_map(|own| years(own, filled)).collect(),
            sketch: Sketch::of(ground.as_ref(), features, filled),
            outlines: ground.as_ref().map_or("", |ground| ground.href),
            sources: ground.map(|ground| ground.sources).unwrap_or_default(),
            tables,
        }
    }

    /// The texts of the shares that a disc says.
    fn shares(&self) -> Vec<(&'static str, String)> {
        let (_, texts) = said(self.about.filled);
        DISCS.into_iter().zip(texts).map(|(shape, text)| (shape, self.words.t(text))).collect()
    }

    fn shapes(&self) -> &'static [(&'static str, &'static [sketch::Stroke])] {
        SHAPES
    }

    /// The signs of one layer.
    fn signs<'s>(&'s self, layer: &'s str) -> impl Iterator<Item = &'s Sign> + 's {
        self.sketch.signs.iter().filter(move |sign| sign.layer == layer)
    }

    /// The library that draws the map, and what it works with beside the page.
    fn library(&self) -> (String, String) {
        (assets::href("maplibre.js"), assets::href("maplibre-worker.js"))
    }

    /// Whether a year is the last.
    fn last(&self, year: &u16) -> bool {
        self.years.last() == Some(year)
    }
}

/// The years in which something changes.
fn years(feature: &Feature, filled: Filled) -> Vec<u16> {
    match &feature.kind {
        Kind::Area { .. } => {
            let part = feature.kind.part(filled).into_iter();
            part.flat_map(|own| own.by_year.keys().copied()).collect()
        }
        Kind::Chosen { year, .. } => vec![*year],
        _ => Vec::new(),
    }
}

impl HtmlSafe for SiteMap {}

impl Component for SiteMap {
    const NAME: &'static str = "site_map";
    const CRITERIA: &'static [&'static str] =
        &["1.1.1", "1.3.1", "1.4.1", "1.4.11", "2.1.1", "2.4.4", "2.5.1", "2.5.7", "4.1.3"];

    fn samples(words: Words) -> Vec<Self> {
        sample::samples(words)
    }
}

#[cfg(test)]
mod tests {
    use base::Language;

    use super::*;

    #[test]
    fn a_disc_is_as_full_as_the_need_is_met() {
        for (met, shape) in [
            (0, "met-0"),
            (249, "met-0"),
            (250, "met-1"),
            (500, "met-2"),
            (999, "met-3"),
            (1000, "met-4"),
            (1400, "met-4"),
        ] {
            assert_eq!(share(met), shape, "{met}");
        }
    }

    /// Whoever sees no map reads everything: each feature has a line, and each line a feature.
    #[test]
    fn what_lies_on_the_map_stands_in_a_table() {
        for language in [Language::Zh, Language::En] {
            let samples = SiteMap::samples(Words(language));
            let [whole, bare] = samples.as_slice() else { panic!("{}", samples.len()) };
            let signs: BTreeSet<&str> =
                whole.sketch.signs.iter().map(|sign| sign.key.as_str()).collect();
            let lines = whole.tables.iter().flat_map(|table| &table.lines);
            assert_eq!(signs, lines.map(|line| line.key.as_str()).collect());
            let html = whole.render().unwrap();
            for layer in &whole.layers {
                assert!(html.contains(&format!("data-map-layer=\"{}\"", layer.name)), "{layer:?}");
                assert!(html.contains(&layer.text), "{layer:?}");
            }
            assert_eq!(whole.layers.len(), LAYERS.len());
            assert_eq!(html.matches("<use ").count(), signs_drawn(whole));
            assert!(html.contains("data-outlines=\"/components/outlines.geojson\""));
            let html = bare.render().unwrap();
            assert!(!html.contains("data-map-when") && !html.contains("data-outlines=\"/"));
        }
    }

    /// Every sign of the drawing and each of the legend once.
    fn signs_drawn(map: &SiteMap) -> usize {
        map.sketch.signs.len() + map.layers.len() + DISCS.len()
    }
}
