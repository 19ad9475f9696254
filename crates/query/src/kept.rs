//! Columns of files, kept in memory once they were read for some keys, and marks of the keys in
//! each row. Batches that follow one another are asked about the same weeks, and files of the lake
//! never change. What is kept counts as memory of the engine and gives way as soon as a query needs
//! the room.

use std::{
    fmt,
    fs::File,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, RecordBatch, UInt32Array, cast::AsArray as _,
    new_null_array, types::UInt32Type,
};
use arrow_schema::{DataType, Field, FieldRef};
use datafusion::{
    arrow::{array::BooleanBufferBuilder, buffer::BooleanBuffer, compute::cast},
    common::{
        DataFusionError, HashSet, Result,
        hash_utils::{RandomState, create_hashes},
    },
    parquet::{
        arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder},
        errors::ParquetError,
        file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData},
    },
};
use quick_cache::{Weighter, sync::Cache};

/// What one source may have of all that is kept: one part in so many.
const SHARE: usize = 4;
/// The bytes of a kept column, about, by which the number of columns is reckoned.
const COLUMN_BYTES: usize = 256 << 10;
/// The bytes of a text or a digest in memory, about.
const TEXT_BYTES: usize = 24;
/// Those of a list.
const LIST_BYTES: usize = 48;
/// Bits for each key, so that one row in as many gets past them by chance.
const BITS_PER_KEY: usize = 128;
/// The least bits.
const BITS_LEAST: usize = 1 << 12;
/// The most bits: what a core has at hand.
const BITS_MOST: usize = 1 << 22;

/// The columns that are kept.
pub(crate) struct Kept {
    columns: Cache<Column, ArrayRef, ByBytes>,
    most: usize,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Column {
    path: Arc<Path>,
    name: String,
    what: What,
}

/// What is kept of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Values,
    Marks,
}

/// The marks of some keys: whether a row may have one of them is told by the mark of its value.
#[derive(Debug)]
pub(crate) struct Marked {
    /// A bit for each end of a mark, which most rows that have none do not get past.
    bits: BooleanBuffer,
    marks: HashSet<u32>,
}

/// A file of which rows are wanted.
#[derive(Debug, Clone)]
pub(crate) struct OfFile {
    pub(crate) path: Arc<Path>,
    /// The day of its events, since 1970.
    pub(crate) day: i32,
    pub(crate) rows: usize,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Column, ArrayRef> for ByBytes {
    fn weight(&self, _: &Column, values: &ArrayRef) -> u64 {
        values.get_array_memory_size() as u64
    }
}

/// How many bytes were read from files.
#[derive(Debug, Default)]
pub(crate) struct BytesRead(AtomicUsize);

impl BytesRead {
    pub(crate) fn so_far(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Adds what columns take up in a file.
    fn add(&self, file: &ParquetMetaData, fields: &[FieldRef]) {
        let leaves = file.row_groups().iter().flat_map(RowGroupMetaData::columns);
        let is_read = |leaf: &&ColumnChunkMetaData| {
            let root = leaf.column_path().parts().first();
            root.is_some_and(|root| fields.iter().any(|field| field.name() == root))
        };
        let bytes: i64 = leaves.filter(is_read).map(ColumnChunkMetaData::compressed_size).sum();
        self.0.fetch_add(usize::try_from(bytes).unwrap_or_default(), Ordering::Relaxed);
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({} columns)", self.columns.len())
    }
}

impl Kept {
    /// Keeps as many bytes at most.
    pub(crate) fn new(most: usize) -> Self {
        let columns = Cache::with_weighter(most / COLUMN_BYTES, most as u64, ByBytes);
        Self { columns, most }
    }

    /// The bytes that are kept.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.columns.weight()).unwrap_or(self.most)
    }

    /// Gives all of them up.
    pub(crate) fn give_way(&self) {
        self.columns.clear();
    }

    /// Whether columns of so many rows are few enough to be kept beside others.
    pub(crate) fn fits<'f>(&self, fields: impl Iterator<Item = &'f Field>, rows: u64) -> bool {
        let each: usize = fields.map(|field| bytes_of(field.data_type())).sum();
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        each.saturating_mul(rows) <= self.most / SHARE
    }

    /// The rows of a file that may have one of some keys; none where no row may.
    pub(crate) fn may_have(
        &self,
        file: &OfFile,
        key: &FieldRef,
        keys: &Marked,
        read: &BytesRead,
    ) -> Result<Option<BooleanArray>> {
        let column = Column::of(file, key, What::Marks);
        let marks = match self.columns.get(&column) {
            Some(marks) => marks,
            None => {
                let values = from_file(file, std::slice::from_ref(key), read)?;
                let marks: ArrayRef = Arc::new(UInt32Array::from(marks_of(&values)?));
                self.columns.insert(column, Arc::clone(&marks));
                marks
            }
        };
        let marks = marks.as_primitive::<UInt32Type>().values();
        let rows: BooleanBuffer = marks.iter().map(|mark| keys.may_be(*mark)).collect();
        Ok((rows.count_set_bits() > 0).then(|| BooleanArray::new(rows, None)))
    }

    /// Columns of a file, all of its rows; empty where the file has none of that name.
    pub(crate) fn columns(
        &self,
        file: &OfFile,
        fields: &[FieldRef],
        read: &BytesRead,
    ) -> Result<Vec<ArrayRef>> {
        let of = |field: &FieldRef| Column::of(file, field, What::Values);
        let mut all: Vec<_> = fields.iter().map(|field| self.columns.get(&of(field))).collect();
        let missing = fields.iter().zip(&all).filter(|(_, own)| own.is_none());
        let missing: Vec<FieldRef> = missing.map(|(field, _)| Arc::clone(field)).collect();
        if !missing.is_empty() {
            let mut found = from_file(file, &missing, read)?.into_iter();
            for (field, own) in fields.iter().zip(&mut all).filter(|(_, own)| own.is_none()) {
                *own = found.next();
                if let Some(own) = own {
                    self.columns.insert(of(field), Arc::clone(own));
                }
            }
        }
        Ok(all.into_iter().flatten().collect())
    }
}

impl Column {
    fn of(file: &OfFile, field: &FieldRef, what: What) -> Self {
        Self { path: Arc::clone(&file.path), name: field.name().clone(), what }
    }
}

impl Marked {
    /// The marks of keys, which have the kind of their column.
    pub(crate) fn of(keys: &ArrayRef) -> Result<Self> {
        let marks = marks_of(std::slice::from_ref(keys))?.into_iter().enumerate();
        let some = marks.filter(|(place, _)| keys.is_valid(*place));
        let marks: HashSet<u32> = some.map(|(_, mark)| mark).collect();
        let wide = (marks.len() * BITS_PER_KEY).next_power_of_two().clamp(BITS_LEAST, BITS_MOST);
        let mut bits = BooleanBufferBuilder::new(wide);
        bits.append_n(wide, false);
        marks.iter().for_each(|mark| bits.set_bit(*mark as usize % wide, true));
        Ok(Self { bits: bits.finish(), marks })
    }

    fn may_be(&self, mark: u32) -> bool {
        self.bits.value(mark as usize % self.bits.len()) && self.marks.contains(&mark)
    }
}

/// A mark for each value: half of its hash, the same in every run of this program.
fn marks_of(values: &[ArrayRef]) -> Result<Vec<u32>> {
    let rows = values.first().map_or(0, |values| values.len());
    let mut hashes = vec![0; rows];
    create_hashes(values, &RandomState::with_seed(0), &mut hashes)?;
    Ok(hashes.into_iter().map(|hash| (hash >> 32) as u32).collect())
}

/// The bytes of one value in memory, about.
fn bytes_of(kind: &DataType) -> usize {
    match kind {
        DataType::List(_) | DataType::LargeList(_) => LIST_BYTES,
        kind => kind.primitive_width().unwrap_or(TEXT_BYTES),
    }
}

fn broken(says: impl fmt::Display) -> DataFusionError {
    DataFusionError::ParquetError(Box::new(ParquetError::General(says.to_string())))
}

/// Columns as they stand in a file, in the kinds that are asked for.
fn from_file(file: &OfFile, fields: &[FieldRef], read: &BytesRead) -> Result<Vec<ArrayRef>> {
    let opened = File::open(&file.path).map_err(broken)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(opened)?;
    let there = Arc::clone(reader.schema());
    if usize::try_from(reader.metadata().file_metadata().num_rows()) != Ok(file.rows) {
        return Err(broken("it has another number of rows than the lake's log says"));
    }
    read.add(reader.metadata(), fields);
    let places = fields.iter().filter_map(|field| there.index_of(field.name()).ok());
    let mask = ProjectionMask::roots(reader.parquet_schema(), places);
    let batch = reader.with_projection(mask).with_batch_size(file.rows.max(1)).build()?.next();
    let batch = batch.unwrap_or_else(|| Ok(RecordBatch::new_empty(there)))?;
    let columns = fields.iter().map(|field| match batch.column_by_name(field.name()) {
        Some(values) => Ok(cast(values, field.data_type())?),
        None => Ok(new_null_array(field.data_type(), file.rows)),
    });
    columns.collect()
}
