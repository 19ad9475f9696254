//! Reading an extract in the PBF format of OpenStreetMap (wiki, *PBF Format*): blocks of messages,
//! each compressed for itself.
//!
//! It is read here, and not by the crate `osmpbf`, for a damaged file must be refused: see ADR 49.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::extract::{Extract, Kind, Member, needs};
use crate::fault::{Fault, Feature};
use crate::wire::{Broken, Message, Value, summed, zigzag};

/// The largest header of a block, in bytes.
const HEADER_MAX: usize = 64 << 10;
/// The largest block.
const BLOCK_MAX: usize = 32 << 20;

/// Reads all of it.
pub(crate) fn read(bytes: impl Read, extract: &mut Extract) -> Result<(), Fault> {
    let mut file = Source { bytes, byte: 0 };
    let mut first = true;
    let mut begun = 0;
    while let Some(length) = file.length(first)? {
        let broken = |_: Broken| if first { Fault::NotAnExtract } else { Fault::Broken(begun) };
        let header = file.take(length)?;
        let (kind, size) = header_of(&header).map_err(broken)?;
        if size > BLOCK_MAX {
            return Err(if first { Fault::NotAnExtract } else { Fault::TooLarge });
        }
        let block = file.take(size)?;
        let read = match kind.as_str() {
            "OSMHeader" => unpacked(&block).and_then(|own| header_block(&own)),
            _ if first => return Err(Fault::NotAnExtract),
            "OSMData" => unpacked(&block).and_then(|own| data_block(&own, extract)),
            _ => Ok(()),
        };
        read.map_err(|own| own.at(begun))?;
        (first, begun) = (false, file.byte);
    }
    if first { Err(Fault::NotAnExtract) } else { Ok(()) }
}

/// What is wrong within a block: its place is added where it is known.
enum Wrong {
    Broken,
    Fault(Fault),
}

impl Wrong {
    fn at(self, byte: u64) -> Fault {
        match self {
            Self::Broken => Fault::Broken(byte),
            Self::Fault(fault) => fault,
        }
    }
}

impl From<Broken> for Wrong {
    fn from(_: Broken) -> Self {
        Self::Broken
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

struct Source<R> {
    bytes: R,
    byte: u64,
}

impl<R: Read> Source<R> {
    /// The length of the next header; none at the end.
    fn length(&mut self, first: bool) -> Result<Option<usize>, Fault> {
        let told = self.up_to(4)?;
        let Ok(told) = <[u8; 4]>::try_from(told.as_slice()) else {
            let cut = if first { Fault::NotAnExtract } else { Fault::CutShort(self.byte) };
            return if told.is_empty() { Ok(None) } else { Err(cut) };
        };
        match usize::try_from(u32::from_be_bytes(told)) {
            Ok(length) if (1..=HEADER_MAX).contains(&length) => Ok(Some(length)),
            _ if first => Err(Fault::NotAnExtract),
            _ => Err(Fault::Broken(self.byte)),
        }
    }

    /// So many bytes, or the end came first.
    fn take(&mut self, length: usize) -> Result<Vec<u8>, Fault> {
        let taken = self.up_to(length)?;
        if taken.len() < length { Err(Fault::CutShort(self.byte)) } else { Ok(taken) }
    }

    fn up_to(&mut self, length: usize) -> Result<Vec<u8>, Fault> {
        let mut taken = Vec::new();
        let most = u64::try_from(length).unwrap_or(u64::MAX);
        let read = self.bytes.by_ref().take(most).read_to_end(&mut taken);
        read.map_err(|cause| Fault::NoBytes(cause.to_string()))?;
        self.byte += u64::try_from(taken.len()).unwrap_or_default();
        Ok(taken)
    }
}

/// What kind of block follows, and how long it is.
fn header_of(bytes: &[u8]) -> Result<(String, usize), Broken> {
    let (mut kind, mut size) = (None, None);
    for field in Message(bytes) {
        match field? {
            (1, value) => kind = Some(value.text()?.to_owned()),
            (3, value) => size = usize::try_from(value.number()?).ok(),
            _ => {}
        }
    }
    kind.zip(size).ok_or(Broken)
}

/// The bytes of a block as they were before they were compressed.
fn unpacked(block: &[u8]) -> Result<Vec<u8>, Wrong> {
    let (mut plain, mut packed, mut size) = (None, None, None);
    for field in Message(block) {
        match field? {
            (1, value) => plain = Some(value.bytes()?),
            (2, value) => size = Some(value.number()?),
            (3, value) => packed = Some(value.bytes()?),
            (4..=7, Value::Bytes(_)) => return Err(Fault::NotRead(Feature::Compression).into()),
            _ => {}
        }
    }
    let most = u64::try_from(BLOCK_MAX).unwrap_or_default();
    match (plain, packed, size) {
        (Some(plain), None, _) => Ok(plain.to_vec()),
        (None, Some(_), Some(size)) if size > most => Err(Fault::TooLarge.into()),
        (None, Some(packed), Some(size)) => {
            let mut bytes = Vec::new();
            let read = ZlibDecoder::new(packed).take(size + 1).read_to_end(&mut bytes);
            let whole = read.ok().and_then(|count| u64::try_from(count).ok()) == Some(size);
            if whole { Ok(bytes) } else { Err(Wrong::Broken) }
        }
        _ => Err(Wrong::Broken),
    }
}

fn header_block(bytes: &[u8]) -> Result<(), Wrong> {
    for field in Message(bytes) {
        if let (4, value) = field? {
            needs(value.text()?)?;
        }
    }
    Ok(())
}

/// A block of points, ways and relations.
struct Block<'a> {
    texts: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    longitude: i64,
    latitude: i64,
}

fn data_block(bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
    let mut block = Block {
        texts: Vec::new(),
        groups: Vec::new(),
        granularity: 100,
        longitude: 0,
        latitude: 0,
    };
    for field in Message(bytes) {
        match field? {
            (1, value) => {
                for text in Message(value.bytes()?) {
                    if let (1, text) = text? {
                        block.texts.push(text.bytes()?);
                    }
                }
            }
            (2, value) => block.groups.push(value.bytes()?),
            (17, value) => block.granularity = value.signed()?,
            (19, value) => block.latitude = value.signed()?,
            (20, value) => block.longitude = value.signed()?,
            _ => {}
        }
    }
    for group in &block.groups {
        block.group(group, extract)?;
    }
    Ok(())
}

impl Block<'_> {
    fn group(&self, bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
        for field in Message(bytes) {
            match field? {
                (1, value) => self.spot(value.bytes()?, extract)?,
                (2, value) => self.spots(value.bytes()?, extract)?,
                (3, value) => self.way(value.bytes()?, extract)?,
                (4, value) => self.relation(value.bytes()?, extract)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn text(&self, index: u64) -> Result<&str, Broken> {
        let bytes =
            usize::try_from(index).ok().and_then(|own| self.texts.get(own)).ok_or(Broken)?;
        std::str::from_utf8(bytes).map_err(|_| Broken)
    }

    fn tags(&self, keys: &[u64], values: &[u64]) -> Result<Vec<(&str, &str)>, Broken> {
        if keys.len() != values.len() {
            return Err(Broken);
        }
        let pairs = keys.iter().zip(values);
        pairs.map(|(key, value)| Ok((self.text(*key)?, self.text(*value)?))).collect()
    }

    /// Where a point lies, in thousand-millionths of a degree.
    fn place(&self, longitude: i64, latitude: i64) -> Result<(i64, i64), Broken> {
        let scaled = |own: i64, from: i64| {
            own.checked_mul(self.granularity).and_then(|own| own.checked_add(from)).ok_or(Broken)
        };
        Ok((scaled(longitude, self.longitude)?, scaled(latitude, self.latitude)?))
    }

    fn spot(&self, bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
        let (mut id, mut longitude, mut latitude) = (None, None, None);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for field in Message(bytes) {
            match field? {
                (1, value) => id = Some(zigzag(value.number()?)),
                (2, value) => value.add_to(&mut keys)?,
                (3, value) => value.add_to(&mut values)?,
                (8, value) => latitude = Some(zigzag(value.number()?)),
                (9, value) => longitude = Some(zigzag(value.number()?)),
                _ => {}
            }
        }
        let (longitude, latitude) = longitude.zip(latitude).ok_or(Broken)?;
        let place = self.place(longitude, latitude)?;
        Ok(extract.spot(id.ok_or(Broken)?, place, &self.tags(&keys, &values)?)?)
    }

    fn spots(&self, bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
        let (mut ids, mut longitudes, mut latitudes) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = Vec::new();
        for field in Message(bytes) {
            match field? {
                (1, value) => value.add_to(&mut ids)?,
                (8, value) => value.add_to(&mut latitudes)?,
                (9, value) => value.add_to(&mut longitudes)?,
                (10, value) => value.add_to(&mut words)?,
                _ => {}
            }
        }
        if ids.len() != longitudes.len() || ids.len() != latitudes.len() {
            return Err(Wrong::Broken);
        }
        let mut words = words.into_iter();
        let places = summed(&longitudes).zip(summed(&latitudes));
        for (id, (longitude, latitude)) in summed(&ids).zip(places) {
            let tags = self.tags_until_zero(&mut words)?;
            extract.spot(id?, self.place(longitude?, latitude?)?, &tags)?;
        }
        if words.next().is_some() { Err(Wrong::Broken) } else { Ok(()) }
    }

    /// Keys and values of the next of many points: a zero ends them, and there is nothing at all
    /// where no point has any.
    fn tags_until_zero(
        &self,
        words: &mut impl Iterator<Item = u64>,
    ) -> Result<Vec<(&str, &str)>, Broken> {
        let mut tags = Vec::new();
        while let Some(key) = words.next().filter(|own| *own != 0) {
            let value = words.next().ok_or(Broken)?;
            tags.push((self.text(key)?, self.text(value)?));
        }
        Ok(tags)
    }

    fn way(&self, bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
        let (mut keys, mut values, mut spots) = (Vec::new(), Vec::new(), Vec::new());
        let mut id = None;
        for field in Message(bytes) {
            match field? {
                (1, value) => id = Some(value.signed()?),
                (2, value) => value.add_to(&mut keys)?,
                (3, value) => value.add_to(&mut values)?,
                (8, value) => value.add_to(&mut spots)?,
                _ => {}
            }
        }
        let spots = summed(&spots).collect::<Result<Vec<i64>, Broken>>()?;
        Ok(extract.way(id.ok_or(Broken)?, spots, &self.tags(&keys, &values)?)?)
    }

    fn relation(&self, bytes: &[u8], extract: &mut Extract) -> Result<(), Wrong> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let (mut roles, mut ids, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for field in Message(bytes) {
            match field? {
                (2, value) => value.add_to(&mut keys)?,
                (3, value) => value.add_to(&mut values)?,
                (8, value) => value.add_to(&mut roles)?,
                (9, value) => value.add_to(&mut ids)?,
                (10, value) => value.add_to(&mut kinds)?,
                _ => {}
            }
        }
        if roles.len() != ids.len() || roles.len() != kinds.len() {
            return Err(Wrong::Broken);
        }
        let kind = |own: u64| match own {
            0 => Ok(Kind::Spot),
            1 => Ok(Kind::Way),
            2 => Ok(Kind::Other),
            _ => Err(Broken),
        };
        let parts = roles.iter().zip(kinds).zip(summed(&ids));
        let member = |((role, own), id): ((&u64, u64), Result<i64, Broken>)| {
            Ok(Member { role: self.text(*role)?, kind: kind(own)?, id: id? })
        };
        let members = parts.map(member).collect::<Result<Vec<Member<'_>>, Broken>>()?;
        extract.relation(&members, &self.tags(&keys, &values)?);
        Ok(())
    }
}
