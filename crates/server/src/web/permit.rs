//! Who may: every request is decided by the policies of the pack in force before its handler runs.
//! The route says which action it is, the session who asks, the address of what. A permit is what
//! handlers get of it, so that none can be written that forgot to ask.

use std::collections::BTreeSet;

use access::{Action, CaseFacts, Circumstances, Seat, What, Who, action::Kind};
use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{Date, Division, Name, Text};
use kernel::{
    BodyId, Case, CaseId, EntryNumber, Standing,
    case::Speaks,
    decide::{acting, applies, concerned, stands_aside},
};
use pack::model::{Applicant, COMPETENT, Pack, Procedure, Register};
use store::proposals::Proposal;

use super::{
    app::{App, Role},
    fault::{Fault, NotPermitted},
    handle::behalf::leave_ended,
    kept,
    visit::{Token, Visit},
};

/// That somebody may do what a request asks, and which policies say so.
#[derive(Debug, Clone)]
pub(crate) struct Permit {
    policies: String,
    role: Option<Role>,
    who: Who,
    what: What,
}

impl Permit {
    /// The ids of the policies, for logs.
    pub(crate) fn policies(&self) -> &str {
        &self.policies
    }

    /// For whom the person acts; in a case, as whom the person stands there.
    pub(crate) fn role(&self) -> Option<&Role> {
        self.role.as_ref()
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

/// What becomes of a request of somebody who would have to sign in first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// The sign-in is shown, beside what was typed where a form was sent.
    TurnedAway,
    /// The handler runs without a permit, with which it can do nothing but give back what was sent.
    GivenBack,
}

/// Lets a request through that policies permit.
pub(super) async fn authorise(
    State((app, action, unsigned)): State<(App, Action, Unsigned)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match decided(&app, action, &mut parts).await {
        Ok(permit) => {
            parts.extensions.insert(permit);
        }
        Err(Fault::SignInFirst) if unsigned == Unsigned::GivenBack => {}
        Err(Fault::SignInFirst) if parts.method == Method::POST => {
            let Ok(visit) = Visit::from_request_parts(&mut parts, &app).await;
            return kept::held_out(&visit, Request::from_parts(parts, body)).await;
        }
        Err(fault) => return fault.into_response(),
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn decided(app: &App, action: Action, parts: &mut Parts) -> Result<Permit, Fault> {
    let Ok(visit) = Visit::from_request_parts(parts, app).await;
    match visit.token {
        Token::Bad => return Err(Fault::NoToken),
        Token::TooFast(seconds) => return Err(Fault::TooFast(seconds)),
        // A search that is sent as a form changes nothing (FHIR R4, section 3.1.1.3).
        Token::Reads if action == Action::Search => {}
        Token::Reads if !parts.method.is_safe() => return Err(Fault::ReadsOnly),
        Token::None | Token::Reads | Token::Acts => {}
    }
    let role = visit.person().map(|person| person.role.clone());
    let named = RawPathParams::from_request_parts(parts, app).await;
    let named = named.map_err(|_| Fault::NoSuchPage)?;
    let part = |wanted: &str| named.iter().find(|(name, _)| *name == wanted).map(|(_, part)| part);
    let anyone = role.is_none();
    let asked =
        match action.kind() {
            Kind::Case => match case(&visit, part("id")).await? {
                Some(case) => Some(Asked::of_case(&visit, role, &case).await?),
                None => None,
            },
            Kind::Proposal => proposal(&visit, part("number")).await?.map(|prepared| Asked {
                who: who(role.as_ref()),
                role,
                what: What::Proposal(prepared),
            }),
            Kind::Register => entry(&visit, part("register"), part("key"))
                .await?
                .map(|what| Asked { who: who(role.as_ref()), role, what }),
            kind => what(&visit, role.as_ref(), kind, part).map(|what| Asked {
                who: who(role.as_ref()),
                role,
                what,
            }),
        };
    let Some(asked) = asked else {
        // Whoever is not signed in is not told whether there is such a case.
        let hidden = anyone && matches!(action.kind(), Kind::Case | Kind::Person | Kind::Proposal);
        return Err(if hidden { Fault::SignInFirst } else { Fault::NoSuchPage });
    };
    asked.permit(&visit, action)
}

/// Whether somebody may also do something to a case that the address does not name: the permit.
pub(crate) async fn in_case(
    visit: &Visit,
    role: &Role,
    action: Action,
    case: &Case,
) -> Result<Permit, Fault> {
    Asked::of_case(visit, Some(role.clone()), case).await?.permit(visit, action)
}

/// Whether somebody may also do something in a service that the address does not name: the permit.
pub(crate) fn in_service(
    visit: &Visit,
    role: &Role,
    action: Action,
    procedure: &Procedure,
) -> Result<Permit, Fault> {
    let (role, what) = (Some(role.clone()), service(procedure));
    Asked { who: who(role.as_ref()), role, what }.permit(visit, action)
}

/// Whether the reader may search a register.
pub(crate) fn may_search(visit: &Visit, register: &Register) -> bool {
    may(visit, Action::SearchRegister, register)
}

/// Whether the reader may do something to a register that the address does not name.
pub(crate) fn may(visit: &Visit, action: Action, register: &Register) -> bool {
    let what = of_register(register);
    let role = visit.person().map(|person| &person.role);
    visit.decide(&who(role), action, &what).permitted
}

/// Whether the reader may do something that is about no thing of a kind of its own.
pub(crate) fn may_on_site(visit: &Visit, action: Action) -> bool {
    let role = visit.person().map(|person| &person.role);
    visit.decide(&who(role), action, &What::Site).permitted
}

/// Whether the reader may do something with what systems send.
pub(crate) fn may_with_lake(visit: &Visit, action: Action) -> bool {
    let role = visit.person().map(|person| &person.role);
    visit.decide(&who(role), action, &What::Lake).permitted
}

/// Whether the reader may do something with a proposal, or upload one.
pub(crate) fn may_with_proposal(
    visit: &Visit,
    action: Action,
    proposal: Option<&Proposal>,
) -> bool {
    let what = What::Proposal(proposal.map(prepared).unwrap_or_default());
    let role = visit.person().map(|person| &person.role);
    visit.decide(&who(role), action, &what).permitted
}

fn prepared(proposal: &Proposal) -> BTreeSet<String> {
    proposal.prepared_by().map(|party| party.to_string()).collect()
}

/// Who has prepared the proposal that the address names; nobody where it names none, and none where
/// there is no such proposal.
async fn proposal(visit: &Visit, number: Option<&str>) -> Result<Option<BTreeSet<String>>, Fault> {
    let Some(number) = number else { return Ok(Some(BTreeSet::new())) };
    let Ok(number) = number.parse() else { return Ok(None) };
    Ok(visit.app.store.proposal(number).await?.as_ref().map(prepared))
}

/// Who asks, and of what.
struct Asked {
    role: Option<Role>,
    who: Who,
    what: What,
}

impl Asked {
    /// Somebody before a case, as whom they stand there.
    async fn of_case(visit: &Visit, role: Option<Role>, case: &Case) -> Result<Self, Fault> {
        let pack = visit.app.packs.of(&case.pack).ok_or(Fault::Broken)?;
        let role = match role {
            Some(role) => Some(formerly(visit, pack, role, case).await?),
            None => None,
        };
        let mut facts = case_facts(visit.pack(), pack, case, role.as_ref(), visit.today());
        if let Some(role) = &role
            && leave_ended(visit, role, case).await?
        {
            facts.agents.clear();
        }
        let who = who_in(who(role.as_ref()), case);
        Ok(Self { role, who, what: What::Case(Box::new(facts)) })
    }

    fn permit(self, visit: &Visit, action: Action) -> Result<Permit, Fault> {
        let Self { role, who, what } = self;
        let decision = visit.decide(&who, action, &what);
        match decision.permitted {
            true => Ok(Permit { policies: decision.ids(), role, who, what }),
            false => Err(denied(visit, &who, action, &what)),
        }
    }
}

/// Somebody as the party in whose name they filed the case before their number was proven, where it
/// is so.
async fn formerly(visit: &Visit, pack: &Pack, role: Role, case: &Case) -> Result<Role, Fault> {
    let (Some(account), Role::Applicant { .. }) = (visit.account(), &role) else {
        return Ok(role);
    };
    let procedure = pack.procedures.get(&case.procedure);
    if procedure.is_some_and(|procedure| applies(procedure, case, &role.actor())) {
        return Ok(role);
    }
    let former = visit.app.store.accounts().former_parties(account).await?;
    let own = former.into_iter().find(|party| *party == case.applicant);
    Ok(own.map_or(role, |party| Role::Applicant { party }))
}

impl Visit {
    /// What the policies of the pack in force say today.
    pub(crate) fn decide(&self, who: &Who, action: Action, what: &What) -> access::Decision<'_> {
        let circumstances =
            Circumstances { demo: self.app.demo, account: self.account().is_some() };
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
    // Who may not even see the sign-in is not led there.
    if *who == Who::Anyone && action != Action::SeeSignIn {
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

/// What is asked something of; none where there is no such thing, or for what must be loaded.
fn what<'p>(
    visit: &Visit,
    role: Option<&Role>,
    kind: Kind,
    part: impl Fn(&str) -> Option<&'p str>,
) -> Option<What> {
    let pack = visit.pack();
    let named = |wanted: &str| Name::new(part(wanted)?).ok();
    match kind {
        Kind::Site => Some(What::Site),
        Kind::Ledger => Some(What::Ledger),
        Kind::Lake => Some(What::Lake),
        Kind::Inbox => Some(What::Inbox(seat_of(role))),
        Kind::Person => role.map(|role| What::Person(reference(role))),
        Kind::Service => {
            named("procedure").and_then(|name| pack.procedures.get(&name)).map(service)
        }
        Kind::Register | Kind::Case | Kind::Proposal => None,
    }
}

/// The register that the address names, perhaps with one of its entries; none where there is no
/// such register.
async fn entry(
    visit: &Visit,
    register: Option<&str>,
    key: Option<&str>,
) -> Result<Option<What>, Fault> {
    let name = register.and_then(|register| Name::new(register).ok());
    let Some(register) = name.and_then(|name| visit.pack().registers.get(&name)) else {
        return Ok(None);
    };
    let published = match key {
        Some(key) => !unpublished(visit, register, key).await?,
        None => true,
    };
    Ok(Some(What::Register { register: register.name.clone(), public: register.public, published }))
}

/// Whether the publication of an entry has ended.
pub(crate) async fn unpublished(
    visit: &Visit,
    register: &Register,
    key: &str,
) -> Result<bool, Fault> {
    if register.published_until.is_none() {
        return Ok(false);
    }
    let last = visit.app.store.last_published(&register.name, key).await?;
    Ok(last.is_some_and(|last| last < visit.today()))
}

/// On which day entries of a register must be published for the reader to see them; none for who
/// may read them anyhow.
pub(crate) fn published_on(visit: &Visit, register: &Register) -> Option<Date> {
    register.published_until.as_ref()?;
    let (register, public) = (register.name.clone(), register.public);
    let what = What::Register { register, public, published: false };
    let role = visit.person().map(|person| &person.role);
    let anyhow = visit.decide(&who(role), Action::SeeEntry, &what).permitted;
    (!anyhow).then(|| visit.today())
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

fn of_register(register: &Register) -> What {
    let (register, public) = (register.name.clone(), register.public);
    What::Register { register, public, published: true }
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

/// The bodies of the same office in the divisions around a body's own.
fn above(body: &BodyId) -> impl Iterator<Item = BodyId> {
    let around = std::iter::successors(body.division.parent(), Division::parent);
    around.map(|division| BodyId { office: body.office.clone(), division })
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
    let bodies = concerned(pack, case);
    facts.above = seats(bodies.iter().flat_map(above).collect());
    facts.bodies = seats(bodies);
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
