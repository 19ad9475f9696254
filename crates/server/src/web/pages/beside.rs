//! What a case states, and one of its papers beside it.

use askama::Template;

use super::case::Section;
use crate::web::{frame::Frame, question::Offered};

/// The two side by side; on a phone one below the other.
#[derive(Debug, Template)]
#[template(path = "beside.html")]
pub(crate) struct BesidePage {
    pub(crate) frame: Frame,
    /// The case's number.
    pub(crate) id: String,
    /// The case's address.
    pub(crate) action: String,
    /// The number of a form.
    pub(crate) key: String,
    /// What it states.
    pub(crate) sections: Vec<Section>,
    /// Its papers, the one shown being chosen.
    pub(crate) papers: Vec<Offered>,
    /// The paper shown; none where there is none that can be read.
    pub(crate) shown: Option<Beside>,
}

/// A paper that is shown.
#[derive(Debug)]
pub(crate) struct Beside {
    /// What it is.
    pub(crate) title: String,
    /// Where it comes from.
    pub(crate) src: String,
    /// The file by itself.
    pub(crate) href: String,
}

#[cfg(test)]
impl super::Sample for BesidePage {
    fn samples(frame: Frame) -> Vec<Self> {
        use super::case::Fact;
        let fact = |sealed: &str| Fact {
            title: "Name".into(),
            text: "A room".into(),
            href: String::new(),
            sealed: sealed.into(),
        };
        let page = |shown, papers| Self {
            frame: frame.clone(),
            id: "7".into(),
            action: "/zh/cases/7".into(),
            key: "k".into(),
            sections: vec![Section {
                title: "Shop".into(),
                later: true,
                facts: vec![fact(""), fact("shop.name")],
            }],
            papers,
            shown,
        };
        let lease = Beside {
            title: "Lease".into(),
            src: "/zh/cases/7/papers/lease?beside=yes".into(),
            href: "/zh/cases/7/papers/lease".into(),
        };
        let offered = Offered { value: "lease".into(), title: "Lease".into(), chosen: true };
        vec![page(None, Vec::new()), page(Some(lease), vec![offered])]
    }
}
