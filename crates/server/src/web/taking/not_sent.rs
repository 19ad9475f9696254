//! Why rows were not taken, or one that was held was not settled. Nothing of them is kept then.

use axum::http::StatusCode;
use base::Text;

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// This server takes in no rows.
    NoLake,
    /// There is no such source, or it has ended.
    NoSource,
    /// Nothing shows that the source has sent it.
    Unsigned,
    /// It was signed at another time.
    OldSignature,
    /// The source may not send this feed, or there is none of that name.
    NotItsFeed,
    /// It has more lines, or more bytes, than a batch may have.
    TooLong,
    /// More comes than can be written.
    Full,
    /// The disk takes no more.
    Stopped,
    /// It is not of lines of JSON.
    NotLines,
    /// The row is not held, or not any more.
    NotHeld,
    /// There is neither a certificate nor a list of revoked ones in it.
    NoCertificate,
    /// Nobody signs the rows of the feed.
    NobodySigns,
}

impl NotSent {
    /// All of them.
    pub(crate) const ALL: [Self; 12] = [
        Self::NoLake,
        Self::NoSource,
        Self::Unsigned,
        Self::OldSignature,
        Self::NotItsFeed,
        Self::TooLong,
        Self::Full,
        Self::Stopped,
        Self::NotLines,
        Self::NotHeld,
        Self::NoCertificate,
        Self::NobodySigns,
    ];

    /// Its number, the same for ever.
    pub(crate) fn number(self) -> u16 {
        match self {
            Self::NoLake => 1334,
            Self::NoSource => 1335,
            Self::Unsigned => 1336,
            Self::OldSignature => 1337,
            Self::NotItsFeed => 1338,
            Self::TooLong => 1339,
            Self::Full => 1340,
            Self::Stopped => 1355,
            Self::NotLines => 1356,
            Self::NotHeld => 1357,
            Self::NoCertificate => 1358,
            Self::NobodySigns => 1359,
        }
    }

    /// That of a number.
    pub(crate) fn of(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.number() == number)
    }

    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoLake | Self::Full | Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSource | Self::Unsigned | Self::OldSignature => StatusCode::UNAUTHORIZED,
            Self::NotItsFeed => StatusCode::FORBIDDEN,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotLines => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotHeld | Self::NobodySigns => StatusCode::NOT_FOUND,
            Self::NoCertificate => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// Whole seconds after which the same may succeed.
    pub(crate) fn again_after(self) -> Option<u32> {
        match self {
            Self::Full => Some(1),
            Self::NoLake | Self::Stopped => Some(60),
            _ => None,
        }
    }

    /// What it is, in a few words.
    pub(crate) fn title(self) -> Text {
        match self {
            Self::NoLake => Text::new("本服务器不收数据", "This server takes in no rows"),
            Self::NoSource => Text::new("没有这一数据来源", "There is no such source"),
            Self::Unsigned => Text::new("签名不符", "The signature does not fit"),
            Self::OldSignature => Text::new("签名时刻不符", "Signed at another time"),
            Self::NotItsFeed => {
                Text::new("该来源不报送这类数据", "The source does not send this feed")
            }
            Self::TooLong => Text::new("一批的行数过多", "Too many lines in one batch"),
            Self::Full => Text::new("来得太多", "More comes than can be written"),
            Self::Stopped => Text::new("暂时不能写入", "Nothing can be written at present"),
            Self::NotLines => Text::new("不是逐行的 JSON", "Not lines of JSON"),
            Self::NotHeld => Text::new("该行已处理", "The row is settled"),
            Self::NoCertificate => {
                Text::new("没有证书或撤销列表", "Neither a certificate nor a list")
            }
            Self::NobodySigns => {
                Text::new("该类数据不须签名", "Nobody signs the rows of this feed")
            }
        }
    }

    /// What it means and what to do next.
    pub(crate) fn says(self) -> Text {
        match self {
            Self::NoLake => Text::new(
                "数据由另一台服务器收取，或尚未启用；一行也没有收下，请稍后向同一地址重发。",
                "Another server takes in the rows, or none does yet. Nothing was kept; send it to \
                 the same address again later.",
            ),
            Self::NoSource => Text::new(
                "没有登记这一名称的数据来源，或者已经停用；请向登记机关核对名称。",
                "No source of that name is noted, or it has ended. Ask the body that notes sources \
                 for the name.",
            ),
            Self::Unsigned => Text::new(
                "请按 Standard Webhooks（v1a，Ed25519）对 `webhook-id.webhook-timestamp.正文` \
                 签名，并核对登记的公钥。",
                "Sign `webhook-id.webhook-timestamp.body` as Standard Webhooks has it (v1a, \
                 Ed25519), and compare the key with the one that is noted.",
            ),
            Self::OldSignature => Text::new(
                "`webhook-timestamp` 与服务器时间相差超过五分钟；请校准时钟，重新签名后发送。",
                "`webhook-timestamp` is more than five minutes off. Set the clock, sign anew and \
                 send it again.",
            ),
            Self::NotItsFeed => Text::new(
                "请核对地址中的数据源名称；如需增加，请向登记机关提出。",
                "Compare the feed's name in the address; the body that notes sources can add one.",
            ),
            Self::TooLong => Text::new(
                "每批最多 10,000 行、8 MB；请分批发送，一行也没有收下。",
                "A batch has 10,000 lines and 8 MB at most. Nothing was kept; send it in parts.",
            ),
            Self::Full => Text::new(
                "同时到达的批次过多，一行也没有收下；请一秒后重发。",
                "Too many batches came together and nothing of this one was kept. Send it again \
                 in a second.",
            ),
            Self::Stopped => Text::new(
                "磁盘不再接受写入，一行也没有收下；管理员已得到通知，请稍后重发。",
                "The disk takes no more and nothing was kept. The operator has been told; send it \
                 again later.",
            ),
            Self::NotLines => Text::new(
                "请以 `application/x-ndjson` 发送，每行一个 JSON 对象。",
                "Send it as `application/x-ndjson`, one JSON object a line.",
            ),
            Self::NotHeld => Text::new(
                "该行已经更正或放弃，或者从未暂存；请返回列表。",
                "The row was put right or given up, or never was held. Go back to the list.",
            ),
            Self::NoCertificate => Text::new(
                "请以 PEM 发送证书（CERTIFICATE）或证书撤销列表（X509 CRL），可以多个连写。",
                "Send certificates (CERTIFICATE) or lists of revoked ones (X509 CRL) as PEM, \
                 as many as you like one after the other.",
            ),
            Self::NobodySigns => Text::new(
                "证书和撤销列表只随须签名的数据源报送；请核对地址中的数据源名称。",
                "Certificates and lists are sent for a feed whose rows somebody signs. Compare \
                 the feed's name in the address.",
            ),
        }
    }
}

impl From<lake::NotTaken> for NotSent {
    fn from(why: lake::NotTaken) -> Self {
        match why {
            lake::NotTaken::NoFeed => Self::NotItsFeed,
            lake::NotTaken::TooLong => Self::TooLong,
            lake::NotTaken::Full => Self::Full,
            lake::NotTaken::Stopped => Self::Stopped,
        }
    }
}
