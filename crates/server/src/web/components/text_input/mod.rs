//! A question answered on one line: its label is tied to it (1.3.1, 3.3.2), its hint and its error
//! are read with it (1.3.1, 3.3.1), and it is high enough for a finger (2.5.8).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// A question answered on one line.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "text_input/template.html")]
pub(crate) struct TextInput {
    /// Its name, and its id.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) label: String,
    /// What to know first; empty where nothing is said.
    pub(crate) hint: String,
    /// The id of what is to know first, where it is said once for several questions.
    pub(crate) told_at: &'static str,
    /// What is wrong with the answer; empty where nothing is.
    pub(crate) error: String,
    /// The answer.
    pub(crate) value: String,
    /// What is written in it.
    pub(crate) kind: Kind,
}

/// What is written on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words.
    Words,
    /// Words to look for.
    Search,
    /// A day.
    Day,
    /// A number.
    Number,
}

impl HtmlSafe for TextInput {}

impl TextInput {
    /// A question without a hint.
    pub(crate) fn new(name: &'static str, kind: Kind, label: &str, value: &str) -> Self {
        let (label, value) = (label.to_owned(), value.to_owned());
        let (hint, error, told_at) = (String::new(), String::new(), "");
        Self { name, label, hint, told_at, error, value, kind }
    }

    /// The ids of what is read with it.
    fn described(&self) -> String {
        let own = match (self.error.is_empty(), self.hint.is_empty()) {
            (false, _) => format!("{}-error", self.name),
            (true, false) => format!("{}-hint", self.name),
            (true, true) => String::new(),
        };
        [own.as_str(), self.told_at].join(" ").trim().to_owned()
    }
}

impl Component for TextInput {
    const NAME: &'static str = "text_input";
    const CRITERIA: &'static [&'static str] = &["1.3.1", "2.5.8", "3.3.1", "3.3.2"];

    fn samples(words: Words) -> Vec<Self> {
        let one = |name, kind, label: &str, value| Self::new(name, kind, &words.t(label), value);
        let hint = words.t("known-hint");
        let error = words.t("fault-unreadable-says");
        vec![
            one("sample-words", Kind::Words, "service", "A & B"),
            one("sample-search", Kind::Search, "search-heading", ""),
            one("sample-day", Kind::Day, "as-of-day", "2030-01-31"),
            Self { hint, error, ..one("sample-number", Kind::Number, "known-label", "x") },
        ]
    }
}
