//! Reading DER in the one way in which it is written, and what certificates, lists and answers
//! have in common.

use std::collections::BTreeSet;

use der::{
    Decode, Encode, Sequence,
    asn1::{Any, BitString, ObjectIdentifier},
    pem,
};
use x509_cert::{ext::Extension, spki::AlgorithmIdentifierOwned};

use crate::key::Algorithm;
use crate::refused::Refused;

/// Anything that is signed: what is stated, how, and the signature (RFC 5280, section 4.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Signed {
    pub(crate) stated: Any,
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) signature: BitString,
}

/// The extensions that are known here.
pub(crate) mod known {
    use der::asn1::ObjectIdentifier as Oid;

    pub(crate) const SUBJECT_KEY: Oid = Oid::new_unwrap("2.5.29.14");
    pub(crate) const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
    pub(crate) const BASIC: Oid = Oid::new_unwrap("2.5.29.19");
    pub(crate) const LIST_NUMBER: Oid = Oid::new_unwrap("2.5.29.20");
    pub(crate) const REASON: Oid = Oid::new_unwrap("2.5.29.21");
    pub(crate) const INVALIDITY: Oid = Oid::new_unwrap("2.5.29.24");
    pub(crate) const DELTA: Oid = Oid::new_unwrap("2.5.29.27");
    pub(crate) const LIST_PART: Oid = Oid::new_unwrap("2.5.29.28");
    pub(crate) const ENTRY_ISSUER: Oid = Oid::new_unwrap("2.5.29.29");
    pub(crate) const NAMES: Oid = Oid::new_unwrap("2.5.29.30");
    pub(crate) const AUTHORITY_KEY: Oid = Oid::new_unwrap("2.5.29.35");
    pub(crate) const PURPOSES: Oid = Oid::new_unwrap("2.5.29.37");
    pub(crate) const NO_CHECK: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.5");
}

/// Reads the whole of the bytes; none where they would be written otherwise (X.690, section 10).
pub(crate) fn strict<T>(bytes: &[u8]) -> Option<T>
where
    T: for<'a> Decode<'a> + Encode,
{
    let read = T::from_der(bytes).ok()?;
    (read.to_der().ok()? == bytes).then_some(read)
}

/// The DER in DER or in one block of PEM with nothing around it (RFC 7468, section 3).
pub(crate) fn bytes(given: &[u8], label: &str) -> Option<Vec<u8>> {
    if given.first() == Some(&0x30) {
        return Some(given.to_vec());
    }
    let text = std::str::from_utf8(given).ok()?.trim_end_matches(['\n', '\r']);
    let alone = text.starts_with("-----BEGIN ")
        && text.ends_with("-----")
        && text.matches("-----BEGIN ").count() == 1
        && text.matches("-----END ").count() == 1;
    let (found, der) = pem::decode_vec(alone.then_some(given)?).ok()?;
    (found == label).then_some(der)
}

impl Signed {
    /// What is stated, as it was signed.
    pub(crate) fn stated(&self) -> Option<Vec<u8>> {
        self.stated.to_der().ok()
    }

    /// How it is signed; the statement must say the same of itself (RFC 5280, section 4.1.1.2).
    pub(crate) fn scheme(
        &self,
        said: Option<&AlgorithmIdentifierOwned>,
        other: Refused,
    ) -> Result<Algorithm, Refused> {
        if said.is_some_and(|said| *said != self.algorithm) {
            return Err(other);
        }
        Algorithm::of_signature(&self.algorithm)
    }
}

/// What extensions may not do anywhere: come twice, or be none at all where the field is there
/// (RFC 5280, sections 4.1 and 4.2).
pub(crate) fn proper(extensions: Option<&[Extension]>) -> bool {
    let Some(extensions) = extensions else { return true };
    let mut seen = BTreeSet::new();
    !extensions.is_empty() && extensions.iter().all(|own| seen.insert(own.extn_id))
}

/// The value of an extension; none where it is absent.
///
/// # Errors
/// The other where it is there and not as it must be.
pub(crate) fn value<T>(
    extensions: &[Extension],
    id: ObjectIdentifier,
    other: Refused,
) -> Result<Option<T>, Refused>
where
    T: for<'a> Decode<'a> + Encode,
{
    let Some(found) = extensions.iter().find(|own| own.extn_id == id) else { return Ok(None) };
    strict(found.extn_value.as_bytes()).map(Some).ok_or(other)
}

/// The first critical extension that is none of those, as digits.
pub(crate) fn unknown(extensions: &[Extension], known: &[ObjectIdentifier]) -> Option<String> {
    let found = extensions.iter().find(|own| own.critical && !known.contains(&own.extn_id));
    found.map(|own| own.extn_id.to_string())
}
