//! What is chosen for each site, with who is served and what is spent.

use layout::{Choice, Draft, Fault, Found, Model, Pick, Proof, Served, Survey, Terms};

use super::flow::{Flow, Net, Scratch};

/// A survey under terms, and its pairs.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) model: Model,
    pub(super) net: Net,
    /// The phases in which places count.
    pub(super) counted: Vec<usize>,
}

/// How good a plan is; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// How much is spent beyond the money, over all phases.
    pub(super) over: i64,
    /// How many places areas are below their floors.
    pub(super) short: u64,
    /// The value, below zero; where cost is sought, the cost.
    pub(super) worth: i64,
}

/// A plan. INVARIANT: who is served is worth the most for what is chosen.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// For each site the number of its choice.
    pub(super) chosen: Vec<usize>,
    /// For each counted phase.
    pub(super) flows: Vec<Flow>,
    /// For each phase what is spent up to it.
    pub(super) spent: Vec<i64>,
    cost: i64,
}

impl Case {
    pub(super) fn new(model: Model) -> Self {
        let net = Net::new(&model);
        let counted = (0..model.phases()).filter(|phase| model.counted(*phase)).collect();
        Self { model, net, counted }
    }

    pub(super) fn choice(&self, site: usize, choice: usize) -> &Choice {
        &self.model.choices[site][choice]
    }
}

impl Plan {
    /// Every site stays as it is, or is used in the last phase as it must be.
    pub(super) fn new(case: &Case, scratch: &mut Scratch) -> Self {
        let last = |all: &Vec<Choice>| match all.first() {
            Some(Choice { taken: None, .. }) => 0,
            _ => all.len() - 1,
        };
        let chosen = case.model.choices.iter().map(last).collect();
        Self::of(case, scratch, chosen)
    }

    /// With these choices.
    pub(super) fn of(case: &Case, scratch: &mut Scratch, chosen: Vec<usize>) -> Self {
        let flow = |phase: &usize| Flow::new(&case.model, &case.net, *phase);
        let mut plan = Self {
            flows: case.counted.iter().map(flow).collect(),
            spent: vec![0; case.model.phases()],
            cost: 0,
            chosen,
        };
        for site in 0..plan.chosen.len() {
            let own = *case.choice(site, plan.chosen[site]);
            plan.pay(&own, 1);
            for (flow, phase) in plan.flows.iter_mut().zip(&case.counted) {
                flow.change(&case.net, scratch, site, signed(own.places(*phase)));
            }
        }
        plan
    }

    fn pay(&mut self, choice: &Choice, times: i64) {
        self.cost += choice.cost * times;
        self.spent.iter_mut().skip(choice.from()).for_each(|own| *own += choice.cost * times);
    }

    /// Chooses something else for a site.
    pub(super) fn choose(
        &mut self,
        case: &Case,
        scratch: &mut Scratch,
        site: usize,
        choice: usize,
    ) {
        let had = *case.choice(site, self.chosen[site]);
        let own = *case.choice(site, choice);
        self.chosen[site] = choice;
        self.pay(&had, -1);
        self.pay(&own, 1);
        for (flow, phase) in self.flows.iter_mut().zip(&case.counted) {
            let by = signed(own.places(*phase)) - signed(had.places(*phase));
            if by != 0 {
                flow.change(&case.net, scratch, site, by);
            }
        }
    }

    /// How much is spent beyond the money if another choice is made for a site.
    pub(super) fn over_with(&self, case: &Case, site: usize, choice: usize) -> i64 {
        let had = case.choice(site, self.chosen[site]);
        let own = case.choice(site, choice);
        let over = |phase: usize| {
            let less = if phase >= had.from() { had.cost } else { 0 };
            let more = if phase >= own.from() { own.cost } else { 0 };
            (self.spent[phase] - less + more - case.model.money[phase]).max(0)
        };
        (0..self.spent.len()).map(over).sum()
    }

    pub(super) fn score(&self, case: &Case) -> Score {
        let over = |(spent, money): (&i64, &i64)| (spent - money).max(0);
        let value: i64 = self.flows.iter().map(|own| own.value).sum();
        Score {
            over: self.spent.iter().zip(&case.model.money).map(over).sum(),
            short: self.flows.last().map_or(0, |own| own.short),
            worth: if case.model.least { self.cost } else { -value },
        }
    }

    /// Becomes like another, both of which were alike before.
    pub(super) fn follow(&mut self, other: &mut Self) {
        self.chosen.clone_from(&other.chosen);
        self.spent.clone_from(&other.spent);
        self.cost = other.cost;
        for (own, other) in self.flows.iter_mut().zip(&mut other.flows) {
            own.follow(other);
        }
    }

    /// Becomes like another.
    pub(super) fn copy(&mut self, other: &Self) {
        self.chosen.clone_from(&other.chosen);
        self.spent.clone_from(&other.spent);
        self.cost = other.cost;
        for (own, other) in self.flows.iter_mut().zip(&other.flows) {
            own.copy(other);
        }
    }

    /// The same plan without what costs money and adds nothing: each site that is used, the dearest
    /// first, gets the cheapest choice with which the plan is as good. Nothing is closed for it.
    pub(super) fn lean(&self, case: &Case, scratch: &mut Scratch) -> Self {
        let mut lean = self.clone();
        let cost = |site: usize, choice: usize| case.choice(site, choice).cost;
        let used = (0..self.chosen.len()).filter(|site| cost(*site, self.chosen[*site]) > 0);
        let mut used: Vec<usize> = used.collect();
        used.sort_by_key(|site| (-cost(*site, self.chosen[*site]), *site));
        for site in used {
            let (had, before) = (lean.chosen[site], lean.score(case));
            let cheaper = |choice: &usize| (0..cost(site, had)).contains(&cost(site, *choice));
            let all = 0..case.model.choices[site].len();
            let mut cheaper: Vec<usize> = all.filter(cheaper).collect();
            cheaper.sort_by_key(|choice| (cost(site, *choice), *choice));
            for choice in cheaper {
                lean.choose(case, scratch, site, choice);
                if lean.score(case) <= before {
                    break;
                }
                lean.choose(case, scratch, site, had);
            }
        }
        lean
    }

    /// The value as a draft says it: where cost is sought, the cost.
    pub(super) fn value(&self, case: &Case) -> i64 {
        let worth = self.score(case).worth;
        if case.model.least { worth } else { -worth }
    }

    /// The draft of this plan.
    pub(super) fn draft(
        &self,
        case: &Case,
        survey: &Survey,
        terms: &Terms,
        proof: Proof,
        rounds: u64,
    ) -> Result<Draft, Vec<Fault>> {
        let mut picks = Vec::new();
        for (site, (own, choice)) in survey.sites().iter().zip(&self.chosen).enumerate() {
            if let Some((course, phase)) = case.choice(site, *choice).taken {
                picks.push(Pick {
                    site: own.key.clone(),
                    course: own.courses[course].name.clone(),
                    year: terms.phases[phase].year,
                });
            }
        }
        let mut served = Vec::new();
        for (flow, phase) in self.flows.iter().zip(&case.counted) {
            for (pair, places) in flow.at.iter().enumerate().filter(|(_, places)| **places > 0) {
                served.push(Served {
                    year: terms.phases[*phase].year,
                    area: survey.areas()[case.net.area[pair]].key.clone(),
                    site: survey.sites()[case.net.site[pair]].key.clone(),
                    places: *places,
                });
            }
        }
        Draft::new(survey, Found { terms: terms.clone(), picks, served, proof, rounds })
    }
}

fn signed(places: u64) -> i64 {
    i64::try_from(places).unwrap_or(i64::MAX)
}
