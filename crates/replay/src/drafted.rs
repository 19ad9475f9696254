//! A draft of a layout plan as a clerk could make it by hand: what a story picks, the people of
//! each area served where it is nearest and there is room left, and nothing priced, so that what
//! cannot be beaten is far off, but proved. Whoever wants a good one asks a solver.

use std::collections::BTreeMap;

use base::Text;
use layout::{
    Draft, Fault, Found, Goal, Leaf, Node, Phase, Pick, Prices, Proof, Served, Survey, Terms, Way,
};
use pack::language::scenario::{DraftGoal, DraftTerms};

/// The text of a draft of a survey.
///
/// # Errors
/// Why there is none, in words.
pub(crate) fn draft(survey: &str, terms: &DraftTerms, picks: Vec<Pick>) -> Result<String, String> {
    let survey = Survey::read(survey).map_err(|faults| said(&faults))?;
    let terms = meant(terms)?;
    let served = served(&survey, &terms, &picks);
    let proof = Proof {
        bound: vec![Node::Leaf(Leaf::Bound(0))],
        ceiling: None,
        prices: vec![Prices::default()],
    };
    let found = Found { terms, picks, served, proof, rounds: 1 };
    let draft = Draft::new(&survey, found).map_err(|faults| said(&faults))?;
    Ok(draft.text())
}

fn said(faults: &[Fault]) -> String {
    let says: Vec<Text> = faults.iter().map(Fault::says).collect();
    says.into_iter().map(|says| says.en).collect::<Vec<_>>().join(", ")
}

/// The terms that a story means.
fn meant(terms: &DraftTerms) -> Result<Terms, String> {
    let phases: Result<Vec<Phase>, String> = terms
        .phases
        .iter()
        .map(|own| Ok(Phase { year: year(own.year)?, budget: own.budget }))
        .collect();
    Ok(Terms {
        goal: match terms.goal {
            DraftGoal::Most => Goal::Most,
            DraftGoal::Near => Goal::Near,
        },
        reach: u64::from(terms.reach),
        phases: phases?,
        until: year(terms.until)?,
        floor: 0,
        worst: false,
        forced: Vec::new(),
        barred: Vec::new(),
        seed: 0,
    })
}

/// A year of a story.
pub(crate) fn year(year: u32) -> Result<u16, String> {
    u16::try_from(year).map_err(|_| format!("`{year}` is no year"))
}

/// Whom each site serves in each phase: the nearest pairs come first.
fn served(survey: &Survey, terms: &Terms, picks: &[Pick]) -> Vec<Served> {
    let near = |way: &&Way| way.metres <= terms.reach;
    let mut ways: Vec<&Way> = survey.ways().iter().filter(near).collect();
    ways.sort_by_key(|way| (way.metres, way.area, way.site));
    terms.phases.iter().flat_map(|phase| served_in(survey, phase.year, &ways, picks)).collect()
}

fn served_in(survey: &Survey, year: u16, ways: &[&Way], picks: &[Pick]) -> Vec<Served> {
    let (mut open, mut room) = (BTreeMap::new(), BTreeMap::new());
    let mut served = Vec::new();
    for way in ways {
        let pair = survey.areas().get(way.area).zip(survey.sites().get(way.site));
        let Some((area, site)) = pair else { continue };
        let open = open.entry(way.area).or_insert_with(|| survey.need(area));
        let room = room.entry(way.site).or_insert_with(|| places(site, year, picks));
        let places = (*open).min(*room);
        if places > 0 {
            (*open, *room) = (*open - places, *room - places);
            let (area, site) = (area.key.clone(), site.key.clone());
            served.push(Served { year, area, site, places });
        }
    }
    served
}

/// How many places a site has in a year.
fn places(site: &layout::Site, year: u16, picks: &[Pick]) -> u64 {
    let picked = picks.iter().find(|pick| pick.site == site.key && pick.year <= year);
    let course = picked.and_then(|pick| site.courses.iter().find(|own| own.name == pick.course));
    course.map_or(site.now, |course| course.places)
}
