//! The linear program of Benders: each customer has one column for its cost, and rows that say what
//! the cost is at least for the sites that are open.
//!
//! For any level D the cost of a customer is at least D less, for each nearer site, what that site
//! saves of D. Which level cuts off most is read off the customer's list: the one at which the
//! sites so far come to one (C. Duran-Mateluna, Z. Ales and S. Elloumi, "An efficient Benders
//! decomposition for the p-median problem", European Journal of Operational Research, 2023).

use super::dual::{Fate, Scale};
use super::rows::Rows;
use crate::FAR;
use crate::lp::{Program, Solved, Unsolved};

/// A row: the customer and the level; [`FAR`] says that some site must serve it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cut {
    pub(crate) customer: u32,
    pub(crate) level: u32,
}

/// The program with its rows.
pub(crate) struct Master {
    program: Program,
    /// Where the column of each customer stands; none for one whose cost is settled.
    customers: Vec<Option<usize>>,
    /// Where the column of each site stands; none for one that is shut.
    sites: Vec<Option<usize>>,
    /// What the bounds of the columns say of each site now.
    fates: Vec<Fate>,
    pub(crate) cuts: Vec<Cut>,
    /// For how many solutions each row has been worth nothing.
    idle: Vec<u32>,
}

/// What was found.
pub(crate) struct Point {
    /// How far each site is open.
    pub(crate) open: Vec<f64>,
    /// What each customer costs.
    least: Vec<f64>,
    /// What each customer would pay.
    pub(crate) prices: Vec<i64>,
}

impl Master {
    /// The program with those rows.
    pub(crate) fn new(rows: &Rows, fates: &[Fate], p: usize, cuts: Vec<Cut>) -> Self {
        let sites = fates.iter().map(|fate| *fate != Fate::Shut);
        let sites = numbered(sites, 0);
        let many = sites.iter().flatten().count();
        let first = |customer: usize| rows.of(customer).first().copied();
        let settled =
            |customer| first(customer).filter(|(_, at)| fates[*at as usize] == Fate::Open);
        let customers = (0..rows.len()).map(|customer| settled(customer).is_none());
        let customers = numbered(customers, many);
        let open = fates.iter().filter(|fate| **fate != Fate::Shut).map(|fate| match fate {
            Fate::Open => (0.0, 1.0, 1.0),
            Fate::Free | Fate::Shut => (0.0, 0.0, 1.0),
        });
        let moving = customers.iter().enumerate().filter(|(_, column)| column.is_some());
        let least = moving.map(|(customer, _)| {
            (1.0, first(customer).map_or(0.0, |(cost, _)| f64::from(cost)), f64::INFINITY)
        });
        let mut program = Program::least(open.chain(least));
        program.set("solver", "simplex");
        program.row(p as f64, p as f64, (0..many).map(|column| (column, 1.0)));
        let fates = fates.to_vec();
        let (own, idle) = (Vec::new(), Vec::new());
        let mut master = Self { program, customers, sites, fates, cuts: own, idle };
        cuts.into_iter().for_each(|cut| master.add(rows, cut));
        master
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, rows: &Rows, cut: Cut) {
        let Some(column) = self.customers[cut.customer as usize] else {
            return;
        };
        let row = rows.of(cut.customer as usize).iter();
        let sites = row.take_while(|(cost, _)| *cost < cut.level);
        let terms = sites.filter_map(|(cost, site)| Some((self.sites[*site as usize]?, *cost)));
        if cut.level == FAR {
            self.program.row(1.0, f64::INFINITY, terms.map(|(site, _)| (site, 1.0)));
        } else {
            let saved = terms.map(|(site, cost)| (site, f64::from(cut.level - cost)));
            let own = std::iter::once((column, 1.0));
            self.program.row(cut.level.into(), f64::INFINITY, own.chain(saved));
        }
        self.cuts.push(cut);
        self.idle.push(0);
    }

    /// Opens, shuts and frees sites as told.
    pub(crate) fn decide(&mut self, fates: &[Fate]) {
        for (site, (new, old)) in fates.iter().zip(&mut self.fates).enumerate() {
            if new == old {
                continue;
            }
            *old = *new;
            if let Some(column) = self.sites[site] {
                let (low, high) = match new {
                    Fate::Free => (0.0, 1.0),
                    Fate::Open => (1.0, 1.0),
                    Fate::Shut => (0.0, 0.0),
                };
                self.program.within(column, low, high);
            }
        }
    }

    /// How many seconds all solutions may take from now on.
    pub(crate) fn seconds(&mut self, seconds: f64) {
        self.program.seconds(seconds);
    }

    /// Solves it as it stands.
    pub(crate) fn solve(&mut self, rows: &Rows, scale: Scale) -> Result<Point, Unsolved> {
        let solved = self.program.solve()?;
        for (idle, dual) in self.idle.iter_mut().zip(solved.duals.iter().skip(1)) {
            *idle = if *dual > 1e-9 { 0 } else { *idle + 1 };
        }
        let at = |column: &Option<usize>| column.map_or(0.0, |column| solved.columns[column]);
        Ok(Point {
            open: self.sites.iter().map(at).collect(),
            least: self.customers.iter().map(at).collect(),
            prices: self.prices(rows, scale, &solved),
        })
    }

    /// What customers would pay: the mean of the levels of their rows by what these are worth. By
    /// convexity these prices give a bound no worse than the program's value.
    fn prices(&self, rows: &Rows, scale: Scale, solved: &Solved) -> Vec<i64> {
        let first = |customer| rows.of(customer).first().map_or(0, |(cost, _)| *cost);
        let mut prices: Vec<f64> = (0..rows.len()).map(|at| f64::from(first(at))).collect();
        for (cut, dual) in self.cuts.iter().zip(solved.duals.iter().skip(1)) {
            let at = cut.customer as usize;
            let level = match cut.level {
                FAR => 1.0,
                level => f64::from(level) - f64::from(first(at)),
            };
            prices[at] += dual * level;
        }
        let fixed = prices.iter().enumerate();
        fixed.map(|(customer, price)| scale.price(rows, customer, *price)).collect()
    }

    /// The rows that a point breaks, one at most for each customer and one that it be served.
    pub(crate) fn broken(&self, rows: &Rows, point: &Point) -> Vec<Cut> {
        let moving = self.customers.iter().enumerate().filter(|(_, column)| column.is_some());
        let mut broken = Vec::new();
        for (customer, _) in moving {
            let number = u32::try_from(customer).unwrap_or(u32::MAX);
            let (level, cost, served) = level(rows, customer, &point.open);
            let tolerance = 1e-6 * (1.0 + cost);
            if cost > point.least[customer] + tolerance {
                broken.push(Cut { customer: number, level });
            }
            if served < 1.0 - 1e-7 && rows.beyond(customer) == FAR {
                broken.push(Cut { customer: number, level: FAR });
            }
        }
        broken
    }

    /// The rows that were worth something within the last so many solutions.
    pub(crate) fn used(&self, lately: u32) -> Vec<Cut> {
        let used = self.cuts.iter().zip(&self.idle).filter(|(_, idle)| **idle <= lately);
        used.map(|(cut, _)| *cut).collect()
    }
}

/// The level that cuts off most where sites are open so far: that level, what the customer then
/// costs at least, and how many of the sites listed are open together.
pub(crate) fn level(rows: &Rows, customer: usize, open: &[f64]) -> (u32, f64, f64) {
    let (mut sum, mut cost) = (0.0, 0.0);
    let mut last = 0;
    for (own, site) in rows.of(customer) {
        let part = open[*site as usize].max(0.0);
        if part > 0.0 {
            last = *own;
        }
        if sum + part >= 1.0 - 1e-9 {
            let level = *own;
            return (level, cost + (1.0 - sum) * f64::from(level), 1.0);
        }
        sum += part;
        cost += part * f64::from(*own);
    }
    let level = match rows.beyond(customer) {
        FAR => last,
        beyond => beyond,
    };
    (level, cost + (1.0 - sum) * f64::from(level), sum)
}

/// Numbers those that are there from a number on.
fn numbered(there: impl Iterator<Item = bool>, from: usize) -> Vec<Option<usize>> {
    let mut next = from;
    let number = |there: bool| {
        there.then(|| {
            next += 1;
            next - 1
        })
    };
    there.map(number).collect()
}
