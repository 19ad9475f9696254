//! What clients submit: cases as the city's invented people file them, and the acts that lead each
//! to its end. Every case is rehearsed once, so that what is measured afterwards is never refused.

use std::collections::BTreeMap;

use base::{Instant, Name};
use futures_util::future::join_all;
use kernel::{
    Actor, Case, CaseId, Command, PartyId, Standing,
    command::{Choose, File},
    decide::body_of,
};
use pack::model::{Applicant, By, Follows, Procedure};
use replay::city::{Answering, City, Due, Habits, Span};
use store::{Personal, Submission};

use super::town::{Town, failed, refused};
use crate::{cli::Stopped, web::Role};

/// How many different cases are rehearsed.
const CASES: usize = 512;
/// The most acts that lead a case to its end.
const ACTS_MAX: usize = 16;
/// The same people write the same forms each time.
const SEED: u64 = 2019;

/// A case from filing to end.
pub(crate) struct Work {
    filing: File,
    personal: Vec<Personal>,
    acts: Vec<(Actor, Choose)>,
    /// After how many acts the register has its entry.
    pub(crate) entered_after: usize,
}

impl Work {
    /// How many submissions lead to the end.
    pub(crate) fn steps(&self) -> usize {
        self.acts.len() + 1
    }

    /// An act after the filing, and by whom.
    pub(crate) fn act(&self, after: usize) -> Option<&(Actor, Choose)> {
        self.acts.get(after)
    }

    /// The submission of a step: the filing, then one act after the other.
    pub(crate) fn step(
        &self,
        step: usize,
        case: Option<CaseId>,
        key: String,
        at: Instant,
    ) -> Submission {
        match step.checked_sub(1).and_then(|act| self.acts.get(act)) {
            Some((actor, choose)) => Submission {
                key,
                actor: actor.clone(),
                at,
                case,
                seen: None,
                command: Command::Choose(choose.clone()),
                personal: Vec::new(),
            },
            None => self.filed(key, at),
        }
    }

    fn filed(&self, key: String, at: Instant) -> Submission {
        let (filing, personal) = (self.filing.clone(), self.personal.clone());
        let actor = Actor::Party(filing.applicant);
        Submission {
            key,
            actor,
            at,
            case: None,
            seen: None,
            command: Command::File(filing),
            personal,
        }
    }
}

/// Cases of the shortest procedure whose cases come to their end without a refusal, however often
/// they are filed: what may be had once only cannot be measured a million times.
pub(crate) async fn rehearsed(town: &Town) -> Result<Vec<Work>, Stopped> {
    let mut filings = filings(town);
    let mut procedures: Vec<&Procedure> = town.pack.procedures.values().collect();
    procedures.sort_by_key(|procedure| procedure.steps.len());
    for procedure in procedures {
        let Some(filed) = filings.remove(&procedure.name) else { continue };
        let mut work = filed;
        for round in 0..2 {
            work = rehearsed_once(town, (&procedure.name, round), work).await?;
        }
        if !work.is_empty() {
            eprintln!("{}: {} different cases", procedure.name, work.len());
            return Ok(work);
        }
    }
    Err(Stopped("no invented case comes to its end; try another pack".to_owned()))
}

/// The cases that come to their end this time.
async fn rehearsed_once(
    town: &Town,
    (procedure, round): (&Name, u32),
    filings: Vec<Work>,
) -> Result<Vec<Work>, Stopped> {
    let keyed = filings.into_iter().enumerate().map(|(index, work)| {
        let key = format!("rehearsal-{procedure}-{round}-{index}");
        rehearse(town, key, Work { acts: Vec::new(), ..work })
    });
    let tried: Result<Vec<Option<Work>>, Stopped> = join_all(keyed).await.into_iter().collect();
    Ok(tried?.into_iter().flatten().collect())
}

/// What people file, as they fill in the forms, by procedure.
fn filings(town: &Town) -> BTreeMap<Name, Vec<Work>> {
    let open = |procedure: &&Procedure| procedure.applicant != [Applicant::Body];
    let all = town.pack.procedures.values().filter(open);
    let text = |path| town.library.text(town.pack.name.as_str(), path).unwrap_or_default();
    let traits = (Habits::default(), Answering::from_csv(&text("demo/answers.csv")));
    // What is met on the first day is met on every later one.
    let (from, until) = (town.first.plus_days(-30).unwrap_or(town.first), town.at(0));
    let span = Span { cases: CASES * all.count(), lying: 0, from, until, seed: SEED };
    let mut city = City::new(&town.pack, traits, applicants(town), BTreeMap::new(), span);
    let mut filings: BTreeMap<Name, Vec<Work>> = BTreeMap::new();
    while city.goes_on() {
        for work in city.next(CASES, &|_| None).into_iter().filter_map(filing) {
            filings.entry(work.filing.procedure.clone()).or_default().push(work);
        }
    }
    filings
}

fn applicants(town: &Town) -> Vec<PartyId> {
    let people = town.app.people.0.iter();
    let parties = people.filter_map(|person| match &person.role {
        Role::Applicant { party } => Some(*party),
        Role::Officer { .. } => None,
    });
    parties.collect()
}

fn filing(due: Due) -> Option<Work> {
    let Command::File(filing) = due.command else { return None };
    let personal = due.personal.into_iter();
    let personal = personal.map(|(party, path, text)| Personal { party, path, text }).collect();
    Some(Work { filing, personal, acts: Vec::new(), entered_after: 0 })
}

/// Plays a case to its end, by the first outcome of each stage that asks for nothing more; none
/// when an act is refused or nothing is entered.
async fn rehearse(town: &Town, key: String, mut work: Work) -> Result<Option<Work>, Stopped> {
    let at = town.at(0);
    let (mut id, mut entered) = (None, None);
    for step in 0..ACTS_MAX {
        let key = format!("{key}-{step}");
        match town.store.submit(work.step(step, id, key, at)).await {
            Ok(receipt) => id = Some(receipt.case),
            Err(store::SubmitError::Refused(_)) => return Ok(None),
            Err(error) => return Err(refused(error)),
        }
        let Some(filed) = id else { return Ok(None) };
        let case = town.store.case(filed).await.map_err(failed)?;
        let Some(case) = case else { return Ok(None) };
        entered = entered.or_else(|| case.entry.as_ref().map(|_| step));
        match next(town, &case) {
            Some(act) => work.acts.push(act),
            None => break,
        }
    }
    Ok(entered.map(|entered_after| Work { entered_after, ..work }))
}

/// What is done next to a case, if anything is.
fn next(town: &Town, case: &Case) -> Option<(Actor, Choose)> {
    let Standing::At { step, .. } = &case.standing else { return None };
    let stage = town.pack.procedures.get(&case.procedure)?.stage(step.as_str())?;
    let actor = match &stage.by {
        By::Body(name) => {
            let body = body_of(&town.pack, case, name)?;
            Actor::Officer(*town.officers.get(&body)?, body)
        }
        By::Applicant | By::Clock => Actor::Party(case.applicant),
    };
    let mut outcomes = stage.outcomes.iter();
    let (outcome, _) = outcomes.find(|(_, outcome)| matches!(outcome.follows, Follows::Then(_)))?;
    let (step, outcome, reasons) = (step.clone(), outcome.clone(), "核查意见（虚构）".to_owned());
    Some((actor, Choose { step, outcome, reasons, items: Vec::new(), facts: BTreeMap::new() }))
}
