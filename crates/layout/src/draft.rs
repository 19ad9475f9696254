//! A draft of a plan, and verifying it.

use std::collections::BTreeMap;

use base::Name;

use crate::{
    fault::{Fault, Item},
    model::{Choice, Model},
    proof::Proof,
    survey::Survey,
    terms::Terms,
    text::digest,
};

/// A course that is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pick {
    /// The site.
    pub site: String,
    /// The course.
    pub course: Name,
    /// The year of the phase in which it is taken.
    pub year: u16,
}

/// Places of an area at a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Served {
    /// The year of the phase.
    pub year: u16,
    /// The area.
    pub area: String,
    /// The site.
    pub site: String,
    /// How many, at least one.
    pub places: u64,
}

/// What a search has found, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Under which terms.
    pub terms: Terms,
    /// What is taken.
    pub picks: Vec<Pick>,
    /// Who is served where.
    pub served: Vec<Served>,
    /// What nothing beats.
    pub proof: Proof,
    /// How much was looked at: the same survey, terms and rounds give the same draft.
    pub rounds: u64,
}

/// A draft. Read from a text it claims what it claims until it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub(crate) survey: String,
    pub(crate) found: Found,
    pub(crate) value: i64,
    pub(crate) bound: i64,
}

impl Draft {
    /// A draft of what was found: its value and its bound are reckoned here.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(survey: &Survey, found: Found) -> Result<Self, Vec<Fault>> {
        let mut draft = Self { survey: survey.digest(), found, value: 0, bound: 0 }.sorted();
        draft.found.terms.check(survey)?;
        let mut faults = Vec::new();
        draft.value = Count::of(&draft, survey, &mut faults).value();
        if !faults.is_empty() {
            return Err(faults);
        }
        draft.bound = draft.found.proof.check(survey, &draft.found.terms)?;
        Ok(draft)
    }

    /// Verifies the draft against its survey, all of it counted again.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn verify(&self, survey: &Survey) -> Result<(), Vec<Fault>> {
        if self.survey != survey.digest() {
            return Err(vec![Fault::OtherSurvey]);
        }
        self.found.terms.check(survey)?;
        let mut faults = Vec::new();
        let value = Count::of(self, survey, &mut faults).value();
        if value != self.value {
            faults.push(Fault::OtherValue { said: self.value, found: value });
        }
        match self.found.proof.check(survey, &self.found.terms) {
            Ok(bound) if bound == self.bound => {}
            Ok(bound) => faults.push(Fault::OtherBound { said: self.bound, found: bound }),
            Err(own) => faults.extend(own),
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.found.terms = self.found.terms.sorted();
        self.found.picks.sort();
        self.found.served.sort();
        self
    }

    /// The digest of the survey that it is of.
    pub fn survey(&self) -> &str {
        &self.survey
    }

    /// Under which terms it is.
    pub fn terms(&self) -> &Terms {
        &self.found.terms
    }

    /// What is taken, in the order of the sites.
    pub fn picks(&self) -> &[Pick] {
        &self.found.picks
    }

    /// Who is served where, by year, area and site.
    pub fn served(&self) -> &[Served] {
        &self.found.served
    }

    /// What it is worth; where cost is sought, what it costs in yuan.
    pub fn value(&self) -> i64 {
        self.value
    }

    /// What no plan beats.
    pub fn bound(&self) -> i64 {
        self.bound
    }

    /// How far the value may be from the best, in millionths of the value, rounded up; 0 where
    /// nothing is better.
    pub fn gap_permillion(&self) -> u64 {
        let apart = self.value.abs_diff(self.bound);
        if apart == 0 {
            return 0;
        }
        let value = u128::from(self.value.unsigned_abs().max(1));
        u64::try_from((u128::from(apart) * 1_000_000).div_ceil(value)).unwrap_or(u64::MAX)
    }

    /// Why nothing beats the bound.
    pub fn proof(&self) -> &Proof {
        &self.found.proof
    }

    /// How much was looked at.
    pub fn rounds(&self) -> u64 {
        self.found.rounds
    }

    /// The SHA-256 of the draft as it is written, in hexadecimal.
    pub fn digest(&self) -> String {
        digest(&self.text())
    }
}

/// A draft counted again.
struct Count {
    model: Model,
    /// What was chosen for each site that is used.
    chosen: BTreeMap<usize, Choice>,
    /// Places served of an area, by phase and area, and by phase and site.
    areas: BTreeMap<(usize, usize), u64>,
    sites: BTreeMap<(usize, usize), u64>,
    worth: i128,
}

impl Count {
    fn of(draft: &Draft, survey: &Survey, faults: &mut Vec<Fault>) -> Self {
        let mut count = Self {
            model: Model::new(survey, &draft.found.terms),
            chosen: BTreeMap::new(),
            areas: BTreeMap::new(),
            sites: BTreeMap::new(),
            worth: 0,
        };
        for pick in &draft.found.picks {
            if let Err(fault) = count.pick(pick, draft, survey) {
                faults.push(fault);
            }
        }
        count.check_demands(draft, survey, faults);
        count.check_money(draft, faults);
        for pair in draft.found.served.iter().zip(draft.found.served.iter().skip(1)) {
            let (one, two) = pair;
            if (one.year, &one.area, &one.site) == (two.year, &two.area, &two.site) {
                let key = format!("{} {} {}", two.year, two.area, two.site);
                faults.push(Fault::Twice(Item::Served, key));
            }
        }
        for served in &draft.found.served {
            if let Err(fault) = count.serve(served, draft, survey) {
                faults.push(fault);
            }
        }
        count.check_served(draft, survey, faults);
        count
    }

    fn pick(&mut self, pick: &Pick, draft: &Draft, survey: &Survey) -> Result<(), Fault> {
        let site = survey.site(&pick.site);
        let number = site.ok_or_else(|| Fault::Unknown(Item::Site, pick.site.clone()))?;
        let course = survey.sites().get(number).and_then(|own| own.course(&pick.course));
        let unknown = || Fault::Unknown(Item::Course, format!("{} {}", pick.site, pick.course));
        let course = course.ok_or_else(unknown)?;
        let phase = phase(draft, pick.year)?;
        if draft.found.terms.barred.contains(&pick.site) {
            return Err(Fault::NotBarred(pick.site.clone()));
        }
        let choices = self.model.choices.get(number).into_iter().flatten();
        let own = choices.copied().find(|own| own.taken == Some((course, phase)));
        // What is no choice there is another course than the one that must be taken.
        let own = own.ok_or_else(|| Fault::NotForced(pick.site.clone()))?;
        match self.chosen.insert(number, own) {
            Some(_) => Err(Fault::Twice(Item::Pick, pick.site.clone())),
            None => Ok(()),
        }
    }

    fn check_demands(&self, draft: &Draft, survey: &Survey, faults: &mut Vec<Fault>) {
        for (site, _) in &draft.found.terms.forced {
            let picked = draft.found.picks.iter().any(|own| own.site == *site);
            let known = survey.site(site).is_some_and(|own| self.chosen.contains_key(&own));
            if !known && !picked {
                faults.push(Fault::NotForced(site.clone()));
            }
        }
    }

    fn check_money(&self, draft: &Draft, faults: &mut Vec<Fault>) {
        for ((at, phase), money) in
            draft.found.terms.phases.iter().enumerate().zip(&self.model.money)
        {
            let spent: i64 =
                self.chosen.values().filter(|own| own.from() <= at).map(|own| own.cost).sum();
            if spent > *money {
                faults.push(Fault::OverBudget { year: phase.year, spent, money: *money });
            }
        }
    }

    fn serve(&mut self, own: &Served, draft: &Draft, survey: &Survey) -> Result<(), Fault> {
        let area = survey.area(&own.area);
        let area = area.ok_or_else(|| Fault::Unknown(Item::Area, own.area.clone()))?;
        let site = survey.site(&own.site);
        let site = site.ok_or_else(|| Fault::Unknown(Item::Site, own.site.clone()))?;
        let phase = phase(draft, own.year)?;
        let ways = self.model.ways.get(site).map(Vec::as_slice).unwrap_or_default();
        let way = ways.binary_search_by_key(&area, |(area, _)| *area).ok();
        let value = way.and_then(|at| ways.get(at)).map(|(_, value)| *value);
        let far = || Fault::OutOfReach { area: own.area.clone(), site: own.site.clone() };
        let value = value.ok_or_else(far)?;
        let served = self.areas.entry((phase, area)).or_default();
        *served = served.saturating_add(own.places);
        let served = self.sites.entry((phase, site)).or_default();
        *served = served.saturating_add(own.places);
        let years = self.model.years.get(phase).copied().unwrap_or_default();
        self.worth += i128::from(own.places) * i128::from(value * years);
        Ok(())
    }

    fn check_served(&self, draft: &Draft, survey: &Survey, faults: &mut Vec<Fault>) {
        let phases = &draft.found.terms.phases;
        let year = |phase: usize| phases.get(phase).map_or(0, |own| own.year);
        let area =
            |at: usize| survey.areas().get(at).map_or_else(String::new, |own| own.key.clone());
        let site = |at: usize| survey.sites().get(at);
        for ((phase, at), served) in &self.areas {
            let counted = self.model.counted(*phase);
            let need = if counted { self.model.needs.get(*at).copied() } else { None };
            let need = need.unwrap_or_default();
            if *served > need {
                let (year, area, served) = (year(*phase), area(*at), *served);
                faults.push(Fault::OverNeed { year, area, served, need });
            }
        }
        for ((phase, at), served) in &self.sites {
            let now = site(*at).map_or(0, |own| own.now);
            let places = self.chosen.get(at).map_or(now, |own| own.places(*phase));
            if *served > places {
                let key = site(*at).map_or_else(String::new, |own| own.key.clone());
                let (year, served) = (year(*phase), *served);
                faults.push(Fault::OverPlaces { year, site: key, served, places });
            }
        }
        let last = phases.len().saturating_sub(1);
        for (at, wanted) in self.model.floors.iter().enumerate() {
            let served = self.areas.get(&(last, at)).copied().unwrap_or_default();
            if served < *wanted {
                faults.push(Fault::BelowFloor { area: area(at), served, wanted: *wanted });
            }
        }
    }

    fn value(&self) -> i64 {
        if self.model.least {
            return self.chosen.values().map(|own| own.cost).sum();
        }
        i64::try_from(self.worth).unwrap_or(i64::MAX)
    }
}

fn phase(draft: &Draft, year: u16) -> Result<usize, Fault> {
    let phase = draft.found.terms.phases.iter().position(|own| own.year == year);
    phase.ok_or(Fault::NotAPhase(year))
}
