//! The ground the figures stand on: a folder that is gone afterwards, and how long its disk takes
//! to make a write safe, which no durable figure can better.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use super::line::{Aim, Line, Taken};
use crate::cli::Stopped;

/// How many writes are made safe.
const SYNCS: usize = 500;

/// A folder for one run.
pub(crate) struct Ground(PathBuf);

impl Ground {
    /// A new folder under `folder`.
    pub(crate) fn new(folder: &Path) -> Result<Self, Stopped> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|error| Stopped(error.to_string()))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let own = folder.join(format!("bench-{name}"));
        fs::create_dir_all(&own)?;
        Ok(Self(own))
    }

    /// The folder of one database.
    pub(crate) fn of(&self, database: &str) -> PathBuf {
        self.0.join(database)
    }

    /// How long the disk takes for one page and a sync.
    pub(crate) fn syncs(&self) -> Result<Line, Stopped> {
        let mut file = fs::File::create(self.0.join("page"))?;
        let mut taken = Taken::default();
        for _ in 0..SYNCS {
            let began = Instant::now();
            file.write_all(&[7; 4096])?;
            file.sync_data()?;
            taken.note(began.elapsed());
        }
        let (load, aim) = (format!("4 KiB, {SYNCS} times"), Aim::NONE);
        Ok(Line { what: "write and sync", on: "disk", load, rate: None, taken, failed: 0, aim })
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // Whoever ran out of disk has more to worry about than what is left of this folder.
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}
