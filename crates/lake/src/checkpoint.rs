//! What a table is and has after many commits, in one file, so that whoever opens it need not
//! read them all (Delta Lake protocol, checkpoints in one part). The commits before it are deleted
//! but for some, for whoever is reading them.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use arrow_json::{LineDelimitedWriter, ReaderBuilder};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
use serde_json::{Value as Json, json};

/// The file that says which checkpoint is the last.
const LAST: &str = "_last_checkpoint";
/// So many commits are kept before a checkpoint.
const KEPT: u64 = 100;

/// Writes the checkpoint that stands for the commits up to a number.
pub(crate) fn write(folder: &Path, number: u64, actions: &[u8]) -> io::Result<()> {
    let schema = schema();
    let mut decoder =
        ReaderBuilder::new(schema.clone()).build_decoder().map_err(io::Error::other)?;
    let beside = folder.join(format!("{number:020}.checkpoint.new"));
    let file = File::create(&beside)?;
    let writer = ArrowWriter::try_new(file.try_clone()?, schema, None);
    let mut writer = writer.map_err(io::Error::other)?;
    let (mut place, mut size) = (0, 0);
    while place < actions.len() {
        place +=
            decoder.decode(actions.get(place..).unwrap_or_default()).map_err(io::Error::other)?;
        if let Some(batch) = decoder.flush().map_err(io::Error::other)? {
            size += batch.num_rows();
            writer.write(&batch).map_err(io::Error::other)?;
        }
    }
    writer.close().map_err(io::Error::other)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(named(number)))?;
    let last = json!({"version": number, "size": size}).to_string();
    let beside = folder.join("_last_checkpoint.new");
    let mut file = File::create(&beside)?;
    file.write_all(last.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(LAST))?;
    File::open(folder)?.sync_all()?;
    forget(folder, number.saturating_sub(KEPT))
}

/// The last checkpoint: its number, and what it says as lines of a commit.
pub(crate) fn last(folder: &Path) -> io::Result<Option<(u64, Vec<u8>)>> {
    let said = match fs::read(folder.join(LAST)) {
        Ok(said) => said,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let said: Json = serde_json::from_slice(&said).map_err(io::Error::other)?;
    let number = said.get("version").and_then(Json::as_u64);
    let number = number.ok_or_else(|| io::Error::other("no number of a checkpoint"))?;
    let file = File::open(folder.join(named(number)))?;
    let read = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|read| read.build());
    let mut lines = LineDelimitedWriter::new(Vec::new());
    for batch in read.map_err(io::Error::other)? {
        lines.write(&batch.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    lines.finish().map_err(io::Error::other)?;
    Ok(Some((number, lines.into_inner())))
}

/// Deletes what stands before a number.
fn forget(folder: &Path, before: u64) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let number = name.split('.').next().and_then(|number| number.parse::<u64>().ok());
        if number.is_some_and(|number| number < before) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn named(number: u64) -> String {
    format!("{number:020}.checkpoint.parquet")
}

/// The columns of a checkpoint: one for each kind of action.
fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let whole = |name: &str| Field::new(name, DataType::Int64, true);
    let texts = |name: &str| {
        let entries = Fields::from(vec![Field::new("key", DataType::Utf8, false), text("value")]);
        let entries = Field::new("key_value", DataType::Struct(entries), false);
        Field::new(name, DataType::Map(Arc::new(entries), false), true)
    };
    let part = |name: &str, fields: Vec<Field>| {
        Field::new(name, DataType::Struct(Fields::from(fields)), true)
    };
    let version = |name: &str| Field::new(name, DataType::Int32, true);
    let columns = Field::new("element", DataType::Utf8, true);
    let format = part("format", vec![text("provider"), texts("options")]);
    Arc::new(Schema::new(vec![
        part("protocol", vec![version("minReaderVersion"), version("minWriterVersion")]),
        part(
            "metaData",
            vec![
                text("id"),
                text("name"),
                format,
                text("schemaString"),
                Field::new("partitionColumns", DataType::List(Arc::new(columns)), true),
                texts("configuration"),
                whole("createdTime"),
            ],
        ),
        part(
            "add",
            vec![
                text("path"),
                texts("partitionValues"),
                whole("size"),
                whole("modificationTime"),
                Field::new("dataChange", DataType::Boolean, true),
                text("stats"),
                texts("tags"),
            ],
        ),
    ]))
}
