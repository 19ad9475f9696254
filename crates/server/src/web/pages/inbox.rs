//! An officer's queue: the cases that wait for the body, the most urgent first.

use askama::Template;

use super::cases::Listed;
use crate::web::frame::Frame;

/// The queue of a body.
#[derive(Debug, Template)]
#[template(path = "inbox.html")]
pub(crate) struct InboxPage {
    pub(crate) frame: Frame,
    /// The body.
    pub(crate) body: String,
    /// The cases of this page.
    pub(crate) cases: Vec<Listed>,
    /// The next page; empty on the last.
    pub(crate) next: String,
    /// The services that the body itself may start.
    pub(crate) own: Vec<crate::web::frame::Link>,
}

#[cfg(test)]
impl super::Sample for InboxPage {
    fn samples(frame: Frame) -> Vec<Self> {
        use super::cases::sample_listed;
        let page = |cases, next: &str| Self {
            frame: frame.clone(),
            body: "A body".into(),
            cases,
            next: next.into(),
            own: vec![super::link()],
        };
        let cases = vec![sample_listed(true), sample_listed(false)];
        vec![page(Vec::new(), ""), page(cases, "/zh/inbox?after=1")]
    }
}
