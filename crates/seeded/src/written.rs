//! The year of the invented city as files of the lake, with a list of what is wrong in it. A folder
//! that has them already is read again.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use base::Date;
use lake::table::DataFile;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};
use serde_json::{Value, json};

use crate::{
    Failed,
    city::{City, DAYS, Day},
    event::{Consultation, Death, Event, Line, Scan, Stay, Tag, batch, schema_of},
    knowledge,
    wrongs::Wrongs,
};

/// Of so many rows one violation of each rule is put in.
pub(crate) const ROWS_PER_WRONG: u64 = 20_000;

/// What is wrong, by the number of a rule: the rows of its feed by their numbers, and which
/// violation each belongs to.
pub type Truth = BTreeMap<u8, BTreeMap<i64, u64>>;

/// A city on disk.
#[derive(Debug, Clone)]
pub struct Written {
    /// The feeds by their names.
    pub feeds: BTreeMap<String, Rows>,
    /// What is wrong.
    pub truth: Truth,
    /// How many rows all feeds have.
    pub rows: u64,
}

/// The rows of a feed.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Where its files lie.
    pub folder: PathBuf,
    /// Its files, by day.
    pub files: Vec<DataFile>,
    /// Its columns as the lake keeps them.
    pub schema: SchemaRef,
    /// The column with the moment of the event, as a query names it.
    pub at: String,
}

/// A feed that is being written.
pub(crate) struct Feed {
    folder: PathBuf,
    pub(crate) name: &'static str,
    schema: SchemaRef,
    next: i64,
    pub(crate) files: Vec<Value>,
}

impl Feed {
    pub(crate) fn of<E: Event>(folder: &Path) -> Result<Self, Failed> {
        let folder = folder.join("feeds").join(E::FEED);
        Ok(Self { folder, name: E::FEED, schema: schema_of::<E>()?, next: 0, files: Vec::new() })
    }

    /// Writes the events of a day in the order of their moments.
    pub(crate) fn put<E: Event>(
        &mut self,
        day: i32,
        mut events: Vec<E>,
        truth: &mut Vec<(u8, u64, i64)>,
    ) -> Result<(), Failed> {
        if events.is_empty() {
            return Ok(());
        }
        events.sort_by_key(E::at);
        let first = self.next;
        for (number, event) in (first..).zip(&events) {
            let tag: Tag = event.tag();
            truth.extend(tag.map(|(rule, which)| (rule, which, number)));
        }
        self.next += i64::try_from(events.len())?;
        let last = self.next - 1;
        let path = format!("event_day={}/{day:020}-{first:020}-{last:020}.parquet", date(day)?);
        let rows = batch(&self.schema, first, &events)?;
        let size = save(&self.folder.join(&path), &rows)?;
        let file = json!({"path": path, "day": date(day)?.to_string(), "size": size,
            "rows": events.len(), "first": first, "last": last});
        self.files.push(file);
        Ok(())
    }
}

/// A day of the year, counted from 0.
///
/// # Errors
/// Where there is none.
pub fn date(day: i32) -> Result<Date, Failed> {
    let first = Date::new(2025, 1, 1).ok_or("no day")?;
    Ok(first.plus_days(day.into()).ok_or("no day")?)
}

/// Writes rows as the lake does, and says how many bytes they take.
///
/// # Errors
/// Where they cannot be written.
pub fn save(path: &Path, rows: &RecordBatch) -> Result<u64, Failed> {
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    let file = File::create(path)?;
    let compressed = Compression::ZSTD(ZstdLevel::try_new(1)?);
    let properties = WriterProperties::builder().set_compression(compressed);
    let mut writer =
        ArrowWriter::try_new(file.try_clone()?, rows.schema(), Some(properties.build()))?;
    writer.write(rows)?;
    writer.close()?;
    Ok(file.metadata()?.len())
}

/// The city in a folder, which is made where it is not there.
///
/// # Errors
/// Where files cannot be read or written.
pub fn city(folder: &Path, rows: u64) -> Result<Written, Failed> {
    if !folder.join("city.json").exists() {
        made(folder, rows)?;
    }
    let told: Value = serde_json::from_slice(&fs::read(folder.join("city.json"))?)?;
    let mut feeds = BTreeMap::new();
    let kinds = [
        (Line::FEED, Line::AT, schema_of::<Line>()?),
        (Stay::FEED, Stay::AT, schema_of::<Stay>()?),
        (Scan::FEED, Scan::AT, schema_of::<Scan>()?),
        (Consultation::FEED, Consultation::AT, schema_of::<Consultation>()?),
        (Death::FEED, Death::AT, schema_of::<Death>()?),
    ];
    for (name, at, schema) in kinds {
        let files = told.pointer(&format!("/feeds/{name}")).and_then(Value::as_array);
        let files = files.ok_or("no files")?;
        let files = files.iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let folder = folder.join("feeds").join(name);
        feeds.insert(name.to_owned(), Rows { folder, files, schema, at: at.replace('-', "_") });
    }
    let mut truth = Truth::new();
    for row in told.get("truth").and_then(Value::as_array).ok_or("no truth")? {
        let (rule, which, number): (u8, u64, i64) = serde_json::from_value(row.clone())?;
        truth.entry(rule).or_default().insert(number, which);
    }
    let rows = feeds.values().flat_map(|files| &files.files).map(|file| file.rows).sum();
    Ok(Written { feeds, truth, rows })
}

pub(crate) fn file(told: &Value) -> Result<DataFile, Failed> {
    let number = |name: &str| told.get(name).and_then(Value::as_u64).ok_or("no number");
    let text = |name: &str| told.get(name).and_then(Value::as_str).ok_or("no text");
    let day = Date::parse(text("day")?).map_err(|reason| reason.says.en)?;
    Ok(DataFile {
        path: text("path")?.to_owned(),
        day,
        size: number("size")?,
        rows: number("rows")?,
        first: number("first")?,
        last: number("last")?,
    })
}

fn made(folder: &Path, rows: u64) -> Result<(), Failed> {
    let (city, mut wrongs) = (City::of(rows), Wrongs::of((rows / ROWS_PER_WRONG).max(4)));
    let (mut lines, mut stays) = (Feed::of::<Line>(folder)?, Feed::of::<Stay>(folder)?);
    let (mut scans, mut deaths) = (Feed::of::<Scan>(folder)?, Feed::of::<Death>(folder)?);
    let (mut consultations, mut truth) = (Feed::of::<Consultation>(folder)?, Vec::new());
    for day in 0..DAYS {
        let mut own: Day = city.day(day);
        let more = wrongs.days.remove(&day).unwrap_or_default();
        own.lines.extend(more.lines);
        own.stays.extend(more.stays);
        own.scans.extend(more.scans);
        own.consultations.extend(more.consultations);
        own.deaths.extend(more.deaths);
        lines.put(day, own.lines, &mut truth)?;
        stays.put(day, own.stays, &mut truth)?;
        scans.put(day, own.scans, &mut truth)?;
        consultations.put(day, own.consultations, &mut truth)?;
        deaths.put(day, own.deaths, &mut truth)?;
    }
    for (name, rows) in knowledge::tables()? {
        save(&folder.join("knowledge").join(format!("{name}.parquet")), &rows)?;
    }
    let feeds: BTreeMap<&str, Vec<Value>> = [lines, stays, scans, consultations, deaths]
        .into_iter()
        .map(|feed| (feed.name, feed.files))
        .collect();
    let told = json!({"feeds": feeds, "truth": truth});
    Ok(fs::write(folder.join("city.json"), serde_json::to_vec(&told)?)?)
}
