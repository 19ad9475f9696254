//! `yiyang`: one program that serves a city's pages, checks its packs, plays its stories and
//! verifies its ledger.
//!
//! Exit codes: 0 good, 1 something is wrong with what was given, 2 the command itself is wrong.

mod bench;
mod city;
mod cli;
mod json;
mod library;
mod over_http;
mod seed;
mod takeover;
mod web;

fn main() -> std::process::ExitCode {
    cli::run()
}
