//! `yiyang siting`: choosing sites with a bound, and how well people reach what there is.

mod places;
mod reach;
mod solve;

use std::{fs, path::Path};

use ::siting::Fault;
use base::Language;
use clap::Subcommand;

use super::{Call, Ended, Stopped};

/// What can be done with sites.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Choose sites, and print them as JSON with what they are worth and what no others beat.
    Solve(solve::Solving),
    /// Print as JSON how well each place of people reaches what is supplied.
    Access(reach::Reaching),
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let done = match command {
        Command::Solve(solving) => solve::run(&solving),
        Command::Access(reaching) => reach::run(&reaching),
    };
    match done {
        Ok(text) => super::say(&format!("{text}\n")).map(|()| true),
        Err(No::Faults(faults)) => Ok(refused(call.language, &faults)),
        Err(No::Stopped(stopped)) => Err(stopped),
    }
}

/// Why nothing is printed.
enum No {
    /// What was given has these faults.
    Faults(Vec<Fault>),
    /// The command cannot go on.
    Stopped(Stopped),
}

impl From<Vec<Fault>> for No {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<Stopped> for No {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

/// Faults go to standard error, numbered, each with what to do.
fn refused(language: Language, faults: &[Fault]) -> bool {
    let lines = faults.iter().map(|own| {
        let (says, next) = (own.says(), own.next());
        format!("{} {}\n  → {}\n", own.number(), says.to(language), next.to(language))
    });
    eprint!("{}", lines.collect::<String>());
    false
}

fn bytes(file: &Path) -> Result<Vec<u8>, Stopped> {
    fs::read(file).map_err(|error| Stopped(format!("`{}`: {error}", file.display())))
}
