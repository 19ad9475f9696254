//! A whole register as a table, as of a day and as known with a ledger number: as CSV while it is
//! read, or as a workbook. What it says is what the pages say.

use std::{collections::VecDeque, io};

use axum::{
    body::Body,
    extract::{Path, Query as Asked},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use kernel::register::Version;
use pack::model::{Input, Register, RegisterField};
use rust_xlsxwriter::{Workbook, XlsxError};
use store::{RegisterQuery, StoreError};

use super::{AsOf, Query, register::register_named};
use crate::web::{fault::Fault, permit::published_on, visit::Visit};

/// How many entries are read at once.
const AT_ONCE: u32 = 500;
/// How many lines a sheet of a workbook takes, its heading among them (ECMA-376: 2 to the 20th).
const SHEET_LINES: u32 = 1 << 20;

/// A register being read, from its first entry to its last.
struct Reading {
    visit: Visit,
    register: String,
    query: RegisterQuery,
    /// Lines that were read and not yet handed on; at first the heading.
    lines: VecDeque<Vec<String>>,
    /// Whether there is nothing more to read.
    whole: bool,
}

impl Reading {
    async fn of(visit: Visit, register: String, query: &Query) -> Result<(Self, AsOf), Fault> {
        let as_of = query.as_of(&visit).await?;
        let own = register_named(&visit, &register)?;
        let query = RegisterQuery {
            register: own.name.clone(),
            at: as_of.at,
            known: as_of.known,
            heading_contains: query.sought(),
            published_on: published_on(&visit, own),
            after: None,
            limit: AT_ONCE,
        };
        let lines = VecDeque::from([head(&visit, own)]);
        Ok((Self { visit, register, query, lines, whole: false }, as_of))
    }

    /// The next line; none after the last.
    async fn next(&mut self) -> Result<Option<Vec<String>>, StoreError> {
        while self.lines.is_empty() && !self.whole {
            let (rows, next) = self.visit.app.store.entry_page(&self.query).await?;
            let register = self.visit.pack().registers.get(&self.query.register);
            let lines = register.into_iter().flat_map(|own| {
                rows.iter().map(|(key, version)| line(&self.visit, own, key, version))
            });
            self.lines = lines.collect();
            self.whole = next.is_none();
            self.query.after = next;
        }
        Ok(self.lines.pop_front())
    }

    /// The name of the file: of what, as of which day, as known with which number.
    fn file(&self, as_of: AsOf, ending: &str) -> String {
        format!("{}-{}-{}.{ending}", self.register, as_of.on, as_of.known.0)
    }
}

/// The fields that are told: who holds an entry is known by a reference, nobody's business.
fn told(register: &Register) -> impl Iterator<Item = &RegisterField> {
    register.fields.iter().filter(|field| field.input != Input::Party)
}

fn head(visit: &Visit, register: &Register) -> Vec<String> {
    let words = visit.words;
    let fields = told(register).map(|field| field.title.to(words.0).to_owned());
    std::iter::once(words.t("entry-key"))
        .chain(fields)
        .chain([words.t("entry-since"), words.t("entry-until")])
        .collect()
}

fn line(visit: &Visit, register: &Register, key: &str, version: &Version) -> Vec<String> {
    let shown = visit.shown();
    let fields = told(register).map(|field| {
        let value = version.fields.get(&field.name);
        value.map(|value| shown.value(&field.input, value)).unwrap_or_default()
    });
    let until = version.valid_until.map(|until| shown.day_of(until)).unwrap_or_default();
    std::iter::once(key.to_owned())
        .chain(fields)
        .chain([shown.day_of(version.valid_from), until])
        .collect()
}

/// As CSV, sent while it is read.
pub(in crate::web) async fn csv(
    visit: Visit,
    Path(register): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (reading, as_of) = Reading::of(visit, register, &query).await?;
    let named = reading.file(as_of, "csv");
    let sent = stream::try_unfold(reading, async |mut reading| {
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut any = false;
        for _ in 0..AT_ONCE {
            let Some(line) = reading.next().await.map_err(io::Error::other)? else { break };
            table.write_record(line.iter().map(|text| super::cell(text)))?;
            any = true;
        }
        let bytes = table.into_inner().map_err(csv::IntoInnerError::into_error)?;
        Ok::<_, io::Error>(any.then_some((bytes, reading)))
    });
    let headers = headers("text/csv; charset=utf-8", &named);
    Ok((headers, Body::from_stream(sent)).into_response())
}

/// As a workbook; where a sheet is full, another begins.
pub(in crate::web) async fn xlsx(
    visit: Visit,
    Path(register): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (mut reading, as_of) = Reading::of(visit, register, &query).await?;
    let failed = |error: XlsxError| Fault::broken(&error);
    let head = reading.next().await?.unwrap_or_default();
    let mut book = Workbook::new();
    let mut next = reading.next().await?;
    loop {
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        write(sheet, 0, &head).map_err(failed)?;
        for nth in 1..SHEET_LINES {
            let Some(line) = next else { break };
            write(sheet, nth, &line).map_err(failed)?;
            next = reading.next().await?;
        }
        if next.is_none() {
            break;
        }
    }
    let named = reading.file(as_of, "xlsx");
    let made = tokio::task::spawn_blocking(move || book.save_to_buffer()).await;
    let bytes = made.map_err(|error| Fault::broken(&error))?.map_err(failed)?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok((headers(media, &named), bytes).into_response())
}

/// Writes a line, every cell as text: a number that begins with noughts keeps them, and nothing is
/// taken for a formula.
fn write(
    sheet: &mut rust_xlsxwriter::Worksheet,
    nth: u32,
    line: &[String],
) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(line) {
        sheet.write_string(nth, column, text)?;
    }
    Ok(())
}

fn headers(media: &'static str, named: &str) -> [(HeaderName, String); 2] {
    let named = format!("attachment; filename=\"{named}\"");
    [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, named)]
}
