//! What can go wrong with the lake itself: its disk, its files.

use std::{fmt, io};

use arrow_schema::ArrowError;
use base::Name;
use parquet::errors::ParquetError;

/// The lake cannot be read or written.
#[derive(Debug)]
pub enum Fault {
    /// A file.
    Disk(io::Error),
    /// What is known of the rows.
    Known(redb::Error),
    /// Rows as columns.
    Columns(ArrowError),
    /// A file of rows.
    Rows(ParquetError),
    /// Another process has the lake open.
    InUse,
    /// A feed that is no longer there.
    Gone,
    /// The values of a column are now of a kind that is kept in another way.
    Changed {
        /// The feed.
        feed: Name,
        /// The column.
        column: Name,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Changed { feed, column } = self {
            return write!(f, "`{column}` of `{feed}` was of another kind; give it a new name");
        }
        f.write_str(match self {
            Self::Disk(_) => "a file of the lake cannot be read or written",
            Self::Known(_) => "what the lake knows of its rows cannot be read or written",
            Self::Columns(_) => "rows do not fit the columns of their feed",
            Self::Rows(_) => "a file of rows cannot be read or written",
            Self::InUse => "another process has the lake open",
            Self::Gone | Self::Changed { .. } => "the lake has no such feed",
        })
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Disk(error) => Some(error),
            Self::Known(error) => Some(error),
            Self::Columns(error) => Some(error),
            Self::Rows(error) => Some(error),
            Self::InUse | Self::Gone | Self::Changed { .. } => None,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<redb::Error> for Fault {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::InUse,
            error => Self::Known(error),
        }
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Self::Columns(error)
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Self::Rows(error)
    }
}
