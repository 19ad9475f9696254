//! Where something is written, and how sure we are of it. How sure is said in words (1.4.1).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// A citation as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "citation/template.html")]
pub(crate) struct Cited {
    /// The act and its article.
    pub(crate) text: String,
    /// How sure we are, in words.
    pub(crate) sure: String,
    /// The same as a style: `verified`, `secondary`, `assumed`.
    pub(crate) mark: &'static str,
}

impl HtmlSafe for Cited {}

impl Component for Cited {
    const NAME: &'static str = "citation";
    const CRITERIA: &'static [&'static str] = &["1.4.1"];

    fn samples(words: Words) -> Vec<Self> {
        let cited =
            |mark| Self { text: "§ 20".into(), sure: words.t(&format!("sure-{mark}")), mark };
        ["verified", "secondary", "assumed"].map(cited).into()
    }
}
