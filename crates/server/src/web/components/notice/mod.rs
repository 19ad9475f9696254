//! What a reader must not miss. What has just been done is announced (4.1.3); a warning says in
//! words that it is one, not by its colour alone (1.4.1).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// What a reader must not miss.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "notice/template.html")]
pub(crate) struct Notice {
    /// What kind it is.
    pub(crate) kind: Kind,
    /// What stands before a warning for those who do not see it.
    pub(crate) marked: String,
    /// What it says.
    pub(crate) text: String,
}

/// What kind of notice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something has been done.
    Done,
    /// Something to beware of.
    Warning,
    /// Something to know.
    Note,
}

impl HtmlSafe for Notice {}

impl Notice {
    /// A notice in a language.
    pub(crate) fn new(words: Words, kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, marked: words.t("warning"), text: text.into() }
    }
}

impl Component for Notice {
    const NAME: &'static str = "notice";
    const CRITERIA: &'static [&'static str] = &["1.4.1", "4.1.3"];

    fn samples(words: Words) -> Vec<Self> {
        let notice = |kind, key| Self::new(words, kind, words.t(key));
        vec![
            notice(Kind::Done, "today-in-force"),
            notice(Kind::Warning, "certificate-void"),
            notice(Kind::Note, "nothing-changed"),
        ]
    }
}
