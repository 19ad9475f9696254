//! Reading a spreadsheet as bureaus export them: CSV in UTF-8 with or without its mark, in UTF-16
//! or in GB18030, and the first sheet of an XLSX file. Rows keep the numbers that the spreadsheet
//! shows.

use std::{fs, io::Cursor, path::Path};

use calamine::{Data, Reader as _, Xlsx};
use encoding_rs::{Encoding, GB18030};

use super::mend::{OWN, ROW, SOURCE};
use crate::cli::Stopped;

/// A ZIP archive, which an XLSX file is, begins so.
const ZIP: &[u8] = b"PK\x03\x04";

/// A spreadsheet: what its columns ask, and its rows.
pub(crate) struct Sheet {
    /// The header as it was read, without the columns that say why a row must be mended.
    pub(crate) header: Vec<String>,
    /// The questions that columns answer; a column without a heading answers none.
    pub(crate) questions: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A row, with the file and the number it had when it was first sent in.
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) source: String,
    /// The cells as they were read, in the order of [`Sheet::header`].
    pub(crate) cells: Vec<String>,
}

impl Sheet {
    /// The questions that a row answers.
    pub(crate) fn answered<'s>(&'s self, row: &'s Row) -> impl Iterator<Item = (&'s str, &'s str)> {
        let pairs = self.header.iter().zip(&row.cells);
        let pairs = pairs.map(|(path, cell)| (path.trim(), cell.trim()));
        pairs.filter(|(path, cell)| !path.is_empty() && !cell.is_empty())
    }
}

/// Reads a file; `source` is what it is called where a row does not say so itself.
pub(crate) fn read(path: &Path, source: &str) -> Result<Sheet, Stopped> {
    let unreadable = |why: String| Stopped(format!("cannot read `{}`: {why}", path.display()));
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let numbered = if bytes.starts_with(ZIP) { workbook(bytes) } else { csv_rows(&bytes) };
    sheet(numbered.map_err(unreadable)?, source).map_err(unreadable)
}

type Numbered = Vec<(u64, Vec<String>)>;

fn csv_rows(bytes: &[u8]) -> Result<Numbered, String> {
    // Both kinds of line end are one line to a spreadsheet.
    let mut text = text(bytes)?.replace("\r\n", "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
    let (mut number, mut line) = (0, 1);
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        let end = reader.position().line();
        let lines = 1 + cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        // The reader passes over empty lines; a spreadsheet counts them.
        number += 1 + end.saturating_sub(lines).saturating_sub(line);
        line = end;
        rows.push((number, cells));
    }
    Ok(rows)
}

/// The text of a file: by its mark if it has one, else UTF-8 if it is that, else GB18030.
fn text(bytes: &[u8]) -> Result<String, String> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((marked, _)) => marked,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => GB18030,
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken { Err("it is neither UTF-8 nor GB18030".to_owned()) } else { Ok(text.into_owned()) }
}

fn workbook(bytes: Vec<u8>) -> Result<Numbered, String> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let first = book.worksheet_range_at(0).ok_or("it has no sheet")?;
    let range = first.map_err(|error| error.to_string())?;
    let above = range.start().map_or(0, |(row, _)| u64::from(row));
    let rows = (above + 1..).zip(range.rows());
    Ok(rows.map(|(number, cells)| (number, cells.iter().map(cell).collect())).collect())
}

/// A cell as one writes it in a form: a day without its hour, a whole number without a point.
fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::Bool(true) => "yes".to_owned(),
        Data::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// Parts the columns that answer questions from those that say where a row is from and why it came
/// back.
fn sheet(rows: Numbered, source: &str) -> Result<Sheet, String> {
    let mut rows = rows.into_iter();
    let (_, names) = rows.next().ok_or("it is empty")?;
    let at = |own: &str| names.iter().position(|name| name.trim() == own);
    let (row_at, source_at) = (at(ROW), at(SOURCE));
    let own = |index: usize| names.get(index).is_some_and(|name| OWN.contains(&name.trim()));
    let blank = |cells: &[String]| cells.iter().all(|cell| cell.trim().is_empty());
    let said = |cells: &[String], at: Option<usize>| {
        let cell = at.and_then(|at| cells.get(at)).map(|cell| cell.trim().to_owned());
        cell.filter(|cell| !cell.is_empty())
    };
    let rest = |cells: Vec<String>| {
        let kept = cells.into_iter().enumerate().filter(|(index, _)| !own(*index));
        kept.map(|(_, cell)| cell).collect::<Vec<_>>()
    };
    let row = |(number, cells): (u64, Vec<String>)| {
        let first = said(&cells, row_at).map(|text| text.parse::<u64>());
        let first = first.transpose().map_err(|_| format!("row {number}: `{ROW}` is no number"))?;
        Ok(Row {
            number: first.unwrap_or(number),
            source: said(&cells, source_at).unwrap_or_else(|| source.to_owned()),
            cells: rest(cells),
        })
    };
    let filled = rows.filter(|(_, cells)| !blank(cells));
    let rows = filled.map(row).collect::<Result<Vec<Row>, String>>()?;
    let header = rest(names.clone());
    let questions: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    if let Some(twice) = repeated(&questions) {
        return Err(format!("`{twice}` heads two columns"));
    }
    let questions = questions.into_iter().filter(|name| !name.is_empty()).collect();
    Ok(Sheet { header, questions, rows })
}

fn repeated(names: &[String]) -> Option<&String> {
    let named = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let again = |(index, name): &(usize, &String)| names.iter().take(*index).any(|n| n == *name);
    named.into_iter().find(again).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: &[u8]) -> Vec<(u64, String)> {
        let rows = csv_rows(bytes).unwrap();
        rows.into_iter().map(|(number, cells)| (number, cells.join("|"))).collect()
    }

    #[test]
    fn rows_keep_the_numbers_that_the_spreadsheet_shows() {
        let check = |text: &str, expected: &[(u64, &str)]| {
            let expected: Vec<_> = expected.iter().map(|(n, c)| (*n, (*c).to_owned())).collect();
            assert_eq!(numbers(text.as_bytes()), expected, "{text:?}");
        };
        check("a,b\n1,2\n3,4\n", &[(1, "a|b"), (2, "1|2"), (3, "3|4")]);
        check("a,b\r\n1,2\r\n3,4", &[(1, "a|b"), (2, "1|2"), (3, "3|4")]);
        check("a\n\n\n1\n2", &[(1, "a"), (4, "1"), (5, "2")]);
        check("a\n\"1\nx\"\n2\n", &[(1, "a"), (2, "1\nx"), (3, "2")]);
        check("a\n\"1\nx\"\n\n2", &[(1, "a"), (2, "1\nx"), (4, "2")]);
    }

    #[test]
    fn every_writing_of_a_bureau_is_read() {
        let plain = "名称,地址\n青禾,㐂路\n";
        let check = |bytes: &[u8]| assert_eq!(text(bytes).unwrap(), plain);
        check(plain.as_bytes());
        check(&[b"\xef\xbb\xbf", plain.as_bytes()].concat());
        check(&GB18030.encode(plain).0);
        let wide: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&[b"\xff\xfe".as_slice(), &wide].concat());
        assert!(text(b"\xff\xff\x80").is_err());
    }

    #[test]
    fn a_row_that_comes_back_keeps_its_source_and_number() {
        let text = "row,source,refusal,word,says,a.b\n17,old.csv,1005,form,bad,x\n,,,,,y\n,,,,,\n";
        let sheet = sheet(csv_rows(text.as_bytes()).unwrap(), "mended.csv").unwrap();
        let rows: Vec<_> =
            sheet.rows.iter().map(|r| (r.number, r.source.as_str(), r.cells.join("|"))).collect();
        assert_eq!(rows, [(17, "old.csv", "x".to_owned()), (3, "mended.csv", "y".to_owned())]);
        assert_eq!(sheet.header, ["a.b"]);
    }

    #[test]
    fn a_sheet_that_cannot_be_understood_is_refused() {
        let check = |text: &str, says: &str| {
            let read = sheet(csv_rows(text.as_bytes()).unwrap(), "x.csv");
            assert_eq!(read.err().as_deref(), Some(says), "{text:?}");
        };
        check("", "it is empty");
        check("a.b,a.b\n1,2\n", "`a.b` heads two columns");
        check("row,a.b\nseven,2\n", "row 2: `row` is no number");
    }
}
