//! Answers about single certificates (OCSP; RFC 6960).
//!
//! An answer is signed by the issuer of the certificate, or by a delegate whom that issuer gave a
//! certificate for it. Its shapes are written here, for the crate that has them is not released.

use base::Instant;
use der::{
    Choice, Encode, Enumerated, Sequence,
    asn1::{Any, BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString},
};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use x509_cert::{
    ext::{Extension, pkix::CrlReason, pkix::KeyUsages},
    name::Name,
    serial_number::SerialNumber,
    spki::AlgorithmIdentifierOwned,
};

use crate::{
    certificate::{Certificate, bits, serial},
    coded::{self, Signed, strict},
    key::Algorithm,
    moment::instant,
    path::{ANSWERS, understood},
    refused::Refused,
    standing::{Reason, Standing, unless_stale},
};

pub(crate) const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
pub(crate) const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// Certificates that an answer may carry.
const CARRIED_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enumerated)]
#[repr(u8)]
pub(crate) enum Status {
    Successful = 0,
    Malformed = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Response {
    pub(crate) status: Status,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) bytes: Option<ResponseBytes>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct ResponseBytes {
    pub(crate) kind: ObjectIdentifier,
    pub(crate) response: OctetString,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Basic {
    pub(crate) stated: Any,
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) certificates: Option<Vec<Any>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Stated {
    // Version 1 is the only one, and left out.
    pub(crate) responder: ResponderId,
    pub(crate) produced: GeneralizedTime,
    pub(crate) answers: Vec<Single>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) extensions: Option<Vec<Extension>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Choice)]
pub(crate) enum ResponderId {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", constructed = "true")]
    Name(Name),
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    Key(OctetString),
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct Single {
    pub(crate) about: About,
    pub(crate) answer: Answer,
    pub(crate) from: GeneralizedTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) next: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) extensions: Option<Vec<Extension>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct About {
    pub(crate) digest: AlgorithmIdentifierOwned,
    pub(crate) name: OctetString,
    pub(crate) key: OctetString,
    pub(crate) serial: SerialNumber,
}

#[derive(Debug, Clone, PartialEq, Eq, Choice)]
pub(crate) enum Answer {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Good(Null),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Revoked(RevokedInfo),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Unknown(Null),
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(crate) struct RevokedInfo {
    pub(crate) since: GeneralizedTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) reason: Option<CrlReason>,
}

/// An answer that was read; whether it is by somebody who may answer is another matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspResponse {
    der: Vec<u8>,
    stated: Vec<u8>,
    scheme: Algorithm,
    signature: Vec<u8>,
    responder: ResponderId,
    produced: Instant,
    answers: Vec<Single>,
    carried: Vec<Certificate>,
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Responder {
    /// The issuer of the certificate itself.
    Issuer,
    /// Somebody to whom the issuer gave a certificate for answering.
    Delegate(Box<Certificate>),
}

impl OcspResponse {
    /// Reads DER and nothing beside it.
    ///
    /// # Errors
    /// [`Refused::NotAnAnswer`]; [`Refused::NoAnswer`] where the responder says that it gives none;
    /// [`Refused::NotUnderstood`] for a critical extension; what a certificate that it carries is
    /// refused for.
    pub fn read(der: &[u8]) -> Result<Self, Refused> {
        let not = || Refused::NotAnAnswer;
        let outer: Response = strict(der).ok_or_else(not)?;
        let bytes = match (outer.status, outer.bytes) {
            (Status::Successful, Some(bytes)) if bytes.kind == BASIC => bytes,
            (Status::Successful, _) | (_, Some(_)) => return Err(not()),
            _ => return Err(Refused::NoAnswer),
        };
        let basic: Basic = strict(bytes.response.as_bytes()).ok_or_else(not)?;
        let carried = basic.certificates.unwrap_or_default();
        if carried.len() > CARRIED_MAX {
            return Err(not());
        }
        let carried = carried.iter().map(|own| Certificate::read(&own.to_der()?));
        let carried = carried.collect::<Result<_, _>>()?;
        let (algorithm, signature) = (basic.algorithm, basic.signature);
        let signed = Signed { stated: basic.stated, algorithm, signature };
        let stated = signed.stated().ok_or_else(not)?;
        let Stated { responder, produced, answers, extensions } =
            strict(&stated).ok_or_else(not)?;
        check_extensions(extensions.as_deref())?;
        for own in &answers {
            check_answer(own, &produced)?;
        }
        Ok(Self {
            der: der.to_vec(),
            stated,
            scheme: signed.scheme(None, not())?,
            signature: bits(&signed).ok_or_else(not)?,
            responder,
            produced: instant(produced.to_unix_duration()),
            answers,
            carried,
        })
    }

    /// The answer's DER.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// When it was signed.
    pub fn produced(&self) -> Instant {
        self.produced
    }

    /// Whether it is about a certificate of that issuer.
    pub fn is_about(&self, own: &Certificate, issuer: &Certificate) -> bool {
        self.answers_about(own, issuer).next().is_some()
    }

    fn answers_about<'s>(
        &'s self,
        own: &'s Certificate,
        issuer: &'s Certificate,
    ) -> impl Iterator<Item = &'s Single> {
        self.answers.iter().filter(move |answer| answer.about.is(own, issuer))
    }

    /// That it is by an issuer or a delegate of it, who was valid when it was signed. Whether the
    /// delegate's certificate was revoked is not judged here.
    ///
    /// # Errors
    /// [`Refused::MayNotAnswer`], [`Refused::WrongSignature`], or what a certificate is refused for
    /// at the instant of the answer.
    pub fn verify(&self, issuer: &Certificate) -> Result<Responder, Refused> {
        if self.is_by(issuer)? {
            understood(issuer)?;
            issuer.valid(self.produced)?;
            self.signed_by(issuer)?;
            return Ok(Responder::Issuer);
        }
        for delegate in &self.carried {
            if self.is_by(delegate)? {
                self.delegated(delegate, issuer)?;
                self.signed_by(delegate)?;
                return Ok(Responder::Delegate(Box::new(delegate.clone())));
            }
        }
        Err(Refused::MayNotAnswer)
    }

    fn is_by(&self, own: &Certificate) -> Result<bool, Refused> {
        Ok(match &self.responder {
            ResponderId::Name(name) => name == own.names().0,
            ResponderId::Key(key) => key.as_bytes() == Sha1::digest(own.key().bytes()).as_slice(),
        })
    }

    fn signed_by(&self, own: &Certificate) -> Result<(), Refused> {
        let by_them = self.scheme == own.key().algorithm()
            && own.key().verifies(&self.stated, &self.signature);
        by_them.then_some(()).ok_or_else(|| Refused::WrongSignature(own.subject()))
    }

    /// The issuer itself gave the delegate its certificate, and for answering (RFC 6960, section
    /// 4.2.2.2): no path by way of another counts.
    fn delegated(&self, delegate: &Certificate, issuer: &Certificate) -> Result<(), Refused> {
        let may = delegate.names_as_issuer(issuer)
            && delegate.signed_by(issuer.key())
            && !delegate.is_authority()
            && delegate.allows(KeyUsages::DigitalSignature)
            && delegate.says().purposes.as_ref().is_some_and(|own| own.contains(&ANSWERS));
        if !may {
            return Err(Refused::MayNotAnswer);
        }
        understood(delegate)?;
        delegate.valid(self.produced)?;
        issuer.valid(self.produced)
    }

    /// Where a certificate of that issuer stood at an instant, by the same rule as on a list
    /// ([`RevocationList::status`](crate::RevocationList::status)). An answer that does not say
    /// when the next is due is fresh up to when it was given. Of several answers the worst counts.
    pub fn status(&self, own: &Certificate, issuer: &Certificate, at: Instant) -> Standing {
        let all = self.answers_about(own, issuer).map(|answer| answer.status(at));
        let worst = all.max_by_key(|own| match own {
            Standing::Good { .. } => 0,
            Standing::Stale => 1,
            Standing::Unknown => 2,
            Standing::Revoked { .. } => 3,
        });
        worst.unwrap_or(Standing::Unknown)
    }
}

impl About {
    fn is(&self, own: &Certificate, issuer: &Certificate) -> bool {
        let digest = |bytes: &[u8]| match self.digest.oid {
            SHA1 => Some(Sha1::digest(bytes).to_vec()),
            SHA256 => Some(Sha256::digest(bytes).to_vec()),
            _ => None,
        };
        let name = own.names().1.to_der().ok().and_then(|name| digest(&name));
        let key = digest(issuer.key().bytes());
        serial(&self.serial).as_deref() == Some(own.serial())
            && name.as_deref() == Some(self.name.as_bytes())
            && key.as_deref() == Some(self.key.as_bytes())
            && own.names_as_issuer(issuer)
    }
}

impl Single {
    fn status(&self, at: Instant) -> Standing {
        let moment = |own: &GeneralizedTime| instant(own.to_unix_duration());
        let next = self.next.as_ref().map(moment);
        let otherwise = unless_stale(moment(&self.from), next, at);
        let (since, reason) = match &self.answer {
            Answer::Good(_) => return otherwise,
            Answer::Unknown(_) => return Standing::Unknown,
            Answer::Revoked(said) => (moment(&said.since), said.reason.and_then(Reason::of)),
        };
        let reason = reason.unwrap_or(Reason::Unspecified);
        let lasting = reason != Reason::Hold || otherwise != Standing::Stale;
        if since <= at && lasting { Standing::Revoked { since, reason } } else { otherwise }
    }
}

fn check_extensions(all: Option<&[Extension]>) -> Result<(), Refused> {
    if !coded::proper(all) {
        return Err(Refused::NotAnAnswer);
    }
    let unknown = coded::unknown(all.unwrap_or_default(), &[]);
    unknown.map_or(Ok(()), |oid| Err(Refused::NotUnderstood(oid)))
}

/// The next is not due before it, and nobody knows a thing after having said it.
fn check_answer(own: &Single, produced: &GeneralizedTime) -> Result<(), Refused> {
    let from = own.from.to_unix_duration();
    let early = |next: &GeneralizedTime| next.to_unix_duration() < from;
    let removed = matches!(&own.answer,
        Answer::Revoked(said) if said.reason == Some(CrlReason::RemoveFromCRL));
    let ahead = produced.to_unix_duration() < from;
    if own.next.as_ref().is_some_and(early) || ahead || removed {
        return Err(Refused::NotAnAnswer);
    }
    check_extensions(own.extensions.as_deref())
}
