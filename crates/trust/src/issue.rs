//! An authority for tests and demonstrations: it issues certificates, lists and answers such as
//! others' are read here. No licensed authority works like this, and nothing it issues is worth
//! anything outside of them.
//!
//! Nothing is random: keys come from bytes that are given, nonces follow RFC 6979 (of Ed25519, RFC
//! 8032), so the same words give the same bytes.

use base::Instant;
use der::{
    Encode, Sequence,
    asn1::{Any, BitString, GeneralizedTime, OctetString, PrintableStringRef, SetOfVec},
    oid::AssociatedOid,
};
use p256::ecdsa::signature::Signer as _;
use sha1::{Digest as _, Sha1};
use x509_cert::{
    Version,
    attr::AttributeTypeAndValue,
    crl::{RevokedCert, TbsCertList},
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, CrlNumber, ExtendedKeyUsage, KeyUsage,
            KeyUsages, SubjectKeyIdentifier,
        },
    },
    name::{Name, RdnSequence, RelativeDistinguishedName},
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::Validity,
};

use crate::{
    certificate::Certificate,
    coded::{Signed, known, strict},
    key::{Algorithm, IDENTITY, PublicKey},
    list::{Listed, RevocationList},
    moment::{general, time},
    path::Use,
    refused::Refused,
    response::{
        About, Answer, BASIC, Basic, OcspResponse, ResponderId, Response, ResponseBytes,
        RevokedInfo, SHA1, Single, Stated, Status,
    },
    standing::{Reason, Standing},
};

pub use der::asn1::ObjectIdentifier;
pub use x509_cert::ext::pkix::KeyUsages as Usages;

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const ANSWERS: ObjectIdentifier = crate::path::ANSWERS;

/// A private key that is held in memory.
pub struct Key(Kind);

enum Kind {
    Sm2(sm2::dsa::SigningKey),
    P256(p256::ecdsa::SigningKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

/// From the first second to the last, which is one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first second.
    pub from: Instant,
    /// The last second.
    pub until: Instant,
}

/// Whom a certificate is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The common name (2.5.4.3).
    pub common_name: &'a str,
    /// The attribute `serialNumber` (2.5.4.5), such as a number of a register.
    pub serial_number: Option<&'a str>,
}

/// What a certificate is to say, right or wrong: tests have authorities that err.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Whom it is of.
    pub subject: Subject<'a>,
    /// Whose key.
    pub public: &'a PublicKey,
    /// When it is valid.
    pub span: Span,
    /// Its serial number, of 1 to 20 bytes.
    pub serial: &'a [u8],
    /// Whether it is an authority, and how many may stand below it, where that is bounded.
    pub authority: Option<Option<u8>>,
    /// What the key may do; none leaves the extension out.
    pub usages: Option<der::flagset::FlagSet<KeyUsages>>,
    /// What it is for; none leaves the extension out.
    pub purposes: Vec<ObjectIdentifier>,
    /// Further extensions: the identifier, whether it is critical, and its value.
    pub others: Vec<(ObjectIdentifier, bool, Vec<u8>)>,
}

/// An authority: a key with its certificate.
pub struct Authority {
    key: Key,
    certificate: Certificate,
}

#[derive(Sequence)]
struct ToSign {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: SerialNumber,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

impl Key {
    /// The key that follows from 32 secret bytes, which must look random: of SM2 and P-256 they
    /// are the number itself, of Ed25519 its seed.
    ///
    /// # Errors
    /// [`Refused::NotAKey`] where they are no number below the order of the curve, which one in
    /// four thousand million is; [`Refused::AlgorithmNotTaken`] for P-384, which is only verified.
    pub fn from_secret(algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, Refused> {
        let none = |_| Refused::NotAKey;
        Ok(Self(match algorithm {
            Algorithm::Sm2 => {
                Kind::Sm2(sm2::dsa::SigningKey::from_slice(IDENTITY, secret).map_err(none)?)
            }
            Algorithm::P256 => {
                Kind::P256(p256::ecdsa::SigningKey::from_slice(secret).map_err(none)?)
            }
            Algorithm::Ed25519 => {
                Kind::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(secret)))
            }
            Algorithm::P384 => {
                return Err(Refused::AlgorithmNotTaken(algorithm.name().to_owned()));
            }
        }))
    }

    /// The public key that goes with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn public(&self) -> Result<PublicKey, Refused> {
        match &self.0 {
            Kind::Sm2(own) => PublicKey::new(Algorithm::Sm2, &own.verifying_key().to_sec1_bytes()),
            Kind::P256(own) => {
                let point = own.verifying_key().to_sec1_point(false);
                PublicKey::new(Algorithm::P256, point.as_bytes())
            }
            Kind::Ed25519(own) => {
                PublicKey::new(Algorithm::Ed25519, own.verifying_key().as_bytes())
            }
        }
    }

    /// The signature over a message, in the form of [`PublicKey::verifies`].
    ///
    /// # Errors
    /// [`Refused::Unmade`] where the key does not sign.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refused> {
        Ok(match &self.0 {
            Kind::Sm2(own) => {
                let signed = own.try_sign(message).map_err(|_| Refused::Unmade)?;
                signed.to_der().as_bytes().to_vec()
            }
            Kind::P256(own) => {
                let signed: p256::ecdsa::Signature =
                    own.try_sign(message).map_err(|_| Refused::Unmade)?;
                signed.to_der().as_bytes().to_vec()
            }
            Kind::Ed25519(own) => {
                own.try_sign(message).map_err(|_| Refused::Unmade)?.to_bytes().to_vec()
            }
        })
    }

    /// What is stated, signed.
    fn signed(&self, stated: &[u8]) -> Result<Signed, Refused> {
        let algorithm = self.public()?.algorithm().said();
        let signature = BitString::from_bytes(&self.sign(stated)?)?;
        Ok(Signed { stated: strict(stated).ok_or(Refused::Unmade)?, algorithm, signature })
    }
}

impl<'a> Draft<'a> {
    /// What a certificate for a signer or a responder says.
    pub fn leaf(
        subject: Subject<'a>,
        public: &'a PublicKey,
        purpose: Use,
        span: Span,
        serial: &'a [u8],
    ) -> Self {
        let usages = match purpose {
            Use::Signing => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            Use::Ocsp => KeyUsages::DigitalSignature.into(),
        };
        let purposes = match purpose {
            Use::Signing => vec![EMAIL],
            Use::Ocsp => vec![ANSWERS],
        };
        let null = vec![5, 0];
        let others = match purpose {
            Use::Signing => Vec::new(),
            Use::Ocsp => vec![(known::NO_CHECK, false, null)],
        };
        let usages = Some(usages);
        Self { subject, public, span, serial, authority: None, usages, purposes, others }
    }

    /// What a certificate of an authority says.
    pub fn authority(
        subject: Subject<'a>,
        public: &'a PublicKey,
        below: Option<u8>,
        span: Span,
        serial: &'a [u8],
    ) -> Self {
        let usages = KeyUsages::KeyCertSign | KeyUsages::CRLSign | KeyUsages::DigitalSignature;
        let (authority, usages) = (Some(below), Some(usages));
        let (purposes, others) = (Vec::new(), Vec::new());
        Self { subject, public, span, serial, authority, usages, purposes, others }
    }

    fn signed(&self, by: &Key, issuer: Option<&Certificate>) -> Result<Certificate, Refused> {
        let subject = name(&self.subject)?;
        let issued_by = issuer.map_or_else(|| subject.clone(), |own| own.names().0.clone());
        let above = match issuer {
            Some(own) => own.key_id().map(<[u8]>::to_vec),
            None => Some(mark(self.public)),
        };
        let to_sign = ToSign {
            version: 2,
            serial: SerialNumber::new(self.serial)?,
            algorithm: by.public()?.algorithm().said(),
            issuer: issued_by,
            validity: Validity::new(time(self.span.from)?, time(self.span.until)?),
            subject,
            key: self.public.said()?,
            extensions: Some(self.extensions(above)?),
        };
        Certificate::read(&by.signed(&to_sign.to_der()?)?.to_der()?)
    }

    fn extensions(&self, above: Option<Vec<u8>>) -> Result<Vec<Extension>, Refused> {
        let ca = self.authority.is_some();
        let path_len_constraint = self.authority.flatten();
        let mut all = vec![
            extension(true, &BasicConstraints { ca, path_len_constraint })?,
            extension(false, &SubjectKeyIdentifier(OctetString::new(mark(self.public))?))?,
        ];
        if let Some(above) = above {
            let key_identifier = Some(OctetString::new(above)?);
            let above = AuthorityKeyIdentifier { key_identifier, ..Default::default() };
            all.push(extension(false, &above)?);
        }
        if let Some(usages) = self.usages {
            all.push(extension(true, &KeyUsage(usages))?);
        }
        if !self.purposes.is_empty() {
            all.push(extension(false, &ExtendedKeyUsage(self.purposes.clone()))?);
        }
        for (extn_id, critical, value) in &self.others {
            let (extn_id, critical) = (*extn_id, *critical);
            let extn_value = OctetString::new(value.clone())?;
            all.push(Extension { extn_id, critical, extn_value });
        }
        Ok(all)
    }
}

impl Authority {
    /// An authority that vouches for itself, with any number below it.
    ///
    /// # Errors
    /// [`Refused::Unmade`] where a value has no form in ASN.1, such as a moment before 1970.
    pub fn new(key: Key, name: &str, serial: &[u8], span: Span) -> Result<Self, Refused> {
        let subject = Subject { common_name: name, serial_number: None };
        let public = key.public()?;
        Self::self_signed(key, &Draft::authority(subject, &public, None, span, serial))
    }

    /// An authority that vouches for itself, and says so much.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn self_signed(key: Key, draft: &Draft<'_>) -> Result<Self, Refused> {
        let certificate = draft.signed(&key, None)?;
        Ok(Self { key, certificate })
    }

    /// A key with a certificate that somebody else issued, be it one that may not issue any.
    pub fn of(key: Key, certificate: Certificate) -> Self {
        Self { key, certificate }
    }

    /// An authority below this one, with so many below it at most.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn intermediate(
        &self,
        key: Key,
        name: &str,
        serial: &[u8],
        span: Span,
        below: Option<u8>,
    ) -> Result<Self, Refused> {
        let subject = Subject { common_name: name, serial_number: None };
        let public = key.public()?;
        let draft = Draft::authority(subject, &public, below, span, serial);
        let certificate = self.sign(&draft)?;
        Ok(Self { key, certificate })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Issues the certificate of a signer or a responder.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn issue(
        &self,
        subject: Subject<'_>,
        public: &PublicKey,
        purpose: Use,
        span: Span,
        serial: &[u8],
    ) -> Result<Certificate, Refused> {
        self.sign(&Draft::leaf(subject, public, purpose, span, serial))
    }

    /// Issues a certificate that says so much.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn sign(&self, draft: &Draft<'_>) -> Result<Certificate, Refused> {
        draft.signed(&self.key, Some(&self.certificate))
    }

    /// Issues the list with that number: from then until the next is due.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn revocation_list(
        &self,
        number: u64,
        span: Span,
        listed: &[Listed],
    ) -> Result<RevocationList, Refused> {
        let mut extensions = vec![extension(false, &CrlNumber::try_from(number)?)?];
        if let Some(own) = self.certificate.key_id() {
            let key_identifier = Some(OctetString::new(own)?);
            let own = AuthorityKeyIdentifier { key_identifier, ..Default::default() };
            extensions.push(extension(false, &own)?);
        }
        let entries: Vec<RevokedCert> = listed.iter().map(entry).collect::<Result<_, _>>()?;
        let stated = TbsCertList {
            version: Version::V2,
            signature: self.key.public()?.algorithm().said(),
            issuer: self.certificate.names().0.clone(),
            this_update: time(span.from)?,
            next_update: Some(time(span.until)?),
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(extensions),
        };
        RevocationList::read(&self.key.signed(&stated.to_der()?)?.to_der()?)
    }

    /// Answers about certificates that an issuer issued, which is this authority itself or one that
    /// gave it a certificate for answering: from then, and until the next is due where that is
    /// said. [`Standing::Stale`] is nothing that anybody answers, and counts as unknown.
    ///
    /// # Errors
    /// As [`Authority::new`].
    pub fn ocsp_response(
        &self,
        issuer: &Certificate,
        answers: &[(&Certificate, Standing)],
        from: Instant,
        next: Option<Instant>,
    ) -> Result<OcspResponse, Refused> {
        let single = |(own, standing): &(&Certificate, Standing)| -> Result<Single, Refused> {
            let (about, answer) = (about(own, issuer)?, answer(standing)?);
            let (from, next) = (general(from)?, next.map(general).transpose()?);
            Ok(Single { about, answer, from, next, extensions: None })
        };
        let stated = Stated {
            responder: ResponderId::Name(self.certificate.names().0.clone()),
            produced: general(from)?,
            answers: answers.iter().map(single).collect::<Result<_, _>>()?,
            extensions: None,
        };
        let Signed { stated, algorithm, signature } = self.key.signed(&stated.to_der()?)?;
        let carried =
            (*issuer != self.certificate).then(|| strict::<Any>(self.certificate.to_der()));
        let certificates = carried.flatten().map(|own| vec![own]);
        let basic = Basic { stated, algorithm, signature, certificates };
        let bytes = ResponseBytes { kind: BASIC, response: OctetString::new(basic.to_der()?)? };
        let response = Response { status: Status::Successful, bytes: Some(bytes) };
        OcspResponse::read(&response.to_der()?)
    }
}

fn about(own: &Certificate, issuer: &Certificate) -> Result<About, Refused> {
    let null = Some(Any::null());
    Ok(About {
        digest: AlgorithmIdentifierOwned { oid: SHA1, parameters: null },
        name: OctetString::new(Sha1::digest(own.names().1.to_der()?).to_vec())?,
        key: OctetString::new(mark(issuer.key()))?,
        serial: SerialNumber::new(own.serial())?,
    })
}

fn answer(standing: &Standing) -> Result<Answer, Refused> {
    Ok(match standing {
        Standing::Good { .. } => Answer::Good(der::asn1::Null),
        Standing::Revoked { since, reason } => {
            let reason = (*reason != Reason::Unspecified).then(|| reason.said());
            Answer::Revoked(RevokedInfo { since: general(*since)?, reason })
        }
        Standing::Stale | Standing::Unknown => Answer::Unknown(der::asn1::Null),
    })
}

fn entry(listed: &Listed) -> Result<RevokedCert, Refused> {
    let mut extensions = Vec::new();
    if listed.reason != Reason::Unspecified {
        extensions.push(extension(false, &listed.reason.said())?);
    }
    if let Some(since) = listed.unsafe_since {
        let extn_value = OctetString::new(<GeneralizedTime as Encode>::to_der(&general(since)?)?)?;
        extensions.push(Extension { extn_id: known::INVALIDITY, critical: false, extn_value });
    }
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&listed.serial)?,
        revocation_date: time(listed.revoked)?,
        crl_entry_extensions: (!extensions.is_empty()).then_some(extensions),
    })
}

fn name(subject: &Subject<'_>) -> Result<Name, Refused> {
    let mut parts = vec![
        (COUNTRY, Any::encode_from(&PrintableStringRef::new("CN")?)?),
        (COMMON_NAME, Any::encode_from(&subject.common_name.to_owned())?),
    ];
    if let Some(number) = subject.serial_number {
        parts.push((SERIAL_NUMBER, Any::encode_from(&PrintableStringRef::new(number)?)?));
    }
    let mut all = Vec::new();
    for (oid, value) in parts {
        let part = SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }])?;
        all.push(RelativeDistinguishedName::from(part));
    }
    strict(&RdnSequence::from(all).to_der()?).ok_or(Refused::Unmade)
}

fn extension<T: Encode + AssociatedOid>(critical: bool, says: &T) -> Result<Extension, Refused> {
    let extn_value = OctetString::new(says.to_der()?)?;
    Ok(Extension { extn_id: T::OID, critical, extn_value })
}

/// What tells a key from others (RFC 5280, section 4.2.1.2, method 1; RFC 6960, section 4.1.1).
fn mark(public: &PublicKey) -> Vec<u8> {
    Sha1::digest(public.bytes()).to_vec()
}
