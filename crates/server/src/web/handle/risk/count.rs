//! What is counted about the entries of a register that a rating rates: findings in one statement,
//! grouped by the database; entries that name others page by page. Counted for one entry and for
//! all by the same conditions, so that a list and an explanation say the same.

use std::collections::BTreeMap;

use base::{Date, Instant, Name};
use kernel::{
    EntryNumber,
    register::{Fields, Version, as_of},
};
use pack::model::{Register, Risk, RiskEntries};
use rules::Value;
use store::{
    RegisterQuery,
    finding::{SubjectCount, SubjectQuery},
};
use supervise::risk::Counted;

use crate::web::{fault::Fault, pages::register::Force, visit::Visit};

/// Entries of one statement.
const ENTRIES: u32 = 500;

/// As of when is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The first day whose events count.
    pub(super) first: Date,
    /// The same as a moment.
    since: Instant,
    /// Now.
    pub(super) now: Instant,
    /// As known with this entry of the ledger.
    pub(super) known: EntryNumber,
}

impl Window {
    /// The days of a rating up to today.
    pub(super) async fn of(visit: &Visit, risk: &Risk) -> Result<Self, Fault> {
        let today = visit.today();
        let first = today.plus_days(1 - i64::from(risk.days)).unwrap_or(Date::MIN);
        let since = visit.pack().zone.start_of(first);
        let known = visit.app.store.head().await?;
        Ok(Self { first, since, now: visit.now, known })
    }
}

/// An entry about which something was counted.
#[derive(Debug, Default)]
pub(super) struct Subject {
    /// How much of what.
    pub(super) counted: Counted,
    /// The division in which it was when something was found last; where nothing was, the one that
    /// its register says. Empty where none is known.
    pub(super) division: String,
    /// The moment of what was found last in a division.
    last: Option<Instant>,
}

impl Subject {
    fn add(&mut self, found: SubjectCount) {
        *self.counted.findings.entry(found.rule).or_default() += found.count;
        if !found.division.is_empty() && self.last.is_none_or(|last| last < found.last) {
            (self.division, self.last) = (found.division, Some(found.last));
        }
    }
}

/// What was counted about each entry; about one where it is given.
pub(super) async fn count(
    visit: &Visit,
    risk: &Risk,
    window: Window,
    subject: Option<&str>,
) -> Result<BTreeMap<String, Subject>, Fault> {
    let query = SubjectQuery {
        rules: risk.rules().into_iter().cloned().collect(),
        subject: subject.map(str::to_owned),
        at_since: window.since,
    };
    let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
    for mut found in visit.app.store.finding_subjects(&query).await? {
        let key = std::mem::take(&mut found.subject);
        subjects.entry(key).or_default().add(found);
    }
    for (line, entries) in risk.entries() {
        for (key, _, _) in naming(visit, entries, window, subject).await? {
            let counted = &mut subjects.entry(key).or_default().counted;
            *counted.entries.entry(line.clone()).or_default() += 1;
        }
    }
    place(visit, risk, window, &mut subjects).await?;
    Ok(subjects)
}

/// The entries that a line counts: whom each names, its key and what it says.
pub(super) async fn naming(
    visit: &Visit,
    entries: &RiskEntries,
    window: Window,
    subject: Option<&str>,
) -> Result<Vec<(String, String, Version)>, Fault> {
    let Some(register) = visit.pack().registers.get(&entries.register) else {
        return Ok(Vec::new());
    };
    let rows = match subject {
        Some(subject) => of_one(visit, entries, window, subject).await?,
        None => of_all(visit, &register.name, window).await?,
    };
    let counts = rows.into_iter().filter_map(|(key, version)| {
        let days = (window.first, visit.today());
        let named = named(register, entries, days, &version.fields)?.to_owned();
        subject.is_none_or(|subject| named == subject).then_some((named, key, version))
    });
    Ok(counts.collect())
}

/// Every entry of a register that says something now.
async fn of_all(
    visit: &Visit,
    register: &Name,
    window: Window,
) -> Result<Vec<(String, Version)>, Fault> {
    let mut query = RegisterQuery {
        register: register.clone(),
        at: window.now,
        known: window.known,
        heading_contains: None,
        published_on: None,
        after: None,
        limit: ENTRIES,
    };
    let mut all = Vec::new();
    loop {
        let (rows, next) = visit.app.store.entry_page(&query).await?;
        all.extend(rows);
        match next {
            None => return Ok(all),
            next => query.after = next,
        }
    }
}

/// The entries that name one, as they are now.
async fn of_one(
    visit: &Visit,
    entries: &RiskEntries,
    window: Window,
    subject: &str,
) -> Result<Vec<(String, Version)>, Fault> {
    let store = &visit.app.store;
    let field = (&entries.register, &entries.names);
    let keys = store.keys_naming(field, &[subject.to_owned()]).await?;
    let found = store.whole(&entries.register, &keys).await?;
    let now = found.entries.into_iter().filter_map(|(key, versions)| {
        Some((key, as_of(&versions, window.now, window.known)?.clone()))
    });
    Ok(now.collect())
}

/// Whom an entry names, where it counts: in force, and its day within the days.
fn named<'f>(
    register: &Register,
    entries: &RiskEntries,
    (first, today): (Date, Date),
    fields: &'f Fields,
) -> Option<&'f str> {
    let Value::Text(named) = fields.get(&entries.names)? else { return None };
    let within = match &entries.day {
        None => true,
        Some(day) => matches!(fields.get(day), Some(Value::Date(day)) if *day >= first),
    };
    (within && !Force::of(register, fields, today).out()).then_some(named)
}

/// Fills in the divisions of those about whom nothing was found in one.
async fn place(
    visit: &Visit,
    risk: &Risk,
    window: Window,
    subjects: &mut BTreeMap<String, Subject>,
) -> Result<(), Fault> {
    let bare = subjects.iter().filter(|(_, own)| own.division.is_empty());
    let bare: Vec<String> = bare.map(|(key, _)| key.clone()).collect();
    for keys in bare.chunks(ENTRIES as usize) {
        let found = visit.app.store.whole(&risk.register, keys).await?;
        for (key, versions) in found.entries {
            let version = as_of(&versions, window.now, window.known).or(versions.last());
            let own = version.and_then(|version| division(&version.fields));
            if let Some((subject, own)) = subjects.get_mut(&key).zip(own) {
                subject.division = own;
            }
        }
    }
    Ok(())
}

fn division(fields: &Fields) -> Option<String> {
    fields.values().find_map(|value| match value {
        Value::Division(division) => Some(division.to_string()),
        _ => None,
    })
}
