//! A list of slips with reasons: a line that starts a paragraph gives the reason, each indented
//! line below it a pattern of mutations. `*` stands for part of a name, `**` for any way down.

use std::{fs, path::Path};

/// The patterns of a list.
#[derive(Debug)]
pub(super) struct List {
    /// What the list is called.
    pub(super) name: String,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    text: String,
    used: bool,
}

impl List {
    /// Reads a list; a pattern before any reason is refused.
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("the list is there");
        let mut reasoned = false;
        let mut patterns = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if line.starts_with(' ') {
                assert!(reasoned, "`{line}` stands there without a reason");
                patterns.push(Pattern { text: line.trim().to_owned(), used: false });
            } else {
                reasoned = true;
            }
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Self { name: name.unwrap_or_default(), patterns }
    }

    /// Whether a mutation is listed; the pattern that lists it is then in use.
    pub(super) fn covers(&mut self, id: &str) -> bool {
        let found = self.patterns.iter_mut().find(|pattern| fits(&pattern.text, id));
        found.is_some_and(|pattern| {
            pattern.used = true;
            true
        })
    }

    /// The patterns that list nothing.
    pub(super) fn stale(&self) -> impl Iterator<Item = String> {
        let unused = self.patterns.iter().filter(|pattern| !pattern.used);
        unused.map(|pattern| format!("{} has a stale pattern: {}", self.name, pattern.text))
    }
}

/// Whether a pattern fits a mutation.
fn fits(pattern: &str, id: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        return ends(id).any(|end| fits(rest, end));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let within = id.find(['/', ' ']).unwrap_or(id.len());
        return ends(id).filter(|end| id.len() - end.len() <= within).any(|end| fits(rest, end));
    }
    match (pattern.chars().next(), id.chars().next()) {
        (None, None) => true,
        (Some(one), Some(other)) if one == other => {
            fits(&pattern[one.len_utf8()..], &id[other.len_utf8()..])
        }
        _ => false,
    }
}

/// A text and every end of it, the longest first.
fn ends(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, _)| &text[at..]).chain([""])
}

#[test]
fn patterns_fit_whole_mutations() {
    for (pattern, id, expected) in [
        ("swap a.yaml x", "swap a.yaml x", true),
        ("swap a.yaml x", "swap a.yaml xy", false),
        ("* a.yaml x", "swap a.yaml x", true),
        ("swap **/title/*", "swap b/a.yaml x/y/title/zh", true),
        ("swap **/title/*", "swap b/a.yaml x/title/zh/deep", false),
        ("swap **/title/zh", "swap a.yaml x/title/zh", true),
        ("swap a.yaml */title", "swap a.yaml x/y/title", false),
    ] {
        assert_eq!(fits(pattern, id), expected, "{pattern} ~ {id}");
    }
}
