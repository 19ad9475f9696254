//! A layout plan: where a city puts places of care, how many and in which year (布局规划), so that
//! as much need as can be is met within reach and within the money.
//!
//! Nobody has to believe that a draft of such a plan is good, or ask how it was found:
//!
//! 1. The *survey* is frozen as a text: areas with their people, sites with what stands there and
//!    the courses that are open, how far each is from each, the parcels that were refused, and what
//!    areas should have by dated norms and do have.
//! 2. A *draft* names the digest of the survey, its terms, what it picks and whom each site serves.
//!    All of that is counted again, in whole numbers, by whoever has the two texts.
//! 3. A draft says what no other plan under the same terms can beat, and proves it: prices of
//!    places and of money from which that bound follows by sorting and adding up (Lagrangian
//!    relaxation; A. M. Geoffrion, "Lagrangean relaxation for integer programming", 1974), and
//!    where one set of prices is not enough, a tree that tells cases apart.
//!
//! Reading order: what is surveyed ([`survey`]), the terms ([`terms`]), both by number ([`model`]),
//! proofs ([`proof`]), drafts and their verifying ([`draft`]), how all is written, what is wrong
//! with them ([`fault`]), and how well people are served ([`measure`]).
//!
//! It makes no drafts. It knows nothing of health, of registers or of cases, and has no clock, no
//! chance and no fractions.

pub mod draft;
mod draft_text;
pub mod fault;
mod flow;
pub mod measure;
pub mod model;
pub mod proof;
pub mod survey;
mod survey_text;
pub mod terms;
mod text;

pub use draft::{Draft, Found, Pick, Served};
pub use fault::{Fault, Item};
pub use measure::{Adequacy, AreaMeasure, Measures, Round, adequacy, measures, places};
pub use model::{Choice, Model};
pub use proof::{Leaf, Levels, Node, Prices, Proof, Split, Tree, Worth};
pub use survey::{Area, Course, Each, Given, Refused, Site, Standard, Survey, Travel, Way};
pub use terms::{Goal, Phase, Terms};

/// The program that verifies a draft again from the published texts, for those who would rather not
/// run ours.
pub const PROGRAM: &str = include_str!("../program/verify_draft.py");
