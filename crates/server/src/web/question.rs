//! A question of a form as a page asks it: its label, its hint, the answers it offers, what was
//! answered before and what was wrong with that.

use base::{Division, DivisionLevel, Name};
use kernel::{form::Answers, refusal::FormFault};
use pack::model::{Field, Input, Need, RegisterField};
use rules::Value;

use super::{
    entries::{self, Offers},
    frame::Link,
    in_words::questions,
    shown::Shown,
};

/// A question.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// The name of its answer: `section.field`.
    pub(crate) path: String,
    /// The same as an anchor.
    pub(crate) id: String,
    /// The question.
    pub(crate) title: String,
    /// What to know first; empty where nothing is said.
    pub(crate) hint: String,
    /// True where it may be left open.
    pub(crate) optional: bool,
    /// True where the answer goes to the vault.
    pub(crate) personal: bool,
    /// What was wrong with the answer; empty where nothing was.
    pub(crate) error: String,
    /// How it is answered.
    pub(crate) widget: Widget,
}

/// How a question is answered.
#[derive(Debug, Clone)]
pub(crate) enum Widget {
    /// In one line, with a kind of keyboard.
    Line {
        /// What was answered.
        value: String,
        /// `text`, `numeric` or `decimal`.
        keyboard: &'static str,
        /// The most characters; zero where there is no limit.
        at_most: u32,
    },
    /// With a day.
    Day {
        /// What was answered.
        value: String,
    },
    /// With one of a few.
    Radios(Vec<Offered>),
    /// With one of many, by group.
    Select(Vec<Group>),
    /// With several, by group.
    Checks(Vec<Group>),
    /// With the key of an entry, of more than fit into a list to choose from.
    Entry {
        /// What was answered.
        value: String,
        /// Entries that are offered while writing.
        offered: Vec<Offered>,
        /// How many there are, in words.
        says: String,
        /// Where the others are looked up.
        register: Link,
    },
}

/// Of so many entries one is chosen from a list; of more its key is written.
const LISTED_MAX: usize = 200;

/// Answers offered together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// What they have in common.
    pub(crate) title: String,
    /// The answers.
    pub(crate) offered: Vec<Offered>,
}

/// An answer that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offered {
    /// What is sent.
    pub(crate) value: String,
    /// What it means.
    pub(crate) title: String,
    /// True where it was chosen before.
    pub(crate) chosen: bool,
}

/// A fault of a form, linked to its question.
#[derive(Debug, Clone)]
pub(crate) struct FaultLine {
    /// The anchor of the question.
    pub(crate) href: String,
    /// The question and what is wrong.
    pub(crate) text: String,
}

/// What was answered before and what was wrong with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before<'a> {
    /// The answers.
    pub(crate) answers: &'a Answers,
    /// The faults.
    pub(crate) faults: &'a [FormFault],
    /// The entries that may be named.
    pub(crate) offers: &'a Offers,
}

impl<'a> Before<'a> {
    fn of(self, path: &str) -> &'a [String] {
        self.answers.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    fn first(self, path: &str) -> String {
        self.of(path).first().cloned().unwrap_or_default()
    }

    /// What was wrong with an answer or a paper.
    pub(crate) fn error(self, path: &str, shown: Shown<'_>) -> String {
        let fault = self.faults.iter().find(|fault| fault.path == path);
        fault.map(|fault| fault.reason.says.to(shown.words.0).to_owned()).unwrap_or_default()
    }
}

/// The anchor of a question or a paper.
pub(crate) fn anchor(path: &str) -> String {
    format!("field-{}", path.replace('.', "-"))
}

impl Question {
    /// A question of a procedure's form.
    pub(crate) fn of(shown: Shown<'_>, field: &Field, before: Before<'_>) -> Self {
        let hint = field.hint.as_ref().map(|hint| hint.to(shown.words.0).to_owned());
        Self {
            path: field.path.clone(),
            id: anchor(&field.path),
            title: field.title.to(shown.words.0).to_owned(),
            hint: hint.unwrap_or_default(),
            optional: field.need == Need::Optional,
            personal: field.personal,
            error: before.error(&field.path, shown),
            widget: widget(shown, field, before),
        }
    }
}

/// A field of a register as a question, so that an entry can be corrected.
pub(crate) fn as_question(field: &RegisterField) -> Field {
    Field {
        path: field.name.to_string(),
        title: field.title.clone(),
        hint: None,
        input: field.input.clone(),
        need: if field.optional { Need::Optional } else { Need::Always },
        personal: false,
        at_least: None,
        at_most: None,
    }
}

/// Whether a form can ask for it; texts in two languages and bodies are corrected elsewhere.
pub(crate) fn answerable(input: &Input) -> bool {
    !matches!(input, Input::Bilingual | Input::Bodies | Input::Party)
}

/// A value as a form would send it.
pub(crate) fn as_answer(value: &Value) -> Vec<String> {
    match value {
        Value::Codes(codes) => codes.iter().cloned().collect(),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Money(_)
        | Value::Division(_)
        | Value::Choice(_)
        | Value::Point(_)
        | Value::Moment(_)
        | Value::Decimal { .. }
        | Value::Code(_) => vec![value.to_string()],
        Value::Bilingual(_) | Value::Party(_) | Value::Sealed => Vec::new(),
    }
}

fn widget(shown: Shown<'_>, field: &Field, before: Before<'_>) -> Widget {
    let value = before.first(&field.path);
    let line = |keyboard| Widget::Line {
        value: value.clone(),
        keyboard,
        at_most: field.at_most.filter(|_| !field.adds_up()).unwrap_or(0),
    };
    match &field.input {
        Input::Entry(register) => {
            entry(shown, register, &value, before.offers).unwrap_or_else(|| line("text"))
        }
        Input::Text | Input::Identifier(_) | Input::Bilingual | Input::Bodies | Input::Party => {
            line("text")
        }
        Input::Point => line("text"),
        Input::Integer => line("numeric"),
        Input::Money => line("decimal"),
        Input::Date => Widget::Day { value },
        Input::Boolean => Widget::Radios(yes_or_no(shown, &value)),
        Input::Choice(options) => Widget::Radios(
            options
                .iter()
                .map(|(name, title)| offered(name.as_str(), title.to(shown.words.0), &[&value]))
                .collect(),
        ),
        Input::Division => Widget::Select(divisions(shown, &value, before.offers.districts)),
        Input::Code(list) => Widget::Select(codes(shown, list, &[&value])),
        Input::Codes(list) => {
            let chosen: Vec<&str> = before.of(&field.path).iter().map(String::as_str).collect();
            Widget::Checks(codes(shown, list, &chosen))
        }
    }
}

/// How an entry of a public register is named: chosen from a list, or its key written with the
/// likeliest offered.
fn entry(shown: Shown<'_>, register: &Name, value: &str, offers: &Offers) -> Option<Widget> {
    let offer = offers.of(register)?;
    if offer.total <= LISTED_MAX {
        return Some(Widget::Select(listed(shown, offer, value)));
    }
    let register = shown.pack.registers.get(register)?;
    let offered = offer.entries.iter().map(|own| Offered {
        value: own.key.clone(),
        title: own.heading.clone(),
        chosen: false,
    });
    Some(Widget::Entry {
        value: value.to_owned(),
        offered: offered.collect(),
        says: shown.words.n("entries-in-force", &offer.total),
        register: super::pages::register::link(shown, register),
    })
}

/// The reader's own entries, then the others. A key that is none of them stays to be mended.
fn listed(shown: Shown<'_>, offer: &entries::Offered, value: &str) -> Vec<Group> {
    let group = |title: &str, own: bool| Group {
        title: shown.words.t(title),
        offered: offer
            .entries
            .iter()
            .filter(|entry| entry.own == own)
            .map(|entry| {
                let title = shown.words.with_both("entry-named", &entry.heading, &entry.key);
                offered(&entry.key, &title, &[value])
            })
            .collect(),
    };
    let known = value.is_empty() || offer.entries.iter().any(|entry| entry.key == value);
    let stray = (!known).then(|| Group {
        title: shown.words.t("entries-unknown"),
        offered: vec![offered(value, value, &[value])],
    });
    let groups = [group("entries-own", true), group("entries-others", false)];
    let groups = stray.into_iter().chain(groups);
    groups.filter(|group| !group.offered.is_empty()).collect()
}

fn offered(value: &str, title: &str, chosen: &[&str]) -> Offered {
    Offered { value: value.to_owned(), title: title.to_owned(), chosen: chosen.contains(&value) }
}

fn yes_or_no(shown: Shown<'_>, value: &str) -> Vec<Offered> {
    let answer = |word, title| offered(word, &shown.words.t(title), &[value]);
    vec![answer("yes", "yes"), answer("no", "no")]
}

/// The townships of the jurisdiction by district, after the district itself where districts are
/// offered; the jurisdiction and its districts themselves where there is nothing below.
fn divisions(shown: Shown<'_>, value: &str, districts: bool) -> Vec<Group> {
    let divisions = &shown.pack.divisions;
    let Some(whole) = &shown.pack.jurisdiction else { return Vec::new() };
    let name = |division: &Division| {
        divisions.name(division).map_or(division.as_str(), |name| name.to(shown.words.0)).to_owned()
    };
    let option = |division: &Division| offered(division.as_str(), &name(division), &[value]);
    let mut groups = vec![Group { title: name(whole), offered: vec![option(whole)] }];
    groups.extend(divisions.of_level(DivisionLevel::County, whole).map(|county| {
        let own = districts.then_some(county).into_iter();
        let all = own.chain(divisions.children(county).iter());
        Group { title: name(county), offered: all.map(option).collect() }
    }));
    groups.retain(|group| !group.offered.is_empty());
    groups
}

/// The codes of a list, grouped by the code before the first dot.
fn codes(shown: Shown<'_>, list: &Name, chosen: &[&str]) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    let codes = shown.pack.codes.get(list).map(|table| &table.codes);
    for (code, title) in codes.into_iter().flatten() {
        let parent = code.split('.').next().unwrap_or(code);
        let title = title.to(shown.words.0);
        let option = offered(code, title, chosen);
        match groups.last_mut().filter(|(own, _)| *own == parent) {
            Some((_, group)) => group.offered.push(option),
            None => groups.push((parent, Group { title: title.to_owned(), offered: vec![option] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The faults of a form in the order they were found, each with the question it belongs to.
pub(crate) fn fault_lines(
    shown: Shown<'_>,
    faults: &[FormFault],
    title_of: impl Fn(&str) -> String,
) -> Vec<FaultLine> {
    faults
        .iter()
        .map(|fault| FaultLine {
            href: format!("#{}", anchor(&fault.path)),
            text: shown.words.with_both(
                "fault-line",
                &title_of(&fault.path),
                fault.reason.says.to(shown.words.0),
            ),
        })
        .collect()
}

/// The title of a question or a paper of a procedure.
pub(crate) fn title_of(shown: Shown<'_>, procedure: &pack::model::Procedure, item: &str) -> String {
    let asked = questions(procedure);
    let question = asked.iter().find(|field| field.path == item).map(|field| &field.title);
    let paper = procedure.materials.iter().find(|material| material.name.as_str() == item);
    let mut promises = procedure.commitments.iter();
    let promise = promises.find(|(name, _)| kernel::form::commitment_path(name) == item);
    let title =
        question.or(paper.map(|paper| &paper.title)).or(promise.map(|(_, promise)| &promise.title));
    title.map_or_else(|| item.to_owned(), |title| title.to(shown.words.0).to_owned())
}
