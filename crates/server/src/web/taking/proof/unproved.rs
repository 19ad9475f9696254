//! Why it is not proved who signed.

use base::{Name, Text};
use lake::Flaw;
use pack::model::FeedSigned;

/// Why it is not proved who signed, or why a certificate or a list is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unproved {
    /// What is wrong with certificate, list or signature.
    Refused(trust::Refused),
    /// The certificate was not sent here.
    NoCertificate,
    /// There is no signature in Base64.
    NoSignature,
    /// The certificate names somebody else.
    OtherSigner,
    /// Who signed was not in force in the register.
    NotInForce,
    /// A list says that it was made later than now.
    ListAhead,
}

impl Unproved {
    /// One of each.
    pub(crate) fn all() -> Vec<Self> {
        let own = [
            Self::NoCertificate,
            Self::NoSignature,
            Self::OtherSigner,
            Self::NotInForce,
            Self::ListAhead,
        ];
        trust::Refused::all().into_iter().map(Self::Refused).chain(own).collect()
    }

    /// Its number, the same for ever.
    pub(crate) fn number(&self) -> u16 {
        match self {
            Self::Refused(why) => why.number(),
            Self::NoCertificate => 1571,
            Self::NoSignature => 1572,
            Self::OtherSigner => 1573,
            Self::NotInForce => 1574,
            Self::ListAhead => 1575,
        }
    }

    /// The column that it is about.
    pub(crate) fn column<'s>(&self, signed: &'s FeedSigned) -> &'s Name {
        match self {
            Self::NoSignature | Self::Refused(trust::Refused::OtherRecord) => &signed.signature,
            Self::Refused(_) | Self::NoCertificate | Self::ListAhead => &signed.certificate,
            Self::OtherSigner | Self::NotInForce => &signed.by,
        }
    }

    /// What is wrong.
    pub(crate) fn says(&self) -> Text {
        let (zh, en) = match self {
            Self::Refused(why) => return why.says(),
            Self::NoCertificate => {
                ("本平台没有该指纹的证书", "no certificate of that fingerprint is kept here")
            }
            Self::NoSignature => ("没有 Base64 编码的签名", "there is no signature in Base64"),
            Self::OtherSigner => (
                "证书主体的 serialNumber 不是该行所称签名人的登记编号",
                "the certificate's serialNumber is not the entry that the row says signed",
            ),
            Self::NotInForce => (
                "签名人在签署时不在册，或者登记不在有效状态",
                "who signed was not in the register at that moment, or not in force there",
            ),
            Self::ListAhead => {
                ("撤销列表的发布时间晚于现在", "the list says that it was made later than now")
            }
        };
        Text::new(zh, en)
    }

    /// What is wrong, where no more is known than the number.
    fn in_short(&self) -> Text {
        let (zh, en) = match self {
            Self::Refused(trust::Refused::Revoked { .. }) => (
                "证书或者其上级证书在签署时已被撤销或者暂停",
                "the certificate, or one above it, was revoked or held at the moment of signing",
            ),
            Self::Refused(trust::Refused::NotUnderstood(_)) => (
                "证书含有必须理解而未能理解的扩展项",
                "the certificate has an extension that must be understood and is not",
            ),
            Self::Refused(trust::Refused::AlgorithmNotTaken(_)) => {
                ("不采用该证书的算法", "the certificate's algorithm is not taken")
            }
            other => return other.says(),
        };
        Text::new(zh, en)
    }

    /// What to do next.
    pub(crate) fn next(&self) -> Text {
        let (zh, en) = match self {
            Self::Refused(why) => return why.next(),
            Self::NoCertificate => (
                "请先把签名证书和各级签发证书送到同一地址的 /certificates。",
                "First send the signer's certificate, and those above it, to `/certificates` below \
                 the same address.",
            ),
            Self::NoSignature => (
                "请按接口文档对该行签名。",
                "Sign the row as the documentation of the interface says.",
            ),
            Self::OtherSigner => (
                "请核对签名人；证书须由电子认证机构以登记编号签发。",
                "Compare who signed; the certificate must be issued for the number of the entry.",
            ),
            Self::NotInForce => (
                "请勿采信；请由在册的人员重新签署，登记有误的，请向登记机关申请更正。",
                "Do not rely on it. Let somebody sign who is in the register; if the register is \
                 wrong, ask the body that keeps it to correct it.",
            ),
            Self::ListAhead => (
                "请向签发该列表的机构取得现行列表。",
                "Get the present list from whoever makes it.",
            ),
        };
        Text::new(zh, en)
    }
}

impl From<trust::Refused> for Unproved {
    fn from(why: trust::Refused) -> Self {
        Self::Refused(why)
    }
}

/// What is wrong with a row, for who sent it: also where it was not the lake that said so.
pub(crate) fn says(flaw: &Flaw) -> Text {
    let judged = flaw.judged;
    let found =
        judged.and_then(|number| Unproved::all().into_iter().find(|own| own.number() == number));
    let Some(found) = found else { return flaw.says() };
    let (says, next) = (found.in_short(), found.next());
    Text::new(format!("{}。{}", says.zh, next.zh), format!("{}. {}", says.en, next.en))
}
