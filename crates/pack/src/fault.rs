//! Everything wrong with a pack, each fault at its place, in both languages.
//!
//! Readers, linkers and proofs push here and go on; a pack's author sees all faults at once, in the
//! order of the files.

mod render;

use std::collections::BTreeSet;

use base::Text;

use crate::node::{FileId, Span};

/// The files of a pack, so that faults can show the line they speak of.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

#[derive(Debug)]
struct Source {
    path: String,
    text: String,
}

impl Sources {
    /// Takes a file in; `path` is relative to the pack's folder. A file that should exist and does
    /// not is added with an empty text, so that the fault can name it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Source { path: path.into(), text: text.into() });
        id
    }

    /// The path of a file; empty for an id of other sources.
    pub fn path(&self, file: FileId) -> &str {
        self.source(file).map_or("", |source| &source.path)
    }

    /// The text of a file; empty for an id of other sources.
    pub fn text(&self, file: FileId) -> &str {
        self.source(file).map_or("", |source| &source.text)
    }

    /// The ids of all files, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0_u32..).map(FileId).take(self.0.len())
    }

    /// The text at a place.
    pub fn slice(&self, at: Span) -> &str {
        self.text(at.file).get(at.start..at.end).unwrap_or("")
    }

    /// The line of a place, counted from 1.
    pub fn line(&self, at: Span) -> usize {
        let before = self.text(at.file).get(..at.start).unwrap_or("");
        before.matches('\n').count() + 1
    }

    /// The place of a part of a scalar, such as a wrong word in a condition: `start..end` are bytes
    /// of the scalar's `value`. The whole scalar, where escapes or folding hide the part.
    pub fn part(&self, at: Span, value: &str, start: usize, end: usize) -> Span {
        match self.slice(at).find(value) {
            Some(skipped) if start <= end && end <= value.len() => {
                let from = at.start + skipped;
                Span { file: at.file, start: from + start, end: from + end }
            }
            _ => at,
        }
    }

    fn source(&self, file: FileId) -> Option<&Source> {
        self.0.get(usize::try_from(file.0).ok()?)
    }
}

/// One thing that is wrong. Faults are ordered by file, place and word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where it is.
    pub at: Span,
    /// The fault's own word, stable for programs: `unknown-field`, `not-a-date` …
    pub word: &'static str,
    /// What is wrong and what to do.
    pub says: Text,
    /// What was probably meant.
    pub near: Option<String>,
    /// Other places that explain it.
    pub also: Vec<(Span, Text)>,
}

impl Fault {
    /// A fault with nothing nearby.
    pub fn new(word: &'static str, at: Span, says: Text) -> Self {
        Self { at, word, says, near: None, also: Vec::new() }
    }

    /// The same fault with what was probably meant, where known.
    pub fn near(mut self, near: Option<&str>) -> Self {
        self.near = near.map(str::to_owned);
        self
    }

    /// The same fault with another place that explains it.
    pub fn also(mut self, at: Span, says: Text) -> Self {
        self.also.push((at, says));
        self
    }
}

/// All faults found so far, each once, in order of file, place and word.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults(BTreeSet<Fault>);

impl Faults {
    /// Notes a fault; the same fault twice counts once.
    pub fn push(&mut self, fault: Fault) {
        self.0.insert(fault);
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many faults there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The faults in order.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: u32, start: usize, end: usize) -> Span {
        Span { file: FileId(file), start, end }
    }

    #[test]
    fn faults_come_once_and_in_order() {
        let mut faults = Faults::default();
        let places = [(1, 0, "b"), (0, 5, "z"), (0, 5, "a"), (0, 2, "m"), (0, 5, "a")];
        for (file, start, word) in places {
            faults.push(Fault::new(word, at(file, start, start + 1), Text::new("怪", "odd")));
        }
        let words: Vec<_> = faults.iter().map(|fault| fault.word).collect();
        assert_eq!((words, faults.len()), (vec!["m", "a", "z", "b"], 4));
        assert_eq!(faults.summary().to(base::Language::En), "4 faults in 2 files");
    }

    #[test]
    fn places_are_found_in_texts() {
        let mut sources = Sources::default();
        let text = "甲: 一\n乙: '床位 > 1'\n丙: \"\\u5e8a > 1\"\n";
        let file = sources.add("柳镇.yaml", text);
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            Span { file, start, end: start + part.len() }
        };
        let quoted = place("'床位 > 1'");
        let escaped = place("\"\\u5e8a > 1\"");
        assert_eq!((sources.line(place("甲")), sources.line(quoted)), (1, 2));
        assert_eq!(sources.slice(sources.part(quoted, "床位 > 1", 0, 6)), "床位");
        assert_eq!(sources.part(escaped, "床 > 1", 0, 3), escaped);
        assert_eq!((sources.path(file), sources.path(FileId(9))), ("柳镇.yaml", ""));
    }
}
