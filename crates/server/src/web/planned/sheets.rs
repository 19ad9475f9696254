//! A draft as a workbook: what it comes to, its terms, each of its tables, and how well people
//! reach places, on a sheet each.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use siting::layout::rounded;

use super::{Of, Planned, Reached, Reckoned};
use crate::web::pages::standards::AreaRow;

/// The most signs in the name of a sheet, as workbooks allow.
const NAME_MAX: usize = 31;

impl Planned {
    /// A draft as a workbook. Numbers are numbers, everything else is text: nothing is taken for a
    /// formula.
    pub(crate) fn workbook(
        &self,
        reckoned: &Reckoned<'_>,
        reached: &[Reached],
    ) -> Result<Vec<u8>, XlsxError> {
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
        self.reach_sheet(&mut book, reached)?;
        book.save_to_buffer()
    }

    /// Adds how well people reach places: for each area all measures, today and then.
    fn reach_sheet(&self, book: &mut Workbook, reached: &[Reached]) -> Result<(), XlsxError> {
        let words = self.visit.words;
        let mut heads = self.heads(&["layout-key", "layout-area", "layout-people"]);
        let mut columns = Vec::new();
        for own in reached {
            let called = words.with_both(
                "layout-course-line",
                &self.measure(own.measure),
                &self.unit(own.measure),
            );
            heads.push(words.with_both("reach-draft-in", &called, &words.t("layout-today")));
            columns.push(&own.today);
            for (year, then) in &own.years {
                heads.push(words.with_both("reach-draft-in", &called, &year.to_string()));
                columns.push(then);
            }
        }
        let rows: Vec<Vec<String>> = self
            .survey
            .areas()
            .iter()
            .map(|area| {
                let title = self.link(&area.key, Of::Area).text;
                vec![area.key.clone(), title, area.people.to_string()]
            })
            .collect();
        let minutes = words.with("reach-sheet", &self.minutes().to_string());
        let (sheet, from) = (sheet(book, &minutes, &heads, &rows)?, 3);
        for (column, own) in (from..).zip(columns) {
            for (row, value) in (1..).zip(&own.values) {
                if let Some(value) = value {
                    sheet.write_number(row, column, rounded(*value, 3))?;
                }
            }
        }
        Ok(())
    }
}

/// Adds a sheet.
fn sheet<'a>(
    book: &'a mut Workbook,
    name: &str,
    heads: &[String],
    rows: &[Vec<String>],
) -> Result<&'a mut Worksheet, XlsxError> {
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
    Ok(sheet)
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
