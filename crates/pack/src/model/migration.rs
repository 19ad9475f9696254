//! Plans by which running cases move to this edition of a pack, after linking.

use std::collections::BTreeMap;

use base::{Citation, Name, Text};
use rules::Expression;

use super::PackHash;
pub use crate::language::Carried;

/// A plan by which the running cases of a procedure move from an earlier edition to this one.
#[derive(Debug)]
pub struct Migration {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// The procedure.
    pub procedure: Name,
    /// The earlier edition.
    pub from: PackHash,
    /// The cases that move; all when absent.
    pub which: Option<Expression>,
    /// Where a case goes on, by the step at which it waits.
    pub steps: BTreeMap<Name, Name>,
    /// The steps whose cases stay, each with the reason.
    pub stays: BTreeMap<Name, Text>,
    /// What becomes of the term that runs.
    pub clock: Carried,
    /// What the plan rests on.
    pub basis: Vec<Citation>,
}

impl Migration {
    /// What a step of the earlier edition is called in this one.
    pub fn image<'n>(&'n self, step: &'n Name) -> &'n Name {
        self.steps.get(step).unwrap_or(step)
    }

    /// The steps that are called otherwise in this edition.
    pub fn renamed(&self) -> BTreeMap<Name, Name> {
        let renamed = self.steps.iter().filter(|(old, new)| old != new);
        renamed.map(|(old, new)| (old.clone(), new.clone())).collect()
    }
}
