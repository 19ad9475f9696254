//! Filing: the form is read whole, the competent body found, what admits a filing asked, and the
//! case goes to where it begins.

use std::collections::BTreeMap;

use base::{Name, Reason, Term};
use pack::model::{Applicant, Competent, Mode, Pack, Procedure, Target};
use rules::{Facts, Value, Verdict};

use super::{
    Changes, Moment, Snapshot, bodies,
    facts::{CaseFacts, Look, filing_facts},
    handled,
    run::Run,
};
use crate::{
    case::{Case, Deadline, Running, Standing},
    command::File,
    form,
    ledger::{Act, Actor, BodyId, CaseId, Entry, Filed, OnCase, PartyId, Through},
    refusal::{FormFault, Refusal, Unmet},
};

pub(super) fn file(
    pack: &Pack,
    snapshot: Snapshot<'_>,
    filing: &File,
    actor: &Actor,
    moment: Moment,
) -> Result<Changes, Refusal> {
    let procedure = pack
        .procedures
        .get(&filing.procedure)
        .ok_or_else(|| Refusal::NoSuchProcedure(filing.procedure.to_string()))?;
    may_file(procedure, filing, actor)?;
    let faults = form::faults(pack, procedure, &filing.facts, &filing.materials);
    if !faults.is_empty() {
        return Err(Refusal::Form(faults));
    }
    let look = Look::at(snapshot.entries, moment);
    let faults = look.unnamed(procedure.fields(), &filing.facts);
    if !faults.is_empty() {
        return Err(Refusal::Form(faults));
    }
    let mut facts = filing_facts(pack, &filing.facts, pack.zone.day_of(moment.at));
    look.add_to(&mut facts, pack, procedure);
    let faults = commitment_faults(procedure, filing, &facts);
    if !faults.is_empty() {
        return Err(Refusal::Form(faults));
    }
    let body = competent(pack, snapshot, procedure, &procedure.competent, &facts, moment)?;
    if let Some(nowhere) = bodies::unplaced(pack, procedure, &facts) {
        return Err(Refusal::NoCompetentBody(nowhere.of.clone()));
    }
    let counter = filing.through == Through::Counter;
    let own = procedure.applicant == [Applicant::Body];
    if (own || counter) && !is_officer_of(actor, &body) {
        return Err(Refusal::NotCompetent);
    }
    if filing.on_paper && pack.service.is_none() {
        return Err(Refusal::PackFault("service".to_owned()));
    }
    let applicant = party(pack, procedure, filing, &facts)?;
    let against_oneself = matches!(actor, Actor::Officer(officer, _) if *officer == applicant);
    if procedure.against.is_some() && against_oneself {
        return Err(Refusal::StandsAside);
    }
    must_be_admitted(pack, procedure, look, &mut facts, applicant)?;
    let settled = bodies::settled(procedure, &look, &filing.facts);
    let filed = Filed { applicant, settled, ..filed(pack, filing, body) };
    open(pack, snapshot, procedure, filed, actor, moment)
}

/// Refuses what the procedure does not admit, before there is a case: a condition that does not
/// hold, or of which it is not known whether it does.
fn must_be_admitted(
    pack: &Pack,
    procedure: &Procedure,
    look: Look<'_>,
    facts: &mut CaseFacts<'_>,
    applicant: PartyId,
) -> Result<(), Refusal> {
    if procedure.admits.is_empty() {
        return Ok(());
    }
    // What is looked up may be looked up by who applies, which was not settled before.
    facts.set("applicant", Value::Party(applicant.to_string()));
    look.add_to(facts, pack, procedure);
    let unmet = procedure.admits.iter().filter_map(|admits| {
        let missing = match admits.verdict(facts) {
            Verdict::True => return None,
            Verdict::False => Vec::new(),
            Verdict::Undetermined { missing } => missing.into_iter().collect(),
        };
        Some(Unmet { name: admits.name.clone(), says: admits.says.clone(), missing })
    });
    let unmet: Vec<Unmet> = unmet.collect();
    if unmet.is_empty() { Ok(()) } else { Err(Refusal::NotAdmitted(unmet)) }
}

/// Who the case is about: the applicant, or the holder of the entry against which a body acts.
fn party(
    pack: &Pack,
    procedure: &Procedure,
    filing: &File,
    facts: &dyn Facts,
) -> Result<PartyId, Refusal> {
    let Some(against) = &procedure.against else { return Ok(filing.applicant) };
    let register = procedure.entry_fields().find(|(path, _)| path == against);
    let register = register.and_then(|(_, register)| pack.registers.get(register));
    let held_by = register.and_then(|register| register.held_by.as_ref());
    let held_by = held_by.ok_or_else(|| Refusal::PackFault(against.clone()))?;
    match facts.fact(&format!("{against}.{held_by}")) {
        Some(Value::Party(party)) => {
            PartyId::parse(party).ok_or_else(|| Refusal::PackFault(against.clone()))
        }
        _ => Err(Refusal::NobodyHolds(against.clone())),
    }
}

fn may_file(procedure: &Procedure, filing: &File, actor: &Actor) -> Result<(), Refusal> {
    let open = procedure.applicant.contains(&filing.kind);
    if !open || !speaks(filing, actor) {
        return Err(Refusal::NotOpenToYou);
    }
    match filing.through.shown() {
        Some((word, paper)) if paper.mode != Mode::Upload || paper.digest.is_empty() => {
            Err(Refusal::Form(vec![form::missing(word)]))
        }
        _ => Ok(()),
    }
}

/// Whether it is for the actor to file so: everybody for itself or through another, officers for
/// their body or at the counter. Only a person has a guardian.
fn speaks(filing: &File, actor: &Actor) -> bool {
    let body = filing.kind == Applicant::Body;
    match (actor, &filing.through) {
        (Actor::Party(party), Through::Own) => *party == filing.applicant && !body,
        (Actor::Party(party), Through::Agent(_)) => *party != filing.applicant && !body,
        (Actor::Party(party), Through::Guardian(_)) => {
            *party != filing.applicant && filing.kind == Applicant::Person
        }
        (Actor::Officer(..), Through::Own) => body,
        (Actor::Officer(officer, _), Through::Counter) => *officer != filing.applicant && !body,
        _ => false,
    }
}

/// What is wrong with the commitments signed: there is none of that name, or it is not open to such
/// an applicant.
fn commitment_faults(procedure: &Procedure, filing: &File, facts: &dyn Facts) -> Vec<FormFault> {
    let unfit = |name: &Name| match procedure.commitments.get(name) {
        None => Some(form::not_asked(None)),
        Some(commitment) => {
            let open_to = commitment.open_to.as_ref()?;
            let open = open_to.verdict(facts) == Verdict::True;
            (!open).then(|| Reason { word: "not-open-to-you", says: open_to.says.clone() })
        }
    };
    let signed = filing.commitments.iter();
    signed
        .filter_map(|name| {
            Some(FormFault { path: form::commitment_path(name), reason: unfit(name)? })
        })
        .collect()
}

fn is_officer_of(actor: &Actor, body: &BodyId) -> bool {
    matches!(actor, Actor::Officer(_, own) if own == body)
}

/// The body competent for the place that the facts name, if it holds its office on the day.
pub(super) fn competent(
    pack: &Pack,
    snapshot: Snapshot<'_>,
    procedure: &Procedure,
    competent: &Competent,
    facts: &dyn Facts,
    moment: Moment,
) -> Result<BodyId, Refusal> {
    let refused = || Refusal::NoCompetentBody(competent.of.clone());
    let body = bodies::placed(pack, procedure, competent, facts).ok_or_else(refused)?;
    let day = pack.zone.day_of(moment.at);
    let known = snapshot.live.divisions.name(&body.division).is_some();
    match snapshot.live.body(&body.office, &body.division, day) {
        Some(_) if known => Ok(body),
        _ => Err(refused()),
    }
}

fn filed(pack: &Pack, filing: &File, body: BodyId) -> Filed {
    Filed {
        procedure: filing.procedure.clone(),
        pack: pack.hash,
        applicant: filing.applicant,
        subjects: filing.subjects.clone(),
        facts: filing.facts.clone(),
        materials: filing.materials.clone(),
        body,
        commitments: filing.commitments.clone(),
        settled: BTreeMap::new(),
        through: filing.through.clone(),
        on_paper: filing.on_paper,
        signed: filing.signed,
    }
}

/// The new case, gone to where somebody is awaited first, or to its end.
fn open(
    pack: &Pack,
    snapshot: Snapshot<'_>,
    procedure: &Procedure,
    filed: Filed,
    actor: &Actor,
    moment: Moment,
) -> Result<Changes, Refusal> {
    let fault = || Refusal::PackFault(procedure.begins.to_string());
    let act = Act::Filed(Box::new(filed));
    // Where it stands is only known once what it says can be asked, as that of a case.
    let at_first = Standing::At { step: procedure.begins.clone(), runs: at_once(pack, moment) };
    let entry = Entry {
        number: moment.next,
        at: moment.at,
        by: actor.clone(),
        case: Some(OnCase { id: CaseId(moment.next), standing: at_first }),
        act: act.clone(),
    };
    let case = Case::fold(None, &entry).ok_or_else(fault)?;
    let mut run = Run::on(pack, snapshot, &case, actor, moment)?;
    let begins = Target::Step(procedure.begins.clone());
    run.begin(act, &begins)?;
    handled::write_down(&mut run, None);
    Ok(run.finish())
}

/// A term that is over on the day it begins.
fn at_once(pack: &Pack, moment: Moment) -> Running {
    let (today, term) = (pack.zone.day_of(moment.at), Term::on_the_spot());
    let due = Deadline { on: today, at: pack.zone.end_of(today), provisional: false };
    Running { counted_from: today, term, due }
}
