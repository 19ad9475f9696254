//! 统一社会信用代码, the unified social credit code of an organisation: GB 32100-2015.
//!
//! Registration department, category, six digits of division, the nine characters of the
//! organisation code (GB 11714), one check character modulo 31. The department and category may be
//! letters. The organisation code's own check digit is not enforced (assumed: the outer one already
//! catches every slip of one character), but told by [`Uscc::organisation_check_agrees`]. The lists
//! of departments and categories are not checked.

use super::form::{Form, shown_as_text};
use crate::Reason;

/// A unified social credit code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// The standard's alphabet: without I, O, S, V and Z. A character's place is its value.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

const FORM: Form = Form {
    zh: "统一社会信用代码",
    en: "a unified social credit code",
    lengths: &[18],
    alphabet: ALPHABET,
};

shown_as_text!(Uscc);

impl Uscc {
    /// Reads a code in capitals.
    ///
    /// # Errors
    /// `empty`, `length`, `character` or `checksum`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        FORM.check(text)?;
        let division = text.chars().skip(2).take(6);
        if let Some(letter) = division.into_iter().find(|c| !c.is_ascii_digit()) {
            return Err(FORM.stranger(letter));
        }
        let (body, check) = text.split_at_checked(17).unwrap_or_default();
        let weighed = weigh(body, |place| power(3, place, 31));
        let wanted = ALPHABET.chars().nth((31 - weighed % 31) % 31);
        if check.chars().next() == wanted {
            Ok(Self(text.to_owned()))
        } else {
            Err(FORM.checksum())
        }
    }

    /// The organisation code inside it, nine characters.
    pub fn organisation_code(&self) -> &str {
        self.0.get(8..17).unwrap_or_default()
    }

    /// Whether the organisation code's own check digit agrees (GB 11714).
    pub fn organisation_check_agrees(&self) -> bool {
        let (body, check) = self.organisation_code().split_at_checked(8).unwrap_or_default();
        let values = body.chars().filter_map(|c| c.to_digit(36));
        let weighed: u32 = values.zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(v, w)| v * w).sum();
        match 11 - weighed % 11 {
            10 => check == "X",
            11 => check == "0",
            digit => check == digit.to_string(),
        }
    }
}

fn weigh(body: &str, weight: impl Fn(usize) -> usize) -> usize {
    let values = body.chars().filter_map(|c| ALPHABET.find(c));
    values.enumerate().map(|(place, value)| value * weight(place)).sum()
}

fn power(base: usize, exponent: usize, modulus: usize) -> usize {
    (0..exponent).fold(1, |product, _| product * base % modulus)
}
