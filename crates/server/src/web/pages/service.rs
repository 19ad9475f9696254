//! The service guide: everything an applicant may ask before applying, with where each rule is
//! written and how sure we are of it (the elements of GB/T 39554).

use std::collections::BTreeSet;

use askama::Template;
use base::Name;
use pack::model::{Applicant, Decision, Material, Mode, Need, Procedure, Requirement};

use super::{
    commitment::{CommitmentView, commitments},
    looks::{DelegationView, FeeView, LookUpView, against, delegations, fees, look_ups},
    ratings::RatingsView,
    services::Listed,
    steps::{StepView, step, steps},
    writes::register_link,
};
use crate::web::{
    frame::{Cited, Frame, Link, Reader},
    shown::{Shown, Timed},
};

/// The guide to one service.
#[derive(Debug, Template)]
#[template(path = "service.html")]
pub(crate) struct ServicePage {
    pub(crate) frame: Frame,
    /// The service.
    pub(crate) service: Listed,
    /// Where to apply; empty where the reader cannot.
    pub(crate) apply: String,
    /// The way up.
    pub(crate) up: Link,
    /// Which pack says so, where it is not read as the pack in force has it; empty elsewhere.
    pub(crate) note: String,
    /// What it rests on.
    pub(crate) basis: Vec<Cited>,
    /// Who may apply.
    pub(crate) applicants: Vec<String>,
    /// Against whom a body acts; empty where it acts against nobody.
    pub(crate) against: String,
    /// Which body takes cases in.
    pub(crate) competent: String,
    /// The time the law allows.
    pub(crate) statutory: Timed,
    /// The time promised.
    pub(crate) promised: Timed,
    /// By how much in all the law allows the time to be extended, where it does.
    pub(crate) extension: Vec<Timed>,
    /// What is charged.
    pub(crate) fees: Vec<FeeView>,
    /// The powers handed to another level.
    pub(crate) delegations: Vec<DelegationView>,
    /// The measures it carries out.
    pub(crate) measures: Vec<Link>,
    /// The register it changes.
    pub(crate) register: Link,
    /// What the form asks.
    pub(crate) sections: Vec<Asked>,
    /// The papers.
    pub(crate) materials: Vec<Paper>,
    /// The promises that may be signed.
    pub(crate) commitments: Vec<CommitmentView>,
    /// The conditions.
    pub(crate) conditions: Vec<Condition>,
    /// What is looked up in registers.
    pub(crate) looks_up: Vec<LookUpView>,
    /// On which level bodies act, where that depends on the case.
    pub(crate) levels: Vec<Condition>,
    /// The figures the conditions use.
    pub(crate) figures: Vec<Figure>,
    /// The steps in the order they can be reached.
    pub(crate) steps: Vec<StepView>,
    /// The ways a case ends.
    pub(crate) ends: Vec<String>,
    /// The ways to challenge a decision.
    pub(crate) remedies: Vec<Remedy>,
    /// The certificates issued.
    pub(crate) certificates: Vec<String>,
    /// The steps at which an applicant may withdraw.
    pub(crate) withdrawal: Vec<String>,
    /// How people rated it.
    pub(crate) ratings: Vec<RatingsView>,
}

/// What one section of the form asks.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The section.
    pub(crate) title: String,
    /// Its questions.
    pub(crate) questions: String,
}

/// A paper to hand in.
#[derive(Debug)]
pub(crate) struct Paper {
    /// What it is.
    pub(crate) title: String,
    /// What makes it acceptable; empty where nothing is said.
    pub(crate) hint: String,
    /// Whether it must be handed in.
    pub(crate) need: String,
    /// How.
    pub(crate) modes: String,
    /// Where that is written.
    pub(crate) cited: Cited,
}

/// A condition.
#[derive(Debug)]
pub(crate) struct Condition {
    /// What must hold.
    pub(crate) says: String,
    /// True where other services share it.
    pub(crate) shared: bool,
    /// Where that is written.
    pub(crate) cited: Cited,
}

/// A figure and its values over time.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What it says.
    pub(crate) title: String,
    /// Its values, the latest last.
    pub(crate) values: Vec<DatedValue>,
}

/// A figure's value over its days.
#[derive(Debug)]
pub(crate) struct DatedValue {
    /// The value with its unit.
    pub(crate) value: String,
    /// Its days.
    pub(crate) days: String,
    /// True where it is the value of today.
    pub(crate) current: bool,
    /// Where it is written.
    pub(crate) basis: Vec<Cited>,
}

/// A way to challenge a decision.
#[derive(Debug)]
pub(crate) struct Remedy {
    /// What it is called.
    pub(crate) title: String,
    /// How long it is open from the day of service.
    pub(crate) within: Timed,
    /// Who hears it; empty where that is outside this platform.
    pub(crate) heard_by: String,
}

impl ServicePage {
    /// The guide to a procedure.
    pub(crate) fn of(frame: Frame, shown: Shown<'_>, procedure: &Procedure) -> Self {
        Self {
            apply: match open_to(procedure, &frame.reader) {
                true => frame.to(&format!("/apply/{}", procedure.name)),
                false => String::new(),
            },
            up: Link { href: frame.to("/services"), text: frame.t("services") },
            note: String::new(),
            frame,
            service: Listed::of(shown, procedure),
            basis: shown.all_cited(&procedure.basis),
            applicants: procedure.applicant.iter().map(|kind| applicant(shown, *kind)).collect(),
            against: against(shown, procedure),
            competent: shown.competent(&procedure.competent),
            statutory: shown.timed(&procedure.statutory),
            promised: shown.timed(&procedure.promised),
            extension: procedure.extension.iter().map(|limit| shown.timed(limit)).collect(),
            fees: fees(shown, procedure),
            delegations: delegations(shown, procedure),
            measures: shown.measures(&procedure.carries_out),
            register: register_link(shown, &procedure.register),
            sections: sections(shown, procedure),
            materials: procedure.materials.iter().map(|m| paper(shown, m)).collect(),
            commitments: commitments(shown, procedure),
            conditions: conditions(procedure).map(|own| Condition::of(shown, own)).collect(),
            looks_up: look_ups(shown, procedure),
            levels: levels(shown, procedure),
            figures: figures(shown, procedure),
            steps: steps(shown, procedure),
            ends: procedure.ends.values().map(|e| e.title.to(shown.words.0).into()).collect(),
            remedies: remedies(shown, procedure),
            certificates: certificates(shown, procedure),
            withdrawal: procedure.withdrawal.iter().map(|s| step(shown, procedure, s)).collect(),
            ratings: Vec::new(),
        }
    }

    /// The same by another pack than the one in force: nobody can apply there, and only registers
    /// that are there now lead anywhere.
    pub(crate) fn within(
        self,
        up: Link,
        href: String,
        note: String,
        known: impl Fn(&Name) -> bool,
    ) -> Self {
        let kept = |link: Link| {
            let named = link.href.rsplit('/').next().and_then(|own| Name::new(own).ok());
            let there = named.is_some_and(|own| known(&own));
            Link { href: if there { link.href } else { String::new() }, ..link }
        };
        let looks_up = self.looks_up.into_iter();
        let looks_up = looks_up.map(|own| LookUpView { register: kept(own.register), ..own });
        let service = Listed { link: Link { href, ..self.service.link }, ..self.service };
        Self {
            apply: String::new(),
            register: kept(self.register),
            looks_up: looks_up.collect(),
            up,
            note,
            service,
            ..self
        }
    }
}

/// The conditions of a procedure, those of filing at all first.
fn conditions(procedure: &Procedure) -> impl Iterator<Item = &Requirement> {
    procedure.admits.iter().chain(&procedure.requires)
}

impl Condition {
    /// A condition of a procedure.
    pub(super) fn of(shown: Shown<'_>, requirement: &Requirement) -> Self {
        Self {
            says: requirement.says.to(shown.words.0).to_owned(),
            shared: requirement.shared,
            cited: shown.cited(&requirement.basis),
        }
    }
}

/// Whether a reader may start the procedure: bodies through their officers, others for themselves
/// or at the counter of the office that takes it in. Somebody who has not signed in is taken for an
/// applicant.
fn open_to(procedure: &Procedure, reader: &Reader) -> bool {
    match reader {
        Reader::Officer { office, .. } => {
            procedure.applicant.contains(&Applicant::Body)
                || procedure.competent.office.as_ref().is_none_or(|own| own.as_str() == office)
        }
        Reader::Nobody | Reader::Applicant { .. } => procedure.open_to_people(),
    }
}

/// What an applicant is, in words.
pub(crate) fn applicant(shown: Shown<'_>, kind: Applicant) -> String {
    match kind {
        Applicant::Person => shown.words.t("applicant-person"),
        Applicant::Organisation => shown.words.t("applicant-organisation"),
        Applicant::Body => shown.words.t("applicant-body"),
    }
}

/// How a paper may be handed in, in words.
pub(crate) fn mode(shown: Shown<'_>, mode: Mode) -> String {
    match mode {
        Mode::Upload => shown.words.t("mode-upload"),
        Mode::Shared => shown.words.t("mode-shared"),
    }
}

fn sections(shown: Shown<'_>, procedure: &Procedure) -> Vec<Asked> {
    let language = shown.words.0;
    let questions = |section: &pack::model::Section| {
        let titles: Vec<&str> = section.fields.iter().map(|f| f.title.to(language)).collect();
        titles.join(shown.words.comma())
    };
    let asked =
        |section| Asked { title: section_title(shown, section), questions: questions(section) };
    procedure.form.iter().map(asked).collect()
}

fn section_title(shown: Shown<'_>, section: &pack::model::Section) -> String {
    section.title.to(shown.words.0).to_owned()
}

fn paper(shown: Shown<'_>, material: &Material) -> Paper {
    let modes: Vec<String> = material.modes.iter().map(|own| mode(shown, *own)).collect();
    let hint = material.hint.as_ref().map(|hint| hint.to(shown.words.0).to_owned());
    Paper {
        title: material.title.to(shown.words.0).to_owned(),
        hint: hint.unwrap_or_default(),
        need: match material.need {
            Need::Always => shown.words.t("need-always"),
            Need::Optional => shown.words.t("need-optional"),
            Need::Later => shown.words.t("need-later"),
        },
        modes: modes.join(shown.words.comma()),
        cited: shown.cited(&material.basis),
    }
}

fn levels(shown: Shown<'_>, procedure: &Procedure) -> Vec<Condition> {
    let level = |rule: &pack::model::LevelRule| Condition {
        says: rule.title.to(shown.words.0).to_owned(),
        shared: false,
        cited: shown.cited(&rule.basis),
    };
    procedure.levels.values().map(level).collect()
}

/// The figures that conditions, rules and fees name, with all their values.
fn figures(shown: Shown<'_>, procedure: &Procedure) -> Vec<Figure> {
    let conditions = conditions(procedure).map(|requirement| &requirement.that);
    let rules = procedure.levels.values().map(|rule| &rule.county);
    let amounts = procedure.fees.values().map(|fee| &fee.amount);
    let used =
        conditions.chain(rules).chain(amounts).flat_map(|expression| expression.facts_used());
    let names: BTreeSet<&str> = used.filter_map(|path| path.strip_prefix("figure.")).collect();
    names
        .into_iter()
        .filter_map(|name| shown.pack.figures.get(name))
        .map(|titled| Figure {
            title: titled.title.to(shown.words.0).to_owned(),
            values: titled.figure.values.iter().map(|v| dated(shown, titled, v)).collect(),
        })
        .collect()
}

fn dated(
    shown: Shown<'_>,
    titled: &pack::model::TitledFigure,
    value: &rules::figure::DatedFigure,
) -> DatedValue {
    let from = value.from.to_string();
    let days = match value.until {
        Some(until) => shown.words.with_both("days-until", &from, &until.to_string()),
        None => shown.words.with("days-on", &from),
    };
    let unit = titled.unit.to(shown.words.0);
    DatedValue {
        value: shown.words.with_both("value-unit", &shown.plain(&value.value), unit),
        days,
        current: titled.figure.on(shown.day).is_ok_and(|current| current == value),
        basis: shown.all_cited(&value.basis),
    }
}

pub(super) fn certificate(shown: Shown<'_>, procedure: &Procedure, name: &Name) -> String {
    let register = shown.pack.registers.get(&procedure.register);
    let found = register.and_then(|register| register.certificates.get(name));
    found.map_or_else(|| name.to_string(), |found| found.title.to(shown.words.0).to_owned())
}

fn decisions(procedure: &Procedure) -> impl Iterator<Item = &Decision> {
    procedure.steps.keys().filter_map(|name| procedure.decision(name.as_str()))
}

fn certificates(shown: Shown<'_>, procedure: &Procedure) -> Vec<String> {
    let issued: BTreeSet<&Name> = decisions(procedure).filter_map(|d| d.issues.as_ref()).collect();
    issued.into_iter().map(|name| certificate(shown, procedure, name)).collect()
}

fn remedies(shown: Shown<'_>, procedure: &Procedure) -> Vec<Remedy> {
    let appeals = decisions(procedure).filter_map(|decision| decision.appeal.as_ref());
    let names: BTreeSet<&Name> = appeals.flat_map(|appeal| &appeal.remedies).collect();
    let known = names.into_iter().filter_map(|name| shown.pack.remedies.get(name));
    known
        .map(|remedy| Remedy {
            title: remedy.title.to(shown.words.0).to_owned(),
            within: Timed { term: shown.term(remedy.within), cited: shown.cited(&remedy.basis) },
            heard_by: remedy
                .hearing
                .as_ref()
                .map(|hearing| shown.competent(&hearing.by))
                .unwrap_or_default(),
        })
        .collect()
}

#[cfg(test)]
impl super::Sample for ServicePage {
    fn samples(frame: Frame) -> Vec<Self> {
        vec![bare(frame.clone()), full(frame)]
    }
}

#[cfg(test)]
fn bare(frame: Frame) -> ServicePage {
    ServicePage {
        up: super::link(),
        note: String::new(),
        frame,
        service: super::services::listed(),
        apply: String::new(),
        basis: Vec::new(),
        applicants: Vec::new(),
        against: String::new(),
        competent: "A body".into(),
        statutory: super::timed(),
        promised: super::timed(),
        extension: Vec::new(),
        fees: Vec::new(),
        delegations: Vec::new(),
        measures: Vec::new(),
        register: super::link(),
        sections: Vec::new(),
        materials: Vec::new(),
        commitments: Vec::new(),
        conditions: Vec::new(),
        looks_up: Vec::new(),
        figures: Vec::new(),
        levels: Vec::new(),
        steps: Vec::new(),
        ends: Vec::new(),
        remedies: Vec::new(),
        certificates: Vec::new(),
        withdrawal: Vec::new(),
        ratings: Vec::new(),
    }
}

#[cfg(test)]
fn full(frame: Frame) -> ServicePage {
    let value = |current| DatedValue {
        value: "5 years".into(),
        days: "from 2030-01-01".into(),
        current,
        basis: vec![super::cited()],
    };
    let remedy = |heard_by: &str| Remedy {
        title: "Review".into(),
        within: super::timed(),
        heard_by: heard_by.into(),
    };
    let condition =
        |shared| Condition { says: "Large enough".into(), shared, cited: super::cited() };
    ServicePage {
        apply: "/zh/apply/herb-room".into(),
        against: "The holder".into(),
        extension: vec![super::timed()],
        fees: super::looks::sample_fees(),
        delegations: super::looks::sample_delegations(),
        looks_up: super::looks::sample_look_ups(),
        basis: vec![super::cited()],
        applicants: vec!["A person".into()],
        measures: vec![super::link()],
        sections: vec![Asked { title: "The shop".into(), questions: "Name, place".into() }],
        materials: vec![Paper {
            title: "Plan".into(),
            hint: "Signed".into(),
            need: "needed".into(),
            modes: "upload".into(),
            cited: super::cited(),
        }],
        commitments: vec![super::commitment::sample_commitment()],
        conditions: vec![condition(true), condition(false)],
        figures: vec![Figure { title: "Area".into(), values: vec![value(true), value(false)] }],
        steps: super::steps::sample_steps(),
        levels: vec![condition(false)],
        ends: vec!["Kept".into()],
        remedies: vec![remedy("A body"), remedy("")],
        certificates: vec!["Licence".into()],
        withdrawal: vec!["Acceptance".into()],
        ratings: vec![super::ratings::sample()],
        ..bare(frame)
    }
}
