//! Subscriptions: programs to which changes are pushed, one after the other, and how far each has
//! got (ADR 26). Several nodes may push: each takes a subscription by a lease that runs out, and
//! only who holds the lease moves it on. A node that stops between sending and moving on leaves the
//! change to another, which sends it again under the same number.

use base::Instant;
use identity::AccountId;
use kernel::{BodyId, CaseId, EntryNumber, PartyId};

use crate::{
    Store,
    accounts::account_of,
    column,
    db::{Tx, on},
    error::StoreError,
    persons,
    submission::Personal,
    vault::{Place, random},
};

/// The subscriptions that an account may have.
pub const SUBSCRIPTIONS_MAX: usize = 10;
/// Details that belong to no case lie under this one.
const NO_CASE: CaseId = CaseId(EntryNumber(0));

/// The name of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubscriptionId(pub [u8; 16]);

impl SubscriptionId {
    /// Where its address and secret lie in the vault.
    fn path(self) -> String {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("subscription.{hex}")
    }
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name.
    pub id: SubscriptionId,
    /// Whose it is.
    pub account: AccountId,
    /// The party that the holder was when it was made.
    pub party: PartyId,
    /// The body for which its changes are seen, if for one.
    pub acting: Option<BodyId>,
    /// What its holder calls it.
    pub title: String,
    /// When it was made.
    pub made_at: Instant,
    /// The last entry looked at: the next one is the first that may be sent.
    pub looked: EntryNumber,
    /// The last change that was taken; 0 for none.
    pub sent: EntryNumber,
    /// When it was taken.
    pub sent_at: Option<Instant>,
    /// When it is tried again.
    pub due_at: Instant,
    /// How often the next change was tried in vain.
    pub attempts: u32,
    /// What was wrong the last time; empty where nothing was.
    pub fault: String,
}

/// A subscription in the hands of a node that pushes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushing {
    /// The subscription.
    pub subscription: Subscription,
    /// The address, a blank, and the secret; none where its holder was erased.
    pub address: Option<String>,
    lease: [u8; 16],
}

/// What came of pushing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// Entries up to this one need not be looked at again; nothing was sent.
    Looked(EntryNumber),
    /// This change was taken.
    Taken(EntryNumber),
    /// It was not, and is to be tried again at an instant.
    Again(Instant, String),
    /// There is nothing more for now.
    Rests,
}

/// What came of a subscription that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscribed {
    /// It is made, or was by the same request before: its address and secret.
    Made(String),
    /// The account has as many as it may.
    TooMany,
}

/// Account, name, party, office, division, title, when made, looked, sent, when sent, when due,
/// attempts, fault.
type Row = (
    Vec<u8>,
    Vec<u8>,
    Vec<u8>,
    Option<String>,
    Option<String>,
    String,
    i64,
    i64,
    i64,
    Option<i64>,
    i64,
    i64,
    String,
);

/// The columns of a subscription.
macro_rules! columns {
    () => {
        "account, id, party, office, division, title, made_at, looked, sent, sent_at, due_at,
         attempts, fault"
    };
}

fn read(row: Row) -> Result<Subscription, StoreError> {
    let (account, id, party, office, division, title, made_at, ..) = &row;
    let (.., looked, sent, sent_at, due_at, attempts, fault) = &row;
    let id = id.as_slice().try_into().map(SubscriptionId);
    let acting = office.as_deref().zip(division.as_deref());
    Ok(Subscription {
        id: id.map_err(|_| column::corrupt("a subscription is not 16 bytes"))?,
        account: account_of(account)?,
        party: column::party_of(party)?,
        acting: acting.map(|(office, division)| column::body_of(office, division)).transpose()?,
        title: title.clone(),
        made_at: column::instant_of(*made_at),
        looked: column::number_of(*looked)?,
        sent: column::number_of(*sent)?,
        sent_at: sent_at.map(column::instant_of),
        due_at: column::instant_of(*due_at),
        attempts: u32::try_from(*attempts).unwrap_or(u32::MAX),
        fault: fault.clone(),
    })
}

impl Store {
    /// Makes a subscription. The same name again changes nothing: what was made is given back.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is made then.
    pub async fn subscribe(
        &self,
        wanted: &Subscription,
        address: &str,
    ) -> Result<Subscribed, StoreError> {
        let inner = self.inner();
        let (place, vault) = (&inner.jurisdiction, &inner.vault);
        let mut tx = self.locked().await?;
        let own = of(&mut tx, place.as_str(), wanted.account).await?;
        let (party, path) = (wanted.party, wanted.id.path());
        if own.iter().any(|known| known.id == wanted.id) {
            let detail = Place { party, case: NO_CASE, path: &path };
            let known = persons::open(&mut tx, place, vault, detail).await?;
            return Ok(Subscribed::Made(known.unwrap_or_default()));
        }
        if own.len() >= SUBSCRIPTIONS_MAX {
            return Ok(Subscribed::TooMany);
        }
        let detail = Personal { party, path, text: address.to_owned() };
        persons::keep(&mut tx, place, vault, &[(NO_CASE, detail)]).await?;
        let sql = concat!(
            "INSERT INTO subscription (jurisdiction, ",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, NULL, $8, 0, '')"
        );
        let office = wanted.acting.as_ref().map(|body| body.office.to_string());
        let division = wanted.acting.as_ref().map(|body| body.division.to_string());
        on!(&mut tx, c => sqlx::query(sql).bind(place.as_str()).bind(wanted.account.0.to_vec())
            .bind(wanted.id.0.to_vec()).bind(party.0.to_vec()).bind(office).bind(division)
            .bind(column::text(&wanted.title)).bind(wanted.made_at.micros())
            .bind(column::number(wanted.looked)).execute(c).await.map(drop))?;
        tx.commit().await?;
        Ok(Subscribed::Made(address.to_owned()))
    }

    /// The subscriptions of an account, in the order they were made.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn subscriptions(&self, of: AccountId) -> Result<Vec<Subscription>, StoreError> {
        let inner = self.inner();
        self::of(&mut inner.db.read().await?, inner.jurisdiction.as_str(), of).await
    }

    /// Ends a subscription of an account. False where it has no such one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; it goes on then.
    pub async fn unsubscribe(
        &self,
        account: AccountId,
        id: SubscriptionId,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let mut tx = inner.db.write().await?;
        let sql = "DELETE FROM subscription WHERE jurisdiction = $1 AND account = $2 AND id = $3
                   RETURNING party";
        let party: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql).bind(place)
            .bind(account.0.to_vec()).bind(id.0.to_vec()).fetch_optional(c).await)?;
        let Some(party) = party else { return Ok(false) };
        let sql = "DELETE FROM vault WHERE jurisdiction = $1 AND party = $2 AND case_id = 0
                     AND path = $3";
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(party).bind(id.path()).execute(c).await
            .map(drop))?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes the subscription that has waited longest for entries it has not looked at, under a
    /// lease until an instant; none where all have got to the end, wait to be tried again, or are
    /// taken.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is taken then.
    pub async fn take_subscription(
        &self,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Pushing>, StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let waiting = "SELECT s.id FROM subscription s JOIN head h
                         ON h.jurisdiction = s.jurisdiction
                       WHERE s.jurisdiction = $1 AND s.looked < h.number AND s.due_at <= $2
                         AND (s.leased_until IS NULL OR s.leased_until <= $2)
                       ORDER BY s.due_at, s.id LIMIT 1";
        // Nobody is kept from writing where nothing is to be sent.
        let mut tx = inner.db.read().await?;
        let some: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(waiting).bind(place)
            .bind(now.micros()).fetch_optional(c).await)?;
        drop(tx);
        let Some(id) = some else { return Ok(None) };
        let lease: [u8; 16] = random()?;
        let mut tx = inner.db.write().await?;
        let sql = concat!(
            "UPDATE subscription SET lease = $3, leased_until = $4
             WHERE jurisdiction = $1 AND id = $2
               AND (leased_until IS NULL OR leased_until <= $5) RETURNING ",
            columns!()
        );
        let row: Option<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(place).bind(id)
            .bind(lease.to_vec()).bind(until.micros()).bind(now.micros()).fetch_optional(c)
            .await)?;
        let Some(subscription) = row.map(read).transpose()? else { return Ok(None) };
        let path = subscription.id.path();
        let detail = Place { party: subscription.party, case: NO_CASE, path: &path };
        let address = persons::open(&mut tx, &inner.jurisdiction, &inner.vault, detail).await?;
        tx.commit().await?;
        Ok(Some(Pushing { subscription, address, lease }))
    }

    /// Notes what came of pushing; false where the lease had run out and another has taken it, or
    /// the subscription has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the change is then sent again.
    pub async fn note_pushed(
        &self,
        pushing: &Pushing,
        pushed: &Pushed,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let (account, id) = (pushing.subscription.account, pushing.subscription.id);
        let mut tx = inner.db.write().await?;
        let set = match pushed {
            Pushed::Looked(_) => "looked = $5, due_at = $6",
            Pushed::Taken(_) => {
                "looked = $5, sent = $5, sent_at = $6, due_at = $6, attempts = 0, fault = ''"
            }
            Pushed::Again(..) => {
                "attempts = attempts + $5, due_at = $6, fault = $7, lease = NULL,
                 leased_until = NULL"
            }
            Pushed::Rests => {
                "attempts = attempts + $5, due_at = $6, lease = NULL,
                 leased_until = NULL"
            }
        };
        let sql = sqlx::AssertSqlSafe(format!(
            "UPDATE subscription SET {set}
             WHERE jurisdiction = $1 AND account = $2 AND id = $3 AND lease = $4"
        ));
        let (number, at, fault) = match pushed {
            Pushed::Looked(number) | Pushed::Taken(number) => (column::number(*number), now, ""),
            Pushed::Again(at, fault) => (1, *at, fault.as_str()),
            Pushed::Rests => (0, now, ""),
        };
        let changed = on!(&mut tx, c => {
            let query = sqlx::query(sql).bind(place).bind(account.0.to_vec()).bind(id.0.to_vec())
                .bind(pushing.lease.to_vec()).bind(number).bind(at.micros());
            let query = match pushed {
                Pushed::Again(..) => query.bind(column::text(fault)),
                _ => query,
            };
            query.execute(c).await.map(|done| done.rows_affected())
        })?;
        tx.commit().await?;
        Ok(changed == 1)
    }
}

async fn of(tx: &mut Tx, place: &str, of: AccountId) -> Result<Vec<Subscription>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM subscription WHERE jurisdiction = $1 AND account = $2 ORDER BY made_at, id"
    );
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(place).bind(of.0.to_vec())
        .fetch_all(c).await)?;
    rows.into_iter().map(read).collect()
}
