//! Outlets, where persons want to be told besides the portal, and the outbox of what is to be sent
//! there.
//!
//! Several nodes may send: each takes rows by a lease that runs out, and only who holds the lease
//! marks a row. A node that stops between sending and marking leaves its row to another, which
//! sends it again: at least once, never quietly not at all. To one outlet the messages of one case
//! go in their order. Addresses lie in the vault under their person's key; erasing the person takes
//! them.

use base::{Division, Instant, Language};
use kernel::{CaseId, EntryNumber, PartyId};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    persons,
    submission::Personal,
    vault::{Place, Vault, random},
};

/// The outlets that one person may have.
pub const OUTLETS_MAX: usize = 5;
/// The links to confirm an address that one person may have sent within a day: nobody's mailbox is
/// filled by adding and removing it.
pub const LINKS_MAX: i64 = 10;
/// The kind of the message that asks to confirm an outlet; it comes from no entry.
pub const CONFIRM: &str = "confirm";
/// Details that belong to no case lie under this one.
const NO_CASE: CaseId = CaseId(EntryNumber(0));

/// What an outlet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutletKind {
    /// An e-mail address; it must be confirmed.
    Mail,
    /// A web address that takes messages, with the secret that signs them, after a blank.
    Hook,
}

impl OutletKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Hook => "hook",
        }
    }

    fn of(word: &str) -> Result<Self, StoreError> {
        match word {
            "mail" => Ok(Self::Mail),
            "hook" => Ok(Self::Hook),
            other => Err(column::corrupt(&format!("`{other}` is no outlet"))),
        }
    }
}

/// The name of an outlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutletId(pub [u8; 16]);

impl OutletId {
    fn of(column: &[u8]) -> Result<Self, StoreError> {
        column.try_into().map(Self).map_err(|_| column::corrupt("an outlet is not 16 bytes"))
    }

    /// Where its address lies in the vault.
    fn path(self) -> String {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("outlet.{hex}")
    }
}

/// An outlet of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// Its name.
    pub id: OutletId,
    /// What it is.
    pub kind: OutletKind,
    /// In which language messages go there.
    pub language: Language,
    /// Whether messages go there.
    pub confirmed: bool,
    /// The address.
    pub address: String,
}

/// A message on its way to an outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Where to.
    pub outlet: Outlet,
    /// Whose it is.
    pub party: PartyId,
    /// The entry it comes from; 0 for what comes from none.
    pub number: EntryNumber,
    /// Its kind.
    pub kind: String,
    /// The case; 0 for none.
    pub case: CaseId,
    /// Since when it is to be sent.
    pub at: Instant,
    /// The so-manieth time it is tried, from 1.
    pub attempt: u32,
    lease: [u8; 16],
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Where it was to go.
    pub outlet: OutletId,
    /// The entry it comes from.
    pub number: EntryNumber,
    /// Its kind.
    pub kind: String,
    /// The case.
    pub case: CaseId,
    /// How often it was tried.
    pub attempts: u32,
    /// What was wrong the last time, in the words of the other side or of the network.
    pub fault: String,
}

/// Adds an outlet; none where the person has as many as there may be, or has had as many links
/// sent. A mail address is asked to be confirmed; a web address is used at once, for only who reads
/// the secret can check what it sends.
pub(crate) async fn add(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    party: PartyId,
    (kind, language, address): (OutletKind, Language, &str),
    now: Instant,
) -> Result<Option<OutletId>, StoreError> {
    let count = "SELECT count(*) FROM outlet WHERE jurisdiction = $1 AND party = $2";
    let count: i64 = on!(tx, c => sqlx::query_scalar(count).bind(place.as_str())
        .bind(party.0.to_vec()).fetch_one(c).await)?;
    if usize::try_from(count).unwrap_or(OUTLETS_MAX) >= OUTLETS_MAX {
        return Ok(None);
    }
    if kind == OutletKind::Mail && links(tx, place, party, now).await? >= LINKS_MAX {
        return Ok(None);
    }
    let id = OutletId(random()?);
    let (path, text) = (id.path(), address.to_owned());
    persons::keep(tx, place, vault, &[(NO_CASE, Personal { party, path, text })]).await?;
    let confirmed = (kind == OutletKind::Hook).then(|| now.micros());
    let sql = "INSERT INTO outlet (jurisdiction, party, id, kind, language, added_at, confirmed_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
        .bind(id.0.to_vec()).bind(kind.word()).bind(word_of(language)).bind(now.micros())
        .bind(confirmed).execute(c).await.map(drop))?;
    if kind == OutletKind::Mail {
        let sql = "INSERT INTO dispatch (jurisdiction, outlet, number, kind, party, case_id,
                     show_at, due_at, attempts, fault)
                   VALUES ($1, $2, 0, $3, $4, 0, $5, $5, 0, '')";
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(id.0.to_vec()).bind(CONFIRM)
            .bind(party.0.to_vec()).bind(now.micros()).execute(c).await.map(drop))?;
    }
    Ok(Some(id))
}

/// How many links to confirm an address a person has had sent within the last day.
async fn links(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    now: Instant,
) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM dispatch
               WHERE jurisdiction = $1 AND party = $2 AND show_at > $3 AND kind = $4";
    let since = now.micros().saturating_sub(24 * 3600 * 1_000_000);
    Ok(on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str()).bind(party.0.to_vec())
        .bind(since).bind(CONFIRM).fetch_one(c).await)?)
}

fn word_of(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

fn language_of(word: &str) -> Language {
    if word == "en" { Language::En } else { Language::Zh }
}

/// A person's outlets in the order they were added, each with its address.
pub(crate) async fn of(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    party: PartyId,
) -> Result<Vec<Outlet>, StoreError> {
    let sql = "SELECT id FROM outlet WHERE jurisdiction = $1 AND party = $2 ORDER BY added_at, id";
    let ids: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(party.0.to_vec()).fetch_all(c).await)?;
    let mut outlets = Vec::with_capacity(ids.len());
    for id in ids {
        outlets.extend(one(tx, place, vault, party, OutletId::of(&id)?).await?);
    }
    Ok(outlets)
}

/// One outlet; none where it is gone or its address was erased.
async fn one(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    party: PartyId,
    id: OutletId,
) -> Result<Option<Outlet>, StoreError> {
    let sql = "SELECT kind, language, confirmed_at FROM outlet
               WHERE jurisdiction = $1 AND party = $2 AND id = $3";
    let row: Option<(String, String, Option<i64>)> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).bind(id.0.to_vec()).fetch_optional(c).await)?;
    let Some((kind, language, confirmed)) = row else { return Ok(None) };
    let path = id.path();
    let detail = Place { party, case: NO_CASE, path: &path };
    let address = persons::open(tx, place, vault, detail).await?;
    let (kind, language) = (OutletKind::of(&kind)?, language_of(&language));
    let outlet = |address| Outlet { id, kind, language, confirmed: confirmed.is_some(), address };
    Ok(address.map(outlet))
}

/// Confirms a mail address, if the proof is the one that was sent there.
pub(crate) async fn confirm(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    id: OutletId,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "UPDATE outlet SET confirmed_at = $4
               WHERE jurisdiction = $1 AND party = $2 AND id = $3 AND confirmed_at IS NULL";
    let changed = on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
        .bind(id.0.to_vec()).bind(now.micros()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Removes an outlet, its address and what was still to be sent there.
pub(crate) async fn remove(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    id: OutletId,
) -> Result<(), StoreError> {
    let gone = "DELETE FROM outlet WHERE jurisdiction = $1 AND party = $2 AND id = $3";
    let unsent = "DELETE FROM dispatch WHERE jurisdiction = $1 AND party = $2 AND outlet = $3
                    AND done_at IS NULL";
    for sql in [gone, unsent] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
            .bind(id.0.to_vec()).execute(c).await.map(drop))?;
    }
    let sql = "DELETE FROM vault WHERE jurisdiction = $1 AND party = $2 AND case_id = 0
                 AND path = $3";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec()).bind(id.path())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What is due and may be taken: nothing leased, nothing that waits for an earlier message of its
/// case to the same outlet.
macro_rules! taking {
    ($lock:literal) => {
        concat!(
            "UPDATE dispatch SET lease = $2, leased_until = $3, attempts = attempts + 1
             WHERE (jurisdiction, outlet, number, kind) IN (
               SELECT d.jurisdiction, d.outlet, d.number, d.kind FROM dispatch d
               JOIN outlet o ON o.jurisdiction = d.jurisdiction AND o.party = d.party
                 AND o.id = d.outlet
               WHERE d.jurisdiction = $1 AND d.done_at IS NULL AND d.dead_at IS NULL
                 AND d.due_at <= $4 AND (d.leased_until IS NULL OR d.leased_until <= $4)
                 AND (o.confirmed_at IS NOT NULL OR d.kind = 'confirm')
                 AND NOT EXISTS (
                   SELECT 1 FROM dispatch e
                   WHERE e.jurisdiction = d.jurisdiction AND e.outlet = d.outlet
                     AND e.case_id = d.case_id AND e.done_at IS NULL AND e.dead_at IS NULL
                     AND (e.show_at, e.number, e.kind) < (d.show_at, d.number, d.kind))
               ORDER BY d.due_at, d.number LIMIT $5",
            $lock,
            ")
             RETURNING outlet, number, kind, party, case_id, show_at, attempts"
        )
    };
}

/// Whether anything may be due.
pub(crate) async fn any_due(
    tx: &mut Tx,
    place: &Division,
    now: Instant,
) -> Result<bool, StoreError> {
    let sql = "SELECT number FROM dispatch WHERE jurisdiction = $1 AND due_at <= $2
                 AND done_at IS NULL AND dead_at IS NULL LIMIT 1";
    let found: Option<i64> = on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
        .bind(now.micros()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// A row that was taken.
type Taken = (Vec<u8>, i64, String, Vec<u8>, i64, i64, i64);

/// Takes what is due, under a lease that runs out at an instant.
pub(crate) async fn take(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    now: Instant,
    until: Instant,
    limit: u32,
) -> Result<Vec<Sending>, StoreError> {
    let lease: [u8; 16] = random()?;
    let sql = match tx {
        Tx::Sqlite(_) => taking!(""),
        Tx::Postgres(_) => taking!(" FOR UPDATE OF d SKIP LOCKED"),
    };
    let rows: Vec<Taken> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(lease.to_vec()).bind(until.micros()).bind(now.micros()).bind(i64::from(limit))
        .fetch_all(c).await)?;
    let mut taken = Vec::with_capacity(rows.len());
    for (outlet, number, kind, party, case, at, attempts) in rows {
        let (id, party) = (OutletId::of(&outlet)?, column::party_of(&party)?);
        // What belongs to an outlet that is gone meanwhile runs out with its lease.
        let Some(outlet) = one(tx, place, vault, party, id).await? else { continue };
        taken.push(Sending {
            outlet,
            party,
            number: column::number_of(number)?,
            kind,
            case: column::case_of(case)?,
            at: column::instant_of(at),
            attempt: u32::try_from(attempts).unwrap_or(u32::MAX),
            lease,
        });
    }
    taken.sort_by_key(|sending| (sending.at, sending.number));
    Ok(taken)
}

/// What came of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It has arrived.
    Done,
    /// It has not, and is to be tried again at an instant.
    Again(Instant, String),
    /// It has not, and is given up.
    GivenUp(String),
}

/// Notes what came of a sending; false where the lease had run out and another has taken it.
pub(crate) async fn note(
    tx: &mut Tx,
    place: &Division,
    sending: &Sending,
    sent: &Sent,
    now: Instant,
) -> Result<bool, StoreError> {
    let (done, dead, due, fault) = match sent {
        Sent::Done => (Some(now.micros()), None, now, ""),
        Sent::Again(at, fault) => (None, None, *at, fault.as_str()),
        Sent::GivenUp(fault) => (None, Some(now.micros()), now, fault.as_str()),
    };
    let sql = "UPDATE dispatch SET done_at = $6, dead_at = $7, due_at = $8, fault = $9,
                 lease = NULL, leased_until = NULL
               WHERE jurisdiction = $1 AND outlet = $2 AND number = $3 AND kind = $4
                 AND lease = $5";
    let changed = on!(tx, c => sqlx::query(sql).bind(place.as_str())
        .bind(sending.outlet.id.0.to_vec()).bind(column::number(sending.number))
        .bind(&sending.kind).bind(sending.lease.to_vec()).bind(done).bind(dead)
        .bind(due.micros()).bind(column::text(fault)).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// What was given up of a person's messages, the latest first.
pub(crate) async fn dead(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
) -> Result<Vec<Dead>, StoreError> {
    let sql = "SELECT outlet, number, kind, case_id, attempts, fault FROM dispatch
               WHERE jurisdiction = $1 AND party = $2 AND dead_at IS NOT NULL
               ORDER BY dead_at DESC, number DESC LIMIT 100";
    let rows: Vec<(Vec<u8>, i64, String, i64, i64, String)> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).fetch_all(c).await)?;
    let dead = rows.into_iter().map(|(outlet, number, kind, case, attempts, fault)| {
        Ok(Dead {
            outlet: OutletId::of(&outlet)?,
            number: column::number_of(number)?,
            kind,
            case: column::case_of(case)?,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            fault,
        })
    });
    dead.collect()
}

/// Puts what was given up for an outlet back on its way.
pub(crate) async fn again(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
    id: OutletId,
    now: Instant,
) -> Result<(), StoreError> {
    let sql = "UPDATE dispatch SET dead_at = NULL, due_at = $4, attempts = 0
               WHERE jurisdiction = $1 AND party = $2 AND outlet = $3 AND dead_at IS NOT NULL";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
        .bind(id.0.to_vec()).bind(now.micros()).execute(c).await.map(drop))?;
    Ok(())
}
