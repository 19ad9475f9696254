//! A survey under terms, by number: what counts, what can be chosen, and the places of areas that
//! can be served.

#![expect(clippy::indexing_slicing, reason = "numbers are made here from the lists they go into")]

use crate::{
    survey::Survey,
    terms::{Goal, Terms},
};

/// What a place counts in a year, in units of value: a thousand, and for [`Goal::Near`] more.
pub const PLACE: u64 = 1_000;

/// What can be done with a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The course by its number, and the phase from which on; none where it stays as it is.
    pub taken: Option<(usize, usize)>,
    /// Places before that phase.
    pub before: u64,
    /// Places from that phase on.
    pub after: u64,
    /// What it costs in yuan.
    pub cost: i64,
}

/// A survey under terms, by number. Areas and sites are numbered as in the survey.
#[derive(Debug, Clone)]
pub struct Model {
    /// For each area how many places count: its need, or its floor where the goal is
    /// [`Goal::Least`].
    pub needs: Vec<u64>,
    /// For each area how many it has at least in the last phase.
    pub floors: Vec<u64>,
    /// For each site the areas within reach, in order, with what a place counts in a year.
    pub ways: Vec<Vec<(usize, u64)>>,
    /// For each site what can be done with it under the terms, staying as it is first.
    pub choices: Vec<Vec<Choice>>,
    /// For each phase the years it counts; none where the goal is [`Goal::Least`].
    pub years: Vec<u64>,
    /// For each phase the money up to it, in yuan.
    pub money: Vec<i64>,
    /// Whether cost is what is sought, as little as can be.
    pub least: bool,
    /// What the values of plans are multiples of.
    pub step: i64,
}

impl Choice {
    /// Its places in a phase.
    pub fn places(&self, phase: usize) -> u64 {
        match self.taken {
            Some((_, from)) if phase >= from => self.after,
            _ => self.before,
        }
    }

    /// The phase from which it counts; the first for what stays as it is.
    pub fn from(&self) -> usize {
        self.taken.map_or(0, |(_, from)| from)
    }
}

impl Model {
    /// A survey under terms that are sound for it.
    pub fn new(survey: &Survey, terms: &Terms) -> Self {
        let least = terms.goal == Goal::Least;
        let need = |own| survey.need(own);
        let all: Vec<u64> = survey.areas().iter().map(need).collect();
        let part = |own: &u64| own.saturating_mul(u64::from(terms.floor)).div_ceil(1_000);
        let floors: Vec<u64> = all.iter().map(part).collect();
        let needs = if least { floors.clone() } else { all };
        let choices: Vec<Vec<Choice>> =
            (0..survey.sites().len()).map(|site| choices(survey, terms, site)).collect();
        let years = if least { vec![0; terms.phases.len()] } else { years(terms) };
        let mut money = Vec::new();
        for phase in &terms.phases {
            money.push(money.last().copied().unwrap_or_default() + phase.budget);
        }
        let counted = match terms.goal {
            Goal::Most => years.iter().fold(0, |one, own| gcd(one, *own)) * PLACE,
            Goal::Near => years.iter().fold(0, |one, own| gcd(one, *own)),
            Goal::Least => {
                let costs = choices.iter().flatten().map(|own| own.cost.unsigned_abs());
                costs.fold(0, gcd)
            }
        };
        let step = i64::try_from(counted).unwrap_or(1).max(1);
        Self { needs, floors, ways: ways(survey, terms), choices, years, money, least, step }
    }

    /// How many phases there are.
    pub fn phases(&self) -> usize {
        self.money.len()
    }

    /// Whether places are counted in a phase: in all, or where cost is sought in the last alone.
    pub fn counted(&self, phase: usize) -> bool {
        !self.least || phase + 1 == self.phases()
    }

    /// How many pairs of an area and a site are within reach.
    pub fn pairs(&self) -> usize {
        self.ways.iter().map(Vec::len).sum()
    }

    /// How many places of an area must be served in a phase.
    pub fn floor(&self, phase: usize, area: usize) -> u64 {
        if phase + 1 == self.phases() { self.floors[area] } else { 0 }
    }
}

fn years(terms: &Terms) -> Vec<u64> {
    let from = terms.phases.iter().map(|own| own.year);
    let to = from.clone().skip(1).chain([terms.until]);
    from.zip(to).map(|(from, to)| u64::from(to.saturating_sub(from))).collect()
}

fn choices(survey: &Survey, terms: &Terms, number: usize) -> Vec<Choice> {
    let site = &survey.sites()[number];
    let forced = terms.forced.iter().find(|(key, _)| *key == site.key).map(|(_, course)| course);
    let stays = Choice { taken: None, before: site.now, after: site.now, cost: 0 };
    let mut all = if forced.is_some() { Vec::new() } else { vec![stays] };
    if terms.barred.contains(&site.key) {
        return all;
    }
    for (at, course) in site.courses.iter().enumerate() {
        if forced.is_none_or(|own| *own == course.name) {
            all.extend((0..terms.phases.len()).map(|phase| Choice {
                taken: Some((at, phase)),
                before: site.now,
                after: course.places,
                cost: course.cost,
            }));
        }
    }
    all
}

fn ways(survey: &Survey, terms: &Terms) -> Vec<Vec<(usize, u64)>> {
    let mut ways = vec![Vec::new(); survey.sites().len()];
    for way in survey.ways().iter().filter(|own| own.metres <= terms.reach) {
        let nearer = match terms.goal {
            Goal::Near => PLACE * (terms.reach - way.metres) / terms.reach,
            Goal::Most | Goal::Least => 0,
        };
        ways[way.site].push((way.area, PLACE + nearer));
    }
    ways
}

fn gcd(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { gcd(other, one % other) }
}
