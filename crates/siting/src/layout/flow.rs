//! Who is served where, for given places: what is worth most, kept so as places come and go.
//!
//! Each place that comes is used along the best way by which whoever is served elsewhere moves on;
//! each that goes is left in the same way (R. G. Busacker and P. J. Gowen, "A procedure for
//! determining a family of minimum-cost network flow patterns", 1960). A place below the floor of
//! an area counts more than all else.

use std::collections::VecDeque;

use layout::Model;

/// What a place below a floor counts, far above what moving others on can cost.
const FLOOR: i64 = 1 << 40;

/// All pairs of a site and an area within reach, by number.
#[derive(Debug)]
pub(super) struct Net {
    /// For each site where its pairs begin, and after all where they end.
    first: Vec<usize>,
    /// For each pair its site, its area, and what a place counts in a year.
    pub(super) site: Vec<usize>,
    pub(super) area: Vec<usize>,
    pub(super) value: Vec<i64>,
    /// For each area its pairs.
    around: Vec<Vec<usize>>,
    /// Whether all places count the same.
    even: bool,
}

impl Net {
    pub(super) fn new(model: &Model) -> Self {
        let mut net = Self {
            first: vec![0],
            site: Vec::new(),
            area: Vec::new(),
            value: Vec::new(),
            around: vec![Vec::new(); model.needs.len()],
            even: true,
        };
        for (site, ways) in model.ways.iter().enumerate() {
            for (area, value) in ways {
                net.around[*area].push(net.area.len());
                net.site.push(site);
                net.area.push(*area);
                net.value.push(i64::try_from(*value).unwrap_or(i64::MAX));
                net.even &= net.value[0] == net.value[net.value.len() - 1];
            }
            net.first.push(net.area.len());
        }
        net
    }

    /// The pairs of a site.
    pub(super) fn of(&self, site: usize) -> std::ops::Range<usize> {
        self.first[site]..self.first[site + 1]
    }

    /// The pairs of an area.
    pub(super) fn around(&self, area: usize) -> &[usize] {
        &self.around[area]
    }
}

/// Who is served where in a phase.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    /// For each pair how many places.
    pub(super) at: Vec<u64>,
    /// For each area how many are missing, and how many of them are below its floor.
    missing: Vec<u64>,
    below: Vec<u64>,
    /// How many need no more than their floor, so that no more is below it.
    above: Vec<u64>,
    /// For each site how many places are free; below 0 while too many are served.
    free: Vec<i64>,
    years: i64,
    /// For each site more than which one place more there adds nothing.
    top: Vec<i64>,
    /// Whether that is not known, since places went.
    unknown: bool,
    /// The pairs that changed since this was last copied, or that all may have.
    touched: Vec<usize>,
    all: bool,
    /// What all is worth.
    pub(super) value: i64,
    /// How many places areas are below their floors together.
    pub(super) short: u64,
}

/// What searching a way takes, kept between searches.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    far: Vec<i64>,
    seen: Vec<u32>,
    mark: u32,
    /// How a site was reached: the pair that is used there and the one that is given up.
    came: Vec<(usize, usize)>,
    waits: Vec<bool>,
    reached: Vec<usize>,
    queue: VecDeque<usize>,
}

/// The end of the best way.
#[derive(Clone, Copy)]
struct End {
    gain: i64,
    site: usize,
    /// The pair by which somebody is served who was not, or no longer; none where a place is left.
    pair: Option<usize>,
}

impl Flow {
    /// Nobody is served, for there is no place.
    pub(super) fn new(model: &Model, net: &Net, phase: usize) -> Self {
        let below: Vec<u64> = (0..model.needs.len()).map(|area| model.floor(phase, area)).collect();
        Self {
            at: vec![0; net.area.len()],
            top: vec![i64::MAX; model.choices.len()],
            unknown: true,
            touched: Vec::new(),
            all: true,
            missing: model.needs.clone(),
            short: below.iter().sum(),
            above: model.needs.iter().zip(&below).map(|(need, below)| need - below).collect(),
            below,
            free: vec![0; model.choices.len()],
            years: i64::try_from(model.years[phase]).unwrap_or(i64::MAX),
            value: 0,
        }
    }

    /// Becomes like another, both of which were alike before.
    pub(super) fn follow(&mut self, other: &mut Self) {
        if self.all || other.all {
            self.copy(other);
            (self.all, other.all) = (false, false);
            self.touched.clear();
            other.touched.clear();
            return;
        }
        for pair in self.touched.drain(..).chain(other.touched.drain(..)) {
            self.at[pair] = other.at[pair];
        }
        self.copy_rest(other);
    }

    /// Becomes like another.
    pub(super) fn copy(&mut self, other: &Self) {
        self.at.clone_from(&other.at);
        self.copy_rest(other);
        self.all = true;
    }

    fn copy_rest(&mut self, other: &Self) {
        self.top.clone_from(&other.top);
        self.unknown = other.unknown;
        self.missing.clone_from(&other.missing);
        self.below.clone_from(&other.below);
        self.free.clone_from(&other.free);
        (self.value, self.short) = (other.value, other.short);
    }

    fn worth(&self, net: &Net, pair: usize) -> i64 {
        net.value[pair] * self.years
    }

    /// Finds what one place more would add at each site, so that searches end early.
    pub(super) fn learn(&mut self, net: &Net, scratch: &mut Scratch) {
        if !std::mem::take(&mut self.unknown) || net.even {
            return;
        }
        scratch.begin_all(self.free.len());
        for site in 0..self.free.len() {
            let gains = net.of(site).filter(|pair| self.missing[net.area[*pair]] > 0).map(|pair| {
                let lift = if self.below[net.area[pair]] > 0 { FLOOR } else { 0 };
                self.worth(net, pair) + lift
            });
            self.top[site] = gains.max().unwrap_or(0).max(0);
        }
        while let Some(site) = scratch.next() {
            for pair in net.of(site).filter(|pair| self.at[*pair] > 0) {
                let given = self.top[site] - self.worth(net, pair);
                for other in net.around(net.area[pair]) {
                    let (from, gain) = (net.site[*other], given + self.worth(net, *other));
                    if gain > self.top[from] && from != site {
                        self.top[from] = gain;
                        scratch.wait(from);
                    }
                }
            }
        }
    }

    /// Changes the places of a site.
    pub(super) fn change(&mut self, net: &Net, scratch: &mut Scratch, site: usize, by: i64) {
        self.free[site] += by;
        if by > 0 {
            while self.free[site] > 0 && self.use_place(net, scratch, site) {}
        } else {
            self.top.fill(i64::MAX);
            self.unknown = true;
            while self.free[site] < 0 && self.leave_place(net, scratch, site) {}
        }
    }

    /// Uses free places of a site as well as can be; whether that is worth anything.
    fn use_place(&mut self, net: &Net, scratch: &mut Scratch, from: usize) -> bool {
        if self.years == 0 && self.short == 0 {
            return false;
        }
        let best = self.search_use(net, scratch, from);
        let Some(end) = best.filter(|end| end.gain > 0) else { return false };
        let mut much = u64::try_from(self.free[from]).unwrap_or_default();
        if let Some(pair) = end.pair {
            let area = net.area[pair];
            let left = if self.below[area] > 0 { self.below[area] } else { self.missing[area] };
            much = much.min(left);
        }
        let steps = scratch.way(net, from, end.site);
        steps.iter().for_each(|(_, given)| much = much.min(self.at[*given]));
        for (used, given) in steps {
            self.at[used] += much;
            self.at[given] -= much;
            self.touched.extend([used, given]);
        }
        let count = i64::try_from(much).unwrap_or(i64::MAX);
        self.free[from] -= count;
        match end.pair {
            Some(pair) => self.serve(net.area[pair], pair, much),
            None => self.free[end.site] += count,
        }
        self.value += without_floor(end.gain) * count;
        much > 0
    }

    fn serve(&mut self, area: usize, pair: usize, much: u64) {
        self.at[pair] += much;
        self.touched.push(pair);
        self.missing[area] -= much;
        let lifted = much.min(self.below[area]);
        self.below[area] -= lifted;
        self.short -= lifted;
    }

    fn search_use(&mut self, net: &Net, scratch: &mut Scratch, from: usize) -> Option<End> {
        scratch.begin(self.free.len(), from);
        let lift = if self.short > 0 { FLOOR } else { 0 };
        // Where all count the same nothing is better than whoever is missing.
        let top = if net.even { self.years * 1_000 + lift } else { i64::MAX };
        let mut best: Option<End> = None;
        while let Some(site) = scratch.next() {
            let far = scratch.far[site];
            if best.is_some_and(|end| far.saturating_add(self.top[site]) <= end.gain) {
                continue;
            }
            for pair in net.of(site) {
                let (area, worth) = (net.area[pair], self.worth(net, pair));
                if self.missing[area] > 0 {
                    let lift = if self.below[area] > 0 { FLOOR } else { 0 };
                    let gain = far + worth + lift;
                    if best.is_none_or(|end| gain > end.gain) {
                        best = Some(End { gain, site, pair: Some(pair) });
                    }
                    if gain >= top {
                        return best;
                    }
                }
                for other in net.around(area) {
                    if self.at[*other] > 0 && *other != pair {
                        let through = far + worth - self.worth(net, *other);
                        scratch.reach(net.site[*other], through, (pair, *other));
                    }
                }
            }
            if site != from && best.is_none_or(|end| far > end.gain) {
                best = Some(End { gain: far, site, pair: None });
            }
        }
        // Whoever was reached adds no more than what was found on the best way through it.
        let gain = best.map_or(0, |end| end.gain).max(0);
        for site in &scratch.reached {
            self.top[*site] = self.top[*site].min(gain - scratch.far[*site]);
        }
        best
    }

    /// Leaves places of a site that serves too many, at the least loss.
    fn leave_place(&mut self, net: &Net, scratch: &mut Scratch, from: usize) -> bool {
        let Some(end) = self.search_leave(net, scratch, from) else { return false };
        let mut much = self.free[from].unsigned_abs();
        match end.pair {
            Some(pair) => {
                let area = net.area[pair];
                much = much.min(self.at[pair]);
                let spare = self.spare(area);
                if spare > 0 {
                    much = much.min(spare);
                }
            }
            None => much = much.min(u64::try_from(self.free[end.site]).unwrap_or_default()),
        }
        let steps = scratch.way(net, from, end.site);
        steps.iter().for_each(|(_, given)| much = much.min(self.at[*given]));
        for (used, given) in steps {
            self.at[used] += much;
            self.at[given] -= much;
            self.touched.extend([used, given]);
        }
        let count = i64::try_from(much).unwrap_or(i64::MAX);
        self.free[from] += count;
        match end.pair {
            Some(pair) => self.drop(net.area[pair], pair, much),
            None => self.free[end.site] -= count,
        }
        self.value += without_floor(end.gain) * count;
        much > 0
    }

    /// How many of an area can go before it is below its floor.
    fn spare(&self, area: usize) -> u64 {
        if self.below[area] > 0 { 0 } else { self.above[area] - self.missing[area] }
    }

    fn drop(&mut self, area: usize, pair: usize, much: u64) {
        let lost = much - much.min(self.spare(area));
        self.at[pair] -= much;
        self.touched.push(pair);
        self.missing[area] += much;
        self.below[area] += lost;
        self.short += lost;
    }

    fn search_leave(&self, net: &Net, scratch: &mut Scratch, from: usize) -> Option<End> {
        scratch.begin(self.free.len(), from);
        let mut best: Option<End> = None;
        while let Some(site) = scratch.next() {
            let far = scratch.far[site];
            if best.is_some_and(|end| far <= end.gain) {
                continue;
            }
            if site != from && self.free[site] > 0 && best.is_none_or(|end| far > end.gain) {
                best = Some(End { gain: far, site, pair: None });
                if net.even {
                    return best;
                }
            }
            for pair in net.of(site).filter(|pair| self.at[*pair] > 0) {
                let (area, worth) = (net.area[pair], self.worth(net, pair));
                let lift = if self.spare(area) > 0 { 0 } else { FLOOR };
                let gain = far - worth - lift;
                if best.is_none_or(|end| gain > end.gain) {
                    best = Some(End { gain, site, pair: Some(pair) });
                }
                for other in net.around(area) {
                    if *other != pair {
                        let through = far - worth + self.worth(net, *other);
                        scratch.reach(net.site[*other], through, (*other, pair));
                    }
                }
            }
        }
        best
    }
}

/// What is gained but for floors.
fn without_floor(gain: i64) -> i64 {
    (gain + FLOOR / 2).rem_euclid(FLOOR) - FLOOR / 2
}

impl Scratch {
    fn begin(&mut self, sites: usize, from: usize) {
        self.far.resize(sites, 0);
        self.seen.resize(sites, 0);
        self.came.resize(sites, (0, 0));
        self.waits.resize(sites, false);
        self.waits.fill(false);
        self.queue.clear();
        self.reached.clear();
        self.reached.push(from);
        self.mark += 1;
        self.far[from] = 0;
        self.seen[from] = self.mark;
        self.came[from] = (usize::MAX, usize::MAX);
        self.queue.push_back(from);
    }

    fn begin_all(&mut self, sites: usize) {
        self.waits.clear();
        self.waits.resize(sites, true);
        self.queue.clear();
        self.queue.extend(0..sites);
    }

    fn wait(&mut self, site: usize) {
        if !self.waits[site] {
            self.waits[site] = true;
            self.queue.push_back(site);
        }
    }

    fn next(&mut self) -> Option<usize> {
        let site = self.queue.pop_front()?;
        self.waits[site] = false;
        Some(site)
    }

    fn reach(&mut self, site: usize, far: i64, by: (usize, usize)) {
        if self.seen[site] == self.mark && self.far[site] >= far {
            return;
        }
        if self.came[site].0 == usize::MAX && self.seen[site] == self.mark {
            return;
        }
        if self.seen[site] != self.mark {
            self.reached.push(site);
        }
        self.seen[site] = self.mark;
        self.far[site] = far;
        self.came[site] = by;
        self.wait(site);
    }

    /// The pairs that are used and given up on the way to a site.
    fn way(&self, net: &Net, from: usize, to: usize) -> Vec<(usize, usize)> {
        let mut steps = Vec::new();
        let mut at = to;
        while at != from && steps.len() <= self.far.len() {
            let (used, given) = self.came[at];
            steps.push((used, given));
            // One of the two is of this site, the other of the one before.
            at = if net.site[used] == at { net.site[given] } else { net.site[used] };
        }
        steps
    }
}
