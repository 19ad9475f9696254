//! A case: one run of one procedure under one pinned pack. Its state is a fold over its entries.

mod fold;

use std::collections::{BTreeMap, BTreeSet};

use base::{Calendar, Date, Fen, Instant, Name, Term, Unit, Zone};
use minicbor::{Decode, Encode};
use pack::model::{Effect, PackHash};
use rules::Value;

use crate::{
    ledger::{BodyId, CaseId, EntryNumber, Paper, PartyId},
    register::Change,
};

/// The last day of a term, and the instant at which that day is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Deadline {
    /// The last day.
    #[n(0)]
    pub on: Date,
    /// The first instant after it.
    #[n(1)]
    pub at: Instant,
    /// True when the day lies past the published calendar and will be counted again.
    #[n(2)]
    pub provisional: bool,
}

impl Deadline {
    /// The deadline of `term` counted from `start`, the start day not counted.
    pub fn of(term: Term, start: Date, calendar: &Calendar, zone: &Zone) -> Self {
        let due = term.due(start, calendar);
        Self { on: due.on, at: zone.end_of(due.on), provisional: due.provisional }
    }
}

/// A term that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Running {
    /// The day it began to count.
    #[n(0)]
    pub counted_from: Date,
    /// The term that counts from then.
    #[n(1)]
    pub term: Term,
    /// When it runs out.
    #[n(2)]
    pub due: Deadline,
}

impl Running {
    /// The same term, ended by a day where that comes first; a day that is past ends it at once.
    pub fn until(self, day: Date, today: Date, zone: &Zone) -> Self {
        if day > self.due.on {
            return self;
        }
        let on = day.max(today);
        let count = u32::try_from(today.days_until(on)).unwrap_or(0);
        let term = Term { count, unit: Unit::NaturalDays };
        let due = Deadline { on, at: zone.end_of(on), provisional: false };
        Self { counted_from: today, term, due }
    }

    /// The same term made longer, counted from the day it began.
    pub fn longer(&self, by: Term, calendar: &Calendar, zone: &Zone) -> Self {
        let count = self.term.count.saturating_add(by.count);
        Self::from(self.counted_from, Term { count, ..self.term }, calendar, zone)
    }

    /// A term that begins to count on a day.
    pub fn from(day: Date, term: Term, calendar: &Calendar, zone: &Zone) -> Self {
        Self { counted_from: day, term, due: Deadline::of(term, day, calendar, zone) }
    }

    /// What is left of it once `today` is reached: the days of `today` itself are spent. Days off
    /// onto which the last day has rolled over are no part of the term, and are not given back.
    pub fn left(&self, today: Date, calendar: &Calendar) -> Term {
        let natural = |last: Option<Date>| today.days_until(last.unwrap_or(self.due.on));
        let (days, unit) = match self.term.unit {
            Unit::WorkingDays => {
                (i64::from(calendar.elapsed(today, self.due.on)), Unit::WorkingDays)
            }
            Unit::NaturalDays => {
                let days = i64::from(self.term.count);
                (natural(self.counted_from.plus_days(days)), Unit::NaturalDays)
            }
            Unit::Months => {
                (natural(self.counted_from.plus_months(self.term.count)), Unit::NaturalDays)
            }
            Unit::Years => {
                (natural(self.counted_from.plus_years(self.term.count)), Unit::NaturalDays)
            }
        };
        Term { count: u32::try_from(days.max(0)).unwrap_or(0), unit }
    }

    /// Counts a provisional deadline again; true when that changes it.
    fn redate(&mut self, calendar: &Calendar, zone: &Zone) -> bool {
        let counted = Deadline::of(self.term, self.counted_from, calendar, zone);
        let changed = self.due.provisional && counted != self.due;
        if changed {
            self.due = counted;
        }
        changed
    }
}

/// How one of the bodies asked in a review stands. `T` is how its time is kept: as a term that
/// runs, or as what is left of it while the clock stands still.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Part<T> {
    /// It has not answered.
    #[n(0)]
    Awaited(#[n(0)] T),
    /// It has answered, or its silence was deemed to be an answer.
    #[n(1)]
    Answered {
        /// The answer.
        #[n(0)]
        answer: Name,
        /// The entry that gave it.
        #[n(1)]
        number: EntryNumber,
    },
}

impl<T> Part<T> {
    /// The same part with its time kept otherwise.
    fn kept<U>(&self, time: impl FnOnce(&T) -> U) -> Part<U> {
        match self {
            Self::Awaited(kept) => Part::Awaited(time(kept)),
            Self::Answered { answer, number } => {
                Part::Answered { answer: answer.clone(), number: *number }
            }
        }
    }
}

/// The parts of a review, by the body's name in the procedure; none at a stage.
pub type Parts<T> = BTreeMap<Name, Part<T>>;

/// A step whose clock stands still: what is left of its time, and of that of each part.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// What is left of the step's own term.
    #[n(0)]
    pub left: Term,
    /// The parts, where the step is a review.
    #[n(1)]
    pub parts: Parts<Term>,
}

/// How a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    /// A stage waits for somebody's choice.
    #[n(0)]
    At {
        /// The stage.
        #[n(0)]
        step: Name,
        /// The stage's term.
        #[n(1)]
        runs: Running,
    },
    /// The step's clock stands still until the applicant has handed in what is missing.
    #[n(1)]
    Supplementing {
        /// The step that asked.
        #[n(0)]
        step: Name,
        /// The outcome by which it asked.
        #[n(1)]
        outcome: Name,
        /// What is missing.
        #[n(2)]
        items: Vec<String>,
        /// The applicant's term.
        #[n(3)]
        runs: Running,
        /// What the step goes on with.
        #[n(4)]
        held: Held,
    },
    /// The case has ended; remedies may still be open.
    #[n(2)]
    Ended {
        /// The end.
        #[n(0)]
        end: Name,
    },
    /// The case had ended and a decision of it is being challenged.
    #[n(3)]
    Challenged {
        /// The end it had come to.
        #[n(0)]
        end: Name,
        /// The decision challenged.
        #[n(1)]
        decision: EntryNumber,
        /// The remedy taken.
        #[n(2)]
        remedy: Name,
        /// Who hears it.
        #[n(3)]
        heard_by: BodyId,
        /// The time to rule.
        #[n(4)]
        runs: Running,
    },
    /// The applicant withdrew.
    #[n(4)]
    Withdrawn,
    /// A review waits for the bodies that have not answered.
    #[n(5)]
    Reviewing {
        /// The review.
        #[n(0)]
        step: Name,
        /// The time for all together.
        #[n(1)]
        runs: Running,
        /// The bodies asked, each with its own time or its answer.
        #[n(2)]
        parts: Parts<Running>,
    },
    /// The step's clock stands still on a ground of the law.
    #[n(6)]
    Stopped {
        /// The step that stopped.
        #[n(0)]
        step: Name,
        /// The outcome by which it stopped.
        #[n(1)]
        outcome: Name,
        /// The longest it may stand still.
        #[n(2)]
        runs: Running,
        /// What the step goes on with.
        #[n(3)]
        held: Held,
    },
}

impl Standing {
    /// The term that runs now, if one does; of a review the time for all together.
    pub fn runs(&self) -> Option<&Running> {
        match self {
            Self::At { runs, .. }
            | Self::Reviewing { runs, .. }
            | Self::Supplementing { runs, .. }
            | Self::Stopped { runs, .. }
            | Self::Challenged { runs, .. } => Some(runs),
            Self::Ended { .. } | Self::Withdrawn => None,
        }
    }

    /// The deadline that runs now, if one does.
    pub fn due(&self) -> Option<Deadline> {
        self.runs().map(|runs| runs.due)
    }

    /// The step the case is at, whether its clock runs or stands still.
    pub fn step(&self) -> Option<&Name> {
        match self {
            Self::At { step, .. }
            | Self::Reviewing { step, .. }
            | Self::Supplementing { step, .. }
            | Self::Stopped { step, .. } => Some(step),
            Self::Ended { .. } | Self::Challenged { .. } | Self::Withdrawn => None,
        }
    }

    /// Whether a deadline of it lies past the published calendar.
    pub fn provisional(&self) -> bool {
        let parts = match self {
            Self::Reviewing { parts, .. } => parts
                .values()
                .any(|part| matches!(part, Part::Awaited(runs) if runs.due.provisional)),
            _ => false,
        };
        parts || self.due().is_some_and(|due| due.provisional)
    }

    /// The same standing with its provisional deadlines counted again, and the one it now runs to;
    /// none when all stay as they are.
    pub fn redated(&self, calendar: &Calendar, zone: &Zone) -> Option<(Self, Deadline)> {
        let mut standing = self.clone();
        let changed = match &mut standing {
            Self::Reviewing { runs, parts, .. } => {
                let mut changed = runs.redate(calendar, zone);
                for part in parts.values_mut() {
                    if let Part::Awaited(runs) = part {
                        changed |= runs.redate(calendar, zone);
                    }
                }
                changed
            }
            Self::At { runs, .. }
            | Self::Supplementing { runs, .. }
            | Self::Stopped { runs, .. }
            | Self::Challenged { runs, .. } => runs.redate(calendar, zone),
            Self::Ended { .. } | Self::Withdrawn => false,
        };
        let due = standing.due().filter(|_| changed)?;
        Some((standing, due))
    }

    /// The same step with its time made longer, and that of each body that is still to answer; none
    /// where no step's clock runs.
    pub fn longer(&self, by: Term, calendar: &Calendar, zone: &Zone) -> Option<Self> {
        let longer = |runs: &Running| runs.longer(by, calendar, zone);
        match self {
            Self::At { step, runs } => Some(Self::At { step: step.clone(), runs: longer(runs) }),
            Self::Reviewing { step, runs, parts } => {
                let parts = parts.iter().map(|(body, part)| (body.clone(), part.kept(longer)));
                let (step, runs) = (step.clone(), longer(runs));
                Some(Self::Reviewing { step, runs, parts: parts.collect() })
            }
            _ => None,
        }
    }

    /// What the step goes on with if its clock is stopped on `today`; none where none runs, or
    /// where it stands still already.
    pub fn held(&self, today: Date, calendar: &Calendar) -> Option<Held> {
        let left = |runs: &Running| runs.left(today, calendar);
        match self {
            Self::At { runs, .. } => Some(Held { left: left(runs), parts: Parts::new() }),
            Self::Reviewing { runs, parts, .. } => {
                let parts = parts.iter().map(|(body, part)| (body.clone(), part.kept(left)));
                Some(Held { left: left(runs), parts: parts.collect() })
            }
            _ => None,
        }
    }
}

impl Held {
    /// The step as it goes on from `today`.
    pub fn resumed(&self, step: Name, today: Date, calendar: &Calendar, zone: &Zone) -> Standing {
        let run = |left: &Term| Running::from(today, *left, calendar, zone);
        let runs = run(&self.left);
        if self.parts.is_empty() {
            return Standing::At { step, runs };
        }
        let parts = self.parts.iter().map(|(body, part)| (body.clone(), part.kept(run)));
        Standing::Reviewing { step, runs, parts: parts.collect() }
    }
}

/// A decision the case has made.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Made {
    /// Its entry.
    #[n(0)]
    pub number: EntryNumber,
    /// The decision step.
    #[n(1)]
    pub step: Name,
    /// What it did.
    #[n(2)]
    pub effect: Effect,
    /// When it was made.
    #[n(3)]
    pub at: Instant,
    /// The remedies open since it was served: not those taken, and none once it is set aside.
    #[n(4)]
    pub remedies: BTreeMap<Name, Deadline>,
    /// The body in whose name it was made.
    #[n(5)]
    pub by: BodyId,
    /// The entries it made in other registers.
    #[n(6)]
    pub records: Vec<EntryKey>,
    /// The entries of other cases that it changed.
    #[n(7)]
    pub touched: Vec<EntryKey>,
    /// Whether the party has it.
    #[n(8)]
    pub service: Service,
    /// The remedies taken.
    #[n(9)]
    pub taken: BTreeSet<Name>,
}

/// Whether a decision has been served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Service {
    /// Not yet: until when it must be.
    #[n(0)]
    Owed(#[n(0)] Deadline),
    /// On that day.
    #[n(1)]
    Done(#[n(0)] Date),
    /// It was set aside before it was served.
    #[n(2)]
    Moot,
}

/// Who speaks for the applicant besides the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Speaks {
    /// Nobody.
    #[n(0)]
    Nobody,
    /// An agent.
    #[n(1)]
    Agent(#[n(0)] PartyId),
    /// A guardian.
    #[n(2)]
    Guardian(#[n(0)] PartyId),
    /// The counter of a body: its officers write down what the applicant says there.
    #[n(3)]
    Counter(#[n(0)] BodyId),
}

/// How it stands with an officer of whom somebody said that he or she should stand aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Recusal {
    /// The party has asked for it, and nobody has decided.
    #[n(0)]
    Asked(#[n(0)] EntryNumber),
    /// The officer stands aside.
    #[n(1)]
    Aside(#[n(0)] EntryNumber),
    /// The officer need not.
    #[n(2)]
    Stays(#[n(0)] EntryNumber),
}

/// What a body answered in a review.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Given {
    /// The answer.
    #[n(0)]
    pub answer: Name,
    /// What it filled in.
    #[n(1)]
    pub facts: BTreeMap<String, Value>,
}

/// A fee charged in a case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Charge {
    /// The step that collects it.
    #[n(0)]
    pub step: Name,
    /// The fee.
    #[n(1)]
    pub fee: Name,
    /// How much; nothing where it was waived.
    #[n(2)]
    pub amount: Option<Fen>,
    /// The entry that charged it.
    #[n(3)]
    pub number: EntryNumber,
}

/// How a promise that the applicant signed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Promise {
    /// It is signed, and nobody has found whether it was kept.
    #[n(0)]
    Signed,
    /// It was found kept, by that entry.
    #[n(1)]
    Kept(#[n(0)] EntryNumber),
    /// It was found broken, by that entry.
    #[n(2)]
    Broken(#[n(0)] EntryNumber),
}

/// What a stage has asked the applicant for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Asked {
    /// How often it has asked.
    #[n(0)]
    pub times: u32,
    /// Everything the first notice named.
    #[n(1)]
    pub items: Vec<String>,
}

impl Asked {
    /// Counts what another step has asked for that is one with this now.
    fn add(&mut self, other: &Self) {
        self.times = self.times.saturating_add(other.times);
        let further = other.items.iter().filter(|item| !self.items.contains(item));
        let further: Vec<String> = further.cloned().collect();
        self.items.extend(further);
    }
}

/// A clock that a step has stopped, or a time that it has made longer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StopMade {
    /// The step.
    #[n(0)]
    pub step: Name,
    /// The outcome by which it stopped.
    #[n(1)]
    pub outcome: Name,
}

/// The entry of a register that a case made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct EntryKey {
    /// The register.
    #[n(0)]
    pub register: Name,
    /// The key.
    #[n(1)]
    pub key: String,
}

impl EntryKey {
    /// The entry that a change writes.
    pub fn of(change: &Change) -> Self {
        Self { register: change.register.clone(), key: change.key.clone() }
    }
}

/// A text that a case has on file: of a draw, as it is published, or of a layout plan.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TextOnFile {
    /// The entry by which it is.
    #[n(0)]
    pub number: EntryNumber,
    /// The text.
    #[n(1)]
    pub text: String,
}

/// What a case has on file for its layout plan, once there is a survey.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CaseLayout {
    /// The survey.
    #[n(0)]
    pub survey: TextOnFile,
    /// The drafts, in the order in which they were put on file.
    #[n(1)]
    pub drafts: Vec<TextOnFile>,
    /// The draft that is adopted.
    #[n(2)]
    pub adopted: Option<AdoptedDraft>,
}

/// Which draft of a layout plan is adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct AdoptedDraft {
    /// The entry that adopts it.
    #[n(0)]
    pub number: EntryNumber,
    /// The number of the draft, counted from 1.
    #[n(1)]
    pub draft: u64,
}

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Case {
    /// Its name: the number of the entry that filed it.
    #[n(0)]
    pub id: CaseId,
    /// The procedure.
    #[n(1)]
    pub procedure: Name,
    /// The pack that rules it: to its end, unless a plan moves it.
    #[n(2)]
    pub pack: PackHash,
    /// Who applied.
    #[n(3)]
    pub applicant: PartyId,
    /// The persons whose details the form gave, by section.
    #[n(4)]
    pub subjects: BTreeMap<Name, PartyId>,
    /// The body that handles it.
    #[n(5)]
    pub body: BodyId,
    /// When it was filed.
    #[n(6)]
    pub filed_at: Instant,
    /// The answers as typed facts.
    #[n(7)]
    pub facts: BTreeMap<String, Value>,
    /// The papers handed in.
    #[n(8)]
    pub materials: BTreeMap<Name, Paper>,
    /// What each stage has asked for.
    #[n(9)]
    pub asked: BTreeMap<Name, Asked>,
    /// The decisions made.
    #[n(10)]
    pub decisions: Vec<Made>,
    /// The register entry it made.
    #[n(11)]
    pub entry: Option<EntryKey>,
    /// How it stands.
    #[n(12)]
    pub standing: Standing,
    /// Its last entry.
    #[n(13)]
    pub last: EntryNumber,
    /// When that entry took effect.
    #[n(14)]
    pub last_at: Instant,
    /// How often its clock was stopped, in order.
    #[n(15)]
    pub stops: Vec<StopMade>,
    /// The promises the applicant signed.
    #[n(16)]
    pub promises: BTreeMap<Name, Promise>,
    /// The bodies that have had a hand in it, each with its officers who had.
    #[n(17)]
    pub hands: BTreeMap<BodyId, BTreeSet<PartyId>>,
    /// What the bodies asked in a review answered last, by review and body.
    #[n(18)]
    pub answers: BTreeMap<Name, BTreeMap<Name, Given>>,
    /// How often a time was made longer, in order.
    #[n(19)]
    pub extensions: Vec<StopMade>,
    /// The fees charged.
    #[n(20)]
    pub charges: Vec<Charge>,
    /// What the entries named said that settles who acts.
    #[n(21)]
    pub settled: BTreeMap<String, Value>,
    /// The body that filed it, where a body did.
    #[n(22)]
    pub filed_by: Option<BodyId>,
    /// Who speaks for the applicant.
    #[n(23)]
    pub speaks: Speaks,
    /// True where decisions are not served through the portal.
    #[n(24)]
    pub on_paper: bool,
    /// The officers of whom it was said that they should stand aside.
    #[n(25)]
    pub recusals: BTreeMap<PartyId, Recusal>,
    /// The officers who wrote down at the counter what the applicant said.
    #[n(26)]
    pub clerks: BTreeSet<PartyId>,
    /// The entry that says how it ended, once it has.
    #[n(27)]
    pub handled: Option<EntryKey>,
    /// Who of each body deals with it, where somebody in particular does.
    #[n(28)]
    pub assigned: BTreeMap<BodyId, PartyId>,
    /// The lists of its draw, once they are frozen.
    #[n(29)]
    pub frozen: Option<TextOnFile>,
    /// What was drawn from them, once it was.
    #[n(30)]
    pub drawn: Option<TextOnFile>,
    /// What is on file for its layout plan, once there is a survey.
    #[n(31)]
    pub layout: Option<CaseLayout>,
}
