//! Public keys, and whether a signature is by one.
//!
//! An algorithm here is a curve with the one digest that goes with it, so that a signature has one
//! meaning: P-256 with SHA-384 is not taken, and RSA is not.

use der::{
    Encode as _,
    asn1::{Any, BitString, ObjectIdentifier},
};
use p256::ecdsa::signature::Verifier as _;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::{coded::strict, refused::Refused};

/// The identity everybody signs with by SM2 (GB/T 35276-2017, section 10).
pub(crate) const IDENTITY: &str = "1234567812345678";

const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Algorithms that are met and not taken, and what people call them.
const NOT_TAKEN: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.5", "RSA, SHA-1"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA, SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA, SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA, SHA-512"),
    ("1.2.840.10045.4.1", "ECDSA, SHA-1"),
    ("1.2.840.10045.4.3.4", "ECDSA, SHA-512"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.101.113", "Ed448"),
    ("1.2.156.10197.1.504", "SM2, RSA"),
];

/// A curve with its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SM2 with SM3 and the default identity (GB/T 32918.2).
    Sm2,
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5).
    P256,
    /// ECDSA on P-384 with SHA-384 (FIPS 186-5).
    P384,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// A public key that lies on its curve.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl Algorithm {
    /// All that are taken.
    pub const ALL: [Self; 4] = [Self::Sm2, Self::P256, Self::P384, Self::Ed25519];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sm2 => "SM2",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// By what a certificate says that it is signed so (GM/T 0006; RFC 5758; RFC 8410).
    fn signature(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Sm2 => "1.2.156.10197.1.501",
            Self::P256 => "1.2.840.10045.4.3.2",
            Self::P384 => "1.2.840.10045.4.3.3",
            Self::Ed25519 => "1.3.101.112",
        })
    }

    /// The curve as a key names it (GM/T 0006; RFC 5480); Ed25519 has none beside its own name.
    fn curve(self) -> Option<ObjectIdentifier> {
        let curve = match self {
            Self::Sm2 => "1.2.156.10197.1.301",
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::Ed25519 => return None,
        };
        Some(ObjectIdentifier::new_unwrap(curve))
    }

    /// The bytes of a point, the byte 4 before both coordinates; of Ed25519 its one.
    fn width(self) -> usize {
        match self {
            Self::Sm2 | Self::P256 => 65,
            Self::P384 => 97,
            Self::Ed25519 => 32,
        }
    }

    /// How a certificate, a list or an answer is signed.
    pub(crate) fn of_signature(said: &AlgorithmIdentifierOwned) -> Result<Self, Refused> {
        let found = Self::ALL.into_iter().find(|own| own.signature() == said.oid);
        let found = found.ok_or_else(|| not_taken(said.oid))?;
        // Nothing follows the name of any of them; with SM2 NULL is taken as well (assumed: some
        // authorities write it).
        let null = found == Self::Sm2 && said.parameters.as_ref().is_some_and(|own| own.is_null());
        if said.parameters.is_some() && !null {
            return Err(not_taken(said.oid));
        }
        Ok(found)
    }

    pub(crate) fn said(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.signature(), parameters: None }
    }
}

fn not_taken(oid: ObjectIdentifier) -> Refused {
    let digits = oid.to_string();
    let name = NOT_TAKEN.iter().find(|(own, _)| *own == digits).map(|(_, name)| *name);
    Refused::AlgorithmNotTaken(name.map_or(digits, str::to_owned))
}

impl PublicKey {
    /// Reads a key as certificates carry it (SubjectPublicKeyInfo; RFC 5280, section 4.1.2.7).
    ///
    /// # Errors
    /// [`Refused::AlgorithmNotTaken`]; [`Refused::NotAKey`] where it is no key, lies on no curve,
    /// is compressed, or is one of the few with which anything verifies.
    pub fn read(der: &[u8]) -> Result<Self, Refused> {
        Self::of(&strict(der).ok_or(Refused::NotAKey)?)
    }

    /// The key of so many bytes: the byte 4 and both coordinates, or the 32 of Ed25519.
    ///
    /// # Errors
    /// [`Refused::NotAKey`].
    pub fn new(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, Refused> {
        let own = Self { algorithm, bytes: bytes.to_vec() };
        let proper = bytes.len() == algorithm.width() && own.lies_there();
        proper.then_some(own).ok_or(Refused::NotAKey)
    }

    pub(crate) fn of(said: &SubjectPublicKeyInfoOwned) -> Result<Self, Refused> {
        let (oid, parameters) = (said.algorithm.oid, said.algorithm.parameters.as_ref());
        let algorithm = if oid == EC_KEY {
            let curve = parameters.and_then(|own| own.decode_as::<ObjectIdentifier>().ok());
            let curve = curve.ok_or(Refused::NotAKey)?;
            let found = Algorithm::ALL.into_iter().find(|own| own.curve() == Some(curve));
            found.ok_or_else(|| not_taken(curve))?
        } else if oid == ED25519 && parameters.is_none() {
            Algorithm::Ed25519
        } else {
            return Err(not_taken(oid));
        };
        let bytes = said.subject_public_key.as_bytes().ok_or(Refused::NotAKey)?;
        Self::new(algorithm, bytes)
    }

    fn lies_there(&self) -> bool {
        match self.algorithm {
            Algorithm::Sm2 => self.sm2().is_some(),
            Algorithm::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(&self.bytes).is_ok(),
            Algorithm::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(&self.bytes).is_ok(),
            Algorithm::Ed25519 => self.ed25519().is_some_and(|own| !own.is_weak()),
        }
    }

    fn sm2(&self) -> Option<sm2::dsa::VerifyingKey> {
        sm2::dsa::VerifyingKey::from_sec1_bytes(IDENTITY, &self.bytes).ok()
    }

    fn ed25519(&self) -> Option<ed25519_dalek::VerifyingKey> {
        let bytes = self.bytes.as_slice().try_into().ok()?;
        ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The byte 4 and both coordinates, or the 32 bytes of Ed25519.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The key as certificates carry it (RFC 5280, section 4.1.2.7).
    ///
    /// # Errors
    /// None in practice.
    pub fn to_der(&self) -> Result<Vec<u8>, Refused> {
        Ok(self.said()?.to_der()?)
    }

    pub(crate) fn said(&self) -> Result<SubjectPublicKeyInfoOwned, Refused> {
        let algorithm = match self.algorithm.curve() {
            Some(curve) => AlgorithmIdentifierOwned {
                oid: EC_KEY,
                parameters: Some(Any::encode_from(&curve)?),
            },
            None => AlgorithmIdentifierOwned { oid: ED25519, parameters: None },
        };
        let subject_public_key = BitString::from_bytes(&self.bytes)?;
        Ok(SubjectPublicKeyInfoOwned { algorithm, subject_public_key })
    }

    /// Whether the signature over a message is by this key: the DER of both numbers for SM2
    /// (GM/T 0009) and ECDSA (RFC 3279, section 2.2.3), whose second number may be either of the
    /// two that fit; the 64 bytes of RFC 8032 for Ed25519. What is written in another way is not.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.checked(message, signature).unwrap_or(false)
    }

    fn checked(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        match self.algorithm {
            Algorithm::Sm2 => {
                let read = sm2::dsa::Signature::from_der(signature).ok()?;
                let same = read.to_der().as_bytes() == signature;
                Some(same && self.sm2()?.verify(message, &read).is_ok())
            }
            Algorithm::P256 => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&self.bytes).ok()?;
                let read = p256::ecdsa::Signature::from_der(signature).ok()?;
                let same = read.to_der().as_bytes() == signature;
                Some(same && key.verify(message, &read).is_ok())
            }
            Algorithm::P384 => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&self.bytes).ok()?;
                let read = p384::ecdsa::Signature::from_der(signature).ok()?;
                let same = read.to_der().as_bytes() == signature;
                Some(same && key.verify(message, &read).is_ok())
            }
            Algorithm::Ed25519 => {
                let read = ed25519_dalek::Signature::from_slice(signature).ok()?;
                Some(self.ed25519()?.verify_strict(message, &read).is_ok())
            }
        }
    }
}
