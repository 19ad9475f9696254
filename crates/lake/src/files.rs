//! Files of rows: Parquet, compressed, each written and made safe before anything names it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, cast::AsArray as _, new_null_array,
    types::Int64Type,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use base::Date;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use crate::{
    Fault,
    batch::{NUMBER, REPLACED_BY},
    table::{DAY, DataFile, Table},
};

/// Where a file belongs.
pub(crate) struct Place<'a> {
    /// The folder of its table.
    pub(crate) folder: &'a Path,
    /// The day of its events.
    pub(crate) day: Date,
    /// The commit that shows it.
    pub(crate) commit: u64,
}

/// A file taken apart.
#[derive(Default)]
pub(crate) struct Split {
    pub(crate) kept: Vec<RecordBatch>,
    pub(crate) replaced: Vec<RecordBatch>,
}

/// A file that is being written.
struct Written {
    file: File,
    folder: PathBuf,
    writer: ArrowWriter<File>,
    about: DataFile,
}

impl Written {
    /// A file that a stop left behind under the same name is written over: no commit names it.
    fn begun(
        place: &Place<'_>,
        schema: &SchemaRef,
        (first, last): (u64, u64),
    ) -> Result<Self, Fault> {
        let under = format!("{DAY}={}", place.day);
        let path = format!("{under}/{:020}-{first:020}-{last:020}.parquet", place.commit);
        let folder = place.folder.join(&under);
        fs::create_dir_all(&folder)?;
        let file = File::create(place.folder.join(&path))?;
        let compressed = Compression::ZSTD(ZstdLevel::try_new(1)?);
        let properties = WriterProperties::builder().set_compression(compressed).build();
        let writer = ArrowWriter::try_new(file.try_clone()?, schema.clone(), Some(properties))?;
        let about = DataFile { path, day: place.day, size: 0, rows: 0, first, last };
        Ok(Self { file, folder, writer, about })
    }

    fn put(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        self.about.rows += batch.num_rows() as u64;
        Ok(self.writer.write(batch)?)
    }

    /// Makes it safe, and its name.
    fn done(self) -> Result<DataFile, Fault> {
        self.writer.close()?;
        self.file.sync_all()?;
        File::open(self.folder)?.sync_all()?;
        Ok(DataFile { size: self.file.metadata()?.len(), ..self.about })
    }
}

/// Writes rows; nothing where there are none.
pub(crate) fn write(
    place: &Place<'_>,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Option<DataFile>, Fault> {
    let arrays: Vec<Int64Array> = batches.iter().map(numbers).collect();
    let all = || arrays.iter().flat_map(|array| array.values().iter().copied());
    let (Some(first), Some(last)) = (all().min(), all().max()) else { return Ok(None) };
    let numbers = (first.cast_unsigned(), last.cast_unsigned());
    let mut written = Written::begun(place, schema, numbers)?;
    batches.iter().try_for_each(|batch| written.put(batch))?;
    Ok(Some(written.done()?))
}

/// Writes the rows of some files into one.
pub(crate) fn merge(
    place: &Place<'_>,
    schema: &SchemaRef,
    small: &[&DataFile],
) -> Result<Option<DataFile>, Fault> {
    let first = small.iter().map(|file| file.first).min();
    let last = small.iter().map(|file| file.last).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
    let mut written = Written::begun(place, schema, (first, last))?;
    for file in small {
        let file = File::open(place.folder.join(&file.path))?;
        for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
            written.put(&widened(&batch?, schema)?)?;
        }
    }
    Ok(Some(written.done()?))
}

/// Deletes files that the table does not name and that nobody has written to since a moment:
/// whoever began to read before has come to the end, and whoever wrote has stopped.
pub(crate) fn sweep(table: &Table, since: SystemTime) -> Result<usize, Fault> {
    let named: BTreeSet<PathBuf> =
        table.files().map(|file| table.folder().join(&file.path)).collect();
    let mut swept = 0;
    for day in fs::read_dir(table.folder())? {
        let day = day?;
        let of_day = day.file_name().to_str().is_some_and(|name| name.starts_with(DAY));
        for file in fs::read_dir(day.path()).into_iter().flatten().filter(|_| of_day) {
            let file = file?;
            if !named.contains(&file.path()) && file.metadata()?.modified()? < since {
                fs::remove_file(file.path())?;
                swept += 1;
            }
        }
    }
    Ok(swept)
}

/// Takes out of a file the rows that were replaced.
pub(crate) fn split(
    folder: &Path,
    file: &DataFile,
    schema: &SchemaRef,
    replaced_by: &BTreeMap<u64, u64>,
) -> Result<Split, Fault> {
    let file = File::open(folder.join(&file.path))?;
    let mut split = Split::default();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let batch = widened(&batch?, schema)?;
        let by = |number: Option<i64>| replaced_by.get(&number?.cast_unsigned()).copied();
        let by: Vec<Option<u64>> = numbers(&batch).iter().map(by).collect();
        let gone = BooleanArray::from_iter(by.iter().map(|by| Some(by.is_some())));
        let stays = BooleanArray::from_iter(by.iter().map(|by| Some(by.is_none())));
        split.kept.push(filter_record_batch(&batch, &stays)?);
        let by = Int64Array::from_iter_values(by.into_iter().flatten().map(u64::cast_signed));
        split.replaced.push(with(&filter_record_batch(&batch, &gone)?, Arc::new(by))?);
    }
    Ok(split)
}

/// The same rows in the columns that the table has by now: one that came later is empty.
fn widened(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, Fault> {
    let column = |field: &Arc<Field>| match batch.column_by_name(field.name()) {
        Some(column) => column.clone(),
        None => new_null_array(field.data_type(), batch.num_rows()),
    };
    Ok(RecordBatch::try_new(schema.clone(), schema.fields().iter().map(column).collect())?)
}

/// The same rows with what replaced them.
fn with(batch: &RecordBatch, by: ArrayRef) -> Result<RecordBatch, Fault> {
    let fields = batch.schema().fields().iter().cloned().collect::<Vec<_>>();
    let last = Arc::new(Field::new(REPLACED_BY, DataType::Int64, false));
    let schema = Schema::new(fields.into_iter().chain([last]).collect::<Vec<_>>());
    let columns = batch.columns().iter().cloned().chain([by]).collect();
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

/// The numbers under which rows were taken in.
fn numbers(batch: &RecordBatch) -> Int64Array {
    let column = batch.column_by_name(NUMBER);
    column.and_then(|column| column.as_primitive_opt::<Int64Type>()).cloned().unwrap_or_else(
        // A file without the column is none of ours; nothing in it is replaced.
        || Int64Array::from_iter_values([]),
    )
}

impl DataFile {
    /// Whether one of these may be in it.
    pub(crate) fn any_of(&self, numbers: &BTreeSet<u64>) -> bool {
        numbers.range(self.first..=self.last).next().is_some()
    }
}
