//! Rows by which a rule is shown.

use std::collections::{BTreeMap, BTreeSet};

use base::{Instant, Name, Text};
use rules::Value;

/// An example of a rule.
#[derive(Debug)]
pub struct Example {
    /// Its name.
    pub name: Name,
    /// What it shows.
    pub title: Text,
    /// The rule, which the pack has.
    pub rule: Name,
    /// What registers said.
    pub versions: Vec<ExampleVersion>,
    /// Of each feed the rows as lines of JSON, in order.
    pub rows: BTreeMap<Name, Vec<String>>,
    /// What the rule finds.
    pub finds: Vec<ExampleFinding>,
    /// Of how many rows it cannot tell.
    pub undetermined: u64,
}

/// What an entry of a register said for some time.
#[derive(Debug)]
pub struct ExampleVersion {
    /// The register.
    pub register: Name,
    /// The key of the entry.
    pub key: String,
    /// From when.
    pub from: Instant,
    /// Until when; for ever when absent.
    pub until: Option<Instant>,
    /// The fields.
    pub fields: BTreeMap<Name, Value>,
}

/// Something that the rule finds.
#[derive(Debug)]
pub struct ExampleFinding {
    /// The rows on which it rests: the feed, and which of its rows from 1.
    pub rows: BTreeSet<(Name, usize)>,
    /// The entry that it is about.
    pub subject: String,
    /// What it shows, as far as the example says.
    pub shows: Vec<(String, String)>,
}
