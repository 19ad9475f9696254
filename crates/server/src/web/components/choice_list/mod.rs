//! A question answered by one of a list. Its label is tied to it (1.3.1, 3.3.2); nothing happens
//! when the choice changes, only when the form is sent (3.2.2).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::{question::Offered, words::Words};

/// A question answered by one of a list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "choice_list/template.html")]
pub(crate) struct ChoiceList {
    /// Its name, and its id.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) label: String,
    /// What one may choose.
    pub(crate) offered: Vec<Offered>,
}

impl HtmlSafe for ChoiceList {}

impl Component for ChoiceList {
    const NAME: &'static str = "choice_list";
    const CRITERIA: &'static [&'static str] = &["1.3.1", "3.2.2", "3.3.2"];

    fn samples(words: Words) -> Vec<Self> {
        let offered = |value: &str, title: &str, chosen| Offered {
            value: value.into(),
            title: words.t(title),
            chosen,
        };
        let offered = vec![offered("plan", "plan", false), offered("services", "services", true)];
        vec![Self { name: "sample-choice", label: words.t("register"), offered }]
    }
}
