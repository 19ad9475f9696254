//! Sites that can serve only so much: [`facilities`], where each open site costs something and a
//! customer may be served by several, and [`medians`], where there are so many sites and each
//! customer is wholly at one.
//!
//! Costs are numbers with a fraction here. An answer counts as proved where nothing can be better
//! by more than a hundred-millionth of it, which is what rounding may hide.

mod climb;
mod facility;
mod knapsack;
mod median;
mod repair;
mod transport;

pub use facility::{Facilities, facilities};
pub use median::{Medians, medians};

use crate::{Answer, Fault, Stop, Unfit};

/// What part of a value rounding may hide.
const HIDDEN: f64 = 1e-8;

/// The best known so far, and what nothing is less than.
struct Best<'told> {
    value: f64,
    open: Vec<u32>,
    bound: f64,
    /// Whether costs are whole, so that a better answer is better by one.
    whole: bool,
    told: &'told mut dyn FnMut(&Answer),
}

impl<'told> Best<'told> {
    fn new(told: &'told mut dyn FnMut(&Answer)) -> Self {
        Self {
            value: f64::INFINITY,
            open: Vec::new(),
            bound: f64::NEG_INFINITY,
            whole: false,
            told,
        }
    }

    /// Keeps sites where they are better.
    fn offer(&mut self, value: f64, open: impl IntoIterator<Item = u32>) {
        if value < self.value {
            self.value = value;
            self.open = open.into_iter().collect();
            self.open.sort_unstable();
            self.tell();
        }
    }

    /// Keeps a bound where it is better.
    fn raise(&mut self, bound: f64) {
        if bound > self.bound {
            self.bound = bound;
            self.tell();
        }
    }

    fn tell(&mut self) {
        if let Some(answer) = self.answer() {
            (self.told)(&answer);
        }
    }

    /// What a branch must stay below to be worth anything.
    fn enough(&self) -> f64 {
        let hidden = self.value.abs() * HIDDEN;
        if self.whole { self.value - 1.0 + hidden.clamp(1e-6, 0.5) } else { self.value - hidden }
    }

    fn answer(&self) -> Option<Answer> {
        let bound = if self.bound >= self.enough() { self.value } else { self.bound };
        let answer = || Answer { open: self.open.clone(), value: self.value, bound };
        (self.value != f64::INFINITY).then(answer)
    }

    /// The answer where looking has ended: without one there is none, if it was not stopped.
    fn ended(&self, stop: &Stop) -> Result<Answer, Unfit> {
        let none = if stop.now() { Unfit::Late } else { Unfit::Unmet };
        self.answer().ok_or(none)
    }
}

/// Checks that all numbers can be reckoned with: finite, not below 0.
fn sound(numbers: &[f64]) -> Result<(), Unfit> {
    let good = |number: &f64| number.is_finite() && *number >= 0.0;
    if numbers.iter().all(good) { Ok(()) } else { Err(Unfit::Number) }
}

/// All capacity together is enough for all demand.
fn enough(capacity: f64, demand: f64) -> Result<(), Fault> {
    if capacity < demand { Err(Fault::TooLittle { capacity, demand }) } else { Ok(()) }
}
