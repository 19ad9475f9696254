//! What is handed to the store, and what is handed back once it is on the disk.

use base::Instant;
use kernel::{Actor, CaseId, Command, EntryNumber, PartyId};

/// One command with who gives it, when, and the personal details that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The idempotency key: 1 to 100 characters, the same when the submission is sent again.
    pub key: String,
    /// Who gives the command.
    pub actor: Actor,
    /// When it arrived.
    pub at: Instant,
    /// The case it is about; none when it files one.
    pub case: Option<CaseId>,
    /// The case's last entry as whoever submits has seen it: where the case has moved on since,
    /// nothing is done. None where it does not matter.
    pub seen: Option<EntryNumber>,
    /// The command.
    pub command: Command,
    /// Personal details for the vault; of a filing they belong to the new case.
    pub personal: Vec<Personal>,
}

/// One personal detail as somebody wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal {
    /// Whose it is.
    pub party: PartyId,
    /// Which question it answers: `section.field`.
    pub path: String,
    /// The answer.
    pub text: String,
}

/// Shows whose detail it is, never what it says.
impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Personal({} of {})", self.path, self.party)
    }
}

/// Proof that a submission is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The case.
    pub case: CaseId,
    /// The first entry it made.
    pub first: EntryNumber,
    /// The last entry it made.
    pub last: EntryNumber,
    /// True when it had been made before and nothing was done now.
    pub repeated: bool,
}
