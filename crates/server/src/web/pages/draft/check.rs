//! What is written in a draft, as it is read before it is signed.

use std::collections::BTreeSet;

use kernel::form::{Answers, read_answer};
use pack::model::Section;

use super::{CheckPage, Checked, Warning, topic};
use crate::web::{
    draft::{Failing, Outline, SHARED, Topic, Written, first},
    entries::{Headings, Named, entry_in},
    frame::{Link, Row},
    intake::size,
    pages::{
        apply::KIND,
        behalf::{AS, KIND as NUMBER_KIND, KINDS, ON_PAPER},
        service,
    },
    shown::Shown,
    visit::Visit,
};

impl CheckPage {
    /// Everything that is written in a draft.
    pub(crate) fn of(
        visit: &Visit,
        written: &Written<'_, '_>,
        failing: &[Failing<'_>],
        headings: &Headings,
    ) -> Self {
        let (shown, frame) = (visit.shown(), visit.frame());
        let home = frame.to(&format!("/drafts/{}", written.draft.line.own.id));
        let topics = &written.outline.topics;
        let faults: Vec<_> = topics
            .iter()
            .flat_map(|topic| {
                let faults = written.faults(topic).into_iter();
                faults.map(|fault| (topic.word(), fault))
            })
            .collect();
        let group = |own: &Topic<'_>| Checked {
            title: topic::topic_title(shown, own),
            change: format!("{home}/{}?then=check", own.word()),
            rows: rows(shown, written, own, headings),
        };
        Self {
            title: title(shown, written.outline),
            back: Link { href: home.clone(), text: frame.t("draft-back") },
            faults: topic::leading(shown, written, &faults),
            warnings: warnings(shown, written, failing),
            groups: topics.iter().map(group).collect(),
            sign: format!("{home}/sign"),
            frame,
        }
    }
}

/// The conditions that are known not to hold, each with the topics it rests on.
pub(crate) fn warnings(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    failing: &[Failing<'_>],
) -> Vec<Warning> {
    let topics = &written.outline.topics;
    failing.iter().map(|own| topic::warning(shown, written, own, topics)).collect()
}

/// What is applied for.
pub(crate) fn title(shown: Shown<'_>, outline: &Outline<'_>) -> String {
    let titles = outline.services.iter().map(|own| own.title.to(shown.words.0).to_owned());
    titles.collect::<Vec<_>>().join(shown.words.comma())
}

/// The answers of a topic; a line that says so where there are none.
fn rows(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    headings: &Headings,
) -> Vec<Row> {
    let answers = written.answers(topic);
    let file = topic.file().and_then(|word| Some((word, written.draft.papers.get(word)?)));
    let home = format!("/{}/drafts/{}", shown.words.code(), written.draft.line.own.id);
    let file = file.map(|(word, paper)| Row {
        title: shown.words.t("draft-file"),
        text: format!("{} ({})", paper.name, size(paper.size)),
        href: format!("{home}/files/{word}"),
    });
    let asked = topic.names().into_iter();
    let asked = asked.filter(|name| match topic {
        Topic::Form(_) => true,
        _ => answers.contains_key(name),
    });
    let row = |name: String| match entry_named(written.outline, topic, &name, &answers) {
        Some((register, key)) => Row {
            text: headings.link(shown, &register, &key).text,
            ..answer_row(shown, written, topic, &name, &answers)
        },
        None => answer_row(shown, written, topic, &name, &answers),
    };
    let rows: Vec<Row> = asked.map(row).chain(file).collect();
    if !rows.is_empty() {
        return rows;
    }
    let says = match topic {
        Topic::Who => shown.words.t("for-own"),
        _ => shown.words.t("draft-nothing"),
    };
    vec![Row { title: topic::topic_title(shown, topic), text: says, href: String::new() }]
}

/// The entries that the answers of a draft name.
pub(crate) fn named(written: &Written<'_, '_>) -> BTreeSet<Named> {
    let topics = written.outline.topics.iter();
    let named = topics.flat_map(|topic| {
        let answers = written.answers(topic);
        let names = topic.names().into_iter();
        let found: Vec<Named> =
            names.filter_map(|name| entry_named(written.outline, topic, &name, &answers)).collect();
        found
    });
    named.collect()
}

/// The entry that an answer names.
fn entry_named(
    outline: &Outline<'_>,
    topic: &Topic<'_>,
    name: &str,
    answers: &Answers,
) -> Option<Named> {
    let Topic::Form(section) = topic else { return None };
    let field = section.fields.iter().find(|field| field.path == name)?;
    let value = read_answer(outline.pack, field, &[first(answers, name)]).ok()?;
    entry_in(&field.input, &value)
}

/// One answer of a topic in words.
pub(crate) fn answer_row(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    name: &str,
    answers: &Answers,
) -> Row {
    let said = first(answers, name);
    let (title, text) = match topic {
        Topic::Form(section) => {
            let title = topic::item_title(shown, written.outline, name);
            (title, answered(shown, section, name, answers))
        }
        Topic::Who => (who_title(shown, name), who(shown, name, said)),
        Topic::Paper(_) if name == SHARED => {
            (topic::topic_title(shown, topic), shown.words.t("paper-shared"))
        }
        Topic::Service if name == ON_PAPER => {
            let portal = shown.pack.service.as_ref().map(|own| own.portal.title.to(shown.words.0));
            let text = match said {
                "yes" => shown.words.t("service-on-paper"),
                _ => portal.unwrap_or_default().to_owned(),
            };
            (topic::topic_title(shown, topic), text)
        }
        _ => (topic::item_title(shown, written.outline, name), shown.words.t("yes")),
    };
    Row { title, text, href: String::new() }
}

fn who_title(shown: Shown<'_>, name: &str) -> String {
    let own = match name {
        KIND => Some(shown.words.t("apply-as")),
        NUMBER_KIND => Some(shown.words.t("for-kind")),
        _ => crate::web::pages::behalf::title(shown, name),
    };
    own.unwrap_or_else(|| name.to_owned())
}

fn who(shown: Shown<'_>, name: &str, said: &str) -> String {
    let words = shown.words;
    match (name, said) {
        (KIND, said) => {
            let kinds = pack::model::Applicant::ALL.iter().copied();
            let mut own = kinds.filter(|kind| kind.word() == said);
            own.next().map(|kind| service::applicant(shown, kind)).unwrap_or_default()
        }
        (AS, "agent") => words.t("for-agent"),
        (AS, "guardian") => words.t("for-guardian"),
        (AS, _) => words.t("for-own"),
        (NUMBER_KIND, said) => {
            let mut own = KINDS.iter().filter(|(kind, _)| kind.name() == said);
            own.next().map(|(_, title)| words.t(title)).unwrap_or_default()
        }
        (_, said) => said.to_owned(),
    }
}

/// What was answered, in words where it can be read and as written where it cannot.
fn answered(shown: Shown<'_>, section: &Section, name: &str, answers: &Answers) -> String {
    let written = answers.get(name).map(Vec::as_slice).unwrap_or_default();
    let given: Vec<&str> =
        written.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if given.is_empty() {
        return shown.words.t("draft-nothing");
    }
    let field = section.fields.iter().find(|field| field.path == name);
    let value = field.and_then(|field| {
        let value = read_answer(shown.pack, field, &given).ok()?;
        Some(shown.value(&field.input, &value))
    });
    value.unwrap_or_else(|| given.join(shown.words.comma()))
}
