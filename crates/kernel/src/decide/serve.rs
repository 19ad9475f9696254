//! Service of a decision on a party that has not agreed to the portal (行政处罚法 article 61; the
//! ways are those of 民事诉讼法). The remedies run from the day on which it counts as served.

use std::collections::BTreeMap;

use base::{Date, Name, Term, Unit};
use pack::model::{Decision, Effect, Way};

use super::run::Run;
use crate::{
    case::{Deadline, Made, Service},
    command::Serve,
    ledger::{Act, Served},
    refusal::Refusal,
};

/// Until when a decision made today must be served; today where the pack says nothing of it.
pub(super) fn serve_by(run: &Run<'_>, decision: &Decision) -> Deadline {
    let within = run.pack.service.as_ref().map(|service| match decision.decides {
        Effect::Imposed | Effect::Voided => service.burdens.term,
        _ => service.within.term,
    });
    run.deadline(within.unwrap_or_else(Term::on_the_spot))
}

/// The remedies that a decision opens once it is served on a day.
pub(super) fn remedies(
    run: &Run<'_>,
    decision: &Decision,
    served_on: Date,
) -> BTreeMap<Name, Deadline> {
    let names = decision.appeal.iter().flat_map(|appeal| &appeal.remedies);
    let known = names.filter_map(|name| Some((name, run.pack.remedies.get(name)?)));
    let until = |within| Deadline::of(within, served_on, run.snapshot.calendar, &run.pack.zone);
    known.map(|(name, remedy)| (name.clone(), until(remedy.within))).collect()
}

pub(super) fn serve(run: &mut Run<'_>, serve: &Serve) -> Result<(), Refusal> {
    let made = run.case.decisions.iter().find(|made| made.number == serve.decision);
    let made = made.filter(|_| run.case.on_paper).ok_or(Refusal::NotNow)?.clone();
    let step = run.procedure.decision(made.step.as_str());
    let step = step.ok_or_else(|| Refusal::PackFault(made.step.to_string()))?;
    run.must_act_as(&step.by)?;
    must_be_after(run, &made, serve.on)?;
    let ways = run.pack.service.as_ref().map(|service| &service.ways);
    let way = ways.and_then(|ways| ways.get(&serve.way)).filter(|way| way.holds_on(serve.on));
    let way = way.ok_or_else(|| Refusal::NoSuchWay(serve.way.clone()))?;
    if serve.proof.trim().is_empty() {
        return Err(Refusal::ReasonsMissing);
    }
    let on = counted(run, deemed(way, serve.on));
    match made.service {
        Service::Owed(_) => {}
        // A slip is put right, and never to take days away.
        Service::Done(before) if before < on => {}
        Service::Done(_) | Service::Moot => return Err(Refusal::NotNow),
    }
    let mut remedies = remedies(run, step, on);
    remedies.retain(|remedy, _| !made.taken.contains(remedy));
    let served = Served {
        decision: made.number,
        remedies,
        way: Some(serve.way.clone()),
        on,
        proof: serve.proof.clone(),
    };
    run.write(Act::Served(served), run.case.standing.clone());
    Ok(())
}

/// Nothing is served before it is decided, nor tomorrow.
fn must_be_after(run: &Run<'_>, made: &Made, on: Date) -> Result<(), Refusal> {
    let decided = run.pack.zone.day_of(made.at);
    if decided <= on && on <= run.today() { Ok(()) } else { Err(Refusal::ServiceDay) }
}

/// What is entered later than the law gives to serve counts from the day it is entered: nobody
/// loses a remedy by a receipt that lay in a drawer.
fn counted(run: &Run<'_>, on: Date) -> Date {
    let within = run.pack.service.as_ref().map(|service| service.within.term);
    let entered_by = Deadline::of(
        within.unwrap_or_else(Term::on_the_spot),
        on,
        run.snapshot.calendar,
        &run.pack.zone,
    );
    if run.today() <= entered_by.on { on } else { run.today() }
}

/// The day on which it counts as served: what is made public counts some days later, which are not
/// put off by days off.
fn deemed(way: &Way, on: Date) -> Date {
    let later = way.deemed_after.and_then(|term| match term.unit {
        Unit::NaturalDays => on.plus_days(i64::from(term.count)),
        Unit::WorkingDays | Unit::Months | Unit::Years => None,
    });
    later.unwrap_or(on)
}
