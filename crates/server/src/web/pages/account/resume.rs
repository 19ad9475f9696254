//! The form that came after its session had ended.

use askama::Template;

use crate::web::frame::Frame;

/// A form that was kept.
#[derive(Debug, Template)]
#[template(path = "account/resume.html")]
pub(crate) struct ResumePage {
    pub(crate) frame: Frame,
    /// Where it was sent.
    pub(crate) action: String,
    /// The submission's number.
    pub(crate) key: String,
    /// What was typed, by name.
    pub(crate) answers: Vec<(String, String)>,
    /// Whether files came with it, which have to be attached again.
    pub(crate) had_files: bool,
}

#[cfg(test)]
impl super::super::Sample for ResumePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |had_files| Self {
            frame: frame.clone(),
            action: "/zh/apply/herb-room-licence".into(),
            key: "1".into(),
            answers: vec![("keeper.name".into(), "<柳三>".into())],
            had_files,
        };
        vec![page(true), page(false)]
    }
}
