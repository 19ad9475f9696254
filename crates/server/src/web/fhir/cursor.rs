//! From where a list goes on: the ledger number and the moment of which it tells, and the last
//! thing told. Whoever reads a list to its end reads it as of its beginning.

use base::Instant;
use base64ct::{Base64UrlUnpadded, Encoding};
use kernel::EntryNumber;

use super::Unfit;
use crate::web::fault::Fault;

/// From where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// What is known.
    pub(super) known: EntryNumber,
    /// The moment.
    pub(super) at: Instant,
    /// How many there are in all, where they were counted.
    pub(super) total: Option<u64>,
    /// The last thing told, in parts.
    pub(super) last: Vec<String>,
}

/// What stands between parts; no key holds it, for forms take no control characters.
const BETWEEN: char = '\u{1f}';

impl Cursor {
    /// As it stands in an address.
    pub(super) fn written(&self) -> String {
        let total = self.total.map(|total| total.to_string()).unwrap_or_default();
        let head = [self.known.0.to_string(), self.at.micros().to_string(), total];
        let parts: Vec<String> = head.into_iter().chain(self.last.iter().cloned()).collect();
        Base64UrlUnpadded::encode_string(parts.join(&BETWEEN.to_string()).as_bytes())
    }

    /// Reads one; one that tells of what is not yet was not made here.
    pub(super) fn read(text: &str, (now, head): (Instant, EntryNumber)) -> Result<Self, Fault> {
        Self::parts(text)
            .filter(|own| own.known <= head && own.at <= now)
            .ok_or(Fault::Directory(Unfit::Cursor))
    }

    fn parts(text: &str) -> Option<Self> {
        let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split(BETWEEN);
        let known = EntryNumber(parts.next()?.parse().ok()?);
        let at = Instant::from_micros(parts.next()?.parse().ok()?);
        let total = match parts.next()? {
            "" => None,
            total => Some(total.parse().ok()?),
        };
        let last: Vec<String> = parts.map(str::to_owned).collect();
        (!last.is_empty()).then_some(Self { known, at, total, last })
    }
}
