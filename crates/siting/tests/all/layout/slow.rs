//! All plans of a small case, each with a flow that shares nothing with ours but the description.

use layout::{Goal, Survey, Terms};

/// Demands that hold beside or instead of the terms.
#[derive(Debug, Clone)]
pub(crate) struct Demands {
    pub(crate) floors: Vec<u64>,
    pub(crate) money: Vec<Option<i64>>,
}

pub(crate) fn demands(survey: &Survey, terms: &Terms) -> Demands {
    let need = |at: usize| survey.areas()[at].people * survey.norm();
    let needs = (0..survey.areas().len()).map(|at| need(at).div_ceil(1_000));
    let floors = needs.map(|need| (need * u64::from(terms.floor)).div_ceil(1_000)).collect();
    let mut sum = 0;
    let money = terms.phases.iter().map(|own| {
        sum += own.budget;
        Some(sum)
    });
    Demands { floors, money: money.collect() }
}

/// The best value of all plans, less is better where cost is sought; none where none holds.
pub(crate) fn best(survey: &Survey, terms: &Terms, demands: &Demands) -> Option<i64> {
    let mut best = None;
    let mut chosen = vec![None; survey.sites().len()];
    try_all(survey, terms, demands, &mut chosen, 0, &mut best);
    best
}

type Chosen = Option<(usize, usize)>;

fn try_all(
    survey: &Survey,
    terms: &Terms,
    demands: &Demands,
    chosen: &mut Vec<Chosen>,
    at: usize,
    best: &mut Option<i64>,
) {
    if at == chosen.len() {
        let Some(value) = value(survey, terms, demands, chosen) else { return };
        let better = match (*best, terms.goal) {
            (None, _) => true,
            (Some(had), Goal::Least) => value < had,
            (Some(had), _) => value > had,
        };
        if better {
            *best = Some(value);
        }
        return;
    }
    let site = &survey.sites()[at];
    let forced = terms.forced.iter().find(|own| own.0 == site.key);
    if forced.is_none() {
        chosen[at] = None;
        try_all(survey, terms, demands, chosen, at + 1, best);
    }
    if terms.barred.contains(&site.key) {
        return;
    }
    for (course, own) in site.courses.iter().enumerate() {
        if forced.is_some_and(|forced| forced.1 != own.name) {
            continue;
        }
        for phase in 0..terms.phases.len() {
            chosen[at] = Some((course, phase));
            try_all(survey, terms, demands, chosen, at + 1, best);
        }
    }
    chosen[at] = None;
}

fn value(survey: &Survey, terms: &Terms, demands: &Demands, chosen: &[Chosen]) -> Option<i64> {
    let cost = |upto: usize| -> i64 {
        let all = survey.sites().iter().zip(chosen);
        let own = all.filter_map(|(site, own)| own.map(|(course, phase)| (site, course, phase)));
        own.filter(|own| own.2 <= upto).map(|(site, course, _)| site.courses[course].cost).sum()
    };
    for (phase, money) in demands.money.iter().enumerate() {
        if money.is_some_and(|money| cost(phase) > money) {
            return None;
        }
    }
    let last = terms.phases.len() - 1;
    let mut value = 0;
    for phase in 0..=last {
        if terms.goal == Goal::Least && phase < last {
            continue;
        }
        let end = terms.phases.get(phase + 1).map_or(terms.until, |own| own.year);
        let years = i64::from(end - terms.phases[phase].year);
        let served = flow(survey, terms, demands, chosen, phase, phase == last)?;
        value += served * years;
    }
    Some(if terms.goal == Goal::Least { cost(last) } else { value })
}

const FLOOR: i64 = 1_000_000_000;

/// What serving is worth in a year; none where floors do not hold. Best ways by relaxing all arcs.
fn flow(
    survey: &Survey,
    terms: &Terms,
    demands: &Demands,
    chosen: &[Chosen],
    phase: usize,
    last: bool,
) -> Option<i64> {
    let (areas, sites) = (survey.areas().len(), survey.sites().len());
    let (source, sink) = (areas + sites, areas + sites + 1);
    // From, to, room, gain; each with its way back beside it.
    let mut arcs: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut add = |from, to, room: u64, gain| {
        arcs.push((from, to, i64::try_from(room).unwrap(), gain));
        arcs.push((to, from, 0, -gain));
    };
    let mut floors = 0;
    for (at, area) in survey.areas().iter().enumerate() {
        let need = (area.people * survey.norm()).div_ceil(1_000);
        let floor = if last { demands.floors[at] } else { 0 };
        floors += floor;
        add(source, at, floor, FLOOR);
        add(source, at, need - floor, 0);
        for (other, site) in survey.sites().iter().enumerate() {
            let metres = area.point.metres_to(site.point) * 1_300 / 1_000;
            if metres <= terms.reach {
                let near = match terms.goal {
                    Goal::Near => 1_000 * (terms.reach - metres) / terms.reach,
                    _ => 0,
                };
                add(at, areas + other, need, 1_000 + i64::try_from(near).unwrap());
            }
        }
    }
    for (at, site) in survey.sites().iter().enumerate() {
        let places = match chosen[at] {
            Some((course, from)) if from <= phase => site.courses[course].places,
            _ => site.now,
        };
        add(areas + at, sink, places, 0);
    }
    let mut gained = 0;
    while let Some((gain, way)) = best_way(&arcs, sink + 1, source, sink) {
        if gain <= 0 {
            break;
        }
        let much = way.iter().map(|arc| arcs[*arc].2).min().unwrap();
        for arc in way {
            arcs[arc].2 -= much;
            arcs[arc ^ 1].2 += much;
        }
        gained += gain * much;
    }
    let floors = i64::try_from(floors).unwrap() * FLOOR;
    (gained >= floors).then_some(gained - floors)
}

fn best_way(
    arcs: &[(usize, usize, i64, i64)],
    count: usize,
    source: usize,
    sink: usize,
) -> Option<(i64, Vec<usize>)> {
    let mut gain: Vec<Option<i64>> = vec![None; count];
    let mut came = vec![usize::MAX; count];
    gain[source] = Some(0);
    for _ in 0..count {
        for (at, (from, to, room, own)) in arcs.iter().enumerate() {
            let Some(before) = gain[*from].filter(|_| *room > 0) else { continue };
            if gain[*to].is_none_or(|had| before + own > had) {
                gain[*to] = Some(before + own);
                came[*to] = at;
            }
        }
    }
    let mut way = Vec::new();
    let mut at = sink;
    while at != source {
        let arc = came[at];
        if arc == usize::MAX {
            return None;
        }
        way.push(arc);
        at = arcs[arc].0;
    }
    Some((gain[sink]?, way))
}
