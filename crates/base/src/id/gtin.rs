//! 商品条码, the global trade item number of 8, 12, 13 or 14 digits: GB 12904, GS1 General
//! Specifications.
//!
//! The last digit is checked. Which company a prefix belongs to is not.

use super::form::{DIGITS, Form, shown_as_text};
use crate::Reason;

/// A trade item's number, as printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(String);

const FORM: Form =
    Form {
        zh: "商品条码", en: "a trade item number", lengths: &[8, 12, 13, 14], alphabet: DIGITS
    };

shown_as_text!(Gtin);

impl Gtin {
    /// Reads a number of 8, 12, 13 or 14 digits.
    ///
    /// # Errors
    /// `empty`, `length`, `character` or `checksum`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        FORM.check(text)?;
        if agrees(text) { Ok(Self(text.to_owned())) } else { Err(FORM.checksum()) }
    }

    /// The same number filled up to fourteen digits, so that two printings of one item compare.
    pub fn fourteen_digits(&self) -> String {
        format!("{:0>14}", self.0)
    }
}

/// The GS1 check: from the right, digits weigh 1 and 3 in turn and sum to a multiple of 10.
pub(super) fn agrees(digits: &str) -> bool {
    let values = digits.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = values.zip([1, 3].into_iter().cycle()).map(|(value, by)| value * by).sum();
    sum.is_multiple_of(10)
}
