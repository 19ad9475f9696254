//! What persons are told of their cases: derived from each entry by one table, so that nobody has
//! to remember to tell, and nothing is told that no entry says.
//!
//! 行政许可法 articles 32, 44 and 45 want the applicant told what is missing, what was decided and
//! for how long a clock stands still; articles 36 and 47 that they may be heard before that;
//! 民法典 article 203 and the remedies' terms make it fair to say when one is about to end. A
//! message names the kind and the entry, no more: whoever shows it finds the words.

use std::fmt;

use base::{Instant, Name};
use pack::model::{By, Follows, Pack, Procedure, Step, Target};

use crate::{
    case::{Case, Speaks, Standing},
    ledger::{Act, Actor, Chose, Entry, PartyId},
};

/// How many days before the last day of a remedy its ending is told: a service of the platform, not
/// a rule of law. A remedy that is not open for twice as long is not told of.
pub const REMIND_BEFORE: i64 = 7;

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The application was filed.
    Filed,
    /// Something is missing, and until when it may be handed in.
    SupplementAsked,
    /// What was missing has come in.
    Supplied,
    /// The time to hand in was over.
    RanOut,
    /// The case waits for its party: whether a hearing is wanted, what is said to what is intended.
    Awaited,
    /// The clock stands still.
    Stopped,
    /// The clock goes on.
    Resumed,
    /// The time was made longer.
    Extended,
    /// The last day was counted again by a new calendar.
    Redated,
    /// A decision was served.
    Served,
    /// The application was given up.
    Withdrawn,
    /// A challenge was handed in.
    Appealed,
    /// A challenge was ruled on.
    Ruled,
    /// The entry was corrected.
    Corrected,
    /// A fee is to be paid, or is waived.
    Charged,
    /// Whether an officer stands aside.
    Recused,
    /// The case goes on under another edition of the rules.
    Migrated,
    /// The case has ended, and may be rated where the place has that.
    Handled,
    /// A remedy is about to end.
    RemedyEnding(Name),
}

/// A message to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: PartyId,
    /// About what.
    pub kind: Kind,
    /// From when it is shown and sent: at once, or when a remedy nears its end.
    pub from: Instant,
}

impl Kind {
    /// The word for it, which also names its texts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::SupplementAsked => "supplement-asked",
            Self::Supplied => "supplied",
            Self::RanOut => "ran-out",
            Self::Awaited => "awaited",
            Self::Stopped => "stopped",
            Self::Resumed => "resumed",
            Self::Extended => "extended",
            Self::Redated => "redated",
            Self::Served => "decision-served",
            Self::Withdrawn => "withdrawn",
            Self::Appealed => "appealed",
            Self::Ruled => "ruled",
            Self::Corrected => "corrected",
            Self::Charged => "charged",
            Self::Recused => "recused",
            Self::Migrated => "migrated",
            Self::Handled => "handled",
            Self::RemedyEnding(_) => "remedy-ending",
        }
    }
}

/// The word, and for a remedy its name behind a colon; so it is kept.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RemedyEnding(remedy) => write!(f, "{}:{remedy}", self.word()),
            _ => f.write_str(self.word()),
        }
    }
}

/// The messages that an entry brings about: what, to the party of the case and to who speaks for
/// it. `case` is as the entry leaves it, `pack` the one that rules it. Whoever did something is
/// told that it has arrived; officers are told by their queues, and a body that filed for itself is
/// told nothing.
pub fn messages(entry: &Entry, case: &Case, pack: &Pack) -> Vec<Message> {
    let awaited = awaited(entry, case, pack).then_some(Kind::Awaited);
    let mut found: Vec<(Kind, Instant)> =
        kind(&entry.act).or(awaited).map(|kind| (kind, entry.at)).into_iter().collect();
    if let Act::Served(served) = &entry.act {
        let remedies = served.remedies.iter().filter(|(_, due)| !due.provisional);
        found.extend(remedies.filter_map(|(remedy, due)| {
            let day = due.on.plus_days(-REMIND_BEFORE)?;
            let open_for = served.on.days_until(due.on);
            let from = pack.zone.start_of(day).max(entry.at);
            (open_for >= 2 * REMIND_BEFORE && from < due.at)
                .then(|| (Kind::RemedyEnding(remedy.clone()), from))
        }));
    }
    let to = recipients(case);
    let each = found.iter().flat_map(|(kind, from)| {
        to.iter().map(|to| Message { to: *to, kind: kind.clone(), from: *from })
    });
    each.collect()
}

/// The messages of a case that an entry makes pointless before they are due: that a remedy ends
/// which has been taken; every one, where the decision is set aside.
pub fn pointless(act: &Act) -> Option<Option<Kind>> {
    match act {
        Act::Appealed(appealed) => Some(Some(Kind::RemedyEnding(appealed.remedy.clone()))),
        Act::Ruled(ruled) if ruled.upheld => Some(None),
        _ => None,
    }
}

/// Whether an entry of somebody else brought the case to a stage at which its party chooses. Where
/// a decision lies between, its service tells more.
fn awaited(entry: &Entry, case: &Case, pack: &Pack) -> bool {
    let Some(procedure) = pack.procedures.get(&case.procedure) else { return false };
    let came = match &entry.act {
        Act::Chose(chose) => !chose.by_applicant && leads_on(procedure, chose),
        Act::Answered(_) => true,
        _ => false,
    };
    let Standing::At { step, .. } = &case.standing else { return false };
    let theirs = procedure.steps.get(step).and_then(Step::by) == Some(&By::Applicant);
    came && theirs && !matches!(entry.by, Actor::Party(_))
}

/// Whether an outcome leads to another stage, and not to a decision or back to its own.
fn leads_on(procedure: &Procedure, chose: &Chose) -> bool {
    let outcome = procedure.outcome(&chose.step, &chose.outcome);
    let Some(Follows::Then(Target::Step(next))) = outcome.map(|own| &own.follows) else {
        return false;
    };
    !matches!(procedure.steps.get(next), None | Some(Step::Decision(_)))
}

fn recipients(case: &Case) -> Vec<PartyId> {
    if case.filed_by.is_some() && case.speaks == Speaks::Nobody && !against_somebody(case) {
        return Vec::new();
    }
    let speaker = match &case.speaks {
        Speaks::Agent(person) | Speaks::Guardian(person) => Some(*person),
        Speaks::Nobody | Speaks::Counter(_) => None,
    };
    std::iter::once(case.applicant).chain(speaker).collect()
}

/// Whether a case that a body filed has somebody else as its party.
fn against_somebody(case: &Case) -> bool {
    let filed = case.filed_by.as_ref().and_then(|body| case.hands.get(body));
    filed.is_none_or(|officers| !officers.contains(&case.applicant))
}

/// What an act is to the party of its case; nothing where it is a step on the way to another.
fn kind(act: &Act) -> Option<Kind> {
    match act {
        Act::Filed(_) => Some(Kind::Filed),
        Act::SupplementAsked(_) => Some(Kind::SupplementAsked),
        Act::Supplied(_) => Some(Kind::Supplied),
        Act::RanOut(_) => Some(Kind::RanOut),
        Act::Stopped(_) => Some(Kind::Stopped),
        Act::Resumed(_) => Some(Kind::Resumed),
        Act::Extended(_) => Some(Kind::Extended),
        Act::Redated(_) => Some(Kind::Redated),
        Act::Served(_) => Some(Kind::Served),
        Act::Withdrew(_) => Some(Kind::Withdrawn),
        Act::Appealed(_) => Some(Kind::Appealed),
        Act::Ruled(_) => Some(Kind::Ruled),
        Act::Corrected(_) => Some(Kind::Corrected),
        Act::Charged(_) => Some(Kind::Charged),
        Act::Recused(_) => Some(Kind::Recused),
        Act::Migrated(_) => Some(Kind::Migrated),
        Act::Handled(_) => Some(Kind::Handled),
        // A choice, an answer or a turn leads on to what is told, or to where the party is awaited;
        // a decision is told when it is served; who asks that an officer stand aside is answered by
        // the officer or the body; a draft is weighed before one is adopted.
        Act::Chose(_)
        | Act::Answered(_)
        | Act::Decided(_)
        | Act::RecusalAsked(_)
        | Act::Assigned(_)
        | Act::Away(_)
        | Act::Drafted(_)
        | Act::Turned(_)
        | Act::CalendarAdopted(_)
        | Act::PackAdopted(_) => None,
    }
}
