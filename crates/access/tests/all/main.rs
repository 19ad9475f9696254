//! Tests of the crate as its users see it.

mod faults;
mod golden;
mod town;
