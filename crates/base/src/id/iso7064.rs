//! ISO/IEC 7064 check character systems, pure and hybrid, beneath several other identifiers.

use super::form::{CAPITALS, DIGITS, Form};
use crate::Reason;

/// One system of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// MOD 11-2: digits, then one of `0`–`9` or `X`.
    Mod11_2,
    /// MOD 37-2: digits and capitals, then one of them or `*`.
    Mod37_2,
    /// MOD 97-10: digits, then two digits. Capitals are read as `10` to `35`, as ISO 17442 does.
    Mod97_10,
    /// MOD 11,10: digits, then one digit.
    Mod11_10,
    /// MOD 37,36: digits and capitals, then one of them.
    Mod37_36,
}

impl System {
    /// The name that packs and commands use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mod11_2 => "iso7064-11-2",
            Self::Mod37_2 => "iso7064-37-2",
            Self::Mod97_10 => "iso7064-97-10",
            Self::Mod11_10 => "iso7064-11-10",
            Self::Mod37_36 => "iso7064-37-36",
        }
    }

    /// The check characters that belong after `payload`.
    ///
    /// # Errors
    /// `empty` or `character`.
    pub fn check_characters(self, payload: &str) -> Result<String, Reason> {
        self.form().check(payload)?;
        let alphabet = self.check_alphabet();
        let values = payload.chars().filter_map(|c| c.to_digit(36));
        Ok(match self {
            Self::Mod11_2 => one(alphabet, pure(values, 11)),
            Self::Mod37_2 => one(alphabet, pure(values, 37)),
            Self::Mod97_10 => format!("{:02}", two_digits(values)),
            Self::Mod11_10 => one(alphabet, hybrid(values, 10)),
            Self::Mod37_36 => one(alphabet, hybrid(values, 36)),
        })
    }

    /// Whether the end of `text` is what belongs after the rest of it.
    ///
    /// # Errors
    /// `empty`, `length`, `character` or `checksum`.
    pub fn verify(self, text: &str) -> Result<(), Reason> {
        let form = self.form();
        if text.is_empty() {
            return form.check(text);
        }
        let places = if self == Self::Mod97_10 { 2 } else { 1 };
        let cut = text.char_indices().rev().nth(places - 1).map_or(0, |(at, _)| at);
        let (payload, check) = text.split_at_checked(cut).unwrap_or_default();
        if payload.is_empty() {
            return Err(form.too_short());
        }
        let computed = self.check_characters(payload)?;
        let allowed = |c: char| self.check_alphabet().contains(c);
        match check.chars().find(|&c| !allowed(c)) {
            Some(stranger) => Err(form.stranger(stranger)),
            None if computed == check => Ok(()),
            None => Err(form.checksum()),
        }
    }

    fn form(self) -> Form {
        let alphabet = match self {
            Self::Mod11_2 | Self::Mod11_10 => DIGITS,
            Self::Mod37_2 | Self::Mod97_10 | Self::Mod37_36 => CAPITALS,
        };
        Form {
            zh: "带校验码的代码", en: "a code with a check digit", lengths: &[], alphabet
        }
    }

    fn check_alphabet(self) -> &'static str {
        match self {
            Self::Mod11_2 => "0123456789X",
            Self::Mod37_2 => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*",
            Self::Mod97_10 | Self::Mod11_10 => DIGITS,
            Self::Mod37_36 => CAPITALS,
        }
    }
}

/// Pure systems of radix 2: the check makes the weighted sum 1 modulo `modulus`.
fn pure(values: impl Iterator<Item = u32>, modulus: u32) -> u32 {
    let sum = values.fold(0, |sum, value| (sum + value) * 2 % modulus);
    (modulus + 1 - sum) % modulus
}

/// MOD 97-10: the check makes the whole number 1 modulo 97. A letter counts as two digits.
fn two_digits(values: impl Iterator<Item = u32>) -> u32 {
    let number = values.fold(0, |sum, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (sum * shift + value) % 97
    });
    98 - number * 100 % 97
}

/// Hybrid systems modulo `modulus + 1` and `modulus`.
fn hybrid(values: impl Iterator<Item = u32>, modulus: u32) -> u32 {
    let product = values.fold(modulus, |product, value| {
        let sum = (product + value) % modulus;
        (if sum == 0 { modulus } else { sum }) * 2 % (modulus + 1)
    });
    (modulus + 1 - product) % modulus
}

/// The character of that value.
fn one(alphabet: &str, value: u32) -> String {
    alphabet.chars().nth(usize::try_from(value).unwrap_or(usize::MAX)).into_iter().collect()
}
