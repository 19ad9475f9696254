//! An invented city at its usual size leaves layout plans where drafts are put on file, with enough
//! to survey.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Division, Name};
use kernel::{BodyId, Case, CaseId, PartyId, Standing};
use layout::Survey;
use pack::model::{Pack, Step};
use replay::{
    city::{Answering, City, Habits, Span},
    memory::Memory,
};

use crate::{
    people::{name, party},
    shipped,
};

/// How many cases an invented city of the usual size has.
const CASES: usize = 3_000;

/// The cases of a city, after it has played its two years.
fn played(compiled: &Pack, pack: &str, habits: &str) -> Vec<Case> {
    let text = |file: &str| shipped::text(&format!("{pack}/demo/{file}"));
    let officers: BTreeMap<BodyId, PartyId> = text("officers.csv")
        .lines()
        .skip(1)
        .zip(100_u32..)
        .map(|(row, number)| {
            let cells: Vec<&str> = row.split(',').collect();
            let division = Division::parse(cells[4]).unwrap();
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            (BodyId { office: name(cells[3]), division }, PartyId(id))
        })
        .collect();
    let until = compiled.zone.at(Date::parse("2026-03-02").unwrap(), 12, 0);
    let from = Date::parse("2024-03-02").unwrap();
    let span = Span { cases: CASES, lying: 24, from, until, seed: 2019 };
    let traits = (Habits::from_csv(habits), Answering::from_csv(&text("answers.csv")));
    let mut city = City::new(compiled, traits, (1..13).map(party).collect(), officers, span);
    let mut memory = Memory::new(compiled);
    let mut known: BTreeMap<CaseId, Case> = BTreeMap::new();
    while city.goes_on() {
        for due in city.next(128, &|id| known.get(&id).cloned()) {
            let done = memory.submit(due.case, &due.command, &due.actor, due.at);
            let Some(id) = done.ok().or(due.case) else { continue };
            let Some(case) = memory.cases().find(|case| case.id == id).cloned() else { continue };
            if !due.lies {
                city.note(due.at, &case);
            }
            known.insert(id, case);
        }
    }
    memory.cases().cloned().collect()
}

/// The survey of a plan that stands where drafts are put on file.
fn surveyed(pack: &Pack, case: &Case) -> Survey {
    let Standing::At { step, .. } = &case.standing else { panic!("{:?}", case.standing) };
    let procedure = pack.procedures.get(&case.procedure).unwrap();
    assert!(matches!(procedure.steps.get(step), Some(Step::Stage(stage)) if stage.drafts));
    Survey::read(&case.layout.as_ref().unwrap().survey.text).unwrap()
}

#[test]
fn layout_plans_wait_for_drafts() {
    for name in shipped::with_stories() {
        let pack = shipped::compiled(&name).pack;
        let plans: Vec<&Name> = pack
            .procedures
            .values()
            .filter(|procedure| procedure.layout.is_some())
            .map(|procedure| &procedure.name)
            .collect();
        let Some(habits) = shipped::optional(&format!("{name}/demo/choices.csv")) else { continue };
        if plans.is_empty() {
            continue;
        }
        let cases = played(&pack, &name, &habits);
        let plans = cases.iter().filter(|case| plans.contains(&&case.procedure));
        let counts: Vec<[usize; 4]> = plans.map(|case| counted(&surveyed(&pack, case))).collect();
        assert_eq!(counts.len(), 2, "{name}: {counts:?}");
        assert!(counts.iter().all(|[.., stand, open, _]| *stand > 0 && *open >= 10), "{counts:?}");
        let all = |[_, stand, open, refused]: &[usize; 4]| {
            *stand >= 40 && open + refused >= 60 && *open >= 40 && *refused > 0
        };
        assert!(counts.iter().any(all), "{name}: {counts:?}");
    }
}

/// How many areas a survey has, how many homes that stand, how many sites to build on, and how many
/// candidates that are refused.
fn counted(survey: &Survey) -> [usize; 4] {
    let (stand, open): (Vec<_>, Vec<_>) = survey.sites().iter().partition(|site| site.now > 0);
    let refused: BTreeSet<&str> = survey.refused().iter().map(|own| own.key.as_str()).collect();
    [survey.areas().len(), stand.len(), open.len(), refused.len()]
}
