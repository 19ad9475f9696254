//! How officers and applicants choose, as shares that a pack's demonstration gives.

use std::collections::BTreeMap;

use base::{Date, Name};
use kernel::{Case, decide::case_facts};
use pack::model::{Follows, Pack, Procedure, Requirement, Stage};
use rules::Verdict;

use crate::stage::Deed;

/// Shares of outcomes by procedure, step and outcome.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    shares: BTreeMap<(String, String, String), Habit>,
}

#[derive(Debug, Clone, Default)]
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

    /// What is chosen at a stage. A second supplement is not asked for, and conditions that are
    /// not met lead to an outcome that does not need them.
    pub(super) fn choose(
        &self,
        (pack, procedure, today): (&Pack, &Procedure, Date),
        (step, stage): (&Name, &Stage),
        case: &Case,
        lot: &mut fastrand::Rng,
    ) -> Option<Deed> {
        let facts = case_facts(pack, case, today);
        let met = |requirement: &Requirement| requirement.verdict(&facts) == Verdict::True;
        let met = procedure.requires.iter().all(met);
        let able: Vec<_> = stage
            .outcomes
            .iter()
            .map(|(name, outcome)| (name, outcome, self.habit(procedure, step, name)))
            .filter(|(_, outcome, habit)| {
                let asks = matches!(outcome.follows, Follows::Supplement(_));
                let can_ask = !case.asked.contains_key(step) && !habit.items.is_empty();
                (!asks || can_ask) && (met || !outcome.needs_met)
            })
            .collect();
        let total: u32 = able.iter().map(|(_, _, habit)| habit.weight.max(1)).sum();
        let mut drawn = lot.u32(0..total.max(1));
        let (name, _, habit) = able.into_iter().find(|(_, _, habit)| {
            let weight = habit.weight.max(1);
            let hit = drawn < weight;
            drawn = drawn.saturating_sub(weight);
            hit
        })?;
        Some(Deed::Choose {
            step: step.clone(),
            outcome: name.clone(),
            reasons: "演示：核查意见（虚构）".to_owned(),
            items: habit.items,
        })
    }

    fn habit(&self, procedure: &Procedure, step: &Name, outcome: &Name) -> Habit {
        let key = (procedure.name.to_string(), step.to_string(), outcome.to_string());
        self.shares.get(&key).cloned().unwrap_or_default()
    }
}
