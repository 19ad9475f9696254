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

/// By what a finding is known again: the same rule on the same rows about the same party finds the
/// same, whatever the snapshot says besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(pub [u8; 16]);

/// A digest of all that a finding says but the snapshot: while it is the same, the finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Says(pub [u8; 16]);

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
        let mut parts = Parts::default();
        self.rests(&mut parts);
        FindingId(parts.digest())
    }

    /// What it says.
    pub fn says(&self) -> Says {
        let mut parts = Parts::default();
        self.rests(&mut parts);
        parts.add(&self.version.to_be_bytes());
        parts.add(&[u8::from(self.verdict == RuleVerdict::Clear), u8::from(self.known_then)]);
        for (path, seen) in &self.shows {
            parts.add(path.as_bytes());
            parts.add(&[u8::from(seen.is_some())]);
            parts.add(seen.as_deref().unwrap_or_default().as_bytes());
        }
        Says(parts.digest())
    }

    /// The first row of a feed that it rests on; of the rule's own feed there is one.
    pub fn row_of(&self, feed: &Name) -> Option<u64> {
        self.evidence.iter().find(|own| own.feed == *feed).map(|own| own.number)
    }

    /// The rule, whom it is about, when, and the rows.
    fn rests(&self, parts: &mut Parts) {
        parts.add(self.rule.as_str().as_bytes());
        parts.add(self.subject.as_bytes());
        parts.add(&self.at.micros().to_be_bytes());
        for Evidence { feed, number } in &self.evidence {
            parts.add(feed.as_str().as_bytes());
            parts.add(&number.to_be_bytes());
        }
    }
}

/// Parts of which a digest is made, each with its length, so that no two lists are alike.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn digest(self) -> [u8; 16] {
        let whole: [u8; 32] = self.0.finalize().into();
        let mut half = [0; 16];
        half.iter_mut().zip(whole).for_each(|(byte, own)| *byte = own);
        half
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
