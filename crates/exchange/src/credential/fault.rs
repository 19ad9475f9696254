//! Why a text is no sound credential, or no longer.

use base::Text;

/// Why a text is no sound credential, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON with a proof, or longer than any of ours.
    NotACredential,
    /// A name stands twice in it, or a number is not whole or not exact, so readers could differ.
    TwoMeanings,
    /// The proof is of another kind or for another purpose.
    OtherSuite,
    /// The proof was made under other contexts than the document has.
    OtherContext,
    /// The key of the proof is not the one that is trusted.
    OtherKey,
    /// The key is not at hand: its name does not tell it and none was given.
    NoKey,
    /// What was signed is not what is there.
    Changed,
    /// The credential names another issuer than the one whose key signed it.
    OtherIssuer,
    /// It is signed and is no credential of a register's entry.
    Unreadable,
    /// Its first moment is not yet come.
    NotYet,
    /// Its last moment is past.
    NoLonger,
    /// The list is not the one it names, or says nothing of it.
    OtherList,
    /// It was taken back.
    TakenBack,
}

impl Fault {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::NotACredential,
        Self::TwoMeanings,
        Self::OtherSuite,
        Self::OtherContext,
        Self::OtherKey,
        Self::NoKey,
        Self::Changed,
        Self::OtherIssuer,
        Self::Unreadable,
        Self::NotYet,
        Self::NoLonger,
        Self::OtherList,
        Self::TakenBack,
    ];

    /// Its number, the same for ever. Those of credentials begin at 1461.
    pub fn number(self) -> u16 {
        match self {
            Self::NotACredential => 1461,
            Self::TwoMeanings => 1462,
            Self::OtherSuite => 1463,
            Self::OtherContext => 1464,
            Self::OtherKey => 1465,
            Self::NoKey => 1466,
            Self::Changed => 1467,
            Self::OtherIssuer => 1468,
            Self::Unreadable => 1469,
            Self::NotYet => 1470,
            Self::NoLonger => 1471,
            Self::OtherList => 1472,
            Self::TakenBack => 1473,
        }
    }

    /// The name programs know it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotACredential => "not-a-credential",
            Self::TwoMeanings => "two-meanings",
            Self::OtherSuite => "other-suite",
            Self::OtherContext => "other-context",
            Self::OtherKey => "other-key",
            Self::NoKey => "no-key",
            Self::Changed => "changed",
            Self::OtherIssuer => "other-issuer",
            Self::Unreadable => "unreadable",
            Self::NotYet => "not-yet",
            Self::NoLonger => "no-longer",
            Self::OtherList => "other-list",
            Self::TakenBack => "taken-back",
        }
    }

    /// What it means.
    pub fn says(self) -> Text {
        let (zh, en) = match self {
            Self::NotACredential => {
                ("这不是带有签名的可验证凭证", "this is not a verifiable credential with a proof")
            }
            Self::TwoMeanings => (
                "凭证中有重复的名称或不精确的数字，不同程序可能读出不同内容",
                "a name stands twice in the credential or a number is not exact, so that programs \
                 could read it differently",
            ),
            Self::OtherSuite => (
                "签名不是用于声明的 eddsa-jcs-2022 签名",
                "the proof is not an assertion by eddsa-jcs-2022",
            ),
            Self::OtherContext => (
                "签名所依据的上下文与凭证不同",
                "the proof was made under other contexts than the credential has",
            ),
            Self::OtherKey => {
                ("签名密钥不是所信任的密钥", "the key of the proof is not the one that is trusted")
            }
            Self::NoKey => (
                "没有签发者的公钥，无法核验",
                "the key of the issuer is not at hand, so nothing can be verified",
            ),
            Self::Changed => {
                ("凭证在签名之后被改动", "the credential was changed after it was signed")
            }
            Self::OtherIssuer => (
                "凭证所载签发者不是签名密钥的主人",
                "the credential names another issuer than the owner of the key",
            ),
            Self::Unreadable => (
                "签名成立，但内容不是名册登记的凭证",
                "the proof holds, but this is no credential of a register's entry",
            ),
            Self::NotYet => ("凭证尚未生效", "the credential does not hold yet"),
            Self::NoLonger => ("凭证已过有效期", "the credential no longer holds"),
            Self::OtherList => {
                ("状态列表不是凭证所指的列表", "the list is not the one that the credential names")
            }
            Self::TakenBack => (
                "凭证已被收回：名册不再这样记载",
                "the credential was taken back: the register no longer says so",
            ),
        };
        Text::new(zh, en)
    }

    /// What to do next.
    pub fn next(self) -> Text {
        let (zh, en) = match self {
            Self::NotACredential => (
                "请选择从证照页面下载的 JSON 文件。",
                "Choose the JSON file that the certificate's page offers.",
            ),
            Self::OtherKey => (
                "该凭证由别处签发，或系伪造；请用签发地平台的公钥核验。",
                "It was issued elsewhere, or it is forged: verify it with the key of the platform \
                 that issued it.",
            ),
            Self::NoKey => (
                "用 `--issuer` 给出公钥，或签发者的 did.json。",
                "Give the key, or the issuer's did.json, with `--issuer`.",
            ),
            Self::NotYet | Self::NoLonger | Self::TakenBack => (
                "请按编号在公共名册中查看今天的记载。",
                "Look its number up in the public register, which says what holds today.",
            ),
            Self::OtherList => (
                "请从凭证的 `statusListCredential` 网址重新下载列表。",
                "Get the list anew from the credential's `statusListCredential`.",
            ),
            _ => (
                "不要采信该凭证；请按编号在公共名册中核对，或重新下载。",
                "Do not rely on this credential; look its number up in the public register, or get \
                 it anew.",
            ),
        };
        Text::new(zh, en)
    }
}
