//! The proof: `eddsa-jcs-2022` (Data Integrity EdDSA Cryptosuites 1.0, 3.3).
//!
//! Two digests are signed one behind the other: that of the proof without its value, and that of
//! the document without its proof, each in the one way JSON can be written.

use base::Instant;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{Fault, Issuer, PublicKey, canonical};

/// The context of keys in documents of identifiers.
pub(super) const MULTIKEY: &str = "https://w3id.org/security/multikey/v1";

const TYPE: &str = "DataIntegrityProof";
const SUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
const CONTEXT: &str = "@context";

/// The document with the issuer's proof, set at a moment.
pub(super) fn secured(document: Value, issuer: &Issuer, at: Instant) -> Value {
    let mut proof = json!({
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": second(at),
        "verificationMethod": issuer.method(),
        "proofPurpose": PURPOSE,
    });
    // Without it a verifier could be shown the document under other contexts.
    if let (Some(context), Value::Object(proof)) = (document.get(CONTEXT), &mut proof) {
        proof.insert(CONTEXT.to_owned(), context.clone());
    }
    let value = issuer.key().sign(&digests(&proof, &document));
    let Value::Object(mut document) = document else { return document };
    if let Value::Object(proof) = &mut proof {
        proof.insert("proofValue".to_owned(), value.into());
    }
    document.insert("proof".to_owned(), proof);
    Value::Object(document)
}

fn digests(proof: &Value, document: &Value) -> [u8; 64] {
    let digest = |value: &Value| Sha256::digest(canonical(value).as_bytes());
    let mut both = [0; 64];
    let halves = [digest(proof), digest(document)];
    let bytes = halves.iter().flatten();
    both.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    both
}

/// A moment as proofs and credentials write it, to the second.
pub(super) fn second(at: Instant) -> String {
    Instant::from_micros(at.micros().div_euclid(1_000_000) * 1_000_000).to_string()
}

/// A document taken from its proof.
#[derive(Debug)]
pub(super) struct Taken {
    document: Map<String, Value>,
    /// The proof without its value.
    options: Map<String, Value>,
    value: String,
    /// The key that the proof names.
    pub(super) method: String,
}

impl Taken {
    /// Takes a document apart.
    ///
    /// # Errors
    /// [`Fault::NotACredential`] where there is no proof, [`Fault::OtherSuite`] where it is of
    /// another kind or for another purpose, [`Fault::OtherContext`] where it was made under other
    /// contexts.
    pub(super) fn apart(document: Value) -> Result<Self, Fault> {
        let Value::Object(mut document) = document else { return Err(Fault::NotACredential) };
        let Some(Value::Object(mut options)) = document.remove("proof") else {
            return Err(Fault::NotACredential);
        };
        let said = |name: &str| options.get(name).and_then(Value::as_str);
        if (said("type"), said("cryptosuite"), said("proofPurpose"))
            != (Some(TYPE), Some(SUITE), Some(PURPOSE))
        {
            return Err(Fault::OtherSuite);
        }
        if options.get(CONTEXT) != document.get(CONTEXT) {
            return Err(Fault::OtherContext);
        }
        let method = said("verificationMethod").ok_or(Fault::NotACredential)?.to_owned();
        let Some(Value::String(value)) = options.remove("proofValue") else {
            return Err(Fault::NotACredential);
        };
        Ok(Self { document, options, value, method })
    }

    /// The document, if the key signed it.
    ///
    /// # Errors
    /// [`Fault::Changed`] where it did not.
    pub(super) fn signed_by(self, key: &PublicKey) -> Result<Map<String, Value>, Fault> {
        let document = Value::Object(self.document);
        let signed = digests(&Value::Object(self.options), &document);
        match document {
            Value::Object(document) if key.verifies(&signed, &self.value) => Ok(document),
            _ => Err(Fault::Changed),
        }
    }
}
