//! `yiyang`: one program that serves a city's pages, checks its packs, plays its stories and
//! verifies its ledger.
//!
//! Exit codes: 0 good, 1 something is wrong with what was given, 2 the command itself is wrong.

mod bench;
mod broker;
mod city;
mod cli;
mod json;
mod library;
mod over_http;
mod seed;
mod takeover;
mod web;

/// Pages are made of many small texts on several threads, for which the allocator of the system
/// grows and shrinks its heaps all the time (ADR 6).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
