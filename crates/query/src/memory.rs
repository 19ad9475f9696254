//! The memory of an engine, dealt out to the work of all its queries.
//!
//! Work that hands rows from one thread to another is never refused: refused, it would put them
//! into the scratch folder, and two that do so at once wait for each other for ever
//! (apache/datafusion issue 24883, mended after the release that we take). What it holds is counted
//! all the same, so that the others give way.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use datafusion::{
    common::{DataFusionError, Result},
    execution::memory_pool::{
        FairSpillPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
    },
};

use crate::kept::Kept;

/// How the work is called that hands rows over.
const HANDS_OVER: &str = "RepartitionExec";
/// Of so many parts one is kept for work that can put nothing into the scratch folder.
const KEPT_PART: usize = 8;

/// The memory as work of one layout sees it.
#[derive(Debug)]
pub(crate) struct Memory {
    bytes: usize,
    /// What is dealt out, by this and by others that share it.
    used: Arc<AtomicUsize>,
    /// What is kept as long as nobody needs the room.
    kept: Arc<Kept>,
    /// Deals equal parts to all that can use the scratch folder; none where who comes first is
    /// served first.
    fair: Option<FairSpillPool>,
}

impl Memory {
    /// Whoever comes first is served first: nothing is put into the scratch folder before the
    /// memory is full.
    pub(crate) fn open(bytes: usize, kept: Arc<Kept>) -> Self {
        Self { bytes, used: Arc::default(), kept, fair: None }
    }

    /// The same memory, of which all that can use the scratch folder get equal parts.
    pub(crate) fn fair(&self) -> Self {
        let fair = Some(FairSpillPool::new(self.bytes));
        let (used, kept) = (Arc::clone(&self.used), Arc::clone(&self.kept));
        Self { bytes: self.bytes, used, kept, fair }
    }

    fn take(&self, most: usize, additional: usize) -> Result<()> {
        let taken = self.taken(most.saturating_sub(self.kept.bytes()), additional);
        if taken || self.kept.bytes() == 0 {
            return told(taken);
        }
        self.kept.give_way();
        told(self.taken(most, additional))
    }

    fn taken(&self, most: usize, additional: usize) -> bool {
        let more = |used: usize| used.checked_add(additional).filter(|sum| *sum <= most);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes)
    }
}

impl MemoryPool for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        if let Some(fair) = self.fair.as_ref().filter(|_| counts(consumer)) {
            fair.register(consumer);
        }
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        if let Some(fair) = self.fair.as_ref().filter(|_| counts(consumer)) {
            fair.unregister(consumer);
        }
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.used.fetch_add(additional, Ordering::Relaxed);
        if let Some(fair) = self.fair.as_ref().filter(|_| counts(reservation.consumer())) {
            fair.grow(reservation, additional);
        }
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.used.fetch_sub(shrink, Ordering::Relaxed);
        if let Some(fair) = self.fair.as_ref().filter(|_| counts(reservation.consumer())) {
            fair.shrink(reservation, shrink);
        }
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let consumer = reservation.consumer();
        if !counts(consumer) {
            self.grow(reservation, additional);
            return Ok(());
        }
        if let Some(fair) = &self.fair {
            self.kept.give_way();
            fair.try_grow(reservation, additional)?;
            self.used.fetch_add(additional, Ordering::Relaxed);
            return Ok(());
        }
        let kept = if consumer.can_spill() { self.bytes / KEPT_PART } else { 0 };
        self.take(self.bytes - kept, additional)
    }

    fn reserved(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.bytes)
    }
}

fn told(taken: bool) -> Result<()> {
    let says = || DataFusionError::ResourcesExhausted("memory".to_owned());
    taken.then_some(()).ok_or_else(says)
}

/// Whether a part of the memory is dealt to somebody; whoever hands rows over just takes it.
fn counts(consumer: &MemoryConsumer) -> bool {
    !consumer.name().starts_with(HANDS_OVER)
}
