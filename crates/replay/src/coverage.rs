//! Which moves of a pack's procedures a ledger has seen. Stories that leave a move out prove
//! nothing about it, so a test asks that each pack's stories together make them all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::Name;
use kernel::{Act, Actor, Case, CaseId, Entry, EntryNumber, Standing};
use pack::model::{Follows, Pack, Procedure, Step};

/// A move of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The procedure.
    pub procedure: Name,
    /// The step it starts from.
    pub step: Name,
    /// Why the case moves.
    pub cause: Cause,
}

/// Why a case moves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Somebody chose the outcome; of a supplement, the applicant was asked.
    Outcome(Name),
    /// The applicant handed in what the outcome had asked for.
    Supplied(Name),
    /// The time for what the outcome had asked for ran out.
    Lapse(Name),
    /// Silence was deemed to be the outcome.
    Silence(Name),
    /// The decision took effect.
    Decided,
    /// A challenge of the decision was rejected.
    Stood,
    /// The decision was set aside.
    SetAside,
    /// The applicant withdrew.
    Withdrawal,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { procedure, step, cause } = self;
        write!(f, "{procedure}: {step} ")?;
        match cause {
            Cause::Outcome(outcome) => write!(f, "—{outcome}"),
            Cause::Supplied(outcome) => write!(f, "—{outcome}, supplied"),
            Cause::Lapse(outcome) => write!(f, "—{outcome}, no answer"),
            Cause::Silence(outcome) => write!(f, "—silence: {outcome}"),
            Cause::Decided => f.write_str("takes effect"),
            Cause::Stood => f.write_str("is challenged and stands"),
            Cause::SetAside => f.write_str("is set aside"),
            Cause::Withdrawal => f.write_str("—withdrawn"),
        }
    }
}

/// Every move there is in the procedures of a pack.
pub fn moves(pack: &Pack) -> BTreeSet<Move> {
    pack.procedures.values().flat_map(moves_of).collect()
}

fn moves_of(procedure: &Procedure) -> Vec<Move> {
    let withdrawals = procedure.withdrawal.iter().map(|step| (step, Cause::Withdrawal));
    let steps = procedure.steps.iter().flat_map(|(name, step)| {
        let causes = causes(step);
        causes.into_iter().map(move |cause| (name, cause))
    });
    let moves = steps.chain(withdrawals);
    moves
        .map(|(step, cause)| Move { procedure: procedure.name.clone(), step: step.clone(), cause })
        .collect()
}

fn causes(step: &Step) -> Vec<Cause> {
    match step {
        Step::Stage(stage) => {
            let silence = stage.silence.iter().map(|(outcome, _)| Cause::Silence(outcome.clone()));
            let chosen = stage.outcomes.iter().flat_map(|(name, outcome)| {
                let supplement = matches!(outcome.follows, Follows::Supplement(_));
                let asked = [Cause::Supplied(name.clone()), Cause::Lapse(name.clone())];
                let asked = asked.into_iter().filter(move |_| supplement);
                std::iter::once(Cause::Outcome(name.clone())).chain(asked)
            });
            chosen.chain(silence).collect()
        }
        Step::Decision(decision) => {
            let ruled = decision.appeal.iter().flat_map(|_| [Cause::Stood, Cause::SetAside]);
            std::iter::once(Cause::Decided).chain(ruled).collect()
        }
    }
}

/// The moves that were made in a ledger.
pub fn made<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> BTreeSet<Move> {
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    let mut made = BTreeSet::new();
    for entry in entries {
        let Some(on) = &entry.case else { continue };
        let before = cases.remove(&on.id);
        made.extend(before.as_ref().and_then(|case| move_of(case, entry)));
        cases.extend(Case::fold(before, entry).map(|case| (on.id, case)));
    }
    made
}

/// The move that an entry made, where it made one.
fn move_of(case: &Case, entry: &Entry) -> Option<Move> {
    let (step, cause) = match (&entry.act, &case.standing) {
        (Act::Chose(chose), _) if entry.by == Actor::Clock => {
            (chose.step.clone(), Cause::Silence(chose.outcome.clone()))
        }
        (Act::Chose(chose), _) => (chose.step.clone(), Cause::Outcome(chose.outcome.clone())),
        (Act::SupplementAsked(asked), _) => {
            (asked.step.clone(), Cause::Outcome(asked.outcome.clone()))
        }
        (Act::Supplied(_), Standing::Supplementing { step, outcome, .. }) => {
            (step.clone(), Cause::Supplied(outcome.clone()))
        }
        (Act::RanOut(_), Standing::Supplementing { step, outcome, .. }) => {
            (step.clone(), Cause::Lapse(outcome.clone()))
        }
        (Act::Decided(decided), _) => (decided.step.clone(), Cause::Decided),
        (Act::Ruled(ruled), _) => {
            let cause = if ruled.upheld { Cause::SetAside } else { Cause::Stood };
            (decided_by(case, ruled.decision)?, cause)
        }
        (Act::Withdrew(_), Standing::At { step, .. } | Standing::Supplementing { step, .. }) => {
            (step.clone(), Cause::Withdrawal)
        }
        _ => return None,
    };
    Some(Move { procedure: case.procedure.clone(), step, cause })
}

fn decided_by(case: &Case, decision: EntryNumber) -> Option<Name> {
    case.decisions.iter().find(|made| made.number == decision).map(|made| made.step.clone())
}
