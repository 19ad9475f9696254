//! The plain words every other crate speaks: names, two-language texts, citations, money, days,
//! calendars, divisions and the identifiers a form asks for.
//!
//! Nothing here reads a clock, a file or a pack; a city's facts never appear.

pub mod calendar;
pub mod citation;
pub mod day;
pub mod division;
pub mod id;
pub mod money;
pub mod name;
pub mod near;
pub mod outline;
pub mod point;
pub mod reason;
mod sheet;
pub mod term;
pub mod text;
pub mod trend;

pub use calendar::{Calendar, Due};
pub use citation::{Citation, Confidence};
pub use day::{Date, Instant, Zone};
pub use division::{Division, DivisionLevel, DivisionName, Divisions};
pub use money::{Fen, Ratio, Rounding};
pub use name::Name;
pub use outline::Outlines;
pub use point::Point;
pub use reason::Reason;
pub use term::{Term, Unit};
pub use text::{Language, Text};
