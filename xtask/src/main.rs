//! Chores of the workspace that need more than a shell: what reviewers would otherwise have to
//! repeat (`tidy`) and documents made from the code (`golden`). Uses no crate of ours, so that it
//! builds in seconds and runs while the others are broken.

mod graph;
mod source;
mod tidy;
mod tree;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask tidy          check every file against the house rules
       cargo xtask golden deps   rewrite the graph of our crates, docs/reference/deps.txt";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(),
        ["golden", "deps"] => graph::write(),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
