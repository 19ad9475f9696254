//! Rules of supervision, asked again whenever rows have come, registers say something else, or
//! another pack is in force. It is done where the lake is, beside the pages; what is found is kept
//! in the database, where every server of the city reads it.

mod round;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base::Name;
use kernel::EntryNumber;
use pack::model::{Pack, PackHash};
use query::{Engine, Limits};
use store::{Store, StoreError};
use supervise::{Histories, NotAsked};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::app::App;

#[cfg(test)]
pub(crate) use round::round;
pub(crate) use round::{names, standing};

/// How long it rests before it looks whether something has changed.
const REST: Duration = Duration::from_millis(300);
/// The bytes of memory that queries may use.
const MEMORY: usize = 768 << 20;
/// The most threads that answer them.
const THREADS: usize = 4;

/// What asks rules, where this server has the lake.
#[derive(Clone)]
pub(crate) struct Judging {
    engine: Arc<Engine>,
    registers: Arc<Mutex<Option<Registers>>>,
    /// Rules are tried for one reader at a time: it may read a year of rows.
    trying: Arc<Semaphore>,
}

/// What registers said, as it was read last.
#[derive(Clone)]
struct Registers {
    of: BTreeSet<Name>,
    histories: Histories,
}

/// Why rules could not be asked.
#[derive(Debug)]
pub(crate) enum Unasked {
    Lake(lake::Fault),
    Store(StoreError),
    Rule(NotAsked),
}

impl From<lake::Fault> for Unasked {
    fn from(fault: lake::Fault) -> Self {
        Self::Lake(fault)
    }
}

impl From<StoreError> for Unasked {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl From<NotAsked> for Unasked {
    fn from(fault: NotAsked) -> Self {
        Self::Rule(fault)
    }
}

/// Up to where everything was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Upto {
    pack: PackHash,
    rows: u64,
    head: EntryNumber,
}

impl Judging {
    /// What asks rules, with a folder for what does not fit into memory.
    ///
    /// # Errors
    /// [`query::Fault`] where the folder cannot be used.
    pub(crate) fn open(scratch: &Path) -> Result<Self, query::Fault> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        let limits = Limits { memory_bytes: MEMORY, scratch: scratch.to_owned(), threads };
        let engine = Arc::new(Engine::new(limits)?);
        Ok(Self { engine, registers: Arc::default(), trying: Arc::new(Semaphore::new(1)) })
    }

    /// What answers queries.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A turn to try rules; none while somebody else does.
    pub(crate) fn turn(&self) -> Option<OwnedSemaphorePermit> {
        self.trying.clone().try_acquire_owned().ok()
    }

    /// What the registers say that rules of a pack name, read again only where they changed.
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    pub(crate) async fn histories(
        &self,
        store: &Store,
        pack: &Pack,
    ) -> Result<Histories, StoreError> {
        let of = registers(pack);
        let names: Vec<&Name> = of.iter().collect();
        let kept = self.registers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| kept.of == of)
            && store.changed_at(&names).await? <= kept.histories.head()
        {
            return Ok(kept.histories);
        }
        let told = store.told(&names).await?;
        let mut histories = Histories::new(told.head, told.made);
        for (entry, versions) in told.entries {
            histories.add(&entry.register, &entry.key, versions);
        }
        let kept = Registers { of, histories: histories.clone() };
        *self.registers.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(histories)
    }
}

/// The registers that rules of a pack look into, and those of whom findings are about.
fn registers(pack: &Pack) -> BTreeSet<Name> {
    let rules = pack.rules.values();
    let named = rules.flat_map(|rule| rule.registers().into_iter().chain([&rule.subject_of]));
    named.cloned().collect()
}

/// Asks rules for as long as the server runs; a fault is told and tried again once something has
/// changed, for nothing is lost by it.
pub(crate) async fn judge(app: App) {
    if app.judging.is_none() || app.taking.is_none() {
        return;
    }
    let mut upto = None;
    loop {
        let now = app.now();
        let threads = tokio::runtime::Handle::current();
        let before = upto;
        // Conditions are worked out where they are asked, so not on a thread that serves pages.
        let round = move || threads.block_on(round::round(&now, before));
        match tokio::task::spawn_blocking(round).await {
            Ok(Ok(after)) => upto = Some(after),
            Ok(Err(fault)) => {
                eprintln!("{}", told(&fault));
                tokio::time::sleep(REST * 30).await;
            }
            Err(error) => eprintln!("{error}"),
        }
        tokio::time::sleep(REST).await;
    }
}

/// Why rules could not be asked, for the operator.
pub(crate) fn told(why: &Unasked) -> String {
    match why {
        Unasked::Lake(fault) => super::told_of_lake(fault),
        Unasked::Store(fault) => fault.to_string(),
        Unasked::Rule(why) => why.to_string(),
    }
}
