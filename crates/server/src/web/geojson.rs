//! What lies on a map, as GeoJSON (RFC 7946). It has no language: what a place is called stands in
//! the table beside the map, which a key leads to.

use std::collections::BTreeMap;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base::{Divisions, Outlines, Point};
use serde_json::{Map, Number, Value, json};

/// Something that lies at a place. Several may have one key: a home that is to grow is a home and
/// a chosen site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feature {
    /// By what the table knows it.
    pub(crate) key: String,
    /// Where it lies.
    pub(crate) point: Point,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An area whose people need places.
    Area {
        /// How many it should have.
        need: u64,
        /// How much of that is met.
        met: Option<Part>,
        /// How well its people reach places.
        access: Option<Access>,
    },
    /// A home that there is.
    Home {
        /// Its places.
        places: u64,
    },
    /// A place where something could be built.
    Candidate,
    /// A place where nothing may be built.
    Refused {
        /// The rule that stands against it.
        bar: String,
    },
    /// A site of the plan.
    Chosen {
        /// In which way it is used.
        course: String,
        /// From which year.
        year: u16,
        /// Its places then.
        places: u64,
    },
}

/// What discs are filled by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// How much of the need is met.
    Met,
    /// How well people reach places, of which more is better.
    Access,
    /// What it costs people to reach places, of which less is better.
    Cost,
}

impl Filled {
    /// How the names of those properties begin.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Access | Self::Cost => "access",
        }
    }
}

/// How well people reach places by a measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// The word of the measure.
    pub(crate) measure: &'static str,
    /// What it comes to as it is, and in years; null where nothing is reached.
    pub(crate) values: Vec<(Option<u16>, Value)>,
    /// The same beside the mean of today.
    pub(crate) part: Part,
}

/// A part in thousandths: how much of a need is met, or how good access is beside the mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// As it is.
    pub(crate) before: u16,
    /// Once everything of the plan up to that year stands.
    pub(crate) by_year: BTreeMap<u16, u16>,
}

impl Part {
    /// The part when everything up to a year stands; before the first as it is.
    pub(crate) fn by(&self, year: u16) -> u16 {
        let last = self.by_year.range(..=year).next_back();
        last.map_or(self.before, |(_, part)| *part)
    }

    fn properties(&self, filled: Filled) -> impl Iterator<Item = (String, Value)> {
        let word = filled.word();
        let years = self.by_year.iter();
        let years = years.map(move |(year, part)| (format!("{word}-{year}"), json!(part)));
        [(format!("{word}-before"), json!(self.before))].into_iter().chain(years)
    }
}

impl Access {
    fn properties(&self) -> impl Iterator<Item = (String, Value)> {
        let value = |(year, value): &(Option<u16>, Value)| {
            let when = year.map_or_else(|| "before".to_owned(), |year| year.to_string());
            (format!("{}-{when}", self.measure), value.clone())
        };
        self.values.iter().map(value).chain(self.part.properties(Filled::Access))
    }
}

impl Kind {
    /// What a disc is filled by, where it is one.
    pub(crate) fn part(&self, filled: Filled) -> Option<&Part> {
        match (self, filled) {
            (Self::Area { met, .. }, Filled::Met) => met.as_ref(),
            (Self::Area { access, .. }, Filled::Access | Filled::Cost) => {
                access.as_ref().map(|own| &own.part)
            }
            _ => None,
        }
    }

    /// The word for it in the file.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Area { .. } => "area",
            Self::Home { .. } => "home",
            Self::Candidate => "candidate",
            Self::Refused { .. } => "refused",
            Self::Chosen { .. } => "chosen",
        }
    }

    /// What is said of it besides its key and its word. A style of a map reads plain values only,
    /// so that each year has a name of its own.
    fn properties(&self) -> Vec<(String, Value)> {
        let named = |name: &str, value: Value| (name.to_owned(), value);
        match self {
            Self::Area { need, met, access } => {
                let met = met.iter().flat_map(|own| own.properties(Filled::Met));
                let access = access.iter().flat_map(Access::properties);
                [named("need", json!(need))].into_iter().chain(met).chain(access).collect()
            }
            Self::Home { places } => vec![named("places", json!(places))],
            Self::Candidate => Vec::new(),
            Self::Refused { bar } => vec![named("bar", json!(bar))],
            Self::Chosen { course, year, places } => vec![
                named("course", json!(course)),
                named("year", json!(year)),
                named("places", json!(places)),
            ],
        }
    }
}

impl Feature {
    fn json(&self) -> Value {
        let mut properties = Map::from_iter(self.kind.properties());
        properties.insert("key".to_owned(), json!(self.key));
        properties.insert("kind".to_owned(), json!(self.kind.word()));
        let geometry = json!({ "type": "Point", "coordinates": position(self.point) });
        json!({ "type": "Feature", "geometry": geometry, "properties": properties })
    }
}

/// What lies on a map.
pub(crate) fn collection(features: &[Feature]) -> GeoJson {
    of(features.iter().map(Feature::json).collect())
}

/// The outlines of districts with their names and where these stand.
pub(crate) fn outlines(outlines: &Outlines, divisions: &Divisions) -> GeoJson {
    let district = |(division, rings): (&base::Division, &[Vec<Point>])| {
        let polygons: Vec<Value> = rings.iter().map(|ring| json!([closed(ring)])).collect();
        let name = divisions.name(division);
        let named = |language| name.map_or("", |name| name.to(language));
        json!({
            "type": "Feature",
            "geometry": { "type": "MultiPolygon", "coordinates": polygons },
            "properties": {
                "code": division.as_str(),
                "zh": named(base::Language::Zh),
                "en": named(base::Language::En),
                "centre": outlines.centre(division).map(position),
            },
        })
    };
    of(outlines.rings().map(district).collect())
}

fn of(features: Vec<Value>) -> GeoJson {
    GeoJson(json!({ "type": "FeatureCollection", "features": features }))
}

/// A ring that ends where it begins and runs against the clock, as the standard asks.
fn closed(ring: &[Point]) -> Vec<Value> {
    let next = ring.iter().cycle().skip(1);
    let turn = |(from, to): (&Point, &Point)| {
        i128::from(from.longitude()) * i128::from(to.latitude())
            - i128::from(to.longitude()) * i128::from(from.latitude())
    };
    let turned = ring.iter().zip(next).map(turn).sum::<i128>() < 0;
    let mut places: Vec<Point> = ring.to_vec();
    if turned {
        places.reverse();
    }
    let first = places.first().copied();
    places.into_iter().chain(first).map(position).collect()
}

/// Longitude and latitude in degrees, without noughts at their end.
fn position(point: Point) -> Value {
    json!([degrees(point.longitude()), degrees(point.latitude())])
}

/// Degrees, written and read again: no sum is made of what is not whole.
fn degrees(millionths: i64) -> Value {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (millionths.abs() / 1_000_000, millionths.abs() % 1_000_000);
    let number = format!("{sign}{whole}.{rest:06}").parse::<Number>();
    number.map_or(Value::Null, Value::Number)
}

/// An answer in GeoJSON.
#[derive(Debug)]
pub(crate) struct GeoJson(pub(crate) Value);

impl IntoResponse for GeoJson {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/geo+json")], self.0.to_string()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Point {
        Point::parse(text).unwrap()
    }

    #[test]
    fn what_lies_at_a_place_says_what_a_map_needs() {
        let check = |kind: Kind, expected: Value| {
            let feature = Feature { key: "a".into(), point: at("150.1, -20.05"), kind };
            let GeoJson(said) = collection(&[feature]);
            let own = said.pointer("/features/0").unwrap();
            let place = json!({ "type": "Point", "coordinates": [150.1, -20.05] });
            assert_eq!(own.get("geometry"), Some(&place));
            assert_eq!(own.get("properties"), Some(&expected));
        };
        let met = Part { before: 250, by_year: BTreeMap::from([(2027, 600), (2030, 1000)]) };
        let area = json!({ "key": "a", "kind": "area", "need": 40, "met-before": 250,
            "met-2027": 600, "met-2030": 1000 });
        check(Kind::Area { need: 40, met: Some(met), access: None }, area);
        let home = json!({ "key": "a", "kind": "home", "places": 12 });
        check(Kind::Home { places: 12 }, home);
        check(Kind::Candidate, json!({ "key": "a", "kind": "candidate" }));
        let refused = json!({ "key": "a", "kind": "refused", "bar": "flood" });
        check(Kind::Refused { bar: "flood".into() }, refused);
        let chosen = json!({ "key": "a", "kind": "chosen", "course": "small", "year": 2027,
            "places": 60 });
        check(Kind::Chosen { course: "small".into(), year: 2027, places: 60 }, chosen);
    }

    #[test]
    fn a_year_between_two_phases_has_what_the_earlier_has() {
        let met = Part { before: 250, by_year: BTreeMap::from([(2027, 600), (2030, 1000)]) };
        let years = [2026, 2027, 2029, 2030, 2031].map(|year| met.by(year));
        assert_eq!(years, [250, 600, 600, 1000, 1000]);
    }

    /// Both ways round become the way of the standard, and the last place is the first.
    #[test]
    fn outlines_are_closed_and_run_against_the_clock() {
        let divisions = Divisions::from_csv(&["code,name_zh,name_en\n900101,东,East\n"]).unwrap();
        let expected = json!([[[150.0, 20.0], [150.3, 20.0], [150.3, 20.15], [150.0, 20.0]]]);
        let (there, back) =
            ("150.0 20.0;150.3 20.0;150.3 20.15", "150.3 20.15;150.3 20.0;150.0 20.0");
        for ring in [there, back] {
            let csv = format!("division,ring\n900101,{ring}\n");
            let GeoJson(said) = outlines(&Outlines::from_csv(&csv).unwrap(), &divisions);
            assert_eq!(said.pointer("/features/0/geometry/coordinates/0"), Some(&expected));
            let named = said.pointer("/features/0/properties").unwrap();
            assert_eq!((&named["zh"], &named["en"]), (&json!("东"), &json!("East")));
            assert_eq!(named["centre"], json!([150.2, 20.05]));
        }
    }
}
