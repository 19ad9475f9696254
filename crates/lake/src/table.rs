//! The rows of a feed on disk: Parquet files by the day of the event, and a log of commits as Delta
//! Lake writes it (protocol, reader version 1 and writer version 2), so that Spark, DuckDB and
//! others read the same rows. A commit is one file that appears whole or not at all.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use arrow_schema::{DataType, Schema};
use base::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::checkpoint;

/// The column with the day of the event; it is in the names of folders, not in the files.
pub const DAY: &str = "event_day";
/// From one checkpoint to the next so many commits are made.
const CHECKPOINT_EACH: u64 = 100;
/// The folder of the commits.
const COMMITS: &str = "_delta_log";

/// A table as of its last commit.
#[derive(Debug)]
pub struct Table {
    folder: PathBuf,
    version: Option<u64>,
    /// Its columns in the words of the protocol; empty before its first commit.
    columns: String,
    files: BTreeMap<String, DataFile>,
}

/// A file of rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFile {
    /// Its path under the table.
    pub path: String,
    /// The day of its events.
    pub day: Date,
    /// Its bytes.
    pub size: u64,
    /// Its rows.
    pub rows: u64,
    /// The first number under which one of them was taken in.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// What changes with a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Files that are in the table from now on.
    pub added: Vec<DataFile>,
    /// Files that are no longer, by path.
    pub removed: Vec<String>,
    /// True where rows come or change; false where the same rows lie in other files.
    pub new: bool,
}

/// A line of a commit, as far as it is read here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    add: Option<Added>,
    remove: Option<Removed>,
    meta_data: Option<Described>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    schema_string: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    path: String,
    partition_values: BTreeMap<String, String>,
    size: u64,
    modification_time: i64,
    data_change: bool,
    stats: String,
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    path: String,
    deletion_timestamp: i64,
    data_change: bool,
}

impl Table {
    /// Opens a table, which has no commit before its first.
    ///
    /// # Errors
    /// Where its folder or a commit cannot be read.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join(COMMITS))?;
        let (columns, files) = (String::new(), BTreeMap::new());
        let mut table = Self { folder: folder.to_owned(), version: None, columns, files };
        if let Some((version, actions)) = checkpoint::last(&folder.join(COMMITS))? {
            table.applied(version, &actions)?;
        }
        loop {
            let next = table.next();
            match fs::read(table.commit_path(next)) {
                Ok(bytes) => table.applied(next, &bytes)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(table),
                Err(error) => return Err(error),
            }
        }
    }

    /// The number of the next commit.
    pub fn next(&self) -> u64 {
        self.version.map_or(0, |version| version + 1)
    }

    /// Its files, by path.
    pub fn files(&self) -> impl Iterator<Item = &DataFile> {
        self.files.values()
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bytes of the next commit. The first also says what the table is; a table has the columns
    /// of its first commit and those that later ones added.
    pub fn commit(&self, schema: &Schema, change: &Change, at_micros: i64) -> Vec<u8> {
        let millis = at_micros / 1_000;
        let mut lines = vec![json!({"commitInfo": {"timestamp": millis, "operation": "WRITE"}})];
        if self.version.is_none() {
            lines.push(json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}));
        }
        let columns = described(schema);
        if columns != self.columns {
            lines.push(json!({"metaData": self.described(&columns, millis)}));
        }
        let removed = change.removed.iter().map(|path| Removed {
            path: path.clone(),
            deletion_timestamp: millis,
            data_change: change.new,
        });
        lines.extend(removed.map(|removed| json!({ "remove": removed })));
        let added = change.added.iter().map(|file| added(file, change.new, millis));
        lines.extend(added.map(|added| json!({ "add": added })));
        lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
    }

    /// Makes a commit the last one. Doing it again after a stop in between changes nothing.
    ///
    /// # Errors
    /// Where the disk fails, or another commit has that number.
    pub fn publish(&mut self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let path = self.commit_path(number);
        if number < self.next() {
            return match fs::read(&path) {
                Ok(there) if there == bytes => Ok(()),
                Ok(_) => Err(taken(&path)),
                // So old that a checkpoint stands for it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error),
            };
        }
        let beside = path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // A name that is there already is never written over.
        fs::hard_link(&beside, &path)?;
        fs::remove_file(&beside)?;
        File::open(self.folder.join(COMMITS))?.sync_all()?;
        self.applied(number, bytes)?;
        if number > 0 && number.is_multiple_of(CHECKPOINT_EACH) {
            let actions = self.actions();
            checkpoint::write(&self.folder.join(COMMITS), number, &actions)?;
        }
        Ok(())
    }

    /// What the table is and has, as lines of one commit.
    fn actions(&self) -> Vec<u8> {
        let protocol = json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}});
        let described = json!({"metaData": self.described(&self.columns, 0)});
        let files = self.files.values().map(|file| json!({"add": added(file, false, 0)}));
        let lines = [protocol, described].into_iter().chain(files);
        lines.flat_map(|line| format!("{line}\n").into_bytes()).collect()
    }

    /// What the table is, in the words of the protocol. Its number follows from its name, so that a
    /// commit made again is the same.
    fn described(&self, columns: &str, millis: i64) -> Json {
        let name = self.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let part = |from, to| hex.get(from..to).unwrap_or_default();
        let (a, b, c, d) = (part(0, 8), part(8, 12), part(13, 16), part(17, 20));
        json!({
            "id": format!("{a}-{b}-8{c}-8{d}-{}", part(20, 32)),
            "name": name,
            "format": {"provider": "parquet", "options": {}},
            "schemaString": columns,
            "partitionColumns": [DAY],
            "configuration": {},
            "createdTime": millis,
        })
    }

    fn commit_path(&self, number: u64) -> PathBuf {
        self.folder.join(COMMITS).join(format!("{number:020}.json"))
    }

    fn applied(&mut self, number: u64, bytes: &[u8]) -> io::Result<()> {
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Line = serde_json::from_slice(line).map_err(io::Error::other)?;
            if let Some(removed) = line.remove {
                self.files.remove(&removed.path);
            }
            if let Some(described) = line.meta_data {
                self.columns = described.schema_string;
            }
            if let Some(added) = line.add {
                let file = added.file().ok_or_else(|| io::Error::other("no file of ours"))?;
                self.files.insert(file.path.clone(), file);
            }
        }
        self.version = Some(number);
        Ok(())
    }
}

fn taken(path: &Path) -> io::Error {
    io::Error::other(format!("{} is another commit", path.display()))
}

impl Added {
    fn file(self) -> Option<DataFile> {
        let day = Date::parse(self.partition_values.get(DAY)?).ok()?;
        let stats: Json = serde_json::from_str(&self.stats).ok()?;
        let tag = |name: &str| self.tags.get(name)?.parse().ok();
        let (first, last) = (tag("first")?, tag("last")?);
        let rows = stats.get("numRecords")?.as_u64()?;
        Some(DataFile { path: self.path, day, size: self.size, rows, first, last })
    }
}

fn added(file: &DataFile, new: bool, millis: i64) -> Added {
    let tag = |name: &str, value: u64| (name.to_owned(), value.to_string());
    Added {
        path: file.path.clone(),
        partition_values: BTreeMap::from([(DAY.to_owned(), file.day.to_string())]),
        size: file.size,
        modification_time: millis,
        data_change: new,
        stats: json!({"numRecords": file.rows}).to_string(),
        tags: BTreeMap::from([tag("first", file.first), tag("last", file.last)]),
    }
}

/// The columns of a table in the words of the protocol.
fn described(schema: &Schema) -> String {
    let day = json!({"name": DAY, "type": "date", "nullable": false, "metadata": {}});
    let fields = schema.fields().iter().map(|field| {
        let kind = type_of(field.data_type());
        let (name, nullable) = (field.name(), field.is_nullable());
        json!({"name": name, "type": kind, "nullable": nullable, "metadata": {}})
    });
    let fields: Vec<Json> = fields.chain([day]).collect();
    json!({"type": "struct", "fields": fields}).to_string()
}

fn type_of(kind: &DataType) -> Json {
    match kind {
        DataType::Int64 => json!("long"),
        DataType::Decimal128(digits, places) => json!(format!("decimal({digits},{places})")),
        DataType::Date32 => json!("date"),
        DataType::Timestamp(..) => json!("timestamp"),
        DataType::Boolean => json!("boolean"),
        DataType::Binary => json!("binary"),
        DataType::List(_) => {
            json!({"type": "array", "elementType": "string", "containsNull": false})
        }
        _ => json!("string"),
    }
}
