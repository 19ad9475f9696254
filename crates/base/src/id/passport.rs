//! 护照号码, a passport's number.
//!
//! ICAO Doc 9303 gives the document number nine places of digits and capital letters and no check
//! digit that its bearer writes. At least five characters is assumed, not cited: shorter ones are
//! not known to be issued.

use super::form::{CAPITALS, Form, shown_as_text};
use crate::Reason;

/// A passport number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passport(String);

const FORM: Form =
    Form {
        zh: "护照号码", en: "a passport number", lengths: &[5, 6, 7, 8, 9], alphabet: CAPITALS
    };

shown_as_text!(Passport);

impl Passport {
    /// Reads a number in capitals.
    ///
    /// # Errors
    /// `empty`, `length` or `character`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        FORM.check(text).map(|()| Self(text.to_owned()))
    }
}
