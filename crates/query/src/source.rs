//! What a query reads: views with stated columns, over exactly these files or these rows. A query
//! never says what is incremental; whoever asks narrows its sources.

use std::{ops::Range, path::PathBuf, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use base::Instant;
use lake::table::{DAY, DataFile};

/// A view that a query may name.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name: small letters, digits and underscores.
    pub name: String,
    /// Its rows.
    pub rows: Rows,
    /// Which of them.
    pub only: Only,
}

/// Where rows are.
#[derive(Debug, Clone)]
pub enum Rows {
    /// In files of the lake.
    Files(Files),
    /// In memory.
    Here {
        /// The columns.
        schema: SchemaRef,
        /// The rows, in these columns.
        batches: Vec<RecordBatch>,
    },
}

/// Files of a table of the lake. A column that a file lacks is empty in its rows; the day of a file
/// is a column `event_day` of all of them.
#[derive(Debug, Clone)]
pub struct Files {
    /// The folder under which they lie.
    pub folder: PathBuf,
    /// The files.
    pub files: Vec<DataFile>,
    /// The columns, without the day.
    pub schema: SchemaRef,
    /// The column with the moment of the event, by whose day rows lie in files.
    pub at: String,
}

/// Which rows of a source are read.
#[derive(Debug, Clone, Default)]
pub struct Only {
    /// Those with one of these keys.
    pub keys: Option<Keys>,
    /// Those of a time.
    pub within: Option<Within>,
    /// Those that the lake took in under these numbers.
    pub numbers: Option<Range<u64>>,
}

/// Keys by which rows are chosen; an empty column is none of them.
#[derive(Debug, Clone)]
pub struct Keys {
    /// The column.
    pub column: String,
    /// Its values.
    pub values: ArrayRef,
}

/// A time, half-open; an end that is none is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// The column with the moment.
    pub column: String,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub until: Option<Instant>,
}

impl Source {
    /// All rows of files.
    pub fn files(name: &str, files: Files) -> Self {
        Self { name: name.to_owned(), rows: Rows::Files(files), only: Only::default() }
    }

    /// Rows in memory.
    pub fn rows(name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        let rows = Rows::Here { schema, batches };
        Self { name: name.to_owned(), rows, only: Only::default() }
    }

    /// A view without rows, against which a query is checked.
    pub fn shape(name: &str, schema: SchemaRef) -> Self {
        Self::rows(name, schema, Vec::new())
    }

    /// The same source, narrowed.
    #[must_use]
    pub fn only(self, only: Only) -> Self {
        Self { only, ..self }
    }

    /// The columns that a query sees.
    pub fn schema(&self) -> SchemaRef {
        match &self.rows {
            Rows::Files(files) => files.seen(),
            Rows::Here { schema, .. } => schema.clone(),
        }
    }
}

impl Files {
    /// The column with the day of a file.
    pub(crate) fn day() -> Field {
        Field::new(DAY, DataType::Date32, false)
    }

    /// The columns that a query sees.
    pub fn seen(&self) -> SchemaRef {
        let fields = self.schema.fields().iter().cloned();
        Arc::new(Schema::new(fields.chain([Arc::new(Self::day())]).collect::<Vec<_>>()))
    }
}
