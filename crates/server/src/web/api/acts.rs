//! Doing things to cases as a program: one address for each act, each permitted like the form that
//! does the same, read by the same code and decided by the same kernel.

use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Refusal, refusal::FormFault};
use pack::model::Section;
use serde::{Serialize, de::DeserializeOwned};
use store::{Receipt, SubmitError};
use utoipa::ToSchema;

use super::{
    problem::Pointed,
    sent::{Body, Once, digested, tagged},
    shape::{ActWire, acts},
    wire::{
        AnswerWire, Answers, AppealWire, ChoiceWire, CorrectionWire, DetailWire, ObjectionWire,
        OpinionWire, RecusalWire, ResumptionWire, RulingWire, ServiceWire, SupplyWire,
        WithdrawalWire,
    },
};
use crate::web::{
    asking::{self, Asked, Reads, Unasked, named},
    fault::Fault,
    handle::{
        apply::handed,
        case::{Loaded, revealed},
    },
    posted::Posted,
    visit::SignedIn,
};

/// That something was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoneWire {
    /// The case.
    case: u64,
    /// The first ledger entry that was made.
    first: u64,
    /// The last one: as of it the case stands now.
    last: u64,
    /// True where it had been done before under the same key, and nothing was done now.
    repeated: bool,
}

/// The answer to something that was done.
pub(crate) fn done(receipt: &Receipt) -> Response {
    let wire = DoneWire {
        case: receipt.case.0.0,
        first: receipt.first.0,
        last: receipt.last.0,
        repeated: receipt.repeated,
    };
    let place = [(header::LOCATION, format!("/api/cases/{}", receipt.case))];
    let answer = (StatusCode::CREATED, place, Json(wire)).into_response();
    tagged(&HeaderMap::new(), &receipt.last.0.to_string(), answer)
}

/// What a program sends to have one thing done to a case.
pub(crate) trait Deed: DeserializeOwned {
    /// How the fields that it stands for are read.
    const READS: Reads;
    /// Where its answers stand in the body.
    const ANSWERS: &'static str = "answers";

    /// The fields that a form would send.
    fn posted(&self) -> Posted;

    /// Its answers, and the questions they may answer.
    ///
    /// # Errors
    /// When it names what no pack has.
    fn asks<'a>(&'a self, _: &'a Loaded) -> Result<Option<(&'a Answers, Vec<&'a str>)>, Fault> {
        Ok(None)
    }
}

/// The questions of sections by name.
fn questions(sections: &[Section]) -> Vec<&str> {
    let fields = sections.iter().flat_map(|section| &section.fields);
    fields.map(|field| field.path.as_str()).collect()
}

impl Deed for ChoiceWire {
    const READS: Reads = asking::choose;

    fn posted(&self) -> Posted {
        self.into()
    }

    fn asks<'a>(&'a self, of: &'a Loaded) -> Result<Option<(&'a Answers, Vec<&'a str>)>, Fault> {
        let asked = asking::asked_by_outcome(of, &named(&self.step)?, &named(&self.outcome)?)?;
        Ok(Some((&self.answers, questions(asked))))
    }
}

impl Deed for OpinionWire {
    const READS: Reads = asking::answer;

    fn posted(&self) -> Posted {
        self.into()
    }

    fn asks<'a>(&'a self, of: &'a Loaded) -> Result<Option<(&'a Answers, Vec<&'a str>)>, Fault> {
        let asked = asking::asked_by_answer(of, &named(&self.step)?, &named(&self.answer)?)?;
        Ok(Some((&self.answers, questions(asked))))
    }
}

impl Deed for CorrectionWire {
    const READS: Reads = asking::correct;
    const ANSWERS: &'static str = "fields";

    fn posted(&self) -> Posted {
        self.into()
    }

    fn asks<'a>(&'a self, of: &'a Loaded) -> Result<Option<(&'a Answers, Vec<&'a str>)>, Fault> {
        let entry = of.case.entry.as_ref();
        let register = entry.and_then(|entry| of.pack.registers.get(&entry.register));
        let fields = register.into_iter().flat_map(|register| &register.fields);
        Ok(Some((&self.fields, fields.map(|field| field.name.as_str()).collect())))
    }
}

/// An act without answers to questions of the pack.
macro_rules! plain {
    ($($wire:ident $reads:ident)*) => {
        $(impl Deed for $wire {
            const READS: Reads = asking::$reads;

            fn posted(&self) -> Posted {
                self.into()
            }
        })*
    };
}

plain! {
    ResumptionWire resume
    WithdrawalWire withdraw
    AppealWire appeal
    RulingWire rule
    ServiceWire serve
    ObjectionWire ask_recusal
    RecusalWire recuse
}

/// Hands in what a supplement notice asked for.
pub(crate) async fn supply(
    who: SignedIn,
    Path(id): Path<String>,
    once: Once,
    Body(wire): Body<SupplyWire>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let procedure = loaded.procedure()?;
    let known: Vec<&str> = procedure.fields().map(|field| field.path.as_str()).collect();
    let papers: Vec<&str> = procedure.materials.iter().map(|own| own.name.as_str()).collect();
    let mut strange = foreign(&wire.answers, &known);
    strange.extend(unknown(wire.materials.keys(), &papers));
    let mut posted: Posted = (&wire).into();
    let (materials, unfit) = handed(&loaded.visit, procedure, &mut posted).await?;
    strange.extend(unfit);
    strange.extend(not_taken(&wire.materials, materials.keys().map(|name| name.as_str())));
    let asked = match strange.is_empty() {
        true => asking::supply(&loaded, &posted, materials),
        false => Err(strange.into()),
    };
    carry_out(&loaded, once, asked, "answers").await
}

/// Does one thing to a case.
pub(crate) async fn act<D: Deed>(
    who: SignedIn,
    Path(id): Path<String>,
    once: Once,
    Body(wire): Body<D>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let strange = match wire.asks(&loaded)? {
        Some((answers, known)) => foreign(answers, &known),
        None => Vec::new(),
    };
    let asked = match strange.is_empty() {
        true => asking::asked(&loaded, &wire.posted(), D::READS),
        false => Err(strange.into()),
    };
    carry_out(&loaded, once, asked, D::ANSWERS).await
}

/// Has a command carried out, once.
async fn carry_out(
    loaded: &Loaded,
    once: Once,
    asked: Result<Asked, Unasked>,
    answers: &'static str,
) -> Result<Response, Fault> {
    let asked = match asked {
        Ok(asked) => asked,
        Err(Unasked::Fault(fault)) => return Err(fault),
        Err(Unasked::Refused(refusal)) => return Err(refused(refusal.into(), answers)),
    };
    let seen = once.seen(loaded.case.last);
    match asking::submit(loaded, once.key, seen, asked).await {
        Ok(receipt) => Ok(done(&receipt)),
        Err(error) => Err(refused(error, answers)),
    }
}

/// A refusal with the places in the body that it is about.
pub(crate) fn refused(error: SubmitError, answers: &'static str) -> Fault {
    match Fault::from(error) {
        Fault::Refused(error) => Fault::Pointed(Box::new(Pointed::of(error, answers))),
        other => other,
    }
}

/// Answers to questions that are not asked: a program is told, where a form would have left them
/// out.
pub(crate) fn foreign(answers: &Answers, known: &[&str]) -> Vec<FormFault> {
    let odd = |answer: &AnswerWire| matches!(answer, AnswerWire::Several(all) if all.is_empty());
    let empty = answers.iter().filter(|(_, answer)| odd(answer)).map(|(path, _)| path);
    let strange = unknown(answers.keys(), known).into_iter();
    let empty = empty.filter(|path| known.contains(&path.as_str()));
    let says = base::Text::new("列表是空的", "is an empty list");
    let empty = empty.map(|path| FormFault {
        path: path.clone(),
        reason: base::Reason { word: "empty", says: says.clone() },
    });
    strange.chain(empty).collect()
}

/// Names that are not among the known ones.
pub(crate) fn unknown<'a>(
    names: impl Iterator<Item = &'a String>,
    known: &[&str],
) -> Vec<FormFault> {
    let says = base::Text::new("这里没有这一项", "is not asked for here");
    let strange = names.filter(|name| !known.contains(&name.as_str()));
    let fault = |name: &String| FormFault {
        path: name.clone(),
        reason: base::Reason { word: "not-asked", says: says.clone() },
    };
    strange.map(fault).collect()
}

/// The files that are none of those that the account has sent.
pub(crate) fn not_taken<'a>(
    sent: &super::wire::Materials,
    taken: impl Iterator<Item = &'a str>,
) -> Vec<FormFault> {
    let taken: Vec<&str> = taken.collect();
    let says = base::Text::new(
        "不是本账户用 `POST /api/files` 发送的文件；请先发送文件",
        "is no file that this account sent by `POST /api/files`; send it first",
    );
    let lost = sent.keys().filter(|name| !taken.contains(&name.as_str()));
    let fault = |name: &String| FormFault {
        path: name.clone(),
        reason: base::Reason { word: "no-file", says: says.clone() },
    };
    lost.map(fault).collect()
}

/// What can be done to a case now, each with what it asks for.
pub(crate) async fn possible(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let wire: Vec<ActWire> = acts(&loaded)?;
    digested(&headers, &wire)
}

/// A personal detail, opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenedWire {
    /// The question it answers.
    path: String,
    /// The answer; none where it was erased.
    text: Option<String>,
}

/// Opens one personal detail; who read it and when is logged.
pub(crate) async fn reveal(
    who: SignedIn,
    Path(id): Path<String>,
    Body(wire): Body<DetailWire>,
) -> Result<Json<OpenedWire>, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let text = revealed(&loaded, &wire.path).await?;
    Ok(Json(OpenedWire { path: wire.path, text }))
}

/// That a form fault is one of the body as a whole.
pub(crate) fn form(faults: Vec<FormFault>) -> Fault {
    refused(Refusal::Form(faults).into(), "answers")
}
