//! A word that says how something stands. The word says it, the colour only repeats it (1.4.1), and
//! every pair of colours keeps 4.5 : 1 (1.4.3).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// How something stands.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "tag/template.html")]
pub(crate) struct Tag {
    /// What it says.
    pub(crate) text: String,
    /// How it is meant.
    pub(crate) tone: Tone,
}

/// How a tag is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Against somebody, or late.
    Bad,
    /// Not settled.
    Open,
    /// Neither.
    Plain,
}

impl Tone {
    /// The tone that a view calls by a word; plain for any other.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "good" => Self::Good,
            "bad" => Self::Bad,
            "open" => Self::Open,
            _ => Self::Plain,
        }
    }

    /// The modifier of the library's style.
    pub(crate) fn modifier(self) -> &'static str {
        match self {
            Self::Good => " govuk-tag--green",
            Self::Bad => " govuk-tag--red",
            Self::Open => " govuk-tag--yellow",
            Self::Plain => " govuk-tag--grey",
        }
    }
}

impl HtmlSafe for Tag {}

impl Tag {
    /// A tag.
    pub(crate) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone }
    }

    /// What is as it should be.
    pub(crate) fn good(text: impl Into<String>) -> Self {
        Self::new(Tone::Good, text)
    }

    /// What is against somebody, or late.
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self::new(Tone::Bad, text)
    }

    /// What is not settled.
    pub(crate) fn open(text: impl Into<String>) -> Self {
        Self::new(Tone::Open, text)
    }

    /// What is neither.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(Tone::Plain, text)
    }
}

impl Component for Tag {
    const NAME: &'static str = "tag";
    const CRITERIA: &'static [&'static str] = &["1.4.1", "1.4.3"];

    fn samples(words: Words) -> Vec<Self> {
        vec![
            Self::good(words.t("in-force")),
            Self::bad(words.t("not-in-force")),
            Self::open(words.t("carried-part")),
            Self::plain(words.t("version-shown")),
        ]
    }
}
