//! Every step has exactly one competent body, in every district, on every day from the pack's
//! first day on; so has every remedy that is heard on the platform.

use base::{Date, Division, DivisionLevel, Name, Text};

use super::Proof;
use crate::{
    compile::Parsed,
    fault::{Fault, Faults},
    language::{Competent, Level},
    model::{LevelOf, Office, Pack},
};

pub(super) fn prove(pack: &Pack, parsed: &Parsed, faults: &mut Faults) {
    // A national pack has no districts of its own to be competent for.
    let Some(place) = &pack.jurisdiction else { return };
    let of_procedures = parsed
        .procedures
        .iter()
        .flat_map(|file| std::iter::once(&file.competent).chain(file.bodies.values()));
    let remedies = parsed.remedies.iter().flat_map(|file| file.remedies.values());
    let of_remedies = remedies.filter_map(|remedy| remedy.heard_by.as_ref());
    for competent in of_procedures.chain(of_remedies) {
        // A body that an entry names is one that has acted.
        let Some(written) = &competent.office else { continue };
        let Some(office) = pack.offices.get(&written.value) else { continue };
        let gap = levels(competent).into_iter().find_map(|l| uncovered(pack, place, office, l));
        if let Some((division, day)) = gap {
            let says = no_body(&written.value, &division, day);
            faults.push(Fault::new("no-competent-body", competent.at, says));
        }
    }
}

/// Nobody hears a challenge of a decision made above: the body that hears it acts on the level of
/// the one that decided, or above.
pub(super) fn heard(proof: &mut Proof<'_>) {
    let mut below: Vec<(Name, Name)> = Vec::new();
    for step in proof.procedure.steps.keys() {
        let Some(decision) = proof.procedure.decision(step.as_str()) else { continue };
        let decider = proof.procedure.body(&decision.by);
        let above = decider.is_some_and(|body| body.level != LevelOf::Fixed(Level::County));
        let remedies = decision.appeal.iter().flat_map(|appeal| &appeal.remedies);
        let low = remedies.filter(|name| {
            let remedy = proof.pack.remedies.get(*name);
            let hearing = remedy.and_then(|remedy| remedy.hearing.as_ref());
            above && hearing.is_some_and(|h| h.by.level == LevelOf::Fixed(Level::County))
        });
        below.extend(low.map(|remedy| (step.clone(), remedy.clone())));
    }
    for (step, remedy) in below {
        let (at, path) = (proof.at_step(&step), proof.way_to(&step));
        let zh = format!("`{remedy}` 的审理机关层级低于作出决定的机关");
        let en = format!("`{remedy}` is heard on a lower level than that of the body that decides");
        proof.fails("heard-below", at, &zh, &en, &path);
    }
}

/// The levels on which the body may have to act: where a rule or the case settles it, any.
fn levels(competent: &Competent) -> Vec<Level> {
    let written = competent.level.as_ref().map(|level| level.value.as_str());
    match Level::ALL.iter().find(|level| Some(level.word()) == written) {
        Some(level) => vec![*level],
        None => Level::ALL.to_vec(),
    }
}

/// A division and a day for which not exactly one body holds the office.
fn uncovered(
    pack: &Pack,
    place: &Division,
    office: &Office,
    level: Level,
) -> Option<(Division, Date)> {
    let day =
        turning_days(pack, office).into_iter().find(|day| bodies_on(office, level, *day) != 1)?;
    divisions(pack, place, level).next().map(|division| (division, day))
}

fn bodies_on(office: &Office, level: Level, day: Date) -> usize {
    let holds = |until: Option<Date>| until.is_none_or(|until| day < until);
    let bodies = office.bodies.iter().filter(|body| body.level == level);
    bodies.filter(|body| body.from <= day && holds(body.until)).count()
}

fn turning_days(pack: &Pack, office: &Office) -> Vec<Date> {
    let bounds = office.bodies.iter().flat_map(|body| [Some(body.from), body.until]).flatten();
    std::iter::once(pack.in_force).chain(bounds.filter(|day| *day > pack.in_force)).collect()
}

fn divisions<'p>(
    pack: &'p Pack,
    place: &'p Division,
    level: Level,
) -> impl Iterator<Item = Division> + 'p {
    let depth = match level {
        Level::Province => DivisionLevel::Province,
        Level::County => DivisionLevel::County,
    };
    let all = pack.divisions.all_within(place);
    all.filter(move |division| division.level() == depth).cloned()
}

fn no_body(office: &Name, division: &Division, day: Date) -> Text {
    Text::new(
        format!("{day} 在 {division} 没有（或不止一个）机关履行 `{office}` 职责"),
        format!("on {day} no body, or more than one, holds the office `{office}` in {division}"),
    )
}
