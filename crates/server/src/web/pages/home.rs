//! The first page: three doors, a search of the public registers, and how much there is.

use askama::Template;

use crate::web::frame::{Frame, Link};

/// The first page.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(crate) struct HomePage {
    pub(crate) frame: Frame,
    /// What happens in people's lives that they need services for.
    pub(crate) events: Vec<Link>,
    /// What there is, each as a number and what it counts.
    pub(crate) figures: Vec<Figure>,
}

/// A number and what it counts.
#[derive(Debug)]
pub(crate) struct Figure {
    /// The number.
    pub(crate) count: String,
    /// What it counts.
    pub(crate) of: String,
}

#[cfg(test)]
impl super::Sample for HomePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let figure = Figure { count: "12".into(), of: "entries".into() };
        let page = |events, figures| Self { frame: frame.clone(), events, figures };
        let empty = page(Vec::new(), Vec::new());
        vec![empty, page(vec![super::link()], vec![figure])]
    }
}
