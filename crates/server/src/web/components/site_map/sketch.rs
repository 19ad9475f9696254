//! The map as a drawing, for whoever has no scripts or no graphics: the plan as it stands in its
//! last year, with the signs of the legend.

use std::{collections::BTreeMap, fmt::Write};

use base::Point;

use super::Ground;
use crate::web::{
    geojson::{Feature, Filled, Kind},
    pages::map::Paper,
};

/// The half side of a sign, from so many of them on.
const SIZES: [(usize, i64); 3] = [(400, 6), (60, 9), (0, 15)];
/// The radius of the ring of the smallest need, and what the largest has beyond it.
const RING: (i64, i64) = (10, 16);
/// The height of a name, and the width of a letter and of a character.
const NAME: (i64, i64, i64) = (18, 8, 15);

/// A drawing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sketch {
    /// Its width.
    pub(crate) width: i64,
    /// Its height.
    pub(crate) height: i64,
    /// The outlines of the districts.
    pub(crate) outlines: String,
    /// What districts are called, where there is room for it.
    pub(crate) names: Vec<(i64, i64, String)>,
    /// The rings of needs.
    pub(crate) rings: Vec<Ring>,
    /// The signs, the last of them on top.
    pub(crate) signs: Vec<Sign>,
}

/// How large a need is.
#[derive(Debug, Clone)]
pub(crate) struct Ring {
    /// Its middle, from the left and from the top.
    pub(crate) at: (i64, i64),
    /// Its radius.
    pub(crate) radius: i64,
}

/// A sign on the drawing.
#[derive(Debug, Clone)]
pub(crate) struct Sign {
    /// By what the table knows what it stands for.
    pub(crate) key: String,
    /// Its layer.
    pub(crate) layer: &'static str,
    /// Its shape.
    pub(crate) shape: &'static str,
    /// Its corner, from the left and from the top.
    pub(crate) at: (i64, i64),
    /// Its side.
    pub(crate) side: i64,
}

impl Sketch {
    /// The drawing of what lies on some ground; empty where nothing lies anywhere.
    pub(super) fn of(ground: Option<&Ground<'_>>, features: &[Feature], filled: Filled) -> Self {
        let outlines = ground.map(|ground| ground.outlines);
        let corners = outlines.map(base::Outlines::corners);
        let Some(corners) = corners.or_else(|| around(features)) else { return Self::default() };
        let paper = Paper::within(corners);
        let (width, height) = paper.size();
        let mut path = String::new();
        let rings = outlines.into_iter().flat_map(|own| own.rings()).flat_map(|(_, rings)| rings);
        rings.for_each(|ring| paper.ring(ring, &mut path));
        Self {
            width,
            height,
            outlines: path,
            names: ground.map(|ground| names(ground, &paper)).unwrap_or_default(),
            rings: needs(&paper, features),
            signs: signs(&paper, features, filled),
        }
    }
}

/// The outermost places.
fn around(features: &[Feature]) -> Option<(Point, Point)> {
    let east = || features.iter().map(|own| own.point.longitude());
    let north = || features.iter().map(|own| own.point.latitude());
    let low = Point::new(east().min()?, north().min()?)?;
    Some((low, Point::new(east().max()?, north().max()?)?))
}

/// The names of districts that cover no other.
fn names(ground: &Ground<'_>, paper: &Paper) -> Vec<(i64, i64, String)> {
    let mut placed: Vec<(i64, i64, i64)> = Vec::new();
    let mut names = Vec::new();
    for (division, _) in ground.outlines.rings() {
        let centre = ground.outlines.centre(division);
        let Some((centre, name)) = centre.zip(ground.names.get(division)) else { continue };
        let (across, down) = paper.at(centre);
        let (high, letter, character) = NAME;
        let wide = |sign: char| if sign.is_ascii() { letter } else { character };
        let wide = name.chars().map(wide).sum();
        let covers = |(x, y, w): &(i64, i64, i64)| {
            2 * (across - x).abs() < wide + w && (down - y).abs() < high
        };
        if !placed.iter().any(covers) {
            placed.push((across, down, wide));
            names.push((across, down, name.clone()));
        }
    }
    names
}

/// The rings of the needs; their areas are as their needs are.
fn needs(paper: &Paper, features: &[Feature]) -> Vec<Ring> {
    let need = |own: &Feature| match own.kind {
        Kind::Area { need, .. } => Some((own.point, need)),
        _ => None,
    };
    let most = features.iter().filter_map(need).map(|(_, need)| need).max().unwrap_or_default();
    let (least, beyond) = RING;
    let radius = |need: u64| {
        let square = u128::from(beyond.unsigned_abs()).pow(2) * u128::from(need);
        least + i64::try_from((square / u128::from(most.max(1))).isqrt()).unwrap_or_default()
    };
    let ring = |(place, need)| Ring { at: paper.at(place), radius: radius(need) };
    features.iter().filter_map(need).map(ring).collect()
}

/// The signs, the most important last.
fn signs(paper: &Paper, features: &[Feature], filled: Filled) -> Vec<Sign> {
    let size = SIZES.iter().find(|(least, _)| features.len() >= *least);
    let half = size.map_or(0, |(_, half)| *half);
    let mut by_layer: BTreeMap<usize, Vec<Sign>> = BTreeMap::new();
    for own in features {
        let (layer, shape) = super::sign_of(&own.kind, filled);
        let (across, down) = paper.at(own.point);
        let at = (across - half, down - half);
        let sign = Sign { key: own.key.clone(), layer, shape, at, side: 2 * half };
        let order = super::LAYERS.iter().position(|(name, _)| *name == layer);
        by_layer.entry(order.unwrap_or_default()).or_default().push(sign);
    }
    by_layer.into_values().flatten().collect()
}

/// The outline of a shape: what is drawn, in which colour, and with which line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    /// The path, around the middle of a square whose sides are 24 long.
    pub(crate) path: &'static str,
    /// What it is filled with.
    pub(crate) fill: &'static str,
    /// The colour of its line.
    pub(crate) stroke: &'static str,
    /// How wide that is, in tenths.
    pub(crate) wide: u8,
}

impl Stroke {
    /// How wide the line is.
    pub(crate) fn width(&self) -> String {
        let mut width = String::new();
        // Writing to a string cannot fail.
        write!(width, "{}.{}", self.wide / 10, self.wide % 10).unwrap_or_default();
        width
    }
}

const fn stroke(path: &'static str, fill: &'static str, line: &'static str, wide: u8) -> Stroke {
    Stroke { path, fill, stroke: line, wide }
}

const INK: &str = "#16201f";
const PAPER: &str = "#ffffff";
const DISC: Stroke = stroke("M0-9A9 9 0 0 1 0 9A9 9 0 0 1 0-9Z", PAPER, INK, 16);

/// The signs by their name. Each has a shape of its own: none differs from another by its colour
/// alone (1.4.1).
pub(crate) const SHAPES: &[(&str, &[Stroke])] = &[
    ("need", &[stroke("M0-11A11 11 0 0 1 0 11A11 11 0 0 1 0-11Z", "#c9d8d9", "#47565a", 12)]),
    ("met-0", &[DISC]),
    ("met-1", &[DISC, stroke("M0 0V-9A9 9 0 0 1 9 0Z", INK, "none", 0)]),
    ("met-2", &[DISC, stroke("M0-9A9 9 0 0 1 0 9Z", INK, "none", 0)]),
    ("met-3", &[DISC, stroke("M0 0V-9A9 9 0 1 1-9 0Z", INK, "none", 0)]),
    ("met-4", &[stroke("M0-9A9 9 0 0 1 0 9A9 9 0 0 1 0-9Z", INK, INK, 16)]),
    ("home", &[stroke("M-9.5-9.5H9.5V9.5H-9.5Z", "#0b5c62", PAPER, 20)]),
    ("candidate", &[stroke("M0-9.5L9.5 0L0 9.5L-9.5 0Z", PAPER, INK, 20)]),
    (
        "refused",
        &[
            stroke("M-7-7L7 7M7-7L-7 7", "none", PAPER, 80),
            stroke("M-7-7L7 7M7-7L-7 7", "none", "#b3200c", 40),
        ],
    ),
    (
        "chosen",
        &[stroke(
            "M0-11L2.9-3.8L10.5-3.4L4.6 1.4L6.5 8.8L0 4.6L-6.5 8.8L-4.6 1.4L-10.5-3.4L-2.9-3.8Z",
            "#ffd23f",
            INK,
            16,
        )],
    ),
];
