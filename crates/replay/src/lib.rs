//! Playing stories and traffic against a stage: the kernel in memory, a database, or a server.
//!
//! A scenario is a story of a pack; the same file must come out the same on every stage. Nothing
//! here decides anything: stages do.

pub mod city;
pub mod coverage;
pub mod deed;
mod drafted;
pub mod memory;
pub mod paper;
pub mod plan;
pub mod play;
pub mod stage;
pub mod stored;

pub use play::{Failure, play};
pub use stage::{Deed, Handing, Seen, Stage, Who};
pub use stored::Stored;
