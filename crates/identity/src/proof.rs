//! How it is known that an identity number is that of whoever holds an account.

use base::Instant;

use crate::account::AccountId;

/// What stands behind the identity number of an account. Only a number behind which something
/// stands lets somebody see what was filed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: the holder may say what they like.
    Unproven,
    /// Another site, which this one trusts, says so of its own user.
    Asserted {
        /// The site's identifier (OpenID Connect Core 1.0, section 2: `iss`).
        issuer: String,
        /// When it said so.
        at: Instant,
    },
    /// An officer has seen the document and the person.
    Seen {
        /// The officer's account.
        by: AccountId,
        /// When.
        at: Instant,
    },
}

impl Proof {
    /// Whether something stands behind the number.
    pub fn proven(&self) -> bool {
        !matches!(self, Self::Unproven)
    }

    /// The word under which it is kept.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Asserted { .. } => "asserted",
            Self::Seen { .. } => "seen",
        }
    }
}
