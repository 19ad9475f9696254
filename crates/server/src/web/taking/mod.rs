//! Rows that systems send in bulk: who sends them is proved by a signature, they are safe before
//! anybody is answered, and a task beside the pages gathers them into the tables of the lake.

mod came;
mod drop;
mod nats;
mod not_sent;
mod proof;
mod signed;

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base::Name;
use lake::{Lake, PersonKey};
use pack::model::{Pack, PackHash};
use supervise::feeds;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use came::Came;
pub(crate) use drop::watch;
pub(crate) use nats::{Nats, subscribe};
pub(crate) use not_sent::NotSent;
pub(crate) use proof::{Unproved, judge_mended, keep as keep_certificates, says as flaw_says};
pub(crate) use signed::key_of;
#[cfg(test)]
pub(crate) use {drop::look, nats::take as take_message};

use super::{app::App, fault::Fault};

/// The bytes that a batch may have.
pub(crate) const BATCH_MAX: usize = 8 << 20;
/// The batches that are read at the same time: with [`BATCH_MAX`] what bounds the memory.
const TURNS: usize = 32;
/// How long it rests when nothing has come.
const REST: Duration = Duration::from_millis(200);
/// How often small files are made one, counted in rests.
const COMPACTED_EVERY: u32 = 300;
/// How long a file stays that no table names any more.
const UNTOUCHED: Duration = Duration::from_secs(24 * 60 * 60);

/// The lake, where this server has it.
#[derive(Clone)]
pub(crate) struct Taking {
    lake: Arc<Lake>,
    turns: Arc<Semaphore>,
    /// The pack whose feeds it takes.
    pack: Arc<RwLock<PackHash>>,
}

impl Taking {
    /// Opens the lake in a folder for the feeds of a pack; none where another server has it open.
    ///
    /// # Errors
    /// [`lake::Fault`] where it cannot be read or written, or the columns of a feed have become
    /// something else.
    pub(crate) fn open(
        folder: &Path,
        pack: &Pack,
        key: PersonKey,
    ) -> Result<Option<Self>, lake::Fault> {
        match Lake::open(folder, feeds::all(pack), key, pack.zone.clone()) {
            Ok(lake) => Ok(Some(Self {
                lake: Arc::new(lake),
                turns: Arc::new(Semaphore::new(TURNS)),
                pack: Arc::new(RwLock::new(pack.hash)),
            })),
            Err(lake::Fault::InUse) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The lake itself.
    pub(crate) fn lake(&self) -> &Arc<Lake> {
        &self.lake
    }

    /// A turn to send a batch; none where too many are being read.
    pub(crate) fn turn(&self) -> Option<OwnedSemaphorePermit> {
        self.turns.clone().try_acquire_owned().ok()
    }

    /// Takes the feeds of a pack from now on, where they are not those taken already.
    ///
    /// # Errors
    /// [`lake::Fault::Changed`] where the values of a column would become something else.
    pub(crate) fn keep(&self, pack: &Pack) -> Result<(), lake::Fault> {
        if *self.pack.read().unwrap_or_else(PoisonError::into_inner) == pack.hash {
            return Ok(());
        }
        self.lake.keep(feeds::all(pack))?;
        *self.pack.write().unwrap_or_else(PoisonError::into_inner) = pack.hash;
        Ok(())
    }

    /// The rows of a table that are gathered.
    ///
    /// # Errors
    /// [`lake::Fault`] where the table cannot be read.
    pub(crate) fn gathered(&self, feed: &Name) -> Result<u64, lake::Fault> {
        let (_, files) = self.lake.files(feed.as_str())?;
        Ok(files.iter().map(|file| file.rows).sum())
    }
}

/// Gathers what has come, for as long as the server runs; a fault is told and tried again, for
/// nothing is lost by it.
pub(crate) async fn gather(app: App) {
    let Some(taking) = app.taking.clone() else { return };
    let mut rests = 0_u32;
    loop {
        let now = app.now();
        let own = taking.clone();
        let work = move || -> Result<bool, lake::Fault> {
            // Feeds that cannot be kept leave the earlier ones as they are, and their rows come.
            let kept = own.keep(&now.packs.live);
            let some = own.lake.gather()?.is_some();
            kept?;
            if rests.is_multiple_of(COMPACTED_EVERY) {
                while own.lake.compact(now.clock.now())? {}
                own.lake.sweep(UNTOUCHED)?;
            }
            Ok(some)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(true)) => continue,
            Ok(Ok(false)) => {}
            Ok(Err(fault)) => {
                eprintln!("{}", told(&fault));
                tokio::time::sleep(REST * 50).await;
            }
            Err(error) => eprintln!("{error}"),
        }
        rests = rests.wrapping_add(1);
        tokio::time::sleep(REST).await;
    }
}

/// Why a batch was not taken, as its sender is told; the operator is told where the disk failed.
pub(crate) fn untaken(why: lake::NotTaken) -> Fault {
    if why == lake::NotTaken::Stopped {
        eprintln!("the intake log takes no more: see to its disk, then start the server anew");
    }
    Fault::Rows(why.into())
}

/// A fault of the lake with its cause, for the operator.
pub(crate) fn told(fault: &lake::Fault) -> String {
    match std::error::Error::source(fault) {
        Some(cause) => format!("{fault}: {cause}"),
        None => fault.to_string(),
    }
}
