//! Small networks drawn by hand, written as XML, and the invented town.

use std::fmt::Write as _;

use base::Point;
use travel::{Assumed, Fault, Mode, Network};

/// The invented town of `tests/town/town.py`, uncompressed with many points in one.
pub(crate) const DENSE: &[u8] = include_bytes!("../town/town.dense.osm.pbf");
/// As it is usually packed.
pub(crate) const PACKED: &[u8] = include_bytes!("../town/town.osm.pbf");
/// Uncompressed, each point for itself.
pub(crate) const PLAIN: &[u8] = include_bytes!("../town/town.plain.osm.pbf");
/// As XML.
pub(crate) const WRITTEN: &[u8] = include_bytes!("../town/town.osm");

pub(crate) type Tags<'a> = &'a [(&'a str, &'a str)];

/// A network while it is drawn. Places are millionths of a degree from a corner.
#[derive(Default, Clone)]
pub(crate) struct Drawn {
    spots: String,
    ways: String,
    rules: String,
    places: Vec<(i64, i64)>,
}

/// A place, from the corner.
pub(crate) fn place(x: i64, y: i64) -> Point {
    Point::new(100_000_000 + x, 30_000_000 + y).unwrap()
}

impl Drawn {
    /// A point; they are numbered from 1.
    pub(crate) fn spot(&mut self, x: i64, y: i64, tags: Tags<'_>) -> i64 {
        self.places.push((x, y));
        let id = i64::try_from(self.places.len()).unwrap();
        let (lon, lat) = (degrees(100_000_000 + x), degrees(30_000_000 + y));
        let tags = written(tags);
        let _ = writeln!(self.spots, "<node id=\"{id}\" lon=\"{lon}\" lat=\"{lat}\">{tags}</node>");
        id
    }

    pub(crate) fn way(&mut self, id: i64, spots: &[i64], tags: Tags<'_>) {
        let spots: String = spots.iter().map(|own| format!("<nd ref=\"{own}\"/>")).collect();
        let _ = writeln!(self.ways, "<way id=\"{id}\">{spots}{}</way>", written(tags));
    }

    pub(crate) fn rule(&mut self, kind: &str, from: i64, via: i64, to: i64) {
        let id = self.rules.len();
        let member = |kind: &str, own: i64, role: &str| {
            format!("<member type=\"{kind}\" ref=\"{own}\" role=\"{role}\"/>")
        };
        let members =
            [member("way", from, "from"), member("node", via, "via"), member("way", to, "to")];
        let tags = written(&[("type", "restriction"), ("restriction", kind)]);
        let members = members.concat();
        let _ = writeln!(self.rules, "<relation id=\"{id}\">{members}{tags}</relation>");
    }

    /// Where a point lies.
    pub(crate) fn at(&self, id: i64) -> Point {
        let (x, y) = self.places[usize::try_from(id - 1).unwrap()];
        place(x, y)
    }

    pub(crate) fn xml(&self) -> String {
        format!("<osm version=\"0.6\">\n{}{}{}</osm>\n", self.spots, self.ways, self.rules)
    }

    pub(crate) fn network(&self, mode: Mode) -> Result<Network, Fault> {
        Network::read(self.xml().as_bytes(), mode, &Assumed::default())
    }
}

fn degrees(millionths: i64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

fn written(tags: Tags<'_>) -> String {
    tags.iter().map(|(key, value)| format!("<tag k=\"{key}\" v=\"{value}\"/>")).collect()
}

/// The point of the town where its streets cross.
pub(crate) fn crossing(x: i64, y: i64) -> Point {
    place(2_077 * x, 1_799 * y)
}
