//! What a rule found. A finding can be read alone, years later: it names the rule and its version,
//! the rows it rests on, what was seen in them, and the snapshot of the registers.

use std::fmt;

use base::{Instant, Name};
use kernel::EntryNumber;
use pack::model::RuleVerdict;
use sha2::{Digest as _, Sha256};

/// A row that a finding rests on, by the number under which the lake took it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The feed.
    pub feed: Name,
    /// The number.
    pub number: u64,
}

/// By what a finding is known again: the same rule on the same rows finds the same, whatever the
/// snapshot says besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(pub [u8; 16]);

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule.
    pub rule: Name,
    /// The moment of the event.
    pub at: Instant,
    /// Whom it is about: an entry, by its key.
    pub subject: String,
    /// The rows it rests on, in order.
    pub evidence: Vec<Evidence>,
    /// The version of the rule.
    pub version: u32,
    /// Whether it is a breach or needs a look.
    pub verdict: RuleVerdict,
    /// What was seen: names of columns and of what was looked up, each with what stood there.
    pub shows: Vec<(String, Option<String>)>,
    /// The last entry of the ledger that was known when the rule was asked.
    pub snapshot: EntryNumber,
    /// Whether the rule would have found the same with what the registers said, and was known, at
    /// the moment of the event.
    pub known_then: bool,
}

impl Finding {
    /// By what it is known again.
    pub fn id(&self) -> FindingId {
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        part(self.rule.as_str().as_bytes());
        for Evidence { feed, number } in &self.evidence {
            part(feed.as_str().as_bytes());
            part(&number.to_be_bytes());
        }
        let whole: [u8; 32] = hash.finalize().into();
        let mut half = [0; 16];
        half.iter_mut().zip(whole).for_each(|(byte, own)| *byte = own);
        FindingId(half)
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
