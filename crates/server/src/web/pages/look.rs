//! Pages about the pages.

use askama::Template;

use crate::web::{components::Shown, frame::Frame};

/// Every component with its samples.
#[derive(Debug, Template)]
#[template(path = "components.html")]
pub(crate) struct ComponentsPage {
    pub(crate) frame: Frame,
    /// The components.
    pub(crate) components: Vec<Shown>,
}

/// What we promise to those who see, hear, move or read otherwise, and what falls short.
#[derive(Debug, Template)]
#[template(path = "accessibility.html")]
pub(crate) struct AccessibilityPage {
    pub(crate) frame: Frame,
}

#[cfg(test)]
impl super::Sample for ComponentsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let components = crate::web::components::gallery(frame.words).unwrap_or_default();
        vec![Self { frame, components }]
    }
}

#[cfg(test)]
impl super::Sample for AccessibilityPage {
    fn samples(frame: Frame) -> Vec<Self> {
        vec![Self { frame }]
    }
}
