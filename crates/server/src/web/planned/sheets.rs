//! A draft as a workbook: what it comes to, its terms, and each of its tables on a sheet.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{Planned, Reckoned};
use crate::web::pages::standards::AreaRow;

/// The most signs in the name of a sheet, as workbooks allow.
const NAME_MAX: usize = 31;

impl Planned {
    /// A draft as a workbook. Numbers are numbers, everything else is text: nothing is taken for a
    /// formula.
    pub(crate) fn workbook(&self, reckoned: &Reckoned<'_>) -> Result<Vec<u8>, XlsxError> {
        let words = self.visit.words;
        let mut book = Workbook::new();
        let facts = self.draft_facts(reckoned);
        let rows: Vec<Vec<String>> =
            facts.into_iter().map(|(title, value)| vec![title, value]).collect();
        sheet(&mut book, &words.t("layout-in-short"), &[], &rows)?;
        let heads = self.round_heads();
        let rounds: Vec<Vec<String>> =
            reckoned.measures.rounds.iter().map(|round| self.round(round).cells()).collect();
        sheet(&mut book, &words.t("layout-rounds"), &heads, &rounds)?;
        if !self.survey.standards().is_empty() {
            let rows: Vec<Vec<String>> =
                self.areas_by_standard().into_iter().map(AreaRow::cells).collect();
            sheet(&mut book, &words.t("layout-standards"), &self.standard_heads(), &rows)?;
        }
        for table in self.tables_of(reckoned) {
            let mut heads = vec![words.t("layout-key")];
            heads.extend(table.heads.iter().cloned());
            let rows: Vec<Vec<String>> = table
                .lines
                .iter()
                .map(|line| {
                    let own = [line.key.clone(), line.title.clone()];
                    own.into_iter().chain(line.cells.iter().cloned()).collect()
                })
                .collect();
            sheet(&mut book, &table.title, &heads, &rows)?;
        }
        book.save_to_buffer()
    }
}

/// Adds a sheet.
fn sheet(
    book: &mut Workbook,
    name: &str,
    heads: &[String],
    rows: &[Vec<String>],
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    let fits = |letter: &char| !"[]:*?/\\".contains(*letter);
    sheet.set_name(name.chars().filter(fits).take(NAME_MAX).collect::<String>())?;
    let first = u32::from(!heads.is_empty());
    let bold = Format::new().set_bold();
    for (column, text) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, text, &bold)?;
    }
    // What the columns are stays in sight.
    sheet.set_freeze_panes(first, 0)?;
    for (nth, row) in (first..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            write(sheet, nth, column, text)?;
        }
    }
    sheet.autofit();
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    // A key that begins with noughts, or is longer than a number holds, stays as it is.
    let plain = text.len() <= 9 && (text == "0" || !text.starts_with('0'));
    let number = text.parse::<u32>().ok().filter(|_| plain);
    match number {
        Some(number) => sheet.write_number(row, column, number).map(|_| ()),
        None => sheet.write_string(row, column, text).map(|_| ()),
    }
}
