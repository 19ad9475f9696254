//! The seal of a body and what it signs: GB/T 38540-2020, version 4 of `SESeal` and
//! `SES_Signature`.

use base::Text;
use der::{
    Decode, Encode, Sequence,
    asn1::{BitString, GeneralizedTime, Ia5String, ObjectIdentifier, OctetString},
};
use sm3::{Digest, Sm3};

use super::{
    certificate::{Certificate, Days, Root, SM2_WITH_SM3},
    document::SIGNATURE,
    fault::Unmade,
    key::{Signer, verifies},
    moment::{last, start},
    stamp,
};

/// The version of the structures, which seal and signature share.
const VERSION: u8 = 4;
/// A seal of a body, not of a person.
const OF_A_BODY: u8 = 1;
/// The certificates are listed, not their digests.
const LISTED: u8 = 1;

/// The seal of a body, ready to be set.
pub struct Seal<'k> {
    key: &'k dyn Signer,
    certificate: Certificate,
    made: Made,
}

/// `SESeal`: what the root says of a seal, and its signature.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct Made {
    info: Info,
    maker: OctetString,
    algorithm: ObjectIdentifier,
    signature: BitString,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Info {
    header: Header,
    id: Ia5String,
    property: Property,
    picture: Picture,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Header {
    id: Ia5String,
    version: u8,
    vendor: Ia5String,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Property {
    kind: u8,
    name: String,
    listed: u8,
    certificates: Vec<OctetString>,
    made: GeneralizedTime,
    from: GeneralizedTime,
    until: GeneralizedTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Picture {
    kind: Ia5String,
    data: OctetString,
    width: u8,
    height: u8,
}

/// `TBS_Sign`: what a seal signs.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct ToSign {
    version: u8,
    seal: Made,
    pub(super) at: GeneralizedTime,
    digest: BitString,
    of: Ia5String,
}

/// `SES_Signature`.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct Signature {
    pub(super) to_sign: ToSign,
    certificate: OctetString,
    algorithm: ObjectIdentifier,
    signature: BitString,
}

impl<'k> Seal<'k> {
    /// The seal of a body under its own key, made by the root. `id` names it in ASCII.
    ///
    /// # Errors
    /// [`Unmade`] where a key does not sign or a value has no form in ASN.1.
    pub fn new(
        root: &Root<'_>,
        key: &'k dyn Signer,
        (id, body): (&str, &Text),
        days: Days,
    ) -> Result<Self, Unmade> {
        let certificate = root.issue(key.public(), body, days)?;
        let info = Info {
            header: Header {
                id: Ia5String::new("ES")?,
                version: VERSION,
                vendor: Ia5String::new("yiyang")?,
            },
            id: Ia5String::new(id)?,
            property: Property {
                kind: OF_A_BODY,
                name: body.zh.clone(),
                listed: LISTED,
                certificates: vec![OctetString::new(certificate.0.clone())?],
                made: start(days.from)?,
                from: start(days.from)?,
                until: last(days.until)?,
            },
            picture: Picture {
                kind: Ia5String::new("PNG")?,
                data: OctetString::new(stamp::png())?,
                width: stamp::SIDE_MM,
                height: stamp::SIDE_MM,
            },
        };
        let made = Made {
            signature: BitString::from_bytes(&root.key.sign(&info.to_der()?)?)?,
            info,
            maker: OctetString::new(root.certificate.0.clone())?,
            algorithm: SM2_WITH_SM3,
        };
        Ok(Self { key, certificate, made })
    }

    /// The certificate of its key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Sets the seal under the description of a signature.
    pub(super) fn sign(&self, description: &[u8], at: GeneralizedTime) -> Result<Vec<u8>, Unmade> {
        let to_sign = ToSign {
            version: VERSION,
            seal: self.made.clone(),
            at,
            digest: BitString::from_bytes(&Sm3::digest(description))?,
            of: Ia5String::new(&format!("/{SIGNATURE}"))?,
        };
        let signature = self.key.sign(&to_sign.to_der()?)?;
        let whole = Signature {
            to_sign,
            certificate: OctetString::new(self.certificate.0.clone())?,
            algorithm: SM2_WITH_SM3,
            signature: BitString::from_bytes(&signature)?,
        };
        Ok(whole.to_der()?)
    }
}

impl Signature {
    /// Reads DER that is written in the one way there is.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let read = Self::from_der(bytes).ok()?;
        let same = read.to_der().ok()? == bytes;
        let ours = read.algorithm == SM2_WITH_SM3 && read.to_sign.version == VERSION;
        (same && ours).then_some(read)
    }

    /// The certificate of the seal, and that of the root that made the seal.
    pub(super) fn certificates(&self) -> Option<(Certificate, Certificate)> {
        let of = |bytes: &OctetString| Certificate::of_der(bytes.as_bytes());
        Some((of(&self.certificate)?, of(&self.to_sign.seal.maker)?))
    }

    /// Whether it signs that description.
    pub(super) fn covers(&self, description: &[u8]) -> bool {
        let digest = Sm3::digest(description);
        self.to_sign.digest.as_bytes() == Some(digest.as_slice())
            && self.to_sign.of.as_str() == format!("/{SIGNATURE}")
    }

    /// Whether it is by the key of its certificate, which the seal lists.
    pub(super) fn signed_by(&self, own: &Certificate) -> bool {
        let listed = &self.to_sign.seal.info.property.certificates;
        let check = || {
            let to_sign = self.to_sign.to_der().ok()?;
            Some(verifies(&own.public()?, &to_sign, self.signature.as_bytes()?))
        };
        listed.contains(&self.certificate) && check().unwrap_or(false)
    }

    /// Whether the root made the seal.
    pub(super) fn made_by(&self, root: &Certificate) -> bool {
        let seal = &self.to_sign.seal;
        let check = || {
            let info = seal.info.to_der().ok()?;
            Some(verifies(&root.public()?, &info, seal.signature.as_bytes()?))
        };
        seal.algorithm == SM2_WITH_SM3 && check().unwrap_or(false)
    }

    /// Whether the seal was valid when it was set; its last second is one of them.
    pub(super) fn valid_then(&self) -> bool {
        let property = &self.to_sign.seal.info.property;
        let at = self.to_sign.at.to_unix_duration();
        property.from.to_unix_duration() <= at && at <= property.until.to_unix_duration()
    }

    /// The name and the id of the seal.
    pub(super) fn named(&self) -> (&str, &str) {
        let info = &self.to_sign.seal.info;
        (&info.property.name, info.id.as_str())
    }
}
