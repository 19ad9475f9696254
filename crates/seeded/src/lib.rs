//! An invented city for a year: events of every feed, what registers say, and a list of what is
//! wrong in it. Rules are asked of it, and what they find is held against the list. Everything
//! follows from numbers, so that a city of one size is the same on any machine.
//!
//! Reading order: what happens (`city`) and what is put in that is wrong (`wrongs`), as rows of
//! feeds ([`event`]), written as the lake writes them ([`written`]), with invented tables
//! ([`knowledge`]); and the same with the items of the national pack's own tables, its further
//! feeds, registers, and violations of all its rules (`national`, [`Seeded`]). There are no rules
//! here, and nothing that judges.

mod city;
pub mod event;
pub mod knowledge;
mod national;
pub mod written;
mod wrongs;

pub use city::DAYS;
pub use event::at;
pub use national::{Held, RULES, Seeded, Size, Wrong, schemas};
pub use written::{Rows, Truth, Written, city, date, save};

/// Why a city cannot be had.
pub type Failed = Box<dyn std::error::Error>;
