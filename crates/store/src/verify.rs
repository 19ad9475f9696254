//! Verifying: the ledger is read again from its first entry; numbers must be dense, bytes
//! canonical and the chain unbroken; and every view, folded anew, must equal what is stored, row
//! by row and byte by byte. Nothing here opens the vault, so an erasure changes no answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::Division;
use kernel::{
    Act, Entry, EntryNumber,
    ledger::{ChainHash, bytes_of, read_bytes},
};
use pack::model::PackHash;

use crate::{
    absence, column,
    db::{Tx, on},
    error::StoreError,
    finding::FindingId,
    ledger::Head,
    packs, publication,
    row::{
        CaseRows, StoredCase, StoredVersion, StoredWait, case_columns, put_cases, put_versions,
        version_columns, wait_columns,
    },
    search::index::{self, Indexed, Searched, StoredSearch, search_columns},
    sought::{self, StoredValue, values},
    taken_up,
    views::{Shelf, Views},
    world::sought,
};

/// Rows read at once.
const ROWS: i64 = 2_000;
/// Faults told; the rest would repeat them.
const FAULTS_MAX: usize = 100;

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Entries read.
    pub entries: u64,
    /// Cases they fold to.
    pub cases: u64,
    /// Register versions they fold to.
    pub versions: u64,
    /// Everything wrong, each named by its entry or row, for the operator; the first hundred.
    pub faults: Vec<String>,
}

impl Verified {
    fn fault(&mut self, says: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(says);
        }
    }
}

/// The ledger as it is folded again.
struct Fold<'s> {
    shelf: &'s Shelf,
    views: Views,
    head: Head,
    adopted: BTreeMap<PackHash, EntryNumber>,
    report: Verified,
}

/// A row of `entry`.
type Line = (i64, Option<i64>, i64, Vec<u8>, Vec<u8>);

impl<'s> Fold<'s> {
    /// Folds every entry there is.
    async fn all(tx: &mut Tx, place: &Division, shelf: &'s Shelf) -> Result<Self, StoreError> {
        let head = Head { number: EntryNumber(0), hash: ChainHash::START };
        let (views, adopted, report) = Default::default();
        let mut fold = Self { shelf, views, head, adopted, report };
        let sql = "SELECT number, case_id, at, bytes, hash FROM entry
                   WHERE jurisdiction = $1 AND number > $2 ORDER BY number LIMIT $3";
        let mut after = i64::MIN;
        loop {
            let lines: Vec<Line> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
                .bind(after).bind(ROWS).fetch_all(c).await)?;
            let Some((last, ..)) = lines.last() else { return Ok(fold) };
            after = *last;
            for line in lines {
                fold.take(line)?;
            }
        }
    }

    fn take(&mut self, (number, case, at, bytes, hash): Line) -> Result<(), StoreError> {
        self.report.entries += 1;
        let number = column::number_of(number)?;
        let awaited = self.head.number.next();
        if number != awaited {
            self.report.fault(format!("entry {} is missing", awaited.0));
        }
        let computed = self.head.hash.then(&bytes);
        if number == awaited && hash != computed.0 {
            self.report.fault(format!("entry {}: the chain of hashes is broken", number.0));
        }
        // One broken link is told once: the next entry is held against the hash that is stored.
        let hash = column::hash_of(&hash).map_or(computed, ChainHash);
        self.head = Head { number, hash };
        match read_bytes::<Entry>(&bytes) {
            Err(error) => self.report.fault(format!("entry {}: {error}", number.0)),
            Ok(entry) => {
                self.compare(&entry, number, (case, at), &bytes);
                self.apply(&entry);
            }
        }
        Ok(())
    }

    fn compare(
        &mut self,
        entry: &Entry,
        number: EntryNumber,
        columns: (Option<i64>, i64),
        bytes: &[u8],
    ) {
        if bytes_of(entry) != bytes {
            self.report.fault(format!("entry {}: its bytes are not canonical", number.0));
        }
        let case = entry.case.as_ref().map(|on| column::case(on.id));
        if entry.number != number || columns != (case, entry.at.micros()) {
            self.report.fault(format!("entry {}: its columns say otherwise", number.0));
        }
    }

    fn apply(&mut self, entry: &Entry) {
        if let Act::PackAdopted(hash) = entry.act {
            self.adopted.insert(hash, entry.number);
        }
        if let Err(error) = self.views.apply(self.shelf, entry) {
            self.report.fault(format!("entry {}: {error}", entry.number.0));
        }
    }
}

/// Reads everything again and compares.
pub(crate) async fn verify(
    tx: &mut Tx,
    place: &Division,
    shelf: &Shelf,
) -> Result<Verified, StoreError> {
    let Fold { views, head, adopted, mut report, .. } = Fold::all(tx, place, shelf).await?;
    if Head::read(tx, place).await? != head {
        report.fault(format!("the head does not stand at entry {}", head.number.0));
    }
    let mut adopted: Vec<_> = adopted.into_iter().collect();
    adopted.sort_by_key(|(_, number)| *number);
    if packs::adoptions(tx, place).await? != adopted {
        report.fault("the packs kept are not those adopted".to_owned());
    }
    let CaseRows { cases, waits, taken_up } = views.changed_cases(shelf)?;
    compare_cases(tx, place, cases, &mut report).await?;
    compare_waits(tx, place, waits, &mut report).await?;
    compare_taken_up(tx, place, &taken_up, &mut report).await?;
    let mut folded = Folded { kind: "absence", rows: views.absences.rows() };
    for row in absence::all(tx, place).await? {
        folded.meet(row.officer(), &row, &mut report);
    }
    folded.end(&mut report);
    let versions = views.changed_versions();
    let sought = sought(shelf, adopted.iter().map(|(hash, _)| *hash));
    compare_values(tx, place, values(&sought, &versions)?, &mut report).await?;
    let live = adopted.last().and_then(|(hash, _)| shelf.get(*hash).ok());
    let rows = Searched::by(live).rows(place, &versions)?;
    compare_search(tx, place, rows, &mut report).await?;
    let days = publication::changed(live, &views).into_iter().filter(|(_, last)| last.is_some());
    let mut folded = Folded { kind: "publication", rows: days.collect() };
    let stored = publication::all(tx, place).await?;
    stored.into_iter().for_each(|(entry, last)| folded.meet(entry, &last, &mut report));
    folded.end(&mut report);
    compare_versions(tx, place, versions, &mut report).await?;
    Ok(report)
}

/// Writes every view anew from the ledger.
pub(crate) async fn rebuild(
    tx: &mut Tx,
    place: &Division,
    shelf: &Shelf,
) -> Result<usize, StoreError> {
    let Fold { views, report, adopted, .. } = Fold::all(tx, place, shelf).await?;
    if let Some(fault) = report.faults.into_iter().next() {
        return Err(StoreError::Corrupt(fault));
    }
    index::clear(tx, place, None).await?;
    for sql in [
        "DELETE FROM case_view WHERE jurisdiction = $1",
        "DELETE FROM waiting WHERE jurisdiction = $1",
        "DELETE FROM taken_up WHERE jurisdiction = $1",
        "DELETE FROM absence WHERE jurisdiction = $1",
        "DELETE FROM register_version WHERE jurisdiction = $1",
        "DELETE FROM register_value WHERE jurisdiction = $1",
    ] {
        on!(tx, c => sqlx::query(sql).bind(place.as_str()).execute(c).await.map(drop))?;
    }
    let (cases, versions) = (views.changed_cases(shelf)?, views.changed_versions());
    put_cases(tx, place, &cases).await?;
    views.absences.put(tx, place).await?;
    put_versions(tx, place, &versions).await?;
    let live = adopted.iter().max_by_key(|(_, number)| **number);
    let live = live.and_then(|(hash, _)| shelf.get(*hash).ok());
    index::put(tx, place, &Searched::by(live).rows(place, &versions)?).await?;
    publication::clear(tx, place).await?;
    publication::put(tx, place, publication::changed(live, &views)).await?;
    let sought = sought(shelf, adopted.into_keys());
    sought::put(tx, place, values(&sought, &versions)?).await?;
    Ok(cases.cases.len() + versions.len())
}

/// Folded rows by what names them; stored rows are taken out as they are met.
struct Folded<K, R> {
    kind: &'static str,
    rows: BTreeMap<K, R>,
}

impl<K: Ord + fmt::Debug, R: PartialEq> Folded<K, R> {
    fn meet(&mut self, name: K, stored: &R, report: &mut Verified) {
        match self.rows.remove(&name) {
            Some(folded) if folded == *stored => {}
            Some(_) => report.fault(format!("{} {name:?}: the row differs", self.kind)),
            None => report.fault(format!("{} {name:?}: no entry makes this row", self.kind)),
        }
    }

    fn end(self, report: &mut Verified) {
        for name in self.rows.into_keys() {
            report.fault(format!("{} {name:?}: the row is missing", self.kind));
        }
    }
}

async fn compare_cases(
    tx: &mut Tx,
    place: &Division,
    folded: Vec<StoredCase>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    report.cases = folded.len() as u64;
    let rows = folded.into_iter().map(|row| (row.case_id, row)).collect();
    let mut folded = Folded { kind: "case", rows };
    let sql = concat!(
        "SELECT ",
        case_columns!(),
        " FROM case_view WHERE jurisdiction = $1 AND case_id > $2 ORDER BY case_id LIMIT $3"
    );
    let mut after = i64::MIN;
    loop {
        let page: Vec<StoredCase> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
            .bind(after).bind(ROWS).fetch_all(c).await)?;
        page.iter().for_each(|row| folded.meet(row.case_id, row, report));
        match page.last() {
            Some(last) => after = last.case_id,
            None => break,
        }
    }
    folded.end(report);
    Ok(())
}

/// A queue row is named by office, division, day and case; it says of which service, and who deals
/// with it.
async fn compare_waits(
    tx: &mut Tx,
    place: &Division,
    folded: Vec<StoredWait>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    let apart = |row: StoredWait| {
        ((row.office, row.division, row.due_on, row.case_id), (row.procedure, row.officer))
    };
    let rows = folded.into_iter().map(apart).collect();
    let mut folded = Folded { kind: "queue", rows };
    let sql = concat!(
        "SELECT ",
        wait_columns!(),
        " FROM waiting
          WHERE jurisdiction = $1 AND (office, division, due_on, case_id) > ($2, $3, $4, $5)
          ORDER BY office, division, due_on, case_id LIMIT $6"
    );
    let mut after = (String::new(), String::new(), i64::MIN, i64::MIN);
    loop {
        let (office, division, due_on, case) = after;
        let page: Vec<StoredWait> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
            .bind(office).bind(division).bind(due_on).bind(case).bind(ROWS).fetch_all(c).await)?;
        for row in &page {
            let (name, says) = apart(row.clone());
            folded.meet(name, &says, report);
        }
        match page.into_iter().next_back() {
            Some(last) => after = apart(last).0,
            None => break,
        }
    }
    folded.end(report);
    Ok(())
}

/// A row says nothing but the finding and the case that takes it up.
async fn compare_taken_up(
    tx: &mut Tx,
    place: &Division,
    folded: &BTreeMap<i64, BTreeSet<FindingId>>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    let rows = folded.iter().flat_map(|(case, ids)| ids.iter().map(|id| ((*case, *id), ())));
    let mut folded = Folded { kind: "finding taken up", rows: rows.collect() };
    taken_up::all(tx, place).await?.into_iter().for_each(|row| folded.meet(row, &(), report));
    folded.end(report);
    Ok(())
}

/// A row of values says nothing but what names it.
async fn compare_values(
    tx: &mut Tx,
    place: &Division,
    folded: BTreeSet<StoredValue>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    let rows = folded.into_iter().map(|row| (row, ())).collect();
    let mut folded = Folded { kind: "value", rows };
    let sql = "SELECT register, field, value, key FROM register_value
               WHERE jurisdiction = $1 AND (register, field, value, key) > ($2, $3, $4, $5)
               ORDER BY register, field, value, key LIMIT $6";
    let mut after = StoredValue::default();
    loop {
        let (register, field, value, key) = after;
        let page: Vec<StoredValue> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
            .bind(register).bind(field).bind(value).bind(key).bind(ROWS).fetch_all(c).await)?;
        page.iter().for_each(|row| folded.meet(row.clone(), &(), report));
        match page.into_iter().next_back() {
            Some(last) => after = last,
            None => break,
        }
    }
    folded.end(report);
    Ok(())
}

/// The rows of the index, and under which words how many of them stand.
async fn compare_search(
    tx: &mut Tx,
    place: &Division,
    folded: Vec<Indexed>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    let words = index::words_of(&folded).into_iter().collect();
    let rows = folded.into_iter().map(|own| (own.row.doc, own.row)).collect();
    let mut folded = Folded { kind: "search", rows };
    let sql = concat!(
        "SELECT ",
        search_columns!(),
        " FROM search_entry WHERE jurisdiction = $1 AND doc > $2 ORDER BY doc LIMIT $3"
    );
    let mut after = i64::MIN;
    loop {
        let page: Vec<StoredSearch> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
            .bind(after).bind(ROWS).fetch_all(c).await)?;
        page.iter().for_each(|row| folded.meet(row.doc, row, report));
        match page.last() {
            Some(last) => after = last.doc,
            None => break,
        }
    }
    folded.end(report);
    let mut folded = Folded { kind: "word", rows: words };
    for (word, stored) in index::words(tx, place).await? {
        folded.meet(word, &stored, report);
    }
    folded.end(report);
    Ok(())
}

/// What names a version: register, key, number, instant.
type VersionName = (String, String, i64, i64);

fn name(row: &StoredVersion) -> VersionName {
    (row.register.clone(), row.key.clone(), row.known_from, row.valid_from)
}

async fn compare_versions(
    tx: &mut Tx,
    place: &Division,
    folded: Vec<StoredVersion>,
    report: &mut Verified,
) -> Result<(), StoreError> {
    report.versions = folded.len() as u64;
    let rows = folded.into_iter().map(|row| (name(&row), row)).collect();
    let mut folded = Folded { kind: "version", rows };
    let sql = concat!(
        "SELECT ",
        version_columns!(),
        " FROM register_version WHERE jurisdiction = $1
            AND (register, key, known_from, valid_from) > ($2, $3, $4, $5)
          ORDER BY register, key, known_from, valid_from LIMIT $6"
    );
    let mut after: VersionName = (String::new(), String::new(), i64::MIN, i64::MIN);
    loop {
        let (register, key, known, valid) = after;
        let page: Vec<StoredVersion> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
            .bind(register).bind(key).bind(known).bind(valid).bind(ROWS).fetch_all(c).await)?;
        page.iter().for_each(|row| folded.meet(name(row), row, report));
        match page.last() {
            Some(last) => after = name(last),
            None => break,
        }
    }
    folded.end(report);
    Ok(())
}
