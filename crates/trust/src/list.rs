//! Lists of certificates that were revoked (CRL, version 2; RFC 5280, section 5).
//!
//! Only a list that is whole is read: one of the certificates of its own issuer, all of them, for
//! all reasons. A delta, an indirect list and one of a distribution point are refused, for what
//! they leave out would look like good standing.

use std::collections::BTreeSet;

use base::Instant;
use der::{
    Decode as _,
    asn1::{GeneralizedTime, Uint},
    pem::{self, LineEnding},
};
use x509_cert::{
    Version,
    crl::{CertificateList, RevokedCert},
    ext::{
        Extension,
        pkix::{AuthorityKeyIdentifier, CrlReason, KeyUsages},
    },
    name::Name,
};

use crate::{
    certificate::{Certificate, bits, serial},
    coded::{self, Signed, known, strict},
    key::Algorithm,
    moment::{instant, read},
    path::understood,
    refused::Refused,
    standing::{Reason, Standing, unless_stale},
};

/// The label of lists in PEM.
const LABEL: &str = "X509 CRL";

/// A certificate on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its serial number, without zeros before it.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub revoked: Instant,
    /// Why.
    pub reason: Reason,
    /// Since when the key is known or feared to have been unsafe, where that is said (RFC 5280,
    /// section 5.3.2). It lies before the revocation.
    pub unsafe_since: Option<Instant>,
}

/// A list that was read; whether it is by its issuer is another matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    der: Vec<u8>,
    stated: Vec<u8>,
    scheme: Algorithm,
    signature: Vec<u8>,
    issuer: Name,
    issuer_key_id: Option<Vec<u8>>,
    from: Instant,
    next: Instant,
    listed: Vec<Listed>,
}

impl Listed {
    /// Since when it counts for nothing: the earlier of the revocation and of when the key is said
    /// to have become unsafe. A signature made between the two may be anybody's.
    pub fn since(&self) -> Instant {
        self.unsafe_since.map_or(self.revoked, |unsafe_since| unsafe_since.min(self.revoked))
    }
}

impl RevocationList {
    /// Reads DER, or one block of PEM, and nothing beside it.
    ///
    /// It must be of version 2, say when the next is due, and have no certificate twice.
    ///
    /// # Errors
    /// [`Refused::NotAList`]; [`Refused::PartialList`] for a delta, an indirect list or one of a
    /// part; [`Refused::NotUnderstood`] for a critical extension; [`Refused::AlgorithmNotTaken`].
    pub fn read(given: &[u8]) -> Result<Self, Refused> {
        let der = coded::bytes(given, LABEL).ok_or(Refused::NotAList)?;
        let parsed: CertificateList = strict(&der).ok_or(Refused::NotAList)?;
        let signed = Signed::from_der(&der).map_err(|_| Refused::NotAList)?;
        let tbs = parsed.tbs_cert_list;
        let extensions = tbs.crl_extensions.as_deref();
        let empty = tbs.revoked_certificates.as_ref().is_some_and(Vec::is_empty);
        if tbs.version != Version::V2 || empty || !coded::proper(extensions) {
            return Err(Refused::NotAList);
        }
        let extensions = extensions.unwrap_or_default();
        check_extensions(extensions)?;
        let above: Option<AuthorityKeyIdentifier> =
            coded::value(extensions, known::AUTHORITY_KEY, Refused::NotAList)?;
        let from = read(&tbs.this_update).ok_or(Refused::NotAList)?;
        let next = tbs.next_update.as_ref().and_then(read).ok_or(Refused::NotAList)?;
        if next < from {
            return Err(Refused::NotAList);
        }
        let listed = tbs.revoked_certificates.unwrap_or_default();
        let listed: Vec<Listed> = listed.iter().map(entry).collect::<Result<_, _>>()?;
        // Of two entries for one certificate nobody could say which counts.
        let serials: BTreeSet<&[u8]> = listed.iter().map(|own| own.serial.as_slice()).collect();
        if serials.len() < listed.len() {
            return Err(Refused::NotAList);
        }
        Ok(Self {
            stated: signed.stated().ok_or(Refused::NotAList)?,
            scheme: signed.scheme(Some(&tbs.signature), Refused::NotAList)?,
            signature: bits(&signed).ok_or(Refused::NotAList)?,
            issuer: tbs.issuer,
            issuer_key_id: above
                .and_then(|own| own.key_identifier)
                .map(|own| own.as_bytes().to_vec()),
            from,
            next,
            listed,
            der,
        })
    }

    /// The list's DER.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// The list in PEM (RFC 7468).
    ///
    /// # Errors
    /// None in practice: what is written goes to memory.
    pub fn to_pem(&self) -> Result<String, Refused> {
        pem::encode_string(LABEL, LineEnding::LF, &self.der).map_err(|_| Refused::Unmade)
    }

    /// Who issued it, in the order and the escapes of RFC 4514.
    pub fn issuer(&self) -> String {
        self.issuer.to_string()
    }

    /// When it was issued (thisUpdate).
    pub fn this_update(&self) -> Instant {
        self.from
    }

    /// By when the next one is issued (nextUpdate), up to which and with which it is fresh.
    pub fn next_update(&self) -> Instant {
        self.next
    }

    /// Who is on it.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// Whether it says that it is by that issuer: the same name, and no other key.
    pub fn names(&self, issuer: &Certificate) -> bool {
        let other = self.issuer_key_id.as_deref().zip(issuer.key_id());
        self.issuer == *issuer.names().0 && other.is_none_or(|(said, own)| said == own)
    }

    /// That it is by an issuer, which may issue lists and was valid when it did.
    ///
    /// # Errors
    /// [`Refused::OtherIssuer`], [`Refused::MayNotList`], [`Refused::WrongSignature`], or what
    /// the issuer's certificate is refused for at the instant of the list.
    pub fn verify(&self, issuer: &Certificate) -> Result<(), Refused> {
        if !self.names(issuer) {
            return Err(Refused::OtherIssuer(self.issuer()));
        }
        if !issuer.allows(KeyUsages::CRLSign) {
            return Err(Refused::MayNotList(issuer.subject()));
        }
        understood(issuer)?;
        issuer.valid(self.from)?;
        let by_them = self.scheme == issuer.key().algorithm()
            && issuer.key().verifies(&self.stated, &self.signature);
        by_them.then_some(()).ok_or_else(|| Refused::WrongSignature(self.issuer()))
    }

    /// Where the certificate with that serial number stood at an instant.
    ///
    /// It was revoked where the list says so of then, or of an earlier moment at which the key was
    /// unsafe already ([`Listed::since`]); also by a list that is not fresh any more, but for a
    /// hold, which may have been let go. A list that was issued after the instant is the best
    /// witness; one that was issued before answers while it is fresh, and cannot know what came
    /// after it; one whose next was due before the instant says [`Standing::Stale`].
    pub fn status(&self, serial: &[u8], at: Instant) -> Standing {
        let otherwise = unless_stale(self.from, Some(self.next), at);
        let mut own = self.listed.iter().filter(|own| own.serial == serial && own.since() <= at);
        let lasting = |own: &&Listed| own.reason != Reason::Hold || otherwise != Standing::Stale;
        match own.next().filter(lasting) {
            Some(own) => Standing::Revoked { since: own.since(), reason: own.reason },
            None => otherwise,
        }
    }
}

/// Only whole lists of an issuer's own certificates.
fn check_extensions(all: &[Extension]) -> Result<(), Refused> {
    let partial = [known::DELTA, known::LIST_PART];
    if all.iter().any(|own| partial.contains(&own.extn_id)) {
        return Err(Refused::PartialList);
    }
    let number: Option<Uint> = coded::value(all, known::LIST_NUMBER, Refused::NotAList)?;
    if number.is_some_and(|own| own.as_bytes().len() > 20) {
        return Err(Refused::NotAList);
    }
    coded::unknown(all, &[]).map_or(Ok(()), |oid| Err(Refused::NotUnderstood(oid)))
}

fn entry(said: &RevokedCert) -> Result<Listed, Refused> {
    let not = || Refused::NotAList;
    let extensions = said.crl_entry_extensions.as_deref();
    if !coded::proper(extensions) {
        return Err(not());
    }
    let all = extensions.unwrap_or_default();
    if all.iter().any(|own| own.extn_id == known::ENTRY_ISSUER) {
        return Err(Refused::PartialList);
    }
    let reason: Option<CrlReason> = coded::value(all, known::REASON, not())?;
    let since: Option<GeneralizedTime> = coded::value(all, known::INVALIDITY, not())?;
    if let Some(oid) = coded::unknown(all, &[known::REASON, known::INVALIDITY]) {
        return Err(Refused::NotUnderstood(oid));
    }
    Ok(Listed {
        serial: serial(&said.serial_number).ok_or_else(not)?,
        revoked: read(&said.revocation_date).ok_or_else(not)?,
        reason: reason.map_or(Some(Reason::Unspecified), Reason::of).ok_or_else(not)?,
        unsafe_since: since.map(|own| instant(own.to_unix_duration())),
    })
}
