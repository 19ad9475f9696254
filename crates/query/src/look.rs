//! Rows of files that have one of some keys, looked up in columns that are kept.

use std::{fmt, sync::Arc};

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Date32Array, RecordBatch, cast::AsArray as _,
};
use arrow_schema::{FieldRef, SchemaRef};
use arrow_select::filter::{filter, filter_record_batch, prep_null_mask_filter};
use datafusion::{
    common::{Result, Statistics, internal_err, tree_node::TreeNodeRecursion},
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
        StatisticsArgs,
        execution_plan::{Boundedness, EmissionType},
        metrics::{ExecutionPlanMetricsSet, MetricBuilder, MetricsSet},
        stream::RecordBatchStreamAdapter,
    },
};
use futures_util::stream;

use crate::{
    kept::{BytesRead, Kept, OfFile},
    source::Files,
};

/// A file, and its rows that may have one of the keys.
pub(crate) type Looked = (OfFile, BooleanArray);

/// What is looked up.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    /// The columns that are read, in some order; the day of a file may be one of them.
    pub(crate) columns: SchemaRef,
    /// Which rows are wanted, on a batch with all columns.
    pub(crate) wanted: Arc<dyn PhysicalExpr>,
    /// The columns that are handed over, in their order.
    pub(crate) projection: Vec<usize>,
}

/// A plan that hands the rows over.
pub(crate) struct Look {
    files: Vec<Vec<Looked>>,
    sought: Sought,
    kept: Arc<Kept>,
    told: Arc<Statistics>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl Look {
    /// Rows of files, dealt out to as many readers as there are lists.
    pub(crate) fn new(
        files: Vec<Vec<Looked>>,
        sought: Sought,
        kept: Arc<Kept>,
        told: Statistics,
    ) -> Result<Self> {
        let columns = Arc::new(sought.columns.project(&sought.projection)?);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(columns),
            Partitioning::UnknownPartitioning(files.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        let (told, properties) = (Arc::new(told), Arc::new(properties));
        let metrics = ExecutionPlanMetricsSet::new();
        Ok(Self { files, sought, kept, told, properties, metrics })
    }
}

impl Sought {
    /// The rows of a file that are wanted; none where it has none.
    fn rows_of(
        &self,
        (file, some): &Looked,
        kept: &Kept,
        read: &BytesRead,
    ) -> Result<Option<RecordBatch>> {
        let batch = self.batch(file, some, (kept, read))?;
        let rows = filter_record_batch(&batch, &holds(&self.wanted, &batch)?)?;
        Ok((rows.num_rows() > 0).then(|| rows.project(&self.projection)).transpose()?)
    }

    /// All columns of some rows of a file.
    fn batch(
        &self,
        file: &OfFile,
        some: &BooleanArray,
        (kept, read): (&Kept, &BytesRead),
    ) -> Result<RecordBatch> {
        let day = Files::day();
        let in_file = self.columns.fields().iter().filter(|field| field.name() != day.name());
        let in_file: Vec<FieldRef> = in_file.cloned().collect();
        let all = kept.columns(file, &in_file, read)?;
        let found = all.iter().map(|own| filter(own, some)).collect::<Result<Vec<_>, _>>()?;
        let mut found = found.into_iter();
        let rows = some.true_count();
        let columns = self.columns.fields().iter().map(|field| match field.name() == day.name() {
            true => Some(Arc::new(Date32Array::from_value(file.day, rows)) as ArrayRef),
            false => found.next(),
        });
        let columns = columns.collect::<Option<Vec<_>>>().unwrap_or_default();
        Ok(RecordBatch::try_new(Arc::clone(&self.columns), columns)?)
    }
}

/// Which rows a condition holds for.
fn holds(condition: &Arc<dyn PhysicalExpr>, batch: &RecordBatch) -> Result<BooleanArray> {
    let holds = condition.evaluate(batch)?.into_array(batch.num_rows())?;
    let holds = holds.as_boolean();
    Ok(if holds.null_count() > 0 { prep_null_mask_filter(holds) } else { holds.clone() })
}

impl ExecutionPlan for Look {
    fn name(&self) -> &'static str {
        "Look"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("{self:?} reads files") }
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("{self:?} reads files") }
    }

    fn execute(&self, part: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let files = self.files.get(part).cloned().unwrap_or_default();
        let (sought, kept) = (self.sought.clone(), Arc::clone(&self.kept));
        let rows_read = MetricBuilder::new(&self.metrics).counter("output_rows", part);
        let bytes_read = MetricBuilder::new(&self.metrics).counter("bytes_scanned", part);
        // A file is looked through at once: the engine has threads of its own.
        let rows = files.into_iter().filter_map(move |file| {
            let read = BytesRead::default();
            let rows = sought.rows_of(&file, &kept, &read).transpose();
            bytes_read.add(read.so_far());
            if let Some(Ok(rows)) = &rows {
                rows_read.add(rows.num_rows());
            }
            rows
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), stream::iter(rows))))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        _: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        Ok(Arc::clone(&self.told))
    }
}

impl DisplayAs for Look {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: usize = self.files.iter().map(Vec::len).sum();
        write!(f, "Look: {} in {files} files", self.sought.wanted)
    }
}

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_as(DisplayFormatType::Default, f)
    }
}
