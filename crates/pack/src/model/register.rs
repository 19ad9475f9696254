//! Registers: what an entry says, what follows from it, and what shows it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Citation, Date, Name, Text};
use rules::{Expression, Facts, Value, Verdict};

use super::{Input, LooksUp, Shown};

/// A register.
#[derive(Debug)]
pub struct Register {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// True when anybody may read it.
    pub public: bool,
    /// The field a reader knows an entry by.
    pub headed: Name,
    /// When an entry is in force.
    pub in_force: Option<Expression>,
    /// The field with the last day on which an entry is in force, where time alone ends it.
    pub lasts_until: Option<Name>,
    /// The field with the last day on which everybody may read an entry of a public register, where
    /// its publication ends.
    pub published_until: Option<Name>,
    /// The field that says who holds an entry.
    pub held_by: Option<Name>,
    /// What fills the entry of a case that has come to an end, where such are written down here.
    pub handled: Vec<(Name, Expression)>,
    /// The fields by which entries are looked up: by procedures, and in a public register by
    /// whoever asks what names an entry, or asks the directory for an identifier.
    pub sought_by: BTreeSet<Name>,
    /// What an entry says, in order.
    pub fields: Vec<RegisterField>,
    /// What is looked up for an entry, in order.
    pub looks_up: Vec<(Name, LooksUp)>,
    /// What follows from an entry, in order.
    pub derives: Vec<(Name, Derived)>,
    /// How reported values are carried forward.
    pub forecast: Option<Forecast>,
    /// Its certificates.
    pub certificates: BTreeMap<Name, Certificate>,
    /// Which resources of the directory its entries are.
    pub fhir: Vec<Shown>,
}

impl Register {
    /// The field of that name.
    pub fn field(&self, name: &Name) -> Option<&RegisterField> {
        self.fields.iter().find(|field| field.name == *name)
    }

    /// Whether an entry is in force on a day; what is not known to be is not.
    pub fn in_force_on(&self, facts: &dyn Facts, day: Date) -> bool {
        let said = self.in_force.as_ref().is_none_or(|that| that.verdict(facts) == Verdict::True);
        said && self.over_from(facts).is_none_or(|over| day < over)
    }

    /// The first day on which time alone has ended an entry.
    pub fn over_from(&self, facts: &dyn Facts) -> Option<Date> {
        match facts.fact(self.lasts_until.as_ref()?.as_str())? {
            Value::Date(last) => last.plus_days(1),
            _ => None,
        }
    }

    /// The last day on which everybody may read an entry; none where its publication has no end.
    pub fn last_published(&self, facts: &dyn Facts) -> Option<Date> {
        match facts.fact(self.published_until.as_ref()?.as_str())? {
            Value::Date(last) => Some(*last),
            _ => None,
        }
    }

    /// Whether an entry is in force by what that field says: then it is decided, and no slip to
    /// correct.
    pub fn force_rests_on(&self, field: &Name) -> bool {
        if self.lasts_until.as_ref() == Some(field) {
            return true;
        }
        let used = self.in_force.iter().flat_map(|condition| condition.facts_used());
        used.into_iter().any(|fact| fact == field.as_str())
    }
}

/// One thing an entry says.
#[derive(Debug)]
pub struct RegisterField {
    /// Its name.
    pub name: Name,
    /// Its heading.
    pub title: Text,
    /// Its kind.
    pub input: Input,
    /// True when an entry may leave it open.
    pub optional: bool,
    /// True when what is once yes stays so for ever.
    pub locked: bool,
}

/// Something that follows from an entry: the first case that holds.
#[derive(Debug)]
pub struct Derived {
    /// What it is about.
    pub title: Text,
    /// The cases, in order.
    pub cases: Vec<(Name, DerivedCase)>,
    /// What holds when no case does.
    pub otherwise: Text,
}

impl Derived {
    /// The case that holds on these facts; none when none is known to.
    pub fn case(&self, facts: &dyn Facts) -> Option<&(Name, DerivedCase)> {
        self.cases.iter().find(|(_, case)| case.that.verdict(facts) == Verdict::True)
    }
}

/// One case of what follows.
#[derive(Debug)]
pub struct DerivedCase {
    /// What it is called.
    pub title: Text,
    /// When it is so.
    pub that: Expression,
    /// True where it calls for attention.
    pub alarm: bool,
}

/// How reported values are carried forward to a day: the names of a look-up and of fields.
#[derive(Debug)]
pub struct Forecast {
    /// The look-up that finds the reported values.
    pub of: Name,
    /// Their field with the value.
    pub value: Name,
    /// Their field with the day.
    pub day: Name,
    /// The entry's field with the value aimed at.
    pub target: Name,
    /// The entry's field with the day by which.
    pub by: Name,
}

/// A document that shows an entry.
#[derive(Debug)]
pub struct Certificate {
    /// Its title.
    pub title: Text,
    /// The fields it shows.
    pub shows: Vec<Name>,
    /// What it is issued under.
    pub basis: Vec<Citation>,
    /// The code of its kind, where it is known: a credit code and three digits.
    pub code: Option<String>,
    /// The field with the last day on which it holds, where it has one.
    pub until: Option<Name>,
}
