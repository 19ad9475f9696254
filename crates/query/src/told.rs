//! What the engine says went wrong, in plain words and with the place.

use std::{fs::File, path::Path};

use datafusion::{
    common::{DataFusionError, Diagnostic, SchemaError},
    parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder,
    sql::sqlparser::parser::ParserError,
};

use crate::{
    Fault, Source,
    fault::{Place, Wrong},
    source::Rows,
};

/// What the engine puts before the names of all views.
const OURS: &str = "datafusion.public.";
/// The names that are told at most where one is not known.
const NEAR_MOST: usize = 12;

/// What is wrong in a query that cannot be planned.
pub(crate) fn query(error: &DataFusionError) -> Fault {
    let mut wrongs: Vec<Wrong> = error.iter().map(wrong).collect();
    wrongs.sort_by_key(|wrong| wrong.place);
    wrongs.dedup();
    Fault::Query(wrongs)
}

fn wrong(error: &DataFusionError) -> Wrong {
    let place = error.diagnostic().and_then(placed);
    match error.find_root() {
        DataFusionError::SQL(error, _) => unread(error),
        DataFusionError::SchemaError(error, _) => Wrong::unclear(place, unnamed(error)),
        root => Wrong::unclear(place, plain(&root.message())),
    }
}

fn placed(diagnostic: &Diagnostic) -> Option<Place> {
    let start = diagnostic.span?.start;
    Some(Place { line: start.line, column: start.column })
}

/// What is wrong in a text that cannot be read; it says the place at its end.
fn unread(error: &ParserError) -> Wrong {
    let says = match error {
        ParserError::TokenizerError(says) | ParserError::ParserError(says) => says.clone(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    };
    let Some((says, at)) = says.rsplit_once(" at Line: ") else {
        return Wrong::unclear(None, plain(&says));
    };
    let mut numbers = at.split(", Column: ").map(|number| number.trim().parse().ok());
    let place = match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(line), Some(column)) => Some(Place { line, column }),
        _ => None,
    };
    Wrong::unclear(place, plain(says))
}

fn unnamed(error: &SchemaError) -> String {
    let SchemaError::FieldNotFound { field, valid_fields } = error else {
        return plain(&error.to_string());
    };
    let mut there: Vec<String> =
        valid_fields.iter().map(|own| format!("`{}`", own.flat_name())).collect();
    there.sort();
    there.dedup();
    let all = there.len() <= NEAR_MOST;
    there.truncate(NEAR_MOST);
    let more = if all { "" } else { ", …" };
    format!("there is no column `{}`; there are {}{more}", field.flat_name(), there.join(", "))
}

/// A message in one line, without a capital or a full stop.
fn plain(says: &str) -> String {
    let line = says.lines().next().unwrap_or_default().trim();
    let line = line.trim_end_matches('.').replace('\'', "`").replace(OURS, "");
    let mut letters = line.chars();
    let capital = letters.clone().nth(1).is_some_and(char::is_lowercase);
    match letters.next() {
        Some(first) if capital => first.to_lowercase().chain(letters).collect(),
        _ => line,
    }
}

/// What went wrong while a query ran over these sources.
pub(crate) fn run(error: &DataFusionError, memory_bytes: usize, sources: &[Source]) -> Fault {
    let root = error.find_root();
    match root {
        DataFusionError::ResourcesExhausted(says) if says.contains("disk") => {
            Fault::Scratch("it is full".to_owned())
        }
        DataFusionError::ResourcesExhausted(_) => Fault::Memory { bytes: memory_bytes },
        DataFusionError::IoError(error) => Fault::Scratch(plain(&error.to_string())),
        DataFusionError::ParquetError(error) => file(sources, &plain(&error.to_string())),
        DataFusionError::ObjectStore(error) => file(sources, &plain(&error.to_string())),
        DataFusionError::ArrowError(..) | DataFusionError::Execution(_) => value(root, sources),
        DataFusionError::Plan(_) | DataFusionError::SchemaError(..) | DataFusionError::SQL(..) => {
            query(error)
        }
        _ => Fault::Engine(plain(&root.message())),
    }
}

/// What went wrong while a query ran elsewhere; what is told from there is not taken apart.
pub(crate) fn elsewhere(error: &DataFusionError) -> Fault {
    Fault::Elsewhere(plain(&error.find_root().message()))
}

/// A value that cannot be computed, unless a file is broken in a way that only shows in its values.
fn value(root: &DataFusionError, sources: &[Source]) -> Fault {
    let says = root.message().into_owned();
    if says.contains("Parquet") || says.contains("object store") {
        return file(sources, &plain(&says));
    }
    Fault::Value(plain(&says))
}

/// The first file that cannot be opened as such.
fn file(sources: &[Source], says: &str) -> Fault {
    let mut all = sources.iter().filter_map(|source| match &source.rows {
        Rows::Files(files) => Some(files),
        Rows::Here { .. } => None,
    });
    let broken = all.find_map(|files| {
        let mut paths = files.files.iter().map(|file| files.folder.join(&file.path));
        paths.find(|path| !whole(path))
    });
    Fault::File { path: broken, says: says.to_owned() }
}

fn whole(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| ParquetRecordBatchReaderBuilder::try_new(file).is_ok())
}
