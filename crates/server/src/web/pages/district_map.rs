//! A sketch of the districts, each with its number written in and shaded by it. The number says it
//! and the shade repeats it; the same stands in a table beside it, for whoever does not see it.

use std::collections::BTreeMap;

use base::Division;

use super::map::Paper;
use crate::web::{components::citation::Cited, shown::Shown};

/// The shades, from nothing to most.
const SHADES: [&str; 5] = ["#ffffff", "#d9ecee", "#9fcdd1", "#2a7f86", "#053a3f"];
/// The height of a number's field, and the width of one digit.
const HIGH: i64 = 26;
const DIGIT: i64 = 12;

/// The districts with their numbers.
#[derive(Debug)]
pub(crate) struct DistrictMap {
    /// What it shows, in words.
    pub(crate) says: String,
    /// Its width.
    pub(crate) width: i64,
    /// Its height.
    pub(crate) height: i64,
    /// The districts.
    pub(crate) districts: Vec<Outlined>,
    /// What the shades mean: each with its first and last number.
    pub(crate) shades: Vec<(&'static str, String)>,
    /// What the outlines are drawn from.
    pub(crate) sources: Vec<Cited>,
}

/// A district on the map.
#[derive(Debug)]
pub(crate) struct Outlined {
    /// What it is called, with its number.
    pub(crate) says: String,
    /// Its outline.
    pub(crate) path: String,
    /// Its shade.
    pub(crate) shade: &'static str,
    /// True for the district that the page is of.
    pub(crate) own: bool,
    /// Its number.
    pub(crate) count: u64,
    /// Where what is counted is listed; empty where there is nothing.
    pub(crate) href: String,
    /// The field of the number: from the left, from the top, its width.
    pub(crate) left: i64,
    pub(crate) top: i64,
    pub(crate) wide: i64,
}

impl Outlined {
    /// The middle of the number.
    pub(crate) fn middle(&self) -> (i64, i64) {
        (self.left + self.wide / 2, self.top + HIGH / 2)
    }

    /// How high the field of the number is.
    pub(crate) fn high(&self) -> i64 {
        HIGH
    }

    fn covers(&self, other: &Self) -> bool {
        let beside = self.left + self.wide <= other.left || other.left + other.wide <= self.left;
        let apart = self.top + HIGH <= other.top || other.top + HIGH <= self.top;
        !beside && !apart
    }
}

/// The shade of a number beside the highest; none has the first, and any other one of the rest.
fn shade(count: u64, most: u64) -> usize {
    let steps = SHADES.len() as u64 - 1;
    match count.checked_sub(1) {
        None => 0,
        Some(below) => 1 + usize::try_from(below * steps / most.max(1)).unwrap_or(0),
    }
}

/// The numbers of each shade that some number may have.
fn legend(most: u64) -> Vec<(&'static str, String)> {
    let steps = SHADES.len() as u64 - 1;
    let none = SHADES.first().map(|shade| (*shade, "0".to_owned()));
    let ranges = SHADES.iter().skip(1).zip(1..).filter_map(|(shade, step): (_, u64)| {
        let (first, last) =
            (((step - 1) * most).div_ceil(steps) + 1, (step * most).div_ceil(steps));
        let says = if first == last { first.to_string() } else { format!("{first}–{last}") };
        (first <= last).then_some((*shade, says))
    });
    none.into_iter().chain(ranges).collect()
}

impl DistrictMap {
    /// The map of the numbers of districts; none where the pack has no outlines.
    pub(crate) fn of(
        shown: Shown<'_>,
        counts: &BTreeMap<Division, u64>,
        own: Option<&Division>,
        href: impl Fn(&Division) -> String,
    ) -> Option<Self> {
        let outlines = shown.pack.outlines.as_ref()?;
        let paper = Paper::of(outlines);
        let most = counts.values().copied().max().unwrap_or_default();
        let mut districts: Vec<Outlined> = Vec::new();
        for (division, rings) in outlines.rings() {
            let count = counts.get(division).copied().unwrap_or_default();
            let mut path = String::new();
            rings.iter().for_each(|ring| paper.ring(ring, &mut path));
            let centre = outlines.centre(division).map_or((0, 0), |place| paper.at(place));
            let wide = DIGIT * (count.to_string().len() as i64 + 1);
            let district = Outlined {
                says: shown.words.with_both(
                    "board-district",
                    &shown.place(division),
                    &count.to_string(),
                ),
                path,
                shade: SHADES.get(shade(count, most)).copied().unwrap_or_default(),
                own: own == Some(division),
                count,
                href: if count > 0 { href(division) } else { String::new() },
                left: centre.0 - wide / 2,
                top: centre.1 - HIGH / 2,
                wide,
            };
            districts.push(apart(district, &districts, paper.size()));
        }
        Some(Self {
            says: shown.words.t("board-map-says"),
            width: paper.size().0,
            height: paper.size().1,
            districts,
            shades: legend(most),
            sources: shown.all_cited(&shown.pack.outlined_by),
        })
    }
}

/// The number of a district moved aside, where it would cover one that stands already: to the
/// nearest free place around, if there is one.
fn apart(district: Outlined, others: &[Outlined], (width, height): (i64, i64)) -> Outlined {
    let (left, top) = (district.left, district.top);
    let mut moved = district;
    let ways = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];
    let places = (1..=10).flat_map(|ring| ways.map(|(across, down)| (across * ring, down * ring)));
    for (across, down) in std::iter::once((0, 0)).chain(places) {
        moved.left = (left + across * HIGH / 2).clamp(0, (width - moved.wide).max(0));
        moved.top = (top + down * HIGH / 2).clamp(0, (height - HIGH).max(0));
        if !others.iter().any(|other| moved.covers(other)) {
            return moved;
        }
    }
    (moved.left, moved.top) = (left, top);
    moved
}

#[cfg(test)]
pub(crate) fn sample() -> DistrictMap {
    let district = |own, count: u64| Outlined {
        says: format!("A <district>: {count}"),
        path: "M8 8L20 8L20 20Z".into(),
        shade: "#d9ecee",
        own,
        count,
        href: if count > 0 { "/zh/findings?division=1".into() } else { String::new() },
        left: 8,
        top: 8,
        wide: 24,
    };
    DistrictMap {
        says: "Findings by district.".into(),
        width: 656,
        height: 400,
        districts: vec![district(true, 4), district(false, 0)],
        shades: legend(4),
        sources: vec![super::cited()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every number has the shade under whose numbers the legend lists it.
    #[test]
    fn the_legend_says_which_numbers_have_which_shade() {
        for most in [0, 1, 2, 3, 4, 5, 7, 16, 100, 12_345] {
            let legend = legend(most);
            for count in 0..=most.min(400) {
                let of = SHADES[shade(count, most)];
                let (_, says) = legend.iter().find(|(shade, _)| *shade == of).expect("listed");
                let (first, last) = says.split_once('–').unwrap_or((says, says));
                let (first, last): (u64, u64) = (first.parse().unwrap(), last.parse().unwrap());
                assert!((first..=last).contains(&count), "{count} of {most}: {says}");
            }
        }
    }

    #[test]
    fn numbers_do_not_cover_each_other() {
        let at = |left, top| Outlined { left, top, ..sample().districts.remove(0) };
        let mut placed: Vec<Outlined> = Vec::new();
        for _ in 0..12 {
            placed.push(apart(at(100, 100), &placed, (656, 400)));
        }
        for (place, one) in placed.iter().enumerate() {
            assert!(placed.iter().skip(place + 1).all(|other| !one.covers(other)), "{placed:?}");
        }
    }
}
