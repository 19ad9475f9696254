//! Instants as certificates write them: whole seconds, in two digits of the year through 2049
//! (RFC 5280, section 4.1.2.5).

use std::time::Duration;

use base::Instant;
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::time::Time;

use crate::refused::Refused;

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;

/// The instant at which a second begins.
pub(crate) fn instant(since: Duration) -> Instant {
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    Instant::from_micros(seconds.saturating_mul(SECOND))
}

/// The instant that a certificate or a list says; none where it is written the other way.
pub(crate) fn read(time: &Time) -> Option<Instant> {
    let other = matches!(time, Time::GeneralTime(long)
        if UtcTime::from_unix_duration(long.to_unix_duration()).is_ok());
    (!other).then(|| instant(time.to_unix_duration()))
}

/// The first instant after the second that begins then: a last second is one of them.
pub(crate) fn after(second: Instant) -> Instant {
    Instant::from_micros(second.micros().saturating_add(SECOND))
}

/// The second in which an instant lies, as answers write it.
pub(crate) fn general(at: Instant) -> Result<GeneralizedTime, Refused> {
    let seconds = u64::try_from(at.micros().div_euclid(SECOND)).map_err(|_| Refused::Unmade)?;
    Ok(GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?)
}

/// The second in which an instant lies, as certificates and lists write it.
pub(crate) fn time(at: Instant) -> Result<Time, Refused> {
    let long = general(at)?;
    Ok(match UtcTime::from_unix_duration(long.to_unix_duration()) {
        Ok(short) => Time::UtcTime(short),
        Err(_) => Time::GeneralTime(long),
    })
}
