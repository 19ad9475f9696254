//! `service.yaml`: how a decision comes to the party.

use base::{Citation, Date, Text};

use super::Timed;
use crate::read::{Named, Spanned};

record! {
    /// How decisions are served, and within what time.
    pub struct ServiceFile {
        /// The time from the decision.
        within: Timed,
        /// The time where the decision takes something or lays a burden on somebody.
        burdens: Timed,
        /// The time in which what anybody may know of it is published.
        published: Timed,
        /// Through the portal, on those who have agreed to it.
        portal: PortalService,
        /// The other ways.
        ways: Named<Way>,
    }
}

record! {
    /// Service through the portal.
    pub struct PortalService {
        /// What it is called.
        title: Text,
        /// Where it is written that the party must have agreed.
        basis: Citation,
    }
}

record! {
    /// A way of service.
    pub struct Way {
        /// What it is called.
        title: Text,
        /// What shows that it was done.
        proof: Text,
        /// So many days after it was done it counts as served; on the day itself when absent.
        deemed_after: Option<Spanned<base::Term>>,
        /// The first day.
        from: Option<Date>,
        /// The first day on which it no longer holds.
        until: Option<Date>,
        /// Where it is written.
        basis: Citation,
    }
}
