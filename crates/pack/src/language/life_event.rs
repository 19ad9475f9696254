//! `life-events.yaml`: what happens in people's lives that they need services for (一件事).

use base::{Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// What happens in people's lives, in the order in which a reader meets it.
    pub struct LifeEventFile {
        /// Events by name.
        life_events: Named<LifeEvent>,
    }
}

record! {
    /// Something that happens, and the services it needs.
    pub struct LifeEvent {
        /// What happens, as the person would say it.
        title: Text,
        /// What to know first.
        summary: Text,
        /// The services, in the order in which they are needed.
        services: Vec<Spanned<Name>>,
    }
}
