//! How decisions are served.

use std::collections::BTreeMap;

use base::{Citation, Date, Name, Term, Text};

use super::Limit;

/// How a decision comes to the party.
#[derive(Debug)]
pub struct Service {
    /// The time from the decision.
    pub within: Limit,
    /// The time where the decision takes something or lays a burden on somebody.
    pub burdens: Limit,
    /// The time in which what anybody may know of it is published.
    pub published: Limit,
    /// Through the portal, on those who have agreed to it.
    pub portal: PortalService,
    /// The other ways.
    pub ways: BTreeMap<Name, Way>,
}

/// Service through the portal.
#[derive(Debug)]
pub struct PortalService {
    /// What it is called.
    pub title: Text,
    /// Where it is written that the party must have agreed.
    pub basis: Citation,
}

/// A way of service.
#[derive(Debug)]
pub struct Way {
    /// What it is called.
    pub title: Text,
    /// What shows that it was done.
    pub proof: Text,
    /// So many natural days after it was done it counts as served; none: on the day itself.
    pub deemed_after: Option<Term>,
    /// The first day.
    pub from: Option<Date>,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    /// Where it is written.
    pub basis: Citation,
}

impl Way {
    /// Whether a decision may be served so on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}
