//! Second factors: an app's codes and recovery codes; and other codes that are used once.

use base::Instant;
use identity::{AccountId, OneTimeCode, TotpSecret, TotpStep};

use super::{Accounts, Event, SessionDigest, row};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// The app's secret in the vault, in hexadecimal.
const SECRET: &str = "account.totp";

/// The app that makes an account's codes.
#[derive(Debug, Clone)]
pub struct Totp {
    /// What it shares with the site.
    pub secret: TotpSecret,
    /// The last step whose code was taken.
    pub last: Option<TotpStep>,
}

/// What a code is good for, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePurpose {
    /// To sign in without the second factor.
    Recovery,
    /// To set the first password, or a new one.
    Invitation,
    /// To tell an officer at a counter which account is one's own.
    Counter,
}

impl CodePurpose {
    fn word(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Counter => "counter",
        }
    }
}

impl Accounts<'_> {
    /// Has an account's second factor be an app with that secret; the code of that step has been
    /// taken in that session. Every other session ends, so that none is left that began without it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn set_totp(
        &self,
        (id, session): (AccountId, SessionDigest),
        secret: &TotpSecret,
        taken: TotpStep,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.alone().await?;
        let Some(account) = self.account_in(&mut tx, id).await? else { return Ok(()) };
        let secret: String = secret.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        self.keep(&mut tx, account.party, &[(SECRET, &secret)]).await?;
        let sql = "INSERT INTO totp (jurisdiction, account, last_step, made_at)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (jurisdiction, account)
                   DO UPDATE SET last_step = excluded.last_step, made_at = excluded.made_at";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(step(taken)).bind(at.micros()).execute(c).await.map(drop))?;
        self.end_all(&mut tx, id, Some(session), at).await?;
        let sql = "UPDATE session SET evidence = 'password-and-code'
                   WHERE jurisdiction = $1 AND digest = $2 AND evidence = 'password'";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(session.0.to_vec())
            .execute(c).await.map(drop))?;
        self.note_in(&mut tx, id, Event::AppAdded, "", at).await?;
        tx.commit().await
    }

    /// The app of an account, if it has one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn totp(&self, id: AccountId) -> Result<Option<Totp>, StoreError> {
        self.totp_in(&mut self.read().await?, id).await
    }

    async fn totp_in(&self, tx: &mut Tx, id: AccountId) -> Result<Option<Totp>, StoreError> {
        let sql = "SELECT t.last_step, a.party FROM totp t JOIN account a
                     ON a.jurisdiction = t.jurisdiction AND a.id = t.account
                   WHERE t.jurisdiction = $1 AND t.account = $2";
        let row: Option<(Option<i64>, Vec<u8>)> = on!(&mut *tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(id.0.to_vec()).fetch_optional(c).await)?;
        let Some((last, party)) = row else { return Ok(None) };
        let kept = self.own(tx, column::party_of(&party)?, SECRET).await?;
        let secret = kept.as_deref().and_then(secret_of);
        let secret = secret.ok_or_else(|| column::corrupt("an app's secret does not read"))?;
        let last = last.and_then(|last| u64::try_from(last).ok()).map(TotpStep);
        Ok(Some(Totp { secret, last }))
    }

    /// Takes the code that somebody typed, once. False when it is not of this moment or was taken.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; no code is taken then.
    pub async fn take_totp(
        &self,
        id: AccountId,
        typed: &str,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let Some(totp) = self.totp_in(&mut tx, id).await? else { return Ok(false) };
        let Some(taken) = totp.secret.taken(typed, at, totp.last) else { return Ok(false) };
        // Whoever comes second with the same code finds the step taken.
        let sql = "UPDATE totp SET last_step = $3 WHERE jurisdiction = $1 AND account = $2
                     AND (last_step IS NULL OR last_step < $3)";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(step(taken)).execute(c).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// Has an account do without an app, and without the recovery codes that stand in for it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the app stays then.
    pub async fn remove_totp(&self, id: AccountId, at: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM totp WHERE jurisdiction = $1 AND account = $2";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec()).execute(c)
            .await.map(drop))?;
        let sql = "DELETE FROM vault WHERE jurisdiction = $1 AND case_id = 0 AND path = $3
                   AND party = (SELECT party FROM account WHERE jurisdiction = $1 AND id = $2)";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec()).bind(SECRET)
            .execute(c).await.map(drop))?;
        self.drop_codes(&mut tx, id, CodePurpose::Recovery).await?;
        self.note_in(&mut tx, id, Event::AppRemoved, "", at).await?;
        tx.commit().await
    }

    /// Gives an account codes of a purpose, which replace those it has. They are kept as digests.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the old codes stay then.
    pub async fn set_codes(
        &self,
        id: AccountId,
        purpose: CodePurpose,
        codes: &[OneTimeCode],
        until: Instant,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.drop_codes(&mut tx, id, purpose).await?;
        let sql = "INSERT INTO one_time_code (jurisdiction, digest, purpose, account, until)
                   VALUES ($1, $2, $3, $4, $5)";
        for code in codes {
            on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(code.digest().to_vec())
                .bind(purpose.word()).bind(id.0.to_vec()).bind(until.micros()).execute(c).await
                .map(drop))?;
        }
        let event = match purpose {
            CodePurpose::Recovery => Event::CodesMade,
            CodePurpose::Invitation => Event::Invited,
            CodePurpose::Counter => Event::CounterCodeMade,
        };
        self.note_in(&mut tx, id, event, "", at).await?;
        tx.commit().await
    }

    async fn drop_codes(
        &self,
        tx: &mut Tx,
        id: AccountId,
        purpose: CodePurpose,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM one_time_code
                   WHERE jurisdiction = $1 AND account = $2 AND purpose = $3";
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(purpose.word()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// How many codes of a purpose an account has left.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn codes_left(
        &self,
        id: AccountId,
        purpose: CodePurpose,
        now: Instant,
    ) -> Result<u32, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT COUNT(*) FROM one_time_code WHERE jurisdiction = $1 AND account = $2
                   AND purpose = $3 AND used_at IS NULL AND until > $4";
        let count: i64 = on!(&mut tx, c => sqlx::query_scalar(sql).bind(self.place())
            .bind(id.0.to_vec()).bind(purpose.word()).bind(now.micros()).fetch_one(c).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The account of a code that can still be used, which stays.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn code_of(
        &self,
        code: &OneTimeCode,
        purpose: CodePurpose,
        now: Instant,
    ) -> Result<Option<AccountId>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT account FROM one_time_code WHERE jurisdiction = $1 AND digest = $2
                     AND purpose = $3 AND used_at IS NULL AND until > $4";
        let account: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.place()).bind(code.digest().to_vec()).bind(purpose.word())
            .bind(now.micros()).fetch_optional(c).await)?;
        account.as_deref().map(row::account_id).transpose()
    }

    /// Uses a code, once, and says whose it was; none when it cannot be used.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the code is not used then.
    pub async fn use_code(
        &self,
        code: &OneTimeCode,
        purpose: CodePurpose,
        at: Instant,
    ) -> Result<Option<AccountId>, StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE one_time_code SET used_at = $4
                   WHERE jurisdiction = $1 AND digest = $2 AND purpose = $3
                     AND used_at IS NULL AND until > $4 RETURNING account";
        let account: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.place()).bind(code.digest().to_vec()).bind(purpose.word())
            .bind(at.micros()).fetch_optional(c).await)?;
        let account = account.as_deref().map(row::account_id).transpose()?;
        if let Some(account) = account.filter(|_| purpose == CodePurpose::Recovery) {
            self.note_in(&mut tx, account, Event::CodeUsed, "", at).await?;
        }
        tx.commit().await?;
        Ok(account)
    }
}

fn step(step: TotpStep) -> i64 {
    i64::try_from(step.0).unwrap_or(i64::MAX)
}

fn secret_of(text: &str) -> Option<TotpSecret> {
    let mut bytes = [0; 20];
    if text.len() != 40 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(TotpSecret::from_bytes(bytes))
}
