//! Demands that cannot all be met, as few as can be: what is taken out and still leaves a conflict
//! is left out for good (the deletion filter of J. W. Chinneck and E. W. Dravnieks, "Locating
//! minimal infeasible constraint sets in linear programs", 1991).

use base::Name;
use layout::{Model, Survey, Terms};

use super::floor::{Verdict, decide};
use super::tree::Tree;
use super::{Limit, Unfit};
use crate::Stop;

/// A demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The floor of an area, in whole places in the last phase.
    Floor {
        /// The area.
        area: String,
        /// How many places.
        places: u64,
    },
    /// Money up to a year, in yuan.
    Money {
        /// The year.
        year: u16,
        /// How much there is.
        money: i64,
    },
    /// A course that must be taken.
    Forced {
        /// The site.
        site: String,
        /// The course.
        course: Name,
    },
    /// A site that stays as it is.
    Barred {
        /// The site.
        site: String,
    },
    /// That nobody goes farther, where the survey knows farther ways.
    Reach {
        /// In metres.
        metres: u64,
    },
}

/// More than anybody spends.
const NO_END: i64 = 1 << 60;

/// The demands of terms that cannot all be met, as a proof shows.
pub(super) fn found(survey: &Survey, terms: &Terms, never: &Tree, limit: Limit<'_>) -> Unfit {
    let mut needs = all(survey, terms);
    // Mostly what the proof puts no price on is no part of it.
    let priced = priced(survey, terms, never, &needs);
    if matches!(verdict(survey, terms, &priced, limit.stop), Verdict::Never(_)) {
        needs = priced;
    }
    // Parts of the list at first, then each.
    let mut size = needs.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < needs.len() {
            let end = (at + size).min(needs.len());
            let mut fewer = needs.clone();
            fewer.drain(at..end);
            match verdict(survey, terms, &fewer, limit.stop) {
                Verdict::Never(_) => needs = fewer,
                _ => at = end,
            }
            if limit.stop.now() {
                return Unfit::Stopped;
            }
        }
        if size == 1 {
            return Unfit::Conflict(needs);
        }
        size = size.div_ceil(2);
    }
}

/// The demands on which a proof puts a price.
fn priced(survey: &Survey, terms: &Terms, never: &Tree, needs: &[Need]) -> Vec<Need> {
    let mut prices = Vec::new();
    let _ = never.named(survey, terms, &mut prices);
    let has = |need: &&Need| match need {
        Need::Floor { area, .. } => prices.iter().any(|own| own.lifts.contains_key(area)),
        Need::Money { year, .. } => prices.iter().any(|own| own.money.contains_key(year)),
        _ => true,
    };
    needs.iter().filter(has).cloned().collect()
}

/// All demands of terms.
fn all(survey: &Survey, terms: &Terms) -> Vec<Need> {
    let model = Model::new(survey, terms);
    let floors = survey.areas().iter().zip(&model.floors).filter(|(_, floor)| **floor > 0);
    let floor = |(area, floor): (&layout::Area, &u64)| Need::Floor {
        area: area.key.clone(),
        places: *floor,
    };
    let money = terms.phases.iter().zip(&model.money);
    let barred = terms.barred.iter().map(|site| Need::Barred { site: site.clone() });
    let forced = terms.forced.iter();
    let forced =
        forced.map(|(site, course)| Need::Forced { site: site.clone(), course: course.clone() });
    let reach =
        (terms.reach < survey.travel().reach()).then_some(Need::Reach { metres: terms.reach });
    // What is taken out first is rather not named: the floors of many areas.
    let mut all: Vec<Need> = floors.map(floor).collect();
    all.extend(barred);
    all.extend(reach);
    all.extend(forced);
    all.extend(money.map(|(phase, money)| Need::Money { year: phase.year, money: *money }));
    all
}

/// Whether only these demands can be met.
fn verdict(survey: &Survey, terms: &Terms, needs: &[Need], stop: &Stop) -> Verdict {
    let has = |need: &dyn Fn(&Need) -> bool| needs.iter().any(need);
    let mut fewer = terms.clone();
    fewer
        .forced
        .retain(|(own, _)| has(&|need| matches!(need, Need::Forced { site, .. } if site == own)));
    fewer.barred.retain(|own| has(&|need| matches!(need, Need::Barred { site } if site == own)));
    if !has(&|need| matches!(need, Need::Reach { .. })) {
        fewer.reach = survey.travel().reach();
    }
    let mut model = Model::new(survey, &fewer);
    for (at, area) in survey.areas().iter().enumerate() {
        if !has(&|need| matches!(need, Need::Floor { area: own, .. } if *own == area.key)) {
            model.floors[at] = 0;
            if model.least {
                model.needs[at] = 0;
            }
        }
    }
    for (own, phase) in model.money.iter_mut().zip(&terms.phases) {
        if !has(&|need| matches!(need, Need::Money { year, .. } if *year == phase.year)) {
            *own = NO_END;
        }
    }
    decide(&model, terms.seed, true, stop)
}
