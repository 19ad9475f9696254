//! Surveys of an invented town, and drafts of chance, good or not.

use std::collections::BTreeMap;

use base::{Date, Name, Point};
use fastrand::Rng;
use layout::{
    Area, Course, Draft, Each, Fault, Found, Given, Goal, Leaf, Levels, Model, Node, Phase, Pick,
    Proof, Refused, Served, Site, Split, Standard, Survey, Terms, Travel,
};

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// So many millionths of a degree east and north of the town's well.
pub(crate) fn point(east: i64, north: i64) -> Point {
    Point::new(112_000_000 + east, 35_000_000 + north).unwrap()
}

pub(crate) fn area(key: &str, east: i64, people: u64) -> Area {
    Area { key: key.to_owned(), point: point(east, 0), people }
}

pub(crate) fn course(text: &str, places: u64, cost: i64) -> Course {
    Course { name: name(text), places, cost }
}

pub(crate) fn standard(text: &str, each: Each, least: u64, has: &[(&str, u64)]) -> Standard {
    let has = has.iter().map(|(area, number)| ((*area).to_owned(), *number)).collect();
    Standard { name: name(text), each, least, has }
}

/// Three quarters in a row a kilometre apart, a tea house in the first, plots at the others.
pub(crate) fn given() -> Given {
    let site = |key: &str, east: i64, now, courses| Site {
        key: key.to_owned(),
        point: point(east, 1_000),
        now,
        courses,
    };
    let plot = || vec![course("small", 20, 300), course("large", 50, 600)];
    Given {
        name: "tea-2020".to_owned(),
        on: Date::new(2020, 3, 1).unwrap(),
        taken_from: "quarter, tea-house, plot; entries below 400".to_owned(),
        norm: 40,
        travel: Travel::Straight { detour: 1_300, speed: 66, reach: 1_500 },
        areas: vec![area("east", 22_000, 1_000), area("middle", 11_000, 501), area("west", 0, 700)],
        sites: vec![
            site("plot-a", 11_500, 0, plot()),
            site("plot-b", 22_500, 0, plot()),
            site("well", 0, 10, vec![course("close", 0, -100), course("extend", 30, 200)]),
        ],
        refused: vec![Refused {
            key: "plot-c".to_owned(),
            point: None,
            bar: name("no-point"),
            reason: "没有坐标".to_owned(),
        }],
        standards: vec![
            standard("floor", Each::Thousand, 60, &[("east", 60), ("middle", 30)]),
            standard("well", Each::Area, 1, &[("west", 2)]),
        ],
    }
}

pub(crate) fn survey() -> Survey {
    Survey::freeze(given()).unwrap()
}

pub(crate) fn terms() -> Terms {
    Terms {
        goal: Goal::Most,
        reach: 1_500,
        phases: vec![Phase { year: 2020, budget: 600 }, Phase { year: 2022, budget: 300 }],
        until: 2030,
        floor: 0,
        worst: false,
        forced: Vec::new(),
        barred: Vec::new(),
        seed: 1,
    }
}

pub(crate) fn pick(site: &str, course: &str, year: u16) -> Pick {
    Pick { site: site.to_owned(), course: name(course), year }
}

pub(crate) fn served(year: u16, area: &str, site: &str, places: u64) -> Served {
    Served { year, area: area.to_owned(), site: site.to_owned(), places }
}

/// A plot for the east at once, and the tea house extended later.
pub(crate) fn found() -> Found {
    Found {
        terms: terms(),
        picks: vec![pick("plot-b", "large", 2020), pick("well", "extend", 2022)],
        served: vec![
            served(2020, "east", "plot-b", 40),
            served(2020, "middle", "plot-b", 10),
            served(2020, "west", "well", 10),
            served(2022, "east", "plot-b", 40),
            served(2022, "middle", "plot-b", 10),
            served(2022, "west", "well", 28),
        ],
        proof: plain(&survey(), &terms()),
        rounds: 1,
    }
}

/// All needs at what they are worth.
pub(crate) fn plain(survey: &Survey, terms: &Terms) -> Proof {
    let model = Model::new(survey, terms);
    let mut levels = Levels::free(&model);
    for (own, years) in levels.places.iter_mut().zip(&model.years) {
        own.fill(1_000_000 * years);
    }
    let prices = vec![levels.named(survey, terms)];
    let bound = vec![Node::Leaf(Leaf::Bound(0))];
    Proof { bound, ceiling: None, prices }
}

pub(crate) fn draft() -> Draft {
    Draft::new(&survey(), found()).unwrap()
}

/// A survey of chance.
pub(crate) fn some_survey(rng: &mut Rng) -> Survey {
    let (areas, sites) = (rng.usize(1..6), rng.usize(0..6));
    let mut given = given();
    let place = |rng: &mut Rng| point(rng.i64(0..30_000), rng.i64(0..30_000));
    given.standards.truncate(rng.usize(..3));
    given.areas = (0..areas)
        .map(|at| Area { key: format!("片{at}"), point: place(rng), people: rng.u64(0..2_000) })
        .collect();
    given.sites = (0..sites)
        .map(|at| Site {
            key: format!("s{at}"),
            point: place(rng),
            now: if rng.bool() { 0 } else { rng.u64(0..40) },
            courses: (0..rng.usize(0..4))
                .map(|own| course(&format!("c{own}"), rng.u64(0..80), rng.i64(-50..500)))
                .collect(),
        })
        .collect();
    for standard in &mut given.standards {
        standard.has = (0..areas).map(|at| (format!("片{at}"), rng.u64(0..90))).collect();
    }
    if rng.bool() {
        let mut ways = Vec::new();
        for (area, site) in (0..areas).flat_map(|area| (0..sites).map(move |site| (area, site))) {
            if rng.bool() {
                ways.push((format!("片{area}"), format!("s{site}"), rng.u64(0..2_500)));
            }
        }
        given.travel = Travel::Table { source: "walked".to_owned(), speed: 66, reach: 2_000, ways };
    }
    Survey::freeze(given).unwrap()
}

pub(crate) fn some_terms(rng: &mut Rng, survey: &Survey) -> Terms {
    let mut year = 2020;
    let phases = (0..rng.usize(1..4)).map(|_| {
        year += rng.u16(1..4);
        Phase { year, budget: rng.i64(0..800) }
    });
    let phases: Vec<Phase> = phases.collect();
    let goal = [Goal::Most, Goal::Near, Goal::Least][rng.usize(..3)];
    let mut terms = Terms {
        goal,
        reach: rng.u64(200..=1_500),
        until: year + rng.u16(1..9),
        phases,
        floor: if rng.usize(..3) > 0 { 0 } else { rng.u16(..300) },
        worst: false,
        forced: Vec::new(),
        barred: Vec::new(),
        seed: rng.u64(..100),
    };
    for site in survey.sites() {
        match (rng.usize(..8), site.courses.first()) {
            (0, Some(own)) => terms.forced.push((site.key.clone(), own.name.clone())),
            (1, _) => terms.barred.push(site.key.clone()),
            _ => {}
        }
    }
    terms
}

/// A plan of chance, which may not hold.
pub(crate) fn some_plan(rng: &mut Rng, survey: &Survey, terms: &Terms) -> (Vec<Pick>, Vec<Served>) {
    let model = Model::new(survey, terms);
    let mut picks = Vec::new();
    let mut chosen = Vec::new();
    for (site, all) in survey.sites().iter().zip(&model.choices) {
        let own = all[rng.usize(..all.len())];
        chosen.push(own);
        if let Some((course, phase)) = own.taken {
            let course = &site.courses[course].name;
            picks.push(pick(&site.key, course.as_str(), terms.phases[phase].year));
        }
    }
    let mut all = Vec::new();
    for (phase, own) in terms.phases.iter().enumerate().filter(|(phase, _)| model.counted(*phase)) {
        let mut needs = model.needs.clone();
        let mut left: Vec<u64> = chosen.iter().map(|own| own.places(phase)).collect();
        let mut ways: Vec<(usize, usize)> = Vec::new();
        for (site, areas) in model.ways.iter().enumerate() {
            ways.extend(areas.iter().map(|(area, _)| (site, *area)));
        }
        rng.shuffle(&mut ways);
        for (site, area) in ways {
            let much = needs[area].min(left[site]);
            needs[area] -= much;
            left[site] -= much;
            if much > 0 {
                let (area, site) = (&survey.areas()[area].key, &survey.sites()[site].key);
                all.push(served(own.year, area, site, much));
            }
        }
    }
    (picks, all)
}

/// A proof of chance: some tree, with some prices.
pub(crate) fn some_proof(rng: &mut Rng, survey: &Survey, terms: &Terms) -> Proof {
    let model = Model::new(survey, terms);
    let mut proof = Proof::default();
    let mut open = 1;
    while open > 0 {
        let splits = !survey.sites().is_empty() && proof.bound.len() < 9 && rng.bool();
        if splits {
            let site = &survey.sites()[rng.usize(..survey.sites().len())];
            let some = site.courses.get(rng.usize(..3)).map(|own| own.name.clone());
            let year = terms.phases[rng.usize(..terms.phases.len())].year;
            let year = (some.is_some() && rng.bool()).then_some(year);
            let split = Split { site: site.key.clone(), course: some, year };
            proof.bound.push(Node::Split(split));
            open += 1;
        } else {
            let set = rng.usize(..=proof.prices.len());
            if set == proof.prices.len() {
                proof.prices.push(some_levels(rng, &model).named(survey, terms));
            }
            proof.bound.push(Node::Leaf(Leaf::Bound(set)));
            open -= 1;
        }
    }
    proof
}

pub(crate) fn some_levels(rng: &mut Rng, model: &Model) -> Levels {
    let mut levels = Levels::free(model);
    let top = if model.least { 20_000 } else { 8_000_000 };
    let mut some = |most: u64| if rng.bool() { 0 } else { rng.u64(..most) };
    levels.places.iter_mut().flatten().for_each(|own| *own = some(top));
    levels.money.iter_mut().for_each(|own| *own = some(100_000_000_000));
    levels.lifts.iter_mut().for_each(|own| *own = some(top));
    levels
}

/// A draft of chance that holds; none where this chance gives none.
pub(crate) fn some_draft(rng: &mut Rng) -> Option<(Survey, Draft)> {
    let survey = some_survey(rng);
    let terms = some_terms(rng, &survey);
    terms.check(&survey).unwrap();
    let (picks, served) = some_plan(rng, &survey, &terms);
    let proof = some_proof(rng, &survey, &terms);
    let rounds = rng.u64(..1_000);
    match Draft::new(&survey, Found { terms, picks, served, proof, rounds }) {
        Ok(draft) => Some((survey, draft)),
        Err(faults) => {
            let wanted = |own: &Fault| {
                let kinds =
                    [Fault::OverBudget { year: 0, spent: 0, money: 0 }.word(), "below-floor"];
                kinds.contains(&own.word()) || own.word() == "not-a-proof"
            };
            assert!(faults.iter().all(wanted), "{faults:?}");
            None
        }
    }
}

/// Counts of what comes up, for tests that want enough of each.
pub(crate) fn counted<K: Ord>(all: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    all.for_each(|own| *counts.entry(own).or_default() += 1);
    counts
}
