//! How well people are served, as it is and with a draft: whole numbers, by area and phase.

use std::collections::BTreeMap;

use crate::{
    draft::Draft,
    flow,
    survey::{Area, Each, Standard, Survey, Way},
    terms::Goal,
};

/// An area in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaMeasure {
    /// Places that it should have.
    pub need: u64,
    /// All places within its reach, whoever else they are for.
    pub places: u64,
    /// How many are served.
    pub served: u64,
    /// How many are missing.
    pub missing: u64,
    /// The part of the need that is met, in permille, rounded down; all where nothing is needed.
    pub met: u64,
    /// How far the nearest site with places is, in metres, as far as was surveyed.
    pub nearest: Option<u64>,
}

/// All areas in a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The year of the phase; none for what is there today.
    pub year: Option<u16>,
    /// In the order of the survey.
    pub areas: Vec<AreaMeasure>,
    /// Places that are needed.
    pub need: u64,
    /// Places that there are.
    pub places: u64,
    /// How many of those needed are served.
    pub served: u64,
    /// How many are missing.
    pub missing: u64,
    /// The part of the need that is met, in permille, rounded down.
    pub met: u64,
    /// The number of the area of whose need the least is met, the first of them; none where nothing
    /// is needed.
    pub worst: Option<usize>,
    /// How unevenly need is met over people, in millionths: Gini's coefficient, 0 where all areas
    /// have the same part.
    pub gini: u64,
}

/// What a survey and a draft come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// What is there today, and then each phase of the draft.
    pub rounds: Vec<Round>,
}

/// Measures what is there today, and with a draft also each of its phases. Who is served today, or
/// where a draft seeks the least cost, is counted as many as can be, the nearest first; with any
/// other draft as it says. The reach is that of the draft, or the farthest that was surveyed.
pub fn measures(survey: &Survey, draft: Option<&Draft>) -> Measures {
    let reach = draft.map_or(survey.travel().reach(), |own| own.terms().reach);
    let ways: Vec<Way> = survey.ways().iter().copied().filter(|own| own.metres <= reach).collect();
    let needs: Vec<u64> = survey.areas().iter().map(|own| survey.need(own)).collect();
    let places = places(survey, None);
    let served = flow::served(&ways, &needs, &places);
    let mut rounds = vec![round(survey, None, &ways, &places, &served)];
    let Some(draft) = draft else { return Measures { rounds } };
    for phase in &draft.terms().phases {
        let places = self::places(survey, Some((draft, phase.year)));
        let served = match draft.terms().goal {
            Goal::Least => flow::served(&ways, &needs, &places),
            Goal::Most | Goal::Near => served_in(survey, draft, phase.year),
        };
        rounds.push(round(survey, Some(phase.year), &ways, &places, &served));
    }
    Measures { rounds }
}

/// What an area has of what a standard asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adequacy {
    /// How many there should be, rounded up: what is missing in part is missing.
    pub wanted: u64,
    /// How many there are.
    pub has: u64,
    /// How many are missing; what an area has too many is no help to another.
    pub missing: u64,
}

/// What each area has of what a standard of its survey asks for, in the order of the survey.
pub fn adequacy(survey: &Survey, standard: &Standard) -> Vec<Adequacy> {
    let has: BTreeMap<&str, u64> =
        standard.has.iter().map(|(area, number)| (area.as_str(), *number)).collect();
    let own = |area: &Area| {
        let wanted = match standard.each {
            Each::Thousand => area.people.saturating_mul(standard.least).div_ceil(1_000),
            Each::Area => standard.least,
        };
        let has = has.get(area.key.as_str()).copied().unwrap_or_default();
        Adequacy { wanted, has, missing: wanted.saturating_sub(has) }
    };
    survey.areas().iter().map(own).collect()
}

/// Places of each site today, or in a year of a draft: those of its course once that is taken.
pub fn places(survey: &Survey, then: Option<(&Draft, u16)>) -> Vec<u64> {
    let mut places: Vec<u64> = survey.sites().iter().map(|own| own.now).collect();
    let Some((draft, year)) = then else { return places };
    for pick in draft.picks().iter().filter(|own| own.year <= year) {
        let site = survey.site(&pick.site);
        let known = site.and_then(|at| Some((at, survey.sites().get(at)?)));
        let course = known.and_then(|(at, own)| {
            let course = own.courses.iter().find(|course| course.name == pick.course)?;
            Some((at, course.places))
        });
        if let Some((at, own)) = course
            && let Some(place) = places.get_mut(at)
        {
            *place = own;
        }
    }
    places
}

fn served_in(survey: &Survey, draft: &Draft, year: u16) -> Vec<u64> {
    let mut served = vec![0_u64; survey.areas().len()];
    for own in draft.served().iter().filter(|own| own.year == year) {
        let at = survey.area(&own.area);
        if let Some(sum) = at.and_then(|at| served.get_mut(at)) {
            *sum = sum.saturating_add(own.places);
        }
    }
    served
}

fn round(
    survey: &Survey,
    year: Option<u16>,
    ways: &[Way],
    places: &[u64],
    served: &[u64],
) -> Round {
    let mut near = vec![(0_u64, None::<u64>); survey.areas().len()];
    for way in survey.ways() {
        let own = places.get(way.site).copied().unwrap_or_default();
        if let Some((_, nearest)) = near.get_mut(way.area).filter(|_| own > 0) {
            *nearest = Some(nearest.map_or(way.metres, |metres| metres.min(way.metres)));
        }
    }
    for way in ways {
        if let Some((sum, _)) = near.get_mut(way.area) {
            *sum += places.get(way.site).copied().unwrap_or_default();
        }
    }
    let all = survey.areas().iter().zip(near).zip(served);
    let areas = all.map(|((area, (places, nearest)), served)| {
        let need = survey.need(area);
        let served = (*served).min(need);
        AreaMeasure {
            need,
            places,
            served,
            missing: need - served,
            met: part(served, need),
            nearest,
        }
    });
    let areas: Vec<AreaMeasure> = areas.collect();
    let sum = |of: fn(&AreaMeasure) -> u64| areas.iter().map(of).sum::<u64>();
    let (need, served) = (sum(|own| own.need), sum(|own| own.served));
    let needing = areas.iter().enumerate().filter(|(_, own)| own.need > 0);
    let worst = needing.min_by_key(|(at, own)| (own.met, *at)).map(|(at, _)| at);
    let gini = gini(survey, &areas);
    let (places, missing, met) = (places.iter().sum(), need - served, part(served, need));
    Round { year, areas, need, places, served, missing, met, worst, gini }
}

/// A part in permille.
fn part(served: u64, need: u64) -> u64 {
    (served * 1_000).checked_div(need).unwrap_or(1_000)
}

/// Gini's coefficient of the part that is met, over the people of areas that need something.
fn gini(survey: &Survey, areas: &[AreaMeasure]) -> u64 {
    let needing = survey.areas().iter().zip(areas).filter(|(_, own)| own.need > 0);
    let millionths = |own: &AreaMeasure| u128::from(own.served) * 1_000_000 / u128::from(own.need);
    let mut ranked: Vec<(u128, u128)> =
        needing.map(|(area, own)| (millionths(own), u128::from(area.people))).collect();
    ranked.sort_unstable();
    let people: u128 = ranked.iter().map(|(_, own)| own).sum();
    let (mut under, mut sum) = (0, 0);
    for (part, own) in ranked {
        under += own * (2 * sum + part * own);
        sum += part * own;
    }
    let all = sum * people;
    if all == 0 {
        return 0;
    }
    u64::try_from((all - under) * 1_000_000 / all).unwrap_or_default()
}
