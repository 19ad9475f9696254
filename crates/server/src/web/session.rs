//! Who is at the other end: a signed cookie with a random number, and the token that proves a form
//! came from that session. Who signed in is kept in the store under the digest of what the cookie
//! says; before that nothing is kept on the server, so nobody can fill it with sessions.

use axum::http::{HeaderMap, header};
use base::Instant;
use hmac::{Hmac, KeyInit, Mac};
use identity::{AccountId, passkey::Challenge, session::LIMITS};
use sha2::{Digest as _, Sha256};
use store::accounts::SessionDigest;

/// The cookie's name over plain HTTP, on this machine.
const PLAIN: &str = "session";
/// The cookie's name over HTTPS: a browser takes it from this host alone (RFC 6265bis, 4.1.3.2).
const HOST: &str = "__Host-session";

/// A session as its cookie says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// `kind.began.number`, which the signature covers.
    said: String,
}

impl Session {
    /// No session at all: nobody is signed in and no form of it is accepted.
    pub(crate) fn absent() -> Self {
        Self { said: String::new() }
    }

    /// What programs of an account come with, each time: no cookie says it, and no form is of it.
    /// The papers that one program of an account has sent another may hand in.
    pub(crate) fn of_programs(account: AccountId) -> Self {
        Self { said: format!("program.{account}") }
    }

    /// A new session in which nobody has signed in.
    pub(crate) fn begin(now: Instant) -> Self {
        Self::new('a', now)
    }

    /// A new session in which somebody signs in now: never one that was there before.
    pub(crate) fn signed_in(now: Instant) -> Self {
        Self::new('s', now)
    }

    fn new(kind: char, now: Instant) -> Self {
        Self { said: format!("{kind}.{}.{}{}", now.micros(), random(), random()) }
    }

    /// The session whose cookie the request carries, if it is ours and has not run out.
    pub(crate) fn of(headers: &HeaderMap, secret: &[u8; 32], now: Instant) -> Self {
        let sent =
            headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            [PLAIN, HOST].contains(&name).then_some(value)
        });
        let mut read = pairs.filter_map(|cookie| Self::read(cookie, secret, now));
        read.next().unwrap_or_else(Self::absent)
    }

    fn read(cookie: &str, secret: &[u8; 32], now: Instant) -> Option<Self> {
        let (said, signature) = cookie.rsplit_once('.')?;
        if !signed(secret, &["session", said], signature) {
            return None;
        }
        let began = said.split('.').nth(1)?.parse::<i64>().ok()?;
        let session = Self { said: said.to_owned() };
        // How long somebody stays signed in the store says.
        let began = Instant::from_micros(began);
        let lasts = session.somebody() || LIMITS.lasts(began, now, now);
        lasts.then_some(session)
    }

    /// True where the request carried a session.
    pub(crate) fn present(&self) -> bool {
        !self.said.is_empty()
    }

    /// True where somebody signed in, once.
    pub(crate) fn somebody(&self) -> bool {
        self.said.starts_with('s')
    }

    /// Under what the store keeps it.
    pub(crate) fn digest(&self) -> SessionDigest {
        SessionDigest(Sha256::digest(self.said.as_bytes()).into())
    }

    /// The `Set-Cookie` line that begins the session; `secure` where it goes over HTTPS.
    pub(crate) fn cookie(&self, secret: &[u8; 32], secure: bool) -> String {
        let signature = sign(secret, &["session", &self.said]);
        set(secure, &format!("{}.{signature}", self.said), "")
    }

    /// The `Set-Cookie` line that ends any session.
    pub(crate) fn end(secure: bool) -> String {
        set(secure, "", "; Max-Age=0")
    }

    /// The token that the session's forms carry.
    pub(crate) fn token(&self, secret: &[u8; 32]) -> String {
        sign(secret, &["form", &self.said])
    }

    /// Whether a form's token is the session's.
    pub(crate) fn accepts(&self, secret: &[u8; 32], token: &str) -> bool {
        self.present() && signed(secret, &["form", &self.said], token)
    }

    /// What a device is to sign for the form of that number.
    pub(crate) fn challenge(&self, secret: &[u8; 32], key: &str) -> Challenge {
        Challenge(mac(secret, &["passkey", &self.said, key]).finalize().into_bytes().into())
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

fn set(secure: bool, value: &str, more: &str) -> String {
    let (name, only) = if secure { (HOST, "; Secure") } else { (PLAIN, "") };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{only}{more}")
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
