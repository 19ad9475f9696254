//! What is sent besides what Ballista knows itself: the files of the lake that a view stands for,
//! with what narrows them, and the condition that a row has one of many keys.

use std::sync::Arc;

use arrow_array::{BinaryArray, RecordBatch, RecordBatchOptions};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{Field, Schema, SchemaRef};
use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use base::{Date, Instant};
use datafusion::{
    catalog::TableProvider,
    common::{DataFusionError, Result, TableReference},
    datasource::file_format::FileFormatFactory,
    execution::TaskContext,
    logical_expr::{Extension, LogicalPlan},
    physical_expr::PhysicalExpr,
    physical_plan::ExecutionPlan,
};
use datafusion_physical_expr_common::physical_expr::{
    proto_decode::PhysicalExprDecodeCtx, proto_encode::PhysicalExprEncodeCtx,
};
use datafusion_proto::{
    logical_plan::LogicalExtensionCodec,
    physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension},
};
use lake::table::DataFile;
use prost::Message;
use query::{Files, Keys, OneOf, Only, Table, Within};

/// The most bytes of one message: the keys of a large batch, or the files of many years.
pub const MESSAGE_BYTES: usize = 256 << 20;

/// Writes and reads what is sent.
#[derive(Debug, Default)]
pub struct Wire {
    plans: BallistaLogicalExtensionCodec,
    work: BallistaPhysicalExtensionCodec,
}

/// A view over files.
#[derive(Clone, PartialEq, Message)]
struct View {
    #[prost(string, tag = "1")]
    folder: String,
    #[prost(message, repeated, tag = "2")]
    files: Vec<LakeFile>,
    /// The columns, as Arrow writes them.
    #[prost(bytes = "vec", tag = "3")]
    columns: Vec<u8>,
    #[prost(string, tag = "4")]
    at: String,
    #[prost(message, optional, tag = "5")]
    keys: Option<WireKeys>,
    #[prost(message, optional, tag = "6")]
    within: Option<WireTime>,
    #[prost(message, optional, tag = "7")]
    numbers: Option<WireNumbers>,
}

#[derive(Clone, PartialEq, Message)]
struct LakeFile {
    #[prost(string, tag = "1")]
    path: String,
    #[prost(string, tag = "2")]
    day: String,
    #[prost(uint64, tag = "3")]
    size: u64,
    #[prost(uint64, tag = "4")]
    rows: u64,
    #[prost(uint64, tag = "5")]
    first: u64,
    #[prost(uint64, tag = "6")]
    last: u64,
}

#[derive(Clone, PartialEq, Message)]
struct WireKeys {
    #[prost(string, tag = "1")]
    column: String,
    /// One column with the values, as Arrow writes it.
    #[prost(bytes = "vec", tag = "2")]
    values: Vec<u8>,
}

/// Both ends in microseconds since 1970.
#[derive(Clone, PartialEq, Message)]
struct WireTime {
    #[prost(string, tag = "1")]
    column: String,
    #[prost(int64, optional, tag = "2")]
    from: Option<i64>,
    #[prost(int64, optional, tag = "3")]
    until: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct WireNumbers {
    #[prost(uint64, tag = "1")]
    start: u64,
    #[prost(uint64, tag = "2")]
    end: u64,
}

/// The condition that a column has one of these.
#[derive(Clone, PartialEq, Message)]
struct WireOneOf {
    #[prost(bytes = "vec", repeated, tag = "1")]
    keys: Vec<Vec<u8>>,
}

fn unread(error: impl std::fmt::Display) -> DataFusionError {
    DataFusionError::Internal(format!("what was sent cannot be read: {error}"))
}

/// Columns, with the rows of one batch where there is one, as bytes.
fn written(schema: &Schema, batch: Option<&RecordBatch>) -> Result<Vec<u8>> {
    let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
    batch.map_or(Ok(()), |batch| writer.write(batch))?;
    Ok(writer.into_inner()?)
}

fn columns(bytes: &[u8]) -> Result<SchemaRef> {
    Ok(StreamReader::try_new(bytes, None)?.schema())
}

impl WireKeys {
    fn of(keys: &Keys) -> Result<Self> {
        let field = Field::new("key", keys.values.data_type().clone(), true);
        let schema = Arc::new(Schema::new(vec![field]));
        let options = RecordBatchOptions::new().with_row_count(Some(keys.values.len()));
        let values = vec![Arc::clone(&keys.values)];
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), values, &options)?;
        Ok(Self { column: keys.column.clone(), values: written(&schema, Some(&batch))? })
    }

    fn read(self) -> Result<Keys> {
        let mut batches = StreamReader::try_new(self.values.as_slice(), None)?;
        let batch = batches.next().ok_or_else(|| unread("there are no keys"))??;
        Ok(Keys { column: self.column, values: Arc::clone(batch.column(0)) })
    }
}

impl View {
    fn of(table: &Table) -> Result<Self> {
        let (files, only) = (table.files(), table.only());
        let folder = files.folder.to_str().ok_or_else(|| unread("a folder not in UTF-8"))?;
        let within = only.within.as_ref().map(|within| WireTime {
            column: within.column.clone(),
            from: within.from.map(Instant::micros),
            until: within.until.map(Instant::micros),
        });
        let numbers = only.numbers.as_ref();
        Ok(Self {
            folder: folder.to_owned(),
            files: files.files.iter().map(LakeFile::of).collect(),
            columns: written(&files.schema, None)?,
            at: files.at.clone(),
            keys: only.keys.as_ref().map(WireKeys::of).transpose()?,
            within,
            numbers: numbers.map(|own| WireNumbers { start: own.start, end: own.end }),
        })
    }

    fn read(self) -> Result<Table> {
        let files = Files {
            folder: self.folder.into(),
            files: self.files.into_iter().map(LakeFile::read).collect::<Result<_>>()?,
            schema: columns(&self.columns)?,
            at: self.at,
        };
        let within = self.within.map(|within| Within {
            column: within.column,
            from: within.from.map(Instant::from_micros),
            until: within.until.map(Instant::from_micros),
        });
        let keys = self.keys.map(WireKeys::read).transpose()?;
        let numbers = self.numbers.map(|own| own.start..own.end);
        Ok(Table::new(files, Only { keys, within, numbers }))
    }
}

impl LakeFile {
    fn of(file: &DataFile) -> Self {
        let DataFile { path, day, size, rows, first, last } = file;
        let (path, day) = (path.clone(), day.to_string());
        Self { path, day, size: *size, rows: *rows, first: *first, last: *last }
    }

    fn read(self) -> Result<DataFile> {
        let Self { path, day, size, rows, first, last } = self;
        let day = Date::parse(&day).map_err(|reason| unread(reason.says.en))?;
        Ok(DataFile { path, day, size, rows, first, last })
    }
}

impl LogicalExtensionCodec for Wire {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[LogicalPlan],
        context: &TaskContext,
    ) -> Result<Extension> {
        self.plans.try_decode(bytes, inputs, context)
    }

    fn try_encode(&self, node: &Extension, bytes: &mut Vec<u8>) -> Result<()> {
        self.plans.try_encode(node, bytes)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        _: &TableReference,
        _: SchemaRef,
        _: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        Ok(Arc::new(View::decode(bytes).map_err(unread)?.read()?))
    }

    fn try_encode_table_provider(
        &self,
        name: &TableReference,
        table: Arc<dyn TableProvider>,
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        let Some(table) = table.downcast_ref::<Table>() else {
            return Err(DataFusionError::Internal(format!("`{name}` cannot be sent")));
        };
        View::of(table)?.encode(bytes).map_err(unread)
    }

    fn try_decode_file_format(
        &self,
        bytes: &[u8],
        context: &TaskContext,
    ) -> Result<Arc<dyn FileFormatFactory>> {
        self.plans.try_decode_file_format(bytes, context)
    }

    fn try_encode_file_format(
        &self,
        bytes: &mut Vec<u8>,
        format: Arc<dyn FileFormatFactory>,
    ) -> Result<()> {
        self.plans.try_encode_file_format(bytes, format)
    }
}

impl PhysicalExtensionCodec for Wire {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.work.try_decode(bytes, inputs, context, converter)
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        self.work.try_encode(node, bytes, converter)
    }

    fn try_decode_expr(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn PhysicalExpr>],
        _: &PhysicalExprDecodeCtx<'_>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let column = inputs.first().ok_or_else(|| unread("a condition without its column"))?;
        let WireOneOf { keys } = WireOneOf::decode(bytes).map_err(unread)?;
        let keys = BinaryArray::from_iter_values(keys);
        Ok(Arc::new(OneOf::new(Arc::clone(column), &(Arc::new(keys) as _))?))
    }

    fn try_encode_expr(
        &self,
        node: &Arc<dyn PhysicalExpr>,
        bytes: &mut Vec<u8>,
        _: &PhysicalExprEncodeCtx<'_>,
    ) -> Result<()> {
        let Some(condition) = node.downcast_ref::<OneOf>() else {
            return Err(DataFusionError::Internal(format!("`{node}` cannot be sent")));
        };
        let keys = condition.keys().map(<[u8]>::to_vec).collect();
        WireOneOf { keys }.encode(bytes).map_err(unread)
    }
}
