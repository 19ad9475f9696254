//! Credit: from what a party did to where it stands. Points add up within a period and reach bounds
//! that have effects (不良执业行为记分); a penalty is published for a time and can be repaired
//! (公示与信用修复).
//!
//! Tables differ from place to place and from year to year, so all of it is data with days; nothing
//! here knows a place. Points never stand in for a penalty and a penalty never for points: each has
//! its own history.
//!
//! Reading order: bounds and periods ([`table`]), what a history comes to on a day ([`standing`]),
//! how long a penalty is published and when it can be repaired ([`publication`]).

pub mod publication;
pub mod standing;
pub mod table;

pub use publication::{Clock, Penalty, Published, Regime, Regimes, Repair, Shown};
pub use standing::{Event, History, Reached, Standing};
pub use table::{Bound, Counts, Edition, Lasts, Period, Table, Unsound};
