//! Why a program gets no answer: problem details (RFC 9457) with the number that the pages give, in
//! the language asked for, and with the places in the body that are at fault (RFC 6901).

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use base::{Language, Text};
use kernel::Refusal;
use serde::Serialize;
use store::SubmitError;
use utoipa::ToSchema;

use crate::web::{
    asking::OWN_WORDS,
    fault::Fault,
    pages::{
        behalf::{AS, NAME, NUMBER, PAPER},
        problem::Spoken,
    },
    visit::Visit,
    words::Words,
};

/// Why there is no answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemWire {
    /// The address of the page that explains the number.
    #[serde(rename = "type")]
    kind: String,
    /// What went wrong, in a few words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What it means here.
    detail: String,
    /// What to do next.
    next: String,
    /// The fault's number, the same for ever.
    number: u16,
    /// The places in the body that are at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ErrorWire>,
    /// The same in Chinese.
    says_zh: String,
    /// The same in English.
    says_en: String,
}

/// A place in a body that is at fault.
#[derive(Debug, Serialize, ToSchema)]
struct ErrorWire {
    /// Where it is, as a JSON pointer.
    pointer: String,
    /// What is wrong with it.
    detail: String,
}

/// A refusal with the places in the body that it is about.
#[derive(Debug, Clone)]
pub(crate) struct Pointed {
    /// The refusal.
    pub(crate) error: SubmitError,
    at: Vec<(String, Text)>,
}

impl Pointed {
    /// A refusal of a body whose answers stand under a name.
    pub(crate) fn of(error: SubmitError, answers: &str) -> Self {
        let says = error.says();
        let at = match &error {
            SubmitError::Refused(Refusal::Form(faults)) => faults
                .iter()
                .map(|fault| (pointer(&fault.path, answers), fault.reason.says.clone()))
                .collect(),
            SubmitError::Refused(Refusal::StillMissing(items)) => {
                let missing = Text::new("通知要求补正，请补齐", "was asked for; complete it");
                items.iter().map(|item| (pointer(item, answers), missing.clone())).collect()
            }
            SubmitError::Refused(Refusal::ReasonsMissing) => vec![("/reasons".to_owned(), says)],
            SubmitError::Refused(Refusal::SupplementItems(_) | Refusal::SupplementWidened(_)) => {
                vec![("/items".to_owned(), says)]
            }
            SubmitError::Refused(Refusal::ServiceDay) => vec![("/on".to_owned(), says)],
            SubmitError::Refused(Refusal::NoSuchOutcome(_)) => {
                vec![("/outcome".to_owned(), says)]
            }
            _ => Vec::new(),
        };
        Self { error, at }
    }
}

/// Where a question, a paper or a part of the act stands in a body.
fn pointer(path: &str, answers: &str) -> String {
    let part = path.replace('~', "~0").replace('/', "~1");
    match path {
        AS => "/behalf/as".to_owned(),
        NAME => "/behalf/name".to_owned(),
        NUMBER => "/behalf/number".to_owned(),
        PAPER => "/behalf/paper".to_owned(),
        own if OWN_WORDS.contains(&own) => format!("/{part}"),
        own if own.starts_with("commitment:") => "/commitments".to_owned(),
        own if own.contains('.') || answers == "fields" => format!("/{answers}/{part}"),
        _ => format!("/materials/{part}"),
    }
}

/// A fault as a program gets it.
pub(crate) fn answer(visit: &Visit, fault: &Fault) -> Response {
    let says = |language| {
        let Spoken { title, says, .. } = Spoken::of(Words(language), fault);
        format!("{title}: {says}")
    };
    let language = visit.words.0;
    let at = match fault {
        Fault::Pointed(pointed) => pointed.at.as_slice(),
        _ => &[],
    };
    let errors = at.iter().map(|(pointer, says)| ErrorWire {
        pointer: pointer.clone(),
        detail: says.to(language).to_owned(),
    });
    let Spoken { title, says: detail, next, .. } = Spoken::of(visit.words, fault);
    let wire = ProblemWire {
        kind: visit.app.documents.origin().to(&format!("/faults/{}", fault.number())),
        title,
        status: fault.status().as_u16(),
        detail,
        next,
        number: fault.number(),
        errors: errors.collect(),
        says_zh: says(Language::Zh),
        says_en: says(Language::En),
    };
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (fault.status(), kind, Json(wire)).into_response()
}
