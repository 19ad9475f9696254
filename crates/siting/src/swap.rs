//! Local search that swaps one open site for a shut one, as long as that pays.
//!
//! For each site it keeps what opening it would gain, for each open site what shutting it would
//! lose, and for the few pairs that concern the same customer how much less the two together lose
//! than each alone (M. G. C. Resende and R. F. Werneck, "A fast swap-based local search procedure
//! for location problems", 2007; the same, "A hybrid heuristic for the p-median problem", 2004).
//! All are exact integers, and a swap touches only customers whose two nearest open sites change.

use crate::median::rows::{Columns, Rows};
use crate::{Costs, FAR, Stop};

/// No site.
const NONE: u32 = u32::MAX;

/// What is searched: the costs, the lists, and which sites may change.
pub(crate) struct Field<'a> {
    pub(crate) costs: &'a dyn Costs,
    pub(crate) rows: Rows,
    /// The lists the other way round, where they are short.
    pub(crate) columns: Option<Columns>,
    pub(crate) p: usize,
    /// Sites that must be open.
    pub(crate) forced: Vec<bool>,
    /// Sites that may be opened: neither forbidden nor forced.
    pub(crate) free: Vec<u32>,
    /// What a customer costs whom no open site can serve: more than all others together.
    pub(crate) lost: i64,
}

impl Field<'_> {
    /// What a pair costs.
    pub(crate) fn cost(&self, customer: usize, site: usize) -> i64 {
        match self.costs.cost(customer, site) {
            FAR => self.lost,
            cost => i64::from(cost),
        }
    }

    /// Whether a site may be opened or shut.
    pub(crate) fn is_free(&self, site: u32) -> bool {
        self.free.binary_search(&site).is_ok()
    }

    /// Tells all sites that cost a customer less than a limit, with that cost.
    fn closer(&self, customer: usize, limit: i64, mut told: impl FnMut(usize, i64)) {
        let beyond = self.rows.beyond(customer);
        if beyond == FAR || limit <= i64::from(beyond) {
            for (cost, site) in self.rows.of(customer) {
                let cost = i64::from(*cost);
                if cost >= limit {
                    return;
                }
                told(*site as usize, cost);
            }
            return;
        }
        for site in 0..self.costs.sites() {
            let cost = self.cost(customer, site);
            if cost < limit {
                told(site, cost);
            }
        }
    }

    /// What the two nearest sites of a set cost a customer.
    pub(crate) fn two(&self, customer: usize, open: &[u32]) -> (i64, i64) {
        let mut two = Two::none(self.lost);
        open.iter().for_each(|site| two.take(*site, self.cost(customer, *site as usize)));
        (two.least, two.next)
    }

    /// The value of any set.
    pub(crate) fn value(&self, open: &[u32]) -> i64 {
        (0..self.costs.customers()).map(|customer| self.two(customer, open).0).sum()
    }
}

/// The two nearest open sites of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Two {
    first: u32,
    second: u32,
    least: i64,
    next: i64,
}

impl Two {
    fn none(lost: i64) -> Self {
        Self { first: NONE, second: NONE, least: lost, next: lost }
    }

    fn take(&mut self, site: u32, cost: i64) {
        if cost < self.least {
            (self.second, self.next) = (self.first, self.least);
            (self.first, self.least) = (site, cost);
        } else if cost < self.next {
            (self.second, self.next) = (site, cost);
        }
    }
}

/// A swap and what it saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) saves: i64,
    pub(crate) opens: u32,
    pub(crate) shuts: u32,
}

/// A set of open sites with all that is known for swapping.
pub(crate) struct Swap<'a> {
    field: &'a Field<'a>,
    pub(crate) open: Vec<u32>,
    /// Where each site stands among the open.
    place: Vec<u32>,
    two: Vec<Two>,
    gain: Vec<i64>,
    loss: Vec<i64>,
    /// For each site that might open: an open site with what the two spare together.
    extra: Vec<Vec<(u32, i64)>>,
    /// The customers that may not list both their nearest open sites, and where each stands there.
    strays: Vec<u32>,
    stray_at: Vec<u32>,
    pub(crate) value: i64,
}

impl<'a> Swap<'a> {
    /// That set, none twice.
    pub(crate) fn new(field: &'a Field<'a>, open: Vec<u32>) -> Self {
        let (sites, customers) = (field.costs.sites(), field.costs.customers());
        let mut place = vec![NONE; sites];
        for (site, at) in open.iter().zip(0..) {
            place[*site as usize] = at;
        }
        let mut swap = Self {
            field,
            open,
            place,
            two: vec![Two::none(field.lost); customers],
            gain: vec![0; sites],
            loss: vec![0; sites],
            extra: vec![Vec::new(); sites],
            strays: Vec::new(),
            stray_at: vec![NONE; customers],
            value: 0,
        };
        for customer in 0..customers {
            swap.two[customer] = swap.look(customer);
            swap.account(customer, 1);
            swap.stray(customer);
        }
        swap
    }

    /// Whether a site is open.
    pub(crate) fn is_open(&self, site: u32) -> bool {
        self.place[site as usize] != NONE
    }

    /// Finds the two nearest open sites: among the open where they are few, else down the list.
    fn look(&self, customer: usize) -> Two {
        let mut two = Two::none(self.field.lost);
        if self.open.len() * self.open.len() > 4 * self.place.len() {
            for (cost, site) in self.field.rows.of(customer) {
                if self.is_open(*site) {
                    two.take(*site, i64::from(*cost));
                    if two.second != NONE {
                        return two;
                    }
                }
            }
            two = Two::none(self.field.lost);
        }
        for site in &self.open {
            two.take(*site, self.field.cost(customer, *site as usize));
        }
        two
    }

    /// Adds what a customer means for gains, losses and extras, or takes it away.
    fn account(&mut self, customer: usize, sign: i64) {
        let Two { first, least, next, .. } = self.two[customer];
        self.value += sign * least;
        if first != NONE {
            self.loss[first as usize] += sign * (next - least);
        }
        let (gain, extra) = (&mut self.gain, &mut self.extra);
        self.field.closer(customer, next, |site, cost| {
            if cost < least {
                gain[site] += sign * (least - cost);
            }
            let spared = next - cost.max(least);
            if spared > 0 {
                add(&mut extra[site], first, sign * spared);
            }
        });
    }

    /// Accounts for a customer of whom only the second nearest open site is another.
    fn second(&mut self, customer: usize, old: i64) {
        let Two { first, least, next, .. } = self.two[customer];
        if next == old || first == NONE {
            return;
        }
        self.loss[first as usize] += next - old;
        let extra = &mut self.extra;
        self.field.closer(customer, next.max(old), |site, cost| {
            let spared = |next: i64| (next - cost.max(least)).max(0);
            let more = spared(next) - spared(old);
            if more != 0 {
                add(&mut extra[site], first, more);
            }
        });
    }

    /// The best swap that opens one of some sites and shuts one of which `may` is true.
    pub(crate) fn best(&self, entering: &[u32], may: impl Fn(u32) -> bool) -> Option<Move> {
        let leaving = self.open.iter().filter(|site| may(**site));
        let (least, cheap) = leaving.map(|site| (self.loss[*site as usize], *site)).min()?;
        let mut best: Option<Move> = None;
        for site in entering.iter().filter(|site| !self.is_open(**site)) {
            let gain = self.gain[*site as usize];
            let mut own = Move { saves: gain - least, opens: *site, shuts: cheap };
            for (other, spared) in &self.extra[*site as usize] {
                let saves = gain - self.loss[*other as usize] + spared;
                if saves > own.saves && may(*other) {
                    own = Move { saves, opens: *site, shuts: *other };
                }
            }
            if best.is_none_or(|best| own.saves > best.saves) {
                best = Some(own);
            }
        }
        best
    }

    /// The best swap of all.
    pub(crate) fn best_of_all(&self) -> Option<Move> {
        self.best(&self.field.free, |site| !self.field.forced[site as usize])
    }

    /// Opens one site and shuts another.
    pub(crate) fn swap(&mut self, opens: u32, shuts: u32) {
        let at = self.place[shuts as usize];
        self.place[shuts as usize] = NONE;
        self.place[opens as usize] = at;
        self.open[at as usize] = opens;
        let field = self.field;
        let Some(columns) = &field.columns else {
            (0..self.two.len()).for_each(|customer| self.serve(customer, opens, shuts));
            return;
        };
        // Whoever is nearer to the one than to two others lists it, as whoever is served by the
        // other does, but for the strays; to be served twice changes nothing.
        let strays = self.strays.clone();
        let listed = [shuts, opens].map(|site| columns.of(site as usize));
        for customer in listed.into_iter().flatten().chain(&strays) {
            self.serve(*customer as usize, opens, shuts);
        }
    }

    /// Serves a customer anew after a swap.
    fn serve(&mut self, customer: usize, opens: u32, shuts: u32) {
        let old = self.two[customer];
        let left = old.first == shuts || old.second == shuts;
        let new = if left {
            self.look(customer)
        } else if old.first == opens || old.second == opens {
            return;
        } else {
            let cost = self.field.cost(customer, opens as usize);
            if cost >= old.next {
                return;
            }
            let mut two = old;
            two.take(opens, cost);
            two
        };
        if (new.first, new.least) != (old.first, old.least) {
            self.account(customer, -1);
            self.two[customer] = new;
            self.account(customer, 1);
        } else {
            self.two[customer] = new;
            self.second(customer, old.next);
        }
        self.stray(customer);
    }

    /// Counts a customer among the strays where its second nearest open site may not be listed.
    fn stray(&mut self, customer: usize) {
        let (beyond, next) = (self.field.rows.beyond(customer), self.two[customer].next);
        let strays = beyond != FAR && next >= i64::from(beyond);
        let at = self.stray_at[customer];
        if strays && at == NONE {
            self.stray_at[customer] = number(self.strays.len());
            self.strays.push(number(customer));
        } else if !strays && at != NONE {
            self.stray_at[customer] = NONE;
            self.strays.swap_remove(at as usize);
            if let Some(moved) = self.strays.get(at as usize) {
                self.stray_at[*moved as usize] = at;
            }
        }
    }

    /// Swaps while it pays.
    pub(crate) fn improve(&mut self, stop: &Stop) {
        while let Some(best) = self.best_of_all().filter(|best| best.saves > 0) {
            self.swap(best.opens, best.shuts);
            if stop.now() {
                return;
            }
        }
    }

    /// The open sites in order.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        let mut open = self.open.clone();
        open.sort_unstable();
        open
    }
}

/// Adds to the entry of a site in a short list, which it enters or leaves.
fn add(list: &mut Vec<(u32, i64)>, site: u32, amount: i64) {
    let Some(at) = list.iter().position(|(own, _)| *own == site) else {
        list.push((site, amount));
        return;
    };
    list[at].1 += amount;
    if list[at].1 == 0 {
        list.swap_remove(at);
    }
}

/// A number of a table that is counted in 32 bits.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Matrix;

    fn field(costs: &Matrix, p: usize, listed: usize) -> Field<'_> {
        let (customers, sites) = (costs.customers(), costs.sites());
        let rows = Rows::new(costs, listed, &vec![0; customers]);
        let columns = (listed < sites).then(|| Columns::new(&rows, sites));
        let free = (0..number(sites)).collect();
        let forced = vec![false; sites];
        Field { costs, rows, columns, p, forced, free, lost: 1 << 40 }
    }

    /// All that is kept, the short lists in order.
    fn kept(swap: &Swap) -> impl PartialEq + std::fmt::Debug {
        let mut extra = swap.extra.clone();
        extra.iter_mut().for_each(|list| list.sort_unstable());
        let mut strays = swap.strays.clone();
        strays.sort_unstable();
        let loss = swap.open.iter().map(|site| swap.loss[*site as usize]).collect::<Vec<_>>();
        (swap.value, swap.gain.clone(), loss, extra, strays)
    }

    #[test]
    fn after_swaps_all_is_as_if_made_anew() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..200 {
            let (sites, customers) = (random.usize(3..20), random.usize(1..25));
            let far = random.f64() * 0.3;
            let mut cost = || if random.f64() < far { FAR } else { random.u32(0..50) };
            let table = (0..sites * customers).map(|_| cost()).collect();
            let costs = Matrix::new(sites, table).unwrap();
            let p = random.usize(1..sites);
            let listed = random.usize(1..=sites);
            let field = field(&costs, p, listed);
            let mut all: Vec<u32> = (0..number(sites)).collect();
            random.shuffle(&mut all);
            let mut swap = Swap::new(&field, all[..p].to_vec());
            for _ in 0..20 {
                let shut: Vec<u32> = (0..number(sites)).filter(|at| !swap.is_open(*at)).collect();
                let opens = shut[random.usize(..shut.len())];
                swap.swap(opens, swap.open[random.usize(..p)]);
                let anew = Swap::new(&field, swap.open.clone());
                assert_eq!(kept(&swap), kept(&anew));
                assert_eq!(swap.value, field.value(&swap.open));
                best_is_best(&field, &swap);
            }
        }
    }

    fn best_is_best(field: &Field, swap: &Swap) {
        let best = swap.best_of_all().unwrap();
        let mut most = i64::MIN;
        for at in 0..swap.open.len() {
            for site in field.free.iter().filter(|site| !swap.is_open(**site)) {
                let mut open = swap.open.clone();
                open[at] = *site;
                most = most.max(swap.value - field.value(&open));
            }
        }
        assert_eq!(best.saves, most);
    }
}
