//! A procedure's states and moves, and the shortest way to each.

use std::collections::{BTreeMap, VecDeque};

use base::Name;

use crate::model::{By, Decision, Follows, Joined, Outcome, Procedure, Stage, Step, Target};

/// Why a case moves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// An outcome was chosen.
    Outcome(Name),
    /// The time for a supplement ran out.
    Lapse(Name),
    /// Silence was deemed to be the outcome.
    Silence(Name),
    /// The answers of a review came to this.
    Joined(Joined),
    /// The fee was waived.
    Waived,
    /// The case took that course at a turn.
    Turned(Name),
    /// A decision took effect.
    Decided,
    /// The decision was set aside.
    Upheld,
}

/// A move from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: Name,
    pub(crate) cause: Cause,
    pub(crate) to: Target,
}

/// All moves of a procedure, and for each state it can come to the shortest path there.
pub(crate) struct Graph {
    pub(crate) moves: Vec<Move>,
    pub(crate) paths: BTreeMap<Target, Vec<Move>>,
}

impl Graph {
    pub(crate) fn of(procedure: &Procedure) -> Self {
        let moves: Vec<Move> =
            procedure.steps.iter().flat_map(|(name, step)| moves(name, step)).collect();
        let paths = shortest(&moves, Target::Step(procedure.begins.clone()));
        Self { moves, paths }
    }

    /// The moves out of a step.
    pub(crate) fn out_of<'g>(&'g self, step: &'g Name) -> impl Iterator<Item = &'g Move> {
        self.moves.iter().filter(move |m| m.from == *step)
    }

    /// The shortest path from a step to each state that can come after it; to itself it is empty.
    pub(crate) fn paths_from(&self, step: &Name) -> BTreeMap<Target, Vec<Move>> {
        shortest(&self.moves, Target::Step(step.clone()))
    }

    /// The shortest path from a step to each state that can come after it where some moves are
    /// never made.
    pub(crate) fn paths_without(
        &self,
        step: &Name,
        never: impl Fn(&Move) -> bool,
    ) -> BTreeMap<Target, Vec<Move>> {
        let moves: Vec<Move> = self.moves.iter().filter(|m| !never(m)).cloned().collect();
        shortest(&moves, Target::Step(step.clone()))
    }

    /// The states from which an end can be reached.
    pub(crate) fn can_end(&self) -> std::collections::BTreeSet<Target> {
        let ends = self.moves.iter().map(|m| &m.to).filter(|to| matches!(to, Target::End(_)));
        let mut reached: std::collections::BTreeSet<Target> = ends.cloned().collect();
        loop {
            let before = reached.len();
            for m in self.moves.iter().filter(|m| reached.contains(&m.to)).collect::<Vec<_>>() {
                reached.insert(Target::Step(m.from.clone()));
            }
            if reached.len() == before {
                return reached;
            }
        }
    }
}

/// The moves out of a step. Of a review only its results count, not who answered what and when.
fn moves(name: &Name, step: &Step) -> Vec<Move> {
    let to = |cause: Cause, to: &Target| Move { from: name.clone(), cause, to: to.clone() };
    let chosen = step.outcomes().iter().filter_map(|(name, outcome)| leaves(name, outcome));
    let mut moves: Vec<Move> = chosen.map(|(cause, target)| to(cause, target)).collect();
    match step {
        Step::Stage(stage) => {
            let silence = silence(stage).map(|(name, target)| to(Cause::Silence(name), target));
            moves.extend(silence);
            let waived = stage.collects.as_ref().and_then(|collects| collects.waived.as_ref());
            moves.extend(waived.map(|target| to(Cause::Waived, target)));
        }
        Step::Review(review) => {
            let results = review.results().into_iter();
            moves.extend(results.map(|(joined, target)| to(Cause::Joined(joined), target)));
        }
        Step::Turn(turn) => {
            let courses = turn.courses.iter();
            moves.extend(courses.map(|(name, c)| to(Cause::Turned(name.clone()), &c.then)));
        }
        Step::Decision(decision) => {
            moves.push(to(Cause::Decided, &decision.then));
            moves.extend(upheld(decision).map(|target| to(Cause::Upheld, target)));
        }
    }
    moves
}

/// How an outcome leaves its step; a stopped or extended clock goes on where it stood.
fn leaves<'s>(name: &Name, outcome: &'s Outcome) -> Option<(Cause, &'s Target)> {
    if outcome.by == Some(By::Clock) {
        return None;
    }
    match &outcome.follows {
        Follows::Then(target) => Some((Cause::Outcome(name.clone()), target)),
        Follows::Supplement(supplement) => Some((Cause::Lapse(name.clone()), &supplement.lapse)),
        Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => None,
    }
}

fn silence(stage: &Stage) -> Option<(Name, &Target)> {
    let (name, _) = stage.silence.as_ref()?;
    match &stage.outcome(name)?.follows {
        Follows::Then(target) => Some((name.clone(), target)),
        Follows::Supplement(_) | Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => None,
    }
}

fn upheld(decision: &Decision) -> Option<&Target> {
    decision.appeal.as_ref().map(|appeal| &appeal.upheld)
}

/// Breadth first, in the order of the file's names: the first path found is a shortest one.
fn shortest(moves: &[Move], start: Target) -> BTreeMap<Target, Vec<Move>> {
    let mut paths = BTreeMap::from([(start.clone(), Vec::new())]);
    let mut queue = VecDeque::from([start]);
    while let Some(Target::Step(at)) = next_step(&mut queue) {
        let so_far = paths.get(&Target::Step(at.clone())).cloned().unwrap_or_default();
        for m in moves.iter().filter(|m| m.from == at) {
            if !paths.contains_key(&m.to) {
                let mut path = so_far.clone();
                path.push(m.clone());
                paths.insert(m.to.clone(), path);
                queue.push_back(m.to.clone());
            }
        }
    }
    paths
}

fn next_step(queue: &mut VecDeque<Target>) -> Option<Target> {
    std::iter::from_fn(|| queue.pop_front()).find(|target| matches!(target, Target::Step(_)))
}

/// A path as a reader sees it: `accept —accepted→ effective → verify`.
pub(crate) fn trace(begins: &Name, path: &[Move]) -> String {
    let step = |m: &Move| {
        let to = match &m.to {
            Target::Step(name) | Target::End(name) => name,
        };
        match &m.cause {
            Cause::Outcome(name) => format!(" —{name}→ {to}"),
            Cause::Lapse(name) => format!(" —{name}, no answer→ {to}"),
            Cause::Silence(name) => format!(" —silence: {name}→ {to}"),
            Cause::Joined(joined) => format!(" —{}→ {to}", joined.word()),
            Cause::Waived => format!(" —fee waived→ {to}"),
            Cause::Turned(name) => format!(" —turn: {name}→ {to}"),
            Cause::Decided => format!(" → {to}"),
            Cause::Upheld => format!(" —set aside→ {to}"),
        }
    };
    std::iter::once(begins.to_string()).chain(path.iter().map(step)).collect()
}
