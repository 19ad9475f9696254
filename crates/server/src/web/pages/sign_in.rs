//! Signing in as one of the invented persons of a demonstration.

use askama::Template;

use crate::web::frame::Frame;

/// The persons one may sign in as.
#[derive(Debug, Template)]
#[template(path = "sign-in.html")]
pub(crate) struct SignInPage {
    pub(crate) frame: Frame,
    /// Applicants first, then one group for each body.
    pub(crate) groups: Vec<Group>,
    /// The page to go to afterwards.
    pub(crate) then: String,
}

/// Persons who act for the same.
#[derive(Debug)]
pub(crate) struct Group {
    /// For whom they act.
    pub(crate) title: String,
    /// The persons: id and name.
    pub(crate) people: Vec<(String, String)>,
}

#[cfg(test)]
impl super::Sample for SignInPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let people = vec![("person-1".into(), "Somebody".into())];
        let group = Group { title: "Applicants".into(), people };
        vec![Self { frame, groups: vec![group], then: "/zh/cases".into() }]
    }
}
