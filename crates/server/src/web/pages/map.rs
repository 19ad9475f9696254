//! A sketch of the districts with a mark where an entry lies, drawn here: nothing is fetched,
//! nothing runs, and whoever cannot see it reads the same in words.

use std::fmt::Write;

use base::{Outlines, Point};

use crate::web::{components::citation::Cited, shown::Shown};

/// The width of the drawing, and the most it is high.
const SIDE: i64 = 640;
/// Free space around the outlines.
const EDGE: i64 = 8;

/// A map with one mark.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    /// What it shows, in words.
    pub(crate) says: String,
    /// Longitude and latitude.
    pub(crate) coordinates: String,
    /// Its width.
    pub(crate) width: i64,
    /// Its height.
    pub(crate) height: i64,
    /// The outlines of the other districts.
    pub(crate) others: String,
    /// The outline of the district it lies in.
    pub(crate) own: String,
    /// Where the mark stands from the left.
    pub(crate) across: i64,
    /// And from the top.
    pub(crate) down: i64,
    /// The search for what is near.
    pub(crate) near: String,
    /// What the outlines are drawn from.
    pub(crate) sources: Vec<Cited>,
}

/// How places become places on paper: north is up, and a metre is as long in both directions.
pub(in crate::web) struct Paper {
    low: Point,
    high: Point,
    /// Metres of the whole map, from west to east and from south to north.
    metres: (i64, i64),
    size: (i64, i64),
}

impl Paper {
    pub(super) fn of(outlines: &Outlines) -> Self {
        Self::within(outlines.corners())
    }

    /// The paper of what lies between the south-western and the north-eastern corner.
    pub(in crate::web) fn within((low, high): (Point, Point)) -> Self {
        let middle = i64::midpoint(low.latitude(), high.latitude());
        let beside = |longitude: i64| Point::new(longitude, middle).unwrap_or(low);
        let east = beside(low.longitude()).metres_to(beside(high.longitude()));
        let above = Point::new(low.longitude(), high.latitude()).unwrap_or(high);
        let whole = |metres: u64| i64::try_from(metres).unwrap_or(i64::MAX).max(1);
        let metres = (whole(east), whole(low.metres_to(above)));
        let longest = metres.0.max(metres.1);
        let drawn = |length: i64| length * SIDE / longest + 2 * EDGE;
        Self { low, high, metres, size: (drawn(metres.0), drawn(metres.1)) }
    }

    /// How wide and how high the drawing is.
    pub(in crate::web) fn size(&self) -> (i64, i64) {
        self.size
    }

    /// Where a place stands, from the left and from the top.
    pub(in crate::web) fn at(&self, place: Point) -> (i64, i64) {
        let longest = self.metres.0.max(self.metres.1);
        let share = |part: i64, whole: i64, metres: i64| {
            i128::from(part) * i128::from(metres) * i128::from(SIDE)
                / (i128::from(whole.max(1)) * i128::from(longest))
        };
        let whole = self.high.longitude() - self.low.longitude();
        let across = share(place.longitude() - self.low.longitude(), whole, self.metres.0);
        let whole = self.high.latitude() - self.low.latitude();
        let down = share(self.high.latitude() - place.latitude(), whole, self.metres.1);
        let drawn = |part: i128| i64::try_from(part).unwrap_or(0) + EDGE;
        (drawn(across), drawn(down))
    }

    /// A ring as a path; places that fall together are drawn once.
    pub(in crate::web) fn ring(&self, ring: &[Point], path: &mut String) {
        let mut last = None;
        for place in ring {
            let (across, down) = self.at(*place);
            if last == Some((across, down)) {
                continue;
            }
            let sign = if last.is_none() { 'M' } else { 'L' };
            // Writing to a string cannot fail.
            write!(path, "{sign}{across} {down}").unwrap_or_default();
            last = Some((across, down));
        }
        path.push('Z');
    }
}

impl Map {
    /// The map of an entry that lies at a place; none where the pack has no outlines.
    pub(crate) fn of(shown: Shown<'_>, heading: &str, place: Point) -> Option<Self> {
        let outlines = shown.pack.outlines.as_ref()?;
        let paper = Paper::of(outlines);
        let mut district = None;
        let (mut others, mut own) = (String::new(), String::new());
        for (division, rings) in outlines.rings() {
            let holds = outlines.hold(division, place);
            if holds {
                district = shown.pack.divisions.name(division);
            }
            let path = if holds { &mut own } else { &mut others };
            rings.iter().for_each(|ring| paper.ring(ring, path));
        }
        let (across, down) = paper.at(place);
        let name = district.map_or_else(
            || shown.words.t("map-somewhere"),
            |name| name.to(shown.words.0).to_owned(),
        );
        let micro = format!("{place}").replace(' ', "");
        Some(Self {
            says: shown.words.with_both("map-says", heading, &name),
            coordinates: place.to_string(),
            width: paper.size.0,
            height: paper.size.1,
            others,
            own,
            across,
            down,
            near: format!("/{}/search?near={micro}", shown.words.code()),
            sources: shown.all_cited(&shown.pack.outlined_by),
        })
    }
}

#[cfg(test)]
pub(crate) fn sample() -> Map {
    Map {
        says: "A room <here> lies in East Willow.".into(),
        coordinates: "150.150000, 20.050000".into(),
        width: 656,
        height: 400,
        others: "M8 8L20 8L20 20Z".into(),
        own: "M20 8L40 8L40 20Z".into(),
        across: 30,
        down: 12,
        near: "/zh/search?near=150.150000,20.050000".into(),
        sources: vec![super::cited()],
    }
}
