//! Plans and bounds by turns, round by round, and cases told apart where that closes what is left
//! between them.

use layout::{Proof, Survey, Terms};

use super::floor::{Verdict, decide, idle};
use super::plan::{Case, Plan};
use super::prices::{Descent, Prices, first};
use super::program::{Relaxation, Relaxed, Sought, columns};
use super::search::Search;
use super::tree::{Open, Tree, choose};
use super::{Limit, Progress, ROUNDS_MAX};
use crate::Stop;
use crate::lp::Unsolved;

/// The most columns of a linear program that is solved.
pub(super) const COLUMNS_MAX: usize = 100_000;
/// The most columns of one that is solved many times in a round, and how many times that is.
pub(super) const SMALL: usize = 5_000;
const NODES: usize = 10;
/// The most cases of a proof.
const CASES_MAX: usize = 8_000;
/// What prices of a linear program that seeks peace are multiplied by before they are rounded.
const FACTOR: f64 = 1e6;

/// Looks for plans and bounds.
pub(super) struct Solver<'a> {
    case: &'a Case,
    pub(super) search: Search<'a>,
    descent: Descent,
    value: Option<Relaxed>,
    /// What is asked only if plans hold.
    ending: Case,
    peace: Option<Relaxed>,
    pub(super) tree: Tree,
    stop: &'a Stop,
    seed: u64,
    columns: usize,
    descents: usize,
    /// Whether the linear program of all was solved, or cannot be.
    relaxed: bool,
}

/// What came of a case.
enum Came {
    Closed,
    Stopped,
}

impl<'a> Solver<'a> {
    pub(super) fn new(case: &'a Case, seed: u64, stop: &'a Stop) -> Self {
        let prices = first(case);
        let levels = prices.levels(case, 1.0);
        let mut search = Search::new(case, seed);
        search.price(&prices);
        Self {
            case,
            search,
            tree: Tree::new(&case.model, levels, true),
            descent: Descent::new(case, prices),
            value: None,
            ending: Case::new(idle(&case.model)),
            peace: None,
            stop,
            seed,
            columns: columns(case),
            descents: 0,
            relaxed: false,
        }
    }

    /// Finds a first plan that holds, or why there is none.
    pub(super) fn start(&mut self) -> Verdict {
        // Prices first, so that what they like best is looked at.
        self.descend();
        self.search.first();
        if self.search.holds() {
            return Verdict::Holds(self.search.best.chosen.clone());
        }
        let verdict = decide(&self.case.model, self.seed, true, self.stop);
        if let Verdict::Holds(chosen) = &verdict {
            self.search.offer(chosen.clone());
            self.search.grow();
        }
        verdict
    }

    /// Begins with a plan that holds.
    pub(super) fn start_with(&mut self, chosen: Vec<usize>) {
        self.search.offer(chosen);
        self.descend();
        self.search.grow();
        self.search.first();
    }

    /// What the best plan is worth, as the most is sought.
    fn reached(&self) -> i64 {
        -self.search.score.worth
    }

    /// What a total in parts of a unit of value allows.
    fn allows(&self, total: i128) -> i128 {
        let own = self.case.model.rounded(total);
        if self.case.model.least { -own } else { own }
    }

    fn closed(&self, total: i128) -> bool {
        self.allows(total) <= i128::from(self.reached())
    }

    pub(super) fn proved(&self) -> bool {
        self.tree.total().is_none_or(|total| self.closed(total))
    }

    pub(super) fn best(&self) -> &Plan {
        &self.search.best
    }

    /// Goes on until it is proved, or the limit; how many rounds there were, with those before.
    pub(super) fn run(
        &mut self,
        limit: Limit<'_>,
        before: u64,
        told: &mut dyn FnMut(&Progress),
    ) -> u64 {
        let most = limit.rounds.unwrap_or(ROUNDS_MAX);
        let mut rounds = before;
        let mut last = None;
        loop {
            let bound = self.tree.total().map(|total| self.case.model.rounded(total));
            let bound = bound.and_then(|own| i64::try_from(own).ok()).unwrap_or(i64::MAX);
            let progress = Progress { value: self.best().value(self.case), bound, rounds };
            if last.is_none_or(|(value, bound)| (value, bound) != (progress.value, progress.bound))
            {
                last = Some((progress.value, progress.bound));
                told(&progress);
            }
            if self.proved() || rounds >= most || limit.stop.now() || !self.round() {
                return rounds;
            }
            rounds += 1;
        }
    }

    /// One round; whether it came to its end. What was found in one that did not is not there.
    fn round(&mut self) -> bool {
        let small = self.columns <= COLUMNS_MAX;
        if !self.descent.ended() && !self.relaxed {
            self.descend();
            self.improve();
            self.descents += 1;
            let enough = if self.columns <= SMALL { 1 } else { self.columns / 2_000 };
            if small && self.descents >= enough {
                self.descent.give_up();
            }
            return true;
        }
        if small && !self.relaxed {
            return self.relax();
        }
        if small && !self.proved() && self.tree.cases() < CASES_MAX {
            let nodes = if self.columns <= SMALL { NODES } else { 1 };
            for _ in 0..nodes {
                let Some(knot) = self.tree.next() else { break };
                if self.proved() {
                    break;
                }
                if matches!(self.look(knot), Came::Stopped) {
                    return false;
                }
            }
        }
        self.improve();
        true
    }

    fn descend(&mut self) {
        let work =
            self.case.net.area.len() * self.case.counted.len() + self.case.model.choices.len();
        let steps = (4_000_000 / work.max(1)).clamp(10, 200);
        let holds = self.search.holds();
        let target = if holds { self.reached() as f64 } else { f64::NEG_INFINITY };
        self.descent.go(self.case, steps, target);
        let prices = self.descent.prices.clone();
        self.take_root(&prices);
        self.search.price(&prices);
        let often = self.descent.often.clone();
        self.search.follow(&often);
    }

    /// Prices for all, if nothing is told apart yet.
    fn take_root(&mut self, prices: &Prices) {
        let levels = prices.levels(self.case, 1.0);
        let better = Tree::new(&self.case.model, levels, true);
        if self.tree.cases() == 1 && better.of(0) < self.tree.of(0) {
            self.tree = better;
        }
    }

    fn improve(&mut self) {
        let work = self.case.net.area.len() * self.case.counted.len() + 1_000;
        let tries = (1_000_000 / work).clamp(2, 20);
        for _ in 0..tries {
            self.search.round();
        }
    }

    /// Solves the linear program of all.
    fn relax(&mut self) -> bool {
        let mut program = Relaxed::new(self.case, Sought::Value);
        if self.columns > SMALL {
            program.large();
        }
        let never = Stop::default();
        let stop = if self.columns > SMALL { self.stop } else { &never };
        match program.solve(self.case, stop) {
            Err(Unsolved::Stopped) if self.stop.now() => return false,
            Err(_) => {}
            Ok(relaxation) => {
                self.take_root(&relaxation.prices);
                self.search.price(&relaxation.prices);
                self.search.follow(&relaxation.parts);
            }
        }
        self.value = Some(program);
        self.relaxed = true;
        true
    }

    /// Looks at a case.
    fn look(&mut self, knot: usize) -> Came {
        let Some(open) = self.tree.open(&self.case.model, knot) else {
            self.tree.impossible(knot);
            return Came::Closed;
        };
        if self.closed(self.tree.of(knot)) {
            self.tree.close(knot);
            return Came::Closed;
        }
        let never = Stop::default();
        let stop = if self.columns > SMALL { self.stop } else { &never };
        let case = self.case;
        let program = self.value.get_or_insert_with(|| Relaxed::new(case, Sought::Value));
        program.leave(&open);
        match program.solve(case, stop) {
            Err(Unsolved::Stopped) if self.stop.now() => return Came::Stopped,
            Err(Unsolved::Infeasible) if self.refute(knot, &open) => {}
            Err(_) => self.divide(knot, &open, None),
            Ok(relaxation) => self.bound(knot, &open, relaxation),
        }
        Came::Closed
    }

    fn bound(&mut self, knot: usize, open: &Open, relaxation: Relaxation) {
        let levels = relaxation.prices.levels(self.case, 1.0);
        self.tree.price(&self.case.model, knot, open, levels);
        if self.closed(self.tree.of(knot)) {
            return self.tree.close(knot);
        }
        self.search.follow(&relaxation.parts);
        if self.closed(self.tree.of(knot)) {
            return self.tree.close(knot);
        }
        self.divide(knot, open, Some(&relaxation));
    }

    /// Tells two cases apart, or where nothing is left to tell, tries whole prices.
    fn divide(&mut self, knot: usize, open: &Open, relaxation: Option<&Relaxation>) {
        let model = &self.case.model;
        let even: Vec<Vec<f64>>;
        let parts = match relaxation {
            Some(own) => &own.parts,
            None => {
                even = model.choices.iter().map(|own| vec![0.5; own.len()]).collect();
                &even
            }
        };
        if let Some(by) = choose(model, open, parts) {
            return self.tree.split(model, knot, by);
        }
        if let Some(own) = relaxation {
            let mut prices = own.prices.clone();
            prices.money.fill(0.0);
            prices.places.iter_mut().flatten().for_each(|price| *price = price.round());
            prices.lifts.iter_mut().for_each(|price| *price = price.round());
            let levels = prices.levels(self.case, 1.0);
            self.tree.price(model, knot, open, levels);
        }
        self.tree.close(knot);
    }

    /// Proves that no plan is of a case; whether that could be done.
    fn refute(&mut self, knot: usize, open: &Open) -> bool {
        let case = &self.ending;
        let peace = self.peace.get_or_insert_with(|| Relaxed::new(case, Sought::Peace));
        peace.leave(open);
        let Ok(relaxation) = peace.solve(case, &Stop::default()) else { return false };
        let levels = peaceful(case, &relaxation);
        self.tree.refute(&self.case.model, knot, open, levels)
    }

    /// The proof of the bound.
    pub(super) fn proof(&self, survey: &Survey, terms: &Terms) -> Proof {
        let mut proof = Proof::default();
        proof.bound = self.tree.named(survey, terms, &mut proof.prices);
        proof
    }
}

/// Prices of a relaxation that seeks peace, in whole numbers.
pub(super) fn peaceful(case: &Case, relaxation: &Relaxation) -> layout::Levels {
    relaxation.prices.levels(case, FACTOR)
}
