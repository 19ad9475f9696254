//! A YAML text as a tree whose every part knows its place.
//!
//! Only the quiet part of YAML is taken: maps, lists and scalars. Whatever different YAML readers
//! understand differently (anchors, tags, bare `no`, several documents, tabs) is refused here, so
//! that an official, an editor and this program read the same pack. A scalar has no type of its
//! own: the field that reads it decides (a bare `2031-01-01` is a day only to a field of days).

mod build;
mod trap;

pub use build::parse;

/// A file of a pack, by its place in [`crate::fault::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A part of a file, in bytes, end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A value with the place it was written at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: Span,
}

/// One part of a YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is written.
    pub at: Span,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text, a number, a day: whatever its reader takes it for.
    Scalar {
        /// The text without quotes, escapes resolved.
        text: String,
        /// True when it was quoted or written as a block.
        quoted: bool,
    },
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in the order written; no key comes twice.
    Map(Vec<(Spanned<String>, Node)>),
    /// Something whose fault is already reported: readers pass over it silently.
    Refused,
}

impl Node {
    /// The keys and values of a map; empty for anything else.
    pub fn entries(&self) -> &[(Spanned<String>, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value under `key`, when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The text of a scalar, quoted or not.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// A short part to point at: the first key of a map, the first item of a list.
    pub fn head(&self) -> Span {
        match &self.kind {
            Kind::Map(entries) => entries.first().map_or(self.at, |(key, _)| key.at),
            Kind::List(items) => items.first().map_or(self.at, Node::head),
            Kind::Scalar { .. } | Kind::Refused => self.at,
        }
    }
}
