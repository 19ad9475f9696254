//! What was decided, how good it is, and when to stop looking.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Sites with their value and a bound: no other set can be better than the bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The open sites, in order.
    pub open: Vec<u32>,
    /// What the set is worth or costs.
    pub value: f64,
    /// What no set beats: at most the value where costs are least, at least where worth is most.
    pub bound: f64,
}

impl Answer {
    /// How far the value may be from the best, as a part of the value; 0 where it is proved.
    pub fn gap(&self) -> f64 {
        let apart = (self.value - self.bound).abs();
        if apart == 0.0 { 0.0 } else { apart / self.value.abs().max(f64::MIN_POSITIVE) }
    }

    /// Whether no other set is better.
    pub fn proved(&self) -> bool {
        self.value == self.bound
    }
}

/// When to stop looking: at a moment, or when somebody asks. What was found so far is the answer.
#[derive(Debug, Default)]
pub struct Stop {
    at: Option<Instant>,
    asked: AtomicBool,
}

impl Stop {
    /// At a moment; never where there is none.
    pub fn at(at: Option<Instant>) -> Self {
        Self { at, asked: AtomicBool::new(false) }
    }

    /// Asks whoever looks to stop.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether it is time.
    pub fn now(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || self.at.is_some_and(|at| Instant::now() >= at)
    }

    /// How many seconds are left; none where there is no end.
    pub fn left(&self) -> Option<f64> {
        self.at.map(|at| at.saturating_duration_since(Instant::now()).as_secs_f64())
    }
}
