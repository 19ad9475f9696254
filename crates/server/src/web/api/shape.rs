//! What a program is asked for: the forms of the pages, told as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::web::{
    fault::Fault,
    handle::case::Loaded,
    pages::{
        apply::{ApplyPage, PaperInput},
        case::{ActForm, AskedSection, Ground, Missing, OutcomeOffered},
    },
    possible::Attempt,
    question::{Group, Offered, Question, Widget},
};

/// Something that can be done to a case now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActWire {
    /// Its word.
    act: &'static str,
    /// Where it is sent.
    href: String,
    /// What it is about; empty where its word says it.
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    /// What the body must say as it is here, by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<FixedWire>,
    /// What is chosen, by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoicesWire>,
    /// The fields that take words of one's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'static str>,
    /// The conditions that may be given as reasons, in `rules`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleWire>,
    /// What a supplement notice may ask for, in `items`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<OptionWire>,
    /// The questions, answered in `answers`; in `fields` where an entry is corrected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<QuestionWire>,
    /// The papers, in `materials`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    materials: Vec<MaterialWire>,
}

/// A field with the one value it may have.
#[derive(Debug, Serialize, ToSchema)]
struct FixedWire {
    field: &'static str,
    #[schema(value_type = Value)]
    value: serde_json::Value,
}

/// A field with the values it may have.
#[derive(Debug, Serialize, ToSchema)]
struct ChoicesWire {
    field: &'static str,
    options: Vec<OptionWire>,
}

/// A value that may be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionWire {
    /// What is sent.
    value: String,
    /// What it means.
    title: String,
    /// What choosing it needs; absent where it needs nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    needs: String,
}

/// A condition of the service.
#[derive(Debug, Serialize, ToSchema)]
struct RuleWire {
    value: String,
    title: String,
    /// Where it is written.
    cited: String,
    /// Whether it is met, as far as is known.
    verdict: String,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionWire {
    /// The name of its answer.
    name: String,
    /// The question.
    title: String,
    /// What to know first.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
    /// For which choices it is asked; absent where always.
    #[serde(skip_serializing_if = "String::is_empty")]
    asked_for: String,
    /// True where it may be left open.
    optional: bool,
    /// True where the answer goes to the vault.
    personal: bool,
    /// How it is answered: `text`, `whole`, `money`, `day`, `one`, `several` or `entry`.
    kind: &'static str,
    /// The most characters, where there is a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<u32>,
    /// The values to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionWire>,
}

/// A paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MaterialWire {
    /// Its name.
    name: String,
    /// What it is.
    title: String,
    /// What makes it acceptable.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
    /// True where it may be left out.
    optional: bool,
    /// True where a file may be sent.
    upload: bool,
    /// True where the office may get it itself: the value is `shared` then.
    shared: bool,
}

/// What a service asks of whoever applies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceFormWire {
    /// The service.
    procedure: String,
    /// What it is called.
    title: String,
    /// Where an application is sent.
    href: String,
    /// As what one may apply, in `kind`; absent where there is one way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<OptionWire>,
    /// The questions.
    questions: Vec<QuestionWire>,
    /// The papers.
    materials: Vec<MaterialWire>,
    /// The promises that may be signed, in `commitments`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commitments: Vec<OptionWire>,
}

impl OptionWire {
    fn of(offered: &Offered) -> Self {
        Self::needing(offered, "")
    }

    fn needing(Offered { value, title, .. }: &Offered, needs: &str) -> Self {
        Self { value: value.clone(), title: title.clone(), needs: needs.to_owned() }
    }

    fn outcomes(outcomes: &[OutcomeOffered]) -> Vec<Self> {
        outcomes.iter().map(|own| Self::needing(&own.offered, &own.needs)).collect()
    }

    fn groups(groups: &[Group]) -> Vec<Self> {
        groups.iter().flat_map(|group| &group.offered).map(Self::of).collect()
    }

    fn all(offered: &[Offered]) -> Vec<Self> {
        offered.iter().map(Self::of).collect()
    }
}

impl QuestionWire {
    fn of(question: &Question, asked_for: &str) -> Self {
        let (kind, at_most, options) = match &question.widget {
            Widget::Line { keyboard: "numeric", .. } => ("whole", None, Vec::new()),
            Widget::Line { keyboard: "decimal", .. } => ("money", None, Vec::new()),
            Widget::Line { at_most, .. } => {
                ("text", Some(*at_most).filter(|most| *most > 0), Vec::new())
            }
            Widget::Day { .. } => ("day", None, Vec::new()),
            Widget::Radios(offered) => ("one", None, OptionWire::all(offered)),
            Widget::Select(groups) => ("one", None, OptionWire::groups(groups)),
            Widget::Checks(groups) => ("several", None, OptionWire::groups(groups)),
            Widget::Entry { offered, .. } => ("entry", None, OptionWire::all(offered)),
        };
        Self {
            name: question.path.clone(),
            title: question.title.clone(),
            hint: question.hint.clone(),
            asked_for: asked_for.to_owned(),
            optional: question.optional,
            personal: question.personal,
            kind,
            at_most,
            options,
        }
    }

    fn asked(sections: &[AskedSection]) -> Vec<Self> {
        let of = |section: &AskedSection| {
            let questions = section.questions.iter();
            questions.map(|own| Self::of(own, &section.needed)).collect::<Vec<Self>>()
        };
        sections.iter().flat_map(of).collect()
    }

    fn all(questions: &[Question]) -> Vec<Self> {
        questions.iter().map(|own| Self::of(own, "")).collect()
    }
}

impl From<&PaperInput> for MaterialWire {
    fn from(paper: &PaperInput) -> Self {
        Self {
            name: paper.name.clone(),
            title: paper.title.clone(),
            hint: paper.hint.clone(),
            optional: paper.optional,
            upload: paper.upload,
            shared: paper.shared,
        }
    }
}

impl From<&Ground> for RuleWire {
    fn from(ground: &Ground) -> Self {
        Self {
            value: ground.offered.value.clone(),
            title: ground.offered.title.clone(),
            cited: ground.cited.text.clone(),
            verdict: ground.verdict.clone(),
        }
    }
}

fn fixed(field: &'static str, value: impl Into<serde_json::Value>) -> FixedWire {
    FixedWire { field, value: value.into() }
}

fn chosen(field: &'static str, options: Vec<OptionWire>) -> ChoicesWire {
    ChoicesWire { field, options }
}

impl ActWire {
    fn bare(id: &str, act: &'static str, words: Vec<&'static str>) -> Self {
        Self {
            act,
            href: format!("/api/cases/{id}/acts/{act}"),
            title: String::new(),
            fixed: Vec::new(),
            choices: Vec::new(),
            words,
            rules: Vec::new(),
            items: Vec::new(),
            questions: Vec::new(),
            materials: Vec::new(),
        }
    }

    fn of(id: &str, form: &ActForm) -> Self {
        let bare = |act, words: &[&'static str]| Self::bare(id, act, words.to_vec());
        match form {
            ActForm::Choose { step, title, outcomes, items, grounds, asked, .. } => Self {
                title: title.clone(),
                fixed: vec![fixed("step", step.as_str())],
                choices: vec![chosen("outcome", OptionWire::outcomes(outcomes))],
                rules: grounds.iter().map(RuleWire::from).collect(),
                items: missing(items),
                questions: QuestionWire::asked(asked),
                ..bare("choose", &["reasons"])
            },
            ActForm::Answer { step, part, title, answers, grounds, asked, .. } => Self {
                title: title.clone(),
                fixed: vec![fixed("step", step.as_str()), fixed("part", part.as_str())],
                choices: vec![chosen("answer", OptionWire::outcomes(answers))],
                rules: grounds.iter().map(RuleWire::from).collect(),
                questions: QuestionWire::asked(asked),
                ..bare("answer", &["reasons"])
            },
            ActForm::Resume { .. } => bare("resume", &["reasons"]),
            ActForm::Supply { questions, papers } => Self {
                questions: QuestionWire::all(questions),
                materials: papers.iter().map(MaterialWire::from).collect(),
                ..bare("supply", &[])
            },
            ActForm::Withdraw { .. } => bare("withdraw", &["reasons"]),
            ActForm::Appeal { decision, title, remedies, .. } => Self {
                title: title.clone(),
                fixed: vec![fixed("decision", *decision)],
                choices: vec![chosen("remedy", OptionWire::all(remedies))],
                ..bare("appeal", &["grounds"])
            },
            ActForm::Rule { .. } => bare("rule", &["reasons"]),
            ActForm::Serve { decision, title, ways, .. } => Self {
                title: title.clone(),
                fixed: vec![fixed("decision", *decision)],
                choices: vec![chosen("way", OptionWire::outcomes(ways))],
                ..bare("serve", &["on", "proof"])
            },
            ActForm::AskRecusal { officers, .. } => Self {
                choices: vec![chosen("officer", OptionWire::all(officers))],
                ..bare("ask-recusal", &["grounds"])
            },
            ActForm::Recuse { officer, colleague, .. } => Self {
                title: colleague.clone(),
                fixed: vec![fixed("officer", officer.as_str())],
                ..bare("recuse", &["reasons"])
            },
            ActForm::Correct { questions, .. } => {
                Self { questions: QuestionWire::all(questions), ..bare("correct", &["reasons"]) }
            }
        }
    }
}

fn missing(groups: &[Missing]) -> Vec<OptionWire> {
    groups.iter().flat_map(|group| &group.items).map(|(item, _)| OptionWire::of(item)).collect()
}

/// Everything that can be done to a case now, as its page offers it.
///
/// # Errors
/// When the case is under no pack at hand.
pub(crate) fn acts(loaded: &Loaded) -> Result<Vec<ActWire>, Fault> {
    let nothing = Default::default();
    let page = loaded.page(Default::default(), Attempt::none(&nothing, loaded.offers()))?;
    let id = loaded.case.id.to_string();
    Ok(page.acts.iter().map(|form| ActWire::of(&id, form)).collect())
}

impl ServiceFormWire {
    /// The form of a service, as its page asks it.
    pub(crate) fn of(procedure: &str, page: &ApplyPage) -> Self {
        let questions = page.sections.iter().flat_map(|section| &section.questions);
        let promises = page.promises.iter().map(|own| OptionWire {
            value: own.name.split_once(':').map_or(own.name.as_str(), |(_, name)| name).to_owned(),
            title: own.commitment.title.clone(),
            needs: String::new(),
        });
        Self {
            procedure: procedure.to_owned(),
            title: page.service.text.clone(),
            href: format!("/api/services/{procedure}/cases"),
            kinds: OptionWire::all(&page.kinds),
            questions: questions.map(|own| QuestionWire::of(own, "")).collect(),
            materials: page.papers.iter().map(MaterialWire::from).collect(),
            commitments: promises.collect(),
        }
    }
}
