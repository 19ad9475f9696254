//! What happens in people's lives, and the services it needs (一件事).

use askama::Template;
use pack::model::LifeEvent;

use super::services::Listed;
use crate::web::{
    frame::{Frame, Link},
    shown::Shown,
};

/// One life event.
#[derive(Debug, Template)]
#[template(path = "life-event.html")]
pub(crate) struct LifeEventPage {
    pub(crate) frame: Frame,
    /// What happens.
    pub(crate) title: String,
    /// What to know first.
    pub(crate) summary: String,
    /// The services, in the order in which they are needed.
    pub(crate) services: Vec<Listed>,
}

impl LifeEventPage {
    /// The page of an event.
    pub(crate) fn of(frame: Frame, shown: Shown<'_>, event: &LifeEvent) -> Self {
        let known = event.services.iter().filter_map(|name| shown.pack.procedures.get(name));
        Self {
            frame,
            title: event.title.to(shown.words.0).to_owned(),
            summary: event.summary.to(shown.words.0).to_owned(),
            services: known.map(|procedure| Listed::of(shown, procedure)).collect(),
        }
    }
}

/// Every life event of the pack, linked.
pub(crate) fn life_events(shown: Shown<'_>) -> Vec<Link> {
    let link = |event: &LifeEvent| Link {
        href: format!("/{}/life-events/{}", shown.words.code(), event.name),
        text: event.title.to(shown.words.0).to_owned(),
    };
    shown.pack.life_events.iter().map(link).collect()
}

#[cfg(test)]
impl super::Sample for LifeEventPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |services| Self {
            frame: frame.clone(),
            title: "I want to <open>".into(),
            summary: "Know first".into(),
            services,
        };
        vec![page(Vec::new()), page(vec![super::services::listed()])]
    }
}
