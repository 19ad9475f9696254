//! What no plan under the same terms can beat, and why.
//!
//! Prices are put on the places of areas, on money, and on what lifts an area to its floor.
//! Whatever the prices, no plan is worth more than what they come to: what all needs and all money
//! are worth, less what the floors are, and for each site the best that can be done with it alone,
//! where its places go to the areas that pay most beyond their price. That is a Lagrangian
//! relaxation; one adds up and sorts to reckon it, in whole numbers throughout. Prices that come to
//! less than nothing where places count nothing, and nobody needs more than the floor, prove that
//! no plan meets the floors within the money.
//!
//! Where one set of prices is not enough, a tree tells cases apart: a site is used in some way, or
//! it is not. The worst case holds.

#![expect(clippy::indexing_slicing, reason = "numbers are made here from the lists they go into")]

use std::collections::{BTreeMap, BTreeSet};

use base::Name;

use crate::{
    fault::{Fault, Item},
    model::{Choice, Model},
    survey::Survey,
    terms::Terms,
};

/// Parts of a unit of value in which is reckoned.
pub const ONE: i128 = 1_000_000_000;
/// Parts of [`ONE`] in a thousandth of a unit of value, in which places are priced.
pub const FINE: i128 = 1_000_000;
/// The highest price of a place, in thousandths of a unit of value.
pub const PRICE_MAX: u64 = 1_000_000_000_000_000;
/// The highest price of a yuan, in parts of [`ONE`] of a unit of value.
pub const MONEY_MAX: u64 = 1_000_000_000_000_000_000;
/// The most cases of a proof.
pub const LEAVES_MAX: usize = 20_000;
/// The most sets of prices times pairs of an area and a site in a phase, so that verifying ends.
pub const WORK_MAX: usize = 400_000_000;

/// Prices by name; what is not priced is free.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    /// What a place of an area in a phase costs, in thousandths of a unit of value.
    pub places: BTreeMap<(u16, String), u64>,
    /// What a yuan costs that is spent up to a phase, in thousand-millionths of a unit of value.
    pub money: BTreeMap<u16, u64>,
    /// What a place in the last phase earns besides for the floor of its area, in thousandths.
    pub lifts: BTreeMap<String, u64>,
}

/// A way a site can be used, by which cases are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The site.
    pub site: String,
    /// The course that is taken; none where the site stays as it is.
    pub course: Option<Name>,
    /// The phase in which it is; none where it is taken in any.
    pub year: Option<u16>,
}

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// Plans of this case are bounded by a set of prices, by its number.
    Bound(usize),
    /// No plan is of this case, as a set of prices shows.
    Impossible(usize),
}

/// A part of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// The case in which it is so follows, and then the case in which it is not.
    Split(Split),
    /// A case.
    Leaf(Leaf),
}

/// Cases told apart: each split before its two cases.
pub type Tree = Vec<Node>;

/// A proof.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Proves the bound.
    pub bound: Tree,
    /// Where the floor is the highest that can be had: that no plan has a floor above this one, and
    /// the proof of it, which is empty where this one is all there is.
    pub ceiling: Option<(u16, Tree)>,
    /// Sets of prices, numbered from 0 as cases name them first.
    pub prices: Vec<Prices>,
}

/// Prices by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// For each phase and area, in thousandths of a unit of value.
    pub places: Vec<Vec<u64>>,
    /// For each phase, in parts of [`ONE`] of a unit of value.
    pub money: Vec<u64>,
    /// For each area, in thousandths of a unit of value.
    pub lifts: Vec<u64>,
}

/// What prices come to, in parts of [`ONE`] of a unit of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// What does not hang on any site.
    pub base: i128,
    /// For each site what each of its choices is worth.
    pub sites: Vec<Vec<i128>>,
}

impl Leaf {
    /// The number of its prices.
    pub fn prices(self) -> usize {
        match self {
            Self::Bound(prices) | Self::Impossible(prices) => prices,
        }
    }
}

impl Levels {
    /// No prices.
    pub fn free(model: &Model) -> Self {
        let areas = model.needs.len();
        Self {
            places: vec![vec![0; areas]; model.phases()],
            money: vec![0; model.phases()],
            lifts: vec![0; areas],
        }
    }

    /// The same prices by name.
    pub fn named(&self, survey: &Survey, terms: &Terms) -> Prices {
        let mut named = Prices::default();
        let keys = || survey.areas().iter().map(|own| &own.key);
        for ((phase, prices), money) in terms.phases.iter().zip(&self.places).zip(&self.money) {
            for (key, price) in keys().zip(prices).filter(|(_, price)| **price > 0) {
                named.places.insert((phase.year, key.clone()), *price);
            }
            if *money > 0 {
                named.money.insert(phase.year, *money);
            }
        }
        let lifts = keys().zip(&self.lifts).filter(|(_, price)| **price > 0);
        named.lifts = lifts.map(|(key, price)| (key.clone(), *price)).collect();
        named
    }

    /// Prices by number, and what is wrong with their names.
    fn of(prices: &Prices, survey: &Survey, terms: &Terms, faults: &mut Vec<Fault>) -> Self {
        let areas = survey.areas().len();
        let mut levels = Self {
            places: vec![vec![0; areas]; terms.phases.len()],
            money: vec![0; terms.phases.len()],
            lifts: vec![0; areas],
        };
        let phase = |year: u16| terms.phases.iter().position(|own| own.year == year);
        for ((year, area), price) in &prices.places {
            match (phase(*year), survey.area(area)) {
                (Some(phase), Some(area)) => levels.places[phase][area] = *price,
                (None, _) => faults.push(Fault::NotAPhase(*year)),
                (_, None) => faults.push(Fault::Unknown(Item::Area, area.clone())),
            }
        }
        for (year, price) in &prices.money {
            match phase(*year) {
                Some(phase) => levels.money[phase] = *price,
                None => faults.push(Fault::NotAPhase(*year)),
            }
        }
        for (area, price) in &prices.lifts {
            match survey.area(area) {
                Some(area) => levels.lifts[area] = *price,
                None => faults.push(Fault::Unknown(Item::Area, area.clone())),
            }
        }
        levels
    }

    fn sound(&self) -> bool {
        let mut places = self.places.iter().flatten().chain(&self.lifts);
        places.all(|price| *price <= PRICE_MAX)
            && self.money.iter().all(|price| *price <= MONEY_MAX)
    }
}

impl Model {
    /// What prices come to; without `counting`, as if places and cost counted nothing, and nobody
    /// needed more than the floors.
    pub fn worth(&self, levels: &Levels, counting: bool) -> Worth {
        let needs = if counting { &self.needs } else { &self.floors };
        let mut base = 0;
        for (phase, money) in levels.money.iter().enumerate() {
            base += i128::from(*money) * i128::from(self.money[phase]);
            if self.counted(phase) {
                let priced = levels.places[phase].iter().zip(needs);
                let sum: i128 = priced.map(|(price, need)| product(*price, *need)).sum();
                base += sum * FINE;
            }
        }
        let lifts: i128 = levels
            .lifts
            .iter()
            .zip(&self.floors)
            .map(|(price, floor)| product(*price, *floor))
            .sum();
        base -= lifts * FINE;
        let mut room = Vec::new();
        let sites = (0..self.choices.len()).map(|site| {
            let mut worth: Vec<i128> =
                self.choices[site].iter().map(|own| self.spent(own, levels, counting)).collect();
            for phase in (0..self.phases()).filter(|phase| self.counted(*phase)) {
                self.earns(site, phase, levels, counting, &mut room);
                // Choices of a course follow each other, so that few fillings are reckoned.
                let mut last = (0, 0);
                for (worth, choice) in worth.iter_mut().zip(&self.choices[site]) {
                    let places = choice.places(phase);
                    if places != last.0 {
                        last = (places, filled(&room, places));
                    }
                    *worth += last.1;
                }
            }
            worth
        });
        let sites = sites.collect();
        Worth { base, sites }
    }

    /// What a choice costs under prices, below zero.
    fn spent(&self, choice: &Choice, levels: &Levels, counting: bool) -> i128 {
        let money: i128 = levels.money.iter().skip(choice.from()).copied().map(i128::from).sum();
        let own = if counting && self.least { ONE } else { 0 };
        -(money + own) * i128::from(choice.cost)
    }

    /// What the areas around a site pay beyond their prices for a place, and for how many, from the
    /// one that pays most.
    fn earns(
        &self,
        site: usize,
        phase: usize,
        levels: &Levels,
        counting: bool,
        room: &mut Vec<(i128, u64)>,
    ) {
        room.clear();
        let last = phase + 1 == self.phases();
        let years = if counting { i128::from(self.years[phase]) * ONE } else { 0 };
        for (area, value) in &self.ways[site] {
            let lift = if last { i128::from(levels.lifts[*area]) } else { 0 };
            let paid = (lift - i128::from(levels.places[phase][*area])) * FINE;
            let profit = paid + years * i128::from(*value);
            let need = if counting { self.needs[*area] } else { self.floors[*area] };
            if profit > 0 && need > 0 {
                room.push((profit, need));
            }
        }
        room.sort_unstable_by(|one, other| other.cmp(one));
    }

    /// A bound in whole units of value, from what prices come to: the last value at or below it
    /// that a plan can have. Where cost is sought, the first cost at or above it.
    pub fn rounded(&self, total: i128) -> i128 {
        let step = i128::from(self.step);
        let most = total.div_euclid(ONE).div_euclid(step) * step;
        if self.least { -most } else { most }
    }
}

fn product(price: u64, count: u64) -> i128 {
    i128::from(price) * i128::from(count)
}

/// What so many places earn.
fn filled(room: &[(i128, u64)], places: u64) -> i128 {
    let mut left = places;
    let mut sum = 0;
    for (profit, count) in room {
        let taken = left.min(*count);
        sum += profit * i128::from(taken);
        left -= taken;
        if left == 0 {
            break;
        }
    }
    sum
}

/// Which choices of a site are left in a case.
type Left = Vec<bool>;

/// A split on the way to a case, and what was before it.
struct Step {
    site: usize,
    before: Left,
    /// What is left in its second case, until that is looked at.
    second: Option<Left>,
}

/// Walks over the cases of a proof.
struct Walk<'a> {
    model: &'a Model,
    left: Vec<Left>,
    steps: Vec<Step>,
    /// How many cases were looked at.
    case: usize,
}

impl<'a> Walk<'a> {
    fn new(model: &'a Model) -> Self {
        let left = model.choices.iter().map(|own| vec![true; own.len()]).collect();
        Self { model, left, steps: Vec::new(), case: 0 }
    }

    fn split(&mut self, site: usize, so: &dyn Fn(&Choice) -> bool) {
        let before = self.left[site].clone();
        let part = |wanted: bool| {
            let own = before.iter().zip(&self.model.choices[site]);
            own.map(|(left, choice)| *left && so(choice) == wanted).collect::<Left>()
        };
        let second = Some(part(false));
        self.left[site] = part(true);
        self.steps.push(Step { site, before, second });
    }

    /// Goes on to the next case; whether there is one.
    fn go_on(&mut self) -> bool {
        while let Some(mut step) = self.steps.pop() {
            if let Some(second) = step.second.take() {
                self.left[step.site] = second;
                self.steps.push(step);
                return true;
            }
            self.left[step.site] = step.before;
        }
        false
    }

    /// What the case comes to; none where some site has no choice left.
    fn total(&self, worth: &Worth, whole: i128) -> Option<i128> {
        let sites: BTreeSet<usize> = self.steps.iter().map(|own| own.site).collect();
        let mut total = whole;
        for site in sites {
            let all = worth.sites[site].iter();
            let best = all.clone().zip(&self.left[site]).filter(|(_, left)| **left);
            total += best.map(|(own, _)| *own).max()?;
            total -= all.max().copied().unwrap_or_default();
        }
        Some(total)
    }
}

/// What all sets of prices of a proof come to, each reckoned once where it is used.
struct Reckoned<'a> {
    model: &'a Model,
    levels: &'a [Levels],
    /// By set, with and without counting; with what the best of all sites comes to.
    worth: BTreeMap<(usize, bool), (Worth, i128)>,
}

impl Reckoned<'_> {
    fn of(&mut self, set: usize, counting: bool) -> Option<&(Worth, i128)> {
        let levels = self.levels.get(set)?;
        let model = self.model;
        Some(self.worth.entry((set, counting)).or_insert_with(|| {
            let worth = model.worth(levels, counting);
            let best = |own: &Vec<i128>| own.iter().max().copied().unwrap_or_default();
            let whole = worth.base + worth.sites.iter().map(best).sum::<i128>();
            (worth, whole)
        }))
    }
}

/// What the worst case of a tree comes to, none where no case is possible; or the case, from 1, at
/// which the tree proves nothing.
fn walk(
    tree: &[Node],
    survey: &Survey,
    terms: &Terms,
    reckoned: &mut Reckoned<'_>,
) -> Result<Option<i128>, usize> {
    let mut walk = Walk::new(reckoned.model);
    let mut worst: Option<i128> = None;
    let mut more = true;
    for node in tree {
        let case = walk.case + 1;
        if !more {
            return Err(case);
        }
        match node {
            Node::Split(split) => {
                let (site, so) = chosen(split, survey, terms).ok_or(case)?;
                walk.split(site, &so);
            }
            Node::Leaf(leaf) => {
                walk.case = case;
                let counting = matches!(leaf, Leaf::Bound(_));
                let (worth, whole) = reckoned.of(leaf.prices(), counting).ok_or(case)?;
                let total = walk.total(worth, *whole);
                match (counting, total) {
                    (true, Some(total)) => worst = worst.max(Some(total)),
                    (false, Some(total)) if total >= 0 => return Err(case),
                    _ => {}
                }
                more = walk.go_on();
            }
        }
    }
    if more { Err(walk.case + 1) } else { Ok(worst) }
}

/// Which choices of which site a split means.
fn chosen(
    split: &Split,
    survey: &Survey,
    terms: &Terms,
) -> Option<(usize, impl Fn(&Choice) -> bool + use<>)> {
    let site = survey.site(&split.site)?;
    let course = match &split.course {
        Some(name) => Some(survey.sites()[site].course(name)?),
        None => None,
    };
    let phase = match split.year {
        Some(year) => Some(terms.phases.iter().position(|own| own.year == year)?),
        None => None,
    };
    if course.is_none() && phase.is_some() {
        return None;
    }
    let so = move |choice: &Choice| match (choice.taken, course) {
        (None, None) => true,
        (Some((own, from)), Some(course)) => {
            own == course && phase.is_none_or(|phase| phase == from)
        }
        _ => false,
    };
    Some((site, so))
}

impl Proof {
    /// The bound that is proved for plans under terms that are sound: no plan is worth more, or
    /// where cost is sought, costs less.
    ///
    /// # Errors
    /// What is wrong with the proof.
    pub fn check(&self, survey: &Survey, terms: &Terms) -> Result<i64, Vec<Fault>> {
        let mut faults = Vec::new();
        let levels: Vec<Levels> =
            self.prices.iter().map(|own| Levels::of(own, survey, terms, &mut faults)).collect();
        let model = Model::new(survey, terms);
        let work = model.pairs().saturating_mul(model.phases()).saturating_mul(levels.len());
        let trees = self.bound.len() + self.ceiling.as_ref().map_or(0, |(_, tree)| tree.len());
        if trees > 2 * LEAVES_MAX || work > WORK_MAX {
            faults.push(Fault::TooMany(Item::Leaf, LEAVES_MAX));
        }
        if !levels.iter().all(Levels::sound) {
            faults.push(Fault::NotAProof(1));
        }
        if terms.worst != self.ceiling.is_some() {
            faults.push(Fault::NotAProof(1));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let not = |case| vec![Fault::NotAProof(case)];
        let mut reckoned = Reckoned { model: &model, levels: &levels, worth: BTreeMap::new() };
        let total = walk(&self.bound, survey, terms, &mut reckoned).map_err(not)?;
        let bound = total.and_then(|total| i64::try_from(model.rounded(total)).ok());
        let bound = bound.ok_or_else(|| not(1))?;
        self.check_ceiling(survey, terms, &levels).map_err(not)?;
        Ok(bound)
    }

    /// No plan has a floor above the ceiling.
    fn check_ceiling(
        &self,
        survey: &Survey,
        terms: &Terms,
        levels: &[Levels],
    ) -> Result<(), usize> {
        let Some((ceiling, tree)) = &self.ceiling else { return Ok(()) };
        if *ceiling >= 1_000 {
            return if *ceiling == 1_000 && tree.is_empty() { Ok(()) } else { Err(1) };
        }
        if *ceiling < terms.floor {
            return Err(1);
        }
        let terms = Terms { floor: ceiling + 1, ..terms.clone() };
        let model = Model::new(survey, &terms);
        let mut reckoned = Reckoned { model: &model, levels, worth: BTreeMap::new() };
        match walk(tree, survey, &terms, &mut reckoned)? {
            None => Ok(()),
            Some(_) => Err(1),
        }
    }
}
