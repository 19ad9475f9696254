//! The spreadsheet of rows that were refused: where each is from, why it was refused, and its cells
//! as they were. Mended, it is sent in by the same command; the rows keep source and number.

use std::{fs, io::Write, path::Path};

use base::Language;

use super::{Refused, Sheet};

/// The number of the row in its source.
pub(super) const ROW: &str = "row";
/// What the source is called.
pub(super) const SOURCE: &str = "source";
/// The columns of this spreadsheet that answer no question.
pub(super) const OWN: [&str; 5] = [ROW, SOURCE, "refusal", "word", "says"];
/// Without it a spreadsheet takes UTF-8 for the country's older writing.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the rows beside the place, and moves them there whole: a file half written would lose the
/// rows it was made from when those are mended in place.
pub(crate) fn write(
    path: &Path,
    sheet: &Sheet,
    refused: &[Refused<'_>],
    language: Language,
) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut file = fs::File::create(&beside)?;
    file.write_all(MARK)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(&mut file);
    writer.write_record(OWN.iter().copied().chain(sheet.header.iter().map(String::as_str)))?;
    for Refused { row, why } in refused {
        let (number, refusal) = (row.number.to_string(), why.number().to_string());
        let says = why.says();
        let own = [&number, &row.source, &refusal, why.word(), says.to(language)];
        writer.write_record(own.into_iter().chain(row.cells.iter().map(String::as_str)))?;
    }
    writer.flush()?;
    drop(writer);
    file.sync_all()?;
    fs::rename(beside, path)
}
