//! Which moves of a pack's procedures a ledger has seen. Stories that leave a move out prove
//! nothing about it, so a test asks that each pack's stories together make them all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Name, Text};
use kernel::{
    Act, Actor, Case, CaseId, Entry, EntryNumber, Standing, case::Part, ledger::Answered,
};
use pack::model::{By, Counts, Follows, Joined, Outcome, Pack, Procedure, Review, Step};

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
    /// A body asked in a review gave that answer.
    Answer(Name, Name),
    /// The silence of a body was deemed to be its answer.
    Silent(Name),
    /// The answers of a review came to this.
    Joined(Joined),
    /// The clock that the outcome had stopped was let go on.
    Resumed(Name),
    /// The clock that the outcome had stopped went on by itself.
    Over(Name),
    /// The fee was charged.
    Charged,
    /// The fee was waived.
    Waived,
    /// The case took that course at a turn.
    Turned(Name),
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
        f.write_str(&self.says().en)
    }
}

impl Move {
    /// The move in words, with the names that the pack gives its steps and outcomes.
    pub fn says(&self) -> Text {
        let Self { procedure, step, cause } = self;
        let cause = cause.says();
        Text::new(
            format!("{procedure}: {step} {}", cause.zh),
            format!("{procedure}: {step} {}", cause.en),
        )
    }
}

impl Cause {
    fn says(&self) -> Text {
        let named = |zh: &str, en: &str, name: &Name| {
            Text::new(format!("—{name}{zh}"), format!("—{name}{en}"))
        };
        match self {
            Self::Outcome(outcome) => named("", "", outcome),
            Self::Supplied(outcome) => named("，已补正", ", supplied", outcome),
            Self::Lapse(outcome) => named("，逾期未补正", ", no answer", outcome),
            Self::Silence(outcome) => {
                Text::new(format!("—沉默，视为：{outcome}"), format!("—silence: {outcome}"))
            }
            Self::Answer(part, answer) => {
                Text::new(format!("—{part}：{answer}"), format!("—{part}: {answer}"))
            }
            Self::Silent(part) => named(" 沉默", " is silent", part),
            Self::Joined(joined) => {
                Text::new(format!("—{}", joined.word()), format!("—{}", joined.word()))
            }
            Self::Resumed(outcome) => named("，恢复计时", ", let go on", outcome),
            Self::Over(outcome) => named("，中止期满", ", over", outcome),
            Self::Charged => Text::new("收取费用", "charges its fee"),
            Self::Waived => Text::new("免收费用", "waives its fee"),
            Self::Turned(course) => {
                Text::new(format!("—分支：{course}"), format!("—turn: {course}"))
            }
            Self::Decided => Text::new("生效", "takes effect"),
            Self::Stood => Text::new("被提起救济并维持", "is challenged and stands"),
            Self::SetAside => Text::new("被撤销", "is set aside"),
            Self::Withdrawal => Text::new("—撤回", "—withdrawn"),
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
    let outcomes = step.outcomes().iter();
    let mut causes: Vec<Cause> = outcomes.flat_map(|(name, o)| of_outcome(name, o)).collect();
    match step {
        Step::Stage(stage) => {
            let silence = stage.silence.iter();
            causes.extend(silence.map(|(outcome, _)| Cause::Silence(outcome.clone())));
            let collects = stage.collects.iter();
            causes.extend(collects.clone().map(|_| Cause::Charged));
            let waived = collects.filter(|collects| collects.waived.is_some());
            causes.extend(waived.map(|_| Cause::Waived));
        }
        Step::Review(review) => causes.extend(of_review(review)),
        Step::Turn(turn) => {
            let courses = turn.courses.iter();
            causes.extend(courses.map(|(course, _)| Cause::Turned(course.clone())));
        }
        Step::Decision(decision) => {
            causes.push(Cause::Decided);
            let ruled = decision.appeal.iter().flat_map(|_| [Cause::Stood, Cause::SetAside]);
            causes.extend(ruled);
        }
    }
    causes
}

fn of_outcome(name: &Name, outcome: &Outcome) -> Vec<Cause> {
    // What only time brings about is a move by silence.
    if outcome.by == Some(By::Clock) {
        return Vec::new();
    }
    let chosen = Cause::Outcome(name.clone());
    match outcome.follows {
        Follows::Then(_) | Follows::Stay => vec![chosen],
        Follows::Supplement(_) => {
            vec![chosen, Cause::Supplied(name.clone()), Cause::Lapse(name.clone())]
        }
        Follows::Stop(_) => vec![chosen, Cause::Resumed(name.clone()), Cause::Over(name.clone())],
        Follows::Extend(_) => vec![chosen],
    }
}

/// Every answer of every body, the silence of each, and everything the answers can come to.
fn of_review(review: &Review) -> Vec<Cause> {
    let parts = review.parts.iter().flat_map(|(part, _)| {
        let answers = review.answers.iter();
        let given = answers.map(|(answer, _)| Cause::Answer(part.clone(), answer.clone()));
        given.chain([Cause::Silent(part.clone())])
    });
    parts.chain(review.results().into_iter().map(|(joined, _)| Cause::Joined(joined))).collect()
}

/// The moves that were made in a ledger of that pack.
pub fn made<'e>(pack: &Pack, entries: impl IntoIterator<Item = &'e Entry>) -> BTreeSet<Move> {
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    let mut made = BTreeSet::new();
    for entry in entries {
        let Some(on) = &entry.case else { continue };
        let before = cases.remove(&on.id);
        if let Some(case) = &before {
            let moves = moves_by(pack, case, entry);
            made.extend(moves.into_iter().map(|(step, cause)| Move {
                procedure: case.procedure.clone(),
                step,
                cause,
            }));
        }
        cases.extend(Case::fold(before, entry).map(|case| (on.id, case)));
    }
    made
}

/// The moves that an entry made, where it made any.
fn moves_by(pack: &Pack, case: &Case, entry: &Entry) -> Vec<(Name, Cause)> {
    let by_clock = entry.by == Actor::Clock;
    let one = |step: &Name, cause: Cause| vec![(step.clone(), cause)];
    match (&entry.act, &case.standing) {
        (Act::Chose(chose), _) if by_clock => {
            one(&chose.step, Cause::Silence(chose.outcome.clone()))
        }
        (Act::Chose(chose), _) => one(&chose.step, Cause::Outcome(chose.outcome.clone())),
        (Act::Answered(answered), _) => {
            let part = answered.part.clone();
            let answer = match by_clock {
                true => Cause::Silent(part),
                false => Cause::Answer(part, answered.answer.clone()),
            };
            let joined = joined(pack, case, answered).map(Cause::Joined);
            std::iter::once(answer).chain(joined).map(|c| (answered.step.clone(), c)).collect()
        }
        (Act::SupplementAsked(asked), _) => one(&asked.step, Cause::Outcome(asked.outcome.clone())),
        (Act::Extended(extended), _) => {
            one(&extended.step, Cause::Outcome(extended.outcome.clone()))
        }
        (Act::Charged(charged), _) => {
            let waived = charged.amount.is_none();
            one(&charged.step, if waived { Cause::Waived } else { Cause::Charged })
        }
        (Act::Stopped(stopped), _) => one(&stopped.step, Cause::Outcome(stopped.outcome.clone())),
        (Act::Resumed(_), Standing::Stopped { step, outcome, .. }) => match by_clock {
            true => one(step, Cause::Over(outcome.clone())),
            false => one(step, Cause::Resumed(outcome.clone())),
        },
        (Act::Supplied(_), Standing::Supplementing { step, outcome, .. }) => {
            one(step, Cause::Supplied(outcome.clone()))
        }
        (Act::RanOut(_), Standing::Supplementing { step, outcome, .. }) => {
            one(step, Cause::Lapse(outcome.clone()))
        }
        (Act::Turned(turned), _) => one(&turned.step, Cause::Turned(turned.course.clone())),
        (Act::Decided(decided), _) => one(&decided.step, Cause::Decided),
        (Act::Ruled(ruled), _) => {
            let cause = if ruled.upheld { Cause::SetAside } else { Cause::Stood };
            decided_by(case, ruled.decision).map(|step| (step, cause)).into_iter().collect()
        }
        (Act::Withdrew(_), standing) => {
            standing.step().map(|step| (step.clone(), Cause::Withdrawal)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What a review came to by an answer, where it was the last one needed.
fn joined(pack: &Pack, case: &Case, answered: &Answered) -> Option<Joined> {
    let review = pack.procedures.get(&case.procedure)?.review(answered.step.as_str())?;
    let Standing::Reviewing { parts, .. } = &case.standing else { return None };
    let before = parts.values().filter_map(|part| match part {
        Part::Answered { answer, .. } => review.answer(answer),
        Part::Awaited(_) => None,
    });
    let given: Vec<Counts> =
        before.chain(review.answer(&answered.answer)).map(|answer| answer.counts).collect();
    review.join.result(&given, parts.len() - given.len()).map(|(joined, _)| joined)
}

fn decided_by(case: &Case, decision: EntryNumber) -> Option<Name> {
    case.decisions.iter().find(|made| made.number == decision).map(|made| made.step.clone())
}
