//! The way to the next page of a list. It says where it leads (2.4.4).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// The way to the next page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "next_page/template.html")]
pub(crate) struct NextPage {
    /// The language of its words.
    pub(crate) words: Words,
    /// Where it is; empty on the last page, where nothing is shown.
    pub(crate) href: String,
}

impl HtmlSafe for NextPage {}

impl Component for NextPage {
    const NAME: &'static str = "next_page";
    const CRITERIA: &'static [&'static str] = &["2.4.4"];

    fn samples(words: Words) -> Vec<Self> {
        vec![Self { words, href: "#main".into() }, Self { words, href: String::new() }]
    }
}
