//! What other registers say of an entry.

use super::register::Listed;
use crate::web::frame::Link;

/// What is on record elsewhere about an entry.
#[derive(Debug, Default)]
pub(crate) struct NamingView {
    /// By register, and by the field that names the entry.
    pub(crate) groups: Vec<SaidOf>,
    /// True where more is on record than was looked at.
    pub(crate) more: bool,
}

/// What one register says of it.
#[derive(Debug)]
pub(crate) struct SaidOf {
    /// The register.
    pub(crate) register: Link,
    /// What the entry is to those entries.
    pub(crate) field: String,
    /// How many there are.
    pub(crate) total: String,
    /// True where only the newest are shown.
    pub(crate) rest: bool,
    /// The newest, each with what it says in short.
    pub(crate) entries: Vec<(Listed, Vec<String>)>,
}

/// What is shown in samples.
#[cfg(test)]
pub(crate) fn sample() -> NamingView {
    let listed = |force| Listed {
        key: "900101-2030-8".into(),
        link: super::link(),
        force,
        since: "2030-01-31".into(),
        standings: Vec::new(),
    };
    let said = |entries: Vec<(Listed, Vec<String>)>, rest| SaidOf {
        register: super::link(),
        field: "Complained about".into(),
        total: "12".into(),
        rest,
        entries,
    };
    use super::register::Force;
    let entries =
        vec![(listed(Force::In), Vec::new()), (listed(Force::Unsaid), vec!["a: b".into()])];
    NamingView { groups: vec![said(entries, true), said(Vec::new(), false)], more: true }
}
