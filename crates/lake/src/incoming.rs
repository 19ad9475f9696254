//! Files that a system leaves instead of sending lines: CSV and Parquet, turned into the same lines
//! of JSON, so that whatever way a row comes it is read, refused and counted alike.

use std::io::{self, BufRead as _, BufReader, Read};

use arrow_json::LineDelimitedWriter;
use base::Name;
use parquet::{
    arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    file::reader::ChunkReader,
};
use serde_json::{Map, Value};

use crate::{
    Fault,
    feed::{Column, Feed, Kind},
};

/// The lines that are made at a time.
const LINES: usize = 5_000;
/// What stands between the values of a column with several, in CSV.
const BETWEEN: [char; 2] = [';', '；'];

/// The bytes of lines that are made at a time, where they are long.
const BYTES: usize = 4 << 20;

/// No line has more bytes.
const LINE: u64 = 1 << 20;

/// The lines of a file of lines; some thousand at a time.
pub struct OfLines<R>(BufReader<R>);

impl<R: Read> OfLines<R> {
    /// The lines of a file.
    pub fn new(file: R) -> Self {
        Self(BufReader::new(file))
    }
}

impl<R: Read> Iterator for OfLines<R> {
    type Item = Result<Vec<u8>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut lines = Vec::new();
        for _ in 0..LINES {
            if lines.len() >= BYTES {
                break;
            }
            // A line without end is cut: its parts are no objects, and are told of.
            match (&mut self.0).take(LINE).read_until(b'\n', &mut lines) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => return Some(Err(error.into())),
            }
        }
        (!lines.is_empty()).then_some(Ok(lines))
    }
}

/// The lines of a CSV file whose first line names the columns; some thousand at a time.
pub struct OfCsv<R> {
    feed: Feed,
    names: Vec<String>,
    records: csv::StringRecordsIntoIter<R>,
}

impl<R: Read> OfCsv<R> {
    /// Lines for a feed.
    ///
    /// # Errors
    /// Where the first line cannot be read.
    pub fn new(feed: Feed, file: R) -> Result<Self, Fault> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let names = reader.headers().map_err(unread)?;
        // Spreadsheets put a mark of byte order before the first name.
        let names = names.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned());
        let names = names.collect();
        Ok(Self { feed, names, records: reader.into_records() })
    }

    fn line(&self, record: &csv::StringRecord) -> Value {
        let cells = self.names.iter().zip(record.iter());
        let cells = cells.filter(|(_, text)| !text.trim().is_empty());
        let value = |name: &str, text: &str| {
            let column = self.feed.columns().iter().find(|column| column.name.as_str() == name);
            column.map_or_else(|| text.into(), |column| said(column, text.trim()))
        };
        let mut line: Map<String, Value> =
            cells.map(|(name, text)| (name.clone(), value(name, text))).collect();
        if record.len() > self.names.len() {
            // What stands in no column is told of as an unknown one.
            line.insert("column-without-name".to_owned(), true.into());
        }
        Value::Object(line)
    }
}

impl<R: Read> Iterator for OfCsv<R> {
    type Item = Result<Vec<u8>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut lines = Vec::new();
        for _ in 0..LINES {
            match self.records.next() {
                None => break,
                Some(Err(error)) => return Some(Err(unread(error))),
                Some(Ok(record)) => {
                    lines.extend(self.line(&record).to_string().into_bytes());
                    lines.push(b'\n');
                }
            }
        }
        (!lines.is_empty()).then_some(Ok(lines))
    }
}

/// What a text of a CSV file says in a column. What it cannot say there stays a text, and the row
/// is told of it.
fn said(column: &Column, text: &str) -> Value {
    match &column.kind {
        Kind::Truth => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => true.into(),
            "false" | "0" => false.into(),
            _ => text.into(),
        },
        Kind::Texts => {
            let parts = text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty());
            parts.map(Value::from).collect()
        }
        _ => text.into(),
    }
}

fn unread(error: csv::Error) -> Fault {
    Fault::Disk(io::Error::other(error))
}

/// The lines of a Parquet file; some thousand at a time. Its columns may have underscores where
/// names of a feed have hyphens.
pub struct OfParquet {
    names: Vec<Name>,
    batches: ParquetRecordBatchReader,
}

impl OfParquet {
    /// Lines for a feed.
    ///
    /// # Errors
    /// [`Fault`] where it is no Parquet file.
    pub fn new(feed: &Feed, file: impl ChunkReader + 'static) -> Result<Self, Fault> {
        let batches = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(LINES);
        let names = feed.columns().iter().map(|column| column.name.clone()).collect();
        Ok(Self { names, batches: batches.build()? })
    }

    fn named(&self, name: &str) -> String {
        let own = self.names.iter().find(|own| own.as_str().replace('-', "_") == name);
        own.map_or_else(|| name.to_owned(), Name::to_string)
    }

    fn lines(&self, batch: &arrow_array::RecordBatch) -> Result<Vec<u8>, Fault> {
        let schema = batch.schema();
        let fields = schema.fields().iter().map(|field| {
            let name = self.named(field.name());
            field.as_ref().clone().with_name(name)
        });
        let schema = arrow_schema::Schema::new(fields.collect::<Vec<_>>());
        let columns = batch.columns().to_vec();
        let batch = arrow_array::RecordBatch::try_new(schema.into(), columns)?;
        let mut writer = LineDelimitedWriter::new(Vec::new());
        writer.write(&batch)?;
        writer.finish()?;
        Ok(writer.into_inner())
    }
}

impl Iterator for OfParquet {
    type Item = Result<Vec<u8>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.map_err(Fault::from).and_then(|batch| self.lines(&batch)))
    }
}
