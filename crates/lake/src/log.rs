//! The intake log: what is acknowledged is on disk before. One thread writes what has arrived
//! together, makes it safe with one sync, and only then answers; a sync that fails ends the writing
//! until the log is opened anew, because nobody knows what such a disk still holds.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    thread,
};

use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    Fault,
    frame::{FRAME_MAX, Frame, Here, at, put},
};

/// Batches that may wait for the writer; a source that sends more is told to wait.
const WAITING_MAX: usize = 64;
/// Bytes that are made safe together.
const TOGETHER: usize = 8 << 20;
/// A file of the log is no longer than about this.
const FILE_BYTES: u64 = 64 << 20;
/// The end of the names of its files.
const SUFFIX: &str = "intake";

/// The intake log, open for writing.
#[derive(Debug)]
pub struct Log {
    jobs: Option<mpsc::Sender<Job>>,
    safe: watch::Receiver<u64>,
    writer: Option<thread::JoinHandle<()>>,
}

/// Why a batch was not taken in. Nothing of it is kept, and it can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// The lake has no such feed.
    NoFeed,
    /// It has more lines, or more bytes, than a batch may have.
    TooLong,
    /// More waits than the disk writes; try again in a moment.
    Full,
    /// The log cannot be written any more until it is opened anew.
    Stopped,
}

/// The numbers under which a batch was taken in: from the first up to but without the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The number of its first row.
    pub first: u64,
    /// The first number after it.
    pub next: u64,
}

struct Job {
    body: Vec<u8>,
    count: u64,
    answer: oneshot::Sender<Receipt>,
}

/// The file being written.
struct Writing {
    folder: PathBuf,
    /// Held as long as the log is open, so that no other process writes it.
    lock: File,
    file: File,
    bytes: u64,
    next: u64,
}

impl Log {
    /// Opens the log in a folder, and cuts off what a crash left unfinished at its end. Rows up to
    /// but without `gathered` are no longer needed here.
    ///
    /// # Errors
    /// Where the folder cannot be read or written, another process has it open, or a file but the
    /// last is damaged.
    pub fn open(folder: &Path, gathered: u64) -> Result<Self, Fault> {
        fs::create_dir_all(folder)?;
        let lock = lock(folder)?;
        let files = files(folder)?;
        let mut next = gathered;
        for (place, file) in files.iter().enumerate() {
            let bytes = fs::read(file)?;
            let (end, after, whole) = walked(&bytes)?;
            if !whole && place + 1 < files.len() {
                return Err(io::Error::other(format!("{} is damaged", file.display())).into());
            }
            if !whole {
                let open = OpenOptions::new().write(true).open(file)?;
                open.set_len(end as u64)?;
                open.sync_all()?;
            }
            next = next.max(after);
        }
        let writing = Writing::open(folder, lock, next)?;
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let (told, safe) = watch::channel(next);
        let writer = thread::Builder::new()
            .name("intake".to_owned())
            .spawn(move || write(writing, waiting, &told))?;
        Ok(Self { jobs: Some(jobs), safe, writer: Some(writer) })
    }

    /// Takes in a batch; its rows are safe once this answers.
    ///
    /// # Errors
    /// [`NotTaken`], and nothing of it is kept.
    pub async fn take(&self, frame: &Frame) -> Result<Receipt, NotTaken> {
        let (body, count) = (frame.body(), frame.count());
        if body.len() > FRAME_MAX {
            return Err(NotTaken::TooLong);
        }
        let (answer, answered) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or(NotTaken::Stopped)?;
        jobs.try_send(Job { body, count, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotTaken::Full,
            mpsc::error::TrySendError::Closed(_) => NotTaken::Stopped,
        })?;
        answered.await.map_err(|_| NotTaken::Stopped)
    }

    /// The first number that is not taken yet, and each later one.
    pub fn safe(&self) -> watch::Receiver<u64> {
        self.safe.clone()
    }
}

/// Keeps every other process out for as long as the file is open.
fn lock(folder: &Path) -> Result<File, Fault> {
    let lock = File::create(folder.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Fault::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Every file of the log, the oldest first. A file is named by the number it begins with.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == SUFFIX) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What was sent before is written, and the folder is free for whoever opens it next.
impl Drop for Log {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has let go of the folder, too.
            writer.join().ok();
        }
    }
}

/// Reads the log behind its writer, from where it last stopped.
#[derive(Debug)]
pub(crate) struct Reader {
    folder: PathBuf,
    stopped: Option<Stopped>,
}

/// Where reading stopped: the byte of a file, and the number that follows there.
#[derive(Debug)]
struct Stopped {
    file: PathBuf,
    byte: u64,
    next: u64,
}

impl Reader {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), stopped: None }
    }

    /// The next frames from a number on up to but without `safe`, each with the number of its first
    /// row; no more once they have so many rows.
    pub(crate) fn read(
        &mut self,
        (from, safe): (u64, u64),
        rows: u64,
    ) -> io::Result<Vec<(u64, Frame)>> {
        let (mut frames, mut count) = (Vec::new(), 0);
        let mut stopped = self.stopped.take().filter(|stopped| stopped.next == from);
        let files = files(&self.folder)?;
        for file in files.iter().skip(passed(&files, from)) {
            let begin = stopped.take().filter(|own| own.file == *file).map_or(0, |own| own.byte);
            let mut bytes = Vec::new();
            let mut open = File::open(file)?;
            open.seek(io::SeekFrom::Start(begin))?;
            open.read_to_end(&mut bytes)?;
            let mut place = 0;
            while let Here::Frame(first, body, after) = at(&bytes, place) {
                if first >= safe || count >= rows {
                    return Ok(frames);
                }
                place = after;
                if first < from {
                    continue;
                }
                let frame = Frame::read(body)?;
                let next = first + frame.count();
                count += frame.count();
                frames.push((first, frame));
                let byte = begin + place as u64;
                self.stopped = Some(Stopped { file: file.clone(), byte, next });
            }
        }
        Ok(frames)
    }

    /// Deletes the files whose rows all come before a number.
    pub(crate) fn forget(&self, gathered: u64) -> io::Result<()> {
        let files = files(&self.folder)?;
        files.iter().take(passed(&files, gathered)).try_for_each(fs::remove_file)
    }
}

/// How many files end before a number: all behind which another begins that does so, too.
fn passed(files: &[PathBuf], number: u64) -> usize {
    let begun = files.iter().filter_map(|file| begins(file)).take_while(|first| *first <= number);
    begun.count().saturating_sub(1)
}

/// The number with which a file begins.
fn begins(file: &Path) -> Option<u64> {
    file.file_stem()?.to_str()?.parse().ok()
}

/// Where the whole frames of a file end, the number after them, and whether nothing follows.
fn walked(bytes: &[u8]) -> io::Result<(usize, u64, bool)> {
    let (mut place, mut next) = (0, 0);
    loop {
        match at(bytes, place) {
            Here::Frame(first, body, after) => {
                next = first + Frame::read(body)?.count();
                place = after;
            }
            Here::End => return Ok((place, next, true)),
            Here::Torn => return Ok((place, next, false)),
        }
    }
}

impl Writing {
    /// A new file, or the one that a stop left empty.
    fn open(folder: &Path, lock: File, next: u64) -> io::Result<Self> {
        let (folder, file) = (folder.to_owned(), begun(folder, next)?);
        Ok(Self { folder, lock, bytes: file.metadata()?.len(), file, next })
    }

    /// Writes frames, makes them safe, and says what was taken in.
    fn write(&mut self, jobs: &[Job]) -> io::Result<Vec<Receipt>> {
        let mut receipts = Vec::with_capacity(jobs.len());
        let mut bytes = Vec::with_capacity(weight(jobs));
        let mut next = self.next;
        for job in jobs {
            put(&mut bytes, next, &job.body);
            let receipt = Receipt { first: next, next: next + job.count };
            next = receipt.next;
            receipts.push(receipt);
        }
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.bytes += bytes.len() as u64;
        self.next = next;
        if self.bytes > FILE_BYTES {
            (self.file, self.bytes) = (begun(&self.folder, self.next)?, 0);
        }
        Ok(receipts)
    }
}

/// The file whose first row has that number.
fn begun(folder: &Path, next: u64) -> io::Result<File> {
    let path = folder.join(format!("{next:020}.{SUFFIX}"));
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    file.sync_all()?;
    // A file is safe only once its name in the folder is.
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// Writes until nobody sends any more, or the disk fails.
fn write(mut writing: Writing, mut waiting: mpsc::Receiver<Job>, told: &watch::Sender<u64>) {
    while let Some(job) = waiting.blocking_recv() {
        let mut jobs = vec![job];
        while weight(&jobs) < TOGETHER {
            let Ok(job) = waiting.try_recv() else { break };
            jobs.push(job);
        }
        // Who waits for an answer that never comes learns that the log has stopped.
        let Ok(receipts) = writing.write(&jobs) else { break };
        told.send_replace(writing.next);
        jobs.into_iter().zip(receipts).for_each(|(job, receipt)| {
            // Who asked may have gone; the rows are safe all the same.
            let _ = job.answer.send(receipt);
        });
    }
    drop(writing.lock);
}

/// How many bytes are to be written.
fn weight(jobs: &[Job]) -> usize {
    jobs.iter().map(|job| job.body.len()).sum()
}
