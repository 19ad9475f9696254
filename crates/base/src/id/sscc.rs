//! 系列货运包装箱代码, the serial shipping container code of 18 digits: GB/T 18127, GS1 General
//! Specifications.

use super::{
    form::{DIGITS, Form, shown_as_text},
    gtin::agrees,
};
use crate::Reason;

/// A shipping container's code, without the `00` that announces it on a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sscc(String);

const FORM: Form = Form {
    zh: "系列货运包装箱代码",
    en: "a shipping container code",
    lengths: &[18],
    alphabet: DIGITS,
};

shown_as_text!(Sscc);

impl Sscc {
    /// Reads a code of 18 digits.
    ///
    /// # Errors
    /// `empty`, `length`, `character` or `checksum`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        FORM.check(text)?;
        if agrees(text) { Ok(Self(text.to_owned())) } else { Err(FORM.checksum()) }
    }
}
