//! Where a certificate stands at an instant, as a list or an answer shows it.

use base::{Instant, Text};
use x509_cert::ext::pkix::CrlReason;

/// Why a certificate was revoked (RFC 5280, section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// None was given.
    Unspecified,
    /// Somebody else may have the key.
    KeyCompromise,
    /// Somebody else may have the key of the authority.
    AuthorityCompromise,
    /// The subject is not what the certificate says any more.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// It is not needed any more.
    Cessation,
    /// It is held until further notice, and may be let go again.
    Hold,
    /// What it allowed was withdrawn.
    PrivilegeWithdrawn,
    /// Somebody else may have the key of the authority for attributes.
    AttributesCompromise,
}

/// Where a certificate stands at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was not revoked.
    Good {
        /// When that was known.
        known: Instant,
    },
    /// It was revoked, or held.
    Revoked {
        /// Since when it counts for nothing.
        since: Instant,
        /// Why.
        reason: Reason,
    },
    /// What is shown was not fresh any more at that instant.
    Stale,
    /// Who answered does not know the certificate. That is never good.
    Unknown,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::AuthorityCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::Cessation,
        Self::Hold,
        Self::PrivilegeWithdrawn,
        Self::AttributesCompromise,
    ];

    /// None where it takes something off a list, which only a delta list does.
    pub(crate) fn of(said: CrlReason) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.said() == said)
    }

    pub(crate) fn said(self) -> CrlReason {
        match self {
            Self::Unspecified => CrlReason::Unspecified,
            Self::KeyCompromise => CrlReason::KeyCompromise,
            Self::AuthorityCompromise => CrlReason::CaCompromise,
            Self::AffiliationChanged => CrlReason::AffiliationChanged,
            Self::Superseded => CrlReason::Superseded,
            Self::Cessation => CrlReason::CessationOfOperation,
            Self::Hold => CrlReason::CertificateHold,
            Self::PrivilegeWithdrawn => CrlReason::PrivilegeWithdrawn,
            Self::AttributesCompromise => CrlReason::AaCompromise,
        }
    }

    /// What it means.
    pub fn says(self) -> Text {
        match self {
            Self::Unspecified => Text::new("未说明原因", "no reason given"),
            Self::KeyCompromise => Text::new("私钥可能泄露", "the key may be known to others"),
            Self::AuthorityCompromise => {
                Text::new("签发机构私钥可能泄露", "the authority's key may be known to others")
            }
            Self::AffiliationChanged => Text::new("所属关系变更", "the subject has changed"),
            Self::Superseded => Text::new("已由新证书取代", "another takes its place"),
            Self::Cessation => Text::new("停止使用", "it is not needed any more"),
            Self::Hold => Text::new("暂停使用", "it is held until further notice"),
            Self::PrivilegeWithdrawn => Text::new("权限被收回", "what it allowed was withdrawn"),
            Self::AttributesCompromise => Text::new(
                "属性机构私钥可能泄露",
                "the key of the authority for attributes may be known to others",
            ),
        }
    }
}

/// Where a certificate stands when it is not revoked: whoever knew it later than the instant, or
/// before and was still fresh then, can say so.
pub(crate) fn unless_stale(known: Instant, next: Option<Instant>, at: Instant) -> Standing {
    let fresh = at <= known || next.is_some_and(|next| at <= next);
    if fresh { Standing::Good { known } } else { Standing::Stale }
}
