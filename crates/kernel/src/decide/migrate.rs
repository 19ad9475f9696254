//! A running case moves to another edition of its pack, by a plan of that edition.
//!
//! Only a case whose clock runs moves: what has been asked for, stopped or challenged was so under
//! the earlier edition, and is answered under it. 行政许可法 article 8: nobody is worse off by the
//! move, so the applicant keeps every day that was given.

use base::{Calendar, Date, Instant, Name};
use pack::model::{By, Carried, Limit, Migration, Pack, Review, Step};
use rules::Verdict;

use super::case_facts;
use crate::{
    case::{Case, Part, Parts, Running, Standing},
    ledger::{Act, Migrated},
};

/// The edition that a case was filed under, and the one that is put in force.
#[derive(Debug, Clone, Copy)]
pub struct Editions<'p> {
    /// The earlier edition.
    pub from: &'p Pack,
    /// The edition that holds the plan.
    pub to: &'p Pack,
}

/// The act by which a plan moves a case at an instant, and how the case stands then; none where the
/// case stays. The plan must be sound: see [`pack::migrate::check`].
pub fn migrated(
    editions: Editions<'_>,
    migration: &Migration,
    case: &Case,
    calendar: &Calendar,
    at: Instant,
) -> Option<(Act, Standing)> {
    if case.pack != migration.from || case.procedure != migration.procedure {
        return None;
    }
    let new_name = migration.steps.get(case.standing.step()?)?;
    let mover = Mover::of(editions, migration, case, new_name, calendar, at)?;
    let counted = case.standing.redated(calendar, &editions.to.zone);
    let standing = counted.map_or_else(|| case.standing.clone(), |(standing, _)| standing);
    let standing = mover.standing(&standing, new_name)?;
    let today = editions.to.zone.day_of(at);
    let facts = case_facts(editions.to, case, today);
    let meant = migration.which.as_ref().is_none_or(|which| which.verdict(&facts) == Verdict::True);
    let act = Act::Migrated(Migrated {
        pack: editions.to.hash,
        migration: migration.name.clone(),
        steps: migration.renamed(),
    });
    meant.then_some((act, standing))
}

/// What becomes of a term that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    /// It runs on as it is.
    AsItIs,
    /// It is over when it would have been, or the new step's own is, whichever comes first.
    Earlier,
    /// It is over when it would have been, or the new step's own is, whichever comes last.
    Later,
    /// The new step's own term counts from the move.
    Afresh,
}

impl Term {
    /// The applicant keeps what was given, a body has what the new step gives, and who was not
    /// awaited before has the whole term.
    fn of(clock: Carried, before: &By, after: &By) -> Self {
        match (clock, after) {
            _ if !before.same_turn(after) => Self::Afresh,
            (Carried::Keeps, By::Applicant) => Self::AsItIs,
            (Carried::Keeps, By::Body(_) | By::Clock) => Self::Earlier,
            (Carried::Restarts, By::Applicant) => Self::Later,
            (Carried::Restarts, By::Body(_) | By::Clock) => Self::Afresh,
        }
    }
}

/// One case on its way from a step to another.
struct Mover<'a> {
    to: &'a Pack,
    step: &'a Step,
    term: Term,
    calendar: &'a Calendar,
    at: Instant,
}

impl<'a> Mover<'a> {
    fn of(
        editions: Editions<'a>,
        migration: &Migration,
        case: &Case,
        new_name: &Name,
        calendar: &'a Calendar,
        at: Instant,
    ) -> Option<Self> {
        let step = |pack: &'a Pack, name: &Name| {
            pack.procedures.get(&migration.procedure)?.steps.get(name)
        };
        let before = step(editions.from, case.standing.step()?)?;
        let after = step(editions.to, new_name)?;
        let term = Term::of(migration.clock, before.by()?, after.by()?);
        Some(Self { to: editions.to, step: after, term, calendar, at })
    }

    fn today(&self) -> Date {
        self.to.zone.day_of(self.at)
    }

    /// The case at the new step; none where its clock does not run.
    fn standing(&self, before: &Standing, new_name: &Name) -> Option<Standing> {
        let none = Parts::new();
        let (runs, parts) = match before {
            Standing::At { runs, .. } => (runs, &none),
            Standing::Reviewing { runs, parts, .. } => (runs, parts),
            _ => return None,
        };
        let step = new_name.clone();
        match self.step {
            Step::Stage(stage) => {
                let runs = self.runs(runs, &stage.within, stage.silence.is_some());
                Some(Standing::At { step, runs })
            }
            Step::Review(review) => {
                let begins = parts.is_empty();
                let runs = self.runs(runs, &review.within, begins);
                let parts = self.parts(review, parts, &runs);
                Some(Standing::Reviewing { step, runs, parts })
            }
            Step::Turn(_) | Step::Decision(_) => None,
        }
    }

    /// The term that runs at the new step. Nobody is held to a silence that was not spoken of:
    /// where the new step has one and the term is over already, its own counts from the move.
    fn runs(&self, runs: &Running, within: &Limit, silence: bool) -> Running {
        let own = Running::from(self.today(), within.term, self.calendar, &self.to.zone);
        let over = silence && runs.due.at <= self.at;
        match self.term {
            _ if over => own,
            Term::Afresh => own,
            Term::AsItIs => *runs,
            Term::Earlier => earlier(*runs, own),
            Term::Later if own.due.at > runs.due.at => own,
            Term::Later => *runs,
        }
    }

    /// The bodies asked: an answer that was given stays, and none has longer than all have
    /// together.
    fn parts(&self, review: &Review, before: &Parts<Running>, whole: &Running) -> Parts<Running> {
        let parts = review.parts.iter().map(|(body, part)| {
            let moved = match before.get(body) {
                Some(Part::Answered { answer, number }) => {
                    Part::Answered { answer: answer.clone(), number: *number }
                }
                Some(Part::Awaited(runs)) => {
                    Part::Awaited(earlier(self.runs(runs, &part.within, true), *whole))
                }
                None => {
                    let day = self.today();
                    let own = Running::from(day, part.within.term, self.calendar, &self.to.zone);
                    Part::Awaited(earlier(own, *whole))
                }
            };
            (body.clone(), moved)
        });
        parts.collect()
    }
}

fn earlier(one: Running, other: Running) -> Running {
    if other.due.at < one.due.at { other } else { one }
}
