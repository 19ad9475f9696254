//! Each case of a person or an organisation that comes to an end is written down in the register
//! that the pack keeps of them, by the command that ended it and under the case's number.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text};
use pack::model::{Pack, Procedure, Register};
use rules::{Expression, Value};

use super::{facts::Look, run::Run};
use crate::{
    case::{Case, Standing},
    ledger::{Act, PartyId},
    register::{Change, Fields},
};

/// An end: of that name, or by withdrawal.
type End<'s> = Option<&'s Name>;

/// Writes the case down where the run has brought it to an end it had not come to before.
pub(super) fn write_down(run: &mut Run<'_>, before: Option<&Standing>) {
    let end = end(&run.case.standing);
    if end.is_none() || end == before.and_then(self::end) {
        return;
    }
    let Some(register) = register(run.pack, run.procedure, &run.case) else { return };
    let change = change(run, register);
    let standing = run.case.standing.clone();
    run.write(Act::Handled(Box::new(change)), standing);
}

/// The register in which a case is written down. None where the pack keeps none, a body filed the
/// case, or the case is itself about one that has ended.
fn register<'p>(pack: &'p Pack, procedure: &Procedure, case: &Case) -> Option<&'p Register> {
    let register = pack.handled()?;
    let about_one = procedure.names_entry_of(&register.name).is_some();
    (case.filed_by.is_none() && !about_one).then_some(register)
}

/// How a case has ended; none while it goes on.
fn end(standing: &Standing) -> Option<End<'_>> {
    match standing {
        Standing::Ended { end } | Standing::Challenged { end, .. } => Some(Some(end)),
        Standing::Withdrawn => Some(None),
        Standing::At { .. }
        | Standing::Reviewing { .. }
        | Standing::Supplementing { .. }
        | Standing::Stopped { .. } => None,
    }
}

/// The entry of the case. A case that ends anew, its decision having been set aside, states what is
/// known of it anew; what was written of it from the start, and changed since, stays.
fn change(run: &Run<'_>, register: &Register) -> Change {
    let facts = facts(run);
    let key = run.case.id.to_string();
    let look = Look::at(run.snapshot.entries, run.moment);
    let name = register.name.clone();
    match look.entry(&register.name, &key) {
        None => Change::entered(name, key, run.moment.at, said(register, &facts, |_| true)),
        Some(version) => {
            let known = |expression: &Expression| expression.facts_used().next().is_some();
            let says = said(register, &facts, known);
            Change::of_entry(name, key, run.moment.at, &version).stating(says)
        }
    }
}

fn said(
    register: &Register,
    facts: &BTreeMap<String, Value>,
    which: impl Fn(&Expression) -> bool,
) -> Fields {
    let fields = register.handled.iter().filter(|(_, expression)| which(expression));
    fields.filter_map(|(name, expression)| Some((name.clone(), expression.value(facts)?))).collect()
}

/// What is known of every case that has ended.
fn facts(run: &Run<'_>) -> BTreeMap<String, Value> {
    let (case, procedure) = (&run.case, run.procedure);
    let applicant: PartyId = case.applicant;
    let ended = match &case.standing {
        Standing::Ended { end } => procedure.ends.get(end).map(|end| end.title.clone()),
        _ => None,
    };
    let ended = ended.unwrap_or_else(|| Text::new("申请人撤回", "Withdrawn by the applicant"));
    let facts = [
        ("applicant", Value::Party(applicant.to_string())),
        ("procedure", Value::Text(procedure.name.to_string())),
        ("procedure.title", Value::Bilingual(procedure.title.clone())),
        ("body", Value::Codes(BTreeSet::from([case.body.to_string()]))),
        ("body.division", Value::Division(case.body.division.clone())),
        ("end", Value::Bilingual(ended)),
        ("filed-on", Value::Date(run.pack.zone.day_of(case.filed_at))),
        ("ended-on", Value::Date(run.today())),
    ];
    facts.into_iter().map(|(path, value)| (path.to_owned(), value)).collect()
}
