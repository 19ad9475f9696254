//! Who read one's personal details.

use askama::Template;

use crate::web::frame::{Frame, Link};

/// Who read one's personal details (Personal Information Protection Law arts. 44 and 45).
#[derive(Debug, Template)]
#[template(path = "account/reads.html")]
pub(crate) struct ReadsPage {
    pub(crate) frame: Frame,
    /// Each reading, the latest first.
    pub(crate) reads: Vec<Read>,
    /// Back to the account; empty where there is none.
    pub(crate) back: String,
}

/// One reading.
#[derive(Debug)]
pub(crate) struct Read {
    /// When.
    pub(crate) at: String,
    /// Who.
    pub(crate) reader: String,
    /// Why; empty where it needs no reason.
    pub(crate) why: String,
    /// What.
    pub(crate) what: String,
    /// What the policies say that permitted it.
    pub(crate) policies: Vec<String>,
    /// In which case.
    pub(crate) case: Link,
}

#[cfg(test)]
impl super::super::Sample for ReadsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let read = |why: &str| Read {
            at: "2030-01-08 09:00".into(),
            reader: "A body".into(),
            why: why.into(),
            what: "Name".into(),
            policies: vec!["Applicants <may> read".into(); why.len().min(2)],
            case: super::super::link(),
        };
        let page = |reads| Self { frame: frame.clone(), reads, back: "/zh/account".into() };
        let bare = Self { back: String::new(), ..page(Vec::new()) };
        vec![bare, page(Vec::new()), page(vec![read("To handle it"), read("")])]
    }
}
