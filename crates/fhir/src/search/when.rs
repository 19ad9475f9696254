//! Times as they are searched for: a day, a month or a year stands for all of it (FHIR R4, section
//! 3.1.1.4.7).

use base::{Date, Instant, Zone};

use crate::value::Value;

/// A stretch of time, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: Instant,
    /// The first moment after it.
    pub until: Instant,
}

/// How a time is compared with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// Within it.
    Eq,
    /// Not within it.
    Ne,
    /// Reaching beyond its end.
    Gt,
    /// Beginning before it.
    Lt,
    /// Within it or reaching beyond its end.
    Ge,
    /// Within it or beginning before it.
    Le,
    /// Beginning after it.
    Sa,
    /// Ending before it.
    Eb,
}

impl Prefix {
    /// Reads the two letters before a time.
    pub(super) fn read(text: &str) -> (Self, &str) {
        let known = [
            ("eq", Self::Eq),
            ("ne", Self::Ne),
            ("gt", Self::Gt),
            ("lt", Self::Lt),
            ("ge", Self::Ge),
            ("le", Self::Le),
            ("sa", Self::Sa),
            ("eb", Self::Eb),
        ];
        let found = known.iter().find_map(|(word, own)| Some((*own, text.strip_prefix(word)?)));
        found.unwrap_or((Self::Eq, text))
    }

    /// Whether a time compares so with the one asked for.
    pub fn holds(self, own: Span, asked: Span) -> bool {
        let within = asked.from <= own.from && own.until <= asked.until;
        match self {
            Self::Eq => within,
            Self::Ne => !within,
            Self::Gt => own.until > asked.until,
            Self::Lt => own.from < asked.from,
            Self::Ge => within || own.until > asked.until,
            Self::Le => within || own.from < asked.from,
            Self::Sa => own.from >= asked.until,
            Self::Eb => own.until <= asked.from,
        }
    }
}

impl Span {
    /// Reads a year, a month, a day or a moment; none where the text is none.
    pub fn read(text: &str, zone: &Zone) -> Option<Self> {
        // What a form sends for a plus without escaping it.
        let text = text.trim().replace(' ', "+");
        match text.len() {
            4 => Self::months(&format!("{text}-01-01"), 12, zone),
            7 => Self::months(&format!("{text}-01"), 1, zone),
            10 => {
                let day = Date::parse(&text).ok()?;
                Some(Self { from: zone.start_of(day), until: zone.start_of(day.next()) })
            }
            _ => Self::moment(&text),
        }
    }

    fn months(first: &str, months: u32, zone: &Zone) -> Option<Self> {
        let day = Date::parse(first).ok()?;
        let until = day.plus_months(months).map_or(Instant::MAX, |next| zone.start_of(next));
        Some(Self { from: zone.start_of(day), until })
    }

    fn moment(text: &str) -> Option<Self> {
        let (clock, offset) = text.split_at_checked(16)?;
        // Without seconds a minute is meant, with them as much as the last digit stands for.
        let (whole, length) = match offset.strip_prefix(':') {
            None => (format!("{clock}:00{offset}"), 60_000_000),
            Some(_) => (text.to_owned(), length(offset)?),
        };
        let from = Instant::parse(&whole).ok()?;
        Some(Self { from, until: Instant::from_micros(from.micros().checked_add(length)?) })
    }
}

/// How much the last digit of seconds stands for, in microseconds.
fn length(seconds: &str) -> Option<i64> {
    let digits = match seconds.split_once('.') {
        None => 0,
        Some((_, rest)) => rest.bytes().take_while(u8::is_ascii_digit).count(),
    };
    10_i64.checked_pow(6_u32.saturating_sub(u32::try_from(digits).ok()?))
}

/// The time that a value says: of a period the whole of it.
pub(super) fn span_of(value: &Value, zone: &Zone) -> Option<Span> {
    let Some(fields) = value.group() else { return Span::read(&value.word()?, zone) };
    let side = |name: &str| fields.text(name).and_then(|text| Span::read(text, zone));
    let (start, end) = (side("start"), side("end"));
    (start.is_some() || end.is_some()).then(|| Span {
        from: start.map_or(Instant::MIN, |span| span.from),
        until: end.map_or(Instant::MAX, |span| span.until),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::named("Asia/Shanghai").unwrap()
    }

    #[test]
    fn times_stand_for_as_much_as_they_say() {
        let rows = [
            ("2024", "2023-12-31T16:00:00Z", "2024-12-31T16:00:00Z"),
            ("2024-02", "2024-01-31T16:00:00Z", "2024-02-29T16:00:00Z"),
            ("2024-03-04", "2024-03-03T16:00:00Z", "2024-03-04T16:00:00Z"),
            ("2024-03-04T09:00+08:00", "2024-03-04T01:00:00Z", "2024-03-04T01:01:00Z"),
            ("2024-03-04T01:00:00Z", "2024-03-04T01:00:00Z", "2024-03-04T01:00:01Z"),
            ("2024-03-04T09:00:00 08:00", "2024-03-04T01:00:00Z", "2024-03-04T01:00:01Z"),
            ("2024-03-04T01:00:00.5Z", "2024-03-04T01:00:00.5Z", "2024-03-04T01:00:00.6Z"),
        ];
        for (text, from, until) in rows {
            let read = Span::read(text, &zone()).map(|s| (s.from.to_string(), s.until.to_string()));
            assert_eq!(read, Some((from.to_owned(), until.to_owned())), "{text}");
        }
        for text in ["", "24", "2024-13", "2024-02-30", "2024-03-04T09:00:00", "昨天", "xx2024"] {
            assert_eq!(Span::read(text, &zone()), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_compared_by_every_prefix() {
        let own = Span::read("2024-03-04T01:00:00.000000Z", &zone()).unwrap();
        let rows = [
            ("eq2024-03-04", true),
            ("ne2024-03-04", false),
            ("gt2024-03-03", true),
            ("gt2024-03-04", false),
            ("ge2024-03-04", true),
            ("ge2024-03-05", false),
            ("lt2024-03-05", true),
            ("lt2024-03-04", false),
            ("le2024-03-04", true),
            ("le2024-03-03", false),
            ("sa2024-03-03", true),
            ("sa2024-03-04", false),
            ("eb2024-03-05", true),
            ("eb2024-03-04", false),
            ("ge2024-03-04T01:00:00Z", true),
            ("gt2024-03-04T01:00:00.000000Z", false),
            ("2024", true),
        ];
        for (text, holds) in rows {
            let (prefix, rest) = Prefix::read(text);
            assert_eq!(prefix.holds(own, Span::read(rest, &zone()).unwrap()), holds, "{text}");
        }
    }
}
