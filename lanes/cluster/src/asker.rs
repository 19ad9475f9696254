//! Who asks: an engine whose work is done by a cluster.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use ballista_core::extension::{SessionConfigExt as _, SessionStateExt as _};
use datafusion::{
    catalog::TableProvider,
    common::{DataFusionError, Result},
    datasource::{
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    execution::{SessionState, SessionStateBuilder},
};
use parquet::arrow::ArrowWriter;
use query::Elsewhere;
use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempDir};

use crate::wire::{MESSAGE_BYTES, Wire};

/// A cluster as whoever asks it knows it.
#[derive(Debug)]
pub struct Cluster {
    scheduler: String,
    /// What registers and tables of knowledge say, as files that executors can read. They are gone
    /// with whoever asked.
    snapshots: TempDir,
    patience: Duration,
}

impl Cluster {
    /// The cluster of the scheduler at this address (`HOST:PORT`), with a folder that all its
    /// executors see under the same path. A query is given up where nothing comes for so long.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn new(scheduler: &str, shared: &Path, patience: Duration) -> io::Result<Self> {
        fs::create_dir_all(shared)?;
        let snapshots = TempDir::with_prefix_in("snapshots-", shared)?;
        Ok(Self { scheduler: format!("http://{scheduler}"), snapshots, patience })
    }

    /// The file with these rows. It is called by what is in it, so that rows which many rules read
    /// are written once.
    fn snapshot(&self, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<PathBuf> {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, Arc::clone(schema), None)?;
        for batch in batches {
            writer.write(batch)?;
        }
        writer.close()?;
        let digest: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.snapshots.path().join(format!("{digest}.parquet"));
        if !path.exists() {
            let mut file = NamedTempFile::new_in(self.snapshots.path())?;
            io::Write::write_all(&mut file, &bytes)?;
            let file: File = file.persist(&path).map_err(|error| error.error)?;
            file.sync_all()?;
        }
        Ok(path)
    }
}

impl Elsewhere for Cluster {
    fn state(&self, state: SessionState) -> Result<SessionState> {
        let config = state.config().clone();
        let config = config
            .with_ballista_logical_extension_codec(Arc::new(Wire::default()))
            .with_ballista_physical_extension_codec(Arc::new(Wire::default()))
            .upgrade_for_ballista()
            // It puts filters of a sort, which are filled as rows come, where nothing fills them.
            .with_ballista_adaptive_query_planner(false)
            .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES);
        let state = SessionStateBuilder::new_from_existing(state).with_config(config).build();
        state.upgrade_for_ballista(self.scheduler.clone())
    }

    fn rows(
        &self,
        schema: &SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<Arc<dyn TableProvider>> {
        let path = self.snapshot(schema, &batches)?;
        let path = path.to_str().ok_or_else(|| {
            DataFusionError::Plan("the folder of snapshots has no name in UTF-8".to_owned())
        })?;
        let options =
            ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
        let config = ListingTableConfig::new(ListingTableUrl::parse(path)?)
            .with_listing_options(options)
            .with_schema(Arc::clone(schema));
        Ok(Arc::new(ListingTable::try_new(config)?))
    }

    fn patience(&self) -> Duration {
        self.patience
    }
}
