//! Everybody wholly at one of some given sites: whoever would lose the most chooses first, then
//! single customers move and pairs change places as long as that is cheaper, and the middle of
//! whoever is together moves too.

use super::median::Medians;

/// The sites and who is where, with what it costs.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) sites: Vec<u32>,
    /// For each customer its place among the sites.
    at: Vec<usize>,
    left: Vec<u64>,
    pub(super) cost: f64,
}

impl Plan {
    /// Everybody at one of these sites; none where no room was found for somebody.
    pub(super) fn new(given: &Medians, sites: Vec<u32>) -> Option<Self> {
        let left = sites.iter().map(|site| given.capacity[*site as usize]).collect();
        let mut plan = Self { sites, at: vec![usize::MAX; given.demand.len()], left, cost: 0.0 };
        let mut waiting: Vec<usize> = (0..given.demand.len()).collect();
        while !waiting.is_empty() {
            let regret = |(at, own): (usize, &usize)| Some((plan.regret(given, *own)?, at));
            let all: Option<Vec<((f64, usize), usize)>> =
                waiting.iter().enumerate().map(regret).collect();
            let most = all?
                .into_iter()
                .max_by(|one, other| one.0.0.total_cmp(&other.0.0).then(other.1.cmp(&one.1)));
            let ((_, place), at) = most?;
            let own = waiting.swap_remove(at);
            plan.at[own] = place;
            plan.left[place] -= given.demand[own];
        }
        plan.cost = plan.sum(given);
        plan.improve(given);
        Some(plan)
    }

    /// What a customer would lose by not getting its best place with room, and that place.
    fn regret(&self, given: &Medians, own: usize) -> Option<(f64, usize)> {
        let mut best: Option<(f64, usize)> = None;
        let mut second = f64::INFINITY;
        for (place, site) in self.sites.iter().enumerate() {
            let cost = given.cost(own, *site as usize);
            if self.left[place] < given.demand[own] || !cost.is_finite() {
                continue;
            }
            match best {
                Some((least, _)) if cost >= least => second = second.min(cost),
                _ => {
                    second = best.map_or(second, |(least, _)| least);
                    best = Some((cost, place));
                }
            }
        }
        // Large ones first among those with one place left.
        let (least, place) = best?;
        let more =
            if second.is_finite() { second - least } else { 1e12 + given.demand[own] as f64 };
        Some((more, place))
    }

    fn sum(&self, given: &Medians) -> f64 {
        let cost = |(own, place): (usize, &usize)| given.cost(own, self.sites[*place] as usize);
        self.at.iter().enumerate().map(cost).sum()
    }

    fn cost_at(&self, given: &Medians, own: usize, place: usize) -> f64 {
        given.cost(own, self.sites[place] as usize)
    }

    /// Moves customers, places and pairs as long as that is cheaper.
    fn improve(&mut self, given: &Medians) {
        while self.shift(given) || self.change(given) || self.center(given) {}
        self.cost = self.sum(given);
    }

    fn shift(&mut self, given: &Medians) -> bool {
        let mut moved = false;
        for own in 0..self.at.len() {
            let (from, demand) = (self.at[own], given.demand[own]);
            let now = self.cost_at(given, own, from);
            for to in 0..self.sites.len() {
                if to != from
                    && self.left[to] >= demand
                    && self.cost_at(given, own, to) < now - TINY
                {
                    self.left[from] += demand;
                    self.left[to] -= demand;
                    self.at[own] = to;
                    moved = true;
                    break;
                }
            }
        }
        moved
    }

    fn change(&mut self, given: &Medians) -> bool {
        let mut moved = false;
        for own in 0..self.at.len() {
            for other in own + 1..self.at.len() {
                let (one, two) = (self.at[own], self.at[other]);
                let (mine, its) = (given.demand[own], given.demand[other]);
                if one == two || self.left[one] + mine < its || self.left[two] + its < mine {
                    continue;
                }
                let now = self.cost_at(given, own, one) + self.cost_at(given, other, two);
                let then = self.cost_at(given, own, two) + self.cost_at(given, other, one);
                if then < now - TINY {
                    self.left[one] = self.left[one] + mine - its;
                    self.left[two] = self.left[two] + its - mine;
                    (self.at[own], self.at[other]) = (two, one);
                    moved = true;
                }
            }
        }
        moved
    }

    /// Moves a site to where whoever is there is served for less.
    fn center(&mut self, given: &Medians) -> bool {
        let mut moved = false;
        for place in 0..self.sites.len() {
            let here: Vec<usize> =
                (0..self.at.len()).filter(|own| self.at[*own] == place).collect();
            let cost =
                |site: u32| here.iter().map(|own| given.cost(*own, site as usize)).sum::<f64>();
            let used: u64 = here.iter().map(|own| given.demand[*own]).sum();
            let now = cost(self.sites[place]);
            let free = (0..).take(given.capacity.len()).filter(|site| {
                given.capacity[*site as usize] >= used && !self.sites.contains(site)
            });
            let best =
                free.map(|site| (cost(site), site)).min_by(|one, other| one.0.total_cmp(&other.0));
            if let Some((_, site)) = best.filter(|(then, _)| *then < now - TINY) {
                self.sites[place] = site;
                self.left[place] = given.capacity[site as usize] - used;
                moved = true;
            }
        }
        moved
    }
}

/// What is no gain but rounding.
const TINY: f64 = 1e-9;
