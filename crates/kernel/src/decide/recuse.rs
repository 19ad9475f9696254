//! Standing aside: an officer who has an interest in a case has no hand in it (行政处罚法 article 43;
//! 公务员法 articles 76 to 78). An officer says so, another officer of the same body decides so, or
//! the party asks for it; the case goes on until that is decided.

use super::{bodies::concerned, run::Run};
use crate::{
    case::{Case, Recusal, Speaks, Standing},
    ledger::{Act, Actor, BodyId, PartyId, RecusalAsked, Recused},
    refusal::Refusal,
};

/// Whether an officer has no hand in a case: who stands aside, whose own case it is, and who wrote
/// down at the counter what the applicant said.
pub fn stands_aside(case: &Case, officer: PartyId) -> bool {
    let aside = matches!(case.recusals.get(&officer), Some(Recusal::Aside(_)));
    let speaks = match &case.speaks {
        Speaks::Agent(person) | Speaks::Guardian(person) => *person == officer,
        Speaks::Nobody | Speaks::Counter(_) => false,
    };
    let party = case.applicant == officer || case.subjects.values().any(|one| *one == officer);
    let own = case.filed_by.is_none() && (party || speaks);
    aside || own || case.clerks.contains(&officer)
}

pub(super) fn ask(run: &mut Run<'_>, officer: PartyId, grounds: &str) -> Result<(), Refusal> {
    run.must_be_applicant()?;
    must_be_open(run)?;
    if body_of(&run.case, officer).is_none() {
        return Err(Refusal::NoSuchOfficer);
    }
    if run.case.recusals.contains_key(&officer) {
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
    let theirs = body_of(&run.case, officer).is_none_or(|theirs| theirs == body);
    if !theirs || !concerned(run.pack, &run.case).contains(body) {
        return Err(Refusal::NotCompetent);
    }
    run.must_be(body)?;
    Ok(*person == officer)
}

/// The body for which an officer has had a hand in a case.
fn body_of(case: &Case, officer: PartyId) -> Option<&BodyId> {
    let hands = case.hands.iter();
    hands.filter(|(_, officers)| officers.contains(&officer)).map(|(body, _)| body).next()
}

fn must_be_open(run: &Run<'_>) -> Result<(), Refusal> {
    match run.case.standing {
        Standing::Ended { .. } | Standing::Withdrawn => Err(Refusal::NotNow),
        _ => Ok(()),
    }
}
