//! The most covered by so many sites, with a proof.
//!
//! J.-F. Cordeau, F. Furini and I. Ljubić, "Benders decomposition for very large scale partial set
//! covering and maximal covering location problems" (2019), merge what is the same and cut in
//! closed form. Here prices decide most sites before any linear program is made, so that a small
//! one with all its cuts is left, and branching goes on from it.

use super::Covers;
use super::branch::{Ended, Search};
use super::heuristic::Choice;
use super::merged::Core;
use super::prices::{Judged, MOST, descend, judge};
use super::relaxed::{Part, Relaxed};
use crate::ask::{Ask, Mark, Unfit};
use crate::{Answer, Stop};
use fastrand::Rng;

/// The sites that cover the most weight. `told` hears every better answer and every better bound.
///
/// Customers that no site covers are simply not covered. Stopped early, the answer is the best so
/// far with what it may fall short of. Fewer than `p` sites are open where more would add nothing.
///
/// # Errors
///
/// [`Unfit`], where more than `p` or than all sites are asked for, `p` is 0, a site is unknown or
/// both forced and forbidden, there is not one weight for each customer, or weights add up to 2^46.
pub fn max_cover(
    covers: &Covers,
    weights: &[u64],
    ask: &Ask<'_>,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
    let marks = ask.marks(covers.sites())?;
    if weights.len() != covers.customers() {
        return Err(Unfit::Count);
    }
    let all = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight));
    let all = all.filter(|all| *all < MOST).ok_or(Unfit::Number)?;
    let core = Core::new(covers.sites(), covers.by.clone(), weights.to_vec(), ask.p);
    let mut best = Best { worth: 0, open: Vec::new(), bound: all, told };
    let mut rng = Rng::with_seed(ask.seed);
    solve(core.decided(&marks), &mut best, &mut rng, stop);
    Ok(best.answer())
}

/// The best known so far, and what nothing exceeds.
pub(super) struct Best<'told> {
    pub(super) worth: u64,
    open: Vec<u32>,
    bound: u64,
    told: &'told mut dyn FnMut(&Answer),
}

impl Best<'_> {
    /// Keeps a choice of a core's sites where it is better.
    pub(super) fn offer(&mut self, core: &Core, chosen: &[u32]) {
        let worth = core.worth(chosen);
        if worth > self.worth || self.open.is_empty() {
            self.worth = worth;
            let names = chosen.iter().map(|site| core.names[*site as usize]);
            self.open = core.opened.iter().copied().chain(names).collect();
            self.open.sort_unstable();
            self.bound = self.bound.max(worth);
            let answer = self.answer();
            (self.told)(&answer);
        }
    }

    /// Keeps a bound where it is better.
    pub(super) fn lower(&mut self, bound: u64) {
        if bound < self.bound {
            self.bound = bound.max(self.worth);
            let answer = self.answer();
            (self.told)(&answer);
        }
    }

    /// Whether nothing is better.
    fn proved(&self) -> bool {
        self.bound == self.worth
    }

    fn answer(&self) -> Answer {
        Answer { open: self.open.clone(), value: self.worth as f64, bound: self.bound as f64 }
    }

    /// The best choice as far as a core has its sites, filled up and improved.
    fn within<'core>(&self, core: &'core Core, stop: &Stop) -> Choice<'core> {
        let here = |site: &u32| self.open.binary_search(&core.names[*site as usize]).is_ok();
        let open = (0..).take(core.sites()).filter(here);
        Choice::with(core, open, stop)
    }
}

/// Looks for better choices among the sites of the best and those that are open in part.
pub(super) fn seek(core: &Core, open: &[f64], best: &mut Best, rng: &mut Rng, stop: &Stop) {
    let kept = |(open, name): (&f64, &u32)| *open > 0.0 || best.open.binary_search(name).is_ok();
    let mark = |kept: bool| if kept { Mark::Free } else { Mark::Shut };
    let marks: Vec<Mark> = open.iter().zip(&core.names).map(kept).map(mark).collect();
    let small = core.decided(&marks);
    let choice = best.within(&small, stop).wander(SEEKS, rng, stop);
    if choice.worth > best.worth {
        best.offer(&small, &choice.sites());
    }
}

/// How often a choice is kicked among the sites of a branch.
const SEEKS: u64 = 200;

/// How often a choice is kicked before there are prices, and, twice for each site more, each time
/// there are.
const KICKS: u64 = 60;

/// The most that sites add to that.
const KICKS_MOST: u64 = 400;

/// How many steps downhill prices make.
const STEPS: usize = 1000;

/// What part of the sites must be decided for starting again with the rest.
const AGAIN: usize = 8;

/// Finds the best of a core, if it is not stopped.
fn solve(core: Core, best: &mut Best, rng: &mut Rng, stop: &Stop) {
    let mut core = reduced(core);
    let first = Choice::with(&core, [], stop).wander(KICKS, rng, stop);
    best.offer(&core, &first.sites());
    loop {
        let mut marks = vec![Mark::Free; core.sites()];
        let judged = judge(&core, &marks, &descend(&core, best.worth, STEPS, stop), &[]);
        let mut relaxed = None;
        // Prices decide much, and with better choices more; the program is the last resort.
        let decided = follow(&core, &judged, None, best, rng, &mut marks, stop) || {
            let program = relaxed.insert(Relaxed::new(&core, stop));
            let Some(part) = tightened(program, best, &mut marks, stop) else { return };
            follow(&core, &part.judged, Some(&part.open), best, rng, &mut marks, stop)
        };
        if best.proved() || stop.now() {
            return;
        }
        if decided {
            core = reduced(core.decided(&marks));
        } else if let Some(relaxed) = relaxed {
            let bound = best.bound;
            let mut search = Search::new(&core, relaxed, best, rng.fork(), stop);
            let bound = match search.run(bound, marks) {
                Ended::Proved => best.worth,
                Ended::Stopped(bound) => bound,
            };
            return best.lower(bound);
        }
    }
}

/// How often the program is cut before there is branching.
const CUTS: usize = 40;

/// What part of the best a cut has to take off the bound to be followed by another.
const WORTH_IT: f64 = 3e-6;

/// Solves the program, cuts it and solves it again while that pays; none where it was stopped.
fn tightened(
    program: &mut Relaxed<'_>,
    best: &mut Best,
    marks: &mut [Mark],
    stop: &Stop,
) -> Option<Part> {
    let mut part = program.solve(marks)?;
    for _ in 0..CUTS {
        best.lower(part.judged.bound());
        part.judged.decide(best.worth, marks);
        if best.proved() || stop.now() || !program.cut(&part) {
            break;
        }
        let next = program.solve(marks)?;
        let paid = part.value - next.value > WORTH_IT * next.value;
        part = next;
        if !paid {
            break;
        }
    }
    Some(part)
}

/// Follows what prices prove: keeps the bound, looks for better choices near by, and marks what is
/// decided; whether that is enough for starting again, or everything.
fn follow(
    core: &Core,
    judged: &Judged,
    open: Option<&[f64]>,
    best: &mut Best,
    rng: &mut Rng,
    marks: &mut [Mark],
    stop: &Stop,
) -> bool {
    best.lower(judged.bound());
    let mut enough = |worth: u64| {
        judged.decide(worth, marks);
        let marked = marks.iter().filter(|mark| **mark != Mark::Free).count();
        judged.bound() <= worth || marked * AGAIN > core.sites()
    };
    if enough(best.worth) {
        return true;
    }
    polish(core, judged, open, best, rng, stop);
    best.lower(judged.bound());
    enough(best.worth)
}

/// Without the sites that others outdo, again and again.
fn reduced(mut core: Core) -> Core {
    loop {
        let outdone = core.outdone();
        if !outdone.contains(&true) {
            return core;
        }
        let mark = |outdone: bool| if outdone { Mark::Shut } else { Mark::Free };
        core = core.decided(&outdone.into_iter().map(mark).collect::<Vec<_>>());
    }
}

/// What part of the gap a site may cost to be looked at: first less, then more.
const NEAR: [u64; 2] = [64, 16];

/// Looks for better choices among the sites that prices open, or nearly do: from those most open,
/// then from the best.
fn polish(
    core: &Core,
    judged: &Judged,
    open: Option<&[f64]>,
    best: &mut Best,
    rng: &mut Rng,
    stop: &Stop,
) {
    let picked = judged.picked();
    let open = open.unwrap_or(&picked);
    for near in NEAR {
        let gap = judged.bound().saturating_sub(best.worth);
        if gap == 0 {
            return;
        }
        let mut marks = vec![Mark::Free; core.sites()];
        judged.decide(best.worth + gap - gap / near, &mut marks);
        for ((mark, open), name) in marks.iter_mut().zip(open).zip(&core.names) {
            let used = *open > 0.0 || best.open.binary_search(name).is_ok();
            *mark = if *mark == Mark::Shut && !used { Mark::Shut } else { Mark::Free };
        }
        let small = core.decided(&marks);
        let wide = |site: &u32| {
            let at = core.names.binary_search(&small.names[*site as usize]);
            at.is_ok_and(|at| open[at] > 0.5)
        };
        let choice = if near == NEAR[0] {
            Choice::with(&small, (0..).take(small.sites()).filter(wide), stop)
        } else {
            best.within(&small, stop)
        };
        let kicks = KICKS + (2 * small.sites() as u64).min(KICKS_MOST);
        let choice = choice.wander(kicks, rng, stop);
        if choice.worth > best.worth {
            best.offer(&small, &choice.sites());
        }
    }
}
