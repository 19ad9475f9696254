//! The plan: what was promised, by when, by whom, and which service carries it out, or plainly that
//! none does yet.

use std::collections::BTreeMap;

use askama::Template;
use base::{Date, Name};
use kernel::register::{Fields, Version};
use pack::model::{Input, Pack, Register};
use replay::plan::natural;
use rules::Value;

use super::derived::{DerivedView, Standing};
use crate::web::{
    entries::Headings,
    frame::{Frame, Link, Row},
    shown::Shown,
};

/// The measures of every plan as they stood on a day.
#[derive(Debug, Template)]
#[template(path = "plan.html")]
pub(crate) struct PlanPage {
    pub(crate) frame: Frame,
    /// The day.
    pub(crate) on: String,
    /// The plans.
    pub(crate) plans: Vec<Plan>,
}

/// One plan.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its title.
    pub(crate) title: String,
    /// How many measures it has.
    pub(crate) total: usize,
    /// How many of them a service carries out.
    pub(crate) carried: usize,
    /// Its measures by section.
    pub(crate) groups: Vec<Group>,
}

/// The measures of one section.
#[derive(Debug)]
pub(crate) struct Group {
    /// The section; empty where the plan has none.
    pub(crate) title: String,
    /// Its measures.
    pub(crate) measures: Vec<Measure>,
}

/// One measure in a list.
#[derive(Debug)]
pub(crate) struct Measure {
    /// Its key.
    pub(crate) key: String,
    /// What it is about, linked.
    pub(crate) link: Link,
    /// Who is responsible.
    pub(crate) bodies: Vec<String>,
    /// By when.
    pub(crate) due: String,
    /// True when the day has passed and no service carries it out.
    pub(crate) late: bool,
    /// The services that carry it out.
    pub(crate) services: Vec<Link>,
    /// What follows from its entry, such as that it is late.
    pub(crate) standings: Vec<Standing>,
}

/// One measure with everything it says.
#[derive(Debug, Template)]
#[template(path = "measure.html")]
pub(crate) struct MeasurePage {
    pub(crate) frame: Frame,
    /// The day.
    pub(crate) on: String,
    /// The measure.
    pub(crate) measure: Measure,
    /// What follows from its entry.
    pub(crate) derived: DerivedView,
    /// Everything its entry says.
    pub(crate) rows: Vec<Row>,
    /// Its entry in the register.
    pub(crate) entry: Link,
}

impl MeasurePage {
    /// The plan as of the same day.
    fn up(&self) -> String {
        format!("{}?on={}", self.frame.to("/plan"), self.on)
    }
}

/// The field that groups the measures of a plan.
const SECTION: &str = "section";
/// The field with a measure's last day.
const DUE_ON: &str = "due-on";

/// The registers whose entries services carry out: those filled from tables whose keys some
/// procedure names.
pub(crate) fn plan_registers(pack: &Pack) -> Vec<&Register> {
    let carried = |key: &String| pack.procedures.values().any(|p| p.carries_out.contains(key));
    let tables = pack.tables.values().filter(|t| t.rows.iter().any(|(key, _)| carried(key)));
    let names: std::collections::BTreeSet<&Name> = tables.map(|table| &table.register).collect();
    names
        .into_iter()
        .filter_map(|name| pack.registers.get(name))
        .filter(|register| register.public)
        .collect()
}

impl Plan {
    /// A plan from the entries of its register.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        entries: &[(String, Version)],
        standings: &BTreeMap<String, Vec<Standing>>,
        on: Date,
    ) -> Self {
        let mut ordered: Vec<&(String, Version)> = entries.iter().collect();
        ordered.sort_by_key(|(key, _)| natural(key));
        let mut groups: Vec<Group> = Vec::new();
        for (key, version) in ordered {
            let title = section(shown, &version.fields);
            let mut measure = Measure::of(shown, register, key, &version.fields, on);
            measure.follow(standings.get(key).cloned().unwrap_or_default());
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.measures.push(measure),
                None => groups.push(Group { title, measures: vec![measure] }),
            }
        }
        let measures = || groups.iter().flat_map(|group| &group.measures);
        let carried = measures().filter(|measure| !measure.services.is_empty()).count();
        let title = register.title.to(shown.words.0).to_owned();
        Self { title, total: measures().count(), carried, groups }
    }
}

fn section(shown: Shown<'_>, fields: &Fields) -> String {
    fields.get(SECTION).map(|section| shown.plain(section)).unwrap_or_default()
}

impl Measure {
    /// A measure from its entry.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        key: &str,
        fields: &Fields,
        on: Date,
    ) -> Self {
        let code = shown.words.code();
        let title = fields.get(&register.headed).map(|value| shown.plain(value));
        let services = services(shown, key);
        let due_on = match fields.get(DUE_ON) {
            Some(Value::Date(day)) => *day,
            _ => Date::MAX,
        };
        Self {
            key: key.to_owned(),
            link: Link {
                href: format!("/{code}/plan/{key}"),
                text: title.unwrap_or_else(|| key.to_owned()),
            },
            bodies: responsible(shown, register, fields),
            due: due(shown, register, fields),
            late: due_on < on && services.is_empty(),
            services,
            standings: Vec::new(),
        }
    }

    /// What follows from its entry; that says whether it stands out, where anything follows.
    pub(crate) fn follow(&mut self, standings: Vec<Standing>) {
        if !standings.is_empty() {
            self.late = standings.iter().any(|standing| standing.alarm);
        }
        self.standings = standings;
    }
}

fn services(shown: Shown<'_>, key: &str) -> Vec<Link> {
    let code = shown.words.code();
    let procedures = shown.pack.procedures.values();
    procedures
        .filter(|procedure| procedure.carries_out.iter().any(|carried| carried == key))
        .map(|procedure| Link {
            href: format!("/{code}/services/{}", procedure.name),
            text: procedure.title.to(shown.words.0).to_owned(),
        })
        .collect()
}

fn responsible(shown: Shown<'_>, register: &Register, fields: &Fields) -> Vec<String> {
    let of_bodies = register.fields.iter().filter(|field| field.input == Input::Bodies);
    of_bodies
        .filter_map(|field| match fields.get(&field.name) {
            Some(Value::Codes(codes)) => Some(shown.bodies(codes)),
            _ => None,
        })
        .flatten()
        .collect()
}

/// The last day where there is one, else how the register words it.
fn due(shown: Shown<'_>, register: &Register, fields: &Fields) -> String {
    if let Some(day) = fields.get(DUE_ON) {
        return shown.plain(day);
    }
    let field = register.fields.iter().find(|field| field.name.as_str() == "due");
    let worded = field
        .and_then(|field| fields.get(&field.name).map(|value| shown.value(&field.input, value)));
    worded.unwrap_or_else(|| shown.words.t("no-day-set"))
}

/// Everything an entry says, in the order of its register.
pub(crate) fn rows(
    shown: Shown<'_>,
    register: &Register,
    fields: &Fields,
    headings: &Headings,
) -> Vec<Row> {
    let of_field = |field: &pack::model::RegisterField| {
        let value = headings.value(shown, &field.input, fields.get(&field.name)?);
        let title = field.title.to(shown.words.0).to_owned();
        Some(Row { title, text: value.text, href: value.href })
    };
    // Who holds an entry is known by a reference, which is nobody's business.
    let told = register.fields.iter().filter(|field| field.input != Input::Party);
    told.filter_map(of_field).collect()
}

#[cfg(test)]
impl super::Sample for PlanPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let group = Group { title: "One".into(), measures: vec![measure(true), measure(false)] };
        let plan = Plan { title: "The plan".into(), total: 2, carried: 1, groups: vec![group] };
        let on = String::from("2030-01-31");
        let none = Self { frame: frame.clone(), on: on.clone(), plans: Vec::new() };
        vec![none, Self { frame, on, plans: vec![plan] }]
    }
}

#[cfg(test)]
impl super::Sample for MeasurePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |late| Self {
            frame: frame.clone(),
            on: "2030-01-31".into(),
            measure: measure(late),
            derived: super::derived::sample(),
            rows: vec![super::row()],
            entry: super::link(),
        };
        vec![page(true), page(false)]
    }
}

#[cfg(test)]
fn measure(late: bool) -> Measure {
    Measure {
        key: "W1".into(),
        link: super::link(),
        bodies: vec!["A body".into()],
        due: "2030-01-30".into(),
        late,
        services: if late { Vec::new() } else { vec![super::link()] },
        standings: if late { super::derived::sample().standings } else { Vec::new() },
    }
}
