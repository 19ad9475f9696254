//! What happens in people's lives that they need services for.

use base::{Name, Text};

/// Something that happens in people's lives, and the services it needs (一件事).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// Its name.
    pub name: Name,
    /// What happens, as the person would say it.
    pub title: Text,
    /// What to know first.
    pub summary: Text,
    /// The services, in the order in which they are needed.
    pub services: Vec<Name>,
}
