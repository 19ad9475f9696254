//! Knowledge: each row of a sheet is typed as its columns say, and of one key there is one row a
//! day, so that a rule never has two answers to choose from.

use std::collections::BTreeMap;

use base::{Date, Fen, Name, Text, near::near_miss};
use csv::{ReaderBuilder, StringRecord, Trim};
use rules::Value;

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{ColumnType, FeedColumn as Written, KnowledgeFile},
    model::{ColumnKind, FeedColumn, Knowledge, KnowledgeRow, Pack},
    node::{FileId, Span},
    read::Spanned,
};

/// The columns of every sheet before those of its table.
const DAYS: [&str; 2] = ["from", "until"];
/// What stands between several texts or codes of a cell.
const BETWEEN: char = ';';

/// A line of a sheet, counted from 1.
#[derive(Debug, Clone, Copy)]
struct Line {
    file: FileId,
    number: u64,
}

/// What is wrong with a cell, and what was probably meant.
pub(super) type Wrong = (Text, Option<String>);

impl Linker<'_> {
    /// The knowledge tables of a pack with their rows.
    pub(super) fn knowledge(&mut self, pack: &Pack) -> BTreeMap<Name, Knowledge> {
        let parsed = self.parsed;
        self.check_every_sheet_has_a_table();
        let tables: Vec<_> = parsed
            .knowledge
            .iter()
            .filter_map(|file| {
                let table = self.knowledge_table(pack, file)?;
                Some((file.knowledge.clone(), file.at, table))
            })
            .collect();
        self.unique(tables)
    }

    fn check_every_sheet_has_a_table(&mut self) {
        let parsed = self.parsed;
        let known: Vec<&str> = parsed.knowledge.iter().map(|f| f.knowledge.as_str()).collect();
        for (path, sheets) in &parsed.sheets {
            let Some(name) = path.strip_prefix("knowledge/") else { continue };
            let name = name.strip_suffix(".csv").unwrap_or(name);
            if known.contains(&name) {
                continue;
            }
            for (file, _) in sheets {
                let at = self.line(Line { file: *file, number: 1 });
                let near = near_miss(name, known.iter().copied());
                self.faults.push(Fault::new("sheet-without-table", at, no_table(name)).near(near));
            }
        }
    }

    fn knowledge_table(&mut self, pack: &Pack, file: &KnowledgeFile) -> Option<Knowledge> {
        let columns: Vec<_> =
            file.columns.iter().map(|(n, c)| self.knowledge_column(pack, n, c)).collect();
        let columns = columns.into_iter().collect::<Option<Vec<FeedColumn>>>()?;
        let key = self.knowledge_key(file, &columns)?;
        let rows = self.rows(pack, file, &columns, &key);
        Some(Knowledge {
            name: file.knowledge.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            key: file.key.iter().map(|name| name.value.clone()).collect(),
            columns,
            rows: self.one_a_day(rows),
        })
    }

    fn knowledge_column(
        &mut self,
        pack: &Pack,
        name: &Spanned<Name>,
        column: &Written,
    ) -> Option<FeedColumn> {
        if DAYS.contains(&name.value.as_str()) {
            let zh = "`from` 和 `until` 是每张知识表前两列的名称，请改名";
            let en = "`from` and `until` are the first two columns of every sheet; choose another";
            self.fault("knowledge-column-taken", name.at, zh, en);
        }
        if matches!(column.r#type, ColumnType::Moment | ColumnType::Person) {
            let zh = "知识表没有 `moment` 和 `person` 列";
            let en = "a knowledge table has no columns of type `moment` or `person`";
            self.fault("knowledge-column-type", name.at, zh, en);
        }
        Some(FeedColumn {
            name: name.value.clone(),
            title: column.title.clone(),
            kind: self.column_kind(pack, &column.r#type)?,
            optional: column.optional == Some(true),
        })
    }

    /// The places of the key columns.
    fn knowledge_key(
        &mut self,
        file: &KnowledgeFile,
        columns: &[FeedColumn],
    ) -> Option<Vec<usize>> {
        if file.key.is_empty() {
            let at = self.first_line(file.at);
            let zh = "知识表须写明 `key`：按哪些列查找";
            self.fault("knowledge-without-key", at, zh, "say under `key` what a row is found by");
            return None;
        }
        let places: Vec<_> = file.key.iter().map(|name| self.key_place(name, columns)).collect();
        places.into_iter().collect()
    }

    fn key_place(&mut self, name: &Spanned<Name>, columns: &[FeedColumn]) -> Option<usize> {
        let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        self.must_know(Kind::Column, name, known);
        let place = columns.iter().position(|column| column.name == name.value)?;
        let column = columns.get(place)?;
        if column.optional || matches!(column.kind, ColumnKind::Texts | ColumnKind::Codes(_)) {
            let zh = "键须每行都有值，且为单个值";
            let en = "each row has one value in every column of the key";
            self.fault("knowledge-key", name.at, zh, en);
            return None;
        }
        Some(place)
    }

    /// The rows of all sheets of a table, parents first, each with its line.
    fn rows(
        &mut self,
        pack: &Pack,
        file: &KnowledgeFile,
        columns: &[FeedColumn],
        key: &[usize],
    ) -> Vec<(KnowledgeRow, Line)> {
        let parsed = self.parsed;
        let sheets = parsed.sheets.get(&format!("knowledge/{}.csv", file.knowledge));
        let sheets = sheets.map(Vec::as_slice).unwrap_or_default();
        if sheets.is_empty() {
            let at = self.first_line(file.at);
            let zh = "knowledge 文件夹中没有同名的 csv 文件";
            let en = "the knowledge folder has no csv of this name";
            self.fault("no-knowledge-sheet", at, zh, en);
        }
        let mut rows = Vec::new();
        for (sheet, text) in sheets {
            let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
            let header = reader.headers().cloned().unwrap_or_default();
            if !self.is_header(&header, columns, *sheet) {
                continue;
            }
            for record in reader.records() {
                rows.extend(self.record(pack, columns, key, *sheet, record));
            }
        }
        rows
    }

    fn is_header(&mut self, header: &StringRecord, columns: &[FeedColumn], file: FileId) -> bool {
        let names = columns.iter().map(|column| column.name.as_str());
        let wanted: Vec<&str> = DAYS.into_iter().chain(names).collect();
        let is = header.iter().eq(wanted.iter().copied());
        if !is {
            let at = self.line(Line { file, number: 1 });
            let wanted = wanted.join(",");
            let zh = format!("第一行须为 `{wanted}`");
            self.fault("knowledge-header", at, &zh, &format!("the first line is `{wanted}`"));
        }
        is
    }

    fn record(
        &mut self,
        pack: &Pack,
        columns: &[FeedColumn],
        key: &[usize],
        file: FileId,
        record: csv::Result<StringRecord>,
    ) -> Option<(KnowledgeRow, Line)> {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let number = error.position().map_or(1, csv::Position::line);
                let at = self.line(Line { file, number });
                let zh = "列数与第一行不同或引号不成对";
                let en = "it has other columns than the first line, or a quotation mark is missing";
                self.fault("knowledge-row", at, zh, en);
                return None;
            }
        };
        let line = Line { file, number: record.position().map_or(1, csv::Position::line) };
        let (from, until) = self.days(&record, line)?;
        let cells = columns.iter().zip(record.iter().skip(DAYS.len()));
        let values: Vec<_> = cells.map(|(own, cell)| self.cell(pack, own, cell, line)).collect();
        let values = values.into_iter().collect::<Option<Vec<Option<Value>>>>()?;
        let own = |place: &usize| values.get(*place).cloned().flatten();
        let key = key.iter().map(own).collect::<Option<Vec<Value>>>()?;
        Some((KnowledgeRow { from, until, key, values }, line))
    }

    /// The days for which a row holds; `until` may be empty.
    fn days(&mut self, record: &StringRecord, line: Line) -> Option<(Date, Option<Date>)> {
        let (from, until) = (record.get(0)?, record.get(1)?);
        let at = self.line(line);
        let from = self.reasoned("not-a-date", at, Date::parse(from));
        let until = match until {
            "" => Some(None),
            day => self.reasoned("not-a-date", at, Date::parse(day)).map(Some),
        };
        let (from, until) = (from?, until?);
        self.must_run_forward(at, from, until);
        Some((from, until))
    }

    /// The value of a cell, or none where it is empty and may be.
    fn cell(
        &mut self,
        pack: &Pack,
        column: &FeedColumn,
        cell: &str,
        line: Line,
    ) -> Option<Option<Value>> {
        let read = match cell {
            "" if column.optional => return Some(None),
            "" => Err((Text::new("不能空缺", "it is empty"), None)),
            cell => value(pack, &column.kind, cell),
        };
        match read {
            Ok(value) => Some(Some(value)),
            Err((why, near)) => {
                let name = &column.name;
                let zh = format!("`{name}` 列：{}", why.zh);
                let says = Text::new(zh, format!("column `{name}`: {}", why.en));
                let at = self.line(line);
                self.faults.push(Fault::new("knowledge-cell", at, says).near(near.as_deref()));
                None
            }
        }
    }

    /// The rows by key and day; two of one key on one day are a fault at the later of them.
    fn one_a_day(&mut self, mut rows: Vec<(KnowledgeRow, Line)>) -> Vec<KnowledgeRow> {
        rows.sort_by(|(a, _), (b, _)| (&a.key, a.from).cmp(&(&b.key, b.from)));
        let mut longest: Option<&(KnowledgeRow, Line)> = None;
        let mut overlaps = Vec::new();
        for own in &rows {
            let before = longest.filter(|(row, _)| row.key == own.0.key);
            let covered = before.filter(|(row, _)| row.until.is_none_or(|day| own.0.from < day));
            overlaps.extend(covered.map(|(_, line)| (own.1, *line)));
            let longer = |(row, _): &&(KnowledgeRow, Line)| {
                row.until.is_none() || own.0.until.is_some_and(|day| Some(day) <= row.until)
            };
            longest = before.filter(longer).or(Some(own));
        }
        for (line, first) in overlaps {
            let (at, first) = (self.line(line), self.line(first));
            self.faults.push(Fault::new("knowledge-overlap", at, overlap()).also(first, other()));
        }
        rows.into_iter().map(|(row, _)| row).collect()
    }

    fn line(&self, line: Line) -> Span {
        let text = self.sources.text(line.file);
        let before = usize::try_from(line.number.saturating_sub(1)).unwrap_or(usize::MAX);
        let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
        Span { file: line.file, start, end: start + length }
    }
}

/// A cell as a value of that kind.
pub(super) fn value(pack: &Pack, kind: &ColumnKind, cell: &str) -> Result<Value, Wrong> {
    match kind {
        ColumnKind::Text | ColumnKind::Entry(_) => Ok(Value::Text(cell.to_owned())),
        ColumnKind::Texts => Ok(Value::Codes(parts(cell).map(str::to_owned).collect())),
        ColumnKind::Integer => cell.parse().map(Value::Integer).map_err(|_| no(kind, cell)),
        ColumnKind::Money => Fen::parse(cell).map(Value::Money).map_err(|why| (why.says, None)),
        ColumnKind::Date => Date::parse(cell).map(Value::Date).map_err(|why| (why.says, None)),
        ColumnKind::Boolean => truth(cell).map(Value::Boolean).ok_or_else(|| no(kind, cell)),
        ColumnKind::Decimal(places) => decimal(cell, *places).ok_or_else(|| no(kind, cell)),
        ColumnKind::Choice(options) => {
            let found = options.iter().find(|(name, _)| name.as_str() == cell);
            let known = options.iter().map(|(name, _)| name.as_str());
            found
                .map(|(name, _)| Value::Choice(name.clone()))
                .ok_or_else(|| (no(kind, cell).0, near_miss(cell, known).map(str::to_owned)))
        }
        ColumnKind::Code(list) => code(pack, list, kind, cell).map(Value::Code),
        ColumnKind::Codes(list) => {
            let codes = parts(cell).map(|part| code(pack, list, kind, part));
            codes.collect::<Result<_, _>>().map(Value::Codes)
        }
        ColumnKind::Moment | ColumnKind::Person => Err(no(kind, cell)),
    }
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty())
}

fn truth(cell: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| cell.eq_ignore_ascii_case(word))
        .map(|(_, is)| is)
}

fn decimal(cell: &str, places: u8) -> Option<Value> {
    let (sign, plain) = cell.strip_prefix('-').map_or(("", cell), |plain| ("-", plain));
    let (whole, part) = match plain.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (plain, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (part, scale) = (part.filter(|_| part != Some("0")), usize::from(places));
    let good = digits(whole) && part.is_none_or(|part| digits(part) && part.len() <= scale);
    let part = part.unwrap_or_default();
    let units = format!("{sign}{whole}{part:0<scale$}").parse().ok().filter(|_| good)?;
    Some(Value::Decimal { units, places })
}

fn code(pack: &Pack, list: &Name, kind: &ColumnKind, cell: &str) -> Result<String, Wrong> {
    let known = || pack.codes.get(list).into_iter().flat_map(|table| table.codes.keys());
    if known().any(|code| code == cell) {
        return Ok(cell.to_owned());
    }
    let near = near_miss(cell, known().map(String::as_str)).map(str::to_owned);
    Err((no(kind, cell).0, near))
}

fn no(kind: &ColumnKind, cell: &str) -> Wrong {
    let title = kind.title();
    let zh = format!("`{cell}` 不是{}", title.zh);
    (Text::new(zh, format!("`{cell}` is not: {}", title.en)), None)
}

fn no_table(name: &str) -> Text {
    Text::new(
        format!("没有名为 `{name}` 的知识表：每个 csv 须有同名的 yaml"),
        format!("there is no knowledge table `{name}`; each csv has a yaml of the same name"),
    )
}

fn overlap() -> Text {
    Text::new(
        "同一个键在同一天有两行：请改起止日期",
        "two rows of one key hold on the same day; change their days",
    )
}

fn other() -> Text {
    Text::new("另一行在此", "the other row is here")
}
