//! What is wrong with a condition: which words of it, why, and what was probably meant.

use base::Text;

/// A part of a condition, in bytes, end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Part {
    /// From the start of this part to the end of another.
    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The fault's own word: `unknown-name`, `type-clash` …
    pub word: &'static str,
    /// Where.
    pub at: Part,
    /// What is wrong and what to do.
    pub says: Text,
    /// What was probably meant.
    pub near: Option<String>,
}

impl Fault {
    pub(crate) fn new(
        word: &'static str,
        at: Part,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { word, at, says: Text::new(zh, en), near: None }
    }

    pub(crate) fn near(mut self, near: Option<&str>) -> Self {
        self.near = near.map(str::to_owned);
        self
    }
}
