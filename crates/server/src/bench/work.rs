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

use super::town::{DAYS, Town, failed, refused};
use crate::{cli::Stopped, web::Role};

/// How many different cases are rehearsed.
const CASES: usize = 512;
/// The most acts that lead a case to its end.
const ACTS_MAX: usize = 16;
/// Of each procedure so many cases lie on desks.
const ON_DESKS: usize = 96;
/// An officer of a body in which nobody is invented.
const SOMEBODY: PartyId = PartyId([0x5b; 16]);
/// The same people write the same forms each time.
const SEED: u64 = 2019;

/// A case from filing to end.
#[derive(Clone)]
pub(crate) struct Work {
    filing: File,
    personal: Vec<Personal>,
    acts: Vec<(Actor, Choose)>,
    /// After how many acts the register has its entry, where those rehearsed make one.
    pub(crate) entered_after: Option<usize>,
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

/// What clients submit.
pub(crate) struct Rehearsed {
    /// Cases of the shortest procedure whose cases come to their end without a refusal, however
    /// often they are filed: what may be had once only cannot be measured a million times.
    pub(crate) whole: Vec<Work>,
    /// Cases of every procedure in which a body acts first: that act and no other.
    pub(crate) desks: Vec<Work>,
}

/// Rehearses what is submitted later.
pub(crate) async fn rehearsed(town: &Town) -> Result<Rehearsed, Stopped> {
    let filings = filings(town);
    let mut desks = Vec::new();
    for (procedure, filed) in &filings {
        let filed = filed.iter().take(ON_DESKS).cloned().collect();
        let work = rehearsed_often(town, &format!("desk-{procedure}"), filed, 1).await?;
        let by_body = |work: &Work| matches!(work.act(0), Some((Actor::Officer(..), _)));
        desks.extend(work.into_iter().filter(by_body));
    }
    let whole = whole(town, filings).await?;
    Ok(Rehearsed { whole, desks })
}

async fn whole(town: &Town, mut filings: BTreeMap<Name, Vec<Work>>) -> Result<Vec<Work>, Stopped> {
    let mut procedures: Vec<&Procedure> = town.pack.procedures.values().collect();
    procedures.sort_by_key(|procedure| procedure.steps.len());
    for procedure in procedures {
        let Some(filed) = filings.remove(&procedure.name) else { continue };
        let mut work = rehearsed_often(town, procedure.name.as_str(), filed, ACTS_MAX).await?;
        work.retain(|work| work.entered_after.is_some());
        if !work.is_empty() {
            eprintln!("{}: {} different cases", procedure.name, work.len());
            return Ok(work);
        }
    }
    Err(Stopped("no invented case comes to its end; try another pack".to_owned()))
}

/// The cases of which so many acts are granted, on the first day as on the last.
async fn rehearsed_often(
    town: &Town,
    called: &str,
    mut work: Vec<Work>,
    acts: usize,
) -> Result<Vec<Work>, Stopped> {
    for (round, at) in [town.at(0), town.at(DAYS)].into_iter().enumerate() {
        let keyed = work.into_iter().enumerate().map(|(index, work)| {
            let key = format!("rehearsal-{called}-{round}-{index}");
            rehearse(town, (key, at), Work { acts: Vec::new(), ..work }, acts)
        });
        let tried: Result<Vec<Option<Work>>, Stopped> = join_all(keyed).await.into_iter().collect();
        work = tried?.into_iter().flatten().collect();
    }
    Ok(work)
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
    Some(Work { filing, personal, acts: Vec::new(), entered_after: None })
}

/// Plays a case, by the first outcome of each stage that asks for nothing more, until it ends or so
/// many acts are done; none when one is refused.
async fn rehearse(
    town: &Town,
    (key, at): (String, Instant),
    mut work: Work,
    acts: usize,
) -> Result<Option<Work>, Stopped> {
    let (mut id, mut entered) = (None, None);
    for step in 0..=acts {
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
            Some(act) if step < acts => work.acts.push(act),
            _ => break,
        }
    }
    Ok(Some(Work { entered_after: entered, ..work }))
}

/// What is done next to a case, if anything is.
fn next(town: &Town, case: &Case) -> Option<(Actor, Choose)> {
    let Standing::At { step, .. } = &case.standing else { return None };
    let stage = town.pack.procedures.get(&case.procedure)?.stage(step.as_str())?;
    let actor = match &stage.by {
        By::Body(name) => {
            let body = body_of(&town.pack, case, name)?;
            Actor::Officer(town.officers.get(&body).copied().unwrap_or(SOMEBODY), body)
        }
        By::Applicant | By::Clock => Actor::Party(case.applicant),
    };
    let mut outcomes = stage.outcomes.iter();
    let (outcome, _) = outcomes.find(|(_, outcome)| matches!(outcome.follows, Follows::Then(_)))?;
    let (step, outcome, reasons) = (step.clone(), outcome.clone(), "核查意见（虚构）".to_owned());
    Some((actor, Choose { step, outcome, reasons, items: Vec::new(), facts: BTreeMap::new() }))
}
