//! Tokens by which programs act as an account's holder (ADR 26): kept by the digest of what the
//! program says, so that a copy of the database lets nobody in; until a day, and ended like
//! sessions.

use base::{Date, Instant};
use identity::AccountId;
use kernel::{BodyId, PartyId};

use super::{Accounts, Event, NAME, row};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// A token used within a minute need not be marked again.
const USED_MICROS: i64 = 60_000_000;
/// How many tokens an account may have that are good.
pub const TOKENS_MAX: usize = 20;

/// The digest of what a program says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenDigest(pub [u8; 32]);

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The digest of what the program says.
    pub digest: TokenDigest,
    /// What its holder calls it.
    pub title: String,
    /// The body for which it acts, if for one.
    pub acting: Option<BodyId>,
    /// True where it lets a program read and do nothing.
    pub reads_only: bool,
    /// The last day on which it is good.
    pub until: Date,
    /// When it was made.
    pub made_at: Instant,
    /// When a program last used it, to the minute.
    pub used_at: Option<Instant>,
}

/// Who stands behind a request that carries a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByToken {
    /// The account.
    pub account: AccountId,
    /// The party that the holder is.
    pub party: PartyId,
    /// What the holder is called.
    pub name: String,
    /// The body for which the token acts, if for one.
    pub acting: Option<BodyId>,
    /// True where it lets a program read and do nothing.
    pub reads_only: bool,
}

type Row = (Vec<u8>, String, Option<String>, Option<String>, i64, i64, i64, Option<i64>);

impl Accounts<'_> {
    /// Makes a token of an account. False where the account has [`TOKENS_MAX`] that are good.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; no token is made then.
    pub async fn make_token(
        &self,
        account: AccountId,
        token: &Token,
        today: Date,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        if self.tokens_in(&mut tx, account, today).await?.len() >= TOKENS_MAX {
            return Ok(false);
        }
        let sql = "INSERT INTO program_token (jurisdiction, digest, account, title, office,
                     division, reads_only, until_day, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let office = token.acting.as_ref().map(|body| body.office.to_string());
        let division = token.acting.as_ref().map(|body| body.division.to_string());
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(token.digest.0.to_vec())
            .bind(account.0.to_vec()).bind(column::text(&token.title)).bind(office)
            .bind(division).bind(i64::from(token.reads_only)).bind(column::day(token.until))
            .bind(token.made_at.micros()).execute(c).await.map(drop))?;
        self.note_in(&mut tx, account, Event::TokenMade, &token.title, token.made_at).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The tokens of an account that are good on a day, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn tokens(&self, account: AccountId, today: Date) -> Result<Vec<Token>, StoreError> {
        self.tokens_in(&mut self.read().await?, account, today).await
    }

    async fn tokens_in(
        &self,
        tx: &mut Tx,
        account: AccountId,
        today: Date,
    ) -> Result<Vec<Token>, StoreError> {
        let sql = "SELECT digest, title, office, division, reads_only, until_day, made_at, used_at
                   FROM program_token
                   WHERE jurisdiction = $1 AND account = $2 AND until_day >= $3
                   ORDER BY made_at DESC, digest";
        let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(account.0.to_vec()).bind(column::day(today)).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// Who stands behind a request with that token; none where it is not good. That it was used is
    /// marked.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn by_token(
        &self,
        digest: TokenDigest,
        today: Date,
        now: Instant,
    ) -> Result<Option<ByToken>, StoreError> {
        type Found = (Vec<u8>, Option<String>, Option<String>, i64, Option<i64>, Vec<u8>);
        let mut tx = self.read().await?;
        let sql = "SELECT t.account, t.office, t.division, t.reads_only, t.used_at, a.party
                   FROM program_token t JOIN account a
                     ON a.jurisdiction = t.jurisdiction AND a.id = t.account
                   WHERE t.jurisdiction = $1 AND t.digest = $2 AND t.until_day >= $3";
        let found: Option<Found> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(digest.0.to_vec()).bind(column::day(today)).fetch_optional(c).await)?;
        let Some((account, office, division, reads_only, used, party)) = found else {
            return Ok(None);
        };
        let party = column::party_of(&party)?;
        // Whoever is erased acts no longer.
        let Some(name) = self.own(&mut tx, party, NAME).await? else { return Ok(None) };
        drop(tx);
        if used.is_none_or(|used| now.micros().saturating_sub(used) >= USED_MICROS) {
            self.mark_used(digest, now).await?;
        }
        let (account, acting) = (row::account_id(&account)?, acting(office, division)?);
        Ok(Some(ByToken { account, party, name, acting, reads_only: reads_only != 0 }))
    }

    async fn mark_used(&self, digest: TokenDigest, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE program_token SET used_at = $3 WHERE jurisdiction = $1 AND digest = $2";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(digest.0.to_vec())
            .bind(now.micros()).execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// Ends a token of an account. False where it has no such token.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the token is good then.
    pub async fn end_token(
        &self,
        account: AccountId,
        digest: TokenDigest,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM program_token
                   WHERE jurisdiction = $1 AND account = $2 AND digest = $3 RETURNING title";
        let title: Option<String> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(account.0.to_vec()).bind(digest.0.to_vec()).fetch_optional(c).await)?;
        if let Some(title) = &title {
            self.note_in(&mut tx, account, Event::TokenEnded, title, at).await?;
        }
        tx.commit().await?;
        Ok(title.is_some())
    }
}

fn acting(office: Option<String>, division: Option<String>) -> Result<Option<BodyId>, StoreError> {
    office.zip(division).map(|(office, division)| column::body_of(&office, &division)).transpose()
}

fn read(row: Row) -> Result<Token, StoreError> {
    let (digest, title, office, division, reads_only, until, made_at, used_at) = row;
    Ok(Token {
        digest: TokenDigest(column::hash_of(&digest)?),
        title,
        acting: acting(office, division)?,
        reads_only: reads_only != 0,
        until: column::day_of(until)?,
        made_at: column::instant_of(made_at),
        used_at: used_at.map(column::instant_of),
    })
}
