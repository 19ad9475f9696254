//! A certificate as an electronic licence (电子证照): a sealed document that anybody can verify
//! without asking us.
//!
//! | part | standard |
//! | --- | --- |
//! | the document: a ZIP of XML files | GB/T 33190-2016 (OFD) |
//! | its identifier | GB/T 36904-2018, check character by GB/T 17710 (ISO/IEC 7064 MOD 37,36) |
//! | its metadata, as custom data of the document | GB/T 36903-2018, names of elements assumed |
//! | the seal and what it signs | GB/T 38540-2020, version 4 |
//! | signature and digest | GB/T 32918 (SM2, default identity), GB/T 32905 (SM3) |
//! | certificates | X.509 version 3 with SM2 (GM/T 0015) |
//!
//! The standards' texts were not at hand: shapes follow published files and open readers, and what
//! only we settled is marked `assumed` where it stands (ADR 14).
//!
//! Nothing is random: nonces follow RFC 6979, so the same licence under the same key gives the same
//! bytes. Every file in the document is under a digest that the seal signs, and the ZIP around them
//! is written in one way only, so that no byte can change unnoticed.

mod certificate;
mod container;
mod document;
mod fault;
pub mod identifier;
mod key;
mod metadata;
mod moment;
mod page;
mod seal;
mod signature;
mod stamp;
mod verify;
mod xml;

pub use certificate::{Certificate, Days, Root};
pub use container::LICENCE_MAX;
pub use fault::{Fault, Unmade};
pub use identifier::Identifier;
pub use key::{Signer, SoftKey, verifies};
pub use metadata::Metadata;
pub use seal::Seal;
pub use verify::{Report, Trust, verify};

use base::{Instant, Text};

/// What a licence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// What programs read.
    pub metadata: Metadata,
    /// What people read: each field's title and value, in order.
    pub rows: Vec<(Text, Text)>,
    /// What it is issued under.
    pub basis: Vec<String>,
    /// True where the town or the pack is invented, which every page then says.
    pub invented: bool,
    /// When the body decided, which is when its seal counts as set.
    pub sealed_at: Instant,
}

/// The licence as an OFD document under the seal of its body.
///
/// # Errors
/// [`Unmade`] where a key does not sign or a value has no form in the standards.
pub fn issue(licence: &Licence, seal: &Seal<'_>) -> Result<Vec<u8>, Unmade> {
    let drawn = document::draw(licence)?;
    let at = moment::second(licence.sealed_at)?;
    let listed = signature::Listed::of(&drawn, licence.sealed_at);
    let description = listed.write()?;
    let sealed = seal.sign(&description, at)?;
    let mut files = drawn.files;
    files.push((document::SIGNATURE.to_owned(), description));
    files.push((document::SEALED.to_owned(), sealed));
    container::write(&files)
}
