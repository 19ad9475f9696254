//! The lake: facts that arrive in bulk, kept so that nothing acknowledged is lost, each row once,
//! in files that any engine reads. It knows nothing of health; packs say what a row looks like.
//!
//! Reading order: what rows look like ([`feed`]), a row as it arrives ([`cells`], [`person`]) and
//! what is wrong with it ([`flaw`]), the log that is synced before anything is acknowledged
//! ([`log`]), the tables behind it ([`gather`], [`table`]), and the whole ([`lake`]).

pub mod batch;
pub mod cells;
mod checkpoint;
mod fault;
pub mod feed;
mod files;
pub mod flaw;
pub mod frame;
pub mod gather;
pub mod incoming;
mod known;
pub mod lake;
pub mod log;
pub mod person;
pub mod row;
pub mod table;

pub use cells::{Cell, Cells};
pub use fault::Fault;
pub use feed::{Column, Feed, Kind, NoFeed};
pub use flaw::{Flaw, Flawed};
pub use frame::Mends;
pub use gather::{Gathered, replaced};
pub use known::{Held, How, Sent, Settled, Settling};
pub use lake::{Batch, GivingUp, Intake, Lake, Mended, NotMended, Tables};
pub use log::{NotTaken, Receipt};
pub use person::{Digest, PersonKey};
pub use row::Row;
