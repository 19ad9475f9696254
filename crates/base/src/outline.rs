//! How divisions lie on the ground: rings of places, coarse enough to be drawn and to tell a slip
//! from a place. They settle nothing about a border.

use std::collections::BTreeMap;

use crate::{
    division::Division,
    point::Point,
    reason::Reason,
    sheet::{Sheet, line_reason},
};

/// The outlines of divisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlines {
    rings: BTreeMap<Division, Vec<Vec<Point>>>,
    /// The south-western and the north-eastern corner of all of them.
    corners: (Point, Point),
}

impl Outlines {
    /// Reads a table with the columns `division` and `ring`: places after one another, each as
    /// longitude and latitude, with semicolons between them. A division may have several rings.
    ///
    /// # Errors
    /// `column`, or `row` with its line: a bad code or place, or fewer than three places.
    pub fn from_csv(text: &str) -> Result<Self, Reason> {
        let sheet = Sheet::read(text)?;
        let (code, ring) = (sheet.needed(&["division"])?, sheet.needed(&["ring"])?);
        let mut rings: BTreeMap<Division, Vec<Vec<Point>>> = BTreeMap::new();
        for row in &sheet.rows {
            let places = row.cell(ring).split(';').map(Point::parse);
            let places: Result<Vec<Point>, Reason> = places.collect();
            let read = Division::parse(row.cell(code)).ok().zip(places.ok());
            let read = read.filter(|(_, places)| places.len() > 2);
            let (division, places) = read.ok_or_else(|| {
                let (zh, en) =
                    ("轮廓须有区划代码和至少三个经纬度", "a ring has a division and three places");
                line_reason(row.line, zh, en)
            })?;
            rings.entry(division).or_default().push(places);
        }
        let corners = corners(rings.values().flatten().flatten().copied());
        let corners = corners.ok_or_else(|| line_reason(1, "没有轮廓", "there are no outlines"))?;
        Ok(Self { rings, corners })
    }

    /// The outlines by division.
    pub fn rings(&self) -> impl Iterator<Item = (&Division, &[Vec<Point>])> {
        self.rings.iter().map(|(division, rings)| (division, rings.as_slice()))
    }

    /// The south-western and the north-eastern corner of all divisions together.
    pub fn corners(&self) -> (Point, Point) {
        self.corners
    }

    /// Whether a place lies between the outermost places in both directions.
    pub fn surround(&self, place: Point) -> bool {
        let (low, high) = self.corners;
        (low.longitude()..=high.longitude()).contains(&place.longitude())
            && (low.latitude()..=high.latitude()).contains(&place.latitude())
    }

    /// Whether a place lies in a division, by the rule of even and odd crossings.
    pub fn hold(&self, division: &Division, place: Point) -> bool {
        let rings = self.rings.get(division).map(Vec::as_slice).unwrap_or_default();
        rings.iter().filter(|ring| inside(ring, place)).count() % 2 == 1
    }

    /// A place in the middle of a division: the centre of gravity of its largest ring.
    pub fn centre(&self, division: &Division) -> Option<Point> {
        let rings = self.rings.get(division)?;
        let centres = rings.iter().filter_map(|ring| gravity(ring));
        centres.max_by_key(|(area, _)| *area).map(|(_, centre)| centre)
    }
}

fn corners(places: impl Iterator<Item = Point> + Clone) -> Option<(Point, Point)> {
    let east = || places.clone().map(Point::longitude);
    let north = || places.clone().map(Point::latitude);
    let low = Point::new(east().min()?, north().min()?)?;
    let high = Point::new(east().max()?, north().max()?)?;
    Some((low, high))
}

/// Each side of a ring.
fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(from, to)| (*from, *to))
}

fn inside(ring: &[Point], place: Point) -> bool {
    let crosses = |(from, to): (Point, Point)| {
        let (low, high) = if from.latitude() < to.latitude() { (from, to) } else { (to, from) };
        let level = low.latitude() <= place.latitude() && place.latitude() < high.latitude();
        let rise = i128::from(high.latitude() - low.latitude());
        let run = i128::from(high.longitude() - low.longitude());
        let up = i128::from(place.latitude() - low.latitude());
        level && i128::from(place.longitude() - low.longitude()) * rise < run * up
    };
    sides(ring).filter(|side| crosses(*side)).count() % 2 == 1
}

/// Twice the area of a ring, and its centre of gravity.
fn gravity(ring: &[Point]) -> Option<(i128, Point)> {
    let origin = *ring.first()?;
    let from_origin = |place: Point| {
        let east = i128::from(place.longitude() - origin.longitude());
        (east, i128::from(place.latitude() - origin.latitude()))
    };
    let (mut area, mut east, mut north) = (0_i128, 0_i128, 0_i128);
    for (from, to) in sides(ring) {
        let ((x, y), (u, v)) = (from_origin(from), from_origin(to));
        let turn = x * v - u * y;
        area += turn;
        east += (x + u) * turn;
        north += (y + v) * turn;
    }
    let share = |sum: i128| i64::try_from(sum.checked_div(3 * area)?).ok();
    let centre = Point::new(origin.longitude() + share(east)?, origin.latitude() + share(north)?)?;
    Some((area.abs(), centre))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "division,ring\n900101,150.0 20.0;150.2 20.0;150.2 20.1;150.0 20.1\n\
                       900102,150.2 20.0;150.3 20.0;150.3 20.1\n900101,151 21;151.1 21;151 21.1\n";

    fn at(text: &str) -> Point {
        Point::parse(text).unwrap()
    }

    #[test]
    fn a_place_lies_in_a_division_or_not() {
        let outlines = Outlines::from_csv(TWO).unwrap();
        let (east, west) = (Division::parse("900101").unwrap(), Division::parse("900102").unwrap());
        let check = |place: &str, expected: [bool; 3]| {
            let place = at(place);
            let held = [&east, &west].map(|own| outlines.hold(own, place));
            assert_eq!([held[0], held[1], outlines.surround(place)], expected, "{place}");
        };
        check("150.1, 20.05", [true, false, true]);
        check("151.01, 21.01", [true, false, true]);
        check("150.29, 20.05", [false, true, true]);
        check("150.21, 20.09", [false, false, true]);
        check("149.9, 20.05", [false, false, false]);
        check("150.1, 21.2", [false, false, false]);
        assert_eq!(outlines.centre(&east), Some(at("150.1, 20.05")));
        assert_eq!(outlines.centre(&west), Some(at("150.266666, 20.033333")));
        assert_eq!(outlines.centre(&Division::parse("900103").unwrap()), None);
        assert_eq!(outlines.corners(), (at("150, 20"), at("151.1, 21.1")));
    }

    #[test]
    fn a_bad_table_is_told_by_its_line() {
        let check = |text: &str, word: &str, part: &str| {
            let reason = Outlines::from_csv(text).unwrap_err();
            assert_eq!(reason.word, word, "{text}");
            assert!(reason.says.en.contains(part), "{}", reason.says.en);
        };
        check("division\n90\n", "column", "ring");
        check("division,ring\n", "row", "no outlines");
        check("division,ring\n900101,150 20;150 21\n", "row", "line 2");
        check("division,ring\nx,150 20;150 21;151 21\n", "row", "line 2");
        check("division,ring\n900101,150 20;150 21;x\n", "row", "line 2");
    }
}
