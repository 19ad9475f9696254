//! 法人识别编码, the legal entity identifier: ISO 17442.
//!
//! Eighteen digits and capitals, then two check digits by ISO 7064 MOD 97-10.

use super::{
    form::{CAPITALS, Form, shown_as_text},
    iso7064::System,
};
use crate::Reason;

/// A legal entity identifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lei(String);

const FORM: Form = Form {
    zh: "法人识别编码",
    en: "a legal entity identifier",
    lengths: &[20],
    alphabet: CAPITALS,
};

shown_as_text!(Lei);

impl Lei {
    /// Reads an identifier in capitals.
    ///
    /// # Errors
    /// `empty`, `length`, `character` or `checksum`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        FORM.check(text)?;
        let (body, check) = text.split_at_checked(18).unwrap_or_default();
        if let Some(letter) = check.chars().find(|c| !c.is_ascii_digit()) {
            return Err(FORM.stranger(letter));
        }
        let agrees = System::Mod97_10.check_characters(body)? == check;
        if agrees { Ok(Self(text.to_owned())) } else { Err(FORM.checksum()) }
    }
}
