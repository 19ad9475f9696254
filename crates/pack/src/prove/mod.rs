//! Proving a pack sound before it may rule a case. Each proof walks every state a procedure can
//! come to; a proof that fails prints the shortest path that breaks it.
//!
//! What is proved: every state can end; an end the applicant loses by is reached only by a
//! decision that can be appealed; every step has a competent body in every district from the
//! first day on; the longest path fits the legal limit; nothing is granted past a condition, and
//! no condition is true because a fact is missing; the form fills the register; decisions and
//! entries agree; nobody can bend a draw; a layout plan is a draft of its survey.

mod arrival;
mod authority;
mod commitment;
mod condition;
mod draw;
mod entry;
mod figure;
mod flow;
pub(crate) mod graph;
mod known;
mod layout;
mod review;
pub(crate) mod time;

use base::{Name, Text};

use crate::{
    compile::Parsed,
    fault::{Fault, Faults},
    language::{self, ProcedureFile},
    model::{Pack, Procedure, Target},
    node::Span,
};
use graph::{Graph, Move, trace};

/// Proves every procedure of the pack.
pub(crate) fn prove(pack: &Pack, parsed: &Parsed, faults: &mut Faults) {
    figure::prove(pack, parsed, faults);
    authority::prove(pack, parsed, faults);
    for file in &parsed.procedures {
        if let Some(procedure) = pack.procedures.get(&file.procedure) {
            let mut proof =
                Proof { pack, procedure, file, graph: Graph::of(procedure), faults: &mut *faults };
            flow::prove(&mut proof);
            authority::heard(&mut proof);
            review::prove(&mut proof);
            draw::prove(&mut proof);
            layout::prove(&mut proof);
            commitment::prove(&mut proof);
            time::prove(&mut proof);
            arrival::prove(&mut proof);
            condition::prove(&mut proof);
            entry::prove(&mut proof);
        }
    }
}

/// The proof of one procedure.
struct Proof<'p> {
    pack: &'p Pack,
    procedure: &'p Procedure,
    file: &'p ProcedureFile,
    graph: Graph,
    faults: &'p mut Faults,
}

impl Proof<'_> {
    /// Where a step is written.
    fn at_step(&self, step: &Name) -> Span {
        let names = self.file.steps.names();
        let found = names.into_iter().find(|name| name.value == *step);
        found.map_or(self.file.at, |name| name.at)
    }

    /// Where an outcome of a step, or an answer of a review, is written.
    fn at_outcome(&self, step: &Name, outcome: &Name) -> Span {
        let names: Vec<_> = match self.file.steps.get(step.as_str()) {
            Some(language::Step::Stage(stage)) => stage.outcomes.names().collect(),
            Some(language::Step::Review(review)) => {
                review.answers.names().chain(review.outcomes.names()).collect()
            }
            Some(language::Step::Turn(_) | language::Step::Decision(_)) | None => Vec::new(),
        };
        let found = names.into_iter().find(|name| name.value == *outcome);
        found.map_or_else(|| self.at_step(step), |name| name.at)
    }

    /// Where it is written in whose name a decision is made.
    fn at_decider(&self, step: &Name) -> Span {
        let by = match self.file.steps.get(step.as_str()) {
            Some(language::Step::Decision(decision)) => decision.by.as_ref(),
            _ => None,
        };
        by.map_or_else(|| self.at_step(step), |by| by.at)
    }

    /// Where it is written what silence at a stage is deemed to be.
    fn at_silence(&self, step: &Name) -> Span {
        let silence = self.stage(step).and_then(|stage| stage.silence.as_ref());
        silence.map_or_else(|| self.at_step(step), |silence| silence.deemed.at)
    }

    fn stage(&self, step: &Name) -> Option<&language::Stage> {
        match self.file.steps.get(step.as_str()) {
            Some(language::Step::Stage(stage)) => Some(stage),
            _ => None,
        }
    }

    /// The shortest way to a step; none to one that nothing leads to.
    fn way_to(&self, step: &Name) -> Vec<Move> {
        self.graph.paths.get(&Target::Step(step.clone())).cloned().unwrap_or_default()
    }

    /// The shortest way by which a case that was at a step comes to another later, or to that one
    /// again.
    fn way_back(&self, from: &Name, to: &Name) -> Option<Vec<Move>> {
        let after = self.graph.paths_from(from);
        let back = Target::Step(to.clone());
        let last = self.graph.moves.iter().filter(|m| m.to == back);
        let ways = last.filter_map(|m| {
            let way = after.get(&Target::Step(m.from.clone()))?;
            Some([self.way_to(from), way.clone(), vec![m.clone()]].concat())
        });
        ways.min_by_key(Vec::len)
    }

    /// A failed proof: what breaks, and the way there where it is not the start itself.
    fn fails(&mut self, word: &'static str, at: Span, zh: &str, en: &str, path: &[Move]) {
        let way = trace(&self.procedure.begins, path);
        let says = match path {
            [] => Text::new(zh, en),
            _ => Text::new(format!("{zh}；路径：{way}"), format!("{en}; the way there: {way}")),
        };
        self.faults.push(Fault::new(word, at, says));
    }
}
