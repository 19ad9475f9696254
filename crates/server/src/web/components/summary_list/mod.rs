//! What is said of something, line by line: a description list, so that each answer is read with
//! its question (1.3.1). On a phone the lines stand below each other (1.4.10).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::{frame::Row, words::Words};

/// What is said of something.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "summary_list/template.html")]
pub(crate) struct SummaryList {
    /// The lines.
    pub(crate) rows: Vec<Row>,
}

impl HtmlSafe for SummaryList {}

impl Component for SummaryList {
    const NAME: &'static str = "summary_list";
    const CRITERIA: &'static [&'static str] = &["1.3.1", "1.4.10"];

    fn samples(words: Words) -> Vec<Self> {
        let row = |title: &str, text: &str, href: &str| Row {
            title: words.t(title),
            text: words.t(text),
            href: href.to_owned(),
        };
        let rows =
            vec![row("service", "services", ""), row("guide-register", "registers", "#main")];
        vec![Self { rows }]
    }
}
