//! One-time codes that an app works out from a shared secret and the time (RFC 6238 over
//! HMAC-SHA-1, which every app knows). A code is taken once (RFC 6238, section 5.2).

use std::fmt;

use base::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Seconds of one step.
const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one whose codes are taken as well: clocks differ.
const STEPS_BESIDE: u64 = 1;

/// The secret that a person's app and the site share: as long as the hash (RFC 4226, section 4).
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; 20]);

/// A step of thirty seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotpStep(pub u64);

impl TotpStep {
    /// The step of a moment.
    pub fn of(at: Instant) -> Self {
        Self(u64::try_from(at.micros() / 1_000_000 / STEP_SECONDS).unwrap_or(0))
    }
}

impl TotpSecret {
    /// A secret from its bytes, which must be random.
    pub fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be sealed.
    pub fn to_bytes(&self) -> [u8; 20] {
        self.0
    }

    /// The six digits of a step.
    pub fn code(&self, step: TotpStep) -> String {
        format!("{:06}", truncated(&self.0, step.0) % 1_000_000)
    }

    /// The step whose code was typed, if it is of this moment and later than the last one taken.
    pub fn taken(&self, typed: &str, at: Instant, last: Option<TotpStep>) -> Option<TotpStep> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let now = TotpStep::of(at).0;
        let steps = now.saturating_sub(STEPS_BESIDE)..=now.saturating_add(STEPS_BESIDE);
        // Every step is looked at, so that the time taken does not tell which was right.
        let fitting = steps.map(TotpStep).filter(|step| same(&self.code(*step), &typed));
        fitting.fold(None, |_, step| Some(step)).filter(|step| last.is_none_or(|last| last < *step))
    }

    /// The secret as one types it: groups of four letters and digits (RFC 4648, base 32).
    pub fn typed(&self) -> String {
        let letters: Vec<char> = base32(&self.0).chars().collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The address that an app reads from a QR code.
    pub fn address(&self, site: &str, account: &str) -> String {
        let (site, account) = (escaped(site), escaped(account));
        let secret = base32(&self.0);
        format!("otpauth://totp/{site}:{account}?secret={secret}&issuer={site}")
    }
}

/// Shows nothing of it.
impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

/// The number that a hash is cut down to (RFC 4226, section 5.3).
fn truncated(secret: &[u8; 20], step: u64) -> u32 {
    // A key shorter than the hash's block is filled up with zeros (RFC 2104, section 2).
    let mut block = [0; 64];
    block.iter_mut().zip(secret).for_each(|(byte, key)| *byte = *key);
    let mut mac = Hmac::<Sha1>::new(&block.into());
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let start = usize::from(hash.last().copied().unwrap_or_default() & 0x0f);
    let four = hash.get(start..).and_then(|rest| rest.first_chunk::<4>());
    u32::from_be_bytes(four.copied().unwrap_or_default()) & 0x7fff_ffff
}

/// Compares without telling by the time taken where two texts differ.
fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    one.len() == other.len() && differ == 0
}

/// Bytes in base 32 without padding (RFC 4648, section 6).
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let groups = bytes.chunks(5).map(|group| {
        let mut five = [0; 8];
        five.iter_mut().skip(3).zip(group).for_each(|(to, from)| *to = *from);
        (u64::from_be_bytes(five), (group.len() * 8).div_ceil(5))
    });
    let letters = groups
        .flat_map(|(number, count)| (0..count).map(move |place| (number >> (35 - 5 * place)) & 31));
    let letter = |value: u64| {
        let value = usize::try_from(value).unwrap_or_default();
        char::from(LETTERS.get(value).copied().unwrap_or(b'A'))
    };
    letters.map(letter).collect()
}

/// A text as part of an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let parts = text.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    /// RFC 6238, appendix B, whose codes have eight digits: ours are the last six.
    #[test]
    fn the_vectors_of_the_standard() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(secret.code(TotpStep::of(at(seconds))), code[2..], "{seconds}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn the_vectors_of_the_counter() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        let codes = ["755224", "287082", "359152", "969429", "338314", "254676"];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(secret.code(TotpStep(step)), code);
        }
    }

    #[test]
    fn a_code_is_taken_once_and_only_near_its_time() {
        let secret = TotpSecret::from_bytes([9; 20]);
        let step = TotpStep::of(at(3_000));
        let code = secret.code(step);
        let check = |seconds: i64, last: Option<u64>, taken: bool| {
            let found = secret.taken(&code, at(seconds), last.map(TotpStep));
            assert_eq!(found, taken.then_some(step), "{seconds} {last:?}");
        };
        check(3_000, None, true);
        check(3_029, Some(99), true);
        check(2_970, None, true);
        check(3_059, None, true);
        check(2_969, None, false);
        check(3_060, None, false);
        check(3_000, Some(100), false);
        check(3_000, Some(101), false);
        for other in ["", "000000", &code[..5], &format!("{code}0")] {
            let same = other == code;
            assert_eq!(secret.taken(other, at(3_000), None).is_some(), same, "{other}");
        }
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(secret.taken(&spaced, at(3_000), None), Some(step));
    }

    /// RFC 4648, section 10.
    #[test]
    fn a_secret_is_typed_in_base_32() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("fooba", "MZXW6YTB")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        assert_eq!(secret.typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret.address("Willow town", "li@example.cn"),
            "otpauth://totp/Willow%20town:li%40example.cn?\
             secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Willow%20town"
        );
        assert_eq!(format!("{secret:?}"), "TotpSecret");
    }
}
