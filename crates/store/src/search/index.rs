//! The index, a view of the ledger like the registers it is made from: which entries of public
//! registers stand in it, under which words, kept in the transaction that writes the versions. What
//! is sought of an entry follows the pack in force; where a newly adopted one says otherwise of a
//! register, its entries are indexed anew.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use base::{Division, DivisionLevel, Name, Point};
use kernel::register::Fields;
use pack::model::{Input, Pack, Register};
use rules::{Facts, Value, Verdict};
use serde::Deserialize;
use sqlx::{ColumnIndex, FromRow, Row};

use super::{
    near::cell,
    text::folded,
    word::{Spoken, coded},
};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{Stored, StoredVersion, version_columns},
};

/// Rows of one statement: with 17 columns each, SQLite's 32,766 parameters are not reached.
const ROWS: usize = 1_000;
/// Bits of a number in the index that tell the versions of one ledger entry apart.
const PART_BITS: u32 = 10;
/// Bits for the ledger number and the part.
const NUMBER_BITS: u32 = 42;
/// Bits of a jurisdiction's own: those, and before them whether the version has ended.
const PLACE_BITS: u32 = NUMBER_BITS + 1;

/// A row of `search_entry` with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Indexed {
    pub(crate) row: StoredSearch,
    pub(crate) words: BTreeSet<String>,
}

/// A row of `search_entry`; read from an array in the order of its fields, too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct StoredSearch {
    pub(crate) doc: i64,
    pub(crate) register: String,
    pub(crate) key: String,
    pub(crate) known_from: i64,
    pub(crate) valid_from: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) known_until: Option<i64>,
    pub(crate) in_force: i64,
    pub(crate) district: String,
    pub(crate) headings: String,
    pub(crate) others: String,
    pub(crate) named_register: Option<String>,
    pub(crate) named_key: Option<String>,
    pub(crate) longitude: Option<i64>,
    pub(crate) latitude: Option<i64>,
    pub(crate) cell: Option<i64>,
}

/// The columns of [`StoredSearch`], in order.
macro_rules! search_columns {
    () => {
        "doc, register, key, known_from, valid_from, valid_until, known_until, in_force, \
         district, headings, others, named_register, named_key, longitude, \
         latitude, cell"
    };
}
pub(crate) use search_columns;

impl<'r, R: Row> FromRow<'r, R> for StoredSearch
where
    usize: ColumnIndex<R>,
    Option<i64>: Stored<'r, R::Database>,
    i64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            doc: row.try_get(0)?,
            register: row.try_get(1)?,
            key: row.try_get(2)?,
            known_from: row.try_get(3)?,
            valid_from: row.try_get(4)?,
            valid_until: row.try_get(5)?,
            known_until: row.try_get(6)?,
            in_force: row.try_get(7)?,
            district: row.try_get(8)?,
            headings: row.try_get(9)?,
            others: row.try_get(10)?,
            named_register: row.try_get(11)?,
            named_key: row.try_get(12)?,
            longitude: row.try_get(13)?,
            latitude: row.try_get(14)?,
            cell: row.try_get(15)?,
        })
    }
}

impl StoredSearch {
    /// Where it lies, where that is known.
    pub(crate) fn point(&self) -> Option<Point> {
        Point::new(self.longitude?, self.latitude?)
    }

    /// What it says that is sought.
    pub(crate) fn spoken(&self) -> Spoken<'_> {
        Spoken { headings: lines(&self.headings), others: lines(&self.others) }
    }
}

fn lines(text: &str) -> Vec<Cow<'_, str>> {
    text.split('\n').filter(|line| !line.is_empty()).map(Cow::Borrowed).collect()
}

/// The numbers that a jurisdiction has in the index: from, and the first that is not its own.
pub(crate) fn docs_of(place: &Division) -> Result<(i64, i64), StoreError> {
    let digits: String = format!("{:0<6}", place.as_str()).chars().take(6).collect();
    let code: i64 = digits.parse().map_err(|_| column::corrupt("a jurisdiction without a code"))?;
    Ok((code << PLACE_BITS, (code + 1) << PLACE_BITS))
}

/// Of those numbers, the ones of versions that are, or are not, in force.
pub(crate) fn docs_in_force((first, end): (i64, i64), in_force: bool) -> (i64, i64) {
    let middle = first + (1 << NUMBER_BITS);
    if in_force { (first, middle) } else { (middle, end) }
}

/// The number of a version in the index. Those in force come before the others, and each part grows
/// with the ledger, so that the order of the index is the order in which a search answers: entries
/// in force first, then as they came to say what they say.
fn doc(place: &Division, stored: &StoredVersion, in_force: bool) -> Result<i64, StoreError> {
    let (first, end) = docs_in_force(docs_of(place)?, in_force);
    let doc = first + (stored.known_from << PART_BITS) + stored.part;
    let fits = stored.part < 1 << PART_BITS && doc < end;
    fits.then_some(doc)
        .ok_or_else(|| column::corrupt("more versions than the index can tell apart"))
}

/// What is sought of the entries of registers.
pub(crate) struct Searched<'p>(Option<&'p Pack>);

/// Whether the entries of a register are found by everybody. What ceases to be published is read in
/// its register and on the page of the entry that it is about, as long as it is, and not sought.
fn is_searched(register: &Register) -> bool {
    register.public && register.published_until.is_none()
}

/// A pack's way to read a register, in words that differ where the ways do.
pub(crate) type Ways = BTreeMap<Name, String>;

/// The fields of an entry as facts.
struct Said<'f>(&'f Fields);

impl Facts for Said<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }
}

impl<'p> Searched<'p> {
    /// As the pack in force says; nothing while there is none.
    pub(crate) fn by(live: Option<&'p Pack>) -> Self {
        Self(live)
    }

    fn registers(&self) -> impl Iterator<Item = &'p Register> {
        let registers = self.0.into_iter().flat_map(|pack| pack.registers.values());
        registers.filter(|register| is_searched(register))
    }

    /// How each public register is read.
    pub(crate) fn ways(&self) -> Ways {
        let way = |register: &Register| {
            let fields = register.fields.iter().map(|own| (&own.name, &own.input));
            let force = register.in_force.as_ref().map(|condition| condition.source());
            let codes = register.field(&register.headed).map(|own| match (&own.input, self.0) {
                (Input::Code(list), Some(pack)) => format!("{:?}", pack.codes.get(list)),
                _ => String::new(),
            });
            let fields: Vec<_> = fields.collect();
            // Where a day ends depends on the zone.
            let zone = self.0.map(|pack| &pack.zone);
            let until = register.lasts_until.as_ref().map(|own| (own, zone));
            format!("{} {force:?} {until:?} {fields:?} {codes:?}", register.headed)
        };
        self.registers().map(|register| (register.name.clone(), way(register))).collect()
    }

    /// The rows of some versions.
    pub(crate) fn rows(
        &self,
        place: &Division,
        versions: &[StoredVersion],
    ) -> Result<Vec<Indexed>, StoreError> {
        let Some(pack) = self.0 else { return Ok(Vec::new()) };
        let public = |version: &StoredVersion| {
            let register = pack.registers.get(version.register.as_str());
            register.filter(|register| is_searched(register))
        };
        let versions = versions.iter().filter_map(|version| Some((public(version)?, version)));
        let mut rows = Vec::new();
        for (register, version) in versions {
            let fields = version.clone().held()?.version.fields;
            for part in parts(pack, register, version, &fields) {
                rows.push(row(pack, register, place, (version, &fields), part)?);
            }
        }
        Ok(rows)
    }
}

/// A stretch of a version's time within which it is, or is not, in force.
struct Part {
    valid_from: i64,
    valid_until: Option<i64>,
    in_force: bool,
}

/// The time of a version, cut where time alone ends what it says.
fn parts(pack: &Pack, register: &Register, stored: &StoredVersion, fields: &Fields) -> Vec<Part> {
    let said = Said(fields);
    let condition = register.in_force.as_ref();
    let in_force = condition.is_none_or(|own| own.verdict(&said) == Verdict::True);
    let (valid_from, valid_until) = (stored.valid_from, stored.valid_until);
    let over = register.over_from(&said).filter(|_| in_force);
    let over = over.map(|day| pack.zone.start_of(day).micros());
    match over.filter(|over| valid_until.is_none_or(|until| *over < until)) {
        None => vec![Part { valid_from, valid_until, in_force }],
        Some(over) if over <= valid_from => vec![Part { valid_from, valid_until, in_force: false }],
        Some(over) => vec![
            Part { valid_from, valid_until: Some(over), in_force: true },
            Part { valid_from: over, valid_until, in_force: false },
        ],
    }
}

fn row(
    pack: &Pack,
    register: &Register,
    place: &Division,
    (stored, fields): (&StoredVersion, &Fields),
    Part { valid_from, valid_until, in_force }: Part,
) -> Result<Indexed, StoreError> {
    let spoken = spoken(pack, register, &stored.key, fields);
    let district = district(register, fields);
    let mut words = spoken.words();
    words.insert(of_register(&register.name));
    words.extend(district.as_ref().map(of_district));
    let named = named(register, fields);
    let point = point(register, fields);
    let row = StoredSearch {
        doc: doc(place, stored, in_force)?,
        register: stored.register.clone(),
        key: stored.key.clone(),
        known_from: stored.known_from,
        valid_from,
        valid_until,
        known_until: stored.known_until,
        in_force: i64::from(in_force),
        district: district.map(|own| own.as_str().to_owned()).unwrap_or_default(),
        headings: spoken.headings.join("\n"),
        others: spoken.others.join("\n"),
        named_register: named.as_ref().map(|(register, _)| register.clone()),
        named_key: named.map(|(_, key)| key),
        longitude: point.map(Point::longitude),
        latitude: point.map(Point::latitude),
        cell: point.map(cell),
    };
    Ok(Indexed { row, words })
}

/// The word of a register's entries.
pub(crate) fn of_register(register: &Name) -> String {
    coded('r', register.as_str().chars())
}

/// The word of what lies in a district.
pub(crate) fn of_district(district: &Division) -> String {
    coded('d', district.as_str().chars())
}

/// The district of an entry: that of its first division.
fn district(register: &Register, fields: &Fields) -> Option<Division> {
    register.fields.iter().find_map(|field| match fields.get(&field.name)? {
        Value::Division(division) => division.at(DivisionLevel::County),
        _ => None,
    })
}

/// Where an entry lies on the ground: its first point.
fn point(register: &Register, fields: &Fields) -> Option<Point> {
    register.fields.iter().find_map(|field| match fields.get(&field.name)? {
        Value::Point(point) => Some(*point),
        _ => None,
    })
}

/// The entry that an entry is known by, where it is known by one.
fn named(register: &Register, fields: &Fields) -> Option<(String, String)> {
    let headed = register.field(&register.headed)?;
    match (&headed.input, fields.get(&register.headed)?) {
        (Input::Entry(register), Value::Text(key)) => {
            Some((register.to_string(), column::text(key)))
        }
        _ => None,
    }
}

/// What an entry says that is sought: heading, key, and every text and identifier. Who holds it is
/// a reference and never read.
fn spoken(pack: &Pack, register: &Register, key: &str, fields: &Fields) -> Spoken<'static> {
    let line = |text: String| folded(&text.replace('\n', " "));
    let headed = register.field(&register.headed).zip(fields.get(&register.headed));
    let headings = headed.map(|(field, value)| heading(pack, &field.input, value));
    let kinds =
        |input: &Input| matches!(input, Input::Text | Input::Bilingual | Input::Identifier(_));
    let others =
        register.fields.iter().filter(|own| own.name != register.headed && kinds(&own.input));
    let others = others.filter_map(|own| Some(texts(fields.get(&own.name)?))).flatten();
    let distinct = |texts: Vec<String>| {
        let mut seen = BTreeSet::new();
        let lines = texts.into_iter().map(line).filter(|own| !own.trim().is_empty());
        lines.filter(|own| seen.insert(own.clone())).map(Cow::Owned).collect()
    };
    Spoken {
        headings: distinct(headings.unwrap_or_default()),
        others: distinct(std::iter::once(key.to_owned()).chain(others).collect()),
    }
}

/// What a reader knows an entry by, in each language.
fn heading(pack: &Pack, input: &Input, value: &Value) -> Vec<String> {
    let both = |text: &base::Text| vec![text.zh.clone(), text.en.clone()];
    match (input, value) {
        (Input::Entry(_), _) => Vec::new(),
        (Input::Choice(options), Value::Choice(name)) => {
            let chosen = options.iter().find(|(option, _)| option == name);
            chosen.map(|(_, title)| both(title)).unwrap_or_default()
        }
        (Input::Code(list), Value::Code(code)) => {
            let title = pack.codes.get(list).and_then(|table| table.codes.get(code));
            title.map_or_else(|| vec![code.clone()], both)
        }
        _ => texts(value),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Bilingual(text) => vec![text.zh.clone(), text.en.clone()],
        Value::Party(_) | Value::Sealed | Value::Codes(_) => Vec::new(),
        other => vec![other.to_string()],
    }
}

/// Writes the rows of versions; of one that stands, only the number until which it is believed can
/// have changed.
pub(crate) async fn put(tx: &mut Tx, place: &Division, rows: &[Indexed]) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS) {
        let standing = standing(tx, rows).await?;
        let fresh: Vec<&Indexed> =
            rows.iter().filter(|own| !standing.contains(&own.row.doc)).collect();
        put_entries(tx, place, rows).await?;
        put_words(tx, &fresh).await?;
    }
    Ok(())
}

/// Which of the rows stand in the index. Only one that is superseded can.
async fn standing(tx: &mut Tx, rows: &[Indexed]) -> Result<BTreeSet<i64>, StoreError> {
    let old: Vec<i64> =
        rows.iter().filter(|own| own.row.known_until.is_some()).map(|own| own.row.doc).collect();
    if old.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<i64> = on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT doc FROM search_entry WHERE doc IN (");
        let mut list = query.separated(", ");
        for doc in old {
            list.push_bind(doc);
        }
        query.push(")").build_query_scalar().persistent(false).fetch_all(c).await
    })?;
    Ok(found.into_iter().collect())
}

async fn put_entries(tx: &mut Tx, place: &Division, rows: &[Indexed]) -> Result<(), StoreError> {
    let into = concat!("INSERT INTO search_entry (jurisdiction, ", search_columns!(), ") ");
    on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(into);
        query.push_values(rows, |mut values, Indexed { row, .. }| {
            values
                .push_bind(place.as_str())
                .push_bind(row.doc)
                .push_bind(&row.register)
                .push_bind(&row.key)
                .push_bind(row.known_from)
                .push_bind(row.valid_from)
                .push_bind(row.valid_until)
                .push_bind(row.known_until)
                .push_bind(row.in_force)
                .push_bind(&row.district)
                .push_bind(&row.headings)
                .push_bind(&row.others)
                .push_bind(&row.named_register)
                .push_bind(&row.named_key)
                .push_bind(row.longitude)
                .push_bind(row.latitude)
                .push_bind(row.cell);
        });
        query.push(" ON CONFLICT (doc) DO UPDATE SET known_until = excluded.known_until");
        query.build().persistent(false).execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn put_words(tx: &mut Tx, rows: &[&Indexed]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let (into, vector) = match tx {
        Tx::Sqlite(_) => ("INSERT INTO search_index (rowid, words) ", ("", "")),
        // The words are already apart: the server's own splitter must not look at them.
        Tx::Postgres(_) => (
            "INSERT INTO search_index (doc, words) ",
            ("array_to_tsvector(string_to_array(", ", ' '))"),
        ),
    };
    on!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(into);
        query.push_values(rows, |mut values, own| {
            let words: Vec<&str> = own.words.iter().map(String::as_str).collect();
            values.push_bind(own.row.doc);
            values.push(vector.0).push_bind_unseparated(words.join(" "));
            values.push_unseparated(vector.1);
        });
        query.build().persistent(false).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Indexes anew the registers whose entries are read otherwise than before.
pub(crate) async fn fill(
    tx: &mut Tx,
    place: &Division,
    searched: &Searched<'_>,
    before: &Ways,
) -> Result<(), StoreError> {
    let now = searched.ways();
    let names: BTreeSet<&Name> = now.keys().chain(before.keys()).collect();
    for register in names.into_iter().filter(|name| now.get(*name) != before.get(*name)) {
        clear(tx, place, Some(register)).await?;
        if now.contains_key(register) {
            fill_register(tx, place, searched, register).await?;
        }
    }
    Ok(())
}

async fn fill_register(
    tx: &mut Tx,
    place: &Division,
    searched: &Searched<'_>,
    register: &Name,
) -> Result<(), StoreError> {
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        " FROM register_version WHERE jurisdiction = $1 AND register = $2
            AND (key, known_from, valid_from) > ($3, $4, $5)
          ORDER BY key, known_from, valid_from LIMIT $6"
    );
    let mut after = (String::new(), i64::MIN, i64::MIN);
    loop {
        let (key, known, valid) = after;
        let page: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql)
            .bind(place.as_str()).bind(register.as_str()).bind(key).bind(known).bind(valid)
            .bind(ROWS as i64).fetch_all(c).await)?;
        put(tx, place, &searched.rows(place, &page)?).await?;
        match page.into_iter().next_back() {
            Some(last) => after = (last.key, last.known_from, last.valid_from),
            None => return Ok(()),
        }
    }
}

/// Takes a register, or everything, out of the index.
pub(crate) async fn clear(
    tx: &mut Tx,
    place: &Division,
    register: Option<&Name>,
) -> Result<(), StoreError> {
    let (first, end) = docs_of(place)?;
    let words = match (&*tx, register) {
        (Tx::Sqlite(_), None) => "DELETE FROM search_index WHERE rowid >= $1 AND rowid < $2",
        (Tx::Postgres(_), None) => "DELETE FROM search_index WHERE doc >= $1 AND doc < $2",
        (Tx::Sqlite(_), Some(_)) => {
            "DELETE FROM search_index WHERE rowid IN (SELECT doc FROM search_entry
             WHERE doc >= $1 AND doc < $2 AND register = $3)"
        }
        (Tx::Postgres(_), Some(_)) => {
            "DELETE FROM search_index WHERE doc IN (SELECT doc FROM search_entry
             WHERE doc >= $1 AND doc < $2 AND register = $3)"
        }
    };
    let entries = match register {
        None => "DELETE FROM search_entry WHERE doc >= $1 AND doc < $2",
        Some(_) => "DELETE FROM search_entry WHERE doc >= $1 AND doc < $2 AND register = $3",
    };
    for sql in [words, entries] {
        on!(tx, c => {
            let query = sqlx::query(sql).bind(first).bind(end);
            let query = match register {
                Some(register) => query.bind(register.as_str()),
                None => query,
            };
            query.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The words that stand in the index, each with how many versions stand under it and a sum over
/// their numbers.
pub(crate) async fn words(
    tx: &mut Tx,
    place: &Division,
) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => {
            "SELECT term, count(*), sum(doc % 1000003) FROM search_word
             WHERE doc >= $1 AND doc < $2 GROUP BY term"
        }
        Tx::Postgres(_) => {
            "SELECT word, count(*), sum(doc % 1000003)::BIGINT FROM
               (SELECT doc, unnest(tsvector_to_array(words)) AS word FROM search_index
                WHERE doc >= $1 AND doc < $2) AS under GROUP BY word"
        }
    };
    let (first, end) = docs_of(place)?;
    let rows: Vec<(String, i64, i64)> =
        on!(tx, c => sqlx::query_as(sql).bind(first).bind(end).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(word, count, sum)| (word, (count, sum))).collect())
}

/// The same of rows.
pub(crate) fn words_of(rows: &[Indexed]) -> BTreeMap<String, (i64, i64)> {
    let mut words: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for own in rows {
        for word in &own.words {
            let (count, sum) = words.entry(word.clone()).or_default();
            *count += 1;
            *sum += own.row.doc % 1_000_003;
        }
    }
    words
}
