//! Runs rules in SQL over an invented city; comes with the rules.
fn main() {}
