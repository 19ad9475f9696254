//! Rows of a CSV text, their columns found by name.
//!
//! Tables of days and divisions are plain CSV that anybody may open; their columns may stand in
//! any order and beside others.

use csv::StringRecord;

use crate::{Reason, Text};

/// A read CSV text.
pub(crate) struct Sheet {
    headers: StringRecord,
    /// The rows after the header, each with its line.
    pub(crate) rows: Vec<Row>,
}

/// One row.
pub(crate) struct Row {
    /// Where it starts in the text, the header being line 1.
    pub(crate) line: u64,
    record: StringRecord,
}

impl Sheet {
    /// Reads the whole text.
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| broken(&error))?.clone();
        let rows = reader
            .into_records()
            .map(|record| record.map(Row::new).map_err(|error| broken(&error)))
            .collect::<Result<_, _>>()?;
        Ok(Self { headers, rows })
    }

    /// Where the first of the names stands, if the header has any of them.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.headers.iter().position(|header| header == *name))
    }

    /// Where the first of the names stands; without any, `column` is the reason.
    pub(crate) fn needed(&self, names: &[&str]) -> Result<usize, Reason> {
        self.column(names).ok_or_else(|| {
            let name = names.first().copied().unwrap_or_default();
            Reason {
                word: "column",
                says: Text::new(
                    format!("缺少列 `{name}`；请在第一行写上列名"),
                    format!("the column `{name}` is missing; name the columns in the first line"),
                ),
            }
        })
    }
}

impl Row {
    fn new(record: StringRecord) -> Self {
        Self { line: record.position().map_or(0, csv::Position::line), record }
    }

    /// The text in a column, without the space around it.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default().trim()
    }
}

fn broken(error: &csv::Error) -> Reason {
    let line = error.position().map_or(1, csv::Position::line);
    line_reason(line, "列数与第一行不同或引号不成对", "its columns differ from the first line's")
}

/// A `row` reason that names the line.
pub(crate) fn line_reason(line: u64, zh: &str, en: &str) -> Reason {
    Reason {
        word: "row",
        says: Text::new(format!("第 {line} 行：{zh}"), format!("line {line}: {en}")),
    }
}
