//! Whose number it is: ties an account to the party for whom cases were filed under a proven
//! identity number, and to another site's user.

use base::Instant;
use identity::{AccountId, Proof};
use kernel::PartyId;

use super::{Account, Accounts, Event, NO_CASE, row};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    persons,
};

/// What came of proving a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    /// The account's holder is now the party of that number.
    Now(PartyId),
    /// Another account's holder is.
    OtherAccount,
}

impl Accounts<'_> {
    /// The account of another site's user.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn by_provider(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Account>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT account FROM account_provider
                   WHERE jurisdiction = $1 AND issuer = $2 AND subject = $3";
        let id: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(issuer).bind(column::text(subject)).fetch_optional(c).await)?;
        match id {
            Some(id) => self.account_in(&mut tx, row::account_id(&id)?).await,
            None => Ok(None),
        }
    }

    /// Ties another site's user to an account. False when that user has an account already.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tie(
        &self,
        id: AccountId,
        issuer: &str,
        subject: &str,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO account_provider (jurisdiction, issuer, subject, account, made_at)
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(issuer)
            .bind(column::text(subject)).bind(id.0.to_vec()).bind(at.micros()).execute(c).await
            .map(|done| done.rows_affected()))?;
        if rows > 0 {
            self.note_in(&mut tx, id, Event::ProviderAdded, issuer, at).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Ties an account to a number that something stands behind. Whoever filed for that number
    /// filed for the account's holder from now on; what the holder filed before stays theirs.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is proven then.
    pub async fn prove(
        &self,
        id: AccountId,
        (kind, number): (&str, &str),
        proof: &Proof,
        at: Instant,
    ) -> Result<Proved, StoreError> {
        let mut tx = self.alone().await?;
        let digest = self.inner.vault.identity(kind, number);
        let account = self.account_in(&mut tx, id).await?;
        let account = account.ok_or_else(|| column::corrupt("an account is gone"))?;
        let place = &self.inner.jurisdiction;
        let party = persons::party_for(&mut tx, place, digest, account.party).await?;
        if party != account.party {
            if self.holder_of(&mut tx, party).await?.is_some() {
                return Ok(Proved::OtherAccount);
            }
            self.become_party(&mut tx, &account, party).await?;
        }
        let sql = "UPDATE account SET proof = $3, proven_by = $4, proven_at = $5
                   WHERE jurisdiction = $1 AND id = $2";
        let (by, when) = match proof {
            Proof::Unproven => (None, None),
            Proof::Asserted { issuer, at } => (Some(issuer.clone()), Some(at.micros())),
            Proof::Seen { by, at } => (Some(by.to_string()), Some(at.micros())),
        };
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(proof.word()).bind(by).bind(when).execute(c).await.map(drop))?;
        self.note_in(&mut tx, id, Event::Proven, proof.word(), at).await?;
        tx.commit().await?;
        Ok(Proved::Now(party))
    }

    /// The account whose holder has that number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn by_number(&self, kind: &str, number: &str) -> Result<Option<Account>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT a.id FROM identity i JOIN account a
                     ON a.jurisdiction = i.jurisdiction AND a.party = i.party
                   WHERE i.jurisdiction = $1 AND i.digest = $2 AND a.proof <> 'unproven'";
        let digest = self.inner.vault.identity(kind, number).to_vec();
        let id: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(digest).fetch_optional(c).await)?;
        match id {
            Some(id) => self.account_in(&mut tx, row::account_id(&id)?).await,
            None => Ok(None),
        }
    }

    async fn holder_of(
        &self,
        tx: &mut Tx,
        party: PartyId,
    ) -> Result<Option<AccountId>, StoreError> {
        let sql = "SELECT id FROM account WHERE jurisdiction = $1 AND party = $2";
        let id: Option<Vec<u8>> = on!(&mut *tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(party.0.to_vec()).fetch_optional(c).await)?;
        id.as_deref().map(row::account_id).transpose()
    }

    /// Moves an account from the party it began as to the one that the number shows.
    async fn become_party(
        &self,
        tx: &mut Tx,
        account: &Account,
        party: PartyId,
    ) -> Result<(), StoreError> {
        let sql = "SELECT path FROM vault WHERE jurisdiction = $1 AND party = $2 AND case_id = $3";
        let before = account.party;
        let paths: Vec<String> = on!(&mut *tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(before.0.to_vec()).bind(column::case(NO_CASE)).fetch_all(c).await)?;
        for path in paths {
            if let Some(text) = self.own(tx, before, &path).await? {
                self.keep(tx, party, &[(&path, &text)]).await?;
            }
        }
        let sql = "DELETE FROM vault WHERE jurisdiction = $1 AND party = $2 AND case_id = $3";
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(before.0.to_vec())
            .bind(column::case(NO_CASE)).execute(c).await.map(drop))?;
        let sql = "UPDATE account SET party = $3 WHERE jurisdiction = $1 AND id = $2";
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(account.id.0.to_vec())
            .bind(party.0.to_vec()).execute(c).await.map(drop))?;
        let sql = "INSERT INTO account_party (jurisdiction, account, party) VALUES ($1, $2, $3)
                   ON CONFLICT DO NOTHING";
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(account.id.0.to_vec())
            .bind(before.0.to_vec()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The parties in whose name the holder filed before a number was proven.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn former_parties(&self, id: AccountId) -> Result<Vec<PartyId>, StoreError> {
        let mut tx = self.once().await?;
        let sql = "SELECT party FROM account_party WHERE jurisdiction = $1 AND account = $2
                   ORDER BY party";
        let parties: Vec<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(id.0.to_vec()).fetch_all(c).await)?;
        parties.iter().map(|party| column::party_of(party)).collect()
    }
}
