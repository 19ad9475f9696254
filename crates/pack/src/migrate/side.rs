//! One edition of the procedure: which states a case can be in, and what is sure to be known there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::Name;

use crate::{
    model::{Decision, Effect, Migration, Need, Pack, Procedure, Review, Step, Target},
    prove::graph::{Cause, Graph, Move},
};

/// What a fact is called that says: the bodies asked in this review have answered.
const REVIEWED: &str = "review ";
/// What a fact is called that says: this paper was asked for.
const PAPER: &str = "paper ";

/// An edition of a procedure.
pub(super) struct Side<'p> {
    pub(super) pack: &'p Pack,
    pub(super) procedure: &'p Procedure,
    graph: Graph,
    known: BTreeMap<Name, BTreeSet<String>>,
    entered: BTreeMap<Name, BTreeSet<bool>>,
}

impl<'p> Side<'p> {
    pub(super) fn of(pack: &'p Pack, procedure: &Name) -> Option<Self> {
        let procedure = pack.procedures.get(procedure)?;
        let graph = Graph::of(procedure);
        let known = known(procedure, &graph);
        let entered = entered(procedure, &graph);
        Some(Self { pack, procedure, graph, known, entered })
    }

    /// The steps at which a case may wait.
    pub(super) fn waits(&self) -> impl Iterator<Item = &'p Name> {
        let steps = self.procedure.steps.iter();
        steps.filter(|(_, step)| step.waits()).map(|(name, _)| name)
    }

    /// The step of that name, where a case may wait at it.
    pub(super) fn waiting(&self, name: &Name) -> Option<&'p Step> {
        let step = self.procedure.steps.get(name);
        step.filter(|step| step.waits())
    }

    /// What every case at a step knows.
    pub(super) fn known(&self, step: &Name) -> BTreeSet<String> {
        self.known.get(step).cloned().unwrap_or_default()
    }

    /// Whether cases at a step have made an entry: never, always, or either.
    pub(super) fn entered(&self, step: &Name) -> BTreeSet<bool> {
        self.entered.get(step).cloned().unwrap_or_default()
    }

    /// The moves out of a step.
    pub(super) fn out_of<'g>(&'g self, step: &'g Name) -> impl Iterator<Item = &'g Move> {
        self.graph.out_of(step)
    }

    /// The steps that can come after a step, itself not unless it comes again.
    fn after(&self, step: &Name) -> BTreeSet<Name> {
        let mut after = BTreeSet::new();
        let mut queue = VecDeque::from([step.clone()]);
        while let Some(at) = queue.pop_front() {
            for m in self.out_of(&at) {
                if let Target::Step(next) = &m.to
                    && after.insert(next.clone())
                {
                    queue.push_back(next.clone());
                }
            }
        }
        after
    }

    /// The decisions that a case at a step may have made.
    pub(super) fn decided_before(&self, step: &Name) -> Vec<(&'p Name, &'p Decision)> {
        let decisions = self.decisions();
        decisions.filter(|(name, _)| self.after(name).contains(step)).collect()
    }

    /// The decisions that a case at a step may come to.
    pub(super) fn decided_after(&self, step: &Name) -> Vec<(&'p Name, &'p Decision)> {
        let after = self.after(step);
        self.decisions().filter(|(name, _)| after.contains(*name)).collect()
    }

    /// The reviews whose answers a case at a step may have, that of the step itself among them.
    pub(super) fn reviewed_before(&self, step: &Name) -> Vec<(&'p Name, &'p Review)> {
        let reviews = self.procedure.steps.iter().filter_map(|(name, step)| match step {
            Step::Review(review) => Some((name, review)),
            Step::Stage(_) | Step::Turn(_) | Step::Decision(_) => None,
        });
        reviews.filter(|(name, _)| *name == step || self.after(name).contains(step)).collect()
    }

    fn decisions(&self) -> impl Iterator<Item = (&'p Name, &'p Decision)> {
        self.procedure.steps.iter().filter_map(|(name, step)| match step {
            Step::Decision(decision) => Some((name, decision)),
            Step::Stage(_) | Step::Review(_) | Step::Turn(_) => None,
        })
    }

    /// The facts by which the place of a body and its level are found.
    pub(super) fn places(&self) -> BTreeSet<&'p str> {
        let Procedure { competent, bodies, levels, .. } = self.procedure;
        let places = std::iter::once(competent).chain(bodies.values()).map(|b| b.of.as_str());
        places.chain(levels.values().flat_map(|rule| rule.county.facts_used())).collect()
    }
}

/// A fact as the new edition calls it: the review it may be about can have another name there.
pub(super) fn renamed(fact: &str, migration: &Migration) -> String {
    let review = fact.strip_prefix(REVIEWED).and_then(|name| Name::new(name).ok());
    match review {
        Some(review) => format!("{REVIEWED}{}", migration.image(&review)),
        None => fact.to_owned(),
    }
}

/// Whether the applicant can be asked for it.
pub(super) fn in_form(fact: &str) -> bool {
    !fact.starts_with(REVIEWED)
}

/// Whether it is a paper.
pub(super) fn paper(fact: &str) -> bool {
    fact.starts_with(PAPER)
}

/// Whether a fact is there for every case, whatever its form says.
pub(super) fn always_there(fact: &str) -> bool {
    let own = ["filed-on", "decided-on", "applicant", "body.division"];
    own.contains(&fact) || fact.starts_with("figure.")
}

/// What is sure to be known at each step: what the form must say, what outcomes on every way there
/// must fill in, and which reviews lie on every way.
fn known(procedure: &Procedure, graph: &Graph) -> BTreeMap<Name, BTreeSet<String>> {
    let papers = procedure.materials.iter().filter(|paper| paper.need == Need::Always);
    let papers = papers.map(|paper| format!("{PAPER}{}", paper.name));
    let answers = procedure.fields().filter(|field| field.need == Need::Always);
    let start = answers.map(|field| field.path.clone()).chain(papers).collect();
    let mut known = BTreeMap::from([(procedure.begins.clone(), start)]);
    let mut queue = VecDeque::from([procedure.begins.clone()]);
    while let Some(step) = queue.pop_front() {
        let here: BTreeSet<String> = known.get(&step).cloned().unwrap_or_default();
        for m in graph.out_of(&step) {
            let Target::Step(next) = &m.to else { continue };
            let there = &here | &added(procedure, m);
            let meets = known.get(next).map(|before| before & &there);
            let there = meets.unwrap_or(there);
            if known.get(next) != Some(&there) {
                known.insert(next.clone(), there);
                queue.push_back(next.clone());
            }
        }
    }
    known
}

/// What a move makes known.
fn added(procedure: &Procedure, m: &Move) -> BTreeSet<String> {
    match &m.cause {
        Cause::Outcome(outcome) => {
            let outcome = procedure.outcome(&m.from, outcome).into_iter();
            let fields = outcome.flat_map(|o| &o.asks).flat_map(|section| &section.fields);
            let always = fields.filter(|field| field.need == Need::Always);
            always.map(|field| field.path.clone()).collect()
        }
        Cause::Joined(_) => BTreeSet::from([format!("{REVIEWED}{}", m.from)]),
        _ => BTreeSet::new(),
    }
}

/// Whether an entry has been made at each step, on every way there.
fn entered(procedure: &Procedure, graph: &Graph) -> BTreeMap<Name, BTreeSet<bool>> {
    let mut reached: BTreeMap<Name, BTreeSet<bool>> = BTreeMap::new();
    let mut queue = VecDeque::from([(procedure.begins.clone(), false)]);
    while let Some((step, entered)) = queue.pop_front() {
        if !reached.entry(step.clone()).or_default().insert(entered) {
            continue;
        }
        let decision = procedure.decision(step.as_str());
        let enters = decision.is_some_and(|decision| decision.enters.is_some());
        for m in graph.out_of(&step) {
            let imposed = decision.is_some_and(|d| d.decides == Effect::Imposed && enters);
            let undone = imposed && m.cause == Cause::Upheld;
            if let Target::Step(next) = &m.to {
                queue.push_back((next.clone(), (entered || enters) && !undone));
            }
        }
    }
    reached
}
