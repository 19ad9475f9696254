//! 来往内地（大陆）通行证: permits of people from Hong Kong, Macao and Taiwan.
//!
//! 港澳居民来往内地通行证: `H` or `M` and eight digits, followed on older cards by two digits that
//! count renewals. 台湾居民来往大陆通行证: eight digits, or on older booklets ten digits with or
//! without a capital letter. There is no check digit. The older forms are assumed, not cited.

use super::form::{CAPITALS, Form, shown_as_text};
use crate::Reason;

/// A permit's number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MainlandPermit(String);

/// Where the holder of a permit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// 香港。
    HongKong,
    /// 澳门。
    Macao,
    /// 台湾。
    Taiwan,
}

const HONG_KONG_AND_MACAO: Form = Form {
    zh: "港澳居民来往内地通行证号码",
    en: "a permit number of a Hong Kong or Macao resident",
    lengths: &[9, 11],
    alphabet: CAPITALS,
};

const TAIWAN: Form = Form {
    zh: "台湾居民来往大陆通行证号码",
    en: "a permit number of a Taiwan resident",
    lengths: &[8, 10, 11],
    alphabet: CAPITALS,
};

shown_as_text!(MainlandPermit);

impl MainlandPermit {
    /// Reads a number in capitals.
    ///
    /// # Errors
    /// `empty`, `length` or `character`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let (form, digits) = match text.strip_prefix(['H', 'M']) {
            Some(digits) => (HONG_KONG_AND_MACAO, digits),
            None if text.len() == 11 => {
                (TAIWAN, text.strip_suffix(|c: char| c.is_ascii_uppercase()).unwrap_or(text))
            }
            None => (TAIWAN, text),
        };
        form.check(text)?;
        match digits.chars().find(|c| !c.is_ascii_digit()) {
            Some(letter) => Err(form.stranger(letter)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// Where the holder comes from.
    pub fn holder(&self) -> Holder {
        match self.0.chars().next() {
            Some('H') => Holder::HongKong,
            Some('M') => Holder::Macao,
            _ => Holder::Taiwan,
        }
    }
}
