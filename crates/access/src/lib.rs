//! Who may do and see what: the policies that packs write in Cedar (`access.cedar`), checked
//! against a schema of ours, and decided for one person, one act and one thing at a time.
//!
//! Reading order: what can be done ([`action`]), by whom ([`who`]), to what ([`what`]); from these
//! the schema ([`schema`]); texts become policies ([`read`]), policies decide ([`decide`]), and
//! what they decide in every situation is a table that can be read ([`table`]).
//!
//! Nothing is permitted that no policy permits, and a policy that forbids wins. Which body is
//! competent by law is not decided here but by the kernel: policies say who may *try* and who may
//! *see*. Absent from this crate: sessions, addresses, cases, files.

pub mod action;
pub mod decide;
mod fault;
mod index;
mod known;
pub mod policy;
pub mod read;
pub mod schema;
mod split;
pub mod table;
pub mod what;
pub mod who;

pub use action::Action;
pub use decide::Decision;
pub use policy::Policy;
pub use read::{Policies, read};
pub use what::{CaseFacts, Circumstances, What};
pub use who::{Role, Seat, Who};
