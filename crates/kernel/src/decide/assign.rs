//! Who of a body deals with a case. A body orders its own work: nobody's power to act changes by
//! it, and no term begins or ends.

use super::{
    bodies::concerned,
    recuse::{is_open, stands_aside},
    run::Run,
};
use crate::{
    ledger::{Act, Actor, Assigned, PartyId},
    refusal::Refusal,
};

pub(super) fn assign(run: &mut Run<'_>, to: Option<PartyId>) -> Result<(), Refusal> {
    let Actor::Officer(_, body) = run.actor else { return Err(Refusal::NotCompetent) };
    if !concerned(run.pack, &run.case).contains(body) {
        return Err(Refusal::NotCompetent);
    }
    if !is_open(&run.case) || run.case.assigned.get(body).copied() == to {
        return Err(Refusal::NotNow);
    }
    if to.is_some_and(|officer| stands_aside(&run.case, officer)) {
        return Err(Refusal::StandsAside);
    }
    let assigned = Assigned { body: body.clone(), to };
    run.write(Act::Assigned(assigned), run.case.standing.clone());
    Ok(())
}
