//! What happened to an account, for its holder to read; and who failed to sign in, so that nobody
//! guesses for long.

use base::Instant;
use identity::{AccountId, Throttle};

use super::Accounts;
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    vault::random,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The account was made.
    Made,
    /// Its holder signed in; by what is the detail.
    SignedIn,
    /// Somebody failed to sign in.
    Failed,
    /// A session was ended.
    SessionEnded,
    /// The password was set.
    PasswordChanged,
    /// An app was set up.
    AppAdded,
    /// The app was removed.
    AppRemoved,
    /// Recovery codes were made.
    CodesMade,
    /// A recovery code was used.
    CodeUsed,
    /// A passkey was added; its title is the detail.
    PasskeyAdded,
    /// A passkey was removed; its title is the detail.
    PasskeyRemoved,
    /// Another site's sign-in was tied to the account; its identifier is the detail.
    ProviderAdded,
    /// The identity number was proven; how is the detail.
    Proven,
    /// A code for a counter was made.
    CounterCodeMade,
    /// An invitation was made.
    Invited,
    /// The account was made an officer's; the body is the detail.
    MadeOfficer,
    /// The holder let somebody act for them.
    DelegationGiven,
    /// The holder ended it.
    DelegationEnded,
    /// A token for a program was made; its title is the detail.
    TokenMade,
    /// A token was ended; its title is the detail.
    TokenEnded,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 20] = [
        Self::Made,
        Self::SignedIn,
        Self::Failed,
        Self::SessionEnded,
        Self::PasswordChanged,
        Self::AppAdded,
        Self::AppRemoved,
        Self::CodesMade,
        Self::CodeUsed,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::ProviderAdded,
        Self::Proven,
        Self::CounterCodeMade,
        Self::Invited,
        Self::MadeOfficer,
        Self::DelegationGiven,
        Self::DelegationEnded,
        Self::TokenMade,
        Self::TokenEnded,
    ];

    /// The word under which it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::SignedIn => "signed-in",
            Self::Failed => "failed",
            Self::SessionEnded => "session-ended",
            Self::PasswordChanged => "password-changed",
            Self::AppAdded => "app-added",
            Self::AppRemoved => "app-removed",
            Self::CodesMade => "codes-made",
            Self::CodeUsed => "code-used",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::ProviderAdded => "provider-added",
            Self::Proven => "proven",
            Self::CounterCodeMade => "counter-code-made",
            Self::Invited => "invited",
            Self::MadeOfficer => "made-officer",
            Self::DelegationGiven => "delegation-given",
            Self::DelegationEnded => "delegation-ended",
            Self::TokenMade => "token-made",
            Self::TokenEnded => "token-ended",
        }
    }

    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// What.
    pub event: Event,
    /// Details, as the event says.
    pub detail: String,
    /// When.
    pub at: Instant,
}

impl Accounts<'_> {
    /// Notes what happened to an account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note(
        &self,
        id: AccountId,
        event: Event,
        detail: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.note_in(&mut tx, id, event, detail, at).await?;
        tx.commit().await
    }

    pub(super) async fn note_in(
        &self,
        tx: &mut Tx,
        id: AccountId,
        event: Event,
        detail: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO account_event (jurisdiction, account, at, id, what, detail)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let number = random::<16>()?.to_vec();
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(at.micros()).bind(number).bind(event.word()).bind(column::text(detail))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// What happened to an account, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn happenings(
        &self,
        id: AccountId,
        limit: u32,
    ) -> Result<Vec<Happening>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT what, detail, at FROM account_event
                   WHERE jurisdiction = $1 AND account = $2 ORDER BY at DESC, id LIMIT $3";
        let rows: Vec<(String, String, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(id.0.to_vec()).bind(i64::from(limit)).fetch_all(c).await)?;
        let happening = |(what, detail, at): (String, String, i64)| {
            let event = Event::named(&what);
            let event = event.ok_or_else(|| column::corrupt("an event does not read"))?;
            Ok(Happening { event, detail, at: column::instant_of(at) })
        };
        rows.into_iter().map(happening).collect()
    }

    /// The keyed digest of what failures are counted for: a login name or an address.
    pub fn subject(&self, kind: &str, text: &str) -> [u8; 32] {
        self.inner.vault.identity(kind, text)
    }

    /// Counts a failure for each of the subjects.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn failed(&self, subjects: &[[u8; 32]], at: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO failed_attempt (jurisdiction, subject, at, id)
                   VALUES ($1, $2, $3, $4)";
        for subject in subjects {
            let number = random::<16>()?.to_vec();
            on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(subject.to_vec())
                .bind(at.micros()).bind(number).execute(c).await.map(drop))?;
        }
        tx.commit().await
    }

    /// The seconds that a subject has to wait, if it has to.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn wait(
        &self,
        subject: [u8; 32],
        throttle: Throttle,
        now: Instant,
    ) -> Result<Option<u32>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT at FROM failed_attempt
                   WHERE jurisdiction = $1 AND subject = $2 AND at > $3
                   ORDER BY at DESC LIMIT $4";
        let failures: Vec<i64> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(subject.to_vec()).bind(throttle.since(now).micros())
            .bind(i64::from(throttle.failures_max)).fetch_all(c).await)?;
        let failures: Vec<Instant> = failures.into_iter().map(column::instant_of).collect();
        Ok(throttle.wait(&failures, now))
    }

    /// Forgets the failures of a subject, who has signed in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn forgive(&self, subject: [u8; 32]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM failed_attempt WHERE jurisdiction = $1 AND subject = $2";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(subject.to_vec()).execute(c)
            .await.map(drop))?;
        tx.commit().await
    }
}
