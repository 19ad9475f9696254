//! Procedure, case, ledger, register: `decide` looks at one case and one numbered snapshot and
//! answers with the acts to be written, or with a refusal.
//!
//! No I/O, no clock, no randomness, no floats; nothing of any city or engine. `case` may use
//! `register` and `ledger`; `register` may use `ledger`; nothing else.

pub mod account;
pub mod case;
pub mod command;
pub mod decide;
pub mod desk;
pub mod form;
pub mod ledger;
pub mod message;
pub mod refusal;
pub mod register;

pub use case::{Case, Deadline, Standing};
pub use command::{Command, Handed};
pub use decide::{Changes, Moment, Snapshot, decide};
pub use ledger::{Act, Actor, BodyId, CaseId, Entry, EntryNumber, PartyId};
pub use refusal::Refusal;
