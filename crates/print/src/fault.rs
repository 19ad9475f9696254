//! Why no paper can be printed.

use std::fmt;

use base::Text;

/// Why no paper can be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unprinted {
    /// No font on this machine has Chinese letters.
    NoChineseFont,
    /// The address does not fit into a QR code.
    AddressTooLong,
    /// Typst did not set it or the standard of archives does not allow it; what it said.
    NotSet(String),
}

impl Unprinted {
    /// Every reason, for whoever looks a number up.
    pub fn all() -> [Self; 3] {
        [Self::NoChineseFont, Self::AddressTooLong, Self::NotSet(String::new())]
    }

    /// Its number, the same for ever. Those of papers begin at 1441.
    pub fn number(&self) -> u16 {
        match self {
            Self::NoChineseFont => 1441,
            Self::AddressTooLong => 1442,
            Self::NotSet(_) => 1443,
        }
    }

    /// The name programs know it by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoChineseFont => "no-chinese-font",
            Self::AddressTooLong => "address-too-long",
            Self::NotSet(_) => "not-set",
        }
    }

    /// What it means.
    pub fn says(&self) -> Text {
        match self {
            Self::NoChineseFont => Text::new(
                "服务器上没有中文字体，无法制作 PDF",
                "no font with Chinese letters is on the server, so no PDF can be made",
            ),
            Self::AddressTooLong => Text::new(
                "核验网址过长，无法写入二维码",
                "the address of the check does not fit into a QR code",
            ),
            Self::NotSet(_) => Text::new("PDF 排版失败", "the PDF could not be set"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NoChineseFont => Text::new(
                "请打印网页或下载电子证照；运维人员安装 `fonts-noto-cjk` 后重新启动即可。",
                "Print the page or take the e-licence; whoever runs the server installs \
                 `fonts-noto-cjk` and starts it again.",
            ),
            Self::AddressTooLong | Self::NotSet(_) => Text::new(
                "请打印网页或下载电子证照，并告知运维人员。",
                "Print the page or take the e-licence, and tell whoever runs the server.",
            ),
        }
    }
}

/// For the operator.
impl fmt::Display for Unprinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoChineseFont => f.write_str("no font with Chinese letters was found"),
            Self::AddressTooLong => f.write_str("the address does not fit into a QR code"),
            Self::NotSet(said) => write!(f, "the paper was not set: {said}"),
        }
    }
}

impl std::error::Error for Unprinted {}
