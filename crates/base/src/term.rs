//! Terms as the law writes them: so many working days, natural days, months or years.
//!
//! The start day is not counted (Civil Code art. 201). A term in natural days, months or years
//! whose last day is a day off ends on the next working day (Civil Code art. 203); one in months or
//! years ends on the day of the same number, or on the month's last day (art. 202).

use std::fmt;

use minicbor::{Decode, Encode};

use crate::{Calendar, Date, Due, Language, Reason, Text, near::near_miss};

/// What a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Unit {
    /// 工作日, by the published calendar.
    #[n(0)]
    WorkingDays,
    /// 日, days off included.
    #[n(1)]
    NaturalDays,
    /// 月.
    #[n(2)]
    Months,
    /// 年.
    #[n(3)]
    Years,
}

/// So many units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Term {
    /// How many.
    #[n(0)]
    pub count: u32,
    /// Of what.
    #[n(1)]
    pub unit: Unit,
}

const ON_THE_SPOT: &str = "on-the-spot";

/// A longer term is a slip of the hand, not law.
const COUNT_MAX: u32 = 9999;

/// Each unit as a pack writes it, one and many.
const WRITTEN: [(Unit, &str, &str); 4] = [
    (Unit::WorkingDays, "working day", "working days"),
    (Unit::NaturalDays, "natural day", "natural days"),
    (Unit::Months, "month", "months"),
    (Unit::Years, "year", "years"),
];

impl Term {
    /// Done while the applicant waits: no working day at all.
    pub fn on_the_spot() -> Self {
        Self { count: 0, unit: Unit::WorkingDays }
    }

    /// Reads `5 working days`, `60 natural days`, `3 months`, `1 year` or `on-the-spot`.
    ///
    /// # Errors
    /// `term` when it is none of these, with what was probably meant; a count is 1 to 9999.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text == ON_THE_SPOT {
            return Ok(Self::on_the_spot());
        }
        let (count, unit) = text.split_once(' ').ok_or_else(|| not_a_term(text))?;
        let digits = count.bytes().all(|b| b.is_ascii_digit()) && !count.starts_with('0');
        let count = count.parse().ok().filter(|&count| digits && count <= COUNT_MAX);
        match (count, unit_named(unit)) {
            (Some(count), Some(unit)) => Ok(Self { count, unit }),
            _ => Err(not_a_term(text)),
        }
    }

    /// The term in a reader's language: `5个工作日`, `5 working days`.
    pub fn describe(self, language: Language) -> String {
        let Self { count, unit } = self;
        match (language, self == Self::on_the_spot()) {
            (Language::Zh, true) => "当场".to_owned(),
            (Language::En, true) => "on the spot".to_owned(),
            (Language::En, false) => self.to_string(),
            (Language::Zh, false) => match unit {
                Unit::WorkingDays => format!("{count}个工作日"),
                Unit::NaturalDays => format!("{count}日"),
                Unit::Months => format!("{count}个月"),
                Unit::Years => format!("{count}年"),
            },
        }
    }

    /// The day the term ends on when it starts to run from `start`.
    ///
    /// Working days are counted on the calendar (Administrative Licensing Law art. 82); the end of
    /// any other term rolls to the next working day when it is a day off (Civil Code art. 203).
    pub fn due(self, start: Date, calendar: &Calendar) -> Due {
        let end = match self.unit {
            Unit::WorkingDays => return calendar.due(start, self.count),
            Unit::NaturalDays => start.plus_days(i64::from(self.count)),
            Unit::Months => start.plus_months(self.count),
            Unit::Years => start.plus_years(self.count),
        };
        calendar.roll_forward(end.unwrap_or(Date::MAX))
    }
}

/// As a pack writes it, so that [`Term::parse`] reads it back.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::on_the_spot() {
            return f.write_str(ON_THE_SPOT);
        }
        let written = WRITTEN.iter().find(|(unit, ..)| *unit == self.unit);
        let (one, many) = written.map_or(("", ""), |&(_, one, many)| (one, many));
        write!(f, "{} {}", self.count, if self.count == 1 { one } else { many })
    }
}

fn unit_named(text: &str) -> Option<Unit> {
    WRITTEN.iter().find(|(_, one, many)| text == *one || text == *many).map(|(unit, ..)| *unit)
}

/// What was probably meant, if the count can be read and the unit is nearly right.
fn meant(text: &str) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = text.split_at_checked(digits)?;
    if count.is_empty() {
        return near_miss(text, [ON_THE_SPOT]).map(str::to_owned);
    }
    let count = count.parse::<u32>().ok().filter(|count| (1..=COUNT_MAX).contains(count))?;
    let plain = rest.trim().replace(['-', '_'], " ").to_lowercase();
    let unit = if plain == "day" || plain == "days" {
        Unit::WorkingDays
    } else {
        unit_named(near_miss(&plain, WRITTEN.iter().flat_map(|(_, one, many)| [*one, *many]))?)?
    };
    Some(Term { count, unit }.to_string())
}

fn not_a_term(text: &str) -> Reason {
    let says = match meant(text) {
        Some(meant) => Text::new(
            format!("`{text}` 不是期限；是否想写 `{meant}`？"),
            format!("`{text}` is not a term; did you mean `{meant}`?"),
        ),
        None => Text::new(
            format!(
                "`{text}` 不是期限；请写 `5 working days`、`60 natural days`、`3 months`、\
                 `1 year` 或 `on-the-spot`"
            ),
            format!(
                "`{text}` is not a term; write `5 working days`, `60 natural days`, `3 months`, \
                 `1 year` or `on-the-spot`"
            ),
        ),
    };
    Reason { word: "term", says }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_read_and_written_alike() {
        let check = |text: &str, zh: &str, en: &str| {
            let term = Term::parse(text).unwrap();
            assert_eq!(term.describe(Language::Zh), zh);
            assert_eq!(term.describe(Language::En), en);
            assert_eq!(Term::parse(&term.to_string()), Ok(term));
            let bytes = minicbor::to_vec(term).unwrap();
            assert_eq!(minicbor::decode::<Term>(&bytes).unwrap(), term);
        };
        check("5 working days", "5个工作日", "5 working days");
        check("1 working day", "1个工作日", "1 working day");
        check("1 working days", "1个工作日", "1 working day");
        check("60 natural days", "60日", "60 natural days");
        check("3 months", "3个月", "3 months");
        check("1 year", "1年", "1 year");
        check("on-the-spot", "当场", "on the spot");
    }

    #[test]
    fn what_is_not_a_term_is_refused_with_what_was_meant() {
        let check = |text: &str, meant: &str| {
            let reason = Term::parse(text).unwrap_err();
            assert_eq!(reason.word, "term", "{text}");
            let hint = format!("did you mean `{meant}`?");
            assert_eq!(reason.says.en.contains(&hint), !meant.is_empty(), "{}", reason.says.en);
            assert!(reason.says.zh.contains(&format!("`{text}`")), "{}", reason.says.zh);
        };
        check("5 workng days", "5 working days");
        check("5 days", "5 working days");
        check("5  working days", "5 working days");
        check("05 working days", "5 working days");
        check("5 Working-Days", "5 working days");
        check("1 yeer", "1 year");
        check("3months", "3 months");
        check("on the spot", "on-the-spot");
        check("0 working days", "");
        check("10000 years", "");
        check("-1 years", "");
        check("5 moons of plenty", "");
        check("", "");
        check("五个工作日", "");
    }
}
