//! Small surveys and terms of chance.

use base::{Date, Name, Point};
use fastrand::Rng;
use layout::{Area, Course, Given, Goal, Phase, Site, Survey, Terms, Travel};

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A survey with at most so many areas and sites.
pub(crate) fn survey(rng: &mut Rng, areas: usize, sites: usize, side: i64) -> Survey {
    let place = |rng: &mut Rng| {
        Point::new(112_000_000 + rng.i64(0..side), 35_000_000 + rng.i64(0..side)).unwrap()
    };
    let area = |at: usize, rng: &mut Rng| Area {
        key: format!("a{at:03}"),
        point: place(rng),
        people: rng.u64(0..300),
    };
    let cost = |rng: &mut Rng| {
        if rng.usize(..6) == 0 { rng.i64(-30..0) } else { rng.i64(0..60) }
    };
    let site = |at: usize, rng: &mut Rng| Site {
        key: format!("s{at:03}"),
        point: place(rng),
        now: if rng.usize(..3) > 0 { 0 } else { rng.u64(0..12) },
        courses: (0..rng.usize(0..3))
            .map(|own| Course {
                name: name(&format!("c{own}")),
                places: rng.u64(0..15),
                cost: cost(rng),
            })
            .collect(),
    };
    let (areas, sites) = (rng.usize(1..=areas), rng.usize(0..=sites));
    Survey::freeze(Given {
        name: "tea".to_owned(),
        on: Date::new(2020, 1, 1).unwrap(),
        taken_from: "nothing".to_owned(),
        norm: 40,
        travel: Travel::Straight { detour: 1_300, speed: 66, reach: 2_500 },
        areas: (0..areas).map(|at| area(at, rng)).collect(),
        sites: (0..sites).map(|at| site(at, rng)).collect(),
        refused: Vec::new(),
        standards: Vec::new(),
    })
    .unwrap()
}

pub(crate) fn terms(rng: &mut Rng, survey: &Survey, phases: usize) -> Terms {
    let mut year = 2020;
    let phases: Vec<Phase> = (0..rng.usize(1..=phases))
        .map(|_| {
            year += rng.u16(1..4);
            Phase { year, budget: rng.i64(0..80) }
        })
        .collect();
    let mut terms = Terms {
        goal: [Goal::Most, Goal::Near, Goal::Least][rng.usize(..3)],
        reach: rng.u64(500..=2_500),
        until: year + rng.u16(1..9),
        phases,
        floor: if rng.bool() { 0 } else { rng.u16(..=1_000) },
        worst: false,
        forced: Vec::new(),
        barred: Vec::new(),
        seed: rng.u64(..5),
    };
    for site in survey.sites() {
        match (rng.usize(..8), site.courses.last()) {
            (0, Some(own)) => terms.forced.push((site.key.clone(), own.name.clone())),
            (1, _) => terms.barred.push(site.key.clone()),
            _ => {}
        }
    }
    terms
}
