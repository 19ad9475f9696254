//! Sheets that somebody gives to a command, the words in them, and what is wrong with them.

use std::{fs, path::Path};

use base::{Language, Name, Text};

use super::Stopped;

/// The rows of a sheet, of its columns those of these names.
pub(super) fn sheet<const N: usize>(
    file: &Path,
    columns: [&str; N],
) -> Result<Vec<[String; N]>, Stopped> {
    let text = text(file)?;
    let stopped = |error: csv::Error| Stopped(format!("`{}`: {error}", file.display()));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(stopped)?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let there = headers.iter().position(|own| own.trim_start_matches('\u{feff}') == column);
        let none = || Stopped(format!("`{}` has no column `{column}`", file.display()));
        *place = there.ok_or_else(none)?;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(stopped)?;
        rows.push(places.map(|place| row.get(place).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}

/// A word that is a name.
pub(super) fn named(language: Language, word: &str) -> Result<Name, Stopped> {
    Name::new(word).map_err(|not| Stopped(format!("`{word}`: {}", not.says().to(language))))
}

/// What a file says.
pub(super) fn text(file: &Path) -> Result<String, Stopped> {
    fs::read_to_string(file).map_err(|error| of_file(file, &error))
}

/// Why a file was not read or written.
pub(super) fn of_file(file: &Path, error: &std::io::Error) -> Stopped {
    Stopped(format!("`{}`: {error}", file.display()))
}

/// Tells faults on standard error, each with its number and what to do: what is printed is often
/// sent into the file that is published. False, as a command ends that was refused.
pub(super) fn tell(
    language: Language,
    faults: impl IntoIterator<Item = (u16, Text, Text)>,
) -> bool {
    let lines = faults.into_iter().map(|(number, says, next)| {
        format!("{number} {}\n  → {}\n", says.to(language), next.to(language))
    });
    eprint!("{}", lines.collect::<String>());
    false
}
