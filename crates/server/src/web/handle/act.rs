//! Acting on a case: each form becomes one command. A refusal brings the case back with its number,
//! its sentence and everything that was written; nothing has changed then.

use std::collections::BTreeMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::{Date, Name, Reason, Text};
use kernel::{
    Command, EntryNumber, PartyId, Refusal,
    command::{Answer, Choose, Serve, Supply},
    form,
    refusal::FormFault,
    register::Fields,
};
use pack::model::{Procedure, Section};
use rules::Value;
use store::{Personal, Submission, SubmitError};

use super::{
    apply::{handed, kept, next_key},
    case::Loaded,
};
use crate::web::{
    draft::odd_answers,
    fault::{Fault, Refused, numbered},
    possible::{Attempt, note_of},
    posted::{Posted, Received, Sent},
    question::{Before, FaultLine, answerable, as_question},
    visit::{AsOfficer, SignedIn, page},
};

/// A command that a form stands for, with the personal details that go with it.
struct Asked {
    command: Command,
    personal: Vec<Personal>,
}

impl From<Command> for Asked {
    fn from(command: Command) -> Self {
        Self { command, personal: Vec::new() }
    }
}

/// Chooses an outcome at the stage the case is at.
pub(in crate::web) async fn choose(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let (step, outcome) = (named(posted.one("step"))?, named(posted.one("outcome"))?);
    let chosen = loaded.procedure()?.outcome(&step, &outcome);
    let asks = chosen.map(|outcome| outcome.asks.as_slice()).unwrap_or_default();
    let read =
        filled(&loaded, asks, &posted).and_then(|facts| Ok((facts, written(&loaded, &posted)?)));
    match read {
        Ok((facts, reasons)) => {
            let items = posted.all("items");
            let choice = Choose { step, outcome, reasons, items, facts };
            carry_out(&loaded, "choose", &posted, Command::Choose(choice).into()).await
        }
        Err(faults) => sent_back(&loaded, "choose", &posted, Refusal::Form(faults).into()),
    }
}

/// Answers for the officer's body in a review.
pub(in crate::web) async fn answer(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let (step, part) = (named(posted.one("step"))?, named(posted.one("part"))?);
    let answer = named(posted.one("answer"))?;
    let given = loaded.procedure()?.review(step.as_str());
    let given = given.and_then(|review| review.answer(&answer));
    let asks = given.map(|answer| answer.asks.as_slice()).unwrap_or_default();
    let read =
        filled(&loaded, asks, &posted).and_then(|facts| Ok((facts, written(&loaded, &posted)?)));
    match read {
        Ok((facts, reasons)) => {
            let answer = Answer { step, part, answer, reasons, facts };
            carry_out(&loaded, "answer", &posted, Command::Answer(answer).into()).await
        }
        Err(faults) => sent_back(&loaded, "answer", &posted, Refusal::Form(faults).into()),
    }
}

/// The reasons of an act, put together from the rules that were picked, the officer's own words and
/// what is wrong with each item that is asked for.
fn written(loaded: &Loaded, posted: &Posted) -> Result<String, Vec<FormFault>> {
    let (shown, words) = (loaded.shown(), loaded.visit.words);
    let procedure = loaded.procedure().ok();
    let rules = posted.all("rule");
    let picked = procedure.into_iter().flat_map(|own| &own.requires);
    let picked = picked.filter(|own| rules.iter().any(|rule| rule == own.name.as_str()));
    let picked = picked.map(|own| {
        let says = own.says.to(words.0);
        words.with_both("reason-by-rule", &shown.cited(&own.basis).text, says)
    });
    let own = Some(posted.one("reasons").trim().to_owned()).filter(|own| !own.is_empty());
    let items = posted.all("items");
    let notes = items.iter().filter_map(|item| {
        let note = posted.one(&note_of(item)).trim();
        let title = procedure.and_then(|own| item_title(own, item))?.to(words.0).to_owned();
        (!note.is_empty()).then(|| words.with_both("reason-of-item", &title, note))
    });
    let reasons: Vec<String> = picked.chain(own).chain(notes).collect();
    let reasons = reasons.join(words.t("reason-joint").as_str());
    let odd = odd_answers(&BTreeMap::from([("reasons".to_owned(), vec![reasons.clone()])]));
    if odd.is_empty() { Ok(reasons) } else { Err(odd) }
}

/// What an item is called that a supplement asks for: a paper, or a question.
fn item_title<'p>(procedure: &'p Procedure, item: &str) -> Option<&'p Text> {
    let paper = procedure.materials.iter().find(|own| own.name.as_str() == item);
    let fields = procedure.form.iter().flat_map(|section| &section.fields);
    let field = || fields.clone().find(|field| field.path == item).map(|field| &field.title);
    paper.map(|own| &own.title).or_else(field)
}

/// What was filled in of the sections asked; the page may ask for more, for other choices.
fn filled(
    loaded: &Loaded,
    asks: &[Section],
    posted: &Posted,
) -> Result<BTreeMap<String, Value>, Vec<FormFault>> {
    let fields = asks.iter().flat_map(|section| &section.fields);
    let answers = fields.map(|field| (field.path.clone(), posted.all(&field.path))).collect();
    let odd = odd_answers(&answers);
    if !odd.is_empty() {
        return Err(odd);
    }
    form::read_sections(&loaded.pack, asks, &answers).map(|filled| filled.facts)
}

/// Lets a stopped clock go on.
pub(in crate::web) async fn resume(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let command = Command::Resume { reasons: posted.one("reasons").to_owned() };
    carry_out(&loaded, "resume", &posted, command.into()).await
}

fn named(text: &str) -> Result<Name, Fault> {
    Name::new(text).map_err(|_| Fault::Unreadable)
}

/// Hands in what a supplement notice asked for.
pub(in crate::web) async fn supply(
    who: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let procedure = loaded.procedure()?;
    let mut posted = match sent.in_parts(&loaded.visit) {
        Received::Whole(posted) => posted,
        Received::Cut { posted, fault } => {
            return sent_back(&loaded, "supply", &posted, Refusal::Form(vec![fault]).into());
        }
        Received::Not(response) => return Ok(*response),
    };
    let (materials, unfit) = handed(&loaded.visit, procedure, &mut posted).await?;
    if !unfit.is_empty() {
        return sent_back(&loaded, "supply", &posted, Refusal::Form(unfit).into());
    }
    let answers = kept(&posted);
    let odd = odd_answers(&answers);
    if !odd.is_empty() {
        return sent_back(&loaded, "supply", &posted, Refusal::Form(odd).into());
    }
    match form::read(&loaded.pack, procedure, &answers) {
        Ok(filled) => {
            let personal = personal(&loaded, &filled.personal);
            let command = Command::Supply(Supply { facts: filled.facts, materials });
            carry_out(&loaded, "supply", &posted, Asked { command, personal }).await
        }
        Err(faults) => sent_back(&loaded, "supply", &posted, Refusal::Form(faults).into()),
    }
}

/// The personal answers with whose they are.
fn personal(loaded: &Loaded, answers: &BTreeMap<String, String>) -> Vec<Personal> {
    let owner = |path: &str| {
        let section = path.split('.').next().unwrap_or_default();
        *loaded.case.subjects.get(section).unwrap_or(&loaded.case.applicant)
    };
    let detail = |(path, text): (&String, &String)| Personal {
        party: owner(path),
        path: path.clone(),
        text: text.clone(),
    };
    answers.iter().map(detail).collect()
}

/// Gives the application up.
pub(in crate::web) async fn withdraw(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let command = Command::Withdraw { reasons: posted.one("reasons").to_owned() };
    carry_out(&loaded, "withdraw", &posted, command.into()).await
}

/// Challenges a decision.
pub(in crate::web) async fn appeal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let decision = posted.one("decision").parse().map_err(|_| Fault::Unreadable)?;
    let command = Command::Appeal {
        decision: EntryNumber(decision),
        remedy: named(posted.one("remedy"))?,
        grounds: posted.one("grounds").to_owned(),
    };
    carry_out(&loaded, "appeal", &posted, command.into()).await
}

/// Rules on a challenge.
pub(in crate::web) async fn rule(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let upheld = match posted.one("upheld") {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::Unreadable),
    };
    let command = Command::Rule { upheld, reasons: posted.one("reasons").to_owned() };
    carry_out(&loaded, "rule", &posted, command.into()).await
}

/// Serves a decision otherwise than through the portal.
pub(in crate::web) async fn serve(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let decision = posted.one("decision").parse().map_err(|_| Fault::Unreadable)?;
    let Ok(on) = Date::parse(posted.one("on")) else {
        return sent_back(&loaded, "serve", &posted, Refusal::ServiceDay.into());
    };
    let command = Command::Serve(Serve {
        decision: EntryNumber(decision),
        way: named(posted.one("way"))?,
        on,
        proof: posted.one("proof").to_owned(),
    });
    carry_out(&loaded, "serve", &posted, command.into()).await
}

/// Asks that an officer stand aside.
pub(in crate::web) async fn ask_recusal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let officer = PartyId::parse(posted.one("officer")).ok_or(Fault::Unreadable)?;
    let grounds = posted.one("grounds").to_owned();
    let command = Command::AskRecusal { officer, grounds };
    carry_out(&loaded, "ask-recusal", &posted, command.into()).await
}

/// Stands aside, or decides whether a colleague does.
pub(in crate::web) async fn recuse(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let officer = PartyId::parse(posted.one("officer")).ok_or(Fault::Unreadable)?;
    let aside = match posted.one("aside") {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::Unreadable),
    };
    let reasons = posted.one("reasons").to_owned();
    let command = Command::Recuse { officer, aside, reasons };
    carry_out(&loaded, "recuse", &posted, command.into()).await
}

/// Corrects a slip in the entry the case made.
pub(in crate::web) async fn correct(
    who: AsOfficer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    match corrected(&loaded, &posted) {
        Ok(fields) => {
            let reasons = posted.one("reasons").to_owned();
            let command = Command::Correct { fields, reasons };
            carry_out(&loaded, "correct", &posted, command.into()).await
        }
        Err(faults) => sent_back(&loaded, "correct", &posted, Refusal::Form(faults).into()),
    }
}

/// The fields that were answered otherwise than the entry says now.
fn corrected(loaded: &Loaded, posted: &Posted) -> Result<Fields, Vec<FormFault>> {
    let entry = loaded.case.entry.as_ref();
    let register = entry.and_then(|entry| loaded.pack.registers.get(&entry.register));
    let said = loaded.version().map(|version| version.fields.clone()).unwrap_or_default();
    let mut fields = Fields::new();
    let mut faults = Vec::new();
    for field in register.into_iter().flat_map(|register| &register.fields) {
        let answers = posted.all(field.name.as_str());
        let given: Vec<&str> = answers.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect();
        if given.is_empty() || !answerable(&field.input) {
            continue;
        }
        match form::read_answer(&loaded.pack, &as_question(field), &given) {
            Ok(value) if said.get(&field.name) != Some(&value) => {
                fields.insert(field.name.clone(), value);
            }
            Ok(_) => {}
            Err(reason) => faults.push(FormFault { path: field.name.to_string(), reason }),
        }
    }
    if faults.is_empty() { Ok(fields) } else { Err(faults) }
}

/// Submits a command and shows the case as it stands then, or why nothing has changed.
async fn carry_out(
    loaded: &Loaded,
    act: &str,
    posted: &Posted,
    asked: Asked,
) -> Result<Response, Fault> {
    let own = OWN_WORDS.map(|name| (name.to_owned(), posted.all(name)));
    let odd = odd_answers(&BTreeMap::from(own));
    if !odd.is_empty() {
        return sent_back(loaded, act, posted, Refusal::Form(odd).into());
    }
    let submission = Submission {
        key: posted.key.clone(),
        actor: loaded.role.actor(),
        at: loaded.visit.now,
        case: Some(loaded.case.id),
        command: asked.command,
        personal: asked.personal,
    };
    match loaded.visit.app.store.submit(submission).await {
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

/// What an act asks to be told in somebody's own words, besides the questions of the pack.
const OWN_WORDS: [&str; 3] = ["reasons", "grounds", "proof"];

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
