//! The cases of one applicant.

use askama::Template;

use crate::web::frame::{Frame, Link};

/// One's own cases, the latest first.
#[derive(Debug, Template)]
#[template(path = "cases.html")]
pub(crate) struct CasesPage {
    pub(crate) frame: Frame,
    /// The cases.
    pub(crate) cases: Vec<Listed>,
    /// The next page; empty on the last.
    pub(crate) next: String,
}

/// A case in a list.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its number.
    pub(crate) id: String,
    /// What it is about, as the register would call it; empty where that is not asked or not known.
    pub(crate) about: String,
    /// Its procedure, linked to the case.
    pub(crate) link: Link,
    /// How it stands.
    pub(crate) standing: String,
    /// The last day of the term that runs; empty where none does.
    pub(crate) due_on: String,
    /// How many days are left, or since when it is overdue; empty where no term runs.
    pub(crate) left: String,
    /// True where the day has passed.
    pub(crate) late: bool,
    /// The day it was filed.
    pub(crate) filed_on: String,
}

#[cfg(test)]
pub(super) fn sample_listed(late: bool) -> Listed {
    Listed {
        id: "7".into(),
        about: if late { "A room".into() } else { String::new() },
        link: super::link(),
        standing: "Acceptance".into(),
        due_on: if late { "2030-01-31".into() } else { String::new() },
        left: "3 days".into(),
        late,
        filed_on: "2030-01-01".into(),
    }
}

#[cfg(test)]
impl super::Sample for CasesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let cases = vec![sample_listed(true), sample_listed(false)];
        let none = Self { frame: frame.clone(), cases: Vec::new(), next: String::new() };
        vec![none, Self { frame, cases, next: "/zh/cases?after=1".into() }]
    }
}
