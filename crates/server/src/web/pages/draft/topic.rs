//! The page of one topic, from what is written in the draft.

use kernel::{form::Answers, refusal::FormFault};
use pack::model::{Mode, Need};

use super::{FileInput, Kept, Stale, TopicBody, TopicPage, Warning, check};
use crate::web::{
    draft::{Failing, Outline, SHARED, Topic, Written, first},
    entries::Offers,
    frame::Link,
    intake::{ENDINGS, FILE_MAX, MEGABYTE, size},
    pages::{
        apply::{KIND, PromiseInput},
        behalf::{BehalfInput, PAPER, ServiceInput},
        commitment::CommitmentView,
        service,
    },
    question::{Before, FaultLine, Offered, Question, anchor},
    shown::Shown,
    visit::Visit,
};

/// What a topic's page shows besides what the draft says.
pub(crate) struct Look<'a> {
    /// The answers to show: those saved, or those that were just typed.
    pub(crate) answers: &'a Answers,
    /// What is wrong with them.
    pub(crate) faults: &'a [FormFault],
    /// The entries that may be named.
    pub(crate) offers: &'a Offers,
    /// The conditions of the whole draft that are known not to hold.
    pub(crate) failing: &'a [Failing<'a>],
    /// The page to go to afterwards.
    pub(crate) then: &'a str,
}

impl TopicPage {
    /// The page of a topic.
    pub(crate) fn of(
        visit: &Visit,
        written: &Written<'_, '_>,
        topic: &Topic<'_>,
        look: &Look<'_>,
    ) -> Self {
        let (shown, frame) = (visit.shown(), visit.frame());
        let home = frame.to(&format!("/drafts/{}", written.draft.line.own.id));
        let action = format!("{home}/{}", topic.word());
        let saved = written.draft.topics.get(&topic.word());
        let title = |item: &str| item_title(shown, written.outline, item);
        let own = look.failing.iter().filter(|own| own.rests_on(topic));
        Self {
            back: Link { href: home.clone(), text: frame.t("draft-back") },
            service: check::title(shown, written.outline),
            title: topic_title(shown, topic),
            hint: hint(shown, topic),
            typed: format!("{action}/typed"),
            action,
            revision: saved.map_or(0, |saved| saved.revision),
            then: look.then.to_owned(),
            faults: crate::web::question::fault_lines(shown, look.faults, title),
            notice: String::new(),
            stale: None,
            warnings: own.map(|own| warning(shown, written, own, &[])).collect(),
            before: Vec::new(),
            saved: saved.map(|saved| saved_at(shown, saved.saved_at)).unwrap_or_default(),
            body: body(shown, &home, written, topic, look),
            frame,
        }
    }
}

/// When something was saved, to the minute.
pub(crate) fn saved_at(shown: Shown<'_>, at: base::Instant) -> String {
    let moment = shown.moment(at);
    let minute = moment.split(' ').next_back().unwrap_or_default();
    let today = moment.starts_with(&shown.day.to_string());
    shown.words.with("draft-saved", if today { minute } else { &moment })
}

/// What a topic is called.
pub(crate) fn topic_title(shown: Shown<'_>, topic: &Topic<'_>) -> String {
    let words = shown.words;
    match topic {
        Topic::Who => words.t("draft-who"),
        Topic::Form(section) => section.title.to(words.0).to_owned(),
        Topic::Paper(paper) => paper.material.title.to(words.0).to_owned(),
        Topic::Promises(procedure) => words.with("draft-promises", procedure.title.to(words.0)),
        Topic::Service => words.t("service-by"),
    }
}

fn hint(shown: Shown<'_>, topic: &Topic<'_>) -> String {
    let Topic::Form(section) = topic else { return String::new() };
    let hint = section.hint.as_ref().map(|hint| hint.to(shown.words.0).to_owned());
    let subject = section.subject.as_ref();
    let subject = subject.map(|who| shown.words.with("section-subject", who.to(shown.words.0)));
    hint.into_iter().chain(subject).collect::<Vec<_>>().join(" ")
}

/// What a question, a paper or a promise of a draft is called.
pub(crate) fn item_title(shown: Shown<'_>, outline: &Outline<'_>, item: &str) -> String {
    if item == KIND {
        return shown.words.t("apply-as");
    }
    let own = crate::web::pages::behalf::title(shown, item);
    let named = || {
        let titles = outline.services.iter();
        let mut titles = titles.map(|own| crate::web::question::title_of(shown, own, item));
        titles.find(|title| title != item).unwrap_or_else(|| item.to_owned())
    };
    own.unwrap_or_else(named)
}

/// A condition that is known not to hold, with the topics it rests on.
pub(crate) fn warning(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    failing: &Failing<'_>,
    topics: &[Topic<'_>],
) -> Warning {
    let several = written.outline.services.len() > 1;
    let home = format!("/{}/drafts/{}", shown.words.code(), written.draft.line.own.id);
    let service = failing.procedure.title.to(shown.words.0);
    let resting = topics.iter().filter(|topic| failing.rests_on(topic));
    Warning {
        says: failing.requirement.says.to(shown.words.0).to_owned(),
        cited: shown.cited(&failing.requirement.basis),
        service: if several { service.to_owned() } else { String::new() },
        links: resting
            .map(|topic| Link {
                href: format!("{home}/{}", topic.word()),
                text: topic_title(shown, topic),
            })
            .collect(),
    }
}

fn body(
    shown: Shown<'_>,
    home: &str,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    look: &Look<'_>,
) -> TopicBody {
    let before = Before { answers: look.answers, faults: look.faults, offers: look.offers };
    let file = |word: &str| file(shown, home, written, topic, (word, before));
    match topic {
        Topic::Who => who(shown, written.outline, before, file(PAPER)),
        Topic::Form(section) => {
            TopicBody::Form(section.fields.iter().map(|f| Question::of(shown, f, before)).collect())
        }
        Topic::Paper(paper) => TopicBody::Paper(file(&paper.word)),
        Topic::Promises(procedure) => {
            let promises = procedure.commitments.iter().map(|(own, promise)| {
                let name = kernel::form::commitment_path(own);
                PromiseInput {
                    id: anchor(&name),
                    commitment: CommitmentView::of(shown, procedure, own, promise),
                    signed: before.answers.contains_key(&name),
                    error: before.error(&name, shown),
                    name,
                }
            });
            TopicBody::Promises(promises.collect())
        }
        Topic::Service => match first_service(shown, written.outline, before) {
            Some(service) => TopicBody::Service(service),
            None => TopicBody::Form(Vec::new()),
        },
    }
}

fn first_service(
    shown: Shown<'_>,
    outline: &Outline<'_>,
    before: Before<'_>,
) -> Option<ServiceInput> {
    ServiceInput::of(shown, outline.services.first()?, before, false)
}

fn who(shown: Shown<'_>, outline: &Outline<'_>, before: Before<'_>, file: FileInput) -> TopicBody {
    let chosen = first(before.answers, KIND);
    let kinds: Vec<Offered> = outline
        .kinds()
        .into_iter()
        .map(|kind| Offered {
            value: kind.word().to_owned(),
            title: service::applicant(shown, kind),
            chosen: chosen == kind.word(),
        })
        .collect();
    let kinds = if kinds.len() > 1 { kinds } else { Vec::new() };
    let kinds_error = before.error(KIND, shown);
    let behalf = outline.services.first();
    match behalf.and_then(|own| BehalfInput::of(shown, own, before, false)) {
        Some(mut behalf) => {
            // Whoever says nothing applies for himself.
            if !behalf.ways.iter().any(|way| way.chosen) {
                behalf.ways.iter_mut().take(1).for_each(|way| way.chosen = true);
            }
            TopicBody::Who { kinds, kinds_error, behalf: Box::new(behalf), file }
        }
        None => TopicBody::Form(Vec::new()),
    }
}

fn file(
    shown: Shown<'_>,
    home: &str,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    (word, before): (&str, Before<'_>),
) -> FileInput {
    let words = shown.words;
    let (title, hint, upload, shared, item) = match topic {
        Topic::Paper(paper) => {
            let own = paper.material;
            let hint = own.hint.as_ref().map(|hint| hint.to(words.0).to_owned());
            let optional = own.need == Need::Optional;
            let title = own.title.to(words.0).to_owned();
            let title = if optional { words.with("draft-optional", &title) } else { title };
            let (upload, shared) =
                (own.modes.contains(&Mode::Upload), own.modes.contains(&Mode::Shared));
            (title, hint.unwrap_or_default(), upload, shared, own.name.as_str())
        }
        _ => (words.t("for-paper"), words.t("for-paper-hint"), true, false, PAPER),
    };
    let kept = written.draft.papers.get(word).map(|paper| Kept {
        name: paper.name.clone(),
        says: words.with_both("draft-file-says", &ending(&paper.media), &size(paper.size)),
        href: format!("{home}/files/{word}"),
    });
    FileInput {
        anchor: anchor(item),
        id: format!("file-{}", word.replace([':', '.'], "-")),
        name: word.to_owned(),
        title,
        hint,
        limits: words.with("draft-file-limits", &(FILE_MAX / MEGABYTE).to_string()),
        accept: ENDINGS,
        upload,
        shared,
        shared_chosen: first(before.answers, SHARED) == "yes",
        draft: written.draft.line.own.id.to_string(),
        kept,
        error: before.error(item, shown),
    }
}

/// A media type as people call it.
fn ending(media: &str) -> String {
    let kinds = crate::web::intake::KINDS.into_iter();
    let mut own = kinds.filter(|kind| kind.media == media);
    own.next().map(|kind| kind.ending.to_ascii_uppercase()).unwrap_or_default()
}

/// The answers saved meanwhile, beside those that were typed.
pub(crate) fn stale(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    (at, newer, typed): (base::Instant, &Answers, &Answers),
) -> Stale {
    let differing = topic.names().into_iter().filter(|name| newer.get(name) != typed.get(name));
    let rows = differing.map(|name| check::answer_row(shown, written, topic, &name, newer));
    Stale { at: shown.moment(at), rows: rows.collect() }
}

/// Faults that lead to the topics in which they are mended.
pub(crate) fn leading(
    shown: Shown<'_>,
    written: &Written<'_, '_>,
    faults: &[(String, FormFault)],
) -> Vec<FaultLine> {
    let home = format!("/{}/drafts/{}", shown.words.code(), written.draft.line.own.id);
    let line = |(word, fault): &(String, FormFault)| FaultLine {
        href: format!("{home}/{word}?then=check#{}", anchor(&fault.path)),
        text: shown.words.with_both(
            "fault-line",
            &item_title(shown, written.outline, &fault.path),
            fault.reason.says.to(shown.words.0),
        ),
    };
    faults.iter().map(line).collect()
}
