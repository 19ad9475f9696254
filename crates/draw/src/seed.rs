//! Seeds, and the pledges by which they are fixed before anybody sees the lists.

use std::fmt;

use base::Name;
use sha2::{Digest as _, Sha256};

/// 32 bytes that one department has taken at random and keeps to itself until the lists are frozen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed([u8; 32]);

/// The digest that fixes a seed without telling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pledge([u8; 32]);

impl Seed {
    /// A seed of bytes that were taken at random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What a department says of its seed before the draw. The names are part of it, so that nobody
    /// pledges what another has pledged, or what was told in an earlier draw.
    pub fn pledge(&self, draw: &str, by: &Name) -> Pledge {
        let seed = hex(&self.0);
        Pledge(digest(&format!("draw pledge 1\t{draw}\t{by}\t{seed}")))
    }

    /// The seed as it is written.
    pub fn written(&self) -> String {
        hex(&self.0)
    }

    /// A seed as it is written: 64 figures of hexadecimal.
    pub fn read(text: &str) -> Option<Self> {
        bytes(text).map(Self)
    }
}

/// A seed is shown only where it is told.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed")
    }
}

impl Pledge {
    /// The pledge as it is written.
    pub fn written(&self) -> String {
        hex(&self.0)
    }

    /// A pledge as it is written.
    pub fn read(text: &str) -> Option<Self> {
        bytes(text).map(Self)
    }
}

/// The SHA-256 of a text.
pub(crate) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Bytes in hexadecimal, in small letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<[u8; 32]> {
    let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(small) {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
