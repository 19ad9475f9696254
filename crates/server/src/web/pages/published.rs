//! What was decided, the latest first, as the law wants it published: licences, and what burdens
//! somebody (双公示: 社会信用体系建设 publishes both within seven working days).

use askama::Template;

use crate::web::frame::{Cited, Frame, Link};

/// Decisions that anybody may read.
#[derive(Debug, Template)]
#[template(path = "published.html")]
pub(crate) struct PublishedPage {
    pub(crate) frame: Frame,
    /// Which of the two are shown: `licences` or `burdens`.
    pub(crate) kind: &'static str,
    /// The time that the law gives; none where the pack says nothing of it.
    pub(crate) within: Option<(String, Cited)>,
    /// The decisions.
    pub(crate) rows: Vec<PublishedRow>,
    /// The next page; empty on the last.
    pub(crate) next: String,
}

impl PublishedPage {
    /// Whether these are the ones shown.
    fn shows(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

/// One decision.
#[derive(Debug)]
pub(crate) struct PublishedRow {
    /// Whom or what it is about, as its register is headed, with the entry.
    pub(crate) entry: Link,
    /// Its number: the key of the entry.
    pub(crate) number: String,
    /// What was decided.
    pub(crate) decision: String,
    /// In which procedure.
    pub(crate) procedure: Link,
    /// By whom.
    pub(crate) body: String,
    /// The day of the decision.
    pub(crate) decided_on: String,
    /// The last day on which the law wants it published; empty where the pack says nothing of it.
    pub(crate) publish_by: String,
    /// Whether it has been set aside since, in words; empty where it has not.
    pub(crate) since: String,
}

#[cfg(test)]
impl super::Sample for PublishedPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let row = |since: &str| PublishedRow {
            entry: super::link(),
            number: "900101-2030-7".into(),
            decision: "Granted".into(),
            procedure: super::link(),
            body: "A body".into(),
            decided_on: "2030-01-31".into(),
            publish_by: "2030-02-11".into(),
            since: since.into(),
        };
        let page = |kind, rows, next: &str| Self {
            frame: frame.clone(),
            kind,
            within: Some(("7 working days".into(), super::cited())),
            rows,
            next: next.into(),
        };
        vec![
            page("licences", Vec::new(), ""),
            page("burdens", vec![row(""), row("Set aside")], "/zh/published?after=1"),
        ]
    }
}
