//! The facts a condition may use: the form's answers, the law's figures as they stood on the day
//! of filing, and a few facts of the case itself.

use std::collections::BTreeMap;

use base::Date;
use pack::model::Pack;
use rules::{Facts, Value};

use crate::case::Case;

/// The answers of a case with what the case and the figures add.
pub struct CaseFacts<'a> {
    answers: &'a BTreeMap<String, Value>,
    added: BTreeMap<String, Value>,
}

impl Facts for CaseFacts<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.added.get(path).or_else(|| self.answers.get(path))
    }
}

/// The facts of `case` as a condition sees them on `today`. A figure that has no value, or two,
/// for the day of filing is missing: what rests on it is undetermined.
pub fn case_facts<'a>(pack: &Pack, case: &'a Case, today: Date) -> CaseFacts<'a> {
    let mut facts = filing_facts(pack, &case.facts, pack.zone.day_of(case.filed_at));
    facts.set("decided-on", Value::Date(today));
    facts.set("applicant", Value::Party(case.applicant.to_string()));
    facts.set("body.division", Value::Division(case.body.division.clone()));
    facts
}

/// The facts of an application on the day it is filed.
pub(super) fn filing_facts<'a>(
    pack: &Pack,
    answers: &'a BTreeMap<String, Value>,
    filed_on: Date,
) -> CaseFacts<'a> {
    let added = figures(pack, filed_on);
    let mut facts = CaseFacts { answers, added };
    facts.set("filed-on", Value::Date(filed_on));
    facts
}

impl CaseFacts<'_> {
    /// Adds a fact of the case itself.
    pub(super) fn set(&mut self, path: &str, value: Value) {
        self.added.insert(path.to_owned(), value);
    }
}

fn figures(pack: &Pack, day: Date) -> BTreeMap<String, Value> {
    let value = |figure: &rules::figure::Figure| figure.on(day).ok().map(|v| v.value.clone());
    pack.figures
        .iter()
        .filter_map(|(name, titled)| Some((format!("figure.{name}"), value(&titled.figure)?)))
        .collect()
}
