//! What is wrong with a form, before it: announced when the page opens and given the focus where
//! scripts run (4.1.3), each fault a link to its question (3.3.1), each with what to do (3.3.3).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::{fault::Refused, frame::Link, words::Words};

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "error_summary/template.html")]
pub(crate) struct ErrorSummary {
    /// The language of its own words.
    pub(crate) words: Words,
    /// Why the form was refused as a whole.
    pub(crate) refused: Vec<Refused>,
    /// What is wrong with single questions, each linked to its question.
    pub(crate) faults: Vec<Link>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// True where nothing is wrong; the template then shows nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.refused.is_empty() && self.faults.is_empty()
    }
}

impl Component for ErrorSummary {
    const NAME: &'static str = "error_summary";
    const CRITERIA: &'static [&'static str] = &["3.3.1", "3.3.3", "4.1.3"];

    fn samples(words: Words) -> Vec<Self> {
        let refused = || Refused {
            number: 1005,
            says: words.t("fault-unreadable-says"),
            next: words.t("next-home"),
        };
        let fault = Link { href: "#main".into(), text: words.t("fault-unreadable-says") };
        vec![
            Self { words, refused: vec![refused()], faults: vec![fault] },
            Self { words, refused: vec![refused()], faults: Vec::new() },
        ]
    }
}
