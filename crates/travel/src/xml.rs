//! Reading an extract in the XML format of OpenStreetMap (wiki, *OSM XML*).

use std::{collections::BTreeMap, io::BufRead};

use quick_xml::{
    Error, Reader, XmlVersion,
    events::{BytesStart, Event},
};

use crate::extract::{Extract, Kind, Member};
use crate::fault::{Fault, Feature};
use crate::wire::Broken;

/// The decimals of a degree that are read.
const DECIMALS: usize = 9;

/// Reads all of it.
pub(crate) fn read(bytes: impl BufRead, extract: &mut Extract) -> Result<(), Fault> {
    let mut reader = Reader::from_reader(bytes);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut element = Element::default();
    let (mut depth, mut seen) = (0_usize, false);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let byte = reader.buffer_position();
        match event.map_err(|cause| wrong(&cause, seen, byte))? {
            Event::Start(tag) => {
                match depth {
                    0 if seen => return Err(Fault::Broken(byte)),
                    0 if tag.name().as_ref() != "osm" => return Err(Fault::NotAnExtract),
                    0 => seen = true,
                    1 => element = Element::new(&tag).map_err(|_| Fault::Broken(byte))?,
                    _ => element.add(&tag).map_err(|_| Fault::Broken(byte))?,
                }
                depth += 1;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    std::mem::take(&mut element).end(extract, byte)?;
                }
            }
            Event::Eof if !seen => return Err(Fault::NotAnExtract),
            Event::Eof if depth > 0 => return Err(Fault::CutShort(byte)),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn wrong(cause: &Error, seen: bool, byte: u64) -> Fault {
    match cause {
        Error::Io(cause) => Fault::NoBytes(cause.to_string()),
        _ if !seen => Fault::NotAnExtract,
        // What opens and does not close before the end.
        Error::Syntax(_) => Fault::CutShort(byte),
        _ => Fault::Broken(byte),
    }
}

/// A point, a way or a relation while it is read.
#[derive(Default)]
struct Element {
    name: String,
    said: BTreeMap<String, String>,
    tags: Vec<(String, String)>,
    spots: Vec<i64>,
    members: Vec<(String, Kind, i64)>,
}

impl Element {
    fn new(tag: &BytesStart<'_>) -> Result<Self, Broken> {
        let name = tag.name().as_ref().to_owned();
        Ok(Self { name, said: attributes(tag)?, ..Self::default() })
    }

    /// A part of it.
    fn add(&mut self, tag: &BytesStart<'_>) -> Result<(), Broken> {
        let mut said = attributes(tag)?;
        let mut text = |key: &str| said.remove(key).ok_or(Broken);
        match tag.name().as_ref() {
            "tag" => self.tags.push((text("k")?, text("v")?)),
            "nd" => self.spots.push(text("ref")?.parse().map_err(|_| Broken)?),
            "member" => {
                let kind = match text("type")?.as_str() {
                    "node" => Kind::Spot,
                    "way" => Kind::Way,
                    _ => Kind::Other,
                };
                let id = text("ref")?.parse().map_err(|_| Broken)?;
                self.members.push((text("role").unwrap_or_default(), kind, id));
            }
            _ => {}
        }
        Ok(())
    }

    /// It is whole.
    fn end(self, extract: &mut Extract, byte: u64) -> Result<(), Fault> {
        let said = |key: &str| self.said.get(key).map(String::as_str);
        let broken = Fault::Broken(byte);
        if !["node", "way", "relation"].contains(&self.name.as_str()) {
            return Ok(());
        }
        if said("visible") == Some("false") {
            return Err(Fault::NotRead(Feature::History));
        }
        if said("action") == Some("delete") {
            return Ok(());
        }
        let tags: Vec<(&str, &str)> =
            self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let Some(id) = said("id").and_then(|own| own.parse().ok()) else { return Err(broken) };
        match self.name.as_str() {
            "node" => {
                let degrees = |key: &str| said(key).and_then(nano);
                extract.spot(id, degrees("lon").zip(degrees("lat")).ok_or(broken)?, &tags)
            }
            "way" => extract.way(id, self.spots, &tags),
            _ => {
                let members = self.members.iter();
                let members: Vec<Member<'_>> =
                    members.map(|(role, kind, id)| Member { role, kind: *kind, id: *id }).collect();
                extract.relation(&members, &tags);
                Ok(())
            }
        }
    }
}

fn attributes(tag: &BytesStart<'_>) -> Result<BTreeMap<String, String>, Broken> {
    let each = tag.attributes().map(|own| {
        let own = own.map_err(|_| Broken)?;
        let value = own.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Broken)?;
        Ok((own.key.as_ref().to_owned(), value.into_owned()))
    });
    each.collect()
}

/// Degrees as thousand-millionths; what is finer is cut off.
fn nano(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |own: &str| !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) || whole.len() > 4 {
        return None;
    }
    let part: String = part.chars().take(DECIMALS).collect();
    let part: i64 = format!("{part:0<DECIMALS$}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * 1_000_000_000 + part))
}
