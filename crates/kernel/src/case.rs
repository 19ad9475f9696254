//! A case: one run of one procedure under one pinned pack. Its state is a fold over its entries.

use std::collections::BTreeMap;

use base::{Calendar, Date, Instant, Name, Term, Unit, Zone};
use minicbor::{Decode, Encode};
use pack::model::{Effect, PackHash};
use rules::Value;

use crate::ledger::{Act, BodyId, CaseId, Entry, EntryNumber, Filed, Paper, PartyId};

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

/// How a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    /// A stage waits for somebody's choice.
    #[n(0)]
    At {
        /// The stage.
        #[n(0)]
        step: Name,
        /// The day the term that now runs began to count.
        #[n(1)]
        counted_from: Date,
        /// The term that counts from then.
        #[n(2)]
        term: Term,
        /// When it runs out.
        #[n(3)]
        due: Deadline,
    },
    /// A stage waits for the applicant to hand in what is missing; its own clock stands still.
    #[n(1)]
    Supplementing {
        /// The stage that asked.
        #[n(0)]
        step: Name,
        /// The outcome by which it asked.
        #[n(1)]
        outcome: Name,
        /// What is missing.
        #[n(2)]
        items: Vec<String>,
        /// The day the applicant's term began to count.
        #[n(3)]
        counted_from: Date,
        /// The applicant's term.
        #[n(4)]
        term: Term,
        /// When it runs out.
        #[n(5)]
        due: Deadline,
        /// What is left of the stage's own term.
        #[n(6)]
        left: Term,
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
        /// The day the time to rule began to count.
        #[n(4)]
        counted_from: Date,
        /// The time to rule.
        #[n(5)]
        term: Term,
        /// When the time to rule is over.
        #[n(6)]
        due: Deadline,
    },
    /// The applicant withdrew.
    #[n(4)]
    Withdrawn,
}

impl Standing {
    /// The deadline that runs now, if one does.
    pub fn due(&self) -> Option<Deadline> {
        match self {
            Self::At { due, .. }
            | Self::Supplementing { due, .. }
            | Self::Challenged { due, .. } => Some(*due),
            Self::Ended { .. } | Self::Withdrawn => None,
        }
    }

    /// The same standing with its provisional deadline counted again; unchanged when it is firm.
    pub fn redated(&self, calendar: &Calendar, zone: &Zone) -> Option<(Self, Deadline)> {
        let mut standing = self.clone();
        let (from, term, due) = match &mut standing {
            Self::At { counted_from, term, due, .. }
            | Self::Supplementing { counted_from, term, due, .. }
            | Self::Challenged { counted_from, term, due, .. } => (*counted_from, *term, due),
            Self::Ended { .. } | Self::Withdrawn => return None,
        };
        let counted = Deadline::of(term, from, calendar, zone);
        let changed = due.provisional && counted != *due;
        *due = counted;
        changed.then_some((standing, counted))
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

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Case {
    /// Its name: the number of the entry that filed it.
    #[n(0)]
    pub id: CaseId,
    /// The procedure.
    #[n(1)]
    pub procedure: Name,
    /// The pack that rules it to its end.
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
}

impl Case {
    /// The case that `entry` opens or carries on; `None` when the entry belongs to no case, or to
    /// another one.
    pub fn fold(case: Option<Self>, entry: &Entry) -> Option<Self> {
        let on = entry.case.as_ref()?;
        let mut case = match (&entry.act, case) {
            (Act::Filed(filed), None) => Self::opened(filed, on.id, entry, on.standing.clone()),
            (_, Some(case)) if case.id == on.id => case,
            _ => return None,
        };
        case.note(entry);
        case.standing = on.standing.clone();
        case.last = entry.number;
        case.last_at = entry.at;
        Some(case)
    }

    fn opened(filed: &Filed, id: CaseId, entry: &Entry, standing: Standing) -> Self {
        Self {
            id,
            procedure: filed.procedure.clone(),
            pack: filed.pack,
            applicant: filed.applicant,
            subjects: filed.subjects.clone(),
            body: filed.body.clone(),
            filed_at: entry.at,
            facts: filed.facts.clone(),
            materials: filed.materials.clone(),
            asked: BTreeMap::new(),
            decisions: Vec::new(),
            entry: None,
            standing,
            last: entry.number,
            last_at: entry.at,
        }
    }

    fn note(&mut self, entry: &Entry) {
        match &entry.act {
            Act::SupplementAsked(asked) => self.note_asked(&asked.step, &asked.items),
            Act::Supplied(supplied) => {
                self.facts.extend(supplied.facts.clone());
                self.materials.extend(supplied.materials.clone());
            }
            Act::Decided(decided) => {
                self.decisions.push(Made {
                    number: entry.number,
                    step: decided.step.clone(),
                    effect: decided.effect,
                    at: entry.at,
                    remedies: BTreeMap::new(),
                });
                self.note_entry(decided.changes.first());
            }
            Act::Served(served) => {
                self.note_remedies(served.decision, |open| *open = served.remedies.clone());
            }
            // A remedy is taken once; a decision set aside can no longer be challenged.
            Act::Appealed(appealed) => self.note_remedies(appealed.decision, |open| {
                open.remove(&appealed.remedy);
            }),
            Act::Ruled(ruled) if ruled.upheld => {
                self.note_remedies(ruled.decision, BTreeMap::clear);
            }
            Act::Filed(_)
            | Act::Chose(_)
            | Act::RanOut(_)
            | Act::Withdrew(_)
            | Act::Ruled(_)
            | Act::Corrected(_)
            | Act::CalendarAdopted(_)
            | Act::Redated(_)
            | Act::PackAdopted(_) => {}
        }
    }

    fn note_asked(&mut self, step: &Name, items: &[String]) {
        self.asked
            .entry(step.clone())
            .and_modify(|asked| asked.times += 1)
            .or_insert_with(|| Asked { times: 1, items: items.to_vec() });
    }

    fn note_entry(&mut self, change: Option<&crate::register::Change>) {
        if let (None, Some(change)) = (&self.entry, change) {
            self.entry =
                Some(EntryKey { register: change.register.clone(), key: change.key.clone() });
        }
    }

    fn note_remedies(
        &mut self,
        decision: EntryNumber,
        change: impl Fn(&mut BTreeMap<Name, Deadline>),
    ) {
        for made in self.decisions.iter_mut().filter(|made| made.number == decision) {
            change(&mut made.remedies);
        }
    }
}

/// What is left of `term`, which began on `from` and runs out on `due`, once `today` is reached:
/// the days of `today` itself are spent.
pub fn left(term: Term, due: Date, today: Date, calendar: &Calendar) -> Term {
    let days = match term.unit {
        Unit::WorkingDays => i64::from(calendar.elapsed(today, due)),
        Unit::NaturalDays | Unit::Months | Unit::Years => today.days_until(due),
    };
    let unit = if term.unit == Unit::WorkingDays { term.unit } else { Unit::NaturalDays };
    Term { count: u32::try_from(days.max(0)).unwrap_or(0), unit }
}
