//! How much waits, for whoever answers for it, and the cases behind each figure.

use askama::Template;

use super::cases::Listed;
use crate::web::{components::load_table::LoadTable, frame::Frame};

/// The figures.
#[derive(Debug, Template)]
#[template(path = "load.html")]
pub(crate) struct LoadPage {
    pub(crate) frame: Frame,
    /// The body that answers, with those below it.
    pub(crate) body: String,
    /// How much there is in all, in a sentence.
    pub(crate) all: String,
    /// The tables; empty where nothing waits.
    pub(crate) tables: Vec<LoadTable>,
}

/// The cases behind a figure.
#[derive(Debug, Template)]
#[template(path = "load-cases.html")]
pub(crate) struct BehindPage {
    pub(crate) frame: Frame,
    /// The body that answers.
    pub(crate) body: String,
    /// What the figure counts, in words.
    pub(crate) of: Vec<String>,
    /// The cases, the most urgent first.
    pub(crate) cases: Vec<Behind>,
    /// The next page; empty on the last.
    pub(crate) next: String,
}

/// A case behind a figure.
#[derive(Debug)]
pub(crate) struct Behind {
    /// The case.
    pub(crate) listed: Listed,
    /// The body that must act.
    pub(crate) body: String,
    /// Its officer who deals with it; empty where nobody in particular does, and of other bodies.
    pub(crate) officer: String,
}

#[cfg(test)]
impl super::Sample for LoadPage {
    fn samples(frame: Frame) -> Vec<Self> {
        use crate::web::components::Component;
        let page = |tables| Self {
            frame: frame.clone(),
            body: "A body".into(),
            all: "Seven".into(),
            tables,
        };
        vec![page(Vec::new()), page(LoadTable::samples(frame.words))]
    }
}

#[cfg(test)]
impl super::Sample for BehindPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let behind = |late, officer: &str| Behind {
            listed: super::cases::sample_listed(late),
            body: "A body".into(),
            officer: officer.into(),
        };
        let page = |cases, next: &str| Self {
            frame: frame.clone(),
            body: "A body".into(),
            of: vec!["Late".into()],
            cases,
            next: next.into(),
        };
        let cases = vec![behind(true, "Somebody"), behind(false, "")];
        vec![page(Vec::new(), ""), page(cases, "/zh/load/cases?after=1")]
    }
}
