//! Persons: who an identity number belongs to, what is kept of them sealed, who read it, and how
//! they are erased (Personal Information Protection Law arts. 47 and 51).

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant};
use identity::AccountId;
use kernel::{
    Actor, CaseId, PartyId,
    ledger::{bytes_of, read_bytes},
};

use crate::{
    accounts::SessionDigest,
    column,
    db::{Tx, on},
    error::StoreError,
    submission::Personal,
    vault::{PersonKey, Place, Sealed, Vault, random},
};

/// Rows of one statement.
const ROWS: usize = 1_000;

/// Who reads, and through which door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub actor: Actor,
    /// The account that was signed in, if any: an invented person of a demonstration has none.
    pub account: Option<AccountId>,
    /// The session, if any: what is done in the shell has none.
    pub session: Option<SessionDigest>,
    /// The ids of the policies that permit it, with blanks between them.
    pub policy: String,
}

/// One reading of a personal detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who read it.
    pub reader: Reader,
    /// When.
    pub at: Instant,
    /// In which case it was given.
    pub case: CaseId,
    /// Which question it answers; a paper is [`PAPER`] with its name.
    pub path: String,
}

/// What stands before the name of a paper in the log of readings; no question has a colon.
pub const PAPER: &str = "paper:";

/// Seals personal details and keeps them; one given again replaces the earlier one.
pub(crate) async fn keep(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    personal: &[(CaseId, Personal)],
) -> Result<(), StoreError> {
    let keys = keys(tx, place, vault, personal.iter().map(|(_, detail)| detail.party)).await?;
    let mut sealed = BTreeMap::new();
    for (case, detail) in personal {
        let Some(key) = keys.get(&detail.party) else { continue };
        let at = Place { party: detail.party, case: *case, path: &detail.path };
        sealed.insert((at.party, at.case, at.path), vault.seal(key, at, &detail.text)?);
    }
    let sealed: Vec<_> = sealed.into_iter().collect();
    for rows in sealed.chunks(ROWS) {
        store(tx, place, rows).await?;
    }
    Ok(())
}

/// A detail's key in the vault, and the sealed detail.
type Row<'a> = ((PartyId, CaseId, &'a str), Sealed);

async fn store(tx: &mut Tx, place: &Division, rows: &[Row<'_>]) -> Result<(), StoreError> {
    on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO vault (jurisdiction, party, case_id, path, nonce, sealed) ",
        );
        query.push_values(rows, |mut values, ((party, case, path), sealed)| {
            values
                .push_bind(place.as_str())
                .push_bind(party.0.to_vec())
                .push_bind(column::case(*case))
                .push_bind(*path)
                .push_bind(sealed.nonce.to_vec())
                .push_bind(&sealed.text);
        });
        query.push(
            " ON CONFLICT (jurisdiction, party, case_id, path)
              DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed",
        );
        query.build().persistent(false).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// The keys of the parties, made for those that have none.
async fn keys(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    parties: impl Iterator<Item = PartyId>,
) -> Result<BTreeMap<PartyId, PersonKey>, StoreError> {
    let parties: Vec<PartyId> = parties.collect::<BTreeSet<_>>().into_iter().collect();
    let mut keys = BTreeMap::new();
    for parties in parties.chunks(ROWS) {
        keys.extend(kept_keys(tx, place, vault, parties).await?);
        let fresh = parties.iter().filter(|party| !keys.contains_key(*party));
        let fresh: Vec<PartyId> = fresh.copied().collect();
        keys.extend(make_keys(tx, place, vault, &fresh).await?);
    }
    Ok(keys)
}

async fn kept_keys(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    parties: &[PartyId],
) -> Result<Vec<(PartyId, PersonKey)>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT party, wrapped FROM vault_key WHERE jurisdiction = ",
        );
        query.push_bind(place.as_str()).push(" AND party IN (");
        let mut list = query.separated(", ");
        for party in parties {
            list.push_bind(party.0.to_vec());
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    let unwrapped = |(party, wrapped): (Vec<u8>, Vec<u8>)| {
        let party = column::party_of(&party)?;
        Ok((party, vault.unwrap_key(party, &wrapped)?))
    };
    rows.into_iter().map(unwrapped).collect()
}

/// Makes a person's key where there is none. The caller holds the head, so that no two make one.
pub(crate) async fn must_have_key(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    party: PartyId,
) -> Result<(), StoreError> {
    keys(tx, place, vault, std::iter::once(party)).await.map(drop)
}

/// A person's key, where there is one.
pub(crate) async fn key(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    party: PartyId,
) -> Result<Option<PersonKey>, StoreError> {
    let sql = "SELECT wrapped FROM vault_key WHERE jurisdiction = $1 AND party = $2";
    let wrapped: Option<Vec<u8>> = on!(tx, c => sqlx::query_scalar(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).fetch_optional(c).await)?;
    wrapped.map(|wrapped| vault.unwrap_key(party, &wrapped)).transpose()
}

async fn make_keys(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    parties: &[PartyId],
) -> Result<Vec<(PartyId, PersonKey)>, StoreError> {
    let mut keys = Vec::with_capacity(parties.len());
    let mut rows = Vec::with_capacity(parties.len());
    for party in parties {
        let (key, wrapped) = vault.new_key(*party)?;
        keys.push((*party, key));
        rows.push((party.0.to_vec(), wrapped));
    }
    if !rows.is_empty() {
        on!(tx, c => {
            let mut query =
                sqlx::QueryBuilder::new("INSERT INTO vault_key (jurisdiction, party, wrapped) ");
            query.push_values(rows, |mut values, (party, wrapped)| {
                values.push_bind(place.as_str()).push_bind(party).push_bind(wrapped);
            });
            query.build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(keys)
}

/// A detail that is the holder's own and that only the holder's own pages show: nobody reads it, so
/// nothing is logged.
pub(crate) async fn own(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    detail: Place<'_>,
) -> Result<Option<String>, StoreError> {
    let Some((nonce, sealed)) = sealed(tx, place, detail).await? else { return Ok(None) };
    let Some(key) = key(tx, place, vault, detail.party).await? else { return Ok(None) };
    vault.open(&key, detail, &nonce, &sealed).map(Some)
}

/// A detail as it is kept.
async fn sealed(
    tx: &mut Tx,
    place: &Division,
    detail: Place<'_>,
) -> Result<Option<(Vec<u8>, Vec<u8>)>, StoreError> {
    let sql = "SELECT nonce, sealed FROM vault
               WHERE jurisdiction = $1 AND party = $2 AND case_id = $3 AND path = $4";
    let (party, case) = (detail.party.0.to_vec(), column::case(detail.case));
    let path = column::text(detail.path);
    let row = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party).bind(case).bind(path).fetch_optional(c).await)?;
    Ok(row)
}

/// Opens one detail and logs that it was read.
pub(crate) async fn reveal(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    detail: Place<'_>,
    reader: &Reader,
    at: Instant,
) -> Result<Option<String>, StoreError> {
    let text = open(tx, place, vault, detail).await?;
    if text.is_some() {
        log(tx, place, detail, reader, at).await?;
    }
    Ok(text)
}

/// Opens one detail for the store itself, which uses it where its person wants it used; what became
/// of it is told by the outbox.
pub(crate) async fn open(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    detail: Place<'_>,
) -> Result<Option<String>, StoreError> {
    let row = sealed(tx, place, detail).await?;
    match (row, key(tx, place, vault, detail.party).await?) {
        (Some((nonce, sealed)), Some(key)) => vault.open(&key, detail, &nonce, &sealed).map(Some),
        _ => Ok(None),
    }
}

/// Logs that something of a person was read.
pub(crate) async fn log(
    tx: &mut Tx,
    place: &Division,
    detail: Place<'_>,
    reader: &Reader,
    at: Instant,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO reading
                 (jurisdiction, party, at, id, case_id, path, reader, account, session, policy)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let (party, case) = (detail.party.0.to_vec(), column::case(detail.case));
    let id = random::<16>()?.to_vec();
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party).bind(at.micros()).bind(id)
        .bind(case).bind(detail.path).bind(bytes_of(&reader.actor))
        .bind(reader.account.map(|account| account.0.to_vec()))
        .bind(reader.session.map(|session| session.0.to_vec()))
        .bind(reader.policy.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Reader, when, case, question, account and session.
type ReadingRow = (Vec<u8>, i64, i64, String, Option<Vec<u8>>, Option<Vec<u8>>, String);

/// Who read a person's details, in order of time.
pub(crate) async fn readings(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
) -> Result<Vec<Reading>, StoreError> {
    let sql = "SELECT reader, at, case_id, path, account, session, policy FROM reading
               WHERE jurisdiction = $1 AND party = $2 ORDER BY at, id";
    let rows: Vec<ReadingRow> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).fetch_all(c).await)?;
    let reading = |(actor, at, case, path, account, session, policy): ReadingRow| {
        let actor = read_bytes(&actor).map_err(|error| column::corrupt(&error.0))?;
        let broken = |_| column::corrupt("an account is not 16 bytes");
        let account = account.as_deref().map(|account| account.try_into().map(AccountId));
        let account = account.transpose().map_err(broken)?;
        let session = session.as_deref().map(column::hash_of).transpose()?.map(SessionDigest);
        let reader = Reader { actor, account, session, policy };
        Ok(Reading { reader, at: column::instant_of(at), case: column::case_of(case)?, path })
    };
    rows.into_iter().map(reading).collect()
}

/// The party an identity belongs to; `fresh` when it is new.
pub(crate) async fn party_for(
    tx: &mut Tx,
    place: &Division,
    digest: [u8; 32],
    fresh: PartyId,
) -> Result<PartyId, StoreError> {
    let insert = "INSERT INTO identity (jurisdiction, digest, party) VALUES ($1, $2, $3)
                  ON CONFLICT DO NOTHING";
    on!(tx, c => sqlx::query(insert).bind(place.as_str()).bind(digest.to_vec())
        .bind(fresh.0.to_vec()).execute(c).await.map(drop))?;
    let select = "SELECT party FROM identity WHERE jurisdiction = $1 AND digest = $2";
    let party: Vec<u8> = on!(tx, c => sqlx::query_scalar(select)
        .bind(place.as_str()).bind(digest.to_vec()).fetch_one(c).await)?;
    column::party_of(&party)
}

/// Destroys a person's key, everything sealed under it, the way from their identity to them, and
/// the account by which they signed in.
pub(crate) async fn erase(tx: &mut Tx, place: &Division, party: PartyId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM passkey WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM totp WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM one_time_code WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM account_provider WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM program_token WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM session WHERE jurisdiction = $1 AND account IN
           (SELECT id FROM account WHERE jurisdiction = $1 AND party = $2)",
        "DELETE FROM account WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM vault WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM vault_key WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM identity WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM draft WHERE jurisdiction = $1 AND owner = $2",
        "DELETE FROM draft_topic WHERE jurisdiction = $1 AND owner = $2",
        "DELETE FROM draft_paper WHERE jurisdiction = $1 AND owner = $2",
        "DELETE FROM kept_view WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM outlet WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM dispatch WHERE jurisdiction = $1 AND party = $2",
    ] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
            .execute(c).await.map(drop))?;
    }
    Ok(())
}
