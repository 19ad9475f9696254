//! What is kept for a browser between two of its requests: that the password was right and the
//! second factor is missing, that it was sent to another site, the form it sent when its session
//! had ended. Sealed, taken once, and forgotten soon.

use base::Instant;

use super::{Accounts, SessionDigest};
use crate::{db::on, error::StoreError};

/// What something is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// The password was right; the second factor is missing.
    SecondFactor,
    /// Somebody was sent to another site to sign in.
    Provider,
    /// An app is being set up.
    TotpSetUp,
    /// A form came after its session had ended.
    Form,
}

impl Ceremony {
    fn word(self) -> &'static str {
        match self {
            Self::SecondFactor => "second-factor",
            Self::Provider => "provider",
            Self::TotpSetUp => "totp-set-up",
            Self::Form => "form",
        }
    }
}

impl Accounts<'_> {
    /// Keeps something for the browser of a session; what it had of that kind is replaced.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn keep_for(
        &self,
        digest: SessionDigest,
        kind: Ceremony,
        bytes: &[u8],
        until: Instant,
    ) -> Result<(), StoreError> {
        let sealed = self.inner.vault.seal_passing(&digest.0, kind.word(), bytes)?;
        let mut tx = self.write().await?;
        let sql = "INSERT INTO ceremony (jurisdiction, digest, kind, until, nonce, sealed)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (jurisdiction, digest, kind) DO UPDATE
                   SET until = excluded.until, nonce = excluded.nonce, sealed = excluded.sealed";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(digest.0.to_vec())
            .bind(kind.word()).bind(until.micros()).bind(sealed.nonce.to_vec()).bind(sealed.text)
            .execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// What is kept of that kind, which stays.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn kept_for(
        &self,
        digest: SessionDigest,
        kind: Ceremony,
        now: Instant,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT nonce, sealed, until FROM ceremony
                   WHERE jurisdiction = $1 AND digest = $2 AND kind = $3";
        let row: Option<(Vec<u8>, Vec<u8>, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(digest.0.to_vec()).bind(kind.word())
            .fetch_optional(c).await)?;
        let lasting = row.filter(|(_, _, until)| now.micros() < *until);
        let opened = lasting.map(|(nonce, sealed, _)| {
            self.inner.vault.open_passing(&digest.0, kind.word(), &nonce, &sealed)
        });
        opened.transpose()
    }

    /// Takes what is kept of that kind: it is there for nobody else afterwards.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn take_for(
        &self,
        digest: SessionDigest,
        kind: Ceremony,
        now: Instant,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM ceremony WHERE jurisdiction = $1 AND digest = $2 AND kind = $3
                   RETURNING nonce, sealed, until";
        let row: Option<(Vec<u8>, Vec<u8>, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(digest.0.to_vec()).bind(kind.word())
            .fetch_optional(c).await)?;
        tx.commit().await?;
        let lasting = row.filter(|(_, _, until)| now.micros() < *until);
        let opened = lasting.map(|(nonce, sealed, _)| {
            self.inner.vault.open_passing(&digest.0, kind.word(), &nonce, &sealed)
        });
        opened.transpose()
    }

    /// Marks something as used. False when it was before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn spend(&self, digest: [u8; 32], until: Instant) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO spent (jurisdiction, digest, until) VALUES ($1, $2, $3)
                   ON CONFLICT DO NOTHING";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(digest.to_vec())
            .bind(until.micros()).execute(c).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(rows > 0)
    }
}
