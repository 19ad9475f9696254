//! An officer's queue: the cases that wait for the body, the most urgent first, as far as they fit
//! the view that the address names.

use askama::Template;

use super::cases::Listed;
use crate::web::{
    frame::{Frame, Link},
    question::{FaultLine, Offered},
};

/// The queue of a body.
#[derive(Debug, Template)]
#[template(path = "inbox.html")]
pub(crate) struct InboxPage {
    pub(crate) frame: Frame,
    /// The body.
    pub(crate) body: String,
    /// Whether the reader may see the sources of rows.
    pub(crate) sources: bool,
    /// Whether the reader may see what rules found.
    pub(crate) findings: bool,
    /// What is shown of the queue.
    pub(crate) filter: Filter,
    /// For whom the reader stands in, and until when, in a sentence each.
    pub(crate) covered: Vec<String>,
    /// The views that the reader keeps.
    pub(crate) kept: Vec<Kept>,
    /// What this view was to be called; empty where it was not to be kept.
    pub(crate) name: String,
    /// To whom cases can be given.
    pub(crate) colleagues: Vec<Offered>,
    /// Where this page of the queue began; empty on the first.
    pub(crate) after: String,
    /// How many cases were just given to somebody; empty where none were.
    pub(crate) done: String,
    /// What was wrong with the form.
    pub(crate) faults: Vec<FaultLine>,
    /// The cases of this page.
    pub(crate) cases: Vec<Waiting>,
    /// The next page; empty on the last.
    pub(crate) next: String,
    /// The services that the body itself may start.
    pub(crate) own: Vec<Link>,
    /// The number of the form.
    pub(crate) key: String,
}

impl InboxPage {
    /// What is wrong with a field; empty where nothing is.
    fn wrong(&self, field: &str) -> &str {
        let href = format!("#{field}");
        let line = self.faults.iter().find(|line| line.href == href);
        line.map(|line| line.text.as_str()).unwrap_or_default()
    }
}

/// What is shown of a queue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// True where not everything is.
    pub(crate) set: bool,
    /// By who deals with a case.
    pub(crate) whose: Vec<Offered>,
    /// By service.
    pub(crate) services: Vec<Offered>,
    /// By the day on which it is due.
    pub(crate) due: Vec<Offered>,
}

impl Filter {
    /// What is chosen of a list.
    pub(crate) fn chosen(offered: &[Offered]) -> &str {
        offered.iter().find(|one| one.chosen).map(|one| one.value.as_str()).unwrap_or_default()
    }
}

/// A view that somebody keeps.
#[derive(Debug)]
pub(crate) struct Kept {
    /// What it is called.
    pub(crate) name: String,
    /// Its address.
    pub(crate) href: String,
    /// True where it is the one shown.
    pub(crate) current: bool,
}

/// A case that waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The case.
    pub(crate) listed: Listed,
    /// Who of the body deals with it; empty where nobody in particular does.
    pub(crate) officer: String,
    /// True where it was chosen in a form that came back.
    pub(crate) chosen: bool,
}

#[cfg(test)]
impl super::Sample for InboxPage {
    fn samples(frame: Frame) -> Vec<Self> {
        use super::cases::sample_listed;
        let offered = |chosen| Offered { value: "mine".into(), title: "Mine".into(), chosen };
        let page = |cases: Vec<Waiting>, next: &str| Self {
            frame: frame.clone(),
            body: "A body".into(),
            sources: next.is_empty(),
            findings: next.is_empty(),
            filter: Filter {
                set: !next.is_empty(),
                whose: vec![offered(true)],
                services: vec![offered(false)],
                due: vec![offered(true)],
            },
            covered: vec!["You stand in for somebody.".into()],
            kept: vec![Kept {
                name: "Late ones".into(),
                href: "/zh/inbox?due=late".into(),
                current: !next.is_empty(),
            }],
            name: String::new(),
            colleagues: vec![offered(false)],
            after: String::new(),
            done: if next.is_empty() { String::new() } else { "2".into() },
            faults: vec![FaultLine { href: "#case-7".into(), text: "Not that one".into() }],
            cases,
            next: next.into(),
            own: vec![super::link()],
            key: "1".into(),
        };
        let waiting = |late, officer: &str| Waiting {
            listed: sample_listed(late),
            officer: officer.into(),
            chosen: late,
        };
        let cases = vec![waiting(true, "Somebody"), waiting(false, "")];
        vec![page(Vec::new(), ""), page(cases, "/zh/inbox?after=1")]
    }
}
