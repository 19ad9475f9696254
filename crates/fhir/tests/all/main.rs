//! Resources as they are described, written and searched.

mod examples;
mod searched;
mod written;
