//! The city as the national pack sees it: the same background, with items as the tables of the pack
//! name them, the further feeds, what registers say, and violations of every rule of the pack. It
//! is in 2026, when every table of the pack holds. The pack and its rules are not read here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use arrow_schema::SchemaRef;
use base::Name;
use kernel::register::Version;
use lake::{Tables, table::DataFile};
use serde_json::{Value, json};

mod charged;
mod practised;
mod put;
mod rows;
mod said;
mod usual;

use put::Put;
use rows::{
    Consulted, Events, LATER, NursingVisit, Prescription, RevokedCertificate, SignedRecord,
};
use said::{SMALL, Said};

use crate::{
    Failed,
    city::{City, DAYS, Day, INSTITUTIONS, RECEIVED_BEFORE},
    event::{Death, Event, Line, Scan, Stay, schema_of},
    written::{Feed, ROWS_PER_WRONG, file},
    wrongs::{FROM, Wrongs},
};

/// The rules of the national pack, with the numbers by which violations of them are told. Of the
/// first thirty the numbers are those of the older city.
pub const RULES: [(u8, &str); 45] = [
    (1, "drug-against-sex"),
    (2, "service-against-sex"),
    (3, "childrens-drug-for-adult"),
    (4, "childrens-payment-for-adult"),
    (5, "childrens-service-for-adult"),
    (6, "paid-below-grade"),
    (7, "paid-without-diagnosis"),
    (8, "second-line"),
    (9, "quantity-limit"),
    (10, "bed-days"),
    (11, "included-item"),
    (12, "split-item"),
    (13, "overlapping-stays"),
    (14, "outpatient-in-stay"),
    (15, "readmission"),
    (16, "idle-stay"),
    (17, "light-admission"),
    (18, "purchases"),
    (19, "early-refill"),
    (20, "after-death"),
    (21, "code-twice"),
    (22, "code-product"),
    (23, "code-order"),
    (24, "scans-short"),
    (25, "doctor-unregistered"),
    (26, "doctor-places"),
    (27, "shared-contact"),
    (28, "mean-cost"),
    (29, "prescriber-unregistered"),
    (30, "pharmacist-unregistered"),
    (31, "doctor-out-of-scope"),
    (32, "doctor-too-new-online"),
    (33, "first-visit-online"),
    (34, "undiagnosed-online"),
    (35, "identity-unchecked-online"),
    (36, "child-alone-online"),
    (37, "barred-drug-online"),
    (38, "nurse-unregistered"),
    (39, "nurse-too-new"),
    (40, "visit-too-short"),
    (41, "visit-off-site"),
    (42, "visit-unassessed"),
    (43, "visit-unchecked"),
    (44, "signed-unregistered"),
    (45, "signed-under-revoked"),
];

/// What is wrong, by the name of a rule: a row by its feed and number, and which violation it
/// belongs to.
pub type Wrong = BTreeMap<String, BTreeMap<(String, u64), u64>>;

/// The city on disk, with what its registers say.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// The files of its feeds.
    pub tables: Tables,
    /// What is wrong.
    pub truth: Wrong,
    /// What registers say: the register, the key of the entry, and a version of it. All of it is
    /// known from the first entry of the ledger on.
    pub registers: Vec<(Name, String, Version)>,
    /// The rows of every feed have lower numbers.
    pub end: u64,
    /// How many rows there are.
    pub rows: u64,
}

/// How big a city is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// About so many rows a year.
    pub rows: u64,
    /// The first day of the year on which something usual happens.
    pub first_day: i32,
}

/// What came of asking a rule of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How often it found something.
    pub found: usize,
    /// How many violations it found.
    pub hits: usize,
    /// How many there are.
    pub seeded: usize,
    /// What it found that rests on no row of a violation.
    pub alarms: usize,
}

impl Size {
    /// A whole year of about so many rows.
    pub fn year(rows: u64) -> Self {
        Self { rows, first_day: 0 }
    }

    /// The last four months of it, from September on.
    pub fn autumn(rows: u64) -> Self {
        Self { rows, first_day: 243 }
    }

    /// How many violations of each rule.
    fn each(self) -> u64 {
        (self.rows / ROWS_PER_WRONG).max(4)
    }

    /// The day from which on most of what is wrong happens: what goes before it is in the city.
    fn wrong_from(self) -> i32 {
        FROM.max(self.first_day + 35)
    }
}

impl Seeded {
    /// The city in a folder, made where it is not there.
    ///
    /// # Errors
    /// Where files cannot be read or written.
    pub fn at(folder: &Path, size: Size) -> Result<Self, Failed> {
        let folder = folder.join("national");
        let place = folder.join("city.json");
        if !place.exists() {
            fs::create_dir_all(&folder)?;
            fs::write(&place, serde_json::to_vec(&made(&folder, size)?)?)?;
        }
        let told: Value = serde_json::from_slice(&fs::read(place)?)?;
        let size = told.get("size").cloned().ok_or("no size")?;
        let (rows, first_day) = serde_json::from_value(size)?;
        let mut tables = Tables::new();
        for (name, files) in told.get("feeds").and_then(Value::as_object).ok_or("no feeds")? {
            let files = files.as_array().ok_or("no files")?.iter().map(file);
            let files = files.collect::<Result<Vec<DataFile>, Failed>>()?;
            tables.insert(name.clone(), (folder.join("feeds").join(name), files));
        }
        let mut truth: Wrong = RULES.map(|(_, name)| (name.to_owned(), BTreeMap::new())).into();
        for row in told.get("truth").and_then(Value::as_array).ok_or("no truth")? {
            let (rule, feed, number, which) = serde_json::from_value(row.clone())?;
            let rule: String = rule;
            truth.entry(rule).or_default().insert((feed, number), which);
        }
        let registers = said(Size { rows, first_day }).into_iter().map(Said::version);
        let registers = registers.collect::<Result<Vec<_>, Failed>>()?;
        let all = || tables.values().flat_map(|(_, files)| files);
        let end = all().map(|file| file.last + 1).max().unwrap_or_default();
        let rows = all().map(|file| file.rows).sum();
        Ok(Self { tables, truth, registers, end, rows })
    }

    /// Holds what a rule found, each finding with the rows that it rests on, against what is wrong.
    pub fn held<'f>(
        &self,
        rule: &str,
        found: impl IntoIterator<Item = Vec<(&'f str, u64)>>,
    ) -> Held {
        let none = BTreeMap::new();
        let truth = self.truth.get(rule).unwrap_or(&none);
        let (mut hits, mut all, mut alarms) = (BTreeSet::new(), 0, 0);
        for rows in found {
            all += 1;
            let of = |(feed, number): (&str, u64)| truth.get(&(feed.to_owned(), number));
            match rows.into_iter().find_map(of) {
                Some(which) => {
                    hits.insert(*which);
                }
                None => alarms += 1,
            }
        }
        let seeded: BTreeSet<u64> = truth.values().copied().collect();
        Held { found: all, hits: hits.len(), seeded: seeded.len(), alarms }
    }
}

/// The columns of the feeds as they are written.
///
/// # Errors
/// Where they are no columns, which is a fault of ours.
pub fn schemas() -> Result<Vec<(&'static str, SchemaRef)>, Failed> {
    Ok(vec![
        (Line::FEED, schema_of::<Line>()?),
        (Stay::FEED, schema_of::<Stay>()?),
        (Scan::FEED, schema_of::<Scan>()?),
        (Death::FEED, schema_of::<Death>()?),
        (Consulted::FEED, schema_of::<Consulted>()?),
        (Prescription::FEED, schema_of::<Prescription>()?),
        (NursingVisit::FEED, schema_of::<NursingVisit>()?),
        (SignedRecord::FEED, schema_of::<SignedRecord>()?),
        (RevokedCertificate::FEED, schema_of::<RevokedCertificate>()?),
    ])
}

/// What is put into a city: violations of the older city under other names, at small institutions,
/// and those of the further rules.
fn put(size: Size) -> (BTreeMap<i32, Events>, Put) {
    let (each, from) = (size.each(), size.wrong_from());
    let older = Wrongs::of_persons(each, from).days.into_iter();
    let mut days: BTreeMap<i32, Events> =
        older.map(|(day, own)| (day, at_small(usual::renamed(own.into())))).collect();
    let mut put = Put::from(from);
    for which in 0..each {
        put.together(which);
        put.limited(which);
        put.packs(which);
        put.licences(which);
        put.scopes(which);
        put.places(which);
        put.online(which);
        put.home(which);
    }
    // Last of all, so that the rest happens to the same persons as without it.
    for which in 0..each {
        put.signed(which);
    }
    for (day, own) in std::mem::take(&mut put.days) {
        days.entry(day).or_default().extend(own);
    }
    (days, put)
}

/// The same at small institutions, so that no mean of hospitals is moved.
fn at_small(mut events: Events) -> Events {
    let small = |institution: &mut u64| *institution = INSTITUTIONS + *institution % SMALL;
    events.lines.iter_mut().for_each(|own| small(&mut own.institution));
    events.stays.iter_mut().for_each(|own| small(&mut own.institution));
    events.consultations.iter_mut().for_each(|own| small(&mut own.of.institution));
    events
}

/// What registers say in a city.
fn said(size: Size) -> Vec<Said> {
    let older = Wrongs::of_persons(size.each(), size.wrong_from()).days.into_values();
    let seen = older.flat_map(|day| day.consultations.into_iter().map(|own| own.doctor));
    let doctors: BTreeSet<u64> = (0..City::of(size.rows).doctors).chain(seen).collect();
    let (_, put) = put(size);
    usual::said(doctors.into_iter()).into_iter().chain(put.said).collect()
}

/// What usually happens on a day; before the first, only packs come that are sold later.
fn usually(city: &City, day: i32, first_day: i32) -> Events {
    let mut own = city.day(day);
    if day < first_day {
        let mut scans = own.scans;
        scans.retain(|scan| scan.kind == "received" && first_day <= day + RECEIVED_BEFORE);
        own = Day { scans, ..Day::default() };
    }
    usual::renamed(usual::more(day, own.into()))
}

fn made(folder: &Path, size: Size) -> Result<Value, Failed> {
    let (city, (mut wrong, _)) = (City::of(size.rows), put(size));
    let mut files = Writing::of(folder)?;
    for day in 0..DAYS {
        let mut own = usually(&city, day, size.first_day);
        own.extend(wrong.remove(&day).unwrap_or_default());
        files.put(day + LATER, own.later())?;
    }
    if !wrong.is_empty() {
        return Err("something that is wrong happens outside of the year".into());
    }
    let feeds = [
        files.lines,
        files.stays,
        files.scans,
        files.deaths,
        files.consultations,
        files.prescriptions,
        files.visits,
        files.records,
        files.revoked,
    ];
    let (mut told, mut truth) = (BTreeMap::new(), Vec::new());
    for (feed, wrong) in feeds {
        for (rule, which, number) in wrong {
            let name = RULES.iter().find(|(own, _)| *own == rule).map(|(_, name)| *name);
            truth.push(json!([name.ok_or("no rule")?, feed.name, number, which]));
        }
        told.insert(feed.name, feed.files);
    }
    Ok(json!({"size": [size.rows, size.first_day], "feeds": told, "truth": truth}))
}

/// A feed that is being written, and what is wrong in it.
type Told = (Feed, Vec<(u8, u64, i64)>);

/// The feeds that are being written.
struct Writing {
    lines: Told,
    stays: Told,
    scans: Told,
    deaths: Told,
    consultations: Told,
    prescriptions: Told,
    visits: Told,
    records: Told,
    revoked: Told,
}

impl Writing {
    fn of(folder: &Path) -> Result<Self, Failed> {
        Ok(Self {
            lines: (Feed::of::<Line>(folder)?, Vec::new()),
            stays: (Feed::of::<Stay>(folder)?, Vec::new()),
            scans: (Feed::of::<Scan>(folder)?, Vec::new()),
            deaths: (Feed::of::<Death>(folder)?, Vec::new()),
            consultations: (Feed::of::<Consulted>(folder)?, Vec::new()),
            prescriptions: (Feed::of::<Prescription>(folder)?, Vec::new()),
            visits: (Feed::of::<NursingVisit>(folder)?, Vec::new()),
            records: (Feed::of::<SignedRecord>(folder)?, Vec::new()),
            revoked: (Feed::of::<RevokedCertificate>(folder)?, Vec::new()),
        })
    }

    fn put(&mut self, day: i32, own: Events) -> Result<(), Failed> {
        fn put<E: Event>(to: &mut Told, day: i32, events: Vec<E>) -> Result<(), Failed> {
            to.0.put(day, events, &mut to.1)
        }
        put(&mut self.lines, day, own.lines)?;
        put(&mut self.stays, day, own.stays)?;
        put(&mut self.scans, day, own.scans)?;
        put(&mut self.deaths, day, own.deaths)?;
        put(&mut self.consultations, day, own.consultations)?;
        put(&mut self.prescriptions, day, own.prescriptions)?;
        put(&mut self.visits, day, own.visits)?;
        put(&mut self.records, day, own.records)?;
        put(&mut self.revoked, day, own.revoked)
    }
}
