//! From rules and events to findings. A rule of a pack is asked of each row of its feed, with what
//! tables say on the day of the event and what registers said at its moment, as known in one
//! numbered snapshot. What it finds proves itself: rule, rows, what was seen and as of when.
//!
//! Reading order: a pack's feeds as the lake takes them ([`feeds`]), what registers said when
//! ([`histories`]), the columns of rows (`columns`), a rule asked of rows ([`row`]), what it finds
//! ([`finding`]), and what a query reads beside rows ([`tables`]). No clock, no files, no network.

mod columns;
pub mod example;
pub mod feeds;
pub mod finding;
pub mod histories;
pub mod row;
pub mod set;
pub mod tables;

pub use finding::{Evidence, Finding, FindingId};
pub use histories::Histories;
pub use row::{Judged, RowJudge, Unfit};
pub use set::{NotAsked, Read, SetJudge, Touched};
