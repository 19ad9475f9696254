//! The rows of an answer as they come, in their stated order, and what it took to find them.

use std::time::Duration;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;
use tokio::{sync::mpsc::Receiver, task::AbortHandle};

use crate::Fault;

/// An answer. Dropping it stops the work for it.
#[derive(Debug)]
pub struct Answer {
    columns: SchemaRef,
    parts: Receiver<Part>,
    work: AbortHandle,
    cost: Option<Cost>,
}

/// What an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Rows that were read from sources, once they were narrowed.
    pub rows_read: u64,
    /// Bytes that were read from files.
    pub bytes_read: u64,
    /// Bytes that were put into the scratch folder meanwhile.
    pub bytes_spilled: u64,
    /// From asking to the last row.
    pub elapsed: Duration,
}

/// What the work hands over.
#[derive(Debug)]
pub(crate) enum Part {
    Rows(RecordBatch),
    End(Cost),
    Failed(Fault),
}

impl Answer {
    pub(crate) fn new(columns: SchemaRef, parts: Receiver<Part>, work: AbortHandle) -> Self {
        Self { columns, parts, work, cost: None }
    }

    /// Its columns.
    pub fn columns(&self) -> &SchemaRef {
        &self.columns
    }

    /// The next rows; none after the last. How many come at once says nothing.
    ///
    /// # Errors
    /// [`Fault`], after which nothing comes.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, Fault> {
        if self.cost.is_some() {
            return Ok(None);
        }
        match self.parts.recv().await {
            Some(Part::Rows(rows)) => Ok(Some(rows)),
            Some(Part::End(cost)) => {
                self.cost = Some(cost);
                Ok(None)
            }
            Some(Part::Failed(fault)) => Err(fault),
            None => Err(Fault::Engine("it was stopped before the answer came".to_owned())),
        }
    }

    /// What it took; none before its last row has been handed over.
    pub fn cost(&self) -> Option<Cost> {
        self.cost
    }

    /// All its rows, in one piece, with what they took.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn whole(mut self) -> Result<(RecordBatch, Cost), Fault> {
        let mut all = Vec::new();
        while let Some(rows) = self.next().await? {
            all.push(rows);
        }
        let whole = concat_batches(&self.columns, &all);
        let whole = whole.map_err(|error| Fault::Value(error.to_string()))?;
        Ok((whole, self.cost.unwrap_or_default()))
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.work.abort();
    }
}
