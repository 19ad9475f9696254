//! One policy as people read it: what it says, what it rests on, and from when until when.

use std::collections::BTreeSet;

use base::{Citation, Date, Text};
use pack::node::Span;

use crate::{action::Action, who::Role};

/// Whether a policy permits or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It permits.
    Permit,
    /// It forbids, whatever others permit.
    Forbid,
}

/// A policy of a pack.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name, the same for ever: logs refer to it.
    pub id: String,
    /// What it says, in one sentence.
    pub title: Text,
    /// What it rests on.
    pub basis: Citation,
    /// Whether it permits or forbids.
    pub effect: Effect,
    /// The first day on which it holds; always before when absent.
    pub from: Option<Date>,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    /// Of which roles and actions it can speak.
    pub speaks_of: BTreeSet<(Role, Action)>,
    /// The path of the file it stands in.
    pub path: String,
    /// Where it stands.
    pub(crate) at: Span,
    /// The policy itself.
    pub(crate) cedar: cedar_policy::Policy,
}

impl Policy {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}
