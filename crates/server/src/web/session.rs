//! Who is at the other end: a signed cookie that says who signed in and when, and the token that
//! proves a form came from that session. Nothing is kept on the server, so every node can answer.

use axum::http::{HeaderMap, header};
use base::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The cookie's name.
const COOKIE: &str = "session";
/// How long somebody stays signed in: half a day.
const LASTS_MICROS: i64 = 12 * 3600 * 1_000_000;

/// A session as its cookie says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// The person's id; empty before anybody signed in.
    pub(crate) person: String,
    /// `began.nonce.person`, which the signature covers.
    said: String,
}

impl Session {
    /// No session at all: nobody is signed in and no form of it is accepted.
    pub(crate) fn absent() -> Self {
        Self { person: String::new(), said: String::new() }
    }

    /// A new session.
    pub(crate) fn begin(person: &str, now: Instant) -> Self {
        let said = format!("{}.{}.{person}", now.micros(), random());
        Self { person: person.to_owned(), said }
    }

    /// The session whose cookie the request carries, if it is ours and has not run out.
    pub(crate) fn of(headers: &HeaderMap, secret: &[u8; 32], now: Instant) -> Self {
        let sent =
            headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        sent.flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
            .find_map(|cookie| Self::read(cookie, secret, now))
            .unwrap_or_else(Self::absent)
    }

    fn read(cookie: &str, secret: &[u8; 32], now: Instant) -> Option<Self> {
        let (said, signature) = cookie.rsplit_once('.')?;
        if !signed(secret, &["session", said], signature) {
            return None;
        }
        let mut parts = said.splitn(3, '.');
        let began = parts.next()?.parse::<i64>().ok()?;
        let person = parts.nth(1)?;
        let age = now.micros().checked_sub(began)?;
        (0..LASTS_MICROS)
            .contains(&age)
            .then(|| Self { person: person.to_owned(), said: said.to_owned() })
    }

    /// True where the request carried a session.
    pub(crate) fn present(&self) -> bool {
        !self.said.is_empty()
    }

    /// The `Set-Cookie` line that begins the session.
    pub(crate) fn cookie(&self, secret: &[u8; 32]) -> String {
        let signature = sign(secret, &["session", &self.said]);
        format!("{COOKIE}={}.{signature}; Path=/; HttpOnly; SameSite=Lax", self.said)
    }

    /// The `Set-Cookie` line that ends any session.
    pub(crate) fn end() -> String {
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    /// The token that the session's forms carry.
    pub(crate) fn token(&self, secret: &[u8; 32]) -> String {
        sign(secret, &["form", &self.said])
    }

    /// Whether a form's token is the session's.
    pub(crate) fn accepts(&self, secret: &[u8; 32], token: &str) -> bool {
        self.present() && signed(secret, &["form", &self.said], token)
    }

    /// A proof that this session sent the paper of that digest, so that a form may name it again.
    pub(crate) fn ticket(&self, secret: &[u8; 32], digest: &str) -> String {
        sign(secret, &["paper", &self.said, digest])
    }

    /// Whether a ticket is the session's for that digest.
    pub(crate) fn holds(&self, secret: &[u8; 32], digest: &str, ticket: &str) -> bool {
        self.present() && signed(secret, &["paper", &self.said, digest], ticket)
    }
}

/// Sixteen bytes that only this secret derives from those words.
pub(crate) fn derived(secret: &[u8; 32], words: &[&str]) -> [u8; 16] {
    let full = mac(secret, words).finalize().into_bytes();
    full.first_chunk::<16>().copied().unwrap_or_default()
}

/// A fresh 128-bit number in hexadecimal, for sessions and for the submissions of forms.
pub(crate) fn random() -> String {
    let mut bytes = [0; 16];
    // Without randomness the number is zero: a session is then still signed, and two submissions
    // with one number are refused rather than mixed up.
    let _ = getrandom::fill(&mut bytes);
    hex(&bytes)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high * 16 + low).collect())
}

fn sign(secret: &[u8; 32], words: &[&str]) -> String {
    hex(&mac(secret, words).finalize().into_bytes())
}

fn signed(secret: &[u8; 32], words: &[&str], signature: &str) -> bool {
    let sent = unhex(signature).unwrap_or_default();
    mac(secret, words).verify_slice(&sent).is_ok()
}

/// Words joined so that no two lists of words give the same bytes.
fn mac(secret: &[u8; 32], words: &[&str]) -> Hmac<Sha256> {
    // RFC 2104 fills a short key up with zeros to the block of the hash, which is 64 bytes.
    let mut block = [0; 64];
    block.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for word in words {
        mac.update(&(word.len() as u64).to_be_bytes());
        mac.update(word.as_bytes());
    }
    mac
}
