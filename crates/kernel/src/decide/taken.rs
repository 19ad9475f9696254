//! What lists and surveys are taken from: registers as they stand, and whole numbers.

use base::Name;
use pack::model::LooksUp;
use rules::{Expression, Facts, Value};

use super::{
    facts::{CaseFacts, Found, Look},
    run::Run,
};
use crate::refusal::{Refusal, Unmet};

/// A look-up of the procedure.
pub(super) fn looks_up<'a>(run: &Run<'a>, name: &Name) -> Result<&'a LooksUp, Refusal> {
    let looks_up = run.procedure.looks_up.iter().find(|(found, _)| found == name);
    let (_, looks_up) = looks_up.ok_or_else(|| Refusal::PackFault(name.to_string()))?;
    Ok(looks_up)
}

/// The entries looked up under a name. While it cannot be told which they are, there is no list:
/// it would be another one than the law has in mind.
pub(super) fn found(
    run: &Run<'_>,
    name: &Name,
    facts: &CaseFacts<'_>,
) -> Result<Vec<Found>, Refusal> {
    let looks_up = looks_up(run, name)?;
    let untold = || {
        let (name, says) = (name.clone(), looks_up.title.clone());
        Refusal::ConditionsNotMet(vec![Unmet { name, says, missing: Vec::new() }])
    };
    let look = Look::at(run.snapshot.entries, run.moment);
    look.found(facts, run.pack, looks_up).ok_or_else(untold)
}

/// A whole number, which the checker has proved to be known.
pub(super) fn whole(expression: &Expression, facts: &dyn Facts) -> Result<i64, Refusal> {
    match expression.value(facts) {
        Some(Value::Integer(count)) => Ok(count),
        _ => Err(Refusal::PackFault(expression.source().to_owned())),
    }
}
