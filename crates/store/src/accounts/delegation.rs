//! Who lets whom act for them: in which services, from a day and until before another; ended at
//! once when the giver says so (Civil Code arts. 161 to 165 and 173).

use base::{Date, Instant, Name};
use identity::AccountId;

use super::{Accounts, Event, row};
use crate::{column, db::on, error::StoreError};

/// Leave to act for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its number, drawn at random.
    pub id: [u8; 16],
    /// Who gave it.
    pub giver: AccountId,
    /// Who may act.
    pub agent: AccountId,
    /// The services in which; in all where none is named.
    pub services: Vec<Name>,
    /// The first day.
    pub from: Date,
    /// The first day on which no longer.
    pub until: Date,
    /// When it was given.
    pub made_at: Instant,
    /// When the giver ended it, if so.
    pub ended_at: Option<Instant>,
}

impl Delegation {
    /// Whether the agent may act on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.ended_at.is_none() && self.from <= day && day < self.until
    }

    /// Whether it is for that service.
    pub fn covers(&self, service: &Name) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }
}

type Row = (Vec<u8>, Vec<u8>, Vec<u8>, String, i64, i64, i64, Option<i64>);

fn delegation(row: Row) -> Result<Delegation, StoreError> {
    let (id, giver, agent, services, from, until, made_at, ended_at) = row;
    let id = id.as_slice().try_into();
    Ok(Delegation {
        id: id.map_err(|_| column::corrupt("a delegation is not 16 bytes"))?,
        giver: row::account_id(&giver)?,
        agent: row::account_id(&agent)?,
        services: services.split_whitespace().map(column::name_of).collect::<Result<_, _>>()?,
        from: column::day_of(from)?,
        until: column::day_of(until)?,
        made_at: column::instant_of(made_at),
        ended_at: ended_at.map(column::instant_of),
    })
}

impl Accounts<'_> {
    /// Has somebody act for the giver.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn delegate(&self, given: &Delegation) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO delegation
                     (jurisdiction, id, giver, agent, services, from_on, until_on, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let services: Vec<&str> = given.services.iter().map(Name::as_str).collect();
        on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(given.id.to_vec())
            .bind(given.giver.0.to_vec()).bind(given.agent.0.to_vec()).bind(services.join(" "))
            .bind(column::day(given.from)).bind(column::day(given.until))
            .bind(given.made_at.micros()).execute(c).await.map(drop))?;
        self.note_in(&mut tx, given.giver, Event::DelegationGiven, "", given.made_at).await?;
        tx.commit().await
    }

    /// Ends what the giver gave, at once. False when there is nothing to end.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; it holds then.
    pub async fn end_delegation(
        &self,
        giver: AccountId,
        id: [u8; 16],
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "UPDATE delegation SET ended_at = $4 WHERE jurisdiction = $1 AND id = $2
                     AND giver = $3 AND ended_at IS NULL";
        let rows = on!(&mut tx, c => sqlx::query(sql).bind(self.place()).bind(id.to_vec())
            .bind(giver.0.to_vec()).bind(at.micros()).execute(c).await
            .map(|done| done.rows_affected()))?;
        if rows > 0 {
            self.note_in(&mut tx, giver, Event::DelegationEnded, "", at).await?;
        }
        tx.commit().await?;
        Ok(rows > 0)
    }

    /// What an account has given and been given, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn delegations(&self, id: AccountId) -> Result<Vec<Delegation>, StoreError> {
        let mut tx = self.once().await?;
        let sql = "SELECT id, giver, agent, services, from_on, until_on, made_at, ended_at
                   FROM delegation WHERE jurisdiction = $1 AND (giver = $2 OR agent = $2)
                   ORDER BY made_at DESC, id";
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(self.place())
            .bind(id.0.to_vec()).fetch_all(c).await)?;
        rows.into_iter().map(delegation).collect()
    }
}
