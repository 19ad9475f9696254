//! How officers and applicants choose, as shares that a pack's demonstration gives.

use std::collections::BTreeMap;

use base::{Date, Name};
use kernel::{Case, Standing, case::Part, decide::case_facts, form::Answers};
use pack::model::{By, Follows, Outcome, Pack, Procedure, Settled, Target};
use rules::{Facts, Verdict};

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
    /// Reads `procedure,step,outcome,weight,items` rows; items are parted by spaces. A row without
    /// a step says how many times as often as others a procedure is begun.
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

    /// How many times as often as others a procedure is begun.
    pub(super) fn often(&self, procedure: &Name) -> usize {
        let own = self.shares.get(&(procedure.to_string(), String::new(), String::new()));
        own.map_or(1, |own| usize::try_from(own.weight).unwrap_or(1))
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
        let met = |outcome: &Outcome| !outcome.needs_met || met(procedure, case, outcome, &facts);
        let outcomes = procedure.steps.get(step)?.outcomes().iter();
        let able = outcomes.filter(|(name, outcome)| {
            let again = match outcome.follows {
                Follows::Then(_) => false,
                Follows::Extend(_) => !case.extensions.is_empty(),
                Follows::Supplement(_) => {
                    let habit = self.habit(procedure, step, name);
                    case.asked.contains_key(step) || habit.items.is_empty()
                }
                Follows::Stop(_) => !case.stops.is_empty(),
                Follows::Stay => {
                    let asked = outcome.asks.iter().flat_map(|section| &section.fields);
                    asked.into_iter().any(|field| case.facts.contains_key(&field.path))
                }
            };
            let chosen = outcome.by != Some(By::Clock);
            !again && chosen && met(outcome) && shown(procedure, outcome, case)
        });
        let answers = procedure.review(step.as_str()).into_iter().flat_map(|r| &r.answers);
        let names = able.map(|(name, _)| name).chain(answers.map(|(name, _)| name));
        let able: Vec<_> = names.map(|name| (name, self.habit(procedure, step, name))).collect();
        let (name, habit) = drawn(able, lot)?;
        let reasons = "演示：核查意见（虚构）".to_owned();
        let (step, chosen) = (step.clone(), name.clone());
        Some(match open_part(procedure, &step, case, name, lot) {
            Some(part) => {
                Deed::Answer { step, part, answer: chosen, reasons, answers: Answers::new() }
            }
            None => Deed::Choose {
                step,
                outcome: chosen,
                reasons,
                items: habit.items,
                answers: Answers::new(),
            },
        })
    }

    fn habit(&self, procedure: &Procedure, step: &Name, outcome: &Name) -> Habit {
        let key = (procedure.name.to_string(), step.to_string(), outcome.to_string());
        self.shares.get(&key).cloned().unwrap_or(Habit { weight: 1, items: Vec::new() })
    }
}

/// Whether the conditions hold, or a promise that was signed stands in for those not known yet.
/// What the form does not settle, but registers or what is filled in later, is tried: who may not
/// is told.
fn met(procedure: &Procedure, case: &Case, outcome: &Outcome, facts: &dyn Facts) -> bool {
    let promise = outcome.on_commitment.as_ref();
    if promise.is_some_and(|name| !case.promises.contains_key(name)) {
        return false;
    }
    let commitment = promise.and_then(|name| procedure.commitments.get(name));
    let covers = |name: &Name| commitment.is_some_and(|promise| promise.covers.contains(name));
    procedure.requires.iter().all(|requirement| match requirement.verdict(facts) {
        Verdict::True => true,
        Verdict::False => false,
        Verdict::Undetermined { missing } => {
            let asked = |path: &String| procedure.fields().any(|field| field.path == *path);
            covers(&requirement.name) || !missing.iter().any(asked)
        }
    })
}

/// Whether the evidence is there, where the outcome leads to a promise being found kept.
fn shown(procedure: &Procedure, outcome: &Outcome, case: &Case) -> bool {
    let decision = match &outcome.follows {
        Follows::Then(Target::Step(step)) => procedure.decision(step.as_str()),
        _ => None,
    };
    let Some(Settled::Kept(name)) = decision.and_then(|d| d.settles.as_ref()) else { return true };
    let evidence = procedure.commitments.get(name).into_iter().flat_map(|c| &c.evidence);
    evidence.into_iter().all(|paper| case.materials.contains_key(paper))
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
