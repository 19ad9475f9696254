//! A certificate as a verifiable credential: signed JSON that a wallet keeps and any verifier
//! reads.
//!
//! | part | text |
//! | --- | --- |
//! | what it says, how it is laid out | W3C Verifiable Credentials Data Model 2.0 |
//! | the proof | W3C Data Integrity 1.0; `eddsa-jcs-2022` of its EdDSA Cryptosuites 1.0 |
//! | the bytes that are signed | JSON Canonicalization Scheme (RFC 8785) of I-JSON (RFC 7493) |
//! | the signature | Ed25519 (RFC 8032), keys as Multikey |
//! | who signs | `did:web` of the city's address, or `did:key` where it has none (DID 1.0) |
//! | what was taken back | W3C Bitstring Status List 1.0 |
//!
//! It says what the sealed licence says (`crate::licence`), under one key of the city and not under
//! the body's seal: Chinese law knows the seal, wallets know this. Its contexts are two that W3C
//! keeps for ever, so that nothing of ours has to be fetched before it can be read (ADR 18).

mod canonical;
mod content;
mod fault;
mod issuer;
mod key;
mod proof;
mod status;
mod verify;

pub use canonical::canonical;
pub use content::{Credential, Fact};
pub use fault::Fault;
pub use issuer::Issuer;
pub use key::{PublicKey, SecretKey};
pub use status::{LIST_LENGTH, List, Status, list_of, place_of};
pub use verify::{CREDENTIAL_MAX, Report, Trust, held_against, verify};

use serde_json::Value;

/// The credential, signed.
pub fn issue(credential: &Credential, issuer: &Issuer) -> Value {
    proof::secured(credential.to_json(issuer), issuer, credential.made_at)
}

/// A list of what was taken back, signed.
pub fn list(list: &List, issuer: &Issuer) -> Value {
    proof::secured(list.to_json(issuer), issuer, list.as_of)
}
