//! Tokens for programs: those that are good, and the form that makes another.

use askama::Template;

use super::form::Field;
use crate::web::{frame::Frame, question::Offered};

/// The tokens of an account.
#[derive(Debug, Template)]
#[template(path = "account/tokens.html")]
pub(crate) struct TokensPage {
    pub(crate) frame: Frame,
    /// The submission's number.
    pub(crate) key: String,
    /// What the program says by which the token was made just now; empty where none was.
    pub(crate) made: String,
    /// Those that are good.
    pub(crate) tokens: Vec<TokenLine>,
    /// The systems to which changes are pushed.
    pub(crate) subscriptions: Vec<SubscriptionLine>,
    /// What it is called, and until when it is good.
    pub(crate) fields: Vec<Field>,
    /// For whom it may act.
    pub(crate) acting: Vec<Offered>,
    /// True where it is to read only.
    pub(crate) reads_only: bool,
}

impl TokensPage {
    /// The fields with something wrong.
    pub(crate) fn wrong(&self) -> Vec<&Field> {
        super::form::wrong(&self.fields)
    }
}

/// A token.
#[derive(Debug)]
pub(crate) struct TokenLine {
    /// By what it is named in a form.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// For whom it acts.
    pub(crate) acting: String,
    /// True where it reads only.
    pub(crate) reads_only: bool,
    /// The last day.
    pub(crate) until: String,
    /// When it was last used.
    pub(crate) used: String,
}

/// A system to which changes are pushed.
#[derive(Debug)]
pub(crate) struct SubscriptionLine {
    /// By what it is named in a form.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// For whom its changes are seen.
    pub(crate) acting: String,
    /// How far it has got.
    pub(crate) stands: String,
    /// What hinders it; empty where nothing does.
    pub(crate) fault: String,
}

#[cfg(test)]
impl super::super::Sample for TokensPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |reads_only| TokenLine {
            id: "08".into(),
            title: "Reports <x>".into(),
            acting: "A body".into(),
            reads_only,
            until: "2030-02-08".into(),
            used: "not used".into(),
        };
        let line_of = |fault: &str| SubscriptionLine {
            id: "09".into(),
            title: "System <x>".into(),
            acting: "A body".into(),
            stands: "took change 7".into(),
            fault: fault.into(),
        };
        let page = |tokens, made: &str| Self {
            subscriptions: if made.is_empty() {
                Vec::new()
            } else {
                vec![line_of(made), line_of("")]
            },
            frame: frame.clone(),
            key: "1".into(),
            made: made.into(),
            tokens,
            fields: super::form::fields(),
            acting: vec![Offered { value: "1".into(), title: "A body".into(), chosen: true }],
            reads_only: !made.is_empty(),
        };
        vec![page(Vec::new(), ""), page(vec![line(true), line(false)], "yy_08")]
    }
}
