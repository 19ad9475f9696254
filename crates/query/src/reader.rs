//! Reads files of rows in place. The engine has threads of its own, so a read from the disk may
//! hold one up; handing each read to another thread and back takes longer than most reads, for a
//! year of a feed is hundreds of files.

use std::{fmt, fs::File, io, ops::Range, os::unix::fs::FileExt as _, path::PathBuf, sync::Arc};

use bytes::Bytes;
use datafusion::{
    common::Result,
    datasource::{
        listing::PartitionedFile,
        physical_plan::{
            ParquetFileMetrics, ParquetFileReaderFactory, parquet::CachedParquetMetaData,
        },
    },
    execution::cache::cache_manager::{CachedFileMetadataEntry, FileMetadataCache},
    parquet::{
        arrow::{arrow_reader::ArrowReaderOptions, async_reader::AsyncFileReader},
        errors::{ParquetError, Result as Read},
        file::metadata::{ParquetMetaData, ParquetMetaDataReader},
    },
    physical_plan::metrics::ExecutionPlanMetricsSet,
};
use futures_util::future::{BoxFuture, FutureExt as _, ready};

/// Where a file lies; what the engine calls it has its unusual letters written otherwise.
#[derive(Debug, Clone)]
pub(crate) struct OnDisk(pub(crate) PathBuf);

/// Opens files, and keeps what their ends say.
pub(crate) struct Opener {
    ends: Arc<FileMetadataCache>,
}

impl Opener {
    pub(crate) fn new(ends: Arc<FileMetadataCache>) -> Self {
        Self { ends }
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opener")
    }
}

impl ParquetFileReaderFactory for Opener {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        _: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let metrics = ParquetFileMetrics::new(partition, file.path().as_ref(), metrics);
        let ends = Arc::clone(&self.ends);
        Ok(Box::new(Opened { file, ends, metrics, open: None }))
    }
}

/// A file that is read; it is opened when something is read from it.
struct Opened {
    file: PartitionedFile,
    ends: Arc<FileMetadataCache>,
    metrics: ParquetFileMetrics,
    open: Option<File>,
}

impl Opened {
    fn open(&mut self) -> io::Result<&File> {
        let path = self.file.extension::<OnDisk>();
        let open = match (self.open.take(), path) {
            (Some(open), _) => open,
            (None, Some(path)) => File::open(&path.0)?,
            (None, None) => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(self.open.insert(open))
    }

    fn bytes(&mut self, range: &Range<u64>) -> Read<Bytes> {
        let length = usize::try_from(range.end - range.start)?;
        self.metrics.bytes_scanned.add(length);
        let mut bytes = vec![0; length];
        self.open()?.read_exact_at(&mut bytes, range.start)?;
        Ok(bytes.into())
    }

    /// What the end of the file says of where its rows are.
    fn end(&mut self) -> Read<Arc<ParquetMetaData>> {
        let meta = self.file.object_meta.clone();
        let kept = self.ends.get(&meta.location).filter(|kept| kept.is_valid_for(&meta));
        let kept = kept.and_then(|kept| {
            let kept = kept.file_metadata.as_any().downcast_ref::<CachedParquetMetaData>()?;
            Some(Arc::clone(kept.parquet_metadata()))
        });
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let mut reader = ParquetMetaDataReader::new();
        reader.try_parse(self.open()?)?;
        let end = Arc::new(reader.finish()?);
        let kept = Arc::new(CachedParquetMetaData::new(Arc::clone(&end)));
        self.ends.put(&meta.location.clone(), CachedFileMetadataEntry::new(meta, kept));
        Ok(end)
    }

    /// The same error with the file's name.
    fn named<T>(&self, read: Read<T>) -> Read<T> {
        read.map_err(|error| ParquetError::General(format!("{}: {error}", self.file.path())))
    }
}

impl AsyncFileReader for Opened {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Read<Bytes>> {
        let bytes = self.bytes(&range);
        ready(self.named(bytes)).boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Read<Vec<Bytes>>> {
        let bytes = ranges.iter().map(|range| self.bytes(range)).collect();
        ready(self.named(bytes)).boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Read<Arc<ParquetMetaData>>> {
        let end = self.end();
        ready(self.named(end)).boxed()
    }
}
