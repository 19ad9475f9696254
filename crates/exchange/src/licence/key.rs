//! Keys of seals: SM2 by GB/T 32918 with the default identity of GB/T 35276.
//!
//! What makes a licence asks a [`Signer`]. A seal machine (签章服务器) that never gives its key
//! away is one; [`SoftKey`] is another, for demonstrations and tests.

use sm2::{
    FieldBytes, NonZeroScalar, Scalar, SecretKey,
    dsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, Verifier as _},
    },
    elliptic_curve::ops::Reduce,
};

use super::fault::Unmade;

/// The identity everybody signs with (GB/T 35276-2017, section 10).
const IDENTITY: &str = "1234567812345678";

/// What signs with SM2 and SM3.
pub trait Signer {
    /// The public key: the byte 4, then both coordinates.
    fn public(&self) -> Vec<u8>;

    /// The signature over a message, as the DER of both its numbers (GM/T 0009).
    ///
    /// # Errors
    /// [`Unmade::Unsigned`] where the key does not sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unmade>;
}

/// A key that is held in memory.
pub struct SoftKey(SigningKey);

impl SoftKey {
    /// The key that follows from 64 secret bytes, which must look random: they are read as one
    /// number and reduced by the order of the curve, so that no scalar is likelier than another
    /// by more than one in 2²⁵⁶.
    ///
    /// # Errors
    /// [`Unmade::Unsigned`] for the two remainders that are no key, which nobody will meet.
    pub fn from_secret(secret: &[u8; 64]) -> Result<Self, Unmade> {
        let (high, low) = secret.split_at(32);
        let reduced = |half: &[u8]| -> Result<Scalar, Unmade> {
            let half = FieldBytes::try_from(half).map_err(|_| Unmade::Unsigned)?;
            Ok(<Scalar as Reduce<FieldBytes>>::reduce(&half))
        };
        // 2²⁵⁶ by the order of the curve.
        let shift = reduced(&[0xff; 32])? + Scalar::ONE;
        let scalar = reduced(high)? * shift + reduced(low)?;
        Self::of(scalar)
    }

    fn of(scalar: Scalar) -> Result<Self, Unmade> {
        // A key is from 1 to the order less two (GB/T 32918.1, 6.1).
        if scalar + Scalar::ONE == Scalar::ZERO {
            return Err(Unmade::Unsigned);
        }
        let key = NonZeroScalar::new(scalar).into_option().ok_or(Unmade::Unsigned)?;
        SigningKey::new(IDENTITY, &SecretKey::from(key)).map(Self).map_err(|_| Unmade::Unsigned)
    }
}

impl Signer for SoftKey {
    fn public(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_bytes().into_vec()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unmade> {
        let signed: Signature = self.0.try_sign(message).map_err(|_| Unmade::Unsigned)?;
        Ok(signed.to_der().as_bytes().to_vec())
    }
}

/// Whether the signature over a message is by the key. Anything that is no key or no signature is
/// not.
pub fn verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = VerifyingKey::from_sec1_bytes(IDENTITY, public) else { return false };
    let Ok(signature) = Signature::from_der(signature) else { return false };
    key.verify(message, &signature).is_ok()
}
