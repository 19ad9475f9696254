//! What the writer can be asked to do, and what it answers.

use base::Instant;
use kernel::{
    Actor, CaseId, Command, EntryNumber,
    command::Choose,
    ledger::{Away, CalendarAdopted},
};

use crate::{
    error::SubmitError,
    packs::Kept,
    submission::{Receipt, Submission},
};

/// One thing asked of the writer.
#[derive(Debug)]
pub(crate) enum Ask {
    Submit(Submission),
    /// File a case and let an officer choose at its first stage, both or neither.
    Settle(Submission, Choose),
    /// Apply the terms that ran out up to an instant.
    Advance(Instant),
    Install(Install),
    Adopt {
        adopted: CalendarAdopted,
        by: Actor,
        at: Instant,
    },
    /// Say whether an officer is away.
    Away {
        away: Away,
        by: Actor,
        at: Instant,
    },
}

/// A pack to put in force.
#[derive(Debug)]
pub(crate) struct Install {
    pub(crate) kept: Kept,
    pub(crate) by: Actor,
    pub(crate) at: Instant,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Done {
    Receipt(Receipt),
    /// So many terms took effect.
    Applied(usize),
    /// The entry that says so.
    Adopted(EntryNumber),
}

/// What came of it, or why nothing did.
pub(crate) type Answer = Result<Done, SubmitError>;

impl Ask {
    /// The instant for which it is asked.
    pub(crate) fn at(&self) -> Instant {
        match self {
            Self::Submit(submission) | Self::Settle(submission, _) => submission.at,
            Self::Advance(at) | Self::Adopt { at, .. } | Self::Away { at, .. } => *at,
            Self::Install(install) => install.at,
        }
    }

    /// The case that it files.
    pub(crate) fn filing(&self) -> Option<&Submission> {
        match self {
            Self::Submit(submission) | Self::Settle(submission, _) => {
                matches!(submission.command, Command::File(_)).then_some(submission)
            }
            Self::Advance(_) | Self::Install(_) | Self::Adopt { .. } | Self::Away { .. } => None,
        }
    }

    /// The case it names.
    pub(crate) fn case(&self) -> Option<CaseId> {
        match self {
            Self::Submit(submission) | Self::Settle(submission, _) => submission.case,
            Self::Advance(_) | Self::Install(_) | Self::Adopt { .. } | Self::Away { .. } => None,
        }
    }

    /// Its idempotency key.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Submit(submission) | Self::Settle(submission, _) => Some(&submission.key),
            Self::Advance(_) | Self::Install(_) | Self::Adopt { .. } | Self::Away { .. } => None,
        }
    }
}
