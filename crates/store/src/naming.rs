//! Which entries name an entry: what else the registers say of it.

use std::collections::BTreeSet;

use base::{Division, Instant, Name};
use kernel::{
    EntryNumber,
    case::EntryKey,
    register::{Version, as_of},
};
use rules::Value;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{StoredVersion, versions_of_all},
    sought::shortened,
};

/// Entries that are looked at for one that is named; of more, only that there are more is told.
const LOOKED_AT_MAX: usize = 400;

/// An entry that names another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its register.
    pub register: Name,
    /// The field that names the other.
    pub field: Name,
    /// Its key.
    pub key: String,
    /// What it says.
    pub version: Version,
}

/// The entries that name an entry, and whether there are more than were looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Those found, by register and field and the newest first.
    pub by: Vec<Naming>,
    /// True where there are more.
    pub more: bool,
}

/// The entries whose `fields` name the entry of that key, as of an instant and a number. Only
/// fields that a pack looks entries up by are known.
pub(crate) async fn naming(
    tx: &mut Tx,
    place: &Division,
    key: &str,
    fields: &[(Name, Name)],
    (at, known): (Instant, EntryNumber),
) -> Result<Named, StoreError> {
    if fields.is_empty() {
        return Ok(Named::default());
    }
    let value = Value::Text(key.to_owned());
    let mut found = keys(tx, place, &shortened(&value), fields).await?;
    let more = found.len() > LOOKED_AT_MAX;
    found.truncate(LOOKED_AT_MAX);
    let entries: BTreeSet<EntryKey> = found.iter().map(|(_, entry)| entry.clone()).collect();
    if entries.is_empty() {
        return Ok(Named::default());
    }
    let entries: Vec<EntryKey> = entries.into_iter().collect();
    let rows = versions_of_all(tx, place, &entries).await?;
    let mut by = Vec::new();
    for (field, entry) in found {
        let own = rows.iter().filter(|row| row.register == entry.register.as_str());
        let own = own.filter(|row| row.key == column::text(&entry.key)).cloned();
        let held = |row: StoredVersion| row.held().map(|held| held.version);
        let versions = own.map(held).collect::<Result<Vec<Version>, StoreError>>()?;
        let says = as_of(&versions, at, known);
        if let Some(version) = says.filter(|own| own.fields.get(&field) == Some(&value)) {
            let EntryKey { register, key } = entry;
            by.push(Naming { register, field, key, version: version.clone() });
        }
    }
    by.sort_by(|a, b| {
        let newest = b.version.valid_from.cmp(&a.version.valid_from);
        (&a.register, &a.field).cmp(&(&b.register, &b.field)).then(newest).then(a.key.cmp(&b.key))
    });
    Ok(Named { by, more })
}

/// The keys of entries that ever had the value, with the field that had it; one more than are
/// looked at.
async fn keys(
    tx: &mut Tx,
    place: &Division,
    value: &str,
    fields: &[(Name, Name)],
) -> Result<Vec<(Name, EntryKey)>, StoreError> {
    let rows: Vec<(String, String, String)> = on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("WITH field_of (register, field) AS (VALUES ");
        let mut list = query.separated(", ");
        for (register, field) in fields {
            list.push("(").push_bind_unseparated(register.as_str());
            list.push_unseparated(", ").push_bind_unseparated(field.as_str());
            list.push_unseparated(")");
        }
        query.push(") SELECT v.field, v.register, v.key FROM field_of f");
        query.push(" CROSS JOIN register_value v");
        query.push(" WHERE v.register = f.register AND v.field = f.field AND v.jurisdiction = ");
        query.push_bind(place.as_str()).push(" AND v.value = ").push_bind(value);
        query.push(" LIMIT ").push_bind((LOOKED_AT_MAX + 1) as i64);
        query.build_query_as().fetch_all(c).await
    })?;
    let entry = |(field, register, key): (String, String, String)| {
        Ok((column::name_of(&field)?, EntryKey { register: column::name_of(&register)?, key }))
    };
    rows.into_iter().map(entry).collect()
}
