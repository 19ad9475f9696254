//! The store: an append-only ledger, the views folded from it, a work queue, clocks and a vault
//! of personal details, on SQLite and PostgreSQL from one body of SQL.
//!
//! One writer takes what has arrived, decides it as one group against the locked head, commits
//! once and only then answers. The kernel decides; this crate only loads, keeps and finds.

mod ask;
mod column;
mod db;
pub mod error;
mod group;
mod ledger;
mod migrate;
mod packs;
pub mod persons;
pub mod query;
mod receipt;
mod row;
mod schema;
mod sought;
mod store;
pub mod submission;
pub mod vault;
pub mod verify;
mod views;
mod world;
mod writer;

pub use db::Durability;
pub use error::{StoreError, SubmitError};
pub use persons::{Reader, Reading};
pub use query::{InboxCursor, InboxLine, InboxPage, RegisterPage, RegisterQuery};
pub use sought::Registers;
pub use store::Store;
pub use submission::{Personal, Receipt, Submission};
pub use vault::{SealKeys, VaultKey};
pub use verify::Verified;
