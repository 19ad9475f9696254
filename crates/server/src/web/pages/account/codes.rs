//! Codes that are shown once.

use askama::Template;

use crate::web::frame::Frame;

/// Codes that are shown once.
#[derive(Debug, Template)]
#[template(path = "account/codes.html")]
pub(crate) struct CodesPage {
    pub(crate) frame: Frame,
    /// What they are.
    pub(crate) title: String,
    /// What to do with them.
    pub(crate) lead: String,
    /// The codes.
    pub(crate) codes: Vec<String>,
    /// Back to the account.
    pub(crate) back: String,
}

#[cfg(test)]
impl super::super::Sample for CodesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        vec![Self {
            frame,
            title: "Codes".into(),
            lead: "Keep them".into(),
            codes: vec!["LJNF-UWS2-LJNF-UWS2-LJNF-UWS2".into()],
            back: "/zh/account".into(),
        }]
    }
}
