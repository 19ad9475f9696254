//! Tables of a city: places with numbers, and the times between them, by the names of columns.

use std::collections::HashMap;

use ::csv::{ByteRecord, Reader, ReaderBuilder};

use super::words::{Faults, number, positive, text};
use crate::access::{Reach, Ways};
use crate::fault::Fault;

/// Places in order with the numbers of some columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What the places are called.
    pub ids: Vec<String>,
    /// The numbers of each column asked for.
    pub columns: Vec<Vec<f64>>,
    /// The line of each place.
    pub lines: Vec<usize>,
}

impl Table {
    /// A column whose numbers may not be negative.
    ///
    /// # Errors
    ///
    /// Each line where one is, and where there is no such column.
    pub fn amounts(
        &self,
        column: usize,
        negative: fn(usize) -> Fault,
    ) -> Result<&[f64], Vec<Fault>> {
        let column = self.columns.get(column);
        let column = column.ok_or_else(|| vec![Fault::NoColumn(String::new())])?;
        let mut faults = Faults::default();
        for (amount, line) in column.iter().zip(&self.lines) {
            faults.note(if *amount < 0.0 { Err(negative(*line)) } else { Ok(()) });
        }
        faults.or(|| column.as_slice())
    }

    /// Where each place stands, by what it is called. Only looked up in: its order shows nowhere.
    fn places(&self) -> HashMap<&[u8], u32> {
        self.ids.iter().zip(0..).map(|(id, place)| (id.as_bytes(), place)).collect()
    }
}

/// The table in a text whose first line names the columns: places by the column of ids, with the
/// numbers of other columns.
///
/// # Errors
///
/// All that is wrong with it: columns that are absent, lines too short, words that are no numbers,
/// places that come twice.
pub fn table(bytes: &[u8], id: &str, columns: &[&str]) -> Result<Table, Vec<Fault>> {
    let (mut reader, at) = open(bytes, id, columns)?;
    let (mut faults, mut record) = (Faults::default(), ByteRecord::new());
    let mut table = Table { columns: vec![Vec::new(); columns.len()], ..Table::default() };
    while !faults.full() && more(&mut reader, &mut record) {
        let line = line(&record);
        faults.note(place(&record, line, &at, &mut table));
    }
    if table.ids.is_empty() && !faults.full() {
        faults.note::<()>(Err(Fault::Empty));
    }
    for (_, line, id) in twice(&table) {
        faults.note::<()>(Err(Fault::Twice(line, id.to_owned())));
    }
    faults.or(|| table)
}

/// The places that are listed before, in order.
fn twice(table: &Table) -> Vec<(usize, usize, &str)> {
    let mut order: Vec<usize> = (0..table.ids.len()).collect();
    order.sort_by_key(|place| (&table.ids[*place], *place));
    let pairs = order.windows(2).filter(|pair| table.ids[pair[0]] == table.ids[pair[1]]);
    let again = pairs.map(|pair| (pair[1], table.lines[pair[1]], table.ids[pair[1]].as_str()));
    let mut again: Vec<_> = again.collect();
    again.sort_unstable();
    again
}

fn place(record: &ByteRecord, line: usize, at: &[usize], table: &mut Table) -> Result<(), Fault> {
    let word = |column: usize| record.get(column).ok_or(Fault::NotALine(line));
    let (id, columns) = at.split_first().ok_or(Fault::NotALine(line))?;
    let id = std::str::from_utf8(word(*id)?).map_err(|_| Fault::NotALine(line))?;
    let mut numbers = Vec::with_capacity(columns.len());
    for column in columns {
        numbers.push(number(line, word(*column)?.trim_ascii())?);
    }
    table.ids.push(id.to_owned());
    table.lines.push(line);
    for (column, number) in table.columns.iter_mut().zip(numbers) {
        column.push(number);
    }
    Ok(())
}

/// The times in a text whose first line names the columns (from, to, time), between places of
/// people and of supply, as far as they are within a limit, inclusive.
///
/// # Errors
///
/// All that is wrong with it: columns that are absent, lines too short, words that are no numbers,
/// places that are not listed, negative times.
pub fn ways(
    bytes: &[u8],
    columns: [&str; 3],
    people: &Table,
    supply: &Table,
    until: f64,
) -> Result<Ways, Vec<Fault>> {
    let [from, to, time] = columns;
    let (mut reader, at) = open(bytes, from, &[to, time])?;
    let (mut faults, mut record) = (Faults::default(), ByteRecord::new());
    let (mut from, mut to) = (Finder::new(people), Finder::new(supply));
    let mut ways = Ways::default();
    while !faults.full() && more(&mut reader, &mut record) {
        let line = line(&record);
        let read = way(&record, line, &at, &mut from, &mut to);
        if let Some((from, to, time)) = faults.note(read)
            && time <= until
        {
            ways.from.push(from);
            ways.to.push(to);
            ways.time.push(time);
        }
    }
    faults.or(|| ways)
}

fn way(
    record: &ByteRecord,
    line: usize,
    at: &[usize],
    from: &mut Finder<'_>,
    to: &mut Finder<'_>,
) -> Result<(u32, u32, f64), Fault> {
    let word = |column: usize| record.get(at[column]).ok_or(Fault::NotALine(line));
    let (one, other) = (from.find(word(0)?, line)?, to.find(word(1)?, line)?);
    Ok((one, other, positive(line, word(2)?, Fault::NegativeCost)?))
}

/// Finds places by what they are called: mostly the same as before, or the one after it.
struct Finder<'a> {
    table: &'a Table,
    places: HashMap<&'a [u8], u32>,
    last: u32,
}

impl<'a> Finder<'a> {
    fn new(table: &'a Table) -> Self {
        Self { table, places: table.places(), last: 0 }
    }

    fn find(&mut self, id: &[u8], line: usize) -> Result<u32, Fault> {
        for guess in [self.last, self.last.saturating_add(1)] {
            if self.table.ids.get(guess as usize).is_some_and(|own| own.as_bytes() == id) {
                self.last = guess;
                return Ok(guess);
            }
        }
        let found = self.places.get(id).copied();
        self.last = found.ok_or_else(|| Fault::Unknown(line, text(id)))?;
        Ok(self.last)
    }
}

/// The places and times of tables, with the first column of each as people and supply.
///
/// # Errors
///
/// Lines with negative amounts, and a way that comes twice.
pub fn reach(people: &Table, supply: &Table, ways: Ways) -> Result<Reach, Vec<Fault>> {
    let own = people.amounts(0, Fault::NegativeDemand)?.to_vec();
    let theirs = supply.amounts(0, Fault::NegativeSupply)?.to_vec();
    let named = |fault| match fault {
        Fault::WayTwice(from, to) => Fault::WayTwice(name(people, &from), name(supply, &to)),
        other => other,
    };
    Reach::new(own, theirs, ways).map_err(|fault| vec![named(fault)])
}

/// What a place is called that is known by its number.
fn name(table: &Table, place: &str) -> String {
    let own = place.parse().ok().and_then(|place: usize| table.ids.get(place));
    own.map_or_else(|| place.to_owned(), Clone::clone)
}

/// A reader behind the first line, and where the columns are.
type Opened<'a> = (Reader<&'a [u8]>, Vec<usize>);

/// Reads the first line.
fn open<'a>(bytes: &'a [u8], id: &str, columns: &[&str]) -> Result<Opened<'a>, Vec<Fault>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let heads = reader.byte_headers().map_err(|_| vec![Fault::UnknownFormat])?;
    if heads.is_empty() {
        return Err(vec![Fault::Empty]);
    }
    let (mut faults, mut at) = (Faults::default(), Vec::new());
    for name in [id].iter().chain(columns) {
        let found = heads.iter().position(|head| head.trim_ascii() == name.as_bytes());
        at.extend(faults.note(found.ok_or_else(|| Fault::NoColumn((*name).to_owned()))));
    }
    faults.or(|| ())?;
    Ok((reader, at))
}

/// Reads the next line; a text in memory has no other end than its end.
fn more(reader: &mut Reader<&[u8]>, record: &mut ByteRecord) -> bool {
    reader.read_byte_record(record).unwrap_or(false)
}

fn line(record: &ByteRecord) -> usize {
    let line = record.position().map_or(0, ::csv::Position::line);
    usize::try_from(line).unwrap_or(usize::MAX)
}
