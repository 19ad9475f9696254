//! What programs send to have something done, each with the fields that a form would send for the
//! same. These are wire types: they change only by addition.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::web::{
    handle::apply::{KEPT, SHARED},
    pages::{
        apply::KIND,
        behalf::{AS, KIND as NUMBER_KIND, NAME, NUMBER, ON_PAPER, PAPER},
    },
    possible::note_of,
    posted::Posted,
};

/// The answer to a question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AnswerWire {
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// A text, a day (`2026-05-01`), an amount of money in yuan (`1200.50`), a code, a place.
    Text(String),
    /// Several codes.
    Several(Vec<String>),
}

impl AnswerWire {
    fn as_sent(&self) -> Vec<String> {
        match self {
            Self::Truth(true) => vec!["yes".to_owned()],
            Self::Truth(false) => vec!["no".to_owned()],
            Self::Whole(number) => vec![number.to_string()],
            Self::Text(text) => vec![text.clone()],
            Self::Several(codes) => codes.clone(),
        }
    }
}

/// Answers by the name of the question.
pub(crate) type Answers = BTreeMap<String, AnswerWire>;
/// Papers by their names: what `POST /api/files` answered for the file, or `shared` where the
/// office is to get the paper from another office.
pub(crate) type Materials = BTreeMap<String, String>;

/// How an office gets a paper that it need not be sent.
const BY_OFFICE: &str = "shared";

/// An application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilingWire {
    /// As what one applies: `person`, `sole-trader`, `organisation`…; the first that the service is
    /// open to where nothing is said.
    #[serde(default)]
    kind: String,
    /// The answers to the form.
    pub(crate) answers: Answers,
    /// The papers.
    #[serde(default)]
    pub(crate) materials: Materials,
    /// The promises signed, by name.
    #[serde(default)]
    pub(crate) commitments: Vec<String>,
    /// For whom one applies, where it is for somebody else.
    behalf: Option<BehalfWire>,
    /// True where the applicant has not agreed to be served through the portal.
    #[serde(default)]
    on_paper: bool,
}

/// For whom one applies.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BehalfWire {
    /// `agent` or `guardian`; nothing at the counter.
    #[serde(default, rename = "as")]
    way: String,
    /// The applicant's name.
    name: String,
    /// The kind of the applicant's number: `resident-id`, `uscc`, `passport`, `mainland-permit`.
    number_kind: String,
    /// The number.
    number: String,
    /// The paper that shows it, as `POST /api/files` answered for it.
    #[serde(default)]
    paper: String,
}

/// The choice of an outcome.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceWire {
    /// The stage the case is at.
    pub(crate) step: String,
    /// The outcome.
    pub(crate) outcome: String,
    /// Reasons in one's own words.
    #[serde(default)]
    reasons: String,
    /// Conditions of the service that are given as reasons, by name.
    #[serde(default)]
    rules: Vec<String>,
    /// What a supplement notice asks for.
    #[serde(default)]
    items: Vec<ItemWire>,
    /// What the outcome asks to be filled in.
    #[serde(default)]
    pub(crate) answers: Answers,
}

/// Something that a supplement notice asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemWire {
    /// A question or a paper, by name.
    item: String,
    /// What is wrong with it.
    #[serde(default)]
    note: String,
}

/// An answer for a body in a review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpinionWire {
    /// The review.
    pub(crate) step: String,
    /// The part that is answered.
    part: String,
    /// The answer.
    pub(crate) answer: String,
    /// Reasons in one's own words.
    #[serde(default)]
    reasons: String,
    /// Conditions of the service that are given as reasons, by name.
    #[serde(default)]
    rules: Vec<String>,
    /// What the answer asks to be filled in.
    #[serde(default)]
    pub(crate) answers: Answers,
}

/// A stopped clock goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResumptionWire {
    /// The reasons.
    reasons: String,
}

/// An application is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalWire {
    /// The reasons.
    #[serde(default)]
    reasons: String,
}

/// What a supplement notice asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplyWire {
    /// Answers given anew.
    #[serde(default)]
    pub(crate) answers: Answers,
    /// Papers.
    #[serde(default)]
    pub(crate) materials: Materials,
}

/// A challenge to a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppealWire {
    /// The entry of the decision.
    decision: u64,
    /// The remedy.
    remedy: String,
    /// The grounds.
    grounds: String,
}

/// A ruling on a challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulingWire {
    /// Whether the decision stands.
    upheld: bool,
    /// The reasons.
    reasons: String,
}

/// A decision served otherwise than through the portal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceWire {
    /// The entry of the decision.
    decision: u64,
    /// The way of service, by name.
    way: String,
    /// The day, such as `2026-05-01`.
    on: String,
    /// What shows it.
    proof: String,
}

/// That an officer should stand aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectionWire {
    /// The officer's reference.
    officer: String,
    /// The grounds.
    grounds: String,
}

/// Whether an officer stands aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecusalWire {
    /// The officer's reference.
    officer: String,
    /// Whether the officer stands aside.
    aside: bool,
    /// The reasons.
    #[serde(default)]
    reasons: String,
}

/// A slip put right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionWire {
    /// The fields of the entry that were wrong, with what is right.
    pub(crate) fields: Answers,
    /// The reasons.
    reasons: String,
}

/// Which personal detail is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailWire {
    /// The question it answers.
    pub(crate) path: String,
}

/// The fields of a form, as they are put together.
#[derive(Default)]
struct Fields(Posted);

impl Fields {
    fn one(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.answers.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        self
    }

    fn all<'a>(self, name: &str, values: impl IntoIterator<Item = &'a String>) -> Self {
        values.into_iter().fold(self, |fields, value| fields.one(name, value))
    }

    fn answers(self, answers: &Answers) -> Self {
        let answers = answers.iter().map(|(path, answer)| (path, answer.as_sent()));
        answers.fold(self, |fields, (path, sent)| fields.all(path, &sent))
    }

    fn materials(self, materials: &Materials) -> Self {
        materials.iter().fold(self, |fields, (word, file)| match file.as_str() {
            BY_OFFICE => fields.one(&format!("{SHARED}{word}"), "yes"),
            file => fields.one(&format!("{KEPT}{word}"), file),
        })
    }

    fn yes_or_no(self, name: &str, yes: bool) -> Self {
        self.one(name, if yes { "yes" } else { "no" })
    }
}

impl From<&FilingWire> for Posted {
    fn from(wire: &FilingWire) -> Self {
        let mut fields = Fields::default().answers(&wire.answers).materials(&wire.materials);
        fields = fields.one(KIND, &wire.kind);
        for name in &wire.commitments {
            fields = fields.one(&format!("commitment:{name}"), "yes");
        }
        if let Some(behalf) = &wire.behalf {
            fields = fields
                .one(AS, &behalf.way)
                .one(NAME, &behalf.name)
                .one(NUMBER_KIND, &behalf.number_kind)
                .one(NUMBER, &behalf.number)
                .one(&format!("{KEPT}{PAPER}"), &behalf.paper);
        }
        if wire.on_paper { fields.one(ON_PAPER, "yes").0 } else { fields.0 }
    }
}

impl From<&ChoiceWire> for Posted {
    fn from(wire: &ChoiceWire) -> Self {
        let fields = Fields::default()
            .answers(&wire.answers)
            .one("step", &wire.step)
            .one("outcome", &wire.outcome)
            .one("reasons", &wire.reasons)
            .all("rule", &wire.rules);
        let items = wire.items.iter();
        let asked = |fields: Fields, item: &ItemWire| {
            fields.one("items", &item.item).one(&note_of(&item.item), &item.note)
        };
        items.fold(fields, asked).0
    }
}

impl From<&OpinionWire> for Posted {
    fn from(wire: &OpinionWire) -> Self {
        Fields::default()
            .answers(&wire.answers)
            .one("step", &wire.step)
            .one("part", &wire.part)
            .one("answer", &wire.answer)
            .one("reasons", &wire.reasons)
            .all("rule", &wire.rules)
            .0
    }
}

impl From<&ResumptionWire> for Posted {
    fn from(wire: &ResumptionWire) -> Self {
        Fields::default().one("reasons", &wire.reasons).0
    }
}

impl From<&WithdrawalWire> for Posted {
    fn from(wire: &WithdrawalWire) -> Self {
        Fields::default().one("reasons", &wire.reasons).0
    }
}

impl From<&SupplyWire> for Posted {
    fn from(wire: &SupplyWire) -> Self {
        Fields::default().answers(&wire.answers).materials(&wire.materials).0
    }
}

impl From<&AppealWire> for Posted {
    fn from(wire: &AppealWire) -> Self {
        Fields::default()
            .one("decision", &wire.decision.to_string())
            .one("remedy", &wire.remedy)
            .one("grounds", &wire.grounds)
            .0
    }
}

impl From<&RulingWire> for Posted {
    fn from(wire: &RulingWire) -> Self {
        Fields::default().yes_or_no("upheld", wire.upheld).one("reasons", &wire.reasons).0
    }
}

impl From<&ServiceWire> for Posted {
    fn from(wire: &ServiceWire) -> Self {
        Fields::default()
            .one("decision", &wire.decision.to_string())
            .one("way", &wire.way)
            .one("on", &wire.on)
            .one("proof", &wire.proof)
            .0
    }
}

impl From<&ObjectionWire> for Posted {
    fn from(wire: &ObjectionWire) -> Self {
        Fields::default().one("officer", &wire.officer).one("grounds", &wire.grounds).0
    }
}

impl From<&RecusalWire> for Posted {
    fn from(wire: &RecusalWire) -> Self {
        Fields::default()
            .one("officer", &wire.officer)
            .yes_or_no("aside", wire.aside)
            .one("reasons", &wire.reasons)
            .0
    }
}

impl From<&CorrectionWire> for Posted {
    fn from(wire: &CorrectionWire) -> Self {
        Fields::default().answers(&wire.fields).one("reasons", &wire.reasons).0
    }
}
