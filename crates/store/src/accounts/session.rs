//! Sessions: kept here by the digest of what the cookie says, so that they can be listed and ended,
//! and a copy of the database signs nobody in.

use base::{Date, Instant};
use identity::{AccountId, Evidence, session::LIMITS};
use kernel::{BodyId, PartyId};

use super::{Accounts, Event, NAME, NO_CASE, office::sealed_name, row};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// The digest of what a session's cookie says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionDigest(pub [u8; 32]);

/// How long a session that has ended is remembered: a form sent from it is still known to be its
/// account's.
const REMEMBERED_MICROS: i64 = 7 * 24 * 3_600_000_000;
/// A session seen within a minute need not be marked again.
const SEEN_MICROS: i64 = 60_000_000;

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The digest of what its cookie says.
    pub digest: SessionDigest,
    /// The account, if it has one.
    pub account: Option<AccountId>,
    /// The invented person of a demonstration; empty for an account.
    pub person: String,
    /// By what somebody signed in.
    pub evidence: Evidence,
    /// What the browser calls itself, shortened.
    pub browser: String,
    /// The body for which the holder acts, if for one.
    pub acting: Option<BodyId>,
}

/// A session as its holder sees it listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The digest of what its cookie says.
    pub digest: SessionDigest,
    /// By what its holder signed in.
    pub evidence: Evidence,
    /// What the browser calls itself.
    pub browser: String,
    /// When it began.
    pub began_at: Instant,
    /// When something was last asked in it.
    pub seen_at: Instant,
}

/// Who stands behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Here {
    /// An invented person of a demonstration.
    Invented {
        /// What the demonstration calls the person.
        person: String,
    },
    /// The holder of an account.
    Holder {
        /// The account.
        account: AccountId,
        /// The party that the holder is.
        party: PartyId,
        /// What the holder is called.
        name: String,
        /// The body for which the holder acts now, if for one whose officer they are that day.
        acting: Option<BodyId>,
        /// By what the holder signed in.
        evidence: Evidence,
    },
    /// Nobody any more: the session has ended.
    Ended {
        /// The account, if it had one.
        account: Option<AccountId>,
        /// The invented person of a demonstration; empty for an account.
        person: String,
    },
}

/// Invented person, evidence, when it began, was seen and ended; office and division where the
/// holder acts for a body and is its officer that day; account, party, wrapped key, nonce and
/// sealed name.
type Row = (
    Option<String>,
    String,
    i64,
    i64,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

impl Accounts<'_> {
    /// Begins a session and forgets what is long over.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nobody is signed in then.
    pub async fn begin(&self, new: &NewSession, at: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.forget(&mut tx, at).await?;
        let sql = "INSERT INTO session (jurisdiction, digest, account, person, evidence, browser,
                     office, division, began_at, seen_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
        let account = new.account.map(|account| account.0.to_vec());
        let person = Some(&new.person).filter(|person| !person.is_empty());
        let office = new.acting.as_ref().map(|body| body.office.to_string());
        let division = new.acting.as_ref().map(|body| body.division.as_str());
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(new.digest.0.to_vec())
            .bind(account).bind(person).bind(new.evidence.word())
            .bind(column::text(&new.browser)).bind(office).bind(division).bind(at.micros())
            .execute(c).await.map(drop))?;
        if let Some(account) = new.account {
            self.note_in(&mut tx, account, Event::SignedIn, new.evidence.word(), at).await?;
        }
        tx.commit().await
    }

    /// Deletes what nobody can use any more.
    async fn forget(&self, tx: &mut Tx, at: Instant) -> Result<(), StoreError> {
        let long_over = at.micros().saturating_sub(REMEMBERED_MICROS);
        for (sql, before) in [
            ("DELETE FROM session WHERE jurisdiction = $1 AND seen_at < $2", long_over),
            ("DELETE FROM ceremony WHERE jurisdiction = $1 AND until < $2", at.micros()),
            ("DELETE FROM spent WHERE jurisdiction = $1 AND until < $2", at.micros()),
            ("DELETE FROM failed_attempt WHERE jurisdiction = $1 AND at < $2", long_over),
        ] {
            on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(before).execute(c).await
                .map(drop))?;
        }
        Ok(())
    }

    /// Who stands behind a request with that cookie, on the day that it is; none where the session
    /// was never begun. That something was asked is marked. Every page asks it: one statement.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn here(
        &self,
        digest: SessionDigest,
        (now, today): (Instant, Date),
    ) -> Result<Option<Here>, StoreError> {
        let sql = concat!(
            "SELECT s.person, s.evidence, s.began_at, s.seen_at, s.ended_at,
                     o.office, o.division, s.account, a.party, ",
            sealed_name!("$4", "$5"),
            " FROM session s
                   LEFT JOIN account a ON a.jurisdiction = s.jurisdiction AND a.id = s.account
                   LEFT JOIN officer o ON o.jurisdiction = s.jurisdiction
                     AND o.account = s.account AND o.office = s.office
                     AND o.division = s.division AND o.from_on <= $3
                     AND (o.until_on IS NULL OR o.until_on > $3)
                   WHERE s.jurisdiction = $1 AND s.digest = $2 LIMIT 1"
        );
        let mut tx = self.once().await?;
        let row: Option<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(digest.0.to_vec()).bind(column::day(today)).bind(column::case(NO_CASE))
            .bind(column::text(NAME)).fetch_optional(c).await)?;
        drop(tx);
        let Some(row) = row else { return Ok(None) };
        let (person, evidence, began, seen, ended, office, division, account, ..) = &row;
        let (began, seen_at) = (column::instant_of(*began), column::instant_of(*seen));
        let account = account.as_deref().map(row::account_id).transpose()?;
        if ended.is_some() || !LIMITS.lasts(began, seen_at, now) {
            let person = person.clone().unwrap_or_default();
            return Ok(Some(Here::Ended { account, person }));
        }
        let evidence = Evidence::named(evidence);
        let evidence = evidence.ok_or_else(|| column::corrupt("an evidence does not read"))?;
        let acting = office.as_ref().zip(division.as_ref());
        let acting = acting.map(|(office, division)| column::body_of(office, division));
        let acting = acting.transpose()?;
        let (person, .., party, wrapped, nonce, sealed) = row;
        let here = match (account, person, party) {
            (Some(account), _, Some(party)) => {
                match self.named((party, wrapped, nonce, sealed))? {
                    (party, Some(name)) => Here::Holder { account, party, name, acting, evidence },
                    // Whoever is erased is signed in no longer.
                    _ => Here::Ended { account: Some(account), person: String::new() },
                }
            }
            (None, Some(person), _) => Here::Invented { person },
            (account, _, _) => Here::Ended { account, person: String::new() },
        };
        if now.micros().saturating_sub(seen_at.micros()) >= SEEN_MICROS {
            self.mark_seen(digest, now).await?;
        }
        Ok(Some(here))
    }

    async fn mark_seen(&self, digest: SessionDigest, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE session SET seen_at = $3 WHERE jurisdiction = $1 AND digest = $2";
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(digest.0.to_vec())
            .bind(now.micros()).execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// The sessions of an account that last, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sessions(&self, id: AccountId, now: Instant) -> Result<Vec<Session>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT digest, evidence, browser, began_at, seen_at FROM session
                   WHERE jurisdiction = $1 AND account = $2 AND ended_at IS NULL
                   ORDER BY began_at DESC, digest";
        let rows: Vec<(Vec<u8>, String, String, i64, i64)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(id.0.to_vec()).fetch_all(c).await)?;
        let session = |(digest, evidence, browser, began, seen): (Vec<u8>, String, _, _, _)| {
            let evidence = Evidence::named(&evidence);
            Ok(Session {
                digest: SessionDigest(column::hash_of(&digest)?),
                evidence: evidence.ok_or_else(|| column::corrupt("an evidence does not read"))?,
                browser,
                began_at: column::instant_of(began),
                seen_at: column::instant_of(seen),
            })
        };
        let sessions: Result<Vec<Session>, StoreError> = rows.into_iter().map(session).collect();
        let lasts = |one: &Session| LIMITS.lasts(one.began_at, one.seen_at, now);
        Ok(sessions?.into_iter().filter(lasts).collect())
    }

    /// Ends a session; of an account, where one is named. False when there is none that lasts.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the session lasts then.
    pub async fn end(
        &self,
        digest: SessionDigest,
        of: Option<AccountId>,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE session SET ended_at = $3
                   WHERE jurisdiction = $1 AND digest = $2 AND ended_at IS NULL
                     AND (account = $4 OR $5 = 1)";
        let (account, any) = (of.map(|of| of.0.to_vec()), i64::from(of.is_none()));
        let ended = on!(&mut tx, c => sqlx::query(sql).bind(self.place())
            .bind(digest.0.to_vec()).bind(at.micros()).bind(account).bind(any).execute(c).await
            .map(|done| done.rows_affected()))?;
        if let Some(account) = of.filter(|_| ended > 0) {
            self.note_in(&mut tx, account, Event::SessionEnded, "", at).await?;
        }
        tx.commit().await?;
        Ok(ended > 0)
    }

    /// Ends every session of an account but one.
    pub(super) async fn end_all(
        &self,
        tx: &mut Tx,
        id: AccountId,
        but: Option<SessionDigest>,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE session SET ended_at = $3 WHERE jurisdiction = $1 AND account = $2
                     AND ended_at IS NULL AND digest <> $4";
        let but = but.map_or_else(Vec::new, |SessionDigest(digest)| digest.to_vec());
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(at.micros()).bind(but).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Has the holder of a session act for a body, or for nobody but themselves.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn act_for(
        &self,
        digest: SessionDigest,
        body: Option<&BodyId>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE session SET office = $3, division = $4
                   WHERE jurisdiction = $1 AND digest = $2";
        let office = body.map(|body| body.office.to_string());
        let division = body.map(|body| body.division.as_str());
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(digest.0.to_vec())
            .bind(office).bind(division).execute(c).await.map(drop))?;
        tx.commit().await
    }
}
