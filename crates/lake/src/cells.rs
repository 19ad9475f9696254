//! A row as it arrives: one JSON object a line. Persons are digested before anything else is done
//! with it, so that even a row that is refused holds nobody's number.

use std::{collections::BTreeMap, fmt};

use base::Name;
use minicbor::{Decode, Decoder, Encode, Encoder, data::Type, decode, encode};
use serde::{
    Deserializer as _,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;

use crate::{
    feed::{Feed, Kind},
    flaw::{Flaw, Flawed},
    person::{Digest, PersonKey},
    row::{self, Row},
};

/// What a row says in one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// What stood there.
    Said(Value),
    /// A person.
    Person(Digest),
}

/// What a row says, by column.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Cells(#[n(0)] pub(crate) BTreeMap<Name, Cell>);

/// What was said is kept as the JSON text that it was.
impl<C> Encode<C> for Cell {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Said(value) => e.str(&value.to_string())?.ok(),
            Self::Person(digest) => e.bytes(&digest.0)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Cell {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.datatype()? == Type::Bytes {
            let digest = d.bytes()?.try_into();
            return digest
                .map(|digest| Self::Person(Digest(digest)))
                .map_err(|_| decode::Error::message("no digest"));
        }
        let value = serde_json::from_str(d.str()?);
        value.map(Self::Said).map_err(|_| decode::Error::message("no JSON"))
    }
}

/// The members of an object in the order in which they came; one that comes twice is an error.
struct Members(Vec<(String, Value)>);

/// What the error about a member that comes twice begins with.
const TWICE: &str = "twice ";

impl Cells {
    /// What it says in a column; none where it says nothing there.
    pub fn get(&self, column: &Name) -> Option<&Cell> {
        self.0.get(column)
    }

    /// The cells that make a row: what it said, as far as that is kept.
    pub(crate) fn of(feed: &Feed, row: &Row) -> Self {
        let cells = feed.columns().iter().zip(&row.values).filter_map(|(column, value)| {
            let said = match value.as_ref()? {
                row::Value::Person(person) => Cell::Person(*person),
                other => Cell::Said(other.said(&column.kind)),
            };
            Some((column.name.clone(), said))
        });
        Self(cells.collect())
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, and the cells that could be kept; of a line that is no object, and of
    /// columns that the feed does not have, nothing is kept, for nobody knows what stands there.
    pub fn read(feed: &Feed, line: &[u8], key: &PersonKey) -> Result<Self, (Self, Vec<Flaw>)> {
        let members = members(line).map_err(|flaw| (Self::default(), vec![flaw]))?;
        let (mut cells, mut flaws) = (Self::default(), Vec::new());
        for (name, value) in members.0.into_iter().filter(|(_, value)| !value.is_null()) {
            let column = feed.columns().iter().find(|own| own.name.as_str() == name);
            match (column, value) {
                (None, _) => flaws.push(Flaw::of(&name, Flawed::Unknown)),
                (Some(column), value) if column.kind != Kind::Person => {
                    cells.0.insert(column.name.clone(), Cell::Said(value));
                }
                (Some(column), Value::String(said)) if !said.trim().is_empty() => {
                    cells.0.insert(column.name.clone(), Cell::Person(key.digest(&said)));
                }
                (Some(_), _) => flaws.push(Flaw::of(&name, Flawed::NoPerson)),
            }
        }
        if flaws.is_empty() { Ok(cells) } else { Err((cells, flaws)) }
    }

    /// The same with cells put right by somebody who looked at it; what is `null` is taken out.
    ///
    /// # Errors
    /// What is wrong with what was put right.
    pub fn mended(&self, feed: &Feed, line: &[u8], key: &PersonKey) -> Result<Self, Vec<Flaw>> {
        let mut whole = self.clone();
        let taken = members(line).map_err(|flaw| vec![flaw])?;
        for (name, _) in taken.0.iter().filter(|(_, value)| value.is_null()) {
            whole.0.retain(|own, _| own.as_str() != name);
        }
        whole.0.extend(Self::read(feed, line, key).map_err(|(_, flaws)| flaws)?.0);
        Ok(whole)
    }
}

fn members(line: &[u8]) -> Result<Members, Flaw> {
    let mut reader = serde_json::Deserializer::from_slice(line);
    let members = reader.deserialize_map(Object).and_then(|members| {
        reader.end()?;
        Ok(members)
    });
    members.map_err(|error| {
        let says = error.to_string();
        match says.strip_prefix(TWICE).and_then(|rest| rest.split('\n').next()) {
            Some(name) => Flaw::of(name, Flawed::Twice),
            None => Flaw { column: None, flawed: Flawed::NoObject, judged: None },
        }
    })
}

/// Reads an object.
struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.iter().any(|(before, _)| *before == name) {
                return Err(A::Error::custom(format!("{TWICE}{name}\n")));
            }
            members.push((name, value));
        }
        Ok(Members(members))
    }
}
