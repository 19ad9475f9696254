//! Batches are signed as the Standard Webhooks specification has it, with Ed25519 (`v1a`): the
//! number of the message, the second at which it was sent, and the body.

use axum::http::HeaderMap;
use base::Instant;
use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signature, VerifyingKey};

use super::NotSent;

/// A batch is not older, nor further ahead, than so many seconds.
const SECONDS: i64 = 300;
/// What a signature of this kind begins with.
const VERSION: &str = "v1a,";
/// What a public key may begin with.
const PREFIX: &str = "whpk_";

/// The public key that somebody wrote: 32 bytes in Base64, with or without `whpk_` before them.
/// None where it is no key, or one of the few under which anybody could sign.
pub(crate) fn key_of(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    let text = text.strip_prefix(PREFIX).unwrap_or(text);
    let key: [u8; 32] = Base64::decode_vec(text).ok()?.try_into().ok()?;
    let good = VerifyingKey::from_bytes(&key).is_ok_and(|key| !key.is_weak());
    good.then_some(key)
}

/// Whether a batch was signed by a key, at about the time at which it came.
///
/// # Errors
/// [`NotSent::Unsigned`] where it was not, [`NotSent::OldSignature`] where it was at another time.
pub(super) fn signed_by(
    key: &[u8; 32],
    headers: &HeaderMap,
    body: &[u8],
    came_at: Instant,
) -> Result<(), NotSent> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let id = header("webhook-id").ok_or(NotSent::Unsigned)?;
    let at = header("webhook-timestamp").ok_or(NotSent::Unsigned)?;
    let lines = header("webhook-signature").ok_or(NotSent::Unsigned)?;
    let key = VerifyingKey::from_bytes(key).map_err(|_| NotSent::Unsigned)?;
    let message = [id.as_bytes(), b".", at.as_bytes(), b".", body].concat();
    let fits = |line: &str| {
        let bytes = line.strip_prefix(VERSION).and_then(|text| Base64::decode_vec(text).ok());
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| key.verify_strict(&message, &signature).is_ok())
    };
    if !lines.split(' ').any(fits) {
        return Err(NotSent::Unsigned);
    }
    let at: i64 = at.parse().map_err(|_| NotSent::Unsigned)?;
    let off = came_at.micros().div_euclid(1_000_000).saturating_sub(at);
    if (-SECONDS..=SECONDS).contains(&off) { Ok(()) } else { Err(NotSent::OldSignature) }
}
