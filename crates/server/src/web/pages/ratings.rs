//! How people rated a service.

use crate::web::frame::Link;

/// The newest ratings of a service, counted by grade.
#[derive(Debug)]
pub(crate) struct RatingsView {
    /// Where each of them stands.
    pub(crate) register: Link,
    /// What the grade is called.
    pub(crate) grade: String,
    /// How many were counted.
    pub(crate) total: usize,
    /// Each grade with how often it was given.
    pub(crate) rows: Vec<(String, usize)>,
}

/// What is shown in samples.
#[cfg(test)]
pub(crate) fn sample() -> RatingsView {
    RatingsView {
        register: super::link(),
        grade: "Grade".into(),
        total: 3,
        rows: vec![("Very satisfied".into(), 3), ("Dissatisfied".into(), 0)],
    }
}
