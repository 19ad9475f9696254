//! Persons: who an identity number belongs to, what is kept of them sealed, who read it, and how
//! they are erased (Personal Information Protection Law arts. 47 and 51).

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Instant};
use kernel::{
    Actor, CaseId, PartyId,
    ledger::{bytes_of, read_bytes},
};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    submission::Personal,
    vault::{PersonKey, Place, Sealed, Vault, random},
};

/// Rows of one statement.
const ROWS: usize = 1_000;

/// One reading of a personal detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who read it.
    pub reader: Actor,
    /// When.
    pub at: Instant,
    /// In which case it was given.
    pub case: CaseId,
    /// Which question it answers; a paper is `paper:` with its name.
    pub path: String,
    /// The policies that permitted it, by id.
    pub policy: String,
}

/// Who reads, when, and which policies permit it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'r> {
    /// Who.
    pub actor: &'r Actor,
    /// When.
    pub at: Instant,
    /// The ids of the policies.
    pub policy: &'r str,
}

/// A paper of a case as the log of readings names it.
pub(crate) fn paper_path(name: &str) -> String {
    format!("paper:{name}")
}

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

async fn key(
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

/// Opens one detail and logs that it was read.
pub(crate) async fn reveal(
    tx: &mut Tx,
    place: &Division,
    vault: &Vault,
    detail: Place<'_>,
    reader: Reader<'_>,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT nonce, sealed FROM vault
               WHERE jurisdiction = $1 AND party = $2 AND case_id = $3 AND path = $4";
    let (party, case) = (detail.party.0.to_vec(), column::case(detail.case));
    let path = column::text(detail.path);
    let row: Option<(Vec<u8>, Vec<u8>)> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party).bind(case).bind(path).fetch_optional(c).await)?;
    let (Some((nonce, sealed)), Some(key)) = (row, key(tx, place, vault, detail.party).await?)
    else {
        return Ok(None);
    };
    log(tx, place, detail, reader).await?;
    vault.open(&key, detail, &nonce, &sealed).map(Some)
}

/// Logs that something of a person was read.
pub(crate) async fn log(
    tx: &mut Tx,
    place: &Division,
    detail: Place<'_>,
    Reader { actor, at, policy }: Reader<'_>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO reading (jurisdiction, party, at, id, case_id, path, reader, policy)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (party, case) = (detail.party.0.to_vec(), column::case(detail.case));
    let id = random::<16>()?.to_vec();
    let actor = bytes_of(actor);
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party).bind(at.micros()).bind(id)
        .bind(case).bind(detail.path).bind(actor).bind(policy).execute(c).await.map(drop))?;
    Ok(())
}

/// Who read a person's details, in order of time.
pub(crate) async fn readings(
    tx: &mut Tx,
    place: &Division,
    party: PartyId,
) -> Result<Vec<Reading>, StoreError> {
    let sql = "SELECT reader, at, case_id, path, policy FROM reading
               WHERE jurisdiction = $1 AND party = $2 ORDER BY at, id";
    let rows: Vec<(Vec<u8>, i64, i64, String, String)> = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(party.0.to_vec()).fetch_all(c).await)?;
    let reading = |(reader, at, case, path, policy): (Vec<u8>, i64, i64, String, String)| {
        let reader = read_bytes(&reader).map_err(|error| column::corrupt(&error.0))?;
        let (at, case) = (column::instant_of(at), column::case_of(case)?);
        Ok(Reading { reader, at, case, path, policy })
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

/// Destroys a person's key, everything sealed under it, and the way from their identity to them.
pub(crate) async fn erase(tx: &mut Tx, place: &Division, party: PartyId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM vault WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM vault_key WHERE jurisdiction = $1 AND party = $2",
        "DELETE FROM identity WHERE jurisdiction = $1 AND party = $2",
    ] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(party.0.to_vec())
            .execute(c).await.map(drop))?;
    }
    Ok(())
}
