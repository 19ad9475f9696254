//! Passkeys: a key that a device keeps for one site and uses when it has verified its holder (Web
//! Authentication level 2; the steps named are those of sections 7.1 and 7.2). No statement about
//! the make of the device is asked for, so none is read.

use std::{collections::BTreeMap, fmt};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use minicbor::{Decoder, data::Type};
use p256::ecdsa::signature::Verifier as _;
use sha2::{Digest as _, Sha256};

/// The algorithms of keys that are taken, the best first (COSE numbers, RFC 8152 and RFC 8812):
/// ES256, EdDSA over Ed25519, and RS256, which some computers have alone.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// The fewest bytes of an RSA modulus: 2,048 bits.
const MODULUS_MIN: usize = 256;

/// Flags of authenticator data (section 6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

/// The site as devices know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host to which keys belong: `admit.example.cn`.
    pub id: String,
    /// The address in front of its pages: `https://admit.example.cn`.
    pub origin: String,
}

/// What a device is to sign: random, and used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(pub [u8; 32]);

/// What a device calls a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialId(pub Vec<u8>);

/// A passkey as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// What the device calls it.
    pub id: CredentialId,
    /// The public key as the device gave it (COSE).
    pub key: Vec<u8>,
    /// How often the device says it has signed; zero where it does not count.
    pub counter: u32,
}

/// What a device answers when it has made a key.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// What the browser says the device was asked: JSON.
    pub client_data: &'a [u8],
    /// The attestation object: CBOR.
    pub attestation: &'a [u8],
}

/// What a device answers when it has signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// What the browser says the device was asked: JSON.
    pub client_data: &'a [u8],
    /// Authenticator data.
    pub authenticator: &'a [u8],
    /// The signature over both.
    pub signature: &'a [u8],
}

/// Why an answer of a device is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyFault {
    /// It does not read.
    Unreadable,
    /// It answers another question.
    OtherPurpose,
    /// It answers another challenge.
    OtherChallenge,
    /// The browser was at another address.
    OtherOrigin,
    /// The key belongs to another site.
    OtherSite,
    /// Nobody was there.
    NobodyPresent,
    /// The device did not verify its holder.
    NotVerified,
    /// The key is of a kind that is not taken.
    OtherAlgorithm,
    /// The signature is not of this key.
    WrongSignature,
    /// The count has not grown: the key may have been copied.
    CountedBack,
}

impl fmt::Display for PasskeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the device's answer does not read",
            Self::OtherPurpose => "the device answers another question",
            Self::OtherChallenge => "the device answers another challenge",
            Self::OtherOrigin => "the browser was at another address",
            Self::OtherSite => "the key belongs to another site",
            Self::NobodyPresent => "nobody was at the device",
            Self::NotVerified => "the device did not verify its holder",
            Self::OtherAlgorithm => "the key is of a kind that is not taken",
            Self::WrongSignature => "the signature is not of this key",
            Self::CountedBack => "the device's count has not grown",
        })
    }
}

impl std::error::Error for PasskeyFault {}

impl Site {
    /// The key that a device has made for this site, once its answer has passed section 7.1.
    ///
    /// # Errors
    /// [`PasskeyFault`] for the first step that it does not pass.
    pub fn made(&self, challenge: &Challenge, made: Made<'_>) -> Result<Passkey, PasskeyFault> {
        self.asked(made.client_data, "webauthn.create", challenge)?;
        let authenticator = attested(made.attestation)?;
        let (counter, rest) = self.authenticated(authenticator, true)?;
        // Steps 9 and 16 to 20: the new key's identifier, and the key itself.
        let (id, key) = credential(rest)?;
        PublicKey::read(key)?;
        Ok(Passkey { id: CredentialId(id.to_vec()), key: key.to_vec(), counter })
    }

    /// The passkey with its new count, once a device's answer has passed section 7.2.
    ///
    /// # Errors
    /// [`PasskeyFault`] for the first step that it does not pass.
    pub fn signed(
        &self,
        challenge: &Challenge,
        passkey: Passkey,
        signed: Signed<'_>,
    ) -> Result<Passkey, PasskeyFault> {
        self.asked(signed.client_data, "webauthn.get", challenge)?;
        let (counter, _) = self.authenticated(signed.authenticator, false)?;
        // Steps 19 and 20: the signature covers the data and the digest of what the browser said.
        let digest = Sha256::digest(signed.client_data);
        let message = [signed.authenticator, &digest].concat();
        PublicKey::read(&passkey.key)?.verify(&message, signed.signature)?;
        // Step 21: a device that counts never counts back.
        let counts = counter != 0 || passkey.counter != 0;
        if counts && counter <= passkey.counter {
            return Err(PasskeyFault::CountedBack);
        }
        Ok(Passkey { counter, ..passkey })
    }

    /// What the browser says was asked: 7.1 steps 5 to 9, 7.2 steps 11 to 13.
    fn asked(
        &self,
        client_data: &[u8],
        purpose: &str,
        challenge: &Challenge,
    ) -> Result<(), PasskeyFault> {
        let said: serde_json::Value =
            serde_json::from_slice(client_data).map_err(|_| PasskeyFault::Unreadable)?;
        let text = |name: &str| said.get(name).and_then(|value| value.as_str());
        if text("type").ok_or(PasskeyFault::Unreadable)? != purpose {
            return Err(PasskeyFault::OtherPurpose);
        }
        let expected = Base64UrlUnpadded::encode_string(&challenge.0);
        if text("challenge").ok_or(PasskeyFault::Unreadable)? != expected {
            return Err(PasskeyFault::OtherChallenge);
        }
        let framed = said.get("crossOrigin").and_then(|value| value.as_bool()) == Some(true);
        if framed || text("origin").ok_or(PasskeyFault::Unreadable)? != self.origin {
            return Err(PasskeyFault::OtherOrigin);
        }
        Ok(())
    }

    /// The count of authenticator data, and what follows: 7.1 steps 13 to 15, 7.2 steps 15 to 17.
    fn authenticated<'a>(
        &self,
        data: &'a [u8],
        makes: bool,
    ) -> Result<(u32, &'a [u8]), PasskeyFault> {
        let (site, rest) = data.split_first_chunk::<32>().ok_or(PasskeyFault::Unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(PasskeyFault::Unreadable)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(PasskeyFault::Unreadable)?;
        let has = |flag: u8| flags & flag != 0;
        if site.as_slice() != Sha256::digest(self.id.as_bytes()).as_slice() {
            return Err(PasskeyFault::OtherSite);
        }
        if !has(PRESENT) {
            return Err(PasskeyFault::NobodyPresent);
        }
        if !has(VERIFIED) {
            return Err(PasskeyFault::NotVerified);
        }
        // A key is attested exactly when one is made, and nothing follows what the flags announce.
        let announced = has(ATTESTED) || has(EXTENDED) || rest.is_empty();
        if has(ATTESTED) != makes || !announced {
            return Err(PasskeyFault::Unreadable);
        }
        Ok((u32::from_be_bytes(*counter), rest))
    }
}

/// The authenticator data of an attestation object (section 6.5).
fn attested(object: &[u8]) -> Result<&[u8], PasskeyFault> {
    let unreadable = |_| PasskeyFault::Unreadable;
    let mut decoder = Decoder::new(object);
    let count = decoder.map().map_err(unreadable)?.ok_or(PasskeyFault::Unreadable)?;
    let mut data = None;
    for _ in 0..count {
        match decoder.str().map_err(unreadable)? {
            "authData" => data = Some(decoder.bytes().map_err(unreadable)?),
            _ => decoder.skip().map_err(unreadable)?,
        }
    }
    data.ok_or(PasskeyFault::Unreadable)
}

/// The identifier and the key of attested credential data (section 6.5.1).
fn credential(data: &[u8]) -> Result<(&[u8], &[u8]), PasskeyFault> {
    /// The longest identifier (level 2, section 5.8.3).
    const ID_MAX: usize = 1_023;
    let (_, rest) = data.split_first_chunk::<16>().ok_or(PasskeyFault::Unreadable)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyFault::Unreadable)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > ID_MAX {
        return Err(PasskeyFault::Unreadable);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(PasskeyFault::Unreadable)?;
    let mut decoder = Decoder::new(rest);
    decoder.skip().map_err(|_| PasskeyFault::Unreadable)?;
    let key = rest.get(..decoder.position()).ok_or(PasskeyFault::Unreadable)?;
    Ok((id, key))
}

/// A key of one of the kinds taken.
enum PublicKey {
    Es256(Box<p256::ecdsa::VerifyingKey>),
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    Rs256(Box<rsa::pkcs1v15::VerifyingKey<rsa::sha2::Sha256>>),
}

/// A part of a COSE key.
enum Part<'a> {
    Number(i64),
    Bytes(&'a [u8]),
}

/// The parts of a COSE key, by their numbers.
struct Parts<'a>(BTreeMap<i64, Part<'a>>);

impl<'a> Parts<'a> {
    fn read(key: &'a [u8]) -> Option<Self> {
        let mut decoder = Decoder::new(key);
        let mut parts = BTreeMap::new();
        for _ in 0..decoder.map().ok()?? {
            let name = decoder.i64().ok()?;
            let part = match decoder.datatype().ok()? {
                Type::Bytes => Part::Bytes(decoder.bytes().ok()?),
                _ => Part::Number(decoder.i64().ok()?),
            };
            if parts.insert(name, part).is_some() {
                return None;
            }
        }
        (decoder.position() == key.len()).then_some(Self(parts))
    }

    fn number(&self, name: i64) -> Option<i64> {
        match self.0.get(&name)? {
            Part::Number(number) => Some(*number),
            Part::Bytes(_) => None,
        }
    }

    fn bytes(&self, name: i64) -> Option<&'a [u8]> {
        match self.0.get(&name)? {
            Part::Bytes(bytes) => Some(bytes),
            Part::Number(_) => None,
        }
    }
}

impl PublicKey {
    /// The key of a COSE map (RFC 8152, sections 7 and 13; RFC 8230, section 4).
    fn read(key: &[u8]) -> Result<Self, PasskeyFault> {
        let parts = Parts::read(key).ok_or(PasskeyFault::Unreadable)?;
        // Kind (1), algorithm (3), curve (-1).
        let read = match (parts.number(1), parts.number(3), parts.number(-1)) {
            (Some(2), Some(-7), Some(1)) => es256(&parts),
            (Some(1), Some(-8), Some(6)) => ed25519(&parts),
            (Some(3), Some(-257), None) => rs256(&parts),
            _ => return Err(PasskeyFault::OtherAlgorithm),
        };
        read.ok_or(PasskeyFault::Unreadable)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyFault> {
        let holds = match self {
            Self::Es256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Rs256(key) => {
                use rsa::signature::Verifier as _;
                rsa::pkcs1v15::Signature::try_from(signature)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        };
        if holds { Ok(()) } else { Err(PasskeyFault::WrongSignature) }
    }
}

fn es256(parts: &Parts<'_>) -> Option<PublicKey> {
    let (x, y) = (parts.bytes(-2)?, parts.bytes(-3)?);
    let fits = x.len() == 32 && y.len() == 32;
    let point = [&[4], x, y].concat();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
    fits.then(|| PublicKey::Es256(Box::new(key)))
}

fn ed25519(parts: &Parts<'_>) -> Option<PublicKey> {
    let point: &[u8; 32] = parts.bytes(-2)?.try_into().ok()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(point).ok()?;
    Some(PublicKey::Ed25519(Box::new(key)))
}

fn rs256(parts: &Parts<'_>) -> Option<PublicKey> {
    let (modulus, exponent) = (parts.bytes(-1)?, parts.bytes(-2)?);
    let number = rsa::BigUint::from_bytes_be;
    let key = rsa::RsaPublicKey::new(number(modulus), number(exponent)).ok()?;
    (modulus.len() >= MODULUS_MIN)
        .then(|| PublicKey::Rs256(Box::new(rsa::pkcs1v15::VerifyingKey::new(key))))
}

#[cfg(test)]
#[path = "passkey/tests.rs"]
mod tests;
