//! What rules know of things: tables whose rows hold for days.

use base::{Citation, Date, Name, Text};
use rules::Value;

use super::FeedColumn;

/// A table that rules look things up in.
#[derive(Debug)]
pub struct Knowledge {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What its rows rest on.
    pub basis: Vec<Citation>,
    /// The columns by which a row is looked up; at least one.
    pub key: Vec<Name>,
    /// What a row says, in the order of the sheet.
    pub columns: Vec<FeedColumn>,
    /// The rows, by key and then by day; of one key there is at most one a day.
    pub rows: Vec<KnowledgeRow>,
}

/// A row and the days for which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeRow {
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    /// The values of the key columns, in the order of the key.
    pub key: Vec<Value>,
    /// The values of all columns, in their order; none where a cell is empty.
    pub values: Vec<Option<Value>>,
}

impl Knowledge {
    /// The column of that name.
    pub fn column(&self, name: &Name) -> Option<&FeedColumn> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// The row of a key on a day.
    pub fn row(&self, key: &[Value], day: Date) -> Option<&KnowledgeRow> {
        let after = self.rows.partition_point(|row| (row.key.as_slice(), row.from) <= (key, day));
        let row = self.rows.get(after.checked_sub(1)?)?;
        (row.key == key && row.until.is_none_or(|until| day < until)).then_some(row)
    }

    /// What a row says in a column; none where the cell is empty.
    pub fn value<'k>(&self, row: &'k KnowledgeRow, column: &Name) -> Option<&'k Value> {
        let place = self.columns.iter().position(|own| own.name == *column)?;
        row.values.get(place)?.as_ref()
    }
}
