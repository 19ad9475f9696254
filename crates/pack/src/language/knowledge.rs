//! `knowledge/*.yaml` with `knowledge/*.csv`: what rules know of things, such as which items are
//! for one sex only; edited as a spreadsheet, each row with its days.

use base::{Citation, Name, Text};

use super::feed::FeedColumn;
use crate::read::{Named, Spanned};

record! {
    /// A table that rules look things up in. Its rows stand in the sheet of the same name: `from`,
    /// `until`, then the columns in the order of their names here.
    pub struct KnowledgeFile {
        /// The table's own name.
        knowledge: Name,
        /// Its title.
        title: Text,
        /// What its rows rest on.
        basis: Vec<Citation>,
        /// The columns by which a row is looked up; of one key there is one row a day.
        key: Vec<Spanned<Name>>,
        /// What a row says, in the order of the sheet; no moments and no persons.
        columns: Named<FeedColumn>,
    }
}
