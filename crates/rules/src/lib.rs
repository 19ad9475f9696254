//! Conditions as a pack writes them: typed before they run, total when they run, and three-valued,
//! so that a missing fact makes a condition undetermined and never true.
//!
//! No files, no cases, no clock: a condition sees only the facts it is given.

mod check;
mod compared;
mod evaluate;
mod fault;
pub mod figure;
mod lexer;
mod rests;
mod scope;
mod syntax;
mod value;

pub use check::{Expression, compile};
pub use compared::{Comparison, Shape};
pub use evaluate::Verdict;
pub use fault::{Fault, Part};
pub use scope::{Facts, Scope};
pub use value::{Type, Value};
