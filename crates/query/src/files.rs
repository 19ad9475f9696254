//! Files of the lake as a table: exactly the files that are named, never a folder, for only the
//! lake's log knows which files hold rows. What narrows the rows is told to the reader of the
//! files, which then takes apart only what can matter. Texts and digests are not read as views:
//! groups of millions of them took four times as long and did not fit into memory.

use std::{ops::Range, sync::Arc};

use arrow_schema::{DataType, Schema, SchemaRef};
use async_trait::async_trait;
use base::{Date, Instant};
use datafusion::{
    catalog::{Session, TableProvider},
    common::{
        DataFusionError, Result, ScalarValue, Statistics, config::TableParquetOptions,
        stats::Precision,
    },
    datasource::{
        listing::PartitionedFile,
        physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource},
        source::DataSourceExec,
        table_schema::TableSchema,
    },
    execution::object_store::ObjectStoreUrl,
    logical_expr::{Expr, Operator, TableType},
    object_store::{ObjectMeta, path::Path},
    physical_expr::{
        PhysicalExpr, conjunction,
        expressions::{InListExpr, binary, col, lit},
    },
    physical_plan::{ExecutionPlan, filter::FilterExecBuilder, projection::ProjectionExec},
};
use lake::{batch::NUMBER, table::DataFile};

use crate::{
    kept::{Kept, OfFile},
    keys::OneOf,
    look::{Look, Sought},
    reader::{OnDisk, Opener},
    source::{Files, Keys, Only, Within},
};

const MICROS_OF_DAY: i64 = 86_400_000_000;

/// A source over files, as the engine reads it.
#[derive(Debug)]
pub struct Table {
    files: Files,
    only: Only,
    seen: SchemaRef,
    /// Where columns are kept, if they are.
    kept: Option<Arc<Kept>>,
}

impl Table {
    /// The rows of files that are asked for.
    pub fn new(files: Files, only: Only) -> Self {
        let seen = files.seen();
        Self { files, only, seen, kept: None }
    }

    /// The same, with columns kept where rows are asked for by keys.
    pub(crate) fn keeping(self, kept: Option<Arc<Kept>>) -> Self {
        Self { kept, ..self }
    }

    /// The files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Which of their rows.
    pub fn only(&self) -> &Only {
        &self.only
    }

    /// The files that may hold rows of the time and of the numbers asked for.
    fn chosen(&self) -> impl Iterator<Item = &DataFile> {
        let within = self.only.within.as_ref().filter(|within| within.column == self.files.at);
        let numbers = self.only.numbers.as_ref();
        self.files.files.iter().filter(move |file| {
            within.is_none_or(|own| own.meets(file.day))
                && numbers.is_none_or(|own| file.first < own.end && own.start <= file.last)
        })
    }

    /// Files dealt out to as many readers so that each has as many bytes.
    fn dealt<'f, F>(readers: usize, files: impl Iterator<Item = (&'f DataFile, F)>) -> Vec<Vec<F>> {
        let mut files: Vec<(&DataFile, F)> = files.collect();
        files.sort_by(|(a, _), (b, _)| b.size.cmp(&a.size).then_with(|| a.path.cmp(&b.path)));
        let mut groups: Vec<(u64, Vec<F>)> = Vec::new();
        groups.resize_with(readers.max(1), Default::default);
        for (file, own) in files {
            if let Some(least) = groups.iter_mut().min_by_key(|(bytes, _)| *bytes) {
                least.0 += file.size.max(1);
                least.1.push(own);
            }
        }
        // Even where there is no file somebody reads nothing: plans count on one who reads.
        let some = groups.iter().filter(|(_, files)| !files.is_empty()).count().max(1);
        groups.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        groups.into_iter().take(some).map(|(_, files)| files).collect()
    }

    /// The rows with some keys, looked up where columns are kept.
    fn looked_up(
        &self,
        (kept, keys): (&Arc<Kept>, &Keys),
        (readers, projection): (usize, Option<&Vec<usize>>),
    ) -> Result<Look> {
        let key = Arc::new(self.seen.field_with_name(&keys.column)?.clone());
        let values = datafusion::arrow::compute::cast(&keys.values, key.data_type())?;
        let all: Vec<usize> = (0..self.seen.fields().len()).collect();
        let shown = projection.unwrap_or(&all);
        let places = self.needed(shown, keys)?;
        let columns = Arc::new(self.seen.project(&places)?);
        let place = |shown: &usize| places.iter().position(|place| place == shown);
        let sought = Sought {
            key,
            keys: values,
            wanted: chosen(&self.only, &columns)?.unwrap_or_else(|| lit(true)),
            projection: shown.iter().filter_map(place).collect(),
            columns,
        };
        let files = self.chosen().map(|file| (file, self.of_file(file)));
        let files = Self::dealt(readers, files);
        Look::new(files, sought, Arc::clone(kept), self.told().project(projection))
    }

    /// The places of the columns that are shown or by which rows are chosen, each once.
    fn needed(&self, shown: &[usize], keys: &Keys) -> Result<Vec<usize>> {
        let within = self.only.within.as_ref().map(|within| within.column.as_str());
        let numbers = self.only.numbers.as_ref().map(|_| NUMBER);
        let needed = [Some(keys.column.as_str()), within, numbers].into_iter().flatten();
        let mut places = shown.to_vec();
        for name in needed {
            places.push(self.seen.index_of(name)?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    fn of_file(&self, file: &DataFile) -> OfFile {
        OfFile {
            path: self.files.folder.join(&file.path).into(),
            day: day_number(file.day),
            rows: usize::try_from(file.rows).unwrap_or(usize::MAX),
        }
    }

    fn file(&self, file: &DataFile) -> Result<PartitionedFile> {
        let path = self.files.folder.join(&file.path);
        let location = Path::from_absolute_path(&path)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        // A file of the lake never changes, so it may have any age.
        let meta = ObjectMeta {
            location,
            last_modified: Default::default(),
            size: file.size,
            e_tag: None,
            version: None,
        };
        let day = ScalarValue::Date32(Some(day_number(file.day)));
        let file = PartitionedFile::new_from_meta(meta).with_extension(OnDisk(path));
        Ok(file.with_partition_values(vec![day]))
    }

    /// How many rows there are, which decides in what order tables are joined.
    fn told(&self) -> Statistics {
        let (rows, bytes) = self.chosen().fold((0, 0), |(rows, bytes), file| {
            (rows + file.rows as usize, bytes + file.size as usize)
        });
        let Only { keys, within, numbers } = &self.only;
        let narrowed = keys.is_some() || within.is_some() || numbers.is_some();
        let known =
            |count| if narrowed { Precision::Inexact(count) } else { Precision::Exact(count) };
        Statistics {
            num_rows: known(rows),
            total_byte_size: Precision::Inexact(bytes),
            ..Statistics::new_unknown(&self.seen)
        }
    }

    /// The condition that chooses the rows.
    fn narrowed(&self) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        chosen(&self.only, &self.seen)
    }

    /// Reads files.
    fn read(
        &self,
        state: &dyn Session,
        files: Vec<(&DataFile, PartitionedFile)>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let url = ObjectStoreUrl::local_filesystem();
        let cache = state.runtime_env().cache_manager.get_file_metadata_cache();
        let reader = Opener::new(cache);
        let day = Arc::new(Files::day());
        let schema = TableSchema::builder(self.files.schema.clone())
            .with_table_partition_cols(vec![day])
            .build();
        let mut global = state.config_options().execution.parquet.clone();
        // Worth it only where few rows are wanted: each column of a condition is taken apart alone.
        global.pushdown_filters = self.only.keys.is_some();
        let options = TableParquetOptions { global, ..TableParquetOptions::default() };
        let source = ParquetSource::new(schema)
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(reader));
        let readers = state.config().target_partitions();
        let groups = Self::dealt(readers, files.into_iter()).into_iter();
        let scan = FileScanConfigBuilder::new(url, Arc::new(source))
            .with_file_groups(groups.map(FileGroup::new).collect())
            .with_statistics(self.told())
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}

#[async_trait]
impl TableProvider for Table {
    fn schema(&self) -> SchemaRef {
        self.seen.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if let Some(kept) = self.kept.as_ref().zip(self.only.keys.as_ref()) {
            let how = (state.config().target_partitions(), projection);
            return Ok(Arc::new(self.looked_up(kept, how)?));
        }
        let files = self.chosen().map(|file| Ok((file, self.file(file)?)));
        let mut plan = self.read(state, files.collect::<Result<Vec<_>>>()?)?;
        if let Some(narrowed) = self.narrowed()? {
            plan = Arc::new(FilterExecBuilder::new(narrowed, plan).build()?);
        }
        let Some(projection) = projection else { return Ok(plan) };
        let columns = projection.iter().filter_map(|place| {
            let name = self.seen.fields().get(*place)?.name();
            Some(col(name, &self.seen).map(|column| (column, name.clone())))
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(ProjectionExec::try_new(columns, plan)?))
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(self.told())
    }
}

/// The condition that chooses rows of these columns.
pub(crate) fn chosen(only: &Only, schema: &Schema) -> Result<Option<Arc<dyn PhysicalExpr>>> {
    let mut all = Vec::new();
    if let Some(within) = &only.within {
        all.extend(within.conditions(schema)?);
    }
    if let Some(numbers) = &only.numbers {
        all.extend(of_numbers(numbers, schema)?);
    }
    if let Some(keys) = &only.keys {
        all.push(keys.condition(schema)?);
    }
    Ok(if all.is_empty() { None } else { Some(conjunction(all)) })
}

/// The condition that chooses rows by the numbers under which they were taken in.
fn of_numbers(numbers: &Range<u64>, schema: &Schema) -> Result<[Arc<dyn PhysicalExpr>; 2]> {
    let column = col(NUMBER, schema)?;
    // A number that is beyond those that the lake counts with has no row.
    let end = |number: u64| lit(i64::try_from(number).unwrap_or(i64::MAX));
    Ok([
        binary(column.clone(), Operator::GtEq, end(numbers.start), schema)?,
        binary(column, Operator::Lt, end(numbers.end), schema)?,
    ])
}

impl Keys {
    fn condition(&self, schema: &Schema) -> Result<Arc<dyn PhysicalExpr>> {
        let column = col(&self.column, schema)?;
        let kind = column.data_type(schema)?;
        if OneOf::of(&kind) {
            return Ok(Arc::new(OneOf::new(column, &self.values)?));
        }
        let values = datafusion::arrow::compute::cast(&self.values, &kind)?;
        Ok(Arc::new(InListExpr::try_new_from_array(column, values, false, schema)?))
    }
}

impl Within {
    /// Whether a day may hold a moment of the time. A day of a city begins up to a day before or
    /// after that of UTC, so one more on both sides is read.
    fn meets(&self, day: Date) -> bool {
        let day = i64::from(day_number(day));
        let of = |at: Instant| at.micros().div_euclid(MICROS_OF_DAY);
        self.from.is_none_or(|from| day >= of(from) - 1)
            && self.until.is_none_or(|until| day <= of(until) + 1)
    }

    fn conditions(&self, schema: &Schema) -> Result<Vec<Arc<dyn PhysicalExpr>>> {
        let column = col(&self.column, schema)?;
        let DataType::Timestamp(_, zone) = column.data_type(schema)? else {
            return Err(DataFusionError::Plan(format!("`{}` is no moment", self.column)));
        };
        let ends = [(Operator::GtEq, self.from), (Operator::Lt, self.until)];
        let ends = ends.into_iter().filter_map(|(operator, end)| Some((operator, end?)));
        ends.map(|(operator, end)| {
            let end = ScalarValue::TimestampMicrosecond(Some(end.micros()), zone.clone());
            binary(column.clone(), operator, lit(end), schema)
        })
        .collect()
    }
}

/// Days since 1970.
fn day_number(date: Date) -> i32 {
    let first = Date::new(1970, 1, 1).unwrap_or(date);
    i32::try_from(first.days_until(date)).unwrap_or(i32::MAX)
}
