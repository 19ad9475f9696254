//! Persons in the lake: only a keyed digest of what a source calls them by, the same in every feed,
//! so that rules can join what concerns one person and nobody can read who it is (Personal
//! Information Protection Law art. 51).

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use minicbor::{Decode, Encode};
use sha2::Sha256;

/// The key under which persons are digested; without it a digest cannot be made from a number.
#[derive(Clone)]
pub struct PersonKey([u8; 64]);

/// A person as the lake knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Digest(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl PersonKey {
    /// The key from its 64 bytes, which must be random.
    pub fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The digest of an identifier. Blanks around it and the case of its letters do not count.
    pub fn digest(&self, identifier: &str) -> Digest {
        let mut digest = Hmac::<Sha256>::new(&self.0.into());
        digest.update(identifier.trim().to_uppercase().as_bytes());
        let whole: [u8; 32] = digest.finalize().into_bytes().into();
        let mut half = [0; 16];
        half.iter_mut().zip(whole).for_each(|(byte, own)| *byte = own);
        Digest(half)
    }
}

/// Shows nothing of the key.
impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey")
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
