//! Branching: a site is open or shut, until no branch can hold anything better.
//!
//! Best bound first, and below each such branch straight down; which site to branch on is learnt
//! from what branching on it did before (T. Achterberg, T. Koch and A. Martin, "Branching rules
//! revisited", 2005).

use super::exact::{Best, seek};
use super::heuristic::Choice;
use super::merged::Core;
use super::relaxed::{Part, Relaxed};
use crate::Stop;
use crate::ask::Mark;
use fastrand::Rng;
use std::collections::BinaryHeap;

/// How near to whole a number counts as whole.
const WHOLE: f64 = 1e-6;

/// How often a branch is tried out before what was learnt is believed.
const TRIALS: u32 = 4;

/// What part of the best may be missing before an improvement is tried.
const PROMISING: u64 = 500;

/// How many branches are solved before better choices are sought among the sites of one.
const SEEK: u64 = 30;

/// How often a branch is cut, at most.
const CUTS: usize = 1;

/// How many sites are looked at for branching.
const LOOKS: usize = 8;

/// A branch: what is decided in it, and what nothing in it exceeds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Branch {
    bound: u64,
    /// The newer one first among equals.
    number: u64,
    marks: Vec<Mark>,
}

/// What branching on a site did so far, for shutting and for opening it.
#[derive(Debug, Clone, Copy, Default)]
struct Learnt {
    drop: [f64; 2],
    times: [u32; 2],
}

/// The search below one core.
pub(super) struct Search<'core, 'best, 'told> {
    core: &'core Core,
    relaxed: Relaxed<'core>,
    stop: &'core Stop,
    rng: Rng,
    learnt: Vec<Learnt>,
    /// All drops together, for sites of which nothing is known.
    usual: Learnt,
    waiting: BinaryHeap<Branch>,
    made: u64,
    /// How many branches were solved.
    solved: u64,
    best: &'best mut Best<'told>,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nothing is better than the best known.
    Proved,
    /// It was stopped; nothing exceeds this.
    Stopped(u64),
}

impl<'core, 'best, 'told> Search<'core, 'best, 'told> {
    pub(super) fn new(
        core: &'core Core,
        relaxed: Relaxed<'core>,
        best: &'best mut Best<'told>,
        rng: Rng,
        stop: &'core Stop,
    ) -> Self {
        Self {
            core,
            relaxed,
            stop,
            rng,
            learnt: vec![Learnt::default(); core.sites()],
            usual: Learnt::default(),
            waiting: BinaryHeap::new(),
            made: 0,
            solved: 0,
            best,
        }
    }

    /// Searches everything that agrees with some marks.
    pub(super) fn run(&mut self, bound: u64, marks: Vec<Mark>) -> Ended {
        self.wait(bound, marks);
        while let Some(branch) = self.waiting.pop() {
            if branch.bound <= self.best.worth {
                return Ended::Proved;
            }
            self.best.lower(branch.bound);
            let mut down = Some(branch);
            while let Some(branch) = down {
                let waiting = self.waiting.peek().map_or(0, |branch| branch.bound);
                let bound = branch.bound.max(waiting).max(self.best.worth);
                match self.branch(branch) {
                    Ok(next) if !self.stop.now() => down = next,
                    _ => return Ended::Stopped(bound),
                }
            }
        }
        Ended::Proved
    }

    fn wait(&mut self, bound: u64, marks: Vec<Mark>) {
        if bound > self.best.worth {
            self.made += 1;
            self.waiting.push(Branch { bound, number: self.made, marks });
        }
    }

    /// Solves a branch, and parts it in two: one waits and one is gone into, if both are needed.
    fn branch(&mut self, branch: Branch) -> Result<Option<Branch>, Stopped> {
        let mut marks = branch.marks;
        loop {
            let part = self.cut(&marks).ok_or(Stopped)?;
            let bound = part.judged.bound().min(branch.bound);
            self.round(&part);
            self.solved += 1;
            if self.solved.is_multiple_of(SEEK) {
                seek(self.core, &part.open, self.best, &mut self.rng, self.stop);
            }
            if bound <= self.best.worth {
                return Ok(None);
            }
            part.judged.decide(self.best.worth, &mut marks);
            self.close(&mut marks);
            let looks = self.looks(&part, &marks);
            if looks.is_empty() {
                return Ok(self.whole(&part, bound, marks));
            }
            match self.choose(&part, &mut marks, &looks)? {
                Chosen::Decided => {}
                Chosen::Site(site, bounds) => return Ok(self.part(site, bounds, bound, marks)),
            }
        }
    }

    /// Solves the program for a branch, and cuts it while the branch may hold something better.
    fn cut(&mut self, marks: &[Mark]) -> Option<Part> {
        let mut part = self.relaxed.solve(marks)?;
        for _ in 0..CUTS {
            if part.judged.bound() <= self.best.worth || !self.relaxed.cut(&part) {
                break;
            }
            part = self.relaxed.solve(marks)?;
        }
        Some(part)
    }

    /// Once all picks are made, all others are shut; where no more are left than may be opened,
    /// all are open.
    fn close(&self, marks: &mut [Mark]) {
        let open = marks.iter().filter(|mark| **mark == Mark::Open).count();
        let free = marks.iter().filter(|mark| **mark == Mark::Free).count();
        let to = match () {
            () if open >= self.core.picks => Mark::Shut,
            () if open + free <= self.core.picks => Mark::Open,
            () => return,
        };
        marks.iter_mut().filter(|mark| **mark == Mark::Free).for_each(|mark| *mark = to);
    }

    /// No site is open in part: either that is all, or some site left free has to be branched on.
    fn whole(&mut self, part: &Part, bound: u64, marks: Vec<Mark>) -> Option<Branch> {
        let free = (0..marks.len()).filter(|site| marks[*site] == Mark::Free);
        let most = free.max_by(|one, other| part.open[*one].total_cmp(&part.open[*other]));
        let Some(site) = most else {
            let open = (0..).take(marks.len()).zip(&marks).filter(|(_, mark)| **mark == Mark::Open);
            let sites: Vec<u32> = open.map(|(site, _)| site).collect();
            self.best.offer(self.core, &sites);
            return None;
        };
        self.part(site, [bound; 2], bound, marks)
    }

    fn part(
        &mut self,
        site: usize,
        bounds: [u64; 2],
        bound: u64,
        mut marks: Vec<Mark>,
    ) -> Option<Branch> {
        let mut other = marks.clone();
        marks[site] = Mark::Open;
        other[site] = Mark::Shut;
        let (shut, open) = (bounds[0].min(bound), bounds[1].min(bound));
        let (go, wait) = if open >= shut {
            ((open, marks), (shut, other))
        } else {
            ((shut, other), (open, marks))
        };
        self.wait(wait.0, wait.1);
        self.made += 1;
        (go.0 > self.best.worth).then_some(Branch { bound: go.0, number: self.made, marks: go.1 })
    }

    /// The sites open in part, those that promise the most first.
    fn looks(&self, part: &Part, marks: &[Mark]) -> Vec<usize> {
        let between = |site: &usize| {
            let open = part.open[*site];
            marks[*site] == Mark::Free && open > WHOLE && open < 1.0 - WHOLE
        };
        let score = |site: usize| (self.score(site, part.open[site]), site);
        let mut looks: Vec<(f64, usize)> = (0..marks.len()).filter(between).map(score).collect();
        looks.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        looks.into_iter().map(|(_, site)| site).collect()
    }

    fn score(&self, site: usize, open: f64) -> f64 {
        let drop = |side: usize| {
            let (own, usual) = (self.learnt[site], self.usual);
            let of = |learnt: Learnt| learnt.drop[side] / f64::from(learnt.times[side].max(1));
            let each = if own.times[side] > 0 { of(own) } else { of(usual) };
            each.max(1e-3) * if side == 0 { open } else { 1.0 - open }
        };
        drop(0) * drop(1)
    }

    /// The site to branch on, or marks where trying out decided a site.
    fn choose(
        &mut self,
        part: &Part,
        marks: &mut [Mark],
        looks: &[usize],
    ) -> Result<Chosen, Stopped> {
        let mut best: Option<(f64, usize, [u64; 2])> = None;
        let mut since = 0;
        for site in looks.iter().copied() {
            let open = part.open[site];
            let known = self.learnt[site].times;
            let mut bounds = [u64::MAX; 2];
            let score = if known[0].min(known[1]) >= TRIALS {
                self.score(site, open)
            } else {
                let mut drops = [0.0; 2];
                for (side, mark) in [Mark::Shut, Mark::Open].into_iter().enumerate() {
                    marks[site] = mark;
                    let tried = self.relaxed.solve(marks).ok_or(Stopped)?;
                    bounds[side] = tried.judged.bound();
                    drops[side] = (part.value - tried.value).max(0.0);
                    self.learn(site, side, drops[side], open);
                    if bounds[side] <= self.best.worth {
                        marks[site] = if side == 0 { Mark::Open } else { Mark::Shut };
                        return Ok(Chosen::Decided);
                    }
                }
                marks[site] = Mark::Free;
                drops[0].max(1e-3) * drops[1].max(1e-3)
            };
            since += 1;
            if best.is_none_or(|(most, ..)| score > most) {
                best = Some((score, site, bounds));
                since = 0;
            }
            if since >= LOOKS {
                break;
            }
        }
        let (_, site, bounds) = best.ok_or(Stopped)?;
        Ok(Chosen::Site(site, bounds))
    }

    fn learn(&mut self, site: usize, side: usize, drop: f64, open: f64) {
        let moved = if side == 0 { open } else { 1.0 - open };
        for learnt in [&mut self.learnt[site], &mut self.usual] {
            learnt.drop[side] += drop / moved;
            learnt.times[side] += 1;
        }
    }

    /// Tries what is nearly open as a choice, and improves it where it is promising.
    fn round(&mut self, part: &Part) {
        let mut choice = Choice::new(self.core);
        let sites = (0..).zip(&part.open).filter(|(_, open)| **open > WHOLE);
        let mut sites: Vec<(u32, f64)> = sites.map(|(site, open)| (site, *open)).collect();
        sites.sort_by(|one, other| other.1.total_cmp(&one.1));
        for (site, open) in sites.into_iter().take(self.core.picks) {
            if open > 0.5 || self.rng.f64() < open {
                choice.open(site);
            }
        }
        choice.fill();
        let near = self.best.worth - self.best.worth / PROMISING;
        if choice.worth >= near {
            choice.improve(self.stop);
        }
        if choice.worth > self.best.worth {
            self.best.offer(self.core, &choice.sites());
        }
    }
}

/// It is time to stop.
#[derive(Debug)]
struct Stopped;

enum Chosen {
    Site(usize, [u64; 2]),
    Decided,
}
