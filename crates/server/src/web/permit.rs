//! Who may: every request is decided by the policies of the pack in force before its handler runs.
//! The route says which action it is, the session who asks, the address of what. A permit is what
//! handlers get of it, so that none can be written that forgot to ask.

use std::collections::BTreeSet;

use access::{Action, CaseFacts, Circumstances, Seat, What, Who, action::Kind};
use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{Date, Name, Text};
use kernel::{
    BodyId, Case, CaseId, EntryNumber, Standing,
    case::Speaks,
    decide::{acting, applies, concerned, stands_aside},
};
use pack::model::{Applicant, COMPETENT, Pack, Procedure};

use super::{
    app::{App, Role},
    fault::{Fault, NotPermitted},
    visit::Visit,
};

/// That somebody may do what a request asks, and which policies say so.
#[derive(Debug, Clone)]
pub(crate) struct Permit {
    policies: String,
    who: Who,
    what: What,
}

impl Permit {
    /// The ids of the policies, for logs.
    pub(crate) fn policies(&self) -> &str {
        &self.policies
    }

    /// Whether the same person may also do something else to the same thing, so that a page offers
    /// nothing that would be refused.
    pub(crate) fn also(&self, visit: &Visit, action: Action) -> bool {
        visit.decide(&self.who, action, &self.what).permitted
    }
}

impl FromRequestParts<App> for Permit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or(Fault::Broken)
    }
}

/// Lets a request through that policies permit.
pub(super) async fn authorise(
    State((app, action)): State<(App, Action)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match decided(&app, action, &mut parts).await {
        Ok(permit) => {
            parts.extensions.insert(permit);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(fault) => fault.into_response(),
    }
}

async fn decided(app: &App, action: Action, parts: &mut Parts) -> Result<Permit, Fault> {
    let Ok(visit) = Visit::from_request_parts(parts, app).await;
    let role = visit.person().map(|person| &person.role);
    let named = RawPathParams::from_request_parts(parts, app).await;
    let named = named.map_err(|_| Fault::NoSuchPage)?;
    let part = |wanted: &str| named.iter().find(|(name, _)| *name == wanted).map(|(_, part)| part);
    let Some((who, what)) = asked(&visit, role, action.kind(), part).await? else {
        // Whoever is not signed in is not told whether there is such a case.
        let hidden = role.is_none() && action.kind() == Kind::Case;
        return Err(if hidden { Fault::SignInFirst } else { Fault::NoSuchPage });
    };
    let decision = visit.decide(&who, action, &what);
    match decision.permitted {
        true => Ok(Permit { policies: decision.ids(), who, what }),
        false => Err(denied(&visit, &who, action, &what)),
    }
}

impl Visit {
    /// What the policies of the pack in force say today.
    pub(crate) fn decide(&self, who: &Who, action: Action, what: &What) -> access::Decision<'_> {
        let circumstances = Circumstances { demo: self.app.demo };
        self.app.packs.access.decide(who, action, what, circumstances, self.today())
    }
}

/// What a denial looks like. What somebody may not see does not exist for that person; who is not
/// signed in may be able to after signing in; everybody else is told what the policies say.
fn denied(visit: &Visit, who: &Who, action: Action, what: &What) -> Fault {
    let hidden = match what {
        What::Register { .. } => true,
        What::Case(_) => *who != Who::Anyone && !visit.decide(who, Action::SeeCase, what).permitted,
        _ => false,
    };
    if hidden {
        return Fault::NoSuchPage;
    }
    if *who == Who::Anyone {
        return Fault::SignInFirst;
    }
    let (access, today) = (&visit.app.packs.access, visit.today());
    let decision = visit.decide(who, action, what);
    let titles = |policies: Vec<&access::Policy>| -> Vec<Text> {
        policies.into_iter().map(|policy| policy.title.clone()).collect()
    };
    Fault::NotPermitted(Box::new(NotPermitted {
        action: action.title(),
        forbidden: titles(decision.by),
        permitted: titles(access.permitting(action, today)),
    }))
}

/// Who asks, and of what; none where there is no such thing.
async fn asked<'p>(
    visit: &Visit,
    role: Option<&Role>,
    kind: Kind,
    part: impl Fn(&str) -> Option<&'p str>,
) -> Result<Option<(Who, What)>, Fault> {
    let who = who(role);
    let pack = visit.pack();
    let named = |wanted: &str| Name::new(part(wanted)?).ok();
    let what = match kind {
        Kind::Site => Some(What::Site),
        Kind::Ledger => Some(What::Ledger),
        Kind::Inbox => Some(What::Inbox(seat_of(role))),
        Kind::Person => role.map(|role| What::Person(reference(role))),
        Kind::Service => {
            named("procedure").and_then(|name| pack.procedures.get(&name)).map(service)
        }
        Kind::Register => {
            named("register").and_then(|name| pack.registers.get(&name)).map(|register| {
                What::Register { register: register.name.clone(), public: register.public }
            })
        }
        Kind::Case => {
            let Some(case) = case(visit, part("id")).await? else { return Ok(None) };
            let pack = visit.app.packs.of(&case.pack).ok_or(Fault::Broken)?;
            let facts = case_facts(visit.pack(), pack, &case, role, visit.today());
            return Ok(Some((who_in(who, &case), What::Case(Box::new(facts)))));
        }
    };
    Ok(what.map(|what| (who, what)))
}

fn who(role: Option<&Role>) -> Who {
    match role {
        None => Who::Anyone,
        Some(Role::Applicant { party }) => Who::Applicant(party.to_string()),
        Some(Role::Officer { party, body }) => Who::Officer(party.to_string(), seat(body)),
    }
}

fn reference(role: &Role) -> String {
    let (Role::Applicant { party } | Role::Officer { party, .. }) = role;
    party.to_string()
}

fn seat_of(role: Option<&Role>) -> Option<Seat> {
    match role {
        Some(Role::Officer { body, .. }) => Some(seat(body)),
        _ => None,
    }
}

fn seat(body: &BodyId) -> Seat {
    Seat { office: body.office.clone(), division: body.division.clone() }
}

/// The same person as one who speaks for another, in a case where it is so.
fn who_in(who: Who, case: &Case) -> Who {
    match (who, &case.speaks) {
        (Who::Applicant(own), Speaks::Agent(person) | Speaks::Guardian(person))
            if own == person.to_string() && *person != case.applicant =>
        {
            Who::Agent(own)
        }
        (who, _) => who,
    }
}

fn service(procedure: &Procedure) -> What {
    What::Service {
        procedure: procedure.name.clone(),
        people: procedure.open_to_people(),
        bodies: procedure.applicant.contains(&Applicant::Body),
        office: procedure.competent.office.clone(),
    }
}

async fn case(visit: &Visit, id: Option<&str>) -> Result<Option<Case>, Fault> {
    match id.and_then(|id| id.parse().ok()) {
        Some(id) => Ok(visit.app.store.case(CaseId(EntryNumber(id))).await?),
        None => Ok(None),
    }
}

/// How everybody stands in a case: bodies as the kernel finds them, officers as far as the asker is
/// one.
fn case_facts(
    live: &Pack,
    pack: &Pack,
    case: &Case,
    role: Option<&Role>,
    today: Date,
) -> CaseFacts {
    let acting = |name: &Name| acting(live, pack, case, name, today);
    let seats = |bodies: Vec<BodyId>| bodies.iter().map(seat).collect::<BTreeSet<Seat>>();
    let mut facts = CaseFacts::of(case.procedure.clone());
    facts.parties.insert(case.applicant.to_string());
    if let Speaks::Agent(person) | Speaks::Guardian(person) = &case.speaks {
        facts.agents.insert(person.to_string());
    }
    facts.competent = Name::new(COMPETENT).ok().map(|own| seats(acting(&own))).unwrap_or_default();
    facts.bodies = seats(concerned(pack, case));
    match &case.standing {
        Standing::Reviewing { parts, .. } => {
            facts.reviewing = seats(parts.keys().flat_map(acting).collect());
        }
        Standing::Challenged { heard_by, .. } => {
            facts.hearing.insert(seat(heard_by));
        }
        _ => {}
    }
    if let Some(role @ Role::Officer { party, .. }) = role {
        let procedure = pack.procedures.get(&case.procedure);
        if procedure.is_some_and(|procedure| applies(procedure, case, &role.actor())) {
            facts.speaking.insert(party.to_string());
        }
        // Who wrote down what the applicant said has read it already.
        if stands_aside(case, *party) && !case.clerks.contains(party) {
            facts.aside.insert(party.to_string());
        }
    }
    facts
}
