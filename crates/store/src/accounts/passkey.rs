//! The passkeys of accounts.

use base::Instant;
use identity::{
    AccountId,
    passkey::{CredentialId, Passkey},
};

use super::{Accounts, Event, row};
use crate::{column, db::on, error::StoreError};

/// A passkey with what its holder knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPasskey {
    /// The passkey.
    pub passkey: Passkey,
    /// Whose it is.
    pub account: AccountId,
    /// What its holder calls it.
    pub title: String,
    /// When it was added.
    pub made_at: Instant,
    /// When it was last used, if it was.
    pub used_at: Option<Instant>,
}

type Row = (Vec<u8>, Vec<u8>, Vec<u8>, i64, String, i64, Option<i64>);

fn kept(row: Row) -> Result<KeptPasskey, StoreError> {
    let (credential, account, key, counter, title, made_at, used_at) = row;
    let counter = u32::try_from(counter).map_err(|_| column::corrupt("a counter is too large"))?;
    Ok(KeptPasskey {
        passkey: Passkey { id: CredentialId(credential), key, counter },
        account: row::account_id(&account)?,
        title,
        made_at: column::instant_of(made_at),
        used_at: used_at.map(column::instant_of),
    })
}

impl Accounts<'_> {
    /// Adds a passkey to an account. False when the device's name for it is taken.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_passkey(
        &self,
        id: AccountId,
        passkey: &Passkey,
        title: &str,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO passkey
                     (jurisdiction, credential, account, cose, counter, title, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place())
            .bind(passkey.id.0.clone()).bind(id.0.to_vec()).bind(passkey.key.clone())
            .bind(i64::from(passkey.counter)).bind(column::text(title)).bind(at.micros())
            .execute(c).await.map(|done| done.rows_affected()))?;
        if rows > 0 {
            self.note_in(&mut tx, id, Event::PasskeyAdded, title, at).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// The passkeys of an account, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn passkeys(&self, id: AccountId) -> Result<Vec<KeptPasskey>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT credential, account, cose, counter, title, made_at, used_at FROM passkey
                   WHERE jurisdiction = $1 AND account = $2 ORDER BY made_at, credential";
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(id.0.to_vec()).fetch_all(c).await)?;
        rows.into_iter().map(kept).collect()
    }

    /// The passkey that a device calls so.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn passkey(&self, id: &CredentialId) -> Result<Option<KeptPasskey>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT credential, account, cose, counter, title, made_at, used_at FROM passkey
                   WHERE jurisdiction = $1 AND credential = $2";
        let row: Option<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(id.0.clone()).fetch_optional(c).await)?;
        row.map(kept).transpose()
    }

    /// Keeps the count of a passkey that has signed. False when it was used in between.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_passkey(
        &self,
        before: u32,
        after: &Passkey,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE passkey SET counter = $4, used_at = $5
                   WHERE jurisdiction = $1 AND credential = $2 AND counter = $3";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place())
            .bind(after.id.0.clone()).bind(i64::from(before)).bind(i64::from(after.counter))
            .bind(at.micros()).execute(c).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Removes a passkey of an account. False when it has none of that name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the passkey stays then.
    pub async fn remove_passkey(
        &self,
        id: AccountId,
        credential: &CredentialId,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM passkey
                   WHERE jurisdiction = $1 AND credential = $2 AND account = $3 RETURNING title";
        let title: Option<String> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(credential.0.clone()).bind(id.0.to_vec()).fetch_optional(c).await)?;
        if let Some(title) = &title {
            self.note_in(&mut tx, id, Event::PasskeyRemoved, title, at).await?;
        }
        tx.commit().await?;
        Ok(title.is_some())
    }
}
