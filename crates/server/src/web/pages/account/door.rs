//! The ways in: passkey, another site, password.

use askama::Template;

use super::form::{Field, PasskeyAsk, wrong};
use crate::web::{fault::Refused, frame::Frame};

/// The ways in.
#[derive(Debug, Template)]
#[template(path = "account/sign-in.html")]
pub(crate) struct DoorPage {
    pub(crate) frame: Frame,
    /// Why somebody was not let in.
    pub(crate) refused: Vec<Refused>,
    /// The submission's number.
    pub(crate) key: String,
    /// What a device is asked.
    pub(crate) passkey: PasskeyAsk,
    /// Login name and password.
    pub(crate) fields: Vec<Field>,
    /// Another site that signs people in; empty for none.
    pub(crate) elsewhere: String,
    /// The link that leads there.
    pub(crate) go: String,
    /// The link to a new account.
    pub(crate) sign_up: String,
    /// The page to go to afterwards.
    pub(crate) then: String,
}

impl DoorPage {
    fn wrong(&self) -> Vec<&Field> {
        wrong(&self.fields)
    }
}

#[cfg(test)]
impl super::super::Sample for DoorPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |refused: Vec<Refused>, elsewhere: &str| Self {
            frame: frame.clone(),
            refused,
            key: "1".into(),
            passkey: super::form::ask(),
            fields: super::form::fields(),
            elsewhere: elsewhere.into(),
            go: "/zh/sign-in/elsewhere?then=".into(),
            sign_up: "/zh/sign-up?then=".into(),
            then: "/zh/cases".into(),
        };
        vec![page(Vec::new(), ""), page(vec![super::super::refused()], "The city's <site>")]
    }
}
