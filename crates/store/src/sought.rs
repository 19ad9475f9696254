//! Looking entries up by a value: which fields packs look up by, the rows that lead from a value to
//! the entries that ever had it, and what a decision has looked for and not found loaded.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use base::{Division, Name};
use kernel::{
    Case, Moment,
    case::EntryKey,
    decide::live_facts,
    register::{Entries, Version},
};
use pack::model::Pack;
use rules::Value;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{StoredVersion, load_versions, version_columns},
    views::Views,
};

/// Rows of one statement, or read at once.
const ROWS: usize = 1_000;
/// A longer value is looked for by its beginning.
const VALUE_MAX: usize = 200;

/// The fields that packs look entries up by, by register.
pub(crate) type Sought = BTreeMap<Name, BTreeSet<Name>>;

/// A value looked for: register, field, value as it is stored.
pub(crate) type Asked = (Name, Name, String);

/// A row of `register_value`: register, field, value, key.
pub(crate) type StoredValue = (String, String, String, String);

/// A value as it is stored and looked for.
pub(crate) fn shortened(value: &Value) -> String {
    column::text(&value.to_string()).chars().take(VALUE_MAX).collect()
}

/// The rows that lead to some versions.
pub(crate) fn values(
    sought: &Sought,
    versions: &[StoredVersion],
) -> Result<BTreeSet<StoredValue>, StoreError> {
    let mut rows = BTreeSet::new();
    for row in versions {
        let Some(fields) = sought.get(row.register.as_str()) else { continue };
        let held = row.clone().held()?;
        for field in fields {
            if let Some(value) = held.version.fields.get(field) {
                let (register, key) = (row.register.clone(), row.key.clone());
                rows.insert((register, field.to_string(), shortened(value), key));
            }
        }
    }
    Ok(rows)
}

/// Writes rows; one that is there already stays.
pub(crate) async fn put(
    tx: &mut Tx,
    place: &Division,
    rows: BTreeSet<StoredValue>,
) -> Result<(), StoreError> {
    let rows: Vec<StoredValue> = rows.into_iter().collect();
    let into = "INSERT INTO register_value (jurisdiction, register, field, value, key) ";
    for rows in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(into);
            query.push_values(rows, |mut values, (register, field, value, key)| {
                values
                    .push_bind(place.as_str())
                    .push_bind(register)
                    .push_bind(field)
                    .push_bind(value)
                    .push_bind(key);
            });
            query.push(" ON CONFLICT DO NOTHING").build().persistent(false).execute(c).await
                .map(drop)
        })?;
    }
    Ok(())
}

/// Writes the rows of every version there is of the registers in `sought`: a pack that looks up by
/// a field for the first time finds the older entries too.
pub(crate) async fn fill(tx: &mut Tx, place: &Division, sought: &Sought) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        " FROM register_version WHERE jurisdiction = $1 AND register = $2
            AND (key, known_from, valid_from) > ($3, $4, $5)
          ORDER BY key, known_from, valid_from LIMIT $6"
    );
    for register in sought.keys() {
        let mut after = (String::new(), i64::MIN, i64::MIN);
        loop {
            let (key, known, valid) = after;
            let page: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql)
                .bind(place.as_str()).bind(register.as_str()).bind(key).bind(known).bind(valid)
                .bind(ROWS as i64).fetch_all(c).await)?;
            put(tx, place, values(sought, &page)?).await?;
            match page.into_iter().next_back() {
                Some(last) => after = (last.key, last.known_from, last.valid_from),
                None => break,
            }
        }
    }
    Ok(())
}

/// The pairs of `now` that `before` lacks.
pub(crate) fn new_in(now: &Sought, before: &Sought) -> Sought {
    let mut new = Sought::new();
    for (register, fields) in now {
        let known = before.get(register);
        let fresh = fields.iter().filter(|f| !known.is_some_and(|known| known.contains(*f)));
        let fresh: BTreeSet<Name> = fresh.cloned().collect();
        if !fresh.is_empty() {
            new.insert(register.clone(), fresh);
        }
    }
    new
}

/// What a decision may look at; it notes what is not loaded yet.
#[derive(Debug)]
pub(crate) struct Looking<'v> {
    views: &'v Views,
    missed: RefCell<Missed>,
}

/// What must be loaded before a decision can be made.
#[derive(Debug, Default)]
pub(crate) struct Missed {
    entries: BTreeSet<EntryKey>,
    values: BTreeSet<Asked>,
}

impl Missed {
    /// True when everything looked at was there.
    pub(crate) fn nothing(&self) -> bool {
        self.entries.is_empty() && self.values.is_empty()
    }

    /// This and what another decision missed.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.values.extend(other.values);
        self
    }
}

impl<'v> Looking<'v> {
    /// A look at what is loaded.
    pub(crate) fn at(views: &'v Views) -> Self {
        Self { views, missed: RefCell::default() }
    }

    /// What was looked for and is not loaded.
    pub(crate) fn missed(self) -> Missed {
        self.missed.into_inner()
    }
}

impl Entries for Looking<'_> {
    fn versions(&self, register: &Name, key: &str) -> Vec<Version> {
        let entry = EntryKey { register: register.clone(), key: key.to_owned() };
        if !self.views.entries.contains_key(&entry) {
            self.missed.borrow_mut().entries.insert(entry);
            return Vec::new();
        }
        self.views.versions(Some(&entry))
    }

    fn with_value(&self, register: &Name, field: &Name, value: &Value) -> Vec<String> {
        let asked = (register.clone(), field.clone(), shortened(value));
        if !self.views.looked_for.contains(&asked) {
            self.missed.borrow_mut().values.insert(asked);
            return Vec::new();
        }
        self.views.with_value(&asked)
    }
}

/// What the registers say of everything that a case looks at, in one numbered state.
#[derive(Debug)]
pub struct Registers {
    views: Views,
    moment: Moment,
}

impl Registers {
    /// The moment at which a command would be decided now.
    pub fn moment(&self) -> Moment {
        self.moment
    }
}

impl Entries for Registers {
    fn versions(&self, register: &Name, key: &str) -> Vec<Version> {
        Looking::at(&self.views).versions(register, key)
    }

    fn with_value(&self, register: &Name, field: &Name, value: &Value) -> Vec<String> {
        Looking::at(&self.views).with_value(register, field, value)
    }
}

/// Everything that the conditions of a case look at.
pub(crate) async fn seen_by(
    tx: &mut Tx,
    place: &Division,
    (pack, case): (&Pack, &Case),
    moment: Moment,
) -> Result<Registers, StoreError> {
    let mut views = Views::default();
    loop {
        let looking = Looking::at(&views);
        drop(live_facts(pack, case, &looking, moment));
        let missed = looking.missed();
        if missed.nothing() {
            return Ok(Registers { views, moment });
        }
        load(tx, place, &mut views, missed).await?;
    }
}

/// Looks, loads what was missed, and looks again until nothing is.
pub(crate) async fn looking<T>(
    tx: &mut Tx,
    place: &Division,
    look: impl Fn(&dyn Entries) -> T,
) -> Result<T, StoreError> {
    let mut views = Views::default();
    loop {
        let (seen, missed) = {
            let looking = Looking::at(&views);
            let seen = look(&looking);
            (seen, looking.missed())
        };
        if missed.nothing() {
            return Ok(seen);
        }
        load(tx, place, &mut views, missed).await?;
    }
}

/// Loads what a decision missed.
pub(crate) async fn load(
    tx: &mut Tx,
    place: &Division,
    views: &mut Views,
    missed: Missed,
) -> Result<(), StoreError> {
    let mut wanted: Vec<EntryKey> = missed.entries.into_iter().collect();
    let mut by_field: BTreeMap<(&Name, &Name), Vec<&str>> = BTreeMap::new();
    for (register, field, value) in &missed.values {
        by_field.entry((register, field)).or_default().push(value);
    }
    for ((register, field), values) in by_field {
        views.find_by(register, field);
        let entry = |key| EntryKey { register: register.clone(), key };
        let keys = keys_with(tx, place, (register, field), &values).await?;
        wanted.extend(keys.into_iter().map(entry));
    }
    views.looked_for.extend(missed.values);
    load_versions(tx, place, views, wanted).await
}

/// The keys of the stored entries that ever named one of some entries.
pub(crate) async fn naming(
    tx: &mut Tx,
    place: &Division,
    of: (&Name, &Name),
    named: &[String],
) -> Result<Vec<String>, StoreError> {
    let values: Vec<String> =
        named.iter().map(|key| shortened(&Value::Text(key.clone()))).collect();
    keys_with(tx, place, of, &values.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// The keys of the stored entries that ever had one of the values. A decision that is alone asks
/// for one: its statement stays prepared.
async fn keys_with(
    tx: &mut Tx,
    place: &Division,
    (register, field): (&Name, &Name),
    values: &[&str],
) -> Result<Vec<String>, StoreError> {
    if let [value] = values {
        let sql = "SELECT key FROM register_value
                   WHERE jurisdiction = $1 AND register = $2 AND field = $3 AND value = $4";
        return Ok(on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str())
            .bind(register.as_str()).bind(field.as_str()).bind(*value).fetch_all(c).await)?);
    }
    let mut keys = Vec::new();
    for values in values.chunks(ROWS) {
        let from = "SELECT key FROM register_value WHERE jurisdiction = ";
        let found: Vec<String> = on!(tx, c => {
            let mut query = sqlx::QueryBuilder::new(from);
            query.push_bind(place.as_str());
            query.push(" AND register = ").push_bind(register.as_str());
            query.push(" AND field = ").push_bind(field.as_str()).push(" AND value IN (");
            let mut list = query.separated(", ");
            for value in values {
                list.push_bind(*value);
            }
            query.push(")").build_query_scalar().persistent(false).fetch_all(c).await
        })?;
        keys.extend(found);
    }
    Ok(keys)
}
