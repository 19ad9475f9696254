//! The store: an append-only ledger, the views folded from it, a work queue, clocks and a vault
//! of personal details, on SQLite and PostgreSQL from one body of SQL.
//!
//! One writer takes what has arrived, decides it as one group against the locked head, commits
//! once and only then answers. The kernel decides; this crate only loads, keeps and finds.

mod absence;
pub mod accounts;
mod ask;
pub mod certifying;
mod column;
mod db;
pub mod draft;
mod drafts;
pub mod error;
pub mod finding;
mod group;
mod inbox;
mod kept_view;
mod ledger;
mod load;
pub mod messages;
mod migrate;
mod naming;
pub mod outbox;
mod packs;
pub mod persons;
pub mod proposals;
mod publication;
pub mod query;
mod receipt;
pub mod refused;
mod row;
mod schema;
mod search;
mod sought;
pub mod source;
mod store;
pub mod submission;
pub mod subscription;
pub mod taken_up;
mod telling;
pub mod vault;
pub mod verify;
mod views;
mod whole;
mod world;
mod writer;

pub use db::Durability;
pub use draft::{Draft, DraftId, DraftLine, DraftPaper, NewDraft, Own, Saved, SavedTopic, Saving};
pub use error::{StoreError, SubmitError};
pub use inbox::{InboxCursor, InboxLine, InboxPage, InboxQuery, Waits, Whose};
pub use kept_view::{KEPT_MAX, KeptView};
pub use load::{Load, Reach};
pub use naming::{Named, Naming};
pub use persons::{PAPER, Reader, Reading};
pub use query::{RegisterPage, RegisterQuery};
pub use search::{
    Answers, Count, FOUND_MAX, Hit, SearchCursor, SearchPage, SearchQuery, TEXT_MAX, Unsought,
    Wanted,
};
pub use sought::Registers;
pub use store::Store;
pub use submission::{Personal, Receipt, Submission};
pub use vault::{SealKeys, VaultKey};
pub use verify::Verified;
pub use whole::{Told, Whole};
