//! The way up from a page, before its main part. It names where it leads (2.4.4).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// The way up from a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "back_link/template.html")]
pub(crate) struct BackLink {
    /// Where it leads.
    pub(crate) href: String,
    /// What is there.
    pub(crate) text: String,
}

impl HtmlSafe for BackLink {}

impl BackLink {
    /// The way to a page.
    pub(crate) fn to(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

impl Component for BackLink {
    const NAME: &'static str = "back_link";
    const CRITERIA: &'static [&'static str] = &["2.4.4"];

    fn samples(words: Words) -> Vec<Self> {
        vec![Self::to("#main", words.t("services"))]
    }
}
