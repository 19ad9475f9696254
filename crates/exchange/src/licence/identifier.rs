//! 电子证照标识, the identifier of an electronic licence: GB/T 36904-2018.
//!
//! `1.2.156.3005.2` (the root), the code of the kind of licence, the code of the body that
//! issues, a serial number, three digits of version and a check character, with points between.
//! The code of a kind is the unified social credit code of whoever settled the kind and three
//! digits (assumed from published identifiers); the check character is that of MOD 37,36 over all
//! that stands between root and check without the points (assumed, and borne out by published
//! identifiers).

use std::fmt;

use base::id::{Uscc, iso7064::System};

/// The root of all identifiers.
const ROOT: &str = "1.2.156.3005.2";

/// The code of a kind of licence: a credit code and three digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCode(String);

impl KindCode {
    /// Reads a code; none where the credit code is wrong or not three digits follow it.
    pub fn parse(text: &str) -> Option<Self> {
        let (definer, kind) = text.split_at_checked(18)?;
        let three = kind.len() == 3 && kind.bytes().all(|byte| byte.is_ascii_digit());
        (three && Uscc::parse(definer).is_ok()).then(|| Self(text.to_owned()))
    }
}

/// An identifier with its check character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier(String);

impl Identifier {
    /// The identifier of a licence: the entry of the ledger that first granted it is its serial
    /// number, and `version` counts from 1 what was issued under it. None past version 999.
    pub fn new(kind: &KindCode, body: &Uscc, serial: u64, version: u64) -> Option<Self> {
        let version = Some(version).filter(|version| (1..=999).contains(version))?;
        let parts =
            [kind.0.clone(), body.to_string(), format!("{serial:012}"), format!("{version:03}")];
        let check = System::Mod37_36.check_characters(&parts.concat()).ok()?;
        Some(Self(format!("{ROOT}.{}.{check}", parts.join("."))))
    }

    /// Reads an identifier: behind the root a code of a kind, a credit code, a serial number and a
    /// version, both of digits, and a check that is right.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.strip_prefix(ROOT)?.strip_prefix('.')?.split('.').collect();
        let [kind, body, serial, version, check] = parts.as_slice() else { return None };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let kind = kind.len() == 21 && kind.get(18..).is_some_and(digits);
        let counted = digits(serial) && digits(version) && version.len() == 3;
        let shaped = kind && body.len() == 18 && counted && check.len() == 1;
        let right = System::Mod37_36.verify(&parts.concat()).is_ok();
        (shaped && right).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
