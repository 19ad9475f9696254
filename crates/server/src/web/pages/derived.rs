//! What follows from an entry: worked out when it is asked, with everything it came from to open.

use base::{Date, Language, trend};
use kernel::decide::{Follows, Found};
use pack::model::{LooksUp, Register};
use rules::Value;

use crate::web::{frame::Link, pages::register::heading, shown::Shown};

/// The most entries that are named one by one.
const NAMED_MAX: usize = 20;

/// What follows from an entry.
#[derive(Debug, Default)]
pub(crate) struct DerivedView {
    /// What follows, each with whether it calls for attention.
    pub(crate) standings: Vec<Standing>,
    /// What it came from.
    pub(crate) sources: Vec<Source>,
    /// What reported values come to by the day aimed at; empty where nothing is carried forward.
    pub(crate) forecast: String,
}

/// One thing that follows.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// What it is about.
    pub(crate) title: String,
    /// What holds.
    pub(crate) text: String,
    /// True where it calls for attention.
    pub(crate) alarm: bool,
}

/// What something was worked out from.
#[derive(Debug)]
pub(crate) struct Source {
    /// What was looked for.
    pub(crate) title: String,
    /// How many there are; empty where that cannot be told.
    pub(crate) count: String,
    /// They, as far as they are named.
    pub(crate) links: Vec<Link>,
}

impl DerivedView {
    /// What follows from an entry of a register.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        fields: &kernel::register::Fields,
        follows: &Follows<'_>,
    ) -> Self {
        let sources = register.looks_up.iter().map(|(name, looks_up)| {
            source(shown, looks_up, follows.found.get(name).and_then(Option::as_ref))
        });
        Self {
            standings: standings(shown, register, follows),
            sources: sources.collect(),
            forecast: forecast(shown, register, fields, follows).unwrap_or_default(),
        }
    }
}

/// What holds of each thing that follows.
pub(crate) fn standings(
    shown: Shown<'_>,
    register: &Register,
    follows: &Follows<'_>,
) -> Vec<Standing> {
    let language = shown.words.0;
    let cases = register.derives.iter().zip(&follows.cases);
    let standing = |((_, derived), (_, case)): (&(_, pack::model::Derived), &(_, Option<_>))| {
        let case: &Option<&pack::model::DerivedCase> = case;
        Standing {
            title: derived.title.to(language).to_owned(),
            text: case.map_or(&derived.otherwise, |case| &case.title).to(language).to_owned(),
            alarm: case.is_some_and(|case| case.alarm),
        }
    };
    cases.map(standing).collect()
}

fn source(shown: Shown<'_>, looks_up: &LooksUp, found: Option<&Vec<Found>>) -> Source {
    let register = shown.pack.registers.get(&looks_up.register);
    let public = register.filter(|register| register.public);
    let link = |(key, version): &Found| {
        let register = public?;
        let code = shown.words.code();
        let text = heading(shown, register, &version.fields, key);
        let text = if text == *key { text } else { format!("{key} · {text}") };
        Some(Link { href: format!("/{code}/registers/{}/{key}", register.name), text })
    };
    let links = found.into_iter().flatten().take(NAMED_MAX).filter_map(link).collect();
    let count = found.map(|found| found.len().to_string()).unwrap_or_default();
    Source { title: looks_up.title.to(shown.words.0).to_owned(), count, links }
}

/// What the values reported so far come to by the day aimed at, in words.
fn forecast(
    shown: Shown<'_>,
    register: &Register,
    fields: &kernel::register::Fields,
    follows: &Follows<'_>,
) -> Option<String> {
    let forecast = register.forecast.as_ref()?;
    let found = follows.found.get(&forecast.of)?.as_ref()?;
    let value = |(_, version): &Found| match (
        version.fields.get(&forecast.day),
        version.fields.get(&forecast.value),
    ) {
        (Some(Value::Date(on)), Some(Value::Integer(value))) => Some((*on, *value)),
        _ => None,
    };
    let values: Vec<(Date, i64)> = found.iter().filter_map(value).collect();
    let (Value::Date(by), Value::Integer(target)) =
        (fields.get(&forecast.by)?, fields.get(&forecast.target)?)
    else {
        return None;
    };
    Some(carried(shown.words.0, &values, *by, *target))
}

fn carried(language: Language, values: &[(Date, i64)], by: Date, target: i64) -> String {
    let Some(trend) = trend::forecast(values, by) else {
        return match language {
            Language::Zh => format!("已有 {} 个数值，尚不足以推算到 {by}", values.len()),
            Language::En => {
                format!("{} values so far: too few to carry forward to {by}", values.len())
            }
        };
    };
    let trend::Forecast { least, middle, most } = trend;
    let reached = middle >= target;
    match language {
        Language::Zh => format!(
            "按已报 {} 个数值推算，{by} 约为 {middle}（范围 {least} 至 {most}），目标 {target}，{}",
            values.len(),
            if reached { "预计可达到" } else { "预计达不到" },
        ),
        Language::En => format!(
            "carried forward from {} values, about {middle} by {by} (range {least} to {most}) \
             against a target of {target}: {}",
            values.len(),
            if reached { "likely reached" } else { "likely missed" },
        ),
    }
}

#[cfg(test)]
pub(super) fn sample() -> DerivedView {
    let standing = |alarm| Standing { title: "Standing".into(), text: "late".into(), alarm };
    DerivedView {
        standings: vec![standing(true), standing(false)],
        sources: vec![
            Source { title: "Reports".into(), count: "1".into(), links: vec![super::link()] },
            Source { title: "Others".into(), count: String::new(), links: Vec::new() },
        ],
        forecast: "about 3".into(),
    }
}
