//! The covering as a linear program: sites may be open in part.
//!
//! A row for each customer, "covered at most as much as its sites are open", is its cut in closed
//! form of Cordeau, Furini and Ljubić (2019), one for each customer: after merging and fixing so
//! few are left that all of them are there from the start. Further cuts are added as they are
//! needed.

use super::merged::Core;
use super::odd::{Odd, odd_cuts};
use super::prices::{Judged, judge, price};
use crate::Stop;
use crate::ask::Mark;
use crate::lp::{Program, Unsolved};

/// The program, and what its sites are fixed to at the moment.
#[derive(Debug)]
pub(super) struct Relaxed<'core> {
    core: &'core Core,
    program: Program,
    marks: Vec<Mark>,
    /// The cuts in it, each with its price of the last time.
    odd: Vec<(Odd, i64)>,
}

/// How many cuts there are at most.
const CUTS: usize = 20_000;

/// What the program says of the choices that agree with some marks.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// How far each site is open.
    pub(super) open: Vec<f64>,
    /// How far each customer is covered.
    covered: Vec<f64>,
    /// The value, with rounding errors: for comparing branches only.
    pub(super) value: f64,
    /// What its prices prove, without any.
    pub(super) judged: Judged,
}

impl<'core> Relaxed<'core> {
    /// Nothing is fixed.
    pub(super) fn new(core: &'core Core, stop: &Stop) -> Self {
        let sites = core.sites();
        let costs = core.own.iter().chain(&core.weights);
        let mut program = Program::most(costs.map(|cost| (*cost as f64, 0.0, 1.0)));
        for (list, customer) in core.by.iter().zip(sites..) {
            let open = list.iter().map(|site| (*site as usize, -1.0));
            program.row(f64::NEG_INFINITY, 0.0, open.chain([(customer, 1.0)]));
        }
        let picks = (0..sites).map(|site| (site, 1.0));
        program.row(f64::NEG_INFINITY, core.picks as f64, picks);
        if let Some(left) = stop.left() {
            program.seconds(left);
        }
        Self { core, program, marks: vec![Mark::Free; sites], odd: Vec::new() }
    }

    /// Cuts off what was found; false where nothing was found to cut.
    pub(super) fn cut(&mut self, part: &Part) -> bool {
        if self.odd.len() >= CUTS {
            return false;
        }
        let (cuts, sites) = (odd_cuts(self.core, &part.open, &part.covered), self.core.sites());
        for odd in &cuts {
            let customers = odd.customers.iter().map(|own| (sites + *own as usize, 1.0));
            let open = odd.sites.iter().map(|(site, half)| (*site as usize, -f64::from(*half)));
            self.program.row(f64::NEG_INFINITY, f64::from(odd.half()), customers.chain(open));
        }
        let found = !cuts.is_empty();
        self.odd.extend(cuts.into_iter().map(|odd| (odd, 0)));
        found
    }

    /// Solves it for some marks; none where it was stopped.
    pub(super) fn solve(&mut self, marks: &[Mark]) -> Option<Part> {
        for (site, (had, mark)) in self.marks.iter_mut().zip(marks).enumerate() {
            if had != mark {
                let (low, high) = match mark {
                    Mark::Free => (0.0, 1.0),
                    Mark::Open => (1.0, 1.0),
                    Mark::Shut => (0.0, 0.0),
                };
                self.program.within(site, low, high);
                *had = *mark;
            }
        }
        let customers = self.core.by.len();
        let solved = match self.program.solve() {
            Ok(solved) => solved,
            Err(Unsolved::Infeasible | Unsolved::Stopped) => return None,
        };
        let prices: Vec<i64> =
            solved.duals[..customers].iter().map(|dual| price(dual.abs())).collect();
        for ((_, own), dual) in self.odd.iter_mut().zip(&solved.duals[customers + 1..]) {
            *own = price(dual.abs());
        }
        let judged = judge(self.core, marks, &prices, &self.odd);
        let mut open = solved.columns;
        let covered = open.split_off(self.core.sites());
        Some(Part { open, covered, value: solved.value + self.core.base as f64, judged })
    }
}
