//! From rules and events to findings. A rule of a pack is asked of each row of its feed, with what
//! tables say on the day of the event and what registers said at its moment, as known in one
//! numbered snapshot. What it finds proves itself: rule, rows, what was seen and as of when.
//!
//! Reading order: a pack's feeds as the lake takes them ([`feeds`]), what registers said when
//! ([`histories`]), the columns of rows (`columns`), a rule asked of rows ([`row`]), what it finds
//! ([`finding`]), a query over rows that belong together ([`set`]) and what it reads beside them
//! ([`tables`]), and asking again once something has changed ([`evaluate`]); and
//! what is counted of it as points of an institution ([`risk`]). What somebody signs of a row is
//! written in [`signed`]. No clock, no network, no files but
//! those that the lake says it has.

mod again;
mod columns;
pub mod evaluate;
pub mod example;
pub mod feeds;
pub mod finding;
pub mod histories;
pub mod risk;
pub mod row;
pub mod set;
pub mod signed;
pub mod tables;

pub use again::EvidenceRow;
pub use evaluate::{Asked, Outcome, Standing, Stood, Trial, World};
pub use finding::{Evidence, Finding, FindingId, Says};
pub use histories::{Changed, Histories};
pub use row::{Judged, RowJudge, Unfit};
pub use set::{NotAsked, Read, SetJudge, Touched};
