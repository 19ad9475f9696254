//! Certificates: X.509 version 3, read strictly (RFC 5280, section 4).

use std::fmt;

use base::Instant;
use der::{
    Decode as _, Encode as _,
    asn1::{ObjectIdentifier, OctetString, PrintableStringRef, Utf8StringRef},
    pem::{self, LineEnding},
};
use sha2::{Digest as _, Sha256};
use x509_cert::{
    Version,
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
            SubjectKeyIdentifier,
        },
    },
    name::Name,
};

use crate::{
    coded::{self, Signed, known, strict},
    key::{Algorithm, PublicKey},
    moment::{after, read},
    refused::Refused,
};

/// The label of certificates in PEM.
const LABEL: &str = "CERTIFICATE";
/// Bytes of a serial number at most (RFC 5280, section 4.1.2.2).
const SERIAL_MAX: usize = 20;

const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

/// A certificate that was read; whether anybody trusts it is another matter.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    stated: Vec<u8>,
    scheme: Algorithm,
    signature: Vec<u8>,
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    key: PublicKey,
    from: Instant,
    until: Instant,
    says: Says,
}

/// What its extensions say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Says {
    /// Whether it may be an authority, and how many may stand between it and a leaf.
    pub(crate) authority: bool,
    pub(crate) below: Option<u8>,
    pub(crate) usage: Option<KeyUsage>,
    pub(crate) purposes: Option<Vec<ObjectIdentifier>>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) issuer_key_id: Option<Vec<u8>>,
    pub(crate) issuer_serial: Option<Vec<u8>>,
    /// An answer need not be asked about it (RFC 6960, section 4.2.2.2.1).
    pub(crate) unchecked: bool,
    /// A critical extension, or a constraint, that is not understood.
    pub(crate) unknown: Option<String>,
}

impl Certificate {
    /// Reads DER, or one block of PEM, and nothing beside it.
    ///
    /// It must be of version 3, written in the one way DER has, with a positive serial number of
    /// at most 20 bytes, the same algorithm within as without, and no extension twice.
    ///
    /// # Errors
    /// [`Refused::NotACertificate`], [`Refused::AlgorithmNotTaken`], [`Refused::NotAKey`].
    pub fn read(given: &[u8]) -> Result<Self, Refused> {
        let der = coded::bytes(given, LABEL).ok_or(Refused::NotACertificate)?;
        let read: x509_cert::Certificate = strict(&der).ok_or(Refused::NotACertificate)?;
        let signed = Signed::from_der(&der).map_err(|_| Refused::NotACertificate)?;
        let tbs = read.tbs_certificate();
        let extensions = tbs.extensions().map(Vec::as_slice);
        let whole = tbs.version() == Version::V3
            && tbs.issuer_unique_id().is_none()
            && tbs.subject_unique_id().is_none()
            && coded::proper(extensions)
            && !tbs.issuer().is_empty();
        let serial = whole.then(|| serial(tbs.serial_number())).flatten();
        let serial = serial.ok_or(Refused::NotACertificate)?;
        let moments = read_moments(tbs).ok_or(Refused::NotACertificate)?;
        Ok(Self {
            stated: signed.stated().ok_or(Refused::NotACertificate)?,
            scheme: signed.scheme(Some(tbs.signature()), Refused::NotACertificate)?,
            signature: bits(&signed).ok_or(Refused::NotACertificate)?,
            serial,
            issuer: tbs.issuer().clone(),
            subject: tbs.subject().clone(),
            key: PublicKey::of(tbs.subject_public_key_info())?,
            from: moments.0,
            until: moments.1,
            says: Says::of(extensions.unwrap_or_default())?,
            der,
        })
    }

    /// The certificate's DER.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate in PEM (RFC 7468).
    ///
    /// # Errors
    /// None in practice: what is written goes to memory.
    pub fn to_pem(&self) -> Result<String, Refused> {
        pem::encode_string(LABEL, LineEnding::LF, &self.der).map_err(|_| Refused::Unmade)
    }

    /// Whom it is of, in the order and the escapes of RFC 4514. Its issuer chose the letters.
    pub fn subject(&self) -> String {
        self.subject.to_string()
    }

    /// Who issued it, likewise.
    pub fn issuer(&self) -> String {
        self.issuer.to_string()
    }

    /// The attribute `serialNumber` of its subject (2.5.4.5), by which authorities name a person
    /// or an institution; none where there is none or several, or where it is no plain text.
    pub fn subject_serial_number(&self) -> Option<String> {
        let mut found = self.subject.iter().filter(|own| own.oid == SERIAL_NUMBER);
        let (only, None) = (found.next()?, found.next()) else { return None };
        let printable = only.value.decode_as::<PrintableStringRef<'_>>();
        let text = match printable {
            Ok(text) => text.as_str().to_owned(),
            Err(_) => only.value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str().to_owned(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// Its own serial number, without zeros before it.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The SHA-256 digest of its DER in lower-case hexadecimal digits, by which people compare it.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first second at which it is valid.
    pub fn not_before(&self) -> Instant {
        self.from
    }

    /// The last second at which it is valid, which is one of them (RFC 5280, section 4.1.2.5).
    pub fn not_after(&self) -> Instant {
        self.until
    }

    /// What its issuer calls the key (RFC 5280, section 4.2.1.2).
    pub fn key_id(&self) -> Option<&[u8]> {
        self.says.key_id.as_deref()
    }

    /// Its public key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether it may issue certificates (basicConstraints; RFC 5280, section 4.2.1.9).
    pub fn is_authority(&self) -> bool {
        self.says.authority
    }

    /// Whether that certificate's subject issued it: the name it says, by that key.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.names_as_issuer(issuer) && self.signed_by(issuer.key())
    }

    pub(crate) fn says(&self) -> &Says {
        &self.says
    }

    pub(crate) fn names(&self) -> (&Name, &Name) {
        (&self.subject, &self.issuer)
    }

    pub(crate) fn allows(&self, usage: KeyUsages) -> bool {
        self.says.usage.is_some_and(|own| own.0.contains(usage))
    }

    /// Whether that issuer may be the one it names: the same name, byte for byte, and no other key.
    pub(crate) fn names_as_issuer(&self, issuer: &Self) -> bool {
        let other = |said: Option<&[u8]>, own: Option<&[u8]>| {
            said.zip(own).is_some_and(|(said, own)| said != own)
        };
        self.issuer == issuer.subject
            && !other(self.says.issuer_key_id.as_deref(), issuer.key_id())
            && !other(self.says.issuer_serial.as_deref(), Some(issuer.serial()))
    }

    /// Whether that key signed it.
    pub(crate) fn signed_by(&self, key: &PublicKey) -> bool {
        self.scheme == key.algorithm() && key.verifies(&self.stated, &self.signature)
    }

    /// Whether it is valid at an instant, by its days alone.
    ///
    /// # Errors
    /// [`Refused::NotYet`], [`Refused::Expired`].
    pub fn valid(&self, at: Instant) -> Result<(), Refused> {
        if at < self.from {
            return Err(Refused::NotYet(self.subject()));
        }
        if after(self.until) <= at {
            return Err(Refused::Expired(self.subject()));
        }
        Ok(())
    }
}

impl Says {
    fn of(all: &[Extension]) -> Result<Self, Refused> {
        let not = || Refused::NotACertificate;
        let basic: Option<BasicConstraints> = coded::value(all, known::BASIC, not())?;
        let basic = basic.unwrap_or(BasicConstraints { ca: false, path_len_constraint: None });
        // How many stand below has a meaning for an authority alone.
        if !basic.ca && basic.path_len_constraint.is_some() {
            return Err(not());
        }
        let usage: Option<KeyUsage> = coded::value(all, known::KEY_USAGE, not())?;
        let purposes: Option<ExtendedKeyUsage> = coded::value(all, known::PURPOSES, not())?;
        if usage.is_some_and(|own| own.0.is_empty())
            || purposes.as_ref().is_some_and(|own| own.0.is_empty())
        {
            return Err(not());
        }
        let own: Option<SubjectKeyIdentifier> = coded::value(all, known::SUBJECT_KEY, not())?;
        let above: Option<AuthorityKeyIdentifier> = coded::value(all, known::AUTHORITY_KEY, not())?;
        let bytes = |text: OctetString| text.as_bytes().to_vec();
        let names = all.iter().any(|own| own.extn_id == known::NAMES);
        let understood = [known::BASIC, known::KEY_USAGE, known::PURPOSES, known::NO_CHECK];
        let unknown = names.then(|| known::NAMES.to_string());
        Ok(Self {
            authority: basic.ca,
            below: basic.path_len_constraint,
            usage,
            purposes: purposes.map(|own| own.0),
            key_id: own.map(|own| bytes(own.0)),
            issuer_serial: above
                .as_ref()
                .and_then(|own| own.authority_cert_serial_number.as_ref())
                .and_then(serial),
            issuer_key_id: above.and_then(|own| own.key_identifier).map(bytes),
            unchecked: all.iter().any(|own| own.extn_id == known::NO_CHECK),
            unknown: unknown.or_else(|| coded::unknown(all, &understood)),
        })
    }
}

/// A serial number without zeros before it; none where it is not positive or too long.
pub(crate) fn serial(said: &x509_cert::serial_number::SerialNumber) -> Option<Vec<u8>> {
    let whole = said.to_der().ok()?;
    // The tag and one byte of length come first.
    let value = whole.get(2..)?;
    let positive = value.first().is_some_and(|first| *first < 0x80) && value != [0];
    let own: Vec<u8> = value.iter().copied().skip_while(|byte| *byte == 0).collect();
    (positive && value.len() <= SERIAL_MAX).then_some(own)
}

fn read_moments(tbs: &x509_cert::TbsCertificate) -> Option<(Instant, Instant)> {
    let validity = tbs.validity();
    Some((read(&validity.not_before)?, read(&validity.not_after)?))
}

/// The bytes of a signature, which are whole.
pub(crate) fn bits(signed: &Signed) -> Option<Vec<u8>> {
    signed.signature.as_bytes().map(<[u8]>::to_vec)
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject(), self.fingerprint())
    }
}
