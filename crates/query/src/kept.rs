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
    Array as _, ArrayRef, BooleanArray, PrimitiveArray, RecordBatchReader as _, UInt32Array,
    cast::AsArray as _,
    new_null_array,
    types::{ArrowDictionaryKeyType, UInt8Type, UInt16Type, UInt32Type},
};
use arrow_schema::{DataType, Field, FieldRef, Schema};
use arrow_select::concat::concat_batches;
use datafusion::{
    arrow::{array::BooleanBufferBuilder, buffer::BooleanBuffer, compute::cast},
    common::{
        DataFusionError, HashSet, Result,
        hash_utils::{RandomState, create_hashes},
    },
    parquet::{
        arrow::{
            ProjectionMask,
            arrow_reader::{
                ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
                RowSelection,
            },
        },
        errors::ParquetError,
        file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData},
    },
};
use quick_cache::{Weighter, sync::Cache};

use crate::packed::{Packed, bytes_of, read_as};

/// What one source may have of all that is kept: one part in so many.
const SHARE: usize = 2;
/// The bytes of a kept column, about, by which the number of columns is reckoned.
const COLUMN_BYTES: usize = 64 << 10;
/// Bits for each key, so that one row in as many gets past them by chance.
const BITS_PER_KEY: usize = 128;
/// The least bits.
const BITS_LEAST: usize = 1 << 12;
/// The most bits: what a core has at hand.
const BITS_MOST: usize = 1 << 22;

/// The columns that are kept.
pub(crate) struct Kept {
    columns: Cache<Column, Packed, ByBytes>,
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

impl Weighter<Column, Packed> for ByBytes {
    fn weight(&self, _: &Column, values: &Packed) -> u64 {
        values.bytes() as u64
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
                let values = from_file(file, std::slice::from_ref(key), None, read)?;
                let values = values.first().ok_or_else(|| broken("it has no such column"))?;
                let values = Packed::of(Arc::clone(values), key.data_type())?;
                let marks = Packed::as_it_is(marks_of(values.held())?, &DataType::UInt32);
                // Keys that stand in many rows stand in many files, so they are wanted next.
                if values.held().as_any_dictionary_opt().is_some() {
                    self.columns.insert(Column::of(file, key, What::Values), values);
                }
                self.columns.insert(column, marks.clone());
                marks
            }
        };
        let rows = keys.rows(marks.held());
        Ok((rows.count_set_bits() > 0).then(|| BooleanArray::new(rows, None)))
    }

    /// Some rows of columns of a file, kept whole; empty where the file has none of that name.
    pub(crate) fn rows(
        &self,
        (file, some): (&OfFile, &BooleanArray),
        fields: &[FieldRef],
        read: &BytesRead,
    ) -> Result<Vec<ArrayRef>> {
        let of = |field: &FieldRef| Column::of(file, field, What::Values);
        let mut all: Vec<_> = fields.iter().map(|field| self.columns.get(&of(field))).collect();
        let missing = fields.iter().zip(&all).filter(|(_, own)| own.is_none());
        let missing: Vec<FieldRef> = missing.map(|(field, _)| Arc::clone(field)).collect();
        if !missing.is_empty() {
            let mut found = from_file(file, &missing, None, read)?.into_iter();
            for (field, own) in fields.iter().zip(&mut all).filter(|(_, own)| own.is_none()) {
                let Some(values) = found.next() else { break };
                let values = Packed::of(values, field.data_type())?;
                self.columns.insert(of(field), values.clone());
                *own = Some(values);
            }
        }
        all.iter().flatten().map(|own| own.rows(some)).collect()
    }
}

/// Some rows of columns of a file, of which nothing is kept.
pub(crate) fn rows_of(
    (file, some): (&OfFile, &BooleanArray),
    fields: &[FieldRef],
    read: &BytesRead,
) -> Result<Vec<ArrayRef>> {
    let found = from_file(file, fields, Some(some), read)?.into_iter().zip(fields);
    found.map(|(values, field)| Ok(cast(&values, field.data_type())?)).collect()
}

impl Column {
    fn of(file: &OfFile, field: &FieldRef, what: What) -> Self {
        Self { path: Arc::clone(&file.path), name: field.name().clone(), what }
    }
}

impl Marked {
    /// The marks of keys, which have the kind of their column.
    pub(crate) fn of(keys: &ArrayRef) -> Result<Self> {
        let marks = hashes_of(keys)?.into_iter().enumerate();
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

    /// The rows whose marks are among these.
    fn rows(&self, marks: &ArrayRef) -> BooleanBuffer {
        let Some(once) = marks.as_any_dictionary_opt() else {
            return self.found(marks.as_primitive::<UInt32Type>());
        };
        let found: Vec<bool> =
            self.found(once.values().as_primitive::<UInt32Type>()).iter().collect();
        if !found.contains(&true) {
            return BooleanBuffer::new_unset(marks.len());
        }
        let keys = once.keys();
        if let Some(keys) = keys.as_primitive_opt::<UInt8Type>() {
            at_places(keys, &found)
        } else if let Some(keys) = keys.as_primitive_opt::<UInt16Type>() {
            at_places(keys, &found)
        } else {
            once.normalized_keys()
                .into_iter()
                .map(|place| found.get(place) == Some(&true))
                .collect()
        }
    }

    fn found(&self, marks: &UInt32Array) -> BooleanBuffer {
        marks.values().iter().map(|mark| self.may_be(*mark)).collect()
    }
}

/// What was found for each place, row for row.
fn at_places<K: ArrowDictionaryKeyType>(places: &PrimitiveArray<K>, found: &[bool]) -> BooleanBuffer
where
    K::Native: Into<usize>,
{
    let found = |place: &K::Native| found.get((*place).into()) == Some(&true);
    places.values().iter().map(found).collect()
}

/// A mark for each value, the same in every run of this program; told once each where the values
/// are.
fn marks_of(values: &ArrayRef) -> Result<ArrayRef> {
    let Some(once) = values.as_any_dictionary_opt() else {
        return Ok(Arc::new(UInt32Array::from(hashes_of(values)?)));
    };
    let marks = UInt32Array::from(hashes_of(once.values())?);
    Ok(once.with_values(Arc::new(marks)))
}

/// Half of the hash of each value.
fn hashes_of(values: &ArrayRef) -> Result<Vec<u32>> {
    let mut hashes = vec![0; values.len()];
    create_hashes(std::slice::from_ref(values), &RandomState::with_seed(0), &mut hashes)?;
    Ok(hashes.into_iter().map(|hash| (hash >> 32) as u32).collect())
}

fn broken(says: impl fmt::Display) -> DataFusionError {
    DataFusionError::ParquetError(Box::new(ParquetError::General(says.to_string())))
}

/// Columns as they stand in a file, texts told once each; all rows or some of them.
fn from_file(
    file: &OfFile,
    fields: &[FieldRef],
    some: Option<&BooleanArray>,
    read: &BytesRead,
) -> Result<Vec<ArrayRef>> {
    let opened = File::open(&file.path).map_err(broken)?;
    let ends = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new())?;
    let there = ends.schema().fields().iter().map(read_as).collect::<Vec<_>>();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(there)));
    let ends = ArrowReaderMetadata::try_new(Arc::clone(ends.metadata()), options)?;
    if usize::try_from(ends.metadata().file_metadata().num_rows()) != Ok(file.rows) {
        return Err(broken("it has another number of rows than the lake's log says"));
    }
    read.add(ends.metadata(), fields);
    let places = fields.iter().filter_map(|field| ends.schema().index_of(field.name()).ok());
    let mask = ProjectionMask::roots(ends.parquet_schema(), places);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, ends);
    let reader = reader.with_projection(mask).with_batch_size(file.rows.max(1));
    let rows = some.map_or(file.rows, BooleanArray::true_count);
    let reader = match some {
        Some(some) => {
            reader.with_row_selection(RowSelection::from_filters(std::slice::from_ref(some)))
        }
        None => reader,
    };
    let reader = reader.build()?;
    let there = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let batch = concat_batches(&there, &batches)?;
    let columns = fields.iter().map(|field| match batch.column_by_name(field.name()) {
        Some(values) => Arc::clone(values),
        None => new_null_array(field.data_type(), rows),
    });
    Ok(columns.collect())
}
