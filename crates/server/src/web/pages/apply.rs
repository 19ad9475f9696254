//! Applying: one page with the form's sections and the papers. When something does not fit, the
//! page comes back with every answer kept and each fault linked to its place.

use askama::Template;
use base::Name;
use kernel::form::{Answers, commitment_path};
use pack::model::{Applicant, Commitment, Material, Mode, Need, Procedure};

use super::{
    behalf::{BehalfInput, ServiceInput},
    commitment::CommitmentView,
};

use crate::web::{
    fault::Refused,
    frame::{Frame, Link},
    question::{Before, FaultLine, Offered, Question, anchor},
    shown::Shown,
};

/// The form of a procedure.
#[derive(Debug, Template)]
#[template(path = "apply.html")]
pub(crate) struct ApplyPage {
    pub(crate) frame: Frame,
    /// The service, linked to its guide.
    pub(crate) service: Link,
    /// Where the form is sent.
    pub(crate) action: String,
    /// The submission's number.
    pub(crate) key: String,
    /// Why the last attempt was refused.
    pub(crate) refused: Vec<Refused>,
    /// What was wrong with it, by question.
    pub(crate) faults: Vec<FaultLine>,
    /// As what one may apply; empty where there is only one way.
    pub(crate) kinds: Vec<Offered>,
    /// The sections.
    pub(crate) sections: Vec<Section>,
    /// The papers.
    pub(crate) papers: Vec<PaperInput>,
    /// The promises that may be signed.
    pub(crate) promises: Vec<PromiseInput>,
    /// For whom one applies; none where bodies apply for themselves.
    pub(crate) behalf: Option<BehalfInput>,
    /// How decisions are to be served; none where there is one way.
    pub(crate) service_by: Option<ServiceInput>,
}

/// A promise to sign.
#[derive(Debug)]
pub(crate) struct PromiseInput {
    /// What the form sends.
    pub(crate) name: String,
    /// Its anchor.
    pub(crate) id: String,
    /// The promise.
    pub(crate) commitment: CommitmentView,
    /// True where it was signed before.
    pub(crate) signed: bool,
    /// What is wrong; empty where nothing is.
    pub(crate) error: String,
}

/// A section of the form.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: String,
    /// What to know first; empty where nothing is said.
    pub(crate) hint: String,
    /// Whose personal details it asks for; empty where it asks for none.
    pub(crate) subject: String,
    /// Its questions.
    pub(crate) questions: Vec<Question>,
}

/// A paper to hand in.
#[derive(Debug, Clone)]
pub(crate) struct PaperInput {
    /// Its name.
    pub(crate) name: String,
    /// Its anchor.
    pub(crate) id: String,
    /// What it is.
    pub(crate) title: String,
    /// What makes it acceptable; empty where nothing is said.
    pub(crate) hint: String,
    /// True where it may be left out.
    pub(crate) optional: bool,
    /// True where a file may be sent.
    pub(crate) upload: bool,
    /// True where the office may get it itself.
    pub(crate) shared: bool,
    /// True where that was chosen before.
    pub(crate) shared_chosen: bool,
    /// The file sent before: its digest and the proof that this session sent it; empty where none.
    pub(crate) kept: String,
    /// What is wrong; empty where nothing is.
    pub(crate) error: String,
}

impl ApplyPage {
    /// The form of a procedure with what was answered before.
    pub(crate) fn of(
        frame: Frame,
        shown: Shown<'_>,
        procedure: &Procedure,
        before: Before<'_>,
        (key, counter): (String, bool),
    ) -> Self {
        let section = |section: &pack::model::Section| self::section(shown, section, before);
        let title = |item: &str| {
            let behalf = super::behalf::title(shown, item);
            behalf.unwrap_or_else(|| crate::web::question::title_of(shown, procedure, item))
        };
        Self {
            service: super::services::Listed::of(shown, procedure).link,
            action: frame.to(&format!("/apply/{}/whole", procedure.name)),
            frame,
            key,
            refused: Vec::new(),
            faults: crate::web::question::fault_lines(shown, before.faults, title),
            kinds: kinds(shown, procedure, before.answers),
            sections: procedure.form.iter().map(section).collect(),
            papers: now(procedure).map(|m| paper(shown, m, before)).collect(),
            promises: promises(shown, procedure, before),
            behalf: BehalfInput::of(shown, procedure, before, counter),
            service_by: ServiceInput::of(shown, procedure, before, counter),
        }
    }
}

/// The papers handed in when applying.
fn now(procedure: &Procedure) -> impl Iterator<Item = &Material> {
    procedure.materials.iter().filter(|material| material.need != Need::Later)
}

fn promises(shown: Shown<'_>, procedure: &Procedure, before: Before<'_>) -> Vec<PromiseInput> {
    let promise = |(own, promise): (&Name, &Commitment)| {
        let name = commitment_path(own);
        PromiseInput {
            id: anchor(&name),
            commitment: CommitmentView::of(shown, procedure, own, promise),
            signed: before.answers.contains_key(&name),
            error: before.error(&name, shown),
            name,
        }
    };
    procedure.commitments.iter().map(promise).collect()
}

/// A section with its questions.
fn section(shown: Shown<'_>, section: &pack::model::Section, before: Before<'_>) -> Section {
    let says = |text: &Option<base::Text>| {
        text.as_ref().map(|text| text.to(shown.words.0).to_owned()).unwrap_or_default()
    };
    Section {
        title: section.title.to(shown.words.0).to_owned(),
        hint: says(&section.hint),
        subject: says(&section.subject),
        questions: section.fields.iter().map(|f| Question::of(shown, f, before)).collect(),
    }
}

/// The name under which the form says as what one applies.
pub(crate) const KIND: &str = "applicant:kind";

fn kinds(shown: Shown<'_>, procedure: &Procedure, answers: &Answers) -> Vec<Offered> {
    let chosen = answers.get(KIND).and_then(|given| given.first()).map(String::as_str);
    let offered = |kind: Applicant| Offered {
        value: kind.word().to_owned(),
        title: super::service::applicant(shown, kind),
        chosen: chosen.unwrap_or_default() == kind.word(),
    };
    let open = procedure.applicant.iter().filter(|kind| **kind != Applicant::Body);
    let kinds: Vec<Offered> = open.map(|kind| offered(*kind)).collect();
    if kinds.len() > 1 { kinds } else { Vec::new() }
}

/// A paper with how it may be handed in.
pub(crate) fn paper(shown: Shown<'_>, material: &Material, before: Before<'_>) -> PaperInput {
    let name = material.name.to_string();
    let given = |prefix: &str| {
        let answers = before.answers.get(&format!("{prefix}{name}"));
        answers.and_then(|answers| answers.first()).cloned().unwrap_or_default()
    };
    let hint = material.hint.as_ref().map(|hint| hint.to(shown.words.0).to_owned());
    PaperInput {
        id: anchor(&name),
        title: material.title.to(shown.words.0).to_owned(),
        hint: hint.unwrap_or_default(),
        optional: material.need == Need::Optional,
        upload: material.modes.contains(&Mode::Upload),
        shared: material.modes.contains(&Mode::Shared),
        shared_chosen: given("shared:") == "yes",
        kept: given("kept:"),
        error: before.error(&name, shown),
        name,
    }
}

#[cfg(test)]
pub(super) fn sample_questions() -> Vec<Question> {
    use crate::web::question::{Group, Widget};
    let offered = |chosen| Offered { value: "H1".into(), title: "Mint & more".into(), chosen };
    let group =
        || vec![Group { title: "Herbs".into(), offered: vec![offered(true), offered(false)] }];
    let widgets = vec![
        Widget::Line { value: "<b>".into(), keyboard: "text", at_most: 40 },
        Widget::Line { value: String::new(), keyboard: "numeric", at_most: 0 },
        Widget::Day { value: "2030-01-31".into() },
        Widget::Radios(vec![offered(true), offered(false)]),
        Widget::Select(group()),
        Widget::Checks(group()),
        Widget::Entry {
            value: "E-9".into(),
            offered: vec![offered(true)],
            says: "300 in force".into(),
            register: super::link(),
        },
    ];
    let ask = |(at, widget): (usize, Widget)| Question {
        path: format!("shop.field-{at}"),
        id: format!("field-shop-field-{at}"),
        title: "A question".into(),
        hint: if at % 2 == 0 { "A hint".into() } else { String::new() },
        optional: at % 2 == 0,
        personal: at == 0,
        error: if at % 2 == 1 { "must be answered".into() } else { String::new() },
        widget,
    };
    widgets.into_iter().enumerate().map(ask).collect()
}

#[cfg(test)]
pub(super) fn sample_papers() -> Vec<PaperInput> {
    let paper = |upload, shared, kept: &str, error: &str| PaperInput {
        name: "lease".into(),
        id: "field-lease".into(),
        title: "Lease".into(),
        hint: kept.into(),
        optional: kept.is_empty(),
        upload,
        shared,
        shared_chosen: shared,
        kept: kept.into(),
        error: error.into(),
    };
    vec![
        paper(true, true, "", "missing"),
        paper(true, false, "ab.cd", ""),
        paper(false, true, "", ""),
    ]
}

#[cfg(test)]
impl super::Sample for ApplyPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let section = |subject: &str| Section {
            title: "The shop".into(),
            hint: subject.into(),
            subject: subject.into(),
            questions: sample_questions(),
        };
        let promise = |signed, error: &str| PromiseInput {
            name: "commitment:all".into(),
            id: "field-commitment-all".into(),
            commitment: super::commitment::sample_commitment(),
            signed,
            error: error.into(),
        };
        let page = |refused, faults| Self {
            frame: frame.clone(),
            service: super::link(),
            action: "/zh/apply/herb-room".into(),
            key: "k".into(),
            refused,
            faults,
            kinds: vec![Offered { value: "person".into(), title: "Me".into(), chosen: true }],
            sections: vec![section("The keeper"), section("")],
            papers: sample_papers(),
            promises: vec![promise(true, "not open"), promise(false, "")],
            behalf: None,
            service_by: None,
        };
        let fault = FaultLine { href: "#field-lease".into(), text: "Lease: missing".into() };
        let (own, sent_back) =
            (page(Vec::new(), Vec::new()), page(vec![super::refused()], vec![fault]));
        let for_another = |counter| Self {
            behalf: Some(super::behalf::sample_behalf(counter)),
            service_by: Some(super::behalf::sample_service()),
            ..page(Vec::new(), Vec::new())
        };
        vec![own, sent_back, for_another(true), for_another(false)]
    }
}
