//! Who may act for one, and for whom one may act.

use askama::Template;

use super::form::Field;
use crate::web::frame::Frame;

/// Who may act for one, and for whom one may act.
#[derive(Debug, Template)]
#[template(path = "account/agents.html")]
pub(crate) struct AgentsPage {
    pub(crate) frame: Frame,
    /// What was just done; empty for nothing.
    pub(crate) done: String,
    /// The submission's number.
    pub(crate) key: String,
    /// Who, from when and until when.
    pub(crate) fields: Vec<Field>,
    /// The services: name, title, whether chosen.
    pub(crate) services: Vec<(String, String, bool)>,
    /// What was given, ended or not.
    pub(crate) given: Vec<Given>,
    /// For whom one may act today.
    pub(crate) held: Vec<Given>,
}

impl AgentsPage {
    /// The fields with something wrong.
    pub(crate) fn wrong(&self) -> Vec<&Field> {
        self.fields.iter().filter(|field| !field.error.is_empty()).collect()
    }
}

/// Leave to act.
#[derive(Debug)]
pub(crate) struct Given {
    /// Its number.
    pub(crate) id: String,
    /// Who may act, or for whom.
    pub(crate) name: String,
    /// In what.
    pub(crate) services: String,
    /// The first day.
    pub(crate) from: String,
    /// The first day on which no longer.
    pub(crate) until: String,
    /// When it was ended; empty where it was not.
    pub(crate) ended: String,
}

#[cfg(test)]
impl super::super::Sample for AgentsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let given = |ended: &str| Given {
            id: "08".into(),
            name: "Liu <x>".into(),
            services: "All".into(),
            from: "2030-01-08".into(),
            until: "2030-02-08".into(),
            ended: ended.into(),
        };
        let page = |given: Vec<Given>, held: Vec<Given>| Self {
            frame: frame.clone(),
            done: "Done".into(),
            key: "1".into(),
            fields: super::form::fields(),
            services: vec![("tea-house".into(), "Tea house".into(), true)],
            given,
            held,
        };
        let both = vec![given(""), given("2030-01-09 09:00")];
        vec![page(Vec::new(), Vec::new()), page(both, vec![given("")])]
    }
}
