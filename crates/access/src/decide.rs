//! Deciding: one person, one act, one thing, one day. Only the policies that can speak of the role
//! and the act are asked; of these, one that forbids wins, and without one that permits nothing is
//! permitted. A policy that cannot be answered forbids, too: nobody gets in by a fault.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    str::FromStr,
    sync::{PoisonError, RwLock},
};

use base::{Date, Division};
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request,
    RestrictedExpression,
};

use crate::{
    action::{Action, Group},
    known::Answer,
    policy::{Effect, Policy},
    read::Policies,
    schema::LEVELS,
    what::{CaseFacts, Circumstances, What},
    who::{Role, Seat, Who},
};

/// What came of a question, and why.
#[derive(Debug, Clone)]
pub struct Decision<'p> {
    /// True where it is permitted.
    pub permitted: bool,
    /// The policies that determined it: those that permit, or those that forbid; none where nothing
    /// permits. In order of their ids.
    pub by: Vec<&'p Policy>,
}

impl Decision<'_> {
    /// The ids of the policies that determined it, as logs write them.
    pub fn ids(&self) -> String {
        self.by.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl Policies {
    /// Whether somebody may do something to a thing on a day.
    pub fn decide(
        &self,
        who: &Who,
        action: Action,
        what: &What,
        circumstances: Circumstances,
        day: Date,
    ) -> Decision<'_> {
        let question = (who, action, what, circumstances);
        let (permitted, by) = self.known.or_find(question, day, || self.found(question, day));
        Decision { permitted, by: by.iter().filter_map(|place| self.all.get(*place)).collect() }
    }

    /// Asks the policies that can speak of it.
    fn found(
        &self,
        (who, action, what, circumstances): (&Who, Action, &What, Circumstances),
        day: Date,
    ) -> Answer {
        let denied = || (false, Vec::new());
        let Some(set) = self.index.on(day, who.role(), action) else { return denied() };
        let Some((request, entities)) = asked(who, action, what, circumstances) else {
            return denied();
        };
        let response = Authorizer::new().is_authorized(&request, set, &entities);
        if response.diagnostics().errors().next().is_some() {
            return denied();
        }
        let ids: BTreeSet<&str> = response.diagnostics().reason().map(AsRef::as_ref).collect();
        let own = |(_, policy): &(usize, &Policy)| ids.contains(policy.id.as_str());
        let by = self.all.iter().enumerate().filter(own).map(|(place, _)| place);
        (response.decision() == cedar_policy::Decision::Allow, by.collect())
    }

    /// The policies that can permit an action to somebody on a day, for those who may not.
    pub fn permitting(&self, action: Action, day: Date) -> Vec<&Policy> {
        let ids: BTreeSet<&str> = Role::ALL
            .into_iter()
            .filter_map(|role| self.index.on(day, role, action))
            .flat_map(|set| set.policies().map(|policy| policy.id().as_ref()))
            .collect();
        let own = self.all.iter().filter(|policy| ids.contains(policy.id.as_str()));
        own.filter(|policy| policy.effect == Effect::Permit).collect()
    }
}

/// The question in Cedar's terms; `None` cannot be, for every word of it is ours.
fn asked(
    who: &Who,
    action: Action,
    what: &What,
    circumstances: Circumstances,
) -> Option<(Request, Entities)> {
    let principal = uid(who.role().word(), who.reference())?;
    let act = uid("Action", action.word())?;
    let (resource, facts) = facts(what)?;
    let mut entities = Vec::new();
    if let Who::Officer(_, seat) = who {
        let body = ("body".to_owned(), one("Body", &seat.word())?);
        entities.push(Entity::new(principal.clone(), HashMap::from([body]), none()).ok()?);
        entities.extend(seat_and_places(seat)?);
    }
    if action.group() != Group::Alone {
        let group = HashSet::from([uid("Action", action.group().word())?]);
        entities.push(Entity::new_no_attrs(act.clone(), group));
    }
    if !facts.is_empty() {
        entities.push(Entity::new(resource.clone(), facts, none()).ok()?);
    }
    let Circumstances { demo, account } = circumstances;
    let holds = [("demo", demo), ("account", account)]
        .map(|(fact, holds)| (fact.to_owned(), RestrictedExpression::new_bool(holds)));
    let context = Context::from_pairs(holds).ok()?;
    let request = Request::new(principal, act, resource, context, None).ok()?;
    let entities = match entities.is_empty() {
        true => Entities::empty(),
        false => Entities::from_entities(entities, None).ok()?,
    };
    Some((request, entities))
}

fn none() -> HashSet<EntityUid> {
    HashSet::new()
}

/// The names of the kinds of things, read once: reading one takes Cedar's parser longer than
/// many a decision.
static KINDS: RwLock<BTreeMap<String, EntityTypeName>> = RwLock::new(BTreeMap::new());

fn uid(kind: &str, word: &str) -> Option<EntityUid> {
    let known = KINDS.read().unwrap_or_else(PoisonError::into_inner).get(kind).cloned();
    let kind = match known {
        Some(known) => known,
        None => {
            let read = EntityTypeName::from_str(kind).ok()?;
            let mut kinds = KINDS.write().unwrap_or_else(PoisonError::into_inner);
            kinds.entry(kind.to_owned()).or_insert(read).clone()
        }
    };
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(word)))
}

fn one(kind: &str, word: &str) -> Option<RestrictedExpression> {
    Some(RestrictedExpression::new_entity_uid(uid(kind, word)?))
}

fn set<'w>(
    kind: &str,
    words: impl IntoIterator<Item = &'w String>,
) -> Option<RestrictedExpression> {
    let words: Option<Vec<_>> = words.into_iter().map(|word| one(kind, word)).collect();
    Some(RestrictedExpression::new_set(words?))
}

fn seats(seats: &BTreeSet<Seat>) -> Option<RestrictedExpression> {
    let words: Vec<String> = seats.iter().map(Seat::word).collect();
    set("Body", &words)
}

/// A body, and the places its own lies in.
fn seat_and_places(seat: &Seat) -> Option<Vec<Entity>> {
    let level = match pack::model::level_of(&seat.division) {
        Some(pack::model::Level::Province) => LEVELS[0],
        Some(pack::model::Level::County) => LEVELS[1],
        None => LEVELS[2],
    };
    let facts = HashMap::from([
        ("office".to_owned(), one("Office", seat.office.as_str())?),
        ("level".to_owned(), one("Level", level)?),
        ("division".to_owned(), one("Division", seat.division.as_str())?),
    ]);
    let body = Entity::new(uid("Body", &seat.word())?, facts, none()).ok()?;
    let upwards = std::iter::successors(Some(seat.division.clone()), Division::parent);
    let places: Option<Vec<Entity>> = upwards
        .map(|place| {
            let above = place.parent().map(|above| uid("Division", above.as_str()));
            let above = above.into_iter().collect::<Option<HashSet<_>>>()?;
            Some(Entity::new_no_attrs(uid("Division", place.as_str())?, above))
        })
        .collect();
    Some(std::iter::once(body).chain(places?).collect())
}

type Facts = HashMap<String, RestrictedExpression>;

/// A thing's name and its facts.
fn facts(what: &What) -> Option<(EntityUid, Facts)> {
    let bool = RestrictedExpression::new_bool;
    let kind = what.kind().word();
    let (name, facts): (&str, Vec<(&str, RestrictedExpression)>) = match what {
        What::Site => ("site", Vec::new()),
        What::Ledger => ("ledger", Vec::new()),
        What::Lake => ("lake", Vec::new()),
        What::Person(party) => {
            (party, vec![("party", one("Applicant", party)?), ("officer", one("Officer", party)?)])
        }
        What::Inbox(seat) => {
            let body = seat.as_ref().map_or_else(|| "-".to_owned(), Seat::word);
            ("inbox", vec![("body", one("Body", &body)?)])
        }
        What::Register { register, public, published } => {
            let name = one("RegisterName", register.as_str())?;
            let facts =
                vec![("name", name), ("public", bool(*public)), ("published", bool(*published))];
            (register.as_str(), facts)
        }
        What::Service { procedure, people, bodies, office } => {
            let mut facts = vec![
                ("procedure", one("Procedure", procedure.as_str())?),
                ("people", bool(*people)),
                ("bodies", bool(*bodies)),
            ];
            if let Some(office) = office {
                facts.push(("office", one("Office", office.as_str())?));
            }
            (procedure.as_str(), facts)
        }
        What::Case(case) => ("case", of_case(case)?),
        What::Proposal(prepared) => ("proposal", vec![("prepared", set("Officer", prepared)?)]),
    };
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value));
    Some((uid(kind, name)?, facts.collect()))
}

fn of_case(case: &CaseFacts) -> Option<Vec<(&'static str, RestrictedExpression)>> {
    Some(vec![
        ("procedure", one("Procedure", case.procedure.as_str())?),
        ("parties", set("Applicant", &case.parties)?),
        ("agents", set("Agent", &case.agents)?),
        ("competent", seats(&case.competent)?),
        ("bodies", seats(&case.bodies)?),
        ("above", seats(&case.above)?),
        ("reviewing", seats(&case.reviewing)?),
        ("hearing", seats(&case.hearing)?),
        ("speaking", set("Officer", &case.speaking)?),
        ("aside", set("Officer", &case.aside)?),
    ])
}
