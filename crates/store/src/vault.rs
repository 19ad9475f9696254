//! The vault: a person's details, each sealed under that person's own key (XChaCha20-Poly1305),
//! and the person's key wrapped under the vault key. Destroying the wrapped key erases the person
//! (Personal Information Protection Law art. 47) while the ledger stays as it is.

use base::Division;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use kernel::{BodyId, CaseId, PartyId};
use sha2::Sha256;

use crate::{error::StoreError, outbox::OutletId};

/// The key that everything in the vault hangs on; kept outside the database.
#[derive(Clone)]
pub struct VaultKey([u8; 32]);

impl VaultKey {
    /// The key from its 32 bytes, which must be random.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`StoreError::Vault`] when the system has no randomness.
    pub fn random() -> Result<Self, StoreError> {
        random().map(Self)
    }

    /// The bytes to keep in a safe place.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
}

/// Shows nothing of the key.
impl std::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VaultKey")
    }
}

/// What the keys of official seals are derived from: one secret of the jurisdiction, itself derived
/// from the vault key, so that no key is kept anywhere.
#[derive(Clone)]
pub struct SealKeys([u8; 32]);

impl SealKeys {
    /// The secrets of a jurisdiction under `key`.
    pub fn new(jurisdiction: &Division, key: &VaultKey) -> Self {
        Self(digest(&key.0, &["seals", jurisdiction.as_str()]))
    }

    /// The secret of the root that makes every seal.
    pub fn root(&self) -> [u8; 64] {
        self.secret("seal-root")
    }

    /// The secret of a body's seal.
    pub fn body(&self, body: &BodyId) -> [u8; 64] {
        self.secret(&format!("seal/{body}"))
    }

    /// The secret with which the city signs verifiable credentials.
    pub fn credentials(&self) -> [u8; 32] {
        digest(&self.0, &["credentials"])
    }

    /// Twice as long as a key, so that reducing it to one favours none.
    fn secret(&self, purpose: &str) -> [u8; 64] {
        let mut secret = [0; 64];
        let halves = ["high", "low"].map(|half| digest(&self.0, &[purpose, half]));
        secret.iter_mut().zip(halves.as_flattened()).for_each(|(byte, half)| *byte = *half);
        secret
    }
}

/// Shows nothing of the secret.
impl std::fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKeys")
    }
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Vault("no randomness"))?;
    Ok(bytes)
}

/// The ciphers of one jurisdiction.
pub(crate) struct Vault {
    jurisdiction: Division,
    wrapping: [u8; 32],
    identities: [u8; 32],
    passing: [u8; 32],
    check: [u8; 32],
    pub(crate) seals: SealKeys,
}

/// A person's own key.
pub(crate) struct PersonKey([u8; 32]);

/// Where a detail stands; it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) party: PartyId,
    pub(crate) case: CaseId,
    pub(crate) path: &'a str,
}

/// A sealed text with its nonce.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; 24],
    pub(crate) text: Vec<u8>,
}

impl Vault {
    /// The vault of a jurisdiction under `key`.
    pub(crate) fn new(jurisdiction: Division, key: &VaultKey) -> Self {
        let derived = |purpose: &str| digest(&key.0, &[purpose, jurisdiction.as_str()]);
        let (wrapping, identities, passing, check) =
            (derived("wrapping"), derived("identities"), derived("passing"), derived("check"));
        let seals = SealKeys::new(&jurisdiction, key);
        Self { jurisdiction, wrapping, identities, passing, check, seals }
    }

    /// What tells this vault key from another without telling the key.
    pub(crate) fn check(&self) -> [u8; 32] {
        self.check
    }

    /// The keyed digest of an identity number, however its letters and the blanks around it are
    /// written.
    pub(crate) fn identity(&self, kind: &str, identity: &str) -> [u8; 32] {
        digest(&self.identities, &[kind, &identity.trim().to_ascii_uppercase()])
    }

    /// What is sent to an outlet so that who reads it there can prove it.
    pub(crate) fn outlet_proof(&self, party: PartyId, id: OutletId) -> [u8; 16] {
        let words = [party.0, id.0].map(|bytes| bytes.map(|byte| format!("{byte:02x}")).concat());
        let [party, id] = words;
        let full = digest(&self.identities, &["outlet", &party, &id]);
        full.first_chunk::<16>().copied().unwrap_or_default()
    }

    /// Whether a proof is the one of that outlet, compared in constant time.
    pub(crate) fn proves_outlet(&self, party: PartyId, id: OutletId, proof: &[u8]) -> bool {
        let own = self.outlet_proof(party, id);
        let differ = own.iter().zip(proof).fold(0, |differ, (one, other)| differ | (one ^ other));
        proof.len() == own.len() && differ == 0
    }

    /// A new person's key, and the same key wrapped for the database.
    pub(crate) fn new_key(&self, party: PartyId) -> Result<(PersonKey, Vec<u8>), StoreError> {
        let (key, nonce) = (random::<32>()?, random::<24>()?);
        let sealed = encrypt(&self.wrapping, &nonce, &key, &self.about(party))?;
        Ok((PersonKey(key), [nonce.as_slice(), &sealed].concat()))
    }

    /// The person's key from its wrapped form.
    pub(crate) fn unwrap_key(
        &self,
        party: PartyId,
        wrapped: &[u8],
    ) -> Result<PersonKey, StoreError> {
        let broken = StoreError::Vault("a person's key does not open");
        let Some((nonce, sealed)) = wrapped.split_first_chunk::<24>() else { return Err(broken) };
        let key = decrypt(&self.wrapping, nonce, sealed, &self.about(party))?;
        key.try_into().map(PersonKey).map_err(|_| broken)
    }

    /// Seals one detail.
    pub(crate) fn seal(
        &self,
        key: &PersonKey,
        place: Place<'_>,
        text: &str,
    ) -> Result<Sealed, StoreError> {
        let nonce = random()?;
        let text = encrypt(&key.0, &nonce, text.as_bytes(), &self.place(place))?;
        Ok(Sealed { nonce, text })
    }

    /// Opens one detail.
    pub(crate) fn open(
        &self,
        key: &PersonKey,
        place: Place<'_>,
        nonce: &[u8],
        sealed: &[u8],
    ) -> Result<String, StoreError> {
        let broken = |_| StoreError::Vault("a detail does not open");
        let nonce: &[u8; 24] = nonce.try_into().map_err(broken)?;
        let text = decrypt(&key.0, nonce, sealed, &self.place(place))?;
        String::from_utf8(text).map_err(|_| StoreError::Vault("a detail is not a text"))
    }

    /// Seals bytes that belong to no case; they open only under the same words about them.
    pub(crate) fn seal_bytes(
        &self,
        key: &PersonKey,
        about: &str,
        bytes: &[u8],
    ) -> Result<Sealed, StoreError> {
        let nonce = random()?;
        let text = encrypt(&key.0, &nonce, bytes, &self.apart(about))?;
        Ok(Sealed { nonce, text })
    }

    /// Opens bytes that belong to no case.
    pub(crate) fn open_bytes(
        &self,
        key: &PersonKey,
        about: &str,
        nonce: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let broken = |_| StoreError::Vault("a sealed page does not open");
        let nonce: &[u8; 24] = nonce.try_into().map_err(broken)?;
        decrypt(&key.0, nonce, sealed, &self.apart(about))
    }

    fn apart(&self, about: &str) -> Vec<u8> {
        format!("{}||{about}", self.jurisdiction).into_bytes()
    }

    /// Seals what is kept for one browser and for one purpose, and opens nowhere else.
    pub(crate) fn seal_passing(
        &self,
        browser: &[u8; 32],
        purpose: &str,
        bytes: &[u8],
    ) -> Result<Sealed, StoreError> {
        let nonce = random()?;
        let about = [browser.as_slice(), purpose.as_bytes()].concat();
        let text = encrypt(&self.passing, &nonce, bytes, &about)?;
        Ok(Sealed { nonce, text })
    }

    /// Opens what was kept for that browser and that purpose.
    pub(crate) fn open_passing(
        &self,
        browser: &[u8; 32],
        purpose: &str,
        nonce: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let broken = |_| StoreError::Vault("what was kept for a browser does not open");
        let about = [browser.as_slice(), purpose.as_bytes()].concat();
        decrypt(&self.passing, nonce.try_into().map_err(broken)?, sealed, &about)
    }

    fn about(&self, party: PartyId) -> Vec<u8> {
        format!("{}|{party}", self.jurisdiction).into_bytes()
    }

    fn place(&self, Place { party, case, path }: Place<'_>) -> Vec<u8> {
        format!("{}|{party}|{case}|{path}", self.jurisdiction).into_bytes()
    }
}

/// HMAC-SHA256 over the parts, each behind its length.
fn digest(key: &[u8; 32], parts: &[&str]) -> [u8; 32] {
    // A key shorter than the hash's block is filled up with zeros (RFC 2104, section 2).
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(byte, key)| *byte = *key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; 24],
    msg: &[u8],
    aad: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(nonce.into(), Payload { msg, aad });
    sealed.map_err(|_| StoreError::Vault("a text does not seal"))
}

fn decrypt(
    key: &[u8; 32],
    nonce: &[u8; 24],
    msg: &[u8],
    aad: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let opened = cipher.decrypt(nonce.into(), Payload { msg, aad });
    opened.map_err(|_| StoreError::Vault("a sealed text does not open"))
}

#[cfg(test)]
mod tests {
    use kernel::EntryNumber;

    use super::*;

    fn vault(jurisdiction: &str, key: u8) -> Vault {
        Vault::new(Division::parse(jurisdiction).unwrap(), &VaultKey::from_bytes([key; 32]))
    }

    #[test]
    fn a_detail_opens_only_where_it_was_sealed() {
        let (party, other) = (PartyId([1; 16]), PartyId([2; 16]));
        let home = vault("900101", 7);
        let (key, wrapped) = home.new_key(party).unwrap();
        let place = Place { party, case: CaseId(EntryNumber(5)), path: "owner.phone" };
        let sealed = home.seal(&key, place, "柳三").unwrap();
        let check = |vault: &Vault, holder: PartyId, place: Place<'_>, opens: bool| {
            let opened = vault
                .unwrap_key(holder, &wrapped)
                .and_then(|key| vault.open(&key, place, &sealed.nonce, &sealed.text));
            assert_eq!(opened.ok().as_deref(), opens.then_some("柳三"), "{place:?}");
        };
        check(&home, party, place, true);
        check(&home, other, place, false);
        check(&home, party, Place { party: other, ..place }, false);
        check(&home, party, Place { case: CaseId(EntryNumber(6)), ..place }, false);
        check(&home, party, Place { path: "owner.name", ..place }, false);
        check(&vault("900102", 7), party, place, false);
        check(&vault("900101", 8), party, place, false);
    }

    #[test]
    fn an_identity_has_one_digest_under_one_key() {
        let home = vault("900101", 7);
        assert_eq!(home.identity("a", "bc"), home.identity("a", "bc"));
        assert_ne!(home.identity("a", "bc"), home.identity("ab", "c"));
        assert_ne!(home.identity("a", "bc"), vault("900101", 8).identity("a", "bc"));
        assert_ne!(home.check(), vault("900101", 8).check());
        assert_eq!(format!("{:?}", VaultKey::from_bytes([7; 32])), "VaultKey");
    }

    #[test]
    fn every_seal_has_a_secret_of_its_own() {
        let body = |office: &str, division: &str| BodyId {
            office: base::Name::new(office).unwrap(),
            division: Division::parse(division).unwrap(),
        };
        let home = vault("900101", 7).seals;
        let secrets = [
            home.root(),
            home.body(&body("health", "900101")),
            home.body(&body("health", "900102")),
            home.body(&body("fire", "900101")),
            vault("900102", 7).seals.root(),
            vault("900101", 8).seals.root(),
        ];
        let different: std::collections::BTreeSet<_> = secrets.iter().collect();
        assert_eq!(different.len(), secrets.len());
        assert_eq!(home.root(), vault("900101", 7).seals.root());
        assert_ne!(home.root()[..32], home.root()[32..]);
        assert_eq!(format!("{home:?}"), "SealKeys");
    }
}
