//! Rules that look at more than one fact ask in SQL. This crate answers: over the files of the lake
//! and over tables in memory, within a stated memory, in a stated order, so that the same facts
//! give the same bytes on any machine. It knows nothing of health, of rules or of findings.
//!
//! Reading order: what is asked ([`source`]), what a query may say ([`check`](Engine::check)), how
//! it is answered ([`engine`], [`answer`]), and what can go wrong ([`fault`]).

pub mod answer;
mod check;
pub mod engine;
pub mod fault;
mod files;
mod kept;
mod keys;
mod look;
mod memory;
mod packed;
mod reader;
pub mod source;
mod told;

pub use answer::{Answer, Cost};
pub use engine::{Elsewhere, Engine, Limits};
pub use fault::{Fault, Forbidden, Place, Wrong};
pub use files::Table;
pub use keys::OneOf;
pub use source::{Files, Keys, Only, Rows, Source, Within};
