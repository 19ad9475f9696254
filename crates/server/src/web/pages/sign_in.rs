//! Signing in as one of the invented persons of a demonstration.

use askama::Template;

use crate::web::frame::Frame;

/// The persons one may sign in as.
#[derive(Debug, Template)]
#[template(path = "sign-in.html")]
pub(crate) struct SignInPage {
    pub(crate) frame: Frame,
    /// Those who apply.
    pub(crate) applicants: Vec<Named>,
    /// Officers, one group for each place.
    pub(crate) places: Vec<Group>,
    /// The sign-in of those who have an account.
    pub(crate) account: String,
    /// The page to go to afterwards.
    pub(crate) then: String,
}

/// Officers of one place.
#[derive(Debug)]
pub(crate) struct Group {
    /// The place.
    pub(crate) title: String,
    /// The officers.
    pub(crate) people: Vec<Named>,
}

/// A person one may sign in as.
#[derive(Debug)]
pub(crate) struct Named {
    /// What the form sends.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
    /// The office held; empty for an applicant.
    pub(crate) office: String,
}

#[cfg(test)]
impl super::Sample for SignInPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let named = |office: &str| Named {
            id: "person-1".into(),
            name: "Somebody".into(),
            office: office.into(),
        };
        let place = Group { title: "A district".into(), people: vec![named("Health")] };
        let (applicants, then) = (vec![named("")], "/zh/cases".into());
        let account = "/zh/sign-in/account?then=".into();
        vec![Self { frame, applicants, places: vec![place], account, then }]
    }
}
