//! For which bodies an account acts: from a day, and until before another.

use base::{Date, Instant};
use identity::AccountId;
use kernel::{BodyId, PartyId};

use super::{Accounts, Event, NAME, NO_CASE, NewAccount};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    vault::Place,
};

/// The wrapped key, the nonce and the sealed name of the account `a`, by the parameters of case and
/// path. Each is looked up by its whole key, whatever a planner thinks of tables that have just
/// grown: joined, PostgreSQL read every name for each.
macro_rules! sealed_name {
    ($case:literal, $path:literal) => {
        concat!(
            "(SELECT k.wrapped FROM vault_key k
              WHERE k.jurisdiction = a.jurisdiction AND k.party = a.party) AS wrapped,
             (SELECT v.nonce FROM vault v WHERE v.jurisdiction = a.jurisdiction
              AND v.party = a.party AND v.case_id = ",
            $case,
            " AND v.path = ",
            $path,
            ") AS nonce,
             (SELECT v.sealed FROM vault v WHERE v.jurisdiction = a.jurisdiction
              AND v.party = a.party AND v.case_id = ",
            $case,
            " AND v.path = ",
            $path,
            ") AS sealed"
        )
    };
}
pub(super) use sealed_name;

/// Party, wrapped key, nonce, sealed name.
pub(super) type Named = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// A body for which somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The body.
    pub body: BodyId,
    /// The first day.
    pub from: Date,
    /// The first day on which no longer; none where no end is known.
    pub until: Option<Date>,
}

impl Office {
    /// Whether it is held on a day.
    pub fn held_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

impl Accounts<'_> {
    /// Has an account act for a body. One that begins on the same day is replaced.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn make_officer(
        &self,
        id: AccountId,
        office: &Office,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.office_in(&mut tx, id, office, at).await?;
        tx.commit().await
    }

    /// Makes an account that acts for a body, both or neither. False when its login name is taken.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sign_up_officer(
        &self,
        new: &NewAccount,
        office: &Office,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.alone().await?;
        if !self.make(&mut tx, new, at).await? {
            return Ok(false);
        }
        self.note_in(&mut tx, new.id, Event::Made, "", at).await?;
        self.office_in(&mut tx, new.id, office, at).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn office_in(
        &self,
        tx: &mut Tx,
        id: AccountId,
        office: &Office,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO officer (jurisdiction, account, office, division, from_on, until_on)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (jurisdiction, account, office, division, from_on)
                   DO UPDATE SET until_on = excluded.until_on";
        let BodyId { office: name, division } = &office.body;
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(name.as_str()).bind(division.as_str()).bind(column::day(office.from))
            .bind(office.until.map(column::day)).execute(c).await.map(drop))?;
        self.note_in(tx, id, Event::MadeOfficer, &office.body.to_string(), at).await
    }

    /// Those who act for a body on a day, each with the name; one whose details were erased has
    /// none. Pages of a case ask it each time, and a body may have hundreds: one statement reads
    /// them all.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn officers_of(
        &self,
        body: &BodyId,
        day: Date,
    ) -> Result<Vec<(PartyId, String)>, StoreError> {
        let sql = concat!(
            "SELECT DISTINCT a.party, ",
            sealed_name!("$5", "$6"),
            " FROM officer o JOIN account a ON a.jurisdiction = o.jurisdiction AND a.id = o.account
                   WHERE o.jurisdiction = $1 AND o.office = $2 AND o.division = $3
                     AND o.from_on <= $4 AND (o.until_on IS NULL OR o.until_on > $4)"
        );
        let mut tx = self.once().await?;
        let found: Vec<Named> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(body.office.as_str()).bind(body.division.as_str()).bind(column::day(day))
            .bind(column::case(NO_CASE)).bind(column::text(NAME))
            .fetch_all(c).await)?;
        drop(tx);
        let named = found.into_iter().map(|row| self.named(row));
        named.map(|named| named.map(|(party, name)| (party, name.unwrap_or_default()))).collect()
    }

    /// A party with the name that the vault keeps; none where it was erased.
    pub(super) fn named(&self, row: Named) -> Result<(PartyId, Option<String>), StoreError> {
        let (party, wrapped, nonce, sealed) = row;
        let (party, vault) = (column::party_of(&party)?, &self.inner.vault);
        let (Some(wrapped), Some(nonce), Some(sealed)) = (wrapped, nonce, sealed) else {
            return Ok((party, None));
        };
        let key = vault.unwrap_key(party, &wrapped)?;
        let place = Place { party, case: NO_CASE, path: NAME };
        Ok((party, Some(vault.open(&key, place, &nonce, &sealed)?)))
    }

    /// The bodies for which an account acts, acted or will act.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn offices(&self, id: AccountId) -> Result<Vec<Office>, StoreError> {
        let mut tx = self.once().await?;
        let sql = "SELECT office, division, from_on, until_on FROM officer
                   WHERE jurisdiction = $1 AND account = $2
                   ORDER BY from_on, office, division";
        let rows: Vec<(String, String, i64, Option<i64>)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(id.0.to_vec()).fetch_all(c).await)?;
        let office = |(office, division, from, until): (String, String, i64, Option<i64>)| {
            Ok(Office {
                body: column::body_of(&office, &division)?,
                from: column::day_of(from)?,
                until: until.map(column::day_of).transpose()?,
            })
        };
        rows.into_iter().map(office).collect()
    }
}
