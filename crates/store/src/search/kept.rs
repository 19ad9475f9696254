//! Answers that are kept. What held as of an instant, as believed at a number of the ledger, never
//! changes, so an answer once found is the answer for as long as the same pack reads the registers;
//! whoever asks the same while it is being found waits for it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::EntryNumber;
use quick_cache::{Weighter, sync::Cache};

use super::find::{SearchPage, SearchQuery};
use crate::error::StoreError;

/// The hits that all answers kept have together; one takes some kilobytes.
const HITS_MAX: u64 = 20_000;
/// How many answers that is, about.
const ANSWERS: usize = 2_000;

/// The answers to the searches of late.
pub(crate) struct Kept {
    answers: Cache<(u64, SearchQuery), Arc<SearchPage>, ByHits>,
    /// Counts the ways in which registers were read; answers of another way are not found again.
    way: AtomicU64,
    /// The last number of the ledger that was seen: what is asked of a later one may change still.
    head: AtomicU64,
}

#[derive(Clone)]
struct ByHits;

impl Weighter<(u64, SearchQuery), Arc<SearchPage>> for ByHits {
    fn weight(&self, _: &(u64, SearchQuery), page: &Arc<SearchPage>) -> u64 {
        let hits = page.hits.len() + page.meant.len();
        u64::try_from(hits).unwrap_or(HITS_MAX) + 1
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({} answers)", self.answers.len())
    }
}

impl Default for Kept {
    fn default() -> Self {
        let answers = Cache::with_weighter(ANSWERS, HITS_MAX, ByHits);
        Self { answers, way: AtomicU64::new(0), head: AtomicU64::new(0) }
    }
}

impl Kept {
    /// The answer kept, or else the one found now.
    ///
    /// # Errors
    /// Why none is found; nothing is kept then.
    pub(crate) async fn or_find(
        &self,
        query: &SearchQuery,
        find: impl Future<Output = Result<SearchPage, StoreError>>,
    ) -> Result<Arc<SearchPage>, StoreError> {
        if query.known.0 > self.head.load(Ordering::Acquire) {
            return find.await.map(Arc::new);
        }
        let key = (self.way.load(Ordering::Acquire), query.clone());
        let found = async { find.await.map(Arc::new) };
        self.answers.get_or_insert_async(&key, found).await
    }

    /// The ledger has come as far as this.
    pub(crate) fn note(&self, head: EntryNumber) {
        self.head.fetch_max(head.0, Ordering::AcqRel);
    }

    /// From now on registers are read in another way.
    pub(crate) fn forget(&self) {
        self.way.fetch_add(1, Ordering::AcqRel);
        self.answers.clear();
    }
}
