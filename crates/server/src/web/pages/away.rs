//! Who of a body is away, and who stands in.

use askama::Template;

use crate::web::{
    frame::Frame,
    question::{FaultLine, Offered},
};

/// The page on which an officer says so.
#[derive(Debug, Template)]
#[template(path = "away.html")]
pub(crate) struct AwayPage {
    pub(crate) frame: Frame,
    /// The body.
    pub(crate) body: String,
    /// Who is away or will be: name, first day, last day, who stands in.
    pub(crate) away: Vec<(String, String, String, String)>,
    /// True where the reader is one of them.
    pub(crate) mine: bool,
    /// The first day, as it was typed.
    pub(crate) from: String,
    /// The last day, as it was typed.
    pub(crate) until: String,
    /// Who may stand in.
    pub(crate) others: Vec<Offered>,
    /// What was wrong with the form.
    pub(crate) faults: Vec<FaultLine>,
    /// The number of the form.
    pub(crate) key: String,
}

impl AwayPage {
    /// What is wrong with a field; empty where nothing is.
    pub(crate) fn wrong(&self, field: &str) -> &str {
        let href = format!("#{field}");
        let line = self.faults.iter().find(|line| line.href == href);
        line.map(|line| line.text.as_str()).unwrap_or_default()
    }
}

#[cfg(test)]
impl super::Sample for AwayPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let other = Offered { value: "1".into(), title: "Somebody".into(), chosen: true };
        let page = |mine, faults: Vec<FaultLine>| Self {
            frame: frame.clone(),
            body: "A body".into(),
            away: vec![("A".into(), "2030-01-07".into(), "2030-01-11".into(), "B".into())],
            mine,
            from: "2030-01-07".into(),
            until: String::new(),
            others: vec![other.clone()],
            faults,
            key: "1".into(),
        };
        let wrong = FaultLine { href: "#until".into(), text: "Last day: missing".into() };
        vec![page(true, Vec::new()), page(false, vec![wrong])]
    }
}
