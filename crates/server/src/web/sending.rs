//! Sending what persons want to be told outside the portal: by e-mail and by web hooks.
//!
//! Any number of nodes run this beside their pages. Each takes what is due from the outbox under a
//! lease, sends it, and notes what came of it. A node that stops in between leaves its lease to run
//! out, and another sends again, with the same message number: whoever receives twice can tell.

mod hook;
mod mail;
mod words;

use std::time::Duration;

use base::Instant;
use futures_util::future::join_all;
use store::{
    Store, StoreError,
    outbox::{OutletKind, Sending, Sent},
};

pub(crate) use hook::{Hooks, public_address, secret};
pub(crate) use mail::{Mail, fits as mail_fits};
pub(crate) use words::says;

use super::{app::Clock, session::hex, words::Words};

/// How long a row belongs to who took it; longer than any sending may last.
const LEASE: i64 = 120 * 1_000_000;
/// Rows taken at once.
const TAKEN_MAX: u32 = 20;
/// After so many attempts, spread over about a day, a message is given up.
pub(crate) const ATTEMPTS_MAX: u32 = 10;
/// How long a node rests when nothing is due.
const REST: Duration = Duration::from_millis(500);

/// What a city's administrators say of sending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outside {
    /// The address of the portal as people outside see it, without a slash at its end.
    pub(crate) portal: String,
    /// Whether e-mail is sent.
    pub(crate) mail: bool,
    /// Whether web hooks may be called at private and loopback addresses, and without TLS.
    pub(crate) private_hooks: bool,
}

/// What a message says to somebody outside: no personal detail, only where to read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// A number that is the same each time the message is sent, by which receivers know it again.
    pub(crate) id: String,
    /// The message's kind.
    pub(crate) kind: String,
    /// What it is about, in one line.
    pub(crate) subject: String,
    /// The whole text.
    pub(crate) text: String,
    /// Where to read on.
    pub(crate) link: String,
}

/// One node's sender.
pub(crate) struct Sender {
    store: Store,
    clock: Clock,
    outside: Outside,
    mail: Option<Mail>,
    hooks: hook::Hooks,
    /// What the city is called, in both languages.
    site: base::Text,
}

impl Sender {
    pub(crate) fn new(
        store: Store,
        clock: Clock,
        outside: Outside,
        mail: Option<Mail>,
        site: base::Text,
    ) -> Result<Self, String> {
        let hooks = hook::Hooks::new(outside.private_hooks)?;
        Ok(Self { store, clock, outside, mail, hooks, site })
    }

    /// Sends what is due until the program ends.
    pub(crate) async fn run(self) {
        loop {
            match self.round().await {
                Ok(0) => tokio::time::sleep(REST).await,
                Ok(_) => {}
                Err(error) => {
                    eprintln!("yiyang: messages wait: {error}");
                    tokio::time::sleep(REST.saturating_mul(10)).await;
                }
            }
        }
    }

    /// Sends once what is due: how many rows were taken.
    pub(crate) async fn round(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let until = later(now, LEASE);
        let due = self.store.take_due(now, until, TAKEN_MAX).await?;
        let sent = join_all(due.iter().map(|sending| self.send(sending))).await;
        for (sending, sent) in due.iter().zip(&sent) {
            // Where the lease has run out meanwhile, who took it over says what came of it.
            self.store.note_sent(sending, sent, self.clock.now()).await?;
        }
        Ok(due.len())
    }

    async fn send(&self, sending: &Sending) -> Sent {
        let letter = self.letter(sending);
        let sent = match (sending.outlet.kind, &self.mail) {
            (OutletKind::Mail, Some(mail)) => mail.send(&sending.outlet.address, &letter).await,
            (OutletKind::Mail, None) => Err(Failed::again("no mail server is named")),
            (OutletKind::Hook, _) => {
                let at = self.clock.now();
                self.hooks.send(&sending.outlet.address, &letter, sending, at).await
            }
        };
        match sent {
            Ok(()) => Sent::Done,
            Err(failed) if failed.for_good || sending.attempt >= ATTEMPTS_MAX => {
                Sent::GivenUp(failed.says)
            }
            Err(failed) => {
                let wait = wait_before(sending.attempt, chance());
                Sent::Again(later(self.clock.now(), wait), failed.says)
            }
        }
    }

    fn letter(&self, sending: &Sending) -> Letter {
        let outlet = hex(&sending.outlet.id.0);
        let kind = sending.kind.clone();
        let id = format!("{}.{}.{outlet}", sending.number.0, kind.replace(':', "."));
        let proof = hex(&self.store.proof_of(sending.party, sending.outlet.id));
        let words = Words(sending.outlet.language);
        let path = match sending.number.0 {
            0 => format!("/messages/confirm?outlet={outlet}&proof={proof}"),
            _ => format!("/cases/{}", sending.case),
        };
        let link = format!("{}/{}{path}", self.outside.portal, words.code());
        let site = self.site.to(words.0);
        let subject = words::subject(words, &sending.kind, &sending.case.to_string(), site);
        let text = words::telling(words, &sending.kind, &link, site);
        Letter { id, kind, subject, text, link }
    }
}

/// Why something could not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    /// What the other side or the network says, without any address.
    pub(crate) says: String,
    /// True where another attempt cannot do better.
    pub(crate) for_good: bool,
}

impl Failed {
    fn again(says: impl Into<String>) -> Self {
        Self { says: says.into(), for_good: false }
    }

    fn for_good(says: impl Into<String>) -> Self {
        Self { says: says.into(), for_good: true }
    }
}

fn later(now: Instant, micros: i64) -> Instant {
    Instant::from_micros(now.micros().saturating_add(micros))
}

/// How long to wait before the next attempt, in microseconds: three times as long each time, from
/// five seconds to six hours, more or less by up to a quarter, so that what failed together does
/// not come back together. `chance` is any byte.
pub(crate) fn wait_before(attempt: u32, chance: u8) -> i64 {
    const SECOND: i64 = 1_000_000;
    let tripled = 3_i64.saturating_pow(attempt.saturating_sub(1).min(20));
    let wait = (5 * SECOND).saturating_mul(tripled).min(6 * 3600 * SECOND);
    let part = wait / 4 * (i64::from(chance) - 128) / 128;
    wait.saturating_add(part)
}

fn chance() -> u8 {
    let mut byte = [128];
    // Without randomness everything waits the middle time.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

/// Makes the program ready to speak TLS; asking again changes nothing.
pub(crate) fn ready_for_tls() {
    rustls::crypto::ring::default_provider().install_default().ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_is_bounded() {
        let check = |attempt: u32, chance: u8, seconds: i64| {
            assert_eq!(wait_before(attempt, chance) / 1_000_000, seconds, "{attempt} {chance}");
        };
        check(1, 128, 5);
        check(1, 0, 3);
        check(2, 128, 15);
        check(3, 128, 45);
        check(9, 128, 21_600);
        check(9, 0, 16_200);
        check(4_000_000_000, 128, 21_600);
        assert!(wait_before(1, 255) < 6_250_001);
    }
}
