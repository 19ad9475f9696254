//! How long somebody stays signed in, and by what they did.

use base::Instant;

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A password alone.
    Password,
    /// A password and the code of an app.
    PasswordAndCode,
    /// A password and a recovery code.
    PasswordAndRecovery,
    /// A passkey, with which its holder was verified.
    Passkey,
    /// The sign-in of another site.
    Provider,
    /// The code of an invitation, with which the password was set.
    Invitation,
    /// Nothing: an invented person of a demonstration.
    Demonstration,
}

impl Evidence {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Password,
        Self::PasswordAndCode,
        Self::PasswordAndRecovery,
        Self::Passkey,
        Self::Provider,
        Self::Invitation,
        Self::Demonstration,
    ];

    /// The word under which it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndCode => "password-and-code",
            Self::PasswordAndRecovery => "password-and-recovery",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::Invitation => "invitation",
            Self::Demonstration => "demonstration",
        }
    }

    /// The kind of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.word() == word)
    }
}

/// How long a session lasts, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without anything asked.
    pub idle_micros: i64,
    /// From its beginning, whatever is asked.
    pub whole_micros: i64,
}

/// One hour idle and twelve in all: within what NIST SP 800-63B-4, section 2.2.3, recommends for
/// its second level (an hour and a day).
pub const LIMITS: SessionLimits =
    SessionLimits { idle_micros: 3_600_000_000, whole_micros: 12 * 3_600_000_000 };

impl SessionLimits {
    /// Whether a session that began and was last seen at those moments still lasts.
    pub fn lasts(self, began: Instant, seen: Instant, now: Instant) -> bool {
        let since = |then: Instant| now.micros().saturating_sub(then.micros());
        since(seen) < self.idle_micros && since(began) < self.whole_micros && since(began) >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_and_in_the_end() {
        let hours = |hours: f64| Instant::from_micros((hours * 3600e6) as i64);
        let check = |began: f64, seen: f64, now: f64, lasts: bool| {
            let found = LIMITS.lasts(hours(began), hours(seen), hours(now));
            assert_eq!(found, lasts, "{began} {seen} {now}");
        };
        check(0.0, 0.0, 0.0, true);
        check(0.0, 0.0, 0.99, true);
        check(0.0, 0.0, 1.0, false);
        check(0.0, 11.5, 11.9, true);
        check(0.0, 11.9, 12.0, false);
        check(5.0, 5.0, 4.0, false);
    }

    #[test]
    fn every_evidence_has_a_word_of_its_own() {
        for evidence in Evidence::ALL {
            assert_eq!(Evidence::named(evidence.word()), Some(evidence));
        }
        assert_eq!(Evidence::named(""), None);
    }
}
