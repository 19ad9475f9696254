//! Seeking: the best answers first, of each kind those in force before the others, then in the
//! order of the ledger. Where few entries answer, all of them are read and weighed; where many do,
//! each kind of answer is asked for by its own words of the index until the page is full, so that a
//! common word costs no more than a rare one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Division, Instant, Name, Point};
use kernel::{EntryNumber, case::EntryKey, register::Version};

use super::{
    index::{StoredSearch, docs_of, of_district, of_register, search_columns},
    near::{self, admitted, nearest},
    text::solid,
    wanted::{Answers, Wanted, Words},
};
use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::{LISTED, versions_of_all},
};

/// So many candidates are read and weighed at once.
const NARROW: usize = 60;
/// Answers are counted up to here.
pub const FOUND_MAX: u32 = 200;
/// Candidates that are compared for one page before it is given as it is.
const COMPARED_MAX: usize = 5_000;
/// The most rows of one page.
const LIMIT_MAX: u32 = 100;
/// Entries that may have been meant.
const MEANT_MAX: usize = 3;

/// A search of the public registers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchQuery {
    /// What is sought; everything where only a place is named.
    pub wanted: Option<Wanted>,
    /// Near which place: the nearest come first then, and what lies nowhere does not come.
    pub near: Option<Point>,
    /// For which instant.
    pub at: Instant,
    /// As believed in the snapshot that ends with this entry.
    pub known: EntryNumber,
    /// The registers; all where none is named.
    pub registers: BTreeSet<Name>,
    /// Only what is in force, or only what is not.
    pub in_force: Option<bool>,
    /// Only what lies in this district.
    pub district: Option<Division>,
    /// Where the page before ended.
    pub after: Option<SearchCursor>,
    /// The most hits wanted; 100 at most.
    pub limit: u32,
}

/// Where a search goes on: behind the hit with that kind of answer, force, distance and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchCursor {
    pub(super) rank: u8,
    pub(super) ended: bool,
    pub(super) metres: u64,
    pub(super) doc: i64,
}

impl SearchCursor {
    /// Reads what [`fmt::Display`] wrote; none where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut next = || parts.next();
        let (rank, ended, metres, doc) = (next()?, next()?, next()?, next()?);
        let ended = ["0", "1"].iter().position(|word| *word == ended)? == 1;
        let (rank, metres) = (rank.parse().ok()?, metres.parse().ok()?);
        let read = Self { rank, ended, metres, doc: doc.parse().ok()? };
        (parts.next().is_none() && read.to_string() == text).then_some(read)
    }
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.rank, u8::from(self.ended), self.metres, self.doc)
    }
}

/// An entry found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The register.
    pub register: Name,
    /// The entry's key.
    pub key: String,
    /// What it says.
    pub version: Version,
    /// How well it answers.
    pub answers: Answers,
    /// Whether it is in force.
    pub in_force: bool,
    /// Metres from the place near which it was sought, if it was.
    pub metres: Option<u64>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// So many.
    pub found: u32,
    /// True where counting ended there.
    pub more: bool,
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchPage {
    /// The hits, the best first.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<SearchCursor>,
    /// How many entries answer on all pages.
    pub total: Count,
    /// How many answer in each register, whichever registers are asked for.
    pub by_register: BTreeMap<Name, Count>,
    /// Where none answers: entries that may have been meant.
    pub meant: Vec<Hit>,
}

/// A candidate that answers.
pub(super) struct Weighed {
    pub(super) place: SearchCursor,
    answers: Answers,
    near: bool,
    row: StoredSearch,
}

impl Weighed {
    fn of(answers: Answers, row: StoredSearch) -> Self {
        let ended = row.in_force == 0;
        let place = SearchCursor { rank: answers.rank(), ended, metres: 0, doc: row.doc };
        Self { place, answers, near: false, row }
    }

    /// One at a distance, which alone settles its place.
    pub(super) fn at(metres: u64, answers: Answers, row: StoredSearch) -> Self {
        let place = SearchCursor { rank: 0, ended: false, metres, doc: row.doc };
        Self { place, answers, near: true, row }
    }
}

impl SearchQuery {
    pub(super) fn admits(&self, row: &StoredSearch) -> bool {
        self.in_force.is_none_or(|wanted| (row.in_force == 1) == wanted)
            && self.district.as_ref().is_none_or(|own| row.district == own.as_str())
    }

    pub(super) fn asks_for(&self, register: &str) -> bool {
        self.registers.is_empty() || self.registers.iter().any(|own| own.as_str() == register)
    }

    /// Words and those of the filters.
    fn filtered(&self, words: Words, registers: bool, in_force: Option<bool>) -> Words {
        let force = |yes| Words::One(if yes { "fy" } else { "fn" }.to_owned());
        let mut all = vec![words];
        all.extend(in_force.map(force));
        all.extend(self.district.as_ref().map(|own| Words::One(of_district(own))));
        if registers && !self.registers.is_empty() {
            let any = self.registers.iter().map(|own| Words::One(of_register(own)));
            all.push(Words::Any(any.collect()));
        }
        Words::All(all)
    }

    /// How many of some rows are still to come, of the registers asked for.
    pub(super) fn coming(&self, rows: &[(u64, StoredSearch)]) -> usize {
        let comes = |(metres, row): &&(u64, StoredSearch)| {
            let place = SearchCursor { rank: 0, ended: false, metres: *metres, doc: row.doc };
            self.asks_for(&row.register) && Some(place) > self.after
        };
        rows.iter().filter(comes).count()
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.clamp(1, LIMIT_MAX) as usize
    }
}

/// A page of hits.
pub(crate) async fn search(
    tx: &mut Tx,
    place: &Division,
    query: &SearchQuery,
) -> Result<SearchPage, StoreError> {
    let Some(wanted) = &query.wanted else {
        return match query.near {
            Some(near) => nearest(tx, place, query, near).await,
            None => Ok(SearchPage::default()),
        };
    };
    let (first, _) = docs_of(place)?;
    let words = wanted.words(Answers::Elsewhere);
    let found = candidates(tx, place, query, &words, first - 1, NARROW + 1).await?;
    let mut page = match (query.near, found.len() > NARROW) {
        (None, true) => broad(tx, place, (query, wanted), &found).await?,
        (None, false) => narrow(tx, place, (query, wanted), found).await?,
        (Some(near), true) => nearest(tx, place, query, near).await?,
        (Some(near), false) => {
            let good = found.into_iter().filter(|row| admitted(query, row));
            let far = good.filter_map(|row| Some((row.point()?.metres_to(near), row))).collect();
            near::page(tx, place, query, far, false).await?
        }
    };
    if page.by_register.is_empty() {
        page.meant = meant(tx, place, (query, wanted)).await?;
    }
    Ok(page)
}

/// Every candidate weighed, and the entries that are known by one that answers.
async fn narrow(
    tx: &mut Tx,
    place: &Division,
    (query, wanted): (&SearchQuery, &Wanted),
    found: Vec<StoredSearch>,
) -> Result<SearchPage, StoreError> {
    let weigh = |row: StoredSearch| Some(Weighed::of(wanted.answered(&row.spoken())?, row));
    let mut weighed: Vec<Weighed> = found.into_iter().filter_map(weigh).collect();
    let named = named_by(tx, place, query, &weighed).await?;
    let own: BTreeSet<i64> = weighed.iter().map(|own| own.row.doc).collect();
    let named = named.into_iter().filter(|row| !own.contains(&row.doc));
    weighed.extend(named.map(|row| Weighed::of(Answers::Named, row)));
    weighed.retain(|own| query.admits(&own.row));
    let by_register = counted(weighed.iter().map(|own| own.row.register.as_str()))?;
    weighed.retain(|own| query.asks_for(&own.row.register));
    weighed.sort_by_key(|own| own.place);
    let total = Count { found: u32::try_from(weighed.len()).unwrap_or(u32::MAX), more: false };
    let mut rest: Vec<Weighed> =
        weighed.into_iter().filter(|own| Some(own.place) > query.after).collect();
    let more = rest.len() > query.limit();
    rest.truncate(query.limit());
    let next = rest.last().filter(|_| more).map(|own| own.place);
    let hits = hits(tx, place, rest).await?;
    Ok(SearchPage { hits, next, total, by_register, meant: Vec::new() })
}

pub(super) fn counted<'r>(
    registers: impl Iterator<Item = &'r str>,
) -> Result<BTreeMap<Name, Count>, StoreError> {
    let mut counts: BTreeMap<Name, Count> = BTreeMap::new();
    for register in registers {
        counts.entry(column::name_of(register)?).or_default().found += 1;
    }
    Ok(counts)
}

/// Kind by kind, until the page is full.
async fn broad(
    tx: &mut Tx,
    place: &Division,
    (query, wanted): (&SearchQuery, &Wanted),
    found: &[StoredSearch],
) -> Result<SearchPage, StoreError> {
    let by_register = counts(tx, place, (query, wanted), false, found).await?;
    let total = if query.registers.is_empty() {
        sum(by_register.values())
    } else {
        sum(counts(tx, place, (query, wanted), true, found).await?.values())
    };
    let mut gathered = Gathered { weighed: Vec::new(), compared: 0, next: None };
    for answers in Answers::OWN {
        for ended in [false, true].into_iter().filter(|ended| query.in_force != Some(*ended)) {
            gathered.stage(tx, place, (query, wanted), (answers, ended)).await?;
        }
    }
    let hits = hits(tx, place, gathered.weighed).await?;
    Ok(SearchPage { hits, next: gathered.next, total, by_register, meant: Vec::new() })
}

fn sum<'c>(counts: impl Iterator<Item = &'c Count>) -> Count {
    counts.fold(Count::default(), |sum, own| Count {
        found: sum.found + own.found,
        more: sum.more || own.more,
    })
}

/// A page as it fills.
struct Gathered {
    weighed: Vec<Weighed>,
    compared: usize,
    next: Option<SearchCursor>,
}

impl Gathered {
    /// Those that answer in one way and are, or are not, in force.
    async fn stage(
        &mut self,
        tx: &mut Tx,
        place: &Division,
        (query, wanted): (&SearchQuery, &Wanted),
        (answers, ended): (Answers, bool),
    ) -> Result<(), StoreError> {
        let (first, end) = docs_of(place)?;
        let rank = answers.rank();
        let begin = SearchCursor { rank, ended, metres: 0, doc: first - 1 };
        let mut at = query.after.map_or(begin, |after| after.max(begin));
        if self.next.is_some() || at > (SearchCursor { doc: end, ..begin }) {
            return Ok(());
        }
        let words = query.filtered(wanted.words(answers), true, Some(!ended));
        loop {
            let batch = query.limit() + 1;
            let rows = candidates(tx, place, query, &words, at.doc, batch).await?;
            let last = rows.len() < batch;
            for row in rows {
                if self.weighed.len() == query.limit() || self.compared == COMPARED_MAX {
                    self.next = Some(at);
                    return Ok(());
                }
                at.doc = row.doc;
                self.compared += 1;
                if wanted.answered(&row.spoken()) == Some(answers) {
                    self.weighed.push(Weighed::of(answers, row));
                }
            }
            if last {
                return Ok(());
            }
        }
    }
}

/// How many answer in each register, and of the registers asked for. Comparing costs more than
/// counting: where many must be compared, the first alone are, and it is said that there are more.
async fn counts(
    tx: &mut Tx,
    place: &Division,
    (query, wanted): (&SearchQuery, &Wanted),
    registers: bool,
    found: &[StoredSearch],
) -> Result<BTreeMap<Name, Count>, StoreError> {
    let words = wanted.words(Answers::Elsewhere);
    let words = query.filtered(words, registers, query.in_force);
    if wanted.exact() {
        return counted_by(tx, place, query, &words).await;
    }
    let (first, _) = docs_of(place)?;
    let filtered = registers || query.in_force.is_some() || query.district.is_some();
    let own = match filtered {
        true => candidates(tx, place, query, &words, first - 1, NARROW + 1).await?,
        false => Vec::new(),
    };
    let rows = if filtered { own.as_slice() } else { found };
    let good = rows.iter().filter(|row| wanted.answered(&row.spoken()).is_some());
    let mut counts = counted(good.map(|row| row.register.as_str()))?;
    counts.values_mut().for_each(|count| count.more = rows.len() > NARROW);
    Ok(counts)
}

/// Which versions hold as of the query: its instant and number are the third and fourth parameter.
macro_rules! holding {
    () => {
        " AND e.valid_from <= $3 AND (e.valid_until IS NULL OR e.valid_until > $3)
          AND e.known_from <= $4 AND (e.known_until IS NULL OR e.known_until > $4) "
    };
}

/// From the words to the entries; the parameters are the words and the number to begin behind. The
/// index leads, whatever the planner thinks.
macro_rules! under_words {
    (sqlite) => {
        " FROM search_index CROSS JOIN search_entry e ON e.doc = search_index.rowid
          WHERE search_index MATCH $1 AND search_index.rowid > $2 AND search_index.rowid < $5"
    };
    (postgres) => {
        " FROM search_index s JOIN search_entry e ON e.doc = s.doc
          WHERE s.words @@ $1::text::tsquery AND s.doc > $2 AND s.doc < $5"
    };
}

fn written(tx: &Tx, words: &Words) -> String {
    match tx {
        Tx::Sqlite(_) => words.written(" AND ", " OR ", '"'),
        Tx::Postgres(_) => words.written(" & ", " | ", '\''),
    }
}

/// The first versions under the words that hold as of the query, after a number.
async fn candidates(
    tx: &mut Tx,
    place: &Division,
    query: &SearchQuery,
    words: &Words,
    after: i64,
    limit: usize,
) -> Result<Vec<StoredSearch>, StoreError> {
    let (_, end) = docs_of(place)?;
    let (written, limit) = (written(tx, words), column_of(limit));
    let (at, known) = (query.at.micros(), column::number(query.known));
    match tx {
        // SQLite works in a thread of its own, and each row it hands over wakes another: all come in
        // one.
        Tx::Sqlite(tx) => {
            let sql = concat!(
                "SELECT json_group_array(json_array(",
                search_columns!(),
                ")) FROM (SELECT ",
                search_columns!(),
                under_words!(sqlite),
                holding!(),
                "ORDER BY search_index.rowid LIMIT $6)"
            );
            let rows: String = sqlx::query_scalar(sql)
                .bind(written)
                .bind(after)
                .bind(at)
                .bind(known)
                .bind(end)
                .bind(limit)
                .fetch_one(&mut **tx)
                .await?;
            serde_json::from_str(&rows).map_err(|_| column::corrupt("a row of the search index"))
        }
        Tx::Postgres(tx) => {
            let sql = concat!(
                "SELECT e.",
                search_columns!(),
                under_words!(postgres),
                holding!(),
                "ORDER BY s.doc LIMIT $6"
            );
            Ok(sqlx::query_as(sql)
                .bind(written)
                .bind(after)
                .bind(at)
                .bind(known)
                .bind(end)
                .bind(limit)
                .persistent(false)
                .fetch_all(&mut **tx)
                .await?)
        }
    }
}

/// Whether a statement is kept for the next search. PostgreSQL's plan depends on how common the
/// words are, so it must see them each time; SQLite's never does.
fn kept(tx: &Tx) -> bool {
    matches!(tx, Tx::Sqlite(_))
}

fn column_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

async fn counted_by(
    tx: &mut Tx,
    place: &Division,
    query: &SearchQuery,
    words: &Words,
) -> Result<BTreeMap<Name, Count>, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => concat!(
            "SELECT register, count(*) FROM (SELECT e.register",
            under_words!(sqlite),
            holding!(),
            "LIMIT $6) AS found GROUP BY register"
        ),
        Tx::Postgres(_) => concat!(
            "SELECT register, count(*) FROM (SELECT e.register",
            under_words!(postgres),
            holding!(),
            "LIMIT $6) AS found GROUP BY register"
        ),
    };
    let (first, end) = docs_of(place)?;
    let (written, keep) = (written(tx, words), kept(tx));
    let rows: Vec<(String, i64)> = on!(tx, c => sqlx::query_as(sql).bind(written).bind(first - 1)
        .bind(query.at.micros()).bind(column::number(query.known)).bind(end)
        .bind(i64::from(FOUND_MAX)).persistent(keep).fetch_all(c).await)?;
    let more = rows.iter().map(|(_, count)| *count).sum::<i64>() >= i64::from(FOUND_MAX);
    let count = |(register, count): (String, i64)| {
        let found = u32::try_from(count).unwrap_or(FOUND_MAX);
        Ok((column::name_of(&register)?, Count { found, more }))
    };
    rows.into_iter().map(count).collect()
}

/// The entries that are known by one of those.
async fn named_by(
    tx: &mut Tx,
    place: &Division,
    query: &SearchQuery,
    weighed: &[Weighed],
) -> Result<Vec<StoredSearch>, StoreError> {
    if weighed.is_empty() {
        return Ok(Vec::new());
    }
    let from = concat!(
        ") SELECT ",
        search_columns!(),
        " FROM wanted CROSS JOIN search_entry e WHERE jurisdiction = "
    );
    let (at, known) = (query.at.micros(), column::number(query.known));
    let weighed: BTreeSet<(&str, &str)> =
        weighed.iter().map(|own| (own.row.register.as_str(), own.row.key.as_str())).collect();
    Ok(on!(tx, c => {
        let mut sql = sqlx::QueryBuilder::new(LISTED);
        let mut list = sql.separated(", ");
        for (register, key) in weighed {
            list.push("(").push_bind_unseparated(register);
            list.push_unseparated(", ").push_bind_unseparated(key);
            list.push_unseparated(")");
        }
        sql.push(from).push_bind(place.as_str());
        sql.push(" AND named_register = wanted_register AND named_key = wanted_key");
        sql.push(" AND valid_from <= ").push_bind(at);
        sql.push(" AND (valid_until IS NULL OR valid_until > ").push_bind(at);
        sql.push(") AND known_from <= ").push_bind(known);
        sql.push(" AND (known_until IS NULL OR known_until > ").push_bind(known);
        sql.push(") ORDER BY doc LIMIT ").push_bind(i64::from(FOUND_MAX));
        sql.build_query_as().persistent(false).fetch_all(c).await
    })?)
}

/// What the versions found say.
pub(super) async fn hits(
    tx: &mut Tx,
    place: &Division,
    weighed: Vec<Weighed>,
) -> Result<Vec<Hit>, StoreError> {
    if weighed.is_empty() {
        return Ok(Vec::new());
    }
    let key = |own: &Weighed| {
        let register = column::name_of(&own.row.register)?;
        Ok(EntryKey { register, key: own.row.key.clone() })
    };
    let keys: Vec<EntryKey> = weighed.iter().map(key).collect::<Result<_, StoreError>>()?;
    let mut says = BTreeMap::new();
    for row in versions_of_all(tx, place, &keys).await? {
        says.insert((row.register.clone(), row.key.clone(), row.known_from, row.valid_from), row);
    }
    let hit = |own: Weighed| {
        let StoredSearch { register, key, known_from, valid_from, in_force, .. } = own.row;
        let said = says.get(&(register.clone(), key.clone(), known_from, valid_from)).cloned();
        let said =
            said.ok_or_else(|| column::corrupt("the index knows a version that is not there"))?;
        let (register, version) = (column::name_of(&register)?, said.held()?.version);
        {
            let (metres, answers) = (own.near.then_some(own.place.metres), own.answers);
            Ok(Hit { register, key, version, answers, in_force: in_force == 1, metres })
        }
    };
    weighed.into_iter().map(hit).collect()
}

/// Entries whose heading is read as what was sought, or else is written most like it.
async fn meant(
    tx: &mut Tx,
    place: &Division,
    (query, wanted): (&SearchQuery, &Wanted),
) -> Result<Vec<Hit>, StoreError> {
    let (first, _) = docs_of(place)?;
    let mut weighed = Vec::new();
    if let Some(read) = wanted.as_read() {
        let words = read.words(Answers::InHeading);
        let rows = candidates(tx, place, query, &words, first - 1, NARROW).await?;
        let alike = |row: StoredSearch| Some(Weighed::of(read.answered(&row.spoken())?, row));
        weighed.extend(rows.into_iter().filter_map(alike));
        weighed.sort_by_key(|own| own.place);
    }
    if weighed.is_empty() {
        let words = wanted.in_part();
        let rows = candidates(tx, place, query, &words, first - 1, NARROW).await?;
        let far = |row: &StoredSearch| {
            let solids = row.spoken().headings.into_iter().map(|own| solid(&own));
            solids.map(|own| strsim::osa_distance(&own, wanted.solid())).min()
        };
        let most = wanted.solid().chars().count();
        let mut near: Vec<(usize, StoredSearch)> = rows
            .into_iter()
            .filter_map(|row| Some((far(&row)?, row)))
            .filter(|(far, _)| *far < most)
            .collect();
        near.sort_by_key(|(far, row)| (*far, row.doc));
        weighed = near.into_iter().map(|(_, row)| Weighed::of(Answers::InHeading, row)).collect();
    }
    weighed.truncate(MEANT_MAX);
    hits(tx, place, weighed).await
}
