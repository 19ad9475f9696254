//! What happened, the newest first or last as its page says: an ordered list, so that one hears how
//! much there is (1.3.1).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "timeline/template.html")]
pub(crate) struct Timeline {
    /// The events in order.
    pub(crate) items: Vec<Item>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it was.
    pub(crate) title: String,
    /// Who did it; empty where nobody is named.
    pub(crate) by: String,
    /// When, and by which entry of the ledger.
    pub(crate) when: String,
    /// What was said; empty where nothing was.
    pub(crate) says: String,
}

impl HtmlSafe for Timeline {}

impl Component for Timeline {
    const NAME: &'static str = "timeline";
    const CRITERIA: &'static [&'static str] = &["1.3.1"];

    fn samples(words: Words) -> Vec<Self> {
        let item = |says: String| Item {
            title: words.t("act-corrected"),
            by: words.t("people-officers"),
            when: "2030-01-31".into(),
            says,
        };
        vec![Self { items: vec![item(words.t("nothing-changed")), item(String::new())] }]
    }
}
