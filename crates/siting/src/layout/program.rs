//! The linear program of a case: what part of each choice is made, and who is served for it.
//!
//! That no area has more at a site than its need, as far as the site is used, holds by rows that
//! are added where they are broken. The worth of rows are prices, and these are reckoned again in
//! whole numbers before anything is said of them.

use super::plan::Case;
use super::prices::Prices;
use crate::Stop;
use crate::lp::{Program, Unsolved};

/// What is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    /// The most value.
    Value,
    /// The least that money and floors are missed by.
    Peace,
    /// The highest part of its floor that every area can have.
    Floor,
}

/// The program.
#[derive(Debug)]
pub(super) struct Relaxed {
    program: Program,
    sought: Sought,
    /// For each site its first column.
    first: Vec<usize>,
    /// The first column of pairs, by counted phase and then by pair.
    pairs: usize,
    rows: usize,
    /// The rows of floors and needs, by counted phase and area; of money; of floors in the last.
    need_rows: usize,
    money_rows: usize,
    floor_rows: usize,
    /// Whether any area has a floor.
    floors: bool,
    /// Which limits of a pair in a counted phase there are.
    limits: Vec<bool>,
    /// Which choices there are.
    open: Vec<Vec<bool>>,
}

/// A solution.
#[derive(Debug, Clone)]
pub(super) struct Relaxation {
    pub(super) value: f64,
    /// For each site what part of each choice is made.
    pub(super) parts: Vec<Vec<f64>>,
    pub(super) prices: Prices,
}

/// The most rounds of rows.
const ROUNDS: usize = 40;
/// What part of a place is nothing but rounding.
const NOTHING: f64 = 1e-6;

/// How many columns the program of a case has.
pub(super) fn columns(case: &Case) -> usize {
    let choices: usize = case.model.choices.iter().map(Vec::len).sum();
    choices + case.net.area.len() * case.counted.len()
}

impl Relaxed {
    pub(super) fn new(case: &Case, sought: Sought) -> Self {
        let model = &case.model;
        let most = model.money.iter().map(|own| own.abs()).max().unwrap_or_default();
        let needs: u64 = model.floors.iter().sum();
        let yuan = (needs as f64 / (most as f64).max(1.0)).clamp(1e-6, 1.0);
        let counts = sought == Sought::Value;
        let mut columns = Vec::new();
        let mut first = Vec::new();
        for all in &model.choices {
            first.push(columns.len());
            let cost = |own: &layout::Choice| {
                if counts && model.least { -own.cost as f64 } else { 0.0 }
            };
            columns.extend(all.iter().map(|own| (cost(own), 0.0, 1.0)));
        }
        let pairs = columns.len();
        for phase in &case.counted {
            let years = if counts { model.years[*phase] as f64 } else { 0.0 };
            for (area, value) in case.net.area.iter().zip(&case.net.value) {
                columns.push((years * *value as f64, 0.0, model.needs[*area] as f64));
            }
        }
        if sought == Sought::Floor {
            columns.push((1.0, 0.0, 1.0));
        }
        if sought == Sought::Peace {
            columns.extend(model.floors.iter().map(|own| (-1.0, 0.0, *own as f64)));
            columns.extend(model.money.iter().map(|_| (-yuan, 0.0, f64::INFINITY)));
        }
        let mut relaxed = Self {
            program: Program::most(columns),
            sought,
            first,
            pairs,
            rows: 0,
            need_rows: 0,
            money_rows: 0,
            floor_rows: 0,
            floors: needs > 0,
            limits: vec![false; case.net.area.len() * case.counted.len()],
            open: model.choices.iter().map(|own| vec![true; own.len()]).collect(),
        };
        relaxed.add_rows(case);
        relaxed
    }

    fn row(&mut self, low: f64, high: f64, terms: impl IntoIterator<Item = (usize, f64)>) {
        self.program.row(low, high, terms);
        self.rows += 1;
    }

    fn add_rows(&mut self, case: &Case) {
        let model = &case.model;
        for (site, all) in model.choices.iter().enumerate() {
            let first = self.first[site];
            self.row(1.0, 1.0, (0..all.len()).map(|own| (first + own, 1.0)));
        }
        for (number, phase) in case.counted.iter().enumerate() {
            for site in 0..model.choices.len() {
                let own = self.choices(case, site, |own| -(own.places(*phase) as f64));
                let base = self.pairs + number * case.net.area.len();
                let pairs = case.net.of(site).map(|pair| (base + pair, 1.0));
                let terms: Vec<(usize, f64)> = pairs.chain(own).collect();
                self.row(f64::NEG_INFINITY, 0.0, terms);
            }
        }
        self.need_rows = self.rows;
        for number in 0..case.counted.len() {
            let base = self.pairs + number * case.net.area.len();
            for area in 0..model.needs.len() {
                let pairs = case.net.around(area).iter().map(|pair| (base + pair, 1.0));
                let terms: Vec<(usize, f64)> = pairs.collect();
                self.row(f64::NEG_INFINITY, model.needs[area] as f64, terms);
            }
        }
        self.floor_rows = self.rows;
        let extra = self.pairs + case.counted.len() * case.net.area.len();
        let base = extra - case.net.area.len();
        let peace = self.sought == Sought::Peace;
        let floors = if self.floors { &model.floors[..] } else { &[] };
        for (area, floor) in floors.iter().enumerate() {
            let pairs = case.net.around(area).iter().map(|pair| (base + pair, 1.0));
            let (other, low) = match self.sought {
                Sought::Peace => (Some((extra + area, 1.0)), *floor as f64),
                Sought::Floor => (Some((extra, -(*floor as f64))), 0.0),
                Sought::Value => (None, *floor as f64),
            };
            let terms: Vec<(usize, f64)> = pairs.chain(other).collect();
            self.row(low, f64::INFINITY, terms);
        }
        self.money_rows = self.rows;
        for (phase, money) in model.money.iter().enumerate() {
            let cost = |own: &layout::Choice| {
                if own.from() <= phase { own.cost as f64 } else { 0.0 }
            };
            let own = (0..model.choices.len()).flat_map(|site| self.choices(case, site, cost));
            let over = peace.then_some((extra + model.floors.len() + phase, -1.0));
            let terms: Vec<(usize, f64)> = own.chain(over).collect();
            self.row(f64::NEG_INFINITY, *money as f64, terms);
        }
    }

    /// The columns of the choices of a site, each with a factor that is not 0.
    fn choices(
        &self,
        case: &Case,
        site: usize,
        factor: impl Fn(&layout::Choice) -> f64,
    ) -> Vec<(usize, f64)> {
        let all = case.model.choices[site].iter().enumerate();
        let terms = all.map(|(at, own)| (self.first[site] + at, factor(own)));
        terms.filter(|(_, factor)| *factor != 0.0).collect()
    }

    /// Leaves only these choices.
    pub(super) fn leave(&mut self, open: &[Vec<bool>]) {
        for (site, (own, wanted)) in self.open.iter_mut().zip(open).enumerate() {
            for (at, (own, wanted)) in own.iter_mut().zip(wanted).enumerate() {
                if own != wanted {
                    let high = f64::from(u8::from(*wanted));
                    self.program.within(self.first[site] + at, 0.0, high);
                    *own = *wanted;
                }
            }
        }
    }

    /// Solves it, adding limits as they are broken.
    pub(super) fn solve(&mut self, case: &Case, stop: &Stop) -> Result<Relaxation, Unsolved> {
        let mut before = f64::INFINITY;
        for round in 0..ROUNDS {
            if let Some(seconds) = stop.left() {
                self.program.seconds(seconds);
            }
            if stop.now() {
                return Err(Unsolved::Stopped);
            }
            let solved = self.program.solve()?;
            let added = self.add_limits(case, &solved.columns);
            let slow = round > 8 && before - solved.value < solved.value.abs() * 1e-5;
            before = solved.value;
            if added == 0 || round + 1 == ROUNDS || slow {
                return Ok(self.relaxation(case, solved));
            }
        }
        Err(Unsolved::Stopped)
    }

    /// Adds the limits that a solution breaks; how many.
    fn add_limits(&mut self, case: &Case, columns: &[f64]) -> usize {
        let mut broken = Vec::new();
        for (number, phase) in case.counted.iter().enumerate() {
            let base = number * case.net.area.len();
            for pair in 0..case.net.area.len() {
                let served = columns[self.pairs + base + pair];
                if served < NOTHING || self.limits[base + pair] {
                    continue;
                }
                let (site, need) = (case.net.site[pair], case.model.needs[case.net.area[pair]]);
                let all = case.model.choices[site].iter().zip(&columns[self.first[site]..]);
                let limit = all.map(|(own, part)| own.places(*phase).min(need) as f64 * part);
                if served > limit.sum::<f64>() + NOTHING * (1.0 + need as f64) {
                    broken.push((base, pair, *phase));
                }
            }
        }
        for (base, pair, phase) in &broken {
            self.limits[base + pair] = true;
            let (site, need) = (case.net.site[*pair], case.model.needs[case.net.area[*pair]]);
            let limit = |own: &layout::Choice| -(own.places(*phase).min(need) as f64);
            let own = self.choices(case, site, limit);
            let terms: Vec<(usize, f64)> =
                own.into_iter().chain([(self.pairs + base + pair, 1.0)]).collect();
            self.row(f64::NEG_INFINITY, 0.0, terms);
        }
        broken.len()
    }

    fn relaxation(&self, case: &Case, solved: crate::lp::Solved) -> Relaxation {
        let mut prices = Prices::free(case);
        let areas = case.model.needs.len();
        for (number, own) in prices.places.iter_mut().enumerate() {
            let from = self.need_rows + number * areas;
            own.clone_from_slice(&solved.duals[from..from + areas]);
        }
        prices.money.clone_from_slice(
            &solved.duals[self.money_rows..self.money_rows + case.model.phases()],
        );
        if self.floors {
            let lifts = &solved.duals[self.floor_rows..self.floor_rows + areas];
            prices.lifts = lifts.iter().map(|own| -own).collect();
        }
        prices.tidy();
        let parts = case
            .model
            .choices
            .iter()
            .zip(&self.first)
            .map(|(all, first)| solved.columns[*first..first + all.len()].to_vec());
        Relaxation { value: solved.value, parts: parts.collect(), prices }
    }

    /// Lets a large program be solved from within.
    pub(super) fn large(&mut self) {
        self.program.set("solver", "ipm");
    }
}
