//! The draw of an inspection: which of many are inspected this time, and by whom. Objects and
//! officers are drawn at random and the outcome is made public (国办发〔2015〕58号, the general
//! office's notice on random inspection).
//!
//! Nobody has to believe that a draw was fair, for four things keep anybody from bending it:
//!
//! 1. Every department that sends officers *pledges* a seed before the lists are frozen: it keeps
//!    32 random bytes to itself and says what their digest is. No single one knows what is drawn.
//! 2. The lists are *frozen* as a text: objects with their classes, officers, conflicts with their
//!    reasons, shares and pledges. What is drawn follows from the digest of that text and the
//!    seeds, so whoever changes a letter of it afterwards draws something else.
//! 3. The digest of the lists is made public before any seed is told. That cannot be seen from the
//!    texts, so whoever verifies compares the digest, and the pledges, with what was made public
//!    then.
//! 4. The seeds are told. From the two texts anybody draws the same again, with this crate or with
//!    the short program beside it in another language.
//!
//! Reading order: seeds and pledges ([`seed`]), the lists and what is wrong with them ([`lists`],
//! [`fault`]), how a list is written ([`text`]), the draw itself ([`drawn`]).
//!
//! It knows nothing of health, of registers or of cases, and has no clock and no chance of its own.

pub mod drawn;
pub mod fault;
pub mod lists;
pub mod seed;
mod text;

pub use drawn::{Drawn, Pick, verify};
pub use fault::{Fault, Item};
pub use lists::{Conflict, Given, Lists, Object, Officer, Share, is_word};
pub use seed::{Pledge, Seed};

/// The program that draws again from the published texts, for those who would rather not run ours.
pub const PROGRAM: &str = include_str!("../program/draw_again.py");
