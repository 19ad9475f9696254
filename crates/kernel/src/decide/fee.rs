//! Fees: what a stage collects is told when the case comes to it, and passed by where it is waived
//! (行政许可法 articles 58 and 59: a licence is free of charge unless a law says otherwise, and
//! then by a published rate).

use base::Name;
use pack::model::{Procedure, Stage};
use rules::{Facts, Value, Verdict};

use crate::{ledger::Charged, refusal::Refusal};

/// The fee that a stage collects; without an amount where it is waived.
pub(super) fn charge(
    procedure: &Procedure,
    step: &Name,
    stage: &Stage,
    facts: &dyn Facts,
) -> Result<Option<Charged>, Refusal> {
    let Some(collects) = &stage.collects else { return Ok(None) };
    let fee = procedure.fees.get(&collects.fee);
    let fee = fee.ok_or_else(|| Refusal::PackFault(collects.fee.to_string()))?;
    let unknown = || Refusal::FeeUnknown(fee.title.clone());
    let waived = match &fee.waived {
        None => false,
        Some(waived) => match waived.verdict(facts) {
            Verdict::True => true,
            Verdict::False => false,
            Verdict::Undetermined { .. } => return Err(unknown()),
        },
    };
    let amount = match (waived, fee.amount.value(facts)) {
        (true, _) => None,
        (false, Some(Value::Money(fen))) => Some(fen),
        (false, _) => return Err(unknown()),
    };
    Ok(Some(Charged { step: step.clone(), fee: collects.fee.clone(), amount }))
}
