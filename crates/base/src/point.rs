//! A place on the ground in degrees of longitude and latitude (CGCS2000, GB 22021), to the sixth
//! decimal: a tenth of a metre. Whole numbers only, so that every machine measures the same.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::{reason::Reason, text::Text};

/// Parts of a degree.
const DEGREE: i64 = 1_000_000;
/// Decimals that are read.
const DECIMALS: usize = 6;
/// Metres of a degree along a meridian of a sphere of the earth's mean radius, 6,371,009 m.
const METRES: i64 = 111_195;
/// What trigonometry is counted in.
const ONE: i64 = 1_000_000_000;
/// A degree in parts of [`ONE`] radians.
const RADIANS: i64 = 17_453_293;

/// A place on the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Point {
    /// Millionths of a degree east of Greenwich, within half a circle.
    #[n(0)]
    longitude: i64,
    /// Millionths of a degree north of the equator, within a quarter.
    #[n(1)]
    latitude: i64,
}

impl Point {
    /// The place at so many millionths of a degree; none where the earth has none.
    pub fn new(longitude: i64, latitude: i64) -> Option<Self> {
        let there = longitude.abs() <= 180 * DEGREE && latitude.abs() <= 90 * DEGREE;
        there.then_some(Self { longitude, latitude })
    }

    /// Reads longitude and latitude in degrees: `116.397, 39.908`, also with a Chinese comma or a
    /// space between them.
    ///
    /// # Errors
    /// `point` where it says something else.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let mut parts = text.split([',', '，', '、', ' ']).filter(|part| !part.is_empty());
        let read = match (parts.next(), parts.next(), parts.next()) {
            (Some(longitude), Some(latitude), None) => degrees(longitude).zip(degrees(latitude)),
            _ => None,
        };
        let point = read.and_then(|(longitude, latitude)| Self::new(longitude, latitude));
        point.ok_or_else(|| not_a_point(text))
    }

    /// Millionths of a degree east.
    pub fn longitude(self) -> i64 {
        self.longitude
    }

    /// Millionths of a degree north.
    pub fn latitude(self) -> i64 {
        self.latitude
    }

    /// Metres to another place along the great circle, good to a hundredth up to 300 kilometres
    /// anywhere between 60 degrees south and north.
    pub fn metres_to(self, other: Self) -> u64 {
        self.millimetres_to(other) / 1_000
    }

    /// The same in millimetres, so that many short stretches can be added up.
    pub fn millimetres_to(self, other: Self) -> u64 {
        let (east, north) = self.offset_to(other);
        let straight = u128::from(east.unsigned_abs()).pow(2);
        let straight = (straight + u128::from(north.unsigned_abs()).pow(2)).isqrt();
        u64::try_from(straight).unwrap_or(u64::MAX)
    }

    /// How many millimetres another place lies to the east and to the north, measured on the
    /// parallel halfway between both.
    pub fn offset_to(self, other: Self) -> (i64, i64) {
        let across = |turn: i64| i128::from(turn) * i128::from(1_000 * METRES) / i128::from(DEGREE);
        let mut turn = other.longitude - self.longitude;
        if turn.abs() > 180 * DEGREE {
            turn -= turn.signum() * 360 * DEGREE;
        }
        let middle = i64::midpoint(self.latitude, other.latitude);
        let east = across(turn) * i128::from(cosine(middle)) / i128::from(ONE);
        let whole = |own: i128| i64::try_from(own).unwrap_or_default();
        (whole(east), whole(across(other.latitude - self.latitude)))
    }
}

/// The cosine of millionths of a degree, in parts of [`ONE`]: six terms of its series, which is
/// good to a millionth up to a quarter of a circle.
fn cosine(millionths: i64) -> i64 {
    let angle = millionths * RADIANS / DEGREE;
    let square = angle * angle / ONE;
    let term = |below: i64, divisor: i64| -(square * below / ONE) / divisor;
    let mut sum = ONE;
    let mut last = ONE;
    for divisor in [2, 12, 30, 56, 90, 132] {
        last = term(last, divisor);
        sum += last;
    }
    sum
}

/// Degrees with up to six decimals, in millionths.
fn degrees(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !plain(whole, 3) || !plain(part, DECIMALS) {
        return None;
    }
    let part: i64 = format!("{part:0<DECIMALS$}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * DEGREE + part))
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |f: &mut fmt::Formatter<'_>, value: i64| {
            let sign = if value < 0 { "-" } else { "" };
            let (whole, rest) = (value.abs() / DEGREE, value.abs() % DEGREE);
            write!(f, "{sign}{whole}.{rest:0DECIMALS$}")
        };
        part(f, self.longitude)?;
        f.write_str(", ")?;
        part(f, self.latitude)
    }
}

fn not_a_point(text: &str) -> Reason {
    Reason {
        word: "point",
        says: Text::new(
            format!("`{text}` 不是经纬度；请写经度、纬度，如 `116.397, 39.908`，小数不超过六位"),
            format!(
                "`{text}` is no place; write longitude and latitude such as `116.397, 39.908`, \
                 with six decimals at most"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_written() {
        let check = |text: &str, expected: Option<&str>| {
            let read = Point::parse(text).ok().map(|point| point.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("116.397, 39.908", Some("116.397000, 39.908000"));
        check("116.397，39.908", Some("116.397000, 39.908000"));
        check("116 39", Some("116.000000, 39.000000"));
        check("-0.5,-0.25", Some("-0.500000, -0.250000"));
        check("180,90", Some("180.000000, 90.000000"));
        check("180.000001,0", None);
        check("0,90.5", None);
        check("116.3970001,39.9", None);
        check("116.397", None);
        check("116,39,1", None);
        check("116.,39", None);
        check(".5,39", None);
        check("1e2,39", None);
        check("东经,北纬", None);
        check("", None);
    }

    /// The exact distance on the same sphere.
    #[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the slow model")]
    fn exact(one: Point, other: Point) -> f64 {
        let radians = |value: i64| (value as f64 / 1e6).to_radians();
        let (a, b) = (radians(one.latitude), radians(other.latitude));
        let turn = radians(other.longitude - one.longitude);
        let half = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (turn / 2.0).sin().powi(2);
        2.0 * 6_371_009.0 * half.sqrt().asin()
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "the slow model")]
    fn distances_are_good_to_a_hundredth() {
        let mut seed = 7_u64;
        let mut roll = |sides: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            i64::try_from(seed >> 33).unwrap() % sides
        };
        let mut compared = 0;
        while compared < 20_000 {
            let one = Point::new(roll(359_000_000) - 179_500_000, roll(120_000_000) - 60_000_000);
            let one = one.unwrap();
            let reach = [1_000, 100_000, 2_500_000][usize::try_from(roll(3)).unwrap()];
            let (east, north) = (roll(2 * reach) - reach, roll(2 * reach) - reach);
            let Some(other) = Point::new(one.longitude + east, one.latitude + north) else {
                continue;
            };
            let exact = exact(one, other);
            if other.latitude.abs() > 60_000_000 || exact > 300_000.0 {
                continue;
            }
            compared += 1;
            let off = (one.metres_to(other) as f64 - exact).abs();
            assert!(off <= exact / 100.0 + 2.0, "{one} {other}: {off} of {exact}");
            assert_eq!(one.metres_to(other), other.metres_to(one));
        }
        let (east, west) = (Point::new(179_999_000, 0), Point::new(-179_999_000, 0));
        assert_eq!(east.unwrap().metres_to(west.unwrap()), 222);
    }
}
