//! Which body acts where: found from the form's place and level each time it is asked, so that a
//! level changed midway moves what is still to be done to the body that is then competent.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, DivisionLevel, Name};
use pack::model::{By, COMPETENT, Competent, Level, LevelOf, Pack, Procedure, level_of};
use rules::{Facts, Value};

use super::facts::{Look, case_facts, filing_facts};
use crate::{
    case::{Case, Deadline, Part, Service, Standing},
    ledger::{BodyId, EntryNumber},
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
    /// The decision that it is to serve, where it is awaited for that.
    pub serves: Option<EntryNumber>,
}

/// The bodies that must act before the case goes on, none while the applicant is awaited; and those
/// that are still to serve a decision.
pub fn awaited(pack: &Pack, case: &Case) -> Vec<Awaited> {
    let Some(procedure) = pack.procedures.get(&case.procedure) else { return Vec::new() };
    let mut awaited = at_its_standing(pack, procedure, case);
    awaited.extend(to_serve(pack, procedure, case));
    awaited
}

/// Each decision that is not served yet, with the bodies that may serve it.
fn to_serve(pack: &Pack, procedure: &Procedure, case: &Case) -> Vec<Awaited> {
    let today = pack.zone.day_of(case.last_at);
    let owed = case.decisions.iter().filter_map(|made| match made.service {
        Service::Owed(due) => Some((made, due, procedure.decision(made.step.as_str())?)),
        Service::Done(_) | Service::Moot => None,
    });
    let bodies = owed.flat_map(|(made, due, decision)| {
        let serves = Some(made.number);
        let acting = acting(pack, pack, case, &decision.by, today).into_iter();
        acting.map(move |body| Awaited { body, due, part: None, serves })
    });
    bodies.collect()
}

/// The bodies that must act before the case goes on from where it stands.
fn at_its_standing(pack: &Pack, procedure: &Procedure, case: &Case) -> Vec<Awaited> {
    let today = pack.zone.day_of(case.last_at);
    let of = |name: &Name, due: Deadline, part: Option<Name>| {
        let acting = acting(pack, pack, case, name, today).into_iter();
        let acting: Vec<Awaited> =
            acting.map(|body| Awaited { body, due, part: part.clone(), serves: None }).collect();
        acting
    };
    match &case.standing {
        Standing::At { step, runs } | Standing::Stopped { step, runs, .. } => {
            match procedure.steps.get(step).and_then(|step| step.by()) {
                Some(By::Body(name)) => of(name, runs.due, None),
                Some(By::Applicant | By::Clock) | None => Vec::new(),
            }
        }
        Standing::Reviewing { parts, .. } => {
            let open = parts.iter().flat_map(|(name, part)| match part {
                Part::Awaited(runs) => of(name, runs.due, Some(name.clone())),
                Part::Answered { .. } => Vec::new(),
            });
            open.collect()
        }
        Standing::Challenged { heard_by, runs, .. } => {
            vec![Awaited { body: heard_by.clone(), due: runs.due, part: None, serves: None }]
        }
        Standing::Supplementing { .. } | Standing::Ended { .. } | Standing::Withdrawn => Vec::new(),
    }
}

/// Every body that has or may have a hand in the case: also those that act in the name of others,
/// by the delegations that hold when the case was last touched.
pub fn concerned(pack: &Pack, case: &Case) -> Vec<BodyId> {
    let today = pack.zone.day_of(case.last_at);
    let procedure = pack.procedures.get(&case.procedure);
    let named = procedure.into_iter().flat_map(|procedure| procedure.bodies.keys());
    let own = Name::new(COMPETENT).ok();
    let acting = own.iter().chain(named).flat_map(|name| acting(pack, pack, case, name, today));
    let heard_by = match &case.standing {
        Standing::Challenged { heard_by, .. } => Some(heard_by.clone()),
        _ => None,
    };
    let hands = case.hands.keys().cloned();
    acting.chain(hands).chain(heard_by).collect()
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

/// The body that will be competent for an application filed on a day, where its answers tell by
/// themselves; whether there is such a body, filing finds out.
pub fn competent_for(
    pack: &Pack,
    procedure: &Procedure,
    answers: &BTreeMap<String, Value>,
    filed_on: Date,
) -> Option<BodyId> {
    placed(pack, procedure, &procedure.competent, &filing_facts(pack, answers, filed_on))
}

/// The body of an office for the place that the facts name, or the body that they name itself.
pub(super) fn placed(
    pack: &Pack,
    procedure: &Procedure,
    body: &Competent,
    facts: &dyn Facts,
) -> Option<BodyId> {
    let Some(office) = &body.office else { return named(facts.fact(&body.of)?) };
    let place = match facts.fact(&body.of) {
        Some(Value::Division(division)) => division.clone(),
        _ => pack.jurisdiction.clone()?,
    };
    let division = match &body.level {
        LevelOf::Fixed(level) => at_level(&place, *level)?,
        LevelOf::Own => place,
        LevelOf::Ruled(rule) => at_level(&place, procedure.levels.get(rule)?.level(facts)?)?,
    };
    Some(BodyId { office: office.clone(), division })
}

/// The one body that a fact names.
fn named(said: &Value) -> Option<BodyId> {
    let Value::Codes(bodies) = said else { return None };
    let mut bodies = bodies.iter();
    let (body, None) = (bodies.next()?, bodies.next()) else { return None };
    BodyId::parse(body)
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
    let said_by = |of: &str| of.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    bodies.into_iter().any(|body| body.of == path || said_by(&body.of))
}

/// What the entries that the answers name say that settles who acts: it is recorded, for who acts
/// in a case does not change when the entry does.
pub(super) fn settled(
    procedure: &Procedure,
    look: &Look<'_>,
    answers: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let places = std::iter::once(&procedure.competent).chain(procedure.bodies.values());
    let places = places.map(|body| body.of.as_str());
    let rules = procedure.levels.values().flat_map(|rule| rule.county.facts_used());
    let used: BTreeSet<&str> = places.chain(rules).collect();
    let said = look.named(answers, procedure).into_iter();
    said.filter(|(path, _)| used.contains(path.as_str())).collect()
}

/// The bodies that may act under a name of a case's procedure on a day: the one whose power it is,
/// and those to which it is delegated by the pack in force.
pub fn acting(live: &Pack, pack: &Pack, case: &Case, name: &Name, day: Date) -> Vec<BodyId> {
    let own = body_of(pack, case, name).into_iter();
    own.flat_map(|body| {
        let others = delegates(live, pack, case, name, &body, day);
        std::iter::once(body).chain(others)
    })
    .collect()
}

/// The bodies that act in the name of another in a case on a day, by the delegations of the pack in
/// force (行政许可法 article 24).
pub(super) fn delegates(
    live: &Pack,
    pack: &Pack,
    case: &Case,
    name: &Name,
    body: &BodyId,
    day: Date,
) -> Vec<BodyId> {
    let handed = live.delegations.iter().filter(|delegation| {
        delegation.holds_on(day)
            && delegation.office == body.office
            && delegation.procedures.contains(&case.procedure)
            && level_of(&body.division) == Some(delegation.from_level)
    });
    let places = handed.filter_map(|delegation| place_at(pack, case, name, delegation.to_level));
    places.map(|division| BodyId { office: body.office.clone(), division }).collect()
}

/// The division on a level to which a body's place in the case belongs.
fn place_at(pack: &Pack, case: &Case, name: &Name, level: Level) -> Option<Division> {
    let procedure = pack.procedures.get(&case.procedure)?;
    let facts = case_facts(pack, case, pack.zone.day_of(case.last_at));
    match facts.fact(&procedure.body(name)?.of) {
        Some(Value::Division(place)) => at_level(place, level),
        Some(said) => at_level(&named(said)?.division, level),
        None => None,
    }
}
