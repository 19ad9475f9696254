//! `examples/*.yaml`: rows by which a rule of supervision is shown. What it finds of them, and what
//! it passes over though it looks nearly the same, can be read by whoever must answer for it.

use base::{Name, Text};

use crate::{
    node::Node,
    read::{Named, Pathed, Spanned},
};

record! {
    /// An example of a rule: what registers said, the rows that were sent, and what is found.
    pub struct ExampleFile {
        /// Its own name.
        example: Name,
        /// What it shows, in a sentence.
        title: Text,
        /// The rule.
        rule: Spanned<Name>,
        /// What registers said, by their names.
        registers: Named<Vec<ExampleVersion>>,
        /// Of each feed, what every row says that does not say otherwise.
        usual: Named<Node>,
        /// Of each feed, the rows as a source sends them; an empty text leaves open what is usual.
        rows: Named<Vec<Node>>,
        /// What the rule finds; nothing when absent.
        finds: Vec<ExampleFinding>,
        /// Of how many rows the rule cannot tell; none when absent.
        undetermined: Option<Spanned<u32>>,
    }
}

record! {
    /// What an entry of a register said for some time.
    pub struct ExampleVersion {
        /// The key of the entry.
        key: String,
        /// From when, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`.
        from: Spanned<String>,
        /// Until when; for ever when absent.
        until: Option<Spanned<String>>,
        /// The fields, as far as the example needs them.
        says: Node,
    }
}

record! {
    /// Something that the rule finds.
    pub struct ExampleFinding {
        /// The rows on which it rests, by feed, counted from 1 as they stand under `rows`.
        rows: Named<Vec<Spanned<u32>>>,
        /// The key of the entry that it is about.
        subject: String,
        /// What it shows, as far as the example says.
        shows: Pathed<String>,
    }
}
