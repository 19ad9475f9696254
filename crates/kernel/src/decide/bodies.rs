//! Which body acts where: found from the form's place and level each time it is asked, so that a
//! level changed midway moves what is still to be done to the body that is then competent.

use base::{Division, DivisionLevel, Name};
use pack::model::{By, COMPETENT, Competent, Level, LevelOf, Pack, Procedure};
use rules::{Facts, Value};

use super::facts::case_facts;
use crate::{
    case::{Case, Deadline, Part, Standing},
    ledger::BodyId,
};

/// A body that must act before a case goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// The body.
    pub body: BodyId,
    /// Until when.
    pub due: Deadline,
    /// The part of a review it is awaited for, where it is one.
    pub part: Option<Name>,
}

/// The bodies that must act before the case goes on; none while the applicant is awaited.
pub fn awaited(pack: &Pack, case: &Case) -> Vec<Awaited> {
    let Some(procedure) = pack.procedures.get(&case.procedure) else { return Vec::new() };
    let of = |name: &Name, due: Deadline, part: Option<Name>| {
        body_of(pack, case, name).map(|body| Awaited { body, due, part })
    };
    match &case.standing {
        Standing::At { step, runs } | Standing::Stopped { step, runs, .. } => {
            match procedure.steps.get(step).and_then(|step| step.by()) {
                Some(By::Body(name)) => of(name, runs.due, None).into_iter().collect(),
                Some(By::Applicant) | None => Vec::new(),
            }
        }
        Standing::Reviewing { parts, .. } => {
            let open = parts.iter().filter_map(|(name, part)| match part {
                Part::Awaited(runs) => of(name, runs.due, Some(name.clone())),
                Part::Answered { .. } => None,
            });
            open.collect()
        }
        Standing::Challenged { heard_by, runs, .. } => {
            vec![Awaited { body: heard_by.clone(), due: runs.due, part: None }]
        }
        Standing::Supplementing { .. } | Standing::Ended { .. } | Standing::Withdrawn => Vec::new(),
    }
}

/// Every body that has or may have a hand in the case.
pub fn concerned(pack: &Pack, case: &Case) -> Vec<BodyId> {
    let procedure = pack.procedures.get(&case.procedure);
    let named = procedure.into_iter().flat_map(|procedure| procedure.bodies.keys());
    let named = named.filter_map(|name| body_of(pack, case, name));
    let heard_by = match &case.standing {
        Standing::Challenged { heard_by, .. } => Some(heard_by.clone()),
        _ => None,
    };
    let hands = case.hands.iter().cloned();
    std::iter::once(case.body.clone()).chain(named).chain(hands).chain(heard_by).collect()
}

/// The body that keeps the case's entry right: the one that made it, and before there is one the
/// competent body.
pub fn keeper(procedure: &Procedure, case: &Case) -> BodyId {
    let made = case.decisions.iter().find(|made| {
        let decision = procedure.decision(made.step.as_str());
        decision.is_some_and(|decision| decision.enters.is_some())
    });
    made.map_or_else(|| case.body.clone(), |made| made.by.clone())
}

/// The body that acts in a case under a name of its procedure. The competent one was found when
/// the case was filed; the others follow what the form says now.
pub fn body_of(pack: &Pack, case: &Case, name: &Name) -> Option<BodyId> {
    if name.as_str() == COMPETENT {
        return Some(case.body.clone());
    }
    let procedure = pack.procedures.get(&case.procedure)?;
    let today = pack.zone.day_of(case.last_at);
    let facts = case_facts(pack, case, today);
    placed(pack, procedure, procedure.body(name)?, &facts)
}

/// The body of an office for the place that the facts name.
pub(super) fn placed(
    pack: &Pack,
    procedure: &Procedure,
    body: &Competent,
    facts: &dyn Facts,
) -> Option<BodyId> {
    let place = match facts.fact(&body.of) {
        Some(Value::Division(division)) => division.clone(),
        _ => pack.jurisdiction.clone()?,
    };
    let division = match &body.level {
        LevelOf::Fixed(level) => at_level(&place, *level)?,
        LevelOf::Own => place,
        LevelOf::Ruled(rule) => at_level(&place, procedure.levels.get(rule)?.level(facts)?)?,
    };
    Some(BodyId { office: body.office.clone(), division })
}

fn at_level(place: &Division, level: Level) -> Option<Division> {
    place.at(match level {
        Level::Province => DivisionLevel::Province,
        Level::County => DivisionLevel::County,
    })
}

/// A body of the procedure that does not act anywhere for these facts: the place is too large for
/// it, or its level cannot be told.
pub(super) fn unplaced<'p>(
    pack: &Pack,
    procedure: &'p Procedure,
    facts: &dyn Facts,
) -> Option<&'p Competent> {
    let nowhere = |body: &&Competent| match placed(pack, procedure, body, facts) {
        Some(body) => pack.divisions.name(&body.division).is_none(),
        None => true,
    };
    procedure.bodies.values().find(nowhere)
}

/// Whether the answer to a question settles where a body of the procedure acts.
pub(super) fn settles_place(procedure: &Procedure, path: &str) -> bool {
    let bodies = std::iter::once(&procedure.competent).chain(procedure.bodies.values());
    bodies.into_iter().any(|body| body.of == path)
}
