//! Why something is not trusted: numbered, in both languages, with what to do next.

use std::fmt;

use base::{Instant, Text};

use crate::standing::Reason;

/// Why something is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// No certificate of version 3, or not in the one way one is written.
    NotACertificate,
    /// No list of revoked certificates, likewise.
    NotAList,
    /// No answer about a certificate, likewise.
    NotAnAnswer,
    /// An algorithm that is not taken, by name.
    AlgorithmNotTaken(String),
    /// A key that lies on no curve, or is weak.
    NotAKey,
    /// A certificate, a list or an answer that who it names has not signed.
    WrongSignature(String),
    /// Nobody that is trusted issued it: the name that leads nowhere.
    NoIssuer(String),
    /// More certificates than anybody needs for a path.
    TooMany,
    /// More certificates between leaf and anchor than are followed.
    PathTooLong,
    /// A certificate was not valid yet.
    NotYet(String),
    /// A certificate was not valid any more.
    Expired(String),
    /// The authority was not trusted at that instant.
    NotTrustedThen(String),
    /// Who issued a certificate may issue none.
    NotAnAuthority(String),
    /// An authority's certificate where a signer's should be.
    AuthoritySigns(String),
    /// The key may not sign.
    OtherUsage(String),
    /// The key is for something else.
    OtherPurpose(String),
    /// Something that must be understood and is not, as the digits of its identifier.
    NotUnderstood(String),
    /// More below an authority than it may have.
    PathLength(String),
    /// An anchor that has not signed itself, or may issue nothing.
    NotAnAnchor,
    /// A list by another issuer.
    OtherIssuer(String),
    /// A list that leaves something out.
    PartialList,
    /// Who issued a list may issue none.
    MayNotList(String),
    /// Who answered may not answer for that issuer.
    MayNotAnswer,
    /// An answer about other certificates.
    OtherCertificate,
    /// The responder gave no answer.
    NoAnswer,
    /// A certificate was revoked or held.
    Revoked {
        /// Whose.
        subject: String,
        /// Since when.
        since: Instant,
        /// Why.
        reason: Reason,
    },
    /// Nothing fresh shows whether a certificate was revoked.
    UnknownStanding(String),
    /// It says that it was signed after it was received.
    Ahead,
    /// It says that it was signed longer ago than is believed.
    LongAgo,
    /// The signature over a record is not by the key of the certificate.
    OtherRecord,
    /// A certificate, list or answer that cannot be made.
    Unmade,
}

impl Refused {
    /// One of each, for who lists them.
    pub fn all() -> Vec<Self> {
        let word = || "…".to_owned();
        let since = Instant::from_micros(1_900_000_000_000_000);
        let reason = Reason::KeyCompromise;
        vec![
            Self::NotACertificate,
            Self::NotAList,
            Self::NotAnAnswer,
            Self::AlgorithmNotTaken("RSA".to_owned()),
            Self::NotAKey,
            Self::WrongSignature(word()),
            Self::NoIssuer(word()),
            Self::TooMany,
            Self::PathTooLong,
            Self::NotYet(word()),
            Self::Expired(word()),
            Self::NotTrustedThen(word()),
            Self::NotAnAuthority(word()),
            Self::AuthoritySigns(word()),
            Self::OtherUsage(word()),
            Self::OtherPurpose(word()),
            Self::NotUnderstood("2.5.29.30".to_owned()),
            Self::PathLength(word()),
            Self::NotAnAnchor,
            Self::OtherIssuer(word()),
            Self::PartialList,
            Self::MayNotList(word()),
            Self::MayNotAnswer,
            Self::OtherCertificate,
            Self::NoAnswer,
            Self::Revoked { subject: word(), since, reason },
            Self::UnknownStanding(word()),
            Self::Ahead,
            Self::LongAgo,
            Self::OtherRecord,
            Self::Unmade,
        ]
    }

    /// The name programs know it by.
    pub fn code(&self) -> &'static str {
        self.known().1
    }

    /// Its number, the same for ever. Those of certificates begin at 1601.
    pub fn number(&self) -> u16 {
        self.known().0
    }

    fn known(&self) -> (u16, &'static str) {
        match self {
            Self::NotACertificate => (1601, "not-a-certificate"),
            Self::NotAList => (1602, "not-a-list"),
            Self::NotAnAnswer => (1603, "not-an-answer"),
            Self::AlgorithmNotTaken(_) => (1604, "algorithm-not-taken"),
            Self::NotAKey => (1605, "not-a-key"),
            Self::WrongSignature(_) => (1606, "wrong-signature"),
            Self::NoIssuer(_) => (1607, "no-issuer"),
            Self::TooMany => (1608, "too-many"),
            Self::PathTooLong => (1609, "path-too-long"),
            Self::NotYet(_) => (1610, "not-yet-valid"),
            Self::Expired(_) => (1611, "expired"),
            Self::NotTrustedThen(_) => (1612, "not-trusted-then"),
            Self::NotAnAuthority(_) => (1613, "not-an-authority"),
            Self::AuthoritySigns(_) => (1614, "authority-signs"),
            Self::OtherUsage(_) => (1615, "other-usage"),
            Self::OtherPurpose(_) => (1616, "other-purpose"),
            Self::NotUnderstood(_) => (1617, "not-understood"),
            Self::PathLength(_) => (1618, "path-length"),
            Self::NotAnAnchor => (1619, "not-an-anchor"),
            Self::OtherIssuer(_) => (1620, "other-issuer"),
            Self::PartialList => (1621, "partial-list"),
            Self::MayNotList(_) => (1622, "may-not-list"),
            Self::MayNotAnswer => (1623, "may-not-answer"),
            Self::OtherCertificate => (1624, "other-certificate"),
            Self::NoAnswer => (1625, "no-answer"),
            Self::Revoked { .. } => (1626, "revoked"),
            Self::UnknownStanding(_) => (1627, "unknown-standing"),
            Self::Ahead => (1628, "ahead"),
            Self::LongAgo => (1629, "long-ago"),
            Self::OtherRecord => (1630, "other-record"),
            Self::Unmade => (1631, "unmade"),
        }
    }

    /// What is wrong. Whoever made a certificate chose its names: what is quoted shows all of its
    /// letters.
    pub fn says(&self) -> Text {
        let shown = |text: String| {
            let hidden = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            };
            text.replace(hidden, "\u{fffd}")
        };
        let Text { zh, en } = match self {
            Self::NotACertificate
            | Self::NotAList
            | Self::NotAnAnswer
            | Self::AlgorithmNotTaken(_)
            | Self::NotAKey
            | Self::NotAnAnchor
            | Self::NotUnderstood(_)
            | Self::Unmade => self.told_of_reading(),
            Self::OtherIssuer(_)
            | Self::PartialList
            | Self::MayNotList(_)
            | Self::MayNotAnswer
            | Self::OtherCertificate
            | Self::NoAnswer
            | Self::Revoked { .. }
            | Self::UnknownStanding(_) => self.told_of_standing(),
            Self::Ahead | Self::LongAgo | Self::OtherRecord => self.told_of_records(),
            _ => self.told_of_paths(),
        };
        Text::new(shown(zh), shown(en))
    }

    fn told_of_reading(&self) -> Text {
        match self {
            Self::NotAList => {
                Text::new("这不是证书撤销列表", "this is not a list of revoked certificates")
            }
            Self::NotAnAnswer => Text::new(
                "这不是证书状态查询的应答",
                "this is not an answer about the status of a certificate",
            ),
            Self::AlgorithmNotTaken(name) => {
                Text::new(format!("不采用 {name} 算法"), format!("{name} is not taken"))
            }
            Self::NotAKey => Text::new("公钥不成立", "the public key is none"),
            Self::NotAnAnchor => Text::new(
                "所信任的根证书不是自签名的签发机构证书",
                "the certificate to be trusted is not one of an authority that signed itself",
            ),
            Self::NotUnderstood(oid) => Text::new(
                format!("含有必须理解而未能理解的扩展项 {oid}"),
                format!("the extension {oid} must be understood and is not"),
            ),
            Self::Unmade => Text::new(
                "无法生成该证书、列表或者应答",
                "the certificate, list or answer cannot be made",
            ),
            _ => Text::new(
                "这不是符合规定的第三版数字证书",
                "this is not a certificate of version 3 as it must be written",
            ),
        }
    }

    fn told_of_paths(&self) -> Text {
        match self {
            Self::WrongSignature(of) => Text::new(
                format!("“{of}”的签名不是其所称的机构作出的"),
                format!("`{of}` is not signed by whom it names"),
            ),
            Self::NoIssuer(name) => Text::new(
                format!("签发者“{name}”不在所信任的电子认证机构之列"),
                format!("no trusted authority stands behind the issuer `{name}`"),
            ),
            Self::TooMany => Text::new("所附证书过多", "too many certificates were given"),
            Self::PathTooLong => Text::new("证书链过长", "the chain of certificates is too long"),
            Self::NotYet(of) => Text::new(
                format!("证书“{of}”当时尚未生效"),
                format!("the certificate of `{of}` was not valid yet"),
            ),
            Self::Expired(of) => Text::new(
                format!("证书“{of}”当时已过有效期"),
                format!("the certificate of `{of}` was not valid any more"),
            ),
            Self::NotTrustedThen(of) => Text::new(
                format!("电子认证机构“{of}”当时不受信任"),
                format!("the authority `{of}` was not trusted then"),
            ),
            Self::NotAnAuthority(of) => Text::new(
                format!("“{of}”无权签发证书"),
                format!("`{of}` may not issue certificates"),
            ),
            Self::AuthoritySigns(of) => Text::new(
                format!("“{of}”是签发机构的证书，不能用来签名"),
                format!("`{of}` is an authority's certificate, with which no record is signed"),
            ),
            Self::OtherUsage(of) => Text::new(
                format!("证书“{of}”的密钥用法不含签名"),
                format!("the key of `{of}` may not sign"),
            ),
            Self::OtherPurpose(of) => Text::new(
                format!("证书“{of}”的用途不含此种签名"),
                format!("the key of `{of}` is for something else"),
            ),
            _ => {
                let of = if let Self::PathLength(of) = self { of.as_str() } else { "" };
                Text::new(
                    format!("“{of}”之下的证书层数超过其限制"),
                    format!("there are more authorities below `{of}` than it may have"),
                )
            }
        }
    }

    fn told_of_standing(&self) -> Text {
        match self {
            Self::OtherIssuer(by) => Text::new(
                format!("撤销列表由另一机构“{by}”签发"),
                format!("the list is by another issuer, `{by}`"),
            ),
            Self::PartialList => Text::new(
                "撤销列表不完整（增量、间接或者分段）",
                "the list leaves something out: it is a delta, indirect, or of a part",
            ),
            Self::MayNotList(of) => Text::new(
                format!("“{of}”无权签发撤销列表"),
                format!("`{of}` may not issue lists of revoked certificates"),
            ),
            Self::MayNotAnswer => Text::new(
                "应答者无权代表签发机构应答",
                "who answered may not answer for the issuer",
            ),
            Self::OtherCertificate => {
                Text::new("应答与该证书无关", "the answer is not about this certificate")
            }
            Self::Revoked { subject, since, reason } => {
                let Text { zh, en } = reason.says();
                Text::new(
                    format!("证书“{subject}”自 {since} 起已被撤销（{zh}）"),
                    format!("the certificate of `{subject}` is revoked since {since}: {en}"),
                )
            }
            Self::UnknownStanding(of) => Text::new(
                format!("无法确定证书“{of}”当时是否已被撤销"),
                format!("nothing fresh shows whether the certificate of `{of}` was revoked then"),
            ),
            _ => Text::new("应答者没有给出应答", "the responder gave no answer"),
        }
    }

    fn told_of_records(&self) -> Text {
        match self {
            Self::Ahead => Text::new(
                "所称的签名时间晚于收到时间",
                "it says that it was signed after it was received",
            ),
            Self::LongAgo => Text::new(
                "所称的签名时间距收到时间过久",
                "it says that it was signed longer ago than is believed",
            ),
            _ => Text::new(
                "签名与内容或者证书不符",
                "the signature does not fit the record and the certificate",
            ),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NotACertificate | Self::NotAList | Self::NotAnAnswer | Self::NotAKey => {
                Text::new(
                    "请使用电子认证机构发布的原件。",
                    "Use the file as the authority published it.",
                )
            }
            Self::AlgorithmNotTaken(_) => Text::new(
                "请改用 SM2、ECDSA（P-256、P-384）或者 Ed25519 的证书。",
                "Use a certificate with SM2, ECDSA on P-256 or P-384, or Ed25519.",
            ),
            Self::NoIssuer(_) | Self::TooMany | Self::PathTooLong => Text::new(
                "请附上从签名证书到根证书之间的各级证书，且不附其他。",
                "Give the certificates between the signer's and the root, and no others.",
            ),
            Self::NotYet(_) | Self::Expired(_) | Self::NotTrustedThen(_) => Text::new(
                "请使用当时有效的证书重新签名。",
                "Sign anew, with a certificate that is valid at that time.",
            ),
            Self::AuthoritySigns(_) | Self::OtherUsage(_) | Self::OtherPurpose(_) => Text::new(
                "请使用为签名签发的证书。",
                "Use a certificate that was issued for signing.",
            ),
            Self::NotAnAnchor | Self::Unmade => Text::new("请核对所填内容。", "Check the values."),
            Self::OtherIssuer(_)
            | Self::PartialList
            | Self::OtherCertificate
            | Self::NoAnswer
            | Self::UnknownStanding(_) => Text::new(
                "请向签发该证书的机构取得当时有效或者其后发布的完整撤销列表，或者状态应答。",
                "Get from the issuer a whole list, or an answer, that was fresh then or is later.",
            ),
            Self::Revoked { .. } => Text::new(
                "请勿采信；如需办理，请用新的证书重新签名。",
                "Do not rely on it; to go on, sign anew with another certificate.",
            ),
            Self::Ahead | Self::LongAgo => Text::new(
                "请核对签名设备的时钟，签名后及时提交。",
                "Check the clock of what signs, and send soon after signing.",
            ),
            _ => Text::new(
                "请勿采信；请签名人重新签名提交，仍不符的，请告知签发证书的机构。",
                "Do not rely on it: let it be signed and sent anew, and if it stays so, tell the \
                 authority.",
            ),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.says().en)
    }
}

impl std::error::Error for Refused {}

impl From<der::Error> for Refused {
    fn from(_: der::Error) -> Self {
        Self::Unmade
    }
}
