//! Prices of places, of money and of floors, lowered and raised until the bound that they prove
//! falls no more.
//!
//! A subgradient method (M. Held, P. Wolfe and H. P. Crowder, "Validation of subgradient
//! optimization", 1974), whose direction is mixed with the one before (P. Camerini, L. Fratta and
//! F. Maffioli, "On improving relaxation methods by modified gradient techniques", 1975). Fractions
//! are used here; what counts is reckoned again in whole numbers from the prices that come of it.

use layout::Levels;

use super::plan::Case;

/// Prices that are being sought.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prices {
    /// For each counted phase and each area, in units of value.
    pub(super) places: Vec<Vec<f64>>,
    /// For each phase, in units of value for a yuan.
    pub(super) money: Vec<f64>,
    /// For each area.
    pub(super) lifts: Vec<f64>,
}

impl Prices {
    pub(super) fn free(case: &Case) -> Self {
        let areas = case.model.needs.len();
        Self {
            places: vec![vec![0.0; areas]; case.counted.len()],
            money: vec![0.0; case.model.phases()],
            lifts: vec![0.0; areas],
        }
    }

    /// The same in whole numbers, each times a factor.
    pub(super) fn levels(&self, case: &Case, factor: f64) -> Levels {
        let mut levels = Levels::free(&case.model);
        let fine = |price: &f64| whole(price * 1e3 * factor, layout::proof::PRICE_MAX);
        for (own, phase) in self.places.iter().zip(&case.counted) {
            levels.places[*phase] = own.iter().map(fine).collect();
        }
        levels.lifts = self.lifts.iter().map(fine).collect();
        let money = |price: &f64| whole(price * 1e9 * factor, layout::proof::MONEY_MAX);
        levels.money = self.money.iter().map(money).collect();
        levels
    }

    /// Nothing is below zero.
    pub(super) fn tidy(&mut self) {
        self.all_mut().for_each(|own| *own = own.max(0.0));
    }

    fn all(&self) -> impl Iterator<Item = &f64> {
        self.places.iter().flatten().chain(&self.money).chain(&self.lifts)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.places.iter_mut().flatten().chain(&mut self.money).chain(&mut self.lifts)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is not a number, or beyond the most, is cut off"
)]
fn whole(price: f64, most: u64) -> u64 {
    (price.round().max(0.0) as u64).min(most)
}

/// Seeks the lowest bound from prices.
#[derive(Debug)]
pub(super) struct Descent {
    at: Prices,
    way: Prices,
    slack: Prices,
    /// What one unit of the search is for each price of money.
    scale: Vec<f64>,
    pub(super) best: f64,
    pub(super) prices: Prices,
    length: f64,
    since: usize,
    /// For each site how much each choice was the best of late.
    pub(super) often: Vec<Vec<f64>>,
    room: Vec<(f64, usize)>,
}

const MIXED: f64 = 0.7;
const PATIENCE: usize = 20;
const SHORT: f64 = 1e-3;
const LATELY: f64 = 0.03;

impl Descent {
    pub(super) fn new(case: &Case, prices: Prices) -> Self {
        let needs: u64 = case.model.needs.iter().sum();
        let kinds = (case.model.needs.len() * case.counted.len()).max(1) as f64;
        let scale = |money: &i64| needs as f64 / kinds.sqrt() / (*money as f64).max(1.0);
        Self {
            way: Prices::free(case),
            slack: Prices::free(case),
            scale: case.model.money.iter().map(scale).collect(),
            best: f64::INFINITY,
            at: prices.clone(),
            prices,
            length: 1.0,
            since: 0,
            often: case.model.choices.iter().map(|own| vec![0.0; own.len()]).collect(),
            room: Vec::new(),
        }
    }

    /// Whether steps have become too short to find anything.
    pub(super) fn ended(&self) -> bool {
        self.length < SHORT
    }

    /// Ends it.
    pub(super) fn give_up(&mut self) {
        self.length = 0.0;
    }

    /// Goes so many steps towards a value that is known to be reached.
    pub(super) fn go(&mut self, case: &Case, steps: usize, target: f64) {
        for _ in 0..steps {
            if self.ended() {
                return;
            }
            let bound = self.bound(case);
            self.since += 1;
            if bound < self.best - self.best.abs() * 1e-7 || self.best == f64::INFINITY {
                self.best = bound;
                self.prices = self.at.clone();
                self.since = 0;
            }
            if self.since > PATIENCE {
                (self.length, self.since) = (self.length / 2.0, 0);
                self.at = self.prices.clone();
                self.way.all_mut().for_each(|own| *own = 0.0);
                continue;
            }
            self.step(bound, target);
        }
    }

    fn step(&mut self, bound: f64, target: f64) {
        for (own, scale) in self.slack.money.iter_mut().zip(&self.scale) {
            *own *= scale;
        }
        for (own, slack) in self.way.all_mut().zip(self.slack.all()) {
            *own = MIXED * *own + slack;
        }
        let square: f64 = self.way.all().map(|own| own * own).sum();
        if square == 0.0 {
            self.length = 0.0;
            return;
        }
        // A value that is far from what can be reached would make steps too long.
        let target = target.max(self.best - self.best.abs() / 10.0);
        let step = self.length * (bound - target).max(bound.abs() * 1e-6) / square;
        let money = self.way.money.iter().zip(&self.scale).map(|(own, scale)| own * scale);
        let way = self.way.places.iter().flatten().copied().chain(money);
        let way = way.chain(self.way.lifts.iter().copied());
        for (price, own) in self.at.all_mut().zip(way) {
            *price = (*price - step * own).max(0.0);
        }
    }

    /// The bound of the prices, and how much of everything is left over.
    fn bound(&mut self, case: &Case) -> f64 {
        let model = &case.model;
        let last = case.counted.len().saturating_sub(1);
        let mut bound = 0.0;
        for (slack, prices) in self.slack.places.iter_mut().zip(&self.at.places) {
            for ((own, need), price) in slack.iter_mut().zip(&model.needs).zip(prices) {
                *own = *need as f64;
                bound += price * *own;
            }
        }
        for ((own, floor), price) in
            self.slack.lifts.iter_mut().zip(&model.floors).zip(&self.at.lifts)
        {
            *own = -(*floor as f64);
            bound += price * *own;
        }
        for ((own, money), price) in
            self.slack.money.iter_mut().zip(&model.money).zip(&self.at.money)
        {
            *own = *money as f64;
            bound += price * *own;
        }
        for site in 0..model.choices.len() {
            let (choice, worth) = self.best_choice(case, site);
            bound += worth;
            for (at, own) in self.often[site].iter_mut().enumerate() {
                *own += LATELY * (f64::from(u8::from(at == choice)) - *own);
            }
            self.take(case, site, choice, last);
        }
        bound
    }

    fn best_choice(&mut self, case: &Case, site: usize) -> (usize, f64) {
        let worth = worths(case, site, &self.at, &mut self.room);
        let best = worth.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
        best.map_or((0, 0.0), |(at, worth)| (at, *worth))
    }

    /// Takes from what is left over.
    fn take(&mut self, case: &Case, site: usize, choice: usize, last: usize) {
        let own = case.choice(site, choice);
        for slack in self.slack.money.iter_mut().skip(own.from()) {
            *slack -= own.cost as f64;
        }
        for (number, phase) in case.counted.iter().enumerate() {
            pays(case, site, number, &self.at, &mut self.room);
            let mut left = own.places(*phase) as f64;
            for (_, pair) in &self.room {
                let area = case.net.area[*pair];
                let much = left.min(case.model.needs[area] as f64);
                self.slack.places[number][area] -= much;
                if number == last {
                    self.slack.lifts[area] += much;
                }
                left -= much;
                if left <= 0.0 {
                    break;
                }
            }
        }
    }
}

/// What the areas around a site pay for a place in a counted phase, the most first.
fn pays(case: &Case, site: usize, number: usize, prices: &Prices, room: &mut Vec<(f64, usize)>) {
    room.clear();
    let last = number + 1 == case.counted.len();
    let years = case.model.years[case.counted[number]] as f64;
    for pair in case.net.of(site) {
        let area = case.net.area[pair];
        let lift = if last { prices.lifts[area] } else { 0.0 };
        let pay = years * case.net.value[pair] as f64 - prices.places[number][area] + lift;
        if pay > 0.0 && case.model.needs[area] > 0 {
            room.push((pay, pair));
        }
    }
    room.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
}

/// What each choice of a site is worth under prices.
pub(super) fn worths(
    case: &Case,
    site: usize,
    prices: &Prices,
    room: &mut Vec<(f64, usize)>,
) -> Vec<f64> {
    let model = &case.model;
    let own = if model.least { 1.0 } else { 0.0 };
    let cost = |choice: &layout::Choice| {
        let money: f64 = prices.money.iter().skip(choice.from()).sum();
        -(money + own) * choice.cost as f64
    };
    let mut worth: Vec<f64> = model.choices[site].iter().map(cost).collect();
    for (number, phase) in case.counted.iter().enumerate() {
        pays(case, site, number, prices, room);
        let mut known = (0, 0.0);
        for (worth, choice) in worth.iter_mut().zip(&model.choices[site]) {
            let places = choice.places(*phase);
            if places != known.0 {
                known = (places, filled(case, room, places));
            }
            *worth += known.1;
        }
    }
    worth
}

fn filled(case: &Case, room: &[(f64, usize)], places: u64) -> f64 {
    let mut left = places;
    let mut sum = 0.0;
    for (pay, pair) in room {
        let taken = left.min(case.model.needs[case.net.area[*pair]]);
        sum += pay * taken as f64;
        left -= taken;
        if left == 0 {
            break;
        }
    }
    sum
}

/// Prices to begin with: money, or where cost is sought floors, as dear as makes all that is worth
/// it just what there is, or what is wanted.
pub(super) fn first(case: &Case) -> Prices {
    let mut prices = Prices::free(case);
    let wanted: u64 = case.model.floors.iter().sum();
    let needs: u64 = case.model.needs.iter().sum();
    let years: u64 = case.model.years.iter().sum();
    let money = case.model.money.last().copied().unwrap_or_default() as f64;
    let costs = case.model.choices.iter().flatten().map(|own| own.cost.unsigned_abs());
    let most = if case.model.least {
        costs.max().unwrap_or_default() as f64
    } else {
        needs as f64 * years as f64 * 1e5 / money.max(1.0)
    };
    let (mut low, mut high) = (0.0, most);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        let dear = if case.model.least {
            prices.lifts.fill(middle);
            made(case, &prices, |own| own.after as f64) < wanted as f64
        } else {
            prices.money.iter_mut().rev().take(1).for_each(|own| *own = middle);
            made(case, &prices, |own| own.cost as f64) > money
        };
        if dear { low = middle } else { high = middle }
    }
    prices
}

/// What the best choices under prices come to.
fn made(case: &Case, prices: &Prices, of: impl Fn(&layout::Choice) -> f64) -> f64 {
    let mut room = Vec::new();
    let sites = (0..case.model.choices.len()).map(|site| {
        let worth = worths(case, site, prices, &mut room);
        let best = worth.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
        best.map_or(0.0, |(at, _)| of(case.choice(site, at)))
    });
    sites.sum()
}
