//! Days and moments as ASN.1 and certificates write them.

use base::{Date, Instant};
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::time::Time;

/// A moment to the second.
pub(super) fn second(at: Instant) -> Result<GeneralizedTime, der::Error> {
    let seconds = u64::try_from(at.micros().div_euclid(1_000_000));
    let seconds = seconds.map_err(|_| der::ErrorKind::DateTime)?;
    GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds))
}

/// The first second of a day by the clocks of UTC.
pub(super) fn start(day: Date) -> Result<GeneralizedTime, der::Error> {
    let at = Instant::parse(&format!("{day}T00:00:00Z")).map_err(|_| der::ErrorKind::DateTime)?;
    second(at)
}

/// The same as certificates write it.
pub(super) fn time(day: Date) -> Result<Time, der::Error> {
    let at = start(day)?;
    // RFC 5280, 4.1.2.5: in two digits through 2049.
    Ok(match UtcTime::from_unix_duration(at.to_unix_duration()) {
        Ok(short) => Time::UtcTime(short),
        Err(_) => Time::GeneralTime(at),
    })
}
