//! JSON that means one thing, and its one way to be written (RFC 8785).
//!
//! Readers of JSON differ on a name that stands twice and on numbers that no double holds (RFC
//! 7493, 2.2 and 2.3). What is signed may depend on neither, so both are refused; and since no
//! credential of ours has a fraction, a number here is a whole one, which leaves nothing to be
//! rounded.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// The largest whole number up to which a double holds each.
const EXACT: u64 = (1 << 53) - 1;

/// A text in JSON that means one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Json(pub(super) Value);

impl Json {
    /// Reads it.
    ///
    /// # Errors
    /// [`Unclear`] where it is no JSON or can be read in two ways.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unclear> {
        let unclear = |error: &serde_json::Error| match error.is_data() {
            true => Unclear::TwoMeanings,
            false => Unclear::NoJson,
        };
        serde_json::from_slice(bytes).map_err(|error| unclear(&error))
    }
}

/// Why a text is not JSON that means one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// It is no JSON.
    NoJson,
    /// A name stands twice, or a number is not whole or not exact.
    TwoMeanings,
}

/// Writes it in the one way.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => write_object(members, out),
        // Literals, whole numbers and texts are written as RFC 8785 has it: texts with the
        // two-letter escapes where there are any, `\u00xx` in small letters for other controls,
        // nothing else.
        plain => out.push_str(&plain.to_string()),
    }
}

/// In the order of the UTF-16 units of names (3.2.3).
fn write_object(members: &Map<String, Value>, out: &mut String) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    out.push('{');
    for (place, (name, value)) in sorted.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(&Value::from(name.as_str()).to_string());
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in which no name stands twice and every number is whole and exact")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, said: bool) -> Result<Value, E> {
        Ok(Value::Bool(said))
    }

    fn visit_u64<E: Error>(self, said: u64) -> Result<Value, E> {
        match said <= EXACT {
            true => Ok(said.into()),
            false => Err(E::custom("a number that no double holds")),
        }
    }

    fn visit_i64<E: Error>(self, said: i64) -> Result<Value, E> {
        match said.unsigned_abs() <= EXACT {
            true => Ok(said.into()),
            false => Err(E::custom("a number that no double holds")),
        }
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a number that is not whole"))
    }

    fn visit_str<E: Error>(self, said: &str) -> Result<Value, E> {
        Ok(said.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Json(item)) = from.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Json(value))) = from.next_entry::<String, Json>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a name that stands twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Unclear> {
        Json::read(text.as_bytes()).map(|Json(value)| canonical(&value))
    }

    /// What RFC 8785 shows in 3.2.2 and 3.2.3, and the published test data of its authors, as far
    /// as there are no fractions in them.
    #[test]
    fn the_examples_of_the_text_come_out_as_it_shows_them() {
        let vectors = include_str!("../../../../conformance/credentials/jcs.txt");
        let lines: Vec<&str> = vectors.split('\n').filter(|line| !line.is_empty()).collect();
        for row in lines.chunks(2) {
            assert_eq!(read(row[0]).as_deref(), Ok(row[1]), "{}", row[0]);
        }
        assert_eq!(lines.len(), 16);
    }

    #[test]
    fn what_readers_could_read_in_two_ways_is_refused() {
        let rows = [
            (r#"{"a":1,"a":1}"#, Unclear::TwoMeanings),
            (r#"{"a":{"b":1,"\u0062":2}}"#, Unclear::TwoMeanings),
            ("[9007199254740992]", Unclear::TwoMeanings),
            ("[-9007199254740992]", Unclear::TwoMeanings),
            ("[18446744073709551616]", Unclear::TwoMeanings),
            ("[1.0]", Unclear::TwoMeanings),
            ("[1e2]", Unclear::TwoMeanings),
            ("[-0]", Unclear::TwoMeanings),
            ("{}x", Unclear::NoJson),
            ("[1,]", Unclear::NoJson),
            ("\"\\ud800\"", Unclear::NoJson),
            ("", Unclear::NoJson),
        ];
        for (text, wanted) in rows {
            assert_eq!(read(text), Err(wanted), "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), Err(Unclear::NoJson), "no deeper than a stack");
    }
}
