//! Seeking: the best answers first, of each kind those in force before the others, then in the
//! order of the ledger. Where few entries answer, all of them are read and weighed; where many do,
//! each kind of answer is asked for by its own words of the index until the page is full, so that a
//! common word costs no more than a rare one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Division, Instant, Name, Point};
use kernel::{EntryNumber, register::Version};

use super::{
    index::{StoredSearch, of_district, of_register},
    near::{self, admitted, nearest},
    read::{Part, Reader},
    text::solid,
    wanted::{Answers, Wanted, Words},
};
use crate::{column, db::Tx, error::StoreError};

/// Answers are counted up to here.
pub const FOUND_MAX: u32 = 200;
/// So many candidates are read and weighed at once.
const NARROW: usize = FOUND_MAX as usize;
/// So many candidates are compared to find what may have been meant.
const ALIKE: usize = 60;
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

    /// Words and those of the filters, but for whether it is in force: that its number says.
    fn filtered(&self, words: Words, registers: bool) -> Words {
        let mut all = vec![words];
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
    let mut reader = Reader::new(tx, place, query)?;
    let reader = &mut reader;
    let Some(wanted) = &query.wanted else {
        return match query.near {
            Some(near) => nearest(reader, near).await,
            None => Ok(SearchPage::default()),
        };
    };
    let all = reader.all(wanted.words(Answers::Elsewhere));
    let found = reader.candidates(&all, NARROW + 1).await?;
    let mut page = match (query.near, found.len() > NARROW) {
        (None, true) => broad(reader, wanted, &found).await?,
        (None, false) => narrow(reader, wanted, found).await?,
        (Some(near), true) => nearest(reader, near).await?,
        (Some(near), false) => {
            let good = found.into_iter().filter(|row| admitted(query, row));
            let far = good.filter_map(|row| Some((row.point()?.metres_to(near), row))).collect();
            near::page(reader, far, false).await?
        }
    };
    if page.by_register.is_empty() {
        page.meant = meant(reader, wanted).await?;
    }
    Ok(page)
}

/// Every candidate weighed, and the entries that are known by one that answers.
async fn narrow(
    reader: &mut Reader<'_>,
    wanted: &Wanted,
    found: Vec<StoredSearch>,
) -> Result<SearchPage, StoreError> {
    let query = reader.query;
    let weigh = |row: StoredSearch| Some(Weighed::of(wanted.answered(&row.spoken())?, row));
    let mut weighed: Vec<Weighed> = found.into_iter().filter_map(weigh).collect();
    let keys = weighed.iter().map(|own| (own.row.register.as_str(), own.row.key.as_str()));
    let named = reader.named_by(&keys.collect()).await?;
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
    let hits = hits(reader, rest).await?;
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
    reader: &mut Reader<'_>,
    wanted: &Wanted,
    found: &[StoredSearch],
) -> Result<SearchPage, StoreError> {
    let by_register = counts(reader, wanted, false, found).await?;
    let total = if reader.query.registers.is_empty() {
        sum(by_register.values())
    } else {
        sum(counts(reader, wanted, true, found).await?.values())
    };
    let (weighed, next) = gathered(reader, wanted).await?;
    let hits = hits(reader, weighed).await?;
    Ok(SearchPage { hits, next, total, by_register, meant: Vec::new() })
}

fn sum<'c>(counts: impl Iterator<Item = &'c Count>) -> Count {
    counts.fold(Count::default(), |sum, own| Count {
        found: sum.found + own.found,
        more: sum.more || own.more,
    })
}

/// The ways of answering that are still to come, and the part of the index in which each is found.
fn stages(reader: &Reader<'_>, wanted: &Wanted) -> (Vec<Answers>, Vec<Part>) {
    let query = reader.query;
    let stage = |answers: Answers| {
        let words = query.filtered(wanted.words(answers), true);
        let mut part = reader.admitted(words);
        match query.after {
            Some(after) if after.rank > answers.rank() => return None,
            Some(after) if after.rank == answers.rank() => {
                part.docs.0 = part.docs.0.max(after.doc);
            }
            _ => {}
        }
        Some((answers, part))
    };
    Answers::OWN.into_iter().filter_map(stage).unzip()
}

/// A page, and where the next begins if there is one.
async fn gathered(
    reader: &mut Reader<'_>,
    wanted: &Wanted,
) -> Result<(Vec<Weighed>, Option<SearchCursor>), StoreError> {
    let (mut stages, mut parts) = stages(reader, wanted);
    let (limit, mut compared) = (reader.query.limit(), 0);
    let (mut weighed, mut at) = (Vec::new(), None);
    loop {
        let rows = reader.of_each(&parts, limit + 1).await?;
        let all = rows.len() <= limit;
        let last = rows.last().map(|(number, row)| (*number, row.doc));
        for (number, row) in rows {
            if weighed.len() == limit || compared == COMPARED_MAX {
                return Ok((weighed, at));
            }
            let answers = stages.get(number).ok_or_else(|| column::corrupt("no such stage"))?;
            let good = wanted.answered(&row.spoken()) == Some(*answers);
            let own = Weighed::of(*answers, row);
            (compared, at) = (compared + 1, Some(own.place));
            weighed.extend(good.then_some(own));
        }
        let Some((number, doc)) = last.filter(|_| !all) else { return Ok((weighed, None)) };
        stages.drain(..number);
        parts.drain(..number);
        parts.iter_mut().take(1).for_each(|own| own.docs.0 = doc);
    }
}

/// How many answer in each register, perhaps of the registers asked for. Where candidates must be
/// compared, the first are, and it is said that there are more.
async fn counts(
    reader: &mut Reader<'_>,
    wanted: &Wanted,
    registers: bool,
    found: &[StoredSearch],
) -> Result<BTreeMap<Name, Count>, StoreError> {
    let query = reader.query;
    let filtered = registers || query.in_force.is_some() || query.district.is_some();
    let part = reader.admitted(query.filtered(wanted.words(Answers::Elsewhere), registers));
    let own = match (filtered, wanted.exact()) {
        (true, true) => return reader.counted(&part).await,
        (true, false) => reader.candidates(&part, NARROW + 1).await?,
        (false, _) => Vec::new(),
    };
    let rows = if filtered { own.as_slice() } else { found };
    let good = |row: &&StoredSearch| wanted.exact() || wanted.answered(&row.spoken()).is_some();
    let mut counts =
        counted(rows.iter().take(NARROW).filter(good).map(|row| row.register.as_str()))?;
    counts.values_mut().for_each(|count| count.more = rows.len() > NARROW);
    Ok(counts)
}

/// What the versions found say.
pub(super) async fn hits(
    reader: &mut Reader<'_>,
    weighed: Vec<Weighed>,
) -> Result<Vec<Hit>, StoreError> {
    if weighed.is_empty() {
        return Ok(Vec::new());
    }
    let docs: Vec<i64> = weighed.iter().map(|own| own.row.doc).collect();
    let mut says = BTreeMap::new();
    for row in reader.versions(&docs).await? {
        says.insert((row.register.clone(), row.key.clone()), row);
    }
    let hit = |own: Weighed| {
        // As of one moment an entry has one version.
        let StoredSearch { register, key, in_force, .. } = own.row;
        let said = says.remove(&(register.clone(), key.clone()));
        let said =
            said.ok_or_else(|| column::corrupt("the index knows a version that is not there"))?;
        let (register, version) = (column::name_of(&register)?, said.held()?.version);
        let (metres, answers) = (own.near.then_some(own.place.metres), own.answers);
        Ok(Hit { register, key, version, answers, in_force: in_force == 1, metres })
    };
    weighed.into_iter().map(hit).collect()
}

/// Entries whose heading is read as what was sought, or else is written most like it.
async fn meant(reader: &mut Reader<'_>, wanted: &Wanted) -> Result<Vec<Hit>, StoreError> {
    let mut weighed = Vec::new();
    if let Some(read) = wanted.as_read() {
        let all = reader.all(read.words(Answers::InHeading));
        let rows = reader.candidates(&all, ALIKE).await?;
        let alike = |row: StoredSearch| Some(Weighed::of(read.answered(&row.spoken())?, row));
        weighed.extend(rows.into_iter().filter_map(alike));
        weighed.sort_by_key(|own| own.place);
    }
    if weighed.is_empty() {
        let rows = reader.candidates(&reader.all(wanted.in_part()), ALIKE).await?;
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
    hits(reader, weighed).await
}
