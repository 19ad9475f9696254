//! Lines, words and numbers of a text that may be anything.

use super::FAULTS_MAX;
use crate::fault::Fault;

/// The lines that have words, with their numbers from 1.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<&[u8]>)> {
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    let lines = lines.map(|(line, number)| (number, words(line).collect::<Vec<_>>()));
    lines.filter(|(_, words)| !words.is_empty())
}

/// The words between blanks.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// A word as text, whatever it is.
pub(super) fn text(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

/// A finite number.
pub(super) fn number(line: usize, word: &[u8]) -> Result<f64, Fault> {
    let read = std::str::from_utf8(word).ok().and_then(|word| word.parse::<f64>().ok());
    let read = read.filter(|number| number.is_finite());
    read.ok_or_else(|| Fault::NotANumber(line, text(word)))
}

/// A number at least zero, or a fault of its own.
pub(super) fn positive(
    line: usize,
    word: &[u8],
    negative: fn(usize) -> Fault,
) -> Result<f64, Fault> {
    let number = number(line, word)?;
    if number < 0.0 { Err(negative(line)) } else { Ok(number) }
}

/// A whole number at least zero, or a fault of its own.
pub(super) fn whole(line: usize, word: &[u8], negative: fn(usize) -> Fault) -> Result<u64, Fault> {
    let read = std::str::from_utf8(word).ok().and_then(|word| word.parse::<i128>().ok());
    let read = read.ok_or_else(|| Fault::NotANumber(line, text(word)))?;
    if read < 0 {
        return Err(negative(line));
    }
    u64::try_from(read).map_err(|_| Fault::TooLarge(line, text(word)))
}

/// How many of something.
pub(super) fn count(line: usize, word: &[u8]) -> Result<usize, Fault> {
    let read = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
    read.ok_or_else(|| Fault::NotANumber(line, text(word)))
}

/// The place, from 0, of what is numbered from 1 up to a count.
pub(super) fn place(line: usize, word: &[u8], count: usize) -> Result<usize, Fault> {
    let read = self::count(line, word)?;
    let place = read.checked_sub(1).filter(|place| *place < count);
    place.ok_or_else(|| Fault::Unknown(line, text(word)))
}

/// Coordinates beyond this, either way, are refused: distances stay within 32 bits.
const COORDINATE_MAX: f64 = 1e9;

/// A coordinate.
pub(super) fn coordinate(line: usize, word: &[u8]) -> Result<f64, Fault> {
    let read = number(line, word)?;
    if read.abs() > COORDINATE_MAX { Err(Fault::TooLarge(line, text(word))) } else { Ok(read) }
}

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// What was read, or nothing and the fault noted.
    pub(super) fn note<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        let fault = match read {
            Ok(read) => return Some(read),
            Err(fault) => fault,
        };
        if self.0.len() < FAULTS_MAX {
            self.0.push(fault);
        }
        None
    }

    /// Whether no more are told.
    pub(super) fn full(&self) -> bool {
        self.0.len() >= FAULTS_MAX
    }

    /// What was read, where nothing was wrong.
    pub(super) fn or<T>(self, read: impl FnOnce() -> T) -> Result<T, Vec<Fault>> {
        if self.0.is_empty() { Ok(read()) } else { Err(self.0) }
    }
}
