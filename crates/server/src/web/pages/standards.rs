//! What areas should have by dated norms and do have.

use askama::Template;

use crate::web::frame::{Cited, Frame, Link};

/// What areas should have and do have.
#[derive(Debug, Template)]
#[template(path = "layout-standards.html")]
pub(crate) struct StandardsPage {
    pub(crate) frame: Frame,
    /// The plan.
    pub(crate) plan: Link,
    /// The day of which it is.
    pub(crate) on: String,
    /// The standards.
    pub(crate) standards: Vec<StandardRow>,
    /// What the columns of the table by areas are.
    pub(crate) heads: Vec<String>,
    /// The areas, those first that lack the most.
    pub(crate) areas: Vec<AreaRow>,
}

/// A standard, and how it is met.
#[derive(Debug, Clone)]
pub(crate) struct StandardRow {
    /// What it is called.
    pub(crate) title: String,
    /// How many there should be, and for whom.
    pub(crate) least: String,
    /// How many areas have them.
    pub(crate) meet: String,
    /// How many are missing in all.
    pub(crate) missing: String,
    /// The area that has the least part of them.
    pub(crate) worst: Option<Link>,
    /// The figures that say so.
    pub(crate) figures: Vec<FigureLine>,
}

/// A figure of a norm.
#[derive(Debug, Clone)]
pub(crate) struct FigureLine {
    /// The figure with its value.
    pub(crate) says: String,
    /// Where it is written.
    pub(crate) basis: Vec<Cited>,
}

/// An area.
#[derive(Debug, Clone)]
pub(crate) struct AreaRow {
    /// The area.
    pub(crate) link: Link,
    /// Its old people.
    pub(crate) people: u64,
    /// What it has of each standard, and whether something is missing.
    pub(crate) cells: Vec<(String, bool)>,
}

impl AreaRow {
    /// Its cells in order.
    pub(crate) fn cells(self) -> Vec<String> {
        let first = [self.link.text, self.people.to_string()];
        first.into_iter().chain(self.cells.into_iter().map(|(says, _)| says)).collect()
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::web::pages::{Sample, cited, link};

    pub(in crate::web::pages) fn standard() -> StandardRow {
        StandardRow {
            title: "Beds <there>".into(),
            least: "40 for a thousand".into(),
            meet: "1 of 2".into(),
            missing: "7".into(),
            worst: Some(link()),
            figures: vec![FigureLine { says: "Beds (40)".into(), basis: vec![cited()] }],
        }
    }

    impl Sample for StandardsPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let row = |lacks: bool| AreaRow {
                link: link(),
                people: 1_000,
                cells: vec![("3 of 40".into(), lacks)],
            };
            vec![Self {
                plan: link(),
                on: "2026-03-02".into(),
                standards: vec![standard()],
                heads: vec!["Area".into(), "People".into(), "Beds <there>".into()],
                areas: vec![row(true), row(false)],
                frame,
            }]
        }
    }
}
