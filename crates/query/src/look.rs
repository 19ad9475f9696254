//! Rows of files that have one of some keys, looked up where columns are kept. Nothing is looked
//! for before the first row is asked for: a join that has found no partner never asks, and one that
//! knows its partners by then leaves fewer keys.

use std::{fmt, sync::Arc};

use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Date32Array, RecordBatch, cast::AsArray as _,
};
use arrow_schema::{FieldRef, Schema, SchemaRef};
use arrow_select::{
    coalesce::BatchCoalescer,
    filter::{filter_record_batch, prep_null_mask_filter},
};
use datafusion::{
    common::{
        DataFusionError, Result, Statistics, config::ConfigOptions, internal_err,
        tree_node::TreeNodeRecursion,
    },
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{
        EquivalenceProperties, Partitioning, PhysicalExpr, split_conjunction,
        utils::{collect_columns, reassign_expr_columns},
    },
    physical_expr_common::physical_expr::snapshot_physical_expr,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
        StatisticsArgs,
        execution_plan::{Boundedness, EmissionType, apply_expression_roots},
        filter_pushdown::{ChildPushdownResult, FilterPushdownPhase, FilterPushdownPropagation},
        metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet},
        stream::RecordBatchStreamAdapter,
    },
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    kept::{self, BytesRead, Kept, Marked, OfFile},
    source::Files,
};

/// A file, and its rows that may have one of the keys.
type Looked = (OfFile, BooleanArray);

/// What is looked up.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    /// The column of the keys.
    pub(crate) key: FieldRef,
    /// The keys, in its kind.
    pub(crate) keys: ArrayRef,
    /// The columns that are read, in some order; the day of a file may be one of them.
    pub(crate) columns: SchemaRef,
    /// Which rows are wanted, on a batch with all columns.
    pub(crate) wanted: Arc<dyn PhysicalExpr>,
    /// The columns that are handed over, in their order.
    pub(crate) projection: Vec<usize>,
}

/// A plan that hands the rows over.
#[derive(Clone)]
pub(crate) struct Look {
    files: Vec<Vec<OfFile>>,
    sought: Sought,
    kept: Arc<Kept>,
    /// What others will know of the keys by the time that rows are asked for.
    known: Vec<Arc<dyn PhysicalExpr>>,
    told: Arc<Statistics>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

/// One reader of some of the files.
struct Reader {
    look: Look,
    part: usize,
    batch_rows: usize,
    rows_read: Count,
    bytes_read: Count,
}

impl Look {
    /// Rows of files, dealt out to as many readers as there are lists.
    pub(crate) fn new(
        files: Vec<Vec<OfFile>>,
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
        let (known, metrics) = (Vec::new(), ExecutionPlanMetricsSet::new());
        Ok(Self { files, sought, kept, known, told, properties, metrics })
    }

    /// The keys that are left once others know more of them.
    fn keys_left(&self) -> Result<ArrayRef> {
        let key = self.sought.key.name();
        // Whoever asks may have put in a key that is none.
        let alone = self.sought.key.as_ref().clone().with_nullable(true);
        let alone = Arc::new(Schema::new(vec![alone]));
        let mut keys = Arc::clone(&self.sought.keys);
        for known in &self.known {
            let known = snapshot_physical_expr(Arc::clone(known))?;
            for own in split_conjunction(&known) {
                if collect_columns(own).iter().any(|column| column.name() != key) {
                    continue;
                }
                let own = reassign_expr_columns(Arc::clone(own), &alone)?;
                let batch = RecordBatch::try_new(Arc::clone(&alone), vec![keys])?;
                let left = filter_record_batch(&batch, &holds(&own, &batch)?)?;
                keys = Arc::clone(left.column(0));
            }
        }
        Ok(keys)
    }
}

impl Sought {
    /// Which rows of the columns read are wanted, and of these the columns that are handed over.
    fn wanted(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = filter_record_batch(batch, &holds(&self.wanted, batch)?)?;
        Ok(rows.project(&self.projection)?)
    }

    /// The columns that stand in files.
    fn in_file(&self) -> Vec<FieldRef> {
        let day = Files::day();
        let in_file = self.columns.fields().iter().filter(|field| field.name() != day.name());
        in_file.cloned().collect()
    }

    /// All columns of some rows of a file.
    fn batch(&self, (file, rows): (&OfFile, usize), found: Vec<ArrayRef>) -> Result<RecordBatch> {
        let (day, mut found) = (Files::day(), found.into_iter());
        let columns = self.columns.fields().iter().map(|field| match field.name() == day.name() {
            true => Some(Arc::new(Date32Array::from_value(file.day, rows)) as ArrayRef),
            false => found.next(),
        });
        let columns = columns.collect::<Option<Vec<_>>>().unwrap_or_default();
        Ok(RecordBatch::try_new(Arc::clone(&self.columns), columns)?)
    }
}

impl Reader {
    /// The files that may have rows with one of the keys, each with those rows.
    fn marked(&self) -> Result<Vec<Looked>> {
        let keys = Marked::of(&self.look.keys_left()?)?;
        let files = self.look.files.get(self.part).map(Vec::as_slice).unwrap_or_default();
        let mut marked = Vec::new();
        for file in files {
            let read = BytesRead::default();
            let rows = self.look.kept.may_have(file, &self.look.sought.key, &keys, &read)?;
            self.bytes_read.add(read.so_far());
            marked.extend(rows.map(|rows| (file.clone(), rows)));
        }
        Ok(marked)
    }

    /// The rows of marked files that are wanted, gathered into larger batches.
    fn rows(self, marked: Vec<Looked>) -> impl Iterator<Item = Result<RecordBatch>> {
        let rows = marked.iter().map(|(file, _)| file.rows as u64).sum::<u64>();
        let rows = rows.saturating_mul(self.look.files.len() as u64);
        let columns = self.look.sought.columns.fields().iter().map(AsRef::as_ref);
        let keep = self.look.kept.fits(columns, rows);
        let mut gathered = BatchCoalescer::new(self.look.schema(), self.batch_rows);
        let (mut marked, mut ended) = (marked.into_iter(), false);
        std::iter::from_fn(move || {
            loop {
                if let Some(batch) = gathered.next_completed_batch() {
                    self.rows_read.add(batch.num_rows());
                    return Some(Ok(batch));
                }
                if ended {
                    return None;
                }
                let next = marked.next();
                ended = next.is_none();
                let gathering = match next {
                    Some(looked) => {
                        self.rows_of(&looked, keep).and_then(|rows| Ok(gathered.push_batch(rows)?))
                    }
                    None => gathered.finish_buffered_batch().map_err(Into::into),
                };
                if let Err(error) = gathering {
                    ended = true;
                    return Some(Err(error));
                }
            }
        })
    }

    /// The rows of a file that are wanted.
    fn rows_of(&self, (file, some): &Looked, keep: bool) -> Result<RecordBatch> {
        let (sought, read) = (&self.look.sought, BytesRead::default());
        let in_file = sought.in_file();
        let found = match keep {
            true => self.look.kept.rows((file, some), &in_file, &read),
            false => kept::rows_of((file, some), &in_file, &read),
        };
        self.bytes_read.add(read.so_far());
        sought.wanted(&sought.batch((file, some.true_count()), found?)?)
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

    /// Whoever knows of the keys learns here that somebody asks.
    fn apply_expressions(
        &self,
        tell: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        apply_expression_roots(&self.known, tell)
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

    /// What others know of the keys is kept in mind; they hold their own conditions all the same.
    fn handle_child_pushdown_result(
        &self,
        _: FilterPushdownPhase,
        told: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        let filters = told.parent_filters.iter().map(|own| Arc::clone(&own.filter));
        let key = self.sought.key.name();
        let of_key =
            filters.filter(|own| collect_columns(own).iter().any(|column| column.name() == key));
        let known = self.known.iter().cloned().chain(of_key).collect();
        let look: Arc<dyn ExecutionPlan> = Arc::new(Self { known, ..self.clone() });
        Ok(FilterPushdownPropagation::all_unsupported(told).with_updated_node(look))
    }

    fn execute(&self, part: usize, task: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows_read = MetricBuilder::new(&self.metrics).counter("output_rows", part);
        let bytes_read = MetricBuilder::new(&self.metrics).counter("bytes_scanned", part);
        let batch_rows = task.session_config().batch_size();
        let reader = Reader { look: self.clone(), part, batch_rows, rows_read, bytes_read };
        // A file is looked through at once: the engine has threads of its own.
        let rows = stream::once(async move {
            let marked = reader.marked()?;
            Ok::<_, DataFusionError>(stream::iter(reader.rows(marked)))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), rows.try_flatten().boxed())))
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
