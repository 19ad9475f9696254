//! Days and moments as ASN.1 and certificates write them.

use std::time::Duration;

use base::{Date, Instant};
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::time::Time;

/// A moment to the second.
pub(super) fn second(at: Instant) -> Result<GeneralizedTime, der::Error> {
    let seconds = u64::try_from(at.micros().div_euclid(1_000_000));
    let seconds = seconds.map_err(|_| der::ErrorKind::DateTime)?;
    GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))
}

/// The first second of a day by the clocks of UTC.
pub(super) fn start(day: Date) -> Result<GeneralizedTime, der::Error> {
    let at = Instant::parse(&format!("{day}T00:00:00Z")).map_err(|_| der::ErrorKind::DateTime)?;
    second(at)
}

/// The last second before a day, which is the last at which what ends with it is valid.
pub(super) fn last(day: Date) -> Result<GeneralizedTime, der::Error> {
    let since = start(day)?.to_unix_duration();
    let before = since.checked_sub(Duration::from_secs(1)).ok_or(der::ErrorKind::DateTime)?;
    GeneralizedTime::from_unix_duration(before)
}

/// A second as certificates write it: in two digits of the year through 2049 (RFC 5280, 4.1.2.5).
pub(super) fn time(at: GeneralizedTime) -> Time {
    match UtcTime::from_unix_duration(at.to_unix_duration()) {
        Ok(short) => Time::UtcTime(short),
        Err(_) => Time::GeneralTime(at),
    }
}
