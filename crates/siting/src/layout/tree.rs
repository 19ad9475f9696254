//! Cases told apart, each with the prices that prove what it can come to.

use std::collections::{BTreeMap, BinaryHeap};

use layout::{Choice, Leaf, Levels, Model, Node, Prices, Split, Survey, Terms, Worth};

/// A way a site can be used, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct By {
    pub(super) site: usize,
    /// None where it stays as it is.
    course: Option<usize>,
    /// None for any.
    phase: Option<usize>,
}

/// What is known of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Bounded by its prices, and not looked at again.
    Bound,
    /// No plan is of this case.
    Impossible,
    Split(By, usize),
}

#[derive(Debug)]
struct Knot {
    /// What was told apart on the way, and whether it is so.
    steps: Vec<(By, bool)>,
    state: State,
    /// What its prices come to, and their number.
    total: i128,
    set: usize,
}

/// A set of prices with what they come to.
#[derive(Debug)]
struct Set {
    levels: Levels,
    worth: Worth,
    whole: i128,
}

/// Which choices of each site are left in a case.
pub(super) type Open = Vec<Vec<bool>>;

/// The cases of a proof.
#[derive(Debug)]
pub(super) struct Tree {
    /// Whether places and cost count, or whether it is asked only if plans hold.
    counting: bool,
    knots: Vec<Knot>,
    sets: Vec<Set>,
    /// Open cases, the one that comes to most first, the later one first among equals.
    waiting: BinaryHeap<(i128, usize)>,
    /// The most of cases that are bounded and not looked at again.
    done: Option<i128>,
}

impl By {
    fn so(self, choice: &Choice) -> bool {
        match (choice.taken, self.course) {
            (None, None) => true,
            (Some((own, from)), Some(course)) => {
                own == course && self.phase.is_none_or(|phase| phase == from)
            }
            _ => false,
        }
    }
}

impl Set {
    fn new(model: &Model, levels: Levels, counting: bool) -> Self {
        let worth = model.worth(&levels, counting);
        let best = |own: &Vec<i128>| own.iter().max().copied().unwrap_or_default();
        let whole = worth.base + worth.sites.iter().map(best).sum::<i128>();
        Self { levels, worth, whole }
    }
}

impl Tree {
    /// One case, with its prices.
    pub(super) fn new(model: &Model, levels: Levels, counting: bool) -> Self {
        let set = Set::new(model, levels, counting);
        let total = set.whole;
        let root = Knot { steps: Vec::new(), state: State::Open, total, set: 0 };
        let waiting = BinaryHeap::from([(total, 0)]);
        Self { counting, knots: vec![root], sets: vec![set], waiting, done: None }
    }

    /// What the worst case comes to; none where all are impossible.
    pub(super) fn total(&self) -> Option<i128> {
        self.waiting.peek().map(|(total, _)| *total).max(self.done)
    }

    pub(super) fn cases(&self) -> usize {
        self.knots.len()
    }

    /// The open case that comes to most.
    pub(super) fn next(&self) -> Option<usize> {
        self.waiting.peek().map(|(_, knot)| *knot)
    }

    /// What a case comes to.
    pub(super) fn of(&self, knot: usize) -> i128 {
        self.knots[knot].total
    }

    /// What is left in a case; none where some site has no choice.
    pub(super) fn open(&self, model: &Model, knot: usize) -> Option<Open> {
        let mut open: Open = model.choices.iter().map(|own| vec![true; own.len()]).collect();
        for (by, is) in &self.knots[knot].steps {
            for (own, choice) in open[by.site].iter_mut().zip(&model.choices[by.site]) {
                *own &= by.so(choice) == *is;
            }
        }
        open.iter().all(|own| own.contains(&true)).then_some(open)
    }

    fn total_with(&self, set: &Set, knot: usize, open: &Open) -> i128 {
        let mut total = set.whole;
        let mut sites: Vec<usize> = self.knots[knot].steps.iter().map(|(by, _)| by.site).collect();
        sites.sort_unstable();
        sites.dedup();
        for site in sites {
            let all = &set.worth.sites[site];
            let best = all.iter().zip(&open[site]).filter(|(_, left)| **left).map(|own| *own.0);
            total += best.max().unwrap_or_default() - all.iter().max().copied().unwrap_or_default();
        }
        total
    }

    /// Prices for a case; kept where they come to less than what is known.
    pub(super) fn price(&mut self, model: &Model, knot: usize, open: &Open, levels: Levels) {
        let set = Set::new(model, levels, self.counting);
        let total = self.total_with(&set, knot, open);
        if total < self.knots[knot].total {
            self.sets.push(set);
            let number = self.sets.len() - 1;
            (self.knots[knot].total, self.knots[knot].set) = (total, number);
        }
    }

    /// What other prices come to in a case, which are kept for it as a proof that it is impossible
    /// where that is less than nothing.
    pub(super) fn refute(
        &mut self,
        model: &Model,
        knot: usize,
        open: &Open,
        levels: Levels,
    ) -> bool {
        let set = Set::new(model, levels, false);
        if self.total_with(&set, knot, open) >= 0 {
            return false;
        }
        self.sets.push(set);
        self.knots[knot].set = self.sets.len() - 1;
        self.impossible(knot);
        true
    }

    /// No plan is of this case.
    pub(super) fn impossible(&mut self, knot: usize) {
        self.knots[knot].state = State::Impossible;
        self.take_off(knot);
    }

    /// The case is bounded, and not looked at again.
    pub(super) fn close(&mut self, knot: usize) {
        self.knots[knot].state = State::Bound;
        self.done = self.done.max(Some(self.knots[knot].total));
        self.take_off(knot);
    }

    fn take_off(&mut self, knot: usize) {
        self.waiting.retain(|(_, own)| *own != knot);
    }

    /// Tells two cases apart.
    pub(super) fn split(&mut self, model: &Model, knot: usize, by: By) {
        let first = self.knots.len();
        self.knots[knot].state = State::Split(by, first);
        self.take_off(knot);
        for is in [true, false] {
            let mut steps = self.knots[knot].steps.clone();
            steps.push((by, is));
            let (set, had) = (self.knots[knot].set, self.knots[knot].total);
            self.knots.push(Knot { steps, state: State::Open, total: had, set });
            let own = self.knots.len() - 1;
            if let Some(open) = self.open(model, own) {
                self.knots[own].total = self.total_with(&self.sets[set], own, &open);
            }
            self.waiting.push((self.knots[own].total, own));
        }
    }

    /// The proof by name; sets of prices are added to those that are there.
    pub(super) fn named(
        &self,
        survey: &Survey,
        terms: &Terms,
        prices: &mut Vec<Prices>,
    ) -> layout::Tree {
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let mut nodes = Vec::new();
        let mut next = vec![0];
        while let Some(at) = next.pop() {
            let knot = &self.knots[at];
            if let State::Split(by, first) = knot.state {
                nodes.push(Node::Split(named(by, survey, terms)));
                next.extend([first + 1, first]);
                continue;
            }
            let set = *numbers.entry(knot.set).or_insert_with(|| {
                prices.push(self.sets[knot.set].levels.named(survey, terms));
                prices.len() - 1
            });
            let impossible = knot.state == State::Impossible || !self.counting;
            nodes.push(Node::Leaf(if impossible {
                Leaf::Impossible(set)
            } else {
                Leaf::Bound(set)
            }));
        }
        nodes
    }
}

fn named(by: By, survey: &Survey, terms: &Terms) -> Split {
    let site = &survey.sites()[by.site];
    Split {
        site: site.key.clone(),
        course: by.course.map(|own| site.courses[own].name.clone()),
        year: by.phase.map(|own| terms.phases[own].year),
    }
}

/// By what to tell cases apart where parts of choices are made: the site of which it is least
/// clear, whether it is used, with which course, and when.
pub(super) fn choose(model: &Model, open: &Open, parts: &[Vec<f64>]) -> Option<By> {
    let mut best: Option<(f64, By)> = None;
    for (site, all) in model.choices.iter().enumerate() {
        let left: Vec<&Choice> =
            all.iter().zip(&open[site]).filter(|(_, left)| **left).map(|own| own.0).collect();
        if left.len() < 2 {
            continue;
        }
        let part = |by: By| -> f64 {
            let own = all.iter().zip(&parts[site]).filter(|(choice, _)| by.so(choice));
            own.map(|(_, part)| part).sum()
        };
        for by in ways(site, &left) {
            let clear = (part(by) - 0.5).abs();
            if best.is_none_or(|(least, _)| clear < least - 1e-9) {
                best = Some((clear, by));
            }
        }
    }
    best.map(|(_, by)| by)
}

/// The ways of a site that some of what is left is and some is not, the widest first.
fn ways(site: usize, left: &[&Choice]) -> Vec<By> {
    let mut ways = vec![By { site, course: None, phase: None }];
    for own in left {
        if let Some((course, phase)) = own.taken {
            ways.push(By { site, course: Some(course), phase: None });
            ways.push(By { site, course: Some(course), phase: Some(phase) });
        }
    }
    ways.retain(|by| {
        let so = left.iter().filter(|own| by.so(own)).count();
        so > 0 && so < left.len()
    });
    ways.sort_by_key(|by| by.phase.is_some());
    ways
}
