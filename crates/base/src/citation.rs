//! Where a rule or figure comes from, and how far we trust that we read it right.

use minicbor::{Decode, Encode};

/// How sure we are that the cited source says what the pack says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Confidence {
    /// Read in the text of the source itself.
    #[n(0)]
    Verified,
    /// Read in a report, a digest or another system's data.
    #[n(1)]
    Secondary,
    /// Our reading or general knowledge; to be confirmed before real use.
    #[n(2)]
    Assumed,
}

/// A law, notice or paper, with the article that is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Citation {
    /// The title or number of the act, as its publisher writes it.
    #[n(0)]
    pub act: String,
    /// The article, section or measure; absent when the whole act is meant.
    #[n(1)]
    pub article: Option<String>,
    /// How sure we are.
    #[n(2)]
    pub confidence: Confidence,
}
