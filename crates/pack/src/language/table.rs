//! `tables/*.yaml`: rows that a decision may enter in a register as they stand, such as the
//! measures of a plan.

use base::{Citation, Name, Text};

use crate::{node::Node, read::Spanned};

record! {
    /// A table of rows for one register.
    pub struct TableFile {
        /// The table's own name.
        table: Name,
        /// Its title.
        title: Text,
        /// The register whose entries the rows are.
        register: Spanned<Name>,
        /// Where the rows come from.
        basis: Vec<Citation>,
        /// The rows: entry key, then the entry's fields.
        rows: Node,
    }
}
