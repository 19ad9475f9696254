//! Standing aside: an officer who has an interest in a case has no hand in it (行政处罚法 article
//! 43; 公务员法 articles 76 to 78). An officer says so, another officer of the same body decides
//! so, or the party asks for it; the case goes on until that is decided.

use super::{bodies::concerned, run::Run};
use crate::{
    case::{Case, Recusal, Service, Speaks, Standing},
    ledger::{Act, Actor, BodyId, PartyId, RecusalAsked, Recused},
    refusal::Refusal,
};

/// Whether an officer has no hand in a case: who stands aside, whose own case it is, and who wrote
/// down at the counter what the applicant said.
pub fn stands_aside(case: &Case, officer: PartyId) -> bool {
    let speaks = match &case.speaks {
        Speaks::Agent(person) | Speaks::Guardian(person) => *person == officer,
        Speaks::Nobody | Speaks::Counter(_) => false,
    };
    let party = case.applicant == officer || case.subjects.values().any(|one| *one == officer);
    let filed = case.filed_by.as_ref().and_then(|body| case.hands.get(body));
    let own_body = filed.is_some_and(|officers| officers.contains(&case.applicant));
    let own = !own_body && (party || speaks);
    is_aside(case, officer) || own || case.clerks.contains(&officer)
}

/// Whether an officer may say at the counter what the applicant says: who has acted for the body,
/// or stands aside, may not.
pub(super) fn may_speak(case: &Case, officer: PartyId) -> bool {
    let acted = body_of(case, officer).is_some() && !case.clerks.contains(&officer);
    !acted && !is_aside(case, officer)
}

fn is_aside(case: &Case, officer: PartyId) -> bool {
    matches!(case.recusals.get(&officer), Some(Recusal::Aside(_)))
}

pub(super) fn ask(run: &mut Run<'_>, officer: PartyId, grounds: &str) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    must_be_open(run)?;
    if body_of(&run.case, officer).is_none() {
        return Err(Refusal::NoSuchOfficer);
    }
    // What was refused may be asked again, for other reasons.
    if matches!(run.case.recusals.get(&officer), Some(Recusal::Asked(_) | Recusal::Aside(_))) {
        return Err(Refusal::NotNow);
    }
    if grounds.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let asked = RecusalAsked { officer, grounds: grounds.to_owned() };
    run.write(Act::RecusalAsked(asked), run.case.standing.clone());
    Ok(())
}

pub(super) fn recuse(
    run: &mut Run<'_>,
    officer: PartyId,
    aside: bool,
    reasons: &str,
) -> Result<(), Refusal> {
    let own = must_be_colleague(run, officer)?;
    must_be_open(run)?;
    let asked = match run.case.recusals.get(&officer) {
        Some(Recusal::Asked(_)) => true,
        Some(Recusal::Aside(_)) => return Err(Refusal::NotNow),
        Some(Recusal::Stays(_)) | None => false,
    };
    // Nobody decides on staying in one's own favour, and where nobody asked there is no need to.
    if !aside && (own || !asked) {
        return Err(Refusal::NotNow);
    }
    if reasons.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let recused = Recused { officer, aside, reasons: reasons.to_owned() };
    run.write(Act::Recused(recused), run.case.standing.clone());
    Ok(())
}

/// Refuses anybody but an officer of a body of the case: the one in question, which is told, or
/// another of the same body.
fn must_be_colleague(run: &Run<'_>, officer: PartyId) -> Result<bool, Refusal> {
    let Actor::Officer(person, body) = run.actor else { return Err(Refusal::NotCompetent) };
    let own = *person == officer;
    let colleague = body_of(&run.case, officer) == Some(body);
    if !(own || colleague) || !concerned(run.pack, &run.case).contains(body) {
        return Err(Refusal::NotCompetent);
    }
    run.must_be(body)?;
    Ok(own)
}

/// The body for which an officer has had a hand in a case, or has it to deal with.
fn body_of(case: &Case, officer: PartyId) -> Option<&BodyId> {
    let acted = case.hands.iter().filter(|(_, officers)| officers.contains(&officer));
    let given = case.assigned.iter().filter(|(_, one)| **one == officer);
    acted.map(|(body, _)| body).chain(given.map(|(body, _)| body)).next()
}

/// Refuses when nobody has anything to do in the case any more.
fn must_be_open(run: &Run<'_>) -> Result<(), Refusal> {
    if is_open(&run.case) { Ok(()) } else { Err(Refusal::NotNow) }
}

/// Whether somebody may still have something to do in a case, if only to serve a decision.
pub fn is_open(case: &Case) -> bool {
    let owed = case.decisions.iter().any(|made| matches!(made.service, Service::Owed(_)));
    owed || !matches!(case.standing, Standing::Ended { .. } | Standing::Withdrawn)
}
