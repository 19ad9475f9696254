//! How our values stand in columns: numbers and instants as 64-bit integers, days counted from
//! 1970, words as text, everything else as canonical bytes.

use std::borrow::Cow;

use base::{Date, Division, Instant, Name};
use kernel::{BodyId, CaseId, EntryNumber, PartyId};
use serde::{Deserialize, Deserializer, de::Error};

use crate::error::StoreError;

/// Days from the first day there is to 1970-01-01.
const DAYS_BEFORE_1970: i64 = 719_162;

/// The column of an entry's number.
pub(crate) fn number(number: EntryNumber) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}

/// The number in a column.
pub(crate) fn number_of(column: i64) -> Result<EntryNumber, StoreError> {
    let number = u64::try_from(column).map_err(|_| corrupt("a negative entry number"))?;
    Ok(EntryNumber(number))
}

/// The column of a case.
pub(crate) fn case(id: CaseId) -> i64 {
    number(id.0)
}

/// The case in a column.
pub(crate) fn case_of(column: i64) -> Result<CaseId, StoreError> {
    number_of(column).map(CaseId)
}

/// The column of a day.
pub(crate) fn day(date: Date) -> i64 {
    Date::MIN.days_until(date) - DAYS_BEFORE_1970
}

/// The day in a column.
pub(crate) fn day_of(column: i64) -> Result<Date, StoreError> {
    let day = column.checked_add(DAYS_BEFORE_1970).and_then(|days| Date::MIN.plus_days(days));
    day.ok_or_else(|| corrupt("a day outside the calendar"))
}

/// The instant in a column.
pub(crate) fn instant_of(column: i64) -> Instant {
    Instant::from_micros(column)
}

/// The party in a column.
pub(crate) fn party_of(column: &[u8]) -> Result<PartyId, StoreError> {
    column.try_into().map(PartyId).map_err(|_| corrupt("a party is not 16 bytes"))
}

/// The name in a column.
pub(crate) fn name_of(column: &str) -> Result<Name, StoreError> {
    Name::new(column).map_err(|_| corrupt(&format!("`{column}` is not a name")))
}

/// A body in two columns.
pub(crate) fn body_of(office: &str, division: &str) -> Result<BodyId, StoreError> {
    let division = Division::parse(division).map_err(|_| corrupt("a division does not read"))?;
    Ok(BodyId { office: name_of(office)?, division })
}

/// The 32 bytes in a column.
pub(crate) fn hash_of(column: &[u8]) -> Result<[u8; 32], StoreError> {
    column.try_into().map_err(|_| corrupt("a hash is not 32 bytes"))
}

/// A text as both databases can hold it: PostgreSQL has no zero character.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "")
}

/// Stored data that does not read back.
pub(crate) fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(what.to_owned())
}

/// Bytes that came as hexadecimal digits.
pub(crate) fn of_hex<'d, D: Deserializer<'d>>(digits: D) -> Result<Vec<u8>, D::Error> {
    let text = <Cow<'d, str>>::deserialize(digits)?;
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|own| u8::try_from(own).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some((value(*high)? << 4) | value(*low)?);
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes.filter(|_| rest.is_empty()).ok_or_else(|| Error::custom("no hexadecimal digits"))
}
