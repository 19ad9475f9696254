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
    let filed_on = pack.zone.day_of(case.filed_at);
    let mut added = figures(pack, filed_on);
    added.insert("filed-on".into(), Value::Date(filed_on));
    added.insert("decided-on".into(), Value::Date(today));
    added.insert("applicant".into(), Value::Party(case.applicant.to_string()));
    added.insert("body.division".into(), Value::Division(case.body.division.clone()));
    CaseFacts { answers: &case.facts, added }
}

fn figures(pack: &Pack, day: Date) -> BTreeMap<String, Value> {
    let value = |figure: &rules::figure::Figure| figure.on(day).ok().map(|v| v.value.clone());
    pack.figures
        .iter()
        .filter_map(|(name, titled)| Some((format!("figure.{name}"), value(&titled.figure)?)))
        .collect()
}
