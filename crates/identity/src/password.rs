//! Passwords: which are good enough (NIST SP 800-63B-4, section 3.1.1.2), and how they are kept
//! (Argon2id, RFC 9106).

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc},
};
use base::{Reason, Text};
use unicode_normalization::UnicodeNormalization as _;

/// The fewest characters of a password that may be the only proof (SP 800-63B-4, 3.1.1.2: 15).
pub const LENGTH_MIN: usize = 15;
/// The most characters; the standard asks for at least 64, so that a sentence is a password.
pub const LENGTH_MAX: usize = 128;

/// Memory in KiB, passes and lanes: what OWASP's password storage cheat sheet asks for at the least
/// of Argon2id (19 MiB, 2, 1), within the bounds of RFC 9106, section 3.1.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of the hash.
const OUTPUT: usize = 32;

/// Long passwords that everybody thinks of; shorter ones are too short anyway.
const COMMON: &str = include_str!("common-passwords.txt");

/// A password as somebody typed it, in one normal form whatever keyboard it came from.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A new password for somebody about whom the words `about` are known: names, the site's title.
    ///
    /// # Errors
    /// A [`Reason`] when it is too short, too long, or one of the first that a guesser would try.
    /// No mixture of kinds of characters is asked for: the standard forbids such rules.
    pub fn new(text: &str, about: &[&str]) -> Result<Self, Reason> {
        let password = Self::typed(text);
        let length = password.0.chars().count();
        if length < LENGTH_MIN {
            return Err(too_short(length));
        }
        if length > LENGTH_MAX {
            return Err(too_long());
        }
        if guessable(&password.0, about) { Err(guessed()) } else { Ok(password) }
    }

    /// What somebody typed to sign in; whether it is right only its hash can say. More characters
    /// than a password may have are not read.
    pub fn typed(text: &str) -> Self {
        Self(text.nfkc().take(LENGTH_MAX + 1).collect())
    }

    /// The hash under which it is kept.
    ///
    /// # Errors
    /// [`HashFault`] when there is no memory for it.
    pub fn hash(&self, salt: [u8; 16]) -> Result<PasswordHash, HashFault> {
        let hashed = argon2()?.hash_password_with_salt(self.0.as_bytes(), &salt);
        hashed.map(|hash| PasswordHash(hash.to_string())).map_err(|_| HashFault)
    }
}

/// Shows nothing of it.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashFault;

impl fmt::Display for HashFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a password could not be hashed")
    }
}

impl std::error::Error for HashFault {}

/// What is kept of a password: a PHC string with its parameters and salt.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash as it was kept.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// A hash that no password has, for accounts that do not exist: looking at it takes as long.
    pub fn decoy() -> Self {
        Self(format!(
            "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$ZGVjb3lkZWNveWRlY295$\
             AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ))
    }

    /// The hash as it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the password is the one that was hashed.
    pub fn of(&self, password: &Password) -> bool {
        Argon2::default().verify_password(password.0.as_bytes(), self.0.as_str()).is_ok()
    }

    /// Whether it was made with other parameters than today's and is to be made anew when the
    /// password is next typed.
    pub fn dated(&self) -> bool {
        let kept = phc::PasswordHash::new(&self.0);
        let kept = kept.ok().filter(|hash| hash.algorithm == Algorithm::Argon2id.ident());
        let kept = kept.and_then(|hash| Params::try_from(&hash).ok());
        kept.is_none_or(|kept| {
            (kept.m_cost(), kept.t_cost(), kept.p_cost()) != (MEMORY_KIB, PASSES, LANES)
        })
    }
}

/// Shows nothing of it.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

fn argon2() -> Result<Argon2<'static>, HashFault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT)).map_err(|_| HashFault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a guesser would try it among the first: a common one, one block again and again, a run
/// along the alphabet, the digits or the keyboard, or little more than what is known of the person.
fn guessable(text: &str, about: &[&str]) -> bool {
    let small = text.to_lowercase();
    let letters: Vec<char> = small.chars().filter(|c| !c.is_whitespace()).collect();
    let plain: String = letters.iter().collect();
    COMMON.lines().any(|common| common == plain)
        || repeats(&letters)
        || runs(&letters)
        || about.iter().any(|known| mostly(&plain, &known.to_lowercase()))
}

/// One block of at most a third of the text, again and again.
fn repeats(letters: &[char]) -> bool {
    (1..=letters.len() / 3)
        .any(|block| letters.iter().zip(letters.iter().skip(block)).all(|(a, b)| a == b))
}

/// Nearly every character next to the one before it: on the alphabet, among the digits, on a row of
/// keys, or the same again.
fn runs(letters: &[char]) -> bool {
    const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let on_row = |a: char, b: char| {
        ROWS.iter().any(|row| {
            let place = |c| row.chars().position(|key| key == c);
            matches!((place(a), place(b)), (Some(a), Some(b)) if a.abs_diff(b) <= 1)
        })
    };
    let next = |a: char, b: char| u32::from(a).abs_diff(u32::from(b)) <= 1 || on_row(a, b);
    let pairs = letters.iter().zip(letters.iter().skip(1));
    let beside = pairs.filter(|(a, b)| next(**a, **b)).count();
    beside * 4 >= letters.len().saturating_sub(1) * 3
}

/// What is left without `known` is shorter than half a password.
fn mostly(plain: &str, known: &str) -> bool {
    let known: String = known.chars().filter(|c| !c.is_whitespace()).collect();
    let told = known.chars().count() >= 4 && plain.contains(&known);
    told && plain.replace(&known, "").chars().count() < LENGTH_MIN / 2
}

fn too_short(length: usize) -> Reason {
    let missing = LENGTH_MIN - length;
    Reason {
        word: "password-short",
        says: Text::new(
            format!("密码至少 {LENGTH_MIN} 个字符，还差 {missing} 个；可以用几个词连成一句"),
            format!(
                "a password has at least {LENGTH_MIN} characters, {missing} more than this; \
                 a few words in a row will do"
            ),
        ),
    }
}

fn too_long() -> Reason {
    Reason {
        word: "password-long",
        says: Text::new(
            format!("密码最多 {LENGTH_MAX} 个字符"),
            format!("a password has at most {LENGTH_MAX} characters"),
        ),
    }
}

fn guessed() -> Reason {
    Reason {
        word: "password-guessable",
        says: Text::new(
            "这个密码太容易被猜到（常见、重复、连续，或与您的名称相近）；请换几个互不相干的词",
            "this password is among the first that a guesser would try (common, repeated, in a \
             row, or close to your name); take a few words that have nothing to do with each other",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_easily_guessed() {
        let about = ["li.ming@example.cn", "Willow health and care"];
        let check = |text: &str, word: Option<&str>| {
            let made = Password::new(text, &about);
            assert_eq!(made.err().map(|reason| reason.word), word, "{text}");
        };
        check("correct horse battery", None);
        check("青山不改绿水长流后会有期再见啦", None);
        check("Tr0ub4dor&3 xkcd", None);
        check("fourteen chars", Some("password-short"));
        check("fifteen letters", None);
        check("", Some("password-short"));
        check(&"长句".repeat(65), Some("password-long"));
        check("passwordpassword", Some("password-guessable"));
        check("PasswordPassword1", Some("password-guessable"));
        check("aaaaaaaaaaaaaaaa", Some("password-guessable"));
        check("abcabcabcabcabc", Some("password-guessable"));
        check("willow1willow1willow1", Some("password-guessable"));
        check("123456789012345", Some("password-guessable"));
        check("qwertyuiopasdfghjkl", Some("password-guessable"));
        check("abcdefghijklmnopq", Some("password-guessable"));
        check("li.ming@example.cn", Some("password-guessable"));
        check("Li.Ming@Example.cn1", Some("password-guessable"));
        check("willow health and care", Some("password-guessable"));
        check("willow health and care, seven herons", None);
    }

    #[test]
    fn a_hash_knows_its_password_and_its_age() {
        let password = Password::new("correct horse battery", &[]).unwrap();
        let hash = password.hash([7; 16]).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hash.of(&password));
        assert!(!hash.of(&Password::typed("correct horse battery ")));
        assert!(!hash.of(&Password::typed("")));
        assert_ne!(hash, password.hash([8; 16]).unwrap());
        assert!(!hash.dated());
        let older = "$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$YWJjZGVmZ2hpamtsbW5vcA";
        for dated in [older, "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$YWJjZGVmZ2hpamtsbW5vcA", ""]
        {
            assert!(PasswordHash::kept(dated.to_owned()).dated(), "{dated}");
        }
        assert_eq!(format!("{password:?} {hash:?}"), "Password PasswordHash");
    }

    #[test]
    fn the_decoy_is_looked_at_as_long_and_fits_nothing() {
        let decoy = PasswordHash::decoy();
        assert!(!decoy.dated());
        assert!(phc::PasswordHash::new(decoy.as_str()).is_ok());
        assert!(!decoy.of(&Password::typed("correct horse battery")));
    }

    #[test]
    fn one_password_from_two_keyboards_is_one() {
        let hash = Password::typed("ｃａｆe\u{301} du coin, bleu").hash([1; 16]).unwrap();
        assert!(hash.of(&Password::typed("café du coin, bleu")));
    }
}
