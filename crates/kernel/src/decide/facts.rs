//! The facts a condition may use: the form's answers, what was filled in since, the law's figures
//! as they stood on the day of filing, what the entries named say now, and what is looked up.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Fen, Instant, Name};
use pack::model::{Field, Input, LooksUp, Pack, Procedure, Review, Step};
use rules::{Facts, Value, Verdict};

use super::{Moment, draw, layout};
use crate::{
    case::{Case, Given},
    form,
    ledger::{EntryNumber, PartyId},
    refusal::FormFault,
    register::{Entries, Fields, Version, as_of},
};

/// The entry that the case itself has made.
const ENTRY: &str = "entry";

/// The answers of a case with what the case, the figures and the registers add.
pub struct CaseFacts<'a> {
    pack: &'a Pack,
    /// The day of filing, on which figures count.
    filed_on: Date,
    answers: &'a BTreeMap<String, Value>,
    added: BTreeMap<String, Value>,
}

/// What the law's figures are called among the facts.
const FIGURE: &str = "figure.";

impl Facts for CaseFacts<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        if let Some(name) = path.strip_prefix(FIGURE) {
            let figure = &self.pack.figures.get(name)?.figure;
            return figure.on(self.filed_on).ok().map(|dated| &dated.value);
        }
        self.added.get(path).or_else(|| self.answers.get(path))
    }
}

/// The facts of `case` as they are recorded: what settles who acts, as it stood when it was named.
/// A figure that has no value, or two, for the day of filing is missing: what rests on it is
/// undetermined.
pub fn case_facts<'a>(pack: &'a Pack, case: &'a Case, today: Date) -> CaseFacts<'a> {
    let mut facts = own_facts(pack, case, today);
    facts.added.extend(case.settled.clone());
    facts
}

/// The facts of `case` as they are now: the entries named and looked up are read as they stand.
pub fn live_facts<'a>(
    pack: &'a Pack,
    case: &'a Case,
    entries: &dyn Entries,
    moment: Moment,
) -> CaseFacts<'a> {
    let mut facts = own_facts(pack, case, pack.zone.day_of(moment.at));
    if let Some(procedure) = pack.procedures.get(&case.procedure) {
        Look::at(entries, moment).add_to(&mut facts, pack, procedure);
    }
    facts
}

fn own_facts<'a>(pack: &'a Pack, case: &'a Case, today: Date) -> CaseFacts<'a> {
    let mut facts = filing_facts(pack, &case.facts, pack.zone.day_of(case.filed_at));
    facts.set("decided-on", Value::Date(today));
    facts.set("applicant", Value::Party(case.applicant.to_string()));
    facts.set("body.division", Value::Division(case.body.division.clone()));
    if let Some(entry) = &case.entry {
        facts.set(ENTRY, Value::Text(entry.key.clone()));
    }
    if let Some(procedure) = pack.procedures.get(&case.procedure) {
        facts.added.extend(reviewed(procedure, case));
        facts.added.extend(draw::facts(procedure, case));
        facts.added.extend(layout::facts(procedure, case));
    }
    facts
}

/// The facts of an application that is still being written, as if it were filed now by `applicant`,
/// where that is known: what is not answered yet is missing, and what rests on it undetermined.
pub fn draft_facts<'a>(
    pack: &'a Pack,
    procedure: &Procedure,
    answers: &'a BTreeMap<String, Value>,
    applicant: Option<PartyId>,
    entries: &dyn Entries,
    moment: Moment,
) -> CaseFacts<'a> {
    let mut facts = filing_facts(pack, answers, pack.zone.day_of(moment.at));
    if let Some(applicant) = applicant {
        facts.set("applicant", Value::Party(applicant.to_string()));
    }
    Look::at(entries, moment).add_to(&mut facts, pack, procedure);
    facts
}

/// The facts of an application on the day it is filed.
pub(super) fn filing_facts<'a>(
    pack: &'a Pack,
    answers: &'a BTreeMap<String, Value>,
    filed_on: Date,
) -> CaseFacts<'a> {
    let mut facts = CaseFacts { pack, filed_on, answers, added: BTreeMap::new() };
    facts.set("filed-on", Value::Date(filed_on));
    facts
}

impl CaseFacts<'_> {
    /// Adds a fact of the case itself.
    pub(super) fn set(&mut self, path: &str, value: Value) {
        self.added.insert(path.to_owned(), value);
    }
}

/// What each review came to: how many bodies gave each answer, and the sums of what they filled in.
fn reviewed(procedure: &Procedure, case: &Case) -> BTreeMap<String, Value> {
    let mut facts = BTreeMap::new();
    for (name, step) in &procedure.steps {
        let Step::Review(review) = step else { continue };
        let nothing = BTreeMap::new();
        let given = case.answers.get(name).unwrap_or(&nothing);
        for (answer, _) in &review.answers {
            let count = given.values().filter(|given| given.answer == *answer).count();
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            facts.insert(format!("{name}.{answer}"), Value::Integer(count));
        }
        facts.extend(sums(name, review, given));
    }
    facts
}

fn sums(name: &Name, review: &Review, given: &BTreeMap<Name, Given>) -> BTreeMap<String, Value> {
    let asked = review.answers.iter().flat_map(|(_, answer)| &answer.asks);
    let fields = asked.flat_map(|section| &section.fields).filter(|field| field.adds_up());
    let mut facts = BTreeMap::new();
    for field in fields {
        let values = given.values().filter_map(|given| given.facts.get(&field.path));
        if let Some(sum) = added_up(nought(&field.input), values) {
            facts.insert(format!("{name}.sum.{}", field.path), sum);
        }
    }
    facts
}

/// Nothing, of the kind that is added up.
fn nought(input: &Input) -> Value {
    match input {
        Input::Money => Value::Money(Fen(0)),
        _ => Value::Integer(0),
    }
}

/// The sum of values of one kind; none where it is too large to hold.
fn added_up<'v>(nought: Value, values: impl Iterator<Item = &'v Value>) -> Option<Value> {
    values.into_iter().try_fold(nought, |sum, value| match (sum, value) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_add(*b).map(Value::Integer),
        (Value::Money(a), Value::Money(b)) => a.plus(*b).map(Value::Money),
        (sum, _) => Some(sum),
    })
}

/// The registers as they stand at a moment.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    entries: &'a dyn Entries,
    at: Instant,
    known: EntryNumber,
}

/// An entry looked up: its key and what it says.
pub type Found = (String, Version);

impl<'a> Look<'a> {
    /// A look at a moment.
    pub(super) fn at(entries: &'a dyn Entries, moment: Moment) -> Self {
        Self { entries, at: moment.at, known: moment.next }
    }

    /// What an entry says now.
    pub(super) fn entry(&self, register: &Name, key: &str) -> Option<Version> {
        let versions = self.entries.versions(register, key);
        as_of(&versions, self.at, self.known).cloned()
    }

    /// The questions whose answers name no entry of their register.
    pub(super) fn unnamed<'f>(
        &self,
        fields: impl Iterator<Item = &'f Field>,
        facts: &BTreeMap<String, Value>,
    ) -> Vec<FormFault> {
        let unnamed = |field: &&Field| match (&field.input, facts.get(&field.path)) {
            (Input::Entry(register), Some(Value::Text(key))) => self.entry(register, key).is_none(),
            _ => false,
        };
        let unnamed = fields.filter(unnamed);
        unnamed
            .map(|field| FormFault { path: field.path.clone(), reason: form::no_such_entry() })
            .collect()
    }

    /// Adds what the entries named say, and what is looked up.
    pub(super) fn add_to(&self, facts: &mut CaseFacts<'_>, pack: &Pack, procedure: &Procedure) {
        facts.added.extend(self.named(facts, procedure));
        let mut looked: BTreeMap<String, Value> = BTreeMap::new();
        for (name, look) in &procedure.looks_up {
            if let Some(found) = self.found(facts, pack, look) {
                looked.extend(counted(name, look, pack, &found));
            }
        }
        facts.added.extend(looked);
    }

    /// What the entries that the answers name say, by path.
    pub(super) fn named(&self, facts: &dyn Facts, procedure: &Procedure) -> Said {
        let mut said = BTreeMap::new();
        for (path, register) in procedure.entry_fields().chain([(ENTRY, &procedure.register)]) {
            let Some(Value::Text(key)) = facts.fact(path) else { continue };
            let Some(version) = self.entry(register, key) else { continue };
            let fields = version.fields.into_iter();
            said.extend(fields.map(|(name, value)| (format!("{path}.{name}"), value)));
        }
        said
    }

    /// The entries looked up; none at all while it cannot be told which they are.
    pub(super) fn found(
        &self,
        facts: &dyn Facts,
        pack: &Pack,
        look: &LooksUp,
    ) -> Option<Vec<Found>> {
        let register = pack.registers.get(&look.register)?;
        let wheres: Option<Vec<(&Name, Value)>> =
            look.wheres.iter().map(|(field, is)| Some((field, is.value(facts)?))).collect();
        let wheres = wheres?;
        let (field, value) = wheres.first()?;
        let keys: BTreeSet<String> =
            self.entries.with_value(&look.register, field, value).into_iter().collect();
        let mut found = Vec::new();
        for key in keys {
            let Some(version) = self.entry(&look.register, &key) else { continue };
            let equal =
                wheres.iter().all(|(field, value)| version.fields.get(*field) == Some(value));
            let today = pack.zone.day_of(self.at);
            if equal && (look.ended || register.in_force_on(&version.fields, today)) {
                match meets(look, facts, &version.fields) {
                    Verdict::True => found.push((key, version)),
                    Verdict::False => {}
                    Verdict::Undetermined { .. } => return None,
                }
            }
        }
        Some(found)
    }
}

/// What entries say, by path.
type Said = BTreeMap<String, Value>;

fn meets(look: &LooksUp, facts: &dyn Facts, fields: &Fields) -> Verdict {
    look.that.as_ref().map_or(Verdict::True, |that| that.verdict(&Its { facts, fields }))
}

/// How many entries were found, and what their field comes to.
pub(super) fn counted(
    name: &Name,
    look: &LooksUp,
    pack: &Pack,
    found: &[Found],
) -> BTreeMap<String, Value> {
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let mut facts = BTreeMap::from([(format!("found.{name}"), Value::Integer(count))]);
    let register = pack.registers.get(&look.register);
    let summed = look.sum.as_ref().and_then(|field| register?.field(field));
    if let Some(field) = summed {
        let values = found.iter().filter_map(|(_, version)| version.fields.get(&field.name));
        let sum = added_up(nought(&field.input), values);
        facts.extend(sum.map(|sum| (format!("found.{name}.sum"), sum)));
    }
    facts
}

/// The facts with what one entry says, as `its.field`.
pub(super) struct Its<'f> {
    pub(super) facts: &'f dyn Facts,
    pub(super) fields: &'f Fields,
}

impl Facts for Its<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        match path.strip_prefix("its.") {
            Some(field) => self.fields.get(field),
            None => self.facts.fact(path),
        }
    }
}
