//! What the tests make: keys that follow from numbers, a root, an authority below it and a signer.
//! Everybody here is invented （虚构）.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base::Instant;
use tempfile::TempDir;
use trust::{
    Algorithm, Anchor, Certificate, Listed, PublicKey, Reason, Trust, Use,
    issue::{Authority, Key, Span, Subject},
};

/// The three algorithms that are also signed with here.
pub(crate) const OURS: [Algorithm; 3] = [Algorithm::Sm2, Algorithm::P256, Algorithm::Ed25519];

/// Seconds after 2030-01-01T00:00:00Z.
pub(crate) fn at(seconds: i64) -> Instant {
    Instant::from_micros((EPOCH + seconds) * 1_000_000)
}

/// 2030-01-01T00:00:00Z.
pub(crate) const EPOCH: i64 = 1_893_456_000;
pub(crate) const DAY: i64 = 86_400;
pub(crate) const YEAR: i64 = 365 * DAY;

pub(crate) fn span(from: i64, until: i64) -> Span {
    Span { from: at(from), until: at(until) }
}

pub(crate) fn key(algorithm: Algorithm, number: u8) -> Key {
    Key::from_secret(algorithm, &[number; 32]).unwrap()
}

pub(crate) fn public(algorithm: Algorithm, number: u8) -> PublicKey {
    key(algorithm, number).public().unwrap()
}

pub(crate) fn subject(name: &str) -> Subject<'_> {
    Subject { common_name: name, serial_number: Some("52100000MK0000001X") }
}

/// A root, an authority below it, and a signer.
pub(crate) struct Chain {
    pub(crate) root: Authority,
    pub(crate) middle: Authority,
    pub(crate) leaf: Certificate,
    pub(crate) signer: Key,
}

/// The numbers of the keys in a chain.
pub(crate) const ROOT: u8 = 1;
pub(crate) const MIDDLE: u8 = 2;
pub(crate) const SIGNER: u8 = 3;

impl Chain {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let own = |number| key(algorithm, number);
        let root = Authority::new(own(ROOT), "柳溪根 / Willow root", &[1], span(0, 20 * YEAR));
        let root = root.unwrap();
        let middle = root.intermediate(
            own(MIDDLE),
            "柳溪电子认证 / Willow certification",
            &[2],
            span(0, 10 * YEAR),
            Some(0),
        );
        let (middle, signer) = (middle.unwrap(), own(SIGNER));
        let leaf = middle.issue(
            subject("青囊诊所（虚构）"),
            &signer.public().unwrap(),
            Use::Signing,
            span(0, YEAR),
            &[3],
        );
        Self { leaf: leaf.unwrap(), root, middle, signer }
    }

    pub(crate) fn trust(&self) -> Trust {
        trusting(self.root.certificate())
    }

    pub(crate) fn between(&self) -> [Certificate; 1] {
        [self.middle.certificate().clone()]
    }
}

pub(crate) fn trusting(root: &Certificate) -> Trust {
    Trust::new(vec![Anchor::new(root.clone(), at(0), None).unwrap()])
}

pub(crate) fn listed(serial: &[u8], revoked: i64, reason: Reason) -> Listed {
    Listed { serial: serial.to_vec(), revoked: at(revoked), reason, unsafe_since: None }
}

/// Where a test puts its files; gone when it ends.
pub(crate) struct Desk(TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// Runs OpenSSL in the folder: whether it agrees, and what it says. It must be here.
    pub(crate) fn openssl(&self, words: &str) -> (bool, String) {
        let mut openssl = Command::new("openssl");
        let done = openssl.args(words.split(' ')).current_dir(self.folder()).output();
        let done = done.unwrap_or_else(|why| panic!("`openssl` is not here: {why}"));
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    pub(crate) fn must(&self, words: &str) -> String {
        let (good, said) = self.openssl(words);
        assert!(good, "openssl {words}: {said}");
        said
    }
}
