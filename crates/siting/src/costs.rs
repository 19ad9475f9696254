//! What it costs to serve a customer from a site: a table, or points in the plane of which no table
//! is ever made.

/// No way from there to here: such a pair never serves.
pub const FAR: u32 = u32::MAX;

/// What it costs to serve each customer from each site, in whole units of whatever the input
/// counts.
pub trait Costs: Sync {
    /// How many customers there are.
    fn customers(&self) -> usize;
    /// How many sites there are to choose from.
    fn sites(&self) -> usize;
    /// What it costs to serve a customer from a site; [`FAR`] where it cannot be.
    fn cost(&self, customer: usize, site: usize) -> u32;
    /// The `count` sites nearest to a customer with their costs, nearest first, the lower number
    /// first among equals; fewer where fewer can serve it.
    fn nearest(&self, customer: usize, count: usize) -> Vec<(u32, u32)>;
}

/// A table, one row for each customer.
#[derive(Debug, Clone)]
pub struct Matrix {
    sites: usize,
    costs: Vec<u32>,
}

impl Matrix {
    /// A table with so many columns; none where the costs fill no whole number of rows.
    pub fn new(sites: usize, costs: Vec<u32>) -> Option<Self> {
        (sites > 0 && costs.len().is_multiple_of(sites)).then_some(Self { sites, costs })
    }

    /// The costs of a customer from each site.
    pub fn row(&self, customer: usize) -> &[u32] {
        &self.costs[customer * self.sites..(customer + 1) * self.sites]
    }
}

impl Costs for Matrix {
    fn customers(&self) -> usize {
        self.costs.len() / self.sites
    }

    fn sites(&self) -> usize {
        self.sites
    }

    fn cost(&self, customer: usize, site: usize) -> u32 {
        self.costs[customer * self.sites + site]
    }

    fn nearest(&self, customer: usize, count: usize) -> Vec<(u32, u32)> {
        let row = self.row(customer).iter().zip(0..);
        let mut near: Vec<(u32, u32)> =
            row.filter(|(cost, _)| **cost != FAR).map(|(cost, site)| (*cost, site)).collect();
        if count < near.len() {
            near.select_nth_unstable(count);
            near.truncate(count);
        }
        near.sort_unstable();
        near.into_iter().map(|(cost, site)| (site, cost)).collect()
    }
}

/// Points in the plane, each a customer and a site; the cost is the floor of their distance, as
/// TSPLIB's `EUC_2D` is read here.
#[derive(Debug, Clone)]
pub struct Plane {
    points: Vec<(f64, f64)>,
    cells: Cells,
}

/// The points by square cells, for finding those nearby.
#[derive(Debug, Clone)]
struct Cells {
    origin: (f64, f64),
    side: f64,
    across: usize,
    down: usize,
    /// The points of each cell, row by row.
    of: Vec<Vec<u32>>,
}

/// How many points a cell holds on average.
const CELL_POINTS: usize = 2;

impl Plane {
    /// Those points; each must be finite.
    pub fn new(points: Vec<(f64, f64)>) -> Self {
        let cells = Cells::new(&points);
        Self { points, cells }
    }

    /// The points.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }
}

impl Cells {
    fn new(points: &[(f64, f64)]) -> Self {
        let least =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
        let most =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let origin = (least(|own| own.0), least(|own| own.1));
        let (wide, high) = (most(|own| own.0) - origin.0, most(|own| own.1) - origin.1);
        let wanted = (points.len() / CELL_POINTS).max(1) as f64;
        let side = (wide.max(1.0) * high.max(1.0) / wanted).sqrt();
        let count = |length: f64| floor(length / side) + 1;
        let (across, down) = (count(wide), count(high));
        let mut cells = Self { origin, side, across, down, of: vec![Vec::new(); across * down] };
        for (point, number) in points.iter().zip(0..) {
            let (column, row) = cells.cell(*point);
            cells.of[row * across + column].push(number);
        }
        cells
    }

    fn cell(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let column = floor((x - self.origin.0) / self.side).min(self.across - 1);
        (column, floor((y - self.origin.1) / self.side).min(self.down - 1))
    }

    /// The points of the cells whose distance from a cell, in cells, is so much.
    fn ring(&self, (column, row): (usize, usize), away: usize) -> impl Iterator<Item = u32> {
        let rows = row.saturating_sub(away)..=(row + away).min(self.down - 1);
        let cells = rows.flat_map(move |own| {
            let whole = own.abs_diff(row) == away;
            let columns = column.saturating_sub(away)..=(column + away).min(self.across - 1);
            let columns = columns.filter(move |own| whole || own.abs_diff(column) == away);
            columns.map(move |column| own * self.across + column)
        });
        cells.flat_map(|cell| self.of[cell].iter().copied())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "finite, not below 0")]
fn floor(length: f64) -> usize {
    length.max(0.0) as usize
}

impl Costs for Plane {
    fn customers(&self) -> usize {
        self.points.len()
    }

    fn sites(&self) -> usize {
        self.points.len()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the floor is meant"
    )]
    fn cost(&self, customer: usize, site: usize) -> u32 {
        let ((x, y), (u, v)) = (self.points[customer], self.points[site]);
        ((x - u) * (x - u) + (y - v) * (y - v)).sqrt() as u32
    }

    fn nearest(&self, customer: usize, count: usize) -> Vec<(u32, u32)> {
        let count = count.min(self.points.len());
        let middle = self.cells.cell(self.points[customer]);
        let mut near: Vec<(u32, u32)> = Vec::new();
        for away in 0..self.cells.across.max(self.cells.down) {
            let ring = self.cells.ring(middle, away);
            near.extend(ring.map(|site| (self.cost(customer, site as usize), site)));
            // Whoever is in no ring yet is at least this far, and a floor may hide up to one unit.
            let reach = away as f64 * self.cells.side - 1.0;
            let within = near.iter().filter(|(cost, _)| f64::from(*cost) < reach).count();
            if within >= count {
                break;
            }
        }
        near.sort_unstable();
        near.truncate(count);
        near.into_iter().map(|(cost, site)| (site, cost)).collect()
    }
}
