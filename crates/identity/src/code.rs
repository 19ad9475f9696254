//! Codes that are used once: recovery codes, the invitation of an officer, the code by which an
//! account is told at a counter. They are shown when they are made and kept as digests; at more
//! than 112 bits a plain hash keeps them (NIST SP 800-63B-4, section 3.1.2.2).

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::totp::base32;

/// How many recovery codes somebody gets at a time.
pub const RECOVERY_CODES: usize = 10;

/// A code of 120 bits that is used once.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

impl OneTimeCode {
    /// A code from its bytes, which must be random.
    pub fn new(random: [u8; 15]) -> Self {
        Self(base32(&random))
    }

    /// The code that somebody typed, however it is spaced and whatever its case; none when it
    /// cannot be a code.
    pub fn typed(text: &str) -> Option<Self> {
        let letters: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                // What is easily taken for a letter is that letter: base 32 lacks these digits.
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            })
            .collect();
        let known = |byte: u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte);
        (letters.len() == 24 && letters.bytes().all(known)).then_some(Self(letters))
    }

    /// The code as it is shown: six groups of four.
    pub fn shown(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is kept of it.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// Shows nothing of it.
impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let code = OneTimeCode::new([0x5a; 15]);
        assert_eq!(code.shown(), "LJNF-UWS2-LJNF-UWS2-LJNF-UWS2");
        let check = |text: &str, same: bool| {
            let typed = OneTimeCode::typed(text);
            assert_eq!(typed.is_some_and(|typed| typed.digest() == code.digest()), same, "{text}");
        };
        check("LJNF-UWS2-LJNF-UWS2-LJNF-UWS2", true);
        check(" ljnf uws2 ljnf uws2 ljnf uws2 ", true);
        check("LJNFUWS2LJNFUWS2LJNFUWS2", true);
        check("LJNF-UWS2-LJNF-UWS2-LJNF-UWS3", false);
        check("LJNF-UWS2-LJNF-UWS2-LJNF", false);
        check("LJNF-UWS2-LJNF-UWS2-LJNF-UWS9", false);
        check("李JNFUWS2LJNFUWS2LJNFUW", false);
        check("", false);
        let zeros = OneTimeCode::typed("0000-1111-8888-AAAA-AAAA-AAAA");
        assert_eq!(
            zeros.map(|code| code.shown()).as_deref(),
            Some("OOOO-IIII-BBBB-AAAA-AAAA-AAAA")
        );
        assert_eq!(format!("{code:?}"), "OneTimeCode");
    }
}
