//! Days, moments and the zone that turns one into the other.
//!
//! The law counts whole days of one place, so [`Date`] and [`Instant`] never mix silently: only a
//! [`Zone`] leads from one to the other. Months and years end on the day of the same number, or on
//! the month's last day where there is none (Civil Code art. 202).

use std::fmt;

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::{Reason, Text, near::near_miss};

const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

/// A day of the Gregorian calendar, years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The first day that can be written.
    pub const MIN: Self = Self(civil::Date::constant(1, 1, 1));
    /// The last day that can be written.
    pub const MAX: Self = Self(civil::Date::constant(9999, 12, 31));

    /// The day of that number, if the calendar has it and its year is 1 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().and_then(Self::kept)
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    ///
    /// # Errors
    /// `date` when the text has another shape or names a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, b)| match at {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        let number = |range| text.get(range).and_then(|part: &str| part.parse::<i16>().ok());
        let small = |range| number(range).and_then(|n| i8::try_from(n).ok());
        match (shaped, number(0..4), small(5..7), small(8..10)) {
            (true, Some(year), Some(month), Some(day)) => Self::new(year, month, day),
            _ => None,
        }
        .ok_or_else(|| not_a_day(text))
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// True from Monday to Friday, whatever the published calendar says.
    pub fn weekday(self) -> bool {
        self.0.weekday().to_monday_one_offset() <= 5
    }

    /// The following day; the last day that can be written is followed by itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus_days(1).unwrap_or(Self::MAX)
    }

    /// So many days later (earlier when negative), if that day can be written.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().and_then(Self::kept)
    }

    /// The day of the same number so many months later, or that month's last day where it has none
    /// (Civil Code art. 202).
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let span = jiff::Span::new().try_months(months).ok()?;
        self.0.checked_add(span).ok().and_then(Self::kept)
    }

    /// The same day so many years later; 29 February becomes the 28th where the year has none
    /// (Civil Code art. 202).
    pub fn plus_years(self, years: u32) -> Option<Self> {
        let span = jiff::Span::new().try_years(years).ok()?;
        self.0.checked_add(span).ok().and_then(Self::kept)
    }

    /// Days from this day to `other`, negative when `other` is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        self.0.duration_until(other.0).as_hours() / 24
    }

    /// Whole years from this day to `other`, as one counts an age: the most years that
    /// [`Date::plus_years`] can add without passing `other`. Negative when `other` is earlier.
    pub fn years_until(self, other: Self) -> i32 {
        if other < self {
            return -other.years_until(self);
        }
        let years = u32::from(other.year().abs_diff(self.year()));
        let reached = self.plus_years(years).is_some_and(|day| day <= other);
        i32::try_from(if reached { years } else { years.saturating_sub(1) }).unwrap_or(0)
    }

    /// Every later day in order, the following day first.
    pub fn days_after(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.plus_days(1), |day| day.plus_days(1))
    }

    /// INVARIANT: a `Date` lies in the years 1 to 9999, so that ten characters always write it.
    fn kept(date: civil::Date) -> Option<Self> {
        (date.year() >= 1).then_some(Self(date))
    }
}

fn not_a_day(text: &str) -> Reason {
    Reason {
        word: "date",
        says: Text::new(
            format!("`{text}` 不是日期；请写成 `年-月-日`，如 `2030-01-31`"),
            format!("`{text}` is not a day; write year-month-day such as `2030-01-31`"),
        ),
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<C> Encode<C> for Date {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.i64(Self(EPOCH).days_until(*self))?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Date {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let days = i64::from(d.i32()?);
        Self(EPOCH).plus_days(days).ok_or_else(|| decode::Error::message("not a day"))
    }
}

/// A moment, in whole microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The earliest moment: 0001-01-03T00:00:00Z, which is a day of year 1 in every zone.
    pub const MIN: Self = Self(-62_135_424_000_000_000);
    /// The latest moment: 9999-12-30T22:00:00Z, which is a day of year 9999 in every zone.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// The moment so many microseconds after 1970-01-01T00:00:00Z; beyond [`Instant::MIN`] or
    /// [`Instant::MAX`], that bound.
    pub fn from_micros(micros: i64) -> Self {
        // INVARIANT: every moment can be written and has a day in every zone.
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 moment such as `2030-01-31T08:00:00+08:00`.
    ///
    /// # Errors
    /// `instant` when the text is not one, has no offset or lies outside the years 1 to 9999.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let plain = text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
        let micros = text.parse::<Timestamp>().ok().filter(|_| plain).map(|t| t.as_microsecond());
        micros.filter(|m| (Self::MIN.0..=Self::MAX.0).contains(m)).map(Self).ok_or_else(|| Reason {
            word: "instant",
            says: Text::new(
                format!("`{text}` 不是时刻；请写成 `2030-01-31T08:00:00+08:00` 的样子"),
                format!("`{text}` is not a moment; write it like `2030-01-31T08:00:00+08:00`"),
            ),
        })
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.timestamp(), f)
    }
}

impl<C> Encode<C> for Instant {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.i64(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Instant {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let micros = d.i64()?;
        let kept = Self::from_micros(micros);
        if kept.0 == micros { Ok(kept) } else { Err(decode::Error::message("not a moment")) }
    }
}

/// A time zone: which day a moment falls on, and when a day begins and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of that IANA name, from the tables built into the program.
    ///
    /// # Errors
    /// `zone` when there is none of that name.
    pub fn named(name: &str) -> Result<Self, Reason> {
        TimeZone::get(name).map(Self).map_err(|_| no_zone(name))
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day on which the moment falls here.
    pub fn day_of(&self, instant: Instant) -> Date {
        Date(self.0.to_datetime(instant.timestamp()).date())
    }

    /// The first moment of the day.
    pub fn start_of(&self, date: Date) -> Instant {
        self.at(date, 0, 0)
    }

    /// The first moment after the day: a term that runs out on `date` runs out here.
    pub fn end_of(&self, date: Date) -> Instant {
        date.plus_days(1).map_or(Instant::MAX, |next| self.start_of(next))
    }

    /// The moment when clocks here show `hour:minute` on the day. A later hour than 23 or minute
    /// than 59 is read as the last there is. Of two such moments the first is taken; of none, the
    /// moment as far after the gap.
    pub fn at(&self, date: Date, hour: u8, minute: u8) -> Instant {
        let (hour, minute) = (i64::from(hour.min(23)), i64::from(minute.min(59)));
        let clock = civil::Time::midnight().wrapping_add(hour.hours().minutes(minute));
        let found = self.0.to_timestamp(date.0.to_datetime(clock));
        let edge = if date.year() < 5000 { Instant::MIN } else { Instant::MAX };
        found.map_or(edge, |moment| Instant::from_micros(moment.as_microsecond()))
    }
}

fn no_zone(name: &str) -> Reason {
    let known = jiff::tz::db().available().map(|known| known.to_string()).collect::<Vec<_>>();
    let near = near_miss(name, known.iter().map(String::as_str)).unwrap_or("PRC");
    Reason {
        word: "zone",
        says: Text::new(
            format!("没有时区 `{name}`；请用 IANA 名称，如 `{near}`"),
            format!("there is no zone `{name}`; use an IANA name such as `{near}`"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_written_one_way() {
        for good in ["0001-01-01", "1970-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "",
            "2024-2-29",
            "2023-02-29",
            "20240229",
            "2024-13-01",
            "0000-01-01",
            "2024-00-10",
            "2024-01-01 ",
            "+024-01-01",
            "２０２４-01",
            "2024/01/01",
        ] {
            let reason = Date::parse(bad).unwrap_err();
            assert_eq!(reason.word, "date", "{bad}");
            assert!(reason.says.zh.contains(&format!("`{bad}`")));
        }
    }

    #[test]
    fn months_and_years_keep_the_number_of_the_day_where_they_can() {
        let check = |from: &str, months: u32, years: u32, expected: &str| {
            let moved = day(from).plus_months(months).and_then(|d| d.plus_years(years));
            assert_eq!(moved.unwrap().to_string(), expected, "{from} {months} {years}");
        };
        check("2023-01-31", 1, 0, "2023-02-28");
        check("2024-01-31", 1, 0, "2024-02-29");
        check("2024-01-31", 3, 0, "2024-04-30");
        check("2024-02-29", 0, 1, "2025-02-28");
        check("2024-02-29", 0, 4, "2028-02-29");
        check("2024-12-15", 13, 0, "2026-01-15");
        assert_eq!(Date::MAX.plus_days(1), None);
        assert_eq!(Date::MIN.plus_days(-1), None);
        assert_eq!(Date::MAX.plus_months(u32::MAX), None);
        assert_eq!(Date::MAX.next(), Date::MAX);
    }

    #[test]
    fn ages_are_whole_years() {
        let check = |from: &str, to: &str, years: i32, days: i64| {
            assert_eq!(day(from).years_until(day(to)), years, "{from} {to}");
            assert_eq!(day(from).days_until(day(to)), days, "{from} {to}");
        };
        check("1950-06-15", "2010-06-14", 59, 21_914);
        check("1950-06-15", "2010-06-15", 60, 21_915);
        check("2004-02-29", "2022-02-27", 17, 6_573);
        check("2004-02-29", "2022-02-28", 18, 6_574);
        check("2010-06-14", "1950-06-15", -59, -21_914);
        check("2024-01-01", "2024-01-01", 0, 0);
    }

    #[test]
    fn only_monday_to_friday_are_weekdays() {
        let week = day("2023-12-31").days_after().take(7).map(Date::weekday);
        assert_eq!(week.collect::<Vec<_>>(), [true, true, true, true, true, false, false]);
    }

    #[test]
    fn a_zone_leads_from_moments_to_days_and_back() {
        let zone = Zone::named("PRC").unwrap();
        let check = |moment: &str, expected: &str| {
            let instant = Instant::parse(moment).unwrap();
            assert_eq!(zone.day_of(instant).to_string(), expected, "{moment}");
        };
        check("2024-01-01T15:59:59.999999Z", "2024-01-01");
        check("2024-01-01T16:00:00Z", "2024-01-02");
        check("2024-01-02T00:00:00+08:00", "2024-01-02");
        let new_year = day("2024-01-01");
        assert_eq!(zone.start_of(new_year).to_string(), "2023-12-31T16:00:00Z");
        assert_eq!(zone.end_of(new_year).to_string(), "2024-01-01T16:00:00Z");
        assert_eq!(zone.at(new_year, 9, 30).to_string(), "2024-01-01T01:30:00Z");
        // Clocks here skipped the first hour of this day, so it began at one.
        assert_eq!(zone.start_of(day("1940-06-01")).to_string(), "1940-05-31T16:00:00Z");
        assert_eq!(zone.day_of(zone.start_of(day("1940-06-01"))), day("1940-06-01"));
        assert_eq!(zone.name(), "PRC");
        let slip = Zone::named("PCR").unwrap_err();
        assert_eq!(slip.word, "zone");
        assert!(slip.says.en.ends_with("such as `PRC`"), "{}", slip.says.en);
    }

    #[test]
    fn a_moment_is_written_as_rfc_3339() {
        for bad in ["", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "now"] {
            assert_eq!(Instant::parse(bad).unwrap_err().word, "instant", "{bad}");
        }
        for edge in [Instant::MIN, Instant::MAX, Instant::from_micros(1)] {
            assert_eq!(Instant::parse(&edge.to_string()), Ok(edge));
        }
        assert_eq!(Instant::from_micros(i64::MAX), Instant::MAX);
        for zone in ["Pacific/Kiritimati", "Etc/GMT+12"].map(|name| Zone::named(name).unwrap()) {
            assert!(zone.day_of(Instant::MIN) > Date::MIN);
            assert!(zone.day_of(Instant::MAX) <= Date::MAX);
            assert_eq!(zone.start_of(Date::MIN), Instant::MIN);
            assert_eq!(zone.end_of(Date::MAX), Instant::MAX);
        }
    }

    #[test]
    fn days_and_moments_survive_the_ledger() {
        for date in [Date::MIN, day("1969-12-31"), day("2024-02-29"), Date::MAX] {
            let bytes = minicbor::to_vec(date).unwrap();
            assert_eq!(minicbor::decode::<Date>(&bytes).unwrap(), date);
        }
        let bytes = minicbor::to_vec(Instant::MAX).unwrap();
        assert_eq!(minicbor::decode::<Instant>(&bytes).unwrap(), Instant::MAX);
        let outside = minicbor::to_vec(i64::MAX).unwrap();
        assert!(minicbor::decode::<Instant>(&outside).is_err());
        assert!(minicbor::decode::<Date>(&outside).is_err());
    }
}
