//! Applying: the form is read, personal details go to the vault, and the rest becomes a case.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::{Path, Query as Asked},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::Name;
use kernel::{
    Command, PartyId, Refusal,
    command::{File, Handed, uploaded},
    form::{self, Answers, Filled},
    ledger::{Paper, Through},
    refusal::FormFault,
};
use pack::model::{Applicant, Input, Mode, Pack, Procedure, Section};
use store::{Personal, Submission, SubmitError};

use super::{
    behalf::{self, Behalf},
    findings::taken,
    name,
};
use crate::web::{
    app::Role,
    draft::odd_answers,
    entries::Offers,
    fault::{Fault, Refused, numbered},
    intake::{self, Unfit},
    pages::{
        apply::{ApplyPage, KIND},
        behalf::ON_PAPER,
    },
    paper,
    posted::{Posted, Received, Sent},
    question::Before,
    session::{derived, hex, random, unhex},
    visit::{SignedIn, Visit, page},
};

/// Answers about papers, not to questions; no question has a colon in its name.
pub(crate) const SHARED: &str = "shared:";
pub(crate) const KEPT: &str = "kept:";

/// The form, empty but for the entries that its address names, as a link from an entry does.
pub(in crate::web) async fn ask(
    who: SignedIn,
    Path(procedure): Path<String>,
    Asked(query): Asked<BTreeMap<String, String>>,
) -> Result<Response, Fault> {
    let procedure = known(who.visit.pack(), &procedure)?;
    let counter = at_counter(procedure, &who.role);
    let named = |path: &str| {
        procedure.takes_up.first().is_some_and(|own| own == path)
            || procedure.entry_fields().any(|(own, _)| own == path)
    };
    let named = query.into_iter().filter(|(path, _)| named(path));
    let named: Answers = named.map(|(path, key)| (path, vec![key])).collect();
    let (visit, fields) = (&who.visit, procedure.fields());
    let offers = Offers::load(visit, visit.shown(), fields, &who.role).await?;
    let before = Before { answers: &named, faults: &[], offers: &offers };
    let rest = (random(), counter);
    let mut shown = ApplyPage::of(visit.frame(), visit.shown(), procedure, before, rest);
    behalf::offer_given(&who, &procedure.name, before, &mut shown).await?;
    page(&shown)
}

pub(crate) fn known<'p>(pack: &'p Pack, text: &str) -> Result<&'p Procedure, Fault> {
    pack.procedures.get(&name(text)?).ok_or(Fault::NoSuchPage)
}

/// Whether an officer writes down at the counter what somebody applies for; what bodies may start,
/// an officer starts for the body.
pub(crate) fn at_counter(procedure: &Procedure, role: &Role) -> bool {
    matches!(role, Role::Officer { .. }) && !procedure.applicant.contains(&Applicant::Body)
}

/// Files a case, or brings the form back with what does not fit.
pub(in crate::web) async fn file(
    who: SignedIn,
    Path(procedure): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let procedure = known(visit.pack(), &procedure)?;
    let counter = at_counter(procedure, &who.role);
    let mut posted = match sent.in_parts(visit) {
        Received::Whole(posted) => posted,
        Received::Cut { posted, fault } => {
            let refusal = Refusal::Form(vec![fault]);
            return sent_back(&who, procedure, &posted, refusal.into()).await;
        }
        Received::Not(response) => return Ok(*response),
    };
    let submission = match prepared(&who, procedure, counter, &mut posted).await? {
        Ok(submission) => submission,
        Err(faults) => {
            return sent_back(&who, procedure, &posted, Refusal::Form(faults).into()).await;
        }
    };
    match visit.app.store.submit(submission).await {
        Ok(receipt) => {
            let address = format!("/cases/{}?done={}", receipt.case, receipt.last.0);
            Ok(Redirect::to(&visit.to(&address)).into_response())
        }
        Err(error) => sent_back(&who, procedure, &posted, error).await,
    }
}

/// A filing by what a form sent, or everything that does not fit.
pub(crate) async fn prepared(
    who: &SignedIn,
    procedure: &Procedure,
    counter: bool,
    posted: &mut Posted,
) -> Result<Result<Submission, Vec<FormFault>>, Fault> {
    let (materials, mut faults) = handed(&who.visit, procedure, posted).await?;
    let (behalf, unfit) = Behalf::read(who, (&procedure.name, counter), posted).await?;
    faults.extend(unfit);
    faults.extend(taken::unfit(&who.visit, procedure, &kept(posted)).await?);
    match read(who.visit.pack(), procedure, posted, &materials) {
        Ok(filled) if faults.is_empty() => {
            submission(who, procedure, posted, filled, (materials, behalf)).await.map(Ok)
        }
        read => {
            let missing = read.err().into_iter().flatten();
            // Of a file that was not taken it is said why, not that it is missing.
            let said: Vec<String> = faults.iter().map(|fault| fault.path.clone()).collect();
            faults.extend(missing.filter(|fault| !said.contains(&fault.path)));
            Ok(Err(faults))
        }
    }
}

/// The answers to the form's questions among everything that was sent.
pub(crate) fn kept(posted: &Posted) -> Answers {
    let question = |name: &String| !name.contains(':');
    let answers = posted.answers.iter().filter(|(name, _)| question(name));
    answers.map(|(name, answers)| (name.clone(), answers.clone())).collect()
}

/// The form read whole, with everything that is missing named at once.
fn read(
    pack: &Pack,
    procedure: &Procedure,
    posted: &Posted,
    materials: &Handed,
) -> Result<Filled, Vec<FormFault>> {
    let answers = kept(posted);
    let (filled, mut faults) = match form::read(pack, procedure, &answers) {
        Ok(filled) => (filled, Vec::new()),
        Err(faults) => (Filled::default(), faults),
    };
    faults.extend(odd_answers(&answers));
    let blank = |path: &str| {
        let given = answers.get(path).into_iter().flatten();
        given.into_iter().all(|answer| answer.trim().is_empty())
    };
    let open = form::faults(pack, procedure, &filled.facts, materials);
    faults.extend(open.into_iter().filter(|fault| blank(&fault.path)));
    if faults.is_empty() { Ok(filled) } else { Err(in_order(procedure, faults)) }
}

/// Faults in the order of the form, so that the list reads like the page.
fn in_order(procedure: &Procedure, mut faults: Vec<FormFault>) -> Vec<FormFault> {
    let questions = procedure.fields().map(|field| field.path.as_str());
    let papers = procedure.materials.iter().map(|material| material.name.as_str());
    let order: Vec<&str> = questions.chain(papers).collect();
    faults.sort_by_key(|fault| order.iter().position(|path| *path == fault.path));
    faults
}

/// The papers handed in with a form, and the files that were not taken. Files are kept at once, so
/// that a form that comes back need not be given them again.
pub(crate) async fn handed(
    visit: &Visit,
    procedure: &Procedure,
    posted: &mut Posted,
) -> Result<(Handed, Vec<FormFault>), Fault> {
    let (mut handed, mut faults) = (Handed::new(), Vec::new());
    for material in &procedure.materials {
        let word = material.name.as_str();
        if let Some(digest) = sent(visit, posted, word, &mut faults).await? {
            handed.insert(material.name.clone(), uploaded(digest));
        } else if posted.one(&format!("{SHARED}{word}")) == "yes" {
            let paper = Paper { mode: Mode::Shared, digest: Vec::new() };
            handed.insert(material.name.clone(), paper);
        }
    }
    Ok((handed, faults))
}

/// The digest of a paper sent now, or before by this session.
pub(super) async fn sent(
    visit: &Visit,
    posted: &mut Posted,
    word: &str,
    faults: &mut Vec<FormFault>,
) -> Result<Option<[u8; 32]>, Fault> {
    let secret = &visit.app.secret;
    let name = format!("{KEPT}{word}");
    if let Some(bytes) = posted.files.get(word) {
        let called = posted.called.get(word).map(String::as_str).unwrap_or_default();
        if let Err(unfit) = passed(visit, bytes, called).await? {
            faults.push(FormFault { path: word.to_owned(), reason: unfit.reason() });
            return Ok(None);
        }
        let digest = paper::keep(&visit.app.papers, bytes).await?;
        let ticket = visit.session.ticket(secret, &hex(&digest));
        posted.answers.insert(name, vec![format!("{}.{ticket}", hex(&digest))]);
        return Ok(Some(digest));
    }
    let held = posted.one(&name).split_once('.');
    let held = held.filter(|(digest, ticket)| visit.session.holds(secret, digest, ticket));
    let digest = held.and_then(|(digest, _)| unhex(digest)?.try_into().ok());
    if digest.is_none() {
        posted.answers.remove(&name);
    }
    Ok(digest)
}

/// Whether a file that came with a form is taken.
async fn passed(visit: &Visit, bytes: &[u8], called: &str) -> Result<Result<(), Unfit>, Fault> {
    let path = paper::waiting(&visit.app.papers, bytes).await?;
    let looked = intake::examined(&visit.app.scanner, path.clone(), called.to_owned()).await;
    tokio::fs::remove_file(&path).await.map_err(|error| Fault::broken(&error))?;
    Ok(looked.map(drop))
}

/// The filing as it goes to the store.
async fn submission(
    who: &SignedIn,
    procedure: &Procedure,
    posted: &Posted,
    filled: Filled,
    (materials, behalf): (Handed, Behalf),
) -> Result<Submission, Fault> {
    let visit = &who.visit;
    let applicant = behalf.applicant(who, posted).await?;
    let kind = match (&who.role, &behalf.through) {
        (Role::Officer { .. }, Through::Own) => Applicant::Body,
        _ => behalf.kind(kind(procedure, posted.one(KIND))),
    };
    let subjects = subjects(visit, procedure, &posted.key, &filled).await?;
    let mut personal = personal(&filled, &subjects, applicant);
    personal.extend(behalf.personal(applicant));
    let command = Command::File(File {
        procedure: procedure.name.clone(),
        applicant,
        kind,
        subjects,
        facts: filled.facts,
        materials,
        commitments: signed(procedure, posted),
        through: behalf.through,
        on_paper: posted.one(ON_PAPER) == "yes",
        signed: None,
    });
    let (key, actor, at) = (posted.key.clone(), who.actor(), visit.now);
    Ok(Submission { key, actor, at, case: None, seen: None, command, personal })
}

/// The promises ticked on the form.
fn signed(procedure: &Procedure, posted: &Posted) -> BTreeSet<Name> {
    let ticked = |name: &&Name| posted.one(&form::commitment_path(name)) == "yes";
    procedure.commitments.keys().filter(ticked).cloned().collect()
}

/// As what one applies: what the form says, whether or not the procedure is open to it, or else the
/// first way there is.
fn kind(procedure: &Procedure, word: &str) -> Applicant {
    let people = |kind: &&Applicant| **kind != Applicant::Body;
    let said = Applicant::ALL.iter().filter(people).find(|kind| kind.word() == word);
    let open = || procedure.applicant.iter().find(people);
    said.or_else(open).copied().unwrap_or(Applicant::Person)
}

/// The persons whose details the form gives. One with an identity number is the same person in
/// every case; one without is known by this submission only: sending it twice names nobody new.
async fn subjects(
    visit: &Visit,
    procedure: &Procedure,
    key: &str,
    filled: &Filled,
) -> Result<BTreeMap<Name, PartyId>, Fault> {
    let mut subjects = BTreeMap::new();
    for section in procedure.form.iter().filter(|section| section.subject.is_some()) {
        let word = section.name.as_str();
        let fresh = |words: &[&str]| {
            let words: Vec<&str> = ["subject", key, word].iter().chain(words).copied().collect();
            PartyId(derived(&visit.app.secret, &words))
        };
        let party = match identity(section, filled) {
            Some((kind, number)) => {
                visit.app.store.party_for(kind, number, fresh(&[kind, number])).await?
            }
            None => fresh(&[]),
        };
        subjects.insert(section.name.clone(), party);
    }
    Ok(subjects)
}

/// The identity number that a section gives, with its kind.
fn identity<'a>(section: &'a Section, filled: &'a Filled) -> Option<(&'a str, &'a str)> {
    section.fields.iter().find_map(|field| match &field.input {
        Input::Identifier(kind) if field.personal => {
            Some((kind.as_str(), filled.personal.get(&field.path)?.as_str()))
        }
        _ => None,
    })
}

/// The personal answers with whose they are: the section's subject, else the applicant.
fn personal(
    filled: &Filled,
    subjects: &BTreeMap<Name, PartyId>,
    applicant: PartyId,
) -> Vec<Personal> {
    let owner = |path: &str| {
        let section = path.split('.').next().unwrap_or_default();
        subjects.get(section).copied().unwrap_or(applicant)
    };
    let detail = |(path, text): (&String, &String)| Personal {
        party: owner(path),
        path: path.clone(),
        text: text.clone(),
    };
    filled.personal.iter().map(detail).collect()
}

/// The form again with everything that was answered and what is wrong with it.
async fn sent_back(
    who: &SignedIn,
    procedure: &Procedure,
    posted: &Posted,
    error: SubmitError,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let faults = match &error {
        SubmitError::Refused(Refusal::Form(faults)) => faults.clone(),
        _ => Vec::new(),
    };
    let says = Refused::of(&error, visit.words.0);
    let key = next_key(&error, posted);
    let status: StatusCode = Fault::from(error).status();
    let offers = Offers::load(visit, visit.shown(), procedure.fields(), &who.role).await?;
    let before = Before { answers: &posted.answers, faults: &faults, offers: &offers };
    let counter = at_counter(procedure, &who.role);
    let mut shown = ApplyPage::of(visit.frame(), visit.shown(), procedure, before, (key, counter));
    behalf::offer_given(who, &procedure.name, before, &mut shown).await?;
    let number = says.number;
    shown.refused = vec![says];
    Ok(numbered(number, (status, page(&shown)?).into_response()))
}

/// The number of the next attempt: the same, so that an answer that was lost cannot make a second
/// case, unless the number itself was refused.
pub(super) fn next_key(error: &SubmitError, posted: &Posted) -> String {
    match error {
        SubmitError::KeyReused | SubmitError::KeyUnfit => random(),
        SubmitError::Refused(_)
        | SubmitError::Overloaded
        | SubmitError::Moved
        | SubmitError::Store(_) => posted.key.clone(),
    }
}
