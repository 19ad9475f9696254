//! The second factor, and what stands in for it.

use askama::Template;

use super::form::{Field, wrong};
use crate::web::{fault::Refused, frame::Frame};

/// The second factor.
#[derive(Debug, Template)]
#[template(path = "account/second.html")]
pub(crate) struct SecondPage {
    pub(crate) frame: Frame,
    /// Why a code was not taken.
    pub(crate) refused: Vec<Refused>,
    /// The submission's number.
    pub(crate) key: String,
    /// The question for the app's code.
    pub(crate) code: Vec<Field>,
    /// The question for a recovery code.
    pub(crate) recovery: Vec<Field>,
    /// Another site that signs people in; empty for none.
    pub(crate) elsewhere: String,
    /// The link that leads there.
    pub(crate) go: String,
}

impl SecondPage {
    fn wrong(&self) -> Vec<&Field> {
        wrong(self.code.iter().chain(&self.recovery))
    }
}

#[cfg(test)]
impl super::super::Sample for SecondPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |refused: Vec<Refused>, elsewhere: &str| Self {
            frame: frame.clone(),
            refused,
            key: "1".into(),
            code: vec![Field::text("code", "Code".into(), "")],
            recovery: vec![Field::text("recovery", "Code".into(), "").wrong("Not so".into())],
            elsewhere: elsewhere.into(),
            go: "/zh/sign-in/elsewhere?then=".into(),
        };
        vec![page(Vec::new(), ""), page(vec![super::super::refused()], "The city's <site>")]
    }
}
