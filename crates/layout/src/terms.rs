//! What a draft is to reach, and within which bounds.

use std::collections::BTreeSet;

use base::Name;

use crate::{
    fault::{Fault, Item},
    survey::{COST_MAX, FEW_MAX, Survey},
};

/// The most years that are counted.
pub const YEARS_MAX: u16 = 100;

/// What is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// As much need as can be, met within reach.
    Most,
    /// The same, and a place counts the more the nearer it is: up to twice.
    Near,
    /// The least cost at which every area has the floor in the last phase.
    Least,
}

/// A year with the money that comes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// The year from which courses that are taken then count.
    pub year: u16,
    /// What may be spent in yuan, besides what was left over.
    pub budget: i64,
}

/// The terms of a draft. Money binds whatever the goal; spending up to a phase, less what is
/// released, is at most the budgets up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What is sought.
    pub goal: Goal,
    /// How far somebody goes, in metres.
    pub reach: u64,
    /// Years with their money, in order.
    pub phases: Vec<Phase>,
    /// The year after the last phase at which counting ends.
    pub until: u16,
    /// How much of its need each area has at least in the last phase, in permille, rounded up to
    /// whole places.
    pub floor: u16,
    /// Whether the floor is the highest that can be had: what is given is then the least of it, and
    /// what a draft says is what was found.
    pub worst: bool,
    /// Courses that must be taken, in whichever phase.
    pub forced: Vec<(String, Name)>,
    /// Sites that stay as they are.
    pub barred: Vec<String>,
    /// What chance begins with where a search uses it.
    pub seed: u64,
}

impl Goal {
    /// The word that stands for it in a text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Most => "most",
            Self::Near => "near",
            Self::Least => "least",
        }
    }

    /// The goal of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Most, Self::Near, Self::Least].into_iter().find(|own| own.word() == word)
    }
}

impl Terms {
    /// Whether the terms are sound for a survey.
    ///
    /// # Errors
    /// Everything that is wrong with them, in order.
    pub fn check(&self, survey: &Survey) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        self.check_phases(&mut faults);
        let most = survey.travel().reach();
        if !(1..=most).contains(&self.reach) {
            faults.push(Fault::NotAReach { reach: self.reach, most });
        }
        if self.floor > 1_000 {
            faults.push(Fault::NotAFloor(self.floor));
        }
        self.check_demands(survey, &mut faults);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn check_phases(&self, faults: &mut Vec<Fault>) {
        let Some(first) = self.phases.first() else { return faults.push(Fault::NoPhases) };
        if self.phases.len() > FEW_MAX {
            faults.push(Fault::TooMany(Item::Phase, FEW_MAX));
        }
        let years = self.phases.iter().map(|own| own.year).chain([self.until]);
        let order = years.clone().zip(years.skip(1)).all(|(one, two)| one < two);
        if !order || self.until - first.year > YEARS_MAX {
            faults.push(Fault::YearsOutOfOrder);
        }
        for own in self.phases.iter().filter(|own| !(0..=COST_MAX).contains(&own.budget)) {
            let (at, number) = (own.year.to_string(), own.budget);
            faults.push(Fault::TooLarge { at, number, most: COST_MAX });
        }
    }

    fn check_demands(&self, survey: &Survey, faults: &mut Vec<Fault>) {
        let mut forced = BTreeSet::new();
        for (key, course) in &self.forced {
            let site = survey.site(key).and_then(|at| survey.sites().get(at));
            match site.map(|own| own.course(course)) {
                None => faults.push(Fault::Unknown(Item::Site, key.clone())),
                Some(None) => faults.push(Fault::Unknown(Item::Course, format!("{key} {course}"))),
                Some(Some(_)) if !forced.insert(key) => {
                    faults.push(Fault::Twice(Item::Forced, key.clone()));
                }
                Some(Some(_)) => {}
            }
        }
        let mut barred = BTreeSet::new();
        for key in &self.barred {
            if survey.site(key).is_none() {
                faults.push(Fault::Unknown(Item::Site, key.clone()));
            } else if !barred.insert(key) {
                faults.push(Fault::Twice(Item::Barred, key.clone()));
            } else if forced.contains(key) {
                faults.push(Fault::ForcedAndBarred(key.clone()));
            }
        }
    }

    /// The same terms in their one order.
    pub(crate) fn sorted(mut self) -> Self {
        self.forced.sort();
        self.barred.sort();
        self
    }
}
