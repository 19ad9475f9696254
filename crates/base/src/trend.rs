//! A simple forecast: values reported over time carried forward to a day by the middle of the
//! slopes between them (Theil 1950; Sen 1968), with the range that the smallest and the largest
//! slope give.
//!
//! Whole numbers and exact fractions: the same values give the same forecast everywhere.

use crate::Date;

/// What values come to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// By the smallest slope.
    pub least: i64,
    /// By the middle slope.
    pub middle: i64,
    /// By the largest slope.
    pub most: i64,
}

/// A slope: so much in so many days, which are more than none.
type Slope = (i128, i128);

/// What the values come to on `day`, from the latest on; none while there are not two of different
/// days, and none where it is too large to hold.
pub fn forecast(values: &[(Date, i64)], day: Date) -> Option<Forecast> {
    let mut slopes: Vec<Slope> = Vec::new();
    for (index, (from, before)) in values.iter().enumerate() {
        for (to, after) in values.iter().skip(index + 1) {
            slopes.extend(slope((*from, *before), (*to, *after)));
        }
    }
    slopes.sort_by(|(a, b), (c, d)| (a * d).cmp(&(c * b)));
    let (&least, &most) = (slopes.first()?, slopes.last()?);
    // Of an even number the lower of the two in the middle, so that no fraction is made up.
    let middle = *slopes.get((slopes.len() - 1) / 2)?;
    let (last_on, last) = *values.iter().max_by_key(|(on, _)| *on)?;
    let days = i128::from(last_on.days_until(day));
    let carried = |slope: Slope| carried(last, slope, days);
    let (one, other) = (carried(least)?, carried(most)?);
    Some(Forecast { least: one.min(other), middle: carried(middle)?, most: one.max(other) })
}

fn slope((from, before): (Date, i64), (to, after): (Date, i64)) -> Option<Slope> {
    let (days, rise) = (i128::from(from.days_until(to)), i128::from(after) - i128::from(before));
    match days.cmp(&0) {
        std::cmp::Ordering::Greater => Some((rise, days)),
        std::cmp::Ordering::Less => Some((-rise, -days)),
        std::cmp::Ordering::Equal => None,
    }
}

/// A value carried on, rounded to the nearest whole, halves upwards.
fn carried(last: i64, (rise, days): Slope, ahead: i128) -> Option<i64> {
    let twice = 2 * rise * ahead + days;
    i64::try_from(i128::from(last) + twice.div_euclid(2 * days)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn values_are_carried_on_by_their_slopes() {
        let check = |values: &[(&str, i64)], on: &str, expected: Option<[i64; 3]>| {
            let values: Vec<(Date, i64)> = values.iter().map(|(on, v)| (day(on), *v)).collect();
            let found = forecast(&values, day(on)).map(|f| [f.least, f.middle, f.most]);
            assert_eq!(found, expected, "{values:?} on {on}");
        };
        check(&[], "2030-01-31", None);
        check(&[("2030-01-01", 10)], "2030-01-31", None);
        check(&[("2030-01-01", 10), ("2030-01-01", 20)], "2030-01-31", None);
        check(&[("2030-01-01", 10), ("2030-01-11", 20)], "2030-01-31", Some([40, 40, 40]));
        // The order in which they are reported does not matter.
        check(&[("2030-01-11", 20), ("2030-01-01", 10)], "2030-01-31", Some([40, 40, 40]));
        // Slopes 1, 2 and 3 a day.
        let bent = [("2030-01-01", 0), ("2030-01-11", 10), ("2030-01-21", 40)];
        check(&bent, "2030-01-31", Some([50, 60, 70]));
        check(&[("2030-01-01", 0), ("2030-01-04", 1)], "2030-01-05", Some([1, 1, 1]));
        check(&[("2030-01-01", 5), ("2030-01-02", 4)], "2030-01-12", Some([-6, -6, -6]));
        // A day before the last value is carried back.
        check(&[("2030-01-01", 0), ("2030-01-11", 10)], "2030-01-06", Some([5, 5, 5]));
        check(&[("2030-01-01", i64::MIN), ("2030-01-02", i64::MAX)], "2030-01-09", None);
    }
}
