//! Why somebody was not let in, or a proof was not taken. One answer serves an unknown account and
//! a wrong password, so that nobody learns who has an account.

use super::{fault::Refused, words::Words};

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotIn {
    /// No account has that name and that password.
    WrongLogin,
    /// The code is not of this moment, was used, or is none.
    WrongCode,
    /// The passkey is unknown here or its answer was not taken.
    WrongPasskey,
    /// The other site's sign-in did not come about.
    NotElsewhere,
    /// The login name is taken.
    LoginTaken,
    /// The invitation is used up or over.
    InvitationOver,
    /// The identity number belongs to the holder of another account.
    NumberElsewhere,
    /// The device's key is known here already.
    PasskeyKnown,
}

impl NotIn {
    /// Every reason.
    pub(crate) const ALL: [Self; 8] = [
        Self::WrongLogin,
        Self::WrongCode,
        Self::WrongPasskey,
        Self::NotElsewhere,
        Self::LoginTaken,
        Self::InvitationOver,
        Self::NumberElsewhere,
        Self::PasskeyKnown,
    ];

    /// The reason's number, the same for ever; those of the door begin at 1342.
    pub(crate) fn number(self) -> u16 {
        match self {
            Self::WrongLogin => 1342,
            Self::WrongCode => 1343,
            Self::WrongPasskey => 1344,
            Self::NotElsewhere => 1345,
            Self::LoginTaken => 1346,
            Self::InvitationOver => 1347,
            Self::NumberElsewhere => 1348,
            Self::PasskeyKnown => 1349,
        }
    }

    /// The refusal in a reader's language.
    pub(crate) fn refused(self, words: Words) -> Refused {
        let texts = |says: &str, next: &str| Refused {
            number: self.number(),
            says: words.t(says),
            next: words.t(next),
        };
        match self {
            Self::WrongLogin => texts("not-in-login", "not-in-login-next"),
            Self::WrongCode => texts("not-in-code", "not-in-code-next"),
            Self::WrongPasskey => texts("not-in-passkey", "not-in-passkey-next"),
            Self::NotElsewhere => texts("not-in-elsewhere", "not-in-elsewhere-next"),
            Self::LoginTaken => texts("not-in-taken", "not-in-taken-next"),
            Self::InvitationOver => texts("not-in-invitation", "not-in-invitation-next"),
            Self::NumberElsewhere => texts("not-in-number", "not-in-number-next"),
            Self::PasskeyKnown => texts("not-in-known", "not-in-known-next"),
        }
    }
}
