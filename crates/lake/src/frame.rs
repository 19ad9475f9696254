//! What stands in the intake log: one frame for each batch that was acknowledged, behind its length
//! and its checksum.

use std::io;

use base::{Instant, Name};
use minicbor::{Decode, Encode};

use crate::{cells::Cells, feed::Feed, flaw::Flaw, row::Row};

/// A batch of one source for one feed, with what was good in it and what was not. Its rows are
/// numbered as the log takes it in, the bad ones last.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Frame {
    /// The feed.
    #[n(0)]
    pub feed: Name,
    /// Who sent it.
    #[n(1)]
    pub source: String,
    /// When it was taken in.
    #[n(2)]
    pub received_at: Instant,
    /// The columns of its rows, in order: a feed may have others by the time that they are read.
    #[n(3)]
    pub columns: Vec<Name>,
    /// The good rows.
    #[n(4)]
    pub rows: Vec<Row>,
    /// The bad ones.
    #[n(5)]
    pub bad: Vec<Bad>,
    /// The bad row that it puts right.
    #[n(6)]
    pub mends: Option<Mends>,
}

/// That somebody put a row right.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Mends {
    /// The number of the row.
    #[n(0)]
    pub number: u64,
    /// Who did it.
    #[n(1)]
    pub by: String,
}

/// A row that was not taken, kept until it is mended or given up.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Bad {
    /// Its line in the batch, from 1.
    #[n(0)]
    pub line: u64,
    /// What could be kept of it.
    #[n(1)]
    pub cells: Cells,
    /// What is wrong with it.
    #[n(2)]
    pub flaws: Vec<Flaw>,
}

/// The bytes before each frame, each number little-endian: its length, its checksum, and the number
/// of its first row, which the checksum covers.
const HEAD: usize = 16;
/// No frame is longer; a length beyond it is no length.
pub(crate) const FRAME_MAX: usize = 64 << 20;

/// What stands at a place of the log.
#[derive(Debug, PartialEq)]
pub(crate) enum Here<'a> {
    /// A whole frame with the number of its first row, and where the next one begins.
    Frame(u64, &'a [u8], usize),
    /// The end.
    End,
    /// The beginning of a frame that was never finished, or bytes that are none.
    Torn,
}

impl Frame {
    /// An empty batch.
    pub fn new(feed: &Feed, source: &str, received_at: Instant) -> Self {
        let columns = feed.columns().iter().map(|column| column.name.clone()).collect();
        let (feed, source) = (feed.name().clone(), source.to_owned());
        Self { feed, source, received_at, columns, rows: vec![], bad: vec![], mends: None }
    }

    /// How many numbers it takes.
    pub fn count(&self) -> u64 {
        (self.rows.len() + self.bad.len()) as u64
    }

    /// What it says, as it is written.
    pub(crate) fn body(&self) -> Vec<u8> {
        // INVARIANT: memory takes every byte, and no part of a frame refuses to be written.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Self::body`] wrote.
    pub(crate) fn read(body: &[u8]) -> io::Result<Self> {
        minicbor::decode(body).map_err(io::Error::other)
    }
}

/// Puts a frame behind others.
pub(crate) fn put(log: &mut Vec<u8>, first: u64, body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let first = first.to_le_bytes();
    log.extend(length.to_le_bytes());
    log.extend(sum(&first, body).to_le_bytes());
    log.extend(first);
    log.extend(body);
}

fn sum(first: &[u8], body: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(first);
    sum.update(body);
    sum.finalize()
}

/// Reads what stands at a place.
pub(crate) fn at(log: &[u8], place: usize) -> Here<'_> {
    let rest = log.get(place..).unwrap_or_default();
    if rest.is_empty() {
        return Here::End;
    }
    read(rest)
        .map_or(Here::Torn, |(first, body)| Here::Frame(first, body, place + HEAD + body.len()))
}

fn read(rest: &[u8]) -> Option<(u64, &[u8])> {
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (said, rest) = rest.split_first_chunk::<4>()?;
    let (first, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    // A stretch of zeros is what a crash leaves behind, not an empty frame.
    let body = rest.get(..length).filter(|_| (1..=FRAME_MAX).contains(&length))?;
    (sum(first, body) == u32::from_le_bytes(*said)).then(|| (u64::from_le_bytes(*first), body))
}
