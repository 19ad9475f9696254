//! The engine: `DataFusion`, embedded, with a bound on its memory, threads of its own and a folder
//! for what does not fit. Everything that could make two runs differ is stated here.

use std::{
    fmt,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant as Clock},
};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use datafusion::{
    arrow::compute::cast,
    catalog::{
        CatalogProvider as _, CatalogProviderList as _, MemTable, MemoryCatalogProvider,
        MemoryCatalogProviderList, MemorySchemaProvider, SchemaProvider as _, TableProvider,
    },
    common::DataFusionError,
    execution::{
        SessionState, SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        runtime_env::RuntimeEnvBuilder,
    },
    logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr},
    physical_plan::{ExecutionPlan, execute_stream},
    prelude::SessionConfig,
};
use futures_util::StreamExt as _;
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc::{Sender, channel},
    time::timeout,
};

use crate::{
    Answer, Cost, Fault, Source,
    answer::Part,
    check::checked,
    fault::{Forbidden, Wrong},
    files::{Table, chosen},
    kept::Kept,
    memory::Memory,
    source::Rows,
    told,
};

/// Rows that are worked on together.
const BATCH_ROWS: usize = 8_192;
/// The same where memory is short.
const BATCH_ROWS_FRUGAL: usize = 1_024;
/// Parts into which rows are dealt where memory is short: with only one, nothing would be joined by
/// sorting.
const PARTS_FRUGAL: usize = 2;
/// Parts of an answer that may wait for whoever asked.
const PARTS_WAITING: usize = 4;
/// What is kept of the ends of files, which say where their rows are: one part in so many of the
/// memory.
const ENDS_SHARE: usize = 16;
/// What is kept of files that were read for some keys: one part in so many of the memory.
const KEPT_SHARE: usize = 4;
/// What a sort keeps back so that it can merge what it has put away: one part in so many of what a
/// thread has.
const MERGE_SHARE: usize = 32;

/// How often work elsewhere is begun anew where it failed before the first row came.
const AGAIN: usize = 2;

/// What an engine may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory. Three quarters are dealt out to work that holds rows; the rest is for what
    /// is in hand meanwhile, which nobody counts.
    pub memory_bytes: usize,
    /// The folder for what does not fit into memory; nothing in it outlives a query.
    pub scratch: PathBuf,
    /// Threads, and parts into which rows are dealt.
    pub threads: usize,
}

/// Has the work done elsewhere than in this process, such as by a cluster of the same engine.
pub trait Elsewhere: fmt::Debug + Send + Sync {
    /// The same state, such that what it plans is done there.
    ///
    /// # Errors
    /// Where it cannot be.
    fn state(&self, state: SessionState) -> Result<SessionState, DataFusionError>;

    /// Rows in memory as a table that can be read there.
    ///
    /// # Errors
    /// Where they cannot be brought there.
    fn rows(
        &self,
        schema: &SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<Arc<dyn TableProvider>, DataFusionError>;

    /// How long the next rows of an answer may take: those who do the work may be gone without a
    /// word.
    fn patience(&self) -> Duration;
}

/// Answers queries.
#[derive(Debug)]
pub struct Engine {
    limits: Limits,
    /// Who does the work, where that is not this process.
    elsewhere: Option<Arc<dyn Elsewhere>>,
    /// Columns of files that were read for some keys.
    kept: Arc<Kept>,
    /// What a query starts from, in each layout; it sees nothing yet.
    fast: SessionState,
    frugal: SessionState,
    threads: Option<Runtime>,
}

/// How the work is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Dealt out over all threads; of two tables that are joined one lies whole in memory.
    Fast,
    /// Few parts, few rows at a time; tables that are joined are sorted, which can be put into the
    /// scratch folder.
    Frugal,
}

impl Layout {
    fn threads(self, limits: &Limits) -> usize {
        if self == Self::Fast { limits.threads.max(1) } else { PARTS_FRUGAL }
    }

    fn batch_rows(self) -> usize {
        if self == Self::Fast { BATCH_ROWS } else { BATCH_ROWS_FRUGAL }
    }

    fn config(self, limits: &Limits) -> SessionConfig {
        let threads = self.threads(limits);
        let mut config = SessionConfig::new()
            .with_batch_size(self.batch_rows())
            .with_target_partitions(threads)
            .with_create_default_catalog_and_schema(false)
            .with_information_schema(false)
            .with_sort_spill_reservation_bytes(limits.memory_bytes / threads / MERGE_SHARE);
        let options = config.options_mut();
        options.execution.planning_concurrency = threads;
        options.execution.collect_statistics = false;
        options.execution.parquet.reorder_filters = true;
        options.execution.parquet.bloom_filter_on_read = false;
        options.execution.parquet.enable_page_index = false;
        options.optimizer.prefer_hash_join = self == Self::Fast;
        options.sql_parser.collect_spans = true;
        options.sql_parser.parse_float_as_decimal = true;
        config
    }
}

impl Engine {
    /// An engine within these limits.
    ///
    /// # Errors
    /// [`Fault::Scratch`] where the folder cannot be used, [`Fault::Engine`] where there are no
    /// threads to be had.
    pub fn new(limits: Limits) -> Result<Self, Fault> {
        Self::with(limits, None)
    }

    /// An engine that has its work done elsewhere. What it checks and puts in order is the same;
    /// the limits are those of this process, which gathers the answers, and its threads are the
    /// parts into which rows are dealt there.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Fault::Elsewhere`].
    pub fn elsewhere(limits: Limits, elsewhere: Arc<dyn Elsewhere>) -> Result<Self, Fault> {
        Self::with(limits, Some(elsewhere))
    }

    fn with(limits: Limits, elsewhere: Option<Arc<dyn Elsewhere>>) -> Result<Self, Fault> {
        std::fs::create_dir_all(&limits.scratch)
            .map_err(|error| Fault::Scratch(error.to_string()))?;
        let folder = DiskManagerMode::Directories(vec![limits.scratch.clone()]);
        let ends = limits.memory_bytes / ENDS_SHARE;
        let kept = Arc::new(Kept::new(limits.memory_bytes / KEPT_SHARE));
        let open = Memory::open(limits.memory_bytes / 4 * 3, Arc::clone(&kept));
        let fair = open.fair();
        let environment = |memory: Memory| {
            RuntimeEnvBuilder::new()
                .with_memory_pool(Arc::new(memory))
                .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(folder.clone()))
                .with_metadata_cache_limit(ends)
                .build_arc()
                .map_err(|error| Fault::Engine(error.message().into_owned()))
        };
        let (open, fair) = (environment(open)?, environment(fair)?);
        let threads = Builder::new_multi_thread()
            .worker_threads(limits.threads.max(1))
            .thread_name("query")
            .enable_all()
            .build()
            .map_err(|error| Fault::Engine(error.to_string()))?;
        let state = |layout: Layout, environment| {
            let state = SessionStateBuilder::new()
                .with_config(layout.config(&limits))
                .with_runtime_env(environment)
                .with_default_features()
                .build();
            let Some(elsewhere) = &elsewhere else { return Ok(state) };
            let state = elsewhere.state(state);
            state.map_err(|error| Fault::Elsewhere(error.message().into_owned()))
        };
        let (fast, frugal) = (state(Layout::Fast, open)?, state(Layout::Frugal, fair)?);
        Ok(Self { limits, elsewhere, kept, fast, frugal, threads: Some(threads) })
    }

    /// Checks a query against the columns of its sources, and says the columns of its answer. No
    /// row is read.
    ///
    /// # Errors
    /// [`Fault::Query`] with everything that is wrong with it.
    pub fn check(&self, sql: &str, sources: &[Source]) -> Result<SchemaRef, Fault> {
        let shapes: Vec<Source> =
            sources.iter().map(|own| Source::shape(&own.name, own.schema())).collect();
        let work = async {
            let state = self.viewing(&shapes)?;
            let plan = checked(&state, sql).await?;
            // Some faults show only where the work is laid out.
            let laid_out = state.create_physical_plan(&plan).await;
            laid_out.map(|plan| stated(&plan.schema())).map_err(|error| told::query(&error))
        };
        // On a thread of its own, for whoever asks may be at work for others meanwhile.
        let threads = self.handle()?;
        let done = std::thread::scope(|scope| scope.spawn(|| threads.block_on(work)).join());
        done.unwrap_or_else(|_| Err(Fault::Engine("it panicked over the query".to_owned())))
    }

    /// Runs a query. The rows of the answer come ordered by these columns, and where they are equal
    /// by all others from the left, so that the order is total.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn run(
        &self,
        sql: &str,
        sources: Vec<Source>,
        order_by: &[&str],
    ) -> Result<Answer, Fault> {
        let state = self.viewing(&sources)?;
        let plan = ordered(checked(&state, sql).await?, order_by)?;
        self.begun(plan, state, sources)
    }

    /// Reads columns of a source into memory once, where many queries are to share them. The rows
    /// count beside the memory of the engine.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn read(&self, source: Source, columns: &[&str]) -> Result<Source, Fault> {
        let name = source.name.clone();
        let mut answer = self.scan(source, columns).await?;
        let mut rows = Vec::new();
        while let Some(batch) = answer.next().await? {
            rows.push(batch);
        }
        Ok(Source::rows(&name, answer.columns().clone(), rows))
    }

    /// Hands over columns of a source as they are read, in no order.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn scan(&self, source: Source, columns: &[&str]) -> Result<Answer, Fault> {
        let sql = format!("SELECT {} FROM {}", columns.join(", "), source.name);
        let sources = vec![source];
        let state = self.viewing(&sources)?;
        let plan = checked(&state, &sql).await?;
        self.begun(plan, state, sources)
    }

    fn begun(
        &self,
        plan: LogicalPlan,
        state: SessionState,
        sources: Vec<Source>,
    ) -> Result<Answer, Fault> {
        let columns = stated(plan.schema().as_arrow());
        let (send, parts) = channel(PARTS_WAITING);
        let work = Work {
            plan,
            columns: columns.clone(),
            sources,
            memory_bytes: self.limits.memory_bytes,
            aside: self.aside(),
            fast: state,
            frugal: self.frugal.clone(),
            began: Clock::now(),
        };
        let work = self.handle()?.spawn(work.run(send));
        Ok(Answer::new(columns, parts, work.abort_handle()))
    }

    fn viewing(&self, sources: &[Source]) -> Result<SessionState, Fault> {
        viewing(&self.fast, sources, &self.aside())
    }

    fn aside(&self) -> Aside {
        // Whoever reads elsewhere keeps what they read themselves.
        let kept = self.elsewhere.is_none().then(|| Arc::clone(&self.kept));
        Aside { elsewhere: self.elsewhere.clone(), kept }
    }

    fn handle(&self) -> Result<tokio::runtime::Handle, Fault> {
        let threads = self.threads.as_ref().map(|threads| threads.handle().clone());
        threads.ok_or_else(|| Fault::Engine("it has been stopped".to_owned()))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// The same state with sources as views.
fn viewing(state: &SessionState, sources: &[Source], aside: &Aside) -> Result<SessionState, Fault> {
    let views = MemorySchemaProvider::new();
    for source in sources {
        let failed = |error: DataFusionError| {
            Fault::Source(format!("`{}`: {}", source.name, error.message()))
        };
        if views.table_exist(&source.name) {
            return Err(Fault::Source(format!("`{}` is there twice", source.name)));
        }
        let table = view(source, aside).map_err(failed)?;
        views.register_table(source.name.clone(), table).map_err(failed)?;
    }
    let options = &state.config_options().catalog;
    let (catalog, all) = (MemoryCatalogProvider::new(), MemoryCatalogProviderList::new());
    catalog
        .register_schema(&options.default_schema, Arc::new(views))
        .map_err(|error| Fault::Engine(error.message().into_owned()))?;
    all.register_catalog(options.default_catalog.clone(), Arc::new(catalog));
    let mut state = state.clone();
    state.register_catalog_list(Arc::new(all));
    Ok(state)
}

/// A source as the engine reads it.
fn view(source: &Source, aside: &Aside) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let (schema, batches) = match &source.rows {
        Rows::Files(files) => {
            let table = Table::new(files.clone(), source.only.clone());
            return Ok(Arc::new(table.keeping(aside.kept.clone())));
        }
        Rows::Here { schema, batches } => (schema, narrowed(source, schema, batches)?),
    };
    match &aside.elsewhere {
        Some(elsewhere) => elsewhere.rows(schema, batches),
        None => Ok(Arc::new(MemTable::try_new(schema.clone(), vec![batches])?)),
    }
}

/// The rows in memory that are asked for.
fn narrowed(
    source: &Source,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Vec<RecordBatch>, DataFusionError> {
    let Some(condition) = chosen(&source.only, schema)? else { return Ok(batches.to_vec()) };
    let narrow =
        |batch: &RecordBatch| datafusion::physical_plan::filter::batch_filter(batch, &condition);
    batches.iter().map(narrow).collect()
}

/// The same plan with its rows in a total order.
fn ordered(plan: LogicalPlan, order_by: &[&str]) -> Result<LogicalPlan, Fault> {
    let columns: Vec<_> = plan.schema().columns();
    let mut order = Vec::new();
    for name in order_by {
        let column = columns.iter().find(|column| column.name == *name).ok_or_else(|| {
            let wrong = Forbidden::NoSuchOrder((*name).to_owned());
            Fault::Query(vec![Wrong::forbidden(None, wrong)])
        })?;
        order.push(column.clone());
    }
    let others = columns.iter().filter(|column| !order_by.contains(&column.name.as_str()));
    order.extend(others.cloned());
    let order = order.into_iter().map(|column| SortExpr::new(Expr::Column(column), true, true));
    LogicalPlanBuilder::from(plan)
        .sort(order)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| told::query(&error))
}

/// What views stand on besides their sources.
#[derive(Debug, Clone)]
struct Aside {
    /// Who does the work, where that is not this process.
    elsewhere: Option<Arc<dyn Elsewhere>>,
    /// Columns of files that were read for some keys; none where there is no room for them.
    kept: Option<Arc<Kept>>,
}

/// The work for one answer.
struct Work {
    plan: LogicalPlan,
    columns: SchemaRef,
    sources: Vec<Source>,
    memory_bytes: usize,
    aside: Aside,
    /// What sees the sources already.
    fast: SessionState,
    /// What would see them if that ran out of memory.
    frugal: SessionState,
    began: Clock,
}

/// Why one go at the work ended without its last row.
enum Ended {
    /// Nobody waits any more.
    Unwanted,
    /// Something went wrong, before or after the first rows were handed over.
    Failed(Fault, bool),
}

impl Work {
    /// Does the work, and where it does not fit into memory does it once more in the frugal way:
    /// the order of the rows comes last, so nothing has been handed over by then.
    async fn run(self, send: Sender<Part>) {
        let mut cost = Cost::default();
        let mut fast = self.once(&self.fast, &send, &mut cost).await;
        for _ in 0..AGAIN {
            // Whoever had a part of the answer may be gone with it.
            let Err(Ended::Failed(Fault::Elsewhere(_), false)) = fast else { break };
            fast = self.once(&self.fast, &send, &mut cost).await;
        }
        let ended = match fast {
            Err(Ended::Failed(Fault::Memory { .. }, false)) => {
                let aside = Aside { kept: None, ..self.aside.clone() };
                match viewing(&self.frugal, &self.sources, &aside) {
                    Ok(frugal) => self.once(&frugal, &send, &mut cost).await,
                    Err(fault) => Err(Ended::Failed(fault, false)),
                }
            }
            ended => ended,
        };
        cost.elapsed = self.began.elapsed();
        let last = match ended {
            Ok(()) => Part::End(cost),
            Err(Ended::Failed(fault, _)) => Part::Failed(fault),
            Err(Ended::Unwanted) => return,
        };
        // Whoever asked may have gone meanwhile.
        let _ = send.send(last).await;
    }

    /// One go at the work.
    async fn once(
        &self,
        state: &SessionState,
        send: &Sender<Part>,
        cost: &mut Cost,
    ) -> Result<(), Ended> {
        let mut begun = false;
        let failed = |error: &DataFusionError, begun| {
            let fault = match self.aside.elsewhere {
                Some(_) => told::elsewhere(error),
                None => told::run(error, self.memory_bytes, &self.sources),
            };
            Ended::Failed(fault, begun)
        };
        let laid_out = state.create_physical_plan(&self.plan).await;
        let laid_out = laid_out.map_err(|error| failed(&error, begun))?;
        let rows = execute_stream(Arc::clone(&laid_out), state.task_ctx());
        let mut rows = rows.map_err(|error| failed(&error, begun))?;
        let patience = self.aside.elsewhere.as_ref().map(|elsewhere| elsewhere.patience());
        loop {
            // What has been handed over is never handed over again, so that is known here.
            let next = in_time(rows.next(), patience).await;
            let next = next.map_err(|fault| Ended::Failed(fault, begun))?;
            let Some(batch) = next else { break };
            let batch = batch.and_then(|batch| restated(&batch, &self.columns));
            let batch = batch.map_err(|error| failed(&error, begun))?;
            begun = true;
            send.send(Part::Rows(batch)).await.map_err(|_| Ended::Unwanted)?;
        }
        add(laid_out.as_ref(), cost);
        Ok(())
    }
}

/// What comes next; a fault where it does not come in time.
async fn in_time<T>(next: impl Future<Output = T>, patience: Option<Duration>) -> Result<T, Fault> {
    let Some(patience) = patience else { return Ok(next.await) };
    let says = |_| Fault::Elsewhere(format!("no answer within {} seconds", patience.as_secs()));
    timeout(patience, next).await.map_err(says)
}

/// Adds what a plan took.
fn add(plan: &dyn ExecutionPlan, cost: &mut Cost) {
    let metrics = plan.metrics();
    let sum = |name: &str| {
        let found = metrics.as_ref().and_then(|own| own.sum(|one| one.value().name() == name));
        found.map_or(0, |value| value.as_usize() as u64)
    };
    if plan.children().is_empty() {
        cost.rows_read += sum("output_rows");
        cost.bytes_read += sum("bytes_scanned");
    }
    cost.bytes_spilled += sum("spilled_bytes");
    plan.children().into_iter().for_each(|child| add(child.as_ref(), cost));
}

/// The columns of an answer as they are stated: in the kinds of the lake, whatever the engine held.
fn stated(schema: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| {
        Field::new(field.name(), plain(field.data_type()), field.is_nullable())
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

fn plain(kind: &DataType) -> DataType {
    match kind {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::Dictionary(_, value) => plain(value),
        DataType::List(field) | DataType::LargeList(field) => {
            let element = Field::new("element", plain(field.data_type()), field.is_nullable());
            DataType::List(Arc::new(element))
        }
        kind => kind.clone(),
    }
}

fn restated(batch: &RecordBatch, columns: &SchemaRef) -> Result<RecordBatch, DataFusionError> {
    let arrays = batch.columns().iter().zip(columns.fields());
    let arrays = arrays.map(|(array, field)| cast(array, field.data_type()));
    Ok(RecordBatch::try_new(columns.clone(), arrays.collect::<Result<_, _>>()?)?)
}
