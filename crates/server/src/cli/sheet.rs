//! Sheets that somebody gives to a command, the words in them, and what is wrong with them.

use std::{fs, path::Path, str::FromStr};

use base::{Language, Name, Point, Text};
use siting::Fault;

use super::Stopped;

/// A row of a sheet.
pub(super) struct Row<'f, const N: usize> {
    /// Where it stands.
    pub(super) at: At<'f>,
    /// Its words, in the order of the columns asked for.
    pub(super) cells: [String; N],
}

/// A line of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'f> {
    file: &'f Path,
    line: usize,
}

/// What is wrong with a sheet. The numbers are those of tables of sites, which say the same.
#[derive(Debug)]
pub(super) struct Wrong {
    file: String,
    fault: Fault,
    /// What is wrong with a word, where more is known.
    why: Option<Text>,
}

/// Why a sheet has no rows.
#[derive(Debug)]
pub(super) enum Unread {
    /// The file was not read.
    File(Stopped),
    /// It is no such sheet.
    Sheet(Wrong),
}

impl At<'_> {
    fn wrong(self, fault: Fault, why: Option<Text>) -> Wrong {
        Wrong { file: self.file.display().to_string(), fault, why }
    }

    /// A whole number.
    pub(super) fn whole<W: FromStr>(self, word: &str) -> Result<W, Wrong> {
        let no = |_| self.wrong(Fault::NotANumber(self.line, word.to_owned()), None);
        word.parse().map_err(no)
    }

    /// A point as people write it.
    pub(super) fn point(self, word: &str) -> Result<Point, Wrong> {
        Point::parse(word).map_err(|no| self.wrong(Fault::NotALine(self.line), Some(no.says)))
    }

    /// A name.
    pub(super) fn name(self, word: &str) -> Result<Name, Wrong> {
        Name::new(word).map_err(|no| self.wrong(Fault::NotALine(self.line), Some(no.says())))
    }
}

impl Wrong {
    /// Its number.
    pub(super) fn number(&self) -> u16 {
        self.fault.number()
    }

    /// What is wrong, and with which sheet.
    pub(super) fn says(&self) -> Text {
        let (file, Text { zh, en }) = (&self.file, self.fault.says());
        match &self.why {
            None => Text::new(format!("“{file}”：{zh}"), format!("`{file}`: {en}")),
            Some(why) => Text::new(
                format!("“{file}”：{zh}（{}）", why.zh),
                format!("`{file}`: {en} ({})", why.en),
            ),
        }
    }

    /// What to do next.
    pub(super) fn next(&self) -> Text {
        self.fault.next()
    }
}

impl From<Unread> for Stopped {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::File(stopped) => stopped,
            Unread::Sheet(wrong) => Self(format!("{} {}", wrong.number(), wrong.says().en)),
        }
    }
}

/// The rows of a sheet, of its columns those of these names.
pub(super) fn rows<'f, const N: usize>(
    file: &'f Path,
    columns: [&str; N],
) -> Result<Vec<Row<'f, N>>, Unread> {
    let text = text(file).map_err(Unread::File)?;
    let at = |line| At { file, line };
    let torn = |error: csv::Error| {
        let line = error.position().and_then(|own| usize::try_from(own.line()).ok()).unwrap_or(1);
        Unread::Sheet(at(line).wrong(Fault::NotALine(line), None))
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(torn)?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let there = headers.iter().position(|own| own.trim_start_matches('\u{feff}') == column);
        let none = || Unread::Sheet(at(1).wrong(Fault::NoColumn(column.to_owned()), None));
        *place = there.ok_or_else(none)?;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(torn)?;
        let line = row.position().and_then(|own| usize::try_from(own.line()).ok()).unwrap_or(1);
        let cells = places.map(|place| row.get(place).unwrap_or_default().to_owned());
        rows.push(Row { at: at(line), cells });
    }
    Ok(rows)
}

/// The same where nothing is said of single lines.
pub(super) fn sheet<const N: usize>(
    file: &Path,
    columns: [&str; N],
) -> Result<Vec<[String; N]>, Stopped> {
    Ok(rows(file, columns)?.into_iter().map(|row| row.cells).collect())
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
