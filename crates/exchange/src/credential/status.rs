//! What was taken back: a long row of bits, one for each decision that made a credential (Bitstring
//! Status List 1.0).
//!
//! A list belongs to a register and to 4096 decisions in a row, each of which has room for 32
//! entries of the register. The place of an entry follows from the ledger alone, never changes and
//! is never used again; together the places are the shortest row that the text allows.

use std::io::{Read as _, Write as _};

use base::Instant;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Map, Value, json};

use super::Issuer;

/// How many decisions one list covers.
pub const LIST_LENGTH: u64 = 4096;

/// How many entries of a register one decision can make or change and each have its own place. From
/// there on entries share the last, which is marked as soon as one of them is overtaken.
const ROOM: u64 = 32;

/// The shortest row that the text allows, in bytes: 131,072 bits (3.1).
const ROW: usize = 16 * 1024;

const PURPOSE: &str = "revocation";

/// Where it is said whether a credential was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The address of the list.
    pub list: String,
    /// The place in it.
    pub index: u64,
}

/// The number of the list in which a decision has its places.
pub fn list_of(decision: u64) -> u64 {
    decision / LIST_LENGTH
}

/// The place of the `nth` entry, counted from nought, that a decision made or changed.
pub fn place_of(decision: u64, nth: u64) -> u64 {
    (decision % LIST_LENGTH) * ROOM + nth.min(ROOM - 1)
}

impl Status {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "id": format!("{}#{}", self.list, self.index),
            "type": "BitstringStatusListEntry",
            "statusPurpose": PURPOSE,
            "statusListIndex": self.index.to_string(),
            "statusListCredential": self.list,
        })
    }

    /// None where a credential says it in no way of ours.
    pub(super) fn read(credential: &Map<String, Value>) -> Option<Self> {
        let status = credential.get("credentialStatus")?.as_object()?;
        let said = |name: &str| status.get(name)?.as_str();
        (said("type")? == "BitstringStatusListEntry" && said("statusPurpose")? == PURPOSE)
            .then_some(())?;
        let list = said("statusListCredential")?.to_owned();
        Some(Self { list, index: said("statusListIndex")?.parse().ok()? })
    }
}

/// A list as of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its address.
    pub address: String,
    /// The moment.
    pub as_of: Instant,
    /// The places of what was taken back.
    pub taken_back: Vec<u64>,
}

impl List {
    /// As JSON, not yet signed.
    pub(super) fn to_json(&self, issuer: &Issuer) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": self.address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer.did(),
            "validFrom": super::proof::second(self.as_of),
            "credentialSubject": {
                "id": format!("{}#list", self.address),
                "type": "BitstringStatusList",
                "statusPurpose": PURPOSE,
                "encodedList": encoded(&self.taken_back),
            },
        })
    }
}

/// The row: the first bit is the highest of the first byte; zipped, in base64url behind `u`.
fn encoded(places: &[u64]) -> String {
    let mut row = vec![0_u8; ROW];
    for place in places {
        let byte = usize::try_from(place / 8).ok().and_then(|byte| row.get_mut(byte));
        if let Some(byte) = byte {
            *byte |= 0x80 >> (place % 8);
        }
    }
    let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let zipped = zipped.write_all(&row).and_then(|()| zipped.finish()).unwrap_or_default();
    format!("u{}", Base64UrlUnpadded::encode_string(&zipped))
}

/// Whether the list at that address says that the place was taken back; none where it says nothing
/// of it.
pub(super) fn taken_back(list: &Map<String, Value>, status: &Status) -> Option<bool> {
    let subject = list.get("credentialSubject")?.as_object()?;
    let said = |name: &str| subject.get(name)?.as_str();
    (list.get("id")?.as_str()? == status.list && said("statusPurpose")? == PURPOSE).then_some(())?;
    let zipped = Base64UrlUnpadded::decode_vec(said("encodedList")?.strip_prefix('u')?).ok()?;
    let mut row = Vec::new();
    let bound = u64::try_from(ROW).ok()? * 64;
    GzDecoder::new(zipped.as_slice()).take(bound).read_to_end(&mut row).ok()?;
    let byte = row.get(usize::try_from(status.index / 8).ok()?)?;
    Some(byte & (0x80 >> (status.index % 8)) != 0)
}
