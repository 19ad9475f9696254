//! What registers say in the invented city: institutions by level, physicians, pharmacists and
//! nurses with their standing, all of it known from the beginning.

use base::{Date, Instant, Name};
use kernel::{
    EntryNumber,
    register::{Fields, Version},
};
use lake::batch::day_of_number;
use rules::Value;

use super::rows::{LATER, doctor, nurse, pharmacist};
use crate::{
    Failed,
    city::INSTITUTIONS,
    event::{FIRST_DAY, at, institution},
};

/// Small institutions above the hospitals: of the first level, and too few to have peers.
pub(crate) const SMALL: u64 = 8;
/// The one that rises from no level to the second.
pub(crate) const RISEN: u64 = INSTITUTIONS + SMALL;
/// When it does: in the middle of this day.
pub(crate) const RISES_ON: i32 = 150;
pub(crate) const NOON: i64 = 43_200;

/// The scopes of physicians, and a subject that each covers.
pub(crate) const SUBJECTS: [(&str, &str); 4] =
    [("03", "03.04"), ("04", "04.01"), ("02", "07.01"), ("01", "01")];

/// Something that a register says, in days of the city and seconds into them.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) register: &'static str,
    pub(crate) key: String,
    pub(crate) from: Option<(i32, i64)>,
    pub(crate) until: Option<(i32, i64)>,
    pub(crate) fields: Vec<(&'static str, Value)>,
}

/// Who is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profession {
    Doctor,
    Pharmacist,
    Nurse,
}

/// How somebody stands in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Registered all the time.
    Good,
    /// Not in the register.
    Unknown,
    /// Registered to the end of this day.
    RunsOut(i32),
    /// Suspended from a moment until another.
    Suspended((i32, i64), (i32, i64)),
    /// Struck off at a moment.
    Cancelled((i32, i64)),
}

/// Somebody who practises.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Practises {
    pub(crate) profession: Profession,
    pub(crate) number: u64,
    /// The scope of practice of a physician.
    pub(crate) scope: &'static str,
    /// The first day in practice.
    pub(crate) since: Date,
}

/// A day of the city in the calendar.
pub(crate) fn date(day: i32) -> Date {
    day_of_number(FIRST_DAY + LATER + day)
}

/// The day so many years before a day of the city, and as many days after that.
pub(crate) fn years_before(day: i32, years: i16, days: i32) -> Date {
    let on = date(day);
    // The year of the city is none with a 29 February.
    let before = Date::new(on.year() - years, on.month(), on.day()).unwrap_or(on);
    before.plus_days(days.into()).unwrap_or(on)
}

fn choice(word: &str) -> Option<Value> {
    Name::new(word).ok().map(Value::Choice)
}

fn level(number: u64) -> &'static str {
    match number {
        _ if number < INSTITUTIONS / 2 => "third",
        _ if number < INSTITUTIONS => "second",
        _ => "first",
    }
}

/// What is said of institutions.
pub(crate) fn institutions() -> Vec<Said> {
    let said = |number: u64, level: &str, (from, until)| Said {
        register: "medical-institution",
        key: institution(number),
        from,
        until,
        fields: choice(level).map(|level| ("level", level)).into_iter().collect(),
    };
    let all = (0..INSTITUTIONS + SMALL).map(|number| said(number, level(number), (None, None)));
    let rises = Some((RISES_ON, NOON));
    all.chain([said(RISEN, "ungraded", (None, rises)), said(RISEN, "second", (rises, None))])
        .collect()
}

impl Practises {
    /// A usual one: long in practice, but for every tenth physician, who is new.
    pub(crate) fn usual(profession: Profession, number: u64) -> Self {
        let place = usize::try_from(number % 4).unwrap_or_default();
        let scope = SUBJECTS.get(place).map_or("02", |(scope, _)| scope);
        let years = if number % 10 == 9 && profession == Profession::Doctor { 1 } else { 15 };
        Self { profession, number, scope, since: years_before(0, years, 0) }
    }

    fn key(&self) -> (&'static str, String, &'static str) {
        let number = self.number;
        match self.profession {
            Profession::Doctor => ("practitioner", doctor(number), "qualified-since"),
            Profession::Pharmacist => ("pharmacist", pharmacist(number), "registered-on"),
            Profession::Nurse => ("nurse", nurse(number), "practising-since"),
        }
    }

    /// What the register says.
    pub(crate) fn said(&self, standing: Standing) -> Vec<Said> {
        let (register, key, since) = self.key();
        let runs_out = match standing {
            Standing::RunsOut(day) => date(day),
            _ => years_before(0, -4, 0),
        };
        let said = |status: &str, (from, until)| {
            let mut fields = vec![(since, Value::Date(self.since))];
            fields.push(("until", Value::Date(runs_out)));
            fields.extend(choice(status).map(|status| ("status", status)));
            if self.profession == Profession::Doctor {
                fields.push(("subject", Value::Code(self.scope.to_owned())));
            }
            Said { register, key: key.clone(), from, until, fields }
        };
        match standing {
            Standing::Unknown => Vec::new(),
            Standing::Good | Standing::RunsOut(_) => vec![said("registered", (None, None))],
            Standing::Suspended(from, until) => vec![
                said("registered", (None, Some(from))),
                said("suspended", (Some(from), Some(until))),
                said("registered", (Some(until), None)),
            ],
            Standing::Cancelled(from) => {
                vec![said("registered", (None, Some(from))), said("cancelled", (Some(from), None))]
            }
        }
    }
}

impl Said {
    /// As a register keeps it.
    pub(crate) fn version(self) -> Result<(Name, String, Version), Failed> {
        let name = |text: &str| Name::new(text).map_err(|_| Failed::from("no name"));
        let moment = |(day, seconds): (i32, i64)| Instant::from_micros(at(LATER + day, seconds));
        let fields = self.fields.into_iter().map(|(own, value)| Ok((name(own)?, value)));
        let number = EntryNumber(1);
        let version = Version {
            valid_from: moment(self.from.unwrap_or((-10 * LATER, 0))),
            valid_until: self.until.map(moment),
            known_from: number,
            known_until: None,
            decided_by: number,
            fields: fields.collect::<Result<Fields, Failed>>()?,
            wrote: Default::default(),
            undoes: None,
        };
        Ok((name(self.register)?, self.key, version))
    }
}
