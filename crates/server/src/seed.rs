//! Filling the demonstration: invented cases over two years, each act decided by the kernel and
//! written like any other.

use std::{collections::BTreeMap, path::Path};

use base::{Instant, Zone};
use futures_util::future::join_all;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{BodyId, Case, CaseId, PartyId};
use pack::model::Pack;
use replay::{
    city::{Answering, City, Due, Habits, Span},
    paper,
};
use store::{Personal, Store, Submission};

use crate::{
    cli::Stopped,
    library::Packs,
    web::{self, People, Role},
};

/// How many cases a demonstration of scale 1 has.
const CASES: f64 = 3000.0;
/// How many cases lie about when it begins, so that queues have something in them.
const LYING: usize = 24;
/// How many acts are handed to the store at once.
const GROUP: usize = 128;
/// The seed: the same city each time, but for the day it ends on.
const SEED: u64 = 2019;

/// How many cases a scale means.
pub(crate) fn cases(scale: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::float_arithmetic,
        reason = "a scale is a shell argument, clamped before it becomes a count"
    )]
    let count = (CASES * scale.clamp(0.0, 1000.0)).round() as usize;
    count
}

/// Keeps the papers that the invented people hand in, so that officers can open them.
pub(crate) async fn keep_papers(pack: &Pack, folder: &Path) -> Result<(), Stopped> {
    let materials = pack.procedures.values().flat_map(|procedure| &procedure.materials);
    for material in materials {
        let kept = web::keep(folder, &paper::invented(&material.name)).await;
        kept.map_err(|_| Stopped(format!("cannot keep papers in `{}`", folder.display())))?;
    }
    Ok(())
}

/// Plays the city's two years up to `now`.
pub(crate) async fn seed(
    store: &Store,
    pack: &Pack,
    library: &Packs,
    people: &People,
    count: usize,
    now: Instant,
) -> Result<(), Stopped> {
    let mut city = city(pack, library, people, count, now);
    let bar = progress(count);
    let mut known: BTreeMap<CaseId, Case> = BTreeMap::new();
    let mut keys = 0_u64;
    while city.goes_on() {
        let acts = city.next(GROUP, &|id| known.get(&id).cloned());
        let submitted = acts.iter().map(|due| {
            keys += 1;
            store.submit(submission(due, keys))
        });
        let outcomes = join_all(submitted.collect::<Vec<_>>()).await;
        for (due, outcome) in acts.iter().zip(outcomes) {
            // A refusal is what a real officer would meet too, often because a clock has moved the
            // case on meanwhile: it is looked at again as it stands.
            let refused = outcome.is_err();
            let id = match outcome {
                Ok(receipt) => Some(receipt.case),
                Err(_) => due.case,
            };
            let Some(id) = id else { continue };
            let case = store.case(id).await.map_err(|e| Stopped(e.to_string()))?;
            let moved = |case: &Case| known.get(&id).is_none_or(|known| known.last != case.last);
            if let Some(case) = case.filter(|case| refused || moved(case)) {
                if !due.lies {
                    bar.inc(u64::from(due.case.is_none()));
                    city.note(due.at, &case);
                }
                known.insert(case.id, case);
            }
        }
    }
    store.advance(now).await.map_err(|error| Stopped(error.says().en))?;
    bar.finish_and_clear();
    Ok(())
}

fn city<'p>(
    pack: &'p Pack,
    library: &Packs,
    people: &People,
    cases: usize,
    now: Instant,
) -> City<'p> {
    let text = |path: &str| library.text(pack.name.as_str(), path).unwrap_or_default();
    let habits = Habits::from_csv(&text("demo/choices.csv"));
    let answering = Answering::from_csv(&text("demo/answers.csv"));
    let (applicants, officers) = roles(people);
    let from = two_years_before(&pack.zone, now);
    let span = Span { cases, lying: LYING, from, until: now, seed: SEED };
    City::new(pack, (habits, answering), applicants, officers, span)
}

fn two_years_before(zone: &Zone, now: Instant) -> base::Date {
    let today = zone.day_of(now);
    today.plus_days(-730).unwrap_or(today)
}

fn roles(people: &People) -> (Vec<PartyId>, BTreeMap<BodyId, PartyId>) {
    let mut applicants = Vec::new();
    let mut officers = BTreeMap::new();
    for person in &people.0 {
        match &person.role {
            Role::Applicant { party } => applicants.push(*party),
            Role::Officer { party, body } => {
                officers.insert(body.clone(), *party);
            }
        }
    }
    (applicants, officers)
}

fn submission(due: &Due, key: u64) -> Submission {
    let personal = due.personal.iter().map(|(party, path, text)| Personal {
        party: *party,
        path: path.clone(),
        text: text.clone(),
    });
    Submission {
        key: format!("demo-{key}"),
        actor: due.actor.clone(),
        at: due.at,
        case: due.case,
        seen: None,
        command: due.command.clone(),
        personal: personal.collect(),
    }
}

fn progress(count: usize) -> ProgressBar {
    let bar = ProgressBar::new(count as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} cases  {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
