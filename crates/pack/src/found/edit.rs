//! Changing parts of a text and leaving the rest as it was written.

use std::collections::BTreeMap;

use crate::node::{Kind, Node, Span};

/// Changes of a text by the bytes they replace; the first change of a place stands.
pub(super) struct Edits<'t> {
    text: &'t str,
    list: BTreeMap<usize, (usize, String)>,
}

impl<'t> Edits<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, list: BTreeMap::new() }
    }

    /// The text at a place.
    pub(super) fn slice(&self, at: Span) -> &'t str {
        self.text.get(at.start..at.end).unwrap_or_default()
    }

    /// Writes `text` for a node as it stands there, quotes included.
    pub(super) fn put(&mut self, node: Option<&Node>, text: &str) {
        if let Some(node) = node {
            self.replace(node.at, text);
        }
    }

    pub(super) fn replace(&mut self, at: Span, text: &str) {
        if self.slice(at) != text {
            self.list.entry(at.start).or_insert((at.end, text.to_owned()));
        }
    }

    /// Takes out the lines of an entry of a map.
    pub(super) fn cut_entry(&mut self, map: &Node, key: &str) {
        let found = map.entries().iter().find(|(name, _)| name.value == key);
        if let Some((name, value)) = found {
            self.cut(name.at.start, value.at.end);
        }
    }

    /// Takes out the lines from one byte to another.
    pub(super) fn cut(&mut self, from: usize, to: usize) {
        let before = self.text.get(..from).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let trimmed = self.text.get(start..to).unwrap_or_default().trim_end().len();
        let to = start + trimmed;
        let after = self.text.get(to..).unwrap_or_default();
        let end = after.find('\n').map_or(self.text.len(), |at| to + at + 1);
        self.list.insert(start, (end, String::new()));
    }

    /// The text with all changes; what lies inside a greater change goes with it.
    pub(super) fn done(self) -> String {
        let mut text = String::new();
        let mut next = 0;
        for (start, (end, new)) in self.list {
            if start < next {
                continue;
            }
            text.push_str(self.text.get(next..start).unwrap_or_default());
            text.push_str(&new);
            next = end;
        }
        text.push_str(self.text.get(next..).unwrap_or_default());
        text
    }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Every scalar of a tree with the keys that lead to it; an item of a list has its list's keys.
pub(super) fn scalars<'n>(
    node: &'n Node,
    keys: &mut Vec<&'n str>,
    see: &mut dyn FnMut(&[&'n str], &'n Node),
) {
    match &node.kind {
        Kind::Scalar { .. } => see(keys, node),
        Kind::List(items) => items.iter().for_each(|item| scalars(item, keys, see)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                keys.push(&key.value);
                scalars(value, keys, see);
                keys.pop();
            }
        }
        Kind::Refused => {}
    }
}

/// Every map of a tree.
pub(super) fn maps<'n>(node: &'n Node, see: &mut dyn FnMut(&'n Node)) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| maps(item, see)),
        Kind::Map(entries) => {
            see(node);
            entries.iter().for_each(|(_, value)| maps(value, see));
        }
        Kind::Scalar { .. } | Kind::Refused => {}
    }
}
