//! From the words of a form to a command of the kernel.

use std::collections::BTreeMap;

use base::Name;
use kernel::{
    Actor, Command, Handed, PartyId, Refusal,
    command::{Answer, Choose, File, Serve, Supply},
    form::{self, Filled},
    ledger::{EntryNumber, Paper, Through},
    refusal::FormFault,
};
use pack::{
    language::scenario::StandsIn,
    model::{Applicant, Field, Mode, Need, Pack, Procedure},
};

use sha2::{Digest, Sha256};

use crate::{
    paper,
    stage::{Deed, Handing, Who},
};

/// Personal answers by whose they are: the party, the question, the text.
pub type Personal = Vec<(PartyId, String, String)>;

/// The actor behind somebody.
pub fn actor(who: &Who) -> Actor {
    match who {
        Who::Applicant(party, _) => Actor::Party(*party),
        Who::Officer(party, body) => Actor::Officer(*party, body.clone()),
    }
}

/// The command that a deed means, with the personal answers it must not carry.
///
/// # Errors
/// The refusal of a form that cannot be read.
pub fn command(
    pack: &Pack,
    procedure: Option<&Name>,
    who: &Who,
    deed: Deed,
) -> Result<(Command, Personal), Refusal> {
    match deed {
        Deed::File { .. } => filing(pack, who, deed),
        Deed::Supply { answers, papers } => {
            let procedure = procedure.and_then(|name| pack.procedures.get(name));
            let procedure = procedure.ok_or(Refusal::NoSuchCase)?;
            let filled = form::read(pack, procedure, &answers).map_err(Refusal::Form)?;
            let personal = personal(&filled, &subjects(procedure, who.party()));
            let supply = Supply { facts: filled.facts, materials: handed(&papers) };
            Ok((Command::Supply(supply), personal))
        }
        Deed::Choose { step, outcome, reasons, items, answers } => {
            let chosen = procedure.and_then(|name| pack.procedures.get(name));
            let chosen = chosen.and_then(|procedure| procedure.outcome(&step, &outcome));
            let asks = chosen.map(|outcome| outcome.asks.as_slice()).unwrap_or_default();
            let facts = form::read_sections(pack, asks, &answers).map_err(Refusal::Form)?.facts;
            Ok((Command::Choose(Choose { step, outcome, reasons, items, facts }), Vec::new()))
        }
        Deed::Answer { step, part, answer, reasons, answers } => {
            let given = procedure.and_then(|name| pack.procedures.get(name));
            let given = given.and_then(|p| p.review(step.as_str())?.answer(&answer));
            let asks = given.map(|answer| answer.asks.as_slice()).unwrap_or_default();
            let facts = form::read_sections(pack, asks, &answers).map_err(Refusal::Form)?.facts;
            Ok((Command::Answer(Answer { step, part, answer, reasons, facts }), Vec::new()))
        }
        Deed::Draft { step, text } => Ok((Command::Draft { step, text }, Vec::new())),
        Deed::Resume { reasons } => Ok((Command::Resume { reasons }, Vec::new())),
        Deed::Withdraw { reasons } => Ok((Command::Withdraw { reasons }, Vec::new())),
        Deed::Appeal { decision, remedy, grounds } => {
            let decision = EntryNumber(decision);
            Ok((Command::Appeal { decision, remedy, grounds }, Vec::new()))
        }
        Deed::Rule { upheld, reasons } => Ok((Command::Rule { upheld, reasons }, Vec::new())),
        Deed::Serve { decision, way, on, proof } => {
            let decision = EntryNumber(decision);
            Ok((Command::Serve(Serve { decision, way, on, proof }), Vec::new()))
        }
        Deed::AskRecusal { officer, grounds } => {
            Ok((Command::AskRecusal { officer, grounds }, Vec::new()))
        }
        Deed::Recuse { officer, aside, reasons } => {
            Ok((Command::Recuse { officer, aside, reasons }, Vec::new()))
        }
        Deed::Correct { field, to, reasons } => {
            let procedure = procedure.and_then(|name| pack.procedures.get(name));
            let fields = corrected(pack, procedure, &field, &to)?;
            Ok((Command::Correct { fields, reasons }, Vec::new()))
        }
    }
}

fn filing(pack: &Pack, who: &Who, deed: Deed) -> Result<(Command, Personal), Refusal> {
    let Deed::File { procedure: name, answers, papers, commits, behalf, on_paper } = deed else {
        return Err(Refusal::NotNow);
    };
    let procedure =
        pack.procedures.get(&name).ok_or_else(|| Refusal::NoSuchProcedure(name.to_string()))?;
    let filled = form::read(pack, procedure, &answers).map_err(Refusal::Form)?;
    let applicant = behalf.as_ref().map_or(who, |behalf| &behalf.of);
    let subjects = subjects(procedure, applicant.party());
    let kind = match applicant {
        Who::Applicant(_, kind) => *kind,
        Who::Officer(..) => Applicant::Body,
    };
    let personal = personal(&filled, &subjects);
    let file = File {
        procedure: name,
        applicant: applicant.party(),
        kind,
        subjects,
        facts: filled.facts,
        materials: handed(&papers),
        commitments: commits,
        through: through(behalf.as_ref().map(|behalf| behalf.stands_in)),
        on_paper,
        signed: None,
    };
    Ok((Command::File(file), personal))
}

/// Through whom the applicant files, with the paper that shows it.
fn through(stands_in: Option<StandsIn>) -> Through {
    let shown = || Paper {
        mode: Mode::Upload,
        digest: Sha256::digest(paper::invented(paper::STANDING_IN)).to_vec(),
    };
    match stands_in {
        None => Through::Own,
        Some(StandsIn::Agent) => Through::Agent(shown()),
        Some(StandsIn::Guardian) => Through::Guardian(shown()),
        Some(StandsIn::Counter) => Through::Counter,
    }
}

/// A reference for each person the form asks about, made from the applicant's so that a story
/// comes out the same each time.
fn subjects(procedure: &Procedure, applicant: PartyId) -> BTreeMap<Name, PartyId> {
    let about = procedure.form.iter().filter(|section| section.subject.is_some());
    about
        .zip(1_u8..)
        .map(|(section, index)| {
            let mut bytes = applicant.0;
            bytes[0] = index;
            (section.name.clone(), PartyId(bytes))
        })
        .collect()
}

fn personal(filled: &Filled, subjects: &BTreeMap<Name, PartyId>) -> Personal {
    let whose = |path: &str| {
        let section = path.split('.').next().unwrap_or_default();
        subjects.iter().find(|(name, _)| name.as_str() == section).map(|(_, party)| *party)
    };
    let personal = filled.personal.iter();
    personal.filter_map(|(path, text)| Some((whose(path)?, path.clone(), text.clone()))).collect()
}

/// The papers as sent.
fn handed(papers: &Handing) -> Handed {
    let digest = |name: &Name, mode: Mode| match mode {
        Mode::Upload => Sha256::digest(paper::invented(name)).to_vec(),
        Mode::Shared => Vec::new(),
    };
    let papers = papers.iter();
    papers
        .map(|(name, mode)| (name.clone(), Paper { mode: *mode, digest: digest(name, *mode) }))
        .collect()
}

fn corrected(
    pack: &Pack,
    procedure: Option<&Procedure>,
    name: &Name,
    to: &str,
) -> Result<kernel::register::Fields, Refusal> {
    let nothing = || Refusal::NothingToCorrect(vec![name.to_string()]);
    let register = procedure.and_then(|p| pack.registers.get(&p.register)).ok_or_else(nothing)?;
    let written = register.fields.iter().find(|field| field.name == *name).ok_or_else(nothing)?;
    let field = Field {
        path: name.to_string(),
        title: written.title.clone(),
        hint: None,
        input: written.input.clone(),
        need: Need::Always,
        personal: false,
        at_least: None,
        at_most: None,
    };
    let unfit = |reason| Refusal::Form(vec![FormFault { path: name.to_string(), reason }]);
    let value = form::read_answer(pack, &field, &[to]).map_err(unfit)?;
    Ok([(name.clone(), value)].into())
}
