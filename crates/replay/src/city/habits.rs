//! How officers and applicants choose, as shares that a pack's demonstration gives.

use std::collections::BTreeMap;

use base::{Date, Name};
use kernel::{Case, Standing, case::Part, decide::case_facts};
use pack::model::{Follows, Pack, Procedure, Requirement};
use rules::Verdict;

use crate::stage::Deed;

/// Shares of outcomes by procedure, step and outcome.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    shares: BTreeMap<(String, String, String), Habit>,
}

#[derive(Debug, Clone)]
struct Habit {
    weight: u32,
    items: Vec<String>,
}

impl Habits {
    /// Reads `procedure,step,outcome,weight,items` rows; items are parted by spaces.
    pub fn from_csv(text: &str) -> Self {
        let mut shares = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
            let weight = cell(3).parse().unwrap_or(0);
            let items = cell(4).split_whitespace().map(str::to_owned).collect();
            shares.insert((cell(0), cell(1), cell(2)), Habit { weight, items });
        }
        Self { shares }
    }

    /// What is chosen at a step, or answered for one of the bodies that a review still waits for. A
    /// second supplement is not asked for, and conditions that are not met lead to an outcome that
    /// does not need them.
    pub(super) fn choose(
        &self,
        (pack, procedure, today): (&Pack, &Procedure, Date),
        step: &Name,
        case: &Case,
        lot: &mut fastrand::Rng,
    ) -> Option<Deed> {
        let facts = case_facts(pack, case, today);
        let met = |requirement: &Requirement| requirement.verdict(&facts) == Verdict::True;
        let met = procedure.requires.iter().all(met);
        let outcomes = procedure.steps.get(step)?.outcomes().iter();
        let able = outcomes.filter(|(name, outcome)| {
            let again = match outcome.follows {
                Follows::Then(_) => false,
                Follows::Supplement(_) => {
                    let habit = self.habit(procedure, step, name);
                    case.asked.contains_key(step) || habit.items.is_empty()
                }
                Follows::Stop(_) => !case.stops.is_empty(),
            };
            !again && (met || !outcome.needs_met)
        });
        let answers = procedure.review(step.as_str()).into_iter().flat_map(|r| &r.answers);
        let names = able.map(|(name, _)| name).chain(answers.map(|(name, _)| name));
        let able: Vec<_> = names.map(|name| (name, self.habit(procedure, step, name))).collect();
        let (name, habit) = drawn(able, lot)?;
        let reasons = "演示：核查意见（虚构）".to_owned();
        let (step, chosen) = (step.clone(), name.clone());
        Some(match open_part(procedure, &step, case, name, lot) {
            Some(part) => Deed::Answer { step, part, answer: chosen, reasons },
            None => Deed::Choose { step, outcome: chosen, reasons, items: habit.items },
        })
    }

    fn habit(&self, procedure: &Procedure, step: &Name, outcome: &Name) -> Habit {
        let key = (procedure.name.to_string(), step.to_string(), outcome.to_string());
        self.shares.get(&key).cloned().unwrap_or(Habit { weight: 1, items: Vec::new() })
    }
}

/// One of several, each as likely as its weight.
fn drawn<'n>(able: Vec<(&'n Name, Habit)>, lot: &mut fastrand::Rng) -> Option<(&'n Name, Habit)> {
    let total: u32 = able.iter().map(|(_, habit)| habit.weight).sum();
    let mut drawn = lot.u32(0..total.max(1));
    able.into_iter().find(|(_, habit)| {
        let hit = drawn < habit.weight;
        drawn = drawn.saturating_sub(habit.weight);
        hit
    })
}

/// For an answer of a review, one of the bodies that have not answered.
fn open_part(
    procedure: &Procedure,
    step: &Name,
    case: &Case,
    answer: &Name,
    lot: &mut fastrand::Rng,
) -> Option<Name> {
    procedure.review(step.as_str())?.answer(answer)?;
    let Standing::Reviewing { parts, .. } = &case.standing else { return None };
    let open = parts.iter().filter(|(_, part)| matches!(part, Part::Awaited(_)));
    let open: Vec<&Name> = open.map(|(name, _)| name).collect();
    lot.choice(open).cloned()
}
