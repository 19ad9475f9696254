//! 公民身份号码, the number of a resident identity card: GB 11643-1999.
//!
//! Six digits of division, eight of birth date, three of order, one check character by ISO 7064
//! MOD 11-2. The division must begin with a province's code of GB/T 2260 or, for residence permits
//! of people from Hong Kong, Macao and Taiwan, 81 to 83; whether its later digits were in use at
//! birth is not checked. The fifteen-digit form of the first cards and foreigners' permanent
//! residence cards, which have a structure of their own, are not read.

use super::{
    form::{Form, shown_as_text},
    iso7064::System,
};
use crate::{Date, Reason};

/// A resident identity number, its `X` in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId(String, Date);

/// The sex that an identity number states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 女: the order number is even.
    Female,
    /// 男: the order number is odd.
    Male,
}

const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

const FORM: Form = Form {
    zh: "公民身份号码",
    en: "a resident identity number",
    lengths: &[18],
    alphabet: "0123456789X",
};

shown_as_text!(ResidentId);

impl ResidentId {
    /// Reads a number of eighteen characters; a small `x` at the end is taken as `X`.
    ///
    /// # Errors
    /// `empty`, `length`, `character`, `division`, `date` or `checksum`, the first that applies.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text =
            text.strip_suffix('x').map_or_else(|| text.to_owned(), |rest| format!("{rest}X"));
        FORM.check(&text)?;
        let (body, check) = text.split_at_checked(17).unwrap_or_default();
        if let Some(letter) = body.chars().find(|c| !c.is_ascii_digit()) {
            return Err(FORM.stranger(letter));
        }
        if !PROVINCES.contains(&body.get(..2).unwrap_or_default()) {
            return Err(FORM.division());
        }
        let born_on = birth(body).ok_or_else(|| FORM.date())?;
        if System::Mod11_2.check_characters(body)? != check {
            return Err(FORM.checksum());
        }
        Ok(Self(text, born_on))
    }

    /// The day of birth it states.
    pub fn born_on(&self) -> Date {
        self.1
    }

    /// The sex it states.
    pub fn sex(&self) -> Sex {
        let order = self.0.chars().nth(16).and_then(|c| c.to_digit(10)).unwrap_or_default();
        if order % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

fn birth(body: &str) -> Option<Date> {
    let number = |range| body.get(range).and_then(|digits: &str| digits.parse::<i16>().ok());
    let small = |range| number(range).and_then(|n| i8::try_from(n).ok());
    Date::new(number(6..10)?, small(10..12)?, small(12..14)?)
}
