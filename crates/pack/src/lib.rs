//! Packs: a city's policy as data, read with every fault at its place, linked, and proved sound.
//!
//! Reading order: a text becomes a tree ([`node`]), a tree records ([`read`], [`language`]),
//! records are linked into a pack ([`model`]) and proved; whatever is wrong is said where it stands
//! ([`fault`]), and editors learn the same shapes ([`schema`]). This crate is the only reader of
//! `packs/`; it knows no engine's words.

pub mod fault;
pub mod node;
#[macro_use]
pub mod read;
pub mod schema;
#[macro_use]
pub mod language;
mod compile;
pub mod diff;
pub mod found;
mod link;
pub mod migrate;
pub mod model;
mod prove;
pub mod source;

pub use compile::{Compiled, Rejected, compile, examples, scenarios};
