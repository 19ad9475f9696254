//! Keys of Ed25519 (RFC 8032), written as Multikey (Controlled Identifiers 1.0, 2.2.2).

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// What a Multikey of Ed25519 begins with: the code 0xed as a variable-length number.
const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];

/// The letter of base58btc in multibase.
const BASE58: char = 'z';

/// A key that signs.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key that follows from 32 secret bytes, which must look random.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The key by which others verify.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The signature over a message; the same message gives the same.
    pub(super) fn sign(&self, message: &[u8]) -> String {
        encoded(&self.0.sign(message).to_bytes())
    }
}

/// Shows nothing of the key.
impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a Multikey, also one behind `did:key:`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("did:key:").unwrap_or(text);
        let key: [u8; 32] = decoded(text)?.strip_prefix(&ED25519_PUBLIC)?.try_into().ok()?;
        VerifyingKey::from_bytes(&key).ok().map(Self)
    }

    /// Whether the signature over the message is by this key. By the strict rules, under which a
    /// signature and a key have one form each.
    pub(super) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Some(bytes) = decoded(signature) else { return false };
        let Ok(bytes) = <[u8; 64]>::try_from(bytes) else { return false };
        self.0.verify_strict(message, &Signature::from_bytes(&bytes)).is_ok()
    }
}

/// As a Multikey: `z6Mk…`.
impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encoded(&[&ED25519_PUBLIC[..], self.0.as_bytes()].concat()))
    }
}

fn encoded(bytes: &[u8]) -> String {
    format!("{BASE58}{}", bs58::encode(bytes).into_string())
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    // Longer is neither a key nor a signature, and base58 takes the square of its length.
    let text = text.strip_prefix(BASE58).filter(|rest| rest.len() <= 100)?;
    bs58::decode(text).into_vec().ok()
}
