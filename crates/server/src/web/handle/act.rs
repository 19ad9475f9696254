//! Acting on a case: each form becomes one command. A refusal brings the case back with its number,
//! its sentence and everything that was written; nothing has changed then.

use std::collections::BTreeMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::{Reason, Text};
use kernel::{Refusal, refusal::FormFault};
use store::SubmitError;

use super::{
    apply::{handed, next_key},
    case::Loaded,
};
use crate::web::{
    asking::{self, Asked, OWN_WORDS, Reads, Unasked},
    fault::{Fault, Refused, numbered},
    possible::Attempt,
    posted::{Posted, Received, Sent},
    question::{Before, FaultLine},
    visit::{AsOfficer, SignedIn, page},
};

/// Chooses an outcome at the stage the case is at.
pub(in crate::web) async fn choose(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "choose", posted, asking::choose).await
}

/// Answers for the officer's body in a review.
pub(in crate::web) async fn answer(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "answer", posted, asking::answer).await
}

/// Lets a stopped clock go on.
pub(in crate::web) async fn resume(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "resume", posted, asking::resume).await
}

/// Gives the application up.
pub(in crate::web) async fn withdraw(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "withdraw", posted, asking::withdraw).await
}

/// Challenges a decision.
pub(in crate::web) async fn appeal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "appeal", posted, asking::appeal).await
}

/// Rules on a challenge.
pub(in crate::web) async fn rule(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "rule", posted, asking::rule).await
}

/// Serves a decision otherwise than through the portal.
pub(in crate::web) async fn serve(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "serve", posted, asking::serve).await
}

/// Asks that an officer stand aside.
pub(in crate::web) async fn ask_recusal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "ask-recusal", posted, asking::ask_recusal).await
}

/// Stands aside, or decides whether a colleague does.
pub(in crate::web) async fn recuse(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "recuse", posted, asking::recuse).await
}

/// Corrects a slip in the entry the case made.
pub(in crate::web) async fn correct(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    acted(who, &id, "correct", posted, asking::correct_changed).await
}

/// Hands in what a supplement notice asked for.
pub(in crate::web) async fn supply(
    who: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let mut posted = match sent.in_parts(&loaded.visit) {
        Received::Whole(posted) => posted,
        Received::Cut { posted, fault } => {
            return sent_back(&loaded, "supply", &posted, Refusal::Form(vec![fault]).into());
        }
        Received::Not(response) => return Ok(*response),
    };
    let (materials, unfit) = handed(&loaded.visit, loaded.procedure()?, &mut posted).await?;
    let asked = match unfit.is_empty() {
        true => asking::supply(&loaded, &posted, materials),
        false => Err(unfit.into()),
    };
    carry_out(&loaded, "supply", &posted, asked).await
}

/// Does what a form asks.
async fn acted(
    who: impl Into<SignedIn>,
    id: &str,
    act: &str,
    posted: Posted,
    reads: Reads,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, id).await?;
    let asked = asking::asked(&loaded, &posted, reads);
    carry_out(&loaded, act, &posted, asked).await
}

/// Submits a command and shows the case as it stands then, or why nothing has changed.
async fn carry_out(
    loaded: &Loaded,
    act: &str,
    posted: &Posted,
    asked: Result<Asked, Unasked>,
) -> Result<Response, Fault> {
    let done = match asked {
        Ok(asked) => asking::submit(loaded, posted.key.clone(), None, asked).await,
        Err(Unasked::Fault(fault)) => return Err(fault),
        Err(Unasked::Refused(refusal)) => Err(refusal.into()),
    };
    match done {
        Ok(receipt) => {
            let address = format!("/cases/{}?done={}", receipt.case, receipt.last.0);
            Ok(Redirect::to(&loaded.visit.to(&address)).into_response())
        }
        Err(error) => sent_back(loaded, act, posted, error),
    }
}

/// The case again with what was written and what is wrong with it, each at its field.
fn sent_back(
    loaded: &Loaded,
    act: &str,
    posted: &Posted,
    error: SubmitError,
) -> Result<Response, Fault> {
    let (own, faults): (Vec<FormFault>, Vec<FormFault>) =
        faults(&error).into_iter().partition(|fault| OWN_WORDS.contains(&fault.path.as_str()));
    let says = Refused::of(&error, loaded.visit.words.0);
    let words = loaded.visit.words;
    let mut beside: Vec<FaultLine> =
        beside(loaded, (act, posted), &error, &says).into_iter().collect();
    beside.extend(own.iter().map(|fault| {
        let (anchor, title) = own_field((act, posted), &fault.path);
        let text = words.with_both("fault-line", &words.t(title), fault.reason.says.to(words.0));
        FaultLine { href: format!("#{anchor}"), text }
    }));
    let key = next_key(&error, posted);
    let status = Fault::from(error).status();
    let offers = loaded.offers();
    let before = Before { answers: &posted.answers, faults: &faults, offers };
    let mut shown = loaded.page(BTreeMap::new(), Attempt { act, before })?;
    let number = says.number;
    shown.refused = vec![says];
    shown.faults.extend(beside);
    shown.key = key;
    Ok(numbered(number, (status, page(&shown)?).into_response()))
}

/// The answers and papers that do not fit, or are not there.
fn faults(error: &SubmitError) -> Vec<FormFault> {
    match error {
        SubmitError::Refused(Refusal::Form(faults)) => faults.clone(),
        SubmitError::Refused(Refusal::StillMissing(items)) => {
            let says = Text::new("通知要求补正，请补齐", "was asked for; complete it");
            let missing = |item: &String| FormFault {
                path: item.clone(),
                reason: Reason { word: "still-missing", says: says.clone() },
            };
            items.iter().map(missing).collect()
        }
        _ => Vec::new(),
    }
}

/// Where on the page an act's own words are written, and what they are called.
fn own_field((act, posted): (&str, &Posted), name: &str) -> (String, &'static str) {
    match (act, name) {
        (_, "proof") => (format!("serve-proof-{}", posted.one("decision")), "serve-proof"),
        ("answer", _) => (format!("reasons-answer-{}", posted.one("part")), "reasons"),
        ("recuse", _) => (format!("reasons-recuse-{}", posted.one("officer")), "reasons"),
        ("appeal", _) => (format!("grounds-{}", posted.one("decision")), "grounds"),
        ("ask-recusal", _) => ("recusal-grounds".to_owned(), "grounds"),
        ("resume", _) => ("reasons-resume".to_owned(), "resume-reasons"),
        _ => (format!("reasons-{act}"), "reasons"),
    }
}

/// What is wrong with a field of the act itself, not of the form: its reasons, or what it asks for.
fn beside(
    loaded: &Loaded,
    (act, posted): (&str, &Posted),
    error: &SubmitError,
    says: &Refused,
) -> Option<FaultLine> {
    let SubmitError::Refused(refusal) = error else { return None };
    let (anchor, title) = match refusal {
        Refusal::ReasonsMissing if act == "serve" => own_field((act, posted), "proof"),
        Refusal::ReasonsMissing => own_field((act, posted), "reasons"),
        Refusal::ServiceDay => (format!("serve-on-{}", posted.one("decision")), "serve-on"),
        Refusal::SupplementItems(_) | Refusal::SupplementWidened(_) => {
            ("items-choose".to_owned(), "items-missing")
        }
        _ => return None,
    };
    let words = loaded.visit.words;
    let text = words.with_both("fault-line", &words.t(title), &says.says);
    Some(FaultLine { href: format!("#{anchor}"), text })
}
