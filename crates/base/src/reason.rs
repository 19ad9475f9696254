//! Why a value was not accepted: a word for programs, a sentence for people.

use crate::Text;

/// A named reason with its sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The reason's own word, stable for programs: `checksum`, `length`, `character` …
    pub word: &'static str,
    /// What it means and what to do next.
    pub says: Text,
}
