//! A draw that is a case: seeds are pledged in one review, a decision freezes the lists as the
//! registers stand, the seeds are told in another review, and a decision draws.
//!
//! What is drawn follows from the frozen text and the seeds, both of which the ledger holds: nobody
//! has to believe whoever drew.

use std::collections::{BTreeMap, BTreeSet};

use ::draw::{
    Conflict, Drawn, Fault, Given, Item, Lists, Object, Officer, Pick, Pledge, Seed, Share,
};
use base::Name;
use pack::model::{Decision, Draw, Procedure, Told};
use rules::{Expression, Value};

use super::{
    effect::{facts_of, filled, values},
    facts::{CaseFacts, Found},
    run::Run,
    taken::{found, looks_up, whole},
};
use crate::{case::Case, command::Answer, ledger::BodyId, refusal::Refusal, register::Change};

/// What a case knows of its draw: whether every body asked has pledged a seed, and whether every
/// seed that was pledged is told.
pub(super) fn facts(procedure: &Procedure, case: &Case) -> BTreeMap<String, Value> {
    let Some(draw) = &procedure.draw else { return BTreeMap::new() };
    let pledged: BTreeSet<&Name> = said(case, &draw.pledges).map(|(part, _)| part).collect();
    let seeds: BTreeSet<&Name> = said(case, &draw.seeds).map(|(part, _)| part).collect();
    let review = procedure.review(draw.pledges.review.as_str());
    let mut asked = review.into_iter().flat_map(|review| &review.parts);
    let all = asked.all(|(part, _)| pledged.contains(part));
    let told = case.frozen.is_some() && pledged.is_subset(&seeds);
    let facts = [(Draw::PLEDGED, all), (Draw::TOLD, told)];
    facts.into_iter().map(|(path, holds)| (path.to_owned(), Value::Boolean(holds))).collect()
}

/// Refuses a pledge that is none or another's, and a seed that is none or not what was pledged.
pub(super) fn must_be_fit(run: &Run<'_>, answer: &Answer) -> Result<(), Refusal> {
    let Some(draw) = &run.procedure.draw else { return Ok(()) };
    let given = |told: &Told| match answer.facts.get(&told.field) {
        Some(Value::Text(text)) if told.review == answer.step => Some(text.clone()),
        _ => None,
    };
    if let Some(pledge) = given(&draw.pledges) {
        must_be_own(run, draw, &answer.part, &pledge)?;
    }
    match given(&draw.seeds) {
        Some(seed) => must_be_pledged(run, &answer.part, &seed),
        None => Ok(()),
    }
}

fn must_be_own(run: &Run<'_>, draw: &Draw, part: &Name, pledge: &str) -> Result<(), Refusal> {
    if Pledge::read(pledge).is_none() {
        return Err(refused(Fault::NotAPledge(part.clone())));
    }
    let mut others = said(&run.case, &draw.pledges).filter(|(by, _)| *by != part);
    match others.any(|(_, other)| other == pledge) {
        true => Err(refused(Fault::SamePledge)),
        false => Ok(()),
    }
}

fn must_be_pledged(run: &Run<'_>, part: &Name, seed: &str) -> Result<(), Refusal> {
    let seed = seed_of(part, seed)?;
    let lists = frozen(run)?;
    match lists.pledges().get(part) {
        Some(pledge) if seed.pledge(lists.name(), part) == *pledge => Ok(()),
        Some(_) => Err(refused(Fault::OtherSeed(part.clone()))),
        None => Err(refused(Fault::Unknown(Item::Pledge, part.to_string()))),
    }
}

/// The lists that a decision freezes, as they are published; none where it freezes none.
pub(super) fn freeze(
    run: &Run<'_>,
    decision: &Decision,
    by: &BodyId,
) -> Result<Option<String>, Refusal> {
    if !decision.freezes {
        return Ok(None);
    }
    let lists = Lists::frozen(listed(run, draw_of(run)?, by)?).map_err(Refusal::Draw)?;
    Ok(Some(lists.text()))
}

/// What a decision draws, as it is published, with the entry that each pick becomes; none where it
/// draws nothing.
pub(super) fn drawn(
    run: &Run<'_>,
    decision: &Decision,
    by: &BodyId,
) -> Result<Option<(String, Vec<Change>)>, Refusal> {
    if !decision.draws {
        return Ok(None);
    }
    let draw = draw_of(run)?;
    let seeds: Result<BTreeMap<Name, Seed>, Refusal> = said(&run.case, &draw.seeds)
        .map(|(part, seed)| Ok((part.clone(), seed_of(part, seed)?)))
        .collect();
    let drawn = frozen(run)?.draw(seeds?).map_err(refused)?;
    Ok(Some((drawn.text(), orders(run, draw, &drawn, by))))
}

/// The draw of the procedure.
fn draw_of<'a>(run: &Run<'a>) -> Result<&'a Draw, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.name.to_string());
    run.procedure.draw.as_ref().ok_or_else(missing)
}

/// The lists that the case has frozen.
fn frozen(run: &Run<'_>) -> Result<Lists, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.name.to_string());
    let frozen = run.case.frozen.as_ref().ok_or_else(missing)?;
    Lists::read(&frozen.text).map_err(Refusal::Draw)
}

fn refused(fault: Fault) -> Refusal {
    Refusal::Draw(vec![fault])
}

fn seed_of(part: &Name, seed: &str) -> Result<Seed, Refusal> {
    Seed::read(seed).ok_or_else(|| refused(Fault::NotASeed(part.clone())))
}

/// What the bodies filled in for the draw in a review, by body.
fn said<'c>(case: &'c Case, told: &'c Told) -> impl Iterator<Item = (&'c Name, &'c str)> {
    let given = case.answers.get(&told.review).into_iter().flatten();
    given.filter_map(move |(part, given)| match given.facts.get(&told.field) {
        Some(Value::Text(text)) => Some((part, text.as_str())),
        _ => None,
    })
}

/// What goes into the lists, from the registers as they stand.
fn listed(run: &Run<'_>, draw: &Draw, by: &BodyId) -> Result<Given, Refusal> {
    let facts = facts_of(run, by);
    let name = format!("{}-{}", run.procedure.name, run.case.id);
    let register = &looks_up(run, &draw.objects.found)?.register;
    let taken_from = format!("{register}, entries below {}", run.moment.next.0);
    let mut given = Given::new(name, run.today(), taken_from);
    given.shares = shares(draw, &facts)?;
    given.crews = crews(draw, &facts)?;
    given.pledges = pledges(run, draw)?;
    given.objects = objects(run, draw, &facts)?;
    given.officers = officers(run, draw, &facts, &given.crews)?;
    given.conflicts = conflicts(run, draw, &facts, &given)?;
    Ok(given)
}

/// The shares. One that is no part of a hundred is left out: its class then has none, and the lists
/// say so.
fn shares(draw: &Draw, facts: &CaseFacts<'_>) -> Result<Vec<(Name, Share)>, Refusal> {
    let mut shares = Vec::new();
    for (class, percent) in &draw.shares {
        let parts = whole(percent, facts)?.checked_mul(100);
        let parts = parts.and_then(|parts| u16::try_from(parts).ok());
        let share = parts.and_then(Share::of_ten_thousand);
        shares.extend(share.map(|share| (class.clone(), share)));
    }
    Ok(shares)
}

fn crews(draw: &Draw, facts: &CaseFacts<'_>) -> Result<Vec<(Name, u16)>, Refusal> {
    let crew = |(office, count): (&Name, &Expression)| {
        let fault = |_| Refusal::PackFault(count.source().to_owned());
        Ok((office.clone(), u16::try_from(whole(count, facts)?).map_err(fault)?))
    };
    draw.crews.iter().map(crew).collect()
}

fn pledges(run: &Run<'_>, draw: &Draw) -> Result<Vec<(Name, Pledge)>, Refusal> {
    let pledge = |(part, pledge): (&Name, &str)| {
        let none = || refused(Fault::NotAPledge(part.clone()));
        Ok((part.clone(), Pledge::read(pledge).ok_or_else(none)?))
    };
    said(&run.case, &draw.pledges).map(pledge).collect()
}

/// Each object with its class; one that has none cannot be left to chance.
fn objects(run: &Run<'_>, draw: &Draw, facts: &CaseFacts<'_>) -> Result<Vec<Object>, Refusal> {
    let object = |own: Found| {
        let class = choice(&own, &draw.objects.class);
        let class = class.ok_or_else(|| refused(Fault::Unknown(Item::Share, own.0.clone())))?;
        Ok(Object { key: own.0, class })
    };
    found(run, &draw.objects.found, facts)?.into_iter().map(object).collect()
}

/// The officers of the departments that send any.
fn officers(
    run: &Run<'_>,
    draw: &Draw,
    facts: &CaseFacts<'_>,
    crews: &[(Name, u16)],
) -> Result<Vec<Officer>, Refusal> {
    let sends = |office: &Name| crews.iter().any(|(own, count)| own == office && *count > 0);
    let found = found(run, &draw.officers.found, facts)?.into_iter();
    let officers = found.filter_map(|own| {
        let office = choice(&own, &draw.officers.department).filter(sends)?;
        Some(Officer { key: own.0, office })
    });
    Ok(officers.collect())
}

/// The conflicts between those who are in the lists.
fn conflicts(
    run: &Run<'_>,
    draw: &Draw,
    facts: &CaseFacts<'_>,
    given: &Given,
) -> Result<Vec<Conflict>, Refusal> {
    let Some(of) = &draw.conflicts else { return Ok(Vec::new()) };
    let officers: BTreeSet<&str> = given.officers.iter().map(|own| own.key.as_str()).collect();
    let objects: BTreeSet<&str> = given.objects.iter().map(|own| own.key.as_str()).collect();
    let found = found(run, &of.found, facts)?.into_iter();
    let conflicts = found.map(|own| Conflict {
        officer: text(&own, &of.officer),
        object: text(&own, &of.object),
        reason: text(&own, &of.reason),
    });
    let listed = conflicts.filter(|own| {
        officers.contains(own.officer.as_str()) && objects.contains(own.object.as_str())
    });
    Ok(listed.collect())
}

/// The option that an entry says in a field.
fn choice((_, version): &Found, field: &Name) -> Option<Name> {
    match version.fields.get(field) {
        Some(Value::Choice(option)) => Some(option.clone()),
        _ => None,
    }
}

/// The text, or the key of another entry, that an entry says in a field.
fn text((_, version): &Found, field: &Name) -> String {
    match version.fields.get(field) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The entry that each pick becomes.
fn orders(run: &Run<'_>, draw: &Draw, drawn: &Drawn, by: &BodyId) -> Vec<Change> {
    let (mut facts, orders) = (facts_of(run, by), &draw.orders);
    let made = drawn.picks().iter().zip(1..).map(|(pick, place)| {
        facts.set(Draw::OBJECT, Value::Text(pick.object.clone()));
        facts.set(Draw::CLASS, Value::Choice(pick.class.clone()));
        facts.set(Draw::CREW, Value::Text(crew(pick)));
        facts.set(Draw::PLACE, Value::Integer(place));
        let key = filled(run, &orders.key, by).replace("{place}", &place.to_string());
        let says = values(&facts, &orders.fields);
        Change::entered(orders.register.clone(), key, run.moment.at, says)
    });
    made.collect()
}

/// Who goes there, by entry, so that it reads the same in every language: `F-3, A-1, A-2`. Each
/// entry says whose officer it is.
fn crew(pick: &Pick) -> String {
    let sent: Vec<&str> = pick.crew.values().flatten().map(String::as_str).collect();
    sent.join(", ")
}
