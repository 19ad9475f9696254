//! Certificates of seals: X.509 version 3 (RFC 5280) with SM2 and SM3 (GM/T 0015).
//!
//! A jurisdiction has one root, which makes its seals and issues the certificate of each body.
//! Serial numbers are digests of what a certificate says, so the same key and days give the same
//! certificate.

use base::{Date, Text};
use der::{
    Decode, Encode, Sequence,
    asn1::{Any, BitString, GeneralizedTime, ObjectIdentifier, OctetString, SetOfVec},
    oid::AssociatedOid,
    pem::{self, LineEnding},
};
use sm3::{Digest, Sm3};
use x509_cert::{
    attr::AttributeTypeAndValue,
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
        },
    },
    name::{Name, RdnSequence, RelativeDistinguishedName},
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::Validity,
};

use super::{
    fault::Unmade,
    key::{Signer, verifies},
    moment::{last, start, time},
};

/// SM2 with SM3.
pub(super) const SM2_WITH_SM3: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Says in every subject that no licensed authority stands behind it.
const TEST: &str = "测试 / TEST";

/// The label of certificates in PEM.
const LABEL: &str = "CERTIFICATE";

/// The days on which a certificate is valid, by the clocks of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The first day on which it is no longer valid.
    pub until: Date,
}

/// A certificate as its DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate(pub(super) Vec<u8>);

/// The seal root of a jurisdiction: its key and its certificate.
pub struct Root<'k> {
    pub(super) key: &'k dyn Signer,
    pub(super) certificate: Certificate,
}

#[derive(Sequence)]
struct Stated {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: SerialNumber,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Signed {
    stated: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

impl<'k> Root<'k> {
    /// The root of a place, self-signed.
    ///
    /// # Errors
    /// [`Unmade`] where the key does not sign or a day has no form in ASN.1.
    pub fn new(key: &'k dyn Signer, place: &Text, days: Days) -> Result<Self, Unmade> {
        let subject = name(&[
            (ORGANIZATION, &place.zh),
            (UNIT, TEST),
            (COMMON_NAME, "测试印章根 / TEST seal root"),
        ])?;
        let usage = KeyUsages::KeyCertSign | KeyUsages::CRLSign | KeyUsages::DigitalSignature;
        let extensions = vec![
            extension(true, &BasicConstraints { ca: true, path_len_constraint: Some(0) })?,
            extension(true, &KeyUsage(usage))?,
            extension(false, &SubjectKeyIdentifier(mark(&key.public())?))?,
        ];
        let stated =
            Said { issuer: subject.clone(), subject, days, public: key.public(), extensions };
        Ok(Self { key, certificate: stated.signed(key)? })
    }

    /// The root's certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate of a body's seal.
    pub(super) fn issue(
        &self,
        public: Vec<u8>,
        body: &Text,
        days: Days,
    ) -> Result<Certificate, Unmade> {
        let issuer = self.certificate.parsed()?.tbs_certificate().subject().clone();
        let named = [(ORGANIZATION, body.zh.as_str()), (UNIT, TEST), (COMMON_NAME, &body.zh)];
        let usage = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(mark(&self.key.public())?),
            ..AuthorityKeyIdentifier::default()
        };
        let extensions = vec![
            extension(true, &BasicConstraints { ca: false, path_len_constraint: None })?,
            extension(true, &KeyUsage(usage))?,
            extension(false, &SubjectKeyIdentifier(mark(&public)?))?,
            extension(false, &authority)?,
        ];
        Said { issuer, subject: name(&named)?, days, public, extensions }.signed(self.key)
    }
}

/// What a certificate is to say.
struct Said {
    issuer: Name,
    subject: Name,
    days: Days,
    public: Vec<u8>,
    extensions: Vec<Extension>,
}

impl Said {
    fn signed(self, by: &dyn Signer) -> Result<Certificate, Unmade> {
        let algorithm = AlgorithmIdentifierOwned { oid: SM2_WITH_SM3, parameters: None };
        let stated = self.stated(algorithm.clone())?.to_der()?;
        let signature = BitString::from_bytes(&by.sign(&stated)?)?;
        let stated = Any::from_der(&stated)?;
        Ok(Certificate(Signed { stated, algorithm, signature }.to_der()?))
    }

    fn stated(self, algorithm: AlgorithmIdentifierOwned) -> Result<Stated, der::Error> {
        let validity = Validity::new(time(start(self.days.from)?), time(last(self.days.until)?));
        let curve = AlgorithmIdentifierOwned {
            oid: PUBLIC_KEY,
            parameters: Some(Any::encode_from(&SM2_CURVE)?),
        };
        let key = SubjectPublicKeyInfoOwned {
            algorithm: curve,
            subject_public_key: BitString::from_bytes(&self.public)?,
        };
        let parts =
            [self.issuer.to_der()?, self.subject.to_der()?, validity.to_der()?, self.public];
        let digest = Sm3::digest(parts.concat());
        // Sixteen bytes, of which the first is positive and not zero.
        let serial: Vec<u8> = std::iter::once(1).chain(digest.iter().copied().take(15)).collect();
        Ok(Stated {
            version: 2,
            serial: SerialNumber::new(&serial)?,
            algorithm,
            issuer: self.issuer,
            validity,
            subject: self.subject,
            key,
            extensions: self.extensions,
        })
    }
}

impl Certificate {
    /// Reads DER or PEM; none where it is no certificate.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        match pem::decode_vec(bytes) {
            Ok((LABEL, der)) => Self::of_der(&der),
            _ => Self::of_der(bytes),
        }
    }

    /// Reads DER that is written in the one way there is.
    pub(super) fn of_der(bytes: &[u8]) -> Option<Self> {
        let read = Self(bytes.to_vec());
        let again = read.parsed().ok()?.to_der().ok()?;
        (again == bytes).then_some(read)
    }

    /// The certificate in PEM (RFC 7468).
    ///
    /// # Errors
    /// None in practice: what is written goes to memory.
    pub fn to_pem(&self) -> Result<String, Unmade> {
        let written = pem::encode_string(LABEL, LineEnding::LF, &self.0);
        written.map_err(|error| Unmade::Written(std::io::Error::other(error)))
    }

    /// The certificate's DER.
    pub fn to_der(&self) -> &[u8] {
        &self.0
    }

    /// Its SM3 digest in lower-case hexadecimal digits, by which people compare it.
    pub fn fingerprint(&self) -> String {
        Sm3::digest(&self.0).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn parsed(&self) -> Result<x509_cert::Certificate, der::Error> {
        x509_cert::Certificate::from_der(&self.0)
    }

    /// Its public key; none where it is of another curve.
    pub(super) fn public(&self) -> Option<Vec<u8>> {
        let parsed = self.parsed().ok()?;
        let key = parsed.tbs_certificate().subject_public_key_info();
        let curve = key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok()?;
        let ours = key.algorithm.oid == PUBLIC_KEY && curve == SM2_CURVE;
        ours.then(|| key.subject_public_key.as_bytes().map(<[u8]>::to_vec)).flatten()
    }

    /// The common name of its subject.
    pub(super) fn subject(&self) -> Option<String> {
        self.named(COMMON_NAME)
    }

    /// Whether it says of itself that it is for tests, so that no licensed authority stands behind
    /// it.
    pub(super) fn for_tests(&self) -> bool {
        self.named(UNIT).as_deref() == Some(TEST)
    }

    fn named(&self, part: ObjectIdentifier) -> Option<String> {
        let parsed = self.parsed().ok()?;
        let mut parts = parsed.tbs_certificate().subject().iter_rdn().flat_map(|part| part.iter());
        let found = parts.find(|own| own.oid == part)?;
        found.value.decode_as::<String>().ok()
    }

    /// Whether `issuer` signed it and may sign certificates.
    pub(super) fn issued_by(&self, issuer: &Self) -> bool {
        let check = || -> Option<bool> {
            let (own, above) = (self.parsed().ok()?, issuer.parsed().ok()?);
            let algorithms = own.signature_algorithm().oid == SM2_WITH_SM3
                && own.tbs_certificate().signature() == own.signature_algorithm();
            let stated = own.tbs_certificate().to_der().ok()?;
            let signed = verifies(&issuer.public()?, &stated, own.signature().as_bytes()?);
            let above = above.tbs_certificate();
            let (_, basic) = above.get_extension::<BasicConstraints>().ok()??;
            let (_, usage) = above.get_extension::<KeyUsage>().ok()??;
            let named = own.tbs_certificate().issuer() == above.subject();
            Some(algorithms && signed && named && basic.ca && usage.key_cert_sign())
        };
        check().unwrap_or(false)
    }

    /// Whether it may sign documents.
    pub(super) fn may_sign(&self) -> bool {
        let check = || -> Option<bool> {
            let parsed = self.parsed().ok()?;
            let (_, usage) = parsed.tbs_certificate().get_extension::<KeyUsage>().ok()??;
            Some(usage.digital_signature())
        };
        check().unwrap_or(false)
    }

    /// Whether it was valid at that second; its last second is one of them (RFC 5280, 4.1.2.5).
    pub(super) fn valid_at(&self, at: &GeneralizedTime) -> bool {
        self.parsed().is_ok_and(|parsed| {
            let validity = parsed.tbs_certificate().validity();
            let (from, until) = (validity.not_before, validity.not_after);
            let at = at.to_unix_duration();
            from.to_unix_duration() <= at && at <= until.to_unix_duration()
        })
    }
}

fn name(parts: &[(ObjectIdentifier, &str)]) -> Result<Name, der::Error> {
    let country = AttributeTypeAndValue {
        oid: COUNTRY,
        value: Any::encode_from(&der::asn1::PrintableStringRef::new("CN")?)?,
    };
    let mut all = vec![alone(country)?];
    for (oid, text) in parts {
        let value = Any::encode_from(&(*text).to_owned())?;
        all.push(alone(AttributeTypeAndValue { oid: *oid, value })?);
    }
    Name::from_der(&RdnSequence::from(all).to_der()?)
}

fn alone(part: AttributeTypeAndValue) -> Result<RelativeDistinguishedName, der::Error> {
    Ok(RelativeDistinguishedName::from(SetOfVec::try_from(vec![part])?))
}

fn extension<T: Encode + AssociatedOid>(critical: bool, says: &T) -> Result<Extension, der::Error> {
    let extn_value = OctetString::new(says.to_der()?)?;
    Ok(Extension { extn_id: T::OID, critical, extn_value })
}

/// What tells a key from others: the first twenty bytes of its digest (RFC 7093).
fn mark(public: &[u8]) -> Result<OctetString, der::Error> {
    let digest: Vec<u8> = Sm3::digest(public).iter().copied().take(20).collect();
    OctetString::new(digest)
}
