//! Why a licence cannot be made, and why a file is not found to be one.

use std::{fmt, io};

use base::Text;

use super::document::is_ours;

/// Why a licence cannot be made.
#[derive(Debug)]
pub enum Unmade {
    /// A part could not be written.
    Written(io::Error),
    /// A value has no form in ASN.1, such as a moment before 1970.
    Encoded(der::Error),
    /// The key does not sign.
    Unsigned,
    /// It would be longer than any file that is read as a licence.
    TooLong,
}

impl fmt::Display for Unmade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written(_) => "a part of the licence could not be written",
            Self::Encoded(_) => "a value of the licence has no form in ASN.1",
            Self::Unsigned => "the key of the seal does not sign",
            Self::TooLong => "the licence is longer than any that can be verified",
        })
    }
}

impl std::error::Error for Unmade {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Written(error) => Some(error),
            Self::Encoded(error) => Some(error),
            Self::Unsigned | Self::TooLong => None,
        }
    }
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Written(error)
    }
}

impl From<der::Error> for Unmade {
    fn from(error: der::Error) -> Self {
        Self::Encoded(error)
    }
}

/// Why a file is no sealed licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not a document with a seal such as ours.
    NotALicence,
    /// The ZIP around the files is not as it was written.
    Repacked,
    /// The description of the signature cannot be read.
    SignatureUnreadable,
    /// A file that the seal covers is missing.
    Missing(String),
    /// A file was added that the seal does not cover.
    Added(String),
    /// A file is not what was sealed.
    Changed(String),
    /// The seal cannot be read, or its signature is not by its certificate.
    SealBroken,
    /// The seal is not one that the seal root made.
    SealForged,
    /// The certificate of the seal is not one that the seal root issued for sealing.
    CertificateForged,
    /// A certificate or the seal was not valid when it was set.
    NotThen,
    /// The seal root in the file is not the one that is trusted.
    OtherRoot,
    /// The metadata cannot be read, or holds letters that show as nothing or as something else.
    MetadataUnreadable,
    /// The seal is of another body than the one the licence names.
    OtherBody,
}

impl Fault {
    /// Every fault, those of a file without naming one, for whoever looks a number up.
    pub fn all() -> [Self; 13] {
        [
            Self::NotALicence,
            Self::Repacked,
            Self::SignatureUnreadable,
            Self::Missing(String::new()),
            Self::Added(String::new()),
            Self::Changed(String::new()),
            Self::SealBroken,
            Self::SealForged,
            Self::CertificateForged,
            Self::NotThen,
            Self::OtherRoot,
            Self::MetadataUnreadable,
            Self::OtherBody,
        ]
    }

    /// Its number, the same for ever. Those of licences begin at 1401.
    pub fn number(&self) -> u16 {
        match self {
            Self::NotALicence => 1401,
            Self::Repacked => 1402,
            Self::SignatureUnreadable => 1403,
            Self::Missing(_) => 1404,
            Self::Added(_) => 1405,
            Self::Changed(_) => 1406,
            Self::SealBroken => 1407,
            Self::SealForged => 1408,
            Self::CertificateForged => 1409,
            Self::NotThen => 1410,
            Self::OtherRoot => 1411,
            Self::MetadataUnreadable => 1412,
            Self::OtherBody => 1413,
        }
    }

    /// The name programs know it by.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotALicence => "not-a-licence",
            Self::Repacked => "repacked",
            Self::SignatureUnreadable => "signature-unreadable",
            Self::Missing(_) => "file-missing",
            Self::Added(_) => "file-added",
            Self::Changed(_) => "file-changed",
            Self::SealBroken => "seal-broken",
            Self::SealForged => "seal-forged",
            Self::CertificateForged => "certificate-forged",
            Self::NotThen => "not-valid-then",
            Self::OtherRoot => "other-root",
            Self::MetadataUnreadable => "metadata-unreadable",
            Self::OtherBody => "other-body",
        }
    }

    /// What it means.
    pub fn says(&self) -> Text {
        // Whoever made the file chose its paths: only those that we would write are shown.
        let of = |zh: &str, en: &str, path: &str| match is_ours(path) {
            true => Text::new(format!("{zh}：`{path}`"), format!("{en}: `{path}`")),
            false => Text::new(zh, en),
        };
        match self {
            Self::NotALicence => Text::new(
                "这不是加盖电子印章的电子证照",
                "this is not an e-licence under an official seal",
            ),
            Self::Repacked => Text::new(
                "文件的封装与签发时不同",
                "the package around the files is not as it was issued",
            ),
            Self::SignatureUnreadable => {
                Text::new("签章描述无法读取", "the description of the seal cannot be read")
            }
            Self::Missing(path) => of("缺少签章所保护的文件", "a sealed file is missing", path),
            Self::Added(path) => {
                of("加入了签章未保护的文件", "a file was added that is not sealed", path)
            }
            Self::Changed(path) => {
                of("文件在签章之后被改动", "a file was changed after it was sealed", path)
            }
            Self::SealBroken => {
                Text::new("签章值与内容不符", "the signature of the seal does not fit")
            }
            Self::SealForged => {
                Text::new("电子印章不是由印章根制作的", "the seal was not made by the seal root")
            }
            Self::CertificateForged => Text::new(
                "印章证书不是由印章根为签章签发的",
                "the certificate of the seal was not issued by the seal root for sealing",
            ),
            Self::NotThen => Text::new(
                "签章时印章或其证书不在有效期内",
                "the seal or its certificate was not valid when it was set",
            ),
            Self::OtherRoot => Text::new(
                "文件中的印章根不是所信任的印章根",
                "the seal root in the file is not the one that is trusted",
            ),
            Self::MetadataUnreadable => Text::new(
                "证照元数据无法读取，或含有不可见字符",
                "the metadata of the licence cannot be read, or holds letters that do not show",
            ),
            Self::OtherBody => Text::new(
                "印章不属于证照所载的颁发机构",
                "the seal is of another body than the licence names",
            ),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::NotALicence => Text::new(
                "请选择从证照页面下载的 OFD 文件。",
                "Choose the OFD file that the certificate's page offers.",
            ),
            Self::OtherRoot => Text::new(
                "该文件由别处签发，或系伪造；未经签发地的平台或其印章根证书核验，不要采信。",
                "It was issued elsewhere, or it is forged: do not rely on it before it is verified \
                 by the platform of the place that issued it, or with its root certificate.",
            ),
            _ => Text::new(
                "不要采信该文件；请按编号在公共名册中核对，或重新下载。",
                "Do not rely on this file; look its number up in the public register, or get it \
                 anew.",
            ),
        }
    }
}
